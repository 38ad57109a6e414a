import { expect, test } from 'vitest';
import { limitOf } from '../../elements/profile-limit.ts';
import {
  asData,
  asMarkdown,
  bestProduct,
  chosenFrom,
  chosenText,
  groups,
  headline,
  left,
  measured,
  rows,
  rowsOf,
  scaleOf,
  scales,
  type Setting,
  shortName,
  shown,
  spread,
  there,
} from './results.ts';

const row = (id: string) => rows.find((r) => r.id === id)!;
const setting: Setting = {
  date: '2026-11-22',
  userAgent: 'A browser',
  hardwareConcurrency: 8,
  crossOriginIsolated: true,
  variant: 'relaxed-threads',
  simd: 'relaxed',
  threads: 8,
  whyNotRelaxed: '',
  whyNotThreads: '',
};

test('every row has an id, a group and a name of its own', () => {
  expect(new Set(rows.map((r) => r.id)).size).toBe(30);
  expect(groups.flatMap(({ id }) => rowsOf(id))).toHaveLength(30);
  for (const { id } of groups) {
    const names = rowsOf(id).map(shortName);
    expect(new Set(names).size).toBe(names.length);
  }
  expect(['matmul-512-at', 'gpt-compile', 'layerNorm', 'import'].map((id) => shortName(row(id)))).toEqual([
    '512³ Aᵀ·B',
    'GPT, compile',
    'layer norm',
    'import to first step',
  ]);
});

test('the address names all, none, groups or rows, and what it names is written back', () => {
  for (const text of ['all', 'none', 'arrays', 'products,xor-eager', 'matmul-64,start'])
    expect(chosenText(chosenFrom(text))).toBe(text === 'none' ? 'none' : text);
  expect(chosenFrom(null).size).toBe(30);
  expect(chosenText(chosenFrom('add,gelu,softmax,layerNorm'))).toBe('arrays');
  expect([...chosenFrom('add,nothing-of-the-kind')]).toEqual(['add']);
});

test('medians and spread come in the unit of the row', () => {
  const times = new Map([
    ['add', [0.5, 0.25, 1]],
    ['xor-eager', [0.02, 0.01, 0.04]],
    ['matmul-64', []],
  ]);
  expect(measured(row('add'), times)).toEqual({ median: 0.5, min: 0.25, max: 1 });
  expect(measured(row('xor-eager'), times)).toEqual({ median: 50_000, min: 25_000, max: 100_000 });
  expect(measured(row('matmul-64'), times)).toBeUndefined();
  expect([shown(undefined), shown(0.5), shown(12.34), shown(999.6), shown(50_000)]).toEqual([
    '–',
    '0.50',
    '12.3',
    '1000',
    '50,000',
  ]);
  expect(spread({ min: 25_000, max: 100_000 })).toBe('25,000 – 100,000');
});

test('the committed figures are there for every row, on one thread and on two, with the best peer', () => {
  for (const r of rows)
    for (const several of [false, true]) {
      const that = there(r, several)!;
      expect(that.min <= that.median && that.median <= that.max, r.name).toBe(true);
      expect(that.peer!.median, r.name).toBeGreaterThan(0);
    }
  expect(there(row('xor-fit'), false)!.peer!.title).toBe('brain.js');
  expect(there(row('add'), false)!.torch).toBeGreaterThan(0);
});

test('rows of one kind share a scale that holds the largest of their figures', () => {
  expect(scaleOf(row('xor-fit'))).toBe(scaleOf(row('xor-eager')));
  expect(scaleOf(row('add'))).not.toBe(scaleOf(row('gelu')));
  const before = scales(new Map(), false).get('matmul')!;
  expect(before).toBeGreaterThan(there(row('matmul-512'), false)!.max - 1e-9);
  const fast = new Map([['matmul-64', [1e-4]]]);
  expect(scales(fast, false).get('matmul')).toBeCloseTo(5242.88, 5);
});

test('the best product is the fastest by its median, 0 before any', () => {
  expect(bestProduct(new Map())).toBe(0);
  const ms = (n: number, gflops: number) => (2 * n ** 3) / gflops / 1e6;
  const times = new Map([
    ['matmul-64', [ms(64, 20)]],
    ['matmul-512-bt', [ms(512, 50), ms(512, 40), ms(512, 30)]],
  ]);
  expect(bestProduct(times)).toBeCloseTo(40, 8);
});

test('a line says what was reached in a group, and of what was not measured nothing', () => {
  const of = (all: Record<string, number>) => (id: string) => all[id];
  expect(headline('products', of({ 'matmul-64': 20, 'matmul-128-bt': 31.26 }))).toBe('31.3 GFLOP/s at best');
  expect(headline('networks', of({ 'xor-eager': 40_000 }))).toBe('XOR 40,000 steps/s');
  expect(headline('networks', of({ 'mlp-compile': 900, 'cnn-eager': 50, 'gpt-eager': 5000 }))).toBe(
    'MLP 900 · CNN 50.0 steps/s · GPT 5,000 tokens/s',
  );
  expect(headline('arrays', of({ add: 0.5 }))).toBe('adding moves 25.2 GB/s');
  expect(headline('start', of({}))).toBe('');
});

test('the time that is left, in words', () => {
  expect([2, 23, 88, 200].map(left)).toEqual([
    'a few seconds left',
    'about 25 s left',
    'about 90 s left',
    'about 3 minutes left',
  ]);
});

test('results go away as Markdown and as data', () => {
  const times = new Map([['add', [0.5, 0.25, 1]]]);
  const text = asMarkdown(setting, times);
  expect(text).toMatch(/^Fluxion relaxed-threads, 8 threads, 8 cores, 2026-11-22\nA browser\n/);
  const committed = shown(there(row('add'), true)!.median);
  expect(text).toContain(`| add [1024, 1024] | ms | 0.50 | 0.25 – 1.00 | 3 | ${committed} |\n`);
  expect(text.match(/^\| /gm)).toHaveLength(3);
  expect(asData(setting, times)).toMatchObject({
    variant: 'relaxed-threads',
    hardwareConcurrency: 8,
    rows: [{ id: 'add', unit: 'ms', median: 0.5, min: 0.25, max: 1, msPerCall: [0.5, 0.25, 1] }],
  });
});

test('what holds a call back: arithmetic, memory, or neither where both would be far quicker', () => {
  const paces = { arithmetic: 40, memory: 20 };
  const calls = (selfTime: number, flop: number, bytes: number) => ({
    op: '',
    kernel: '',
    calls: 1,
    selfTime,
    flop,
    bytes,
  });
  expect(limitOf(calls(1.2, 40e6, 1e6), paces)).toBe('arithmetic');
  expect(limitOf(calls(1.2, 1e6, 20e6), paces)).toBe('memory');
  expect(limitOf(calls(3.5, 1e6, 20e6), paces)).toBe('neither');
});
