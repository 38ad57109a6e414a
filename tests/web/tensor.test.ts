// Tensors themselves: values in and out, types, views, indexing, printing.
import { inspect } from 'node:util';
import {
  arange,
  cat,
  type DType,
  type Index,
  init,
  max,
  memory,
  min,
  nn,
  ones,
  type Tensor,
  tensor,
  tidy,
  zeros,
  noGrad,
} from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const dtypes: DType[] = ['bool', 'uint8', 'int32', 'float32', 'float64'];

describe('making', () => {
  test('from numbers, nested arrays and booleans', () => {
    expect(tensor(3).shape).toEqual([]);
    expect(tensor(3).item()).toBe(3);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([[[1], [2]]]).shape).toEqual([1, 2, 1]);
    expect(tensor([1, 2]).dtype).toBe('float32');
    expect(tensor([true, false]).dtype).toBe('bool');
    expect(tensor(true).item<boolean>()).toBe(true);
    expect(
      tensor([
        [1, 0],
        [Number.NaN, Number.NEGATIVE_INFINITY],
      ]).toArray(),
    ).toEqual([
      [1, 0],
      [Number.NaN, Number.NEGATIVE_INFINITY],
    ]);
  });

  test('from typed arrays, of their type and shape', () => {
    const made: [ArrayLike<number> | ArrayLike<bigint>, DType][] = [
      [new Float32Array([1.5, 2]), 'float32'],
      [new Float64Array([1.5, 2]), 'float64'],
      [new Uint8Array([1, 255]), 'uint8'],
      [new Uint8ClampedArray([1, 255]), 'uint8'],
      [new Int32Array([1, -2]), 'int32'],
      [new Int8Array([1, -2]), 'int32'],
      [new Uint16Array([1, 65535]), 'int32'],
      [new Uint32Array([1, 2 ** 31 - 1]), 'int32'],
      [new BigInt64Array([1n, -5n]), 'int32'],
    ];
    for (const [data, dtype] of made) {
      const t = tensor(data);
      expect(t.dtype).toBe(dtype);
      expect([...t.toTypedArray()]).toEqual(Array.from(data as ArrayLike<number>, Number));
    }
    expect(tensor(new Float32Array(6), { shape: [2, 3] }).shape).toEqual([2, 3]);
    expect(tensor([new Float64Array([1, 2]), new Float64Array([3, 4])]).dtype).toBe('float64');
    expect(tensor([new Uint8Array([1, 2]), new Uint8Array([3, 4])]).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test('the data are copied, not shared', () => {
    const data = new Float32Array([1, 2]);
    const t = tensor(data);
    data[0] = 9;
    expect(t.toArray()).toEqual([1, 2]);
    const out = t.toTypedArray();
    out[0] = 9;
    expect(t.toArray()).toEqual([1, 2]);
    const copy = tensor(t, { requiresGrad: true });
    expect(copy.is(t)).toBe(false);
    expect(copy.isLeaf && copy.requiresGrad).toBe(true);
    noGrad(() => copy.copy_(tensor([5, 6])));
    expect(t.toArray()).toEqual([1, 2]);
  });

  test('of a type that was asked for', () => {
    expect(tensor([0, 1, -2.7], { dtype: 'int32' }).toArray()).toEqual([0, 1, -2]);
    expect(tensor([0, 0.5, Number.NaN], { dtype: 'bool' }).toArray()).toEqual([false, true, true]);
    expect(tensor([1, 2], { dtype: 'float64' }).toTypedArray()).toBeInstanceOf(Float64Array);
    expect(tensor([0.1], { dtype: 'float64' }).item()).toBe(0.1);
    expect(tensor([0.1]).item()).toBe(Math.fround(0.1));
  });

  test('a large one', () => {
    const data = Float64Array.from({ length: 300_000 }, (_, i) => i);
    const t = tensor(data, { shape: [300, 1000] });
    expect(t.at(299, 999).item()).toBe(299_999);
    expect(t.toTypedArray()).toEqual(data);
    t.dispose();
  });

  test('deeply nested', () => {
    const t = tensor([[[[[[1], [2]]]]]]);
    expect(t.shape).toEqual([1, 1, 1, 1, 2, 1]);
    expect(t.toArray()).toEqual([[[[[[1], [2]]]]]]);
  });
});

describe('values out', () => {
  test('read() is a Promise of the same values', async () => {
    expect(await tensor([1, 2]).read()).toEqual(new Float32Array([1, 2]));
    const gone = tensor([1]);
    gone.dispose();
    await expect(gone.read()).rejects.toThrow('was disposed of');
  });

  test('toArray of every rank and of empty ones', () => {
    const t = arange(0, 24).reshape([2, 3, 4]);
    expect(t.toArray()).toEqual([
      [
        [0, 1, 2, 3],
        [4, 5, 6, 7],
        [8, 9, 10, 11],
      ],
      [
        [12, 13, 14, 15],
        [16, 17, 18, 19],
        [20, 21, 22, 23],
      ],
    ]);
    expect(zeros([2, 0]).toArray()).toEqual([[], []]);
    expect(zeros([0, 2]).toArray()).toEqual([]);
    expect(tensor([[true], [false]]).toArray()).toEqual([[true], [false]]);
  });

  test('of views, in row-major order', () => {
    const t = arange(0, 6).reshape([2, 3]);
    expect(t.t().toArray()).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
    expect([...t.t().toTypedArray()]).toEqual([0, 3, 1, 4, 2, 5]);
    expect(t.at(':', '::2').toArray()).toEqual([
      [0, 2],
      [3, 5],
    ]);
    expect(tensor([1, 2]).expand([2, 2]).toArray()).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  test('survive memory growing while an array is held', () => {
    const small = tensor([1, 2, 3]);
    const before = small.toTypedArray();
    const big = zeros([8_000_000]);
    expect(before).toEqual(new Float32Array([1, 2, 3]));
    expect(small.toTypedArray()).toEqual(before);
    big.dispose();
  });
});

describe('types', () => {
  // PyTorch's table, with int32 for its int64.
  const sums: Record<DType, DType[]> = {
    bool: ['bool', 'uint8', 'int32', 'float32', 'float64'],
    uint8: ['uint8', 'uint8', 'int32', 'float32', 'float64'],
    int32: ['int32', 'int32', 'int32', 'float32', 'float64'],
    float32: ['float32', 'float32', 'float32', 'float32', 'float64'],
    float64: ['float64', 'float64', 'float64', 'float64', 'float64'],
  };
  for (const a of dtypes)
    test(`${a} with others`, () => {
      tidy(() => {
        const x = tensor([1, 0], { dtype: a });
        expect(dtypes.map((b) => x.add(tensor([1, 1], { dtype: b })).dtype)).toEqual(sums[a]);
        expect(dtypes.map((b) => tensor([1, 1], { dtype: b }).add(x).dtype)).toEqual(sums[a]);
        const whole = a === 'bool' || a === 'uint8' || a === 'int32';
        expect(x.add(1).dtype).toBe(a === 'bool' ? 'int32' : a);
        expect(x.mul(1.5).dtype).toBe(whole ? 'float32' : a);
        expect(x.div(2).dtype).toBe(whole ? 'float32' : a);
        expect(x.exp().dtype).toBe(whole ? 'float32' : a);
        expect(x.sum().dtype).toBe(whole ? 'int32' : a);
        expect(x.gt(0).dtype).toBe('bool');
      });
    });

  test('conversions', () => {
    const x = tensor([0, 1.9, -1.9]);
    expect(x.int().toArray()).toEqual([0, 1, -1]);
    expect(x.bool().toArray()).toEqual([false, true, true]);
    expect(x.double().float().toArray()).toEqual(x.toArray());
    expect(x.to('float32').is(x)).toBe(true);
    expect(tensor([true]).float().item()).toBe(1);
  });

  test('whole numbers of JavaScript stay whole where the tensor is', () => {
    expect(tensor([5, 6], { dtype: 'int32' }).mul(2).toArray()).toEqual([10, 12]);
    expect(tensor([5], { dtype: 'int32' }).mul(2.5).toArray()).toEqual([12.5]);
  });
});

describe('views share storage', () => {
  const views: [string, (x: Tensor) => Tensor][] = [
    ['view', (x) => x.view([6])],
    ['reshape', (x) => x.reshape([3, 2])],
    ['transpose', (x) => x.transpose(0, 1)],
    ['permute', (x) => x.permute([1, 0])],
    ['select', (x) => x.select(0, 1)],
    ['narrow', (x) => x.narrow(1, 1, 2)],
    ['unsqueeze', (x) => x.unsqueeze(0)],
    ['squeeze', (x) => x.unsqueeze(0).squeeze()],
    ['expand', (x) => x.expand([2, 2, 3])],
    ['detach', (x) => x.detach()],
    ['diagonal', (x) => x.diagonal()],
    ['at with slices', (x) => x.at(':', '1:')],
    ['flatten', (x) => x.flatten()],
  ];
  for (const [name, take] of views)
    test(name, () => {
      const x = tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      const bytes = memory().bytes;
      const view = take(x);
      expect(memory().bytes, 'no memory of its own').toBe(bytes);
      x.copy_(x.mul(10));
      const expected = take(
        tensor([
          [10, 20, 30],
          [40, 50, 60],
        ]),
      );
      expect(view.toArray()).toEqual(expected.toArray());
    });

  const copies: [string, (x: Tensor) => Tensor][] = [
    ['clone', (x) => x.clone()],
    ['reshape across strides', (x) => x.t().reshape([6])],
    ['contiguous of a transposed one', (x) => x.t().contiguous()],
    ['an index list', (x) => x.at([0, 1])],
  ];
  for (const [name, take] of copies)
    test(`${name} is a copy`, () => {
      const x = tensor([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      const copy = take(x);
      const before = copy.toArray();
      x.copy_(zeros([2, 3]));
      expect(copy.toArray()).toEqual(before);
    });

  test('strides and contiguity', () => {
    const x = zeros([2, 3]);
    expect(x.strides).toEqual([3, 1]);
    expect(x.isContiguous()).toBe(true);
    expect(x.t().strides).toEqual([1, 3]);
    expect(x.t().isContiguous()).toBe(false);
    expect(x.expand([4, 2, 3]).strides).toEqual([0, 3, 1]);
    expect([x.ndim, x.dim(), x.numel(), x.size(-1)]).toEqual([2, 2, 6, 3]);
    expect(Object.isFrozen(x.shape)).toBe(true);
  });
});

describe('indexing', () => {
  const x = (): Tensor => arange(0, 12).reshape([3, 4]);
  const int = (values: number[] | number[][]): Tensor => tensor(values, { dtype: 'int32' });
  const cases: [string, () => Index[], unknown][] = [
    ['one number', () => [1], [4, 5, 6, 7]],
    ['from the end', () => [-1, -1], 11],
    [
      'a slice',
      () => ['1:'],
      [
        [4, 5, 6, 7],
        [8, 9, 10, 11],
      ],
    ],
    [
      'two slices',
      () => [':2', '1:3'],
      [
        [1, 2],
        [5, 6],
      ],
    ],
    ['a step', () => [0, '::2'], [0, 2]],
    ['an ellipsis', () => ['...', 0], [0, 4, 8]],
    ['a new dimension', () => [null, 0], [[0, 1, 2, 3]]],
    ['a new dimension inside', () => [0, null, '1:2'], [[1]]],
    [
      'a list',
      () => [[2, 0]],
      [
        [8, 9, 10, 11],
        [0, 1, 2, 3],
      ],
    ],
    [
      'a list in the second place',
      () => [':', [1, -1]],
      [
        [1, 3],
        [5, 7],
        [9, 11],
      ],
    ],
    [
      'a tensor of indices',
      () => [
        int([
          [0, 1],
          [2, 0],
        ]),
        0,
      ],
      [
        [0, 4],
        [8, 0],
      ],
    ],
    [
      'a mask of rows',
      () => [tensor([true, false, true])],
      [
        [0, 1, 2, 3],
        [8, 9, 10, 11],
      ],
    ],
    ['a mask of everything', () => [x().gt(8)], [9, 10, 11]],
    ['an empty slice', () => ['3:'], []],
  ];
  for (const [name, indices, expected] of cases)
    test(name, () => {
      const t = x().at(...indices());
      const values = t.ndim === 0 ? t.item() : t.toArray();
      expect(values).toEqual(expected);
    });

  test('gradients go back through it', () => {
    const w = tensor(
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      { requiresGrad: true },
    );
    w.at(1, [0, 0, 2]).sum().backward();
    expect(w.grad!.toArray()).toEqual([
      [0, 0, 0],
      [2, 0, 1],
    ]);
  });

  test('iterating gives the parts', () => {
    expect([...x()].map((row) => row.sum().item())).toEqual([6, 22, 38]);
    const [a, b] = tensor([
      [1, 2],
      [3, 4],
    ]).max(1);
    expect([a!.toArray(), b!.toArray()]).toEqual([
      [2, 4],
      [1, 1],
    ]);
  });
});

describe('several results and several forms of arguments', () => {
  test('named and in order', () => {
    const result = tensor([1, 3, 2]).max(0);
    expect(result.values.item()).toBe(3);
    expect(result.indices.item()).toBe(1);
    expect(result.length).toBe(2);
  });

  test('max and min of all, along a dimension, with options', () => {
    const x = tensor([
      [1, 5],
      [7, 2],
    ]);
    expect(max(x).item()).toBe(7);
    expect(min(x).item()).toBe(1);
    expect(x.max().item()).toBe(7);
    expect(x.min().item()).toBe(1);
    expect(max(x, 1).values.toArray()).toEqual([5, 7]);
    expect(max(x, 1, true).values.shape).toEqual([2, 1]);
    expect(max(x, { dim: 0, keepdim: true }).indices.toArray()).toEqual([[1, 0]]);
    expect(min(x, { dim: 0 }).values.toArray()).toEqual([1, 2]);
  });

  test('arange of one, two and three numbers', () => {
    expect(arange(3).toArray()).toEqual([0, 1, 2]);
    expect(arange(1, 3).toArray()).toEqual([1, 2]);
    expect(arange(0, 1, 0.25).toArray()).toEqual([0, 0.25, 0.5, 0.75]);
    expect(arange(3).dtype).toBe('int32');
    expect(arange(0, 2, 0.5).dtype).toBe('float32');
    expect(arange(3, { dtype: 'float64' }).dtype).toBe('float64');
  });

  test('sizes as one list or one by one', () => {
    expect(zeros(2, 3).shape).toEqual([2, 3]);
    expect(zeros([2, 3], { dtype: 'int32' }).dtype).toBe('int32');
    expect(zeros(2, 3, { dtype: 'int32' }).dtype).toBe('int32');
    expect(ones().shape).toEqual([]);
    expect(arange(6).reshape(2, -1).shape).toEqual([2, 3]);
    expect(arange(6).reshape([3, 2]).permute(1, 0).shape).toEqual([2, 3]);
  });

  test('positional or by name', () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(x.sum(1).toArray()).toEqual([3, 7]);
    expect(x.sum(1, true).toArray()).toEqual([[3], [7]]);
    expect(x.sum({ dim: 1, keepdim: true }).toArray()).toEqual([[3], [7]]);
    expect(x.sum([0, 1]).item()).toBe(10);
    expect(x.softmax({ dim: 0 }).sum(0).round().toArray()).toEqual([1, 1]);
    expect(x.clamp(null, 2).toArray()).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });
});

describe('what PyTorch allows', () => {
  const x = (): Tensor => tensor([-2, 0.5, 2]);
  test('clamp with one bound', () => {
    expect(x().clamp({ max: 1 }).toArray()).toEqual([-2, 0.5, 1]);
    expect(x().clamp({ min: -1 }).toArray()).toEqual([-1, 0.5, 2]);
    expect(x().clamp(-1).toArray()).toEqual([-1, 0.5, 2]);
    expect(x().clamp(null, 1).toArray()).toEqual([-2, 0.5, 1]);
    expect(x().clamp(-1, { max: 1 }).toArray()).toEqual([-1, 0.5, 1]);
    expect(() => x().clamp()).toThrow('clamp: min or max must be given');
    expect(() => x().clamp({})).toThrow('clamp: min or max must be given');
  });
  test('division of integers is true division, by zero too', () => {
    const y = tensor([1, 0, -1], { dtype: 'int32' }).div(0);
    expect(y.dtype).toBe('float32');
    expect(y.toArray()).toEqual([Number.POSITIVE_INFINITY, Number.NaN, Number.NEGATIVE_INFINITY]);
  });
});

describe('copy_', () => {
  test('broadcasts and converts', () => {
    const x = zeros([2, 3]);
    x.copy_(tensor([1, 2, 3], { dtype: 'int32' }));
    expect(x.toArray()).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    x.at(':', 0).copy_(tensor(9));
    expect(x.toArray()).toEqual([
      [9, 2, 3],
      [9, 2, 3],
    ]);
    expect(x.copy_(x.t().t())).toBe(x);
  });
});

describe('printing is as in PyTorch', () => {
  const printed: [() => Tensor, string][] = [
    [() => tensor([1, 2.5, -3]), 'tensor([ 1.0000,  2.5000, -3.0000])'],
    [
      () =>
        tensor(
          [
            [1, 2],
            [3, 4],
          ],
          { dtype: 'int32' },
        ),
      'tensor([[1, 2],\n        [3, 4]])',
    ],
    [() => tensor([true, false]), 'tensor([ True, False])'],
    [() => tensor(3), 'tensor(3.)'],
    [() => tensor([1e-8, 1e8]), 'tensor([1.0000e-08, 1.0000e+08])'],
    [() => tensor([Number.NaN, Number.POSITIVE_INFINITY, 1]), 'tensor([nan, inf, 1.])'],
    [() => arange(0, 2000), 'tensor([   0,    1,    2,  ..., 1997, 1998, 1999])'],
    [() => tensor([1, 2], { requiresGrad: true }), 'tensor([1., 2.], requires_grad=True)'],
    [() => tensor([1, 2], { requiresGrad: true }).mul(2).sum(), 'tensor(6., grad_fn=<SumBackward0>)'],
    [
      () => tensor([[1, 2]], { requiresGrad: true }).softmax(1),
      'tensor([[0.2689, 0.7311]], grad_fn=<SoftmaxBackward0>)',
    ],
    [() => new nn.Parameter(tensor([1, 2])), 'Parameter containing:\ntensor([1., 2.], requires_grad=True)'],
  ];
  for (const [make, text] of printed)
    test(text.split('\n')[0]!, () => {
      expect(String(make())).toBe(text);
      expect(inspect(make())).toBe(text);
    });
});

test('a list is read whole, however long the one after it is', () => {
  // Each empty shape moves the place where lists are written by 8 bytes of its 64 KB; the last one wraps around.
  const parts: Tensor[] = [];
  for (let round = 0; round < 2; round++)
    tidy(() => {
      for (let i = 0; i < 8200; i++) parts.push(tensor(i).keep());
    });
  const whole = cat(parts.map((p) => p.reshape([1])));
  expect(whole.shape).toEqual([16_400]);
  expect(whole.at(-1).item()).toBe(8199);
  for (const p of parts) p.dispose();
});
