import { describe, options, refuse } from './args.ts';
import { arrayOf, type DType, dtypeNumber, dtypes, type TypedArray } from './dtype.ts';
import { DTypeError, FluxionError, ShapeError } from './errors.ts';
import { isTensor, tidy, wrap } from './handles.ts';
import { heapBytes, lib, putList, takeList } from './native.ts';
import type { Tensor } from './tensor.ts';

/** Numbers or booleans, nested to any depth; a typed array may stand in the place of an innermost array. */
export type TensorData =
  | number
  | boolean
  | ArrayLike<number>
  | ArrayLike<bigint>
  | readonly TensorData[]
  | Tensor;

export interface TensorOptions {
  /** Given for flat data that is to have more dimensions. */
  shape?: readonly number[];
  /** float32 for numbers, bool for booleans, a typed array's own for typed arrays. */
  dtype?: DType;
  requiresGrad?: boolean;
}

type AnyTypedArray =
  | TypedArray
  | Int8Array
  | Int16Array
  | Uint16Array
  | Uint32Array
  | Uint8ClampedArray
  | BigInt64Array
  | BigUint64Array;

const isTyped = (value: unknown): value is AnyTypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);

function dtypeOfTyped(array: AnyTypedArray): DType {
  if (array instanceof Float32Array) return 'float32';
  if (array instanceof Float64Array) return 'float64';
  if (array instanceof Uint8Array || array instanceof Uint8ClampedArray) return 'uint8';
  return 'int32';
}

/**
 * A tensor of the values given: a number, nested arrays, or a typed array (with `shape` for more than one dimension).
 *
 * @example
 * ```ts
 * tensor([[1, 2], [3, 4]]).shape // [2, 2]
 * ```
 */
export function tensor(data: TensorData, o: TensorOptions = {}): Tensor {
  const { requiresGrad = false, ...rest } = options('tensor', o, 'shape dtype requiresGrad');
  if (typeof requiresGrad !== 'boolean') refuse('tensor', 'requiresGrad', 'true or false', requiresGrad);
  const out = isTensor(data) ? copyOf(data, rest) : fromArray(data as Exclude<TensorData, Tensor>, rest);
  if (requiresGrad) out.requiresGrad = true;
  return out;
}

function copyOf(source: Tensor, { shape = source.shape, dtype = source.dtype }: TensorOptions): Tensor {
  return tidy(() => source.detach().to(dtype).clone().reshape(shape).detach());
}

/** tensor() for what is no tensor yet. */
export function fromArray(
  data: Exclude<TensorData, Tensor>,
  { shape, dtype }: Omit<TensorOptions, 'requiresGrad'> = {},
): Tensor {
  const found: number[] = [];
  measure(data, 'data', found);
  const count = found.reduce((a, b) => a * b, 1);
  const wanted = shape === undefined ? found : checkedShape(shape);
  const filled = wanted.reduce((a, b) => a * b, 1);
  if (filled !== count) throw new ShapeError(`tensor: ${count} values do not fill [${wanted.join(', ')}]`);

  const { values, natural } = flatten(data, found, count);
  const number = dtypeNumber(dtype ?? natural, 'tensor');
  const [handle, address] = takeList(lib.newTensor(putList(wanted), number)) as [number, number];
  const target = new (arrayOf(number))(heapBytes(address + count * 8).buffer, address, count);
  if (dtypes[number] === 'bool') for (let i = 0; i < count; i++) target[i] = +(values[i] !== 0);
  else target.set(values);
  return wrap(handle, 'tensor');
}

function checkedShape(shape: unknown): readonly number[] {
  if (!Array.isArray(shape)) return refuse('tensor', 'shape', 'a list of sizes', shape);
  shape.forEach((size, i) => {
    if (!Number.isSafeInteger(size) || size < 0)
      throw new ShapeError(`tensor: shape[${i}] must be a size of 0 or more, got ${describe(size)}`);
  });
  return shape;
}

// The shape is read off the first element of each level; flatten() holds all others against it.
function measure(data: unknown, place: string, shape: number[]): void {
  if (isTyped(data)) {
    shape.push(data.length);
  } else if (Array.isArray(data)) {
    shape.push(data.length);
    if (data.length > 0) measure(data[0], `${place}[0]`, shape);
  } else if (typeof data !== 'number' && typeof data !== 'boolean') {
    throw new FluxionError(`tensor: ${place} must be a number, a boolean or an array, got ${describe(data)}`);
  }
}

function flatten(
  data: unknown,
  shape: readonly number[],
  count: number,
): { values: ArrayLike<number>; natural: DType } {
  if (isTyped(data) && dtypeOfTyped(data) !== 'int32')
    return { values: data as TypedArray, natural: dtypeOfTyped(data) };
  const values = new Float64Array(count);
  let at = 0;
  let boolean = count > 0;
  let typed: DType | undefined;
  const walk = (part: unknown, dim: number, path: readonly number[]): void => {
    if (dim === shape.length) {
      if (typeof part !== 'number' && typeof part !== 'boolean') misfit(part, path, shape, dim);
      boolean &&= typeof part === 'boolean';
      values[at++] = +part;
    } else if (isTyped(part)) {
      if (dim + 1 < shape.length || part.length !== shape[dim]) misfit(part, path, shape, dim);
      typed ??= dtypeOfTyped(part);
      for (const v of part) values[at++] = Number(v);
    } else if (Array.isArray(part) && part.length === shape[dim]) {
      for (let i = 0; i < part.length; i++) walk(part[i], dim + 1, [...path, i]);
    } else {
      misfit(part, path, shape, dim);
    }
  };
  walk(data, 0, []);
  checkIntegers(data, values);
  return { values, natural: typed ?? (boolean ? 'bool' : 'float32') };
}

const place = (path: readonly number[]): string => `data${path.map((i) => `[${i}]`).join('')}`;

function misfit(part: unknown, path: readonly number[], shape: readonly number[], dim: number): never {
  const first = place(path.map(() => 0));
  if (Array.isArray(part) || isTyped(part)) {
    if (dim >= shape.length)
      throw new ShapeError(`tensor: ragged array: ${place(path)} is an array where ${first} is a number`);
    throw new ShapeError(
      `tensor: ragged array: ${place(path)} has ${part.length} elements where ${first} has ${shape[dim]}`,
    );
  }
  if (typeof part === 'number' || typeof part === 'boolean')
    throw new ShapeError(`tensor: ragged array: ${place(path)} is a number where ${first} is an array`);
  throw new FluxionError(
    `tensor: ${place(path)} must be a number, a boolean or an array, got ${describe(part)}`,
  );
}

// 64-bit and unsigned integers are taken where int32 holds them.
function checkIntegers(data: unknown, values: Float64Array): void {
  if (!(data instanceof BigInt64Array || data instanceof BigUint64Array || data instanceof Uint32Array))
    return;
  const i = values.findIndex((v) => v !== (v | 0));
  if (i >= 0) throw new DTypeError(`tensor: data[${i}] is ${data[i]}, which int32 does not hold`);
}
