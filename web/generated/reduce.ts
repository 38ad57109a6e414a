// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import {
  flag,
  given,
  integer,
  isOptions,
  number,
  optionalInteger,
  optionalIntegers,
  options,
} from '../args.ts';
import { type Named, tensorHandle, wrap, wrapNamed } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/** Options of {@link sum}. */
export interface SumOptions {
  dim?: number | readonly number[] | null;
  /** By default false. */
  keepdim?: boolean;
}

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
export function sum(
  x: Tensor,
  dim?: number | readonly number[] | null | SumOptions,
  keepdim?: boolean | SumOptions,
): Tensor {
  let o: SumOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<SumOptions>(
    'sum',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_sum(
      tensorHandle(x, 'sum', 'x'),
      optionalIntegers(dim_, 'sum', 'dim'),
      flag(keepdim_, 'sum', 'keepdim'),
    ),
    'sum',
  );
}

/** Options of {@link mean}. */
export interface MeanOptions {
  dim?: number | readonly number[] | null;
  /** By default false. */
  keepdim?: boolean;
}

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
export function mean(
  x: Tensor,
  dim?: number | readonly number[] | null | MeanOptions,
  keepdim?: boolean | MeanOptions,
): Tensor {
  let o: MeanOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<MeanOptions>(
    'mean',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_mean(
      tensorHandle(x, 'mean', 'x'),
      optionalIntegers(dim_, 'mean', 'dim'),
      flag(keepdim_, 'mean', 'keepdim'),
    ),
    'mean',
  );
}

/** Options of {@link variance}. */
export interface VarianceOptions {
  dim?: number | readonly number[] | null;
  /** By default 1. */
  correction?: number;
  /** By default false. */
  keepdim?: boolean;
}

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
export function variance(
  x: Tensor,
  dim?: number | readonly number[] | null | VarianceOptions,
  o?: VarianceOptions,
): Tensor {
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const {
    dim: dim_ = dim ?? null,
    correction = 1,
    keepdim = false,
  } = options<VarianceOptions>('variance', o, 'dim correction keepdim');
  return wrap(
    lib.op_variance(
      tensorHandle(x, 'variance', 'x'),
      optionalIntegers(dim_, 'variance', 'dim'),
      integer(correction, 'variance', 'correction'),
      flag(keepdim, 'variance', 'keepdim'),
    ),
    'variance',
  );
}

/** Options of {@link std}. */
export interface StdOptions {
  dim?: number | readonly number[] | null;
  /** By default 1. */
  correction?: number;
  /** By default false. */
  keepdim?: boolean;
}

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
export function std(x: Tensor, dim?: number | readonly number[] | null | StdOptions, o?: StdOptions): Tensor {
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const {
    dim: dim_ = dim ?? null,
    correction = 1,
    keepdim = false,
  } = options<StdOptions>('std', o, 'dim correction keepdim');
  return wrap(
    lib.op_std(
      tensorHandle(x, 'std', 'x'),
      optionalIntegers(dim_, 'std', 'dim'),
      integer(correction, 'std', 'correction'),
      flag(keepdim, 'std', 'keepdim'),
    ),
    'std',
  );
}

/** Options of {@link norm}. */
export interface NormOptions {
  /** By default 2. */
  p?: number;
  dim?: number | readonly number[] | null;
  /** By default false. */
  keepdim?: boolean;
}

/**
 * The p-norm of all elements or over dimensions: 2 is the length, 1 the sum of magnitudes, Infinity the largest of
 * them, 0 the number of elements that are not zero.
 *
 * `(Σ |xᵢ|ᵖ)^(1/p)`
 *
 * Shapes: x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim.
 *
 * Types: floats.
 *
 * Errors: IndexError when a dimension is out of range or named twice; ShapeError when an infinite norm has nothing
 * to choose from.
 *
 * By default `p` is 2, `dim` is left out, `keepdim` is false.
 *
 * @example
 * ```ts
 * tensor([3, 4]).norm().item() // 5
 * ```
 */
export function norm(
  x: Tensor,
  p?: number | NormOptions,
  dim?: number | readonly number[] | null | NormOptions,
  keepdim?: boolean | NormOptions,
): Tensor {
  let o: NormOptions | undefined;
  if (isOptions(p)) {
    o = p;
    p = undefined;
  }
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const {
    p: p_ = p ?? 2,
    dim: dim_ = dim ?? null,
    keepdim: keepdim_ = keepdim ?? false,
  } = options<NormOptions>('norm', o, 'p dim keepdim');
  return wrap(
    lib.op_norm(
      tensorHandle(x, 'norm', 'x'),
      number(p_, 'norm', 'p'),
      optionalIntegers(dim_, 'norm', 'dim'),
      flag(keepdim_, 'norm', 'keepdim'),
    ),
    'norm',
  );
}

/** Options of {@link amax}. */
export interface AmaxOptions {
  dim?: number | readonly number[] | null;
  /** By default false. */
  keepdim?: boolean;
}

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
export function amax(
  x: Tensor,
  dim?: number | readonly number[] | null | AmaxOptions,
  keepdim?: boolean | AmaxOptions,
): Tensor {
  let o: AmaxOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<AmaxOptions>(
    'amax',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_amax(
      tensorHandle(x, 'amax', 'x'),
      optionalIntegers(dim_, 'amax', 'dim'),
      flag(keepdim_, 'amax', 'keepdim'),
    ),
    'amax',
  );
}

/** Options of {@link amin}. */
export interface AminOptions {
  dim?: number | readonly number[] | null;
  /** By default false. */
  keepdim?: boolean;
}

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
export function amin(
  x: Tensor,
  dim?: number | readonly number[] | null | AminOptions,
  keepdim?: boolean | AminOptions,
): Tensor {
  let o: AminOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<AminOptions>(
    'amin',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_amin(
      tensorHandle(x, 'amin', 'x'),
      optionalIntegers(dim_, 'amin', 'dim'),
      flag(keepdim_, 'amin', 'keepdim'),
    ),
    'amin',
  );
}

/** Options of {@link max}. */
export interface MaxOptions {
  /** By default false. */
  keepdim?: boolean;
}

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
export function max(x: Tensor, dim: number, keepdim?: boolean | MaxOptions): Named<'values' | 'indices'> {
  let o: MaxOptions | undefined;
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { keepdim: keepdim_ = keepdim ?? false } = options<MaxOptions>('max', o, 'keepdim');
  return wrapNamed(
    lib.op_max(tensorHandle(x, 'max', 'x'), integer(dim, 'max', 'dim'), flag(keepdim_, 'max', 'keepdim')),
    'max',
    ['values', 'indices'],
  );
}

/** Options of {@link min}. */
export interface MinOptions {
  /** By default false. */
  keepdim?: boolean;
}

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
export function min(x: Tensor, dim: number, keepdim?: boolean | MinOptions): Named<'values' | 'indices'> {
  let o: MinOptions | undefined;
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { keepdim: keepdim_ = keepdim ?? false } = options<MinOptions>('min', o, 'keepdim');
  return wrapNamed(
    lib.op_min(tensorHandle(x, 'min', 'x'), integer(dim, 'min', 'dim'), flag(keepdim_, 'min', 'keepdim')),
    'min',
    ['values', 'indices'],
  );
}

/** Options of {@link argmax}. */
export interface ArgmaxOptions {
  dim?: number | null;
  /** By default false. */
  keepdim?: boolean;
}

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
export function argmax(
  x: Tensor,
  dim?: number | null | ArgmaxOptions,
  keepdim?: boolean | ArgmaxOptions,
): Tensor {
  let o: ArgmaxOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<ArgmaxOptions>(
    'argmax',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_argmax(
      tensorHandle(x, 'argmax', 'x'),
      given(dim_),
      optionalInteger(dim_, 'argmax', 'dim'),
      flag(keepdim_, 'argmax', 'keepdim'),
    ),
    'argmax',
  );
}

/** Options of {@link argmin}. */
export interface ArgminOptions {
  dim?: number | null;
  /** By default false. */
  keepdim?: boolean;
}

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
export function argmin(
  x: Tensor,
  dim?: number | null | ArgminOptions,
  keepdim?: boolean | ArgminOptions,
): Tensor {
  let o: ArgminOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<ArgminOptions>(
    'argmin',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_argmin(
      tensorHandle(x, 'argmin', 'x'),
      given(dim_),
      optionalInteger(dim_, 'argmin', 'dim'),
      flag(keepdim_, 'argmin', 'keepdim'),
    ),
    'argmin',
  );
}

/** Options of {@link all}. */
export interface AllOptions {
  dim?: number | readonly number[] | null;
  /** By default false. */
  keepdim?: boolean;
}

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
export function all(
  x: Tensor,
  dim?: number | readonly number[] | null | AllOptions,
  keepdim?: boolean | AllOptions,
): Tensor {
  let o: AllOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<AllOptions>(
    'all',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_all(
      tensorHandle(x, 'all', 'x'),
      optionalIntegers(dim_, 'all', 'dim'),
      flag(keepdim_, 'all', 'keepdim'),
    ),
    'all',
  );
}

/** Options of {@link any}. */
export interface AnyOptions {
  dim?: number | readonly number[] | null;
  /** By default false. */
  keepdim?: boolean;
}

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
export function any(
  x: Tensor,
  dim?: number | readonly number[] | null | AnyOptions,
  keepdim?: boolean | AnyOptions,
): Tensor {
  let o: AnyOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<AnyOptions>(
    'any',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_any(
      tensorHandle(x, 'any', 'x'),
      optionalIntegers(dim_, 'any', 'dim'),
      flag(keepdim_, 'any', 'keepdim'),
    ),
    'any',
  );
}

/** Options of {@link softmax}. */
export interface SoftmaxOptions {
  /** By default -1. */
  dim?: number;
}

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
export function softmax(x: Tensor, dim?: number | SoftmaxOptions): Tensor {
  let o: SoftmaxOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const { dim: dim_ = dim ?? -1 } = options<SoftmaxOptions>('softmax', o, 'dim');
  return wrap(lib.op_softmax(tensorHandle(x, 'softmax', 'x'), integer(dim_, 'softmax', 'dim')), 'softmax');
}

/** Options of {@link logSoftmax}. */
export interface LogSoftmaxOptions {
  /** By default -1. */
  dim?: number;
}

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
export function logSoftmax(x: Tensor, dim?: number | LogSoftmaxOptions): Tensor {
  let o: LogSoftmaxOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const { dim: dim_ = dim ?? -1 } = options<LogSoftmaxOptions>('logSoftmax', o, 'dim');
  return wrap(
    lib.op_log_softmax(tensorHandle(x, 'logSoftmax', 'x'), integer(dim_, 'logSoftmax', 'dim')),
    'logSoftmax',
  );
}

/** Options of {@link logsumexp}. */
export interface LogsumexpOptions {
  dim?: number | readonly number[] | null;
  /** By default false. */
  keepdim?: boolean;
}

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
export function logsumexp(
  x: Tensor,
  dim?: number | readonly number[] | null | LogsumexpOptions,
  keepdim?: boolean | LogsumexpOptions,
): Tensor {
  let o: LogsumexpOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<LogsumexpOptions>(
    'logsumexp',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_logsumexp(
      tensorHandle(x, 'logsumexp', 'x'),
      optionalIntegers(dim_, 'logsumexp', 'dim'),
      flag(keepdim_, 'logsumexp', 'keepdim'),
    ),
    'logsumexp',
  );
}
