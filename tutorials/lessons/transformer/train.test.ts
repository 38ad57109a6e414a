import fs from 'node:fs';
import path from 'node:path';
import { init } from 'fluxion';
import { beforeAll, expect, test } from 'vitest';
import { dataFolder, packData } from '../../../scripts/data.mjs';
import { expectFlatMemory, take } from '../shared/testing.ts';
import { SortFigure, WriterFigure } from './pictures.ts';
import type { SortEvent } from './sort.ts';
import { type Book, choose, type WriterEvent } from './train.ts';

const shape = { seed: 1, rate: 0.003, layers: 2, heads: 4 };
let book: Book;

beforeAll(async () => {
  await init();
  packData();
  book = JSON.parse(fs.readFileSync(path.join(dataFolder, 'text.json'), 'utf8'));
});

/** Takes events up to and with the first that passes. */
function until<T>(run: Iterator<T>, pass: (event: T) => boolean): T[] {
  const seen: T[] = [];
  while (seen.length === 0 || !pass(seen.at(-1)!)) seen.push(...take(run, 1));
  return seen;
}

test('the book has 83 characters, and the model that reads it 66,912 weights', () => {
  expect(book.vocab).toHaveLength(83);
  expect(book.train.length + book.valid.length).toBeGreaterThan(280_000);
  const run = new WriterFigure({ ...shape, temperature: 0.8 }, book);
  expect(run.model.parameterCount()).toBe(66_912);
  run.dispose();
});

test('sorting: never trained on what it is judged by, loss falls, memory flat', () => {
  const run = new SortFigure(shape);
  expect(run.unseen).toHaveLength(1000);
  expect(run.model.parameterCount()).toBeLessThanOrEqual(100_000);
  const events = run.train();
  const seen = until<SortEvent>(events, (e) => e.step === 100 && e.check !== undefined);
  const losses = seen.flatMap((e) => e.loss ?? []);
  expect(losses[0]).toBeGreaterThan(1.9);
  expect(losses.at(-1)).toBeLessThan(1.4);
  expect(seen.find((e) => e.check)!.check!.exact).toBeLessThan(0.01);

  const { text, written, maps, heads } = run.attend([7, 2, 0, 5, 2, 6, 1, 3]);
  expect(text).toHaveLength(15);
  expect(written).toHaveLength(8);
  expect(heads).toBe(8);
  for (let row = 0; row < 8 * 15; row++) {
    const weights = maps.subarray(15 * row, 15 * (row + 1));
    expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    expect(weights.subarray((row % 15) + 1).every((w) => w === 0)).toBe(true);
  }
  expectFlatMemory(() => take(events, 8));
  run.dispose();
});

test('writing: starts at guessing, loss falls, samples are counted, memory flat', () => {
  const run = new WriterFigure({ ...shape, temperature: 0.8 }, book);
  const events = run.train();
  const start = until<WriterEvent>(events, (e) => e.sample !== undefined);
  const guessing = start.find((e) => e.valid !== undefined)!.valid!;
  expect(guessing).toBeCloseTo(Math.log(83), 1);
  const { known, words, text } = start.at(-1)!.sample!;
  expect(known / words).toBeLessThan(0.03);
  expect(text.length).toBeGreaterThan(1000);

  const seen = until<WriterEvent>(events, (e) => e.step === 100 && e.valid !== undefined);
  expect(seen.at(-1)!.valid).toBeLessThan(2.9);
  const likely = run.likely('The whale', 6);
  expect(likely).toHaveLength(6);
  expect(likely[0]!.character).toBe(' ');
  // A sample's texts grow and so does what each character takes; steps of training are all alike.
  until<WriterEvent>(events, (e) => e.sample !== undefined);
  expectFlatMemory(() => take(events, 8));
  run.dispose();
});

test('a draw falls on each index by its share', () => {
  expect(choose([0.25, 0.5, 0.25], 0)).toBe(0);
  expect(choose([0.25, 0.5, 0.25], 0.3)).toBe(1);
  expect(choose([0.25, 0.5, 0.25], 0.99)).toBe(2);
});
