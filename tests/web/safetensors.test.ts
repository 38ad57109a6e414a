// Safetensors from a script that follows the format's text, and ours through its strict reader.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { init, io, type Tensor, tensor, zeros } from 'fluxion';
import { beforeAll, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const fixtures = path.resolve(import.meta.dirname, '../fixtures');
const file = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(path.join(fixtures, 'files', name)));

test('a file made from the text of the format loads, of every type', () => {
  const { tensors, metadata } = io.readSafetensors(file('format.safetensors'));
  expect(metadata).toEqual({ format: 'pt', über: 'ein "Wort"\n' });
  const found = Object.entries(tensors).map(([name, t]) => [name, t.dtype, t.shape, [...t.toTypedArray()]]);
  expect(found).toEqual([
    ['f64', 'float64', [2, 2], [0.1, -0, Number.POSITIVE_INFINITY, Number.NaN]],
    ['f32', 'float32', [3], [1.5, -(2 ** -149), 3.4028234663852886e38]],
    ['f16', 'float32', [4], [1, -(2 ** -24), 65504, Number.POSITIVE_INFINITY]],
    ['bf16', 'float32', [2, 1], [1, -2.5]],
    ['i64', 'int32', [3], [2 ** 31 - 1, -(2 ** 31), 0]],
    ['i32', 'int32', [1], [-7]],
    ['u8', 'uint8', [2], [0, 255]],
    ['bool', 'bool', [3], [1, 0, 1]],
    ['scalar', 'float32', [], [2.5]],
    ['empty', 'float32', [0, 3], []],
    ['named ü "so"\n', 'float32', [1], [4]],
  ]);
  expect(io.loadSafetensors(file('nothing.safetensors'))).toEqual({});
});

// What files/ours.safetensors holds: the script has read it as strictly as the text allows.
const ours = (): Uint8Array<ArrayBuffer> => {
  const state: Record<string, Tensor> = {
    doubles: tensor([[0.1, Number.NaN]], { dtype: 'float64' }),
    floats: tensor([1.5, Number.NEGATIVE_INFINITY]),
    turned: tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]).t(),
    whole: tensor([1, -(2 ** 31)], { dtype: 'int32' }),
    bytes: tensor([0, 255, 7], { dtype: 'uint8' }),
    truth: tensor([true, false, true]),
    scalar: tensor(2.5),
    empty: zeros([0, 3]),
    'ü "so"\n': tensor([4]),
  };
  return io.saveSafetensors(state, { metadata: { über: '"Wort"\n' } });
};

test('ours are, byte for byte, the file that a strict reader passed', () => {
  expect(Buffer.from(ours()).toString('hex')).toBe(Buffer.from(file('ours.safetensors')).toString('hex'));
});

test('the strict reader finds in ours what was written', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fluxion-'));
  try {
    const target = path.join(folder, 'written.safetensors');
    writeFileSync(target, ours());
    const run = spawnSync('python3', [path.join(fixtures, 'safetensors.py'), target]);
    if (run.error) return; // no Python here: the comparison above stands for it
    expect(run.stderr.toString()).toBe('');
    const [, tensors, metadata] = JSON.parse(run.stdout.toString());
    expect(metadata).toEqual({ über: '"Wort"\n' });
    expect(tensors.turned).toEqual(['F32', [3, 2], '0000803f00008040000000400000a040000040400000c040']);
    expect(tensors.truth).toEqual(['BOOL', [3], '010001']);
    expect(tensors.empty).toEqual(['F32', [0, 3], '']);
    expect(Object.keys(tensors)).toHaveLength(9);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
