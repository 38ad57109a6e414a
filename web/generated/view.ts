// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import {
  choice,
  given,
  handleList,
  integer,
  integers,
  isOptions,
  number,
  operandHandle,
  operandNumber,
  optionalInteger,
  optionalIntegers,
  options,
  sizes,
} from '../args.ts';
import { tensorHandle, wrap, wrapList } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/**
 * x under another shape of as many elements, one of which may be −1. Shares storage with x.
 *
 * Shapes: as given.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when the strides would need a copy, or the sizes do not fit.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3, 4]).view([2, 2]).toArray() // [[1, 2], [3, 4]]
 * ```
 */
export function view(x: Tensor, shape: readonly number[]): Tensor;
export function view(x: Tensor, ...shape: number[]): Tensor;
export function view(x: Tensor, ...args: unknown[]): Tensor {
  const [shape, o] = sizes<object>(args);
  options('view', o, '');
  return wrap(lib.op_view(tensorHandle(x, 'view', 'x'), integers(shape, 'view', 'shape')), 'view');
}

/**
 * x under another shape of as many elements, one of which may be −1; a view where possible, a copy otherwise.
 *
 * Shapes: as given.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when the sizes do not fit.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3, 4]).reshape([2, -1]).toArray() // [[1, 2], [3, 4]]
 * ```
 */
export function reshape(x: Tensor, shape: readonly number[]): Tensor;
export function reshape(x: Tensor, ...shape: number[]): Tensor;
export function reshape(x: Tensor, ...args: unknown[]): Tensor {
  const [shape, o] = sizes<object>(args);
  options('reshape', o, '');
  return wrap(
    lib.op_reshape(tensorHandle(x, 'reshape', 'x'), integers(shape, 'reshape', 'shape')),
    'reshape',
  );
}

/** Options of {@link flatten}. */
export interface FlattenOptions {
  /** By default 0. */
  startDim?: number;
  /** By default -1. */
  endDim?: number;
}

/**
 * Dimensions startDim to endDim folded into one.
 *
 * Shapes: x with the product of those sizes in their place.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when startDim comes after endDim.
 *
 * By default `startDim` is 0, `endDim` is -1.
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).flatten().toArray() // [1, 2, 3, 4]
 * ```
 */
export function flatten(
  x: Tensor,
  startDim?: number | FlattenOptions,
  endDim?: number | FlattenOptions,
): Tensor {
  let o: FlattenOptions | undefined;
  if (isOptions(startDim)) {
    o = startDim;
    startDim = undefined;
  }
  if (isOptions(endDim)) {
    o = endDim;
    endDim = undefined;
  }
  const { startDim: startDim_ = startDim ?? 0, endDim: endDim_ = endDim ?? -1 } = options<FlattenOptions>(
    'flatten',
    o,
    'startDim endDim',
  );
  return wrap(
    lib.op_flatten(
      tensorHandle(x, 'flatten', 'x'),
      integer(startDim_, 'flatten', 'startDim'),
      integer(endDim_, 'flatten', 'endDim'),
    ),
    'flatten',
  );
}

/** Options of {@link squeeze}. */
export interface SqueezeOptions {
  dim?: number | null;
}

/**
 * x without its dimensions of size 1, or without `dim` if its size is 1. Shares storage with x.
 *
 * Shapes: x without them.
 *
 * Types: any; that of x.
 *
 * Errors: IndexError when dim is out of range.
 *
 * By default `dim` is left out.
 *
 * @example
 * ```ts
 * tensor([[1, 2]]).squeeze().toArray() // [1, 2]
 * ```
 */
export function squeeze(x: Tensor, dim?: number | null | SqueezeOptions): Tensor {
  let o: SqueezeOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const { dim: dim_ = dim ?? null } = options<SqueezeOptions>('squeeze', o, 'dim');
  return wrap(
    lib.op_squeeze(tensorHandle(x, 'squeeze', 'x'), given(dim_), optionalInteger(dim_, 'squeeze', 'dim')),
    'squeeze',
  );
}

/**
 * x with a dimension of size 1 put in at `dim`. Shares storage with x.
 *
 * Shapes: one dimension more.
 *
 * Types: any; that of x.
 *
 * Errors: IndexError when dim is out of range.
 *
 * @example
 * ```ts
 * tensor([1, 2]).unsqueeze(0).toArray() // [[1, 2]]
 * ```
 */
export function unsqueeze(x: Tensor, dim: number): Tensor {
  return wrap(
    lib.op_unsqueeze(tensorHandle(x, 'unsqueeze', 'x'), integer(dim, 'unsqueeze', 'dim')),
    'unsqueeze',
  );
}

/**
 * x with two dimensions exchanged. Shares storage with x.
 *
 * Shapes: the two sizes exchanged.
 *
 * Types: any; that of x.
 *
 * Errors: IndexError when a dimension is out of range.
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).transpose(0, 1).toArray() // [[1, 3], [2, 4]]
 * ```
 */
export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  return wrap(
    lib.op_transpose(
      tensorHandle(x, 'transpose', 'x'),
      integer(dim0, 'transpose', 'dim0'),
      integer(dim1, 'transpose', 'dim1'),
    ),
    'transpose',
  );
}

/**
 * A matrix's transpose; vectors and scalars as they are. Shares storage with x.
 *
 * Shapes: [n, m] for [m, n].
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when the rank is over 2.
 *
 * @example
 * ```ts
 * tensor([[1, 2]]).t().toArray() // [[1], [2]]
 * ```
 */
export function t(x: Tensor): Tensor {
  return wrap(lib.op_t(tensorHandle(x, 't', 'x')), 't');
}

/**
 * x with its dimensions in another order. Shares storage with x.
 *
 * Shapes: x's sizes in that order.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when dims is not a reordering of x's dimensions.
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).permute([1, 0]).toArray() // [[1, 3], [2, 4]]
 * ```
 */
export function permute(x: Tensor, dims: readonly number[]): Tensor;
export function permute(x: Tensor, ...dims: number[]): Tensor;
export function permute(x: Tensor, ...args: unknown[]): Tensor {
  const [dims, o] = sizes<object>(args);
  options('permute', o, '');
  return wrap(lib.op_permute(tensorHandle(x, 'permute', 'x'), integers(dims, 'permute', 'dims')), 'permute');
}

/**
 * x repeated along dimensions of size 1, without copying; −1 keeps a size. Shares storage with x.
 *
 * Shapes: as given.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when a size other than 1 would change.
 *
 * @example
 * ```ts
 * tensor([[1], [2]]).expand([2, 2]).toArray() // [[1, 1], [2, 2]]
 * ```
 */
export function expand(x: Tensor, shape: readonly number[]): Tensor;
export function expand(x: Tensor, ...shape: number[]): Tensor;
export function expand(x: Tensor, ...args: unknown[]): Tensor {
  const [shape, o] = sizes<object>(args);
  options('expand', o, '');
  return wrap(lib.op_expand(tensorHandle(x, 'expand', 'x'), integers(shape, 'expand', 'shape')), 'expand');
}

/** Options of {@link slice}. */
export interface SliceOptions {
  start?: number | null;
  end?: number | null;
  /** By default 1. */
  step?: number;
}

/**
 * Every step-th element of `dim` from start up to, but without, end; negative bounds count from the end, a
 * negative step walks back. Shares storage with x.
 *
 * Shapes: x with fewer along dim.
 *
 * Types: any; that of x.
 *
 * Errors: IndexError when the step is 0 or dim is out of range.
 *
 * By default `start` is left out, `end` is left out, `step` is 1.
 *
 * @example
 * ```ts
 * slice(tensor([1, 2, 3, 4]), 0, 1, null, 2).toArray() // [2, 4]
 * ```
 */
export function slice(
  x: Tensor,
  dim: number,
  start?: number | null | SliceOptions,
  end?: number | null | SliceOptions,
  step?: number | SliceOptions,
): Tensor {
  let o: SliceOptions | undefined;
  if (isOptions(start)) {
    o = start;
    start = undefined;
  }
  if (isOptions(end)) {
    o = end;
    end = undefined;
  }
  if (isOptions(step)) {
    o = step;
    step = undefined;
  }
  const {
    start: start_ = start ?? null,
    end: end_ = end ?? null,
    step: step_ = step ?? 1,
  } = options<SliceOptions>('slice', o, 'start end step');
  return wrap(
    lib.op_slice(
      tensorHandle(x, 'slice', 'x'),
      integer(dim, 'slice', 'dim'),
      given(start_),
      optionalInteger(start_, 'slice', 'start'),
      given(end_),
      optionalInteger(end_, 'slice', 'end'),
      integer(step_, 'slice', 'step'),
    ),
    'slice',
  );
}

/**
 * `length` elements of `dim` from start. Shares storage with x.
 *
 * Shapes: x with length along dim.
 *
 * Types: any; that of x.
 *
 * Errors: IndexError when they do not lie in x.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).narrow(0, 1, 2).toArray() // [2, 3]
 * ```
 */
export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  return wrap(
    lib.op_narrow(
      tensorHandle(x, 'narrow', 'x'),
      integer(dim, 'narrow', 'dim'),
      integer(start, 'narrow', 'start'),
      integer(length, 'narrow', 'length'),
    ),
    'narrow',
  );
}

/**
 * x at one index of a dimension; a negative index counts from the end. Shares storage with x.
 *
 * Shapes: x without dim.
 *
 * Types: any; that of x.
 *
 * Errors: IndexError when the index is out of range.
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).select(1, -1).toArray() // [2, 4]
 * ```
 */
export function select(x: Tensor, dim: number, index: number): Tensor {
  return wrap(
    lib.op_select(
      tensorHandle(x, 'select', 'x'),
      integer(dim, 'select', 'dim'),
      integer(index, 'select', 'index'),
    ),
    'select',
  );
}

/** Options of {@link unbind}. */
export interface UnbindOptions {
  /** By default 0. */
  dim?: number;
}

/**
 * The list of x's slices along a dimension. Shares storage with x.
 *
 * Shapes: each is x without dim.
 *
 * Types: any; that of x.
 *
 * Errors: IndexError when x has rank 0.
 *
 * By default `dim` is 0.
 *
 * @example
 * ```ts
 * tensor([1, 2]).unbind().length // 2
 * ```
 */
export function unbind(x: Tensor, dim?: number | UnbindOptions): Tensor[] {
  let o: UnbindOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const { dim: dim_ = dim ?? 0 } = options<UnbindOptions>('unbind', o, 'dim');
  return wrapList(lib.op_unbind(tensorHandle(x, 'unbind', 'x'), integer(dim_, 'unbind', 'dim')), 'unbind');
}

/** Options of {@link split}. */
export interface SplitOptions {
  /** By default 0. */
  dim?: number;
}

/**
 * x cut along a dimension into parts of splitSize, the last one smaller. Shares storage with x.
 *
 * Shapes: each is x with at most splitSize along dim.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when splitSize is not positive.
 *
 * By default `dim` is 0.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).split(2).length // 2
 * ```
 */
export function split(x: Tensor, splitSize: number, dim?: number | SplitOptions): Tensor[] {
  let o: SplitOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const { dim: dim_ = dim ?? 0 } = options<SplitOptions>('split', o, 'dim');
  return wrapList(
    lib.op_split(
      tensorHandle(x, 'split', 'x'),
      integer(splitSize, 'split', 'splitSize'),
      integer(dim_, 'split', 'dim'),
    ),
    'split',
  );
}

/** Options of {@link chunk}. */
export interface ChunkOptions {
  /** By default 0. */
  dim?: number;
}

/**
 * x cut along a dimension into at most `chunks` parts of equal size, the last one smaller. Shares storage with x.
 *
 * Shapes: each is x with less along dim.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when chunks is not positive.
 *
 * By default `dim` is 0.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).chunk(2).length // 2
 * ```
 */
export function chunk(x: Tensor, chunks: number, dim?: number | ChunkOptions): Tensor[] {
  let o: ChunkOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const { dim: dim_ = dim ?? 0 } = options<ChunkOptions>('chunk', o, 'dim');
  return wrapList(
    lib.op_chunk(
      tensorHandle(x, 'chunk', 'x'),
      integer(chunks, 'chunk', 'chunks'),
      integer(dim_, 'chunk', 'dim'),
    ),
    'chunk',
  );
}

/** Options of {@link diagonal}. */
export interface DiagonalOptions {
  /** By default 0. */
  offset?: number;
  /** By default 0. */
  dim1?: number;
  /** By default 1. */
  dim2?: number;
}

/**
 * The diagonal over two dimensions, as the last dimension. Shares storage with x.
 *
 * Shapes: x without the two, then the diagonal's length.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when the two dimensions are the same or x has fewer than two.
 *
 * By default `offset` is 0, `dim1` is 0, `dim2` is 1.
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).diagonal().toArray() // [1, 4]
 * ```
 */
export function diagonal(
  x: Tensor,
  offset?: number | DiagonalOptions,
  dim1?: number | DiagonalOptions,
  dim2?: number | DiagonalOptions,
): Tensor {
  let o: DiagonalOptions | undefined;
  if (isOptions(offset)) {
    o = offset;
    offset = undefined;
  }
  if (isOptions(dim1)) {
    o = dim1;
    dim1 = undefined;
  }
  if (isOptions(dim2)) {
    o = dim2;
    dim2 = undefined;
  }
  const {
    offset: offset_ = offset ?? 0,
    dim1: dim1_ = dim1 ?? 0,
    dim2: dim2_ = dim2 ?? 1,
  } = options<DiagonalOptions>('diagonal', o, 'offset dim1 dim2');
  return wrap(
    lib.op_diagonal(
      tensorHandle(x, 'diagonal', 'x'),
      integer(offset_, 'diagonal', 'offset'),
      integer(dim1_, 'diagonal', 'dim1'),
      integer(dim2_, 'diagonal', 'dim2'),
    ),
    'diagonal',
  );
}

/**
 * Every window of `size` elements along a dimension, `step` apart, as a new last dimension: PyTorch's
 * `Tensor.unfold`, and the method `unfold` here. Shares storage with x.
 *
 * `y[…, i, …, j] = x[…, i·step + j, …]`
 *
 * Shapes: (n − size)/step + 1 along dim, then size.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when a window does not lie in x or the step is not positive; IndexError when dim is out of
 * range.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.unfold.html
 *
 * @example
 * ```ts
 * tensor([1, 2, 3, 4]).unfold(0, 2, 1).toArray() // [[1, 2], [2, 3], [3, 4]]
 * ```
 */
export function windows(x: Tensor, dim: number, size: number, step: number): Tensor {
  return wrap(
    lib.op_windows(
      tensorHandle(x, 'windows', 'x'),
      integer(dim, 'windows', 'dim'),
      integer(size, 'windows', 'size'),
      integer(step, 'windows', 'step'),
    ),
    'windows',
  );
}

/**
 * x in row-major memory: itself when it is so already, a copy otherwise.
 *
 * Shapes: that of x.
 *
 * Types: any; that of x.
 *
 * @example
 * ```ts
 * tensor([[1, 2]]).t().contiguous().toArray() // [[1], [2]]
 * ```
 */
export function contiguous(x: Tensor): Tensor {
  return wrap(lib.op_contiguous(tensorHandle(x, 'contiguous', 'x')), 'contiguous');
}

/**
 * A copy in row-major memory, with its gradient passed on.
 *
 * Shapes: that of x.
 *
 * Types: any; that of x.
 *
 * @example
 * ```ts
 * tensor([1, 2]).clone().toArray() // [1, 2]
 * ```
 */
export function clone(x: Tensor): Tensor {
  return wrap(lib.op_clone(tensorHandle(x, 'clone', 'x')), 'clone');
}

/** Options of {@link cat}. */
export interface CatOptions {
  /** By default 0. */
  dim?: number;
}

/**
 * Tensors joined along a dimension they have.
 *
 * Shapes: equal but along dim; the result has the sum of those sizes.
 *
 * Types: promoted to the widest.
 *
 * Errors: ShapeError when other sizes differ or the list is empty.
 *
 * By default `dim` is 0.
 *
 * @example
 * ```ts
 * cat([tensor([1]), tensor([2, 3])]).toArray() // [1, 2, 3]
 * ```
 */
export function cat(tensors: readonly Tensor[], dim?: number | CatOptions): Tensor {
  let o: CatOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const { dim: dim_ = dim ?? 0 } = options<CatOptions>('cat', o, 'dim');
  return wrap(lib.op_cat(handleList(tensors, 'cat', 'tensors'), integer(dim_, 'cat', 'dim')), 'cat');
}

/** Options of {@link stack}. */
export interface StackOptions {
  /** By default 0. */
  dim?: number;
}

/**
 * Tensors of one shape joined along a new dimension.
 *
 * Shapes: the shared shape with the number of tensors put in at dim.
 *
 * Types: promoted to the widest.
 *
 * Errors: ShapeError when the shapes differ or the list is empty.
 *
 * By default `dim` is 0.
 *
 * @example
 * ```ts
 * stack([tensor([1, 2]), tensor([3, 4])]).toArray() // [[1, 2], [3, 4]]
 * ```
 */
export function stack(tensors: readonly Tensor[], dim?: number | StackOptions): Tensor {
  let o: StackOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const { dim: dim_ = dim ?? 0 } = options<StackOptions>('stack', o, 'dim');
  return wrap(lib.op_stack(handleList(tensors, 'stack', 'tensors'), integer(dim_, 'stack', 'dim')), 'stack');
}

/**
 * x with some dimensions moved to other places, the rest in its order. Shares storage with x.
 *
 * Shapes: x's sizes in the new order.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when source and destination differ in number or repeat a dimension; IndexError when one is
 * out of range.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.movedim.html
 *
 * @example
 * ```ts
 * tensor([[[1, 2, 3]]]).movedim(2, 0).shape // [3, 1, 1]
 * ```
 */
export function movedim(
  x: Tensor,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  return wrap(
    lib.op_movedim(
      tensorHandle(x, 'movedim', 'x'),
      integers(source, 'movedim', 'source'),
      integers(destination, 'movedim', 'destination'),
    ),
    'movedim',
  );
}

/**
 * x several times along each dimension; numbers in front of x's dimensions add new ones.
 *
 * `yᵢⱼ = x[i mod m][j mod n]`
 *
 * Shapes: each size times its number.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when there are fewer numbers than dimensions or one is negative.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.repeat.html
 *
 * @example
 * ```ts
 * tensor([1, 2]).repeat(2, 2).toArray() // [[1, 2, 1, 2], [1, 2, 1, 2]]
 * ```
 */
export function repeat(x: Tensor, repeats: readonly number[]): Tensor;
export function repeat(x: Tensor, ...repeats: number[]): Tensor;
export function repeat(x: Tensor, ...args: unknown[]): Tensor {
  const [repeats, o] = sizes<object>(args);
  options('repeat', o, '');
  return wrap(
    lib.op_repeat(tensorHandle(x, 'repeat', 'x'), integers(repeats, 'repeat', 'repeats')),
    'repeat',
  );
}

/**
 * x several times along each dimension; missing numbers in front are 1.
 *
 * `yᵢⱼ = x[i mod m][j mod n]`
 *
 * Shapes: each size times its number.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when a number is negative.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.tile.html
 *
 * @example
 * ```ts
 * tensor([[1, 2]]).tile(2).toArray() // [[1, 2, 1, 2]]
 * ```
 */
export function tile(x: Tensor, dims: readonly number[]): Tensor;
export function tile(x: Tensor, ...dims: number[]): Tensor;
export function tile(x: Tensor, ...args: unknown[]): Tensor {
  const [dims, o] = sizes<object>(args);
  options('tile', o, '');
  return wrap(lib.op_tile(tensorHandle(x, 'tile', 'x'), integers(dims, 'tile', 'dims')), 'tile');
}

/** Options of {@link repeatInterleave}. */
export interface RepeatInterleaveOptions {
  dim?: number | null;
}

/**
 * Each element of `dim` several times in a row, as often as `repeats` says for all or for each; without dim, of x
 * flattened.
 *
 * `x₀ x₀ … x₁ x₁ …`
 *
 * Shapes: x with the sum of the repeats along dim, or a vector.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when repeats is negative, a fraction or not one per element; DTypeError when it is a tensor
 * other than int32; IndexError when dim is out of range.
 *
 * By default `dim` is left out.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.repeat_interleave.html
 *
 * @example
 * ```ts
 * tensor([1, 2]).repeatInterleave(2).toArray() // [1, 1, 2, 2]
 * ```
 */
export function repeatInterleave(
  x: Tensor,
  repeats: Tensor | number,
  dim?: number | null | RepeatInterleaveOptions,
): Tensor {
  let o: RepeatInterleaveOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  const { dim: dim_ = dim ?? null } = options<RepeatInterleaveOptions>('repeatInterleave', o, 'dim');
  return wrap(
    lib.op_repeat_interleave(
      tensorHandle(x, 'repeatInterleave', 'x'),
      operandHandle(repeats, 'repeatInterleave', 'repeats'),
      operandNumber(repeats),
      given(dim_),
      optionalInteger(dim_, 'repeatInterleave', 'dim'),
    ),
    'repeatInterleave',
  );
}

/**
 * A copy of x with the given dimensions in reverse order.
 *
 * `yᵢ = x[n − 1 − i]`
 *
 * Shapes: that of x.
 *
 * Types: any; that of x.
 *
 * Errors: IndexError when a dimension is out of range; ShapeError when one appears twice.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.flip.html
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).flip(0).toArray() // [3, 2, 1]
 * ```
 */
export function flip(x: Tensor, dims: readonly number[]): Tensor;
export function flip(x: Tensor, ...dims: number[]): Tensor;
export function flip(x: Tensor, ...args: unknown[]): Tensor {
  const [dims, o] = sizes<object>(args);
  options('flip', o, '');
  return wrap(lib.op_flip(tensorHandle(x, 'flip', 'x'), integers(dims, 'flip', 'dims')), 'flip');
}

/** Options of {@link roll}. */
export interface RollOptions {
  dims?: number | readonly number[] | null;
}

/**
 * x moved along the given dimensions by `shifts` places; what leaves at one end enters at the other. Without dims,
 * x counts as flattened.
 *
 * `yᵢ = x[(i − shift) mod n]`
 *
 * Shapes: that of x.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when shifts and dims differ in number; IndexError when a dimension is out of range.
 *
 * By default `dims` is left out.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.roll.html
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).roll(1).toArray() // [3, 1, 2]
 * ```
 */
export function roll(
  x: Tensor,
  shifts: number | readonly number[],
  dims?: number | readonly number[] | null | RollOptions,
): Tensor {
  let o: RollOptions | undefined;
  if (isOptions(dims)) {
    o = dims;
    dims = undefined;
  }
  const { dims: dims_ = dims ?? null } = options<RollOptions>('roll', o, 'dims');
  return wrap(
    lib.op_roll(
      tensorHandle(x, 'roll', 'x'),
      integers(shifts, 'roll', 'shifts'),
      optionalIntegers(dims_, 'roll', 'dims'),
    ),
    'roll',
  );
}

/** Options of {@link pad}. */
export interface PadOptions {
  /** By default 'constant'. */
  mode?: 'constant' | 'reflect' | 'replicate' | 'circular';
  /** By default 0. */
  value?: number;
}

/**
 * x with more around its edges: `value`, a reflection that leaves out the edge itself, the edge again, or the
 * other end. `pad` lists amounts before and after, from the last dimension on; negative ones cut off.
 *
 * Shapes: each size plus its two amounts.
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when the amounts do not pair up, or reach further than the mode has values for.
 *
 * By default `mode` is 'constant', `value` is 0.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
 *
 * @example
 * ```ts
 * F.pad(tensor([1, 2, 3]), [2, 1], 'reflect').toArray() // [3, 2, 1, 2, 3, 2]
 * ```
 */
export function pad(
  x: Tensor,
  pad: number | readonly number[],
  mode?: 'constant' | 'reflect' | 'replicate' | 'circular' | PadOptions,
  value?: number | PadOptions,
): Tensor {
  let o: PadOptions | undefined;
  if (isOptions(mode)) {
    o = mode;
    mode = undefined;
  }
  if (isOptions(value)) {
    o = value;
    value = undefined;
  }
  const { mode: mode_ = mode ?? 'constant', value: value_ = value ?? 0 } = options<PadOptions>(
    'pad',
    o,
    'mode value',
  );
  return wrap(
    lib.op_pad(
      tensorHandle(x, 'pad', 'x'),
      integers(pad, 'pad', 'pad'),
      choice(mode_, 'pad', 'mode', ['constant', 'reflect', 'replicate', 'circular']),
      number(value_, 'pad', 'value'),
    ),
    'pad',
  );
}

/** Options of {@link diag}. */
export interface DiagOptions {
  /** By default 0. */
  diagonal?: number;
}

/**
 * A square matrix with the vector x on one of its diagonals; or that diagonal of the matrix x.
 *
 * `yᵢⱼ = [j = i + diagonal]·xᵢ`
 *
 * Shapes: [n] → [n + |diagonal|, n + |diagonal|]; [m, n] → [length].
 *
 * Types: any; that of x.
 *
 * Errors: ShapeError when x is neither a vector nor a matrix.
 *
 * By default `diagonal` is 0.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.diag.html
 *
 * @example
 * ```ts
 * tensor([1, 2]).diag().toArray() // [[1, 0], [0, 2]]
 * ```
 */
export function diag(x: Tensor, diagonal?: number | DiagOptions): Tensor {
  let o: DiagOptions | undefined;
  if (isOptions(diagonal)) {
    o = diagonal;
    diagonal = undefined;
  }
  const { diagonal: diagonal_ = diagonal ?? 0 } = options<DiagOptions>('diag', o, 'diagonal');
  return wrap(lib.op_diag(tensorHandle(x, 'diag', 'x'), integer(diagonal_, 'diag', 'diagonal')), 'diag');
}
