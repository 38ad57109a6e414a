import { DTypeError, suggestion } from './errors.ts';

/** Element types. Numbers are float32 unless said otherwise; int32 stands where PyTorch has int64. */
export type DType = 'bool' | 'uint8' | 'int32' | 'float32' | 'float64';

// In the order of DType in cpp/fluxion/core/dtype.h.
export const dtypes: readonly DType[] = ['bool', 'uint8', 'int32', 'float32', 'float64'];

/** The typed array that holds values of a dtype; bool's are bytes 0 and 1. */
export type TypedArray = Uint8Array | Int32Array | Float32Array | Float64Array;

type ArrayOf = new (buffer: ArrayBufferLike, offset: number, length: number) => TypedArray;
const arrays: readonly ArrayOf[] = [Uint8Array, Uint8Array, Int32Array, Float32Array, Float64Array];

export const arrayOf = (dtype: number): ArrayOf => arrays[dtype]!;

export function dtypeNumber(dtype: unknown, op: string): number {
  const index = dtypes.indexOf(dtype as DType);
  if (index >= 0) return index;
  throw new DTypeError(
    `${op}: '${String(dtype)}' is no dtype${suggestion(String(dtype), dtypes) || `; the dtypes are ${dtypes.join(', ')}`}`,
  );
}
