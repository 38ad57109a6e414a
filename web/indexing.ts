import { describe, integer } from './args.ts';
import { fromArray } from './create.ts';
import { FluxionError, IndexError, ShapeError } from './errors.ts';
import { indexSelect, movedim, scatter, select, slice, unsqueeze } from './generated/ops.ts';
import { isTensor, tidy } from './handles.ts';
import type { Tensor } from './tensor.ts';

/**
 * One place between the brackets of numpy's `x[…]`: an integer, `null` (a new dimension), `'...'`, a slice as text
 * (`'1:5:2'`), a list of integers, or a tensor of integers or booleans.
 */
export type Index = number | null | string | readonly number[] | Tensor;

const bound = (text: string | undefined): number | null => (text ? Number(text) : null);

function parseSlice(slice: string, op: string): [number | null, number | null, number] {
  const parts = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(-?\d*))?\s*$/.exec(slice);
  if (!parts)
    throw new FluxionError(
      `${op}: '${slice}' is no slice; write 'start:end:step', each of them optional, or '...'`,
    );
  return [bound(parts[1]), bound(parts[2]), bound(parts[3]) ?? 1];
}

/** An index list or tensor, and the dimension whose places it names. */
interface Places {
  dim: number;
  at: Tensor;
}

/** What the indices name: a view, and in it the places of some dimensions, the same for all of them. */
interface Parts {
  view: Tensor;
  places: Places[];
}

const text = (shape: readonly number[]): string => `[${shape.join(', ')}]`;
const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

function parts(x: Tensor, indices: readonly Index[], op: string): Parts {
  const taken = indices.reduce<number>(
    (n, i) => n + (i === null || i === '...' ? 0 : isTensor(i) && i.dtype === 'bool' ? i.ndim : 1),
    0,
  );
  if (taken > x.ndim)
    throw new IndexError(`${op}: ${taken} indices for a tensor of rank ${x.ndim}, of shape ${text(x.shape)}`);
  if (indices.filter((i) => i === '...').length > 1) throw new IndexError(`${op}: '...' may stand only once`);

  let view = x;
  let dim = 0;
  const places: Places[] = [];
  for (const index of indices) {
    if (index === null) {
      view = unsqueeze(view, dim++);
    } else if (index === '...') {
      dim += x.ndim - taken;
    } else if (typeof index === 'number') {
      view = select(view, dim, integer(index, op, 'an index'));
    } else if (typeof index === 'string') {
      const [start, end, step] = parseSlice(index, op);
      view = slice(view, dim++, start, end, step);
    } else if (isTensor(index) && index.dtype === 'bool') {
      const covered = view.shape.slice(dim, dim + index.ndim);
      if (covered.join() !== index.shape.join())
        throw new IndexError(
          `${op}: a mask of shape ${text(index.shape)} does not fit ${text(view.shape)} at dimension ${dim}`,
        );
      for (const at of index.nonzero().unbind(1)) places.push({ dim: dim++, at });
    } else if (isTensor(index) || Array.isArray(index)) {
      const at = isTensor(index) ? index : fromArray(index, { dtype: 'int32' });
      if (!/int/.test(at.dtype))
        throw new IndexError(`${op}: an index tensor holds integers or booleans, this one is ${at.dtype}`);
      places.push({ dim: dim++, at });
    } else {
      throw new FluxionError(
        `${op}: an index must be a number, null, text, a list or a tensor, got ${describe(index)}`,
      );
    }
  }
  return { view, places };
}

/** The view with the indexed dimensions as one, the places in that one, and the shape that they make. */
function flattened(
  { view, places }: Parts,
  op: string,
): { flat: Tensor; dim: number; index: Tensor; shape: number[]; back: (t: Tensor) => Tensor } {
  const dims = places.map((p) => p.dim);
  // Lists side by side stand where they are; others come first, as in numpy.
  const together = dims.every((d, i) => i === 0 || d === dims[i - 1]! + 1);
  const dim = together ? dims[0]! : 0;
  const moved = together ? view : movedim(view, dims, [...dims.keys()]);
  const sizes = moved.shape.slice(dim, dim + dims.length);
  let shape: readonly number[];
  try {
    shape = places.map((p) => p.at).reduce((a, b) => a.add(b)).shape;
  } catch {
    const shapes = places.map((p) => text(p.at.shape)).join(' and ');
    throw new IndexError(`${op}: index lists of shapes ${shapes} do not broadcast`);
  }
  const index = new Int32Array(product(shape));
  places.forEach((place, k) => {
    const size = sizes[k]!;
    place.at
      .expand(shape)
      .toTypedArray()
      .forEach((at: number, i: number) => {
        if (at < -size || at >= size)
          throw new IndexError(
            `${op}: index ${at} is out of range for dimension ${place.dim} of ${text(view.shape)}`,
          );
        index[i] = index[i]! * size + (at < 0 ? at + size : at);
      });
  });
  const rest = moved.shape.slice(dim + dims.length);
  const before = moved.shape.slice(0, dim);
  return {
    flat: moved.reshape([...before, product(sizes), ...rest]),
    dim,
    index: fromArray(index),
    shape: [...before, ...shape, ...rest],
    back: (t) => {
      const whole = t.reshape(moved.shape);
      return together ? whole : movedim(whole, [...dims.keys()], dims);
    },
  };
}

/** The parts of x that the indices name, one place after the other. */
export function at(x: Tensor, indices: readonly Index[]): Tensor {
  return tidy(() => {
    const named = parts(x, indices, 'at');
    if (named.places.length === 0) return named.view === x ? x.view(x.shape) : named.view;
    const { flat, dim, index, shape } = flattened(named, 'at');
    return indexSelect(flat, dim, index).reshape(shape);
  });
}

/** Writes a value, broadcast, into the parts that the indices name. */
export function set(x: Tensor, indices: readonly Index[], value: Tensor | number): void {
  if (!isTensor(value) && typeof value !== 'number')
    throw new FluxionError(`set: the value must be a Tensor or a number, got ${describe(value)}`);
  tidy(() => {
    const from = isTensor(value) ? value : fromArray(value, { dtype: x.dtype });
    const named = parts(x, indices, 'set');
    const { view } = named;
    if (named.places.length === 0) {
      fits(from, view.shape);
      (view === x ? x : view).copy_(from);
      return;
    }
    const { flat, dim, index, shape, back } = flattened(named, 'set');
    fits(from, shape);
    const count = index.numel();
    const wanted = [...flat.shape];
    wanted[dim] = count;
    const where = index.reshape(wanted.map((_, d) => (d === dim ? count : 1))).expand(wanted);
    view.copy_(back(scatter(flat, dim, where, from.to(x.dtype).expand(shape).reshape(wanted))));
  });
}

function fits(value: Tensor, shape: readonly number[]): void {
  const shift = shape.length - value.ndim;
  if (shift < 0 || value.shape.some((s, d) => s !== 1 && s !== shape[d + shift]))
    throw new ShapeError(
      `set: a value of shape ${text(value.shape)} does not fit the parts, of shape ${text(shape)}`,
    );
}
