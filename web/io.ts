// Files from and to bytes.
import { fileBytes, integer, options, refuse } from './args.ts';
import { tensorHandle, wrap, wrapList } from './handles.ts';
import { type Address, heapBytes, lib, putList, putText, takeList, takePieces, withBytes } from './native.ts';
import type { StateDict } from './nn/module.ts';
import type { Tensor } from './tensor.ts';

/** Names and handles on their way to wasm. */
function stateEntries(state: StateDict, op: string): [names: Address, tensors: Address] {
  if (typeof state !== 'object' || state === null) refuse(op, 'state', 'an object of tensors', state);
  const names = Object.keys(state);
  const tensors = names.map((name) => tensorHandle(state[name], op, `'${name}'`));
  return [putText(names.join('\0')), putList(tensors)];
}

/** A copy of the bytes that wasm has written; it lets go of them. */
function written(list: Address): Uint8Array<ArrayBuffer> {
  const [address, size] = takeList(list) as [number, number];
  const bytes = new Uint8Array(size);
  bytes.set(heapBytes(address + size).subarray(address, address + size));
  lib.releaseSaved();
  return bytes;
}

function named(list: Address, op: string): StateDict {
  const tensors = wrapList(list, op);
  const names = takePieces(lib.loadedNames());
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
}

/**
 * Tensors as a safetensors file, which PyTorch and others read.
 *
 * @example
 * ```ts
 * io.loadSafetensors(io.saveSafetensors({ w: tensor([1, 2]) })).w?.toArray() // [1, 2]
 * ```
 */
export function saveSafetensors(
  state: StateDict,
  o: { metadata?: Record<string, string> } = {},
): Uint8Array<ArrayBuffer> {
  const { metadata = {} } = options('saveSafetensors', o, 'metadata');
  const entries = stateEntries(state, 'saveSafetensors');
  const pairs = Object.entries(metadata).flatMap(([key, value]) =>
    typeof value === 'string' ? [key, value] : refuse('saveSafetensors', `metadata.${key}`, 'a text', value),
  );
  return written(lib.saveSafetensors(...entries, putText(pairs.map((p) => `${p}\0`).join(''))));
}

const load = (bytes: Uint8Array | ArrayBuffer): StateDict =>
  withBytes([fileBytes(bytes, 'loadSafetensors', 'bytes')], (address, size) =>
    named(lib.loadSafetensors(address, size), 'loadSafetensors'),
  );

/**
 * The tensors of a safetensors file, by name. F16 and BF16 become float32, I64 becomes int32 where it fits. A damaged
 * file is a ParseError that names the place.
 */
export const loadSafetensors = (bytes: Uint8Array | ArrayBuffer): StateDict => load(bytes);

/** The same, with the file's metadata. */
export function readSafetensors(bytes: Uint8Array | ArrayBuffer): {
  tensors: StateDict;
  metadata: Record<string, string>;
} {
  const tensors = load(bytes);
  const texts = takePieces(lib.loadedMetadata());
  const pairs = texts.flatMap((key, i) => (i % 2 === 0 ? [[key, texts[i + 1]!] as const] : []));
  return { tensors, metadata: Object.fromEntries(pairs) };
}

/**
 * A tensor as NumPy's .npy file: version 1.0, row-major.
 *
 * @example
 * ```ts
 * io.loadNpy(io.saveNpy(tensor([[1, 2]]))).toArray() // [[1, 2]]
 * ```
 */
export const saveNpy = (array: Tensor): Uint8Array<ArrayBuffer> =>
  written(lib.saveNpy(tensorHandle(array, 'saveNpy', 'array')));

/**
 * The array of an .npy file of float64, float32, float16, int64, int32, uint8 or bool, little-endian, row- or
 * column-major. float16 becomes float32, int64 becomes int32 where it fits. Another type or a damaged file is a
 * ParseError that names the place.
 */
export const loadNpy = (bytes: Uint8Array | ArrayBuffer): Tensor =>
  withBytes([fileBytes(bytes, 'loadNpy', 'bytes')], (address, size) =>
    wrap(lib.loadNpy(address, size), 'loadNpy'),
  );

/**
 * Tensors as NumPy's .npz file, uncompressed, as of numpy.savez.
 *
 * @example
 * ```ts
 * io.loadNpz(io.saveNpz({ x: tensor([1, 2]) })).x?.toArray() // [1, 2]
 * ```
 */
export const saveNpz = (arrays: StateDict): Uint8Array<ArrayBuffer> =>
  written(lib.saveNpz(...stateEntries(arrays, 'saveNpz')));

/** Tensors by name from a file that may unpack to `limit` bytes. */
function loadLimited(
  load: (address: Address, size: number, limit: number) => Address,
  bytes: Uint8Array | ArrayBuffer,
  o: { limit?: number },
  op: string,
): StateDict {
  const { limit = 2 ** 30 } = options(op, o, 'limit');
  const most = integer(limit, op, 'limit');
  if (most < 0) refuse(op, 'limit', '0 or more', most);
  return withBytes([fileBytes(bytes, op, 'bytes')], (address, size) => named(load(address, size, most), op));
}

/**
 * The arrays of an .npz file, by name, of numpy.savez or numpy.savez_compressed. A file whose arrays unpack to more than
 * `limit` bytes (1 GiB by default), or one that is damaged, is a ParseError that names the place.
 */
export const loadNpz = (bytes: Uint8Array | ArrayBuffer, o: { limit?: number } = {}): StateDict =>
  loadLimited(lib.loadNpz, bytes, o, 'loadNpz');

/**
 * The tensors of a file of PyTorch's torch.save (since 1.6), by name; those of dicts within dicts as outer.inner, while
 * numbers, texts and lists beside them are left out. Types as with `loadSafetensors`; each tensor is a copy of its own.
 * Nothing in the file is run: a pickle that asks for any function but those that tensors and ordered dicts need is a
 * ParseError that names it and the byte. So is a file that is damaged, or one whose members or tensors take more than
 * `limit` bytes (1 GiB by default).
 */
export const loadTorch = (bytes: Uint8Array | ArrayBuffer, o: { limit?: number } = {}): StateDict =>
  loadLimited(lib.loadTorch, bytes, o, 'loadTorch');
