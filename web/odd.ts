// The few functions whose arguments PyTorch reads in more than one way.
import { options } from './args.ts';
import { arange as arangeBetween, type ArangeOptions } from './generated/creation.ts';
import {
  amax,
  amin,
  max as maxAlong,
  min as minAlong,
  type MaxOptions,
  type MinOptions,
} from './generated/reduce.ts';
import type { Named } from './handles.ts';
import type { Tensor } from './tensor.ts';

type Extremes = Named<'values' | 'indices'>;

/**
 * Evenly stepped values from start (0 if not given) up to, but without, end; int32 when all are whole.
 *
 * @example
 * ```ts
 * arange(3).toArray() // [0, 1, 2]
 * ```
 */
export function arange(end: number, o?: ArangeOptions): Tensor;
export function arange(start: number, end: number, step?: number | ArangeOptions, o?: ArangeOptions): Tensor;
export function arange(
  first: number,
  second?: number | ArangeOptions,
  step?: number | ArangeOptions,
  o?: ArangeOptions,
): Tensor {
  if (typeof second === 'number') return arangeBetween(first, second, step, o);
  return arangeBetween(0, first, undefined, second);
}

/**
 * The largest value of all; or, along a dimension, the largest values and where they stand.
 *
 * @example
 * ```ts
 * max(tensor([1, 3, 2])).item() // 3
 * ```
 */
export function max(x: Tensor): Tensor;
export function max(x: Tensor, dim: number | MaxDimOptions, keepdim?: boolean | MaxOptions): Extremes;
export function max(
  x: Tensor,
  dim?: number | MaxDimOptions,
  keepdim?: boolean | MaxOptions,
): Tensor | Extremes {
  if (dim === undefined) return amax(x);
  if (typeof dim === 'number') return maxAlong(x, dim, keepdim);
  const o = options('max', dim, 'dim keepdim');
  return o.dim === undefined ? amax(x) : maxAlong(x, o.dim, o.keepdim);
}

/** The smallest value of all; or, along a dimension, the smallest values and where they stand. */
export function min(x: Tensor): Tensor;
export function min(x: Tensor, dim: number | MaxDimOptions, keepdim?: boolean | MinOptions): Extremes;
export function min(
  x: Tensor,
  dim?: number | MaxDimOptions,
  keepdim?: boolean | MinOptions,
): Tensor | Extremes {
  if (dim === undefined) return amin(x);
  if (typeof dim === 'number') return minAlong(x, dim, keepdim);
  const o = options('min', dim, 'dim keepdim');
  return o.dim === undefined ? amin(x) : minAlong(x, o.dim, o.keepdim);
}

/** The dimension by name. */
export interface MaxDimOptions {
  dim: number;
  keepdim?: boolean;
}
