// A pass taken node by node while hooks run inside it.
import { backwardSteps, FluxionError, init, type Tensor, tensor } from 'fluxion';
import { beforeAll, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const refusal = 'backwardSteps: a hook cannot begin, end or go on with a pass while one runs';

test.each([
  ['begin another pass', (other: Tensor) => backwardSteps(other)],
  ['go on with the pass', (_: Tensor, steps: ReturnType<typeof backwardSteps>) => steps.step()],
  ['end the pass', (_: Tensor, steps: ReturnType<typeof backwardSteps>) => steps.dispose()],
])('a hook of a step cannot %s', (_, act) => {
  const x = tensor(3, { requiresGrad: true });
  const other = tensor(2, { requiresGrad: true }).square();
  const middle = x.square();
  const steps = backwardSteps(middle.exp());
  middle.registerHook(() => void act(other, steps));
  steps.step();
  expect(() => steps.step()).toThrow(new FluxionError(refusal));
  expect(x.grad).toBeNull();
});

test('a hook of backward() cannot end a pass that waits outside', () => {
  const x = tensor(3, { requiresGrad: true });
  const steps = backwardSteps(x.square());
  const y = tensor(2, { requiresGrad: true });
  y.registerHook(() => steps.dispose());
  expect(() => y.square().backward()).toThrow(new FluxionError(refusal));
  expect([...steps]).toHaveLength(2);
  expect(x.grad?.item()).toBe(6);
});

test('a whole backward may run between two steps', () => {
  const x = tensor(3, { requiresGrad: true });
  const y = tensor(2, { requiresGrad: true });
  const steps = backwardSteps(x.square().exp());
  steps.step();
  y.mul(x.detach()).backward();
  while (steps.step());
  expect(y.grad?.item()).toBe(3);
  expect(x.grad?.item()).toBeCloseTo(6 * Math.exp(9), 1);
});
