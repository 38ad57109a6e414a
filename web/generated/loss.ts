// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import { choice, integer, number, optionalHandle, options } from '../args.ts';
import { tensorHandle, wrap } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/** Options of {@link mseLoss}. */
export interface MseLossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * The squared difference, averaged.
 *
 * `mean (input − target)²`
 *
 * Shapes: input and target broadcast; the result is [] unless reduction is 'none'.
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the shapes do not broadcast; DTypeError on other dtypes.
 *
 * By default `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 *
 * @example
 * ```ts
 * F.mseLoss(tensor([1, 5]), tensor([3, 1])).item() // 10
 * ```
 */
export function mseLoss(input: Tensor, target: Tensor, o?: MseLossOptions): Tensor {
  const { reduction = 'mean' } = options<MseLossOptions>('mseLoss', o, 'reduction');
  return wrap(
    lib.op_mse_loss(
      tensorHandle(input, 'mseLoss', 'input'),
      tensorHandle(target, 'mseLoss', 'target'),
      choice(reduction, 'mseLoss', 'reduction', ['none', 'mean', 'sum']),
    ),
    'mseLoss',
  );
}

/** Options of {@link l1Loss}. */
export interface L1LossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * The absolute difference, averaged.
 *
 * `mean |input − target|`
 *
 * Shapes: input and target broadcast; the result is [] unless reduction is 'none'.
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the shapes do not broadcast; DTypeError on other dtypes.
 *
 * By default `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html
 *
 * @example
 * ```ts
 * F.l1Loss(tensor([1, 5]), tensor([3, 1])).item() // 3
 * ```
 */
export function l1Loss(input: Tensor, target: Tensor, o?: L1LossOptions): Tensor {
  const { reduction = 'mean' } = options<L1LossOptions>('l1Loss', o, 'reduction');
  return wrap(
    lib.op_l1_loss(
      tensorHandle(input, 'l1Loss', 'input'),
      tensorHandle(target, 'l1Loss', 'target'),
      choice(reduction, 'l1Loss', 'reduction', ['none', 'mean', 'sum']),
    ),
    'l1Loss',
  );
}

/** Options of {@link crossEntropy}. */
export interface CrossEntropyOptions {
  weight?: Tensor | null;
  /** By default -100. */
  ignoreIndex?: number;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
  /** By default 0. */
  labelSmoothing?: number;
}

/**
 * How badly raw scores predict the class: the negative logarithm of the softmax at the target. The target holds
 * class indices (int32), or class probabilities shaped as the input.
 *
 * `−Σ꜀ t꜀·log softmax(x)꜀, t the target's one-hot or probabilities`
 *
 * Shapes: [N, C], [C] or [N, C, …]; target is the same without C, or the input's shape for probabilities; the
 * result is [] unless reduction is 'none'.
 *
 * Types: input and weight float32 or float64; target int32 or the input's.
 *
 * Errors: IndexError when a class is out of range; ShapeError when shapes do not fit; DTypeError when dtypes do
 * not; FluxionError when labelSmoothing is outside [0, 1].
 *
 * By default `weight` is left out, `ignoreIndex` is -100, `reduction` is 'mean', `labelSmoothing` is 0.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
 *
 * @example
 * ```ts
 * F.crossEntropy(tensor([[0, 0]]), tensor([1], { dtype: 'int32' })).item() // 0.693147
 * ```
 */
export function crossEntropy(input: Tensor, target: Tensor, o?: CrossEntropyOptions): Tensor {
  const {
    weight = null,
    ignoreIndex = -100,
    reduction = 'mean',
    labelSmoothing = 0,
  } = options<CrossEntropyOptions>('crossEntropy', o, 'weight ignoreIndex reduction labelSmoothing');
  return wrap(
    lib.op_cross_entropy(
      tensorHandle(input, 'crossEntropy', 'input'),
      tensorHandle(target, 'crossEntropy', 'target'),
      optionalHandle(weight, 'crossEntropy', 'weight'),
      integer(ignoreIndex, 'crossEntropy', 'ignoreIndex'),
      choice(reduction, 'crossEntropy', 'reduction', ['none', 'mean', 'sum']),
      number(labelSmoothing, 'crossEntropy', 'labelSmoothing'),
    ),
    'crossEntropy',
  );
}

/** Options of {@link nllLoss}. */
export interface NllLossOptions {
  weight?: Tensor | null;
  /** By default -100. */
  ignoreIndex?: number;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * The negative log probability of the target class; the input holds log probabilities, as of logSoftmax.
 *
 * `−weight[target]·input[target], averaged by weight`
 *
 * Shapes: [N, C], [C] or [N, C, …]; target is the same without C; the result is [] unless reduction is 'none'.
 *
 * Types: input and weight float32 or float64; target int32.
 *
 * Errors: IndexError when a class is out of range; ShapeError when shapes do not fit; DTypeError when dtypes do
 * not.
 *
 * By default `weight` is left out, `ignoreIndex` is -100, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html
 *
 * @example
 * ```ts
 * F.nllLoss(tensor([[-1, -2]]), tensor([1], { dtype: 'int32' })).item() // 2
 * ```
 */
export function nllLoss(input: Tensor, target: Tensor, o?: NllLossOptions): Tensor {
  const {
    weight = null,
    ignoreIndex = -100,
    reduction = 'mean',
  } = options<NllLossOptions>('nllLoss', o, 'weight ignoreIndex reduction');
  return wrap(
    lib.op_nll_loss(
      tensorHandle(input, 'nllLoss', 'input'),
      tensorHandle(target, 'nllLoss', 'target'),
      optionalHandle(weight, 'nllLoss', 'weight'),
      integer(ignoreIndex, 'nllLoss', 'ignoreIndex'),
      choice(reduction, 'nllLoss', 'reduction', ['none', 'mean', 'sum']),
    ),
    'nllLoss',
  );
}

/** Options of {@link binaryCrossEntropy}. */
export interface BinaryCrossEntropyOptions {
  weight?: Tensor | null;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * How badly probabilities predict 0 or 1; logarithms are held above −100.
 *
 * `−(t·ln x + (1 − t)·ln(1 − x))`
 *
 * Shapes: input and target alike, weight broadcasts to them; the result is [] unless reduction is 'none'.
 *
 * Types: float32, float64; both the same.
 *
 * Errors: FluxionError when the input leaves [0, 1]; ShapeError when shapes differ; DTypeError when dtypes do.
 *
 * By default `weight` is left out, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html
 *
 * @example
 * ```ts
 * F.binaryCrossEntropy(tensor([0.5]), tensor([1])).item() // 0.693147
 * ```
 */
export function binaryCrossEntropy(input: Tensor, target: Tensor, o?: BinaryCrossEntropyOptions): Tensor {
  const { weight = null, reduction = 'mean' } = options<BinaryCrossEntropyOptions>(
    'binaryCrossEntropy',
    o,
    'weight reduction',
  );
  return wrap(
    lib.op_binary_cross_entropy(
      tensorHandle(input, 'binaryCrossEntropy', 'input'),
      tensorHandle(target, 'binaryCrossEntropy', 'target'),
      optionalHandle(weight, 'binaryCrossEntropy', 'weight'),
      choice(reduction, 'binaryCrossEntropy', 'reduction', ['none', 'mean', 'sum']),
    ),
    'binaryCrossEntropy',
  );
}

/** Options of {@link binaryCrossEntropyWithLogits}. */
export interface BinaryCrossEntropyWithLogitsOptions {
  weight?: Tensor | null;
  posWeight?: Tensor | null;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * binaryCrossEntropy of the sigmoid of the input, without its rounding; posWeight scales the positive part.
 *
 * `−(posWeight·t·ln σ(x) + (1 − t)·ln(1 − σ(x)))`
 *
 * Shapes: input and target alike, weight and posWeight broadcast to them; the result is [] unless reduction is
 * 'none'.
 *
 * Types: float32, float64; both the same.
 *
 * Errors: ShapeError when shapes differ; DTypeError when dtypes do.
 *
 * By default `weight` is left out, `posWeight` is left out, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 *
 * @example
 * ```ts
 * F.binaryCrossEntropyWithLogits(tensor([0]), tensor([1])).item() // 0.693147
 * ```
 */
export function binaryCrossEntropyWithLogits(
  input: Tensor,
  target: Tensor,
  o?: BinaryCrossEntropyWithLogitsOptions,
): Tensor {
  const {
    weight = null,
    posWeight = null,
    reduction = 'mean',
  } = options<BinaryCrossEntropyWithLogitsOptions>(
    'binaryCrossEntropyWithLogits',
    o,
    'weight posWeight reduction',
  );
  return wrap(
    lib.op_binary_cross_entropy_with_logits(
      tensorHandle(input, 'binaryCrossEntropyWithLogits', 'input'),
      tensorHandle(target, 'binaryCrossEntropyWithLogits', 'target'),
      optionalHandle(weight, 'binaryCrossEntropyWithLogits', 'weight'),
      optionalHandle(posWeight, 'binaryCrossEntropyWithLogits', 'posWeight'),
      choice(reduction, 'binaryCrossEntropyWithLogits', 'reduction', ['none', 'mean', 'sum']),
    ),
    'binaryCrossEntropyWithLogits',
  );
}
