// State dicts of torch.save: PyTorch's own files, and files that mean harm.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { init, io, memory, nn, ParseError, tensor, tidy } from 'fluxion';
import { beforeAll, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(readFileSync(path.resolve(import.meta.dirname, '../fixtures/files', name)));

test("a model's state dict fits the same model here", () => {
  const state = io.loadTorch(fixture('model.pt'));
  const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3));
  expect(Object.keys(state)).toEqual(Object.keys(model.stateDict()));
  model.loadStateDict(state);
  expect(model.stateDict()['0.weight']!.toArray()).toEqual(state['0.weight']!.toArray());
});

test('a checkpoint: views, types, dicts within dicts', () => {
  const state = io.loadTorch(fixture('checkpoint.pt'));
  expect(state['model.part']!.toArray()).toEqual([
    [5, 6],
    [9, 10],
  ]);
  expect(state['model.turned']!.shape).toEqual([4, 3]);
  expect([state['model.half']!.dtype, state['model.half']!.toArray()]).toEqual([
    'float32',
    [1, -2, 2 ** -24],
  ]);
  expect(state['model.long']!.dtype).toBe('int32');
  expect(state['optimizer.state.0.step']!.item()).toBe(4);
  expect(Object.keys(state)).toHaveLength(14);
});

test('nothing is run', () => {
  expect(() => io.loadTorch(fixture('hostile.pt'))).toThrow(ParseError);
  expect(() => io.loadTorch(fixture('hostile.pt'))).toThrow(
    /^torch file: data\.pkl, byte \d+: the global 'posix system' is not needed for tensors; nothing of it is run$/,
  );
});

test('damage and nonsense are refused, and nothing stays behind', () => {
  const good = fixture('checkpoint.pt');
  const before = memory().tensors;
  for (let at = 0; at < good.length; at += 3) {
    const damaged = good.slice();
    damaged[at]! ^= 0x15;
    try {
      tidy(() => {
        io.loadTorch(damaged);
      });
    } catch (error) {
      expect(error).toBeInstanceOf(ParseError);
    }
  }
  expect(memory().tensors).toBe(before);
  expect(() => io.loadTorch(good, { limit: 100 })).toThrow('unpacks to more than the limit of 100 bytes');
  expect(() => io.loadTorch(good, { limit: 0.5 })).toThrow('loadTorch: limit must be an integer, got 0.5');
  expect(() => io.loadTorch(io.saveNpz({ x: tensor([1]) }))).toThrow(
    'torch file: the archive has no data.pkl',
  );
  expect(() => io.loadTorch(null as never)).toThrow(
    'loadTorch: bytes must be a Uint8Array or an ArrayBuffer, got null',
  );
});
