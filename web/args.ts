// Arguments of generated functions on their way to wasm: checked, then turned into numbers.
import { dtypeNumber } from './dtype.ts';
import { FluxionError, ShapeError, suggestion } from './errors.ts';
import { isTensor, tensorHandle } from './handles.ts';
import { type Address, type Handle, putList, putText } from './native.ts';
import type { Tensor } from './tensor.ts';

/** What a value is, for error texts. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (isTensor(value)) return 'a Tensor';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'bigint') return `${value}n`;
  return `a ${(value as object).constructor?.name ?? 'value'}`;
}

export function refuse(op: string, name: string, wanted: string, got: unknown): never {
  throw new FluxionError(`${op}: ${name} must be ${wanted}, got ${describe(got)}`);
}

export function number(value: unknown, op: string, name: string): number {
  return typeof value === 'number' ? value : refuse(op, name, 'a number', value);
}

export function integer(value: unknown, op: string, name: string): number {
  return Number.isSafeInteger(value) ? (value as number) : refuse(op, name, 'an integer', value);
}

export function string(value: unknown, op: string, name: string): string {
  return typeof value === 'string' ? value : refuse(op, name, 'a text', value);
}

/** A file's content. */
export function fileBytes(value: unknown, op: string, name: string): Uint8Array {
  const view = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  return view instanceof Uint8Array ? view : refuse(op, name, 'a Uint8Array or an ArrayBuffer', value);
}

/** Texts as one on their way to wasm, each ended by NUL, which none may hold. */
export function strings(value: unknown, op: string, name: string): string {
  if (!Array.isArray(value)) return refuse(op, name, 'a list of texts', value);
  value.forEach((v, i) => {
    if (string(v, op, `${name}[${i}]`).includes('\0')) refuse(op, `${name}[${i}]`, 'a text without NUL', v);
  });
  return value.map((v) => `${v}\0`).join('');
}

export function flag(value: unknown, op: string, name: string): number {
  return typeof value === 'boolean' ? +value : refuse(op, name, 'true or false', value);
}

export function text(value: unknown, op: string, name: string): Address {
  return putText(typeof value === 'string' ? value : refuse(op, name, 'a text', value));
}

/** An optional number crosses as two: whether it is there, and its value. */
export const given = (value: unknown): number => (value === null || value === undefined ? 0 : 1);
export const optionalNumber = (value: unknown, op: string, name: string): number =>
  given(value) && number(value, op, name);
export const optionalInteger = (value: unknown, op: string, name: string): number =>
  given(value) && integer(value, op, name);

/** A list of integers; one integer is a list of one. */
export function integers(value: unknown, op: string, name: string): Address {
  if (typeof value === 'number') return putList([integer(value, op, name)]);
  if (!Array.isArray(value)) return refuse(op, name, 'a list of integers', value);
  value.forEach((v, i) => {
    if (Number.isSafeInteger(v)) return;
    const text = `${op}: ${name}[${i}] must be an integer, got ${describe(v)}`;
    throw name === 'shape' ? new ShapeError(text) : new FluxionError(text);
  });
  return putList(value);
}
export const optionalIntegers = (value: unknown, op: string, name: string): Address =>
  given(value) && integers(value, op, name);

export function numbers(value: unknown, op: string, name: string): Address {
  if (!Array.isArray(value)) return refuse(op, name, 'a list of numbers', value);
  value.forEach((v, i) => {
    number(v, op, `${name}[${i}]`);
  });
  return putList(value);
}

export const optionalHandle = (value: unknown, op: string, name: string): Handle =>
  value === null || value === undefined ? 0 : tensorHandle(value, op, name);

export function handleList(value: unknown, op: string, name: string): Address {
  if (!Array.isArray(value)) return refuse(op, name, 'a list of tensors', value);
  return putList(value.map((t, i) => tensorHandle(t, op, `${name}[${i}]`)));
}

/** A tensor or a number crosses as two: the handle or 0, and the number. */
export function operandHandle(value: unknown, op: string, name: string): Handle {
  if (typeof value === 'number') return 0;
  return isTensor(value) ? tensorHandle(value, op, name) : refuse(op, name, 'a Tensor or a number', value);
}
export const operandNumber = (value: unknown): number => (typeof value === 'number' ? value : 0);

export const dtypeIndex = (value: unknown, op: string): number => dtypeNumber(value, op);
export const optionalDtypeIndex = (value: unknown, op: string): number =>
  given(value) ? dtypeNumber(value, op) : -1;

export function choice(value: unknown, op: string, name: string, among: readonly string[]): number {
  const index = among.indexOf(value as string);
  if (index >= 0) return index;
  const hint = typeof value === 'string' ? suggestion(value, among) : '';
  throw new FluxionError(
    `${op}: ${name} must be one of ${among.map((a) => `'${a}'`).join(', ')}, got ${describe(value)}${hint}`,
  );
}

/** A plain object: what options are given as. */
export function isOptions(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The options object of a call, each of its names known. */
export function options<T extends object>(op: string, value: T | null | undefined, known: string): T {
  if (value === null || value === undefined) return {} as T;
  if (!isOptions(value)) return refuse(op, 'the options', 'an object', value);
  const names = known.split(' ');
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue;
    const hint = suggestion(name, names);
    throw new FluxionError(
      `${op}: unknown option '${name}'${hint || `; the options are ${names.map((n) => `'${n}'`).join(', ')}`}`,
    );
  }
  return value;
}

/** Sizes given as one list or one by one, with options after them: zeros([2, 3], o), zeros(2, 3, o). */
export function sizes<T extends object>(args: readonly unknown[]): [shape: unknown, options: T | undefined] {
  const last = args.at(-1);
  const rest = isOptions(last) ? args.slice(0, -1) : args;
  const o = isOptions(last) ? (last as T) : undefined;
  return [rest.length === 1 && Array.isArray(rest[0]) ? rest[0] : rest, o];
}

/** What creation functions do last. */
export function withGrad(tensor: Tensor, requiresGrad: unknown, op: string): Tensor {
  if (flag(requiresGrad, op, 'requiresGrad')) tensor.requiresGrad = true;
  return tensor;
}

/** A seed that may be left out crosses as two: whether it is there, and it. */
export const seedNumbers = (seed: number | undefined, op: string): [number, number] => [
  given(seed),
  optionalInteger(seed, op, 'seed'),
];
