// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import {
  given,
  integer,
  isOptions,
  operandHandle,
  operandNumber,
  optionalInteger,
  options,
} from '../args.ts';
import { tensorHandle, wrap } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/**
 * Picks one element of x along `dim` for every element of the index.
 *
 * `yᵢⱼₖ = x[i][indexᵢⱼₖ][k] for dim = 1`
 *
 * Shapes: index has x's rank and, but for dim, at most its sizes; the result has the index's shape.
 *
 * Types: any; the index is int32.
 *
 * Errors: IndexError when an index is out of range; ShapeError when the index does not fit; DTypeError when it is
 * not int32.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.gather.html
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).gather(1, tensor([[1], [0]], { dtype: 'int32' })).toArray()
 * // [[2], [3]]
 * ```
 */
export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  return wrap(
    lib.op_gather(
      tensorHandle(x, 'gather', 'x'),
      integer(dim, 'gather', 'dim'),
      tensorHandle(index, 'gather', 'index'),
    ),
    'gather',
  );
}

/**
 * A copy of x with every element of src added at the place that the index names along `dim`.
 *
 * `y = x; y[i][indexᵢⱼₖ][k] += srcᵢⱼₖ for dim = 1`
 *
 * Shapes: index lies within x (but for dim) and within src; the result has the shape of x.
 *
 * Types: x and src the same; the index is int32.
 *
 * Errors: IndexError when an index is out of range; ShapeError when index, x and src do not fit; DTypeError when x
 * and src differ or the index is not int32.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_add_.html
 *
 * @example
 * ```ts
 * tensor([1, 1]).scatterAdd(0, tensor([1, 1], { dtype: 'int32' }), tensor([2, 3])).toArray()
 * // [1, 6]
 * ```
 */
export function scatterAdd(x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return wrap(
    lib.op_scatter_add(
      tensorHandle(x, 'scatterAdd', 'x'),
      integer(dim, 'scatterAdd', 'dim'),
      tensorHandle(index, 'scatterAdd', 'index'),
      tensorHandle(src, 'scatterAdd', 'src'),
    ),
    'scatterAdd',
  );
}

/**
 * A copy of x with the elements of src, or one number, put at the places that the index names along `dim`; where
 * several meet, the last one stays.
 *
 * `y = x; y[i][indexᵢⱼₖ][k] = srcᵢⱼₖ for dim = 1`
 *
 * Shapes: index lies within x (but for dim) and within src; the result has the shape of x.
 *
 * Types: x and src the same; the index is int32.
 *
 * Errors: IndexError when an index is out of range; ShapeError when index, x and src do not fit; DTypeError when x
 * and src differ or the index is not int32.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_.html
 *
 * @example
 * ```ts
 * tensor([1, 1]).scatter(0, tensor([1], { dtype: 'int32' }), tensor([5])).toArray() // [1, 5]
 * ```
 */
export function scatter(x: Tensor, dim: number, index: Tensor, src: Tensor | number): Tensor {
  return wrap(
    lib.op_scatter(
      tensorHandle(x, 'scatter', 'x'),
      integer(dim, 'scatter', 'dim'),
      tensorHandle(index, 'scatter', 'index'),
      operandHandle(src, 'scatter', 'src'),
      operandNumber(src),
    ),
    'scatter',
  );
}

/**
 * The elements of x at places counted as if it were flattened; negative ones count from the end.
 *
 * `yᵢ = flat(x)[indexᵢ]`
 *
 * Shapes: that of the index.
 *
 * Types: any; the index is int32.
 *
 * Errors: IndexError when an index is out of range; DTypeError when it is not int32.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.take.html
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).take(tensor([0, -1], { dtype: 'int32' })).toArray() // [1, 4]
 * ```
 */
export function take(x: Tensor, index: Tensor): Tensor {
  return wrap(lib.op_take(tensorHandle(x, 'take', 'x'), tensorHandle(index, 'take', 'index')), 'take');
}

/**
 * The elements of x where the mask is true, in row-major order.
 *
 * `(xᵢ for maskᵢ)`
 *
 * Shapes: x and mask broadcast; the result is a vector.
 *
 * Types: any; the mask is bool.
 *
 * Errors: DTypeError when the mask is not bool; ShapeError when the shapes do not broadcast.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.masked_select.html
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).maskedSelect(tensor([true, false, true])).toArray() // [1, 3]
 * ```
 */
export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  return wrap(
    lib.op_masked_select(tensorHandle(x, 'maskedSelect', 'x'), tensorHandle(mask, 'maskedSelect', 'mask')),
    'maskedSelect',
  );
}

/**
 * The places of all elements that are true or not zero, in row-major order.
 *
 * Shapes: [count, rank of x].
 *
 * Types: any; the result is int32.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nonzero.html
 *
 * @example
 * ```ts
 * tensor([[1, 0], [0, 2]]).nonzero().toArray() // [[0, 0], [1, 1]]
 * ```
 */
export function nonzero(x: Tensor): Tensor {
  return wrap(lib.op_nonzero(tensorHandle(x, 'nonzero', 'x')), 'nonzero');
}

/**
 * The slices of x along `dim` that the index lists.
 *
 * `yᵢⱼₖ = x[i][indexⱼ][k] for dim = 1`
 *
 * Shapes: index [n]; the result is x with n along dim.
 *
 * Types: any; the index is int32.
 *
 * Errors: IndexError when an index is out of range; ShapeError when the index is no vector; DTypeError when it is
 * not int32.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.index_select.html
 *
 * @example
 * ```ts
 * tensor([10, 20, 30]).indexSelect(0, tensor([2, 0], { dtype: 'int32' })).toArray() // [30, 10]
 * ```
 */
export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  return wrap(
    lib.op_index_select(
      tensorHandle(x, 'indexSelect', 'x'),
      integer(dim, 'indexSelect', 'dim'),
      tensorHandle(index, 'indexSelect', 'index'),
    ),
    'indexSelect',
  );
}

/**
 * A copy of x with each slice of src along `dim` added to the slice that the index names.
 *
 * `y = x; y[i][indexⱼ][k] += srcᵢⱼₖ for dim = 1`
 *
 * Shapes: index [n], src is x with n along dim; the result has the shape of x.
 *
 * Types: x and src the same; the index is int32.
 *
 * Errors: IndexError when an index is out of range; ShapeError when src or the index do not fit; DTypeError when x
 * and src differ or the index is not int32.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html
 *
 * @example
 * ```ts
 * tensor([1, 1]).indexAdd(0, tensor([1, 1], { dtype: 'int32' }), tensor([2, 3])).toArray()
 * // [1, 6]
 * ```
 */
export function indexAdd(x: Tensor, dim: number, index: Tensor, src: Tensor): Tensor {
  return wrap(
    lib.op_index_add(
      tensorHandle(x, 'indexAdd', 'x'),
      integer(dim, 'indexAdd', 'dim'),
      tensorHandle(index, 'indexAdd', 'index'),
      tensorHandle(src, 'indexAdd', 'src'),
    ),
    'indexAdd',
  );
}

/** Options of {@link embedding}. */
export interface EmbeddingOptions {
  paddingIdx?: number | null;
}

/**
 * The rows of `weight` that the index names; the row at paddingIdx gets no gradient.
 *
 * `yᵢ = weight[indexᵢ]`
 *
 * Shapes: index of any shape, weight [rows, width]; the result is the index's shape and the width.
 *
 * Types: any; the index is int32.
 *
 * Errors: IndexError when an index is out of range; ShapeError when weight is no matrix; DTypeError when the index
 * is not int32.
 *
 * By default `paddingIdx` is left out.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html
 *
 * @example
 * ```ts
 * F.embedding(tensor([2, 0], { dtype: 'int32' }), tensor([[1, 2], [3, 4], [5, 6]])).toArray()
 * // [[5, 6], [1, 2]]
 * ```
 */
export function embedding(index: Tensor, weight: Tensor, o?: EmbeddingOptions): Tensor {
  const { paddingIdx = null } = options<EmbeddingOptions>('embedding', o, 'paddingIdx');
  return wrap(
    lib.op_embedding(
      tensorHandle(index, 'embedding', 'index'),
      tensorHandle(weight, 'embedding', 'weight'),
      given(paddingIdx),
      optionalInteger(paddingIdx, 'embedding', 'paddingIdx'),
    ),
    'embedding',
  );
}

/** Options of {@link oneHot}. */
export interface OneHotOptions {
  /** By default -1. */
  numClasses?: number;
}

/**
 * 1 at each index along a new last dimension, 0 elsewhere; −1 classes means one more than the largest index.
 *
 * `yᵢⱼ = [j = indexᵢ]`
 *
 * Shapes: any; the result has numClasses added at the end.
 *
 * Types: the index and the result are int32.
 *
 * Errors: IndexError when an index is out of range; ShapeError when numClasses is not positive; DTypeError when
 * the index is not int32.
 *
 * By default `numClasses` is -1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html
 *
 * @example
 * ```ts
 * tensor([1, 0], { dtype: 'int32' }).oneHot(3).toArray() // [[0, 1, 0], [1, 0, 0]]
 * ```
 */
export function oneHot(index: Tensor, numClasses?: number | OneHotOptions): Tensor {
  let o: OneHotOptions | undefined;
  if (isOptions(numClasses)) {
    o = numClasses;
    numClasses = undefined;
  }
  const { numClasses: numClasses_ = numClasses ?? -1 } = options<OneHotOptions>('oneHot', o, 'numClasses');
  return wrap(
    lib.op_one_hot(tensorHandle(index, 'oneHot', 'index'), integer(numClasses_, 'oneHot', 'numClasses')),
    'oneHot',
  );
}

/** Options of {@link tril}. */
export interface TrilOptions {
  /** By default 0. */
  diagonal?: number;
}

/**
 * The lower triangle of the last two dimensions, zero above; `diagonal` moves the edge up.
 *
 * `yᵢⱼ = j ≤ i + diagonal ? xᵢⱼ : 0`
 *
 * Shapes: […, m, n]; the result has the shape of x.
 *
 * Types: any.
 *
 * Errors: ShapeError when x has fewer than two dimensions.
 *
 * By default `diagonal` is 0.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.tril.html
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).tril().toArray() // [[1, 0], [3, 4]]
 * ```
 */
export function tril(x: Tensor, diagonal?: number | TrilOptions): Tensor {
  let o: TrilOptions | undefined;
  if (isOptions(diagonal)) {
    o = diagonal;
    diagonal = undefined;
  }
  const { diagonal: diagonal_ = diagonal ?? 0 } = options<TrilOptions>('tril', o, 'diagonal');
  return wrap(lib.op_tril(tensorHandle(x, 'tril', 'x'), integer(diagonal_, 'tril', 'diagonal')), 'tril');
}

/** Options of {@link triu}. */
export interface TriuOptions {
  /** By default 0. */
  diagonal?: number;
}

/**
 * The upper triangle of the last two dimensions, zero below; `diagonal` moves the edge up.
 *
 * `yᵢⱼ = j ≥ i + diagonal ? xᵢⱼ : 0`
 *
 * Shapes: […, m, n]; the result has the shape of x.
 *
 * Types: any.
 *
 * Errors: ShapeError when x has fewer than two dimensions.
 *
 * By default `diagonal` is 0.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.triu.html
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).triu().toArray() // [[1, 2], [0, 4]]
 * ```
 */
export function triu(x: Tensor, diagonal?: number | TriuOptions): Tensor {
  let o: TriuOptions | undefined;
  if (isOptions(diagonal)) {
    o = diagonal;
    diagonal = undefined;
  }
  const { diagonal: diagonal_ = diagonal ?? 0 } = options<TriuOptions>('triu', o, 'diagonal');
  return wrap(lib.op_triu(tensorHandle(x, 'triu', 'x'), integer(diagonal_, 'triu', 'diagonal')), 'triu');
}
