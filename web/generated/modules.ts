// Made by `npm run generate` from the rows in cpp/fluxion/nn. Do not edit.

import type { DType } from '../dtype.ts';
import { wrap, wrapList } from '../handles.ts';
import { callMethod, NativeLoss, NativeModule, registerClasses } from '../nn/module.ts';
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
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(inFeatures: number, outFeatures: number, options?: LinearOptions) {
    super(inFeatures, outFeatures, options);
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
export class Identity extends NativeModule {}

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
    super(startDim, endDim);
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
    super(p);
  }
}

/** Options of {@link Dropout1d}. */
export interface Dropout1dOptions {
  /** By default 0.5. */
  p?: number;
}

/**
 * In training, zeroes each channel of each example with probability p and scales the rest by 1/(1 − p); otherwise
 * changes nothing.
 *
 * Shapes: [N, C, L] or [C, L], kept.
 *
 * Errors: FluxionError when p lies outside [0, 1]; ShapeError when the input has other dimensions.
 *
 * By default `p` is 0.5.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Dropout1d.html
 *
 * @example
 * ```ts
 * new nn.Dropout1d(0.5).eval().forward(ones([1, 1, 1])).toArray() // [[[1]]]
 * ```
 */
export class Dropout1d extends NativeModule {
  constructor(p?: number | Dropout1dOptions) {
    super(p);
  }
}

/** Options of {@link Dropout2d}. */
export interface Dropout2dOptions {
  /** By default 0.5. */
  p?: number;
}

/**
 * In training, zeroes each channel of each example with probability p and scales the rest by 1/(1 − p); otherwise
 * changes nothing.
 *
 * Shapes: [N, C, H, W] or [C, H, W], kept.
 *
 * Errors: FluxionError when p lies outside [0, 1]; ShapeError when the input has other dimensions.
 *
 * By default `p` is 0.5.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Dropout2d.html
 *
 * @example
 * ```ts
 * new nn.Dropout2d(0.5).eval().forward(ones([1, 1, 1])).toArray() // [[[1]]]
 * ```
 */
export class Dropout2d extends NativeModule {
  constructor(p?: number | Dropout2dOptions) {
    super(p);
  }
}

/** Options of {@link Conv1d}. */
export interface Conv1dOptions {
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
 * Slides learnt kernels over signals. padding 'same' keeps the length (stride 1), 'valid' pads nothing.
 *
 * `yₒ = bₒ + Σ꜀ wₒ꜀ ⋆ x꜀`
 *
 * Shapes: [N, inChannels, L] or [inChannels, L] to [N, outChannels, L′]; weight [outChannels, inChannels/groups,
 * kernelSize], bias [outChannels].
 *
 * Weights: weight and bias uniform in ±1/√f, f = inChannels/groups · the kernel's size.
 *
 * Errors: ShapeError when groups do not divide the channels, or 'same' meets a stride.
 *
 * By default `stride` is [1], `padding` is [0], `dilation` is [1], `groups` is 1, `bias` is true, `dtype` is
 * 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Conv1d.html
 *
 * @example
 * ```ts
 * new nn.Conv1d(1, 8, 3).forward(zeros([2, 1, 28])).shape // [2, 8, 26]
 * ```
 */
export class Conv1d extends NativeModule {
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    options?: Conv1dOptions,
  ) {
    super(inChannels, outChannels, kernelSize, options);
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
 * Weights: weight and bias uniform in ±1/√f, f = inChannels/groups · the kernel's size.
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
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    options?: Conv2dOptions,
  ) {
    super(inChannels, outChannels, kernelSize, options);
  }
}

/** Options of {@link ConvTranspose1d}. */
export interface ConvTranspose1dOptions {
  /** By default [1]. */
  stride?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [0]. */
  outputPadding?: number | readonly number[];
  /** By default 1. */
  groups?: number;
  /** By default true. */
  bias?: boolean;
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * The transpose of a convolution of signals: its gradient as a layer, which makes them longer. outputPadding
 * lengthens the result at its end.
 *
 * `L′ = (L − 1)·stride − 2·padding + dilation·(kernelSize − 1) + outputPadding + 1`
 *
 * Shapes: [N, inChannels, L] or [inChannels, L] to [N, outChannels, L′]; weight [inChannels, outChannels/groups,
 * kernelSize], bias [outChannels].
 *
 * Weights: weight and bias uniform in ±1/√f, f = outChannels/groups · the kernel's size.
 *
 * Errors: ShapeError when groups do not divide the channels; FluxionError when outputPadding is not below stride
 * or dilation.
 *
 * By default `stride` is [1], `padding` is [0], `outputPadding` is [0], `groups` is 1, `bias` is true, `dilation`
 * is [1], `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose1d.html
 *
 * @example
 * ```ts
 * new nn.ConvTranspose1d(8, 1, 2, { stride: 2 }).forward(zeros([2, 8, 14])).shape // [2, 1, 28]
 * ```
 */
export class ConvTranspose1d extends NativeModule {
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    options?: ConvTranspose1dOptions,
  ) {
    super(inChannels, outChannels, kernelSize, options);
  }
}

/** Options of {@link ConvTranspose2d}. */
export interface ConvTranspose2dOptions {
  /** By default [1]. */
  stride?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [0]. */
  outputPadding?: number | readonly number[];
  /** By default 1. */
  groups?: number;
  /** By default true. */
  bias?: boolean;
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * The transpose of a convolution of images: its gradient as a layer, which makes them larger. outputPadding
 * lengthens the result at its end.
 *
 * `H′ = (H − 1)·stride − 2·padding + dilation·(kernelSize − 1) + outputPadding + 1`
 *
 * Shapes: [N, inChannels, H, W] or [inChannels, H, W] to [N, outChannels, H′, W′]; weight [inChannels,
 * outChannels/groups, height, width], bias [outChannels].
 *
 * Weights: weight and bias uniform in ±1/√f, f = outChannels/groups · the kernel's size.
 *
 * Errors: ShapeError when groups do not divide the channels; FluxionError when outputPadding is not below stride
 * or dilation.
 *
 * By default `stride` is [1], `padding` is [0], `outputPadding` is [0], `groups` is 1, `bias` is true, `dilation`
 * is [1], `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ConvTranspose2d.html
 *
 * @example
 * ```ts
 * new nn.ConvTranspose2d(8, 1, 2, { stride: 2 }).forward(zeros([2, 8, 7, 7])).shape
 * // [2, 1, 14, 14]
 * ```
 */
export class ConvTranspose2d extends NativeModule {
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(
    inChannels: number,
    outChannels: number,
    kernelSize: number | readonly number[],
    options?: ConvTranspose2dOptions,
  ) {
    super(inChannels, outChannels, kernelSize, options);
  }
}

/** Options of {@link MaxPool1d}. */
export interface MaxPool1dOptions {
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
 * Shapes: [N, C, L] or [C, L] to [N, C, L′].
 *
 * Errors: ShapeError when a size is too small or there are too many.
 *
 * By default `stride` is [], `padding` is [0], `dilation` is [1], `ceilMode` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html
 *
 * @example
 * ```ts
 * new nn.MaxPool1d(2).forward(tensor([[[1, 3, 2, 4]]])).toArray() // [[[3, 4]]]
 * ```
 */
export class MaxPool1d extends NativeModule {
  constructor(kernelSize: number | readonly number[], options?: MaxPool1dOptions) {
    super(kernelSize, options);
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
 * Errors: ShapeError when a size is too small or there are too many.
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
  constructor(kernelSize: number | readonly number[], options?: MaxPool2dOptions) {
    super(kernelSize, options);
  }
}

/** Options of {@link AvgPool1d}. */
export interface AvgPool1dOptions {
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
 * Shapes: [N, C, L] or [C, L] to [N, C, L′].
 *
 * Errors: ShapeError when a size is too small or there are too many.
 *
 * By default `stride` is [], `padding` is [0], `ceilMode` is false, `countIncludePad` is true.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html
 *
 * @example
 * ```ts
 * new nn.AvgPool1d(2).forward(tensor([[[1, 3, 2, 4]]])).toArray() // [[[2, 3]]]
 * ```
 */
export class AvgPool1d extends NativeModule {
  constructor(kernelSize: number | readonly number[], options?: AvgPool1dOptions) {
    super(kernelSize, options);
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
 * Errors: ShapeError when a size is too small or there are too many.
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
  constructor(kernelSize: number | readonly number[], options?: AvgPool2dOptions) {
    super(kernelSize, options);
  }
}

/**
 * The mean of each window, with as many windows as outputSize says, spread evenly.
 *
 * Shapes: [N, C, L] or [C, L] to [N, C, outputSize].
 *
 * Errors: ShapeError when a size is too small or there are too many.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool1d.html
 *
 * @example
 * ```ts
 * new nn.AdaptiveAvgPool1d(1).forward(ones([1, 1, 3])).flatten().toArray() // [1]
 * ```
 */
export class AdaptiveAvgPool1d extends NativeModule {
  constructor(outputSize: number | readonly number[]) {
    super(outputSize);
  }
}

/**
 * The mean of each window, with as many windows as outputSize says, spread evenly.
 *
 * Shapes: [N, C, H, W] or [C, H, W] to [N, C, height, width]; outputSize is one number or two.
 *
 * Errors: ShapeError when a size is too small or there are too many.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveAvgPool2d.html
 *
 * @example
 * ```ts
 * new nn.AdaptiveAvgPool2d(1).forward(ones([1, 1, 3, 3])).flatten().toArray() // [1]
 * ```
 */
export class AdaptiveAvgPool2d extends NativeModule {
  constructor(outputSize: number | readonly number[]) {
    super(outputSize);
  }
}

/**
 * The largest value of each window, with as many windows as outputSize says, spread evenly.
 *
 * Shapes: [N, C, L] or [C, L] to [N, C, outputSize].
 *
 * Errors: ShapeError when a size is too small or there are too many.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool1d.html
 *
 * @example
 * ```ts
 * new nn.AdaptiveMaxPool1d(1).forward(ones([1, 1, 3])).flatten().toArray() // [1]
 * ```
 */
export class AdaptiveMaxPool1d extends NativeModule {
  constructor(outputSize: number | readonly number[]) {
    super(outputSize);
  }
}

/**
 * The largest value of each window, with as many windows as outputSize says, spread evenly.
 *
 * Shapes: [N, C, H, W] or [C, H, W] to [N, C, height, width]; outputSize is one number or two.
 *
 * Errors: ShapeError when a size is too small or there are too many.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html
 *
 * @example
 * ```ts
 * new nn.AdaptiveMaxPool2d(1).forward(ones([1, 1, 3, 3])).flatten().toArray() // [1]
 * ```
 */
export class AdaptiveMaxPool2d extends NativeModule {
  constructor(outputSize: number | readonly number[]) {
    super(outputSize);
  }
}

/**
 * Widens images at their edges by a value: by one number, or by four for left, right, top and bottom.
 *
 * Shapes: [N, C, H, W] or [C, H, W] to [N, C, H + top + bottom, W + left + right].
 *
 * Errors: ShapeError when there are neither one nor four numbers.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ConstantPad2d.html
 *
 * @example
 * ```ts
 * new nn.ConstantPad2d(1, 2.5).forward(ones([1, 2, 2])).shape // [1, 4, 4]
 * ```
 */
export class ConstantPad2d extends NativeModule {
  constructor(padding: number | readonly number[], value: number) {
    super(padding, value);
  }
}

/**
 * Widens images at their edges by zeros: by one number, or by four for left, right, top and bottom.
 *
 * Shapes: [N, C, H, W] or [C, H, W] to [N, C, H + top + bottom, W + left + right].
 *
 * Errors: ShapeError when there are neither one nor four numbers.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ZeroPad2d.html
 *
 * @example
 * ```ts
 * new nn.ZeroPad2d(1).forward(ones([1, 2, 2])).shape // [1, 4, 4]
 * ```
 */
export class ZeroPad2d extends NativeModule {
  constructor(padding: number | readonly number[]) {
    super(padding);
  }
}

/**
 * Widens images at their edges by their reflection: by one number, or by four for left, right, top and bottom.
 *
 * Shapes: [N, C, H, W] or [C, H, W] to [N, C, H + top + bottom, W + left + right].
 *
 * Errors: ShapeError when there are neither one nor four numbers.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReflectionPad2d.html
 *
 * @example
 * ```ts
 * new nn.ReflectionPad2d(1).forward(ones([1, 2, 2])).shape // [1, 4, 4]
 * ```
 */
export class ReflectionPad2d extends NativeModule {
  constructor(padding: number | readonly number[]) {
    super(padding);
  }
}

/**
 * Widens images at their edges by their outermost values: by one number, or by four for left, right, top and
 * bottom.
 *
 * Shapes: [N, C, H, W] or [C, H, W] to [N, C, H + top + bottom, W + left + right].
 *
 * Errors: ShapeError when there are neither one nor four numbers.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ReplicationPad2d.html
 *
 * @example
 * ```ts
 * new nn.ReplicationPad2d(1).forward(ones([1, 2, 2])).shape // [1, 4, 4]
 * ```
 */
export class ReplicationPad2d extends NativeModule {
  constructor(padding: number | readonly number[]) {
    super(padding);
  }
}

/** Options of {@link Upsample}. */
export interface UpsampleOptions {
  size?: number | readonly number[] | null;
  scaleFactor?: number | null;
  /** By default 'nearest'. */
  mode?: 'nearest' | 'linear' | 'bilinear';
  /** By default false. */
  alignCorners?: boolean;
}

/**
 * Resizes signals or images to a size, or by a factor: by the nearest value, or straight lines.
 *
 * Shapes: [N, C, L] or [N, C, H, W], with other lengths.
 *
 * Errors: FluxionError when not exactly one of size and scaleFactor is given.
 *
 * By default `size` is left out, `scaleFactor` is left out, `mode` is 'nearest', `alignCorners` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Upsample.html
 *
 * @example
 * ```ts
 * new nn.Upsample({ scaleFactor: 2 }).forward(tensor([[[1, 2]]])).toArray() // [[[1, 1, 2, 2]]]
 * ```
 */
export class Upsample extends NativeModule {
  constructor(size?: number | readonly number[] | null | UpsampleOptions, options?: UpsampleOptions) {
    super(size, options);
  }
}

/** Options of {@link Unfold}. */
export interface UnfoldOptions {
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [1]. */
  stride?: number | readonly number[];
}

/**
 * Every window of an image as a column.
 *
 * Shapes: [N, C, H, W] to [N, C·kernelSize, windows].
 *
 * By default `dilation` is [1], `padding` is [0], `stride` is [1].
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html
 *
 * @example
 * ```ts
 * new nn.Unfold(2).forward(zeros([1, 3, 4, 4])).shape // [1, 12, 9]
 * ```
 */
export class Unfold extends NativeModule {
  constructor(kernelSize: number | readonly number[], options?: UnfoldOptions) {
    super(kernelSize, options);
  }
}

/** Options of {@link Fold}. */
export interface FoldOptions {
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [1]. */
  stride?: number | readonly number[];
}

/**
 * Columns added up where their windows were: the way back from Unfold.
 *
 * Shapes: [N, C·kernelSize, windows] to [N, C, H, W].
 *
 * By default `dilation` is [1], `padding` is [0], `stride` is [1].
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Fold.html
 *
 * @example
 * ```ts
 * new nn.Fold(4, 2).forward(zeros([1, 12, 9])).shape // [1, 3, 4, 4]
 * ```
 */
export class Fold extends NativeModule {
  constructor(
    outputSize: number | readonly number[],
    kernelSize: number | readonly number[],
    options?: FoldOptions,
  ) {
    super(outputSize, kernelSize, options);
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
  declare weight: Parameter;
  declare bias: Parameter | null;
  declare readonly runningMean: Tensor;
  declare readonly runningVar: Tensor;
  declare readonly numBatchesTracked: Tensor;

  constructor(numFeatures: number, options?: BatchNorm1dOptions) {
    super(numFeatures, options);
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
  declare weight: Parameter;
  declare bias: Parameter | null;
  declare readonly runningMean: Tensor;
  declare readonly runningVar: Tensor;
  declare readonly numBatchesTracked: Tensor;

  constructor(numFeatures: number, options?: BatchNorm2dOptions) {
    super(numFeatures, options);
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
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(normalizedShape: number | readonly number[], options?: LayerNormOptions) {
    super(normalizedShape, options);
  }
}

/** Options of {@link InstanceNorm1d}. */
export interface InstanceNorm1dOptions {
  /** By default 1e-5. */
  eps?: number;
  /** By default 0.1. */
  momentum?: number | null;
  /** By default false. */
  affine?: boolean;
  /** By default false. */
  trackRunningStats?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Brings each channel of each example to mean 0 and variance 1; affine scales and shifts it, trackRunningStats
 * keeps running statistics for evaluation.
 *
 * `(x − mean) / √(var + eps) · weight + bias`
 *
 * Shapes: [N, numFeatures, L] or [numFeatures, L], kept; weight and bias [numFeatures].
 *
 * Weights: weight 1, bias 0, running_mean 0, running_var 1.
 *
 * Errors: ShapeError when the rank or the number of channels does not fit, or a channel has one value only.
 *
 * By default `eps` is 1e-5, `momentum` is 0.1, `affine` is false, `trackRunningStats` is false, `dtype` is
 * 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm1d.html
 *
 * @example
 * ```ts
 * new nn.InstanceNorm1d(3).forward(rand([2, 3, 4])).shape // [2, 3, 4]
 * ```
 */
export class InstanceNorm1d extends NativeModule {
  declare weight: Parameter;
  declare bias: Parameter | null;
  declare readonly runningMean: Tensor;
  declare readonly runningVar: Tensor;
  declare readonly numBatchesTracked: Tensor;

  constructor(numFeatures: number, options?: InstanceNorm1dOptions) {
    super(numFeatures, options);
  }
}

/** Options of {@link InstanceNorm2d}. */
export interface InstanceNorm2dOptions {
  /** By default 1e-5. */
  eps?: number;
  /** By default 0.1. */
  momentum?: number | null;
  /** By default false. */
  affine?: boolean;
  /** By default false. */
  trackRunningStats?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Brings each channel of each example to mean 0 and variance 1; affine scales and shifts it, trackRunningStats
 * keeps running statistics for evaluation.
 *
 * `(x − mean) / √(var + eps) · weight + bias`
 *
 * Shapes: [N, numFeatures, H, W] or [numFeatures, H, W], kept; weight and bias [numFeatures].
 *
 * Weights: weight 1, bias 0, running_mean 0, running_var 1.
 *
 * Errors: ShapeError when the rank or the number of channels does not fit, or a channel has one value only.
 *
 * By default `eps` is 1e-5, `momentum` is 0.1, `affine` is false, `trackRunningStats` is false, `dtype` is
 * 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html
 *
 * @example
 * ```ts
 * new nn.InstanceNorm2d(3).forward(rand([2, 3, 4, 4])).shape // [2, 3, 4, 4]
 * ```
 */
export class InstanceNorm2d extends NativeModule {
  declare weight: Parameter;
  declare bias: Parameter | null;
  declare readonly runningMean: Tensor;
  declare readonly runningVar: Tensor;
  declare readonly numBatchesTracked: Tensor;

  constructor(numFeatures: number, options?: InstanceNorm2dOptions) {
    super(numFeatures, options);
  }
}

/** Options of {@link GroupNorm}. */
export interface GroupNormOptions {
  /** By default 1e-5. */
  eps?: number;
  /** By default true. */
  affine?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Brings the channels of each group, with everything behind them, to mean 0 and variance 1 in each example, then
 * scales and shifts each channel.
 *
 * `(x − mean) / √(var + eps) · weight + bias`
 *
 * Shapes: [N, numChannels, …], kept; weight and bias [numChannels].
 *
 * Weights: weight 1, bias 0.
 *
 * Errors: ShapeError when numGroups does not divide numChannels, or the input has other channels.
 *
 * By default `eps` is 1e-5, `affine` is true, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html
 *
 * @example
 * ```ts
 * new nn.GroupNorm(2, 4).forward(rand([1, 4, 3])).shape // [1, 4, 3]
 * ```
 */
export class GroupNorm extends NativeModule {
  declare weight: Parameter;
  declare bias: Parameter | null;

  constructor(numGroups: number, numChannels: number, options?: GroupNormOptions) {
    super(numGroups, numChannels, options);
  }
}

/** Options of {@link RMSNorm}. */
export interface RMSNormOptions {
  eps?: number | null;
  /** By default true. */
  elementwiseAffine?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Divides by the root mean square over the last dimensions, of shape normalizedShape, then scales. Without eps,
 * the smallest step of the dtype at 1.
 *
 * `x / √(mean x² + eps) · weight`
 *
 * Shapes: […, normalizedShape], kept; weight has normalizedShape.
 *
 * Weights: weight 1.
 *
 * Errors: ShapeError when the input's last sizes are not normalizedShape.
 *
 * By default `eps` is left out, `elementwiseAffine` is true, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html
 *
 * @example
 * ```ts
 * new nn.RMSNorm(2).forward(tensor([1, 7])).toArray() // [0.2, 1.4]
 * ```
 */
export class RMSNorm extends NativeModule {
  declare weight: Parameter;

  constructor(normalizedShape: number | readonly number[], options?: RMSNormOptions) {
    super(normalizedShape, options);
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
  declare weight: Parameter;

  constructor(numEmbeddings: number, embeddingDim: number, options?: EmbeddingOptions) {
    super(numEmbeddings, embeddingDim, options);
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
  declare readonly encoding: Tensor;

  constructor(dim: number, options?: SinusoidalPositionalEncodingOptions) {
    super(dim, options);
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
  declare weight: Parameter;

  constructor(maxLength: number, dim: number, options?: LearnedPositionalEmbeddingOptions) {
    super(maxLength, dim, options);
  }
}

/**
 * The positive part.
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
export class ReLU extends NativeModule {}

/**
 * The logistic function.
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
export class Sigmoid extends NativeModule {}

/**
 * The hyperbolic tangent.
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
export class Tanh extends NativeModule {}

/**
 * The sigmoid-weighted input, also called swish.
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
export class SiLU extends NativeModule {}

/**
 * A smooth, self-gated activation.
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
export class Mish extends NativeModule {}

/**
 * The logarithm of the sigmoid.
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
export class LogSigmoid extends NativeModule {}

/**
 * The positive part, up to 6.
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
export class ReLU6 extends NativeModule {}

/**
 * A self-normalising activation.
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
export class SELU extends NativeModule {}

/**
 * A sigmoid of straight lines.
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
export class Hardsigmoid extends NativeModule {}

/**
 * SiLU with a sigmoid of straight lines.
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
export class Hardswish extends NativeModule {}

/**
 * A sigmoid shape without exponentials.
 *
 * `x/(1 + |x|)`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Softsign.html
 *
 * @example
 * ```ts
 * new nn.Softsign().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class Softsign extends NativeModule {}

/**
 * What the tangent takes away.
 *
 * `x − tanh x`
 *
 * Shapes: any, kept.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Tanhshrink.html
 *
 * @example
 * ```ts
 * new nn.Tanhshrink().forward(zeros([2, 3])).shape // [2, 3]
 * ```
 */
export class Tanhshrink extends NativeModule {}

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
    super(negativeSlope);
  }
}

/** Options of {@link ELU}. */
export interface ELUOptions {
  /** By default 1. */
  alpha?: number;
}

/**
 * The positive part, and an exponential approach to −alpha below zero.
 *
 * `x > 0 ? x : alpha·(eˣ − 1)`
 *
 * Shapes: any, kept.
 *
 * By default `alpha` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.ELU.html
 *
 * @example
 * ```ts
 * new nn.ELU().forward(tensor([-1, 2])).toArray() // [-0.632121, 2]
 * ```
 */
export class ELU extends NativeModule {
  constructor(alpha?: number | ELUOptions) {
    super(alpha);
  }
}

/** Options of {@link Softplus}. */
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
 * Shapes: any, kept.
 *
 * By default `beta` is 1, `threshold` is 20.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Softplus.html
 *
 * @example
 * ```ts
 * new nn.Softplus().forward(tensor([0, 1])).toArray() // [0.693147, 1.313262]
 * ```
 */
export class Softplus extends NativeModule {
  constructor(beta?: number | SoftplusOptions, threshold?: number | SoftplusOptions) {
    super(beta, threshold);
  }
}

/** Options of {@link Hardtanh}. */
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
 * Shapes: any, kept.
 *
 * Errors: FluxionError when minVal is above maxVal.
 *
 * By default `minVal` is -1, `maxVal` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Hardtanh.html
 *
 * @example
 * ```ts
 * new nn.Hardtanh().forward(tensor([-2, 0.5, 2])).toArray() // [-1, 0.5, 1]
 * ```
 */
export class Hardtanh extends NativeModule {
  constructor(minVal?: number | HardtanhOptions, maxVal?: number | HardtanhOptions) {
    super(minVal, maxVal);
  }
}

/** Options of {@link PReLU}. */
export interface PReLUOptions {
  /** By default 1. */
  numParameters?: number;
  /** By default 0.25. */
  init?: number;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * The positive part, and a learnt slope below zero: one, or one for each channel (dimension 1).
 *
 * `x > 0 ? x : weight·x`
 *
 * Shapes: any, kept.
 *
 * Weights: weight = init.
 *
 * Errors: ShapeError when there are neither one slope nor as many as channels.
 *
 * By default `numParameters` is 1, `init` is 0.25, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.PReLU.html
 *
 * @example
 * ```ts
 * new nn.PReLU().forward(tensor([-4, 2])).toArray() // [-1, 2]
 * ```
 */
export class PReLU extends NativeModule {
  declare weight: Parameter;

  constructor(numParameters?: number | PReLUOptions, init?: number | PReLUOptions, options?: PReLUOptions) {
    super(numParameters, init, options);
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
  constructor(options?: GELUOptions) {
    super(options);
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
    super(dim);
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
    super(dim);
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
  declare inProjWeight: Parameter;
  declare inProjBias: Parameter | null;
  declare readonly outProj: Linear;

  constructor(embedDim: number, numHeads: number, options?: MultiheadAttentionOptions) {
    super(embedDim, numHeads, options);
  }

  /**
   * Attention of query to key and value. attnMask [L, S] or [N·heads, L, S]: true hides, floats are added to the
   * scores; keyPaddingMask [N, S]: true hides a key; isCausal hides what comes later.
   *
   * By default `attnMask` is left out, `keyPaddingMask` is left out, `isCausal` is false.
   */
  attend(query: Tensor, key: Tensor, value: Tensor, options?: MultiheadAttentionAttendOptions): Tensor {
    return wrap(
      callMethod(
        this,
        0,
        'attend',
        'query:t key:t value:t *attnMask:T=null *keyPaddingMask:T=null *isCausal:b=false',
        [query, key, value, options],
      ),
      'attend',
    );
  }

  /**
   * The attention weights of each head, [N, heads, L, S].
   *
   * By default `attnMask` is left out, `keyPaddingMask` is left out, `isCausal` is false.
   */
  weights(query: Tensor, key: Tensor, options?: MultiheadAttentionWeightsOptions): Tensor {
    return wrap(
      callMethod(
        this,
        1,
        'weights',
        'query:t key:t *attnMask:T=null *keyPaddingMask:T=null *isCausal:b=false',
        [query, key, options],
      ),
      'weights',
    );
  }
}

/** Options of {@link TransformerEncoderLayer.encode}. */
export interface TransformerEncoderLayerEncodeOptions {
  mask?: Tensor | null;
  srcKeyPaddingMask?: Tensor | null;
  /** By default false. */
  isCausal?: boolean;
}

/** Options of {@link TransformerEncoderLayer}. */
export interface TransformerEncoderLayerOptions {
  /** By default 2048. */
  dimFeedforward?: number;
  /** By default 0.1. */
  dropout?: number;
  /** By default 'relu'. */
  activation?: 'relu' | 'gelu';
  /** By default 1e-5. */
  layerNormEps?: number;
  /** By default false. */
  batchFirst?: boolean;
  /** By default false. */
  normFirst?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Self-attention and a perceptron, each around a residual and normed: after it, or before with normFirst.
 * forward(src) uses no masks, encode() does.
 *
 * `y = norm1(x + self_attn(x)); norm2(y + linear2(activation(linear1(y))))`
 *
 * Shapes: [T, N, dModel], or [N, T, dModel] with batchFirst, or [T, dModel]; kept.
 *
 * Weights: those of its parts.
 *
 * Errors: ShapeError when nhead does not divide dModel, or shapes do not fit.
 *
 * By default `dimFeedforward` is 2048, `dropout` is 0.1, `activation` is 'relu', `layerNormEps` is 1e-5,
 * `batchFirst` is false, `normFirst` is false, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoderLayer.html
 *
 * @example
 * ```ts
 * new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 }).forward(zeros([5, 1, 8])).shape
 * // [5, 1, 8]
 * ```
 */
export class TransformerEncoderLayer extends NativeModule {
  declare readonly selfAttn: MultiheadAttention;
  declare readonly linear1: Linear;
  declare readonly linear2: Linear;
  declare readonly norm1: LayerNorm;
  declare readonly norm2: LayerNorm;

  constructor(dModel: number, nhead: number, options?: TransformerEncoderLayerOptions) {
    super(dModel, nhead, options);
  }

  /**
   * forward with masks. Masks [T, T] or [N·nhead, T, T] and key padding masks [N, T]: true hides, floats are added
   * to the scores; a causal flag hides what comes later.
   *
   * By default `mask` is left out, `srcKeyPaddingMask` is left out, `isCausal` is false.
   */
  encode(src: Tensor, options?: TransformerEncoderLayerEncodeOptions): Tensor {
    return wrap(
      callMethod(this, 2, 'encode', 'src:t *mask:T=null *srcKeyPaddingMask:T=null *isCausal:b=false', [
        src,
        options,
      ]),
      'encode',
    );
  }
}

/** Options of {@link TransformerDecoderLayer.decode}. */
export interface TransformerDecoderLayerDecodeOptions {
  tgtMask?: Tensor | null;
  memoryMask?: Tensor | null;
  tgtKeyPaddingMask?: Tensor | null;
  memoryKeyPaddingMask?: Tensor | null;
  /** By default false. */
  tgtIsCausal?: boolean;
}

/** Options of {@link TransformerDecoderLayer}. */
export interface TransformerDecoderLayerOptions {
  /** By default 2048. */
  dimFeedforward?: number;
  /** By default 0.1. */
  dropout?: number;
  /** By default 'relu'. */
  activation?: 'relu' | 'gelu';
  /** By default 1e-5. */
  layerNormEps?: number;
  /** By default false. */
  batchFirst?: boolean;
  /** By default false. */
  normFirst?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Self-attention, attention to an encoder's memory and a perceptron, each around a residual and normed. decode()
 * takes targets and memory.
 *
 * `y = norm1(x + self_attn(x)); z = norm2(y + multihead_attn(y, memory)); norm3(z + mlp(z))`
 *
 * Shapes: [T, N, dModel], or [N, T, dModel] with batchFirst, or [T, dModel]; kept.
 *
 * Weights: those of its parts.
 *
 * Errors: ShapeError when nhead does not divide dModel, or shapes do not fit.
 *
 * By default `dimFeedforward` is 2048, `dropout` is 0.1, `activation` is 'relu', `layerNormEps` is 1e-5,
 * `batchFirst` is false, `normFirst` is false, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoderLayer.html
 *
 * @example
 * ```ts
 * new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16 }).decode(zeros([3, 1, 8]), zeros([5, 1, 8])).shape
 * // [3, 1, 8]
 * ```
 */
export class TransformerDecoderLayer extends NativeModule {
  declare readonly selfAttn: MultiheadAttention;
  declare readonly multiheadAttn: MultiheadAttention;
  declare readonly linear1: Linear;
  declare readonly linear2: Linear;
  declare readonly norm1: LayerNorm;
  declare readonly norm2: LayerNorm;
  declare readonly norm3: LayerNorm;

  constructor(dModel: number, nhead: number, options?: TransformerDecoderLayerOptions) {
    super(dModel, nhead, options);
  }

  /**
   * From targets and memory to the targets' next form. Masks [T, T] or [N·nhead, T, T] and key padding masks [N,
   * T]: true hides, floats are added to the scores; a causal flag hides what comes later.
   *
   * By default `tgtMask` is left out, `memoryMask` is left out, `tgtKeyPaddingMask` is left out,
   * `memoryKeyPaddingMask` is left out, `tgtIsCausal` is false.
   */
  decode(tgt: Tensor, memory: Tensor, options?: TransformerDecoderLayerDecodeOptions): Tensor {
    return wrap(
      callMethod(
        this,
        3,
        'decode',
        'tgt:t memory:t *tgtMask:T=null *memoryMask:T=null *tgtKeyPaddingMask:T=null *memoryKeyPaddingMask:T=null *tgtIsCausal:b=false',
        [tgt, memory, options],
      ),
      'decode',
    );
  }
}

/** Options of {@link TransformerEncoder.encode}. */
export interface TransformerEncoderEncodeOptions {
  mask?: Tensor | null;
  srcKeyPaddingMask?: Tensor | null;
  /** By default false. */
  isCausal?: boolean;
}

/** Options of {@link TransformerEncoder}. */
export interface TransformerEncoderOptions {
  /** By default 2048. */
  dimFeedforward?: number;
  /** By default 0.1. */
  dropout?: number;
  /** By default 'relu'. */
  activation?: 'relu' | 'gelu';
  /** By default 1e-5. */
  layerNormEps?: number;
  /** By default false. */
  batchFirst?: boolean;
  /** By default false. */
  normFirst?: boolean;
  /** By default false. */
  norm?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Encoder layers one after the other, and a last layer norm with norm: true. All layers start alike, as PyTorch's
 * copies of one do. Made of sizes, where PyTorch takes a layer.
 *
 * Shapes: [T, N, dModel], or [N, T, dModel] with batchFirst, or [T, dModel]; kept.
 *
 * Weights: those of a layer.
 *
 * Errors: ShapeError when nhead does not divide dModel, or shapes do not fit.
 *
 * By default `dimFeedforward` is 2048, `dropout` is 0.1, `activation` is 'relu', `layerNormEps` is 1e-5,
 * `batchFirst` is false, `normFirst` is false, `norm` is false, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.TransformerEncoder.html
 *
 * @example
 * ```ts
 * new nn.TransformerEncoder(8, 2, 3, { dimFeedforward: 16 }).forward(zeros([5, 1, 8])).shape
 * // [5, 1, 8]
 * ```
 */
export class TransformerEncoder extends NativeModule {
  declare readonly layers: NativeModule;
  declare readonly norm: LayerNorm;

  constructor(dModel: number, nhead: number, numLayers: number, options?: TransformerEncoderOptions) {
    super(dModel, nhead, numLayers, options);
  }

  /**
   * forward with masks. Masks [T, T] or [N·nhead, T, T] and key padding masks [N, T]: true hides, floats are added
   * to the scores; a causal flag hides what comes later.
   *
   * By default `mask` is left out, `srcKeyPaddingMask` is left out, `isCausal` is false.
   */
  encode(src: Tensor, options?: TransformerEncoderEncodeOptions): Tensor {
    return wrap(
      callMethod(this, 4, 'encode', 'src:t *mask:T=null *srcKeyPaddingMask:T=null *isCausal:b=false', [
        src,
        options,
      ]),
      'encode',
    );
  }
}

/** Options of {@link TransformerDecoder.decode}. */
export interface TransformerDecoderDecodeOptions {
  tgtMask?: Tensor | null;
  memoryMask?: Tensor | null;
  tgtKeyPaddingMask?: Tensor | null;
  memoryKeyPaddingMask?: Tensor | null;
  /** By default false. */
  tgtIsCausal?: boolean;
}

/** Options of {@link TransformerDecoder}. */
export interface TransformerDecoderOptions {
  /** By default 2048. */
  dimFeedforward?: number;
  /** By default 0.1. */
  dropout?: number;
  /** By default 'relu'. */
  activation?: 'relu' | 'gelu';
  /** By default 1e-5. */
  layerNormEps?: number;
  /** By default false. */
  batchFirst?: boolean;
  /** By default false. */
  normFirst?: boolean;
  /** By default false. */
  norm?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Decoder layers one after the other, and a last layer norm with norm: true. All layers start alike, as PyTorch's
 * copies of one do. Made of sizes, where PyTorch takes a layer.
 *
 * Shapes: [T, N, dModel], or [N, T, dModel] with batchFirst, or [T, dModel]; kept.
 *
 * Weights: those of a layer.
 *
 * Errors: ShapeError when nhead does not divide dModel, or shapes do not fit.
 *
 * By default `dimFeedforward` is 2048, `dropout` is 0.1, `activation` is 'relu', `layerNormEps` is 1e-5,
 * `batchFirst` is false, `normFirst` is false, `norm` is false, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.TransformerDecoder.html
 *
 * @example
 * ```ts
 * new nn.TransformerDecoder(8, 2, 3, { dimFeedforward: 16 }).decode(zeros([3, 1, 8]), zeros([5, 1, 8])).shape
 * // [3, 1, 8]
 * ```
 */
export class TransformerDecoder extends NativeModule {
  declare readonly layers: NativeModule;
  declare readonly norm: LayerNorm;

  constructor(dModel: number, nhead: number, numLayers: number, options?: TransformerDecoderOptions) {
    super(dModel, nhead, numLayers, options);
  }

  /**
   * From targets and memory to the targets' next form. Masks [T, T] or [N·nhead, T, T] and key padding masks [N,
   * T]: true hides, floats are added to the scores; a causal flag hides what comes later.
   *
   * By default `tgtMask` is left out, `memoryMask` is left out, `tgtKeyPaddingMask` is left out,
   * `memoryKeyPaddingMask` is left out, `tgtIsCausal` is false.
   */
  decode(tgt: Tensor, memory: Tensor, options?: TransformerDecoderDecodeOptions): Tensor {
    return wrap(
      callMethod(
        this,
        5,
        'decode',
        'tgt:t memory:t *tgtMask:T=null *memoryMask:T=null *tgtKeyPaddingMask:T=null *memoryKeyPaddingMask:T=null *tgtIsCausal:b=false',
        [tgt, memory, options],
      ),
      'decode',
    );
  }

  /**
   * What resume() needs to decode up to `length` targets one after the other: buffers for their keys and values,
   * and those of the memory.
   */
  makeCache(memory: Tensor, length: number): Tensor[] {
    return wrapList(callMethod(this, 6, 'makeCache', 'memory:t length:i', [memory, length]), 'makeCache');
  }

  /**
   * decode() of targets that stand at `position` behind those of earlier calls, each seeing those before it. Their
   * keys and values are written into the cache; without gradient.
   */
  resume(tgt: Tensor, cache: readonly Tensor[], position: number): Tensor {
    return wrap(callMethod(this, 7, 'resume', 'tgt:t cache:H position:i', [tgt, cache, position]), 'resume');
  }
}

/** Options of {@link Transformer.translate}. */
export interface TransformerTranslateOptions {
  srcMask?: Tensor | null;
  tgtMask?: Tensor | null;
  memoryMask?: Tensor | null;
  srcKeyPaddingMask?: Tensor | null;
  tgtKeyPaddingMask?: Tensor | null;
  memoryKeyPaddingMask?: Tensor | null;
  /** By default false. */
  tgtIsCausal?: boolean;
}

/** Options of {@link Transformer}. */
export interface TransformerOptions {
  /** By default 512. */
  dModel?: number;
  /** By default 8. */
  nhead?: number;
  /** By default 6. */
  numEncoderLayers?: number;
  /** By default 6. */
  numDecoderLayers?: number;
  /** By default 2048. */
  dimFeedforward?: number;
  /** By default 0.1. */
  dropout?: number;
  /** By default 'relu'. */
  activation?: 'relu' | 'gelu';
  /** By default 1e-5. */
  layerNormEps?: number;
  /** By default false. */
  batchFirst?: boolean;
  /** By default false. */
  normFirst?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Encoder and decoder, each with a last layer norm. translate() takes sources and targets, both embedded.
 *
 * Shapes: src [S, N, dModel] and tgt [T, N, dModel], or with the batch first; the result as tgt.
 *
 * Weights: weights of two dimensions xavier uniform, the rest as their modules.
 *
 * Errors: ShapeError when nhead does not divide dModel, or shapes do not fit.
 *
 * By default `dModel` is 512, `nhead` is 8, `numEncoderLayers` is 6, `numDecoderLayers` is 6, `dimFeedforward` is
 * 2048, `dropout` is 0.1, `activation` is 'relu', `layerNormEps` is 1e-5, `batchFirst` is false, `normFirst` is
 * false, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Transformer.html
 *
 * @example
 * ```ts
 * new nn.Transformer(8, 2, { numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 16 }).translate(zeros([5, 1, 8]), zeros([3, 1, 8])).shape
 * // [3, 1, 8]
 * ```
 */
export class Transformer extends NativeModule {
  declare readonly encoder: TransformerEncoder;
  declare readonly decoder: TransformerDecoder;

  constructor(
    dModel?: number | TransformerOptions,
    nhead?: number | TransformerOptions,
    options?: TransformerOptions,
  ) {
    super(dModel, nhead, options);
  }

  /**
   * From sources and targets to what follows each target. Masks [T, T] or [N·nhead, T, T] and key padding masks
   * [N, T]: true hides, floats are added to the scores; a causal flag hides what comes later.
   *
   * By default `srcMask` is left out, `tgtMask` is left out, `memoryMask` is left out, `srcKeyPaddingMask` is left
   * out, `tgtKeyPaddingMask` is left out, `memoryKeyPaddingMask` is left out, `tgtIsCausal` is false.
   */
  translate(src: Tensor, tgt: Tensor, options?: TransformerTranslateOptions): Tensor {
    return wrap(
      callMethod(
        this,
        8,
        'translate',
        'src:t tgt:t *srcMask:T=null *tgtMask:T=null *memoryMask:T=null *srcKeyPaddingMask:T=null *tgtKeyPaddingMask:T=null *memoryKeyPaddingMask:T=null *tgtIsCausal:b=false',
        [src, tgt, options],
      ),
      'translate',
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
  declare readonly ln1: LayerNorm;
  declare readonly attn: MultiheadAttention;
  declare readonly ln2: LayerNorm;
  declare readonly mlp: NativeModule;

  constructor(embedDim: number, numHeads: number, options?: TransformerBlockOptions) {
    super(embedDim, numHeads, options);
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
  declare readonly wte: Embedding;
  declare readonly wpe: NativeModule;
  declare readonly h: NativeModule;
  declare readonly lnF: LayerNorm;
  declare readonly lmHead: Linear;

  constructor(options: GPTOptions) {
    super(options);
  }
}

/** Options of {@link SingleHeadAttention}. */
export interface SingleHeadAttentionOptions {
  headDim?: number | null;
  /** By default false. */
  isCausal?: boolean;
  /** By default false. */
  bias?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Attention of one head: three linear maps and no more. headDim is embedDim unless given.
 *
 * `softmax(query(x)·key(x)ᵀ/√headDim)·value(x)`
 *
 * Shapes: [N, T, embedDim] to [N, T, headDim].
 *
 * Weights: as Linear.
 *
 * Errors: ShapeError when the input is not [N, T, embedDim].
 *
 * By default `headDim` is left out, `isCausal` is false, `bias` is false, `dtype` is 'float32'.
 *
 * @see https://arxiv.org/abs/1706.03762
 *
 * @example
 * ```ts
 * new nn.SingleHeadAttention(8, 4).forward(zeros([1, 5, 8])).shape // [1, 5, 4]
 * ```
 */
export class SingleHeadAttention extends NativeModule {
  declare readonly query: Linear;
  declare readonly key: Linear;
  declare readonly value: Linear;

  constructor(
    embedDim: number,
    headDim?: number | null | SingleHeadAttentionOptions,
    options?: SingleHeadAttentionOptions,
  ) {
    super(embedDim, headDim, options);
  }
}

/** Options of {@link GroupedQueryAttention}. */
export interface GroupedQueryAttentionOptions {
  numKvHeads?: number | null;
  /** By default true. */
  rotary?: boolean;
  /** By default 10000. */
  rotaryBase?: number;
  /** By default true. */
  isCausal?: boolean;
  /** By default false. */
  bias?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Self-attention with rotary positions, in which groups of query heads share one head of keys and values:
 * numKvHeads 1 is multi-query attention, as many as numHeads (the default) multi-head attention.
 *
 * `concat over heads of softmax(R(Q)·R(K)ᵀ/√d)·V, then o_proj; R turns by the place`
 *
 * Shapes: [N, T, embedDim], kept.
 *
 * Weights: as Linear.
 *
 * Errors: ShapeError when numHeads does not divide embedDim, or numKvHeads numHeads; or when the input is not [N,
 * T, embedDim].
 *
 * By default `numKvHeads` is left out, `rotary` is true, `rotaryBase` is 10000, `isCausal` is true, `bias` is
 * false, `dtype` is 'float32'.
 *
 * @see https://arxiv.org/abs/2305.13245
 *
 * @example
 * ```ts
 * new nn.GroupedQueryAttention(8, 4, 2).forward(zeros([1, 5, 8])).shape // [1, 5, 8]
 * ```
 */
export class GroupedQueryAttention extends NativeModule {
  declare readonly qProj: Linear;
  declare readonly kProj: Linear;
  declare readonly vProj: Linear;
  declare readonly oProj: Linear;

  constructor(
    embedDim: number,
    numHeads: number,
    numKvHeads?: number | null | GroupedQueryAttentionOptions,
    options?: GroupedQueryAttentionOptions,
  ) {
    super(embedDim, numHeads, numKvHeads, options);
  }
}

/** Options of {@link MultiheadLatentAttention}. */
export interface MultiheadLatentAttentionOptions {
  kvRank: number;
  qRank?: number | null;
  headDim?: number | null;
  rotaryDim: number;
  /** By default 10000. */
  rotaryBase?: number;
  /** By default true. */
  isCausal?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Self-attention whose keys and values are made of one narrow latent for each place, of kvRank numbers, beside a
 * rotary key of rotaryDim numbers that all heads share; queries of a latent too with qRank. headDim is
 * embedDim/numHeads unless given.
 *
 * `c = norm(x·W_a); k = [c·W_k; R(x·W_r)], v = c·W_v; softmax(q·kᵀ/√(headDim + rotaryDim))·v`
 *
 * Shapes: [N, T, embedDim], kept.
 *
 * Weights: as Linear; norms 1.
 *
 * Errors: ShapeError when a size is below 1, rotaryDim is odd or the input is not [N, T, embedDim].
 *
 * By default `qRank` is left out, `headDim` is left out, `rotaryBase` is 10000, `isCausal` is true, `dtype` is
 * 'float32'.
 *
 * @see https://arxiv.org/abs/2405.04434
 *
 * @example
 * ```ts
 * new nn.MultiheadLatentAttention(8, 2, { kvRank: 3, rotaryDim: 2 }).forward(zeros([1, 5, 8])).shape
 * // [1, 5, 8]
 * ```
 */
export class MultiheadLatentAttention extends NativeModule {
  constructor(embedDim: number, numHeads: number, options: MultiheadLatentAttentionOptions) {
    super(embedDim, numHeads, options);
  }
}

/** Options of {@link LastPosition}. */
export interface LastPositionOptions {
  /** By default 1. */
  dim?: number;
}

/**
 * The last place of a sequence, for a model that reads all of it and answers once.
 *
 * Shapes: [N, T, …] to [N, …]; the dimension dim is the one that goes.
 *
 * By default `dim` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.select.html
 *
 * @example
 * ```ts
 * new nn.LastPosition().forward(tensor([[[1], [2], [3]]])).toArray() // [[3]]
 * ```
 */
export class LastPosition extends NativeModule {
  constructor(dim?: number | LastPositionOptions) {
    super(dim);
  }
}

/** Options of {@link SwiGLU}. */
export interface SwiGLUOptions {
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * LLaMA's perceptron: a gated hidden layer, without biases.
 *
 * `down_proj(silu(gate_proj(x))·up_proj(x))`
 *
 * Shapes: […, dim], kept.
 *
 * Weights: as Linear.
 *
 * Errors: ShapeError when a size is below 1, or the input's last size is not dim.
 *
 * By default `dtype` is 'float32'.
 *
 * @see https://arxiv.org/abs/2002.05202
 *
 * @example
 * ```ts
 * new nn.SwiGLU(4, 6).forward(zeros([2, 4])).shape // [2, 4]
 * ```
 */
export class SwiGLU extends NativeModule {
  declare readonly gateProj: Linear;
  declare readonly upProj: Linear;
  declare readonly downProj: Linear;

  constructor(dim: number, hidden: number, options?: SwiGLUOptions) {
    super(dim, hidden, options);
  }
}

/** Options of {@link LlamaBlock}. */
export interface LlamaBlockOptions {
  numKvHeads?: number | null;
  hidden: number;
  /** By default 1e-6. */
  normEps?: number;
  /** By default 10000. */
  rotaryBase?: number;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * LLaMA's block: grouped-query attention with rotary positions and a SwiGLU, each behind an RMS norm and around a
 * residual.
 *
 * `y = x + self_attn(input_layernorm(x)); y + mlp(post_attention_layernorm(y))`
 *
 * Shapes: [N, T, embedDim], kept.
 *
 * Weights: those of its parts.
 *
 * Errors: ShapeError when numHeads does not divide embedDim, or numKvHeads numHeads.
 *
 * By default `numKvHeads` is left out, `normEps` is 1e-6, `rotaryBase` is 10000, `dtype` is 'float32'.
 *
 * @see https://arxiv.org/abs/2302.13971
 *
 * @example
 * ```ts
 * new nn.LlamaBlock(8, 2, { hidden: 12 }).forward(zeros([1, 5, 8])).shape // [1, 5, 8]
 * ```
 */
export class LlamaBlock extends NativeModule {
  declare readonly inputLayernorm: RMSNorm;
  declare readonly selfAttn: GroupedQueryAttention;
  declare readonly postAttentionLayernorm: RMSNorm;
  declare readonly mlp: SwiGLU;

  constructor(embedDim: number, numHeads: number, options: LlamaBlockOptions) {
    super(embedDim, numHeads, options);
  }
}

/** Options of {@link Llama}. */
export interface LlamaOptions {
  vocabSize: number;
  /** By default 2. */
  nLayer?: number;
  /** By default 4. */
  nHead?: number;
  nKvHead?: number | null;
  /** By default 48. */
  nEmbd?: number;
  /** By default 128. */
  hidden?: number;
  /** By default 1024. */
  blockSize?: number;
  /** By default 1e-6. */
  normEps?: number;
  /** By default 10000. */
  rotaryBase?: number;
  /** By default false. */
  tieWeights?: boolean;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * A decoder in LLaMA's form: token embedding, blocks, a last RMS norm, a linear head without bias.
 *
 * Shapes: int32 ids [N, T] or [T] to logits […, T, vocabSize]; T at most blockSize.
 *
 * Weights: N(0, σ²), σ = 0.02·√(768/nEmbd); weights that end a residual branch N(0, σ²/(2·nLayer)), the head N(0,
 * 0.02²); norms 1.
 *
 * Errors: ShapeError when nHead does not divide nEmbd, or nKvHead nHead, or a sequence is longer than blockSize.
 *
 * By default `nLayer` is 2, `nHead` is 4, `nKvHead` is left out, `nEmbd` is 48, `hidden` is 128, `blockSize` is
 * 1024, `normEps` is 1e-6, `rotaryBase` is 10000, `tieWeights` is false, `dtype` is 'float32'.
 *
 * @see https://arxiv.org/abs/2302.13971
 *
 * @example
 * ```ts
 * new nn.Llama({ vocabSize: 11, nLayer: 1, nHead: 2, nEmbd: 8, hidden: 12 }).forward(zeros([1, 6], { dtype: 'int32' })).shape
 * // [1, 6, 11]
 * ```
 */
export class Llama extends NativeModule {
  declare readonly embedTokens: Embedding;
  declare readonly layers: NativeModule;
  declare readonly norm: RMSNorm;
  declare readonly lmHead: Linear;

  constructor(options: LlamaOptions) {
    super(options);
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
  outputSize?: number | null;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * The simplest network that remembers. forward(x) gives every step's output, unroll() the states too. With
 * outputSize, each step's output is a linear map of the last layer's state.
 *
 * `hₜ = tanh(W_ih·xₜ + b_ih + W_hh·hₜ₋₁ + b_hh)`
 *
 * Shapes: [T, N, inputSize], or [N, T, inputSize] with batchFirst, or [T, inputSize], to the same with hiddenSize
 * (twice that when bidirectional, or outputSize) last; states [numLayers·directions, N, hiddenSize].
 *
 * Weights: all uniform in ±1/√hiddenSize.
 *
 * Errors: ShapeError when a size is below 1, or input or states have other shapes.
 *
 * By default `numLayers` is 1, `nonlinearity` is 'tanh', `bias` is true, `batchFirst` is false, `dropout` is 0,
 * `bidirectional` is false, `outputSize` is left out, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.RNN.html
 *
 * @example
 * ```ts
 * new nn.RNN(3, 4).forward(zeros([5, 2, 3])).shape // [5, 2, 4]
 * ```
 */
export class RNN extends NativeModule {
  declare weightIhL0: Parameter;
  declare weightHhL0: Parameter;
  declare biasIhL0: Parameter | null;
  declare biasHhL0: Parameter | null;

  constructor(inputSize: number, hiddenSize: number, options?: RNNOptions) {
    super(inputSize, hiddenSize, options);
  }

  /**
   * Every step's output, then the last states, from the states given or from zeros: [output, hN].
   *
   * By default `h0` is left out.
   */
  unroll(x: Tensor, options?: RNNUnrollOptions): Tensor[] {
    return wrapList(callMethod(this, 9, 'unroll', 'x:t *h0:T=null', [x, options]), 'unroll');
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
  outputSize?: number | null;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Long short-term memory: a cell that gates write to, erase and read. forward(x) gives every step's output,
 * unroll() the states too. With outputSize, each step's output is a linear map of the last layer's state.
 *
 * `i, f, g, o from W_ih·xₜ + b_ih + W_hh·hₜ₋₁ + b_hh; cₜ = σ(f)·cₜ₋₁ + σ(i)·tanh(g); hₜ = σ(o)·tanh(cₜ)`
 *
 * Shapes: [T, N, inputSize], or [N, T, inputSize] with batchFirst, or [T, inputSize], to the same with hiddenSize
 * (twice that when bidirectional, or outputSize) last; states [numLayers·directions, N, hiddenSize].
 *
 * Weights: all uniform in ±1/√hiddenSize.
 *
 * Errors: ShapeError when a size is below 1, or input or states have other shapes.
 *
 * By default `numLayers` is 1, `bias` is true, `batchFirst` is false, `dropout` is 0, `bidirectional` is false,
 * `outputSize` is left out, `dtype` is 'float32'.
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
  declare weightIhL0: Parameter;
  declare weightHhL0: Parameter;
  declare biasIhL0: Parameter | null;
  declare biasHhL0: Parameter | null;

  constructor(inputSize: number, hiddenSize: number, options?: LSTMOptions) {
    super(inputSize, hiddenSize, options);
  }

  /**
   * Every step's output, then the last states, from the states given or from zeros: [output, hN, cN].
   *
   * By default `h0` is left out, `c0` is left out.
   */
  unroll(x: Tensor, options?: LSTMUnrollOptions): Tensor[] {
    return wrapList(callMethod(this, 10, 'unroll', 'x:t *h0:T=null *c0:T=null', [x, options]), 'unroll');
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
  outputSize?: number | null;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * Gated recurrent unit: an LSTM's memory with two gates and no cell. forward(x) gives every step's output,
 * unroll() the states too. With outputSize, each step's output is a linear map of the last layer's state.
 *
 * `r, z = σ(…); n = tanh(W_in·xₜ + b_in + r·(W_hn·hₜ₋₁ + b_hn)); hₜ = (1 − z)·n + z·hₜ₋₁`
 *
 * Shapes: [T, N, inputSize], or [N, T, inputSize] with batchFirst, or [T, inputSize], to the same with hiddenSize
 * (twice that when bidirectional, or outputSize) last; states [numLayers·directions, N, hiddenSize].
 *
 * Weights: all uniform in ±1/√hiddenSize.
 *
 * Errors: ShapeError when a size is below 1, or input or states have other shapes.
 *
 * By default `numLayers` is 1, `bias` is true, `batchFirst` is false, `dropout` is 0, `bidirectional` is false,
 * `outputSize` is left out, `dtype` is 'float32'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
 *
 * @example
 * ```ts
 * new nn.GRU(3, 4).forward(zeros([5, 2, 3])).shape // [5, 2, 4]
 * ```
 */
export class GRU extends NativeModule {
  declare weightIhL0: Parameter;
  declare weightHhL0: Parameter;
  declare biasIhL0: Parameter | null;
  declare biasHhL0: Parameter | null;

  constructor(inputSize: number, hiddenSize: number, options?: GRUOptions) {
    super(inputSize, hiddenSize, options);
  }

  /**
   * Every step's output, then the last states, from the states given or from zeros: [output, hN].
   *
   * By default `h0` is left out.
   */
  unroll(x: Tensor, options?: GRUUnrollOptions): Tensor[] {
    return wrapList(callMethod(this, 11, 'unroll', 'x:t *h0:T=null', [x, options]), 'unroll');
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
  declare weightIh: Parameter;
  declare weightHh: Parameter;
  declare biasIh: Parameter | null;
  declare biasHh: Parameter | null;

  constructor(inputSize: number, hiddenSize: number, options?: RNNCellOptions) {
    super(inputSize, hiddenSize, options);
  }

  /**
   * One step from the state given or from zeros.
   *
   * By default `h` is left out.
   */
  step(x: Tensor, options?: RNNCellStepOptions): Tensor {
    return wrap(callMethod(this, 12, 'step', 'x:t *h:T=null', [x, options]), 'step');
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
  declare weightIh: Parameter;
  declare weightHh: Parameter;
  declare biasIh: Parameter | null;
  declare biasHh: Parameter | null;

  constructor(inputSize: number, hiddenSize: number, options?: LSTMCellOptions) {
    super(inputSize, hiddenSize, options);
  }

  /**
   * One step from the state given or from zeros. Gives [h, c].
   *
   * By default `h` is left out, `c` is left out.
   */
  step(x: Tensor, options?: LSTMCellStepOptions): Tensor[] {
    return wrapList(callMethod(this, 13, 'step', 'x:t *h:T=null *c:T=null', [x, options]), 'step');
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
  declare weightIh: Parameter;
  declare weightHh: Parameter;
  declare biasIh: Parameter | null;
  declare biasHh: Parameter | null;

  constructor(inputSize: number, hiddenSize: number, options?: GRUCellOptions) {
    super(inputSize, hiddenSize, options);
  }

  /**
   * One step from the state given or from zeros.
   *
   * By default `h` is left out.
   */
  step(x: Tensor, options?: GRUCellStepOptions): Tensor {
    return wrap(callMethod(this, 14, 'step', 'x:t *h:T=null', [x, options]), 'step');
  }
}

/** Options of {@link ResNet}. */
export interface ResNetOptions {
  /** By default 64. */
  baseWidth?: number;
  /** By default 10. */
  numClasses?: number;
  /** By default 3. */
  inChannels?: number;
  /** By default 'conv'. */
  shortcut?: 'conv' | 'pad';
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * A residual network for images of about 32×32, with torchvision's keys: a 3×3 stem without pooling, groups of
 * blocks, each twice as wide and half as large as the one before, their mean, a linear head. Where the shape
 * changes, the shortcut is a 1×1 convolution, or every second pixel with channels of zeros around.
 *
 * Shapes: [N, inChannels, H, W] to [N, numClasses].
 *
 * Weights: convolutions N(0, 2/fan out), norms 1 and 0, the head as Linear.
 *
 * Errors: ShapeError when a number is below 1.
 *
 * By default `baseWidth` is 64, `numClasses` is 10, `inChannels` is 3, `shortcut` is 'conv', `dtype` is 'float32'.
 *
 * @see https://arxiv.org/abs/1512.03385
 *
 * @example
 * ```ts
 * new nn.ResNet([1, 1], { baseWidth: 4 }).forward(zeros([2, 3, 8, 8])).shape // [2, 10]
 * ```
 */
export class ResNet extends NativeModule {
  constructor(blocks: number | readonly number[], options?: ResNetOptions) {
    super(blocks, options);
  }
}

/** Options of {@link CharRNN}. */
export interface CharRNNOptions {
  /** By default 'rnn'. */
  kind?: 'rnn' | 'lstm' | 'gru';
  /** By default 1. */
  numLayers?: number;
  /** By default 0. */
  dropout?: number;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * A language model of characters: embedding, recurrent layers of a kind, linear head. text.generate() keeps its
 * state.
 *
 * Shapes: int32 ids [N, T] or [T] to logits […, T, vocabSize].
 *
 * Weights: those of its parts.
 *
 * Errors: ShapeError when a size is below 1.
 *
 * By default `kind` is 'rnn', `numLayers` is 1, `dropout` is 0, `dtype` is 'float32'.
 *
 * @see https://karpathy.github.io/2015/05/21/rnn-effectiveness/
 *
 * @example
 * ```ts
 * new nn.CharRNN(11, 4, 8, { kind: 'lstm' }).forward(zeros([1, 6], { dtype: 'int32' })).shape
 * // [1, 6, 11]
 * ```
 */
export class CharRNN extends NativeModule {
  constructor(vocabSize: number, embedDim: number, hiddenSize: number, options?: CharRNNOptions) {
    super(vocabSize, embedDim, hiddenSize, options);
  }
}

/** Options of {@link VAE}. */
export interface VAEOptions {
  /** By default 400. */
  hiddenSize?: number;
  /** By default 20. */
  latentSize?: number;
  seed?: number | null;
  /** By default 'float32'. */
  dtype?: DType;
}

/**
 * A variational autoencoder of vectors in [0, 1], with the keys of PyTorch's example. forward(x) gives the decoded
 * logits, means and log variances side by side, which VAELoss takes. In training the latent is drawn, from the
 * stream of `seed` if given; in evaluation it is the mean.
 *
 * `z = μ(x) + e^(ln σ²(x)/2)·ε, ε ~ N(0, 1)`
 *
 * Shapes: [N, inputSize] to [N, inputSize + 2·latentSize].
 *
 * Weights: as Linear.
 *
 * Errors: ShapeError when a size is below 1, or the input is not [N, inputSize].
 *
 * By default `hiddenSize` is 400, `latentSize` is 20, `seed` is left out, `dtype` is 'float32'.
 *
 * @see https://arxiv.org/abs/1312.6114
 *
 * @example
 * ```ts
 * new nn.VAE(6, 5, 2).forward(zeros([3, 6])).shape // [3, 10]
 * ```
 */
export class VAE extends NativeModule {
  constructor(
    inputSize: number,
    hiddenSize?: number | VAEOptions,
    latentSize?: number | VAEOptions,
    options?: VAEOptions,
  ) {
    super(inputSize, hiddenSize, latentSize, options);
  }

  /** Means and log variances of the latent, both [N, latentSize]. */
  encode(x: Tensor): Tensor[] {
    return wrapList(callMethod(this, 15, 'encode', 'x:t', [x]), 'encode');
  }

  /** From latents [N, latentSize] to probabilities [N, inputSize]. */
  decode(z: Tensor): Tensor {
    return wrap(callMethod(this, 16, 'decode', 'z:t', [z]), 'decode');
  }
}

/** Options of {@link VAELoss}. */
export interface VAELossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * The negative evidence lower bound of what a VAE gave: binary cross-entropy of the decoded, summed over a vector,
 * and the divergence of the latent from N(0, 1). Mean over the batch, or the sum.
 *
 * `Σ BCE(x, decoded) + ½·Σ(μ² + σ² − 1 − ln σ²)`
 *
 * Shapes: a VAE's output [N, D + 2·latent] and x [N, D]; a scalar, or [N] with reduction 'none'.
 *
 * Errors: ShapeError when the shapes are others.
 *
 * By default `reduction` is 'mean'.
 *
 * @see https://arxiv.org/abs/1312.6114
 *
 * @example
 * ```ts
 * new nn.VAELoss().forward(zeros([1, 3]), zeros([1, 1])).item() // 0.693147
 * ```
 */
export class VAELoss extends NativeLoss {
  constructor(options?: VAELossOptions) {
    super(options);
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
  constructor(options?: MSELossOptions) {
    super(options);
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
  constructor(options?: L1LossOptions) {
    super(options);
  }
}

/** Options of {@link SmoothL1Loss}. */
export interface SmoothL1LossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
  /** By default 1. */
  beta?: number;
}

/**
 * The squared difference below beta, the absolute one above.
 *
 * `d < beta ? d²/(2·beta) : d − beta/2, d = |input − target|`
 *
 * Shapes: input and target of one shape; a scalar, or that shape with reduction 'none'.
 *
 * By default `reduction` is 'mean', `beta` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html
 *
 * @example
 * ```ts
 * new nn.SmoothL1Loss({ reduction: 'none' }).forward(tensor([1, 4]), tensor([0, 0])).toArray()
 * // [0.5, 3.5]
 * ```
 */
export class SmoothL1Loss extends NativeLoss {
  constructor(options?: SmoothL1LossOptions) {
    super(options);
  }
}

/** Options of {@link HuberLoss}. */
export interface HuberLossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
  /** By default 1. */
  delta?: number;
}

/**
 * The squared difference below delta, a line of that slope above.
 *
 * `d < delta ? d²/2 : delta·(d − delta/2), d = |input − target|`
 *
 * Shapes: input and target of one shape; a scalar, or that shape with reduction 'none'.
 *
 * By default `reduction` is 'mean', `delta` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html
 *
 * @example
 * ```ts
 * new nn.HuberLoss({ delta: 2 }).forward(tensor([4]), tensor([0])).item() // 6
 * ```
 */
export class HuberLoss extends NativeLoss {
  constructor(options?: HuberLossOptions) {
    super(options);
  }
}

/** Options of {@link KLDivLoss}. */
export interface KLDivLossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum' | 'batchmean';
  /** By default false. */
  logTarget?: boolean;
}

/**
 * How far a distribution, given by its logarithm, is from the wanted one. reduction 'batchmean' divides by the
 * batch, which is the divergence itself.
 *
 * `target·(ln target − input)`
 *
 * Shapes: input and target of one shape; a scalar, or that shape with reduction 'none'.
 *
 * By default `reduction` is 'mean', `logTarget` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html
 *
 * @example
 * ```ts
 * new nn.KLDivLoss({ reduction: 'sum' }).forward(tensor([0.5, 0.5]).log(), tensor([1, 0])).item()
 * // 0.693147
 * ```
 */
export class KLDivLoss extends NativeLoss {
  constructor(options?: KLDivLossOptions) {
    super(options);
  }
}

/** Options of {@link CosineEmbeddingLoss}. */
export interface CosineEmbeddingLossOptions {
  /** By default 0. */
  margin?: number;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * Draws two vectors to each other where the target is 1, and apart where it is −1. forward takes (x1, x2, target).
 *
 * `target = 1: 1 − cos(x1, x2); target = −1: max(0, cos(x1, x2) − margin)`
 *
 * Shapes: x1 and x2 [N, D], target [N]; a scalar, or [N] with reduction 'none'.
 *
 * Errors: FluxionError when there are not three inputs.
 *
 * By default `margin` is 0, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html
 *
 * @example
 * ```ts
 * new nn.CosineEmbeddingLoss().forward(tensor([[1, 0]]), tensor([[0, 1]]), tensor([1])).item()
 * // 1
 * ```
 */
export class CosineEmbeddingLoss extends NativeLoss {
  constructor(options?: CosineEmbeddingLossOptions) {
    super(options);
  }
}

/** Options of {@link TripletMarginLoss}. */
export interface TripletMarginLossOptions {
  /** By default 1. */
  margin?: number;
  /** By default 2. */
  p?: number;
  /** By default 1e-6. */
  eps?: number;
  /** By default false. */
  swap?: boolean;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * Keeps an anchor nearer to a positive than to a negative example, by a margin. forward takes (anchor, positive,
 * negative); with swap, the negative is compared with the nearer of the two.
 *
 * `max(0, ‖anchor − positive‖ₚ − ‖anchor − negative‖ₚ + margin)`
 *
 * Shapes: three times [N, D]; a scalar, or [N] with reduction 'none'.
 *
 * Errors: FluxionError when there are not three inputs.
 *
 * By default `margin` is 1, `p` is 2, `eps` is 1e-6, `swap` is false, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html
 *
 * @example
 * ```ts
 * new nn.TripletMarginLoss().forward(tensor([[0]]), tensor([[1]]), tensor([[3]])).item() // 0
 * ```
 */
export class TripletMarginLoss extends NativeLoss {
  constructor(options?: TripletMarginLossOptions) {
    super(options);
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
  constructor(weight?: Tensor | null | CrossEntropyLossOptions, options?: CrossEntropyLossOptions) {
    super(weight, options);
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
  constructor(weight?: Tensor | null | NLLLossOptions, options?: NLLLossOptions) {
    super(weight, options);
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
  constructor(weight?: Tensor | null | BCELossOptions, options?: BCELossOptions) {
    super(weight, options);
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
  constructor(weight?: Tensor | null | BCEWithLogitsLossOptions, options?: BCEWithLogitsLossOptions) {
    super(weight, options);
  }
}

registerClasses([
  [Linear, 'Linear', 'inFeatures:i outFeatures:i *bias:b=true *dtype:d="float32"', 'weight bias'],
  [Identity, 'Identity', ''],
  [Flatten, 'Flatten', 'startDim:i=1 endDim:i=-1'],
  [Dropout, 'Dropout', 'p:n=0.5'],
  [Dropout1d, 'Dropout1d', 'p:n=0.5'],
  [Dropout2d, 'Dropout2d', 'p:n=0.5'],
  [
    Conv1d,
    'Conv1d',
    'inChannels:i outChannels:i kernelSize:l *stride:l=[1] *padding:s(same,valid)=[0] *dilation:l=[1] *groups:i=1 *bias:b=true *dtype:d="float32"',
    'weight bias',
  ],
  [
    Conv2d,
    'Conv2d',
    'inChannels:i outChannels:i kernelSize:l *stride:l=[1] *padding:s(same,valid)=[0] *dilation:l=[1] *groups:i=1 *bias:b=true *dtype:d="float32"',
    'weight bias',
  ],
  [
    ConvTranspose1d,
    'ConvTranspose1d',
    'inChannels:i outChannels:i kernelSize:l *stride:l=[1] *padding:l=[0] *outputPadding:l=[0] *groups:i=1 *bias:b=true *dilation:l=[1] *dtype:d="float32"',
    'weight bias',
  ],
  [
    ConvTranspose2d,
    'ConvTranspose2d',
    'inChannels:i outChannels:i kernelSize:l *stride:l=[1] *padding:l=[0] *outputPadding:l=[0] *groups:i=1 *bias:b=true *dilation:l=[1] *dtype:d="float32"',
    'weight bias',
  ],
  [MaxPool1d, 'MaxPool1d', 'kernelSize:l *stride:l=[] *padding:l=[0] *dilation:l=[1] *ceilMode:b=false'],
  [MaxPool2d, 'MaxPool2d', 'kernelSize:l *stride:l=[] *padding:l=[0] *dilation:l=[1] *ceilMode:b=false'],
  [
    AvgPool1d,
    'AvgPool1d',
    'kernelSize:l *stride:l=[] *padding:l=[0] *ceilMode:b=false *countIncludePad:b=true',
  ],
  [
    AvgPool2d,
    'AvgPool2d',
    'kernelSize:l *stride:l=[] *padding:l=[0] *ceilMode:b=false *countIncludePad:b=true',
  ],
  [AdaptiveAvgPool1d, 'AdaptiveAvgPool1d', 'outputSize:l'],
  [AdaptiveAvgPool2d, 'AdaptiveAvgPool2d', 'outputSize:l'],
  [AdaptiveMaxPool1d, 'AdaptiveMaxPool1d', 'outputSize:l'],
  [AdaptiveMaxPool2d, 'AdaptiveMaxPool2d', 'outputSize:l'],
  [ConstantPad2d, 'ConstantPad2d', 'padding:l value:n'],
  [ZeroPad2d, 'ZeroPad2d', 'padding:l'],
  [ReflectionPad2d, 'ReflectionPad2d', 'padding:l'],
  [ReplicationPad2d, 'ReplicationPad2d', 'padding:l'],
  [
    Upsample,
    'Upsample',
    'size:L=null *scaleFactor:N=null *mode:c(nearest,linear,bilinear)="nearest" *alignCorners:b=false',
  ],
  [Unfold, 'Unfold', 'kernelSize:l *dilation:l=[1] *padding:l=[0] *stride:l=[1]'],
  [Fold, 'Fold', 'outputSize:l kernelSize:l *dilation:l=[1] *padding:l=[0] *stride:l=[1]'],
  [
    BatchNorm1d,
    'BatchNorm1d',
    'numFeatures:i *eps:n=1e-5 *momentum:N=0.1 *affine:b=true *trackRunningStats:b=true *dtype:d="float32"',
    'weight bias #running_mean #running_var #num_batches_tracked',
  ],
  [
    BatchNorm2d,
    'BatchNorm2d',
    'numFeatures:i *eps:n=1e-5 *momentum:N=0.1 *affine:b=true *trackRunningStats:b=true *dtype:d="float32"',
    'weight bias #running_mean #running_var #num_batches_tracked',
  ],
  [
    LayerNorm,
    'LayerNorm',
    'normalizedShape:l *eps:n=1e-5 *elementwiseAffine:b=true *bias:b=true *dtype:d="float32"',
    'weight bias',
  ],
  [
    InstanceNorm1d,
    'InstanceNorm1d',
    'numFeatures:i *eps:n=1e-5 *momentum:N=0.1 *affine:b=false *trackRunningStats:b=false *dtype:d="float32"',
    'weight bias #running_mean #running_var #num_batches_tracked',
  ],
  [
    InstanceNorm2d,
    'InstanceNorm2d',
    'numFeatures:i *eps:n=1e-5 *momentum:N=0.1 *affine:b=false *trackRunningStats:b=false *dtype:d="float32"',
    'weight bias #running_mean #running_var #num_batches_tracked',
  ],
  [
    GroupNorm,
    'GroupNorm',
    'numGroups:i numChannels:i *eps:n=1e-5 *affine:b=true *dtype:d="float32"',
    'weight bias',
  ],
  [
    RMSNorm,
    'RMSNorm',
    'normalizedShape:l *eps:N=null *elementwiseAffine:b=true *dtype:d="float32"',
    'weight',
  ],
  [Embedding, 'Embedding', 'numEmbeddings:i embeddingDim:i *paddingIdx:I=null *dtype:d="float32"', 'weight'],
  [
    SinusoidalPositionalEncoding,
    'SinusoidalPositionalEncoding',
    'dim:i *maxLength:i=5000 *dtype:d="float32"',
    '#encoding',
  ],
  [
    LearnedPositionalEmbedding,
    'LearnedPositionalEmbedding',
    'maxLength:i dim:i *dtype:d="float32"',
    'weight',
  ],
  [ReLU, 'ReLU', ''],
  [Sigmoid, 'Sigmoid', ''],
  [Tanh, 'Tanh', ''],
  [SiLU, 'SiLU', ''],
  [Mish, 'Mish', ''],
  [LogSigmoid, 'LogSigmoid', ''],
  [ReLU6, 'ReLU6', ''],
  [SELU, 'SELU', ''],
  [Hardsigmoid, 'Hardsigmoid', ''],
  [Hardswish, 'Hardswish', ''],
  [Softsign, 'Softsign', ''],
  [Tanhshrink, 'Tanhshrink', ''],
  [LeakyReLU, 'LeakyReLU', 'negativeSlope:n=0.01'],
  [ELU, 'ELU', 'alpha:n=1'],
  [Softplus, 'Softplus', 'beta:n=1 threshold:n=20'],
  [Hardtanh, 'Hardtanh', 'minVal:n=-1 maxVal:n=1'],
  [PReLU, 'PReLU', 'numParameters:i=1 init:n=0.25 *dtype:d="float32"', 'weight'],
  [GELU, 'GELU', '*approximate:c(none,tanh)="none"'],
  [Softmax, 'Softmax', 'dim:i=-1'],
  [LogSoftmax, 'LogSoftmax', 'dim:i=-1'],
  [
    MultiheadAttention,
    'MultiheadAttention',
    'embedDim:i numHeads:i *dropout:n=0 *bias:b=true *batchFirst:b=false *dtype:d="float32"',
    'in_proj_weight in_proj_bias .out_proj',
  ],
  [
    TransformerEncoderLayer,
    'TransformerEncoderLayer',
    'dModel:i nhead:i *dimFeedforward:i=2048 *dropout:n=0.1 *activation:c(relu,gelu)="relu" *layerNormEps:n=1e-5 *batchFirst:b=false *normFirst:b=false *dtype:d="float32"',
    '.self_attn .linear1 .linear2 .norm1 .norm2',
  ],
  [
    TransformerDecoderLayer,
    'TransformerDecoderLayer',
    'dModel:i nhead:i *dimFeedforward:i=2048 *dropout:n=0.1 *activation:c(relu,gelu)="relu" *layerNormEps:n=1e-5 *batchFirst:b=false *normFirst:b=false *dtype:d="float32"',
    '.self_attn .multihead_attn .linear1 .linear2 .norm1 .norm2 .norm3',
  ],
  [
    TransformerEncoder,
    'TransformerEncoder',
    'dModel:i nhead:i numLayers:i *dimFeedforward:i=2048 *dropout:n=0.1 *activation:c(relu,gelu)="relu" *layerNormEps:n=1e-5 *batchFirst:b=false *normFirst:b=false *norm:b=false *dtype:d="float32"',
    '.layers .norm',
  ],
  [
    TransformerDecoder,
    'TransformerDecoder',
    'dModel:i nhead:i numLayers:i *dimFeedforward:i=2048 *dropout:n=0.1 *activation:c(relu,gelu)="relu" *layerNormEps:n=1e-5 *batchFirst:b=false *normFirst:b=false *norm:b=false *dtype:d="float32"',
    '.layers .norm',
  ],
  [
    Transformer,
    'Transformer',
    'dModel:i=512 nhead:i=8 *numEncoderLayers:i=6 *numDecoderLayers:i=6 *dimFeedforward:i=2048 *dropout:n=0.1 *activation:c(relu,gelu)="relu" *layerNormEps:n=1e-5 *batchFirst:b=false *normFirst:b=false *dtype:d="float32"',
    '.encoder .decoder',
  ],
  [
    TransformerBlock,
    'TransformerBlock',
    'embedDim:i numHeads:i *mlpRatio:i=4 *dropout:n=0 *isCausal:b=true *bias:b=true *approximate:c(none,tanh)="tanh" *dtype:d="float32"',
    '.ln_1 .attn .ln_2 .mlp',
  ],
  [
    GPT,
    'GPT',
    '*vocabSize:i *nLayer:i=2 *nHead:i=4 *nEmbd:i=48 *blockSize:i=48 *mlpRatio:i=4 *dropout:n=0 *bias:b=true *tieWeights:b=false *positions:c(learned,sinusoidal)="learned" *approximate:c(none,tanh)="tanh" *dtype:d="float32"',
    '.wte .wpe .h .ln_f .lm_head',
  ],
  [
    SingleHeadAttention,
    'SingleHeadAttention',
    'embedDim:i headDim:I=null *isCausal:b=false *bias:b=false *dtype:d="float32"',
    '.query .key .value',
  ],
  [
    GroupedQueryAttention,
    'GroupedQueryAttention',
    'embedDim:i numHeads:i numKvHeads:I=null *rotary:b=true *rotaryBase:n=10000 *isCausal:b=true *bias:b=false *dtype:d="float32"',
    '.q_proj .k_proj .v_proj .o_proj',
  ],
  [
    MultiheadLatentAttention,
    'MultiheadLatentAttention',
    'embedDim:i numHeads:i *kvRank:i *qRank:I=null *headDim:I=null *rotaryDim:i *rotaryBase:n=10000 *isCausal:b=true *dtype:d="float32"',
  ],
  [LastPosition, 'LastPosition', 'dim:i=1'],
  [SwiGLU, 'SwiGLU', 'dim:i hidden:i *dtype:d="float32"', '.gate_proj .up_proj .down_proj'],
  [
    LlamaBlock,
    'LlamaBlock',
    'embedDim:i numHeads:i *numKvHeads:I=null *hidden:i *normEps:n=1e-6 *rotaryBase:n=10000 *dtype:d="float32"',
    '.input_layernorm .self_attn .post_attention_layernorm .mlp',
  ],
  [
    Llama,
    'Llama',
    '*vocabSize:i *nLayer:i=2 *nHead:i=4 *nKvHead:I=null *nEmbd:i=48 *hidden:i=128 *blockSize:i=1024 *normEps:n=1e-6 *rotaryBase:n=10000 *tieWeights:b=false *dtype:d="float32"',
    '.embed_tokens .layers .norm .lm_head',
  ],
  [
    RNN,
    'RNN',
    'inputSize:i hiddenSize:i *numLayers:i=1 *nonlinearity:c(tanh,relu,sigmoid)="tanh" *bias:b=true *batchFirst:b=false *dropout:n=0 *bidirectional:b=false *outputSize:I=null *dtype:d="float32"',
    'weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0',
  ],
  [
    LSTM,
    'LSTM',
    'inputSize:i hiddenSize:i *numLayers:i=1 *bias:b=true *batchFirst:b=false *dropout:n=0 *bidirectional:b=false *outputSize:I=null *dtype:d="float32"',
    'weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0',
  ],
  [
    GRU,
    'GRU',
    'inputSize:i hiddenSize:i *numLayers:i=1 *bias:b=true *batchFirst:b=false *dropout:n=0 *bidirectional:b=false *outputSize:I=null *dtype:d="float32"',
    'weight_ih_l0 weight_hh_l0 bias_ih_l0 bias_hh_l0',
  ],
  [
    RNNCell,
    'RNNCell',
    'inputSize:i hiddenSize:i *bias:b=true *nonlinearity:c(tanh,relu,sigmoid)="tanh" *dtype:d="float32"',
    'weight_ih weight_hh bias_ih bias_hh',
  ],
  [
    LSTMCell,
    'LSTMCell',
    'inputSize:i hiddenSize:i *bias:b=true *dtype:d="float32"',
    'weight_ih weight_hh bias_ih bias_hh',
  ],
  [
    GRUCell,
    'GRUCell',
    'inputSize:i hiddenSize:i *bias:b=true *dtype:d="float32"',
    'weight_ih weight_hh bias_ih bias_hh',
  ],
  [
    ResNet,
    'ResNet',
    'blocks:l *baseWidth:i=64 *numClasses:i=10 *inChannels:i=3 *shortcut:c(conv,pad)="conv" *dtype:d="float32"',
  ],
  [
    CharRNN,
    'CharRNN',
    'vocabSize:i embedDim:i hiddenSize:i *kind:c(rnn,lstm,gru)="rnn" *numLayers:i=1 *dropout:n=0 *dtype:d="float32"',
  ],
  [VAE, 'VAE', 'inputSize:i hiddenSize:i=400 latentSize:i=20 *seed:I=null *dtype:d="float32"'],
  [VAELoss, 'VAELoss', '*reduction:c(none,mean,sum)="mean"'],
  [MSELoss, 'MSELoss', '*reduction:c(none,mean,sum)="mean"'],
  [L1Loss, 'L1Loss', '*reduction:c(none,mean,sum)="mean"'],
  [SmoothL1Loss, 'SmoothL1Loss', '*reduction:c(none,mean,sum)="mean" *beta:n=1'],
  [HuberLoss, 'HuberLoss', '*reduction:c(none,mean,sum)="mean" *delta:n=1'],
  [KLDivLoss, 'KLDivLoss', '*reduction:c(none,mean,sum,batchmean)="mean" *logTarget:b=false'],
  [CosineEmbeddingLoss, 'CosineEmbeddingLoss', '*margin:n=0 *reduction:c(none,mean,sum)="mean"'],
  [
    TripletMarginLoss,
    'TripletMarginLoss',
    '*margin:n=1 *p:n=2 *eps:n=1e-6 *swap:b=false *reduction:c(none,mean,sum)="mean"',
  ],
  [
    CrossEntropyLoss,
    'CrossEntropyLoss',
    'weight:T=null *ignoreIndex:i=-100 *reduction:c(none,mean,sum)="mean" *labelSmoothing:n=0',
  ],
  [NLLLoss, 'NLLLoss', 'weight:T=null *ignoreIndex:i=-100 *reduction:c(none,mean,sum)="mean"'],
  [BCELoss, 'BCELoss', 'weight:T=null *reduction:c(none,mean,sum)="mean"'],
  [
    BCEWithLogitsLoss,
    'BCEWithLogitsLoss',
    'weight:T=null *posWeight:T=null *reduction:c(none,mean,sum)="mean"',
  ],
]);
