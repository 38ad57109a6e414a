// profile(): what it counts, whose calls it says they are, the trace, and that it is off afterwards.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { F, FluxionError, init, manualSeed, nn, noGrad, ones, optim, randn, tidy, zeros } from 'fluxion';
import { type Profile, profile } from 'fluxion/training';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const row = ({ rows }: Profile<unknown>, op: string, kernel: string) => {
  const found = rows.filter((r) => r.op === op && r.kernel === kernel);
  expect(found.length, `${op}: ${kernel} among\n${rows.map((r) => `${r.op}: ${r.kernel}`).join('\n')}`).toBe(
    1,
  );
  return found[0]!;
};

describe('counts', () => {
  test('FLOP, bytes and calls of products', () => {
    const a = randn([3, 5], { requiresGrad: true });
    const b = randn([5, 7]);
    const p = profile(() => {
      a.matmul(b);
      return a.matmul(b).shape;
    });
    expect(p.result).toEqual([3, 7]);
    expect(row(p, 'matmul', 'gemm 3×5×7')).toMatchObject({
      calls: 2,
      flop: 2 * 2 * 3 * 5 * 7,
      bytes: 2 * 4 * (3 * 5 + 5 * 7 + 3 * 7),
    });
    expect(p.rows).toHaveLength(1);
  });

  test('FLOP of a convolution and its gradients', () => {
    const layer = new nn.Conv2d(3, 8, 3, { padding: 1 });
    const x = randn([2, 3, 10, 10], { requiresGrad: true });
    const p = profile(() => tidy(() => layer.forward(x).sum().backward()));
    const outputs = 2 * 8 * 100;
    const products = 2 * outputs * 3 * 9;
    expect(row(p, 'conv2d', 'conv2d 2×3×8×100').flop).toBe(products + outputs);
    expect(row(p, 'conv2dBackward', 'conv2dGradInput 2×3×8×100').flop).toBe(products);
    expect(row(p, 'conv2dBackward', 'conv2dGradWeight 2×3×8×100').flop).toBe(products);
    expect(row(p, 'sum', 'reduce sum')).toMatchObject({ calls: 1, flop: outputs, bytes: 4 * (outputs + 1) });
  });

  test('a whole training step, op by op', () => {
    manualSeed(0);
    const model = new nn.Sequential(new nn.Linear(4, 8), new nn.Tanh(), new nn.Linear(8, 3));
    const optimizer = new optim.Adam(model.parameters());
    const [x, y] = [randn([5, 4]), zeros([5], { dtype: 'int32' })];
    const p = profile(() =>
      tidy(() => {
        const loss = F.crossEntropy(model.forward(x), y);
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
        return loss.item();
      }),
    );
    expect(p.result).toBeGreaterThan(0);
    expect(row(p, 'linear', 'gemm 5×4×8')).toMatchObject({ calls: 1, flop: 5 * 8 * (2 * 4 + 1) });
    expect(row(p, 'tanh', 'unary tanh').calls).toBe(1);
    expect(row(p, 'tanhBackward', 'binary tanhGrad').flop).toBe(40);
    expect(row(p, '', 'adamStep')).toMatchObject({ calls: 1, bytes: 7 * 4 * (32 + 8 + 24 + 3) });
    expect(p.rows.map((r) => r.op)).toContain('linearBackward');
    for (const r of p.rows) {
      expect(r.totalTime).toBeGreaterThanOrEqual(r.selfTime);
      expect(r.share).toBeCloseTo(r.selfTime / p.time, 12);
    }
    expect(p.rows.reduce((s, r) => s + r.totalTime, 0)).toBeLessThanOrEqual(p.time);
    expect(p.rows.map((r) => r.selfTime)).toEqual(p.rows.map((r) => r.selfTime).sort((a, b) => b - a));
  });

  test('what is not recorded, under its kernel alone', () => {
    const x = ones([4], { requiresGrad: true });
    const p = profile(() => noGrad(() => x.exp()));
    expect(row(p, '', 'unary exp')).toMatchObject({ calls: 1, flop: 4, bytes: 32 });
  });
});

test('the names are the enums of the seam', () => {
  const file = path.resolve(import.meta.dirname, '../../cpp/fluxion/kernels/kernels.h');
  const header = readFileSync(file, 'utf8').replace(/\/\/.*|\/\*.*?\*\//g, '');
  const source = readFileSync(path.resolve(import.meta.dirname, '../../web/training/profile.ts'), 'utf8');
  const listed = [...source.matchAll(/words\(([^)]*)\)/g)].map(([, text]) =>
    [...text!.matchAll(/'([^']*)'/g)]
      .map(([, part]) => part)
      .join('')
      .split(' '),
  );
  for (const name of ['Prim', 'Unary', 'Binary', 'RandomKind', 'Reduce', 'ArgReduce', 'Scan']) {
    const [, body] = new RegExp(`enum class ${name} : std::int32_t \\{([^}]*)\\}`).exec(header)!;
    const members = body!
      .split(',')
      .map((s) => s.trim())
      .filter((s) => s && s !== 'Count');
    const wanted = members.map((s) => s[0]!.toLowerCase() + s.slice(1));
    expect(listed.map(String), name).toContain(String(wanted));
  }
});

test('the table has a line a row, and the sums', () => {
  const a = ones([64, 64], { requiresGrad: true });
  const p = profile(() => void a.matmul(a).tanh().sum().item());
  const lines = p.table().split('\n');
  expect(lines[0]).toMatch(/^Op +Kernel +Calls +Self ms +Total ms +Share +FLOP +Bytes +GFLOP\/s$/);
  expect(lines).toHaveLength(p.rows.length + 4);
  expect(lines.find((l) => l.startsWith('matmul'))).toMatch(/ gemm 64×64×64 +1 .*524\.3 kFLOP +49\.2 kB/);
  expect(lines.at(-1)).toMatch(/^all +in [\d.]+ ms +3 /);
  expect(p.table(1).split('\n')).toHaveLength(5);
});

test('the trace is what Chrome opens: complete events, kernels inside their op', () => {
  const w = ones([8, 8], { requiresGrad: true });
  const p = profile(() => tidy(() => w.matmul(w).tanh().sum().backward()));
  const trace = JSON.parse(JSON.stringify(p.trace())) as ReturnType<typeof p.trace>;
  expect(trace.displayTimeUnit).toBe('ms');
  const [whole, ...events] = trace.traceEvents;
  expect(whole).toMatchObject({ name: 'profile', ph: 'X', ts: 0, dur: p.time * 1000, pid: 1, tid: 1 });
  expect(events.filter((e) => e.cat === 'kernel')).toHaveLength(p.rows.reduce((n, r) => n + r.calls, 0));
  const ops = events.filter((e) => e.cat !== 'kernel');
  expect(ops.map((e) => e.name)).toEqual(
    expect.arrayContaining(['matmul', 'tanh', 'tanhBackward', 'matmulBackward']),
  );
  for (const kernel of events.filter((e) => e.cat === 'kernel' && e.args.op)) {
    const around = ops.filter(
      (o) => o.name === kernel.args.op && o.ts <= kernel.ts && kernel.ts + kernel.dur <= o.ts + o.dur + 1e-6,
    );
    expect(around.length, kernel.name).toBeGreaterThan(0);
  }
  for (const e of trace.traceEvents) {
    expect(e.dur).toBeGreaterThanOrEqual(0);
    expect(e.ts + e.dur).toBeLessThanOrEqual(whole!.dur + 1e-6);
  }
  expect(events.find((e) => e.name === 'gemm 8×8×8')!.args).toMatchObject({ flop: 1024, bytes: 768 });
});

test('an async function is profiled to its end', async () => {
  const x = ones([16], { requiresGrad: true });
  const p = await profile(async () => {
    x.exp();
    await new Promise((resolve) => setTimeout(resolve, 20));
    x.log();
    return 7;
  });
  expect(p.result).toBe(7);
  expect(p.time).toBeGreaterThan(15);
  expect(p.rows.map((r) => r.kernel).sort()).toEqual(['unary exp', 'unary log']);
});

test('fit is profiled too', async () => {
  manualSeed(0);
  const model = new nn.Sequential(new nn.Linear(2, 4), new nn.Tanh(), new nn.Linear(4, 1));
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  const p = await profile(() =>
    model.fit(randn([8, 2]), zeros([8, 1]), { epochs: 3, batchSize: 4, optimizer, loss: F.mseLoss }),
  );
  expect(p.rows.filter((r) => r.kernel === 'sgdStep').reduce((n, r) => n + r.calls, 0)).toBe(3 * 2);
});

describe('errors', () => {
  const nested = 'profile: a profile is running already; profiles cannot be nested';
  const works = () => expect(profile(() => ones([2]).add(1).numel()).result).toBe(2);

  test('a profile in a profile', () => {
    expect(() => profile(() => profile(() => 1))).toThrow(new FluxionError(nested));
    works();
    const p = profile(() => {
      expect(() => profile(() => 1)).toThrow(FluxionError);
      ones([3]).exp();
    });
    expect(p.rows.map((r) => r.kernel)).toContain('unary exp');
  });

  test('a failing function leaves profiling off', async () => {
    expect(() =>
      profile(() => {
        throw new RangeError('mine');
      }),
    ).toThrow(new RangeError('mine'));
    works();
    await expect(profile(() => Promise.reject(new RangeError('later')))).rejects.toThrow(
      new RangeError('later'),
    );
    works();
  });

  test('what is no function', () => {
    expect(() => profile(3 as never)).toThrow(new FluxionError('profile: fn must be a function, got 3'));
    works();
  });
});
