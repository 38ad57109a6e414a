// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import { flag, given, integer, isOptions, optionalInteger, options } from '../args.ts';
import { type Named, tensorHandle, wrap, wrapNamed } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/** Options of {@link sort}. */
export interface SortOptions {
  /** By default -1. */
  dim?: number;
  /** By default false. */
  descending?: boolean;
}

/**
 * The elements in order along a dimension, and where they stood. Equal ones keep their order; NaN counts as the
 * largest.
 *
 * Shapes: two tensors in the shape of x.
 *
 * Types: values: that of x; indices: int32.
 *
 * Errors: IndexError when the dimension is out of range.
 *
 * By default `dim` is -1, `descending` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.sort.html
 *
 * @example
 * ```ts
 * tensor([3, 1, 2]).sort().values.toArray() // [1, 2, 3]
 * ```
 */
export function sort(
  x: Tensor,
  dim?: number | SortOptions,
  descending?: boolean | SortOptions,
): Named<'values' | 'indices'> {
  let o: SortOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(descending)) {
    o = descending;
    descending = undefined;
  }
  const { dim: dim_ = dim ?? -1, descending: descending_ = descending ?? false } = options<SortOptions>(
    'sort',
    o,
    'dim descending',
  );
  return wrapNamed(
    lib.op_sort(
      tensorHandle(x, 'sort', 'x'),
      integer(dim_, 'sort', 'dim'),
      flag(descending_, 'sort', 'descending'),
    ),
    'sort',
    ['values', 'indices'],
  );
}

/** Options of {@link argsort}. */
export interface ArgsortOptions {
  /** By default -1. */
  dim?: number;
  /** By default false. */
  descending?: boolean;
}

/**
 * The order that sorts x along a dimension. Equal elements keep their order; NaN counts as the largest.
 *
 * Shapes: that of x.
 *
 * Types: int32.
 *
 * Errors: IndexError when the dimension is out of range.
 *
 * By default `dim` is -1, `descending` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.argsort.html
 *
 * @example
 * ```ts
 * tensor([3, 1, 2]).argsort().toArray() // [1, 2, 0]
 * ```
 */
export function argsort(
  x: Tensor,
  dim?: number | ArgsortOptions,
  descending?: boolean | ArgsortOptions,
): Tensor {
  let o: ArgsortOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(descending)) {
    o = descending;
    descending = undefined;
  }
  const { dim: dim_ = dim ?? -1, descending: descending_ = descending ?? false } = options<ArgsortOptions>(
    'argsort',
    o,
    'dim descending',
  );
  return wrap(
    lib.op_argsort(
      tensorHandle(x, 'argsort', 'x'),
      integer(dim_, 'argsort', 'dim'),
      flag(descending_, 'argsort', 'descending'),
    ),
    'argsort',
  );
}

/** Options of {@link topk}. */
export interface TopkOptions {
  /** By default -1. */
  dim?: number;
  /** By default true. */
  largest?: boolean;
}

/**
 * The k largest elements along a dimension, or the smallest, in order, and where they stand. NaN counts as the
 * largest.
 *
 * Shapes: two tensors: x with k along dim.
 *
 * Types: values: that of x; indices: int32.
 *
 * Errors: IndexError when there are fewer than k elements or the dimension is out of range.
 *
 * By default `dim` is -1, `largest` is true.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.topk.html
 *
 * @example
 * ```ts
 * tensor([3, 1, 2]).topk(2).values.toArray() // [3, 2]
 * ```
 */
export function topk(
  x: Tensor,
  k: number,
  dim?: number | TopkOptions,
  largest?: boolean | TopkOptions,
): Named<'values' | 'indices'> {
  let o: TopkOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(largest)) {
    o = largest;
    largest = undefined;
  }
  const { dim: dim_ = dim ?? -1, largest: largest_ = largest ?? true } = options<TopkOptions>(
    'topk',
    o,
    'dim largest',
  );
  return wrapNamed(
    lib.op_topk(
      tensorHandle(x, 'topk', 'x'),
      integer(k, 'topk', 'k'),
      integer(dim_, 'topk', 'dim'),
      flag(largest_, 'topk', 'largest'),
    ),
    'topk',
    ['values', 'indices'],
  );
}

/**
 * The running sum along a dimension.
 *
 * `yᵢ = Σ_{j ≤ i} xⱼ`
 *
 * Shapes: that of x.
 *
 * Types: floats keep theirs; integers and bool give int32.
 *
 * Errors: IndexError when the dimension is out of range.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.cumsum.html
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).cumsum(0).toArray() // [1, 3, 6]
 * ```
 */
export function cumsum(x: Tensor, dim: number): Tensor {
  return wrap(lib.op_cumsum(tensorHandle(x, 'cumsum', 'x'), integer(dim, 'cumsum', 'dim')), 'cumsum');
}

/**
 * The running product along a dimension.
 *
 * `yᵢ = ∏_{j ≤ i} xⱼ`
 *
 * Shapes: that of x.
 *
 * Types: floats keep theirs; integers and bool give int32.
 *
 * Errors: IndexError when the dimension is out of range.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.cumprod.html
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).cumprod(0).toArray() // [1, 2, 6]
 * ```
 */
export function cumprod(x: Tensor, dim: number): Tensor {
  return wrap(lib.op_cumprod(tensorHandle(x, 'cumprod', 'x'), integer(dim, 'cumprod', 'dim')), 'cumprod');
}

/** Options of {@link prod}. */
export interface ProdOptions {
  dim?: number | null;
  /** By default false. */
  keepdim?: boolean;
}

/**
 * The product of all elements, or along one dimension.
 *
 * `∏ xᵢ`
 *
 * Shapes: x without `dim` (kept as 1 with keepdim); a scalar without dim.
 *
 * Types: floats keep theirs; integers and bool give int32.
 *
 * Errors: IndexError when the dimension is out of range.
 *
 * By default `dim` is left out, `keepdim` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.prod.html
 *
 * @example
 * ```ts
 * tensor([2, 3, 4]).prod().item() // 24
 * ```
 */
export function prod(x: Tensor, dim?: number | null | ProdOptions, keepdim?: boolean | ProdOptions): Tensor {
  let o: ProdOptions | undefined;
  if (isOptions(dim)) {
    o = dim;
    dim = undefined;
  }
  if (isOptions(keepdim)) {
    o = keepdim;
    keepdim = undefined;
  }
  const { dim: dim_ = dim ?? null, keepdim: keepdim_ = keepdim ?? false } = options<ProdOptions>(
    'prod',
    o,
    'dim keepdim',
  );
  return wrap(
    lib.op_prod(
      tensorHandle(x, 'prod', 'x'),
      given(dim_),
      optionalInteger(dim_, 'prod', 'dim'),
      flag(keepdim_, 'prod', 'keepdim'),
    ),
    'prod',
  );
}
