import { abs, square } from '../generated/unary.ts';
import type { Tensor } from '../tensor.ts';

const total = (parts: Tensor[]): Tensor => parts.reduce((a, b) => a.add(b));

/**
 * Σ|w| over parameters, for a loss of one's own; `fit` takes its factor as `l1`.
 *
 * @example
 * ```ts
 * l1Penalty([tensor([1, -2]), tensor([[3]])]).item() // 6
 * ```
 */
export const l1Penalty = (parameters: Iterable<Tensor>): Tensor =>
  total(Array.from(parameters, (p) => abs(p).sum()));

/**
 * Σw² over parameters, for a loss of one's own; `fit` takes its factor as `l2`.
 *
 * @example
 * ```ts
 * l2Penalty([tensor([1, -2]), tensor([[3]])]).item() // 14
 * ```
 */
export const l2Penalty = (parameters: Iterable<Tensor>): Tensor =>
  total(Array.from(parameters, (p) => square(p).sum()));
