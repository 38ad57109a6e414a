// What all optimizers share. Their classes are generated from rows.
import { describe, refuse } from './args.ts';
import { FluxionError, suggestion } from './errors.ts';
import { isTensor, tensorHandle, wrapList } from './handles.ts';
import { type Address, type Handle, lib, putList, putText, takeList, takePieces } from './native.ts';
import type { StateDict } from './nn/module.ts';
import type { Tensor } from './tensor.ts';

/** An option's value: a number, a switch, or numbers (betas). */
export type OptionValue = number | boolean | readonly number[];

/** Parameters with options of their own. */
export type ParamGroup<O = Record<string, OptionValue>> = { params: Iterable<Tensor> } & Partial<O>;

/** What an optimizer is made for: parameters, or groups of them. */
export type Params<O = Record<string, OptionValue>> = Iterable<Tensor> | readonly ParamGroup<O>[];

const collector = new FinalizationRegistry<Handle>((handle) => lib.releaseOptimizer(handle));

const isGroup = (value: unknown): value is ParamGroup =>
  typeof value === 'object' && value !== null && !isTensor(value) && 'params' in value;

/** The tensors in an optimizer's first argument, and the groups that follow. */
export function firstGroup(params: unknown, op: string): { params: Address; groups: ParamGroup[] } {
  if (typeof params !== 'object' || params === null || !(Symbol.iterator in params))
    return refuse(op, 'params', 'a list of tensors or of groups', params);
  const list = [...(params as Iterable<unknown>)];
  if (!isGroup(list[0])) return { params: handlesOf(list, op), groups: [] };
  const groups = list.map((g, i) =>
    isGroup(g) ? g : refuse(op, `params[${i}]`, 'a group { params, … }', g),
  );
  return { params: handlesOf([...groups[0]!.params], op), groups };
}

const handlesOf = (list: readonly unknown[], op: string): Address =>
  putList(list.map((t, i) => tensorHandle(t, op, `params[${i}]`)));

/** A switch or a number of a generated optimizer's options, as a list. */
const toNumbers = (value: unknown, op: string, name: string): number[] => {
  const list = Array.isArray(value) ? value : [value];
  return list.map((v) =>
    typeof v === 'number' || typeof v === 'boolean' ? +v : refuse(op, name, 'a number', v),
  );
};

/** The base of SGD, Adam and the others. */
export abstract class Optimizer {
  /** @internal */ handle: Handle;
  readonly #names: Readonly<Record<string, string>>;

  /** @internal `names` maps our option names to those of C++. */
  constructor(handle: Handle, names: Readonly<Record<string, string>>, groups: readonly ParamGroup[]) {
    this.handle = handle;
    this.#names = names;
    collector.register(this, handle, this);
    groups.forEach((group, i) => {
      if (i > 0) this.addParamGroup(group);
      else this.#setOptions(group, 0);
    });
  }

  get #live(): Handle {
    if (!this.handle) throw new FluxionError(`${this.constructor.name}: the optimizer was disposed of`);
    return this.handle;
  }

  /** Updates every parameter that has a gradient. */
  step(): void {
    lib.optimizerStep(this.#live);
  }

  /** Drops all gradients. */
  zeroGrad(): void {
    lib.optimizerZeroGrad(this.#live);
  }

  /** The learning rate of the first group; setting it sets that of all groups. */
  get lr(): number {
    return this.getOption('lr') as number;
  }
  set lr(value: number) {
    this.setOption('lr', value);
  }

  /** An option of a group. */
  getOption(name: string, group = 0): OptionValue {
    const numbers = takeList(lib.optimizerOption(this.#live, this.#native(name), group));
    return numbers.length === 1 ? numbers[0]! : numbers;
  }

  /** Sets an option of one group, or of all. */
  setOption(name: string, value: OptionValue, group?: number): void {
    const text = this.#native(name);
    const groups = group === undefined ? [...Array(this.groupCount).keys()] : [group];
    const values = putList(toNumbers(value, this.constructor.name, name));
    for (const g of groups) lib.optimizerSetOption(this.#live, text, values, g);
  }

  #native(name: string): Address {
    const known = Object.keys(this.#names);
    if (Object.hasOwn(this.#names, name)) return putText(this.#names[name]!);
    throw new FluxionError(
      `${this.constructor.name}: unknown option '${name}'${suggestion(name, known) || `; the options are ${known.join(', ')}`}`,
    );
  }

  #setOptions({ params: _, ...own }: ParamGroup, group: number): void {
    for (const [name, value] of Object.entries(own))
      if (value !== undefined) this.setOption(name, value as OptionValue, group);
  }

  get groupCount(): number {
    return lib.optimizerGroupCount(this.#live);
  }

  /** Each group's parameters and options, as of now. */
  get paramGroups(): ({ params: Tensor[] } & Record<string, OptionValue | Tensor[]>)[] {
    return [...Array(this.groupCount).keys()].map((g) => ({
      params: wrapList(lib.optimizerGroup(this.#live, g), 'paramGroups'),
      ...Object.fromEntries(Object.keys(this.#names).map((name) => [name, this.getOption(name, g)])),
    }));
  }

  /** Adds parameters with options of their own; what is not given is as the optimizer was made. */
  addParamGroup(group: ParamGroup): void {
    if (!isGroup(group)) refuse('addParamGroup', 'the group', 'an object { params, … }', group);
    for (const name of Object.keys(group)) if (name !== 'params') this.#native(name);
    const index = lib.optimizerAddGroup(this.#live, handlesOf([...group.params], 'addParamGroup'));
    this.#setOptions(group, index);
  }

  /** State and options by name, under PyTorch's names; tensors share memory with the optimizer. */
  stateDict(): StateDict {
    const names = takePieces(lib.optimizerStateNames(this.#live));
    const tensors = wrapList(lib.optimizerState(this.#live), 'stateDict');
    return Object.fromEntries(names.map((name, i) => [name, tensors[i]!]));
  }

  /** Takes over what `stateDict()` gave. All of it is checked first. */
  loadStateDict(state: StateDict): void {
    if (typeof state !== 'object' || state === null)
      throw new FluxionError(`loadStateDict: the state must be an object of tensors, got ${describe(state)}`);
    const names = Object.keys(state);
    const handles = names.map((name) => tensorHandle(state[name], 'loadStateDict', `'${name}'`));
    lib.optimizerLoadState(this.#live, putText(names.join('\0')), putList(handles));
  }

  /** Gives the state's memory back now. */
  dispose(): void {
    if (!this.handle) return;
    collector.unregister(this);
    lib.releaseOptimizer(this.handle);
    this.handle = 0;
  }
  [Symbol.dispose](): void {
    this.dispose();
  }
}
