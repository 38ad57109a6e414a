// The op rows as the generator committed them, and PyTorch's answers to their samples (the format of ops.bin is
// described in tests/fixtures/generate.py).
import { readFileSync } from 'node:fs';
import type { DType } from 'fluxion';

export interface Arg {
  name: string;
  kind: string;
  /** JSON; null where the argument must be given. */
  default: string | null;
  option: boolean;
  choices: string[];
}

export interface Example {
  code: string;
  result: string;
}

export interface Row {
  name: string;
  args: Arg[];
  results: string[];
  returnsList: boolean;
  isMethod: boolean;
  /** Also a method of its name and `_`, which changes the tensor. */
  inPlace: boolean;
  differentiable: boolean;
  random: boolean;
  float32Reason: string;
  exemptions: string[];
  samples: string[];
  example: Example;
}

export interface ClassRow {
  name: string;
  args: Arg[];
  example: Example;
}

const fixture = (name: string): URL => new URL(`../../fixtures/${name}`, import.meta.url);

export const rows = JSON.parse(readFileSync(fixture('rows.json'), 'utf8')) as {
  ops: Row[];
  modules: ClassRow[];
  optimizers: ClassRow[];
};

export const camel = (name: string): string =>
  name.replace(/_+([a-z0-9])/g, (_, c: string) => c.toUpperCase());

const dtypes: readonly DType[] = ['bool', 'uint8', 'int32', 'float32', 'float64'];

export interface FixtureTensor {
  dtype: DType;
  shape: number[];
  values: number[];
}

export type FixtureArgument = null | number | boolean | string | number[] | FixtureTensor | FixtureTensor[];

/** A tensor in both runs; `single` is empty where it is no float. */
export interface Expected {
  wideDtype: DType;
  singleDtype: DType;
  shape: number[];
  wide: number[];
  single: number[];
}

export interface Reference {
  row: string;
  sample: string;
  args: FixtureArgument[];
  results: Expected[];
  /** One for each float tensor among the arguments, undefined where the loss does not depend on it. */
  gradients: (Expected | undefined)[] | undefined;
}

export const isTensor = (v: unknown): v is FixtureTensor =>
  typeof v === 'object' && v !== null && 'dtype' in v;
export const isFloat = (dtype: DType): boolean => dtype.startsWith('float');
export const count = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

class Reader {
  #at = 0;
  readonly #view: DataView;
  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at === this.#view.byteLength;
  }
  #step(bytes: number): number {
    this.#at += bytes;
    return this.#at - bytes;
  }
  u8 = (): number => this.#view.getUint8(this.#step(1));
  u16 = (): number => this.#view.getUint16(this.#step(2), true);
  u32 = (): number => this.#view.getUint32(this.#step(4), true);
  i32 = (): number => this.#view.getInt32(this.#step(4), true);
  f32 = (): number => this.#view.getFloat32(this.#step(4), true);
  f64 = (): number => this.#view.getFloat64(this.#step(8), true);

  times<T>(n: number, read: () => T): T[] {
    return Array.from({ length: n }, read);
  }
  text(): string {
    const bytes = this.times(this.u16(), this.u8);
    return new TextDecoder().decode(new Uint8Array(bytes));
  }
  shape(): number[] {
    return this.times(this.u8(), this.u32);
  }
  values(dtype: DType, n: number): number[] {
    const read = { bool: this.u8, uint8: this.u8, int32: this.i32, float32: this.f32, float64: this.f64 }[
      dtype
    ];
    return this.times(n, read);
  }

  tensor = (): FixtureTensor => {
    const dtype = dtypes[this.u8()]!;
    const shape = this.shape();
    return { dtype, shape, values: this.values(dtype, count(shape)) };
  };

  argument = (): FixtureArgument => {
    const kind = this.u8();
    switch (kind) {
      case 0:
        return null;
      case 1:
        return this.tensor();
      case 2:
        return this.times(this.u8(), this.tensor);
      case 3:
        return this.f64();
      case 4:
        return this.u8() !== 0;
      case 5:
        return this.times(this.u8(), this.f64);
      case 6:
        return this.text();
      default:
        throw new Error(`ops.bin: an argument of kind ${kind}`);
    }
  };

  result = (): Expected => {
    const [wideDtype, singleDtype] = [dtypes[this.u8()]!, dtypes[this.u8()]!];
    const shape = this.shape();
    const n = count(shape);
    if (!isFloat(wideDtype))
      return { wideDtype, singleDtype, shape, wide: this.values(wideDtype, n), single: [] };
    return { wideDtype, singleDtype, shape, wide: this.times(n, this.f64), single: this.times(n, this.f32) };
  };

  gradient(shape: number[]): Expected | undefined {
    if (this.u8() === 0) return undefined;
    const wide = this.times(count(shape), this.f64);
    const single = this.times(count(shape), this.f32);
    return { wideDtype: 'float64', singleDtype: 'float32', shape, wide, single };
  }

  reference = (): Reference => {
    const [row, sample] = [this.text(), this.text()];
    const args = this.times(this.u8(), this.argument);
    const results = this.times(this.u8(), this.result);
    const floats = args.flat().filter((v) => isTensor(v) && isFloat(v.dtype)) as FixtureTensor[];
    const gradients = this.u8() ? floats.map(({ shape }) => this.gradient(shape)) : undefined;
    return { row, sample, args, results, gradients };
  };
}

export function readReferences(): Reference[] {
  const reader = new Reader(readFileSync(fixture('ops.bin')));
  const magic = String.fromCharCode(...reader.times(4, reader.u8));
  if (magic !== 'FXOP' || reader.u32() !== 1) throw new Error('ops.bin is of another format');
  const references = reader.times(reader.u32(), reader.reference);
  if (!reader.done) throw new Error('ops.bin has bytes left over');
  return references;
}
