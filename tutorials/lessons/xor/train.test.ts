import { init, nn } from 'fluxion';
import { beforeAll, expect, test } from 'vitest';
import { expectFlatMemory, take } from '../shared/testing.ts';
import { ClassicXor } from './classic.ts';
import { Parity } from './parity.ts';
import { XorFigure, XorGallery } from './pictures.ts';
import { Xor, type XorOptions } from './train.ts';

const options: XorOptions = { seed: 6, hidden: 4, activation: 'tanh', rate: 0.05 };

beforeAll(async () => {
  await init();
});

test('2-4-1 gets all four points right, and says when it is done', () => {
  const net = new Xor(options);
  const events = take(net.train(), 600);
  expect(events[0]!.loss).toBeGreaterThan(0.5);
  expect(events.at(-1)!.loss).toBeLessThan(0.02);
  expect(events.at(-1)!.right).toBe(4);
  expect(events.filter((e) => e.done)).toHaveLength(1);
  net.dispose();
});

test('the same seed gives the same curve, another seed another', () => {
  const curve = (seed: number) => {
    const net = new Xor({ ...options, seed });
    const losses = take(net.train(), 20).map((e) => e.loss);
    net.dispose();
    return losses;
  };
  expect(curve(3)).toEqual(curve(3));
  expect(curve(3)).not.toEqual(curve(4));
});

test('without a hidden layer, never more than three are right and the loss ends at ln 2', () => {
  const net = new Xor({ ...options, hidden: 0 });
  const events = take(net.train(), 800);
  expect(Math.max(...events.map((e) => e.right))).toBeLessThanOrEqual(3);
  expect(events.at(-1)!.loss).toBeCloseTo(Math.LN2, 3);
  net.dispose();
});

test('of twenty ReLU nets with two units most are stuck, with eight few, with eight tanh units none', () => {
  const solved = (hidden: number, activation: XorOptions['activation']) => {
    const gallery = new XorGallery({ ...options, seed: 0, hidden, activation });
    const events = take(gallery.train(), 800);
    gallery.dispose();
    return events.at(-1)!.solved;
  };
  expect(solved(2, 'relu')).toBeLessThan(10);
  expect(solved(8, 'relu')).toBeGreaterThan(15);
  expect(solved(8, 'tanh')).toBe(20);
});

test('training and drawing leave memory flat', () => {
  const net = new XorFigure({ ...options, hidden: 2 });
  const run = net.train();
  expectFlatMemory(() => {
    take(run, 50);
    const { field, hidden } = net.picture();
    expect(field).toHaveLength(43 * 43);
    expect(hidden!.points).toHaveLength(4);
  });
  net.dispose();
});

test('what first went wrong is named', () => {
  const net = new XorFigure(options);
  expect(net.diagnose()).toBe('');
  nn.init.constant_(net.first.weight, 3e38);
  expect(net.diagnose()).toMatch(/comes from linear, of shape \[4, 4\]/);
  nn.init.constant_(net.first.weight, Number.NaN);
  expect(net.diagnose()).toBe('A weight of shape [4, 2] is not finite any more.');
  net.dispose();
});

test('the textbook’s form ends below 0.1 and above 0.9', () => {
  const net = new ClassicXor({ seed: 3, start: 'default', reduction: 'sum' });
  for (const { loss } of net.train()) expect(loss).toBeLessThan(2);
  const [a, b, c, d] = net.outputs();
  expect(a).toBeLessThan(0.1);
  expect(b).toBeGreaterThan(0.9);
  expect(c).toBeGreaterThan(0.9);
  expect(d).toBeLessThan(0.1);
  net.dispose();
});

test('4-bit parity is learnt whole', () => {
  const net = new Parity({ seed: 1 });
  const events = take(net.train(), 2000);
  expect(events.at(-1)!.right).toBe(16);
  net.dispose();
});
