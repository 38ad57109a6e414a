// Batches, splits, and small made-up problems. Each problem gives [x, y].
import { flag, handleList, integer, number, options, refuse, seedNumbers } from './args.ts';
import { ShapeError } from './errors.ts';
import { tensorHandle, wrapList } from './handles.ts';
import { type Address, type Handle, lib, putList } from './native.ts';
import type { Tensor } from './tensor.ts';

/** Inputs and targets. */
export type Examples = [x: Tensor, y: Tensor];

const examples = (list: Address, op: string): Examples => wrapList(list, op) as Examples;

/** x [4, 2] of 0 and 1, y [4, 1]: 1 where exactly one input is 1. */
export const xor = (): Examples => examples(lib.dataXor(), 'xor');

/** Every row of `bits` bits; y is 1 where an odd number of them is 1. */
export const parity = (bits: number): Examples =>
  examples(lib.dataParity(integer(bits, 'parity', 'bits')), 'parity');

/** Two circles around the origin: x float32 [n, 2], y int32 [n]. */
export function circles(n: number, o: { noise?: number; factor?: number; seed?: number } = {}): Examples {
  const { noise = 0.05, factor = 0.5, seed } = options('circles', o, 'noise factor seed');
  const numbers = [number(noise, 'circles', 'noise'), number(factor, 'circles', 'factor')] as const;
  return examples(
    lib.dataCircles(integer(n, 'circles', 'n'), ...numbers, ...seedNumbers(seed, 'circles')),
    'circles',
  );
}

/** Two interleaved half circles: x float32 [n, 2], y int32 [n]. */
export function moons(n: number, o: { noise?: number; seed?: number } = {}): Examples {
  const { noise = 0.1, seed } = options('moons', o, 'noise seed');
  const handle = lib.dataMoons(
    integer(n, 'moons', 'n'),
    number(noise, 'moons', 'noise'),
    ...seedNumbers(seed, 'moons'),
  );
  return examples(handle, 'moons');
}

/** Arms that wind around the origin, one for each class: x float32 [n, 2], y int32 [n]. */
export function spirals(
  n: number,
  o: { classes?: number; turns?: number; noise?: number; seed?: number } = {},
): Examples {
  const { classes = 2, turns = 1, noise = 0.02, seed } = options('spirals', o, 'classes turns noise seed');
  const numbers = [
    integer(n, 'spirals', 'n'),
    integer(classes, 'spirals', 'classes'),
    number(turns, 'spirals', 'turns'),
    number(noise, 'spirals', 'noise'),
  ] as const;
  return examples(lib.dataSpirals(...numbers, ...seedNumbers(seed, 'spirals')), 'spirals');
}

/**
 * What a decoder needs to learn sorting: random letters, a separator, the same letters sorted. x is that sequence
 * without its end, y the same one step ahead with −100 (left out of the loss) up to the separator; int32 [n, 2·length].
 */
export function sorting(n: number, o: { length?: number; letters?: number; seed?: number } = {}): Examples {
  const { length = 8, letters = 8, seed } = options('sorting', o, 'length letters seed');
  const numbers = [
    integer(n, 'sorting', 'n'),
    integer(length, 'sorting', 'length'),
    integer(letters, 'sorting', 'letters'),
  ] as const;
  return examples(lib.dataSorting(...numbers, ...seedNumbers(seed, 'sorting')), 'sorting');
}

/** Windows of `length` on a sequence of ids, and the same one step ahead. Views: nothing is copied. */
export function textWindows(ids: Tensor, length: number, o: { stride?: number } = {}): Examples {
  const { stride = 1 } = options('textWindows', o, 'stride');
  const handle = tensorHandle(ids, 'textWindows', 'ids');
  const numbers = [
    integer(length, 'textWindows', 'length'),
    integer(stride, 'textWindows', 'stride'),
  ] as const;
  return examples(lib.dataTextWindows(handle, ...numbers), 'textWindows');
}

/**
 * Tensors that count the same examples along their first dimension, as one dataset. A list of tensors does wherever one is
 * taken; a dataset is checked once and says how many examples it has. Sizes that differ are a ShapeError.
 *
 * @see https://pytorch.org/docs/stable/data.html#torch.utils.data.TensorDataset
 * @example
 * ```ts
 * const set = new data.TensorDataset(arange(0, 3), ones([3, 2]));
 * [set.length, ...set.get(1).map((t) => t.toArray())] // [3, 1, [1, 1]]
 * ```
 */
export class TensorDataset {
  readonly tensors: readonly Tensor[];

  constructor(...tensors: Tensor[]) {
    for (const [i, t] of tensors.entries()) tensorHandle(t, 'TensorDataset', `tensors[${i}]`);
    const sizes = tensors.map((t) => t.shape[0]);
    if (sizes.length === 0 || sizes.some((n) => n === undefined || n !== sizes[0]))
      throw new ShapeError(
        `TensorDataset: needs tensors with one first size, these are ${tensors.map((t) => `[${t.shape.join(', ')}]`).join(' and ') || 'none'}`,
      );
    this.tensors = tensors.map((t) => t.keep());
  }

  /** How many examples there are. */
  get length(): number {
    return this.tensors[0]?.shape[0] ?? 0;
  }

  /** An example: a view of each tensor. Negative places count from the end. */
  get(index: number): Tensor[] {
    return this.tensors.map((t) => t.select(0, index));
  }
}

/** Tensors that count the same examples. */
export type Dataset = TensorDataset | readonly Tensor[];
const tensorsOf = (set: Dataset): readonly Tensor[] => (set instanceof TensorDataset ? set.tensors : set);

/**
 * Disjoint parts of tensors that count the same examples, chosen at random, of these shares of their number.
 *
 * @example
 * ```ts
 * data.randomSplit([arange(0, 10)], [0.8, 0.2]).map(([x]) => x?.shape) // [[8], [2]]
 * ```
 */
export function randomSplit(
  dataset: Dataset,
  shares: readonly number[],
  o: { seed?: number } = {},
): Tensor[][] {
  const { seed } = options('randomSplit', o, 'seed');
  if (!Array.isArray(shares)) refuse('randomSplit', 'shares', 'a list of numbers', shares);
  const list = putList(shares.map((s, i) => number(s, 'randomSplit', `shares[${i}]`)));
  const tensors = tensorsOf(dataset);
  const from = handleList(tensors, 'randomSplit', 'dataset');
  const parts = wrapList(lib.dataSplit(from, 0, list, ...seedNumbers(seed, 'randomSplit')), 'randomSplit');
  return shares.map((_, i) => parts.slice(i * tensors.length, (i + 1) * tensors.length));
}

export interface LoaderOptions {
  /** 1 by default. */
  batchSize?: number;
  /** A new order in each epoch. */
  shuffle?: boolean;
  /** Leaves out a last batch that is smaller. */
  dropLast?: boolean;
  seed?: number;
}

const loaders = new FinalizationRegistry<Handle>((handle) => lib.releaseLoader(handle));

/**
 * Batches of tensors that count the same examples; each walk over it is an epoch.
 *
 * @example
 * ```ts
 * const loader = new data.DataLoader([arange(0, 5)], { batchSize: 2 });
 * [...loader].map(([x]) => x?.shape) // [[2], [2], [1]]
 * ```
 */
export class DataLoader {
  readonly #handle: Handle;

  constructor(dataset: Dataset, o?: LoaderOptions) {
    const known = options('DataLoader', o, 'batchSize shuffle dropLast seed');
    const { batchSize = 1, shuffle = false, dropLast = false, seed } = known;
    this.#handle = lib.newLoader(
      handleList(tensorsOf(dataset), 'DataLoader', 'dataset'),
      integer(batchSize, 'DataLoader', 'batchSize'),
      flag(shuffle, 'DataLoader', 'shuffle'),
      flag(dropLast, 'DataLoader', 'dropLast'),
      ...seedNumbers(seed, 'DataLoader'),
    );
    loaders.register(this, this.#handle);
  }

  /** Batches in an epoch. */
  get length(): number {
    return lib.loaderBatches(this.#handle);
  }

  /** One epoch, in a new order where it is shuffled. */
  *[Symbol.iterator](): IterableIterator<Tensor[]> {
    lib.loaderStart(this.#handle);
    for (let i = 0; i < this.length; i++) yield wrapList(lib.loaderBatch(this.#handle, i), 'batch');
  }
}
