// Module: parameters, buffers and child modules by field, under PyTorch's dotted names.
import { optionalHandle, options, refuse } from '../args.ts';
import { noGrad } from '../autograd.ts';
import { FluxionError } from '../errors.ts';
import { forEachTensor, isTensor, keep, tensorHandle, tidy, wrap, wrapList } from '../handles.ts';
import {
  type Address,
  type Handle,
  lib,
  putList,
  registerCallback,
  takeList,
  takeText,
  putText,
} from '../native.ts';
import type { Tensor } from '../tensor.ts';
import type { Evaluation, EvaluationResult, FitOptions, FitResult } from './fit.ts';
import { Parameter, parameterOn } from './parameter.ts';
import { numbersOf } from './spec.ts';

/** Tensors by dotted name, as `stateDict()` gives and files hold them. */
export type StateDict = Record<string, Tensor>;

/** A module from one tensor to one tensor, as Sequential and `fit` need them. */
export type Layer = Module & { forward(x: Tensor): Tensor };

/** What may take the place of a forward's input or output. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook without a result is one that returns nothing
export type Replacement = Tensor | null | undefined | void;

export interface HookHandle {
  remove(): void;
}

/** What a module keeps apart from its fields. */
export interface Internals {
  /** The C++ module; 0 for one written in JavaScript. */
  native: Handle;
  training: boolean;
  buffers: Map<string, { tensor: Tensor; persistent: boolean }>;
  /** Wrappers of the C++ module's parameters, so that each is one object. */
  parameters: Map<string, Parameter>;
  children: [string, Module][] | undefined;
  /** Set first of all, for modules may hold each other. */
  disposed: boolean;
}

const collector = new FinalizationRegistry<Handle>((handle) => lib.releaseModule(handle));

// Assigned tensors survive the tidy() they were made in.
const fields: ProxyHandler<Module> = {
  defineProperty(target, key, descriptor) {
    const { value } = descriptor;
    if (value) forEachTensor(value, keep);
    if (value instanceof Parameter || value instanceof Module) lib.endRecordings();
    return Reflect.defineProperty(target, key, descriptor);
  },
};

// Loaded when it is first asked for.
const training = (): Promise<typeof import('./fit.ts')> => import('./fit.ts');

/**
 * A generated class and its name, which minifiers would change; its arguments as spec.ts reads them; its fields, a child's
 * with a dot before it, a buffer's with #.
 */
type ClassEntry = [type: { readonly prototype: NativeModule }, name: string, args: string, fields?: string];
// The prototypes of generated classes, by the name that C++ gives them; and what C++ makes them of.
const classes = new Map<string, NativeModule>();
const prototypes = new Map<unknown, { kind: number; name: string; args: string }>();
export function registerClasses(list: readonly ClassEntry[]): void {
  list.forEach(([{ prototype }, name, args, fields], kind) => {
    classes.set(name, prototype);
    prototypes.set(prototype, { kind, name, args });
    for (const field of fields?.split(' ') ?? []) {
      const key = field.replace(/^[.#]/, '');
      Object.defineProperty(
        prototype,
        key.replace(/_+([a-z0-9])/g, (_, c: string) => c.toUpperCase()),
        {
          configurable: true,
          get(this: Module) {
            if (field[0] === '.') return nativeChildren(this).find(([n]) => n === key)?.[1];
            return field[0] === '#' ? bufferOf(this, key) : parameterOf(this, key);
          },
          ...(/^[.#]/.test(field)
            ? {}
            : {
                set(this: Module, value: Tensor) {
                  setParameterOf(this, key, value);
                },
              }),
        },
      );
    }
  });
}

/** Makes the C++ module of a generated class, or of one derived from it. */
function construct(prototype: unknown, given: readonly unknown[]): Handle {
  let known = prototypes.get(prototype);
  for (let p = prototype; !known; known = prototypes.get(p)) p = Object.getPrototypeOf(p);
  return lib.newModule(known.kind, putList(numbersOf(known.name, known.args, given)));
}

/** Calls method number `method` of a C++ module. */
export function callMethod(
  module: Module,
  method: number,
  name: string,
  spec: string,
  given: readonly unknown[],
): Address {
  return lib.callMethod(nativeOf(module), method, putList(numbersOf(name, spec, given)));
}

const parameterKind = 0;
const bufferKind = 1;
const stateKind = 2;

const linesOf = (text: string): string[] => (text === '' ? [] : text.split('\n'));

/**
 * The base of every model. Parameters (`nn.Parameter`) and modules assigned to fields are found by themselves; lists of
 * modules belong into `nn.ModuleList` or `nn.Sequential`.
 *
 * @example
 * ```ts
 * class Net extends nn.Module {
 *   hidden = new nn.Linear(2, 8);
 *   out = new nn.Linear(8, 1);
 *   forward(x: Tensor) { return this.out.forward(this.hidden.forward(x).tanh()); }
 * }
 * new Net().parameters().length // 4
 * ```
 */
export abstract class Module {
  /** @internal */ declare readonly internals: Internals;

  constructor() {
    attach(this, 0);
    // Classes whose state lies in C++ have no fields to watch.
    if (prototypes.has(new.target.prototype)) return;
    // biome-ignore lint/correctness/noConstructorReturn: fields are then defined on the proxy, which sees them
    return new Proxy(this, fields);
  }

  /** From the input to the output; every model has its own. */
  abstract forward(...inputs: never[]): unknown;

  /** The name that prints: the class's. */
  get typeName(): string {
    return this.constructor.name;
  }

  /** Whether the module is in training mode; dropout and batch norm differ. */
  get training(): boolean {
    const { internals } = this;
    const { native, training } = internals;
    if (native) return lib.moduleTraining(native) !== 0;
    if (lib.isRecording()) lib.guardRecording(registerCallback(() => +(internals.training === training)));
    return training;
  }

  /** Sets training mode for this module and all below. */
  train(mode = true): this {
    if (typeof mode !== 'boolean') refuse('train', 'mode', 'true or false', mode);
    if (this.internals.training !== mode) lib.changed();
    this.internals.training = mode;
    if (this.internals.native) lib.moduleTrain(this.internals.native, +mode);
    for (const [, child] of this.namedChildren()) child.train(mode);
    return this;
  }

  /** Sets evaluation mode for this module and all below. */
  eval(): this {
    return this.train(false);
  }

  /** The modules one level below, by name. */
  namedChildren(): [string, Module][] {
    return [...nativeChildren(this), ...fieldsOf(this, (v): v is Module => v instanceof Module)];
  }

  /** The modules one level below. */
  children(): Module[] {
    return this.namedChildren().map(([, m]) => m);
  }

  /** This module (as `''`) and all below, parents first, each once. */
  namedModules(prefix = ''): [string, Module][] {
    const out: [string, Module][] = [];
    const seen = new Set<Internals>();
    const visit = (name: string, m: Module): void => {
      if (seen.has(m.internals)) return;
      seen.add(m.internals);
      out.push([name, m]);
      for (const [key, child] of m.namedChildren()) visit(name ? `${name}.${key}` : key, child);
    };
    visit(prefix, this);
    return out;
  }

  /** This module and all below. */
  modules(): Module[] {
    return this.namedModules().map(([, m]) => m);
  }

  /** Every trained tensor with its dotted name; a shared one once. */
  namedParameters(): [string, Parameter][] {
    return once(collect(this, ownParameters));
  }

  /** Every trained tensor. */
  parameters(): Parameter[] {
    return this.namedParameters().map(([, p]) => p);
  }

  /** Tensors that belong to the state but are not trained, with their dotted names. */
  namedBuffers(): [string, Tensor][] {
    return once(collect(this, (m) => ownBuffers(m).map(({ name, tensor }) => [name, tensor])));
  }

  /** Tensors that belong to the state but are not trained. */
  buffers(): Tensor[] {
    return this.namedBuffers().map(([, t]) => t);
  }

  /** Number of trained values. */
  parameterCount(): number {
    return this.parameters().reduce((n, p) => n + p.numel(), 0);
  }

  /** Makes a tensor part of the state without training it. It can be read as a field of that name. */
  registerBuffer(name: string, tensor: Tensor, o: { persistent?: boolean } = {}): void {
    const { persistent = true } = options('registerBuffer', o, 'persistent');
    tensorHandle(tensor, 'registerBuffer', 'tensor');
    this.internals.buffers.set(name, { tensor: keep(tensor), persistent });
    Object.defineProperty(this, name, {
      configurable: true,
      get: () => this.internals.buffers.get(name)!.tensor,
      set: (value: Tensor) => {
        this.internals.buffers.get(name)!.tensor = keep(value);
      },
    });
  }

  /** Parameters and persistent buffers by name, sharing memory with the module. */
  stateDict(): StateDict {
    return tidy(() => Object.fromEntries(stateOf(this).map(([name, t]) => [name, t.detach()])));
  }

  /**
   * Copies values in by name. Everything is checked first: one error lists the keys that are missing, unexpected or
   * misshapen, and nothing has changed. `strict: false` lets the first two pass and gives them back.
   */
  loadStateDict(state: StateDict, o: { strict?: boolean } = {}): { missing: string[]; unexpected: string[] } {
    const { strict = true } = options('loadStateDict', o, 'strict');
    return tidy(() => copyState(this, state, strict));
  }

  /** Drops all gradients. */
  zeroGrad(): void {
    for (const p of this.parameters()) p.grad = null;
  }

  /** Sets `requiresGrad` of every parameter: `false` freezes the module. */
  requiresGrad_(value = true): this {
    for (const p of this.parameters()) p.requiresGrad = value;
    return this;
  }

  /** Calls `fn` on every module below and then on this one. */
  apply(fn: (module: Module) => void): this {
    for (const child of this.children()) child.apply(fn);
    fn(this);
    return this;
  }

  /** Calls `hook` before each forward; a tensor that it returns takes the input's place. */
  registerForwardPreHook(hook: (module: this, input: Tensor) => Replacement): HookHandle {
    const { native } = this.internals;
    if (!native)
      return hookForward(this, (call, inputs) =>
        call(replace(hook(this, inputs[0]!), inputs[0]!), ...inputs.slice(1)),
      );
    return nativeHook(
      native,
      lib.modulePreHook(
        native,
        registerCallback((x) => given(hook(this, wrap(x, 'input')))),
      ),
    );
  }

  /** Calls `hook` after each forward; a tensor that it returns takes the output's place. */
  registerForwardHook(hook: (module: this, input: Tensor, output: Tensor) => Replacement): HookHandle {
    const { native } = this.internals;
    if (!native)
      return hookForward(this, (call, inputs) => {
        const output = call(...inputs);
        return isTensor(output) ? replace(hook(this, inputs[0]!, output), output) : output;
      });
    const callback = registerCallback((x, y) => given(hook(this, wrap(x, 'input'), wrap(y, 'output'))));
    return nativeHook(native, lib.moduleHook(native, callback));
  }

  /**
   * Calls `hook` in backward passes, when the gradient with respect to the input is known, with it and the gradient with
   * respect to the output; a tensor that it returns takes the former's place. The former is null when the input needs no
   * gradient. Of forward passes that come after it.
   *
   * @see https://pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.register_full_backward_hook
   */
  registerFullBackwardHook(
    hook: (module: this, gradInput: Tensor | null, gradOutput: Tensor) => Replacement,
  ): HookHandle {
    const { native } = this.internals;
    if (native) {
      const callback = registerCallback((x, y) =>
        given(hook(this, x ? wrap(x, 'gradInput') : null, wrap(y, 'gradOutput'))),
      );
      return nativeHook(native, lib.moduleBackwardHook(native, callback));
    }
    const handle = hookForward(this, (call, [input, ...rest]) => {
      const recording = lib.gradEnabled() !== 0;
      const wanted = recording && input!.requiresGrad;
      const marked = wanted ? input!.expand(input!.shape) : input!;
      const output = call(marked, ...rest);
      if (!recording || !isTensor(output) || !output.requiresGrad) return output;
      // The output's gradient waits here for the input's.
      let gradOutput: Tensor;
      const result = output.expand(output.shape);
      result.registerHook((gradient) => {
        gradOutput = keep(gradient);
        if (!wanted && !handle.removed) hook(this, null, gradient);
      });
      if (wanted)
        marked.registerHook((gradient) => (handle.removed ? undefined : hook(this, gradient, gradOutput)));
      return result;
    });
    return handle;
  }

  /**
   * Trains on x and y: batches, epochs, validation, callbacks and cancellation in one call. The work is done in slices
   * of less than 20 ms, so that a page stays alive.
   */
  async fit(x: Tensor, y: Tensor, o: FitOptions): Promise<FitResult> {
    return (await training()).fit(this as unknown as Layer, x, y, o);
  }

  /**
   * The mean loss over x and y, and the metrics asked for; in evaluation mode, without gradients, in slices as `fit`.
   */
  async evaluate(x: Tensor, y: Tensor, o: Evaluation): Promise<EvaluationResult> {
    return (await training()).evaluate(this as unknown as Layer, x, y, o);
  }

  /** The outputs for x, batch by batch; in evaluation mode, without gradients, in slices as `fit`. */
  async predict(x: Tensor, o: { batchSize?: number; signal?: AbortSignal } = {}): Promise<Tensor> {
    return (await training()).predict(this as unknown as Layer, x, o);
  }

  /**
   * Gives back now all that the module holds: parameters, buffers, the tensors in its fields, and the modules below with
   * theirs, also where another module shares them.
   */
  dispose(): void {
    const { internals } = this;
    if (internals.disposed) return;
    internals.disposed = true;
    for (const field of Object.values(this)) {
      if (field instanceof Module) field.dispose();
      else forEachTensor(field, (t) => t.dispose());
    }
    for (const [, child] of internals.children ?? []) child.dispose();
    for (const { tensor } of internals.buffers.values()) tensor.dispose();
    for (const p of internals.parameters.values()) p.dispose();
    if (!internals.native) return;
    collector.unregister(internals);
    lib.releaseModule(internals.native);
    internals.native = 0;
  }
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** What stands in the brackets of the printed form. */
  extraRepr(): string {
    return '';
  }

  /** As PyTorch prints it. */
  toString(): string {
    const extra = this.extraRepr();
    const children = this.namedChildren();
    if (children.length === 0) return `${this.typeName}(${extra})`;
    const lines = [extra, ...children.map(([name, m]) => `(${name}): ${m}`)].filter(Boolean);
    return `${this.typeName}(\n${lines.join('\n').replace(/^/gm, '  ')}\n)`;
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

/** A module whose forward runs in C++. */
export class NativeModule extends Module {
  /** @internal */
  constructor(...given: readonly unknown[]) {
    super();
    setNative(this, construct(new.target.prototype, given));
  }

  override get typeName(): string {
    return takeText(lib.moduleType(nativeOf(this)));
  }

  override forward(x: Tensor): Tensor {
    return wrap(lib.moduleForward(nativeOf(this), tensorHandle(x, 'forward', 'x')), 'forward');
  }

  override toString(): string {
    return takeText(lib.moduleText(nativeOf(this)));
  }
}

/** A loss: from what the model gave and what was wanted to one number. Losses that compare two inputs take three. */
export class NativeLoss extends NativeModule {
  override forward(input: Tensor, target?: Tensor, third?: Tensor): Tensor {
    const handles = [
      tensorHandle(input, 'forward', 'input'),
      tensorHandle(target, 'forward', 'target'),
      optionalHandle(third, 'forward', 'the third input'),
    ] as const;
    return wrap(lib.lossForward(nativeOf(this), ...handles), 'forward');
  }
}

export function attach(module: Module, native: Handle): void {
  Object.defineProperty(module, 'internals', {
    value: {
      native,
      training: true,
      buffers: new Map(),
      parameters: new Map(),
      children: undefined,
      disposed: false,
    } satisfies Internals,
  });
}

export function setNative(module: Module, handle: Handle): void {
  module.internals.native = handle;
  collector.register(module, handle, module.internals);
}

export function nativeOf(module: Module): Handle {
  const { native } = module.internals;
  if (!native) throw new FluxionError(`${module.constructor.name}: the module was disposed of`);
  return native;
}

/** C++ may run the module by itself: it is one of ours, and nothing in it was overridden. */
export const isPlainNative = (module: Module): boolean => prototypes.has(Object.getPrototypeOf(module));

/** A wrapper on the handle of a C++ module that the caller owns. */
export function moduleOn(handle: Handle): NativeModule {
  const prototype = classes.get(takeText(lib.moduleType(handle))) ?? NativeModule.prototype;
  const module = Object.create(prototype) as NativeModule;
  attach(module, 0);
  setNative(module, handle);
  return module;
}

function nativeChildren(module: Module): [string, Module][] {
  const { internals } = module;
  if (!internals.native) return [];
  if (!internals.children) {
    const names = linesOf(takeText(lib.moduleChildNames(internals.native)));
    const modules = takeList(lib.moduleChildren(internals.native)).map(moduleOn);
    internals.children = names.map((name, i) => [name, modules[i]!]);
  }
  return internals.children;
}

/** A parameter of a C++ module, as a generated field gives it; null for one that this module has not. */
function parameterOf(module: Module, name: string): Parameter | null {
  const known = module.internals.parameters.get(name);
  if (known && !known.isDisposed) return known;
  const handle = lib.moduleTensor(nativeOf(module), putText(name));
  if (!handle) return null;
  const parameter = parameterOn(handle);
  module.internals.parameters.set(name, parameter);
  return parameter;
}

function setParameterOf(module: Module, name: string, value: Tensor): void {
  lib.moduleSetParameter(nativeOf(module), putText(name), tensorHandle(value, name, 'the parameter'));
  module.internals.parameters.delete(name);
}

/** A buffer of a C++ module, as a generated field gives it. */
function bufferOf(module: Module, name: string): Tensor | null {
  const handle = lib.moduleTensor(nativeOf(module), putText(name));
  return handle ? wrap(handle, name) : null;
}

function fieldsOf<V>(module: Module, is: (value: unknown) => value is V): [string, V][] {
  return Object.entries(module).filter((entry): entry is [string, V] => is(entry[1]));
}

function ownParameters(module: Module): [string, Parameter][] {
  const { native } = module.internals;
  const names = native ? linesOf(takeText(lib.moduleNames(native, parameterKind))) : [];
  const inside = names.map((name): [string, Parameter] => [name, parameterOf(module, name)!]);
  return [...inside, ...fieldsOf(module, (v): v is Parameter => v instanceof Parameter)];
}

function ownBuffers(module: Module): { name: string; tensor: Tensor; persistent: boolean }[] {
  const { native, buffers } = module.internals;
  const own = [...buffers].map(([name, b]) => ({ name, ...b }));
  if (!native) return own;
  const names = linesOf(takeText(lib.moduleNames(native, bufferKind)));
  if (names.length === 0) return own;
  const saved = linesOf(takeText(lib.moduleNames(native, stateKind)));
  const tensors = wrapList(lib.moduleTensors(native, bufferKind), 'buffer');
  return [
    ...names.map((name, i) => ({ name, tensor: tensors[i]!, persistent: saved.includes(name) })),
    ...own,
  ];
}

function collect<T>(module: Module, own: (m: Module) => [string, T][]): [string, T][] {
  return module
    .namedModules()
    .flatMap(([path, m]) => own(m).map(([name, t]): [string, T] => [path ? `${path}.${name}` : name, t]));
}

function once<T extends Tensor>(named: [string, T][]): [string, T][] {
  const seen = new Set<number>();
  return named.filter(([, t]) => {
    const id = lib.tensorId(tensorHandle(t, 'parameters', 'a parameter'));
    return !seen.has(id) && seen.add(id);
  });
}

// In PyTorch's order: a module's parameters, then its buffers, then its children. What is shared appears under each of
// its names.
function stateOf(module: Module, prefix = ''): [string, Tensor][] {
  const own: [string, Tensor][] = [
    ...ownParameters(module),
    ...ownBuffers(module)
      .filter((b) => b.persistent)
      .map((b): [string, Tensor] => [b.name, b.tensor]),
  ];
  return [
    ...own.map(([name, t]): [string, Tensor] => [prefix + name, t]),
    ...module.namedChildren().flatMap(([name, m]) => stateOf(m, `${prefix}${name}.`)),
  ];
}

function copyState(
  module: Module,
  state: StateDict,
  strict: boolean,
): { missing: string[]; unexpected: string[] } {
  const own = new Map(stateOf(module));
  const missing = [...own.keys()].filter((name) => !Object.hasOwn(state, name));
  const unexpected = Object.keys(state).filter((name) => !own.has(name));
  const misshapen: string[] = [];
  for (const [name, into] of own) {
    if (!Object.hasOwn(state, name)) continue;
    tensorHandle(state[name], 'loadStateDict', `'${name}'`);
    const [has, given] = [into.shape.join(', '), state[name]!.shape.join(', ')];
    if (has !== given) misshapen.push(`${name} is [${given}] where the module has [${has}]`);
  }
  const problems = [
    strict && missing.length ? `missing keys: ${missing.join(', ')}` : '',
    strict && unexpected.length ? `unexpected keys: ${unexpected.join(', ')}` : '',
    misshapen.length ? `misshapen: ${misshapen.join(', ')}` : '',
  ].filter(Boolean);
  if (problems.length) throw new FluxionError(`loadStateDict: ${module.typeName}: ${problems.join('; ')}`);
  noGrad(() => {
    for (const [name, into] of own) if (Object.hasOwn(state, name)) into.copy_(state[name]!);
  });
  return { missing, unexpected };
}

const given = (result: Replacement): Handle =>
  result ? lib.aliasTensor(tensorHandle(result, 'hook', 'the result')) : 0;
const replace = (result: Replacement, otherwise: Tensor): Tensor => result ?? otherwise;

const nativeHook = (module: Handle, id: number): HookHandle => ({
  remove: () => lib.moduleRemoveHook(module, id),
});

// Hooks on a module written in JavaScript stand before its forward, as an own property while there is one.
type AnyForward = (...inputs: Tensor[]) => unknown;
type Around = (call: AnyForward, inputs: Tensor[]) => unknown;
const around = new WeakMap<Module, Around[]>();
const own = new WeakMap<Module, PropertyDescriptor | undefined>();

function hookForward(module: Module, hook: Around): HookHandle & { removed: boolean } {
  const hooks = around.get(module) ?? [];
  if (hooks.length === 0) {
    around.set(module, hooks);
    const before = module.forward as unknown as AnyForward;
    own.set(module, Object.getOwnPropertyDescriptor(module, 'forward'));
    const value = (...inputs: Tensor[]): unknown => {
      lib.refuseRecording(putText('a module has a hook'));
      return hooks.reduce<AnyForward>(
        (call, next) =>
          (...args) =>
            next(call, args),
        (...args) => before.apply(module, args),
      )(...inputs);
    };
    Object.defineProperty(module, 'forward', { configurable: true, value });
  }
  hooks.push(hook);
  lib.endRecordings();
  return {
    removed: false,
    remove() {
      if (this.removed) return;
      this.removed = true;
      lib.endRecordings();
      hooks.splice(hooks.indexOf(hook), 1);
      // As it was before the first hook: a chain may run wholly in C++ again.
      if (hooks.length) return;
      delete (module as { forward?: unknown }).forward;
      const before = own.get(module);
      if (before) Object.defineProperty(module, 'forward', before);
    },
  };
}
