// The trainings without a page, in small.
import { readFileSync } from 'node:fs';
import { init, manualSeed, rand, randint, type Tensor, tidy } from 'fluxion';
import { beforeAll, expect, test } from 'vitest';
import { CharWriter } from './chars.ts';
import { CodeWriter } from './code.ts';
import { Pictures, type PicturesOptions } from './resnet.ts';
import { Reverser } from './reverse.ts';
import { Painter } from './vae.ts';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

test('an encoder and a decoder learn to reverse sequences they never saw', () => {
  const run = new Reverser({ seed: 1, length: 6, width: 32, rate: 0.005, batch: 64 });
  expect(run.check()).toBeLessThan(0.01);
  let exact = 0;
  let steps = 0;
  for (const event of run.train()) {
    exact = Math.max(exact, event.exact ?? 0);
    if (exact >= 0.99 || ++steps === 1500) break;
  }
  expect(exact).toBeGreaterThanOrEqual(0.99);
  run.dispose();
});

test('a GPT learns source code in the tokens it learnt first', () => {
  const source = readFileSync(new URL('./code.ts', import.meta.url), 'utf8').repeat(3);
  const run = new CodeWriter({
    seed: 1,
    train: source,
    valid: source.slice(0, 2000),
    vocabSize: 400,
    layers: 1,
    heads: 2,
    width: 32,
    context: 32,
    batch: 8,
    rate: 0.01,
    steps: 150,
  });
  const before = run.check();
  const losses = [...run.train()].map((e) => e.loss);
  expect(losses.length).toBe(150);
  expect(run.check().bitsPerByte).toBeLessThan(before.bitsPerByte / 2);
  expect(run.write('import', 12).startsWith('import')).toBe(true);
  run.dispose();
});

test('an LSTM learns characters, and writes on', () => {
  const run = new CharWriter({
    seed: 1,
    book: 'the cat sat on the mat, and the rat sat on the cat. '.repeat(10),
    hidden: 32,
    layers: 1,
    context: 24,
    batch: 8,
    rate: 0.02,
  });
  let loss = Number.NaN;
  for (const event of run.train()) {
    loss = event.loss;
    if (event.step === 200) break;
  }
  expect(loss).toBeLessThan(0.5);
  expect(run.write('the ', 20, 0.1)).toMatch(/^the (cat|mat|rat)/);
  run.dispose();
});

test('a VAE learns to give back what it is shown', async () => {
  manualSeed(0);
  const images = tidy(() => rand(64, 1).gt(0.5).to('float32').expand(64, 12).clone()); // all black or all white
  const run = new Painter({ seed: 1, images, hidden: 16, latent: 2, rate: 0.01, batch: 16, epochs: 40 });
  const told: number[] = [];
  const losses = await run.train((epoch) => told.push(epoch));
  expect(told.length).toBe(40);
  expect(losses[0]).toBeGreaterThan(7); // 12·ln 2 is 8.3
  expect(losses.at(-1)).toBeLessThan(2); // ln 2 for the colour, and what the latent costs
  for (const picture of tidy(() => run.paint(8).round().toArray()) as number[][])
    expect(new Set(picture).size).toBe(1);
  run.dispose();
});

test('a residual network goes on from a checkpoint as if it had never stopped', () => {
  manualSeed(3);
  const set = (n: number) => ({
    images: tidy(() => randint(0, 256, [n, 3, 32, 32]).to('uint8')),
    labels: randint(0, 10, [n]),
  });
  const options: PicturesOptions = {
    seed: 5,
    train: set(24),
    test: set(8),
    blocks: [1, 1],
    width: 4,
    batch: 8,
    epochs: 3,
  };
  const run = (from?: Uint8Array) => {
    const pictures = new Pictures(options);
    if (from) pictures.resume(from);
    const events = [...pictures.train()];
    const weights = Object.values(pictures.model.stateDict()).map((t: Tensor) => t.toArray());
    pictures.dispose();
    return { events, weights };
  };
  const whole = run();
  expect(whole.events.map((e) => [e.epoch, e.batch])).toEqual([
    [0, 1], [0, 2], [0, 3], [1, 1], [1, 2], [1, 3], [2, 1], [2, 2], [2, 3],
  ]); // biome-ignore format: a table
  const checkpoint = whole.events[2]!.end!.checkpoint;
  const rest = run(checkpoint);
  expect(rest.events.map((e) => e.loss)).toEqual(whole.events.slice(3).map((e) => e.loss));
  expect(rest.weights).toEqual(whole.weights);
});
