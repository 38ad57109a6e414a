// Hand-written backpropagation from JavaScript: the same numbers as autograd, every buffer in sight, nothing allocated.
import {
  data,
  F,
  init,
  manual,
  manualSeed,
  memory,
  nn,
  optim,
  randint,
  randn,
  type Tensor,
  tensor,
  zeros,
} from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';
import { refused } from './lib/unharmed.ts';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const values = (t: Tensor): number[] => [...t.toTypedArray()] as number[];

/** Each value within rtol and atol of the expected one. */
function near(actual: Tensor, expected: Tensor, rtol = 1e-12): void {
  expect(actual.shape).toEqual(expected.shape);
  const wanted = values(expected);
  values(actual).forEach((v, i) => {
    expect(Math.abs(v - wanted[i]!)).toBeLessThanOrEqual(rtol * (1 + Math.abs(wanted[i]!)));
  });
}

/** Values at which the layer and autograd's function of the same weights are compared. */
interface Case {
  make: () => manual.Layer;
  input: number[];
  weights: string[];
  reference: (x: Tensor, w: Tensor[]) => Tensor;
}

const cases: Record<string, Case> = {
  Dense: {
    make: () => new manual.Dense(5, 'leakyRelu'),
    input: [7, 3],
    weights: ['W', 'b'],
    reference: (x, [w, b]) => F.linear(x, w!, b!).leakyRelu(),
  },
  Conv2d: {
    make: () => new manual.Conv2d(4, 3, { stride: 2, padding: 1, activation: 'tanh' }),
    input: [2, 3, 7, 6],
    weights: ['W', 'b'],
    reference: (x, [w, b]) => F.conv2d(x, w!, b!, { stride: 2, padding: 1 }).tanh(),
  },
  MaxPool2d: {
    make: () => new manual.MaxPool2d(3, { stride: 2, padding: 1 }),
    input: [2, 3, 7, 6],
    weights: [],
    reference: (x) => F.maxPool2d(x, 3, { stride: 2, padding: 1 }),
  },
  AvgPool2d: {
    make: () => new manual.AvgPool2d(2),
    input: [2, 3, 7, 6],
    weights: [],
    reference: (x) => F.avgPool2d(x, 2),
  },
  Flatten: {
    make: () => new manual.Flatten(),
    input: [2, 3, 4],
    weights: [],
    reference: (x) => x.flatten(1),
  },
  BatchNorm: {
    make: () => new manual.BatchNorm({ eps: 1e-3 }),
    input: [2, 3, 4, 5],
    weights: ['gamma', 'beta'],
    reference: (x, [w, b]) => F.batchNorm(x, null, null, { weight: w!, bias: b!, training: true, eps: 1e-3 }),
  },
  LayerNorm: {
    make: () => new manual.LayerNorm(),
    input: [2, 3, 4],
    weights: ['gamma', 'beta'],
    reference: (x, [w, b]) => F.layerNorm(x, [4], w!, b!),
  },
  SingleHeadAttention: {
    make: () => new manual.SingleHeadAttention(4, { causal: true }),
    input: [2, 5, 6],
    weights: ['query.W', 'query.b', 'key.W', 'key.b', 'value.W', 'value.b'],
    reference: (x, w) => {
      const map = (i: number): Tensor => F.linear(x, w[i]!, w[i + 1]!);
      return F.scaledDotProductAttention(map(0), map(2), map(4), { isCausal: true });
    },
  },
  MultiHeadAttention: {
    make: () => new manual.MultiHeadAttention(3),
    input: [2, 5, 6],
    weights: ['query.W', 'query.b', 'key.W', 'key.b', 'value.W', 'value.b', 'out.W', 'out.b'],
    reference: (x, w) => {
      const heads = (i: number): Tensor =>
        F.linear(x, w[i]!, w[i + 1]!)
          .reshape([2, 5, 3, 2])
          .transpose(1, 2);
      const mixed = F.scaledDotProductAttention(heads(0), heads(2), heads(4));
      return F.linear(mixed.transpose(1, 2).reshape([2, 5, 6]), w[6]!, w[7]!);
    },
  },
  Residual: {
    make: () => new manual.Residual(new manual.Dense(4, 'sigmoid')),
    input: [3, 4],
    weights: ['inner.W', 'inner.b'],
    reference: (x, [w, b]) => x.add(F.linear(x, w!, b!).sigmoid()),
  },
  PositionalEncoding: {
    make: () => new manual.PositionalEncoding(),
    input: [2, 7, 6],
    weights: [],
    reference: (x) => new nn.SinusoidalPositionalEncoding(6, { maxLength: 7, dtype: 'float64' }).forward(x),
  },
  RNNCell: {
    make: () => new manual.RNNCell(6, 'relu'),
    input: [3, 4],
    weights: ['Wx', 'Wh', 'b', 'h0'],
    reference: (x, [wx, wh, b, h]) => F.linear(x, wx!, b!).add(F.linear(h!, wh!)).relu(),
  },
  LSTMCell: {
    make: () => new manual.LSTMCell(2),
    input: [3, 4],
    weights: ['Wx', 'Wh', 'b', 'h0', 'c0'],
    reference: (x, [wx, wh, b, h, c]) => {
      const z = F.linear(x, wx!, b!).add(F.linear(h!, wh!));
      const part = (k: number): Tensor => z.narrow(1, 2 * k, 2);
      const next = part(1)
        .sigmoid()
        .mul(c!)
        .add(part(0).sigmoid().mul(part(2).tanh()));
      return part(3).sigmoid().mul(next.tanh());
    },
  },
};

describe('each layer has the output and the gradients of autograd', () => {
  for (const [name, { make, input, weights, reference }] of Object.entries(cases))
    test(name, () => {
      manualSeed(5);
      const layer = make();
      layer.initialize(input, { dtype: 'float64' });
      const x = randn(input, { dtype: 'float64', requiresGrad: true });
      const leaves = weights.map((w) => {
        layer.setBuffer(w, randn(layer.buffer(w).shape));
        const leaf = layer.buffer(w);
        leaf.requiresGrad = true;
        return leaf;
      });
      const dy = randn(layer.buffer('y').shape, { dtype: 'float64' });
      layer.setBuffer('x', x);
      layer.setBuffer('dy', dy);
      layer.forward();
      layer.backward();
      const y = reference(x, leaves);
      y.backward(dy);
      near(layer.buffer('y'), y);
      near(layer.buffer('dx'), x.grad!);
      weights.forEach((w, i) => {
        const gradient = w.endsWith('0') ? `d${w[0]}` : w.replace(/(\w+)$/, 'd$1');
        near(layer.buffer(gradient), leaves[i]!.grad!);
      });
    });

  test('Embedding', () => {
    const layer = new manual.Embedding(5, 3);
    layer.initialize([2, 4]);
    const ids = randint(0, 5, [2, 4]);
    const table = layer.buffer('W');
    table.requiresGrad = true;
    layer.setBuffer('x', ids);
    layer.setBuffer('dy', randn([2, 4, 3]));
    layer.forward();
    layer.backward();
    const y = F.embedding(ids, table);
    y.backward(layer.buffer('dy'));
    near(layer.buffer('y'), y, 0);
    near(layer.buffer('dW'), table.grad!, 1e-6);
    expect(layer.bufferNames).toEqual(['x', 'y', 'dy', 'W', 'dW']);
  });

  test('Dropout', () => {
    const layer = new manual.Dropout(0.25);
    layer.initialize([50]);
    layer.setBuffer('x', tensor(new Array(50).fill(3)));
    layer.forward();
    expect(new Set(values(layer.buffer('mask')))).toEqual(new Set([0, Math.fround(4 / 3)]));
    near(layer.buffer('y'), layer.buffer('mask').mul(3), 1e-6);
    layer.setTraining(false);
    layer.forward();
    expect(values(layer.buffer('y'))).toEqual(new Array(50).fill(3));
  });

  test('the losses', () => {
    const scores = randn([6, 4], { dtype: 'float64', requiresGrad: true });
    const classes = randint(0, 4, [6]);
    for (const [loss, target, expected] of [
      [new manual.SoftmaxCrossEntropy(), classes, F.crossEntropy(scores, classes)],
      [new manual.MSE(), zeros([6, 4]), F.mseLoss(scores, zeros([6, 4], { dtype: 'float64' }))],
    ] as const) {
      loss.initialize([6, 4], { dtype: 'float64' });
      loss.setBuffer('x', scores);
      loss.setTarget(target);
      loss.forward();
      loss.backward();
      scores.grad = null;
      expected.backward();
      near(loss.buffer('y'), expected.reshape([1]));
      near(loss.buffer('dx'), scores.grad!);
    }
  });
});

describe('NeuralBlock', () => {
  for (const activation of ['tanh', 'relu', 'leakyRelu'] as const)
    test(`learns XOR with ${activation}`, () => {
      manualSeed(1);
      const [x, y] = data.xor();
      const block = new manual.NeuralBlock();
      block.addLayer(16, activation).addLayer(1, 'linear');
      block.setLoss('mse');
      block.setInput(x);
      block.setTarget(y);
      block.initialize();
      expect(block.train(0.1, 5000)).toBeLessThan(0.01);
      expect(block.predict(x).round().abs().toArray()).toEqual([[0], [1], [1], [0]]);
    });

  test('learns XOR as two classes', () => {
    manualSeed(1);
    const [x, y] = data.xor();
    const block = new manual.NeuralBlock();
    block.addLayer(8, 'tanh').addLayer(2, 'linear');
    block.setLoss('crossEntropy');
    block.setInput(x);
    block.setTarget(y.reshape([4]).to('int32'));
    block.initialize();
    expect(block.train(0.5, 2000)).toBeLessThan(0.05);
    expect(block.predict(x).argmax(1).toArray()).toEqual([0, 1, 1, 0]);
  });

  test('goes the way of a module of the same seed, step by step', () => {
    const [x, y] = data.xor();
    manualSeed(7);
    const block = new manual.NeuralBlock();
    block.addLayer(8, 'tanh').addLayer(1, 'sigmoid');
    block.setLoss('mse');
    block.setInput(x);
    block.setTarget(y);
    block.initialize();
    manualSeed(7);
    const model = new nn.Sequential(
      new nn.Linear(2, 8),
      new nn.Tanh(),
      new nn.Linear(8, 1),
      new nn.Sigmoid(),
    );
    const sgd = new optim.SGD(model.parameters(), { lr: 0.5 });
    for (let step = 0; step < 20; step++) {
      const loss = F.mseLoss(model.forward(x), y);
      sgd.zeroGrad();
      loss.backward();
      sgd.step();
      expect(block.train(0.5, 1)).toBeCloseTo(loss.item(), 6);
    }
  });

  test('shows every buffer between steps and allocates nothing', () => {
    const [x, y] = data.xor();
    const block = new manual.NeuralBlock();
    block.addLayer(3, 'relu').addLayer(1, 'sigmoid');
    block.setLoss('mse');
    block.setInput(x);
    block.setTarget(y);
    block.initialize();
    const before = memory();
    for (let step = 0; step < 1000; step++) {
      block.setInput(x);
      block.setTarget(y);
      block.train(0.1, 2);
    }
    const after = memory();
    expect(after).toEqual(before);
    for (const name of ['0.x', '0.z', '0.dz', '0.dW', '0.db', '0.dx', '1.dW', 'loss.target', 'loss.dx', 'dx'])
      expect(block.bufferNames).toContain(name);
    const gradient = block.buffer('0.dW');
    const copy = values(gradient);
    block.train(0.1, 1);
    expect(values(gradient)).toEqual(copy);
    near(block.buffer('0.db'), block.buffer('0.dz').sum(0), 1e-6);
    near(block.buffer('0.y'), block.buffer('0.z').relu(), 0);
  });
});

test('dispose() gives everything back', () => {
  const before = memory();
  const block = new manual.NeuralBlock();
  block.addLayer(3, 'relu');
  const input = zeros([4, 2]);
  block.setInput(input);
  block.initialize();
  expect(memory().tensors).toBeGreaterThan(before.tensors + 8);
  block.dispose();
  input.dispose();
  expect(memory().tensors).toBe(before.tensors);
  expect(() => block.forward()).toThrow('NeuralBlock: the layer was disposed of');
});

test('a transformer block trains as a network', () => {
  manualSeed(4);
  const attend = new manual.Network()
    .add(new manual.LayerNorm())
    .add(new manual.MultiHeadAttention(2, { causal: true }));
  const net = new manual.Network()
    .add(new manual.Embedding(5, 8))
    .add(new manual.PositionalEncoding())
    .add(new manual.Residual(attend))
    .add(new manual.LSTMCell(8))
    .add(new manual.Dense(5));
  net.setLoss(new manual.SoftmaxCrossEntropy());
  const ids = randint(0, 5, [4, 6]);
  net.setInput(ids);
  net.setTarget(ids);
  net.initialize();
  net.forward();
  const first = net.loss;
  expect(net.train(0.5, 200)).toBeLessThan(first / 4);
  expect(net.predict(ids).argmax(2).toArray()).toEqual(ids.toArray());
  expect(net.bufferNames).toContain('2.inner.1.query.dW');
  // The first position sees itself alone.
  expect(net.buffer('2.inner.1.weights').select(2, 0).toArray()).toEqual(
    new Array(2).fill(new Array(4).fill([1, 0, 0, 0, 0, 0])),
  );
});

describe('what does not fit is refused', () => {
  // biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose
  const any = (value: unknown): any => value;
  const ready = (): manual.NeuralBlock => {
    const block = new manual.NeuralBlock();
    block.addLayer(3, 'relu');
    block.setLoss('mse');
    return block;
  };
  const cases: [name: string, type: string, call: () => unknown, message: string][] = [
    [
      'an unknown activation',
      'FluxionError',
      () => new manual.NeuralBlock().addLayer(3, any('rellu')),
      "addLayer: activation must be one of 'linear', 'relu', 'leakyRelu', 'sigmoid', 'tanh', got 'rellu'; did you mean 'relu'?",
    ],
    [
      'an unknown loss',
      'FluxionError',
      () => new manual.NeuralBlock().setLoss(any('mae')),
      "setLoss: loss must be one of 'mse', 'crossEntropy', got 'mae'; did you mean 'mse'?",
    ],
    [
      'a loss of nn',
      'FluxionError',
      () => new manual.Network().setLoss(any(new nn.MSELoss())),
      'Network: loss must be a loss of manual, got a MSELoss',
    ],
    ['no units', 'FluxionError', () => new manual.Dense(0), 'Dense: units must be at least 1, it is 0'],
    [
      'a fraction of a unit',
      'FluxionError',
      () => new manual.Dense(2.5),
      'Dense: units must be an integer, got 2.5',
    ],
    [
      'a layer of nn',
      'FluxionError',
      () => new manual.Network().add(any(new nn.Linear(2, 3))),
      'Network: layer must be a layer of manual, got a Linear',
    ],
    [
      'training before initialize',
      'FluxionError',
      () => ready().train(0.1, 1),
      'NeuralBlock: train needs the buffers; call initialize() first',
    ],
    [
      'forward before initialize',
      'FluxionError',
      () => new manual.Dense(2).forward(),
      'forward and backward need their buffers: call initialize() first',
    ],
    [
      'initialize without an input',
      'FluxionError',
      () => ready().initialize(),
      'NeuralBlock: the size of the input is not known yet; call setInput() first',
    ],
    [
      'a name that no buffer has',
      'FluxionError',
      () => {
        const layer = new manual.Flatten();
        layer.initialize([2, 3]);
        layer.buffer('z');
      },
      "Flatten: there is no buffer 'z'; there are x, y, dy, dx",
    ],
    [
      'a shape that is no list',
      'FluxionError',
      () => new manual.Dense(2).initialize(any('2x3')),
      "Dense: inputShape must be a list of integers, got '2x3'",
    ],
    [
      'an unknown dtype',
      'DTypeError',
      () => new manual.Network({ dtype: any('float16') }),
      "Network: 'float16' is no dtype; did you mean 'float32'?",
    ],
    [
      'a dtype without gradients',
      'DTypeError',
      () => new manual.Dense(2).initialize([2, 3], { dtype: 'int32' }),
      'Dense: layers compute in float32 or float64, not in int32',
    ],
  ];
  for (const [name, type, call, message] of cases)
    test(name, () => {
      expect(call).toThrow(message);
      expect(call).toThrow(expect.objectContaining({ name: type }));
    });

  test('a target of another shape, and the block stays as it was', () => {
    const block = ready();
    block.setInput(zeros([4, 2]));
    block.setTarget(zeros([4, 3]));
    block.initialize();
    const kept = block.buffer('loss.target');
    const message = 'MSE: the target must be [4, 3] as the prediction, it is [4, 1]';
    const wrong = zeros([4, 1]);
    refused(() => block.setTarget(wrong), { name: 'ShapeError', message }, [kept]);
    const long = zeros([5, 2]);
    const text = 'NeuralBlock: the input must be [4, 2], it is [5, 2]';
    refused(() => block.setInput(long), { name: 'ShapeError', message: text }, [kept]);
  });
});
