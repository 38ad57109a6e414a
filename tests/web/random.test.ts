// The random stream is PyTorch's: its values are those that tests/cpp/golden.py wrote for the C++ tests.
import { readFileSync } from 'node:fs';
import {
  bernoulli,
  init,
  initialSeed,
  manualSeed,
  nn,
  rand,
  randint,
  randn,
  randperm,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

interface Draw {
  kind: string;
  dtype: 'float32' | 'float64' | 'int32';
  n: number;
  a: number;
  b: number;
  /** One list for each seed. */
  expected: number[][];
}

const header = readFileSync(new URL('../cpp/golden.h', import.meta.url), 'utf8').replace(/\s+/g, ' ');
const seeds = [.../kSeeds\[\] = \{(.*?)\}/.exec(header)![1]!.matchAll(/\d+/g)].map(([n]) => Number(n));
const draws = (/kDraws\[\] = \{(.*?) \};/.exec(header)![1]!.match(/\{RandomKind.*?\}\}\}/g) ?? []).map(
  (text): Draw => {
    const [, kind, dtype, n, a, b, values] =
      /RandomKind::(\w+), DType::(\w+), (\d+), (\S+), (\S+), \{(.*)\}\}/.exec(text)!;
    return {
      kind: kind!,
      dtype: dtype!.toLowerCase() as Draw['dtype'],
      n: Number(n),
      a: Number(a),
      b: Number(b),
      expected: values!.split('}, {').map((list) =>
        list
          .replace(/[{}\s]/g, '')
          .split(',')
          .map(Number),
      ),
    };
  },
);

function drawn({ kind, dtype, n, a, b }: Draw): Tensor {
  switch (kind) {
    case 'Uniform':
      return a === 0 && b === 1 ? rand([n], { dtype }) : nn.init.uniform_(zeros([n], { dtype }), a, b);
    case 'Normal':
      return a === 0 && b === 1 ? randn([n], { dtype }) : nn.init.normal_(zeros([n], { dtype }), a, b);
    case 'Bernoulli':
      return bernoulli([n], a, { dtype });
    case 'RandInt':
      return randint(a, b, [n]);
    default:
      return randperm(n);
  }
}

test('the golden values were read', () => {
  expect(seeds).toEqual([0, 7, 2 ** 33 + 5]);
  expect(draws.length).toBe(16);
  for (const d of draws) expect(d.expected.map((list) => list.length)).toEqual([d.n, d.n, d.n]);
});

for (const [s, seed] of seeds.entries())
  test(`one stream after manualSeed(${seed})`, () => {
    manualSeed(seed);
    expect(initialSeed()).toBe(seed);
    for (const d of draws) {
      const values = [...tidy(() => drawn(d)).toTypedArray()];
      // Normals in double go through the standard library's log and cos.
      const tolerance = d.kind === 'Normal' && d.dtype === 'float64' ? 1e-14 : 0;
      const far = values.findIndex(
        (v, i) => !(Math.abs(v - d.expected[s]![i]!) <= tolerance * Math.max(1, Math.abs(v))),
      );
      expect(far, `${d.kind} of ${d.n}: ${values[far]} for ${d.expected[s]![far]}`).toBe(-1);
      expect(values.length).toBe(d.n);
    }
  });

describe('seeds', () => {
  const numbers = (seed: number): number[] => {
    manualSeed(seed);
    return [...tidy(() => rand(20)).toTypedArray()];
  };
  test('the same seed gives the same numbers, another seed others', () => {
    expect(numbers(3)).toEqual(numbers(3));
    expect(numbers(3)).not.toEqual(numbers(4));
  });

  test('what is no seed', () => {
    expect(() => manualSeed(-1)).toThrow('manualSeed: seed must be 0 or more, got -1');
    expect(() => manualSeed(0.5)).toThrow('manualSeed: seed must be an integer, got 0.5');
    expect(() => manualSeed(Number.NaN)).toThrow('manualSeed: seed must be an integer, got NaN');
  });
});

test('draws have the asked-for shapes, types and ranges', () => {
  tidy(() => {
    expect(rand(2, 3).shape).toEqual([2, 3]);
    expect(randn([4, 0]).shape).toEqual([4, 0]);
    expect(randn([2], { dtype: 'float64' }).dtype).toBe('float64');
    expect(randint(0, 5, [2, 2]).dtype).toBe('int32');
    expect(randperm(0).shape).toEqual([0]);
    const uniform = rand(10_000);
    expect(uniform.min().item()).toBeGreaterThanOrEqual(0);
    expect(uniform.max().item()).toBeLessThan(1);
    expect(uniform.mean().item()).toBeCloseTo(0.5, 1);
    const normal = randn(10_000);
    expect(normal.mean().item()).toBeCloseTo(0, 1);
    expect(normal.variance().item()).toBeCloseTo(1, 1);
    expect([...randperm(100).toTypedArray()].sort((a, b) => a - b)).toEqual([...Array(100).keys()]);
    expect(rand([2], { requiresGrad: true }).requiresGrad).toBe(true);
  });
});

test('dropout draws from the stream, scales what is left, and is nothing in evaluation', () => {
  tidy(() => {
    const x = tensor(new Float32Array(1000).fill(1));
    manualSeed(1);
    const a = x.dropout(0.25);
    manualSeed(1);
    expect(x.dropout(0.25).toTypedArray()).toEqual(a.toTypedArray());
    const values = new Set(a.toTypedArray());
    expect(values).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    const zeroed = a.eq(0).sum().item();
    expect(zeroed).toBeGreaterThan(180);
    expect(zeroed).toBeLessThan(320);
    expect(x.dropout(0.25, false).toTypedArray()).toEqual(x.toTypedArray());
    expect(x.dropout(1).sum().item()).toBe(0);
  });
});

// torch.manual_seed(7); nn.Linear(3, 2), nn.Conv2d(1, 2, 2), nn.Embedding(2, 2) one after the other, in PyTorch 1.13.
test('layers start with the weights that PyTorch gives the same seed', () => {
  manualSeed(7);
  const layers = [new nn.Linear(3, 2), new nn.Conv2d(1, 2, 2), new nn.Embedding(2, 2)];
  const values = layers.flatMap((layer) => layer.parameters().flatMap((p) => [...p.toTypedArray()]));
  const exact = [
    0.04032507538795471, -0.3477921187877655, 0.18384182453155518, 0.1811612844467163, -0.3085803687572479,
    -0.0865316316485405, -0.33822792768478394, 0.1498066484928131, -0.13468384742736816, 0.35126835107803345,
    0.3549431562423706, 0.050935208797454834, -0.21316099166870117, -0.2936806082725525, -0.05490982532501221,
    -0.14071404933929443, 0.22038042545318604, -0.42694807052612305,
  ];
  const normal = [0.021201377734541893, -0.36019381880760193, 0.5662367343902588, 0.2141900658607483];
  expect(values.slice(0, exact.length)).toEqual(exact.map(Math.fround));
  values.slice(exact.length).forEach((v, i) => {
    expect(v).toBeCloseTo(normal[i]!, 6);
  });
  expect(values.length).toBe(exact.length + normal.length);
  for (const layer of layers) layer.dispose();
});
