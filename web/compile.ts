// compile: a step is run once as it is and recorded; from then on it is replayed in one call.
import { refuse } from './args.ts';
import { FluxionError } from './errors.ts';
import { isTensor, tensorHandle, tidy, wrap, wrapList } from './handles.ts';
import { type Handle, lib, putList, registerCallback, takeItem, takeList, takeText } from './native.ts';
import type { Tensor } from './tensor.ts';

/** What a compiled step has done, and what its newest recording is made of. */
export interface CompileInfo {
  /** How often it was run as it is and recorded: once for each set of shapes, types and modes. */
  recordings: number;
  /** How often a recording was replayed. */
  replays: number;
  /** Why it cannot be replayed, or null. */
  refusal: string | null;
  /** Steps of a replay: calls of kernels, checks, the optimizer. */
  calls: number;
  /** Bytes that a replay works in, besides what outlives it. */
  bytes: number;
  /** What they would be if nothing shared its place. */
  unplannedBytes: number;
}

/** A function that `compile` made. */
export interface CompiledStep<A extends unknown[], R> {
  (...args: A): R;
  /** What it has done so far. */
  info(): CompileInfo;
  /** Forgets all recordings: for changes that it cannot notice, such as a number that the step reads. */
  reset(): void;
  /** Gives the recordings' memory back now. */
  dispose(): void;
  [Symbol.dispose](): void;
}

// A value whose tensors stand in a list: their places are numbers here.
type Mould = { at: number } | { value: unknown } | { list: Mould[] } | { entries: [string, Mould][] };

const one: Mould = { at: 0 };

function mouldOf(value: unknown, tensors: Tensor[]): Mould {
  if (isTensor(value)) return { at: tensors.push(value) - 1 };
  if (Array.isArray(value)) return { list: value.map((v) => mouldOf(v, tensors)) };
  if (value && Object.getPrototypeOf(value) === Object.prototype)
    return { entries: Object.entries(value as object).map(([k, v]) => [k, mouldOf(v, tensors)]) };
  return { value };
}

function fill(mould: Mould, tensors: readonly Tensor[]): unknown {
  if ('at' in mould) return tensors[mould.at];
  if ('list' in mould) return mould.list.map((m) => fill(m, tensors));
  if ('entries' in mould) return Object.fromEntries(mould.entries.map(([k, m]) => [k, fill(m, tensors)]));
  return mould.value;
}

const plain = new Set(['string', 'boolean', 'undefined']);
function keyOf(mould: Mould): string {
  return JSON.stringify(mould, (_, v) => {
    if (typeof v === 'number') return [`${v}`]; // NaN and infinities too
    if (plain.has(typeof v) || typeof v === 'object') return v;
    return refuse(
      'compile',
      'an argument',
      'a tensor, a number, a string, a boolean, or lists and objects of them',
      v,
    );
  });
}

const collector = new FinalizationRegistry<Handle>((handle) => lib.releaseCompiled(handle));

/**
 * Makes a function that runs `step` once as it is, records it, and from then on replays the recording in one call: the
 * same numbers, bit for bit, in memory laid out ahead and with nothing done that nobody uses. A step is what one turn of
 * a training loop does (forward, loss, backward, optimizer, schedule), or any other function of tensors.
 *
 * Arguments are tensors (any values of the same shapes and types are replayed), and numbers, strings and booleans, each
 * of which has a recording of its own; lists and plain objects of them too. The result may be a tensor, or lists and
 * objects of tensors; each call gives new ones, without gradient history. Tensors from outside are read anew each time,
 * other values (`lr` in a formula of the step's own) are as they were when it was recorded: pass them as arguments, or
 * call `reset()`. Modes, hooks and `requiresGrad` are noticed.
 *
 * What reads values on the way (`item`, `toArray`), makes tensors from JavaScript's values, or runs hooks cannot be
 * replayed: such a step runs as it is every time, and a warning says why.
 *
 * @throws FluxionError when the step is no function or gives a Promise.
 * @see https://pytorch.org/docs/stable/generated/torch.compile.html
 * @example
 * ```ts
 * const w = tensor([0], { requiresGrad: true });
 * const opt = new optim.SGD([w], { lr: 0.5 });
 * const step = compile((x: Tensor) => {
 *   opt.zeroGrad();
 *   const loss = w.sub(x).square().sum();
 *   loss.backward();
 *   opt.step();
 *   return loss;
 * });
 * [2, 2, 4].map((x) => step(tensor([x])).item()) // [4, 0, 4]
 * ```
 */
export function compile<A extends unknown[], R>(step: (...args: A) => R): CompiledStep<A, R> {
  if (typeof step !== 'function') refuse('compile', 'the step', 'a function', step);
  const moulds: Mould[] = []; // of the results, by recordings
  const keys = new Map<string, number>();
  let given: Mould | undefined; // undefined: the arguments are tensors, all of them
  let made: Mould | undefined;
  let warned: string | undefined;

  const run = registerCallback((address) =>
    tidy(() => {
      const inputs = wrapList(address, 'compile');
      const result = step(...((given ? fill(given, inputs) : inputs) as A));
      if (result instanceof Promise) {
        result.catch(() => {});
        throw new FluxionError(
          'compile: the step returned a Promise; await outside, compile the synchronous part',
        );
      }
      const tensors: Tensor[] = [];
      made = isTensor(result) ? one : mouldOf(result, tensors);
      if (isTensor(result)) tensors.push(result);
      return putList(tensors.map((t) => lib.aliasTensor(tensorHandle(t, 'compile', 'the result'))));
    }),
  );
  let handle = lib.newCompiled(run);
  const live = (): Handle => {
    if (!handle) throw new FluxionError('compile: the step was disposed of');
    return handle;
  };

  const call = (...args: A): R => {
    // A loop of small steps feels what stands here: it is written for speed.
    let tensors = args as unknown as Tensor[];
    let key = 0;
    given = undefined;
    for (let i = 0; i < args.length; i++) {
      if (isTensor(args[i])) continue;
      tensors = [];
      given = mouldOf(args, tensors);
      const text = keyOf(given);
      key = keys.get(text) ?? keys.size + 1;
      keys.set(text, key);
      break;
    }
    made = undefined;
    const handles: Handle[] = [];
    for (let i = 0; i < tensors.length; i++) handles.push(tensorHandle(tensors[i], 'compile', 'an argument'));
    const list = lib.runCompiled(live(), putList(handles), key);
    const recording = takeItem(list, 0);
    if (recording < 0) warn();
    else if (made) moulds[recording] = made;
    const mould = made ?? moulds[recording]!;
    // Most steps give one tensor, or nothing.
    if (mould === one) return wrap(takeItem(list, 1), 'compile') as R;
    const [, ...results] = takeList(list);
    return fill(
      mould,
      results.map((h) => wrap(h, 'compile')),
    ) as R;
  };
  const warn = (): void => {
    const why = takeText(lib.compiledRefusal(handle));
    if (!why || why === warned) return;
    warned = why;
    console.warn(`compile: the step runs as it is, without being replayed: ${why}`);
  };

  const dispose = (): void => {
    if (!handle) return;
    collector.unregister(call);
    lib.releaseCompiled(handle);
    handle = 0;
  };
  collector.register(call, handle, call);
  return Object.assign(call, {
    info(): CompileInfo {
      const [recordings, replays, calls, bytes, unplannedBytes] = takeList(lib.compiledNumbers(live())) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const refusal = takeText(lib.compiledRefusal(handle)) || null;
      return { recordings, replays, refusal, calls, bytes, unplannedBytes };
    },
    reset: () => lib.resetCompiled(live()),
    dispose,
    [Symbol.dispose]: dispose,
  });
}
