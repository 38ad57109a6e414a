// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import { choice, flag, integer, number, optionalHandle, options } from '../args.ts';
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

/** Options of {@link smoothL1Loss}. */
export interface SmoothL1LossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
  /** By default 1. */
  beta?: number;
}

/**
 * The squared difference, halved, where it is small, and a straight line in the difference where it is large,
 * averaged.
 *
 * `mean of d²/(2·beta) for d = |input − target| < beta, d − beta/2 above`
 *
 * Shapes: input and target broadcast; the result is [] unless reduction is 'none'.
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the shapes do not broadcast; FluxionError when the bend is negative; DTypeError on other
 * dtypes.
 *
 * By default `reduction` is 'mean', `beta` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html
 *
 * @example
 * ```ts
 * F.smoothL1Loss(tensor([1, 5]), tensor([3, 5])).item() // 0.75
 * ```
 */
export function smoothL1Loss(input: Tensor, target: Tensor, o?: SmoothL1LossOptions): Tensor {
  const { reduction = 'mean', beta = 1 } = options<SmoothL1LossOptions>('smoothL1Loss', o, 'reduction beta');
  return wrap(
    lib.op_smooth_l1_loss(
      tensorHandle(input, 'smoothL1Loss', 'input'),
      tensorHandle(target, 'smoothL1Loss', 'target'),
      choice(reduction, 'smoothL1Loss', 'reduction', ['none', 'mean', 'sum']),
      number(beta, 'smoothL1Loss', 'beta'),
    ),
    'smoothL1Loss',
  );
}

/** Options of {@link huberLoss}. */
export interface HuberLossOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
  /** By default 1. */
  delta?: number;
}

/**
 * The squared difference, halved, where it is small, and a straight line in the difference where it is large,
 * averaged.
 *
 * `mean of d²/2 for d = |input − target| < delta, delta·(d − delta/2) above`
 *
 * Shapes: input and target broadcast; the result is [] unless reduction is 'none'.
 *
 * Types: float32, float64.
 *
 * Errors: ShapeError when the shapes do not broadcast; FluxionError when the bend is negative; DTypeError on other
 * dtypes.
 *
 * By default `reduction` is 'mean', `delta` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html
 *
 * @example
 * ```ts
 * F.huberLoss(tensor([1, 5]), tensor([3, 5])).item() // 0.75
 * ```
 */
export function huberLoss(input: Tensor, target: Tensor, o?: HuberLossOptions): Tensor {
  const { reduction = 'mean', delta = 1 } = options<HuberLossOptions>('huberLoss', o, 'reduction delta');
  return wrap(
    lib.op_huber_loss(
      tensorHandle(input, 'huberLoss', 'input'),
      tensorHandle(target, 'huberLoss', 'target'),
      choice(reduction, 'huberLoss', 'reduction', ['none', 'mean', 'sum']),
      number(delta, 'huberLoss', 'delta'),
    ),
    'huberLoss',
  );
}

/** Options of {@link klDiv}. */
export interface KlDivOptions {
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum' | 'batchmean';
  /** By default false. */
  logTarget?: boolean;
}

/**
 * The Kullback–Leibler divergence of the target from the input, which holds logarithms of probabilities; with
 * logTarget the target does too. Only 'batchmean' divides by the batch's size alone.
 *
 * `mean target·(ln target − input)`
 *
 * Shapes: input and target broadcast; the result is [] unless reduction is 'none'.
 *
 * Types: float32, float64; both the same.
 *
 * Errors: ShapeError when the shapes do not broadcast; DTypeError on other or differing dtypes.
 *
 * By default `reduction` is 'mean', `logTarget` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html
 *
 * @example
 * ```ts
 * F.klDiv(tensor([-1, -1]), tensor([0.5, 0.5]), { reduction: 'sum' }).item() // 0.306853
 * ```
 */
export function klDiv(input: Tensor, target: Tensor, o?: KlDivOptions): Tensor {
  const { reduction = 'mean', logTarget = false } = options<KlDivOptions>('klDiv', o, 'reduction logTarget');
  return wrap(
    lib.op_kl_div(
      tensorHandle(input, 'klDiv', 'input'),
      tensorHandle(target, 'klDiv', 'target'),
      choice(reduction, 'klDiv', 'reduction', ['none', 'mean', 'sum', 'batchmean']),
      flag(logTarget, 'klDiv', 'logTarget'),
    ),
    'klDiv',
  );
}

/** Options of {@link cosineSimilarity}. */
export interface CosineSimilarityOptions {
  /** By default 1. */
  dim?: number;
  /** By default 1e-8. */
  eps?: number;
}

/**
 * The cosine of the angle between two vectors along a dimension; a length below eps counts as eps.
 *
 * `x1·x2/(max(‖x1‖, eps)·max(‖x2‖, eps))`
 *
 * Shapes: x1 and x2 broadcast; the result lacks dim.
 *
 * Types: float32, float64; both the same.
 *
 * Errors: ShapeError when the shapes do not broadcast; IndexError when the dimension is out of range; DTypeError
 * on other or differing dtypes.
 *
 * By default `dim` is 1, `eps` is 1e-8.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html
 *
 * @example
 * ```ts
 * F.cosineSimilarity(tensor([[3, 4]]), tensor([[4, 3]])).toArray() // [0.96]
 * ```
 */
export function cosineSimilarity(x1: Tensor, x2: Tensor, o?: CosineSimilarityOptions): Tensor {
  const { dim = 1, eps = 1e-8 } = options<CosineSimilarityOptions>('cosineSimilarity', o, 'dim eps');
  return wrap(
    lib.op_cosine_similarity(
      tensorHandle(x1, 'cosineSimilarity', 'x1'),
      tensorHandle(x2, 'cosineSimilarity', 'x2'),
      integer(dim, 'cosineSimilarity', 'dim'),
      number(eps, 'cosineSimilarity', 'eps'),
    ),
    'cosineSimilarity',
  );
}

/** Options of {@link cosineEmbeddingLoss}. */
export interface CosineEmbeddingLossOptions {
  /** By default 0. */
  margin?: number;
  /** By default 'mean'. */
  reduction?: 'none' | 'mean' | 'sum';
}

/**
 * Draws pairs of target 1 together, by 1 − cosine, and those of target −1 apart, by the cosine's excess over the
 * margin, averaged.
 *
 * `target = 1: 1 − cos(x1, x2); target = −1: max(0, cos(x1, x2) − margin)`
 *
 * Shapes: [N, D], [N, D], [N], or [D], [D], []; the result is [] unless reduction is 'none'.
 *
 * Types: float32, float64; the target any.
 *
 * Errors: ShapeError when the shapes do not fit; DTypeError on other or differing dtypes.
 *
 * By default `margin` is 0, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html
 *
 * @example
 * ```ts
 * F.cosineEmbeddingLoss(tensor([[3, 4]]), tensor([[4, 3]]), tensor([1])).item() // 0.04
 * ```
 */
export function cosineEmbeddingLoss(
  x1: Tensor,
  x2: Tensor,
  target: Tensor,
  o?: CosineEmbeddingLossOptions,
): Tensor {
  const { margin = 0, reduction = 'mean' } = options<CosineEmbeddingLossOptions>(
    'cosineEmbeddingLoss',
    o,
    'margin reduction',
  );
  return wrap(
    lib.op_cosine_embedding_loss(
      tensorHandle(x1, 'cosineEmbeddingLoss', 'x1'),
      tensorHandle(x2, 'cosineEmbeddingLoss', 'x2'),
      tensorHandle(target, 'cosineEmbeddingLoss', 'target'),
      number(margin, 'cosineEmbeddingLoss', 'margin'),
      choice(reduction, 'cosineEmbeddingLoss', 'reduction', ['none', 'mean', 'sum']),
    ),
    'cosineEmbeddingLoss',
  );
}

/** Options of {@link tripletMarginLoss}. */
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
 * Asks that the anchor be nearer to the positive than to the negative by a margin, averaged. With swap, the
 * distance of positive and negative counts where it is smaller.
 *
 * `max(0, ‖anchor − positive + eps‖ₚ − ‖anchor − negative + eps‖ₚ + margin)`
 *
 * Shapes: […, D] three times, broadcast; the result is [] unless reduction is 'none'.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when the shapes do not fit; FluxionError when p is not positive; DTypeError on other or
 * differing dtypes.
 *
 * By default `margin` is 1, `p` is 2, `eps` is 1e-6, `swap` is false, `reduction` is 'mean'.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_loss.html
 *
 * @example
 * ```ts
 * F.tripletMarginLoss(tensor([[0, 0]]), tensor([[3, 4]]), tensor([[6, 8]]), { margin: 6 }).item()
 * // 1
 * ```
 */
export function tripletMarginLoss(
  anchor: Tensor,
  positive: Tensor,
  negative: Tensor,
  o?: TripletMarginLossOptions,
): Tensor {
  const {
    margin = 1,
    p = 2,
    eps = 1e-6,
    swap = false,
    reduction = 'mean',
  } = options<TripletMarginLossOptions>('tripletMarginLoss', o, 'margin p eps swap reduction');
  return wrap(
    lib.op_triplet_margin_loss(
      tensorHandle(anchor, 'tripletMarginLoss', 'anchor'),
      tensorHandle(positive, 'tripletMarginLoss', 'positive'),
      tensorHandle(negative, 'tripletMarginLoss', 'negative'),
      number(margin, 'tripletMarginLoss', 'margin'),
      number(p, 'tripletMarginLoss', 'p'),
      number(eps, 'tripletMarginLoss', 'eps'),
      flag(swap, 'tripletMarginLoss', 'swap'),
      choice(reduction, 'tripletMarginLoss', 'reduction', ['none', 'mean', 'sum']),
    ),
    'tripletMarginLoss',
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
