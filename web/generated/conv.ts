// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import {
  choice,
  flag,
  given,
  integer,
  integers,
  isOptions,
  optionalHandle,
  optionalIntegers,
  optionalNumber,
  options,
} from '../args.ts';
import { tensorHandle, wrap } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/** Options of {@link conv2d}. */
export interface Conv2dOptions {
  bias?: Tensor | null;
  /** By default [1]. */
  stride?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[] | 'same' | 'valid';
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default 1. */
  groups?: number;
}

/**
 * Slides each kernel of `weight` over the images of x and sums the products under it (cross-correlation). stride,
 * padding and dilation take one number or [height, width]; padding may also be 'same', which keeps height and
 * width, or 'valid', which is none.
 *
 * `yₙₒᵢⱼ = biasₒ + Σ꜀ᵣₛ weightₒ꜀ᵣₛ · xₙ꜀[i·stride + r·dilation − padding, j·stride + s·dilation − padding]`
 *
 * Shapes: [N, C, H, W] or [C, H, W], [O, C/groups, R, S], [O] → [N, O, P, Q], P = ⌊(H + 2·padding − dilation·(R −
 * 1) − 1)/stride⌋ + 1.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when channels, groups, bias or kernel do not fit, or 'same' meets a stride; DTypeError on
 * other or differing dtypes.
 *
 * By default `bias` is left out, `stride` is [1], `padding` is [0], `dilation` is [1], `groups` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html
 *
 * @example
 * ```ts
 * F.conv2d(tensor([[[1, 2], [3, 4]]]), tensor([[[[1, 1], [1, 1]]]])).toArray() // [[[10]]]
 * ```
 */
export function conv2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | Conv2dOptions,
  o?: Conv2dOptions,
): Tensor {
  if (isOptions(bias)) {
    o = bias;
    bias = undefined;
  }
  const {
    bias: bias_ = bias ?? null,
    stride = [1],
    padding = [0],
    dilation = [1],
    groups = 1,
  } = options<Conv2dOptions>('conv2d', o, 'bias stride padding dilation groups');
  return wrap(
    lib.op_conv2d(
      tensorHandle(x, 'conv2d', 'x'),
      tensorHandle(weight, 'conv2d', 'weight'),
      optionalHandle(bias_, 'conv2d', 'bias'),
      integers(stride, 'conv2d', 'stride'),
      integers(typeof padding === 'string' ? 0 : padding, 'conv2d', 'padding'),
      integers(dilation, 'conv2d', 'dilation'),
      integer(groups, 'conv2d', 'groups'),
      typeof padding === 'string' ? 1 + choice(padding, 'conv2d', 'padding', ['same', 'valid']) : 0,
    ),
    'conv2d',
  );
}

/** Options of {@link conv1d}. */
export interface Conv1dOptions {
  bias?: Tensor | null;
  /** By default [1]. */
  stride?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[] | 'same' | 'valid';
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default 1. */
  groups?: number;
}

/**
 * Slides each kernel of `weight` along the sequences of x and sums the products under it (cross-correlation).
 * padding may also be 'same', which keeps the length, or 'valid', which is none.
 *
 * `yₙₒᵢ = biasₒ + Σ꜀ᵣ weightₒ꜀ᵣ · xₙ꜀[i·stride + r·dilation − padding]`
 *
 * Shapes: [N, C, L] or [C, L], [O, C/groups, R], [O] → [N, O, P], P = ⌊(L + 2·padding − dilation·(R − 1) −
 * 1)/stride⌋ + 1.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when channels, groups, bias or kernel do not fit, or 'same' meets a stride; DTypeError on
 * other or differing dtypes.
 *
 * By default `bias` is left out, `stride` is [1], `padding` is [0], `dilation` is [1], `groups` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html
 *
 * @example
 * ```ts
 * F.conv1d(tensor([[1, 2, 3]]), tensor([[[1, 1]]])).toArray() // [[3, 5]]
 * ```
 */
export function conv1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | Conv1dOptions,
  o?: Conv1dOptions,
): Tensor {
  if (isOptions(bias)) {
    o = bias;
    bias = undefined;
  }
  const {
    bias: bias_ = bias ?? null,
    stride = [1],
    padding = [0],
    dilation = [1],
    groups = 1,
  } = options<Conv1dOptions>('conv1d', o, 'bias stride padding dilation groups');
  return wrap(
    lib.op_conv1d(
      tensorHandle(x, 'conv1d', 'x'),
      tensorHandle(weight, 'conv1d', 'weight'),
      optionalHandle(bias_, 'conv1d', 'bias'),
      integers(stride, 'conv1d', 'stride'),
      integers(typeof padding === 'string' ? 0 : padding, 'conv1d', 'padding'),
      integers(dilation, 'conv1d', 'dilation'),
      integer(groups, 'conv1d', 'groups'),
      typeof padding === 'string' ? 1 + choice(padding, 'conv1d', 'padding', ['same', 'valid']) : 0,
    ),
    'conv1d',
  );
}

/** Options of {@link convTranspose1d}. */
export interface ConvTranspose1dOptions {
  bias?: Tensor | null;
  /** By default [1]. */
  stride?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [0]. */
  outputPadding?: number | readonly number[];
  /** By default 1. */
  groups?: number;
  /** By default [1]. */
  dilation?: number | readonly number[];
}

/**
 * The transposed convolution: each element of x, times a kernel, is added over a window of the result; the way
 * back of a convolution with these settings. outputPadding makes the result longer at the end.
 *
 * `yₙₒ[i·stride + r·dilation − padding] += Σ꜀ weight꜀ₒᵣ · xₙ꜀ᵢ`
 *
 * Shapes: [N, C, L] or [C, L], [C, O/groups, R], [O] → [N, O, (L − 1)·stride − 2·padding + dilation·(R − 1) +
 * outputPadding + 1].
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when channels, groups, bias or kernel do not fit, or outputPadding reaches both stride and
 * dilation; DTypeError on other or differing dtypes.
 *
 * By default `bias` is left out, `stride` is [1], `padding` is [0], `outputPadding` is [0], `groups` is 1,
 * `dilation` is [1].
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose1d.html
 *
 * @example
 * ```ts
 * F.convTranspose1d(tensor([[1, 2]]), tensor([[[1, 10]]])).toArray() // [[1, 12, 20]]
 * ```
 */
export function convTranspose1d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvTranspose1dOptions,
  o?: ConvTranspose1dOptions,
): Tensor {
  if (isOptions(bias)) {
    o = bias;
    bias = undefined;
  }
  const {
    bias: bias_ = bias ?? null,
    stride = [1],
    padding = [0],
    outputPadding = [0],
    groups = 1,
    dilation = [1],
  } = options<ConvTranspose1dOptions>(
    'convTranspose1d',
    o,
    'bias stride padding outputPadding groups dilation',
  );
  return wrap(
    lib.op_conv_transpose1d(
      tensorHandle(x, 'convTranspose1d', 'x'),
      tensorHandle(weight, 'convTranspose1d', 'weight'),
      optionalHandle(bias_, 'convTranspose1d', 'bias'),
      integers(stride, 'convTranspose1d', 'stride'),
      integers(padding, 'convTranspose1d', 'padding'),
      integers(outputPadding, 'convTranspose1d', 'outputPadding'),
      integer(groups, 'convTranspose1d', 'groups'),
      integers(dilation, 'convTranspose1d', 'dilation'),
    ),
    'convTranspose1d',
  );
}

/** Options of {@link convTranspose2d}. */
export interface ConvTranspose2dOptions {
  bias?: Tensor | null;
  /** By default [1]. */
  stride?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [0]. */
  outputPadding?: number | readonly number[];
  /** By default 1. */
  groups?: number;
  /** By default [1]. */
  dilation?: number | readonly number[];
}

/**
 * The transposed convolution: each element of x, times a kernel, is added over a window of the result; the way
 * back of a convolution with these settings. outputPadding makes the result longer at the end.
 *
 * `yₙₒ[i·stride + r·dilation − padding, j·stride + s·dilation − padding] += Σ꜀ weight꜀ₒᵣₛ · xₙ꜀ᵢⱼ`
 *
 * Shapes: [N, C, H, W] or [C, H, W], [C, O/groups, R, S], [O] → [N, O, P, Q], P = (H − 1)·stride − 2·padding +
 * dilation·(R − 1) + outputPadding + 1.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when channels, groups, bias or kernel do not fit, or outputPadding reaches both stride and
 * dilation; DTypeError on other or differing dtypes.
 *
 * By default `bias` is left out, `stride` is [1], `padding` is [0], `outputPadding` is [0], `groups` is 1,
 * `dilation` is [1].
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html
 *
 * @example
 * ```ts
 * F.convTranspose2d(tensor([[[1, 2]]]), tensor([[[[1, 10]]]])).toArray() // [[[1, 12, 20]]]
 * ```
 */
export function convTranspose2d(
  x: Tensor,
  weight: Tensor,
  bias?: Tensor | null | ConvTranspose2dOptions,
  o?: ConvTranspose2dOptions,
): Tensor {
  if (isOptions(bias)) {
    o = bias;
    bias = undefined;
  }
  const {
    bias: bias_ = bias ?? null,
    stride = [1],
    padding = [0],
    outputPadding = [0],
    groups = 1,
    dilation = [1],
  } = options<ConvTranspose2dOptions>(
    'convTranspose2d',
    o,
    'bias stride padding outputPadding groups dilation',
  );
  return wrap(
    lib.op_conv_transpose2d(
      tensorHandle(x, 'convTranspose2d', 'x'),
      tensorHandle(weight, 'convTranspose2d', 'weight'),
      optionalHandle(bias_, 'convTranspose2d', 'bias'),
      integers(stride, 'convTranspose2d', 'stride'),
      integers(padding, 'convTranspose2d', 'padding'),
      integers(outputPadding, 'convTranspose2d', 'outputPadding'),
      integer(groups, 'convTranspose2d', 'groups'),
      integers(dilation, 'convTranspose2d', 'dilation'),
    ),
    'convTranspose2d',
  );
}

/** Options of {@link maxPool2d}. */
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
 * The largest value under each window; the gradient goes to its first place. NaN counts as largest. Sizes take one
 * number or [height, width]; without a stride the windows do not overlap.
 *
 * `yᵢⱼ = maxᵣₛ x[i·stride + r·dilation − padding, j·stride + s·dilation − padding]`
 *
 * Shapes: [N, C, H, W] or [C, H, W] → [N, C, P, Q].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the window does not fit or padding is over half the kernel; DTypeError on other dtypes.
 *
 * By default `stride` is [], `padding` is [0], `dilation` is [1], `ceilMode` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html
 *
 * @example
 * ```ts
 * F.maxPool2d(tensor([[[1, 2], [3, 4]]]), 2).toArray() // [[[4]]]
 * ```
 */
export function maxPool2d(x: Tensor, kernelSize: number | readonly number[], o?: MaxPool2dOptions): Tensor {
  const {
    stride = [],
    padding = [0],
    dilation = [1],
    ceilMode = false,
  } = options<MaxPool2dOptions>('maxPool2d', o, 'stride padding dilation ceilMode');
  return wrap(
    lib.op_max_pool2d(
      tensorHandle(x, 'maxPool2d', 'x'),
      integers(kernelSize, 'maxPool2d', 'kernelSize'),
      integers(stride, 'maxPool2d', 'stride'),
      integers(padding, 'maxPool2d', 'padding'),
      integers(dilation, 'maxPool2d', 'dilation'),
      flag(ceilMode, 'maxPool2d', 'ceilMode'),
    ),
    'maxPool2d',
  );
}

/** Options of {@link avgPool2d}. */
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
 * The mean under each window. Sizes take one number or [height, width]; without a stride the windows do not
 * overlap.
 *
 * `yᵢⱼ = meanᵣₛ x[i·stride + r − padding, j·stride + s − padding]`
 *
 * Shapes: [N, C, H, W] or [C, H, W] → [N, C, P, Q].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the window does not fit or padding is over half the kernel; DTypeError on other dtypes.
 *
 * By default `stride` is [], `padding` is [0], `ceilMode` is false, `countIncludePad` is true.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html
 *
 * @example
 * ```ts
 * F.avgPool2d(tensor([[[1, 2], [3, 4]]]), 2).toArray() // [[[2.5]]]
 * ```
 */
export function avgPool2d(x: Tensor, kernelSize: number | readonly number[], o?: AvgPool2dOptions): Tensor {
  const {
    stride = [],
    padding = [0],
    ceilMode = false,
    countIncludePad = true,
  } = options<AvgPool2dOptions>('avgPool2d', o, 'stride padding ceilMode countIncludePad');
  return wrap(
    lib.op_avg_pool2d(
      tensorHandle(x, 'avgPool2d', 'x'),
      integers(kernelSize, 'avgPool2d', 'kernelSize'),
      integers(stride, 'avgPool2d', 'stride'),
      integers(padding, 'avgPool2d', 'padding'),
      flag(ceilMode, 'avgPool2d', 'ceilMode'),
      flag(countIncludePad, 'avgPool2d', 'countIncludePad'),
    ),
    'avgPool2d',
  );
}

/** Options of {@link maxPool1d}. */
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
 * The largest value under each window; the gradient goes to its first place. NaN counts as largest. Without a
 * stride the windows do not overlap.
 *
 * `yᵢ = maxᵣ x[i·stride + r·dilation − padding]`
 *
 * Shapes: [N, C, L] or [C, L] → [N, C, P].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the window does not fit or padding is over half the kernel; DTypeError on other dtypes.
 *
 * By default `stride` is [], `padding` is [0], `dilation` is [1], `ceilMode` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool1d.html
 *
 * @example
 * ```ts
 * F.maxPool1d(tensor([[1, 3, 2, 4]]), 2).toArray() // [[3, 4]]
 * ```
 */
export function maxPool1d(x: Tensor, kernelSize: number | readonly number[], o?: MaxPool1dOptions): Tensor {
  const {
    stride = [],
    padding = [0],
    dilation = [1],
    ceilMode = false,
  } = options<MaxPool1dOptions>('maxPool1d', o, 'stride padding dilation ceilMode');
  return wrap(
    lib.op_max_pool1d(
      tensorHandle(x, 'maxPool1d', 'x'),
      integers(kernelSize, 'maxPool1d', 'kernelSize'),
      integers(stride, 'maxPool1d', 'stride'),
      integers(padding, 'maxPool1d', 'padding'),
      integers(dilation, 'maxPool1d', 'dilation'),
      flag(ceilMode, 'maxPool1d', 'ceilMode'),
    ),
    'maxPool1d',
  );
}

/** Options of {@link avgPool1d}. */
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
 * The mean under each window. Without a stride the windows do not overlap.
 *
 * `yᵢ = meanᵣ x[i·stride + r − padding]`
 *
 * Shapes: [N, C, L] or [C, L] → [N, C, P].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the window does not fit or padding is over half the kernel; DTypeError on other dtypes.
 *
 * By default `stride` is [], `padding` is [0], `ceilMode` is false, `countIncludePad` is true.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool1d.html
 *
 * @example
 * ```ts
 * F.avgPool1d(tensor([[1, 3, 2, 4]]), 2).toArray() // [[2, 3]]
 * ```
 */
export function avgPool1d(x: Tensor, kernelSize: number | readonly number[], o?: AvgPool1dOptions): Tensor {
  const {
    stride = [],
    padding = [0],
    ceilMode = false,
    countIncludePad = true,
  } = options<AvgPool1dOptions>('avgPool1d', o, 'stride padding ceilMode countIncludePad');
  return wrap(
    lib.op_avg_pool1d(
      tensorHandle(x, 'avgPool1d', 'x'),
      integers(kernelSize, 'avgPool1d', 'kernelSize'),
      integers(stride, 'avgPool1d', 'stride'),
      integers(padding, 'avgPool1d', 'padding'),
      flag(ceilMode, 'avgPool1d', 'ceilMode'),
      flag(countIncludePad, 'avgPool1d', 'countIncludePad'),
    ),
    'avgPool1d',
  );
}

/**
 * The mean of each of `outputSize` windows that cover x evenly.
 *
 * `window i of n: ⌊i·size/n⌋ to ⌈(i + 1)·size/n⌉`
 *
 * Shapes: [N, C, L] or [C, L] → [N, C, outputSize].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when a size is empty or outputSize is not positive; DTypeError on other dtypes.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool1d.html
 *
 * @example
 * ```ts
 * F.adaptiveAvgPool1d(tensor([[1, 3, 2, 4]]), 2).toArray() // [[2, 3]]
 * ```
 */
export function adaptiveAvgPool1d(x: Tensor, outputSize: number | readonly number[]): Tensor {
  return wrap(
    lib.op_adaptive_avg_pool1d(
      tensorHandle(x, 'adaptiveAvgPool1d', 'x'),
      integers(outputSize, 'adaptiveAvgPool1d', 'outputSize'),
    ),
    'adaptiveAvgPool1d',
  );
}

/**
 * The mean of each of `outputSize` windows that cover x evenly.
 *
 * `window i of n: ⌊i·size/n⌋ to ⌈(i + 1)·size/n⌉`
 *
 * Shapes: [N, C, H, W] or [C, H, W] → [N, C, P, Q].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when a size is empty or outputSize is not positive; DTypeError on other dtypes.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_avg_pool2d.html
 *
 * @example
 * ```ts
 * F.adaptiveAvgPool2d(tensor([[[1, 3], [2, 4]]]), 1).toArray() // [[[2.5]]]
 * ```
 */
export function adaptiveAvgPool2d(x: Tensor, outputSize: number | readonly number[]): Tensor {
  return wrap(
    lib.op_adaptive_avg_pool2d(
      tensorHandle(x, 'adaptiveAvgPool2d', 'x'),
      integers(outputSize, 'adaptiveAvgPool2d', 'outputSize'),
    ),
    'adaptiveAvgPool2d',
  );
}

/**
 * The largest value of each of `outputSize` windows that cover x evenly; the gradient goes to its first place.
 *
 * `window i of n: ⌊i·size/n⌋ to ⌈(i + 1)·size/n⌉`
 *
 * Shapes: [N, C, L] or [C, L] → [N, C, outputSize].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when a size is empty or outputSize is not positive; DTypeError on other dtypes.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool1d.html
 *
 * @example
 * ```ts
 * F.adaptiveMaxPool1d(tensor([[1, 3, 2, 4]]), 2).toArray() // [[3, 4]]
 * ```
 */
export function adaptiveMaxPool1d(x: Tensor, outputSize: number | readonly number[]): Tensor {
  return wrap(
    lib.op_adaptive_max_pool1d(
      tensorHandle(x, 'adaptiveMaxPool1d', 'x'),
      integers(outputSize, 'adaptiveMaxPool1d', 'outputSize'),
    ),
    'adaptiveMaxPool1d',
  );
}

/**
 * The largest value of each of `outputSize` windows that cover x evenly; the gradient goes to its first place.
 *
 * `window i of n: ⌊i·size/n⌋ to ⌈(i + 1)·size/n⌉`
 *
 * Shapes: [N, C, H, W] or [C, H, W] → [N, C, P, Q].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when a size is empty or outputSize is not positive; DTypeError on other dtypes.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.adaptive_max_pool2d.html
 *
 * @example
 * ```ts
 * F.adaptiveMaxPool2d(tensor([[[1, 3], [2, 4]]]), 1).toArray() // [[[4]]]
 * ```
 */
export function adaptiveMaxPool2d(x: Tensor, outputSize: number | readonly number[]): Tensor {
  return wrap(
    lib.op_adaptive_max_pool2d(
      tensorHandle(x, 'adaptiveMaxPool2d', 'x'),
      integers(outputSize, 'adaptiveMaxPool2d', 'outputSize'),
    ),
    'adaptiveMaxPool2d',
  );
}

/** Options of {@link unfold}. */
export interface UnfoldOptions {
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [1]. */
  stride?: number | readonly number[];
}

/**
 * Every window of the images as a column: what turns a convolution into a matrix product.
 *
 * `y[c·R·S + r·S + s, i·Q + j] = x꜀[i·stride + r·dilation − padding, j·stride + s·dilation − padding]`
 *
 * Shapes: [N, C, H, W] or [C, H, W] → [N, C·R·S, P·Q], for P·Q windows of R·S.
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the window does not fit; DTypeError on other dtypes.
 *
 * By default `dilation` is [1], `padding` is [0], `stride` is [1].
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html
 *
 * @example
 * ```ts
 * F.unfold(tensor([[[1, 2, 3], [4, 5, 6]]]), 2).toArray() // [[1, 2], [2, 3], [4, 5], [5, 6]]
 * ```
 */
export function unfold(x: Tensor, kernelSize: number | readonly number[], o?: UnfoldOptions): Tensor {
  const {
    dilation = [1],
    padding = [0],
    stride = [1],
  } = options<UnfoldOptions>('unfold', o, 'dilation padding stride');
  return wrap(
    lib.op_unfold(
      tensorHandle(x, 'unfold', 'x'),
      integers(kernelSize, 'unfold', 'kernelSize'),
      integers(dilation, 'unfold', 'dilation'),
      integers(padding, 'unfold', 'padding'),
      integers(stride, 'unfold', 'stride'),
    ),
    'unfold',
  );
}

/** Options of {@link im2col}. */
export interface Im2colOptions {
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [1]. */
  stride?: number | readonly number[];
}

/**
 * Every window of the images as a column: what turns a convolution into a matrix product. Another name of unfold.
 *
 * `y[c·R·S + r·S + s, i·Q + j] = x꜀[i·stride + r·dilation − padding, j·stride + s·dilation − padding]`
 *
 * Shapes: [N, C, H, W] or [C, H, W] → [N, C·R·S, P·Q], for P·Q windows of R·S.
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the window does not fit; DTypeError on other dtypes.
 *
 * By default `dilation` is [1], `padding` is [0], `stride` is [1].
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html
 *
 * @example
 * ```ts
 * F.im2col(tensor([[[1, 2, 3], [4, 5, 6]]]), 2).toArray() // [[1, 2], [2, 3], [4, 5], [5, 6]]
 * ```
 */
export function im2col(x: Tensor, kernelSize: number | readonly number[], o?: Im2colOptions): Tensor {
  const {
    dilation = [1],
    padding = [0],
    stride = [1],
  } = options<Im2colOptions>('im2col', o, 'dilation padding stride');
  return wrap(
    lib.op_im2col(
      tensorHandle(x, 'im2col', 'x'),
      integers(kernelSize, 'im2col', 'kernelSize'),
      integers(dilation, 'im2col', 'dilation'),
      integers(padding, 'im2col', 'padding'),
      integers(stride, 'im2col', 'stride'),
    ),
    'im2col',
  );
}

/** Options of {@link fold}. */
export interface FoldOptions {
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [1]. */
  stride?: number | readonly number[];
}

/**
 * Columns added up where their windows stood in the image: the way back from unfold, where overlaps sum.
 *
 * `y꜀[i·stride + r·dilation − padding, …] += x[c·R·S + r·S + s, i·Q + j]`
 *
 * Shapes: [N, C·R·S, P·Q] or [C·R·S, P·Q] → [N, C, …outputSize].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when x has not as many columns as there are windows; DTypeError on other dtypes.
 *
 * By default `dilation` is [1], `padding` is [0], `stride` is [1].
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Fold.html
 *
 * @example
 * ```ts
 * F.fold(tensor([[1, 2], [2, 3], [4, 5], [5, 6]]), [2, 3], 2).toArray()
 * // [[[1, 4, 3], [4, 10, 6]]]
 * ```
 */
export function fold(
  x: Tensor,
  outputSize: number | readonly number[],
  kernelSize: number | readonly number[],
  o?: FoldOptions,
): Tensor {
  const {
    dilation = [1],
    padding = [0],
    stride = [1],
  } = options<FoldOptions>('fold', o, 'dilation padding stride');
  return wrap(
    lib.op_fold(
      tensorHandle(x, 'fold', 'x'),
      integers(outputSize, 'fold', 'outputSize'),
      integers(kernelSize, 'fold', 'kernelSize'),
      integers(dilation, 'fold', 'dilation'),
      integers(padding, 'fold', 'padding'),
      integers(stride, 'fold', 'stride'),
    ),
    'fold',
  );
}

/** Options of {@link col2im}. */
export interface Col2imOptions {
  /** By default [1]. */
  dilation?: number | readonly number[];
  /** By default [0]. */
  padding?: number | readonly number[];
  /** By default [1]. */
  stride?: number | readonly number[];
}

/**
 * Columns added up where their windows stood in the image: the way back from unfold, where overlaps sum. Another
 * name of fold.
 *
 * `y꜀[i·stride + r·dilation − padding, …] += x[c·R·S + r·S + s, i·Q + j]`
 *
 * Shapes: [N, C·R·S, P·Q] or [C·R·S, P·Q] → [N, C, …outputSize].
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when x has not as many columns as there are windows; DTypeError on other dtypes.
 *
 * By default `dilation` is [1], `padding` is [0], `stride` is [1].
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.Fold.html
 *
 * @example
 * ```ts
 * F.col2im(tensor([[1, 2], [2, 3], [4, 5], [5, 6]]), [2, 3], 2).toArray()
 * // [[[1, 4, 3], [4, 10, 6]]]
 * ```
 */
export function col2im(
  x: Tensor,
  outputSize: number | readonly number[],
  kernelSize: number | readonly number[],
  o?: Col2imOptions,
): Tensor {
  const {
    dilation = [1],
    padding = [0],
    stride = [1],
  } = options<Col2imOptions>('col2im', o, 'dilation padding stride');
  return wrap(
    lib.op_col2im(
      tensorHandle(x, 'col2im', 'x'),
      integers(outputSize, 'col2im', 'outputSize'),
      integers(kernelSize, 'col2im', 'kernelSize'),
      integers(dilation, 'col2im', 'dilation'),
      integers(padding, 'col2im', 'padding'),
      integers(stride, 'col2im', 'stride'),
    ),
    'col2im',
  );
}

/** Options of {@link interpolate}. */
export interface InterpolateOptions {
  size?: number | readonly number[] | null;
  scaleFactor?: number | null;
  /** By default 'nearest'. */
  mode?: 'nearest' | 'linear' | 'bilinear';
  /** By default false. */
  alignCorners?: boolean;
}

/**
 * x at another size: each place takes the nearest value, or one between its neighbours. With alignCorners the
 * first and the last values stay at the edges.
 *
 * `source = (i + ½)·scale − ½, or i·(in − 1)/(out − 1) with alignCorners; nearest: ⌊i·scale⌋`
 *
 * Shapes: [N, C, L] or [N, C, H, W] with other lengths: size, or ⌊length·scaleFactor⌋.
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the rank does not suit the mode or nothing is left; FluxionError when not one of size
 * and scaleFactor is given, or alignCorners goes with nearest.
 *
 * By default `size` is left out, `scaleFactor` is left out, `mode` is 'nearest', `alignCorners` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html
 *
 * @example
 * ```ts
 * F.interpolate(tensor([[[1, 2]]]), [4]).toArray() // [[[1, 1, 2, 2]]]
 * ```
 */
export function interpolate(
  x: Tensor,
  size?: number | readonly number[] | null | InterpolateOptions,
  o?: InterpolateOptions,
): Tensor {
  if (isOptions(size)) {
    o = size;
    size = undefined;
  }
  const {
    size: size_ = size ?? null,
    scaleFactor = null,
    mode = 'nearest',
    alignCorners = false,
  } = options<InterpolateOptions>('interpolate', o, 'size scaleFactor mode alignCorners');
  return wrap(
    lib.op_interpolate(
      tensorHandle(x, 'interpolate', 'x'),
      optionalIntegers(size_, 'interpolate', 'size'),
      given(scaleFactor),
      optionalNumber(scaleFactor, 'interpolate', 'scaleFactor'),
      choice(mode, 'interpolate', 'mode', ['nearest', 'linear', 'bilinear']),
      flag(alignCorners, 'interpolate', 'alignCorners'),
    ),
    'interpolate',
  );
}
