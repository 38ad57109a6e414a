// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import {
  flag,
  given,
  handleList,
  isOptions,
  number,
  optionalHandle,
  optionalNumber,
  options,
  text,
} from '../args.ts';
import { tensorHandle, wrap } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The matrix product; vectors count as a row on the left and a column on the right, and dimensions before the last
 * two are a batch that broadcasts.
 *
 * `yᵢⱼ = Σₖ aᵢₖ·bₖⱼ`
 *
 * Shapes: […, m, k] @ […, k, n] → […, m, n]; [k] @ [k] → []; [k] @ […, k, n] → […, n]; […, m, k] @ [k] → […, m].
 *
 * Types: float32, float64, int32; both the same.
 *
 * Errors: ShapeError when inner sizes differ, batches do not broadcast, or a side is a scalar; DTypeError when
 * dtypes differ.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.matmul.html
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).matmul(tensor([[5], [6]])).toArray() // [[17], [39]]
 * ```
 */
export function matmul(a: Tensor, b: Tensor): Tensor {
  return wrap(lib.op_matmul(tensorHandle(a, 'matmul', 'a'), tensorHandle(b, 'matmul', 'b')), 'matmul');
}

/**
 * The product of two matrices.
 *
 * `yᵢⱼ = Σₖ aᵢₖ·bₖⱼ`
 *
 * Shapes: [m, k], [k, n] → [m, n].
 *
 * Types: float32, float64, int32; both the same.
 *
 * Errors: ShapeError when a side is no matrix or inner sizes differ; DTypeError when dtypes differ.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.mm.html
 *
 * @example
 * ```ts
 * tensor([[1, 2]]).mm(tensor([[3], [4]])).toArray() // [[11]]
 * ```
 */
export function mm(a: Tensor, b: Tensor): Tensor {
  return wrap(lib.op_mm(tensorHandle(a, 'mm', 'a'), tensorHandle(b, 'mm', 'b')), 'mm');
}

/**
 * The products of two batches of matrices, one by one.
 *
 * `yₙᵢⱼ = Σₖ aₙᵢₖ·bₙₖⱼ`
 *
 * Shapes: [b, m, k], [b, k, n] → [b, m, n].
 *
 * Types: float32, float64, int32; both the same.
 *
 * Errors: ShapeError when a side has not three dimensions, batch or inner sizes differ; DTypeError when dtypes
 * differ.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.bmm.html
 *
 * @example
 * ```ts
 * tensor([[[1, 2]]]).bmm(tensor([[[3], [4]]])).toArray() // [[[11]]]
 * ```
 */
export function bmm(a: Tensor, b: Tensor): Tensor {
  return wrap(lib.op_bmm(tensorHandle(a, 'bmm', 'a'), tensorHandle(b, 'bmm', 'b')), 'bmm');
}

/** Options of {@link addmm}. */
export interface AddmmOptions {
  /** By default 1. */
  beta?: number;
  /** By default 1. */
  alpha?: number;
}

/**
 * A matrix product added to the input; with beta 0 the input does not count.
 *
 * `y = beta·input + alpha·(a @ b)`
 *
 * Shapes: [m, k] @ [k, n] → [m, n]; the input broadcasts to it.
 *
 * Types: float32, float64, int32; all the same.
 *
 * Errors: ShapeError when the ranks or sizes do not fit; DTypeError when dtypes differ.
 *
 * By default `beta` is 1, `alpha` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.addmm.html
 *
 * @example
 * ```ts
 * tensor([1]).addmm(tensor([[1, 2]]), tensor([[3], [4]])).toArray() // [[12]]
 * ```
 */
export function addmm(input: Tensor, mat1: Tensor, mat2: Tensor, o?: AddmmOptions): Tensor {
  const { beta = 1, alpha = 1 } = options<AddmmOptions>('addmm', o, 'beta alpha');
  return wrap(
    lib.op_addmm(
      tensorHandle(input, 'addmm', 'input'),
      tensorHandle(mat1, 'addmm', 'mat1'),
      tensorHandle(mat2, 'addmm', 'mat2'),
      number(beta, 'addmm', 'beta'),
      number(alpha, 'addmm', 'alpha'),
    ),
    'addmm',
  );
}

/** Options of {@link baddbmm}. */
export interface BaddbmmOptions {
  /** By default 1. */
  beta?: number;
  /** By default 1. */
  alpha?: number;
}

/**
 * The products of two batches of matrices added to the input; with beta 0 the input does not count.
 *
 * `y = beta·input + alpha·(a @ b)`
 *
 * Shapes: [b, m, k] @ [b, k, n] → [b, m, n]; the input broadcasts to it.
 *
 * Types: float32, float64, int32; all the same.
 *
 * Errors: ShapeError when the ranks or sizes do not fit; DTypeError when dtypes differ.
 *
 * By default `beta` is 1, `alpha` is 1.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.baddbmm.html
 *
 * @example
 * ```ts
 * tensor([1]).baddbmm(tensor([[[1, 2]]]), tensor([[[3], [4]]])).toArray() // [[[12]]]
 * ```
 */
export function baddbmm(input: Tensor, batch1: Tensor, batch2: Tensor, o?: BaddbmmOptions): Tensor {
  const { beta = 1, alpha = 1 } = options<BaddbmmOptions>('baddbmm', o, 'beta alpha');
  return wrap(
    lib.op_baddbmm(
      tensorHandle(input, 'baddbmm', 'input'),
      tensorHandle(batch1, 'baddbmm', 'batch1'),
      tensorHandle(batch2, 'baddbmm', 'batch2'),
      number(beta, 'baddbmm', 'beta'),
      number(alpha, 'baddbmm', 'alpha'),
    ),
    'baddbmm',
  );
}

/**
 * The sum of a matrix's diagonal.
 *
 * `Σᵢ xᵢᵢ`
 *
 * Shapes: [m, n] → [].
 *
 * Types: floats keep theirs; integers and bool give int32.
 *
 * Errors: ShapeError when x is no matrix.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.trace.html
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).trace().item() // 5
 * ```
 */
export function trace(x: Tensor): Tensor {
  return wrap(lib.op_trace(tensorHandle(x, 'trace', 'x')), 'trace');
}

/**
 * Products of elements, summed as the index letters say: letters of one name are paired, those missing behind '->'
 * are summed over. A letter twice in one term takes the diagonal; '...' stands for dimensions that broadcast.
 * Without '->' the result has the letters that appear once, in alphabetical order.
 *
 * `'ij,jk->ik': yᵢₖ = Σⱼ aᵢⱼ·bⱼₖ`
 *
 * Shapes: the sizes of the result's letters.
 *
 * Types: float32, float64, int32; all the same.
 *
 * Errors: FluxionError when the equation is no equation for that many tensors; ShapeError when letters do not fit
 * the dimensions or sizes differ; DTypeError when dtypes differ.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.einsum.html
 *
 * @example
 * ```ts
 * einsum('ij,j->i', [tensor([[1, 2], [3, 4]]), tensor([5, 6])]).toArray() // [17, 39]
 * ```
 */
export function einsum(equation: string, operands: readonly Tensor[]): Tensor {
  return wrap(
    lib.op_einsum(text(equation, 'einsum', 'equation'), handleList(operands, 'einsum', 'operands')),
    'einsum',
  );
}

/**
 * A matrix times a vector.
 *
 * `yᵢ = Σₖ aᵢₖ·vₖ`
 *
 * Shapes: [m, k], [k] → [m].
 *
 * Types: float32, float64, int32; both the same.
 *
 * Errors: ShapeError when a is no matrix, v no vector, or inner sizes differ; DTypeError when dtypes differ.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.mv.html
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).mv(tensor([5, 6])).toArray() // [17, 39]
 * ```
 */
export function mv(a: Tensor, v: Tensor): Tensor {
  return wrap(lib.op_mv(tensorHandle(a, 'mv', 'a'), tensorHandle(v, 'mv', 'v')), 'mv');
}

/**
 * The inner product of two vectors.
 *
 * `y = Σₖ aₖ·bₖ`
 *
 * Shapes: [k], [k] → [].
 *
 * Types: float32, float64, int32; both the same.
 *
 * Errors: ShapeError when a side is no vector or sizes differ; DTypeError when dtypes differ.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.dot.html
 *
 * @example
 * ```ts
 * tensor([1, 2]).dot(tensor([3, 4])).item() // 11
 * ```
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  return wrap(lib.op_dot(tensorHandle(a, 'dot', 'a'), tensorHandle(b, 'dot', 'b')), 'dot');
}

/**
 * Every product of an element of one vector with one of another.
 *
 * `yᵢⱼ = aᵢ·bⱼ`
 *
 * Shapes: [m], [n] → [m, n].
 *
 * Types: any, promoted.
 *
 * Errors: ShapeError when a side is no vector.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.outer.html
 *
 * @example
 * ```ts
 * tensor([1, 2]).outer(tensor([3, 4])).toArray() // [[3, 4], [6, 8]]
 * ```
 */
export function outer(a: Tensor, b: Tensor): Tensor {
  return wrap(lib.op_outer(tensorHandle(a, 'outer', 'a'), tensorHandle(b, 'outer', 'b')), 'outer');
}

/** Options of {@link linear}. */
export interface LinearOptions {
  bias?: Tensor | null;
}

/**
 * A fully connected layer: every row of x times the transposed weight, plus the bias.
 *
 * `y = x·weightᵀ + bias`
 *
 * Shapes: […, in], [out, in], [out] → […, out].
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when the inner sizes or the bias do not fit; DTypeError on other or differing dtypes.
 *
 * By default `bias` is left out.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
 *
 * @example
 * ```ts
 * F.linear(tensor([1, 2]), tensor([[3, 4], [5, 6]]), tensor([10, 20])).toArray() // [21, 37]
 * ```
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor | null | LinearOptions): Tensor {
  let o: LinearOptions | undefined;
  if (isOptions(bias)) {
    o = bias;
    bias = undefined;
  }
  const { bias: bias_ = bias ?? null } = options<LinearOptions>('linear', o, 'bias');
  return wrap(
    lib.op_linear(
      tensorHandle(x, 'linear', 'x'),
      tensorHandle(weight, 'linear', 'weight'),
      optionalHandle(bias_, 'linear', 'bias'),
    ),
    'linear',
  );
}

/** Options of {@link scaledDotProductAttention}. */
export interface ScaledDotProductAttentionOptions {
  attnMask?: Tensor | null;
  /** By default 0. */
  dropoutP?: number;
  /** By default false. */
  isCausal?: boolean;
  scale?: number | null;
  /** By default false. */
  enableGqa?: boolean;
}

/**
 * Each query's average of the values, weighted by how well their keys fit it. A bool mask keeps where true, a
 * float mask is added to the scores; a query that may look nowhere gives zeros. With enableGqa, groups of query
 * heads share one head of key and value.
 *
 * `softmax(query·keyᵀ·scale + mask)·value, scale = 1/√d`
 *
 * Shapes: […, t, d], […, s, d], […, s, e] → […, t, e]; mask broadcasts to […, t, s].
 *
 * Types: float32, float64; all the same (the mask may be bool).
 *
 * Errors: ShapeError when widths, lengths, batches or the mask do not fit; FluxionError when both attnMask and
 * isCausal are given, or dropoutP is outside [0, 1].
 *
 * By default `attnMask` is left out, `dropoutP` is 0, `isCausal` is false, `scale` is left out, `enableGqa` is
 * false.
 *
 * @see https://arxiv.org/abs/1706.03762
 *
 * @example
 * ```ts
 * F.scaledDotProductAttention(tensor([[1, 0]]), tensor([[1, 0], [1, 0]]), tensor([[2], [4]])).toArray()
 * // [[3]]
 * ```
 */
export function scaledDotProductAttention(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  o?: ScaledDotProductAttentionOptions,
): Tensor {
  const {
    attnMask = null,
    dropoutP = 0,
    isCausal = false,
    scale = null,
    enableGqa = false,
  } = options<ScaledDotProductAttentionOptions>(
    'scaledDotProductAttention',
    o,
    'attnMask dropoutP isCausal scale enableGqa',
  );
  return wrap(
    lib.op_scaled_dot_product_attention(
      tensorHandle(query, 'scaledDotProductAttention', 'query'),
      tensorHandle(key, 'scaledDotProductAttention', 'key'),
      tensorHandle(value, 'scaledDotProductAttention', 'value'),
      optionalHandle(attnMask, 'scaledDotProductAttention', 'attnMask'),
      number(dropoutP, 'scaledDotProductAttention', 'dropoutP'),
      flag(isCausal, 'scaledDotProductAttention', 'isCausal'),
      given(scale),
      optionalNumber(scale, 'scaledDotProductAttention', 'scale'),
      flag(enableGqa, 'scaledDotProductAttention', 'enableGqa'),
    ),
    'scaledDotProductAttention',
  );
}

/** Options of {@link rotaryEmbedding}. */
export interface RotaryEmbeddingOptions {
  positions?: Tensor | null;
  /** By default 10000. */
  base?: number;
  /** By default false. */
  interleaved?: boolean;
}

/**
 * Rotary position embedding: pairs of x's last dimension are turned by angles that grow with the place, so that
 * products of queries and keys depend on their distance. A pair is (i, i + width/2), or two neighbours when
 * interleaved; positions are 0, 1, … unless given.
 *
 * `(a, b) → (a·cos θ − b·sin θ, b·cos θ + a·sin θ), θ = position·base^(−2i/width)`
 *
 * Shapes: […, length, width]; positions [length]; the result has the shape of x.
 *
 * Types: float32, float64; positions are int32.
 *
 * Errors: ShapeError when the width is odd or positions are not [length]; DTypeError on other dtypes; FluxionError
 * when base is not positive.
 *
 * By default `positions` is left out, `base` is 10000, `interleaved` is false.
 *
 * @see https://arxiv.org/abs/2104.09864
 *
 * @example
 * ```ts
 * F.rotaryEmbedding(tensor([[1, 0], [1, 0]])).toArray() // [[1, 0], [0.540302, 0.841471]]
 * ```
 */
export function rotaryEmbedding(
  x: Tensor,
  positions?: Tensor | null | RotaryEmbeddingOptions,
  o?: RotaryEmbeddingOptions,
): Tensor {
  if (isOptions(positions)) {
    o = positions;
    positions = undefined;
  }
  const {
    positions: positions_ = positions ?? null,
    base = 10000,
    interleaved = false,
  } = options<RotaryEmbeddingOptions>('rotaryEmbedding', o, 'positions base interleaved');
  return wrap(
    lib.op_rotary_embedding(
      tensorHandle(x, 'rotaryEmbedding', 'x'),
      optionalHandle(positions_, 'rotaryEmbedding', 'positions'),
      number(base, 'rotaryEmbedding', 'base'),
      flag(interleaved, 'rotaryEmbedding', 'interleaved'),
    ),
    'rotaryEmbedding',
  );
}
