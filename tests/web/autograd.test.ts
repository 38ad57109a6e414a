// The tape: backward and grad, modes, hooks, gradients of gradients, custom operations, the graph, backward by steps.
import {
  backwardSteps,
  type CustomContext,
  customOp,
  enableGrad,
  F,
  grad,
  gradcheck,
  graph,
  init,
  isGradEnabled,
  keepGraphValues,
  memory,
  noGrad,
  nn,
  ones,
  ShapeError,
  type Tensor,
  tensor,
  tidy,
  where,
} from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const leaf = (values: number | number[] | number[][]): Tensor =>
  tensor(values, { dtype: 'float64', requiresGrad: true });
const near = (t: Tensor | null, expected: number[]): void => {
  expect(t).not.toBeNull();
  const values = [...t!.toTypedArray()];
  expect(values.length).toBe(expected.length);
  values.forEach((v, i) => {
    expect(v).toBeCloseTo(expected[i]!, 12);
  });
};

describe('backward', () => {
  test('adds to what is there, until it is dropped', () => {
    const x = leaf([1, 2]);
    x.square().sum().backward();
    near(x.grad, [2, 4]);
    x.mul(3).sum().backward();
    near(x.grad, [5, 7]);
    x.grad = null;
    expect(x.grad).toBeNull();
  });

  test('sums over several uses and over broadcast dimensions', () => {
    const x = leaf([1, 2]);
    const y = leaf([[1], [2], [3]]);
    x.mul(y).add(x).sum().backward();
    near(x.grad, [9, 9]);
    near(y.grad, [3, 3, 3]);
  });

  test('with a gradient of its own', () => {
    const x = leaf([1, 2, 3]);
    x.square().backward(tensor([1, 10, 100], { dtype: 'float64' }));
    near(x.grad, [2, 40, 600]);
  });

  test('keeps the graph when asked to', () => {
    const x = leaf([2]);
    const y = x.pow(3).sum();
    y.backward({ retainGraph: true });
    y.backward(null, { retainGraph: true });
    y.backward();
    near(x.grad, [36]);
    expect(() => y.backward()).toThrow('was freed by an earlier backward');
  });

  test('frees its graph', () => {
    const before = memory();
    tidy(() => {
      const x = leaf([1, 2]);
      const loss = tidy(() => x.exp().mul(2).sum());
      const recorded = memory();
      expect(recorded.graphNodes).toBeGreaterThan(before.graphNodes + 2);
      loss.backward();
      expect(memory().graphNodes).toBeLessThan(recorded.graphNodes);
      // What exp saved for its gradient is gone, and x has a gradient.
      expect(memory().tensors).toBe(recorded.tensors);
    });
    expect(memory().graphNodes).toBe(before.graphNodes);
    expect(memory().tensors).toBe(before.tensors);
  });

  test('reaches every leaf of a chain of 20,000', () => {
    const x = leaf([1]);
    tidy(() => {
      let y: Tensor = x;
      for (let i = 0; i < 20_000; i++) y = y.add(1);
      y.backward();
    });
    near(x.grad, [1]);
  });

  test('leaves, results and constants', () => {
    const x = leaf([1]);
    const y = x.mul(2);
    expect([x.isLeaf, y.isLeaf, y.detach().isLeaf]).toEqual([true, false, true]);
    expect([x.requiresGrad, y.requiresGrad, y.detach().requiresGrad]).toEqual([true, true, false]);
    expect(y.grad).toBeNull();
    y.retainGrad();
    y.square().sum().backward();
    near(y.grad, [4]);
    near(x.grad, [8]);
  });

  test('does not go through detach, comparisons and indices', () => {
    const x = leaf([1, 3]);
    x.mul(x.detach()).sum().backward();
    near(x.grad, [1, 3]);
    expect(x.gt(2).requiresGrad).toBe(false);
    expect(x.argmax().requiresGrad).toBe(false);
  });
});

describe('recording on and off', () => {
  test('noGrad, also around an error', () => {
    const x = leaf([1]);
    expect(isGradEnabled()).toBe(true);
    expect(noGrad(() => [isGradEnabled(), x.mul(2).requiresGrad])).toEqual([false, false]);
    expect(() =>
      noGrad(() => {
        throw new Error('inside');
      }),
    ).toThrow('inside');
    expect(isGradEnabled()).toBe(true);
    expect(noGrad(() => enableGrad(() => x.mul(2).requiresGrad))).toBe(true);
    expect(noGrad(() => x.shape)).toEqual([1]);
  });
});

describe('grad', () => {
  test('of one input and of a list, without touching .grad', () => {
    const x = leaf([1, 2]);
    const y = leaf([3, 4]);
    const out = x.mul(y).sum();
    near(grad(out, x, { retainGraph: true }), [3, 4]);
    const [dx, dy] = grad(out, [x, y]);
    near(dx!, [3, 4]);
    near(dy!, [1, 2]);
    expect([x.grad, y.grad]).toEqual([null, null]);
  });

  test('of several outputs with gradients of their own', () => {
    const x = leaf([1, 2]);
    const ones2 = tensor([1, 1], { dtype: 'float64' });
    near(grad([x.mul(2), x.square().sum()], x, { gradOutputs: [ones2, null] }), [4, 6]);
  });

  test('of an intermediate value', () => {
    const x = leaf([2]);
    const y = x.square();
    near(grad(y.mul(3).sum(), y), [3]);
  });

  test('of what does not matter', () => {
    const x = leaf([1]);
    const z = leaf([1]);
    expect(() => grad(x.sum(), [x, z])).toThrow(
      'grad: the outputs do not depend on input 1; pass allowUnused: true to get null for it',
    );
    const [dx, dz] = grad(x.sum(), [x, z], { allowUnused: true });
    near(dx!, [1]);
    expect(dz).toBeNull();
    expect(() => grad(x.sum(), tensor([1]))).toThrow('grad: an input does not require a gradient');
    expect(() => grad(x.mul(ones([2])), x)).toThrow(/^(grad|backward): a gradient must be given/);
  });

  test('gradients of gradients', () => {
    const x = leaf([0.5, -1, 2]);
    const f = (t: Tensor): Tensor => t.pow(3).add(t.sin()).sum();
    const first = grad(f(x), x, { createGraph: true });
    const second = grad(first.sum(), x, { createGraph: true });
    const third = grad(second.sum(), x);
    const v = [0.5, -1, 2];
    near(
      first,
      v.map((t) => 3 * t * t + Math.cos(t)),
    );
    near(
      second,
      v.map((t) => 6 * t - Math.sin(t)),
    );
    near(
      third,
      v.map((t) => 6 - Math.cos(t)),
    );
  });

  test('backward through a gradient: a penalty on its norm', () => {
    const w = leaf([3, 4]);
    const g = grad(w.square().sum(), w, { createGraph: true });
    g.square().sum().sqrt().backward();
    near(w.grad, [1.2, 1.6]);
  });

  test('backward with createGraph leaves a gradient that can be differentiated', () => {
    const x = leaf([2]);
    x.pow(3).sum().backward({ createGraph: true });
    near(x.grad, [12]);
    near(grad(x.grad!.sum(), x), [12]);
  });
});

describe('hooks', () => {
  test('see, replace and go', () => {
    const x = leaf([1, 2]);
    const seen: unknown[] = [];
    const y = x.mul(2);
    const watch = y.registerHook((g) => void seen.push(g.toArray()));
    const double = y.registerHook((g) => g.mul(10));
    y.sum().backward();
    expect(seen).toEqual([[1, 1]]);
    near(x.grad, [20, 20]);
    watch.remove();
    double.remove();
    x.grad = null;
    const again = x.mul(2);
    again.registerHook(() => null).remove();
    again.sum().backward();
    near(x.grad, [2, 2]);
  });

  test('of a leaf are called once with the whole gradient', () => {
    const x = leaf([1]);
    const seen: unknown[] = [];
    const hook = x.registerHook((g) => void seen.push(g.item()));
    x.mul(2).add(x.mul(3)).sum().backward();
    expect(seen).toEqual([5]);
    hook.remove();
    x.square().sum().backward();
    expect(seen).toEqual([5]);
  });

  test('leave nothing behind', () => {
    const run = (): void =>
      tidy(() => {
        const x = leaf([1, 2]);
        const y = x.exp();
        y.registerHook((g) => g.mul(2));
        y.sum().backward();
      });
    run();
    const before = memory();
    for (let i = 0; i < 50; i++) run();
    expect(memory().tensors).toBe(before.tensors);
    expect(memory().handles).toBe(before.handles);
  });
});

describe('gradcheck', () => {
  test('holds for what is right, of both orders', () => {
    expect(gradcheck((x) => x.tanh().mul(x), leaf([0.3, -1.2]))).toBe(true);
    expect(
      gradcheck((a, b) => a.matmul(b).sigmoid(), [leaf([[1, 2]]), leaf([[0.1], [-0.3]])], { second: true }),
    ).toBe(true);
    expect(
      gradcheck(
        (x, w, b) => F.layerNorm(x, [3], w, b),
        [
          leaf([
            [1, 2, 4],
            [0, -1, 1],
          ]),
          leaf([1, 2, 3]),
          leaf([0, 1, 2]),
        ],
        {
          second: true,
        },
      ),
    ).toBe(true);
  });

  test('says where what is wrong differs', () => {
    const wrong = customOp({
      name: 'wrong',
      forward: (ctx, x: Tensor) => {
        ctx.save(x);
        return x.square();
      },
      backward: (ctx, g) => g.mul(ctx.saved[0]!),
    });
    let text = '';
    try {
      gradcheck(wrong, leaf([1, 2]));
    } catch (error) {
      text = (error as Error).message;
    }
    const [, numerical, tape] =
      /^gradient of input 0 \[2\] at element 0: numerically (\S+), by the tape (\S+)$/.exec(text)!;
    expect(Number(numerical) / Number(tape)).toBeCloseTo(2, 4);
  });

  test('refuses float32', () => {
    expect(() => gradcheck((x) => x.sin(), tensor([1], { requiresGrad: true }))).toThrow(/float64/);
  });
});

describe('customOp', () => {
  const cube = customOp({
    name: 'cube',
    forward: (ctx: CustomContext, x: Tensor) => {
      ctx.save(x);
      return x.mul(x).mul(x);
    },
    backward: (ctx, g) => g.mul(ctx.saved[0]!.square().mul(3)),
  });

  test('values, gradients and gradients of gradients', () => {
    const x = leaf([1, -2]);
    expect(cube(x).toArray()).toEqual([1, -8]);
    cube(x).sum().backward();
    near(x.grad, [3, 12]);
    const first = grad(cube(x).sum(), x, { createGraph: true });
    near(grad(first.sum(), x), [6, -12]);
    expect(gradcheck(cube, leaf([0.5, 2]), { second: true })).toBe(true);
    expect(String(cube(tensor([1], { requiresGrad: true })))).toContain('grad_fn=<CubeBackward0>');
  });

  test('records nothing where nothing requires a gradient', () => {
    const nodes = memory().graphNodes;
    expect(cube(tensor([2])).requiresGrad).toBe(false);
    expect(noGrad(() => cube(leaf([2])).requiresGrad)).toBe(false);
    expect(memory().graphNodes).toBe(nodes);
  });

  test('several inputs, null gradients, other things to remember', () => {
    const scale = customOp({
      name: 'scale',
      forward: (ctx, x: Tensor, s: Tensor) => {
        ctx.factor = s.item();
        return x.mul(s);
      },
      backward: (ctx, g) => [g.mul(ctx.factor as number), null],
    });
    const x = leaf([1, 2]);
    const s = leaf(3);
    scale(x, s).sum().backward();
    near(x.grad, [3, 3]);
    expect(s.grad).toBeNull();
  });

  test('inside the graph of other operations', () => {
    const x = leaf([2]);
    cube(x.mul(2)).log().sum().backward();
    near(x.grad, [1.5]);
  });

  test('its mistakes are named', () => {
    const x = leaf([1, 2]);
    const op = (
      backward: unknown,
      forward: unknown = (_: CustomContext, t: Tensor) => t.mul(2),
    ): ((t: Tensor) => Tensor) =>
      customOp({ name: 'mine', forward, backward } as never) as unknown as (t: Tensor) => Tensor;
    expect(() =>
      op(() => [])(x)
        .sum()
        .backward(),
    ).toThrow('mine: backward returned 0 gradients for 1 inputs');
    expect(() =>
      op(() => 5)(x)
        .sum()
        .backward(),
    ).toThrow('mine: backward returned 5, not a Tensor');
    expect(() =>
      op(
        () => null,
        () => 5,
      )(x),
    ).toThrow('mine: forward returned 5, not a Tensor');
    expect(() =>
      op(() => ones([3]))(x)
        .sum()
        .backward(),
    ).toThrow(new ShapeError('mine: backward gave a gradient of shape [3] for input 0 of shape [2]'));
    expect(() => op('x')).toThrow("customOp: backward must be a function, got 'x'");
    const own = new RangeError('own');
    const throwing = op(() => {
      throw own;
    });
    expect(() => throwing(x).sum().backward()).toThrow(own);
    x.grad = null;
    x.sum().backward();
    near(x.grad, [1, 1]);
  });

  test('a saved value changed in place is an error', () => {
    const x = leaf([1]).clone();
    const y = cube(x);
    x.copy_(tensor([5]));
    expect(() => y.sum().backward()).toThrow(/changed in place/);
  });
});

describe('graph', () => {
  test('nodes with values, gradients and local derivatives; edges', () => {
    const x = leaf(3);
    const w = leaf(-2);
    const product = x.mul(w);
    const out = product.tanh();
    const before = graph(out);
    expect(before.nodes.map((n) => n.op)).toEqual(expect.arrayContaining(['mul', 'tanh']));
    expect(before.nodes.length).toBe(4);
    expect(before.root.op).toBe('tanh');
    expect(before.root.value!.item()).toBeCloseTo(Math.tanh(-6), 12);
    const mul = before.root.inputs[0]!.node;
    expect(mul.op).toBe('mul');
    expect(mul.value!.item()).toBe(-6);
    expect(before.root.inputs[0]!.derivative).toBeCloseTo(1 - Math.tanh(-6) ** 2, 12);
    expect(mul.inputs.map((e) => e!.derivative)).toEqual([-2, 3]);
    expect(mul.inputs.map((e) => e!.node.isLeaf)).toEqual([true, true]);
    expect(mul.inputs.map((e) => e!.node.value!.item())).toEqual([3, -2]);
    expect(mul.inputs.map((e) => e!.node.gradient)).toEqual([null, null]);
    const place = new Map(before.nodes.map((n, i) => [n, i]));
    for (const n of before.nodes)
      for (const e of n.inputs) expect(place.get(e!.node)!).toBeLessThan(place.get(n)!);
    out.backward();
    expect(x.grad!.item()).toBeCloseTo(-2 * (1 - Math.tanh(-6) ** 2), 12);
  });

  test('shapes and types; constants are null; vectors have no derivative', () => {
    const x = leaf([1, 2]);
    const { root, nodes } = graph(x.mul(tensor([3, 4], { dtype: 'float64' })).sum());
    expect(nodes.map((n) => [n.op, n.shape, n.dtype])).toEqual([
      [expect.any(String), [2], 'float64'],
      ['mul', [2], 'float64'],
      ['sum', [], 'float64'],
    ]);
    const mul = root.inputs[0]!.node;
    expect(mul.inputs[1]).toBeNull();
    expect(mul.inputs[0]!.derivative).toBeNull();
  });

  test('a value used twice is one node', () => {
    const x = leaf(2);
    const y = x.square();
    const { nodes } = graph(y.mul(y));
    expect(nodes.length).toBe(3);
  });

  test('values nobody holds are there when kept', () => {
    const x = leaf(2);
    const inner = (): Tensor | null => graph(tidy(() => x.square().exp())).root.inputs[0]!.node.value;
    expect(inner()).toBeNull();
    keepGraphValues(true);
    try {
      expect(inner()!.item()).toBe(4);
    } finally {
      keepGraphValues(false);
    }
  });

  test('of a constant is an error', () => {
    expect(() => graph(tensor([1]).mul(2))).toThrow('graph: nothing was recorded');
  });
});

describe('backward by steps', () => {
  test('node by node to the same gradients', () => {
    const x = leaf(3);
    const out = x.square().exp();
    const { root } = graph(out);
    const steps = backwardSteps(out);
    expect(steps.next).toBe(root.id);
    expect(steps.pending(root.id)!.item()).toBe(1);
    expect(steps.step()).toBe(true);
    const square = root.inputs[0]!.node;
    expect(steps.next).toBe(square.id);
    expect(steps.pending(square.id)!.item()).toBeCloseTo(Math.exp(9), 6);
    expect(x.grad).toBeNull();
    const rest = [...steps];
    expect(rest[0]).toBe(square.id);
    expect(steps.next).toBeNull();
    expect(steps.step()).toBe(false);
    expect(x.grad!.item()).toBeCloseTo(6 * Math.exp(9), 6);
  });

  test('the same gradients as backward on a network', () => {
    const run = (way: (loss: Tensor) => void): number[][] =>
      tidy(() => {
        const w = leaf([
          [0.1, -0.4],
          [0.7, 0.2],
        ]);
        const b = leaf([0.3, -0.1]);
        const h = tensor(
          [
            [1, 2],
            [3, -1],
          ],
          { dtype: 'float64' },
        )
          .matmul(w)
          .add(b)
          .tanh();
        way(h.mul(h).sum().add(w.square().sum()));
        return [[...w.grad!.toTypedArray()], [...b.grad!.toTypedArray()]];
      });
    expect(run((loss) => void [...backwardSteps(loss)])).toEqual(run((loss) => loss.backward()));
  });

  test('a gradient of its own; keeping the graph; ending early; one at a time', () => {
    const x = leaf([1, 2]);
    const y = x.square();
    void [...backwardSteps(y, { gradient: tensor([1, 10], { dtype: 'float64' }), retainGraph: true })];
    near(x.grad, [2, 40]);
    const first = backwardSteps(y, { gradient: tensor([1, 1], { dtype: 'float64' }), retainGraph: true });
    const second = backwardSteps(y.sum());
    expect(() => first.step()).toThrow('backwardSteps: this pass has ended, for another one was begun');
    second.dispose();
    expect(() => second.step()).toThrow(/has ended/);
    expect(() => backwardSteps(x.square())).toThrow(/a gradient must be given/);
    expect(() => backwardSteps(y.sum(), { retain: true } as never)).toThrow(/unknown option 'retain'/);
  });
});

describe('whole expressions', () => {
  test('a network by hand and by the tape', () => {
    const x = tensor([[0.5, -1]], { dtype: 'float64' });
    const w = leaf([
      [1, 2],
      [-1, 0.5],
    ]);
    const hidden = x.matmul(w).tanh();
    hidden.sum().backward();
    const h = hidden.toArray() as number[][];
    const d = h[0]!.map((v) => 1 - v * v);
    near(w.grad, [0.5 * d[0]!, 0.5 * d[1]!, -d[0]!, -d[1]!]);
  });

  test('where, max and clamp send gradients where the value came from', () => {
    const x = leaf([-1, 0.5, 3]);
    where(x.gt(0), x.square(), x.mul(10)).sum().backward();
    near(x.grad, [10, 1, 6]);
    x.grad = null;
    x.max().backward();
    near(x.grad, [0, 0, 1]);
    x.grad = null;
    x.clamp(-0.5, 2).sum().backward();
    near(x.grad, [0, 1, 0]);
  });

  test('parameters of a module', () => {
    const layer = new nn.Linear(2, 1);
    layer
      .forward(tensor([[3, 4]]))
      .sum()
      .backward();
    expect(layer.weight.grad!.toArray()).toEqual([[3, 4]]);
    expect(layer.bias!.grad!.toArray()).toEqual([1]);
    layer.zeroGrad();
    expect(layer.weight.grad).toBeNull();
    layer.dispose();
  });
});
