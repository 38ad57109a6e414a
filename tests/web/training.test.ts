// fluxion/training: metrics in fit, callbacks, checkpoints, the learning-rate finder; and what fit has for them.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  data,
  F,
  FluxionError,
  getRngState,
  init,
  io,
  manualSeed,
  nn,
  noGrad,
  optim,
  ParseError,
  rand,
  randn,
  setRngState,
  type Tensor,
  tensor,
  tidy,
  zeros,
} from 'fluxion';
import {
  AveragedModel,
  type Callback,
  ConfusionMatrix,
  EarlyStopping,
  F1Score,
  findLearningRate,
  History,
  Logger,
  loadCheckpoint,
  ModelCheckpoint,
  Precision,
  Progress,
  R2Score,
  readFile,
  saveCheckpoint,
  summary,
  type Training,
} from 'fluxion/training';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const folder = mkdtempSync(path.join(os.tmpdir(), 'fluxion-training-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const classifier = (): nn.Sequential =>
  new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 2));
const weights = (m: nn.Module): number[][] => m.parameters().map((p) => [...p.toTypedArray()]);
const moons = (): [Tensor, Tensor] => data.moons(60, { noise: 0.1, seed: 1 });

/** A run of `epochs` epochs on the moons. */
async function run(o: Partial<nn.FitOptions>, model = classifier()): Promise<nn.FitResult> {
  const optimizer = o.optimizer ?? new optim.Adam(model.parameters(), { lr: 0.02 });
  return model.fit(...moons(), { epochs: 3, batchSize: 20, loss: F.crossEntropy, seed: 1, ...o, optimizer });
}

describe('metrics', () => {
  test('in fit and evaluate, by name, on training and validation data', async () => {
    const model = classifier();
    const matrix = new ConfusionMatrix();
    const metrics = [new F1Score({ average: 'macro' }), new Precision({ name: 'exactness' }), matrix];
    const { history } = await run({ validationSplit: 0.25, accuracy: true, metrics }, model);
    const last = history.at(-1)!;
    expect(Object.keys(last.metrics)).toEqual([
      'accuracy',
      'f1',
      'exactness',
      'valAccuracy',
      'valF1',
      'valExactness',
    ]);
    expect([last.accuracy, last.valAccuracy]).toEqual([last.metrics.accuracy, last.metrics.valAccuracy]);
    expect(
      matrix
        .compute()
        .flat()
        .reduce((a, b) => a + b),
    ).toBe(15);
    const [x, y] = moons();
    const held = [x.narrow(0, 45, 15), y.narrow(0, 45, 15)] as const;
    const result = await model.evaluate(...held, { loss: F.crossEntropy, accuracy: true, metrics });
    expect(result.metrics.f1).toBeCloseTo(last.metrics.valF1!, 12);
    expect(result.accuracy).toBeCloseTo(last.valAccuracy!, 12);
    expect(result.loss).toBeCloseTo(last.valLoss!, 6);
  });

  test('refused with a reason', async () => {
    await expect(run({ metrics: [5 as never] })).rejects.toThrow(
      'fit: metrics[0] must be a metric of fluxion/training, got 5',
    );
    expect(() => new F1Score({ average: 'mean' as never })).toThrow(
      "F1Score: average must be one of 'binary', 'micro', 'macro', 'weighted', 'none', got 'mean'",
    );
    expect(() => new R2Score({ avrage: 'x' } as never)).toThrow("R2Score: unknown option 'avrage'");
    expect(() => new R2Score().update(zeros([2]), zeros([3]))).toThrow(
      'r2: output [2] and target [3] must have one shape',
    );
    await expect(run({ metrics: [new F1Score({ classDim: 3 })] })).rejects.toThrow(/dimension/);
  });
});

describe('fit', () => {
  test('accumulated batches, clipping, penalties: refused where they make no sense', async () => {
    await expect(run({ accumulate: 0 })).rejects.toThrow('fit: accumulate must be at least 1, got 0');
    await expect(run({ clipNorm: -1 })).rejects.toThrow('fit: clipNorm must not be negative, it is -1');
    await expect(run({ l2: Number.NaN })).rejects.toThrow('fit: l2 must not be negative, it is nan');
    await expect(run({ schedule: 5 as never })).rejects.toThrow(
      'fit: schedule must be a schedule of the optimizer given, got 5',
    );
    const other = new optim.SGD(classifier().parameters(), { lr: 1 });
    await expect(run({ schedule: new optim.lrScheduler.StepLR(other, 1) })).rejects.toThrow(
      'fit: schedule must be a schedule of the optimizer given, got a StepLR',
    );
    await expect(run({ callbacks: [{ onEpochEnd: 5 } as never] })).rejects.toThrow(
      'fit: callbacks[0].onEpochEnd must be a function, got 5',
    );
    expect(() => new AveragedModel(classifier(), { decay: 1 })).toThrow(
      'AveragedModel: decay must lie in [0, 1), it is 1',
    );
    expect(() => nn.utils.clipGradNorm([], -1)).toThrow(
      'clipGradNorm: maxNorm must not be negative, it is -1',
    );
  });

  test('evaluate and predict give the page its turn, and can be aborted', async () => {
    class Slow extends nn.Module {
      inner = new nn.Linear(2, 2);
      override forward(x: Tensor): Tensor {
        const until = performance.now() + 4;
        while (performance.now() < until);
        return this.inner.forward(x);
      }
    }
    const model = new Slow();
    const [x, y] = moons();
    let turns = 0;
    const timer = setInterval(() => turns++, 0);
    const result = await model.predict(x, { batchSize: 2 });
    expect(result.shape).toEqual([60, 2]);
    await model.evaluate(x, y, { loss: F.crossEntropy, batchSize: 2 });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
    expect(model.training).toBe(true);
    const controller = new AbortController();
    const reason = new Error('enough');
    setTimeout(() => controller.abort(reason), 15);
    await expect(model.predict(x, { batchSize: 1, signal: controller.signal })).rejects.toBe(reason);
    const aborted = model.evaluate(x, y, { loss: F.crossEntropy, signal: controller.signal });
    await expect(aborted).rejects.toBe(reason);
    expect(model.training).toBe(true);
  });

  test('callbacks are called in order, and waited for', async () => {
    const said: string[] = [];
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));
    const callback: Callback = {
      onTrainBegin: async () => {
        await pause();
        said.push('begin');
      },
      onEpochBegin: (e) => said.push(`<${e.epoch}`),
      onBatchEnd: async (e, training) => {
        said.push(`${e.batch}`);
        await pause();
        said.push('.');
        if (e.step === 4) training.stop();
      },
      onEpochEnd: (e) => said.push(`${e.epoch}>`),
      onTrainEnd: async (result) => {
        await pause();
        said.push(`end ${result.history.length} ${result.stopped}`);
      },
      onEvaluateBegin: () => said.push('evaluate'),
      onEvaluateEnd: (result) => said.push(`done ${result.loss > 0}`),
    };
    await run({ callbacks: [callback] });
    expect(said.join(' ')).toBe('begin <0 0 . 1 . 2 . 0> <1 0 . 1 . end 1 true');
    said.length = 0;
    await classifier().evaluate(...moons(), { loss: F.crossEntropy, callbacks: [callback] });
    expect(said).toEqual(['evaluate', 'done true']);
  });
});

describe('callbacks', () => {
  test('EarlyStopping stops, and puts the best weights back', async () => {
    manualSeed(1);
    const model = classifier();
    const losses: number[] = [];
    const seen: number[][][] = [];
    const stopping = new EarlyStopping({
      monitor: 'valLoss',
      patience: 2,
      minDelta: 0.001,
      restoreBest: true,
    });
    const { history, stopped } = await run(
      {
        epochs: 400,
        optimizer: new optim.SGD(model.parameters(), { lr: 12 }),
        validationSplit: 0.25,
        callbacks: [stopping],
        onEpochEnd: (e) => {
          losses.push(e.valLoss!);
          seen.push(weights(model));
        },
      },
      model,
    );
    expect(stopped).toBe(true);
    let best = 0;
    losses.forEach((v, i) => {
      if (losses[best]! - v > 0.001) best = i;
    });
    expect(stopping.bestEpoch).toBe(best);
    expect(history.length).toBe(best + 4);
    expect(weights(model)).toEqual(seen[best]);
    await expect(run({ callbacks: [new EarlyStopping({ monitor: 'valF1' })] })).rejects.toThrow(
      "EarlyStopping: monitor must be one of loss, got 'valF1'",
    );
  });

  test('ModelCheckpoint keeps the best, or every n batches', async () => {
    const name = path.join(folder, 'deep', 'best.safetensors');
    const model = classifier();
    const best = new ModelCheckpoint(name, { monitor: 'valAccuracy' });
    const { history } = await run(
      { epochs: 8, validationSplit: 0.25, accuracy: true, callbacks: [best] },
      model,
    );
    expect(best.best).toBe(Math.max(...history.map((h) => h.valAccuracy!)));
    const other = classifier();
    const checkpoint = loadCheckpoint(await readFile(name), { model: other });
    expect(checkpoint.resume).toBeDefined();
    const [x, y] = moons();
    const held = [x.narrow(0, 45, 15), y.narrow(0, 45, 15)] as const;
    const result = await other.evaluate(...held, { loss: F.crossEntropy, accuracy: true });
    expect(result.accuracy).toBe(best.best);
    const every = new ModelCheckpoint(path.join(folder, 'run-{step}.fx'), { every: 2, keep: 2 });
    await run({ callbacks: [every] });
    expect(
      readdirSync(folder)
        .filter((f) => f.startsWith('run'))
        .sort(),
    ).toEqual(['run-5.fx', 'run-7.fx']);
    expect(every.path).toBe(path.join(folder, 'run-7.fx'));
    expect(() => new ModelCheckpoint('x', { every: 0 })).toThrow(
      'ModelCheckpoint: every must be 1 or more, got 0',
    );
  });

  test('Logger, History and Progress say what happened', async () => {
    const file = path.join(folder, 'log.csv');
    const jsonl = path.join(folder, 'log.jsonl');
    const history = new History();
    const said: string[] = [];
    const result = await run({
      epochs: 2,
      validationSplit: 0.25,
      accuracy: true,
      callbacks: [
        new Logger(file, { format: 'csv', every: 2 }),
        new Logger(jsonl),
        history,
        new Progress({ write: (text) => said.push(text) }),
      ],
    });
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines[0]).toBe('kind,epoch,step,lr,loss,valLoss,accuracy,valAccuracy');
    expect(lines.map((l) => l.split(',')[0])).toEqual(['kind', 'batch', 'epoch', 'batch', 'batch', 'epoch']);
    expect(Number(lines[2]!.split(',')[4])).toBe(result.history[0]!.loss);
    const rows = readFileSync(jsonl, 'utf8')
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l));
    expect(rows.map((r) => r.valAccuracy)).toEqual(result.history.map((h) => h.valAccuracy));
    expect(history.epochs).toEqual(result.history);
    expect(history.column('loss')).toEqual(result.history.map((h) => h.loss));
    expect(said[1]).toMatch(/^epoch 2\/2 {2}loss \d\.\d{4} {2}valLoss/);
  });
});

describe('the learning-rate finder', () => {
  test('finds a rate and leaves everything as it was', async () => {
    manualSeed(5);
    const model = new nn.Sequential(
      new nn.Linear(2, 8),
      new nn.BatchNorm1d(8),
      new nn.Dropout(0.2),
      new nn.Linear(8, 2),
    );
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.03 });
    await run({ optimizer }, model);
    const [x, y] = moons();
    const state = (): unknown => [
      Object.entries(model.stateDict()).map(([k, t]) => [k, t.toArray()]),
      Object.entries(optimizer.stateDict()).map(([k, t]) => [k, t.toArray()]),
      model.parameters().map((p) => p.grad!.toArray()),
      getRngState().toArray(),
      optimizer.lr,
      model.training,
    ];
    const before = state();
    const found = await findLearningRate(model, x, y, {
      optimizer,
      loss: F.crossEntropy,
      batchSize: 20,
      maxLr: 100,
    });
    expect(state()).toEqual(before);
    expect(found.rates.length).toBe(found.losses.length);
    expect(found.rates[0]).toBeCloseTo(1e-7, 12);
    expect(found.suggestion).toBeGreaterThan(1e-6);
    expect(found.suggestion).toBeLessThan(100);
    await expect(
      findLearningRate(model, x, y, { optimizer, loss: F.crossEntropy, steps: 1 }),
    ).rejects.toThrow('findLearningRate: steps must be 2 or more, got 1');
  });
});

describe('checkpoints', () => {
  const program = path.join(import.meta.dirname, 'lib', 'resumed.ts');
  const inProcess = async (file: string, stopAt: number): Promise<Record<string, unknown[]>> => {
    const args = ['--disable-warning=ExperimentalWarning', program, file, String(stopAt)];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    return JSON.parse(stdout) as Record<string, unknown[]>;
  };

  test('a run stopped anywhere goes on in a new process bit for bit', async () => {
    const whole = await inProcess(path.join(folder, 'none.fx'), -1);
    expect(whole.losses!.length).toBe(24);
    // In the first epoch, within an accumulated step, at an epoch's end, and near the end of the run.
    for (const stopAt of [2, 5, 8, 22]) {
      const file = path.join(folder, `stopped-${stopAt}.fx`);
      const first = await inProcess(file, stopAt);
      expect(existsSync(file)).toBe(true);
      const rest = await inProcess(file, -1);
      expect([...first.losses!, ...rest.losses!]).toEqual(whole.losses);
      for (const key of ['last', 'weights', 'averages', 'random']) expect(rest[key]).toEqual(whole[key]);
    }
  });

  const parts = (): {
    model: nn.Sequential;
    optimizer: optim.Adam;
    schedule: optim.lrScheduler.ReduceLROnPlateau;
  } => {
    const model = classifier();
    const optimizer = new optim.Adam(model.parameters(), { lr: 0.1 });
    return { model, optimizer, schedule: new optim.lrScheduler.ReduceLROnPlateau(optimizer) };
  };

  test('outside of fit: values, schedule, random stream, metadata', () => {
    manualSeed(2);
    const from = parts();
    from.schedule.step(3);
    from.optimizer.lr = 0.07;
    const bytes = saveCheckpoint(from, { metadata: { note: 'half way' } });
    const random = rand(3).toArray();
    const into = parts();
    const { resume, metadata } = loadCheckpoint(bytes, into);
    expect([resume, metadata]).toEqual([undefined, { note: 'half way' }]);
    expect(rand(3).toArray()).toEqual(random);
    expect(weights(into.model)).toEqual(weights(from.model));
    expect(into.optimizer.lr).toBe(0.07);
    expect(into.schedule.stateDict()).toEqual(from.schedule.stateDict());
    const fresh = parts();
    expect(loadCheckpoint(saveCheckpoint(fresh), into).metadata).toEqual({});
    expect(into.schedule.stateDict().best).toBe(Number.POSITIVE_INFINITY);
  });

  test('hostile and unfitting files are refused by the place, and change nothing', async () => {
    let state: Record<string, Tensor> = {};
    const from = parts();
    let bytes = new Uint8Array();
    await run(
      {
        optimizer: from.optimizer,
        schedule: from.schedule,
        onBatchEnd: () => {},
        callbacks: [
          {
            onBatchEnd(e: nn.BatchEvent, training: Training) {
              if (e.step === 4) bytes = saveCheckpoint(training);
            },
          },
        ],
      },
      from.model,
    );
    const wider = new nn.Sequential(new nn.Linear(2, 9), new nn.Tanh(), new nn.Linear(9, 2));
    const into = parts();
    const kept = (): unknown => [
      weights(into.model),
      Object.entries(into.optimizer.stateDict()).map(([k, t]) => [k, t.toArray()]),
      into.schedule.stateDict(),
      getRngState().toArray(),
    ];
    const before = kept();
    const refused = (file: Uint8Array, why: string | RegExp, target: object = into): void => {
      let error: unknown;
      try {
        loadCheckpoint(file, target as typeof into);
      } catch (e) {
        error = e;
      }
      expect(error).toBeInstanceOf(ParseError);
      expect((error as Error).message).toMatch(why);
      expect(kept()).toEqual(before);
    };
    const changed = (
      tensors: Record<string, Tensor | undefined>,
      texts: Record<string, string> = {},
    ): Uint8Array => {
      const { tensors: all, metadata } = io.readSafetensors(bytes);
      const next = Object.entries({ ...all, ...tensors }).filter(([, t]) => t);
      return io.saveSafetensors(Object.fromEntries(next) as Record<string, Tensor>, {
        metadata: { ...metadata, ...texts },
      });
    };
    refused(bytes.subarray(0, 100), /^safetensors: /);
    refused(io.saveSafetensors({ a: zeros([1]) }), /no checkpoint of version 1: .* is missing/);
    refused(changed({}, { 'fluxion.checkpoint': '2' }), /is 2$/);
    refused(changed({ 'model.0.weight': undefined }), "tensor '0.weight' is missing");
    refused(changed({ 'model.0.weight': zeros([2, 8]) }), /tensor '0.weight' is float32 \[2, 8\], not/);
    refused(changed({ 'model.9.weight': zeros([1]) }), "tensor '9.weight' is unexpected");
    refused(changed({ random: zeros([631], { dtype: 'int32' }) }), 'is no state of a random stream');
    refused(changed({}, { schedule: '[' }), "metadata 'schedule' is no state of a schedule");
    refused(changed({}, { schedule: '{"best":"x"}' }), /schedule|loadStateDict/);
    refused(changed({ 'optimizer.state.0.exp_avg': zeros([1]) }), /state.0.exp_avg is \[1\]/);
    refused(saveCheckpoint({ model: from.model }), 'the file holds no optimizer');
    refused(bytes, /architecture differs in line 2: \(0\): Linear\(in_features=2, out_features=8/, {
      model: wider,
    });
    // What belongs to the run is looked at when it goes on.
    const { resume } = loadCheckpoint(bytes, into);
    state = resume!;
    const after = weights(into.model);
    const resumeWith = (o: Record<string, Tensor>, more: Partial<nn.FitOptions> = {}): Promise<unknown> =>
      run({ optimizer: into.optimizer, ...more, resume: { ...state, ...o } }, into.model);
    await expect(resumeWith({ order: zeros([60], { dtype: 'int32' }) })).rejects.toThrow(
      "fit: resume: 'order' is no order of the examples: 0 is out of place",
    );
    await expect(resumeWith({}, { epochs: 1 })).rejects.toThrow(ParseError);
    await expect(resumeWith({ position: zeros([2], { dtype: 'float64' }) })).rejects.toThrow(
      "fit: resume: 'position' has 2 numbers, not 10",
    );
    expect(weights(into.model)).toEqual(after);
    tidy(() => setRngState(getRngState()));
    expect(() => setRngState(zeros([3]))).toThrow(FluxionError);
    expect((await resumeWith({})) as nn.FitResult).toMatchObject({ stopped: false });
    randn([1]);
  });
});

describe('modules', () => {
  /** The same layer in C++ and around it in JavaScript. */
  class Wrapped extends nn.Module {
    inner = new nn.Linear(2, 1, { bias: false });
    override forward(x: Tensor): Tensor {
      return this.inner.forward(x);
    }
  }
  for (const [kind, make] of [
    ['C++', () => new nn.Linear(2, 1, { bias: false })],
    ['JavaScript', () => new Wrapped()],
  ] as const)
    test(`backward hooks on a module of ${kind}, as PyTorch calls them`, () => {
      const model = make() as nn.Layer;
      noGrad(() => model.parameters()[0]!.copy_(tensor([[2, -3]])));
      const seen: unknown[] = [];
      const hook = model.registerFullBackwardHook((m, gradInput, gradOutput) => {
        expect(m).toBe(model);
        seen.push(gradInput?.toArray() ?? null, gradOutput.toArray());
        return gradInput?.mul(10);
      });
      const x = tensor([[1, 1]], { requiresGrad: true });
      tidy(() => model.forward(x).mul(5).sum().backward());
      expect(seen).toEqual([[[10, -15]], [[5]]]);
      expect(x.grad!.toArray()).toEqual([[100, -150]]);
      expect(model.parameters()[0]!.grad!.toArray()).toEqual([[5, 5]]);
      seen.length = 0;
      tidy(() =>
        model
          .forward(tensor([[1, 1]]))
          .sum()
          .backward(),
      );
      expect(seen).toEqual([null, [[1]]]);
      hook.remove();
      tidy(() => model.forward(x).sum().backward());
      expect(seen.length).toBe(2);
    });

  test('a forward that was hooked is its own again', () => {
    const model = classifier();
    const order: string[] = [];
    const own = model.forward;
    const first = model.registerForwardHook(() => void order.push('first'));
    const second = model.registerForwardHook(() => void order.push('second'));
    model.forward(zeros([1, 2]));
    first.remove();
    model.forward(zeros([1, 2]));
    second.remove();
    model.forward(zeros([1, 2]));
    expect(order).toEqual(['first', 'second', 'second']);
    expect(Object.hasOwn(model, 'forward')).toBe(false);
    expect(model.forward).toBe(own);
  });

  test('a summary of layers, shapes, weights and memory', () => {
    const model = new nn.Sequential(
      new nn.Conv2d(1, 4, 3),
      new nn.BatchNorm2d(4),
      new nn.Sequential(new nn.ReLU(), new nn.Flatten()),
      new nn.Linear(144, 10),
    );
    model[3]!.requiresGrad_(false);
    model[1]!.eval();
    const result = summary(model, [2, 1, 8, 8]);
    expect(result.bytes).toEqual({ parameters: 4 * 1498, buffers: 4 * 9, outputs: 4 * (4 * 288 + 20) });
    expect(String(result)).toBe(
      [
        'Layer              Output shape  Parameters',
        '───────────────────────────────────────────',
        'Sequential         [2, 10]            1,498',
        '  Conv2d (0)       [2, 4, 6, 6]          40',
        '  BatchNorm2d (1)  [2, 4, 6, 6]           8',
        '  Sequential (2)   [2, 144]               0',
        '    ReLU (0)       [2, 4, 6, 6]           0',
        '    Flatten (1)    [2, 144]               0',
        '  Linear (3)       [2, 10]            1,450',
        '───────────────────────────────────────────',
        'Parameters: 1,498, trained 48, frozen 1,450',
        'Memory: weights 6.0 KB, buffers 0.0 KB, outputs 4.7 KB',
      ].join('\n'),
    );
    expect(model.modules().map((m) => m.training)).toEqual([true, true, false, true, true, true, true]);
    expect(Object.hasOwn(model, 'forward')).toBe(false);
    expect(() => summary(5 as never, [1])).toThrow('summary: model must be a Module, got 5');
    expect(() => summary(model, 5 as never)).toThrow('summary: input must be a tensor or a shape, got 5');
  });

  test('frozen weights stay as they are', async () => {
    const model = classifier();
    model[0]!.requiresGrad_(false);
    const before = weights(model);
    await run({ optimizer: new optim.AdamW(model.parameters(), { lr: 0.1, weightDecay: 0.1 }) }, model);
    const after = weights(model);
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toEqual(before[2]);
  });
});
