import { describe } from '../args.ts';
import { FluxionError } from '../errors.ts';
import { lib, putList } from '../native.ts';
import type { Tensor } from '../tensor.ts';
import { isPlainNative, type Layer, Module, moduleOn, type NativeModule, nativeOf } from './module.ts';

/** Modules in order, under the names '0', '1', …; each can be read by its index. */
abstract class Ordered<M extends Module> extends Module {
  [index: number]: M;

  constructor(modules: readonly M[]) {
    super();
    for (const m of modules) this.append(m);
  }

  get length(): number {
    let n = 0;
    while (n in this) n++;
    return n;
  }

  /** Adds a module at the end. */
  append(module: M): this {
    if (!(module instanceof Module))
      throw new FluxionError(
        `${this.typeName}: entry ${this.length} must be a Module, got ${describe(module)}`,
      );
    this[this.length] = module;
    return this;
  }

  /** The module at an index; negative ones count from the end. */
  at(index: number): M | undefined {
    return this[index < 0 ? index + this.length : index];
  }

  *[Symbol.iterator](): IterableIterator<M> {
    for (let i = 0; i in this; i++) yield this[i]!;
  }
}

/** A list of modules whose parameters are found, as those in a plain array are not. */
export class ModuleList<M extends Module = Module> extends Ordered<M> {
  constructor(modules: readonly M[] = []) {
    super(modules);
  }
  override get typeName(): string {
    return 'ModuleList';
  }
  override forward(): never {
    throw new FluxionError('ModuleList: a list has no forward of its own; call its modules');
  }
}

/**
 * Modules under names of the caller's choice, in the order in which they were set; each is a field of its name too.
 *
 * @example
 * ```ts
 * const heads = new nn.ModuleDict({ cat: new nn.Linear(4, 1), dog: new nn.Linear(4, 1) });
 * Object.keys(heads.stateDict()) // ["cat.weight", "cat.bias", "dog.weight", "dog.bias"]
 * ```
 */
export class ModuleDict<M extends Module = Module> extends Module {
  constructor(modules: Readonly<Record<string, M>> = {}) {
    super();
    for (const [name, m] of Object.entries(modules)) this.set(name, m);
  }
  override get typeName(): string {
    return 'ModuleDict';
  }
  get size(): number {
    return this.keys().length;
  }
  keys(): string[] {
    return this.entries().map(([name]) => name);
  }
  values(): M[] {
    return this.entries().map(([, m]) => m);
  }
  entries(): [string, M][] {
    return this.namedChildren() as [string, M][];
  }
  [Symbol.iterator](): IterableIterator<[string, M]> {
    return this.entries()[Symbol.iterator]();
  }
  has(name: string): boolean {
    return Object.hasOwn(this, name) && this.get(name) instanceof Module;
  }
  get(name: string): M | undefined {
    return Object.hasOwn(this, name) ? (this as unknown as Record<string, M>)[name] : undefined;
  }
  /** Adds a module, or puts another in its place. */
  set(name: string, module: M): this {
    if (!(module instanceof Module))
      throw new FluxionError(`ModuleDict: entry '${name}' must be a Module, got ${describe(module)}`);
    if (name === '' || name.includes('.') || (name in this && !this.has(name)))
      throw new FluxionError(
        `ModuleDict: '${name}' cannot name a module: it is empty, has a dot or is a method's name`,
      );
    (this as unknown as Record<string, M>)[name] = module;
    return this;
  }
  /** Takes a module out; false when there was none. */
  delete(name: string): boolean {
    return this.has(name) && Reflect.deleteProperty(this, name);
  }
  override forward(): never {
    throw new FluxionError('ModuleDict: a dictionary has no forward of its own; call its modules');
  }
}

/**
 * Modules one after the other. Where all of them run in C++, the whole does.
 *
 * @example
 * ```ts
 * new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1)).forward(zeros([4, 2])).shape // [4, 1]
 * ```
 */
export class Sequential extends Ordered<Layer> {
  constructor(...modules: readonly Layer[] | [readonly Layer[]]) {
    const [first] = modules;
    super(Array.isArray(first) ? first : (modules as readonly Layer[]));
  }

  override get typeName(): string {
    return 'Sequential';
  }

  override forward(x: Tensor): Tensor {
    const whole = nativeTwin(this);
    if (whole) return whole.forward(x);
    let y = x;
    for (const module of this) y = module.forward(y);
    return y;
  }

  override dispose(): void {
    super.dispose();
    twins.get(this)?.module?.dispose();
    twins.delete(this);
  }
}

interface Twin {
  links: readonly (NativeModule | undefined)[];
  module: NativeModule | undefined;
}
const twins = new WeakMap<Sequential, Twin>();

/** The same chain in C++, while every link of it runs there. */
export function nativeTwin(chain: Sequential): NativeModule | undefined {
  // By their links, for a link that is a chain itself may have changed.
  const now = twins.get(chain);
  if (now && isMadeOf(chain, now.links)) return now.module;
  now?.module?.dispose();
  const links = Array.from(chain, nativeForm);
  const module = links.every((m) => m !== undefined)
    ? moduleOn(lib.newSequential(putList(links.map(nativeOf))))
    : undefined;
  twins.set(chain, { links, module });
  return module;
}

// Asked at every forward.
function isMadeOf(chain: Sequential, links: Twin['links']): boolean {
  for (let i = 0; i < links.length; i++) {
    const link = chain[i];
    if (!link || nativeForm(link) !== links[i]) return false;
  }
  return !(links.length in chain);
}

/** The C++ module that computes what a module does, if there is one. */
export function nativeForm(module: Module): NativeModule | undefined {
  if (Object.hasOwn(module, 'forward')) return undefined;
  if (module instanceof Sequential)
    return Object.getPrototypeOf(module) === Sequential.prototype ? nativeTwin(module) : undefined;
  return isPlainNative(module) ? (module as NativeModule) : undefined;
}
