// NumPy's files: what NumPy writes, the round trip, damaged and hostile ones.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { FluxionError, init, io, memory, ParseError, type Tensor, tensor, tidy, zeros } from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(path.resolve(import.meta.dirname, '../fixtures/files', name)));

describe('what NumPy writes', () => {
  test.each(['stored.npz', 'deflated.npz'])('%s', (name) => {
    const { f8, f4, f2, i8, b1, column, scalar, empty } = io.loadNpz(fixture(name));
    expect([f8!.dtype, f8!.toArray()]).toEqual(['float64', [0.1, -0, Number.NaN, Number.POSITIVE_INFINITY]]);
    expect([f4!.shape, f4!.at(1, 2, 3).item()]).toEqual([[2, 3, 4], 23 / 8]);
    expect([f2!.dtype, f2!.toArray()]).toEqual(['float32', [1, -2, Number.POSITIVE_INFINITY, 2 ** -24]]);
    expect([i8!.dtype, i8!.toArray()]).toEqual([
      'int32',
      [
        [1, -2],
        [2 ** 31 - 1, -(2 ** 31)],
      ],
    ]);
    expect(b1!.dtype).toBe('bool');
    expect(column!.toArray()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect([scalar!.shape, scalar!.item(), empty!.shape]).toEqual([[], 2.5, [0, 3]]);
  });

  test('one array', () => {
    expect(io.loadNpy(fixture('column.npy')).shape).toEqual([2, 3]);
    expect(io.loadNpy(fixture('column.npy').buffer).shape).toEqual([2, 3]);
  });
});

test('round trip', () => {
  const state: Record<string, Tensor> = {
    scalar: tensor(3.5),
    'a b/ü': tensor([[1, 2, 3]]).t(),
    empty: zeros([0, 3]),
    doubles: tensor([0.1, Number.NaN], { dtype: 'float64' }),
    whole: tensor([1, -(2 ** 31)], { dtype: 'int32' }),
    bytes: tensor([0, 255], { dtype: 'uint8' }),
    truth: tensor([true, false]),
  };
  const back = io.loadNpz(io.saveNpz(state));
  expect(Object.keys(back)).toEqual(Object.keys(state));
  for (const [name, t] of Object.entries(state))
    for (const read of [back[name]!, io.loadNpy(io.saveNpy(t))]) {
      expect([read.shape, read.dtype]).toEqual([t.shape, t.dtype]);
      expect(read.toTypedArray()).toEqual(t.toTypedArray());
    }
});

test('damage and harm are ParseErrors, and nothing stays behind', () => {
  const good = fixture('deflated.npz');
  const before = memory().tensors;
  for (let size = 0; size < good.length; size += 211)
    expect(() => io.loadNpz(good.subarray(0, size))).toThrow(ParseError);
  let refused = 0;
  for (let at = 0; at < good.length; at += 7) {
    const damaged = good.slice();
    damaged[at]! ^= 0x41;
    try {
      tidy(() => {
        io.loadNpz(damaged);
      });
    } catch (error) {
      expect(error).toBeInstanceOf(ParseError);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(500);
  expect(memory().tensors).toBe(before);
  expect(() => io.loadNpz(good, { limit: 1000 })).toThrow(
    'the archive unpacks to more than the limit of 1000 bytes',
  );
  expect(() => io.loadNpy(new Uint8Array())).toThrow(
    'npy: an .npy file starts with \\x93NUMPY, this one does not',
  );
});

test('nonsense is refused', () => {
  expect(() => io.loadNpz('x' as never)).toThrow(
    "loadNpz: bytes must be a Uint8Array or an ArrayBuffer, got 'x'",
  );
  expect(() => io.loadNpz(new Uint8Array(), { limit: -1 })).toThrow(
    'loadNpz: limit must be 0 or more, got -1',
  );
  expect(() => io.saveNpy(5 as never)).toThrow(FluxionError);
  expect(() => io.saveNpz(null as never)).toThrow('saveNpz: state must be an object of tensors, got null');
});
