// What `fit` may be told to do on its way.
import { integer, number, options, refuse } from '../args.ts';
import { tidy } from '../handles.ts';
import type {
  BatchEvent,
  Callback,
  EpochEvent,
  EvaluationResult,
  FitResult,
  HistoryEntry,
  Training,
} from '../nn/fit.ts';
import type { StateDict } from '../nn/module.ts';
import { saveCheckpoint } from './checkpoint.ts';
import { removeFile, type Writer, writeFile } from './files.ts';

/** Which value is watched, and which way it gets better. */
export interface Monitored {
  /** `'loss'`, `'valLoss'` or a metric's name such as `'valAccuracy'`; by default `'valLoss'`, `'loss'` without validation. */
  monitor?: string;
  /** `'min'`, `'max'` or, by default, by name: losses and errors fall, the others rise. */
  mode?: 'min' | 'max';
  /** Less than this is no improvement; 0 by default. */
  minDelta?: number;
}

/** The best value so far. */
class Best {
  value: number | undefined;
  readonly #op: string;
  readonly #o: Monitored;

  constructor(op: string, o: Monitored) {
    this.#op = op;
    this.#o = o;
    const { monitor, mode, minDelta = 0 } = o;
    if (monitor !== undefined && typeof monitor !== 'string') refuse(op, 'monitor', 'a name', monitor);
    if (mode !== undefined && mode !== 'min' && mode !== 'max') refuse(op, 'mode', "'min' or 'max'", mode);
    if (!(number(minDelta, op, 'minDelta') >= 0)) refuse(op, 'minDelta', '0 or more', minDelta);
  }

  /** Whether an epoch is better than all before it. */
  take(e: HistoryEntry): boolean {
    const { monitor = e.valLoss === undefined ? 'loss' : 'valLoss', minDelta = 0 } = this.#o;
    const values: Record<string, number | undefined> = { loss: e.loss, valLoss: e.valLoss, ...e.metrics };
    const value = values[monitor];
    if (value === undefined) {
      const known = Object.keys(values).filter((name) => values[name] !== undefined);
      return refuse(this.#op, 'monitor', `one of ${known.join(', ')}`, monitor);
    }
    const falls = this.#o.mode ? this.#o.mode === 'min' : /loss|error|mae|mse|perplexity/i.test(monitor);
    const gain =
      this.value === undefined ? Number.POSITIVE_INFINITY : falls ? this.value - value : value - this.value;
    if (!(gain > minDelta) || Number.isNaN(value)) return false;
    this.value = value;
    return true;
  }
}

/** All values of an epoch, by name. */
const valuesOf = (e: HistoryEntry): Record<string, number> => ({
  loss: e.loss,
  ...(e.valLoss === undefined ? {} : { valLoss: e.valLoss }),
  ...e.metrics,
});

export interface ModelCheckpointOptions extends Monitored {
  /** Keeps only the best epoch; true by default unless `every` is given. */
  best?: boolean;
  /** Saves every so many batches, also in the middle of an epoch. */
  every?: number;
  /** Keeps so many newest files, where the name says which (`{epoch}`, `{step}`); all by default. */
  keep?: number;
  /** Takes name and bytes instead of a file. */
  write?: Writer;
}

/**
 * Saves the training as `saveCheckpoint` does, into a file: on the disk in Node, in the origin's private file system in a
 * browser. `{epoch}` and `{step}` in the name are filled in.
 *
 * @example
 * ```ts
 * const saved = [];
 * const checkpoint = new ModelCheckpoint('run-{epoch}.safetensors', { write: (name) => saved.push(name) });
 * const model = new nn.Linear(1, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
 * await model.fit(ones([4, 1]), ones([4, 1]), { epochs: 2, optimizer, loss: F.mseLoss, callbacks: [checkpoint] });
 * saved // ["run-0.safetensors", "run-1.safetensors"]
 * ```
 */
export class ModelCheckpoint implements Callback {
  readonly #name: string;
  readonly #o: ModelCheckpointOptions;
  readonly #best: Best;
  readonly #files: string[] = [];
  /** The file written last. */
  path: string | undefined;

  constructor(name: string, o: ModelCheckpointOptions = {}) {
    const op = 'ModelCheckpoint';
    if (typeof name !== 'string' || name === '') refuse(op, 'name', "a file's name", name);
    this.#name = name;
    this.#o = options(op, o, 'monitor mode minDelta best every keep write');
    for (const which of ['every', 'keep'] as const)
      if (o[which] !== undefined && integer(o[which], op, which) < 1)
        refuse(op, which, '1 or more', o[which]);
    if (o.write !== undefined && typeof o.write !== 'function') refuse(op, 'write', 'a function', o.write);
    this.#best = new Best(op, o);
  }

  /** The best value so far. */
  get best(): number | undefined {
    return this.#best.value;
  }

  onBatchEnd(e: BatchEvent, training: Training): Promise<void> | undefined {
    const { every } = this.#o;
    return every && (e.step + 1) % every === 0 ? this.#save(e.epoch, e.step, training) : undefined;
  }

  onEpochEnd(e: EpochEvent, training: Training): Promise<void> | undefined {
    const { best, every } = this.#o;
    const better = (best ?? every === undefined) && this.#best.take(e);
    return better || (best === false && every === undefined)
      ? this.#save(e.epoch, undefined, training)
      : undefined;
  }

  async #save(epoch: number, step: number | undefined, training: Training): Promise<void> {
    // The bytes are taken now; training waits until they are written.
    const bytes = saveCheckpoint(training);
    const name = this.#name.replaceAll('{epoch}', String(epoch)).replaceAll('{step}', String(step ?? ''));
    const { write = writeFile, keep } = this.#o;
    await write(name, bytes);
    this.path = name;
    if (this.#files.at(-1) !== name) this.#files.push(name);
    while (keep && !this.#o.write && this.#files.length > keep) await removeFile(this.#files.shift()!);
  }
}

export interface EarlyStoppingOptions extends Monitored {
  /** Epochs without improvement that are borne; 0 by default. */
  patience?: number;
  /** Puts the weights and buffers of the best epoch back at the end; false by default. */
  restoreBest?: boolean;
}

/**
 * Ends training when an epoch's value has not improved for more than `patience` epochs.
 *
 * @example
 * ```ts
 * const model = new nn.Linear(1, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0 });
 * const callbacks = [new EarlyStopping({ patience: 2 })];
 * const options = { epochs: 50, optimizer, loss: F.mseLoss, shuffle: false, callbacks };
 * (await model.fit(ones([4, 1]), ones([4, 1]), options)).history.length // 4
 * ```
 */
export class EarlyStopping implements Callback {
  readonly #o: EarlyStoppingOptions;
  readonly #best: Best;
  #kept: StateDict | undefined;
  /** Epochs since the best one. */
  wait = 0;
  bestEpoch = -1;

  constructor(o: EarlyStoppingOptions = {}) {
    const op = 'EarlyStopping';
    this.#o = options(op, o, 'monitor mode minDelta patience restoreBest');
    if (integer(o.patience ?? 0, op, 'patience') < 0) refuse(op, 'patience', '0 or more', o.patience);
    this.#best = new Best(op, o);
  }

  /** The best value so far. */
  get best(): number | undefined {
    return this.#best.value;
  }

  onEpochEnd(e: EpochEvent, training: Training): void {
    const { patience = 0, restoreBest = false } = this.#o;
    if (this.#best.take(e)) {
      this.wait = 0;
      this.bestEpoch = e.epoch;
      if (restoreBest) this.#keep(training.model.stateDict());
    } else if (++this.wait > patience) {
      training.stop();
    }
  }

  onTrainEnd(_: FitResult, training: Training): void {
    if (this.#kept) training.model.loadStateDict(this.#kept);
    this.#keep(undefined);
  }

  #keep(state: StateDict | undefined): void {
    for (const t of Object.values(this.#kept ?? {})) t.dispose();
    this.#kept =
      state &&
      tidy(() => Object.fromEntries(Object.entries(state).map(([name, t]) => [name, t.clone()] as const)));
  }
}

/**
 * The learning rate of every batch, of the optimizer's first group.
 *
 * @example
 * ```ts
 * const model = new nn.Linear(1, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 1 });
 * const rates = new LearningRateMonitor();
 * const schedule = new optim.lrScheduler.ExponentialLR(optimizer, 0.5);
 * await model.fit(ones([4, 1]), ones([4, 1]), { epochs: 3, optimizer, loss: F.mseLoss, schedule, callbacks: [rates] });
 * rates.rates // [1, 0.5, 0.25]
 * ```
 */
export class LearningRateMonitor implements Callback {
  readonly rates: number[] = [];
  onBatchEnd(e: BatchEvent): void {
    this.rates.push(e.lr);
  }
}

/** Gathers what `fit` gives as its history, over several runs, and column by column. */
export class History implements Callback {
  readonly epochs: HistoryEntry[] = [];
  onEpochEnd({ stop: _, ...entry }: EpochEvent): void {
    this.epochs.push(entry);
  }
  /** A value of every epoch that has it. */
  column(name: string): number[] {
    return this.epochs.map((e) => valuesOf(e)[name]).filter((v) => v !== undefined);
  }
}

/** Takes a text line by line, or a file's name. */
export type LineSink = string | ((line: string) => unknown);

export interface LoggerOptions {
  /** `'jsonl'`, the default, writes an object a line, `'csv'` a table with a head. */
  format?: 'jsonl' | 'csv';
  /** A line every so many batches besides one for each epoch; none by default. */
  every?: number;
}

/**
 * Writes what happens, a line at a time, to a function or into a file, which is written at each epoch's end and at the end
 * of training. In CSV, a line of a batch leaves what only epochs have empty.
 *
 * @example
 * ```ts
 * const lines = [];
 * const model = new nn.Linear(1, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
 * const callbacks = [new Logger((line) => lines.push(line), { format: 'csv', every: 1 })];
 * await model.fit(ones([4, 1]), ones([4, 1]), { optimizer, loss: F.mseLoss, callbacks });
 * [lines.length, lines[0]] // [3, "kind,epoch,step,lr,loss"]
 * ```
 */
export class Logger implements Callback {
  readonly #sink: LineSink;
  readonly #o: LoggerOptions;
  readonly #lines: string[] = [];
  #step = 0;
  #lr = Number.NaN;
  #columns: string[] | undefined;
  // Lines of batches wait for the first epoch's end, which knows all columns.
  #early: Record<string, number | string>[] = [];

  constructor(sink: LineSink, o: LoggerOptions = {}) {
    const { format = 'jsonl', every } = options('Logger', o, 'format every');
    if (typeof sink !== 'function' && (typeof sink !== 'string' || sink === ''))
      refuse('Logger', 'the sink', "a function or a file's name", sink);
    if (format !== 'jsonl' && format !== 'csv') refuse('Logger', 'format', "'jsonl' or 'csv'", format);
    if (every !== undefined && integer(every, 'Logger', 'every') < 1)
      refuse('Logger', 'every', '1 or more', every);
    this.#sink = sink;
    this.#o = { format, ...(every ? { every } : {}) };
  }

  onBatchEnd(e: BatchEvent): void {
    this.#step = e.step;
    this.#lr = e.lr;
    if (this.#o.every && (e.step + 1) % this.#o.every === 0)
      this.#write({ kind: 'batch', epoch: e.epoch, step: e.step, lr: e.lr, loss: e.loss });
  }

  onEpochEnd(e: EpochEvent): Promise<void> {
    this.#write({ kind: 'epoch', epoch: e.epoch, step: this.#step, lr: this.#lr, ...valuesOf(e) });
    return this.#flush();
  }

  onTrainEnd(): Promise<void> {
    return this.#flush();
  }

  onEvaluateEnd({ loss, metrics }: EvaluationResult): Promise<void> {
    this.#write({
      kind: 'evaluation',
      epoch: Number.NaN,
      step: Number.NaN,
      lr: Number.NaN,
      loss,
      ...metrics,
    });
    return this.#flush();
  }

  #write(row: Record<string, number | string>): void {
    if (this.#o.format === 'jsonl') {
      this.#emit(JSON.stringify(row));
    } else if (!this.#columns && row.kind === 'batch') {
      this.#early.push(row);
    } else {
      if (!this.#columns) this.#head(row);
      this.#emit(this.#table(row));
    }
  }

  #head(row: Record<string, number | string>): void {
    this.#columns = Object.keys(row);
    this.#emit(this.#columns.join(','));
    for (const early of this.#early) this.#emit(this.#table(early));
    this.#early = [];
  }

  #table(row: Record<string, number | string>): string {
    return this.#columns!.map((name) => (Number.isNaN(row[name]) ? '' : String(row[name] ?? ''))).join(',');
  }

  #emit(line: string): void {
    if (typeof this.#sink === 'function') this.#sink(line);
    else this.#lines.push(line);
  }

  async #flush(): Promise<void> {
    if (this.#early.length) this.#head(this.#early[0]!);
    if (typeof this.#sink === 'string' && this.#lines.length)
      await writeFile(this.#sink, new TextEncoder().encode(`${this.#lines.join('\n')}\n`));
  }
}

interface Terminal {
  isTTY?: boolean;
  write(text: string): unknown;
}

/**
 * A bar with loss and metrics: drawn over itself on Node's terminal, a line per epoch elsewhere. `write` takes the texts
 * instead.
 *
 * @example
 * ```ts
 * const said = [];
 * const model = new nn.Linear(1, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0 });
 * nn.init.zeros_(model.weight);
 * nn.init.zeros_(model.bias);
 * const callbacks = [new Progress({ write: (text) => said.push(text) })];
 * await model.fit(ones([4, 1]), ones([4, 1]), { epochs: 2, optimizer, loss: F.mseLoss, callbacks });
 * said // ["epoch 1/2  loss 1.0000", "epoch 2/2  loss 1.0000"]
 * ```
 */
export class Progress implements Callback {
  readonly #say: (text: string) => unknown;
  readonly #terminal: Terminal | undefined;
  #drawn = 0;

  constructor(o: { write?: (text: string) => unknown } = {}) {
    const { write } = options('Progress', o, 'write');
    if (write !== undefined && typeof write !== 'function') refuse('Progress', 'write', 'a function', write);
    const { process } = globalThis as { process?: { stderr?: Terminal } };
    if (!write && process?.stderr?.isTTY) this.#terminal = process.stderr;
    this.#say = write ?? ((text) => console.log(text));
  }

  onBatchEnd(e: BatchEvent, training: Training): void {
    const now = performance.now();
    if (!this.#terminal || now - this.#drawn < 80) return;
    this.#drawn = now;
    const width = 24;
    const full = Math.round((width * (e.batch + 1)) / e.batches);
    const bar = '█'.repeat(full) + '░'.repeat(width - full);
    this.#terminal.write(
      `\r\u001b[K${bar} epoch ${e.epoch + 1}/${training.epochs}  batch ${e.batch + 1}/${e.batches}  loss ${e.loss.toFixed(4)}`,
    );
  }

  onEpochEnd(e: EpochEvent): void {
    const values = Object.entries(valuesOf(e)).map(([name, value]) => `${name} ${value.toFixed(4)}`);
    const text = [`epoch ${e.epoch + 1}/${e.epochs}`, ...values].join('  ');
    if (this.#terminal) this.#terminal.write(`\r\u001b[K${text}\n`);
    else this.#say(text);
  }
}
