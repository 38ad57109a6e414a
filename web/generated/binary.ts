// Made by `npm run generate` from the rows in cpp/fluxion/ops. Do not edit.

import { number, operandHandle, operandNumber } from '../args.ts';
import { tensorHandle, wrap } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/**
 * The sum of two tensors, or of a tensor and a number.
 *
 * `a + b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([4, 9]).add(tensor([2, 3])).toArray() // [6, 12]
 * ```
 */
export function add(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_add(tensorHandle(a, 'add', 'a'), operandHandle(b, 'add', 'b'), operandNumber(b)), 'add');
}

/**
 * The difference of two tensors, or of a tensor and a number.
 *
 * `a − b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([4, 9]).sub(tensor([2, 3])).toArray() // [2, 6]
 * ```
 */
export function sub(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_sub(tensorHandle(a, 'sub', 'a'), operandHandle(b, 'sub', 'b'), operandNumber(b)), 'sub');
}

/**
 * The product, element by element.
 *
 * `a·b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([4, 9]).mul(tensor([2, 3])).toArray() // [8, 27]
 * ```
 */
export function mul(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_mul(tensorHandle(a, 'mul', 'a'), operandHandle(b, 'mul', 'b'), operandNumber(b)), 'mul');
}

/**
 * The quotient, element by element; integers give float32.
 *
 * `a/b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([4, 9]).div(tensor([2, 3])).toArray() // [2, 3]
 * ```
 */
export function div(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_div(tensorHandle(a, 'div', 'a'), operandHandle(b, 'div', 'b'), operandNumber(b)), 'div');
}

/**
 * a to the power of b.
 *
 * `aᵇ`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([4, 9]).pow(tensor([2, 3])).toArray() // [16, 729]
 * ```
 */
export function pow(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_pow(tensorHandle(a, 'pow', 'a'), operandHandle(b, 'pow', 'b'), operandNumber(b)), 'pow');
}

/**
 * The remainder of a/b, with the sign of a.
 *
 * `a − b·trunc(a/b)`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch.
 *
 * Errors: ShapeError when the shapes do not broadcast; DTypeError when both are bool; FluxionError when an integer
 * divisor is 0.
 *
 * @example
 * ```ts
 * tensor([-7, 7]).fmod(3).toArray() // [-1, 1]
 * ```
 */
export function fmod(a: Tensor, b: Tensor | number): Tensor {
  return wrap(
    lib.op_fmod(tensorHandle(a, 'fmod', 'a'), operandHandle(b, 'fmod', 'b'), operandNumber(b)),
    'fmod',
  );
}

/**
 * The remainder of a/b, with the sign of b.
 *
 * `a − b·⌊a/b⌋`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch.
 *
 * Errors: ShapeError when the shapes do not broadcast; DTypeError when both are bool; FluxionError when an integer
 * divisor is 0.
 *
 * @example
 * ```ts
 * tensor([-7, 7]).remainder(3).toArray() // [2, 1]
 * ```
 */
export function remainder(a: Tensor, b: Tensor | number): Tensor {
  return wrap(
    lib.op_remainder(tensorHandle(a, 'remainder', 'a'), operandHandle(b, 'remainder', 'b'), operandNumber(b)),
    'remainder',
  );
}

/**
 * The angle of the point (b, a), from −π to π.
 *
 * `arg(b + i·a)`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch; integers give float32.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([4, 9]).atan2(tensor([2, 3])).toArray() // [1.107149, 1.249046]
 * ```
 */
export function atan2(a: Tensor, b: Tensor): Tensor {
  return wrap(lib.op_atan2(tensorHandle(a, 'atan2', 'a'), tensorHandle(b, 'atan2', 'b')), 'atan2');
}

/**
 * The point between start and end that `weight`, a number or a tensor, says: 0 is start, 1 is end.
 *
 * `start + weight·(end − start)`
 *
 * Shapes: all broadcast; the result has the broadcast shape.
 *
 * Types: float32, float64; all the same.
 *
 * Errors: ShapeError when the shapes do not broadcast; DTypeError on other or differing dtypes.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.lerp.html
 *
 * @example
 * ```ts
 * tensor([1, 10]).lerp(tensor([3, 20]), 0.5).toArray() // [2, 15]
 * ```
 */
export function lerp(start: Tensor, end: Tensor, weight: Tensor | number): Tensor {
  return wrap(
    lib.op_lerp(
      tensorHandle(start, 'lerp', 'start'),
      tensorHandle(end, 'lerp', 'end'),
      operandHandle(weight, 'lerp', 'weight'),
      operandNumber(weight),
    ),
    'lerp',
  );
}

/**
 * The larger of two, element by element; NaN wins, ties share the gradient.
 *
 * `max(a, b)`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([1, 5]).maximum(tensor([2, 3])).toArray() // [2, 5]
 * ```
 */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return wrap(lib.op_maximum(tensorHandle(a, 'maximum', 'a'), tensorHandle(b, 'maximum', 'b')), 'maximum');
}

/**
 * The smaller of two, element by element; NaN wins, ties share the gradient.
 *
 * `min(a, b)`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: promoted as in PyTorch.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([1, 5]).minimum(tensor([2, 3])).toArray() // [1, 3]
 * ```
 */
export function minimum(a: Tensor, b: Tensor): Tensor {
  return wrap(lib.op_minimum(tensorHandle(a, 'minimum', 'a'), tensorHandle(b, 'minimum', 'b')), 'minimum');
}

/**
 * Where a equals b.
 *
 * `a = b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: the result is bool.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).eq(2).toArray() // [false, true, false]
 * ```
 */
export function eq(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_eq(tensorHandle(a, 'eq', 'a'), operandHandle(b, 'eq', 'b'), operandNumber(b)), 'eq');
}

/**
 * Where a differs from b.
 *
 * `a ≠ b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: the result is bool.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).ne(2).toArray() // [true, false, true]
 * ```
 */
export function ne(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_ne(tensorHandle(a, 'ne', 'a'), operandHandle(b, 'ne', 'b'), operandNumber(b)), 'ne');
}

/**
 * Where a is less than b.
 *
 * `a < b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: the result is bool.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).lt(2).toArray() // [true, false, false]
 * ```
 */
export function lt(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_lt(tensorHandle(a, 'lt', 'a'), operandHandle(b, 'lt', 'b'), operandNumber(b)), 'lt');
}

/**
 * Where a is at most b.
 *
 * `a ≤ b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: the result is bool.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).le(2).toArray() // [true, true, false]
 * ```
 */
export function le(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_le(tensorHandle(a, 'le', 'a'), operandHandle(b, 'le', 'b'), operandNumber(b)), 'le');
}

/**
 * Where a is greater than b.
 *
 * `a > b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: the result is bool.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).gt(2).toArray() // [false, false, true]
 * ```
 */
export function gt(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_gt(tensorHandle(a, 'gt', 'a'), operandHandle(b, 'gt', 'b'), operandNumber(b)), 'gt');
}

/**
 * Where a is at least b.
 *
 * `a ≥ b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: the result is bool.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([1, 2, 3]).ge(2).toArray() // [false, true, true]
 * ```
 */
export function ge(a: Tensor, b: Tensor | number): Tensor {
  return wrap(lib.op_ge(tensorHandle(a, 'ge', 'a'), operandHandle(b, 'ge', 'b'), operandNumber(b)), 'ge');
}

/**
 * Where both are true.
 *
 * `a ∧ b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: anything but 0 counts as true; the result is bool.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([true, false]).logicalAnd(tensor([true, true])).toArray() // [true, false]
 * ```
 */
export function logicalAnd(a: Tensor, b: Tensor): Tensor {
  return wrap(
    lib.op_logical_and(tensorHandle(a, 'logicalAnd', 'a'), tensorHandle(b, 'logicalAnd', 'b')),
    'logicalAnd',
  );
}

/**
 * Where at least one is true.
 *
 * `a ∨ b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: anything but 0 counts as true; the result is bool.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([true, false]).logicalOr(tensor([true, true])).toArray() // [true, true]
 * ```
 */
export function logicalOr(a: Tensor, b: Tensor): Tensor {
  return wrap(
    lib.op_logical_or(tensorHandle(a, 'logicalOr', 'a'), tensorHandle(b, 'logicalOr', 'b')),
    'logicalOr',
  );
}

/**
 * Where exactly one is true.
 *
 * `a ⊕ b`
 *
 * Shapes: a and b broadcast; the result has the broadcast shape.
 *
 * Types: anything but 0 counts as true; the result is bool.
 *
 * Errors: ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * tensor([true, false]).logicalXor(tensor([true, true])).toArray() // [false, true]
 * ```
 */
export function logicalXor(a: Tensor, b: Tensor): Tensor {
  return wrap(
    lib.op_logical_xor(tensorHandle(a, 'logicalXor', 'a'), tensorHandle(b, 'logicalXor', 'b')),
    'logicalXor',
  );
}

/**
 * a where the condition holds, b elsewhere.
 *
 * `condition ? a : b`
 *
 * Shapes: all three broadcast; the result has the broadcast shape.
 *
 * Types: the condition is bool; a and b are promoted as in PyTorch.
 *
 * Errors: DTypeError when the condition is not bool; ShapeError when the shapes do not broadcast.
 *
 * @example
 * ```ts
 * where(tensor([true, false]), tensor([1, 2]), 0).toArray() // [1, 0]
 * ```
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  return wrap(
    lib.op_where(
      tensorHandle(condition, 'where', 'condition'),
      operandHandle(a, 'where', 'a'),
      operandNumber(a),
      operandHandle(b, 'where', 'b'),
      operandNumber(b),
    ),
    'where',
  );
}

/**
 * x with `value` where the mask is true.
 *
 * `mask ? value : x`
 *
 * Shapes: the mask broadcasts to x.
 *
 * Types: the mask is bool.
 *
 * Errors: DTypeError when the mask is not bool; ShapeError when it does not broadcast to x.
 *
 * @example
 * ```ts
 * tensor([1, 2]).maskedFill(tensor([true, false]), 0).toArray() // [0, 2]
 * ```
 */
export function maskedFill(x: Tensor, mask: Tensor, value: number): Tensor {
  return wrap(
    lib.op_masked_fill(
      tensorHandle(x, 'maskedFill', 'x'),
      tensorHandle(mask, 'maskedFill', 'mask'),
      number(value, 'maskedFill', 'value'),
    ),
    'maskedFill',
  );
}
