/** What the figures of this lesson draw, read off a network in training. */
import { arange, F, noGrad, tensor, tidy } from 'fluxion';
import { firstNotFinite } from '../shared/diagnose.ts';
import { Digits } from './train.ts';

export interface Pictures {
  values: Float32Array;
  count: number;
  rows: number;
  columns: number;
}

const SHOWN_UNITS = 24;

export class DigitsFigure extends Digits {
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
