import { describe, options, refuse } from './args.ts';
import type { DType } from './dtype.ts';
import { FluxionError } from './errors.ts';
import { isTensor, tensorHandle, tidy, wrap, wrapList } from './handles.ts';
import { type Address, lib, putList, putText, registerCallback, takeList, takeText } from './native.ts';
import type { Tensor } from './tensor.ts';

function withMode<T>(enabled: boolean, fn: () => T): T {
  const before = lib.setGradMode(+enabled);
  try {
    return fn();
  } finally {
    lib.setGradMode(before);
  }
}

/**
 * Runs `fn` without recording: its results need no gradient.
 *
 * @example
 * ```ts
 * noGrad(() => tensor([1], { requiresGrad: true }).exp()).requiresGrad // false
 * ```
 */
export const noGrad = <T>(fn: () => T): T => withMode(false, fn);

/** Runs `fn` with recording, also inside `noGrad`. */
export const enableGrad = <T>(fn: () => T): T => withMode(true, fn);

/** Whether operations are being recorded. */
export const isGradEnabled = (): boolean => lib.gradEnabled() !== 0;

export interface GradOptions {
  /** Gradients of the outputs, where they are not scalars. */
  gradOutputs?: Tensor | null | readonly (Tensor | null)[];
  /** Keep the graph; as `createGraph` by default. */
  retainGraph?: boolean;
  /** Record the gradients' own computation, for gradients of gradients. */
  createGraph?: boolean;
  /** Give null for an input that the outputs do not depend on, instead of an error. */
  allowUnused?: boolean;
}

/**
 * d outputs / d inputs, without touching any `.grad`. One input gives one gradient, a list of inputs a list.
 *
 * @example
 * ```ts
 * const x = tensor(3, { requiresGrad: true });
 * grad(x.pow(3), x).item() // 27
 * ```
 */
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor, o?: GradOptions): Tensor;
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: readonly Tensor[],
  o?: GradOptions,
): Tensor[];
export function grad(
  outputs: Tensor | readonly Tensor[],
  inputs: Tensor | readonly Tensor[],
  o?: GradOptions,
): Tensor | Tensor[] {
  const known = options('grad', o, 'gradOutputs retainGraph createGraph allowUnused');
  const { gradOutputs = [], createGraph = false, retainGraph = createGraph, allowUnused = false } = known;
  const list = lib.gradients(
    handles(outputs, 'outputs'),
    handles(inputs, 'inputs'),
    handles(gradOutputs, 'gradOutputs'),
    +retainGraph,
    +createGraph,
    +allowUnused,
  );
  const result = takeList(list).map((handle) => (handle ? wrap(handle, 'grad') : null)) as Tensor[];
  return isTensor(inputs) ? result[0]! : result;
}

function handles(value: Tensor | null | readonly (Tensor | null)[], name: string): Address {
  const list = Array.isArray(value) ? (value as readonly (Tensor | null)[]) : [value as Tensor | null];
  return putList(
    list.map((t, i) => (t === null && name === 'gradOutputs' ? 0 : tensorHandle(t, 'grad', `${name}[${i}]`))),
  );
}

export interface GradcheckOptions {
  eps?: number;
  atol?: number;
  rtol?: number;
  /** Check the gradients' gradients too. */
  second?: boolean;
}

/**
 * Holds the gradients of `fn` at float64 inputs against finite differences, element by element. True, or an error that
 * says where they first differ.
 *
 * @example
 * ```ts
 * gradcheck((x) => x.sin(), [tensor([1, 2], { dtype: 'float64', requiresGrad: true })]) // true
 * ```
 */
export function gradcheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: Tensor | readonly Tensor[],
  o?: GradcheckOptions,
): true {
  const {
    eps = 1e-6,
    atol = 1e-5,
    rtol = 1e-3,
    second = false,
  } = options('gradcheck', o, 'eps atol rtol second');
  if (typeof fn !== 'function') refuse('gradcheck', 'fn', 'a function', fn);
  const list = isTensor(inputs) ? [inputs] : inputs;
  const call = (): number =>
    registerCallback((address) => tidy(() => result('gradcheck: fn', fn(...wrapList(address, 'input')))));
  for (const order of second ? [0, 1] : [0]) {
    const at = putList(list.map((t, i) => tensorHandle(t, 'gradcheck', `inputs[${i}]`)));
    const message = takeText(lib.checkGradients(call(), at, eps, atol, rtol, order));
    if (message) throw new FluxionError(message);
  }
  return true;
}

function result(from: string, value: unknown): number {
  if (isTensor(value)) return lib.aliasTensor(tensorHandle(value, from, 'the result'));
  throw new FluxionError(`${from} returned ${describe(value)}, not a Tensor`);
}

export interface FunctionalOptions {
  /** Let the results be differentiated themselves. */
  createGraph?: boolean;
}

type TensorFunction = (...inputs: Tensor[]) => Tensor;
type OneOrMany = Tensor | readonly Tensor[];

const kinds = ['jacobian', 'hessian', 'vjp', 'jvp', 'hvp'] as const;

function derivatives(
  kind: (typeof kinds)[number],
  fn: TensorFunction,
  inputs: OneOrMany,
  v: OneOrMany | null,
  o: FunctionalOptions | undefined,
): Tensor[] {
  const { createGraph = false } = options(kind, o, 'createGraph');
  if (typeof fn !== 'function') refuse(kind, 'fn', 'a function', fn);
  const list = (given: OneOrMany, name: string): number[] =>
    (isTensor(given) ? [given] : given).map((t, i) => tensorHandle(t, kind, `${name}[${i}]`));
  const from = list(inputs, 'inputs');
  const vectors = v === null ? [] : list(v, 'v');
  const id = registerCallback((address) =>
    tidy(() => result(`${kind}: fn`, fn(...wrapList(address, 'input')))),
  );
  return wrapList(
    lib.derivatives(kinds.indexOf(kind), id, putList(from), putList(vectors), +createGraph),
    kind,
  );
}

type Like<I extends OneOrMany> = I extends Tensor ? Tensor : Tensor[];

const product =
  (kind: 'vjp' | 'jvp' | 'hvp') =>
  (
    fn: TensorFunction,
    inputs: OneOrMany,
    v: OneOrMany | null = null,
    o?: FunctionalOptions,
  ): [Tensor, OneOrMany] => {
    const [out, ...parts] = derivatives(kind, fn, inputs, v, o);
    return [out!, isTensor(inputs) || kind === 'jvp' ? parts[0]! : parts];
  };

/**
 * Every derivative of a function's result by its inputs: for each input a tensor of shape […result, …input]. One input
 * gives one tensor, a list of inputs a list. Inputs that the result does not depend on have zeros.
 *
 * @example
 * ```ts
 * jacobian((x) => x.square(), tensor([1, 2])).toArray() // [[2, 0], [0, 4]]
 * ```
 */
export function jacobian(fn: TensorFunction, inputs: Tensor, o?: FunctionalOptions): Tensor;
export function jacobian(fn: TensorFunction, inputs: readonly Tensor[], o?: FunctionalOptions): Tensor[];
export function jacobian(fn: TensorFunction, inputs: OneOrMany, o?: FunctionalOptions): Tensor | Tensor[] {
  const parts = derivatives('jacobian', fn, inputs, null, o);
  return isTensor(inputs) ? parts[0]! : parts;
}

/**
 * The second derivatives of a function that gives a scalar: of shape […input, …input]; for a list of inputs a list of
 * lists, […inputs[i], …inputs[j]] at [i][j].
 *
 * @example
 * ```ts
 * hessian((x) => x.pow(3).sum(), tensor([1, 2])).toArray() // [[6, 0], [0, 12]]
 * ```
 */
export function hessian(fn: TensorFunction, inputs: Tensor, o?: FunctionalOptions): Tensor;
export function hessian(fn: TensorFunction, inputs: readonly Tensor[], o?: FunctionalOptions): Tensor[][];
export function hessian(fn: TensorFunction, inputs: OneOrMany, o?: FunctionalOptions): Tensor | Tensor[][] {
  const parts = derivatives('hessian', fn, inputs, null, o);
  if (isTensor(inputs)) return parts[0]!;
  return inputs.map((_, i) => parts.slice(i * inputs.length, (i + 1) * inputs.length));
}

/**
 * A function's result, and a vector of the result's shape times its Jacobian: one tensor for each input. Without `v`,
 * which only a scalar result allows, 1.
 *
 * @example
 * ```ts
 * vjp((x) => x.square(), tensor([1, 2]), tensor([1, 10]))[1].toArray() // [2, 40]
 * ```
 */
export const vjp = product('vjp') as <I extends OneOrMany>(
  fn: TensorFunction,
  inputs: I,
  v?: Tensor | null,
  o?: FunctionalOptions,
) => [result: Tensor, products: Like<I>];

/**
 * A function's result, and its Jacobian times a vector of the inputs' shapes (a list for a list of inputs).
 *
 * @example
 * ```ts
 * jvp((x) => x.square(), tensor([1, 2]), tensor([1, 10]))[1].toArray() // [2, 40]
 * ```
 */
export const jvp = product('jvp') as <I extends OneOrMany>(
  fn: TensorFunction,
  inputs: I,
  v?: I | null,
  o?: FunctionalOptions,
) => [result: Tensor, product: Tensor];

/**
 * The result of a function that gives a scalar, and its Hessian times a vector of the inputs' shapes: one tensor for
 * each input.
 *
 * @example
 * ```ts
 * hvp((x) => x.pow(3).sum(), tensor([1, 2]), tensor([1, 10]))[1].toArray() // [6, 120]
 * ```
 */
export const hvp = product('hvp') as <I extends OneOrMany>(
  fn: TensorFunction,
  inputs: I,
  v?: I | null,
  o?: FunctionalOptions,
) => [result: Tensor, products: Like<I>];

// The first frame of the stack that lies outside of this package and of wasm.
const home = new URL('.', import.meta.url).href;
function callingLine(): string {
  // V8 keeps 10 frames unless told otherwise, which the op's own fill.
  const engine = Error as { stackTraceLimit?: number | undefined };
  const limit = engine.stackTraceLimit;
  engine.stackTraceLimit = 100;
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  engine.stackTraceLimit = limit;
  const own = [home, home.replace('file://', ''), 'wasm'];
  const line = frames.find((frame) => /:\d+/.test(frame) && !own.some((part) => frame.includes(part)));
  return line ? ` called ${line.trim()}` : '';
}

/**
 * Runs `fn`, watching every recorded operation: the first that makes a NaN or an infinity from finite values, forward or
 * on the way back, is an error that names it, the shapes of its inputs and the line that called it. Slow; off, it costs
 * nothing.
 *
 * @example
 * ```ts
 * detectAnomaly(() => tensor([4], { requiresGrad: true }).sqrt().item()) // 2
 * ```
 */
export function detectAnomaly<T>(fn: () => T): T {
  const watch = (on: number): number =>
    lib.detectAnomaly(on, on && registerCallback(() => putText(callingLine())));
  const before = watch(1);
  try {
    return fn();
  } finally {
    if (!before) watch(0);
  }
}

/** What `forward` and `backward` of a custom op share. */
export interface CustomContext {
  /** Keeps tensors for `backward`; those changed in place meanwhile are an error there. */
  save(...tensors: Tensor[]): void;
  /** In `backward`: the tensors that were saved. */
  readonly saved: readonly Tensor[];
  /** Anything else to remember. */
  [key: string]: unknown;
}

export interface CustomOp<I extends Tensor[]> {
  name: string;
  /** The result, unrecorded. */
  forward(ctx: CustomContext, ...inputs: I): Tensor;
  /** The inputs' gradients from the result's; null for an input without one. With operations, so that gradients of
   * gradients work. */
  backward(ctx: CustomContext, grad: Tensor): Tensor | null | readonly (Tensor | null)[];
}

/**
 * A new differentiable operation written in JavaScript.
 *
 * @example
 * ```ts
 * const cube = customOp({
 *   name: 'cube',
 *   forward: (ctx, x: Tensor) => (ctx.save(x), x.mul(x).mul(x)),
 *   backward: (ctx, grad) => grad.mul(ctx.saved[0]!.square().mul(3)),
 * });
 * const x = tensor(2, { requiresGrad: true });
 * grad(cube(x), x).item() // 12
 * ```
 */
export function customOp<I extends Tensor[]>(op: CustomOp<I>): (...inputs: I) => Tensor {
  const { name, forward, backward } = options('customOp', op, 'name forward backward');
  if (typeof name !== 'string' || name === '') refuse('customOp', 'name', 'a text', name);
  if (typeof forward !== 'function') refuse('customOp', 'forward', 'a function', forward);
  if (typeof backward !== 'function') refuse('customOp', 'backward', 'a function', backward);
  return (...inputs: I) =>
    tidy(() => {
      const from = inputs.map((t, i) => tensorHandle(t, name, `input ${i}`));
      const saved: Tensor[] = [];
      const kept: Record<string, unknown> = { save: (...tensors: Tensor[]) => void saved.push(...tensors) };
      const out = noGrad(() => forward(kept as unknown as CustomContext, ...inputs));
      if (!isTensor(out)) throw new FluxionError(`${name}: forward returned ${describe(out)}, not a Tensor`);
      const id = registerCallback((list, gradient) => tidy(() => gradients(op, kept, list, gradient)));
      const handle = lib.recordCustom(
        putText(name),
        tensorHandle(out, name, 'the result'),
        putList(from),
        putList(saved.map((t) => tensorHandle(t, name, 'a saved tensor'))),
        id,
      );
      return wrap(handle, name);
    });
}

function gradients(
  op: CustomOp<Tensor[]>,
  kept: Record<string, unknown>,
  list: Address,
  gradient: number,
): Address {
  const [, ...handles] = takeList(list);
  const saved = handles.map((handle) => wrap(handle, 'saved'));
  const ctx = { ...kept, saved } as unknown as CustomContext;
  const given = op.backward(ctx, wrap(gradient, 'grad'));
  const all = Array.isArray(given) ? (given as readonly (Tensor | null)[]) : [given as Tensor | null];
  return putList(all.map((t) => (t === null || t === undefined ? 0 : result(`${op.name}: backward`, t))));
}

/** One recorded operation, or a leaf. */
export interface GraphNode {
  id: number;
  /** The operation's name; 'leaf' for a tensor that was not computed. */
  op: string;
  isLeaf: boolean;
  shape: number[];
  dtype: DType;
  /** The result, while somebody holds it or `keepGraphValues` is on. */
  value: Tensor | null;
  gradient: Tensor | null;
  /** The operation's inputs; null for one that needs no gradient. */
  inputs: (GraphEdge | null)[];
}

export interface GraphEdge {
  node: GraphNode;
  /** d result / d input between scalars, null elsewhere and once the graph was freed. */
  derivative: number | null;
}

/** The recorded graph behind a tensor, every node after its inputs; the last one is the tensor's own. */
export interface Graph {
  nodes: GraphNode[];
  root: GraphNode;
}

interface NodeText extends Omit<GraphNode, 'value' | 'gradient' | 'inputs' | 'isLeaf'> {
  leaf: boolean;
  inputs: ({ node: number; derivative: number | null } | null)[];
}

/**
 * The graph that was recorded while `t` was computed, for lessons and debugging.
 *
 * @example
 * ```ts
 * const x = tensor(3, { requiresGrad: true });
 * graph(x.square()).root.inputs[0]?.derivative // 6
 * ```
 */
export function graph(t: Tensor): Graph {
  const texts = JSON.parse(takeText(lib.graphText(tensorHandle(t, 'graph', 'the tensor')))) as NodeText[];
  const tensors = takeList(lib.graphTensors()).map((h) => (h ? wrap(h, 'graph') : null));
  const nodes: GraphNode[] = [];
  texts.forEach(({ id, op, leaf, shape, dtype, inputs }, i) => {
    nodes.push({
      id,
      op,
      isLeaf: leaf,
      shape,
      dtype,
      value: tensors[2 * i]!,
      gradient: tensors[2 * i + 1]!,
      inputs: inputs.map((e) => e && { node: nodes[e.node]!, derivative: e.derivative }),
    });
  });
  return { nodes, root: nodes.at(-1)! };
}

/** While on, every recorded node keeps its result for `graph()`: more memory, for lessons. */
export function keepGraphValues(on: boolean): void {
  lib.keepGraphValues(+on);
}

/**
 * A backward pass taken node by node; afterwards leaves have their `.grad` as after `backward()`. One at a time: a new
 * one ends the one before.
 *
 * @example
 * ```ts
 * const x = tensor(3, { requiresGrad: true });
 * const steps = backwardSteps(x.square().exp());
 * steps.step();
 * [...steps].length // 2
 * ```
 */
export function backwardSteps(
  t: Tensor,
  o: { gradient?: Tensor; retainGraph?: boolean } = {},
): BackwardSteps {
  const { gradient, retainGraph = false } = options('backwardSteps', o, 'gradient retainGraph');
  return new BackwardSteps(t, gradient, retainGraph);
}

export class BackwardSteps {
  static #current: BackwardSteps | undefined;

  /** @internal */
  constructor(t: Tensor, gradient: Tensor | undefined, retainGraph: boolean) {
    const root = tensorHandle(t, 'backwardSteps', 'the tensor');
    lib.stepsBegin(root, gradient ? tensorHandle(gradient, 'backwardSteps', 'gradient') : 0, +retainGraph);
    BackwardSteps.#current = this;
  }

  #check(): void {
    if (BackwardSteps.#current !== this)
      throw new FluxionError('backwardSteps: this pass has ended, for another one was begun');
  }

  /** The id (as in `graph()`) of the node that the next step runs; null at the end. */
  get next(): number | null {
    this.#check();
    return lib.stepsNext() || null;
  }

  /** Runs one node: its gradient goes on to its inputs. False when there is none left. */
  step(): boolean {
    this.#check();
    return lib.stepsTake() !== 0;
  }

  /** The gradient gathered so far for a node that has not run yet. */
  pending(id: number): Tensor | null {
    this.#check();
    const handle = lib.stepsPending(id);
    return handle ? wrap(handle, 'gradient') : null;
  }

  /** Ids of the nodes as they run. */
  *[Symbol.iterator](): IterableIterator<number> {
    for (let id = this.next; id !== null; id = this.next) {
      this.step();
      yield id;
    }
  }

  /** Ends the pass here. */
  dispose(): void {
    if (BackwardSteps.#current === this) lib.stepsEnd();
    BackwardSteps.#current = undefined;
  }
  [Symbol.dispose](): void {
    this.dispose();
  }
}
