// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import { choice, flag, integer, integers, isOptions, optionalHandle, options } from '../args.ts';
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
