// Bad input: the type and the text of each error, and that nothing has changed afterwards.
import {
  arange,
  bernoulli,
  cat,
  DTypeError,
  eye,
  F,
  FluxionError,
  full,
  IndexError,
  info,
  init,
  memory,
  nn,
  OutOfMemoryError,
  ones,
  ParseError,
  rand,
  randint,
  randn,
  ShapeError,
  stack,
  type Tensor,
  tensor,
  tidy,
  where,
  zeros,
} from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';
import { refused } from './lib/unharmed.ts';

type Case = [name: string, call: () => unknown, message: string | RegExp];

let m23: Tensor;
let m45: Tensor;
let vector: Tensor;
let doubles: Tensor;
let whole: Tensor;
let truth: Tensor;
let image: Tensor;
let kernel: Tensor;
let weight: Tensor;

// What a careless JavaScript caller passes, past the types.
// biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose
const any = (value: unknown): any => value;

const beforeInit = (() => {
  const calls: [string, () => unknown][] = [
    ['tensor', () => tensor([1])],
    ['zeros', () => zeros([2])],
    ['memory', () => memory()],
    ['info', () => info()],
  ];
  return calls.map(([name, call]) => {
    try {
      call();
      return [name, undefined] as const;
    } catch (error) {
      return [name, error as Error] as const;
    }
  });
})();

beforeAll(async () => {
  await init({ simd: 'simd', threads: 1 });
  m23 = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  m45 = ones([4, 5]);
  vector = tensor([1, 2, 3]);
  doubles = tensor([1, 2, 3], { dtype: 'float64' });
  whole = tensor([0, 1, 2], { dtype: 'int32' });
  truth = tensor([true, false, true]);
  image = ones([1, 1, 4, 4]);
  kernel = ones([1, 1, 3, 3]);
  weight = tensor([1, 2, 3], { requiresGrad: true });
});

const kept = (): Tensor[] => [m23, m45, vector, doubles, whole, truth, image, kernel, weight];

function refusing(kind: string, name: string, cases: Case[]): void {
  describe(kind, () => {
    for (const [title, call, message] of cases) test(title, () => refused(call, { name, message }, kept()));
  });
}

describe('before init', () => {
  for (const [name, error] of beforeInit)
    test(name, () => {
      expect(error).toBeInstanceOf(FluxionError);
      expect(error?.message).toBe(
        name === 'info'
          ? 'info: Fluxion is not ready: call `await init()` first'
          : 'Fluxion is not ready: call `await init()` once before anything else',
      );
    });
});

test('every type of error is a FluxionError and an Error', () => {
  for (const Type of [ShapeError, DTypeError, IndexError, ParseError, OutOfMemoryError]) {
    const error = new Type('text');
    expect(error).toBeInstanceOf(FluxionError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(Type.name);
  }
  expect(() => m23.matmul(m45)).toThrow(ShapeError);
  expect(() => whole.requiresGrad_()).toThrow(DTypeError);
  expect(() => m23.sum(7)).toThrow(IndexError);
});

refusing('shapes', 'ShapeError', [
  ['matmul', () => m23.matmul(m45), 'matmul: inner sizes differ: [2, 3] @ [4, 5] (3 vs 4)'],
  ['add', () => m23.add(m45), 'add: shapes do not broadcast: [2, 3] and [4, 5] (3 vs 5 in dimension -1)'],
  [
    'linear',
    () => F.linear(vector, m45),
    "linear: x's last dimension is not the weight's: [3] with weight [4, 5] (3 vs 5)",
  ],
  ['reshape to another size', () => m23.reshape([4, 2]), 'reshape: 6 elements do not fit [4, 2] (8)'],
  ['reshape with two unknowns', () => m23.reshape([-1, -1]), 'reshape: only one size may be -1: [-1, -1]'],
  ['reshape to a negative size', () => m23.reshape(-2, 3), 'reshape: a size is negative in [-2, 3]'],
  [
    'view across strides',
    () => m23.t().view([6]),
    'view: [3, 2] with strides [1, 3] cannot be seen as [6] without a copy; use reshape',
  ],
  ['expand', () => m23.expand([3, 3]), 'expand: [2, 3] does not expand to [3, 3]'],
  ['cat', () => cat([m23, m45]), 'cat: sizes must match except in dimension 0: [2, 3] and [4, 5]'],
  ['cat of nothing', () => cat([]), 'cat: the list of tensors is empty'],
  ['stack', () => stack([m23, m45]), 'stack: shapes must be equal: [2, 3] and [4, 5]'],
  ['t', () => image.t(), 't: needs a matrix, this tensor is [1, 1, 4, 4]; use transpose'],
  ['permute twice', () => m23.permute([0, 0]), 'permute: dimension 0 appears twice in [0, 0]'],
  ['permute too few', () => m23.permute([0]), 'permute: [0] names 1 dimensions, the tensor has 2: [2, 3]'],
  ['item', () => m23.item(), 'item: a tensor of one element is needed, this one is [2, 3]'],
  ['copy_', () => vector.copy_(m23), 'copy_: [2, 3] does not expand to [3]'],
  ['split', () => vector.split(0), 'split: the size of a part must be positive, it is 0'],
  [
    'conv2d channels',
    () => F.conv2d(image, ones([1, 2, 3, 3])),
    'conv2d: x has 1 channels, weight [1, 2, 3, 3] with groups 1 expects 2: x [1, 1, 4, 4]',
  ],
  [
    'conv2d kernel',
    () => F.conv2d(image, ones([1, 1, 7, 7])),
    'conv2d: the kernel does not fit: x [1, 1, 4, 4], weight [1, 1, 7, 7], padding [0], dilation [1]',
  ],
  [
    'max pooling window',
    () => F.maxPool2d(image, 9),
    'maxPool2d: the window does not fit: x [1, 1, 4, 4], kernel [9], padding [0], dilation [1]',
  ],
  [
    'cross entropy target',
    () => F.crossEntropy(m23, whole),
    'crossEntropy: target must be [2] for an input of [2, 3], it is [3]',
  ],
  [
    'a gradient of another shape',
    () => (weight.grad = m23),
    'grad: a gradient of shape [2, 3] does not fit a tensor of [3]',
  ],
]);

refusing('sizes that are none', 'ShapeError', [
  ['NaN', () => zeros([Number.NaN]), 'zeros: shape[0] must be an integer, got NaN'],
  ['NaN among sizes one by one', () => zeros(2, Number.NaN), 'zeros: shape[1] must be an integer, got NaN'],
  ['a fraction', () => zeros([2, 1.5]), 'zeros: shape[1] must be an integer, got 1.5'],
  ['infinity', () => zeros([Number.POSITIVE_INFINITY]), 'zeros: shape[0] must be an integer, got Infinity'],
  ['negative', () => zeros([2, -1]), 'zeros: a size is negative in [2, -1]'],
  ['negative in ones', () => ones([-1]), 'ones: a size is negative in [-1]'],
  ['negative in full', () => full([3, -1], 7), 'full: a size is negative in [3, -1]'],
  ['negative in eye', () => eye(-1), 'eye: a size is negative in [-1, -1]'],
  ['negative in rand', () => rand([-2]), 'rand: a size is negative in [-2]'],
  ['negative in randn', () => randn([-2]), 'randn: a size is negative in [-2]'],
  ['negative in randint', () => randint(0, 5, [-2]), 'randint: a size is negative in [-2]'],
  ['negative in bernoulli', () => bernoulli([-2], 0.5), 'bernoulli: a size is negative in [-2]'],
  ['NaN in rand', () => rand(2, Number.NaN), 'rand: shape[1] must be an integer, got NaN'],
  [
    'beyond counting',
    () => zeros([2 ** 40, 2 ** 40]),
    'zeros: too many elements in [1099511627776, 1099511627776]',
  ],
  ['rank over the limit', () => zeros(new Array(65).fill(1)), 'zeros: rank 65 is over the limit of 64'],
  ['NaN in reshape', () => m23.reshape([Number.NaN, 2]), 'reshape: shape[0] must be an integer, got NaN'],
  [
    'NaN in tensor',
    () => tensor([1, 2], { shape: [Number.NaN] }),
    'tensor: shape[0] must be a size of 0 or more, got NaN',
  ],
  [
    'negative in tensor',
    () => tensor([1, 2], { shape: [-2] }),
    'tensor: shape[0] must be a size of 0 or more, got -2',
  ],
  [
    'values that do not fill',
    () => tensor([1, 2, 3], { shape: [2, 2] }),
    'tensor: 3 values do not fill [2, 2]',
  ],
]);

refusing('element types', 'DTypeError', [
  [
    'an unknown one',
    () => zeros([2], { dtype: any('flaot32') }),
    "zeros: 'flaot32' is no dtype; did you mean 'float32'?",
  ],
  ['int64', () => vector.to(any('int64')), "to: 'int64' is no dtype; did you mean 'int32'?"],
  [
    'float and double',
    () => vector.dot(doubles),
    'dot: dtypes differ: float32 and float64; convert one with to()',
  ],
  [
    'where',
    () => where(vector, vector, 0),
    'where: the condition must be bool, this one is float32; compare it with something, as in x.gt(0)',
  ],
  ['masks', () => m23.maskedFill(vector, 0), 'maskedFill: the mask must be bool, this one is float32'],
  [
    'indices',
    () => F.embedding(vector, m23),
    "embedding: indices must be int32, these are float32; convert them with to('int32')",
  ],
  [
    'bool difference',
    () => truth.sub(truth),
    "sub: bool tensors have no difference; use logicalXor, or convert with to('int32')",
  ],
  [
    'whole powers',
    () => whole.pow(-1),
    "pow: integers to a negative power are not whole; convert with to('float32')",
  ],
  [
    'gradients of integers',
    () => whole.requiresGrad_(),
    'requiresGrad: only float tensors have gradients, this one is int32',
  ],
  [
    'gradients of integers, asked for at once',
    () => tensor([1], { dtype: 'int32', requiresGrad: true }),
    'requiresGrad: only float tensors have gradients, this one is int32',
  ],
  [
    'a gradient of another type',
    () => (weight.grad = doubles),
    'grad: a gradient of float64 does not fit a tensor of float32',
  ],
  [
    '64 bits too many',
    () => tensor(new BigInt64Array([1n, 2n ** 40n])),
    'tensor: data[1] is 1099511627776, which int32 does not hold',
  ],
]);

refusing('dimensions and indices', 'IndexError', [
  ['sum', () => m23.sum(2), 'sum: dimension 2 is out of range for rank 2 (expected -2 to 1)'],
  ['sum from the end', () => m23.sum(-3), 'sum: dimension -3 is out of range for rank 2 (expected -2 to 1)'],
  ['size', () => m23.size(5), 'size: dimension 5 is out of range for rank 2 (expected -2 to 1)'],
  [
    'size from the end',
    () => m23.size(-3),
    'size: dimension -3 is out of range for rank 2 (expected -2 to 1)',
  ],
  ['size of a scalar', () => tensor(2).size(0), 'size: dimension 0 is out of range for rank 0'],
  [
    'indexSelect',
    () => m23.indexSelect(0, whole),
    'indexSelect: index 2 at position 2 is out of range for size 2',
  ],
  ['oneHot', () => F.oneHot(whole, 2), 'oneHot: index 2 at position 2 is out of range for size 2'],
  ['sum twice', () => m23.sum([0, 0]), 'sum: dimension 0 appears twice in [0, 0]'],
  ['softmax', () => m23.softmax(5), 'softmax: dimension 5 is out of range for rank 2 (expected -2 to 1)'],
  [
    'transpose',
    () => vector.transpose(0, 1),
    'transpose: dimension 1 is out of range for rank 1 (expected -1 to 0)',
  ],
  [
    'unsqueeze',
    () => m23.unsqueeze(4),
    'unsqueeze: dimension 4 is out of range for rank 3 (expected -3 to 2)',
  ],
  ['select', () => m23.select(0, 2), 'select: index 2 is out of range for dimension 0 of [2, 3]'],
  ['narrow', () => m23.narrow(1, 2, 2), 'narrow: 2 elements from 2 do not lie in dimension 1 of [2, 3]'],
  [
    'gather',
    () => m23.gather(1, tensor([[3]], { dtype: 'int32' })),
    'gather: index 3 at position 0 is out of range for size 3',
  ],
  [
    'gather below 0',
    () => m23.gather(1, tensor([[-1]], { dtype: 'int32' })),
    'gather: index -1 at position 0 is out of range for size 3',
  ],
  ['embedding', () => F.embedding(whole, m23), 'embedding: index 2 at position 2 is out of range for size 2'],
  [
    'cross entropy class',
    () => F.crossEntropy(m23, tensor([0, 3], { dtype: 'int32' })),
    'crossEntropy: index 3 at position 1 is out of range for size 3',
  ],
  ['too many', () => m23.at(0, 0, 0), 'at: 3 indices for a tensor of rank 2, of shape [2, 3]'],
  ['at', () => m23.at(5), 'select: index 5 is out of range for dimension 0 of [2, 3]'],
  ["'...' twice", () => m23.at('...', '...'), "at: '...' may stand only once"],
  [
    'a mask that does not fit',
    () => m23.at(truth),
    'at: a mask of shape [3] does not fit [2, 3] at dimension 0',
  ],
]);

refusing('ragged arrays', 'ShapeError', [
  [
    'rows of two lengths',
    () => tensor([[1, 2], [3]]),
    'tensor: ragged array: data[1] has 1 elements where data[0] has 2',
  ],
  [
    'a number among arrays',
    () => tensor([[1, 2], 3]),
    'tensor: ragged array: data[1] is a number where data[0] is an array',
  ],
  [
    'an array among numbers',
    () => tensor([1, [2]]),
    'tensor: ragged array: data[1] is an array where data[0] is a number',
  ],
  [
    'deep inside',
    () =>
      tensor([
        [[1], [2]],
        [[3], [4, 5]],
      ]),
    'tensor: ragged array: data[1][1] has 2 elements where data[0][0] has 1',
  ],
  [
    'a typed row too long',
    () => tensor([[1], new Float32Array([1, 2])]),
    'tensor: ragged array: data[1] has 2 elements where data[0] has 1',
  ],
  [
    'after an empty row',
    () => tensor([[], [1]]),
    'tensor: ragged array: data[1] has 1 elements where data[0] has 0',
  ],
]);

refusing('what is no data and no argument', 'FluxionError', [
  [
    'a text among numbers',
    () => tensor(any([1, '2'])),
    "tensor: data[1] must be a number, a boolean or an array, got '2'",
  ],
  [
    'null among numbers',
    () => tensor(any([1, null])),
    'tensor: data[1] must be a number, a boolean or an array, got null',
  ],
  [
    'undefined',
    () => tensor(any(undefined)),
    'tensor: data must be a number, a boolean or an array, got undefined',
  ],
  [
    'undefined among numbers',
    () => tensor(any([1, undefined, 2])),
    'tensor: data[1] must be a number, a boolean or an array, got undefined',
  ],
  ['a bigint', () => tensor(any([1n])), 'tensor: data[0] must be a number, a boolean or an array, got 1n'],
  ['no tensor', () => F.relu(any(null)), 'relu: x must be a Tensor, got null'],
  ['a number where a tensor is needed', () => m23.matmul(any(3)), 'matmul: b must be a Tensor, got 3'],
  ['a forgotten argument', () => any(m23).matmul(), 'matmul: b must be a Tensor, got undefined'],
  ['an operand', () => m23.add(any('x')), "add: b must be a Tensor or a number, got 'x'"],
  ['inside a list', () => cat([m23, any(3)]), 'cat: tensors[1] must be a Tensor, got 3'],
  ['no list', () => cat(any(m23)), 'cat: tensors must be a list of tensors, got a Tensor'],
  ['a size that is NaN', () => eye(Number.NaN), 'eye: n must be an integer, got NaN'],
  ['a dimension that is none', () => m23.size(0.5), 'size: dim must be an integer, got 0.5'],
  ['a dimension that is NaN', () => m23.sum(Number.NaN), 'sum: dim must be an integer, got NaN'],
  [
    'requiresGrad',
    () => tensor([1], { requiresGrad: any(1) }),
    'tensor: requiresGrad must be true or false, got 1',
  ],
  [
    'requiresGrad later',
    () => (weight.requiresGrad = any('yes')),
    "requiresGrad: the value must be true or false, got 'yes'",
  ],
  [
    'a slice',
    () => m23.at('a:b'),
    "at: 'a:b' is no slice; write 'start:end:step', each of them optional, or '...'",
  ],
  [
    'arange to NaN',
    () => arange(0, Number.NaN),
    'arange: start, end and step must be finite, the step not 0',
  ],
  ['arange away', () => arange(0, 5, -1), 'arange: from 0 to 5 a step of -1 leads away'],
  ['a probability', () => vector.dropout(1.5), 'dropout: the probability must lie in [0, 1], it is 1.5'],
  ['clamp without bounds', () => any(vector).clamp(), 'clamp: min or max must be given'],
  ['parts of a scalar', () => [...tensor(2)], 'iterate: a tensor of rank 0 has no parts'],
]);

refusing('unknown options', 'FluxionError', [
  [
    'tensor',
    () => tensor([1], any({ dtpye: 'float32' })),
    "tensor: unknown option 'dtpye'; did you mean 'dtype'?",
  ],
  [
    'in another case',
    () => tensor([1], any({ requiresgrad: true })),
    "tensor: unknown option 'requiresgrad'; did you mean 'requiresGrad'?",
  ],
  [
    'in the place of an argument',
    () => m23.sum(any({ dims: 0 })),
    "sum: unknown option 'dims'; did you mean 'dim'?",
  ],
  [
    'after arguments',
    () => m23.sum(0, any({ keepDim: true })),
    "sum: unknown option 'keepDim'; did you mean 'keepdim'?",
  ],
  [
    'nothing near',
    () => zeros([2], any({ foo: 1 })),
    "zeros: unknown option 'foo'; the options are 'dtype', 'requiresGrad'",
  ],
  [
    'of a convolution',
    () => F.conv2d(image, kernel, null, any({ strides: 2 })),
    "conv2d: unknown option 'strides'; did you mean 'stride'?",
  ],
  [
    'of backward',
    () => weight.sum().backward(any({ retain: true })),
    "backward: unknown option 'retain'; the options are 'retainGraph', 'createGraph'",
  ],
  ['no object', () => tensor([1], any(5)), 'tensor: the options must be an object, got 5'],
  [
    'a choice',
    () => F.mseLoss(vector, vector, { reduction: any('avg') }),
    "mseLoss: reduction must be one of 'none', 'mean', 'sum', got 'avg'",
  ],
  [
    'a choice misspelt',
    () => F.conv2d(image, kernel, null, { padding: any('smae') }),
    "conv2d: padding must be one of 'same', 'valid', got 'smae'; did you mean 'same'?",
  ],
  [
    "a choice of a module's",
    () => new nn.Conv2d(1, 1, 3, any({ padding: 'sme' })),
    "Conv2d: padding must be one of 'same', 'valid', got 'sme'; did you mean 'same'?",
  ],
]);

refusing('backward', 'FluxionError', [
  [
    'a second time',
    () => {
      const loss = weight.detach().requiresGrad_().sum();
      loss.backward();
      loss.backward();
    },
    "backward: the graph behind 'sum' was freed by an earlier backward; pass retainGraph: true to that one to keep it",
  ],
  [
    'of a constant',
    () => vector.sum().backward(),
    'backward: the tensor does not require a gradient and was not computed from one that does',
  ],
  [
    'through a value changed in place',
    () => {
      const x = weight.clone();
      const y = x.square();
      x.copy_(vector.neg());
      y.sum().backward();
    },
    /^backward: a value that square saved for its gradient, of shape \[3\], was changed in place after it was used$/,
  ],
  [
    'requiresGrad of a result',
    () => (weight.mul(2).requiresGrad = false),
    'requiresGrad: can be switched off on leaf tensors only; use detach() for a result',
  ],
  [
    'a hook on a constant',
    () => vector.registerHook(() => {}),
    'registerHook: the tensor does not require a gradient',
  ],
  [
    'a hook that is no function',
    () => weight.registerHook(any(5)),
    'registerHook: the hook must be a function, got 5',
  ],
  [
    'retainGrad of a constant',
    () => vector.retainGrad(),
    'retainGrad: the tensor does not require a gradient',
  ],
]);

describe('backward', () => {
  test('of more than one value without a gradient', () => {
    refused(
      () => weight.mul(2).backward(),
      {
        name: 'ShapeError',
        message: 'backward: a gradient must be given for a result that is not a scalar, this one is [3]',
      },
      kept(),
    );
    expect(weight.grad).toBeNull();
  });

  test('with a gradient of another shape', () => {
    refused(
      () => weight.mul(2).backward(tensor([1, 2])),
      { name: 'ShapeError', message: "backward: the gradient's shape [2] is not the result's [3]" },
      kept(),
    );
    expect(weight.grad).toBeNull();
  });

  test("a hook's own error comes out as it is, and the library goes on", () => {
    const own = new RangeError('mine');
    const y = weight.mul(2);
    y.registerHook(() => {
      throw own;
    });
    let caught: unknown;
    try {
      y.sum().backward();
    } catch (error) {
      caught = error;
    }
    expect(caught).toBe(own);
    weight.grad = null;
    weight.mul(3).sum().backward();
    expect(weight.grad!.toArray()).toEqual([3, 3, 3]);
    weight.grad = null;
  });

  test('a hook that returns something else', () => {
    const y = weight.mul(2);
    y.registerHook(any(() => 5));
    expect(() => y.sum().backward()).toThrow('hook: returned 5, not a Tensor');
    const z = weight.mul(2);
    z.registerHook(() => tensor([1, 2]));
    expect(() => z.sum().backward()).toThrow(
      'hook: returned a gradient of shape [2] in the place of one of [3]',
    );
    weight.grad = null;
  });
});

describe('disposed tensors', () => {
  const gone = (): Tensor => {
    const t = m23.clone();
    t.dispose();
    return t;
  };
  const text = (op: string): string => `${op}: the tensor of shape [2, 3] made by clone was disposed of`;
  const uses: Case[] = [
    ['a method', () => gone().add(1), text('add')],
    ['an argument', () => m23.add(gone()), text('add')],
    ['inside a list', () => cat([m23, gone()]), text('cat')],
    ['its shape', () => gone().shape, text('shape')],
    ['its dtype', () => gone().dtype, text('dtype')],
    ['its values', () => gone().toTypedArray(), text('toTypedArray')],
    ['its gradient', () => gone().grad, text('grad')],
    ['backward', () => gone().backward(), text('backward')],
  ];
  for (const [name, call, message] of uses)
    test(name, () => refused(call, { name: 'FluxionError', message }, kept()));

  test('they still print, and a second dispose does nothing', () => {
    const t = gone();
    t.dispose();
    expect(t.isDisposed).toBe(true);
    expect(String(t)).toBe('tensor(disposed, shape=[2, 3], made by clone)');
  });
});

describe('tidy', () => {
  const message =
    'tidy: the function returned a Promise; tensors it makes later would be missed. Await outside, tidy the synchronous part';
  test('refuses a Promise', () => {
    refused(async () => zeros([2]), { name: 'FluxionError', message }, kept());
    refused(() => Promise.reject(new Error('not unhandled')), { name: 'FluxionError', message }, kept());
  });

  test('lets an error through and gives back what was made', () => {
    refused(
      () => {
        zeros([100]).add(1);
        throw new RangeError('mine');
      },
      { name: 'RangeError', message: 'mine' },
      kept(),
    );
  });
});

describe('init', () => {
  const failing: [string, unknown, string][] = [
    ['an unknown option', { thread: 2 }, "init: unknown option 'thread'; did you mean 'threads'?"],
    ['simd', { simd: 'fast' }, "init: simd must be 'simd' or 'relaxed', got 'fast'"],
    ['threads', { threads: 0 }, 'init: threads must be a number from 1 up, or true or false, got 0'],
    ['deterministic', { deterministic: 1 }, 'init: deterministic must be true or false, got 1'],
    [
      'deterministic and relaxed',
      { deterministic: true, simd: 'relaxed' },
      "init: deterministic needs simd: 'simd', for relaxed SIMD differs between machines",
    ],
    [
      'other options, later',
      { simd: 'simd', threads: 2 },
      'init: Fluxion is running already; its options cannot be changed',
    ],
  ];
  for (const [name, options, message] of failing)
    test(name, async () => {
      const error = await init(any(options)).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(FluxionError);
      expect((error as Error).message).toBe(message);
      expect(tidy(() => vector.sum().item())).toBe(6);
    });

  test('a second call gives the same answer', async () => {
    expect(await init()).toEqual(info());
    expect(await init({ simd: 'simd', threads: 1 })).toEqual(info());
  });
});

describe('out of memory', () => {
  const text = /^out of memory: [\d.e+]+ MiB asked for, [\d.e+]+ MiB in live tensors$/;
  for (const [name, elements] of [
    ['4 GB', 2 ** 30],
    ['8 GB, whose size wraps around to nothing in 32 bits', 2 ** 31],
    ['more than 2⁵³ bytes', 2 ** 52],
  ] as const)
    test(name, () => {
      refused(() => zeros([elements]), { name: 'OutOfMemoryError', message: text }, kept());
      expect(tidy(() => m23.matmul(m23.t()).toArray())).toEqual([
        [14, 32],
        [32, 77],
      ]);
    });

  test('reached with others held: they stay whole, and what is given back can be used again', () => {
    const before = memory();
    const held = [0, 1, 2].map(() => zeros([2 ** 26]));
    refused(() => zeros([13 * 2 ** 26]), { name: 'OutOfMemoryError', message: text }, kept());
    for (const t of held) expect(tidy(() => t.at('-2:').toArray())).toEqual([0, 0]);
    tidy(() => weight.mul(2).sum().backward());
    expect(tidy(() => weight.grad!.toArray())).toEqual([2, 2, 2]);
    weight.grad = null;
    for (const t of held) t.dispose();
    tidy(() =>
      expect(
        zeros([2 ** 26])
          .at(-1)
          .item(),
      ).toBe(0),
    );
    expect(memory().bytes).toBe(before.bytes);
  });
});
