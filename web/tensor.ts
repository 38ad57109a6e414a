import { describe, integer, options, refuse } from './args.ts';
import { arrayOf, type DType, dtypeNumber, dtypes, type TypedArray } from './dtype.ts';
import { FluxionError, IndexError } from './errors.ts';
import { TensorMethods } from './generated/methods.ts';
import { fullLike, windows, zerosLike } from './generated/ops.ts';
import type { MaxOptions, MinOptions } from './generated/reduce.ts';
import { disposed, keep, type Named, setTensorClass, tensorHandle, tidy, wrap } from './handles.ts';
import { at, type Index, set } from './indexing.ts';
import { max, min } from './odd.ts';
import { type Handle, heapBytes, lib, putText, registerCallback, takeList, takeText } from './native.ts';

/** Values as nested arrays: a number (or boolean) for rank 0, an array for rank 1, and so on. */
export type NestedArray = number | boolean | NestedArray[];

/** What a gradient hook may return: another gradient to go on with, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a hook without a result is one that returns nothing
export type GradHook = (grad: Tensor) => Tensor | null | undefined | void;

export interface BackwardOptions {
  /** Keep the graph for another `backward()`; otherwise it is freed. */
  retainGraph?: boolean;
  /** Record the gradients' own computation, for gradients of gradients. Keeps the graph too. */
  createGraph?: boolean;
}

/** A registered hook; `remove()` takes it off again. */
export interface HookHandle {
  remove(): void;
}

/**
 * An n-dimensional array on the C++ side. Made by `tensor()`, `zeros()` and their kin and by every operation; each
 * operation is a method here and a function of the same name.
 *
 * Memory is given back by `tidy()`, by `using` or `dispose()`, and at last by the garbage collector.
 */
export class Tensor extends TensorMethods {
  // Nothing private here: it would cost every new tensor time.
  /** @internal */ knownDtype: DType | undefined;

  /** Sizes of the dimensions. */
  get shape(): readonly number[] {
    const handle = live(this, 'shape');
    return (this.lastShape ??= Object.freeze(takeList(lib.tensorShape(handle))));
  }

  /** Steps between neighbours in each dimension, in elements. */
  get strides(): readonly number[] {
    return takeList(lib.tensorStrides(live(this, 'strides')));
  }

  get dtype(): DType {
    const handle = live(this, 'dtype');
    return (this.knownDtype ??= dtypes[lib.tensorDtype(handle)]!);
  }

  /** Number of dimensions. */
  get ndim(): number {
    return this.shape.length;
  }

  /** Number of dimensions. */
  dim(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  numel(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }

  /** The shape, or the size of one dimension; negative ones count from the end. */
  size(): readonly number[];
  size(dim: number): number;
  size(dim?: number): readonly number[] | number {
    if (dim === undefined) return this.shape;
    const { shape, ndim } = this;
    const size = shape.at(integer(dim, 'size', 'dim'));
    if (size !== undefined && dim >= -ndim) return size;
    const range = ndim ? ` (expected ${-ndim} to ${ndim - 1})` : '';
    throw new IndexError(`size: dimension ${dim} is out of range for rank ${ndim}${range}`);
  }

  /** Whether the values lie in row-major order without gaps. */
  isContiguous(): boolean {
    let step = 1;
    const strides = this.strides;
    return (
      this.numel() === 0 ||
      this.shape.every((_, i) => {
        const d = this.ndim - 1 - i;
        const fits = this.shape[d] === 1 || strides[d] === step;
        step *= this.shape[d]!;
        return fits;
      })
    );
  }

  /** Whether both are the same tensor, and not merely equal. */
  is(other: Tensor): boolean {
    return lib.tensorId(live(this, 'is')) === lib.tensorId(tensorHandle(other, 'is', 'other'));
  }

  /** The value of a tensor of one element: a number, or true or false for a bool tensor (`item<boolean>()`). */
  item<T extends number | boolean = number>(): T {
    const value = lib.tensorItem(live(this, 'item'));
    return (this.dtype === 'bool' ? value !== 0 : value) as T;
  }

  /** The values as nested arrays; a plain value for rank 0. A copy. */
  toArray(): NestedArray {
    const flat = this.toTypedArray();
    const values: NestedArray[] =
      this.dtype === 'bool' ? Array.from(flat, (v) => v !== 0) : Array.from(flat as ArrayLike<number>);
    return nest(values, this.shape);
  }

  /** The values in row-major order. A copy. */
  toTypedArray(): TypedArray {
    const [address, count, dtype] = takeList(lib.tensorValues(live(this, 'toTypedArray'))) as [
      number,
      number,
      number,
    ];
    return new (arrayOf(dtype))(heapBytes(address + count * 8).buffer, address, count).slice();
  }

  /** The values in row-major order, as a Promise: the form that also a device elsewhere can serve. */
  read(): Promise<TypedArray> {
    return Promise.resolve().then(() => this.toTypedArray());
  }

  /** Whether gradients are wanted for this tensor. Set it on leaf tensors of a float type. */
  get requiresGrad(): boolean {
    return lib.tensorRequiresGrad(live(this, 'requiresGrad')) !== 0;
  }
  set requiresGrad(value: boolean) {
    if (typeof value !== 'boolean') refuse('requiresGrad', 'the value', 'true or false', value);
    lib.tensorSetRequiresGrad(live(this, 'requiresGrad'), +value);
  }

  /** Sets `requiresGrad` and gives the tensor back. */
  requiresGrad_(value = true): this {
    this.requiresGrad = value;
    return this;
  }

  /** The values as another dtype; the same tensor when it has it already. The gradient is converted back. */
  to(dtype: DType): Tensor {
    return wrap(lib.toDtype(live(this, 'to'), dtypeNumber(dtype, 'to')), 'to');
  }
  float(): Tensor {
    return this.to('float32');
  }
  double(): Tensor {
    return this.to('float64');
  }
  int(): Tensor {
    return this.to('int32');
  }
  bool(): Tensor {
    return this.to('bool');
  }

  /** The largest value of all; or, along a dimension, the largest values and where they stand. */
  override max(): Tensor;
  override max(dim: number, keepdim?: boolean | MaxOptions): Named<'values' | 'indices'>;
  override max(dim?: number, keepdim?: boolean | MaxOptions): Tensor & Named<'values' | 'indices'> {
    return (dim === undefined ? max(this) : max(this, dim, keepdim)) as Tensor & Named<'values' | 'indices'>;
  }

  /** The smallest value of all; or, along a dimension, the smallest values and where they stand. */
  override min(): Tensor;
  override min(dim: number, keepdim?: boolean | MinOptions): Named<'values' | 'indices'>;
  override min(dim?: number, keepdim?: boolean | MinOptions): Tensor & Named<'values' | 'indices'> {
    return (dim === undefined ? min(this) : min(this, dim, keepdim)) as Tensor & Named<'values' | 'indices'>;
  }

  /** The gradient that `backward()` gathered, or null. */
  get grad(): Tensor | null {
    const handle = lib.tensorGrad(live(this, 'grad'));
    return handle ? wrap(handle, 'grad') : null;
  }
  set grad(value: Tensor | null) {
    lib.tensorSetGrad(live(this, 'grad'), value === null ? 0 : tensorHandle(value, 'grad', 'the gradient'));
  }

  /** Whether the tensor was made by the user rather than computed from one that requires a gradient. */
  get isLeaf(): boolean {
    return lib.tensorIsLeaf(live(this, 'isLeaf')) !== 0;
  }

  /** The same values without gradient history; shares memory. */
  detach(): Tensor {
    return wrap(lib.detachTensor(live(this, 'detach')), 'detach');
  }

  /**
   * Adds d this / d leaf to the `.grad` of every leaf that requires it. A tensor that is not a scalar needs `gradient`,
   * of its shape. The graph is freed on the way, unless it is kept.
   *
   * @example
   * ```ts
   * const x = tensor([1, 2], { requiresGrad: true });
   * x.square().sum().backward();
   * x.grad?.toArray() // [2, 4]
   * ```
   */
  backward(gradient?: Tensor | BackwardOptions | null, o?: BackwardOptions): void {
    const given = gradient instanceof Tensor;
    const { retainGraph = false, createGraph = false } = options(
      'backward',
      o ?? (given ? undefined : gradient),
      'retainGraph createGraph',
    );
    const handle = given ? tensorHandle(gradient, 'backward', 'gradient') : 0;
    lib.tensorBackward(live(this, 'backward'), handle, +retainGraph, +createGraph);
  }

  /** Calls `hook` with this tensor's gradient once it is complete; what it returns takes the gradient's place. */
  registerHook(hook: GradHook): HookHandle {
    if (typeof hook !== 'function') refuse('registerHook', 'the hook', 'a function', hook);
    const id = lib.registerHook(
      live(this, 'registerHook'),
      registerCallback((handle) => {
        const grad = wrap(handle, 'grad');
        const result = hook(grad);
        if (result === null || result === undefined) return 0;
        if (!(result instanceof Tensor))
          throw new FluxionError(`hook: returned ${describe(result)}, not a Tensor`);
        return lib.aliasTensor(tensorHandle(result, 'hook', 'the result'));
      }),
    );
    return {
      remove: () => {
        if (this.handle) lib.removeHook(this.handle, id);
      },
    };
  }

  /** Keeps the gradient of a computed tensor in its `.grad` too. */
  retainGrad(): this {
    lib.tensorRetainGrad(live(this, 'retainGrad'));
    return this;
  }

  /** Copies values (of any dtype, broadcast) into this tensor; the gradient goes on to the source. */
  copy_(source: Tensor): this {
    lib.copyValues(live(this, 'copy_'), tensorHandle(source, 'copy_', 'source'));
    return this;
  }

  /**
   * Parts by position, as `x[…]` in numpy: integers, `null` for a new dimension, `'...'`, slices as text (`':'`,
   * `'1:5'`, `'::-1'`), index lists, and tensors of indices or of booleans.
   *
   * @example
   * ```ts
   * tensor([[1, 2, 3], [4, 5, 6]]).at(':', -1).toArray() // [3, 6]
   * ```
   */
  at(...indices: Index[]): Tensor {
    return at(this, indices);
  }

  /**
   * Assigns to parts by position, as `x[…] = value` in numpy: places as in `at()`, then the value, a number or a tensor
   * that broadcasts to them. In place: gradients go on to the value and to the other parts. Where an index list names a
   * place twice, the last value stays.
   *
   * @example
   * ```ts
   * tensor([1, 2, 3, 4]).set('1:3', 0).toArray() // [1, 0, 0, 4]
   * ```
   */
  set(...indicesAndValue: [...Index[], Tensor | number]): this {
    set(this, indicesAndValue.slice(0, -1) as Index[], indicesAndValue.at(-1) as Tensor | number);
    return this;
  }

  /** Writes a number into every place. */
  fill_(value: number): this {
    return inPlace(this, 'fill_', [], (x) => fullLike(x, value));
  }

  /** Writes zeros. */
  zero_(): this {
    return inPlace(this, 'zero_', [], zerosLike);
  }

  /**
   * Every window of `size` elements along a dimension, `step` apart, as a new last dimension; shares memory. (Windows
   * of images as columns are `F.unfold`.)
   *
   * @example
   * ```ts
   * tensor([1, 2, 3, 4]).unfold(0, 2, 2).toArray() // [[1, 2], [3, 4]]
   * ```
   */
  unfold(dim: number, size: number, step: number): Tensor {
    return windows(this, dim, size, step);
  }

  /** The same as `at()`. */
  index(...indices: Index[]): Tensor {
    return at(this, indices);
  }

  /** The parts along the first dimension. */
  *[Symbol.iterator](): IterableIterator<Tensor> {
    if (this.ndim === 0) throw new FluxionError('iterate: a tensor of rank 0 has no parts');
    for (let i = 0; i < this.shape[0]!; i++) yield this.select(0, i);
  }

  /** Survives the `tidy()` it was made in. */
  keep(): this {
    return keep(this);
  }

  /** As PyTorch prints it. */
  override toString(): string {
    if (this.handle === 0)
      return `tensor(disposed, shape=[${this.lastShape?.join(', ')}], made by ${this.madeBy})`;
    return takeText(lib.tensorText(this.handle));
  }

  /** Node's console.log shows the same as toString(). */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

// The handle of a tensor that was not disposed of.
const live = (t: Tensor, op: string): Handle => t.handle || gone(t, op);
function gone(t: Tensor, op: string): never {
  throw disposed(t, op);
}

// An op's result in the place of its first argument.
function inPlace<T extends Tensor>(
  t: T,
  op: string,
  args: readonly unknown[],
  run: (x: Tensor) => Tensor,
): T {
  const others = args.some((a) => a instanceof Tensor && a.requiresGrad);
  tidy(() => {
    const x = wrap(lib.inPlaceInput(live(t, op), putText(op), +others), op);
    const value = run(x).handle;
    lib.inPlaceResult(live(t, op), putText(op), value);
  });
  return t;
}

// Every operation has a form in place; those whose results keep the shape have a type too.
for (const name of Object.getOwnPropertyNames(TensorMethods.prototype).filter((n) => n !== 'constructor'))
  Object.defineProperty(Tensor.prototype, `${name}_`, {
    configurable: true,
    writable: true,
    value(this: Tensor, ...args: unknown[]) {
      return inPlace(this, `${name}_`, args, (x) =>
        (x as unknown as Record<string, (...args: unknown[]) => Tensor>)[name]!(...args),
      );
    },
  });

setTensorClass((handle, madeBy) => new Tensor(handle, madeBy));

function nest(flat: NestedArray[], shape: readonly number[]): NestedArray {
  if (shape.length === 0) return flat[0]!;
  let level = flat;
  for (let d = shape.length - 1; d > 0; d--) {
    const size = shape[d]!;
    const count = shape.slice(0, d).reduce((a, b) => a * b, 1);
    const next: NestedArray[] = new Array(count);
    for (let i = 0; i < count; i++) next[i] = level.slice(i * size, (i + 1) * size);
    level = next;
  }
  return level;
}
