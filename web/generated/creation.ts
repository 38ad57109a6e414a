// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import {
  dtypeIndex,
  flag,
  given,
  integer,
  integers,
  isOptions,
  number,
  optionalDtypeIndex,
  optionalInteger,
  options,
  sizes,
  withGrad,
} from '../args.ts';
import type { DType } from '../dtype.ts';
import { tensorHandle, wrap } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/** Options of {@link zeros}. */
export interface ZerosOptions {
  /** By default 'float32'. */
  dtype?: DType;
  requiresGrad?: boolean;
}

/**
 * A tensor of zeros.
 *
 * Shapes: as given.
 *
 * Types: float32 by default; any dtype.
 *
 * Errors: ShapeError when a size is negative.
 *
 * By default `dtype` is 'float32'.
 *
 * @example
 * ```ts
 * zeros([2]).toArray() // [0, 0]
 * ```
 */
export function zeros(shape: readonly number[], options?: ZerosOptions): Tensor;
export function zeros(...shape: number[]): Tensor;
export function zeros(...shape: [...number[], ZerosOptions]): Tensor;
export function zeros(...args: unknown[]): Tensor {
  const [shape, o] = sizes<ZerosOptions>(args);
  const { dtype = 'float32', requiresGrad = false } = options<ZerosOptions>('zeros', o, 'dtype requiresGrad');
  return withGrad(
    wrap(lib.op_zeros(integers(shape, 'zeros', 'shape'), dtypeIndex(dtype, 'zeros')), 'zeros'),
    requiresGrad,
    'zeros',
  );
}

/** Options of {@link ones}. */
export interface OnesOptions {
  /** By default 'float32'. */
  dtype?: DType;
  requiresGrad?: boolean;
}

/**
 * A tensor of ones.
 *
 * Shapes: as given.
 *
 * Types: float32 by default; any dtype.
 *
 * Errors: ShapeError when a size is negative.
 *
 * By default `dtype` is 'float32'.
 *
 * @example
 * ```ts
 * ones([2]).toArray() // [1, 1]
 * ```
 */
export function ones(shape: readonly number[], options?: OnesOptions): Tensor;
export function ones(...shape: number[]): Tensor;
export function ones(...shape: [...number[], OnesOptions]): Tensor;
export function ones(...args: unknown[]): Tensor {
  const [shape, o] = sizes<OnesOptions>(args);
  const { dtype = 'float32', requiresGrad = false } = options<OnesOptions>('ones', o, 'dtype requiresGrad');
  return withGrad(
    wrap(lib.op_ones(integers(shape, 'ones', 'shape'), dtypeIndex(dtype, 'ones')), 'ones'),
    requiresGrad,
    'ones',
  );
}

/** Options of {@link full}. */
export interface FullOptions {
  /** By default 'float32'. */
  dtype?: DType;
  requiresGrad?: boolean;
}

/**
 * A tensor filled with one value.
 *
 * Shapes: as given.
 *
 * Types: float32 by default; any dtype.
 *
 * Errors: ShapeError when a size is negative.
 *
 * By default `dtype` is 'float32'.
 *
 * @example
 * ```ts
 * full([2], 7).toArray() // [7, 7]
 * ```
 */
export function full(shape: readonly number[], value: number, o?: FullOptions): Tensor {
  const { dtype = 'float32', requiresGrad = false } = options<FullOptions>('full', o, 'dtype requiresGrad');
  return withGrad(
    wrap(
      lib.op_full(
        integers(shape, 'full', 'shape'),
        number(value, 'full', 'value'),
        dtypeIndex(dtype, 'full'),
      ),
      'full',
    ),
    requiresGrad,
    'full',
  );
}

/** Options of {@link eye}. */
export interface EyeOptions {
  m?: number | null;
  /** By default 'float32'. */
  dtype?: DType;
  requiresGrad?: boolean;
}

/**
 * Ones on the diagonal of an n × m matrix, zeros elsewhere.
 *
 * Shapes: [n, m]; m is n by default.
 *
 * Types: float32 by default; any dtype.
 *
 * Errors: ShapeError when a size is negative.
 *
 * By default `m` is left out, `dtype` is 'float32'.
 *
 * @example
 * ```ts
 * eye(2).toArray() // [[1, 0], [0, 1]]
 * ```
 */
export function eye(n: number, m?: number | null | EyeOptions, o?: EyeOptions): Tensor {
  if (isOptions(m)) {
    o = m;
    m = undefined;
  }
  const {
    m: m_ = m ?? null,
    dtype = 'float32',
    requiresGrad = false,
  } = options<EyeOptions>('eye', o, 'm dtype requiresGrad');
  return withGrad(
    wrap(
      lib.op_eye(
        integer(n, 'eye', 'n'),
        given(m_),
        optionalInteger(m_, 'eye', 'm'),
        dtypeIndex(dtype, 'eye'),
      ),
      'eye',
    ),
    requiresGrad,
    'eye',
  );
}

/** Options of {@link arange}. */
export interface ArangeOptions {
  /** By default 1. */
  step?: number;
  dtype?: DType | null;
  requiresGrad?: boolean;
}

/**
 * Evenly stepped values from start up to, but without, end.
 *
 * `start + i·step`
 *
 * Shapes: [⌈(end − start)/step⌉].
 *
 * Types: int32 when all are whole, float32 otherwise; or as given.
 *
 * Errors: FluxionError when the step is 0 or leads away from end.
 *
 * By default `step` is 1, `dtype` is left out.
 *
 * @example
 * ```ts
 * arange(1, 7, 2).toArray() // [1, 3, 5]
 * ```
 */
export function arange(start: number, end: number, step?: number | ArangeOptions, o?: ArangeOptions): Tensor {
  if (isOptions(step)) {
    o = step;
    step = undefined;
  }
  const {
    step: step_ = step ?? 1,
    dtype = null,
    requiresGrad = false,
  } = options<ArangeOptions>('arange', o, 'step dtype requiresGrad');
  return withGrad(
    wrap(
      lib.op_arange(
        number(start, 'arange', 'start'),
        number(end, 'arange', 'end'),
        number(step_, 'arange', 'step'),
        optionalDtypeIndex(dtype, 'arange'),
      ),
      'arange',
    ),
    requiresGrad,
    'arange',
  );
}

/** Options of {@link linspace}. */
export interface LinspaceOptions {
  /** By default 'float32'. */
  dtype?: DType;
  requiresGrad?: boolean;
}

/**
 * `steps` evenly spaced values from start to end, both included.
 *
 * Shapes: [steps].
 *
 * Types: float32 by default, or float64.
 *
 * Errors: FluxionError when steps is negative.
 *
 * By default `dtype` is 'float32'.
 *
 * @example
 * ```ts
 * linspace(0, 1, 5).toArray() // [0, 0.25, 0.5, 0.75, 1]
 * ```
 */
export function linspace(start: number, end: number, steps: number, o?: LinspaceOptions): Tensor {
  const { dtype = 'float32', requiresGrad = false } = options<LinspaceOptions>(
    'linspace',
    o,
    'dtype requiresGrad',
  );
  return withGrad(
    wrap(
      lib.op_linspace(
        number(start, 'linspace', 'start'),
        number(end, 'linspace', 'end'),
        integer(steps, 'linspace', 'steps'),
        dtypeIndex(dtype, 'linspace'),
      ),
      'linspace',
    ),
    requiresGrad,
    'linspace',
  );
}

/** Options of {@link rand}. */
export interface RandOptions {
  /** By default 'float32'. */
  dtype?: DType;
  requiresGrad?: boolean;
}

/**
 * Uniform draws from [0, 1), PyTorch's stream for the same manualSeed.
 *
 * Shapes: as given.
 *
 * Types: float32 by default, or float64.
 *
 * Errors: ShapeError when a size is negative.
 *
 * By default `dtype` is 'float32'.
 *
 * @example
 * ```ts
 * rand([3]).shape // [3]
 * ```
 */
export function rand(shape: readonly number[], options?: RandOptions): Tensor;
export function rand(...shape: number[]): Tensor;
export function rand(...shape: [...number[], RandOptions]): Tensor;
export function rand(...args: unknown[]): Tensor {
  const [shape, o] = sizes<RandOptions>(args);
  const { dtype = 'float32', requiresGrad = false } = options<RandOptions>('rand', o, 'dtype requiresGrad');
  return withGrad(
    wrap(lib.op_rand(integers(shape, 'rand', 'shape'), dtypeIndex(dtype, 'rand')), 'rand'),
    requiresGrad,
    'rand',
  );
}

/** Options of {@link randn}. */
export interface RandnOptions {
  /** By default 'float32'. */
  dtype?: DType;
  requiresGrad?: boolean;
}

/**
 * Normal draws of mean 0 and deviation 1, PyTorch's stream for the same manualSeed.
 *
 * Shapes: as given.
 *
 * Types: float32 by default, or float64.
 *
 * Errors: ShapeError when a size is negative.
 *
 * By default `dtype` is 'float32'.
 *
 * @example
 * ```ts
 * randn([3]).shape // [3]
 * ```
 */
export function randn(shape: readonly number[], options?: RandnOptions): Tensor;
export function randn(...shape: number[]): Tensor;
export function randn(...shape: [...number[], RandnOptions]): Tensor;
export function randn(...args: unknown[]): Tensor {
  const [shape, o] = sizes<RandnOptions>(args);
  const { dtype = 'float32', requiresGrad = false } = options<RandnOptions>('randn', o, 'dtype requiresGrad');
  return withGrad(
    wrap(lib.op_randn(integers(shape, 'randn', 'shape'), dtypeIndex(dtype, 'randn')), 'randn'),
    requiresGrad,
    'randn',
  );
}

/** Options of {@link randint}. */
export interface RandintOptions {
  /** By default 'int32'. */
  dtype?: DType;
  requiresGrad?: boolean;
}

/**
 * Whole draws from low up to, but without, high.
 *
 * Shapes: as given.
 *
 * Types: int32 by default.
 *
 * Errors: ShapeError when a size is negative.
 *
 * By default `dtype` is 'int32'.
 *
 * @example
 * ```ts
 * randint(0, 5, [3]).shape // [3]
 * ```
 */
export function randint(
  low: number,
  high: number,
  shape: readonly number[],
  options?: RandintOptions,
): Tensor;
export function randint(low: number, high: number, ...shape: number[]): Tensor;
export function randint(low: number, high: number, ...shape: [...number[], RandintOptions]): Tensor;
export function randint(low: number, high: number, ...args: unknown[]): Tensor {
  const [shape, o] = sizes<RandintOptions>(args);
  const { dtype = 'int32', requiresGrad = false } = options<RandintOptions>(
    'randint',
    o,
    'dtype requiresGrad',
  );
  return withGrad(
    wrap(
      lib.op_randint(
        integer(low, 'randint', 'low'),
        integer(high, 'randint', 'high'),
        integers(shape, 'randint', 'shape'),
        dtypeIndex(dtype, 'randint'),
      ),
      'randint',
    ),
    requiresGrad,
    'randint',
  );
}

/**
 * A random order of 0 to n − 1.
 *
 * Shapes: as given.
 *
 * Types: int32.
 *
 * Errors: ShapeError when a size is negative.
 *
 * @example
 * ```ts
 * randperm(3).shape // [3]
 * ```
 */
export function randperm(n: number): Tensor {
  return wrap(lib.op_randperm(integer(n, 'randperm', 'n')), 'randperm');
}

/** Options of {@link bernoulli}. */
export interface BernoulliOptions {
  /** By default 'float32'. */
  dtype?: DType;
  requiresGrad?: boolean;
}

/**
 * 1 with probability p, 0 otherwise.
 *
 * Shapes: as given.
 *
 * Types: float32 by default, or float64.
 *
 * Errors: ShapeError when a size is negative.
 *
 * By default `dtype` is 'float32'.
 *
 * @example
 * ```ts
 * bernoulli([3], 0.5).shape // [3]
 * ```
 */
export function bernoulli(shape: readonly number[], p: number, o?: BernoulliOptions): Tensor {
  const { dtype = 'float32', requiresGrad = false } = options<BernoulliOptions>(
    'bernoulli',
    o,
    'dtype requiresGrad',
  );
  return withGrad(
    wrap(
      lib.op_bernoulli(
        integers(shape, 'bernoulli', 'shape'),
        number(p, 'bernoulli', 'p'),
        dtypeIndex(dtype, 'bernoulli'),
      ),
      'bernoulli',
    ),
    requiresGrad,
    'bernoulli',
  );
}

/** Options of {@link zerosLike}. */
export interface ZerosLikeOptions {
  dtype?: DType | null;
  requiresGrad?: boolean;
}

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
export function zerosLike(x: Tensor, o?: ZerosLikeOptions): Tensor {
  const { dtype = null, requiresGrad = false } = options<ZerosLikeOptions>(
    'zerosLike',
    o,
    'dtype requiresGrad',
  );
  return withGrad(
    wrap(
      lib.op_zeros_like(tensorHandle(x, 'zerosLike', 'x'), optionalDtypeIndex(dtype, 'zerosLike')),
      'zerosLike',
    ),
    requiresGrad,
    'zerosLike',
  );
}

/** Options of {@link onesLike}. */
export interface OnesLikeOptions {
  dtype?: DType | null;
  requiresGrad?: boolean;
}

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
export function onesLike(x: Tensor, o?: OnesLikeOptions): Tensor {
  const { dtype = null, requiresGrad = false } = options<OnesLikeOptions>(
    'onesLike',
    o,
    'dtype requiresGrad',
  );
  return withGrad(
    wrap(
      lib.op_ones_like(tensorHandle(x, 'onesLike', 'x'), optionalDtypeIndex(dtype, 'onesLike')),
      'onesLike',
    ),
    requiresGrad,
    'onesLike',
  );
}

/** Options of {@link fullLike}. */
export interface FullLikeOptions {
  dtype?: DType | null;
  requiresGrad?: boolean;
}

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
export function fullLike(x: Tensor, value: number, o?: FullLikeOptions): Tensor {
  const { dtype = null, requiresGrad = false } = options<FullLikeOptions>(
    'fullLike',
    o,
    'dtype requiresGrad',
  );
  return withGrad(
    wrap(
      lib.op_full_like(
        tensorHandle(x, 'fullLike', 'x'),
        number(value, 'fullLike', 'value'),
        optionalDtypeIndex(dtype, 'fullLike'),
      ),
      'fullLike',
    ),
    requiresGrad,
    'fullLike',
  );
}

/** Options of {@link randLike}. */
export interface RandLikeOptions {
  dtype?: DType | null;
  requiresGrad?: boolean;
}

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
export function randLike(x: Tensor, o?: RandLikeOptions): Tensor {
  const { dtype = null, requiresGrad = false } = options<RandLikeOptions>(
    'randLike',
    o,
    'dtype requiresGrad',
  );
  return withGrad(
    wrap(
      lib.op_rand_like(tensorHandle(x, 'randLike', 'x'), optionalDtypeIndex(dtype, 'randLike')),
      'randLike',
    ),
    requiresGrad,
    'randLike',
  );
}

/** Options of {@link randnLike}. */
export interface RandnLikeOptions {
  dtype?: DType | null;
  requiresGrad?: boolean;
}

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
export function randnLike(x: Tensor, o?: RandnLikeOptions): Tensor {
  const { dtype = null, requiresGrad = false } = options<RandnLikeOptions>(
    'randnLike',
    o,
    'dtype requiresGrad',
  );
  return withGrad(
    wrap(
      lib.op_randn_like(tensorHandle(x, 'randnLike', 'x'), optionalDtypeIndex(dtype, 'randnLike')),
      'randnLike',
    ),
    requiresGrad,
    'randnLike',
  );
}

/** Options of {@link multinomial}. */
export interface MultinomialOptions {
  /** By default false. */
  replacement?: boolean;
}

/**
 * Indices drawn by the weights in x or in each of its rows, PyTorch's draws for the same manualSeed.
 *
 * Shapes: [n] → [numSamples]; [rows, n] → [rows, numSamples].
 *
 * Types: x is float32 or float64, the result int32.
 *
 * Errors: ShapeError when x has another rank or too few are there to draw; FluxionError when weights are negative,
 * not finite or all 0.
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
export function multinomial(
  x: Tensor,
  numSamples: number,
  replacement?: boolean | MultinomialOptions,
): Tensor {
  let o: MultinomialOptions | undefined;
  if (isOptions(replacement)) {
    o = replacement;
    replacement = undefined;
  }
  const { replacement: replacement_ = replacement ?? false } = options<MultinomialOptions>(
    'multinomial',
    o,
    'replacement',
  );
  return wrap(
    lib.op_multinomial(
      tensorHandle(x, 'multinomial', 'x'),
      integer(numSamples, 'multinomial', 'numSamples'),
      flag(replacement_, 'multinomial', 'replacement'),
    ),
    'multinomial',
  );
}
