// Whole trainings beside PyTorch's (tests/fixtures/curves.py made them): from the seed alone the same weights and data,
// from these the same losses to the last step.
import { readFileSync } from 'node:fs';
import { F, init, io, manualSeed, nn, optim, rand, randint, type Tensor, tensor, tidy } from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

type Model = nn.Module & { forward(x: Tensor): Tensor };
type DType = 'float32' | 'float64';

interface Run {
  model: (dtype: DType) => Model;
  data: () => [x: Tensor, y: Tensor];
  loss: (output: Tensor, target: Tensor) => Tensor;
  optimizer: (parameters: Tensor[]) => { zeroGrad(): void; step(): void };
  steps: number;
  batch: number;
}

let fixtures: Record<string, Tensor>;
beforeAll(async () => {
  await init({ simd: 'simd', threads: 1 });
  fixtures = io.loadSafetensors(
    new Uint8Array(readFileSync(new URL('../fixtures/curves.safetensors', import.meta.url))),
  );
});

class LastStep extends nn.Module {
  lstm: nn.LSTM;
  head: nn.Linear;
  constructor(dtype: DType) {
    super();
    this.lstm = new nn.LSTM(3, 16, { batchFirst: true, dtype });
    this.head = new nn.Linear(16, 1, { dtype });
  }
  forward(x: Tensor) {
    return this.head.forward(this.lstm.forward(x).select(1, -1));
  }
}

const convolved = (from: number, to: number, dtype: DType) => [
  new nn.Conv2d(from, to, 3, { padding: 1, dtype }),
  new nn.BatchNorm2d(to, { dtype }),
  new nn.ReLU(),
  new nn.MaxPool2d(2),
];

const runs: Record<string, Run> = {
  xor: {
    model: (dtype) =>
      new nn.Sequential(
        new nn.Linear(2, 8, { dtype }),
        new nn.Tanh(),
        new nn.Linear(8, 1, { dtype }),
        new nn.Sigmoid(),
      ),
    data: () => [tensor([[0, 0], [0, 1], [1, 0], [1, 1]]), tensor([[0], [1], [1], [0]])], // biome-ignore format: a table
    loss: F.mseLoss,
    optimizer: (p) => new optim.SGD(p, { lr: 0.5 }),
    steps: 1000,
    batch: 4,
  },
  lstm: {
    model: (dtype) => new LastStep(dtype),
    data: () => {
      const x = rand([32, 12, 3]);
      return [x, x.select(1, 8).narrow(1, 0, 1)];
    },
    loss: F.mseLoss,
    optimizer: (p) => new optim.Adam(p, { lr: 0.01 }),
    steps: 100,
    batch: 32,
  },
  cnn: {
    model: (dtype) =>
      new nn.Sequential(
        ...convolved(1, 8, dtype),
        ...convolved(8, 16, dtype),
        new nn.Flatten(),
        new nn.Linear(16 * 9, 5, { dtype }),
      ),
    data: () => [rand([128, 1, 12, 12]), randint(0, 5, [128])],
    loss: F.crossEntropy,
    optimizer: (p) => new optim.SGD(p, { lr: 0.01, momentum: 0.9, weightDecay: 1e-3 }),
    steps: 200,
    batch: 16,
  },
  gpt: {
    model: (dtype) => new nn.GPT({ vocabSize: 13, nLayer: 2, nHead: 2, nEmbd: 16, blockSize: 12, dtype }),
    data: () => {
      const x = randint(0, 13, [64, 12]);
      return [x, x.add(x.roll(1, 1)).remainder(13)];
    },
    loss: (logits, target) => F.crossEntropy(logits.flatten(0, 1), target.flatten()),
    optimizer: (p) => new optim.AdamW(p, { lr: 1e-3, weightDecay: 0.01 }),
    steps: 200,
    batch: 16,
  },
};

function train({ loss, optimizer, steps, batch }: Run, model: Model, x: Tensor, y: Tensor): number[] {
  const opt = optimizer([...model.parameters()]);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++)
    tidy(() => {
      const at = (step * batch) % (x.shape[0] as number);
      const value = loss(model.forward(x.narrow(0, at, batch)), y.narrow(0, at, batch));
      opt.zeroGrad();
      value.backward();
      opt.step();
      losses.push(value.item());
    });
  return losses;
}

function worst(ours: number[], theirs: number[]): number {
  expect(ours.length).toBe(theirs.length);
  return Math.max(
    ...ours.map((loss, i) => Math.abs(loss - (theirs[i] as number)) / Math.abs(theirs[i] as number)),
  );
}

const curveOf = (key: string) => [...(fixtures[key] as Tensor).toTypedArray()].map(Number);

describe.each(Object.entries(runs))('%s', (name, run) => {
  const initial = () =>
    Object.fromEntries(
      Object.entries(fixtures)
        .filter(([key]) => key.startsWith(`${name}/init/`))
        .map(([key, value]) => [key.slice(name.length + 6), value]),
    );

  test('starts from PyTorch’s weights and follows its losses', () => {
    manualSeed(11);
    const model = run.model('float32');
    const state = model.stateDict();
    for (const [key, wanted] of Object.entries(initial())) {
      expect(state[key]?.toTypedArray(), key).toEqual(wanted.toTypedArray());
    }
    const [x, y] = run.data();
    expect(worst(train(run, model, x, y), curveOf(`${name}/loss`))).toBeLessThan(1e-3);
  });

  test('follows them to 1e-8 in float64', () => {
    manualSeed(11);
    run.model('float32'); // takes the draws that come before the data's
    const [x, y] = run.data();
    const model = run.model('float64');
    const state = model.stateDict();
    for (const [key, start] of Object.entries(initial())) state[key] = start.to('float64');
    model.loadStateDict(state);
    const wide = (t: Tensor) => (t.dtype === 'float32' ? t.to('float64') : t);
    expect(worst(train(run, model, wide(x), wide(y)), curveOf(`${name}/loss64`))).toBeLessThan(1e-8);
  });
});

test('the first 20 steps of a ResNet-18 are PyTorch’s', () => {
  manualSeed(11);
  const run: Run = {
    model: () => new nn.ResNet([2, 2, 2, 2]),
    data: () => [rand([16, 3, 32, 32]), randint(0, 10, [16])],
    loss: F.crossEntropy,
    optimizer: (p) => new optim.SGD(p, { lr: 1e-4, momentum: 0.9, weightDecay: 5e-4 }),
    steps: 20,
    batch: 4,
  };
  const model = run.model('float32');
  const [x, y] = run.data();
  const began = performance.now();
  const losses = train(run, model, x, y);
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `ResNet-18: ${((run.steps * run.batch) / seconds).toFixed(1)} images of 32×32 learnt from per second`,
  );
  expect(worst(losses, curveOf('resnet18/loss'))).toBeLessThan(1e-3);
  model.dispose();
}, 180_000);
