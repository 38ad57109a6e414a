// Made by `npm run generate` from the rows in cpp/fluxion/nn. Do not edit.

import {
  choice,
  dtypeIndex,
  flag,
  given,
  integer,
  integers,
  isOptions,
  number,
  optionalHandle,
  optionalInteger,
  optionalNumber,
  options,
} from '../args.ts';
import type { DType } from '../dtype.ts';
import { tensorHandle, wrap, wrapList } from '../handles.ts';
import { lib } from '../native.ts';
import {
  NativeLoss,
  NativeModule,
  bufferOf,
  childOf,
  nativeOf,
  parameterOf,
  setParameterOf,
  registerClasses,
} from '../nn/module.ts';
import type { Parameter } from '../nn/parameter.ts';
import type { Tensor } from '../tensor.ts';

/** Options of {@link Linear}. */
export interface LinearOptions {
  /** By default true. */
  bias?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * A fully connected layer.
 *
 * `x·Wᵀ + b`
 *
 * Shapes: […, inFeatures] to […, outFeatures]; weight [outFeatures, inFeatures], bias [outFeatures].
 *
 * Weights: weight and bias uniform in ±1/√inFeatures.
 *
 * Errors: ShapeError when a size is below 1, or the input's last size is not inFeatures.
 *
 * By default `bias` is true, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
 *
 * @example
 * ```ts
 * new nn.Linear(2, 3).forward(zeros([4, 2])).shape // [4, 3]
 * ```
 */
export class Linear extends NativeModule {
  constructor(inFeatures: number, outFeatures: number, o?: LinearOptions) {
    const { bias = true, dtype = 'float32' } = options<LinearOptions>('Linear', o, 'bias dtype');
    super(
      lib.nn_Linear(
        integer(inFeatures, 'Linear', 'inFeatures'),
        integer(outFeatures, 'Linear', 'outFeatures'),
        flag(bias, 'Linear', 'bias'),
        dtypeIndex(dtype, 'Linear'),
      ),
    );
  }

  get weight(): Parameter {
    return parameterOf(this, 'weight') as Parameter;
  }
  set weight(value: Tensor) {
    setParameterOf(this, 'weight', value);
  }

  get bias(): Parameter | null {
    return parameterOf(this, 'bias');
  }
  set bias(value: Tensor) {
    setParameterOf(this, 'bias', value);
  }
}

/**
 * The input as it is.
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Identity.html
 *
 * @example
 * ```ts
 * new nn.Identity().forward(tensor([1, 2])).toArray() // [1, 2]
 * ```
 */
export class Identity extends NativeModule {
  constructor() {
    super(lib.nn_Identity());
  }
}

/** Options of {@link Flatten}. */
export interface FlattenOptions {
  /** By default 1. */
  startDim?: number;
  /** By default -1. */
  endDim?: number;
}

/**
 * Makes the dimensions from startDim to endDim one; by default all but the batch.
 *
 * Shapes: [N, …] to [N, product of the rest].
 *
 * By default `startDim` is 1, `endDim` is -1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html
 *
 * @example
 * ```ts
 * new nn.Flatten().forward(zeros([2, 3, 4])).shape // [2, 12]
 * ```
 */
export class Flatten extends NativeModule {
  constructor(startDim?: number | FlattenOptions, endDim?: number | FlattenOptions) {
    let o: FlattenOptions | undefined;
    if (isOptions(startDim)) {
      o = startDim;
      startDim = undefined;
    }
    if (isOptions(endDim)) {
      o = endDim;
      endDim = undefined;
    }
    const { startDim: startDim_ = startDim ?? 1, endDim: endDim_ = endDim ?? -1 } = options<FlattenOptions>(
      'Flatten',
      o,
      'startDim endDim',
    );
    super(lib.nn_Flatten(integer(startDim_, 'Flatten', 'startDim'), integer(endDim_, 'Flatten', 'endDim')));
  }
}

/** Options of {@link Dropout}. */
export interface DropoutOptions {
  /** By default 0.5. */
  p?: number;
}

/**
 * In training, zeroes each value with probability p and scales the rest by 1/(1 − p); otherwise changes nothing.
 *
 * Shapes: any, kept.
 *
 * Errors: FluxionError when p lies outside [0, 1].
 *
 * By default `p` is 0.5.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 *
 * @example
 * ```ts
 * new nn.Dropout(0.5).eval().forward(tensor([1, 2])).toArray() // [1, 2]
 * ```
 */
export class Dropout extends NativeModule {
  constructor(p?: number | DropoutOptions) {
    let o: DropoutOptions | undefined;
    if (isOptions(p)) {
      o = p;
      p = undefined;
    }
    const { p: p_ = p ?? 0.5 } = options<DropoutOptions>('Dropout', o, 'p');
    super(lib.nn_Dropout(number(p_, 'Dropout', 'p')));
  }
}

/** Options of {@link Conv2d}. */
export interface Conv2dOptions {
  /** By default [1]. */
  stride?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[] | 'same' | 'valid';
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default 1. */
  groups?: number;
  /** By default true. */
  bias?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Slides learnt kernels over images. Sizes are one number or [height, width]; padding 'same' keeps height and
 * width (stride 1), 'valid' pads nothing.
 *
 * `yₒ = bₒ + Σ꜀ wₒ꜀ ⋆ x꜀`
 *
 * Shapes: [N, inChannels, H, W] or [inChannels, H, W] to [N, outChannels, H′, W′]; weight [outChannels,
 * inChannels/groups, height, width], bias [outChannels].
 *
 * Weights: weight and bias uniform in ±1/√f, f = inChannels/groups · height · width.
 *
 * Errors: ShapeError when groups do not divide the channels, or 'same' meets a stride.
 *
 * By default `stride` is [1], `padding` is [0], `dilation` is [1], `groups` is 1, `bias` is true, `dtype` is
 * 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
 *
 * @example
 * ```ts
 * new nn.Conv2d(1, 8, 3).forward(zeros([2, 1, 28, 28])).shape // [2, 8, 26, 26]
 * ```
 */
export class Conv2d extends NativeModule {
  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    o?: Conv2dOptions,
  ) {
    const {
      stride = [1],
      padding = [0],
      dilation = [1],
      groups = 1,
      bias = true,
      dtype = 'float32',
    } = options<Conv2dOptions>('Conv2d', o, 'stride padding dilation groups bias dtype');
    super(
      lib.nn_Conv2d(
        integer(inChannels, 'Conv2d', 'inChannels'),
        integer(outChannels, 'Conv2d', 'outChannels'),
        integers(kernelSize, 'Conv2d', 'kernelSize'),
        integers(stride, 'Conv2d', 'stride'),
        integers(typeof padding === 'string' ? 0 : padding, 'Conv2d', 'padding'),
        integers(dilation, 'Conv2d', 'dilation'),
        integer(groups, 'Conv2d', 'groups'),
        flag(bias, 'Conv2d', 'bias'),
        typeof padding === 'string' ? 1 + choice(padding, 'Conv2d', 'padding', ['same', 'valid']) : 0,
        dtypeIndex(dtype, 'Conv2d'),
      ),
    );
  }

  get weight(): Parameter {
    return parameterOf(this, 'weight') as Parameter;
  }
  set weight(value: Tensor) {
    setParameterOf(this, 'weight', value);
  }

  get bias(): Parameter | null {
    return parameterOf(this, 'bias');
  }
  set bias(value: Tensor) {
    setParameterOf(this, 'bias', value);
  }
}

/** Options of {@link MaxPool2d}. */
export interface MaxPool2dOptions {
  /** By default []. */
  stride?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default false. */
  ceilMode?: boolean;
}

/**
 * The largest value of each window; the stride is the kernel size unless given.
 *
 * Shapes: [N, C, H, W] or [C, H, W] to [N, C, H′, W′].
 *
 * By default `stride` is [], `padding` is [0], `dilation` is [1], `ceilMode` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
 *
 * @example
 * ```ts
 * new nn.MaxPool2d(2).forward(zeros([1, 8, 28, 28])).shape // [1, 8, 14, 14]
 * ```
 */
export class MaxPool2d extends NativeModule {
  constructor(kernelSize: number | readonly number[], o?: MaxPool2dOptions) {
    const {
      stride = [],
      padding = [0],
      dilation = [1],
      ceilMode = false,
    } = options<MaxPool2dOptions>('MaxPool2d', o, 'stride padding dilation ceilMode');
    super(
      lib.nn_MaxPool2d(
        integers(kernelSize, 'MaxPool2d', 'kernelSize'),
        integers(stride, 'MaxPool2d', 'stride'),
        integers(padding, 'MaxPool2d', 'padding'),
        integers(dilation, 'MaxPool2d', 'dilation'),
        flag(ceilMode, 'MaxPool2d', 'ceilMode'),
      ),
    );
  }
}

/** Options of {@link AvgPool2d}. */
export interface AvgPool2dOptions {
  /** By default []. */
  stride?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default false. */
  ceilMode?: boolean;
  /** By default true. */
  countIncludePad?: boolean;
}

/**
 * The mean of each window; the stride is the kernel size unless given.
 *
 * Shapes: [N, C, H, W] or [C, H, W] to [N, C, H′, W′].
 *
 * By default `stride` is [], `padding` is [0], `ceilMode` is false, `countIncludePad` is true.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
 *
 * @example
 * ```ts
 * new nn.AvgPool2d(2).forward(ones([1, 1, 2, 2])).toArray() // [[[[1]]]]
 * ```
 */
export class AvgPool2d extends NativeModule {
  constructor(kernelSize: number | readonly number[], o?: AvgPool2dOptions) {
    const {
      stride = [],
      padding = [0],
      ceilMode = false,
      countIncludePad = true,
    } = options<AvgPool2dOptions>('AvgPool2d', o, 'stride padding ceilMode countIncludePad');
    super(
      lib.nn_AvgPool2d(
        integers(kernelSize, 'AvgPool2d', 'kernelSize'),
        integers(stride, 'AvgPool2d', 'stride'),
        integers(padding, 'AvgPool2d', 'padding'),
        flag(ceilMode, 'AvgPool2d', 'ceilMode'),
        flag(countIncludePad, 'AvgPool2d', 'countIncludePad'),
      ),
    );
  }
}

/** Options of {@link BatchNorm1d}. */
export interface BatchNorm1dOptions {
  /** By default 1e-5. */
  eps?: number;
  /** By default 0.1. */
  momentum?: number | null;
  /** By default true. */
  affine?: boolean;
  /** By default true. */
  trackRunningStats?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it. Training uses the
 * batch's statistics and updates the running ones; evaluation uses the running ones. momentum null: plain averages
 * over the batches seen.
 *
 * `(x − mean) / √(var + eps) · weight + bias`
 *
 * Shapes: [N, numFeatures] or [N, numFeatures, L], kept; weight and bias [numFeatures].
 *
 * Weights: weight 1, bias 0, running_mean 0, running_var 1.
 *
 * Errors: ShapeError when the rank or the number of channels does not fit.
 *
 * By default `eps` is 1e-5, `momentum` is 0.1, `affine` is true, `trackRunningStats` is true, `dtype` is
 * 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
 *
 * @example
 * ```ts
 * new nn.BatchNorm1d(3).forward(rand([4, 3])).shape // [4, 3]
 * ```
 */
export class BatchNorm1d extends NativeModule {
  constructor(numFeatures: number, o?: BatchNorm1dOptions) {
    const {
      eps = 1e-5,
      momentum = 0.1,
      affine = true,
      trackRunningStats = true,
      dtype = 'float32',
    } = options<BatchNorm1dOptions>('BatchNorm1d', o, 'eps momentum affine trackRunningStats dtype');
    super(
      lib.nn_BatchNorm1d(
        integer(numFeatures, 'BatchNorm1d', 'numFeatures'),
        number(eps, 'BatchNorm1d', 'eps'),
        given(momentum),
        optionalNumber(momentum, 'BatchNorm1d', 'momentum'),
        flag(affine, 'BatchNorm1d', 'affine'),
        flag(trackRunningStats, 'BatchNorm1d', 'trackRunningStats'),
        dtypeIndex(dtype, 'BatchNorm1d'),
      ),
    );
  }

  get weight(): Parameter {
    return parameterOf(this, 'weight') as Parameter;
  }
  set weight(value: Tensor) {
    setParameterOf(this, 'weight', value);
  }

  get bias(): Parameter | null {
    return parameterOf(this, 'bias');
  }
  set bias(value: Tensor) {
    setParameterOf(this, 'bias', value);
  }

  get runningMean(): Tensor {
    return bufferOf(this, 'running_mean') as Tensor;
  }

  get runningVar(): Tensor {
    return bufferOf(this, 'running_var') as Tensor;
  }

  get numBatchesTracked(): Tensor {
    return bufferOf(this, 'num_batches_tracked') as Tensor;
  }
}

/** Options of {@link BatchNorm2d}. */
export interface BatchNorm2dOptions {
  /** By default 1e-5. */
  eps?: number;
  /** By default 0.1. */
  momentum?: number | null;
  /** By default true. */
  affine?: boolean;
  /** By default true. */
  trackRunningStats?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it. Training uses the
 * batch's statistics and updates the running ones; evaluation uses the running ones. momentum null: plain averages
 * over the batches seen.
 *
 * `(x − mean) / √(var + eps) · weight + bias`
 *
 * Shapes: [N, numFeatures, H, W], kept; weight and bias [numFeatures].
 *
 * Weights: weight 1, bias 0, running_mean 0, running_var 1.
 *
 * Errors: ShapeError when the rank or the number of channels does not fit.
 *
 * By default `eps` is 1e-5, `momentum` is 0.1, `affine` is true, `trackRunningStats` is true, `dtype` is
 * 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 *
 * @example
 * ```ts
 * new nn.BatchNorm2d(3).forward(rand([2, 3, 4, 4])).shape // [2, 3, 4, 4]
 * ```
 */
export class BatchNorm2d extends NativeModule {
  constructor(numFeatures: number, o?: BatchNorm2dOptions) {
    const {
      eps = 1e-5,
      momentum = 0.1,
      affine = true,
      trackRunningStats = true,
      dtype = 'float32',
    } = options<BatchNorm2dOptions>('BatchNorm2d', o, 'eps momentum affine trackRunningStats dtype');
    super(
      lib.nn_BatchNorm2d(
        integer(numFeatures, 'BatchNorm2d', 'numFeatures'),
        number(eps, 'BatchNorm2d', 'eps'),
        given(momentum),
        optionalNumber(momentum, 'BatchNorm2d', 'momentum'),
        flag(affine, 'BatchNorm2d', 'affine'),
        flag(trackRunningStats, 'BatchNorm2d', 'trackRunningStats'),
        dtypeIndex(dtype, 'BatchNorm2d'),
      ),
    );
  }

  get weight(): Parameter {
    return parameterOf(this, 'weight') as Parameter;
  }
  set weight(value: Tensor) {
    setParameterOf(this, 'weight', value);
  }

  get bias(): Parameter | null {
    return parameterOf(this, 'bias');
  }
  set bias(value: Tensor) {
    setParameterOf(this, 'bias', value);
  }

  get runningMean(): Tensor {
    return bufferOf(this, 'running_mean') as Tensor;
  }

  get runningVar(): Tensor {
    return bufferOf(this, 'running_var') as Tensor;
  }

  get numBatchesTracked(): Tensor {
    return bufferOf(this, 'num_batches_tracked') as Tensor;
  }
}

/** Options of {@link LayerNorm}. */
export interface LayerNormOptions {
  /** By default 1e-5. */
  eps?: number;
  /** By default true. */
  elementwiseAffine?: boolean;
  /** By default true. */
  bias?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Brings the last dimensions, of shape normalizedShape, to mean 0 and variance 1, then scales and shifts them.
 *
 * `(x − mean) / √(var + eps) · weight + bias`
 *
 * Shapes: […, normalizedShape], kept; weight and bias have normalizedShape.
 *
 * Weights: weight 1, bias 0.
 *
 * Errors: ShapeError when the input's last sizes are not normalizedShape.
 *
 * By default `eps` is 1e-5, `elementwiseAffine` is true, `bias` is true, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html
 *
 * @example
 * ```ts
 * new nn.LayerNorm(3).forward(tensor([1, 1, 1])).toArray() // [0, 0, 0]
 * ```
 */
export class LayerNorm extends NativeModule {
  constructor(normalizedShape: number | readonly number[], o?: LayerNormOptions) {
    const {
      eps = 1e-5,
      elementwiseAffine = true,
      bias = true,
      dtype = 'float32',
    } = options<LayerNormOptions>('LayerNorm', o, 'eps elementwiseAffine bias dtype');
    super(
      lib.nn_LayerNorm(
        integers(normalizedShape, 'LayerNorm', 'normalizedShape'),
        number(eps, 'LayerNorm', 'eps'),
        flag(elementwiseAffine, 'LayerNorm', 'elementwiseAffine'),
        flag(bias, 'LayerNorm', 'bias'),
        dtypeIndex(dtype, 'LayerNorm'),
      ),
    );
  }

  get weight(): Parameter {
    return parameterOf(this, 'weight') as Parameter;
  }
  set weight(value: Tensor) {
    setParameterOf(this, 'weight', value);
  }

  get bias(): Parameter | null {
    return parameterOf(this, 'bias');
  }
  set bias(value: Tensor) {
    setParameterOf(this, 'bias', value);
  }
}

/** Options of {@link Embedding}. */
export interface EmbeddingOptions {
  paddingIdx?: number | null;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * A table of learnt vectors, looked up by int32 index. The row paddingIdx starts as zeros and gets no gradient.
 *
 * Shapes: […] to […, embeddingDim]; weight [numEmbeddings, embeddingDim].
 *
 * Weights: weight from N(0, 1).
 *
 * Errors: IndexError when an index lies outside the table, DTypeError when indices are not int32.
 *
 * By default `paddingIdx` is left out, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Embedding.html
 *
 * @example
 * ```ts
 * new nn.Embedding(10, 4).forward(tensor([1, 2, 3], { dtype: 'int32' })).shape // [3, 4]
 * ```
 */
export class Embedding extends NativeModule {
  constructor(numEmbeddings: number, embeddingDim: number, o?: EmbeddingOptions) {
    const { paddingIdx = null, dtype = 'float32' } = options<EmbeddingOptions>(
      'Embedding',
      o,
      'paddingIdx dtype',
    );
    super(
      lib.nn_Embedding(
        integer(numEmbeddings, 'Embedding', 'numEmbeddings'),
        integer(embeddingDim, 'Embedding', 'embeddingDim'),
        given(paddingIdx),
        optionalInteger(paddingIdx, 'Embedding', 'paddingIdx'),
        dtypeIndex(dtype, 'Embedding'),
      ),
    );
  }

  get weight(): Parameter {
    return parameterOf(this, 'weight') as Parameter;
  }
  set weight(value: Tensor) {
    setParameterOf(this, 'weight', value);
  }
}

/** Options of {@link SinusoidalPositionalEncoding}. */
export interface SinusoidalPositionalEncodingOptions {
  /** By default 5000. */
  maxLength?: number;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Adds sines and cosines of geometrically spaced frequencies, so that a transformer can tell positions apart.
 *
 * `x + pe, pe(t, 2i) = sin(t / 10000^(2i/dim)), pe(t, 2i + 1) = cos(t / 10000^(2i/dim))`
 *
 * Shapes: […, T, dim], kept.
 *
 * Errors: ShapeError when T is over maxLength.
 *
 * By default `maxLength` is 5000, `dtype` is 'float32'.
 *
 * @see https://arxiv.org/abs/1706.03762
 *
 * @example
 * ```ts
 * new nn.SinusoidalPositionalEncoding(4).forward(zeros([1, 4])).toArray() // [[0, 1, 0, 1]]
 * ```
 */
export class SinusoidalPositionalEncoding extends NativeModule {
  constructor(dim: number, o?: SinusoidalPositionalEncodingOptions) {
    const { maxLength = 5000, dtype = 'float32' } = options<SinusoidalPositionalEncodingOptions>(
      'SinusoidalPositionalEncoding',
      o,
      'maxLength dtype',
    );
    super(
      lib.nn_SinusoidalPositionalEncoding(
        integer(dim, 'SinusoidalPositionalEncoding', 'dim'),
        integer(maxLength, 'SinusoidalPositionalEncoding', 'maxLength'),
        dtypeIndex(dtype, 'SinusoidalPositionalEncoding'),
      ),
    );
  }

  get encoding(): Tensor {
    return bufferOf(this, 'encoding') as Tensor;
  }
}

/** Options of {@link LearnedPositionalEmbedding}. */
export interface LearnedPositionalEmbeddingOptions {
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Adds a learnt vector for each position.
 *
 * `x + weight[0…T−1]`
 *
 * Shapes: […, T, dim], kept; weight [maxLength, dim].
 *
 * Weights: weight from N(0, 1).
 *
 * Errors: ShapeError when T is over maxLength.
 *
 * By default `dtype` is 'float32'.
 *
 * @see https://arxiv.org/abs/1705.03122
 *
 * @example
 * ```ts
 * new nn.LearnedPositionalEmbedding(8, 4).forward(zeros([2, 5, 4])).shape // [2, 5, 4]
 * ```
 */
export class LearnedPositionalEmbedding extends NativeModule {
  constructor(maxLength: number, dim: number, o?: LearnedPositionalEmbeddingOptions) {
    const { dtype = 'float32' } = options<LearnedPositionalEmbeddingOptions>(
      'LearnedPositionalEmbedding',
      o,
      'dtype',
    );
    super(
      lib.nn_LearnedPositionalEmbedding(
        integer(maxLength, 'LearnedPositionalEmbedding', 'maxLength'),
        integer(dim, 'LearnedPositionalEmbedding', 'dim'),
        dtypeIndex(dtype, 'LearnedPositionalEmbedding'),
      ),
    );
  }

  get weight(): Parameter {
    return parameterOf(this, 'weight') as Parameter;
  }
  set weight(value: Tensor) {
    setParameterOf(this, 'weight', value);
  }
}

/**
 * The function `relu` as a module.
 *
 * `max(x, 0)`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html
 *
 * @example
 * ```ts
 * new nn.ReLU().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class ReLU extends NativeModule {
  constructor() {
    super(lib.nn_ReLU());
  }
}

/**
 * The function `sigmoid` as a module.
 *
 * `1/(1 + e⁻ˣ)`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
 *
 * @example
 * ```ts
 * new nn.Sigmoid().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class Sigmoid extends NativeModule {
  constructor() {
    super(lib.nn_Sigmoid());
  }
}

/**
 * The function `tanh` as a module.
 *
 * `(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html
 *
 * @example
 * ```ts
 * new nn.Tanh().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class Tanh extends NativeModule {
  constructor() {
    super(lib.nn_Tanh());
  }
}

/**
 * The function `silu` as a module.
 *
 * `x·σ(x)`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html
 *
 * @example
 * ```ts
 * new nn.SiLU().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class SiLU extends NativeModule {
  constructor() {
    super(lib.nn_SiLU());
  }
}

/**
 * The function `mish` as a module.
 *
 * `x·tanh(ln(1 + eˣ))`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Mish.html
 *
 * @example
 * ```ts
 * new nn.Mish().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class Mish extends NativeModule {
  constructor() {
    super(lib.nn_Mish());
  }
}

/**
 * The function `logsigmoid` as a module.
 *
 * `−ln(1 + e⁻ˣ)`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LogSigmoid.html
 *
 * @example
 * ```ts
 * new nn.LogSigmoid().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class LogSigmoid extends NativeModule {
  constructor() {
    super(lib.nn_LogSigmoid());
  }
}

/**
 * The function `relu6` as a module.
 *
 * `min(max(x, 0), 6)`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReLU6.html
 *
 * @example
 * ```ts
 * new nn.ReLU6().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class ReLU6 extends NativeModule {
  constructor() {
    super(lib.nn_ReLU6());
  }
}

/**
 * The function `selu` as a module.
 *
 * `λ·(x > 0 ? x : α·(eˣ − 1))`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.SELU.html
 *
 * @example
 * ```ts
 * new nn.SELU().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class SELU extends NativeModule {
  constructor() {
    super(lib.nn_SELU());
  }
}

/**
 * The function `hardsigmoid` as a module.
 *
 * `min(max(x + 3, 0), 6)/6`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Hardsigmoid.html
 *
 * @example
 * ```ts
 * new nn.Hardsigmoid().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class Hardsigmoid extends NativeModule {
  constructor() {
    super(lib.nn_Hardsigmoid());
  }
}

/**
 * The function `hardswish` as a module.
 *
 * `x·min(max(x + 3, 0), 6)/6`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Hardswish.html
 *
 * @example
 * ```ts
 * new nn.Hardswish().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class Hardswish extends NativeModule {
  constructor() {
    super(lib.nn_Hardswish());
  }
}

/** Options of {@link LeakyReLU}. */
export interface LeakyReLUOptions {
  /** By default 0.01. */
  negativeSlope?: number;
}

/**
 * The positive part, and a small slope below zero.
 *
 * `x > 0 ? x : negativeSlope·x`
 *
 * Shapes: any, kept.
 *
 * By default `negativeSlope` is 0.01.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LeakyReLU.html
 *
 * @example
 * ```ts
 * new nn.LeakyReLU(0.5).forward(tensor([-2, 2])).toArray() // [-1, 2]
 * ```
 */
export class LeakyReLU extends NativeModule {
  constructor(negativeSlope?: number | LeakyReLUOptions) {
    let o: LeakyReLUOptions | undefined;
    if (isOptions(negativeSlope)) {
      o = negativeSlope;
      negativeSlope = undefined;
    }
    const { negativeSlope: negativeSlope_ = negativeSlope ?? 0.01 } = options<LeakyReLUOptions>(
      'LeakyReLU',
      o,
      'negativeSlope',
    );
    super(lib.nn_LeakyReLU(number(negativeSlope_, 'LeakyReLU', 'negativeSlope')));
  }
}

/** Options of {@link GELU}. */
export interface GELUOptions {
  /** By default 'none'. */
  approximate?: 'none' | 'tanh';
}

/**
 * The Gaussian error linear unit, by erf or by its tanh approximation.
 *
 * `x·Φ(x)`
 *
 * Shapes: any, kept.
 *
 * By default `approximate` is 'none'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GELU.html
 *
 * @example
 * ```ts
 * new nn.GELU().forward(tensor([0])).toArray() // [0]
 * ```
 */
export class GELU extends NativeModule {
  constructor(o?: GELUOptions) {
    const { approximate = 'none' } = options<GELUOptions>('GELU', o, 'approximate');
    super(lib.nn_GELU(choice(approximate, 'GELU', 'approximate', ['none', 'tanh'])));
  }
}

/** Options of {@link Softmax}. */
export interface SoftmaxOptions {
  /** By default -1. */
  dim?: number;
}

/**
 * Exponentials along dim, scaled to sum to 1.
 *
 * `exp(xᵢ) / Σⱼ exp(xⱼ)`
 *
 * Shapes: any, kept.
 *
 * By default `dim` is -1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html
 *
 * @example
 * ```ts
 * new nn.Softmax(0).forward(tensor([0, 0])).toArray() // [0.5, 0.5]
 * ```
 */
export class Softmax extends NativeModule {
  constructor(dim?: number | SoftmaxOptions) {
    let o: SoftmaxOptions | undefined;
    if (isOptions(dim)) {
      o = dim;
      dim = undefined;
    }
    const { dim: dim_ = dim ?? -1 } = options<SoftmaxOptions>('Softmax', o, 'dim');
    super(lib.nn_Softmax(integer(dim_, 'Softmax', 'dim')));
  }
}

/** Options of {@link LogSoftmax}. */
export interface LogSoftmaxOptions {
  /** By default -1. */
  dim?: number;
}

/**
 * The logarithm of softmax, exact for extreme inputs.
 *
 * `xᵢ − ln Σⱼ exp(xⱼ)`
 *
 * Shapes: any, kept.
 *
 * By default `dim` is -1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html
 *
 * @example
 * ```ts
 * new nn.LogSoftmax(0).forward(tensor([5])).toArray() // [0]
 * ```
 */
export class LogSoftmax extends NativeModule {
  constructor(dim?: number | LogSoftmaxOptions) {
    let o: LogSoftmaxOptions | undefined;
    if (isOptions(dim)) {
      o = dim;
      dim = undefined;
    }
    const { dim: dim_ = dim ?? -1 } = options<LogSoftmaxOptions>('LogSoftmax', o, 'dim');
    super(lib.nn_LogSoftmax(integer(dim_, 'LogSoftmax', 'dim')));
  }
}

/** Options of {@link MultiheadAttention.attend}. */
export interface MultiheadAttentionAttendOptions {
  attnMask?: Tensor | null;
  keyPaddingMask?: Tensor | null;
  /** By default false. */
  isCausal?: boolean;
}

/** Options of {@link MultiheadAttention.weights}. */
export interface MultiheadAttentionWeightsOptions {
  attnMask?: Tensor | null;
  keyPaddingMask?: Tensor | null;
  /** By default false. */
  isCausal?: boolean;
}

/** Options of {@link MultiheadAttention}. */
export interface MultiheadAttentionOptions {
  /** By default 0. */
  dropout?: number;
  /** By default true. */
  bias?: boolean;
  /** By default false. */
  batchFirst?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Attention with several heads, in PyTorch's layout: in_proj_weight stacks the maps of query, key and value.
 * forward(x) is self-attention; attend() takes query, key, value and masks.
 *
 * `concat over heads of softmax(Q·Kᵀ/√(embedDim/numHeads))·V, then out_proj`
 *
 * Shapes: [T, N, embedDim], or [N, T, embedDim] with batchFirst, or [T, embedDim]; kept. in_proj_weight
 * [3·embedDim, embedDim], in_proj_bias [3·embedDim].
 *
 * Weights: in_proj_weight xavier uniform, out_proj.weight as Linear, biases 0.
 *
 * Errors: ShapeError when numHeads does not divide embedDim, or shapes do not fit.
 *
 * By default `dropout` is 0, `bias` is true, `batchFirst` is false, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html
 *
 * @example
 * ```ts
 * new nn.MultiheadAttention(8, 2).forward(zeros([5, 1, 8])).shape // [5, 1, 8]
 * ```
 */
export class MultiheadAttention extends NativeModule {
  constructor(embedDim: number, numHeads: number, o?: MultiheadAttentionOptions) {
    const {
      dropout = 0,
      bias = true,
      batchFirst = false,
      dtype = 'float32',
    } = options<MultiheadAttentionOptions>('MultiheadAttention', o, 'dropout bias batchFirst dtype');
    super(
      lib.nn_MultiheadAttention(
        integer(embedDim, 'MultiheadAttention', 'embedDim'),
        integer(numHeads, 'MultiheadAttention', 'numHeads'),
        number(dropout, 'MultiheadAttention', 'dropout'),
        flag(bias, 'MultiheadAttention', 'bias'),
        flag(batchFirst, 'MultiheadAttention', 'batchFirst'),
        dtypeIndex(dtype, 'MultiheadAttention'),
      ),
    );
  }

  get inProjWeight(): Parameter {
    return parameterOf(this, 'in_proj_weight') as Parameter;
  }
  set inProjWeight(value: Tensor) {
    setParameterOf(this, 'in_proj_weight', value);
  }

  get inProjBias(): Parameter | null {
    return parameterOf(this, 'in_proj_bias');
  }
  set inProjBias(value: Tensor) {
    setParameterOf(this, 'in_proj_bias', value);
  }

  get outProj(): Linear {
    return childOf<Linear>(this, 'out_proj');
  }

  /**
   * Attention of query to key and value. attnMask [L, S] or [N·heads, L, S]: true hides, floats are added to the
   * scores; keyPaddingMask [N, S]: true hides a key; isCausal hides what comes later.
   *
   * By default `attnMask` is left out, `keyPaddingMask` is left out, `isCausal` is false.
   */
  attend(query: Tensor, key: Tensor, value: Tensor, o?: MultiheadAttentionAttendOptions): Tensor {
    const {
      attnMask = null,
      keyPaddingMask = null,
      isCausal = false,
    } = options<MultiheadAttentionAttendOptions>('attend', o, 'attnMask keyPaddingMask isCausal');
    return wrap(
      lib.nn_MultiheadAttention_attend(
        nativeOf(this),
        tensorHandle(query, 'attend', 'query'),
        tensorHandle(key, 'attend', 'key'),
        tensorHandle(value, 'attend', 'value'),
        optionalHandle(attnMask, 'attend', 'attnMask'),
        optionalHandle(keyPaddingMask, 'attend', 'keyPaddingMask'),
        flag(isCausal, 'attend', 'isCausal'),
      ),
      'attend',
    );
  }

  /**
   * The attention weights of each head, [N, heads, L, S].
   *
   * By default `attnMask` is left out, `keyPaddingMask` is left out, `isCausal` is false.
   */
  weights(query: Tensor, key: Tensor, o?: MultiheadAttentionWeightsOptions): Tensor {
    const {
      attnMask = null,
      keyPaddingMask = null,
      isCausal = false,
    } = options<MultiheadAttentionWeightsOptions>('weights', o, 'attnMask keyPaddingMask isCausal');
    return wrap(
      lib.nn_MultiheadAttention_weights(
        nativeOf(this),
        tensorHandle(query, 'weights', 'query'),
        tensorHandle(key, 'weights', 'key'),
        optionalHandle(attnMask, 'weights', 'attnMask'),
        optionalHandle(keyPaddingMask, 'weights', 'keyPaddingMask'),
        flag(isCausal, 'weights', 'isCausal'),
      ),
      'weights',
    );
  }
}

/** Options of {@link TransformerBlock}. */
export interface TransformerBlockOptions {
  /** By default 4. */
  mlpRatio?: number;
  /** By default 0. */
  dropout?: number;
  /** By default true. */
  isCausal?: boolean;
  /** By default true. */
  bias?: boolean;
  /** By default 'tanh'. */
  approximate?: 'none' | 'tanh';
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * A pre-LN transformer block: attention and a two-layer perceptron, each around a residual. Causal unless told
 * otherwise.
 *
 * `y = x + attn(ln_1(x)); y + mlp(ln_2(y))`
 *
 * Shapes: [N, T, embedDim], kept.
 *
 * Weights: that of its parts.
 *
 * Errors: ShapeError when numHeads does not divide embedDim.
 *
 * By default `mlpRatio` is 4, `dropout` is 0, `isCausal` is true, `bias` is true, `approximate` is 'tanh', `dtype`
 * is 'float32'.
 *
 * @see https://arxiv.org/abs/2002.04745
 *
 * @example
 * ```ts
 * new nn.TransformerBlock(8, 2).forward(zeros([1, 5, 8])).shape // [1, 5, 8]
 * ```
 */
export class TransformerBlock extends NativeModule {
  constructor(embedDim: number, numHeads: number, o?: TransformerBlockOptions) {
    const {
      mlpRatio = 4,
      dropout = 0,
      isCausal = true,
      bias = true,
      approximate = 'tanh',
      dtype = 'float32',
    } = options<TransformerBlockOptions>(
      'TransformerBlock',
      o,
      'mlpRatio dropout isCausal bias approximate dtype',
    );
    super(
      lib.nn_TransformerBlock(
        integer(embedDim, 'TransformerBlock', 'embedDim'),
        integer(numHeads, 'TransformerBlock', 'numHeads'),
        integer(mlpRatio, 'TransformerBlock', 'mlpRatio'),
        number(dropout, 'TransformerBlock', 'dropout'),
        flag(isCausal, 'TransformerBlock', 'isCausal'),
        flag(bias, 'TransformerBlock', 'bias'),
        choice(approximate, 'TransformerBlock', 'approximate', ['none', 'tanh']),
        dtypeIndex(dtype, 'TransformerBlock'),
      ),
    );
  }

  get ln1(): LayerNorm {
    return childOf<LayerNorm>(this, 'ln_1');
  }

  get attn(): MultiheadAttention {
    return childOf<MultiheadAttention>(this, 'attn');
  }

  get ln2(): LayerNorm {
    return childOf<LayerNorm>(this, 'ln_2');
  }

  get mlp(): NativeModule {
    return childOf<NativeModule>(this, 'mlp');
  }
}

/** Options of {@link GPT}. */
export interface GPTOptions {
  vocabSize: number;
  /** By default 2. */
  nLayer?: number;
  /** By default 4. */
  nHead?: number;
  /** By default 48. */
  nEmbd?: number;
  /** By default 48. */
  blockSize?: number;
  /** By default 4. */
  mlpRatio?: number;
  /** By default 0. */
  dropout?: number;
  /** By default true. */
  bias?: boolean;
  /** By default false. */
  tieWeights?: boolean;
  /** By default 'learned'. */
  positions?: 'learned' | 'sinusoidal';
  /** By default 'tanh'. */
  approximate?: 'none' | 'tanh';
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * A decoder in GPT-2's form: token and position embedding, pre-LN blocks, a last layer norm, a linear head without
 * bias.
 *
 * Shapes: int32 ids [N, T] or [T] to logits […, T, vocabSize]; T at most blockSize.
 *
 * Weights: N(0, σ²), σ = 0.02·√(768/nEmbd); weights that end a residual branch N(0, σ²/(2·nLayer)), the head N(0,
 * 0.02²); biases 0.
 *
 * Errors: ShapeError when nHead does not divide nEmbd, or a sequence is longer than blockSize.
 *
 * By default `nLayer` is 2, `nHead` is 4, `nEmbd` is 48, `blockSize` is 48, `mlpRatio` is 4, `dropout` is 0,
 * `bias` is true, `tieWeights` is false, `positions` is 'learned', `approximate` is 'tanh', `dtype` is 'float32'.
 *
 * @see https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf
 *
 * @example
 * ```ts
 * new nn.GPT({ vocabSize: 11, nLayer: 1, nHead: 2, nEmbd: 8, blockSize: 6 }).forward(zeros([1, 6], { dtype: 'int32' })).shape
 * // [1, 6, 11]
 * ```
 */
export class GPT extends NativeModule {
  constructor(o: GPTOptions) {
    const {
      vocabSize,
      nLayer = 2,
      nHead = 4,
      nEmbd = 48,
      blockSize = 48,
      mlpRatio = 4,
      dropout = 0,
      bias = true,
      tieWeights = false,
      positions = 'learned',
      approximate = 'tanh',
      dtype = 'float32',
    } = options<GPTOptions>(
      'GPT',
      o,
      'vocabSize nLayer nHead nEmbd blockSize mlpRatio dropout bias tieWeights positions approximate dtype',
    );
    super(
      lib.nn_GPT(
        integer(vocabSize, 'GPT', 'vocabSize'),
        integer(nLayer, 'GPT', 'nLayer'),
        integer(nHead, 'GPT', 'nHead'),
        integer(nEmbd, 'GPT', 'nEmbd'),
        integer(blockSize, 'GPT', 'blockSize'),
        integer(mlpRatio, 'GPT', 'mlpRatio'),
        number(dropout, 'GPT', 'dropout'),
        flag(bias, 'GPT', 'bias'),
        flag(tieWeights, 'GPT', 'tieWeights'),
        choice(positions, 'GPT', 'positions', ['learned', 'sinusoidal']),
        choice(approximate, 'GPT', 'approximate', ['none', 'tanh']),
        dtypeIndex(dtype, 'GPT'),
      ),
    );
  }

  get wte(): Embedding {
    return childOf<Embedding>(this, 'wte');
  }

  get wpe(): NativeModule {
    return childOf<NativeModule>(this, 'wpe');
  }

  get h(): NativeModule {
    return childOf<NativeModule>(this, 'h');
  }

  get lnF(): LayerNorm {
    return childOf<LayerNorm>(this, 'ln_f');
  }

  get lmHead(): Linear {
    return childOf<Linear>(this, 'lm_head');
  }
}

/** Options of {@link RNN.unroll}. */
export interface RNNUnrollOptions {
  h0?: Tensor | null;
}

/** Options of {@link RNN}. */
export interface RNNOptions {
  /** By default 1. */
  numLayers?: number;
  /** By default 'tanh'. */
  nonlinearity?: 'tanh' | 'relu' | 'sigmoid';
  /** By default true. */
  bias?: boolean;
  /** By default false. */
  batchFirst?: boolean;
  /** By default 0. */
  dropout?: number;
  /** By default false. */
  bidirectional?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * The simplest network that remembers. forward(x) gives every step's output, unroll() the states too.
 *
 * `hₜ = tanh(W_ih·xₜ + b_ih + W_hh·hₜ₋₁ + b_hh)`
 *
 * Shapes: [T, N, inputSize], or [N, T, inputSize] with batchFirst, or [T, inputSize], to the same with hiddenSize
 * (twice that when bidirectional) last; states [numLayers·directions, N, hiddenSize].
 *
 * Weights: all uniform in ±1/√hiddenSize.
 *
 * Errors: ShapeError when a size is below 1, or input or states have other shapes.
 *
 * By default `numLayers` is 1, `nonlinearity` is 'tanh', `bias` is true, `batchFirst` is false, `dropout` is 0,
 * `bidirectional` is false, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.RNN.html
 *
 * @example
 * ```ts
 * new nn.RNN(3, 4).forward(zeros([5, 2, 3])).shape // [5, 2, 4]
 * ```
 */
export class RNN extends NativeModule {
  constructor(inputSize: number, hiddenSize: number, o?: RNNOptions) {
    const {
      numLayers = 1,
      nonlinearity = 'tanh',
      bias = true,
      batchFirst = false,
      dropout = 0,
      bidirectional = false,
      dtype = 'float32',
    } = options<RNNOptions>('RNN', o, 'numLayers nonlinearity bias batchFirst dropout bidirectional dtype');
    super(
      lib.nn_RNN(
        integer(inputSize, 'RNN', 'inputSize'),
        integer(hiddenSize, 'RNN', 'hiddenSize'),
        integer(numLayers, 'RNN', 'numLayers'),
        choice(nonlinearity, 'RNN', 'nonlinearity', ['tanh', 'relu', 'sigmoid']),
        flag(bias, 'RNN', 'bias'),
        flag(batchFirst, 'RNN', 'batchFirst'),
        number(dropout, 'RNN', 'dropout'),
        flag(bidirectional, 'RNN', 'bidirectional'),
        dtypeIndex(dtype, 'RNN'),
      ),
    );
  }

  get weightIhL0(): Parameter {
    return parameterOf(this, 'weight_ih_l0') as Parameter;
  }
  set weightIhL0(value: Tensor) {
    setParameterOf(this, 'weight_ih_l0', value);
  }

  get weightHhL0(): Parameter {
    return parameterOf(this, 'weight_hh_l0') as Parameter;
  }
  set weightHhL0(value: Tensor) {
    setParameterOf(this, 'weight_hh_l0', value);
  }

  get biasIhL0(): Parameter | null {
    return parameterOf(this, 'bias_ih_l0');
  }
  set biasIhL0(value: Tensor) {
    setParameterOf(this, 'bias_ih_l0', value);
  }

  get biasHhL0(): Parameter | null {
    return parameterOf(this, 'bias_hh_l0');
  }
  set biasHhL0(value: Tensor) {
    setParameterOf(this, 'bias_hh_l0', value);
  }

  /**
   * Every step's output, then the last states, from the states given or from zeros: [output, hN].
   *
   * By default `h0` is left out.
   */
  unroll(x: Tensor, o?: RNNUnrollOptions): Tensor[] {
    const { h0 = null } = options<RNNUnrollOptions>('unroll', o, 'h0');
    return wrapList(
      lib.nn_RNN_unroll(nativeOf(this), tensorHandle(x, 'unroll', 'x'), optionalHandle(h0, 'unroll', 'h0')),
      'unroll',
    );
  }
}

/** Options of {@link LSTM.unroll}. */
export interface LSTMUnrollOptions {
  h0?: Tensor | null;
  c0?: Tensor | null;
}

/** Options of {@link LSTM}. */
export interface LSTMOptions {
  /** By default 1. */
  numLayers?: number;
  /** By default true. */
  bias?: boolean;
  /** By default false. */
  batchFirst?: boolean;
  /** By default 0. */
  dropout?: number;
  /** By default false. */
  bidirectional?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Long short-term memory: a cell that gates write to, erase and read. forward(x) gives every step's output,
 * unroll() the states too.
 *
 * `i, f, g, o from W_ih·xₜ + b_ih + W_hh·hₜ₋₁ + b_hh; cₜ = σ(f)·cₜ₋₁ + σ(i)·tanh(g); hₜ = σ(o)·tanh(cₜ)`
 *
 * Shapes: [T, N, inputSize], or [N, T, inputSize] with batchFirst, or [T, inputSize], to the same with hiddenSize
 * (twice that when bidirectional) last; states [numLayers·directions, N, hiddenSize].
 *
 * Weights: all uniform in ±1/√hiddenSize.
 *
 * Errors: ShapeError when a size is below 1, or input or states have other shapes.
 *
 * By default `numLayers` is 1, `bias` is true, `batchFirst` is false, `dropout` is 0, `bidirectional` is false,
 * `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html
 *
 * @example
 * ```ts
 * new nn.LSTM(3, 4, { numLayers: 2 }).unroll(zeros([5, 2, 3])).map((t) => t.shape)
 * // [[5, 2, 4], [2, 2, 4], [2, 2, 4]]
 * ```
 */
export class LSTM extends NativeModule {
  constructor(inputSize: number, hiddenSize: number, o?: LSTMOptions) {
    const {
      numLayers = 1,
      bias = true,
      batchFirst = false,
      dropout = 0,
      bidirectional = false,
      dtype = 'float32',
    } = options<LSTMOptions>('LSTM', o, 'numLayers bias batchFirst dropout bidirectional dtype');
    super(
      lib.nn_LSTM(
        integer(inputSize, 'LSTM', 'inputSize'),
        integer(hiddenSize, 'LSTM', 'hiddenSize'),
        integer(numLayers, 'LSTM', 'numLayers'),
        flag(bias, 'LSTM', 'bias'),
        flag(batchFirst, 'LSTM', 'batchFirst'),
        number(dropout, 'LSTM', 'dropout'),
        flag(bidirectional, 'LSTM', 'bidirectional'),
        dtypeIndex(dtype, 'LSTM'),
      ),
    );
  }

  get weightIhL0(): Parameter {
    return parameterOf(this, 'weight_ih_l0') as Parameter;
  }
  set weightIhL0(value: Tensor) {
    setParameterOf(this, 'weight_ih_l0', value);
  }

  get weightHhL0(): Parameter {
    return parameterOf(this, 'weight_hh_l0') as Parameter;
  }
  set weightHhL0(value: Tensor) {
    setParameterOf(this, 'weight_hh_l0', value);
  }

  get biasIhL0(): Parameter | null {
    return parameterOf(this, 'bias_ih_l0');
  }
  set biasIhL0(value: Tensor) {
    setParameterOf(this, 'bias_ih_l0', value);
  }

  get biasHhL0(): Parameter | null {
    return parameterOf(this, 'bias_hh_l0');
  }
  set biasHhL0(value: Tensor) {
    setParameterOf(this, 'bias_hh_l0', value);
  }

  /**
   * Every step's output, then the last states, from the states given or from zeros: [output, hN, cN].
   *
   * By default `h0` is left out, `c0` is left out.
   */
  unroll(x: Tensor, o?: LSTMUnrollOptions): Tensor[] {
    const { h0 = null, c0 = null } = options<LSTMUnrollOptions>('unroll', o, 'h0 c0');
    return wrapList(
      lib.nn_LSTM_unroll(
        nativeOf(this),
        tensorHandle(x, 'unroll', 'x'),
        optionalHandle(h0, 'unroll', 'h0'),
        optionalHandle(c0, 'unroll', 'c0'),
      ),
      'unroll',
    );
  }
}

/** Options of {@link GRU.unroll}. */
export interface GRUUnrollOptions {
  h0?: Tensor | null;
}

/** Options of {@link GRU}. */
export interface GRUOptions {
  /** By default 1. */
  numLayers?: number;
  /** By default true. */
  bias?: boolean;
  /** By default false. */
  batchFirst?: boolean;
  /** By default 0. */
  dropout?: number;
  /** By default false. */
  bidirectional?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Gated recurrent unit: an LSTM's memory with two gates and no cell. forward(x) gives every step's output,
 * unroll() the states too.
 *
 * `r, z = σ(…); n = tanh(W_in·xₜ + b_in + r·(W_hn·hₜ₋₁ + b_hn)); hₜ = (1 − z)·n + z·hₜ₋₁`
 *
 * Shapes: [T, N, inputSize], or [N, T, inputSize] with batchFirst, or [T, inputSize], to the same with hiddenSize
 * (twice that when bidirectional) last; states [numLayers·directions, N, hiddenSize].
 *
 * Weights: all uniform in ±1/√hiddenSize.
 *
 * Errors: ShapeError when a size is below 1, or input or states have other shapes.
 *
 * By default `numLayers` is 1, `bias` is true, `batchFirst` is false, `dropout` is 0, `bidirectional` is false,
 * `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
 *
 * @example
 * ```ts
 * new nn.GRU(3, 4).forward(zeros([5, 2, 3])).shape // [5, 2, 4]
 * ```
 */
export class GRU extends NativeModule {
  constructor(inputSize: number, hiddenSize: number, o?: GRUOptions) {
    const {
      numLayers = 1,
      bias = true,
      batchFirst = false,
      dropout = 0,
      bidirectional = false,
      dtype = 'float32',
    } = options<GRUOptions>('GRU', o, 'numLayers bias batchFirst dropout bidirectional dtype');
    super(
      lib.nn_GRU(
        integer(inputSize, 'GRU', 'inputSize'),
        integer(hiddenSize, 'GRU', 'hiddenSize'),
        integer(numLayers, 'GRU', 'numLayers'),
        flag(bias, 'GRU', 'bias'),
        flag(batchFirst, 'GRU', 'batchFirst'),
        number(dropout, 'GRU', 'dropout'),
        flag(bidirectional, 'GRU', 'bidirectional'),
        dtypeIndex(dtype, 'GRU'),
      ),
    );
  }

  get weightIhL0(): Parameter {
    return parameterOf(this, 'weight_ih_l0') as Parameter;
  }
  set weightIhL0(value: Tensor) {
    setParameterOf(this, 'weight_ih_l0', value);
  }

  get weightHhL0(): Parameter {
    return parameterOf(this, 'weight_hh_l0') as Parameter;
  }
  set weightHhL0(value: Tensor) {
    setParameterOf(this, 'weight_hh_l0', value);
  }

  get biasIhL0(): Parameter | null {
    return parameterOf(this, 'bias_ih_l0');
  }
  set biasIhL0(value: Tensor) {
    setParameterOf(this, 'bias_ih_l0', value);
  }

  get biasHhL0(): Parameter | null {
    return parameterOf(this, 'bias_hh_l0');
  }
  set biasHhL0(value: Tensor) {
    setParameterOf(this, 'bias_hh_l0', value);
  }

  /**
   * Every step's output, then the last states, from the states given or from zeros: [output, hN].
   *
   * By default `h0` is left out.
   */
  unroll(x: Tensor, o?: GRUUnrollOptions): Tensor[] {
    const { h0 = null } = options<GRUUnrollOptions>('unroll', o, 'h0');
    return wrapList(
      lib.nn_GRU_unroll(nativeOf(this), tensorHandle(x, 'unroll', 'x'), optionalHandle(h0, 'unroll', 'h0')),
      'unroll',
    );
  }
}

/** Options of {@link RNNCell.step}. */
export interface RNNCellStepOptions {
  h?: Tensor | null;
}

/** Options of {@link RNNCell}. */
export interface RNNCellOptions {
  /** By default true. */
  bias?: boolean;
  /** By default 'tanh'. */
  nonlinearity?: 'tanh' | 'relu' | 'sigmoid';
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * One step of an RNN. forward(x) starts from zeros; step() takes the state before.
 *
 * `h′ = tanh(W_ih·x + b_ih + W_hh·h + b_hh)`
 *
 * Shapes: [N, inputSize] or [inputSize] to [N, hiddenSize] or [hiddenSize].
 *
 * Weights: all uniform in ±1/√hiddenSize.
 *
 * Errors: ShapeError when a size is below 1, or input or states have other shapes.
 *
 * By default `bias` is true, `nonlinearity` is 'tanh', `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html
 *
 * @example
 * ```ts
 * new nn.RNNCell(3, 4, { nonlinearity: 'sigmoid' }).step(zeros([2, 3])).shape // [2, 4]
 * ```
 */
export class RNNCell extends NativeModule {
  constructor(inputSize: number, hiddenSize: number, o?: RNNCellOptions) {
    const {
      bias = true,
      nonlinearity = 'tanh',
      dtype = 'float32',
    } = options<RNNCellOptions>('RNNCell', o, 'bias nonlinearity dtype');
    super(
      lib.nn_RNNCell(
        integer(inputSize, 'RNNCell', 'inputSize'),
        integer(hiddenSize, 'RNNCell', 'hiddenSize'),
        flag(bias, 'RNNCell', 'bias'),
        choice(nonlinearity, 'RNNCell', 'nonlinearity', ['tanh', 'relu', 'sigmoid']),
        dtypeIndex(dtype, 'RNNCell'),
      ),
    );
  }

  get weightIh(): Parameter {
    return parameterOf(this, 'weight_ih') as Parameter;
  }
  set weightIh(value: Tensor) {
    setParameterOf(this, 'weight_ih', value);
  }

  get weightHh(): Parameter {
    return parameterOf(this, 'weight_hh') as Parameter;
  }
  set weightHh(value: Tensor) {
    setParameterOf(this, 'weight_hh', value);
  }

  get biasIh(): Parameter | null {
    return parameterOf(this, 'bias_ih');
  }
  set biasIh(value: Tensor) {
    setParameterOf(this, 'bias_ih', value);
  }

  get biasHh(): Parameter | null {
    return parameterOf(this, 'bias_hh');
  }
  set biasHh(value: Tensor) {
    setParameterOf(this, 'bias_hh', value);
  }

  /**
   * One step from the state given or from zeros.
   *
   * By default `h` is left out.
   */
  step(x: Tensor, o?: RNNCellStepOptions): Tensor {
    const { h = null } = options<RNNCellStepOptions>('step', o, 'h');
    return wrap(
      lib.nn_RNNCell_step(nativeOf(this), tensorHandle(x, 'step', 'x'), optionalHandle(h, 'step', 'h')),
      'step',
    );
  }
}

/** Options of {@link LSTMCell.step}. */
export interface LSTMCellStepOptions {
  h?: Tensor | null;
  c?: Tensor | null;
}

/** Options of {@link LSTMCell}. */
export interface LSTMCellOptions {
  /** By default true. */
  bias?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * One step of an LSTM. forward(x) starts from zeros and gives h; step() takes both states and gives both.
 *
 * `c′ = σ(f)·c + σ(i)·tanh(g); h′ = σ(o)·tanh(c′)`
 *
 * Shapes: [N, inputSize] or [inputSize] to [N, hiddenSize] or [hiddenSize].
 *
 * Weights: all uniform in ±1/√hiddenSize.
 *
 * Errors: ShapeError when a size is below 1, or input or states have other shapes.
 *
 * By default `bias` is true, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html
 *
 * @example
 * ```ts
 * new nn.LSTMCell(3, 4).step(zeros([2, 3])).map((t) => t.shape) // [[2, 4], [2, 4]]
 * ```
 */
export class LSTMCell extends NativeModule {
  constructor(inputSize: number, hiddenSize: number, o?: LSTMCellOptions) {
    const { bias = true, dtype = 'float32' } = options<LSTMCellOptions>('LSTMCell', o, 'bias dtype');
    super(
      lib.nn_LSTMCell(
        integer(inputSize, 'LSTMCell', 'inputSize'),
        integer(hiddenSize, 'LSTMCell', 'hiddenSize'),
        flag(bias, 'LSTMCell', 'bias'),
        dtypeIndex(dtype, 'LSTMCell'),
      ),
    );
  }

  get weightIh(): Parameter {
    return parameterOf(this, 'weight_ih') as Parameter;
  }
  set weightIh(value: Tensor) {
    setParameterOf(this, 'weight_ih', value);
  }

  get weightHh(): Parameter {
    return parameterOf(this, 'weight_hh') as Parameter;
  }
  set weightHh(value: Tensor) {
    setParameterOf(this, 'weight_hh', value);
  }

  get biasIh(): Parameter | null {
    return parameterOf(this, 'bias_ih');
  }
  set biasIh(value: Tensor) {
    setParameterOf(this, 'bias_ih', value);
  }

  get biasHh(): Parameter | null {
    return parameterOf(this, 'bias_hh');
  }
  set biasHh(value: Tensor) {
    setParameterOf(this, 'bias_hh', value);
  }

  /**
   * One step from the state given or from zeros. Gives [h, c].
   *
   * By default `h` is left out, `c` is left out.
   */
  step(x: Tensor, o?: LSTMCellStepOptions): Tensor[] {
    const { h = null, c = null } = options<LSTMCellStepOptions>('step', o, 'h c');
    return wrapList(
      lib.nn_LSTMCell_step(
        nativeOf(this),
        tensorHandle(x, 'step', 'x'),
        optionalHandle(h, 'step', 'h'),
        optionalHandle(c, 'step', 'c'),
      ),
      'step',
    );
  }
}

/** Options of {@link GRUCell.step}. */
export interface GRUCellStepOptions {
  h?: Tensor | null;
}

/** Options of {@link GRUCell}. */
export interface GRUCellOptions {
  /** By default true. */
  bias?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * One step of a GRU. forward(x) starts from zeros; step() takes the state before.
 *
 * `h′ = (1 − z)·n + z·h`
 *
 * Shapes: [N, inputSize] or [inputSize] to [N, hiddenSize] or [hiddenSize].
 *
 * Weights: all uniform in ±1/√hiddenSize.
 *
 * Errors: ShapeError when a size is below 1, or input or states have other shapes.
 *
 * By default `bias` is true, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html
 *
 * @example
 * ```ts
 * new nn.GRUCell(3, 4).step(zeros([2, 3])).shape // [2, 4]
 * ```
 */
export class GRUCell extends NativeModule {
  constructor(inputSize: number, hiddenSize: number, o?: GRUCellOptions) {
    const { bias = true, dtype = 'float32' } = options<GRUCellOptions>('GRUCell', o, 'bias dtype');
    super(
      lib.nn_GRUCell(
        integer(inputSize, 'GRUCell', 'inputSize'),
        integer(hiddenSize, 'GRUCell', 'hiddenSize'),
        flag(bias, 'GRUCell', 'bias'),
        dtypeIndex(dtype, 'GRUCell'),
      ),
    );
  }

  get weightIh(): Parameter {
    return parameterOf(this, 'weight_ih') as Parameter;
  }
  set weightIh(value: Tensor) {
    setParameterOf(this, 'weight_ih', value);
  }

  get weightHh(): Parameter {
    return parameterOf(this, 'weight_hh') as Parameter;
  }
  set weightHh(value: Tensor) {
    setParameterOf(this, 'weight_hh', value);
  }

  get biasIh(): Parameter | null {
    return parameterOf(this, 'bias_ih');
  }
  set biasIh(value: Tensor) {
    setParameterOf(this, 'bias_ih', value);
  }

  get biasHh(): Parameter | null {
    return parameterOf(this, 'bias_hh');
  }
  set biasHh(value: Tensor) {
    setParameterOf(this, 'bias_hh', value);
  }

  /**
   * One step from the state given or from zeros.
   *
   * By default `h` is left out.
   */
  step(x: Tensor, o?: GRUCellStepOptions): Tensor {
    const { h = null } = options<GRUCellStepOptions>('step', o, 'h');
    return wrap(
      lib.nn_GRUCell_step(nativeOf(this), tensorHandle(x, 'step', 'x'), optionalHandle(h, 'step', 'h')),
      'step',
    );
  }
}

/** Options of {@link MSELoss}. */
export interface MSELossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * The squared difference.
 *
 * `(input − target)²`
 *
 * Shapes: input and target of one shape; a scalar, or that shape with reduction 'none'.
 *
 * By default `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 *
 * @example
 * ```ts
 * new nn.MSELoss().forward(tensor([1, 3]), tensor([1, 1])).item() // 2
 * ```
 */
export class MSELoss extends NativeLoss {
  constructor(o?: MSELossOptions) {
    const { reduction = 'mean' } = options<MSELossOptions>('MSELoss', o, 'reduction');
    super(lib.nn_MSELoss(choice(reduction, 'MSELoss', 'reduction', ['none', 'mean', 'sum'])));
  }
}

/** Options of {@link L1Loss}. */
export interface L1LossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * The absolute difference.
 *
 * `|input − target|`
 *
 * Shapes: input and target of one shape; a scalar, or that shape with reduction 'none'.
 *
 * By default `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html
 *
 * @example
 * ```ts
 * new nn.L1Loss().forward(tensor([1, 3]), tensor([1, 1])).item() // 1
 * ```
 */
export class L1Loss extends NativeLoss {
  constructor(o?: L1LossOptions) {
    const { reduction = 'mean' } = options<L1LossOptions>('L1Loss', o, 'reduction');
    super(lib.nn_L1Loss(choice(reduction, 'L1Loss', 'reduction', ['none', 'mean', 'sum'])));
  }
}

/** Options of {@link CrossEntropyLoss}. */
export interface CrossEntropyLossOptions {
  weight?: Tensor | null;
  /** By default -100. */
  ignoreIndex?: number;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
  /** By default 0. */
  labelSmoothing?: number;
}

/**
 * Softmax and negative log-likelihood in one: raw scores against class indices or probabilities.
 *
 * `−log softmax(input)[target]`
 *
 * Shapes: input [N, C, …], target int32 [N, …] or [N, C, …]; a scalar, or [N, …] with reduction 'none'.
 *
 * By default `weight` is left out, `ignoreIndex` is -100, `reduction` is 'mean', `labelSmoothing` is 0.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 *
 * @example
 * ```ts
 * new nn.CrossEntropyLoss().forward(tensor([[0, 0]]), tensor([1], { dtype: 'int32' })).item()
 * // 0.693147
 * ```
 */
export class CrossEntropyLoss extends NativeLoss {
  constructor(weight?: Tensor | null | CrossEntropyLossOptions, o?: CrossEntropyLossOptions) {
    if (isOptions(weight)) {
      o = weight;
      weight = undefined;
    }
    const {
      weight: weight_ = weight ?? null,
      ignoreIndex = -100,
      reduction = 'mean',
      labelSmoothing = 0,
    } = options<CrossEntropyLossOptions>(
      'CrossEntropyLoss',
      o,
      'weight ignoreIndex reduction labelSmoothing',
    );
    super(
      lib.nn_CrossEntropyLoss(
        optionalHandle(weight_, 'CrossEntropyLoss', 'weight'),
        integer(ignoreIndex, 'CrossEntropyLoss', 'ignoreIndex'),
        choice(reduction, 'CrossEntropyLoss', 'reduction', ['none', 'mean', 'sum']),
        number(labelSmoothing, 'CrossEntropyLoss', 'labelSmoothing'),
      ),
    );
  }
}

/** Options of {@link NLLLoss}. */
export interface NLLLossOptions {
  weight?: Tensor | null;
  /** By default -100. */
  ignoreIndex?: number;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * The negative log-likelihood of inputs that are log-probabilities.
 *
 * `−input[target]`
 *
 * Shapes: input [N, C, …], target int32 [N, …] or [N, C, …]; a scalar, or [N, …] with reduction 'none'.
 *
 * By default `weight` is left out, `ignoreIndex` is -100, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
 *
 * @example
 * ```ts
 * new nn.NLLLoss().forward(tensor([[-1, -2]]), tensor([0], { dtype: 'int32' })).item() // 1
 * ```
 */
export class NLLLoss extends NativeLoss {
  constructor(weight?: Tensor | null | NLLLossOptions, o?: NLLLossOptions) {
    if (isOptions(weight)) {
      o = weight;
      weight = undefined;
    }
    const {
      weight: weight_ = weight ?? null,
      ignoreIndex = -100,
      reduction = 'mean',
    } = options<NLLLossOptions>('NLLLoss', o, 'weight ignoreIndex reduction');
    super(
      lib.nn_NLLLoss(
        optionalHandle(weight_, 'NLLLoss', 'weight'),
        integer(ignoreIndex, 'NLLLoss', 'ignoreIndex'),
        choice(reduction, 'NLLLoss', 'reduction', ['none', 'mean', 'sum']),
      ),
    );
  }
}

/** Options of {@link BCELoss}. */
export interface BCELossOptions {
  weight?: Tensor | null;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * Binary cross-entropy of probabilities.
 *
 * `−(y·ln p + (1 − y)·ln(1 − p))`
 *
 * Shapes: input and target of one shape; a scalar, or that shape with reduction 'none'.
 *
 * By default `weight` is left out, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
 *
 * @example
 * ```ts
 * new nn.BCELoss().forward(tensor([0.5]), tensor([1])).item() // 0.693147
 * ```
 */
export class BCELoss extends NativeLoss {
  constructor(weight?: Tensor | null | BCELossOptions, o?: BCELossOptions) {
    if (isOptions(weight)) {
      o = weight;
      weight = undefined;
    }
    const { weight: weight_ = weight ?? null, reduction = 'mean' } = options<BCELossOptions>(
      'BCELoss',
      o,
      'weight reduction',
    );
    super(
      lib.nn_BCELoss(
        optionalHandle(weight_, 'BCELoss', 'weight'),
        choice(reduction, 'BCELoss', 'reduction', ['none', 'mean', 'sum']),
      ),
    );
  }
}

/** Options of {@link BCEWithLogitsLoss}. */
export interface BCEWithLogitsLossOptions {
  weight?: Tensor | null;
  posWeight?: Tensor | null;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * Binary cross-entropy of raw scores, exact where the sigmoid would round to 0 or 1.
 *
 * `−(y·ln σ(x) + (1 − y)·ln(1 − σ(x)))`
 *
 * Shapes: input and target of one shape; a scalar, or that shape with reduction 'none'.
 *
 * By default `weight` is left out, `posWeight` is left out, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 *
 * @example
 * ```ts
 * new nn.BCEWithLogitsLoss().forward(tensor([0]), tensor([1])).item() // 0.693147
 * ```
 */
export class BCEWithLogitsLoss extends NativeLoss {
  constructor(weight?: Tensor | null | BCEWithLogitsLossOptions, o?: BCEWithLogitsLossOptions) {
    if (isOptions(weight)) {
      o = weight;
      weight = undefined;
    }
    const {
      weight: weight_ = weight ?? null,
      posWeight = null,
      reduction = 'mean',
    } = options<BCEWithLogitsLossOptions>('BCEWithLogitsLoss', o, 'weight posWeight reduction');
    super(
      lib.nn_BCEWithLogitsLoss(
        optionalHandle(weight_, 'BCEWithLogitsLoss', 'weight'),
        optionalHandle(posWeight, 'BCEWithLogitsLoss', 'posWeight'),
        choice(reduction, 'BCEWithLogitsLoss', 'reduction', ['none', 'mean', 'sum']),
      ),
    );
  }
}

registerClasses({
  Linear,
  Identity,
  Flatten,
  Dropout,
  Conv2d,
  MaxPool2d,
  AvgPool2d,
  BatchNorm1d,
  BatchNorm2d,
  LayerNorm,
  Embedding,
  SinusoidalPositionalEncoding,
  LearnedPositionalEmbedding,
  ReLU,
  Sigmoid,
  Tanh,
  SiLU,
  Mish,
  LogSigmoid,
  ReLU6,
  SELU,
  Hardsigmoid,
  Hardswish,
  LeakyReLU,
  GELU,
  Softmax,
  LogSoftmax,
  MultiheadAttention,
  TransformerBlock,
  GPT,
  RNN,
  LSTM,
  GRU,
  RNNCell,
  LSTMCell,
  GRUCell,
  MSELoss,
  L1Loss,
  CrossEntropyLoss,
  NLLLoss,
  BCELoss,
  BCEWithLogitsLoss,
});
