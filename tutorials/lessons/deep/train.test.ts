import { init } from 'fluxion';
import { beforeAll, expect, test } from 'vitest';
import { expectFlatMemory, take } from '../shared/testing.ts';
import { Deep, type Task } from './train.ts';

beforeAll(async () => {
  await init();
});

test.each<Task>(['regression', 'classification'])('ten tanh layers learn: %s', (task) => {
  const net = new Deep({ seed: 1, task });
  const run = net.train();
  const [first, ...rest] = take(run, 600);
  expect(rest.at(-1)!.loss).toBeLessThan(first!.loss / 10);
  // What comes back to the first of ten layers is within a factor of ten of what leaves the last.
  expect(first!.firstGradient).toBeGreaterThan(first!.lastGradient / 10);
  expectFlatMemory(() => take(run, 20));
  net.dispose();
});
