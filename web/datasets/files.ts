// Files of datasets as tensors: IDX, CIFAR's binary form, tar archives.
import { fileBytes } from '../args.ts';
import { fromArray } from '../create.ts';
import type { DType } from '../dtype.ts';
import { ParseError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';

const idxTypes: Record<number, [bytes: number, dtype: DType, read: (v: DataView, at: number) => number]> = {
  8: [1, 'uint8', (v, at) => v.getUint8(at)],
  9: [1, 'int32', (v, at) => v.getInt8(at)],
  11: [2, 'int32', (v, at) => v.getInt16(at)],
  12: [4, 'int32', (v, at) => v.getInt32(at)],
  13: [4, 'float32', (v, at) => v.getFloat32(at)],
  14: [8, 'float64', (v, at) => v.getFloat64(at)],
};

/**
 * The array of an IDX file (unzipped), as those of MNIST: uint8, int8 and int16 (as int32), int32, float32 or float64.
 * A damaged file is a ParseError that names the byte.
 *
 * @example
 * ```ts
 * parseIdx(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 2, 7, 9])).toArray() // [7, 9]
 * ```
 *
 * @see http://yann.lecun.com/exdb/mnist/
 */
export function parseIdx(bytes: Uint8Array | ArrayBuffer): Tensor {
  const file = fileBytes(bytes, 'parseIdx', 'bytes');
  const fail = (at: number, why: string): never => {
    throw new ParseError(`IDX file: byte ${at}: ${why}`);
  };
  if (file.length < 4) fail(file.length, 'the file is cut short');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint16(0) !== 0) fail(0, 'the magic number does not begin with 0 0');
  const [size, dtype, read] = idxTypes[file[2]!] ?? fail(2, `no type has the number ${file[2]}`);
  const rank = file[3]!;
  const start = 4 + 4 * rank;
  if (file.length < start) fail(file.length, 'the sizes are cut short');
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((a, b) => a * b, 1);
  if (count * size !== file.length - start)
    fail(
      start,
      `${file.length - start} bytes of values for the sizes [${shape.join(', ')}] of ${size} bytes each`,
    );
  if (dtype === 'uint8') return fromArray(file.subarray(start), { shape });
  const values = dtype === 'float32' ? new Float32Array(count) : new Float64Array(count);
  for (let i = 0; i < count; i++) values[i] = read(view, start + i * size);
  return fromArray(values, { shape, dtype });
}

/**
 * The images uint8 [N, 3, 32, 32] and labels int32 [N] of a file in CIFAR's binary form; those of CIFAR-100 have a
 * coarse label in front of the fine one. A file of another size, or a label out of range, is a ParseError.
 *
 * @see https://www.cs.toronto.edu/~kriz/cifar.html
 */
export function parseCifar(
  bytes: Uint8Array | ArrayBuffer,
  o: { classes?: 10 | 100 } = {},
): { images: Tensor; labels: Tensor; coarseLabels: Tensor | null } {
  const file = fileBytes(bytes, 'parseCifar', 'bytes');
  const classes = o.classes ?? 10;
  const labelBytes = classes === 100 ? 2 : 1;
  const record = labelBytes + 3072;
  if (file.length === 0 || file.length % record !== 0)
    throw new ParseError(
      `CIFAR-${classes} file: ${file.length} bytes are no whole number of records of ${record} bytes`,
    );
  const count = file.length / record;
  const images = new Uint8Array(count * 3072);
  const labels = [new Int32Array(count), new Int32Array(count)] as const;
  for (let i = 0; i < count; i++) {
    const at = i * record;
    for (let k = 0; k < labelBytes; k++) {
      const label = file[at + labelBytes - 1 - k]!;
      const most = k === 0 ? classes : 20;
      if (label >= most)
        throw new ParseError(`CIFAR-${classes} file: byte ${at}: label ${label} of ${most} classes`);
      labels[k]![i] = label;
    }
    images.set(file.subarray(at + labelBytes, at + record), i * 3072);
  }
  return {
    images: fromArray(images, { shape: [count, 3, 32, 32] }),
    labels: fromArray(labels[0]),
    coarseLabels: labelBytes === 2 ? fromArray(labels[1]) : null,
  };
}

/** The plain files of a tar archive (unzipped) by name, without copying. A damaged archive is a ParseError. */
export function parseTar(bytes: Uint8Array | ArrayBuffer): Map<string, Uint8Array> {
  const file = fileBytes(bytes, 'parseTar', 'bytes');
  const fail = (at: number, why: string): never => {
    throw new ParseError(`tar file: byte ${at}: ${why}`);
  };
  const text = (at: number, length: number): string =>
    new TextDecoder().decode(file.subarray(at, at + length)).replace(/\0.*$/s, '');
  const octal = (at: number, length: number): number => {
    const digits = text(at, length).trim();
    return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : fail(at, `'${digits}' is no octal number`);
  };
  const files = new Map<string, Uint8Array>();
  let at = 0;
  while (at + 512 <= file.length && file[at] !== 0) {
    let sum = 0;
    for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : file[at + i]!;
    if (octal(at + 148, 8) !== sum) fail(at, 'the check sum of a header differs');
    const size = octal(at + 124, 12);
    const prefix = text(at + 257, 5) === 'ustar' ? text(at + 345, 155) : '';
    const name = (prefix && `${prefix}/`) + text(at, 100);
    const start = at + 512;
    if (start + size > file.length) fail(at, `'${name}' of ${size} bytes reaches beyond the end`);
    if (file[at + 156] === 0 || file[at + 156] === 0x30) files.set(name, file.subarray(start, start + size));
    at = start + Math.ceil(size / 512) * 512;
  }
  if (at === 0) fail(0, 'no header of an archive');
  return files;
}
