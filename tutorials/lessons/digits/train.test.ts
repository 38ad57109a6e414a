import fs from 'node:fs';
import path from 'node:path';
import { init } from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';
import { dataFolder, packData } from '../../../scripts/data.mjs';
import { expectFlatMemory, take } from '../shared/testing.ts';
import { type DigitData, readDigits } from './data.ts';
import { DigitsFigure } from './pictures.ts';
import { cnn, Digits, type DigitsEvent, mlp, rates } from './train.ts';

let digits: DigitData;

beforeAll(async () => {
  await init();
  packData();
  digits = readDigits(new Uint8Array(fs.readFileSync(path.join(dataFolder, 'digits.fxdg'))).buffer);
});

describe('the packed digits', () => {
  test('8,000 and 2,000, each class in its share, none in both', () => {
    expect(digits.train.labels).toHaveLength(8000);
    expect(digits.test.labels).toHaveLength(2000);
    for (let d = 0; d < 10; d++) {
      const count = (labels: Uint8Array) => labels.filter((l) => l === d).length;
      expect(count(digits.test.labels)).toBeCloseTo(count(digits.train.labels) / 4, -0.5);
    }
    const pictures = (pixels: Uint8Array) =>
      Array.from({ length: pixels.length / 784 }, (_, i) => pixels.subarray(784 * i, 784 * (i + 1)).join());
    const trained = new Set(pictures(digits.train.pixels));
    expect(pictures(digits.test.pixels).filter((p) => trained.has(p))).toHaveLength(0);
  });

  test('a file that is something else is refused, and one cut short', () => {
    expect(() => readDigits(new TextEncoder().encode('<!doctype html><html></html>').buffer)).toThrow(
      '“<!do”',
    );
    const header = new Uint8Array(20);
    header.set([...'FXDG'].map((c) => c.charCodeAt(0)));
    new DataView(header.buffer).setUint32(4, 10_000, true);
    expect(() => readDigits(header.buffer)).toThrow('cut short');
  });
});

test('the reference models have their numbers of weights', () => {
  const count = (model: ReturnType<typeof mlp>) => model.parameterCount();
  expect(count(mlp())).toBe(101_770);
  expect(count(cnn())).toBe(9_098);
});

test.each(['mlp', 'cnn'] as const)('%s learns, answers while it does, and leaves memory flat', (model) => {
  const run = new DigitsFigure({ seed: 1, model, rate: rates[model] }, digits);
  const events = run.train();
  const until = (step: number) => {
    const seen: DigitsEvent[] = [];
    while (seen.at(-1)?.step !== step || seen.at(-1)?.check === undefined) seen.push(...take(events, 1));
    return seen;
  };
  const seen = until(100);
  const checks = seen.flatMap((e) => e.check ?? []);
  expect(checks[0]!.accuracy).toBeLessThan(0.3);
  expect(checks.at(-1)!.accuracy).toBeGreaterThan(0.8);
  const counted = checks
    .at(-1)!
    .confusion.flat()
    .reduce((a, b) => a + b, 0);
  expect(counted).toBe(2000);

  const likely = run.classify(Float32Array.from(digits.test.pixels.subarray(0, 784), (v) => v / 255));
  expect(likely.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
  expect(run.picture().values).toHaveLength(model === 'cnn' ? 8 * 9 : 24 * 784);

  const { steps, time, rows } = run.cost();
  expect(steps).toBe(10);
  expect(rows[0]!.selfTime).toBeGreaterThan(0);
  expect(rows.reduce((sum, r) => sum + r.selfTime, 0)).toBeLessThanOrEqual(time);
  const layers = rows.filter((r) => r.op === (model === 'cnn' ? 'conv2d' : 'linear'));
  expect(layers.map((r) => r.calls)).toEqual([10, 10]);
  let step = 100;
  expectFlatMemory(() => {
    step += 50;
    until(step);
  });
  run.dispose();
});

test('a profiled step trains like any other', () => {
  const losses = (run: Digits) => {
    const events = run.train();
    const seen: number[] = [];
    while (seen.length < 12) seen.push(...take(events, 1).flatMap((e) => e.loss ?? []));
    run.dispose();
    return seen;
  };
  const options = { seed: 3, model: 'mlp', rate: rates.mlp } as const;
  expect(losses(new DigitsFigure(options, digits))).toEqual(losses(new Digits(options, digits)));
});
