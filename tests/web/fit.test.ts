// fit, evaluate, predict and generate.
import {
  data,
  F,
  FluxionError,
  init,
  manualSeed,
  nn,
  optim,
  rand,
  ShapeError,
  type Tensor,
  tensor,
  text,
  tidy,
  zeros,
} from 'fluxion';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const network = (): nn.Sequential =>
  new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1), new nn.Sigmoid());

/** The same network with a forward of JavaScript's. */
class Net extends nn.Module {
  hidden = new nn.Linear(2, 8);
  out = new nn.Linear(8, 1);
  override forward(x: Tensor): Tensor {
    return this.out.forward(this.hidden.forward(x).tanh()).sigmoid();
  }
}

const xor = (): [Tensor, Tensor] => data.xor();
const weights = (m: nn.Module): number[][] => m.parameters().map((p) => [...p.toTypedArray()]);

describe('training', () => {
  for (const [kind, make] of [
    ['C++', network],
    ['JavaScript', () => new Net()],
  ] as const)
    test(`learns XOR with a module of ${kind}`, async () => {
      manualSeed(7);
      const model = make();
      const [x, y] = xor();
      const optimizer = new optim.AdamW(model.parameters(), { lr: 0.05, weightDecay: 0 });
      const { history, stopped } = await model.fit(x, y, {
        epochs: 300,
        batchSize: 4,
        optimizer,
        loss: F.mseLoss,
      });
      expect(stopped).toBe(false);
      expect(history.length).toBe(300);
      expect(history[299]!.loss).toBeLessThan(0.01);
      expect(history[0]!.loss).toBeGreaterThan(0.2);
      expect((await model.predict(x)).round().toArray()).toEqual(y.toArray());
    });

  test('a loop by hand, a module of C++ and one of JavaScript take the same path', async () => {
    const [x, y] = xor();
    const byHand = (): number[][] => {
      manualSeed(3);
      const model = network();
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.5, momentum: 0.9 });
      for (let i = 0; i < 20; i++)
        tidy(() => {
          optimizer.zeroGrad();
          F.mseLoss(model.forward(x), y).backward();
          optimizer.step();
        });
      return weights(model);
    };
    const fitted = async (make: () => nn.Module, loss: nn.LossLike): Promise<number[][]> => {
      manualSeed(3);
      const model = make();
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.5, momentum: 0.9 });
      await model.fit(x, y, { epochs: 20, batchSize: 4, shuffle: false, optimizer, loss });
      return weights(model);
    };
    const expected = byHand();
    expect(await fitted(network, F.mseLoss)).toEqual(expected);
    expect(await fitted(network, new nn.MSELoss())).toEqual(expected);
    expect(await fitted(network, (a, b) => a.sub(b).square().mean())).toEqual(
      expected.map((list) => list.map((v) => expect.closeTo(v, 5))),
    );
    expect(await fitted(() => new Net(), F.mseLoss)).toEqual(expected);
  });

  test('equal seeds give equal runs, other seeds other orders', async () => {
    const [x, y] = data.moons(64, { seed: 1 });
    const run = async (seed: number): Promise<number[][]> => {
      manualSeed(1);
      const model = new nn.Sequential(
        new nn.Linear(2, 8),
        new nn.ReLU(),
        new nn.Dropout(0.1),
        new nn.Linear(8, 2),
      );
      const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
      await model.fit(x, y, { epochs: 3, batchSize: 8, seed, optimizer, loss: F.crossEntropy });
      return weights(model);
    };
    expect(await run(5)).toEqual(await run(5));
    expect(await run(5)).not.toEqual(await run(6));
  });
});

describe('callbacks', () => {
  test('say what happens, in order', async () => {
    const model = network();
    const [x, y] = data.xor();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const events: string[] = [];
    let waited = 0;
    const { history } = await model.fit(x, y, {
      epochs: 2,
      batchSize: 3,
      shuffle: false,
      optimizer,
      loss: F.mseLoss,
      onEpochBegin: ({ epoch }) => events.push(`begin ${epoch}`),
      onBatchEnd: (e) => {
        expect(e.batches).toBe(2);
        expect(e.loss).toBeGreaterThan(0);
        events.push(`batch ${e.epoch} ${e.batch} of ${e.size}, step ${e.step}`);
      },
      onEpochEnd: async (e) => {
        events.push(`end ${e.epoch} of ${e.epochs}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
        waited++;
      },
    });
    expect(events.map((e) => e.replace(/step \d+/, 'step'))).toEqual([
      'begin 0',
      'batch 0 0 of 3, step',
      'batch 0 1 of 1, step',
      'end 0 of 2',
      'begin 1',
      'batch 1 0 of 3, step',
      'batch 1 1 of 1, step',
      'end 1 of 2',
    ]);
    expect(waited).toBe(2);
    expect(history.map((h) => h.epoch)).toEqual([0, 1]);
    expect(history.every((h) => h.seconds >= 0)).toBe(true);
  });

  test('the seconds of epochs that nobody listens to are those of the run', async () => {
    const model = network();
    const [x, y] = xor();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const began = performance.now();
    const { history } = await model.fit(x, y, { epochs: 20_000, batchSize: 4, optimizer, loss: F.mseLoss });
    const elapsed = (performance.now() - began) / 1000;
    const counted = history.reduce((sum, { seconds }) => sum + seconds, 0);
    expect(Math.min(...history.map(({ seconds }) => seconds))).toBeGreaterThanOrEqual(0);
    expect(counted).toBeLessThanOrEqual(elapsed);
    expect(counted).toBeGreaterThan(elapsed / 10);
  });

  test('the loss told is the mean over the examples', async () => {
    const model = new nn.Sequential(new nn.Linear(1, 1));
    model.loadStateDict({ '0.weight': tensor([[1]]), '0.bias': tensor([0]) });
    const optimizer = new optim.SGD(model.parameters(), { lr: 0 });
    const x = tensor([[1], [2], [3]]);
    const { history } = await model.fit(x, zeros([3, 1]), { batchSize: 2, optimizer, loss: F.mseLoss });
    expect(history[0]!.loss).toBeCloseTo(14 / 3, 5);
  });

  test('stop() ends training', async () => {
    const model = network();
    const [x, y] = xor();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const run = (o: Partial<nn.FitOptions>): Promise<nn.FitResult> =>
      model.fit(x, y, { epochs: 50, batchSize: 4, optimizer, loss: F.mseLoss, ...o });
    const byEpoch = await run({ onEpochEnd: (e) => e.epoch === 4 && e.stop() });
    expect([byEpoch.stopped, byEpoch.history.length]).toEqual([true, 5]);
    let steps = 0;
    const byBatch = await run({
      onBatchEnd: (e) => {
        if (++steps === 7) e.stop();
      },
    });
    expect(byBatch.stopped).toBe(true);
    expect(steps).toBe(7);
  });

  test('their errors come out, also from an async one', async () => {
    const model = network();
    const [x, y] = xor();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const own = new RangeError('mine');
    const options = { epochs: 5, optimizer, loss: F.mseLoss };
    const thrown = model.fit(x, y, {
      ...options,
      onBatchEnd: () => {
        throw own;
      },
    });
    await expect(thrown).rejects.toBe(own);
    const rejected = model.fit(x, y, { ...options, onEpochEnd: () => Promise.reject(own) });
    await expect(rejected).rejects.toBe(own);
    await expect(model.fit(x, y, { ...options, loss: () => 5 as never })).rejects.toThrow(
      'fit: the loss returned 5, not a Tensor',
    );
    expect((await model.fit(x, y, options)).history.length).toBe(5);
  });
});

describe('validation', () => {
  test('by a share of the examples: the last ones, never learnt from', async () => {
    const model = new nn.Sequential(new nn.Linear(1, 1, { bias: false }));
    model.loadStateDict({ '0.weight': tensor([[0]]) });
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const x = tensor([[1], [1], [1], [1]]);
    const y = tensor([[2], [2], [2], [50]]);
    const { history } = await model.fit(x, y, {
      epochs: 60,
      batchSize: 3,
      validationSplit: 0.25,
      optimizer,
      loss: F.mseLoss,
    });
    expect(model.parameters()[0]!.item()).toBeCloseTo(2, 3);
    expect(history.at(-1)!.valLoss).toBeCloseTo(48 ** 2, -1);
    expect(history.at(-1)!.loss).toBeLessThan(1e-4);
  });

  test('by data of its own, with accuracies, in evaluation mode', async () => {
    manualSeed(1);
    const [x, y] = data.moons(200, { noise: 0.05, seed: 1 });
    const validationData = data.moons(100, { noise: 0.05, seed: 2 });
    const model = new nn.Sequential(
      new nn.Linear(2, 16),
      new nn.ReLU(),
      new nn.Dropout(0.1),
      new nn.Linear(16, 2),
    );
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.02 });
    const { history } = await model.fit(x, y, {
      epochs: 40,
      batchSize: 20,
      seed: 1,
      validationData,
      accuracy: true,
      optimizer,
      loss: F.crossEntropy,
    });
    const last = history.at(-1)!;
    expect(last.valAccuracy).toBeGreaterThan(0.95);
    expect(last.accuracy).toBeGreaterThan(0.9);
    expect(model.training).toBe(true);
    const result = await model.evaluate(...validationData, { loss: F.crossEntropy, accuracy: true });
    expect(result.loss).toBeCloseTo(last.valLoss!, 6);
    expect(result.accuracy).toBe(last.valAccuracy);
    expect(model.training).toBe(true);
    const predicted = (await model.predict(validationData[0], { batchSize: 7 })).argmax(1);
    const right = predicted.eq(validationData[1]).sum().item();
    expect(right / 100).toBeCloseTo(last.valAccuracy!, 6);
  });

  test('JavaScript modules are put into evaluation mode too', async () => {
    const modes: boolean[] = [];
    class Watching extends nn.Module {
      inner = new nn.Linear(1, 1);
      override forward(x: Tensor): Tensor {
        modes.push(this.training);
        return this.inner.forward(x);
      }
    }
    const model = new Watching();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const x = tensor([[1], [2]]);
    const o = { epochs: 2, batchSize: 2, validationData: [x, x] as const, optimizer, loss: F.mseLoss };
    await model.fit(x, x, { ...o, compile: false });
    expect(modes).toEqual([true, false, true, false]);
    modes.length = 0;
    await model.fit(x, x, o);
    expect(modes).toEqual([true, false, false]); // the second epoch replays the first one's step
    expect(model.training).toBe(true);
  });
});

describe('cancellation', () => {
  test('by an AbortSignal, with its reason, after the current batch', async () => {
    const model = network();
    const [x, y] = xor();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const controller = new AbortController();
    const reason = new Error('enough');
    let batches = 0;
    const running = model.fit(x, y, {
      epochs: 1_000_000,
      optimizer,
      loss: F.mseLoss,
      signal: controller.signal,
      onBatchEnd: () => void batches++,
    });
    setTimeout(() => controller.abort(reason), 50);
    await expect(running).rejects.toBe(reason);
    const after = batches;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(batches).toBe(after);
    expect(after).toBeGreaterThan(0);
    const options = { epochs: 1, optimizer, loss: F.mseLoss, signal: controller.signal };
    await expect(model.fit(x, y, options)).rejects.toBe(reason);
    expect(batches).toBe(after);
    // A callback that calls it off is obeyed at once.
    const own = new AbortController();
    let seen = 0;
    const stopped = model.fit(x, y, {
      epochs: 1000,
      optimizer,
      loss: F.mseLoss,
      signal: own.signal,
      onBatchEnd: () => void (++seen === 3 && own.abort(reason)),
    });
    await expect(stopped).rejects.toBe(reason);
    expect(seen).toBe(3);
  });
});

describe('slices', () => {
  for (const [kind, make] of [
    ['C++', network],
    ['JavaScript', () => new Net()],
  ] as const)
    test(`the event loop gets its turn while a module of ${kind} trains`, async () => {
      const model = make();
      const x = rand(256, 2);
      const y = rand(256, 1);
      const optimizer = new optim.Adam(model.parameters());
      const controller = new AbortController();
      const running = model.fit(x, y, {
        epochs: 1_000_000,
        batchSize: 16,
        optimizer,
        loss: F.mseLoss,
        signal: controller.signal,
      });
      const gaps: number[] = [];
      let last = performance.now();
      await new Promise<void>((resolve) => {
        const tick = (): void => {
          const now = performance.now();
          gaps.push(now - last);
          last = now;
          if (gaps.length < 40) setTimeout(tick, 0);
          else resolve();
        };
        setTimeout(tick, 0);
      });
      controller.abort();
      await expect(running).rejects.toThrow();
      gaps.sort((a, b) => a - b);
      // The machine may be busy with other things now and then.
      expect(gaps[Math.floor(gaps.length * 0.75)]).toBeLessThan(50);
    });

  test('two trainings run side by side and disturb neither', async () => {
    const [x, y] = xor();
    const run = async (): Promise<number[][]> => {
      const model = network();
      model.loadStateDict(start);
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
      await model.fit(x, y, { epochs: 400, batchSize: 2, seed: 4, optimizer, loss: F.mseLoss });
      return weights(model);
    };
    manualSeed(9);
    const start = network().stateDict();
    const alone = await run();
    const [one, two] = await Promise.all([run(), run()]);
    expect(one).toEqual(alone);
    expect(two).toEqual(alone);
  });
});

describe('options', () => {
  const fitWith = (o: Record<string, unknown>, x?: Tensor, y?: Tensor): Promise<unknown> => {
    const model = network();
    const [dx, dy] = xor();
    return model.fit(x ?? dx, y ?? dy, {
      optimizer: new optim.SGD(model.parameters(), { lr: 0.1 }),
      loss: F.mseLoss,
      ...o,
    } as nn.FitOptions);
  };

  test('stepsPerEpoch and dropLast', async () => {
    const sizes: number[] = [];
    const onBatchEnd = (e: nn.BatchEvent): void => void sizes.push(e.size);
    await fitWith({ batchSize: 3, dropLast: true, onBatchEnd });
    expect(sizes).toEqual([3]);
    sizes.length = 0;
    await fitWith({ batchSize: 1, stepsPerEpoch: 2, epochs: 2, onBatchEnd });
    expect(sizes).toEqual([1, 1, 1, 1]);
  });

  const refused: [string, Record<string, unknown>, string | RegExp][] = [
    ['a typo', { epoch: 3 }, "fit: unknown option 'epoch'; did you mean 'epochs'?"],
    [
      'no optimizer',
      { optimizer: undefined },
      'fit: optimizer must be an optimizer, such as new optim.Adam(model.parameters()), got undefined',
    ],
    [
      'a loss that is none',
      { loss: 5 },
      'fit: loss must be a function of F, a loss module or a function (output, target), got 5',
    ],
    ['batchSize', { batchSize: 0 }, 'fit: batchSize must be at least 1, got 0'],
    ['epochs', { epochs: -1 }, 'fit: epochs must be at least 0, got -1'],
    ['a callback', { onEpochEnd: 5 }, 'fit: onEpochEnd must be a function, got 5'],
    ['validationData', { validationData: 5 }, 'fit: validationData must be a pair [x, y], got 5'],
    ['validationSplit', { validationSplit: 2 }, /^fit: .*2/],
    ['accuracy', { accuracy: { classDimm: 1 } }, /did you mean 'classDim'/],
  ];
  for (const [name, o, message] of refused)
    test(`refused: ${name}`, async () => {
      const error = await fitWith(o).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(FluxionError);
      if (typeof message === 'string') expect((error as Error).message).toBe(message);
      else expect((error as Error).message).toMatch(message);
    });

  test('refused: inputs and targets of different number', async () => {
    await expect(fitWith({}, zeros([4, 2]), zeros([3, 1]))).rejects.toThrow(/4.*3/);
  });

  test('a target of another shape fails in the loss, and the model goes on', async () => {
    const model = network();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    const before = weights(model);
    const classes = zeros([4, 3], { dtype: 'int32' });
    const fitted = model.fit(zeros([4, 2]), classes, { optimizer, loss: F.crossEntropy });
    await expect(fitted).rejects.toThrow(ShapeError);
    expect(weights(model)).toEqual(before);
    const [x, y] = xor();
    expect((await model.fit(x, y, { optimizer, loss: F.mseLoss })).history.length).toBe(1);
  });
});

describe('data', () => {
  test('made-up problems', () => {
    const [x, y] = data.parity(3);
    expect(x.shape).toEqual([8, 3]);
    expect(y.toArray()).toEqual(
      (x.toArray() as number[][]).map((bits) => [bits.reduce((a, b) => a + b) % 2]),
    );
    const [spiral, arms] = data.spirals(30, { classes: 3, seed: 1 });
    expect([spiral.shape, arms.dtype, arms.max().item()]).toEqual([[30, 2], 'int32', 2]);
    expect(data.spirals(30, { classes: 3, seed: 1 })[0].toArray()).toEqual(spiral.toArray());
    expect(data.circles(10, { noise: 0 })[0].square().sum(1).max().item()).toBeCloseTo(1, 5);
    const [seen, wanted] = data.sorting(4, { length: 3, letters: 5, seed: 2 });
    expect([seen.shape, wanted.shape]).toEqual([
      [4, 6],
      [4, 6],
    ]);
    const letters = (seen.toArray() as number[][]).map((row) => row.slice(0, 3).sort((a, b) => a - b));
    expect((wanted.toArray() as number[][]).map((row) => row.slice(-3))).toEqual(letters);
  });

  test('a loader walks through everything once in an epoch', () => {
    const x = tensor([0, 1, 2, 3, 4, 5, 6], { dtype: 'int32' });
    const loader = new data.DataLoader([x, x.mul(10)], { batchSize: 3, shuffle: true, seed: 5 });
    expect(loader.length).toBe(3);
    const epochs = [0, 1].map(() =>
      [...loader].flatMap(([a, b]) => [...a!.toTypedArray()].map((v, i) => [v, b!.toTypedArray()[i]])),
    );
    for (const epoch of epochs) {
      expect(epoch.every(([v, ten]) => ten === v! * 10)).toBe(true);
      expect(epoch.map(([v]) => v).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    }
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect([...new data.DataLoader([x], { batchSize: 3, dropLast: true })].length).toBe(2);
    const set = new data.TensorDataset(x, x.mul(10));
    expect(set.length).toBe(x.shape[0]);
    expect([...new data.DataLoader(set, { batchSize: 3 })].map(([a, b]) => [a?.shape, b?.shape])).toEqual(
      [...new data.DataLoader([x, x], { batchSize: 3 })].map(([a, b]) => [a?.shape, b?.shape]),
    );
    const whole = data.randomSplit([x, x.mul(10)], [0.5, 0.5], { seed: 1 });
    expect(data.randomSplit(set, [0.5, 0.5], { seed: 1 }).flat().map(String)).toEqual(
      whole.flat().map(String),
    );
    expect(() => new data.TensorDataset(x, zeros([3]))).toThrow(
      /^TensorDataset: needs tensors with one first size, these are \[7\] and \[3\]$/,
    );
    expect(() => new data.TensorDataset()).toThrow(/these are none/);
    expect(() => new data.DataLoader([x, zeros([3])])).toThrow(FluxionError);
    expect(() => new data.DataLoader([x], { batchsize: 3 } as never)).toThrow(/did you mean 'batchSize'/);
  });

  test('splits are disjoint and whole', () => {
    const x = tensor(Array.from({ length: 10 }, (_, i) => i));
    const parts = data.randomSplit([x], [0.7, 0.3], { seed: 1 });
    expect(parts.map(([p]) => p!.shape)).toEqual([[7], [3]]);
    expect(parts.flatMap(([p]) => [...p!.toTypedArray()]).sort()).toEqual([...Array(10).keys()]);
  });

  test('windows on a text', () => {
    const [x, y] = data.textWindows(tensor([0, 1, 2, 3, 4], { dtype: 'int32' }), 3);
    expect(x.toArray()).toEqual([
      [0, 1, 2],
      [1, 2, 3],
    ]);
    expect(y.toArray()).toEqual([
      [1, 2, 3],
      [2, 3, 4],
    ]);
  });
});

describe('text', () => {
  test('characters to ids and back', () => {
    const tokenizer = new text.CharTokenizer('hello wörld 🙂');
    expect(tokenizer.vocabSize).toBe(new Set('hello wörld 🙂').size);
    expect(tokenizer.decode(tokenizer.encode('wörld 🙂'))).toBe('wörld 🙂');
    expect(new text.CharTokenizer(tokenizer.vocabulary).encode('held').toArray()).toEqual(
      tokenizer.encode('held').toArray(),
    );
    expect(tokenizer.encode('').shape).toEqual([0]);
    expect(() => tokenizer.encode('x')).toThrow(FluxionError);
    expect(() => tokenizer.decode(tensor([99], { dtype: 'int32' }))).toThrow(FluxionError);
    expect(() => new text.CharTokenizer(5 as never)).toThrow('CharTokenizer: corpus must be a text, got 5');
  });

  test('generation: greedy, seeded, from a module and from a function', () => {
    const next = (ids: Tensor): Tensor => F.oneHot(ids.add(1).at(':', ':'), 6).float().mul(20);
    const ids = text.generate(next, tensor([0], { dtype: 'int32' }), 4, { temperature: 0 });
    expect(ids.toArray()).toEqual([0, 1, 2, 3, 4]);
    manualSeed(1);
    const model = new nn.GPT({ vocabSize: 7, nLayer: 1, nHead: 1, nEmbd: 8, blockSize: 6 }).eval() as nn.GPT;
    const prompt = tensor([1, 2], { dtype: 'int32' });
    const sample = (seed: number): unknown =>
      text.generate(model, prompt, 20, { seed, contextLength: 6 }).toArray();
    expect(sample(1)).toEqual(sample(1));
    expect(sample(1)).not.toEqual(sample(2));
    const generation = new text.Generation(model, prompt, { topK: 1, contextLength: 6 });
    expect(generation.step().shape).toEqual([]);
    expect(generation.ids.shape).toEqual([3]);
    generation.dispose();
    expect(() => generation.step()).toThrow('generate: the generation was disposed of');
    expect(() => text.generate(model, prompt, -1)).toThrow(
      'generate: maxNewTokens must be 0 or more, got -1',
    );
    expect(() => text.generate(model, prompt, 1, { temprature: 1 } as never)).toThrow(
      /did you mean 'temperature'/,
    );
    model.dispose();
  });
});
