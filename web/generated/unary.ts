// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import { choice, given, isOptions, number, optionalNumber, options } from '../args.ts';
import { tensorHandle, wrap } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The negative.
 *
 * `−x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([1, -2]).neg().toArray() // [-1, 2]
 * ```
 */
export function neg(x: Tensor): Tensor {
  return wrap(lib.op_neg(tensorHandle(x, 'neg', 'x')), 'neg');
}

/**
 * The absolute value; gradient 0 at 0.
 *
 * `|x|`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([-3, 2]).abs().toArray() // [3, 2]
 * ```
 */
export function abs(x: Tensor): Tensor {
  return wrap(lib.op_abs(tensorHandle(x, 'abs', 'x')), 'abs');
}

/**
 * −1, 0 or 1; gradient 0.
 *
 * `sgn(x)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([-3, 0, 2]).sign().toArray() // [-1, 0, 1]
 * ```
 */
export function sign(x: Tensor): Tensor {
  return wrap(lib.op_sign(tensorHandle(x, 'sign', 'x')), 'sign');
}

/**
 * The square.
 *
 * `x²`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([3, -2]).square().toArray() // [9, 4]
 * ```
 */
export function square(x: Tensor): Tensor {
  return wrap(lib.op_square(tensorHandle(x, 'square', 'x')), 'square');
}

/**
 * The positive part; gradient 0 at 0.
 *
 * `max(x, 0)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([-1, 2]).relu().toArray() // [0, 2]
 * ```
 */
export function relu(x: Tensor): Tensor {
  return wrap(lib.op_relu(tensorHandle(x, 'relu', 'x')), 'relu');
}

/**
 * The largest whole number not above x; gradient 0.
 *
 * `⌊x⌋`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([1.7, -1.2]).floor().toArray() // [1, -2]
 * ```
 */
export function floor(x: Tensor): Tensor {
  return wrap(lib.op_floor(tensorHandle(x, 'floor', 'x')), 'floor');
}

/**
 * The smallest whole number not below x; gradient 0.
 *
 * `⌈x⌉`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([1.2, -1.7]).ceil().toArray() // [2, -1]
 * ```
 */
export function ceil(x: Tensor): Tensor {
  return wrap(lib.op_ceil(tensorHandle(x, 'ceil', 'x')), 'ceil');
}

/**
 * The nearest whole number, halves to even; gradient 0.
 *
 * `⌊x⌉`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0.5, 1.5, 2.4]).round().toArray() // [0, 2, 2]
 * ```
 */
export function round(x: Tensor): Tensor {
  return wrap(lib.op_round(tensorHandle(x, 'round', 'x')), 'round');
}

/**
 * The whole part, toward zero; gradient 0.
 *
 * `sgn(x)·⌊|x|⌋`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([1.7, -1.7]).trunc().toArray() // [1, -1]
 * ```
 */
export function trunc(x: Tensor): Tensor {
  return wrap(lib.op_trunc(tensorHandle(x, 'trunc', 'x')), 'trunc');
}

/**
 * Where x is not a number.
 *
 * `x ≠ x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; the result is bool.
 *
 * @example
 * ```ts
 * tensor([1, NaN]).isnan().toArray() // [false, true]
 * ```
 */
export function isnan(x: Tensor): Tensor {
  return wrap(lib.op_isnan(tensorHandle(x, 'isnan', 'x')), 'isnan');
}

/**
 * Where x is infinite.
 *
 * `|x| = ∞`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; the result is bool.
 *
 * @example
 * ```ts
 * tensor([1, -Infinity]).isinf().toArray() // [false, true]
 * ```
 */
export function isinf(x: Tensor): Tensor {
  return wrap(lib.op_isinf(tensorHandle(x, 'isinf', 'x')), 'isinf');
}

/**
 * Where x is neither infinite nor NaN.
 *
 * `|x| < ∞`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; the result is bool.
 *
 * @example
 * ```ts
 * tensor([1, Infinity]).isfinite().toArray() // [true, false]
 * ```
 */
export function isfinite(x: Tensor): Tensor {
  return wrap(lib.op_isfinite(tensorHandle(x, 'isfinite', 'x')), 'isfinite');
}

/**
 * Where x is zero or false.
 *
 * `x = 0`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; the result is bool.
 *
 * @example
 * ```ts
 * tensor([0, 2]).logicalNot().toArray() // [true, false]
 * ```
 */
export function logicalNot(x: Tensor): Tensor {
  return wrap(lib.op_logical_not(tensorHandle(x, 'logicalNot', 'x')), 'logicalNot');
}

/**
 * e to the power of x.
 *
 * `eˣ`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).exp().toArray() // [1, 2.71828]
 * ```
 */
export function exp(x: Tensor): Tensor {
  return wrap(lib.op_exp(tensorHandle(x, 'exp', 'x')), 'exp');
}

/**
 * 2 to the power of x.
 *
 * `2ˣ`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 3]).exp2().toArray() // [1, 8]
 * ```
 */
export function exp2(x: Tensor): Tensor {
  return wrap(lib.op_exp2(tensorHandle(x, 'exp2', 'x')), 'exp2');
}

/**
 * e to the power of x, less one; exact near 0.
 *
 * `eˣ − 1`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).expm1().toArray() // [0, 1.71828]
 * ```
 */
export function expm1(x: Tensor): Tensor {
  return wrap(lib.op_expm1(tensorHandle(x, 'expm1', 'x')), 'expm1');
}

/**
 * The natural logarithm.
 *
 * `ln x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([1, 2]).log().toArray() // [0, 0.693147]
 * ```
 */
export function log(x: Tensor): Tensor {
  return wrap(lib.op_log(tensorHandle(x, 'log', 'x')), 'log');
}

/**
 * The logarithm to base 2.
 *
 * `log₂ x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([1, 8]).log2().toArray() // [0, 3]
 * ```
 */
export function log2(x: Tensor): Tensor {
  return wrap(lib.op_log2(tensorHandle(x, 'log2', 'x')), 'log2');
}

/**
 * The logarithm to base 10.
 *
 * `log₁₀ x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([1, 100]).log10().toArray() // [0, 2]
 * ```
 */
export function log10(x: Tensor): Tensor {
  return wrap(lib.op_log10(tensorHandle(x, 'log10', 'x')), 'log10');
}

/**
 * The natural logarithm of 1 + x; exact near 0.
 *
 * `ln(1 + x)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).log1p().toArray() // [0, 0.693147]
 * ```
 */
export function log1p(x: Tensor): Tensor {
  return wrap(lib.op_log1p(tensorHandle(x, 'log1p', 'x')), 'log1p');
}

/**
 * The square root.
 *
 * `√x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([4, 9]).sqrt().toArray() // [2, 3]
 * ```
 */
export function sqrt(x: Tensor): Tensor {
  return wrap(lib.op_sqrt(tensorHandle(x, 'sqrt', 'x')), 'sqrt');
}

/**
 * One over the square root.
 *
 * `1/√x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([4, 16]).rsqrt().toArray() // [0.5, 0.25]
 * ```
 */
export function rsqrt(x: Tensor): Tensor {
  return wrap(lib.op_rsqrt(tensorHandle(x, 'rsqrt', 'x')), 'rsqrt');
}

/**
 * One over x.
 *
 * `1/x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([2, 4]).reciprocal().toArray() // [0.5, 0.25]
 * ```
 */
export function reciprocal(x: Tensor): Tensor {
  return wrap(lib.op_reciprocal(tensorHandle(x, 'reciprocal', 'x')), 'reciprocal');
}

/**
 * The sine of x in radians.
 *
 * `sin x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).sin().toArray() // [0, 0.841471]
 * ```
 */
export function sin(x: Tensor): Tensor {
  return wrap(lib.op_sin(tensorHandle(x, 'sin', 'x')), 'sin');
}

/**
 * The cosine of x in radians.
 *
 * `cos x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).cos().toArray() // [1, 0.540302]
 * ```
 */
export function cos(x: Tensor): Tensor {
  return wrap(lib.op_cos(tensorHandle(x, 'cos', 'x')), 'cos');
}

/**
 * The tangent of x in radians.
 *
 * `tan x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).tan().toArray() // [0, 1.557408]
 * ```
 */
export function tan(x: Tensor): Tensor {
  return wrap(lib.op_tan(tensorHandle(x, 'tan', 'x')), 'tan');
}

/**
 * The angle, in radians, whose sine is x.
 *
 * `arcsin x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).asin().toArray() // [0, 1.570796]
 * ```
 */
export function asin(x: Tensor): Tensor {
  return wrap(lib.op_asin(tensorHandle(x, 'asin', 'x')), 'asin');
}

/**
 * The angle, in radians, whose cosine is x.
 *
 * `arccos x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([1, 0]).acos().toArray() // [0, 1.570796]
 * ```
 */
export function acos(x: Tensor): Tensor {
  return wrap(lib.op_acos(tensorHandle(x, 'acos', 'x')), 'acos');
}

/**
 * The angle, in radians, whose tangent is x.
 *
 * `arctan x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).atan().toArray() // [0, 0.785398]
 * ```
 */
export function atan(x: Tensor): Tensor {
  return wrap(lib.op_atan(tensorHandle(x, 'atan', 'x')), 'atan');
}

/**
 * The hyperbolic sine.
 *
 * `(eˣ − e⁻ˣ)/2`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).sinh().toArray() // [0, 1.175201]
 * ```
 */
export function sinh(x: Tensor): Tensor {
  return wrap(lib.op_sinh(tensorHandle(x, 'sinh', 'x')), 'sinh');
}

/**
 * The hyperbolic cosine.
 *
 * `(eˣ + e⁻ˣ)/2`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).cosh().toArray() // [1, 1.543081]
 * ```
 */
export function cosh(x: Tensor): Tensor {
  return wrap(lib.op_cosh(tensorHandle(x, 'cosh', 'x')), 'cosh');
}

/**
 * The hyperbolic tangent.
 *
 * `(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).tanh().toArray() // [0, 0.761594]
 * ```
 */
export function tanh(x: Tensor): Tensor {
  return wrap(lib.op_tanh(tensorHandle(x, 'tanh', 'x')), 'tanh');
}

/**
 * The inverse hyperbolic sine.
 *
 * `ln(x + √(x² + 1))`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).asinh().toArray() // [0, 0.881374]
 * ```
 */
export function asinh(x: Tensor): Tensor {
  return wrap(lib.op_asinh(tensorHandle(x, 'asinh', 'x')), 'asinh');
}

/**
 * The inverse hyperbolic cosine.
 *
 * `ln(x + √(x² − 1))`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([1, 2]).acosh().toArray() // [0, 1.316958]
 * ```
 */
export function acosh(x: Tensor): Tensor {
  return wrap(lib.op_acosh(tensorHandle(x, 'acosh', 'x')), 'acosh');
}

/**
 * The inverse hyperbolic tangent.
 *
 * `½·ln((1 + x)/(1 − x))`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 0.5]).atanh().toArray() // [0, 0.549306]
 * ```
 */
export function atanh(x: Tensor): Tensor {
  return wrap(lib.op_atanh(tensorHandle(x, 'atanh', 'x')), 'atanh');
}

/**
 * The logistic function.
 *
 * `1/(1 + e⁻ˣ)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 2]).sigmoid().toArray() // [0.5, 0.880797]
 * ```
 */
export function sigmoid(x: Tensor): Tensor {
  return wrap(lib.op_sigmoid(tensorHandle(x, 'sigmoid', 'x')), 'sigmoid');
}

/**
 * The logarithm of the logistic function.
 *
 * `−ln(1 + e⁻ˣ)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 2]).logsigmoid().toArray() // [-0.693147, -0.126928]
 * ```
 */
export function logsigmoid(x: Tensor): Tensor {
  return wrap(lib.op_logsigmoid(tensorHandle(x, 'logsigmoid', 'x')), 'logsigmoid');
}

/**
 * The error function.
 *
 * `2/√π · ∫₀ˣ e^(−t²) dt`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).erf().toArray() // [0, 0.842701]
 * ```
 */
export function erf(x: Tensor): Tensor {
  return wrap(lib.op_erf(tensorHandle(x, 'erf', 'x')), 'erf');
}

/**
 * One less the error function; exact for large x.
 *
 * `1 − erf(x)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).erfc().toArray() // [1, 0.157299]
 * ```
 */
export function erfc(x: Tensor): Tensor {
  return wrap(lib.op_erfc(tensorHandle(x, 'erfc', 'x')), 'erfc');
}

/**
 * The sigmoid-weighted linear unit, also called swish.
 *
 * `x·σ(x)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 2]).silu().toArray() // [0, 1.761594]
 * ```
 */
export function silu(x: Tensor): Tensor {
  return wrap(lib.op_silu(tensorHandle(x, 'silu', 'x')), 'silu');
}

/**
 * A smooth, self-gated activation.
 *
 * `x·tanh(ln(1 + eˣ))`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([0, 1]).mish().toArray() // [0, 0.865098]
 * ```
 */
export function mish(x: Tensor): Tensor {
  return wrap(lib.op_mish(tensorHandle(x, 'mish', 'x')), 'mish');
}

/**
 * The positive part, at most 6.
 *
 * `min(max(x, 0), 6)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([-1, 3, 9]).relu6().toArray() // [0, 3, 6]
 * ```
 */
export function relu6(x: Tensor): Tensor {
  return wrap(lib.op_relu6(tensorHandle(x, 'relu6', 'x')), 'relu6');
}

/**
 * The self-normalising exponential unit, λ = 1.0507, α = 1.6733.
 *
 * `λ·(x > 0 ? x : α·(eˣ − 1))`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([-1, 1]).selu().toArray() // [-1.111331, 1.050701]
 * ```
 */
export function selu(x: Tensor): Tensor {
  return wrap(lib.op_selu(tensorHandle(x, 'selu', 'x')), 'selu');
}

/**
 * A piecewise linear sigmoid.
 *
 * `min(max(x + 3, 0), 6)/6`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([-4, 0, 4]).hardsigmoid().toArray() // [0, 0.5, 1]
 * ```
 */
export function hardsigmoid(x: Tensor): Tensor {
  return wrap(lib.op_hardsigmoid(tensorHandle(x, 'hardsigmoid', 'x')), 'hardsigmoid');
}

/**
 * A piecewise polynomial silu.
 *
 * `x·min(max(x + 3, 0), 6)/6`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * @example
 * ```ts
 * tensor([-4, 1, 4]).hardswish().toArray() // [0, 0.666667, 4]
 * ```
 */
export function hardswish(x: Tensor): Tensor {
  return wrap(lib.op_hardswish(tensorHandle(x, 'hardswish', 'x')), 'hardswish');
}

/** Options of {@link leakyRelu}. */
export interface LeakyReluOptions {
  /** By default 0.01. */
  negativeSlope?: number;
}

/**
 * x where positive, a small multiple of it elsewhere.
 *
 * `x > 0 ? x : negativeSlope·x`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * By default `negativeSlope` is 0.01.
 *
 * @example
 * ```ts
 * tensor([-1, 2]).leakyRelu().toArray() // [-0.01, 2]
 * ```
 */
export function leakyRelu(x: Tensor, negativeSlope?: number | LeakyReluOptions): Tensor {
  let o: LeakyReluOptions | undefined;
  if (isOptions(negativeSlope)) {
    o = negativeSlope;
    negativeSlope = undefined;
  }
  const { negativeSlope: negativeSlope_ = negativeSlope ?? 0.01 } = options<LeakyReluOptions>(
    'leakyRelu',
    o,
    'negativeSlope',
  );
  return wrap(
    lib.op_leaky_relu(
      tensorHandle(x, 'leakyRelu', 'x'),
      number(negativeSlope_, 'leakyRelu', 'negativeSlope'),
    ),
    'leakyRelu',
  );
}

/** Options of {@link elu}. */
export interface EluOptions {
  /** By default 1. */
  alpha?: number;
}

/**
 * x where positive, an exponential approach to −alpha elsewhere.
 *
 * `x > 0 ? x : alpha·(eˣ − 1)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * By default `alpha` is 1.
 *
 * @example
 * ```ts
 * tensor([-1, 2]).elu().toArray() // [-0.632121, 2]
 * ```
 */
export function elu(x: Tensor, alpha?: number | EluOptions): Tensor {
  let o: EluOptions | undefined;
  if (isOptions(alpha)) {
    o = alpha;
    alpha = undefined;
  }
  const { alpha: alpha_ = alpha ?? 1 } = options<EluOptions>('elu', o, 'alpha');
  return wrap(lib.op_elu(tensorHandle(x, 'elu', 'x'), number(alpha_, 'elu', 'alpha')), 'elu');
}

/** Options of {@link softplus}. */
export interface SoftplusOptions {
  /** By default 1. */
  beta?: number;
  /** By default 20. */
  threshold?: number;
}

/**
 * A smooth form of relu; x itself where beta·x is above the threshold.
 *
 * `ln(1 + e^(beta·x))/beta`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * By default `beta` is 1, `threshold` is 20.
 *
 * @example
 * ```ts
 * tensor([0, 1]).softplus().toArray() // [0.693147, 1.313262]
 * ```
 */
export function softplus(x: Tensor, o?: SoftplusOptions): Tensor {
  const { beta = 1, threshold = 20 } = options<SoftplusOptions>('softplus', o, 'beta threshold');
  return wrap(
    lib.op_softplus(
      tensorHandle(x, 'softplus', 'x'),
      number(beta, 'softplus', 'beta'),
      number(threshold, 'softplus', 'threshold'),
    ),
    'softplus',
  );
}

/** Options of {@link hardtanh}. */
export interface HardtanhOptions {
  /** By default -1. */
  minVal?: number;
  /** By default 1. */
  maxVal?: number;
}

/**
 * x held between two bounds.
 *
 * `min(max(x, minVal), maxVal)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * Errors: FluxionError when minVal is above maxVal.
 *
 * By default `minVal` is -1, `maxVal` is 1.
 *
 * @example
 * ```ts
 * tensor([-2, 0.5, 2]).hardtanh().toArray() // [-1, 0.5, 1]
 * ```
 */
export function hardtanh(
  x: Tensor,
  minVal?: number | HardtanhOptions,
  maxVal?: number | HardtanhOptions,
): Tensor {
  let o: HardtanhOptions | undefined;
  if (isOptions(minVal)) {
    o = minVal;
    minVal = undefined;
  }
  if (isOptions(maxVal)) {
    o = maxVal;
    maxVal = undefined;
  }
  const { minVal: minVal_ = minVal ?? -1, maxVal: maxVal_ = maxVal ?? 1 } = options<HardtanhOptions>(
    'hardtanh',
    o,
    'minVal maxVal',
  );
  return wrap(
    lib.op_hardtanh(
      tensorHandle(x, 'hardtanh', 'x'),
      number(minVal_, 'hardtanh', 'minVal'),
      number(maxVal_, 'hardtanh', 'maxVal'),
    ),
    'hardtanh',
  );
}

/** Options of {@link gelu}. */
export interface GeluOptions {
  /** By default 'none'. */
  approximate?: 'none' | 'tanh';
}

/**
 * The Gaussian error linear unit.
 *
 * `x·Φ(x); with approximate: 'tanh', ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * By default `approximate` is 'none'.
 *
 * @see https://arxiv.org/abs/1606.08415
 *
 * @example
 * ```ts
 * tensor([-1, 1]).gelu().toArray() // [-0.158655, 0.841345]
 * ```
 */
export function gelu(x: Tensor, o?: GeluOptions): Tensor {
  const { approximate = 'none' } = options<GeluOptions>('gelu', o, 'approximate');
  return wrap(
    lib.op_gelu(tensorHandle(x, 'gelu', 'x'), choice(approximate, 'gelu', 'approximate', ['none', 'tanh'])),
    'gelu',
  );
}

/** Options of {@link clamp}. */
export interface ClampOptions {
  min?: number | null;
  max?: number | null;
}

/**
 * x held between min and max; either may be left out.
 *
 * `min(max(x, min), max)`
 *
 * Shapes: any; the result has the shape of x.
 *
 * Types: any; integers give float32 where the result is not whole.
 *
 * Errors: FluxionError when both bounds are missing.
 *
 * By default `min` is left out, `max` is left out.
 *
 * @example
 * ```ts
 * tensor([-2, 0.5, 2]).clamp(-1, 1).toArray() // [-1, 0.5, 1]
 * ```
 */
export function clamp(
  x: Tensor,
  min?: number | null | ClampOptions,
  max?: number | null | ClampOptions,
): Tensor {
  let o: ClampOptions | undefined;
  if (isOptions(min)) {
    o = min;
    min = undefined;
  }
  if (isOptions(max)) {
    o = max;
    max = undefined;
  }
  const { min: min_ = min ?? null, max: max_ = max ?? null } = options<ClampOptions>('clamp', o, 'min max');
  return wrap(
    lib.op_clamp(
      tensorHandle(x, 'clamp', 'x'),
      given(min_),
      optionalNumber(min_, 'clamp', 'min'),
      given(max_),
      optionalNumber(max_, 'clamp', 'max'),
    ),
    'clamp',
  );
}
