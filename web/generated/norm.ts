// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import {
  flag,
  given,
  integer,
  integers,
  isOptions,
  number,
  optionalHandle,
  optionalNumber,
  options,
} from '../args.ts';
import { tensorHandle, wrap } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/** Options of {@link layerNorm}. */
export interface LayerNormOptions {
  weight?: Tensor | null;
  bias?: Tensor | null;
  /** By default 1e-5. */
  eps?: number;
}

/**
 * Brings the last dimensions, of shape normalizedShape, to mean 0 and variance 1, then scales and shifts them.
 *
 * `y = (x − mean)/√(var + eps)·weight + bias, with the biased variance`
 *
 * Shapes: […, *normalizedShape]; weight and bias are normalizedShape; the result has the shape of x.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when x does not end in normalizedShape or weight or bias do not have it; DTypeError on other
 * or differing dtypes.
 *
 * By default `weight` is left out, `bias` is left out, `eps` is 1e-5.
 *
 * @see https://arxiv.org/abs/1607.06450
 *
 * @example
 * ```ts
 * F.layerNorm(tensor([1, 3]), [2], null, null, { eps: 0 }).toArray() // [-1, 1]
 * ```
 */
export function layerNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  weight?: Tensor | null | LayerNormOptions,
  bias?: Tensor | null | LayerNormOptions,
  o?: LayerNormOptions,
): Tensor {
  if (isOptions(weight)) {
    o = weight;
    weight = undefined;
  }
  if (isOptions(bias)) {
    o = bias;
    bias = undefined;
  }
  const {
    weight: weight_ = weight ?? null,
    bias: bias_ = bias ?? null,
    eps = 1e-5,
  } = options<LayerNormOptions>('layerNorm', o, 'weight bias eps');
  return wrap(
    lib.op_layer_norm(
      tensorHandle(x, 'layerNorm', 'x'),
      integers(normalizedShape, 'layerNorm', 'normalizedShape'),
      optionalHandle(weight_, 'layerNorm', 'weight'),
      optionalHandle(bias_, 'layerNorm', 'bias'),
      number(eps, 'layerNorm', 'eps'),
    ),
    'layerNorm',
  );
}

/** Options of {@link batchNorm}. */
export interface BatchNormOptions {
  weight?: Tensor | null;
  bias?: Tensor | null;
  /** By default false. */
  training?: boolean;
  /** By default 0.1. */
  momentum?: number;
  /** By default 1e-5. */
  eps?: number;
}

/**
 * Brings each channel to mean 0 and variance 1, then scales and shifts it. In training by the batch's own
 * statistics, which are blended into the running ones in place; otherwise by the running ones.
 *
 * `y = (x − mean)/√(var + eps)·weight + bias; running = (1 − momentum)·running + momentum·batch`
 *
 * Shapes: [N, C, …], the rest [C]; the result has the shape of x.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when training meets one value per channel or a parameter is not [C]; FluxionError when the
 * running statistics are missing outside training; DTypeError on other or differing dtypes.
 *
 * By default `weight` is left out, `bias` is left out, `training` is false, `momentum` is 0.1, `eps` is 1e-5.
 *
 * @see https://arxiv.org/abs/1502.03167
 *
 * @example
 * ```ts
 * F.batchNorm(tensor([[1], [3]]), null, null, null, null, { training: true, eps: 0 }).toArray()
 * // [[-1], [1]]
 * ```
 */
export function batchNorm(
  x: Tensor,
  runningMean: Tensor | null,
  runningVar: Tensor | null,
  weight?: Tensor | null | BatchNormOptions,
  bias?: Tensor | null | BatchNormOptions,
  o?: BatchNormOptions,
): Tensor {
  if (isOptions(weight)) {
    o = weight;
    weight = undefined;
  }
  if (isOptions(bias)) {
    o = bias;
    bias = undefined;
  }
  const {
    weight: weight_ = weight ?? null,
    bias: bias_ = bias ?? null,
    training = false,
    momentum = 0.1,
    eps = 1e-5,
  } = options<BatchNormOptions>('batchNorm', o, 'weight bias training momentum eps');
  return wrap(
    lib.op_batch_norm(
      tensorHandle(x, 'batchNorm', 'x'),
      optionalHandle(runningMean, 'batchNorm', 'runningMean'),
      optionalHandle(runningVar, 'batchNorm', 'runningVar'),
      optionalHandle(weight_, 'batchNorm', 'weight'),
      optionalHandle(bias_, 'batchNorm', 'bias'),
      flag(training, 'batchNorm', 'training'),
      number(momentum, 'batchNorm', 'momentum'),
      number(eps, 'batchNorm', 'eps'),
    ),
    'batchNorm',
  );
}

/** Options of {@link groupNorm}. */
export interface GroupNormOptions {
  weight?: Tensor | null;
  bias?: Tensor | null;
  /** By default 1e-5. */
  eps?: number;
}

/**
 * Brings the channels of each group, with everything behind them, to mean 0 and variance 1 in each example, then
 * scales and shifts each channel.
 *
 * `y = (x − mean)/√(var + eps)·weight + bias, with the group's biased variance`
 *
 * Shapes: [N, C, …]; weight and bias are [C]; the result has the shape of x.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when the channels do not divide into numGroups, or weight or bias are not [C]; DTypeError on
 * other or differing dtypes.
 *
 * By default `weight` is left out, `bias` is left out, `eps` is 1e-5.
 *
 * @see https://arxiv.org/abs/1803.08494
 *
 * @example
 * ```ts
 * F.groupNorm(tensor([[1, 3]]), 1, null, null, { eps: 0 }).toArray() // [[-1, 1]]
 * ```
 */
export function groupNorm(
  x: Tensor,
  numGroups: number,
  weight?: Tensor | null | GroupNormOptions,
  bias?: Tensor | null | GroupNormOptions,
  o?: GroupNormOptions,
): Tensor {
  if (isOptions(weight)) {
    o = weight;
    weight = undefined;
  }
  if (isOptions(bias)) {
    o = bias;
    bias = undefined;
  }
  const {
    weight: weight_ = weight ?? null,
    bias: bias_ = bias ?? null,
    eps = 1e-5,
  } = options<GroupNormOptions>('groupNorm', o, 'weight bias eps');
  return wrap(
    lib.op_group_norm(
      tensorHandle(x, 'groupNorm', 'x'),
      integer(numGroups, 'groupNorm', 'numGroups'),
      optionalHandle(weight_, 'groupNorm', 'weight'),
      optionalHandle(bias_, 'groupNorm', 'bias'),
      number(eps, 'groupNorm', 'eps'),
    ),
    'groupNorm',
  );
}

/** Options of {@link instanceNorm}. */
export interface InstanceNormOptions {
  runningMean?: Tensor | null;
  runningVar?: Tensor | null;
  weight?: Tensor | null;
  bias?: Tensor | null;
  /** By default true. */
  useInputStats?: boolean;
  /** By default 0.1. */
  momentum?: number;
  /** By default 1e-5. */
  eps?: number;
}

/**
 * Brings each channel of each example to mean 0 and variance 1, then scales and shifts it. Running statistics, if
 * given, take the mean of the examples' own in place; without useInputStats they are used instead.
 *
 * `y = (x − mean)/√(var + eps)·weight + bias`
 *
 * Shapes: [N, C, L, …], the rest [C]; the result has the shape of x.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when a channel has one value only or a parameter is not [C]; FluxionError when running
 * statistics are missing without useInputStats; DTypeError on other or differing dtypes.
 *
 * By default `runningMean` is left out, `runningVar` is left out, `weight` is left out, `bias` is left out,
 * `useInputStats` is true, `momentum` is 0.1, `eps` is 1e-5.
 *
 * @see https://arxiv.org/abs/1607.08022
 *
 * @example
 * ```ts
 * F.instanceNorm(tensor([[[1, 3]]]), null, null, null, null, { eps: 0 }).toArray()
 * // [[[-1, 1]]]
 * ```
 */
export function instanceNorm(
  x: Tensor,
  runningMean?: Tensor | null | InstanceNormOptions,
  runningVar?: Tensor | null | InstanceNormOptions,
  weight?: Tensor | null | InstanceNormOptions,
  bias?: Tensor | null | InstanceNormOptions,
  o?: InstanceNormOptions,
): Tensor {
  if (isOptions(runningMean)) {
    o = runningMean;
    runningMean = undefined;
  }
  if (isOptions(runningVar)) {
    o = runningVar;
    runningVar = undefined;
  }
  if (isOptions(weight)) {
    o = weight;
    weight = undefined;
  }
  if (isOptions(bias)) {
    o = bias;
    bias = undefined;
  }
  const {
    runningMean: runningMean_ = runningMean ?? null,
    runningVar: runningVar_ = runningVar ?? null,
    weight: weight_ = weight ?? null,
    bias: bias_ = bias ?? null,
    useInputStats = true,
    momentum = 0.1,
    eps = 1e-5,
  } = options<InstanceNormOptions>(
    'instanceNorm',
    o,
    'runningMean runningVar weight bias useInputStats momentum eps',
  );
  return wrap(
    lib.op_instance_norm(
      tensorHandle(x, 'instanceNorm', 'x'),
      optionalHandle(runningMean_, 'instanceNorm', 'runningMean'),
      optionalHandle(runningVar_, 'instanceNorm', 'runningVar'),
      optionalHandle(weight_, 'instanceNorm', 'weight'),
      optionalHandle(bias_, 'instanceNorm', 'bias'),
      flag(useInputStats, 'instanceNorm', 'useInputStats'),
      number(momentum, 'instanceNorm', 'momentum'),
      number(eps, 'instanceNorm', 'eps'),
    ),
    'instanceNorm',
  );
}

/** Options of {@link rmsNorm}. */
export interface RmsNormOptions {
  weight?: Tensor | null;
  eps?: number | null;
}

/**
 * Divides by the root mean square over the last dimensions, of shape normalizedShape, then scales. Without eps,
 * the smallest step of the dtype at 1.
 *
 * `y = x/√(mean x² + eps)·weight`
 *
 * Shapes: […, *normalizedShape]; weight is normalizedShape; the result has the shape of x.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when x does not end in normalizedShape or weight is not so; DTypeError on other or differing
 * dtypes.
 *
 * By default `weight` is left out, `eps` is left out.
 *
 * @see https://arxiv.org/abs/1910.07467
 *
 * @example
 * ```ts
 * F.rmsNorm(tensor([1, 7]), [2]).toArray() // [0.2, 1.4]
 * ```
 */
export function rmsNorm(
  x: Tensor,
  normalizedShape: number | readonly number[],
  weight?: Tensor | null | RmsNormOptions,
  o?: RmsNormOptions,
): Tensor {
  if (isOptions(weight)) {
    o = weight;
    weight = undefined;
  }
  const { weight: weight_ = weight ?? null, eps = null } = options<RmsNormOptions>(
    'rmsNorm',
    o,
    'weight eps',
  );
  return wrap(
    lib.op_rms_norm(
      tensorHandle(x, 'rmsNorm', 'x'),
      integers(normalizedShape, 'rmsNorm', 'normalizedShape'),
      optionalHandle(weight_, 'rmsNorm', 'weight'),
      given(eps),
      optionalNumber(eps, 'rmsNorm', 'eps'),
    ),
    'rmsNorm',
  );
}

/** Options of {@link normalize}. */
export interface NormalizeOptions {
  /** By default 2. */
  p?: number;
  /** By default 1. */
  dim?: number;
  /** By default 1e-12. */
  eps?: number;
}

/**
 * x divided by its p-norm along a dimension, or by eps where that is larger.
 *
 * `x/max(‖x‖ₚ, eps)`
 *
 * Shapes: that of x.
 *
 * Types: float32, float64.
 *
 * Errors: IndexError when the dimension is out of range; DTypeError on other dtypes.
 *
 * By default `p` is 2, `dim` is 1, `eps` is 1e-12.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
 *
 * @example
 * ```ts
 * F.normalize(tensor([[3, 4]])).toArray() // [[0.6, 0.8]]
 * ```
 */
export function normalize(x: Tensor, o?: NormalizeOptions): Tensor {
  const { p = 2, dim = 1, eps = 1e-12 } = options<NormalizeOptions>('normalize', o, 'p dim eps');
  return wrap(
    lib.op_normalize(
      tensorHandle(x, 'normalize', 'x'),
      number(p, 'normalize', 'p'),
      integer(dim, 'normalize', 'dim'),
      number(eps, 'normalize', 'eps'),
    ),
    'normalize',
  );
}

/** Options of {@link dropout2d}. */
export interface Dropout2dOptions {
  /** By default 0.5. */
  p?: number;
  /** By default true. */
  training?: boolean;
}

/**
 * Zeroes each channel of each example with probability p and scales the rest so that the mean stays, in training;
 * x itself otherwise.
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
export function dropout2d(
  x: Tensor,
  p?: number | Dropout2dOptions,
  training?: boolean | Dropout2dOptions,
): Tensor {
  let o: Dropout2dOptions | undefined;
  if (isOptions(p)) {
    o = p;
    p = undefined;
  }
  if (isOptions(training)) {
    o = training;
    training = undefined;
  }
  const { p: p_ = p ?? 0.5, training: training_ = training ?? true } = options<Dropout2dOptions>(
    'dropout2d',
    o,
    'p training',
  );
  return wrap(
    lib.op_dropout2d(
      tensorHandle(x, 'dropout2d', 'x'),
      number(p_, 'dropout2d', 'p'),
      flag(training_, 'dropout2d', 'training'),
    ),
    'dropout2d',
  );
}

/** Options of {@link dropout}. */
export interface DropoutOptions {
  /** By default 0.5. */
  p?: number;
  /** By default true. */
  training?: boolean;
}

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
export function dropout(x: Tensor, p?: number | DropoutOptions, training?: boolean | DropoutOptions): Tensor {
  let o: DropoutOptions | undefined;
  if (isOptions(p)) {
    o = p;
    p = undefined;
  }
  if (isOptions(training)) {
    o = training;
    training = undefined;
  }
  const { p: p_ = p ?? 0.5, training: training_ = training ?? true } = options<DropoutOptions>(
    'dropout',
    o,
    'p training',
  );
  return wrap(
    lib.op_dropout(
      tensorHandle(x, 'dropout', 'x'),
      number(p_, 'dropout', 'p'),
      flag(training_, 'dropout', 'training'),
    ),
    'dropout',
  );
}
