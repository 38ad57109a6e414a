// Watches a training from outside: frames about every n-th step, to a page or a program.
import { integer, options, refuse } from '../args.ts';
import { noGrad } from '../autograd.ts';
import { tidy } from '../handles.ts';
import type { BatchEvent, Callback, Training } from '../nn/fit.ts';
import type { HookHandle, Module } from '../nn/module.ts';
import type { Tensor } from '../tensor.ts';
import { encodeFrame, type FrameEntry, type FrameRole } from './frames.ts';

/** Where frames go: a MessagePort or Worker, a WebSocket (the browser's or `ws`), or a function. */
export type FrameSink =
  | ((bytes: Uint8Array<ArrayBuffer>) => unknown)
  | {
      postMessage(message: unknown, transfer: Transferable[]): void;
      addEventListener?(kind: 'message', listener: (e: { data: unknown }) => void): void;
      start?(): void;
    }
  | {
      send(bytes: Uint8Array<ArrayBuffer>): void;
      readonly readyState: number;
      readonly bufferedAmount: number;
      addEventListener?(kind: 'message', listener: (e: { data: unknown }) => void): void;
    };

/** What a viewer may send, as JSON on a WebSocket: the next frame is then followed by that whole tensor. */
export interface TensorRequest {
  tensor: string;
  role: FrameRole;
}

export interface MonitorOptions {
  /** A frame every so many batches; 10 by default. */
  every?: number;
  /** Of each histogram; 32 by default. */
  bins?: number;
}

// A histogram looks at so many values at most, evenly chosen, and a socket that is so far behind gets no more.
const mostValues = 1 << 16;
const mostBuffered = 4 << 20;

/** What a frame says of one tensor, its histogram over at most 65,536 values. */
export function describeTensor(name: string, role: FrameRole, tensor: Tensor, bins: number): FrameEntry {
  return tidy(() =>
    noGrad(() => {
      const shape = [...tensor.shape];
      const flat = tensor.detach().float().reshape([-1]);
      const stride = Math.ceil(flat.numel() / mostValues) || 1;
      const values = (stride > 1 ? flat.at(`::${stride}`) : flat).toTypedArray();
      let [low, high, total, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
      for (const v of values) {
        if (!Number.isFinite(v)) continue;
        low = Math.min(low, v);
        high = Math.max(high, v);
        total += v;
        squares += v * v;
      }
      if (low > high) low = high = 0;
      const counts = new Array<number>(bins).fill(0);
      const scale = high > low ? bins / (high - low) : 0;
      for (const v of values)
        if (Number.isFinite(v)) counts[Math.min(bins - 1, Math.floor((v - low) * scale))]!++;
      const mean = values.length ? total / values.length : 0;
      const variance = values.length ? squares / values.length - mean * mean : 0;
      const units = role === 'activation' && shape.length > 1 && shape[0]! > 0;
      const dead = units ? tensor.detach().eq(0).all([0]).float().mean().item() : Number.NaN;
      const norm = flat.numel() ? flat.norm().item() : 0;
      return {
        name,
        role,
        shape,
        norm,
        mean,
        deviation: Math.sqrt(Math.max(0, variance)),
        dead,
        low,
        high,
        counts,
      };
    }),
  );
}

/**
 * Sends a frame every `every` batches: loss, learning rate, and of each weight, gradient and activation the norm, mean,
 * deviation, histogram and share of dead units. Between frames it costs nothing but a call a batch.
 *
 * @example
 * ```ts
 * const frames = [];
 * const monitor = new Monitor((bytes) => frames.push(decodeFrame(bytes)), { every: 2 });
 * const model = new nn.Sequential(new nn.Linear(1, 2), new nn.ReLU());
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
 * const o = { epochs: 2, batchSize: 2, optimizer, loss: F.mseLoss, callbacks: [monitor] };
 * await model.fit(ones([4, 1]), ones([4, 2]), o);
 * [frames.map((f) => f.step), frames[0].entries.length] // [[0, 2], 6]
 * ```
 */
export class Monitor implements Callback {
  readonly #sink: FrameSink;
  readonly #every: number;
  readonly #bins: number;
  #hooks: HookHandle[] = [];
  #activations = new Map<string, FrameEntry>();
  // Whole activations that were asked for.
  #outputs = new Map<string, { shape: number[]; values: Float32Array }>();
  #asked: TensorRequest[] = [];

  constructor(sink: FrameSink, o: MonitorOptions = {}) {
    const { every = 10, bins = 32 } = options('Monitor', o, 'every bins');
    if (integer(every, 'Monitor', 'every') < 1) refuse('Monitor', 'every', '1 or more', every);
    if (integer(bins, 'Monitor', 'bins') < 1 || bins > 1024)
      refuse('Monitor', 'bins', 'from 1 to 1024', bins);
    const fits =
      typeof sink === 'function' ||
      (typeof sink === 'object' && sink !== null && ('send' in sink || 'postMessage' in sink));
    if (!fits) refuse('Monitor', 'the sink', 'a MessagePort, a WebSocket or a function', sink);
    this.#sink = sink;
    this.#every = every;
    this.#bins = bins;
    if (typeof sink === 'function') return;
    sink.addEventListener?.('message', (e) => this.request(e.data));
    if ('start' in sink) sink.start?.();
  }

  /** Asks for a whole tensor, as a viewer does; what is no such request is passed over. */
  request(message: unknown): void {
    let asked = message as TensorRequest;
    try {
      if (typeof message === 'string') asked = JSON.parse(message) as TensorRequest;
    } catch {
      return;
    }
    if (typeof asked?.tensor === 'string' && this.#asked.length < 64)
      this.#asked.push({ tensor: asked.tensor, role: asked.role });
  }

  onTrainBegin(training: Training): void {
    this.#watch(training.model);
  }

  onBatchEnd(e: BatchEvent, training: Training): void {
    if (this.#hooks.length) {
      this.#unhook();
      this.#tell(e, training.model);
    }
    if ((e.step + 1) % this.#every === 0) this.#watch(training.model);
  }

  onTrainEnd(): void {
    this.#unhook();
  }

  // Hooks stand for one batch only.
  #watch(model: Module): void {
    for (const [name, m] of model.namedModules())
      if (m.children().length === 0)
        this.#hooks.push(
          m.registerForwardHook((_, __, output) => {
            if (model.training) this.#see(name, output);
          }),
        );
  }

  #see(name: string, output: Tensor): void {
    this.#activations.set(name, describeTensor(name, 'activation', output, this.#bins));
    if (this.#asked.some((a) => a.role === 'activation' && a.tensor === name))
      this.#outputs.set(name, wholeOf(output));
  }

  #unhook(): void {
    for (const hook of this.#hooks) hook.remove();
    this.#hooks = [];
  }

  #tell({ step, epoch, batch, batches, loss, lr }: BatchEvent, model: Module): void {
    const head = { step, epoch, batch, batches, loss, lr };
    const parameters = model.namedParameters();
    const entries = parameters.flatMap(([name, p]) => {
      const weight = describeTensor(name, 'weight', p, this.#bins);
      const { grad } = p;
      return grad ? [weight, describeTensor(name, 'gradient', grad, this.#bins)] : [weight];
    });
    this.#send(encodeFrame({ kind: 'step', ...head, entries: [...entries, ...this.#activations.values()] }));
    for (const { tensor, role } of this.#asked) {
      const p = parameters.find(([name]) => name === tensor)?.[1];
      const from = role === 'gradient' ? p?.grad : role === 'weight' ? p : undefined;
      const whole = from ? wholeOf(from) : this.#outputs.get(tensor);
      if (whole) this.#send(encodeFrame({ kind: 'tensor', ...head, name: tensor, role, ...whole }));
    }
    this.#asked = [];
    this.#outputs.clear();
    this.#activations.clear();
  }

  #send(bytes: Uint8Array<ArrayBuffer>): void {
    const sink = this.#sink;
    if (typeof sink === 'function') sink(bytes);
    else if ('send' in sink) {
      if (sink.readyState === 1 && sink.bufferedAmount < mostBuffered) sink.send(bytes);
    } else sink.postMessage(bytes, [bytes.buffer]);
  }
}

const wholeOf = (t: Tensor): { shape: number[]; values: Float32Array } =>
  tidy(() => ({ shape: [...t.shape], values: new Float32Array(t.detach().float().toTypedArray()) }));
