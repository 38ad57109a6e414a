// Who owns what. Every Tensor holds one handle of the wasm side's table. A handle is given back by dispose(), by the end
// of the tidy() it was made in, or, last of all, when the garbage collector finds the Tensor.
import { FluxionError } from './errors.ts';
import { type Address, type Handle, lib, takeList } from './native.ts';
import type { Tensor } from './tensor.ts';

const fresh = -1; // the garbage collector does not know of it yet
const watched = -2;

/** The part of Tensor that ownership needs; the class itself stands in tensor.ts. */
export abstract class Owned {
  /** @internal */ handle: Handle;
  /** @internal */ readonly madeBy: string;
  /** @internal Its place in the innermost tidy that would dispose of it; else `fresh` or `watched`. */
  slot = fresh;
  /** @internal */ lastShape: readonly number[] | undefined;

  /** @internal */
  constructor(handle: Handle, madeBy: string) {
    this.handle = handle;
    this.madeBy = madeBy;
  }

  /** Gives the memory back now. Using the tensor afterwards is an error that names it. */
  dispose(): void {
    if (this.handle === 0) return;
    const handle = this.handle;
    this.handle = 0;
    if (this.slot === watched) collector.unregister(this);
    const shape = lib.releaseTensor(handle);
    this.lastShape ??= takeList(shape);
  }

  /** Whether the memory was given back. */
  get isDisposed(): boolean {
    return this.handle === 0;
  }

  /** Makes `using t = …` work. */
  [Symbol.dispose](): void {
    this.dispose();
  }
}

export const isTensor = (value: unknown): value is Tensor => value instanceof Owned;

const collector = new FinalizationRegistry<Handle>((handle) => {
  lib.releaseTensor(handle);
});

let make: (handle: Handle, madeBy: string) => Tensor;
export function setTensorClass(construct: typeof make): void {
  make = construct;
}

// The scope of the innermost tidy(): what was made in it.
let scope: (Tensor | undefined)[] | undefined;

/** A new Tensor on a handle that the caller owns. */
export function wrap(handle: Handle, madeBy: string): Tensor {
  const tensor = make(handle, madeBy);
  adopt(tensor);
  return tensor;
}

function adopt(tensor: Tensor): void {
  if (scope) {
    tensor.slot = scope.length;
    scope.push(tensor);
  } else {
    watch(tensor);
  }
}

// To be known to the garbage collector costs more than a small op, and most tensors are disposed of in the turn they are
// made in, in which it reports nothing anyway.
const newest: Tensor[] = [];
const mostNewest = 256;
function watch(tensor: Tensor): void {
  tensor.slot = fresh;
  const count = newest.push(tensor);
  if (count === 1) queueMicrotask(register);
  else if (count === mostNewest) register();
}
function register(): void {
  for (const tensor of newest) {
    if (tensor.slot !== fresh || tensor.handle === 0) continue;
    tensor.slot = watched;
    collector.register(tensor, tensor.handle, tensor);
  }
  newest.length = 0;
}

export const wrapList = (list: Address, madeBy: string): Tensor[] =>
  takeList(list).map((handle) => wrap(handle, madeBy));

/** Several results under their names, and in order: `const [values, indices] = …`. */
export function wrapNamed<N extends string>(list: Address, madeBy: string, names: readonly N[]): Named<N> {
  const parts = wrapList(list, madeBy);
  names.forEach((name, i) => {
    Object.defineProperty(parts, name, { value: parts[i], enumerable: false });
  });
  return parts as Named<N>;
}
/** Several tensors, by name and in order. */
export type Named<N extends string> = Tensor[] & { readonly [name in N]: Tensor };

/** The handle of an argument; an error names the argument, or the tensor that was disposed of. */
export function tensorHandle(tensor: unknown, op: string, name: string): Handle {
  const handle = (tensor as Tensor | null | undefined)?.handle;
  if (handle !== undefined && handle > 0 && isTensor(tensor)) return handle;
  if (isTensor(tensor)) throw disposed(tensor, op);
  throw new FluxionError(`${op}: ${name} must be a Tensor, got ${what(tensor)}`);
}

function what(value: unknown): string {
  if (value === null || typeof value !== 'object')
    return typeof value === 'string' ? `'${value}'` : String(value);
  return Array.isArray(value) ? 'an array' : `a ${value.constructor?.name ?? 'value'}`;
}

export function disposed(tensor: Owned, op: string): FluxionError {
  return new FluxionError(
    `${op}: the tensor of shape [${tensor.lastShape?.join(', ')}] made by ${tensor.madeBy} was disposed of`,
  );
}

/** The tensor outlives the tidy() it was made in. */
export function keep<T extends Tensor>(tensor: T): T {
  if (tensor.slot < 0 || tensor.handle === 0) return tensor;
  watch(tensor);
  return tensor;
}

/** Calls f on every tensor in a value: in arrays, plain objects, maps and sets. */
export function forEachTensor(value: unknown, f: (tensor: Tensor) => void, seen = new Set<unknown>()): void {
  if (typeof value !== 'object' || value === null || seen.has(value)) return;
  if (isTensor(value)) {
    f(value);
    return;
  }
  seen.add(value);
  if (Array.isArray(value) || value instanceof Set) {
    for (const v of value) forEachTensor(v, f, seen);
  } else if (value instanceof Map) {
    for (const [k, v] of value) {
      forEachTensor(k, f, seen);
      forEachTensor(v, f, seen);
    }
  } else if (Object.getPrototypeOf(value) === Object.prototype) {
    for (const v of Object.values(value)) forEachTensor(v, f, seen);
  }
}

/**
 * Runs `fn` and gives back the memory of every tensor made in it, but for those that it returns (also inside arrays and
 * objects) and those assigned to a module. Gradients, optimizer state and buffers live on the C++ side and survive.
 * `fn` must not be async: what it would await outlives the scope.
 *
 * @example
 * ```ts
 * tidy(() => tensor([3, 4]).square().sum().sqrt()).item() // 5
 * ```
 */
export function tidy<T>(fn: () => T): T {
  const outer = scope;
  const mine: (Tensor | undefined)[] = [];
  scope = mine;
  let result: T;
  let done = false;
  try {
    result = fn();
    if (isPromise(result)) {
      result.then(undefined, () => {});
      throw new FluxionError(
        'tidy: the function returned a Promise; tensors it makes later would be missed. Await outside, tidy the synchronous part',
      );
    }
    done = true;
  } finally {
    scope = outer;
    if (!done) release(mine);
  }
  forEachTensor(result, (t) => {
    if (t.slot >= 0 && mine[t.slot] === t) {
      mine[t.slot] = undefined;
      adopt(t);
    }
  });
  release(mine);
  return result;
}

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function';

function release(tensors: (Tensor | undefined)[]): void {
  for (const t of tensors) {
    if (t === undefined || t.slot < 0 || t.handle === 0) continue;
    t.dispose();
  }
}
