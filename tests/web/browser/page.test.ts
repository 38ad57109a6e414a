// The same import on a page's main thread.
import { data, F, info, init, manualSeed, memory, nn, optim, type Tensor, tensor, tidy } from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init());

class Net extends nn.Module {
  hidden = new nn.Linear(2, 8);
  out = new nn.Linear(8, 1);
  override forward(x: Tensor): Tensor {
    return this.out.forward(this.hidden.forward(x).tanh()).sigmoid();
  }
}

describe('on the main thread', () => {
  test('runs the fastest variant, as this page is isolated', () => {
    expect(crossOriginIsolated).toBe(true);
    const cores = Math.min(navigator.hardwareConcurrency, 16);
    expect(info()).toMatchObject({
      variant: cores > 1 ? 'relaxed-threads' : 'relaxed',
      simd: 'relaxed',
      threads: cores,
      whyNotRelaxed: '',
      whyNotThreads: cores > 1 ? '' : 'there is one core',
      crossOriginIsolated: true,
    });
  });

  test('computes', () => {
    expect(
      tensor([
        [1, 2],
        [3, 4],
      ])
        .matmul(tensor([[5], [6]]))
        .toArray(),
    ).toEqual([[17], [39]]);
    const x = tensor(
      Float32Array.from({ length: 256 * 256 }, (_, i) => (i % 7) - 3),
      { shape: [256, 256] },
    );
    const product = x.matmul(x.t());
    const row = Array.from({ length: 256 }, (_, i) => (i % 7) - 3);
    expect(product.at(0, 0).item()).toBe(row.reduce((a, v) => a + v * v, 0));
    expect(product.sub(product.t()).abs().max().item()).toBe(0);
  });

  test('values are copied out of shared memory', () => {
    const values = tensor([1, 2, 3]).toTypedArray();
    expect(values.buffer).toBeInstanceOf(ArrayBuffer);
    expect([...values]).toEqual([1, 2, 3]);
  });

  test('learns XOR', async () => {
    manualSeed(7);
    const model = new Net();
    const [x, y] = data.xor();
    const optimizer = new optim.AdamW(model.parameters(), { lr: 0.05, weightDecay: 0 });
    for (let i = 0; i < 100; i++)
      tidy(() => {
        optimizer.zeroGrad();
        F.mseLoss(model.forward(x), y).backward();
        optimizer.step();
      });
    const { history } = await model.fit(x, y, { epochs: 200, batchSize: 4, optimizer, loss: F.mseLoss });
    expect(history.at(-1)!.loss).toBeLessThan(0.01);
    expect(model.forward(x).round().toArray()).toEqual(y.toArray());
  });

  test('errors have their types and texts', () => {
    const before = memory().tensors;
    expect(() => tidy(() => tensor([[1, 2]]).matmul(tensor([[1, 2]])))).toThrow(
      'matmul: inner sizes differ: [1, 2] @ [1, 2] (2 vs 1)',
    );
    expect(memory().tensors).toBe(before);
  });

  test('fit leaves the page its turns', async () => {
    const x = tensor(new Float32Array(512 * 64), { shape: [512, 64] });
    const model = new nn.Sequential(new nn.Linear(64, 64), new nn.ReLU(), new nn.Linear(64, 64));
    const optimizer = new optim.Adam(model.parameters());
    const controller = new AbortController();
    const running = model.fit(x, x, {
      epochs: 1_000_000,
      optimizer,
      loss: F.mseLoss,
      signal: controller.signal,
    });
    const gaps: number[] = [];
    let last = performance.now();
    for (let i = 0; i < 30; i++) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      gaps.push(performance.now() - last);
      last = performance.now();
    }
    controller.abort();
    await expect(running).rejects.toThrow();
    gaps.sort((a, b) => a - b);
    expect(gaps[Math.floor(gaps.length * 0.75)]).toBeLessThan(50);
  });
});
