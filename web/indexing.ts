import { describe, integer } from './args.ts';
import { FluxionError, IndexError } from './errors.ts';
import { add, indexSelect, lt, select, slice, unsqueeze, where } from './generated/ops.ts';
import { isTensor } from './handles.ts';
import { fromArray } from './create.ts';
import type { Tensor } from './tensor.ts';

/**
 * One place between the brackets of numpy's `x[…]`: an integer, `null` (a new dimension), `'...'`, a slice as text
 * (`'1:5:2'`), a list of integers, or a tensor of integers or booleans.
 */
export type Index = number | null | string | readonly number[] | Tensor;

const bound = (text: string | undefined): number | null => (text ? Number(text) : null);

function parseSlice(text: string): [number | null, number | null, number] {
  const parts = /^\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(-?\d*))?\s*$/.exec(text);
  if (!parts)
    throw new FluxionError(
      `at: '${text}' is no slice; write 'start:end:step', each of them optional, or '...'`,
    );
  return [bound(parts[1]), bound(parts[2]), bound(parts[3]) ?? 1];
}

/** The parts of x that the indices name, one place after the other. */
export function at(x: Tensor, indices: readonly Index[]): Tensor {
  const taken = indices.reduce<number>(
    (n, i) => n + (i === null || i === '...' ? 0 : isTensor(i) && i.dtype === 'bool' ? i.ndim : 1),
    0,
  );
  if (taken > x.ndim)
    throw new IndexError(
      `at: ${taken} indices for a tensor of rank ${x.ndim}, of shape [${x.shape.join(', ')}]`,
    );
  if (indices.filter((i) => i === '...').length > 1) throw new IndexError("at: '...' may stand only once");
  if (indices.filter((i) => isTensor(i) || Array.isArray(i)).length > 1)
    throw new IndexError('at: more than one index list; pick with one of them after the other');

  let out = x;
  let dim = 0;
  for (const index of indices) {
    if (index === null) {
      out = unsqueeze(out, dim++);
    } else if (index === '...') {
      dim += x.ndim - taken;
    } else if (typeof index === 'number') {
      out = select(out, dim, integer(index, 'at', 'an index'));
    } else if (typeof index === 'string') {
      const [start, end, step] = parseSlice(index);
      out = slice(out, dim++, start, end, step);
    } else if (isTensor(index) || Array.isArray(index)) {
      out = pick(out, dim, isTensor(index) ? index : fromArray(index, { dtype: 'int32' }));
      dim += isTensor(index) && index.dtype !== 'bool' ? index.ndim : 1;
    } else {
      throw new FluxionError(
        `at: an index must be a number, null, text, a list or a tensor, got ${describe(index)}`,
      );
    }
  }
  return out === x ? x.view(x.shape) : out;
}

function pick(x: Tensor, dim: number, index: Tensor): Tensor {
  if (index.dtype === 'bool') return pickWhere(x, dim, index);
  const size = x.shape[dim]!;
  const flat = where(lt(index, 0), add(index, size), index).reshape([-1]);
  const picked = indexSelect(x, dim, flat);
  if (index.ndim === 1) return picked;
  return picked.reshape([...x.shape.slice(0, dim), ...index.shape, ...x.shape.slice(dim + 1)]);
}

// The mask's dimensions become one, of as many parts as it has true values.
function pickWhere(x: Tensor, dim: number, mask: Tensor): Tensor {
  const covered = x.shape.slice(dim, dim + mask.ndim);
  if (covered.join() !== mask.shape.join())
    throw new IndexError(
      `at: a mask of shape [${mask.shape.join(', ')}] does not fit [${x.shape.join(', ')}] at dimension ${dim}`,
    );
  const positions: number[] = [];
  mask.toTypedArray().forEach((v, i) => {
    if (v) positions.push(i);
  });
  const flat = x.reshape([...x.shape.slice(0, dim), mask.numel(), ...x.shape.slice(dim + mask.ndim)]);
  return indexSelect(flat, dim, fromArray(positions, { dtype: 'int32' }));
}
