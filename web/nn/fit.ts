// Training, evaluation and prediction in one call each. The loop is C++'s; here it is driven in slices, and models and
// losses written in JavaScript are called back.
import { describe, flag, integer, number, options, refuse } from '../args.ts';
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
import { isTensor, tensorHandle, tidy, wrap } from '../handles.ts';
import { type Handle, lib, putList, registerCallback, takeList } from '../native.ts';
import type { Optimizer } from '../optimizer.ts';
import type { Tensor } from '../tensor.ts';
import { nativeForm } from './containers.ts';
import { type Layer, Module, type NativeModule, nativeOf, setTraining } from './module.ts';

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
}

/** What a batch callback is told. Counts start at 0. */
export interface BatchEvent {
  epoch: number;
  batch: number;
  /** Batches in an epoch. */
  batches: number;
  /** Steps over all epochs. */
  step: number;
  /** Examples in the batch. */
  size: number;
  loss: number;
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
  /** Seconds of computing. */
  seconds: number;
  /** Ends training here. */
  stop(): void;
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
  batchSize?: number;
  accuracy?: boolean | AccuracyOptions;
}

/** A module or a function, whichever C++ is to call: the handle of the one, or 0 and the number of the other. */
interface Callee {
  module: Handle;
  callback: number;
}

interface CalledModel extends Callee {
  mode: number;
}

function calledModel(model: Layer): CalledModel {
  const native = nativeForm(model);
  if (native) return { module: nativeOf(native), callback: 0, mode: 0 };
  return {
    module: 0,
    callback: registerCallback((x) => tidy(() => handOver(model.forward(wrap(x, 'batch')), 'forward'))),
    mode: registerCallback((training) => {
      model.train(training !== 0);
      return 0;
    }),
  };
}

export const calledForward = (model: LossFunction | Layer | ((x: Tensor) => Tensor)): Callee => {
  if (model instanceof Module) return calledModel(model as Layer);
  if (typeof model !== 'function') return refuse('generate', 'the model', 'a Module or a function', model);
  const forward = model as (x: Tensor) => Tensor;
  return {
    module: 0,
    callback: registerCallback((x) => tidy(() => handOver(forward(wrap(x, 'ids')), 'the model'))),
  };
};

function handOver(result: unknown, from: string): Handle {
  if (isTensor(result)) return lib.aliasTensor(tensorHandle(result, from, 'the result'));
  throw new FluxionError(`fit: ${from} returned ${describe(result)}, not a Tensor`);
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

function metricNumbers(op: string, accuracy: boolean | AccuracyOptions | undefined): number[] {
  if (accuracy === undefined || accuracy === false) return [];
  const o = options(
    `${op}: accuracy`,
    accuracy === true ? {} : accuracy,
    'classDim ignoreIndex wholeRows threshold',
  );
  const { classDim = 1, ignoreIndex = -100, wholeRows = false, threshold = 0.5 } = o;
  return [
    integer(classDim, op, 'classDim'),
    integer(ignoreIndex, op, 'ignoreIndex'),
    flag(wholeRows, op, 'wholeRows'),
    number(threshold, op, 'threshold'),
  ];
}

const count = (value: unknown, op: string, name: string, least: number): number => {
  const n = integer(value, op, name);
  return n >= least ? n : refuse(op, name, `at least ${least}`, value);
};

const known =
  'optimizer loss epochs batchSize shuffle seed dropLast stepsPerEpoch validationSplit validationData accuracy onEpochBegin onBatchEnd onEpochEnd signal';

// How long C++ works before JavaScript gets its turn: with what comes between, less than 20 ms.
const sliceMilliseconds = 12;

export async function fit(model: Layer, x: Tensor, y: Tensor, given: FitOptions): Promise<FitResult> {
  const o = options('fit', given, known);
  const { signal, onEpochBegin, onBatchEnd, onEpochEnd } = o;
  for (const [name, f] of Object.entries({ onEpochBegin, onBatchEnd, onEpochEnd }))
    if (f !== undefined && typeof f !== 'function') refuse('fit', name, 'a function', f);
  signal?.throwIfAborted();

  const history: HistoryEntry[] = [];
  let waitFor: unknown[] = [];
  let training: Handle = 0;
  let stopped = false;
  const stop = (): void => {
    stopped = true;
    if (training) lib.stopFit(training);
  };
  const tell = (answer: unknown): void => {
    if (answer instanceof Promise) waitFor.push(answer);
  };
  const events = [
    ([epoch]: number[]) => tell(onEpochBegin?.({ epoch: epoch! })),
    (numbers: number[]) => tell(onBatchEnd?.({ ...batchEvent(numbers), stop })),
    (numbers: number[]) => {
      const entry = epochEntry(numbers);
      history.push(entry);
      tell(onEpochEnd?.({ ...entry, stop }));
    },
  ];
  const listener = registerCallback((kind, address) => {
    events[kind]!(takeList(address));
    return 0;
  });

  const was = model.training;
  training = begin(model, x, y, o, listener);
  try {
    while (lib.runFit(training, sliceMilliseconds)) {
      if (waitFor.length) {
        await Promise.all(waitFor);
        waitFor = [];
      }
      await nextTurn();
      if (signal?.aborted) {
        lib.stopFit(training);
        lib.runFit(training, 0);
        signal.throwIfAborted();
      }
    }
    await Promise.all(waitFor);
  } finally {
    lib.releaseFit(training);
    model.train(was);
  }
  return { history, stopped };
}

function begin(model: Layer, x: Tensor, y: Tensor, o: FitOptions, events: number): Handle {
  const { epochs = 1, batchSize = 32, shuffle = true, seed, dropLast = false, stepsPerEpoch = 0 } = o;
  const { validationSplit = 0, validationData } = o;
  const optimizer = (o.optimizer as Optimizer | undefined)?.handle;
  if (!optimizer)
    refuse('fit', 'optimizer', 'an optimizer, such as new optim.Adam(model.parameters())', o.optimizer);
  if (validationData !== undefined && (!Array.isArray(validationData) || validationData.length !== 2))
    refuse('fit', 'validationData', 'a pair [x, y]', validationData);
  const numbers = [
    count(epochs, 'fit', 'epochs', 0),
    count(batchSize, 'fit', 'batchSize', 1),
    flag(shuffle, 'fit', 'shuffle'),
    flag(dropLast, 'fit', 'dropLast'),
    seed === undefined ? 0 : 1,
    seed === undefined ? 0 : count(seed, 'fit', 'seed', 0),
    count(stepsPerEpoch, 'fit', 'stepsPerEpoch', 0),
    number(validationSplit, 'fit', 'validationSplit'),
    o.onBatchEnd ? 1 : 0,
  ];
  const metrics = metricNumbers('fit', o.accuracy);
  const tensors = [tensorHandle(x, 'fit', 'x'), tensorHandle(y, 'fit', 'y')] as const;
  const validation = validationData?.map((t, i) => tensorHandle(t, 'fit', `validationData[${i}]`)) ?? [0, 0];
  return withLoss('fit', o.loss, (loss) => {
    const { module, callback, mode } = calledModel(model);
    return lib.newFit(
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
  });
}

const batchEvent = ([epoch, batch, batches, step, size, loss]: number[]): Omit<BatchEvent, 'stop'> => ({
  epoch: epoch!,
  batch: batch!,
  batches: batches!,
  step: step!,
  size: size!,
  loss: loss!,
});

function epochEntry([epoch, epochs, loss, hasVal, valLoss, seconds, ...metrics]: number[]): HistoryEntry {
  return {
    epoch: epoch!,
    epochs: epochs!,
    loss: loss!,
    ...(hasVal ? { valLoss: valLoss! } : {}),
    ...(metrics.length > 0 ? { accuracy: metrics[0]! } : {}),
    ...(metrics.length > 1 ? { valAccuracy: metrics[1]! } : {}),
    seconds: seconds!,
  };
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

export async function evaluate(
  model: Layer,
  x: Tensor,
  y: Tensor,
  given: Evaluation,
): Promise<{ loss: number; accuracy?: number }> {
  const o = options('evaluate', given, 'loss batchSize accuracy');
  const batchSize = count(o.batchSize ?? 32, 'evaluate', 'batchSize', 1);
  const metrics = metricNumbers('evaluate', o.accuracy);
  const inputs = tensorHandle(x, 'evaluate', 'x');
  const targets = tensorHandle(y, 'evaluate', 'y');
  const was = model.training;
  try {
    const numbers = withLoss('evaluate', o.loss, (loss) => {
      const { module, callback, mode } = calledModel(model);
      return takeList(
        lib.evaluateModel(
          module,
          callback,
          mode,
          loss.module,
          loss.callback,
          inputs,
          targets,
          batchSize,
          putList(metrics),
        ),
      );
    });
    return { loss: numbers[0]!, ...(numbers.length > 1 ? { accuracy: numbers[1]! } : {}) };
  } finally {
    model.train(was);
  }
}

export async function predict(model: Layer, x: Tensor, given: { batchSize?: number }): Promise<Tensor> {
  const { batchSize = 32 } = options('predict', given, 'batchSize');
  const size = count(batchSize, 'predict', 'batchSize', 1);
  const inputs = tensorHandle(x, 'predict', 'x');
  const was = model.training;
  try {
    const { module, callback, mode } = calledModel(model);
    return wrap(lib.predictModel(module, callback, mode, inputs, size), 'predict');
  } finally {
    model.train(was);
  }
}

setTraining({ fit, evaluate, predict });
