// Training, evaluation and prediction in one call each. The loop is C++'s; here it is driven in slices, and models and
// losses written in JavaScript are called back. Modules load this when it is first asked for.
import { flag, handleList, integer, number, options, refuse } from '../args.ts';
import { FluxionError } from '../errors.ts';
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  l1Loss,
  mseLoss,
  nllLoss,
} from '../generated/loss.ts';
import {
  BCELoss,
  BCEWithLogitsLoss,
  CrossEntropyLoss,
  L1Loss,
  MSELoss,
  NLLLoss,
} from '../generated/modules.ts';
import { tensorHandle, tidy, wrap, wrapList } from '../handles.ts';
import { type Handle, lib, putList, putText, registerCallback, takeList, takePieces } from '../native.ts';
import type { Optimizer } from '../optimizer.ts';
import { type LRScheduler, ReduceLROnPlateau } from '../schedule.ts';
import type { Tensor } from '../tensor.ts';
import { type Callee, calledModel, handOver } from './called.ts';
import { nativeForm } from './containers.ts';
import { type Layer, Module, type NativeModule, nativeOf, type StateDict } from './module.ts';

/** From what the model gave and what was wanted to one number: a function of F, a loss module, or one's own. */
export type LossFunction = (output: Tensor, target: Tensor) => Tensor;
export type LossLike = LossFunction | (Module & { forward(input: Tensor, target: Tensor): Tensor });

/** How the share of right answers is counted. */
export interface AccuracyOptions {
  /** The dimension of the output that holds the classes; 1 by default. */
  classDim?: number;
  /** Targets of this value do not count; −100 by default. */
  ignoreIndex?: number;
  /** An example is right only when all its targets are met. */
  wholeRows?: boolean;
  /** Above it counts as true, where output and target have one shape; 0.5 by default, 0 suits raw scores. */
  threshold?: number;
  /** A target is met when it is among so many largest outputs; 1 by default. */
  topK?: number;
}

/** A measure over batches, as `fluxion/training` has them. */
export interface MetricLike {
  /** Under which its values stand in the history: `f1` and, on validation data, `valF1`. */
  readonly name: string;
  /** @internal */ readonly handle: Handle;
}

/** An AveragedModel of `fluxion/training`. */
export interface AverageLike {
  /** How many updates there were. */
  nAveraged: number;
  /** @internal */ readonly handle: Handle;
}

/** What a batch callback is told. Counts start at 0. */
export interface BatchEvent {
  epoch: number;
  batch: number;
  /** Batches in an epoch. */
  batches: number;
  /** Batches over all epochs. */
  step: number;
  /** Examples in the batch. */
  size: number;
  loss: number;
  /** The learning rate of the optimizer's first group, as it was for this batch. */
  lr: number;
  /** Ends training after this batch. */
  stop(): void;
}

/** What an epoch callback is told, and a line of the history. */
export interface EpochEvent {
  epoch: number;
  epochs: number;
  /** Mean over the epoch's examples, while they were learnt from. */
  loss: number;
  /** After the epoch, where there are validation data. */
  valLoss?: number;
  accuracy?: number;
  valAccuracy?: number;
  /** Every metric by its name: `f1`, and `valF1` where there are validation data. Those that are not one number are left out. */
  metrics: Readonly<Record<string, number>>;
  /** Seconds of computing. */
  seconds: number;
  /** Ends training here. */
  stop(): void;
}

/** The run that a callback is part of. */
export interface Training {
  readonly model: Layer;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  /** Batches for one step of the optimizer. */
  readonly accumulate: number;
  readonly schedule: LRScheduler | ReduceLROnPlateau | undefined;
  readonly average: AverageLike | undefined;
  /** Ends training after this batch. */
  stop(): void;
  /**
   * Where the run itself stands: position, sums, order of the examples, random streams. `fit` goes on from it when it is
   * given as `resume`, and model, optimizer, schedule and average are as they were; `saveCheckpoint` keeps all of it.
   */
  state(): StateDict;
}

/**
 * What `fit` calls on its way. Each method may be left out, and may be async: training waits for it. `onTrainEnd` is called
 * also when training was stopped, aborted or has failed.
 */
export interface Callback {
  onTrainBegin?(training: Training): unknown;
  onEpochBegin?(e: { epoch: number }, training: Training): unknown;
  onBatchEnd?(e: BatchEvent, training: Training): unknown;
  onEpochEnd?(e: EpochEvent, training: Training): unknown;
  onTrainEnd?(result: FitResult, training: Training): unknown;
  /** Before and after `evaluate`. */
  onEvaluateBegin?(model: Layer): unknown;
  onEvaluateEnd?(result: EvaluationResult, model: Layer): unknown;
}

export interface FitOptions {
  optimizer: Optimizer;
  loss: LossLike;
  /** How many times over the data; 1 by default. */
  epochs?: number;
  /** 32 by default. */
  batchSize?: number;
  /** A new order each epoch; true by default. */
  shuffle?: boolean;
  /** Of the shuffles; without one they come from the stream that `manualSeed` starts. */
  seed?: number;
  /** Leaves out a last batch that is smaller. */
  dropLast?: boolean;
  /** An epoch ends after so many batches. */
  stepsPerEpoch?: number;
  /** This share of the examples, the last ones, is held out. */
  validationSplit?: number;
  validationData?: readonly [x: Tensor, y: Tensor];
  /** Counts right answers too. */
  accuracy?: boolean | AccuracyOptions;
  /** Further measures, on training and validation data. */
  metrics?: readonly MetricLike[];
  /**
   * One step of the optimizer for so many batches; 1 by default. With a loss that is a mean over its examples, the step that
   * one batch of all their examples would take.
   */
  accumulate?: number;
  /** Gradients are put within ± this before each step. */
  clipValue?: number;
  /** Gradients are scaled before each step so that their norm is this at most; after `clipValue`. */
  clipNorm?: number;
  /** This times the sum of |w|, over the optimizer's parameters, is added to the loss. */
  l1?: number;
  /** This times the sum of w², over the optimizer's parameters, is added to the loss. */
  l2?: number;
  /** Changes the learning rate. ReduceLROnPlateau is told the validation loss, or the loss where there is none. */
  schedule?: LRScheduler | ReduceLROnPlateau;
  /** Whether the schedule steps after each `'epoch'` (the default) or each `'step'` of the optimizer. */
  scheduleBy?: 'epoch' | 'step';
  /** Updated after each step of the optimizer. */
  average?: AverageLike;
  /** The first epoch in which it is updated; 0 by default. */
  averageFrom?: number;
  /** Called in order, before the functions below. */
  callbacks?: readonly Callback[];
  /**
   * By default each kind of step is recorded once and replayed, as `compile` does, where model and loss allow it (their
   * JavaScript then runs for the recording only). `false` runs every step as it is.
   */
  compile?: boolean;
  /** Goes on from what `Training.state()` gave. A ParseError when it does not fit. */
  resume?: StateDict;
  onEpochBegin?: (e: { epoch: number }) => unknown;
  onBatchEnd?: (e: BatchEvent) => unknown;
  /** May be async: training waits for it. */
  onEpochEnd?: (e: EpochEvent) => unknown;
  /** Aborting it ends training after the current batch; the promise is then rejected with the signal's reason. */
  signal?: AbortSignal;
}

export type HistoryEntry = Omit<EpochEvent, 'stop'>;

export interface FitResult {
  /** One entry for each epoch that ended. */
  history: HistoryEntry[];
  /** Whether a callback ended training early. */
  stopped: boolean;
}

export interface Evaluation {
  loss: LossLike;
  /** 32 by default. */
  batchSize?: number;
  accuracy?: boolean | AccuracyOptions;
  metrics?: readonly MetricLike[];
  callbacks?: readonly Callback[];
  /** Aborting it rejects the promise with the signal's reason. */
  signal?: AbortSignal;
}

export interface EvaluationResult {
  /** Mean over the examples. */
  loss: number;
  accuracy?: number;
  /** Every metric by its name; those that are not one number are left out. */
  metrics: Readonly<Record<string, number>>;
}

// The functions of F that C++ has as modules, so that training with them needs no callback.
const losses = new Map<unknown, new () => NativeModule>([
  [mseLoss, MSELoss],
  [l1Loss, L1Loss],
  [crossEntropy, CrossEntropyLoss],
  [nllLoss, NLLLoss],
  [binaryCrossEntropy, BCELoss],
  [binaryCrossEntropyWithLogits, BCEWithLogitsLoss],
]);

/** Runs `use` with the loss as C++ can call it. */
function withLoss<T>(op: string, loss: LossLike, use: (loss: Callee) => T): T {
  const Known = losses.get(loss);
  if (Known) {
    const module = new Known();
    try {
      return use({ module: nativeOf(module), callback: 0 });
    } finally {
      module.dispose();
    }
  }
  const native = loss instanceof Module ? nativeForm(loss) : undefined;
  if (native) return use({ module: nativeOf(native), callback: 0 });
  const fn = (loss instanceof Module ? loss.forward.bind(loss) : loss) as LossFunction;
  if (typeof fn !== 'function')
    return refuse(op, 'loss', 'a function of F, a loss module or a function (output, target)', loss);
  return use({
    module: 0,
    callback: registerCallback((output, target) =>
      tidy(() => handOver(fn(wrap(output, 'output'), wrap(target, 'target')), 'the loss')),
    ),
  });
}

/** @internal The numbers of an accuracy, in C++'s order. */
export function accuracyNumbers(op: string, given: AccuracyOptions): number[] {
  const o = options(op, given, 'classDim ignoreIndex wholeRows threshold topK');
  const { classDim = 1, ignoreIndex = -100, wholeRows = false, threshold = 0.5, topK = 1 } = o;
  return [
    integer(classDim, op, 'classDim'),
    integer(ignoreIndex, op, 'ignoreIndex'),
    flag(wholeRows, op, 'wholeRows'),
    number(threshold, op, 'threshold'),
    integer(topK, op, 'topK'),
  ];
}

/** Runs `use` with the metrics' handles; their names come back with them. */
function withMetrics<T>(
  op: string,
  o: Pick<Evaluation, 'accuracy' | 'metrics'>,
  use: (handles: number[], names: string[]) => T,
): T {
  const { accuracy, metrics = [] } = o;
  if (!Array.isArray(metrics)) refuse(op, 'metrics', 'a list of metrics', metrics);
  const given = metrics.map((m: MetricLike, i) =>
    m?.handle > 0 ? m : refuse(op, `metrics[${i}]`, 'a metric of fluxion/training', m),
  );
  const own = accuracy
    ? lib.newMetric(0, putList(accuracyNumbers(`${op}: accuracy`, accuracy === true ? {} : accuracy)))
    : 0;
  try {
    return use(
      [...(own ? [own] : []), ...given.map((m) => m.handle)],
      [...(own ? ['accuracy'] : []), ...given.map((m) => m.name)],
    );
  } finally {
    if (own) lib.releaseMetric(own);
  }
}

const valName = (name: string): string => `val${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Values by name, the names of accuracies in their own places too. */
function measured(
  names: readonly string[],
  values: readonly number[],
): Pick<EpochEvent, 'accuracy' | 'valAccuracy' | 'metrics'> {
  if (names.length === 0) return { metrics: noMetrics };
  const keys = [...names, ...names.map(valName)];
  const metrics = Object.fromEntries(
    values.map((v, i) => [keys[i]!, v] as const).filter(([, v]) => !Number.isNaN(v)),
  );
  const shown = Object.entries(metrics).filter(([name]) => /^(val)?accuracy$/i.test(name));
  return { ...Object.fromEntries(shown), metrics };
}

const count = (value: unknown, op: string, name: string, least: number): number => {
  const n = integer(value, op, name);
  return n >= least ? n : refuse(op, name, `at least ${least}`, value);
};

const known =
  'optimizer loss epochs batchSize shuffle seed dropLast stepsPerEpoch validationSplit validationData accuracy metrics accumulate clipValue clipNorm l1 l2 schedule scheduleBy average averageFrom compile callbacks resume onEpochBegin onBatchEnd onEpochEnd signal';

// How long C++ works before JavaScript gets its turn: with what comes between, less than 20 ms.
const sliceMilliseconds = 12;

/** The callbacks as one list, `own` last; each of their methods is a function. */
function checkCallbacks(op: string, callbacks: readonly Callback[] = [], own: object = {}): Callback[] {
  if (!Array.isArray(callbacks)) refuse(op, 'callbacks', 'a list of callbacks', callbacks);
  const all: Callback[] = [...callbacks, own];
  all.forEach((callback, i) => {
    const place = i < callbacks.length ? `callbacks[${i}]` : '';
    if (!callback || typeof callback !== 'object')
      refuse(op, place, 'an object with methods such as onEpochEnd', callback);
    for (const [name, f] of Object.entries(callback))
      if (/^on[A-Z]/.test(name) && f !== undefined && typeof f !== 'function')
        refuse(op, `${place && `${place}.`}${name}`, 'a function', f);
  });
  return all;
}

export async function fit(model: Layer, x: Tensor, y: Tensor, given: FitOptions): Promise<FitResult> {
  const o = options('fit', given, known);
  const { signal, onEpochBegin, onBatchEnd, onEpochEnd, epochs = 1 } = o;
  const listeners = checkCallbacks('fit', o.callbacks, { onEpochBegin, onBatchEnd, onEpochEnd });
  signal?.throwIfAborted();

  const result: FitResult = { history: [], stopped: false };
  let waitFor: unknown[] = [];
  let training: Handle = 0;
  let names: string[] = [];
  const run: Training = {
    model,
    optimizer: o.optimizer,
    epochs,
    accumulate: o.accumulate ?? 1,
    schedule: o.schedule,
    average: o.average,
    stop() {
      result.stopped = true;
      if (training) lib.stopFit(training);
    },
    state() {
      if (!training) throw new FluxionError('fit: the run has ended');
      const keys = takePieces(lib.fitStateNames(training));
      const tensors = wrapList(lib.fitState(training), 'fit');
      return Object.fromEntries(keys.map((key, i) => [key, tensors[i]!]));
    },
  };
  const { stop } = run;
  const tell = (call: (listener: Callback) => unknown): void => {
    for (const listener of listeners) {
      const answer = call(listener);
      if (answer instanceof Promise) waitFor.push(answer);
    }
    if (waitFor.length) lib.pauseFit(training);
  };
  const settle = async (): Promise<void> => {
    const answers = waitFor;
    waitFor = [];
    if (answers.length) await Promise.all(answers);
  };
  const events = [
    ([epoch]: number[]) => tell((c) => c.onEpochBegin?.({ epoch: epoch! }, run)),
    (numbers: number[]) => {
      const e = { ...batchEvent(numbers), stop };
      tell((c) => c.onBatchEnd?.(e, run));
    },
    (numbers: number[]) => {
      const entry = epochEntry(numbers, 0, numbers.length, names);
      result.history.push(entry);
      tell((c) => c.onEpochEnd?.({ ...entry, stop }, run));
    },
  ];
  const listener = registerCallback((kind, address) => {
    events[kind]!(takeList(address));
    if (signal?.aborted) lib.stopFit(training); // a callback may have called it off
    return 0;
  });

  const was = model.training;
  const wantsBatches = listeners.some((c) => c.onBatchEnd);
  const wantsEpochs = listeners.some((c) => c.onEpochBegin || c.onEpochEnd);
  [training, names] = begin(model, x, y, o, listener, wantsBatches, wantsEpochs);
  const takeLog = (): void => {
    const numbers = takeList(lib.takeFitLog(training));
    for (let at = 0; at < numbers.length; ) {
      const end = at + 1 + numbers[at]!;
      result.history.push(epochEntry(numbers, at + 1, end, names));
      at = end;
    }
  };
  try {
    tell((c) => c.onTrainBegin?.(run));
    await settle();
    if (result.stopped) lib.stopFit(training);
    while (lib.runFit(training, sliceMilliseconds)) {
      takeLog();
      await settle();
      await nextTurn();
      if (signal?.aborted) lib.stopFit(training);
    }
    await settle();
    signal?.throwIfAborted();
  } finally {
    takeLog();
    try {
      tell((c) => c.onTrainEnd?.(result, run));
      await settle();
    } finally {
      lib.releaseFit(training);
      training = 0;
      model.train(was);
    }
  }
  return result;
}

function begin(
  model: Layer,
  x: Tensor,
  y: Tensor,
  o: FitOptions,
  events: number,
  wantsBatches: boolean,
  wantsEpochs: boolean,
): [Handle, string[]] {
  const { epochs = 1, batchSize = 32, shuffle = true, seed, dropLast = false, stepsPerEpoch = 0 } = o;
  const { validationSplit = 0, validationData, schedule, scheduleBy = 'epoch', average, resume } = o;
  const optimizer = (o.optimizer as Optimizer | undefined)?.handle;
  if (!optimizer)
    refuse('fit', 'optimizer', 'an optimizer, such as new optim.Adam(model.parameters())', o.optimizer);
  if (validationData !== undefined && (!Array.isArray(validationData) || validationData.length !== 2))
    refuse('fit', 'validationData', 'a pair [x, y]', validationData);
  const plateau = schedule instanceof ReduceLROnPlateau;
  if (schedule !== undefined && schedule.optimizer !== o.optimizer)
    refuse('fit', 'schedule', 'a schedule of the optimizer given', schedule);
  if (average !== undefined && !(average?.handle > 0))
    refuse('fit', 'average', 'an AveragedModel of fluxion/training', average);
  if (scheduleBy !== 'epoch' && scheduleBy !== 'step')
    refuse('fit', 'scheduleBy', "'epoch' or 'step'", scheduleBy);
  const amount = (name: 'clipValue' | 'clipNorm' | 'l1' | 'l2'): number => number(o[name] ?? 0, 'fit', name);
  const numbers = [
    count(epochs, 'fit', 'epochs', 0),
    count(batchSize, 'fit', 'batchSize', 1),
    flag(shuffle, 'fit', 'shuffle'),
    flag(dropLast, 'fit', 'dropLast'),
    seed === undefined ? 0 : 1,
    seed === undefined ? 0 : count(seed, 'fit', 'seed', 0),
    count(stepsPerEpoch, 'fit', 'stepsPerEpoch', 0),
    number(validationSplit, 'fit', 'validationSplit'),
    +wantsBatches,
    count(o.accumulate ?? 1, 'fit', 'accumulate', 1),
    amount('clipValue'),
    amount('clipNorm'),
    amount('l1'),
    amount('l2'),
    schedule && !plateau ? schedule.handle : 0,
    +(scheduleBy === 'step'),
    plateau ? schedule.handle : 0,
    average?.handle ?? 0,
    count(o.averageFrom ?? 0, 'fit', 'averageFrom', 0),
    flag(o.compile ?? true, 'fit', 'compile'),
    +wantsEpochs,
  ];
  const tensors = [tensorHandle(x, 'fit', 'x'), tensorHandle(y, 'fit', 'y')] as const;
  const validation = validationData?.map((t, i) => tensorHandle(t, 'fit', `validationData[${i}]`)) ?? [0, 0];
  return withMetrics('fit', o, (metrics, names) =>
    withLoss('fit', o.loss, (loss) => {
      const { module, callback, mode } = calledModel(model);
      const training = lib.newFit(
        module,
        callback,
        mode,
        loss.module,
        loss.callback,
        optimizer,
        ...tensors,
        putList(numbers),
        validation[0]!,
        validation[1]!,
        putList(metrics),
        events,
      );
      try {
        if (resume)
          lib.loadFitState(
            training,
            putText(Object.keys(resume).join('\0')),
            handleList(Object.values(resume), 'fit', 'resume'),
          );
      } catch (error) {
        lib.releaseFit(training);
        throw error;
      }
      return [training, names];
    }),
  );
}

const batchNames = ['epoch', 'batch', 'batches', 'step', 'size', 'loss', 'lr'];
const batchEvent = (numbers: number[]): Omit<BatchEvent, 'stop'> =>
  Object.fromEntries(batchNames.map((name, i) => [name, numbers[i]!])) as never;

const noMetrics = Object.freeze({});

/** An entry from the numbers [from, end). Epochs may take a microsecond: nothing is made on the way to it. */
function epochEntry(
  numbers: readonly number[],
  from: number,
  end: number,
  names: readonly string[],
): HistoryEntry {
  const epoch = numbers[from]!;
  const epochs = numbers[from + 1]!;
  const loss = numbers[from + 2]!;
  const seconds = numbers[from + 5]!;
  const validated = numbers[from + 3] !== 0;
  if (names.length === 0 && !validated) return { epoch, epochs, loss, metrics: noMetrics, seconds };
  const valLoss = validated ? { valLoss: numbers[from + 4]! } : {};
  return { epoch, epochs, loss, ...valLoss, ...measured(names, numbers.slice(from + 6, end)), seconds };
}

// A turn of the event loop without the 4 ms that nested timers wait.
const { setImmediate } = globalThis as { setImmediate?: (f: () => void) => void };
function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate) {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

/** Drives an evaluation or a prediction to its end, and lets `take` have it. */
async function sweep<T>(
  model: Layer,
  start: () => Handle,
  signal: AbortSignal | undefined,
  take: (sweep: Handle) => T,
): Promise<T> {
  signal?.throwIfAborted();
  const was = model.training;
  const handle = start();
  try {
    while (lib.runSweep(handle, sliceMilliseconds)) {
      // Whoever has the turn finds the model as it was.
      model.train(was);
      await nextTurn();
      signal?.throwIfAborted();
    }
    return take(handle);
  } finally {
    lib.releaseSweep(handle);
    model.train(was);
  }
}

export async function evaluate(
  model: Layer,
  x: Tensor,
  y: Tensor,
  given: Evaluation,
): Promise<EvaluationResult> {
  const o = options('evaluate', given, 'loss batchSize accuracy metrics callbacks signal');
  const batchSize = count(o.batchSize ?? 32, 'evaluate', 'batchSize', 1);
  const callbacks = checkCallbacks('evaluate', o.callbacks);
  const inputs = tensorHandle(x, 'evaluate', 'x');
  const targets = tensorHandle(y, 'evaluate', 'y');
  let names: string[] = [];
  const start = (): Handle =>
    withMetrics('evaluate', o, (metrics, given) =>
      withLoss('evaluate', o.loss, (loss) => {
        names = given;
        const { module, callback, mode } = calledModel(model);
        const list = putList(metrics);
        return lib.newSweep(
          module,
          callback,
          mode,
          loss.module,
          loss.callback,
          inputs,
          targets,
          batchSize,
          list,
        );
      }),
    );
  for (const c of callbacks) await c.onEvaluateBegin?.(model);
  const [loss, ...values] = await sweep(model, start, o.signal, (handle) =>
    takeList(lib.sweepEvaluation(handle)),
  );
  const { valAccuracy: _, ...all } = measured(names, values);
  const result = { loss: loss!, ...all };
  for (const c of callbacks) await c.onEvaluateEnd?.(result, model);
  return result;
}

export async function predict(
  model: Layer,
  x: Tensor,
  given: { batchSize?: number; signal?: AbortSignal },
): Promise<Tensor> {
  const { batchSize = 32, signal } = options('predict', given, 'batchSize signal');
  const size = count(batchSize, 'predict', 'batchSize', 1);
  const inputs = tensorHandle(x, 'predict', 'x');
  const start = (): Handle => {
    const { module, callback, mode } = calledModel(model);
    return lib.newSweep(module, callback, mode, 0, 0, inputs, 0, size, 0);
  };
  return sweep(model, start, signal, (handle) => wrap(lib.sweepOutputs(handle), 'predict'));
}
