// Lists cross to wasm through one block of memory. This file is its first user in a fresh process, so that the block is
// still small and every place in it is known.
import { grad, init, memory, type Tensor, tensor, tidy, zeros } from 'fluxion';
import { expect, test } from 'vitest';

test('a first list survives a second one that needs a larger block', async () => {
  await init({ simd: 'simd', threads: 1 });
  const x = tensor(2, { requiresGrad: true });
  // The block is of 64 KB, and a scalar's shape takes 8 bytes of it: after these the next list stands at its beginning.
  tidy(() => {
    for (let i = 1; i < 8192; i++) tensor(i);
  });
  const inputs: Tensor[] = new Array(10_000).fill(x);
  const gradients = grad([x.square()], inputs);
  expect(gradients.length).toBe(inputs.length);
  expect([gradients[0]!.item(), gradients.at(-1)!.item()]).toEqual([4, 4]);
});

test('addresses over 2 GB are read as such', () => {
  tidy(() => {
    for (let i = 0; i < 9; i++) zeros([1 << 26]);
    expect(memory().wasmBytes).toBeGreaterThan(2 ** 31);
    const values = Array.from({ length: 50_000 }, (_, i) => i);
    const x = tensor(values, { requiresGrad: true });
    expect(x.toArray()).toEqual(values);
    expect(grad([x.square().sum()], [x])[0]!.toArray()).toEqual(values.map((v) => 2 * v));
    expect(String(tensor([1, 2]))).toBe('tensor([1., 2.])');
  });
});
