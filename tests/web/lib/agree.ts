// Every op row against PyTorch, through the public API: what one rows.<variant>.test.ts runs.
import * as fluxion from 'fluxion';
import { type InitOptions, type Tensor, tensor, tidy } from 'fluxion';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Arg,
  camel,
  type Expected,
  type FixtureArgument,
  type FixtureTensor,
  isFloat,
  isTensor,
  type Reference,
  type Row,
  readReferences,
  rows,
} from './rows.ts';

type Float = 'float32' | 'float64';
type Function = (...args: unknown[]) => unknown;

/** The layout marks of a sample's tensors, in order: T, S, E, or '' for contiguous. */
function layoutsOf(sample: string): string[] {
  return sample
    .split(' ')
    .filter((word) => word && !word.startsWith('!') && !/^\w+=/.test(word))
    .flatMap((word) => {
      const tensors = word.matchAll(/\[[\d,]*\](?::((?:[a-z]\([^)]*\)|=\{[^}]*\}|[A-Za-z])*))?/g);
      return [...tensors].map(
        ([, marks = '']) => /[TSE]/.exec(marks.replace(/\([^)]*\)|=\{[^}]*\}/g, ''))?.[0] ?? '',
      );
    });
}

/** The same values behind the strides that the mark asks for. */
function laidOut(x: Tensor, layout: string): Tensor {
  if (layout === '' || x.ndim === 0) return x;
  if (layout === 'E') return x.shape[0] === 0 ? x : fluxion.slice(x, 0, 0, 1).clone().expand(x.shape);
  if (layout === 'T') {
    const turned = x.shape.map((_, i) => x.ndim - 1 - i);
    return x.permute(turned).clone().permute(turned);
  }
  let window = fluxion.full(
    x.shape.map((size) => 2 * size + 1),
    7,
    { dtype: x.dtype },
  );
  x.shape.forEach((_, dim) => {
    window = fluxion.slice(window, dim, 1, null, 2);
  });
  return window.copy_(x);
}

export interface Call {
  args: unknown[];
  leaves: Tensor[];
}

export function rebuild({ sample, args, gradients }: Reference, float: Float): Call {
  const layouts = layoutsOf(sample);
  const leaves: Tensor[] = [];
  const make = ({ dtype, shape, values }: FixtureTensor): Tensor => {
    const plain = tensor(values, { shape, dtype: isFloat(dtype) ? float : dtype });
    const t = laidOut(plain, layouts.shift() ?? '').detach();
    if (isFloat(dtype)) {
      if (gradients) t.requiresGrad = true;
      leaves.push(t);
    }
    return t;
  };
  const one = (v: FixtureArgument): unknown =>
    isTensor(v) ? make(v) : Array.isArray(v) ? v.map((x) => (isTensor(x) ? make(x) : x)) : v;
  return { args: args.map(one), leaves };
}

/** Arguments as callers write them: `padding: 'same'` where the row has a padding and a mode of it. */
function written(row: Row, values: unknown[]): Map<Arg, unknown> {
  const out = new Map<Arg, unknown>();
  row.args.forEach((arg, i) => {
    const of = row.args.find((a) => `${a.name}Mode` === camel(arg.name) || `${a.name}_mode` === arg.name);
    if (arg.kind !== 'Choice' || !of) out.set(arg, values[i]);
    else if (values[i] !== arg.choices[0]) out.set(of, values[i]);
  });
  return out;
}

/** float64 calls the function with everything in its place, float32 the method with everything else in the options. */
export function call(row: Row, values: unknown[], float: Float): Tensor[] {
  const given = [...written(row, values)];
  const required = given.filter(([a]) => !a.option && a.default === null).map(([, v]) => v);
  const optional = given.filter(([a]) => !a.option && a.default !== null);
  const named = given.filter(([a]) => a.option);
  const optionsOf = (list: [Arg, unknown][]): unknown[] => {
    const present = list.filter(([, v]) => v !== null).map(([a, v]) => [camel(a.name), v] as const);
    return present.length ? [Object.fromEntries(present)] : [];
  };
  const name = camel(row.name);
  const f = (fluxion as unknown as Record<string, Function>)[name];
  if (typeof f !== 'function') throw new Error(`fluxion has no function ${name}`);
  let result: unknown;
  if (float === 'float64') {
    result = f(...required, ...optional.map(([, v]) => v), ...optionsOf(named));
  } else if (row.isMethod && row.args[0]?.kind === 'Tensor') {
    const self = required.shift() as Record<string, Function>;
    result = self[name]!(...required, ...optionsOf([...optional, ...named]));
  } else {
    result = f(...required, ...optionsOf([...optional, ...named]));
  }
  return Array.isArray(result) ? result : [result as Tensor];
}

/** The gradients of Σ result[i]·w(i + 13 r) over float results r. */
function gradientsOf(results: Tensor[], leaves: Tensor[]): Tensor[] {
  const parts = results.flatMap((t, r) => {
    if (!isFloat(t.dtype) || !t.requiresGrad) return [];
    const w = Array.from({ length: t.numel() }, (_, i) => (((37 * (i + 13 * r) + 11) % 64) - 31.5) / 32);
    return [t.mul(tensor(w, { shape: t.shape, dtype: t.dtype })).sum()];
  });
  if (parts.length) parts.reduce((a, b) => a.add(b)).backward();
  return leaves.map((leaf) => leaf.grad ?? fluxion.zerosLike(leaf));
}

const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));

function largestError(values: ArrayLike<number>, truth: readonly number[]): number {
  return truth.reduce((worst, t, i) => {
    if (same(values[i]!, t)) return worst;
    const error = Math.abs(values[i]! - t);
    return Math.max(worst, Number.isFinite(error) ? error : Number.POSITIVE_INFINITY);
  }, 0);
}

interface Counts {
  samples: number;
  comparisons: number;
  /** Tensors of each row that needed the comparison with float64. */
  againstFloat64: Map<string, number>;
}

/** Empty when ours is as it should be. */
function difference(row: Row, ours: Tensor, expected: Expected, float: Float, counts: Counts): string {
  counts.comparisons++;
  const dtype = float === 'float64' ? expected.wideDtype : expected.singleDtype;
  if (`${ours.shape}` !== `${expected.shape}`)
    return `has shape [${ours.shape}], PyTorch's [${expected.shape}]`;
  if (ours.dtype !== dtype) return `is ${ours.dtype}, PyTorch's ${dtype}`;
  const exact = !isFloat(dtype);
  const [rtol, atol] = exact ? [0, 0] : dtype === 'float64' ? [1e-7, 1e-12] : [1e-6, 1e-6];
  const theirs = exact || float === 'float64' ? expected.wide : expected.single;
  const values = ours.toTypedArray();
  const bad = theirs.findIndex(
    (v, i) => !same(values[i]!, v) && !(Math.abs(values[i]! - v) <= atol + rtol * Math.abs(v)),
  );
  if (bad < 0) return '';
  const allowed = dtype === 'float32' && row.float32Reason !== '';
  if (allowed && largestError(values, expected.wide) <= 2 * largestError(expected.single, expected.wide)) {
    counts.againstFloat64.set(row.name, (counts.againstFloat64.get(row.name) ?? 0) + 1);
    return '';
  }
  return `element ${bad} is ${values[bad]}, PyTorch's ${theirs[bad]}`;
}

function compare(row: Row, reference: Reference, float: Float, counts: Counts): string[] {
  const where = `${row.name} on '${reference.sample}' in ${float}`;
  return tidy(() => {
    const { args, leaves } = rebuild(reference, float);
    const results = call(row, args, float);
    if (results.length !== reference.results.length)
      return [`${where}: ${results.length} results, PyTorch's ${reference.results.length}`];
    const complaints = results.map((t, i) => [
      `result ${i}`,
      difference(row, t, reference.results[i]!, float, counts),
    ]);
    if (reference.gradients) {
      const gradients = gradientsOf(results, leaves);
      reference.gradients.forEach((expected, i) => {
        if (expected)
          complaints.push([`gradient ${i}`, difference(row, gradients[i]!, expected, float, counts)]);
      });
    }
    return complaints.filter(([, why]) => why).map(([what, why]) => `${where}: ${what} ${why}`);
  });
}

export function rowsAgreeWithPyTorch(options: InitOptions): void {
  const counts: Counts = { samples: 0, comparisons: 0, againstFloat64: new Map() };
  const references = readReferences();
  const byRow = new Map<string, Reference[]>();
  for (const r of references) byRow.set(r.row, [...(byRow.get(r.row) ?? []), r]);
  const unreferenced = (row: Row): boolean => row.random || row.samples.every((s) => s.includes('!noref'));
  let variant = '';

  beforeAll(async () => {
    variant = (await fluxion.init(options)).variant;
  });
  afterAll(() => {
    const held = [...counts.againstFloat64].map(([name, n]) => `${name} ${n}`);
    const without = rows.ops.filter(unreferenced).map((row) => row.name);
    console.log(
      `${variant}: ${byRow.size} rows, ${counts.samples} samples, ${counts.comparisons} tensors compared in value; ` +
        `held against float64 for their summation order: ${held.join(', ') || 'none'}; ` +
        `no reference: ${without.join(', ')}`,
    );
  });

  describe('rows against PyTorch', () => {
    test('the fixtures belong to these rows', () => {
      const known = new Set(references.map((r) => `${r.row} on '${r.sample}'`));
      const wanted = rows.ops
        .filter((row) => !row.random)
        .flatMap((row) =>
          row.samples.filter((s) => !s.includes('!noref')).map((s) => `${row.name} on '${s}'`),
        );
      expect([...known].sort()).toEqual([...new Set(wanted)].sort());
    });

    test('the build asked for is the one that runs', () => {
      const threads = typeof options.threads === 'number' && options.threads > 1;
      expect(variant).toBe(`${options.simd}${threads ? '-threads' : ''}`);
      expect(fluxion.info()).toMatchObject({ threads: options.threads, simd: options.simd });
    });

    for (const row of rows.ops.filter((r) => !unreferenced(r))) {
      test(row.name, () => {
        const before = fluxion.memory().tensors;
        const own = byRow.get(row.name) ?? [];
        expect(own.length).toBeGreaterThan(0);
        const complaints = own.flatMap((reference) => {
          counts.samples++;
          return (['float64', 'float32'] as const).flatMap((float) => compare(row, reference, float, counts));
        });
        expect(complaints).toEqual([]);
        expect(fluxion.memory().tensors).toBe(before);
      });
    }
  });
}
