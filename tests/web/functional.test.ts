// Derivatives of whole functions, and the search for the first NaN.
import {
  customOp,
  detectAnomaly,
  grad,
  hessian,
  hvp,
  init,
  jacobian,
  jvp,
  memory,
  nn,
  type Tensor,
  tensor,
  tidy,
  vjp,
} from 'fluxion';
import { describe, expect, test } from 'vitest';

await init({ simd: 'simd', threads: 1 });

const double = (values: number[]): Tensor => tensor(values, { dtype: 'float64' });

describe('functional derivatives', () => {
  const cube = (x: Tensor): Tensor => x.pow(3);
  const x = double([1, 2]);

  test('of one input', () => {
    expect(jacobian(cube, x).toArray()).toEqual([
      [3, 0],
      [0, 12],
    ]);
    expect(hessian((t) => cube(t).sum(), x).toArray()).toEqual([
      [6, 0],
      [0, 12],
    ]);
    const [out, product] = vjp(cube, x, double([1, 10]));
    expect([out.toArray(), product.toArray()]).toEqual([
      [1, 8],
      [3, 120],
    ]);
    expect(jvp(cube, x, double([1, 10]))[1].toArray()).toEqual([3, 120]);
    expect(hvp((t) => cube(t).sum(), x, double([1, 10]))[1].toArray()).toEqual([6, 120]);
    expect(x.requiresGrad).toBe(false);
  });

  test('of several inputs', () => {
    const y = double([3]);
    const f = (a: Tensor, b: Tensor): Tensor => a.mul(b).sum();
    expect(jacobian((a, b) => a.mul(b!), [x, y]).map((t) => t.toArray())).toEqual([
      [
        [3, 0],
        [0, 3],
      ],
      [[1], [2]],
    ]);
    const h = hessian(f as (...t: Tensor[]) => Tensor, [x, y]);
    expect(h.map((row) => row.map((t) => t.toArray()))).toEqual([
      [
        [
          [0, 0],
          [0, 0],
        ],
        [[1], [1]],
      ],
      [[[1, 1]], [[0]]],
    ]);
    const [, products] = vjp(f as (...t: Tensor[]) => Tensor, [x, y]);
    expect(products.map((t) => t.toArray())).toEqual([[3, 3], [3]]);
  });

  test('with a graph of their own, and without', () => {
    const leaf = tensor([1, 2], { dtype: 'float64', requiresGrad: true });
    const j = jacobian(cube, leaf, { createGraph: true });
    expect(grad(j.sum(), leaf).toArray()).toEqual([6, 12]);
    expect(jacobian(cube, leaf).requiresGrad).toBe(false);
    const before = memory();
    tidy(() => void jacobian(cube, leaf));
    expect(memory().graphNodes).toBe(before.graphNodes);
    expect(memory().tensors).toBe(before.tensors);
  });

  test('what does not fit is named', () => {
    expect(() => hessian(cube, x)).toThrow('hessian: the function must give a scalar, it gave [2]');
    expect(() => vjp(cube, x)).toThrow('vjp: 0 vectors for 1 tensors');
    expect(() => jvp(cube, x, double([1]))).toThrow('jvp: a vector of shape [1] for a tensor of [2]');
    expect(() => jacobian(cube, tensor([1], { dtype: 'int32' }))).toThrow(
      'jacobian: only float tensors have derivatives, an input is int32',
    );
    expect(() => jacobian(() => 3 as never, x)).toThrow('jacobian: fn returned 3, not a Tensor');
    expect(() => jacobian(3 as never, x)).toThrow('jacobian: fn must be a function, got 3');
  });
});

describe('detectAnomaly', () => {
  const here = 'functional.test.ts:';

  test('names the op, the shapes and the line, forward', () => {
    const x = tensor([1, 0], { requiresGrad: true });
    const run = (): unknown => detectAnomaly(() => x.mul(1).log().sum());
    expect(run).toThrow(
      'detectAnomaly: a result is -inf at element 1 of [2], from finite inputs of log([2]) called at',
    );
    expect(run).toThrow(here);
  });

  test('and on the way back', () => {
    const x = tensor([4, 0], { requiresGrad: true });
    const run = (): unknown => detectAnomaly(() => x.sqrt().mul(2).sum().backward());
    expect(run).toThrow(
      'detectAnomaly: the gradient of input 0 is inf at element 1 of [2], from a finite one of sqrt([2]) called at',
    );
    expect(run).toThrow(here);
  });

  test('inside modules and in ops written in JavaScript', () => {
    const layer = new nn.Linear(1, 1);
    layer.weight = new nn.Parameter(tensor([[3e38]]));
    expect(() => detectAnomaly(() => layer.forward(tensor([[10]])))).toThrow(
      'from finite inputs of linear([1, 1], [1, 1], [1])',
    );
    const bad = customOp({
      name: 'bad',
      forward: (_, x: Tensor) => x.mul(Number.NaN),
      backward: (_, g) => g,
    });
    expect(() => detectAnomaly(() => bad(tensor([1], { requiresGrad: true })))).toThrow('of bad([1])');
  });

  test('is off again afterwards, and given infinities are no anomaly', () => {
    const x = tensor([1, 0], { requiresGrad: true });
    expect(() => detectAnomaly(() => x.log())).toThrow('log');
    expect(x.log().at(1).item()).toBe(Number.NEGATIVE_INFINITY);
    detectAnomaly(() =>
      x
        .maskedFill(tensor([true, false]), Number.NEGATIVE_INFINITY)
        .softmax(0)
        .sum()
        .backward(),
    );
    expect(detectAnomaly(() => detectAnomaly(() => 1) + 1)).toBe(2);
    expect(() => detectAnomaly(() => [detectAnomaly(() => 1), x.log()])).toThrow('log');
  });
});
