// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import { flag, integers, isOptions, number, optionalHandle, options } from '../args.ts';
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
