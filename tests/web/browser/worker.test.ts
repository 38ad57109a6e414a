// The same import inside a Worker, with each variant; and what a page says that is not isolated.
import type { Info, InitOptions } from 'fluxion';
import { describe, expect, test } from 'vitest';

interface Report {
  info: Info;
  loss: number;
  weights: number[];
  error?: string;
}

async function inWorker(options: InitOptions): Promise<Report> {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  try {
    const report = await new Promise<Report>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data as Report);
      worker.onerror = (event) => reject(new Error(event.message || 'the worker could not start'));
      worker.postMessage(options);
    });
    expect(report.error).toBeUndefined();
    return report;
  } finally {
    worker.terminate();
  }
}

describe('in a Worker', () => {
  const asked: [InitOptions, Partial<Info>][] = [
    [
      { simd: 'simd', threads: 1 },
      { variant: 'simd', threads: 1, whyNotThreads: 'one thread was asked for' },
    ],
    [
      { simd: 'relaxed', threads: false },
      { variant: 'relaxed', threads: 1 },
    ],
    [
      { simd: 'simd', threads: 2 },
      { variant: 'simd-threads', threads: 2, whyNotThreads: '' },
    ],
    [
      { simd: 'relaxed', threads: 2 },
      { variant: 'relaxed-threads', threads: 2 },
    ],
  ];
  for (const [options, expected] of asked)
    test(`${expected.variant} learns XOR`, async () => {
      const report = await inWorker(options);
      expect(report.info).toMatchObject(expected);
      expect(report.loss).toBeLessThan(0.01);
    });

  test('by itself takes the fastest', async () => {
    const { info } = await inWorker({});
    expect(info.crossOriginIsolated).toBe(true);
    expect(info.simd).toBe('relaxed');
    expect(info.whyNotRelaxed).toBe('');
  });

  test('deterministic training has the same bits at every number of threads', async () => {
    const one = await inWorker({ deterministic: true, threads: 1 });
    const two = await inWorker({ deterministic: true, threads: 2 });
    const three = await inWorker({ deterministic: true, threads: 3 });
    expect(one.info).toMatchObject({
      simd: 'simd',
      deterministic: true,
      whyNotRelaxed: 'deterministic was asked for',
    });
    expect(two.weights).toEqual(one.weights);
    expect(three.weights).toEqual(one.weights);
  });
});
