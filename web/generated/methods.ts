// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import { type Named, Owned } from '../handles.ts';
import type { Tensor } from '../tensor.ts';
import type {
  LeakyReluOptions,
  EluOptions,
  SoftplusOptions,
  HardtanhOptions,
  GeluOptions,
  ClampOptions,
  SumOptions,
  MeanOptions,
  VarianceOptions,
  StdOptions,
  NormOptions,
  AmaxOptions,
  AminOptions,
  MaxOptions,
  MinOptions,
  ArgmaxOptions,
  ArgminOptions,
  AllOptions,
  AnyOptions,
  SoftmaxOptions,
  LogSoftmaxOptions,
  LogsumexpOptions,
  FlattenOptions,
  SqueezeOptions,
  UnbindOptions,
  SplitOptions,
  ChunkOptions,
  DiagonalOptions,
  RepeatInterleaveOptions,
  RollOptions,
  DiagOptions,
  SortOptions,
  ArgsortOptions,
  TopkOptions,
  ProdOptions,
  OneHotOptions,
  TrilOptions,
  TriuOptions,
  AddmmOptions,
  BaddbmmOptions,
  Dropout2dOptions,
  DropoutOptions,
  ZerosLikeOptions,
  OnesLikeOptions,
  FullLikeOptions,
  RandLikeOptions,
  RandnLikeOptions,
  MultinomialOptions,
} from './ops.ts';
import {
  neg,
  abs,
  sign,
  square,
  relu,
  floor,
  ceil,
  round,
  trunc,
  isnan,
  isinf,
  isfinite,
  logicalNot,
  exp,
  exp2,
  expm1,
  log,
  log2,
  log10,
  log1p,
  sqrt,
  rsqrt,
  reciprocal,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  sigmoid,
  logsigmoid,
  erf,
  erfc,
  silu,
  mish,
  relu6,
  selu,
  hardsigmoid,
  hardswish,
  leakyRelu,
  elu,
  softplus,
  hardtanh,
  gelu,
  clamp,
  add,
  sub,
  mul,
  div,
  pow,
  fmod,
  remainder,
  atan2,
  lerp,
  maximum,
  minimum,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  logicalAnd,
  logicalOr,
  logicalXor,
  maskedFill,
  sum,
  mean,
  variance,
  std,
  norm,
  amax,
  amin,
  max,
  min,
  argmax,
  argmin,
  all,
  any,
  softmax,
  logSoftmax,
  logsumexp,
  view,
  reshape,
  flatten,
  squeeze,
  unsqueeze,
  transpose,
  t,
  permute,
  expand,
  narrow,
  select,
  unbind,
  split,
  chunk,
  diagonal,
  contiguous,
  clone,
  movedim,
  repeat,
  tile,
  repeatInterleave,
  flip,
  roll,
  diag,
  sort,
  argsort,
  topk,
  cumsum,
  cumprod,
  prod,
  gather,
  scatterAdd,
  scatter,
  take,
  maskedSelect,
  nonzero,
  indexSelect,
  indexAdd,
  oneHot,
  tril,
  triu,
  matmul,
  mm,
  bmm,
  addmm,
  baddbmm,
  trace,
  mv,
  dot,
  outer,
  dropout2d,
  dropout,
  zerosLike,
  onesLike,
  fullLike,
  randLike,
  randnLike,
  multinomial,
} from './ops.ts';

/** The operations as methods of Tensor. */
export interface TensorMethods {
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
  neg(): Tensor;

  /** `neg` in place: the result stands in this tensor, which comes back. */
  neg_(): this;

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
  abs(): Tensor;

  /** `abs` in place: the result stands in this tensor, which comes back. */
  abs_(): this;

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
  sign(): Tensor;

  /** `sign` in place: the result stands in this tensor, which comes back. */
  sign_(): this;

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
  square(): Tensor;

  /** `square` in place: the result stands in this tensor, which comes back. */
  square_(): this;

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
  relu(): Tensor;

  /** `relu` in place: the result stands in this tensor, which comes back. */
  relu_(): this;

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
  floor(): Tensor;

  /** `floor` in place: the result stands in this tensor, which comes back. */
  floor_(): this;

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
  ceil(): Tensor;

  /** `ceil` in place: the result stands in this tensor, which comes back. */
  ceil_(): this;

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
  round(): Tensor;

  /** `round` in place: the result stands in this tensor, which comes back. */
  round_(): this;

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
  trunc(): Tensor;

  /** `trunc` in place: the result stands in this tensor, which comes back. */
  trunc_(): this;

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
  isnan(): Tensor;

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
  isinf(): Tensor;

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
  isfinite(): Tensor;

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
  logicalNot(): Tensor;

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
  exp(): Tensor;

  /** `exp` in place: the result stands in this tensor, which comes back. */
  exp_(): this;

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
  exp2(): Tensor;

  /** `exp2` in place: the result stands in this tensor, which comes back. */
  exp2_(): this;

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
  expm1(): Tensor;

  /** `expm1` in place: the result stands in this tensor, which comes back. */
  expm1_(): this;

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
  log(): Tensor;

  /** `log` in place: the result stands in this tensor, which comes back. */
  log_(): this;

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
  log2(): Tensor;

  /** `log2` in place: the result stands in this tensor, which comes back. */
  log2_(): this;

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
  log10(): Tensor;

  /** `log10` in place: the result stands in this tensor, which comes back. */
  log10_(): this;

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
  log1p(): Tensor;

  /** `log1p` in place: the result stands in this tensor, which comes back. */
  log1p_(): this;

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
  sqrt(): Tensor;

  /** `sqrt` in place: the result stands in this tensor, which comes back. */
  sqrt_(): this;

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
  rsqrt(): Tensor;

  /** `rsqrt` in place: the result stands in this tensor, which comes back. */
  rsqrt_(): this;

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
  reciprocal(): Tensor;

  /** `reciprocal` in place: the result stands in this tensor, which comes back. */
  reciprocal_(): this;

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
  sin(): Tensor;

  /** `sin` in place: the result stands in this tensor, which comes back. */
  sin_(): this;

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
  cos(): Tensor;

  /** `cos` in place: the result stands in this tensor, which comes back. */
  cos_(): this;

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
  tan(): Tensor;

  /** `tan` in place: the result stands in this tensor, which comes back. */
  tan_(): this;

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
  asin(): Tensor;

  /** `asin` in place: the result stands in this tensor, which comes back. */
  asin_(): this;

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
  acos(): Tensor;

  /** `acos` in place: the result stands in this tensor, which comes back. */
  acos_(): this;

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
  atan(): Tensor;

  /** `atan` in place: the result stands in this tensor, which comes back. */
  atan_(): this;

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
  sinh(): Tensor;

  /** `sinh` in place: the result stands in this tensor, which comes back. */
  sinh_(): this;

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
  cosh(): Tensor;

  /** `cosh` in place: the result stands in this tensor, which comes back. */
  cosh_(): this;

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
  tanh(): Tensor;

  /** `tanh` in place: the result stands in this tensor, which comes back. */
  tanh_(): this;

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
  asinh(): Tensor;

  /** `asinh` in place: the result stands in this tensor, which comes back. */
  asinh_(): this;

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
  acosh(): Tensor;

  /** `acosh` in place: the result stands in this tensor, which comes back. */
  acosh_(): this;

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
  atanh(): Tensor;

  /** `atanh` in place: the result stands in this tensor, which comes back. */
  atanh_(): this;

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
  sigmoid(): Tensor;

  /** `sigmoid` in place: the result stands in this tensor, which comes back. */
  sigmoid_(): this;

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
  logsigmoid(): Tensor;

  /** `logsigmoid` in place: the result stands in this tensor, which comes back. */
  logsigmoid_(): this;

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
  erf(): Tensor;

  /** `erf` in place: the result stands in this tensor, which comes back. */
  erf_(): this;

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
  erfc(): Tensor;

  /** `erfc` in place: the result stands in this tensor, which comes back. */
  erfc_(): this;

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
  silu(): Tensor;

  /** `silu` in place: the result stands in this tensor, which comes back. */
  silu_(): this;

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
  mish(): Tensor;

  /** `mish` in place: the result stands in this tensor, which comes back. */
  mish_(): this;

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
  relu6(): Tensor;

  /** `relu6` in place: the result stands in this tensor, which comes back. */
  relu6_(): this;

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
  selu(): Tensor;

  /** `selu` in place: the result stands in this tensor, which comes back. */
  selu_(): this;

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
  hardsigmoid(): Tensor;

  /** `hardsigmoid` in place: the result stands in this tensor, which comes back. */
  hardsigmoid_(): this;

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
  hardswish(): Tensor;

  /** `hardswish` in place: the result stands in this tensor, which comes back. */
  hardswish_(): this;

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
  leakyRelu(negativeSlope?: number | LeakyReluOptions): Tensor;

  /** `leakyRelu` in place: the result stands in this tensor, which comes back. */
  leakyRelu_(negativeSlope?: number | LeakyReluOptions): this;

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
  elu(alpha?: number | EluOptions): Tensor;

  /** `elu` in place: the result stands in this tensor, which comes back. */
  elu_(alpha?: number | EluOptions): this;

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
  softplus(options?: SoftplusOptions): Tensor;

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
  hardtanh(minVal?: number | HardtanhOptions, maxVal?: number | HardtanhOptions): Tensor;

  /** `hardtanh` in place: the result stands in this tensor, which comes back. */
  hardtanh_(minVal?: number | HardtanhOptions, maxVal?: number | HardtanhOptions): this;

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
  gelu(options?: GeluOptions): Tensor;

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
  clamp(min?: number | null | ClampOptions, max?: number | null | ClampOptions): Tensor;

  /** `clamp` in place: the result stands in this tensor, which comes back. */
  clamp_(min?: number | null | ClampOptions, max?: number | null | ClampOptions): this;

  /**
   * The sum of two tensors, or of a tensor and a number.
   *
   * `a + b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([4, 9]).add(tensor([2, 3])).toArray() // [6, 12]
   * ```
   */
  add(b: Tensor | number): Tensor;

  /** `add` in place: the result stands in this tensor, which comes back. */
  add_(b: Tensor | number): this;

  /**
   * The difference of two tensors, or of a tensor and a number.
   *
   * `a − b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([4, 9]).sub(tensor([2, 3])).toArray() // [2, 6]
   * ```
   */
  sub(b: Tensor | number): Tensor;

  /** `sub` in place: the result stands in this tensor, which comes back. */
  sub_(b: Tensor | number): this;

  /**
   * The product, element by element.
   *
   * `a·b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([4, 9]).mul(tensor([2, 3])).toArray() // [8, 27]
   * ```
   */
  mul(b: Tensor | number): Tensor;

  /** `mul` in place: the result stands in this tensor, which comes back. */
  mul_(b: Tensor | number): this;

  /**
   * The quotient, element by element; integers give float32.
   *
   * `a/b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([4, 9]).div(tensor([2, 3])).toArray() // [2, 3]
   * ```
   */
  div(b: Tensor | number): Tensor;

  /** `div` in place: the result stands in this tensor, which comes back. */
  div_(b: Tensor | number): this;

  /**
   * a to the power of b.
   *
   * `aᵇ`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([4, 9]).pow(tensor([2, 3])).toArray() // [16, 729]
   * ```
   */
  pow(b: Tensor | number): Tensor;

  /** `pow` in place: the result stands in this tensor, which comes back. */
  pow_(b: Tensor | number): this;

  /**
   * The remainder of a/b, with the sign of a.
   *
   * `a − b·trunc(a/b)`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch.
   *
   * Errors: ShapeError when the shapes do not broadcast; DTypeError when both are bool; FluxionError when an
   * integer divisor is 0.
   *
   * @example
   * ```ts
   * tensor([-7, 7]).fmod(3).toArray() // [-1, 1]
   * ```
   */
  fmod(b: Tensor | number): Tensor;

  /** `fmod` in place: the result stands in this tensor, which comes back. */
  fmod_(b: Tensor | number): this;

  /**
   * The remainder of a/b, with the sign of b.
   *
   * `a − b·⌊a/b⌋`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch.
   *
   * Errors: ShapeError when the shapes do not broadcast; DTypeError when both are bool; FluxionError when an
   * integer divisor is 0.
   *
   * @example
   * ```ts
   * tensor([-7, 7]).remainder(3).toArray() // [2, 1]
   * ```
   */
  remainder(b: Tensor | number): Tensor;

  /** `remainder` in place: the result stands in this tensor, which comes back. */
  remainder_(b: Tensor | number): this;

  /**
   * The angle of the point (b, a), from −π to π.
   *
   * `arg(b + i·a)`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch; integers give float32.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([4, 9]).atan2(tensor([2, 3])).toArray() // [1.107149, 1.249046]
   * ```
   */
  atan2(b: Tensor): Tensor;

  /** `atan2` in place: the result stands in this tensor, which comes back. */
  atan2_(b: Tensor): this;

  /**
   * The point between start and end that `weight`, a number or a tensor, says: 0 is start, 1 is end.
   *
   * `start + weight·(end − start)`
   *
   * Shapes: all broadcast; the result has the broadcast shape.
   *
   * Types: float32, float64; all the same.
   *
   * Errors: ShapeError when the shapes do not broadcast; DTypeError on other or differing dtypes.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.lerp.html
   *
   * @example
   * ```ts
   * tensor([1, 10]).lerp(tensor([3, 20]), 0.5).toArray() // [2, 15]
   * ```
   */
  lerp(end: Tensor, weight: Tensor | number): Tensor;

  /** `lerp` in place: the result stands in this tensor, which comes back. */
  lerp_(end: Tensor, weight: Tensor | number): this;

  /**
   * The larger of two, element by element; NaN wins, ties share the gradient.
   *
   * `max(a, b)`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([1, 5]).maximum(tensor([2, 3])).toArray() // [2, 5]
   * ```
   */
  maximum(b: Tensor): Tensor;

  /**
   * The smaller of two, element by element; NaN wins, ties share the gradient.
   *
   * `min(a, b)`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: promoted as in PyTorch.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([1, 5]).minimum(tensor([2, 3])).toArray() // [1, 3]
   * ```
   */
  minimum(b: Tensor): Tensor;

  /**
   * Where a equals b.
   *
   * `a = b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: the result is bool.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).eq(2).toArray() // [false, true, false]
   * ```
   */
  eq(b: Tensor | number): Tensor;

  /**
   * Where a differs from b.
   *
   * `a ≠ b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: the result is bool.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).ne(2).toArray() // [true, false, true]
   * ```
   */
  ne(b: Tensor | number): Tensor;

  /**
   * Where a is less than b.
   *
   * `a < b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: the result is bool.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).lt(2).toArray() // [true, false, false]
   * ```
   */
  lt(b: Tensor | number): Tensor;

  /**
   * Where a is at most b.
   *
   * `a ≤ b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: the result is bool.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).le(2).toArray() // [true, true, false]
   * ```
   */
  le(b: Tensor | number): Tensor;

  /**
   * Where a is greater than b.
   *
   * `a > b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: the result is bool.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).gt(2).toArray() // [false, false, true]
   * ```
   */
  gt(b: Tensor | number): Tensor;

  /**
   * Where a is at least b.
   *
   * `a ≥ b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: the result is bool.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).ge(2).toArray() // [false, true, true]
   * ```
   */
  ge(b: Tensor | number): Tensor;

  /**
   * Where both are true.
   *
   * `a ∧ b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: anything but 0 counts as true; the result is bool.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([true, false]).logicalAnd(tensor([true, true])).toArray() // [true, false]
   * ```
   */
  logicalAnd(b: Tensor): Tensor;

  /**
   * Where at least one is true.
   *
   * `a ∨ b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: anything but 0 counts as true; the result is bool.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([true, false]).logicalOr(tensor([true, true])).toArray() // [true, true]
   * ```
   */
  logicalOr(b: Tensor): Tensor;

  /**
   * Where exactly one is true.
   *
   * `a ⊕ b`
   *
   * Shapes: a and b broadcast; the result has the broadcast shape.
   *
   * Types: anything but 0 counts as true; the result is bool.
   *
   * Errors: ShapeError when the shapes do not broadcast.
   *
   * @example
   * ```ts
   * tensor([true, false]).logicalXor(tensor([true, true])).toArray() // [false, true]
   * ```
   */
  logicalXor(b: Tensor): Tensor;

  /**
   * x with `value` where the mask is true.
   *
   * `mask ? value : x`
   *
   * Shapes: the mask broadcasts to x.
   *
   * Types: the mask is bool.
   *
   * Errors: DTypeError when the mask is not bool; ShapeError when it does not broadcast to x.
   *
   * @example
   * ```ts
   * tensor([1, 2]).maskedFill(tensor([true, false]), 0).toArray() // [0, 2]
   * ```
   */
  maskedFill(mask: Tensor, value: number): Tensor;

  /** `maskedFill` in place: the result stands in this tensor, which comes back. */
  maskedFill_(mask: Tensor, value: number): this;

  /**
   * The sum over all elements or over dimensions.
   *
   * `Σ xᵢ`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: floats keep theirs; integers and bool give int32.
   *
   * Errors: IndexError when a dimension is out of range or named twice.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).sum().item() // 6
   * ```
   */
  sum(dim?: number | readonly number[] | null | SumOptions, keepdim?: boolean | SumOptions): Tensor;

  /**
   * The mean over all elements or over dimensions.
   *
   * `(1/n)·Σ xᵢ`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: floats.
   *
   * Errors: IndexError when a dimension is out of range or named twice.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).mean().item() // 2
   * ```
   */
  mean(dim?: number | readonly number[] | null | MeanOptions, keepdim?: boolean | MeanOptions): Tensor;

  /**
   * The variance: squared deviations from the mean, over n − correction.
   *
   * `Σ (xᵢ − x̄)²/(n − correction)`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: floats.
   *
   * Errors: IndexError when a dimension is out of range or named twice.
   *
   * By default `dim` is left out, `correction` is 1, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).variance().item() // 1
   * ```
   */
  variance(dim?: number | readonly number[] | null | VarianceOptions, options?: VarianceOptions): Tensor;

  /**
   * The standard deviation: the square root of the variance.
   *
   * `√(Σ (xᵢ − x̄)²/(n − correction))`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: floats.
   *
   * Errors: IndexError when a dimension is out of range or named twice.
   *
   * By default `dim` is left out, `correction` is 1, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).std().item() // 1
   * ```
   */
  std(dim?: number | readonly number[] | null | StdOptions, options?: StdOptions): Tensor;

  /**
   * The p-norm of all elements or over dimensions: 2 is the length, 1 the sum of magnitudes, Infinity the largest
   * of them, 0 the number of elements that are not zero.
   *
   * `(Σ |xᵢ|ᵖ)^(1/p)`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: floats.
   *
   * Errors: IndexError when a dimension is out of range or named twice; ShapeError when an infinite norm has
   * nothing to choose from.
   *
   * By default `p` is 2, `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([3, 4]).norm().item() // 5
   * ```
   */
  norm(
    p?: number | NormOptions,
    dim?: number | readonly number[] | null | NormOptions,
    keepdim?: boolean | NormOptions,
  ): Tensor;

  /**
   * The largest element; NaN wins, ties share the gradient.
   *
   * `max xᵢ`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: any but bool; that of x.
   *
   * Errors: ShapeError when a reduced dimension is empty.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 3, 2]).amax().item() // 3
   * ```
   */
  amax(dim?: number | readonly number[] | null | AmaxOptions, keepdim?: boolean | AmaxOptions): Tensor;

  /**
   * The smallest element; NaN wins, ties share the gradient.
   *
   * `min xᵢ`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: any but bool; that of x.
   *
   * Errors: ShapeError when a reduced dimension is empty.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 3, 2]).amin().item() // 1
   * ```
   */
  amin(dim?: number | readonly number[] | null | AminOptions, keepdim?: boolean | AminOptions): Tensor;

  /**
   * The largest element along a dimension and where it stands: the first of ties; NaN wins.
   *
   * `max xᵢ and its i`
   *
   * Shapes: two tensors: x without `dim` (kept as 1 with keepdim).
   *
   * Types: values: that of x; indices: int32.
   *
   * Errors: ShapeError when the dimension is empty; IndexError when it is out of range.
   *
   * By default `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 3, 2]).max(0).indices.item() // 1
   * ```
   */
  max(dim: number, keepdim?: boolean | MaxOptions): Named<'values' | 'indices'>;

  /**
   * The smallest element along a dimension and where it stands: the first of ties; NaN wins.
   *
   * `min xᵢ and its i`
   *
   * Shapes: two tensors: x without `dim` (kept as 1 with keepdim).
   *
   * Types: values: that of x; indices: int32.
   *
   * Errors: ShapeError when the dimension is empty; IndexError when it is out of range.
   *
   * By default `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 3, 2]).min(0).indices.item() // 0
   * ```
   */
  min(dim: number, keepdim?: boolean | MinOptions): Named<'values' | 'indices'>;

  /**
   * Where the largest element stands: the first of ties; NaN wins.
   *
   * `argmaxᵢ xᵢ`
   *
   * Shapes: x without `dim`; a scalar, counted in row-major order, without dim.
   *
   * Types: int32.
   *
   * Errors: ShapeError when there is nothing to choose from.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 3, 2]).argmax().item() // 1
   * ```
   */
  argmax(dim?: number | null | ArgmaxOptions, keepdim?: boolean | ArgmaxOptions): Tensor;

  /**
   * Where the smallest element stands: the first of ties; NaN wins.
   *
   * `argminᵢ xᵢ`
   *
   * Shapes: x without `dim`; a scalar, counted in row-major order, without dim.
   *
   * Types: int32.
   *
   * Errors: ShapeError when there is nothing to choose from.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([1, 3, 2]).argmin().item() // 0
   * ```
   */
  argmin(dim?: number | null | ArgminOptions, keepdim?: boolean | ArgminOptions): Tensor;

  /**
   * Whether every element is true or not zero.
   *
   * `∀ xᵢ ≠ 0`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: the result is bool.
   *
   * Errors: IndexError when a dimension is out of range or named twice.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([true, false]).all().item() // false
   * ```
   */
  all(dim?: number | readonly number[] | null | AllOptions, keepdim?: boolean | AllOptions): Tensor;

  /**
   * Whether some element is true or not zero.
   *
   * `∃ xᵢ ≠ 0`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: the result is bool.
   *
   * Errors: IndexError when a dimension is out of range or named twice.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([true, false]).any().item() // true
   * ```
   */
  any(dim?: number | readonly number[] | null | AnyOptions, keepdim?: boolean | AnyOptions): Tensor;

  /**
   * Exponentials along a dimension, scaled to sum to 1.
   *
   * `e^xᵢ/Σⱼ e^xⱼ`
   *
   * Shapes: that of x.
   *
   * Types: floats.
   *
   * Errors: DTypeError on integers; IndexError when the dimension is out of range.
   *
   * By default `dim` is -1.
   *
   * @example
   * ```ts
   * tensor([0, 0]).softmax().toArray() // [0.5, 0.5]
   * ```
   */
  softmax(dim?: number | SoftmaxOptions): Tensor;

  /**
   * The logarithm of softmax, without overflow.
   *
   * `xᵢ − ln Σⱼ e^xⱼ`
   *
   * Shapes: that of x.
   *
   * Types: floats.
   *
   * Errors: DTypeError on integers; IndexError when the dimension is out of range.
   *
   * By default `dim` is -1.
   *
   * @example
   * ```ts
   * tensor([0, 0]).logSoftmax().toArray() // [-0.693147, -0.693147]
   * ```
   */
  logSoftmax(dim?: number | LogSoftmaxOptions): Tensor;

  /**
   * The logarithm of the sum of exponentials, without overflow.
   *
   * `ln Σ e^xᵢ`
   *
   * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
   *
   * Types: floats.
   *
   * Errors: IndexError when a dimension is out of range or named twice.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @example
   * ```ts
   * tensor([0, 0]).logsumexp().item() // 0.693147
   * ```
   */
  logsumexp(
    dim?: number | readonly number[] | null | LogsumexpOptions,
    keepdim?: boolean | LogsumexpOptions,
  ): Tensor;

  /**
   * x under another shape of as many elements, one of which may be −1. Shares storage with x.
   *
   * Shapes: as given.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when the strides would need a copy, or the sizes do not fit.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3, 4]).view([2, 2]).toArray() // [[1, 2], [3, 4]]
   * ```
   */
  view(shape: readonly number[]): Tensor;
  view(...shape: number[]): Tensor;

  /**
   * x under another shape of as many elements, one of which may be −1; a view where possible, a copy otherwise.
   *
   * Shapes: as given.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when the sizes do not fit.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3, 4]).reshape([2, -1]).toArray() // [[1, 2], [3, 4]]
   * ```
   */
  reshape(shape: readonly number[]): Tensor;
  reshape(...shape: number[]): Tensor;

  /**
   * Dimensions startDim to endDim folded into one.
   *
   * Shapes: x with the product of those sizes in their place.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when startDim comes after endDim.
   *
   * By default `startDim` is 0, `endDim` is -1.
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).flatten().toArray() // [1, 2, 3, 4]
   * ```
   */
  flatten(startDim?: number | FlattenOptions, endDim?: number | FlattenOptions): Tensor;

  /**
   * x without its dimensions of size 1, or without `dim` if its size is 1. Shares storage with x.
   *
   * Shapes: x without them.
   *
   * Types: any; that of x.
   *
   * Errors: IndexError when dim is out of range.
   *
   * By default `dim` is left out.
   *
   * @example
   * ```ts
   * tensor([[1, 2]]).squeeze().toArray() // [1, 2]
   * ```
   */
  squeeze(dim?: number | null | SqueezeOptions): Tensor;

  /**
   * x with a dimension of size 1 put in at `dim`. Shares storage with x.
   *
   * Shapes: one dimension more.
   *
   * Types: any; that of x.
   *
   * Errors: IndexError when dim is out of range.
   *
   * @example
   * ```ts
   * tensor([1, 2]).unsqueeze(0).toArray() // [[1, 2]]
   * ```
   */
  unsqueeze(dim: number): Tensor;

  /**
   * x with two dimensions exchanged. Shares storage with x.
   *
   * Shapes: the two sizes exchanged.
   *
   * Types: any; that of x.
   *
   * Errors: IndexError when a dimension is out of range.
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).transpose(0, 1).toArray() // [[1, 3], [2, 4]]
   * ```
   */
  transpose(dim0: number, dim1: number): Tensor;

  /**
   * A matrix's transpose; vectors and scalars as they are. Shares storage with x.
   *
   * Shapes: [n, m] for [m, n].
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when the rank is over 2.
   *
   * @example
   * ```ts
   * tensor([[1, 2]]).t().toArray() // [[1], [2]]
   * ```
   */
  t(): Tensor;

  /**
   * x with its dimensions in another order. Shares storage with x.
   *
   * Shapes: x's sizes in that order.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when dims is not a reordering of x's dimensions.
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).permute([1, 0]).toArray() // [[1, 3], [2, 4]]
   * ```
   */
  permute(dims: readonly number[]): Tensor;
  permute(...dims: number[]): Tensor;

  /**
   * x repeated along dimensions of size 1, without copying; −1 keeps a size. Shares storage with x.
   *
   * Shapes: as given.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when a size other than 1 would change.
   *
   * @example
   * ```ts
   * tensor([[1], [2]]).expand([2, 2]).toArray() // [[1, 1], [2, 2]]
   * ```
   */
  expand(shape: readonly number[]): Tensor;
  expand(...shape: number[]): Tensor;

  /**
   * `length` elements of `dim` from start. Shares storage with x.
   *
   * Shapes: x with length along dim.
   *
   * Types: any; that of x.
   *
   * Errors: IndexError when they do not lie in x.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).narrow(0, 1, 2).toArray() // [2, 3]
   * ```
   */
  narrow(dim: number, start: number, length: number): Tensor;

  /**
   * x at one index of a dimension; a negative index counts from the end. Shares storage with x.
   *
   * Shapes: x without dim.
   *
   * Types: any; that of x.
   *
   * Errors: IndexError when the index is out of range.
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).select(1, -1).toArray() // [2, 4]
   * ```
   */
  select(dim: number, index: number): Tensor;

  /**
   * The list of x's slices along a dimension. Shares storage with x.
   *
   * Shapes: each is x without dim.
   *
   * Types: any; that of x.
   *
   * Errors: IndexError when x has rank 0.
   *
   * By default `dim` is 0.
   *
   * @example
   * ```ts
   * tensor([1, 2]).unbind().length // 2
   * ```
   */
  unbind(dim?: number | UnbindOptions): Tensor[];

  /**
   * x cut along a dimension into parts of splitSize, the last one smaller. Shares storage with x.
   *
   * Shapes: each is x with at most splitSize along dim.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when splitSize is not positive.
   *
   * By default `dim` is 0.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).split(2).length // 2
   * ```
   */
  split(splitSize: number, dim?: number | SplitOptions): Tensor[];

  /**
   * x cut along a dimension into at most `chunks` parts of equal size, the last one smaller. Shares storage with
   * x.
   *
   * Shapes: each is x with less along dim.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when chunks is not positive.
   *
   * By default `dim` is 0.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).chunk(2).length // 2
   * ```
   */
  chunk(chunks: number, dim?: number | ChunkOptions): Tensor[];

  /**
   * The diagonal over two dimensions, as the last dimension. Shares storage with x.
   *
   * Shapes: x without the two, then the diagonal's length.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when the two dimensions are the same or x has fewer than two.
   *
   * By default `offset` is 0, `dim1` is 0, `dim2` is 1.
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).diagonal().toArray() // [1, 4]
   * ```
   */
  diagonal(
    offset?: number | DiagonalOptions,
    dim1?: number | DiagonalOptions,
    dim2?: number | DiagonalOptions,
  ): Tensor;

  /**
   * x in row-major memory: itself when it is so already, a copy otherwise.
   *
   * Shapes: that of x.
   *
   * Types: any; that of x.
   *
   * @example
   * ```ts
   * tensor([[1, 2]]).t().contiguous().toArray() // [[1], [2]]
   * ```
   */
  contiguous(): Tensor;

  /**
   * A copy in row-major memory, with its gradient passed on.
   *
   * Shapes: that of x.
   *
   * Types: any; that of x.
   *
   * @example
   * ```ts
   * tensor([1, 2]).clone().toArray() // [1, 2]
   * ```
   */
  clone(): Tensor;

  /**
   * x with some dimensions moved to other places, the rest in its order. Shares storage with x.
   *
   * Shapes: x's sizes in the new order.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when source and destination differ in number or repeat a dimension; IndexError when one is
   * out of range.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.movedim.html
   *
   * @example
   * ```ts
   * tensor([[[1, 2, 3]]]).movedim(2, 0).shape // [3, 1, 1]
   * ```
   */
  movedim(source: number | readonly number[], destination: number | readonly number[]): Tensor;

  /**
   * x several times along each dimension; numbers in front of x's dimensions add new ones.
   *
   * `yᵢⱼ = x[i mod m][j mod n]`
   *
   * Shapes: each size times its number.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when there are fewer numbers than dimensions or one is negative.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.Tensor.repeat.html
   *
   * @example
   * ```ts
   * tensor([1, 2]).repeat(2, 2).toArray() // [[1, 2, 1, 2], [1, 2, 1, 2]]
   * ```
   */
  repeat(repeats: readonly number[]): Tensor;
  repeat(...repeats: number[]): Tensor;

  /**
   * x several times along each dimension; missing numbers in front are 1.
   *
   * `yᵢⱼ = x[i mod m][j mod n]`
   *
   * Shapes: each size times its number.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when a number is negative.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.tile.html
   *
   * @example
   * ```ts
   * tensor([[1, 2]]).tile(2).toArray() // [[1, 2, 1, 2]]
   * ```
   */
  tile(dims: readonly number[]): Tensor;
  tile(...dims: number[]): Tensor;

  /**
   * Each element of `dim` several times in a row, as often as `repeats` says for all or for each; without dim, of
   * x flattened.
   *
   * `x₀ x₀ … x₁ x₁ …`
   *
   * Shapes: x with the sum of the repeats along dim, or a vector.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when repeats is negative, a fraction or not one per element; DTypeError when it is a tensor
   * other than int32; IndexError when dim is out of range.
   *
   * By default `dim` is left out.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.repeat_interleave.html
   *
   * @example
   * ```ts
   * tensor([1, 2]).repeatInterleave(2).toArray() // [1, 1, 2, 2]
   * ```
   */
  repeatInterleave(repeats: Tensor | number, dim?: number | null | RepeatInterleaveOptions): Tensor;

  /**
   * A copy of x with the given dimensions in reverse order.
   *
   * `yᵢ = x[n − 1 − i]`
   *
   * Shapes: that of x.
   *
   * Types: any; that of x.
   *
   * Errors: IndexError when a dimension is out of range; ShapeError when one appears twice.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.flip.html
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).flip(0).toArray() // [3, 2, 1]
   * ```
   */
  flip(dims: readonly number[]): Tensor;
  flip(...dims: number[]): Tensor;

  /**
   * x moved along the given dimensions by `shifts` places; what leaves at one end enters at the other. Without
   * dims, x counts as flattened.
   *
   * `yᵢ = x[(i − shift) mod n]`
   *
   * Shapes: that of x.
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when shifts and dims differ in number; IndexError when a dimension is out of range.
   *
   * By default `dims` is left out.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.roll.html
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).roll(1).toArray() // [3, 1, 2]
   * ```
   */
  roll(shifts: number | readonly number[], dims?: number | readonly number[] | null | RollOptions): Tensor;

  /**
   * A square matrix with the vector x on one of its diagonals; or that diagonal of the matrix x.
   *
   * `yᵢⱼ = [j = i + diagonal]·xᵢ`
   *
   * Shapes: [n] → [n + |diagonal|, n + |diagonal|]; [m, n] → [length].
   *
   * Types: any; that of x.
   *
   * Errors: ShapeError when x is neither a vector nor a matrix.
   *
   * By default `diagonal` is 0.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.diag.html
   *
   * @example
   * ```ts
   * tensor([1, 2]).diag().toArray() // [[1, 0], [0, 2]]
   * ```
   */
  diag(diagonal?: number | DiagOptions): Tensor;

  /**
   * The elements in order along a dimension, and where they stood. Equal ones keep their order; NaN counts as the
   * largest.
   *
   * Shapes: two tensors in the shape of x.
   *
   * Types: values: that of x; indices: int32.
   *
   * Errors: IndexError when the dimension is out of range.
   *
   * By default `dim` is -1, `descending` is false.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.sort.html
   *
   * @example
   * ```ts
   * tensor([3, 1, 2]).sort().values.toArray() // [1, 2, 3]
   * ```
   */
  sort(dim?: number | SortOptions, descending?: boolean | SortOptions): Named<'values' | 'indices'>;

  /**
   * The order that sorts x along a dimension. Equal elements keep their order; NaN counts as the largest.
   *
   * Shapes: that of x.
   *
   * Types: int32.
   *
   * Errors: IndexError when the dimension is out of range.
   *
   * By default `dim` is -1, `descending` is false.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.argsort.html
   *
   * @example
   * ```ts
   * tensor([3, 1, 2]).argsort().toArray() // [1, 2, 0]
   * ```
   */
  argsort(dim?: number | ArgsortOptions, descending?: boolean | ArgsortOptions): Tensor;

  /**
   * The k largest elements along a dimension, or the smallest, in order, and where they stand. NaN counts as the
   * largest.
   *
   * Shapes: two tensors: x with k along dim.
   *
   * Types: values: that of x; indices: int32.
   *
   * Errors: IndexError when there are fewer than k elements or the dimension is out of range.
   *
   * By default `dim` is -1, `largest` is true.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.topk.html
   *
   * @example
   * ```ts
   * tensor([3, 1, 2]).topk(2).values.toArray() // [3, 2]
   * ```
   */
  topk(k: number, dim?: number | TopkOptions, largest?: boolean | TopkOptions): Named<'values' | 'indices'>;

  /**
   * The running sum along a dimension.
   *
   * `yᵢ = Σ_{j ≤ i} xⱼ`
   *
   * Shapes: that of x.
   *
   * Types: floats keep theirs; integers and bool give int32.
   *
   * Errors: IndexError when the dimension is out of range.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.cumsum.html
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).cumsum(0).toArray() // [1, 3, 6]
   * ```
   */
  cumsum(dim: number): Tensor;

  /** `cumsum` in place: the result stands in this tensor, which comes back. */
  cumsum_(dim: number): this;

  /**
   * The running product along a dimension.
   *
   * `yᵢ = ∏_{j ≤ i} xⱼ`
   *
   * Shapes: that of x.
   *
   * Types: floats keep theirs; integers and bool give int32.
   *
   * Errors: IndexError when the dimension is out of range.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.cumprod.html
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).cumprod(0).toArray() // [1, 2, 6]
   * ```
   */
  cumprod(dim: number): Tensor;

  /** `cumprod` in place: the result stands in this tensor, which comes back. */
  cumprod_(dim: number): this;

  /**
   * The product of all elements, or along one dimension.
   *
   * `∏ xᵢ`
   *
   * Shapes: x without `dim` (kept as 1 with keepdim); a scalar without dim.
   *
   * Types: floats keep theirs; integers and bool give int32.
   *
   * Errors: IndexError when the dimension is out of range.
   *
   * By default `dim` is left out, `keepdim` is false.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.prod.html
   *
   * @example
   * ```ts
   * tensor([2, 3, 4]).prod().item() // 24
   * ```
   */
  prod(dim?: number | null | ProdOptions, keepdim?: boolean | ProdOptions): Tensor;

  /**
   * Picks one element of x along `dim` for every element of the index.
   *
   * `yᵢⱼₖ = x[i][indexᵢⱼₖ][k] for dim = 1`
   *
   * Shapes: index has x's rank and, but for dim, at most its sizes; the result has the index's shape.
   *
   * Types: any; the index is int32.
   *
   * Errors: IndexError when an index is out of range; ShapeError when the index does not fit; DTypeError when it
   * is not int32.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.gather.html
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).gather(1, tensor([[1], [0]], { dtype: 'int32' })).toArray()
   * // [[2], [3]]
   * ```
   */
  gather(dim: number, index: Tensor): Tensor;

  /**
   * A copy of x with every element of src added at the place that the index names along `dim`.
   *
   * `y = x; y[i][indexᵢⱼₖ][k] += srcᵢⱼₖ for dim = 1`
   *
   * Shapes: index lies within x (but for dim) and within src; the result has the shape of x.
   *
   * Types: x and src the same; the index is int32.
   *
   * Errors: IndexError when an index is out of range; ShapeError when index, x and src do not fit; DTypeError when
   * x and src differ or the index is not int32.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_add_.html
   *
   * @example
   * ```ts
   * tensor([1, 1]).scatterAdd(0, tensor([1, 1], { dtype: 'int32' }), tensor([2, 3])).toArray()
   * // [1, 6]
   * ```
   */
  scatterAdd(dim: number, index: Tensor, src: Tensor): Tensor;

  /** `scatterAdd` in place: the result stands in this tensor, which comes back. */
  scatterAdd_(dim: number, index: Tensor, src: Tensor): this;

  /**
   * A copy of x with the elements of src, or one number, put at the places that the index names along `dim`; where
   * several meet, the last one stays.
   *
   * `y = x; y[i][indexᵢⱼₖ][k] = srcᵢⱼₖ for dim = 1`
   *
   * Shapes: index lies within x (but for dim) and within src; the result has the shape of x.
   *
   * Types: x and src the same; the index is int32.
   *
   * Errors: IndexError when an index is out of range; ShapeError when index, x and src do not fit; DTypeError when
   * x and src differ or the index is not int32.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_.html
   *
   * @example
   * ```ts
   * tensor([1, 1]).scatter(0, tensor([1], { dtype: 'int32' }), tensor([5])).toArray() // [1, 5]
   * ```
   */
  scatter(dim: number, index: Tensor, src: Tensor | number): Tensor;

  /** `scatter` in place: the result stands in this tensor, which comes back. */
  scatter_(dim: number, index: Tensor, src: Tensor | number): this;

  /**
   * The elements of x at places counted as if it were flattened; negative ones count from the end.
   *
   * `yᵢ = flat(x)[indexᵢ]`
   *
   * Shapes: that of the index.
   *
   * Types: any; the index is int32.
   *
   * Errors: IndexError when an index is out of range; DTypeError when it is not int32.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.take.html
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).take(tensor([0, -1], { dtype: 'int32' })).toArray() // [1, 4]
   * ```
   */
  take(index: Tensor): Tensor;

  /**
   * The elements of x where the mask is true, in row-major order.
   *
   * `(xᵢ for maskᵢ)`
   *
   * Shapes: x and mask broadcast; the result is a vector.
   *
   * Types: any; the mask is bool.
   *
   * Errors: DTypeError when the mask is not bool; ShapeError when the shapes do not broadcast.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.masked_select.html
   *
   * @example
   * ```ts
   * tensor([1, 2, 3]).maskedSelect(tensor([true, false, true])).toArray() // [1, 3]
   * ```
   */
  maskedSelect(mask: Tensor): Tensor;

  /**
   * The places of all elements that are true or not zero, in row-major order.
   *
   * Shapes: [count, rank of x].
   *
   * Types: any; the result is int32.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.nonzero.html
   *
   * @example
   * ```ts
   * tensor([[1, 0], [0, 2]]).nonzero().toArray() // [[0, 0], [1, 1]]
   * ```
   */
  nonzero(): Tensor;

  /**
   * The slices of x along `dim` that the index lists.
   *
   * `yᵢⱼₖ = x[i][indexⱼ][k] for dim = 1`
   *
   * Shapes: index [n]; the result is x with n along dim.
   *
   * Types: any; the index is int32.
   *
   * Errors: IndexError when an index is out of range; ShapeError when the index is no vector; DTypeError when it
   * is not int32.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.index_select.html
   *
   * @example
   * ```ts
   * tensor([10, 20, 30]).indexSelect(0, tensor([2, 0], { dtype: 'int32' })).toArray() // [30, 10]
   * ```
   */
  indexSelect(dim: number, index: Tensor): Tensor;

  /**
   * A copy of x with each slice of src along `dim` added to the slice that the index names.
   *
   * `y = x; y[i][indexⱼ][k] += srcᵢⱼₖ for dim = 1`
   *
   * Shapes: index [n], src is x with n along dim; the result has the shape of x.
   *
   * Types: x and src the same; the index is int32.
   *
   * Errors: IndexError when an index is out of range; ShapeError when src or the index do not fit; DTypeError when
   * x and src differ or the index is not int32.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html
   *
   * @example
   * ```ts
   * tensor([1, 1]).indexAdd(0, tensor([1, 1], { dtype: 'int32' }), tensor([2, 3])).toArray()
   * // [1, 6]
   * ```
   */
  indexAdd(dim: number, index: Tensor, src: Tensor): Tensor;

  /** `indexAdd` in place: the result stands in this tensor, which comes back. */
  indexAdd_(dim: number, index: Tensor, src: Tensor): this;

  /**
   * 1 at each index along a new last dimension, 0 elsewhere; −1 classes means one more than the largest index.
   *
   * `yᵢⱼ = [j = indexᵢ]`
   *
   * Shapes: any; the result has numClasses added at the end.
   *
   * Types: the index and the result are int32.
   *
   * Errors: IndexError when an index is out of range; ShapeError when numClasses is not positive; DTypeError when
   * the index is not int32.
   *
   * By default `numClasses` is -1.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html
   *
   * @example
   * ```ts
   * tensor([1, 0], { dtype: 'int32' }).oneHot(3).toArray() // [[0, 1, 0], [1, 0, 0]]
   * ```
   */
  oneHot(numClasses?: number | OneHotOptions): Tensor;

  /**
   * The lower triangle of the last two dimensions, zero above; `diagonal` moves the edge up.
   *
   * `yᵢⱼ = j ≤ i + diagonal ? xᵢⱼ : 0`
   *
   * Shapes: […, m, n]; the result has the shape of x.
   *
   * Types: any.
   *
   * Errors: ShapeError when x has fewer than two dimensions.
   *
   * By default `diagonal` is 0.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.tril.html
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).tril().toArray() // [[1, 0], [3, 4]]
   * ```
   */
  tril(diagonal?: number | TrilOptions): Tensor;

  /** `tril` in place: the result stands in this tensor, which comes back. */
  tril_(diagonal?: number | TrilOptions): this;

  /**
   * The upper triangle of the last two dimensions, zero below; `diagonal` moves the edge up.
   *
   * `yᵢⱼ = j ≥ i + diagonal ? xᵢⱼ : 0`
   *
   * Shapes: […, m, n]; the result has the shape of x.
   *
   * Types: any.
   *
   * Errors: ShapeError when x has fewer than two dimensions.
   *
   * By default `diagonal` is 0.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.triu.html
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).triu().toArray() // [[1, 2], [0, 4]]
   * ```
   */
  triu(diagonal?: number | TriuOptions): Tensor;

  /** `triu` in place: the result stands in this tensor, which comes back. */
  triu_(diagonal?: number | TriuOptions): this;

  /**
   * The matrix product; vectors count as a row on the left and a column on the right, and dimensions before the
   * last two are a batch that broadcasts.
   *
   * `yᵢⱼ = Σₖ aᵢₖ·bₖⱼ`
   *
   * Shapes: […, m, k] @ […, k, n] → […, m, n]; [k] @ [k] → []; [k] @ […, k, n] → […, n]; […, m, k] @ [k] → […, m].
   *
   * Types: float32, float64, int32; both the same.
   *
   * Errors: ShapeError when inner sizes differ, batches do not broadcast, or a side is a scalar; DTypeError when
   * dtypes differ.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.matmul.html
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).matmul(tensor([[5], [6]])).toArray() // [[17], [39]]
   * ```
   */
  matmul(b: Tensor): Tensor;

  /**
   * The product of two matrices.
   *
   * `yᵢⱼ = Σₖ aᵢₖ·bₖⱼ`
   *
   * Shapes: [m, k], [k, n] → [m, n].
   *
   * Types: float32, float64, int32; both the same.
   *
   * Errors: ShapeError when a side is no matrix or inner sizes differ; DTypeError when dtypes differ.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.mm.html
   *
   * @example
   * ```ts
   * tensor([[1, 2]]).mm(tensor([[3], [4]])).toArray() // [[11]]
   * ```
   */
  mm(b: Tensor): Tensor;

  /**
   * The products of two batches of matrices, one by one.
   *
   * `yₙᵢⱼ = Σₖ aₙᵢₖ·bₙₖⱼ`
   *
   * Shapes: [b, m, k], [b, k, n] → [b, m, n].
   *
   * Types: float32, float64, int32; both the same.
   *
   * Errors: ShapeError when a side has not three dimensions, batch or inner sizes differ; DTypeError when dtypes
   * differ.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.bmm.html
   *
   * @example
   * ```ts
   * tensor([[[1, 2]]]).bmm(tensor([[[3], [4]]])).toArray() // [[[11]]]
   * ```
   */
  bmm(b: Tensor): Tensor;

  /**
   * A matrix product added to the input; with beta 0 the input does not count.
   *
   * `y = beta·input + alpha·(a @ b)`
   *
   * Shapes: [m, k] @ [k, n] → [m, n]; the input broadcasts to it.
   *
   * Types: float32, float64, int32; all the same.
   *
   * Errors: ShapeError when the ranks or sizes do not fit; DTypeError when dtypes differ.
   *
   * By default `beta` is 1, `alpha` is 1.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.addmm.html
   *
   * @example
   * ```ts
   * tensor([1]).addmm(tensor([[1, 2]]), tensor([[3], [4]])).toArray() // [[12]]
   * ```
   */
  addmm(mat1: Tensor, mat2: Tensor, options?: AddmmOptions): Tensor;

  /**
   * The products of two batches of matrices added to the input; with beta 0 the input does not count.
   *
   * `y = beta·input + alpha·(a @ b)`
   *
   * Shapes: [b, m, k] @ [b, k, n] → [b, m, n]; the input broadcasts to it.
   *
   * Types: float32, float64, int32; all the same.
   *
   * Errors: ShapeError when the ranks or sizes do not fit; DTypeError when dtypes differ.
   *
   * By default `beta` is 1, `alpha` is 1.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.baddbmm.html
   *
   * @example
   * ```ts
   * tensor([1]).baddbmm(tensor([[[1, 2]]]), tensor([[[3], [4]]])).toArray() // [[[12]]]
   * ```
   */
  baddbmm(batch1: Tensor, batch2: Tensor, options?: BaddbmmOptions): Tensor;

  /**
   * The sum of a matrix's diagonal.
   *
   * `Σᵢ xᵢᵢ`
   *
   * Shapes: [m, n] → [].
   *
   * Types: floats keep theirs; integers and bool give int32.
   *
   * Errors: ShapeError when x is no matrix.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.trace.html
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).trace().item() // 5
   * ```
   */
  trace(): Tensor;

  /**
   * A matrix times a vector.
   *
   * `yᵢ = Σₖ aᵢₖ·vₖ`
   *
   * Shapes: [m, k], [k] → [m].
   *
   * Types: float32, float64, int32; both the same.
   *
   * Errors: ShapeError when a is no matrix, v no vector, or inner sizes differ; DTypeError when dtypes differ.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.mv.html
   *
   * @example
   * ```ts
   * tensor([[1, 2], [3, 4]]).mv(tensor([5, 6])).toArray() // [17, 39]
   * ```
   */
  mv(v: Tensor): Tensor;

  /**
   * The inner product of two vectors.
   *
   * `y = Σₖ aₖ·bₖ`
   *
   * Shapes: [k], [k] → [].
   *
   * Types: float32, float64, int32; both the same.
   *
   * Errors: ShapeError when a side is no vector or sizes differ; DTypeError when dtypes differ.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.dot.html
   *
   * @example
   * ```ts
   * tensor([1, 2]).dot(tensor([3, 4])).item() // 11
   * ```
   */
  dot(b: Tensor): Tensor;

  /**
   * Every product of an element of one vector with one of another.
   *
   * `yᵢⱼ = aᵢ·bⱼ`
   *
   * Shapes: [m], [n] → [m, n].
   *
   * Types: any, promoted.
   *
   * Errors: ShapeError when a side is no vector.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.outer.html
   *
   * @example
   * ```ts
   * tensor([1, 2]).outer(tensor([3, 4])).toArray() // [[3, 4], [6, 8]]
   * ```
   */
  outer(b: Tensor): Tensor;

  /**
   * Zeroes each channel of each example with probability p and scales the rest so that the mean stays, in
   * training; x itself otherwise.
   *
   * `y = x·m/(1 − p), m ~ Bernoulli(1 − p) for each channel`
   *
   * Shapes: [N, C, …]; the result has the shape of x.
   *
   * Types: float32, float64.
   *
   * Errors: ShapeError when x has no channels; FluxionError when p is outside [0, 1]; DTypeError on other dtypes.
   *
   * By default `p` is 0.5, `training` is true.
   *
   * @see https://arxiv.org/abs/1411.4280
   *
   * @example
   * ```ts
   * tensor([[1, 2]]).dropout2d(0.5, false).toArray() // [[1, 2]]
   * ```
   */
  dropout2d(p?: number | Dropout2dOptions, training?: boolean | Dropout2dOptions): Tensor;

  /**
   * Zeroes each element with probability p and scales the rest so that the mean stays, in training; x itself
   * otherwise.
   *
   * `y = x·m/(1 − p), m ~ Bernoulli(1 − p)`
   *
   * Shapes: any; the result has the shape of x.
   *
   * Types: float32, float64.
   *
   * Errors: FluxionError when p is outside [0, 1]; DTypeError on other dtypes.
   *
   * By default `p` is 0.5, `training` is true.
   *
   * @see https://jmlr.org/papers/v15/srivastava14a.html
   *
   * @example
   * ```ts
   * tensor([1, 2]).dropout(0.5, false).toArray() // [1, 2]
   * ```
   */
  dropout(p?: number | DropoutOptions, training?: boolean | DropoutOptions): Tensor;

  /**
   * Zeros in the shape of x.
   *
   * Shapes: that of x.
   *
   * Types: that of x, or as given.
   *
   * By default `dtype` is left out.
   *
   * @example
   * ```ts
   * tensor([3, 4]).zerosLike().toArray() // [0, 0]
   * ```
   */
  zerosLike(options?: ZerosLikeOptions): Tensor;

  /**
   * Ones in the shape of x.
   *
   * Shapes: that of x.
   *
   * Types: that of x, or as given.
   *
   * By default `dtype` is left out.
   *
   * @example
   * ```ts
   * tensor([3, 4]).onesLike().toArray() // [1, 1]
   * ```
   */
  onesLike(options?: OnesLikeOptions): Tensor;

  /**
   * One value in the shape of x.
   *
   * Shapes: that of x.
   *
   * Types: that of x, or as given.
   *
   * By default `dtype` is left out.
   *
   * @example
   * ```ts
   * tensor([3, 4]).fullLike(7).toArray() // [7, 7]
   * ```
   */
  fullLike(value: number, options?: FullLikeOptions): Tensor;

  /**
   * Uniform draws from [0, 1) in the shape of x.
   *
   * Shapes: that of x.
   *
   * Types: that of x, or as given: float32, float64.
   *
   * Errors: DTypeError on other dtypes.
   *
   * By default `dtype` is left out.
   *
   * @example
   * ```ts
   * zeros([3]).randLike().shape // [3]
   * ```
   */
  randLike(options?: RandLikeOptions): Tensor;

  /**
   * Normal draws of mean 0 and deviation 1 in the shape of x.
   *
   * Shapes: that of x.
   *
   * Types: that of x, or as given: float32, float64.
   *
   * Errors: DTypeError on other dtypes.
   *
   * By default `dtype` is left out.
   *
   * @example
   * ```ts
   * zeros([3]).randnLike().shape // [3]
   * ```
   */
  randnLike(options?: RandnLikeOptions): Tensor;

  /**
   * Indices drawn by the weights in x or in each of its rows, PyTorch's draws for the same manualSeed.
   *
   * Shapes: [n] → [numSamples]; [rows, n] → [rows, numSamples].
   *
   * Types: x is float32 or float64, the result int32.
   *
   * Errors: ShapeError when x has another rank or too few are there to draw; FluxionError when weights are
   * negative, not finite or all 0.
   *
   * By default `replacement` is false.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.multinomial.html
   *
   * @example
   * ```ts
   * multinomial(tensor([0, 1, 0]), 1).toArray() // [1]
   * ```
   */
  multinomial(numSamples: number, replacement?: boolean | MultinomialOptions): Tensor;
}

// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the loop below makes what is declared
export abstract class TensorMethods extends Owned {}

const functions = {
  neg,
  abs,
  sign,
  square,
  relu,
  floor,
  ceil,
  round,
  trunc,
  isnan,
  isinf,
  isfinite,
  logicalNot,
  exp,
  exp2,
  expm1,
  log,
  log2,
  log10,
  log1p,
  sqrt,
  rsqrt,
  reciprocal,
  sin,
  cos,
  tan,
  asin,
  acos,
  atan,
  sinh,
  cosh,
  tanh,
  asinh,
  acosh,
  atanh,
  sigmoid,
  logsigmoid,
  erf,
  erfc,
  silu,
  mish,
  relu6,
  selu,
  hardsigmoid,
  hardswish,
  leakyRelu,
  elu,
  softplus,
  hardtanh,
  gelu,
  clamp,
  add,
  sub,
  mul,
  div,
  pow,
  fmod,
  remainder,
  atan2,
  lerp,
  maximum,
  minimum,
  eq,
  ne,
  lt,
  le,
  gt,
  ge,
  logicalAnd,
  logicalOr,
  logicalXor,
  maskedFill,
  sum,
  mean,
  variance,
  std,
  norm,
  amax,
  amin,
  max,
  min,
  argmax,
  argmin,
  all,
  any,
  softmax,
  logSoftmax,
  logsumexp,
  view,
  reshape,
  flatten,
  squeeze,
  unsqueeze,
  transpose,
  t,
  permute,
  expand,
  narrow,
  select,
  unbind,
  split,
  chunk,
  diagonal,
  contiguous,
  clone,
  movedim,
  repeat,
  tile,
  repeatInterleave,
  flip,
  roll,
  diag,
  sort,
  argsort,
  topk,
  cumsum,
  cumprod,
  prod,
  gather,
  scatterAdd,
  scatter,
  take,
  maskedSelect,
  nonzero,
  indexSelect,
  indexAdd,
  oneHot,
  tril,
  triu,
  matmul,
  mm,
  bmm,
  addmm,
  baddbmm,
  trace,
  mv,
  dot,
  outer,
  dropout2d,
  dropout,
  zerosLike,
  onesLike,
  fullLike,
  randLike,
  randnLike,
  multinomial,
} as unknown as Record<string, (...args: unknown[]) => unknown>;
for (const [name, run] of Object.entries(functions)) {
  Object.defineProperty(TensorMethods.prototype, name, {
    configurable: true,
    writable: true,
    value(this: Tensor, ...args: unknown[]) {
      return run(this, ...args);
    },
  });
}
