// Lists cross to wasm through one block of memory. This file is its first user in a fresh process, so that the block is
// still small and every place in it is known.
import { grad, init, type Tensor, tensor, tidy } from 'fluxion';
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
