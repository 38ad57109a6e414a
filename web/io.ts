// Files from and to bytes.
import { fileBytes, options, refuse } from './args.ts';
import { tensorHandle, wrapList } from './handles.ts';
import { heapBytes, lib, putList, putText, takeList, takePieces, withBytes } from './native.ts';
import type { StateDict } from './nn/module.ts';

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
  if (typeof state !== 'object' || state === null)
    refuse('saveSafetensors', 'state', 'an object of tensors', state);
  const names = Object.keys(state);
  const tensors = names.map((name) => tensorHandle(state[name], 'saveSafetensors', `'${name}'`));
  const pairs = Object.entries(metadata).flatMap(([key, value]) =>
    typeof value === 'string' ? [key, value] : refuse('saveSafetensors', `metadata.${key}`, 'a text', value),
  );
  const [address, size] = takeList(
    lib.saveSafetensors(
      putText(names.join('\0')),
      putList(tensors),
      putText(pairs.map((p) => `${p}\0`).join('')),
    ),
  ) as [number, number];
  const bytes = new Uint8Array(size);
  bytes.set(heapBytes(address + size).subarray(address, address + size));
  lib.releaseSaved();
  return bytes;
}

function load(bytes: Uint8Array | ArrayBuffer): StateDict {
  return withBytes([fileBytes(bytes, 'loadSafetensors', 'bytes')], (address, size) => {
    const tensors = wrapList(lib.loadSafetensors(address, size), 'loadSafetensors');
    const names = takePieces(lib.loadedNames());
    return Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
  });
}

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
