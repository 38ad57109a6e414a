// In-place forms and assignment by index, with their gradients.
import { grad, init, memory, noGrad, ones, type Tensor, tensor, tidy, zeros } from 'fluxion';
import { describe, expect, test } from 'vitest';
import { camel, rows } from './lib/rows.ts';

await init({ simd: 'simd', threads: 1 });

const inPlaceNames = rows.ops.filter((row) => row.inPlace).map((row) => camel(row.name));

type Call = (...args: unknown[]) => Tensor;
const leaf = (values: number[]): Tensor => tensor(values, { dtype: 'float64', requiresGrad: true });

describe('in-place forms', () => {
  const args: Record<string, () => unknown[]> = {
    clamp: () => [0.5, 0.75],
    maskedFill: () => [tensor([[true], [false]]), 3],
    indexAdd: () => [0, tensor([1, 0], { dtype: 'int32' }), leaf([1, 2, 3, 4]).view([2, 2])],
    scatterAdd: () => [1, tensor([[1], [0]], { dtype: 'int32' }), leaf([1, 2]).view([2, 1])],
    scatter: () => [1, tensor([[1], [0]], { dtype: 'int32' }), leaf([1, 2]).view([2, 1])],
    lerp: () => [leaf([5, 6]), 0.25],
    tril: () => [],
    triu: () => [1],
    cumsum: () => [1],
    cumprod: () => [0],
  };
  const two = 'add sub mul div pow fmod remainder atan2'.split(' ');

  test.each(inPlaceNames)('%s_ writes what %s gives, with its gradients', (name) => {
    const given = args[name]?.() ?? (two.includes(name) ? [leaf([1.5, 2.5])] : []);
    const base = name === 'acosh' ? 1.2 : 0.2;
    const x = tensor([base, 0.4 + base, 0.6 + base, 0.7 + base], { dtype: 'float64', requiresGrad: true });
    const weights = tensor(
      [
        [1, 2],
        [3, 5],
      ],
      { dtype: 'float64' },
    );
    const wanted = [x, ...given.filter((a): a is Tensor => (a as Tensor)?.requiresGrad === true)];
    const method = (t: Tensor, called: string): Tensor =>
      (t as unknown as Record<string, Call>)[called]!(...given);

    const start = x.view([2, 2]).mul(1);
    const beside = method(start, name);
    const changed = x.view([2, 2]).mul(1);
    const view = changed.view([4]);
    expect(method(changed, `${name}_`)).toBe(changed);
    expect(changed.toArray()).toEqual(beside.toArray());
    expect(view.toArray()).toEqual(beside.flatten().toArray());
    const [a, b] = [beside, view.view([2, 2])].map((t) =>
      grad(t.mul(weights).sum(), wanted, { allowUnused: true, retainGraph: true }),
    );
    expect(b!.map((g) => g?.toArray())).toEqual(a!.map((g) => g?.toArray()));
  });

  test('fill_, zero_ and copy_', () => {
    const a = leaf([1, 2]);
    const x = a.mul(2);
    x.at(0).fill_(7);
    x.sum().backward();
    expect(x.toArray()).toEqual([7, 4]);
    expect(a.grad!.toArray()).toEqual([0, 2]);
    expect(a.mul(1).zero_().requiresGrad).toBe(true);
    const into = zeros([2], { dtype: 'float64' });
    into.copy_(a.square()).sum().backward();
    expect(a.grad!.toArray()).toEqual([2, 6]);
    expect(tensor([1, 2], { dtype: 'int32' }).fill_(2.7).toArray()).toEqual([2, 2]);
  });

  test('refusals leave everything as it was', () => {
    const a = leaf([1, 2]);
    for (const change of [() => a.add_(1), () => a.zero_(), () => a.copy_(ones([2])), () => a.at(0).exp_()])
      expect(change).toThrow(
        /^\w+_: a (view of a )?leaf that requires a gradient cannot be changed in place/,
      );
    expect(a.toArray()).toEqual([1, 2]);
    noGrad(() => a.add_(1));
    expect(a.toArray()).toEqual([2, 3]);
    expect(() => zeros([2]).add_(zeros([3, 2]))).toThrow(
      'add_: the result is [3, 2], which does not fit into [2]',
    );
    expect(() => tensor([1], { dtype: 'int32' }).div_(2)).toThrow(
      'div_: the result is float32, which a tensor of int32 cannot hold; convert it with to() first',
    );
    const x = a.mul(2);
    const y = x.exp();
    y.mul_(2);
    expect(() => y.sum().backward()).toThrow('a value that exp saved for its gradient');
  });

  test('nothing stays behind', () => {
    const step = (): void =>
      tidy(() => {
        const x = leaf([1, 2]).mul(1);
        for (let i = 0; i < 4; i++) x.at(0).mul_(x.at(1)).add_(1);
      });
    step();
    const { graphNodes, tensors } = memory();
    step();
    expect([memory().graphNodes, memory().tensors]).toEqual([graphNodes, tensors]);
  });
});

describe('assignment by index', () => {
  const grid = (): Tensor =>
    tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  const whole = (values: unknown): Tensor => tensor(values as number[], { dtype: 'int32' });

  test.each<[string, Parameters<Tensor['set']>, unknown]>([
    [
      'an integer',
      [1, 0],
      [
        [1, 2, 3],
        [0, 0, 0],
      ],
    ],
    [
      'a negative integer',
      [':', -1, 9],
      [
        [1, 2, 9],
        [4, 5, 9],
      ],
    ],
    [
      'a stepped slice',
      [':', '::2', 0],
      [
        [0, 2, 0],
        [0, 5, 0],
      ],
    ],
    [
      'a slice backwards',
      [0, '::-1', tensor([7, 8, 9])],
      [
        [9, 8, 7],
        [4, 5, 6],
      ],
    ],
    [
      'an ellipsis',
      ['...', 1, 0],
      [
        [1, 0, 3],
        [4, 0, 6],
      ],
    ],
    [
      'a new dimension',
      [null, 0, tensor([[7, 8, 9]])],
      [
        [7, 8, 9],
        [4, 5, 6],
      ],
    ],
    [
      'a list',
      [':', [0, -1], tensor([[7], [8]])],
      [
        [7, 2, 7],
        [8, 5, 8],
      ],
    ],
    [
      'an index tensor',
      [whole([[1, 0]]), tensor([7, 8, 9])],
      [
        [7, 8, 9],
        [7, 8, 9],
      ],
    ],
    [
      'a mask',
      [
        tensor([
          [true, false, true],
          [false, true, false],
        ]),
        tensor([7, 8, 9]),
      ],
      [
        [7, 2, 8],
        [4, 9, 6],
      ],
    ],
    [
      'a mask of rows',
      [tensor([false, true]), 0],
      [
        [1, 2, 3],
        [0, 0, 0],
      ],
    ],
    [
      'a mask of nothing',
      [tensor([false, false]), 0],
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
    [
      'two lists',
      [[0, 1], [2, 0], tensor([7, 8])],
      [
        [1, 2, 7],
        [8, 5, 6],
      ],
    ],
    [
      'lists that broadcast',
      [whole([[0], [1]]), whole([0, 2]), 0],
      [
        [0, 2, 0],
        [0, 5, 0],
      ],
    ],
    [
      'nothing named',
      [5],
      [
        [5, 5, 5],
        [5, 5, 5],
      ],
    ],
  ])('with %s', (_, args, result) => {
    const x = grid();
    expect(x.set(...args)).toBe(x);
    expect(x.toArray()).toEqual(result);
  });

  test('several lists are read too', () => {
    const x = tensor([...Array(24).keys()]).view([2, 3, 4]);
    expect(x.at([0, 1], [2, 0]).toArray()).toEqual([
      [8, 9, 10, 11],
      [12, 13, 14, 15],
    ]);
    expect(x.at([1, 0], ':', [0, -1]).toArray()).toEqual([
      [12, 16, 20],
      [3, 7, 11],
    ]);
    expect(x.at(':', whole([[0], [2]]), whole([1, 3])).shape).toEqual([2, 2, 2]);
    expect(
      x
        .at(
          tensor([
            [true, false, false],
            [false, false, true],
          ]),
          [0, 3],
        )
        .toArray(),
    ).toEqual([0, 23]);
  });

  test('gradients go to the value and to what stays', () => {
    const a = leaf([1, 2, 3]);
    const value = leaf([5, 6]);
    const x = a.mul(2);
    x.set([2, 0], value.square());
    x.mul(tensor([1, 10, 100], { dtype: 'float64' }))
      .sum()
      .backward();
    expect(a.grad!.toArray()).toEqual([0, 20, 0]);
    expect(value.grad!.toArray()).toEqual([1000, 12]);
    const into = zeros([2, 2], { dtype: 'float64' });
    into.set(1, ':', value);
    into.square().sum().backward();
    expect(value.grad!.toArray()).toEqual([1010, 24]);
  });

  test.each<[string, () => unknown, string]>([
    [
      'a value',
      () => grid().set(0, tensor([1, 2])),
      'set: a value of shape [2] does not fit the parts, of shape [3]',
    ],
    ['a place', () => grid().set([2], 0), 'set: index 2 is out of range for dimension 0 of [2, 3]'],
    [
      'a mask',
      () => grid().set(tensor([true]), 0),
      'set: a mask of shape [1] does not fit [2, 3] at dimension 0',
    ],
    ['lists', () => grid().at([0, 1], [0, 1, 2]), 'at: index lists of shapes [2] and [3] do not broadcast'],
    [
      'a float index',
      () => grid().at(tensor([0.5])),
      'at: an index tensor holds integers or booleans, this one is float32',
    ],
    ['a text', () => grid().set('a', 0), "set: 'a' is no slice"],
    [
      'a value of no kind',
      () => grid().set(0, 'x' as never),
      "set: the value must be a Tensor or a number, got 'x'",
    ],
  ])('%s that does not fit is named', (_, call, message) => {
    expect(call).toThrow(message);
  });
});

describe('unfold', () => {
  test('gives overlapping windows of the same memory', () => {
    const x = leaf([1, 2, 3, 4]);
    const windows = x.unfold(0, 2, 1);
    expect(windows.toArray()).toEqual([
      [1, 2],
      [2, 3],
      [3, 4],
    ]);
    windows.sum().backward();
    expect(x.grad!.toArray()).toEqual([1, 2, 2, 1]);
    expect(() => x.unfold(0, 5, 1)).toThrow('windows: size 5 does not fit into dimension 0 of [4]');
  });
});

describe('integers divided by zero', () => {
  test.each(['remainder', 'fmod'] as const)('%s refuses', (name) => {
    const x = tensor([1, 2], { dtype: 'int32' });
    for (const zero of [0, tensor([1, 0], { dtype: 'int32' })])
      expect(() => x[name](zero)).toThrow(`${name}: an integer divisor is 0; convert with to('float32')`);
    expect(tensor([1])[name](0).item()).toBeNaN();
  });
  test('div gives infinities', () => {
    expect(tensor([1, 0], { dtype: 'int32' }).div(0).toArray()).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
  });
});
