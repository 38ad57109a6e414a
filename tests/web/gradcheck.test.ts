// Every differentiable op row's gradients against finite differences in float64, through the public API.
import { gradcheck, init, memory, type Tensor, tensor, tidy } from 'fluxion';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, rebuild } from './lib/agree.ts';
import { isFloat, type Reference, type Row, readReferences, rows } from './lib/rows.ts';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const references = readReferences();
let checked = 0;
afterAll(() => console.log(`gradcheck: ${checked} samples in float64`));

/** Σ result[i]·w(i) over the results that have gradients: other weights for each, so that no error can cancel. */
function weighed(results: readonly Tensor[]): Tensor {
  const sums = results.flatMap((t, r) => {
    if (!isFloat(t.dtype)) return [];
    const w = Array.from({ length: t.numel() }, (_, i) => 1 + ((i * 7 + r * 3) % 11) / 8);
    return [t.mul(tensor(w, { shape: t.shape, dtype: 'float64' })).sum()];
  });
  return sums.reduce((a, b) => a.add(b));
}

function check(row: Row, reference: Reference): void {
  const { args, leaves } = rebuild(reference, 'float64');
  const inputs = leaves.filter((_, i) => reference.gradients![i]);
  if (inputs.length === 0 || inputs.every((t) => t.numel() === 0)) return;
  const fn = (...given: Tensor[]): Tensor => {
    const stand = (v: unknown): unknown => {
      const i = inputs.indexOf(v as Tensor);
      return i >= 0 ? given[i] : Array.isArray(v) ? v.map(stand) : v;
    };
    return weighed(call(row, args.map(stand), 'float64'));
  };
  expect(gradcheck(fn, inputs), `${row.name} on '${reference.sample}'`).toBe(true);
  checked++;
}

describe('gradcheck', () => {
  for (const row of rows.ops) {
    const own = references.filter((r) => r.row === row.name && r.gradients && !r.sample.includes('!nocheck'));
    if (!row.differentiable || own.length === 0) continue;
    test(row.name, () => {
      const before = memory().tensors;
      for (const reference of own) tidy(() => check(row, reference));
      expect(memory().tensors).toBe(before);
    });
  }
});
