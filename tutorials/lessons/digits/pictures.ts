/** What the figures of this lesson draw, read off a network in training. */
import { arange, F, noGrad, type Tensor, tensor, tidy } from 'fluxion';
import { type ProfileRow, profile } from 'fluxion/training';
import { firstNotFinite } from '../shared/diagnose.ts';
import { Digits } from './train.ts';

export interface Pictures {
  values: Float32Array;
  count: number;
  rows: number;
  columns: number;
}

/** What the steps that were profiled took together. */
export interface Cost {
  steps: number;
  /** In ms. */
  time: number;
  rows: Omit<ProfileRow, 'totalTime' | 'share'>[];
}

const SHOWN_UNITS = 24;
const PROFILE_EVERY = 10;

export class DigitsFigure extends Digits {
  readonly #calls = new Map<string, Cost['rows'][number]>();
  #updates = 0;
  #profiled = 0;
  #time = 0;

  /** Every tenth step is taken under the profiler. It trains like any other. */
  override update(rows: Tensor): number {
    if (++this.#updates % PROFILE_EVERY !== 0) return super.update(rows);
    const { result, time, rows: added } = profile(() => super.update(rows));
    this.#profiled++;
    this.#time += time;
    for (const { op, kernel, calls, selfTime, flop, bytes } of added) {
      const name = `${op} ${kernel}`;
      const sum = this.#calls.get(name) ?? { op, kernel, calls: 0, selfTime: 0, flop: 0, bytes: 0 };
      sum.calls += calls;
      sum.selfTime += selfTime;
      sum.flop += flop;
      sum.bytes += bytes;
      this.#calls.set(name, sum);
    }
    return result;
  }

  cost(): Cost {
    const rows = [...this.#calls.values()].toSorted((a, b) => b.selfTime - a.selfTime);
    return { steps: this.#profiled, time: this.#time, rows };
  }

  /** The first layer's weights: 3 × 3 windows, or for the MLP one weight for every pixel. */
  picture(): Pictures {
    const weight = this.model.parameters()[0]!;
    const values = weight.toTypedArray() as Float32Array;
    if (this.options.model === 'cnn') return { values, count: weight.shape[0]!, rows: 3, columns: 3 };
    const { rows, columns } = this.data;
    return { values: values.slice(0, SHOWN_UNITS * rows * columns), count: SHOWN_UNITS, rows, columns };
  }

  /** What the first windows find in one picture: one map each; nothing for the MLP, which has no windows. */
  maps(pixels: Float32Array): Pictures | undefined {
    if (this.options.model !== 'cnn') return undefined;
    const { rows, columns } = this.data;
    const [weight, bias] = this.model.parameters();
    const values = tidy(() => {
      const image = tensor(pixels, { shape: [1, 1, rows, columns] });
      return noGrad(() => F.conv2d(image, weight!, bias!, { padding: 'same' }).relu().toTypedArray());
    });
    return { values: values as Float32Array, count: weight!.shape[0]!, rows, columns };
  }

  diagnose(): string {
    return firstNotFinite(() => this.loss(arange(0, 32)));
  }

  /** Held-out digits by number. */
  heldOut(indices: number[]): Pictures {
    const { rows, columns, test } = this.data;
    const size = rows * columns;
    const values = new Float32Array(indices.length * size);
    indices.forEach((index, k) => {
      for (let i = 0; i < size; i++) values[k * size + i] = test.pixels[index * size + i]! / 255;
    });
    return { values, count: indices.length, rows, columns };
  }
}
