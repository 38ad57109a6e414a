/** What the figures of this lesson draw, read off a network in training. */
import { noGrad, type Tensor, tensor, tidy } from 'fluxion';
import { firstNotFinite } from '../shared/diagnose.ts';
import { Xor, type XorEvent, type XorOptions } from './train.ts';

export interface PlanePicture {
  side: number;
  field: Float32Array;
}

export interface XorPicture extends PlanePicture {
  /** Weights as [unit][input] and biases, layer by layer. */
  weights: number[][][];
  biases: number[][];
  outputs: number[];
  /** For two hidden units: where they put the four points, and the answers over their own plane. */
  hidden?: PlanePicture & { points: number[][] };
}

export interface GalleryPicture {
  side: number;
  fields: Float32Array[];
  outputs: number[][];
}

/** Points in the middles of a grid's cells, the top row first, with a margin of one cell around the square. */
function grid(side: number, low: number, high: number): Tensor {
  const at = (i: number) => low + ((i - 0.5) / side) * (high - low);
  const whole = side + 2;
  const points = new Float32Array(2 * whole * whole);
  for (let row = 0; row < whole; row++) {
    for (let column = 0; column < whole; column++) {
      points.set([at(column), at(whole - 1 - row)], 2 * (row * whole + column));
    }
  }
  return tensor(points, { shape: [whole * whole, 2] });
}

const SIDE = 41;
const SMALL = 21;
export const LOW = -0.25;
export const HIGH = 1.25;
export const HIDDEN_SPAN = 1.25;

export class XorFigure extends Xor {
  readonly #options: XorOptions;
  readonly #grid = grid(SIDE, LOW, HIGH);
  readonly #hiddenGrid = grid(SIDE, -HIDDEN_SPAN, HIDDEN_SPAN);

  constructor(options: XorOptions) {
    super(options);
    this.#options = options;
  }

  picture(): XorPicture {
    const layers = this.last ? [this.first, this.last] : [this.first];
    return {
      side: SIDE,
      field: this.answer(this.#grid),
      weights: layers.map((l) => l.weight.toArray() as number[][]),
      biases: layers.map((l) => l.bias!.toArray() as number[]),
      outputs: [...this.answer(this.x)],
      hidden: this.#hiddenPicture(),
    };
  }

  #hiddenPicture(): XorPicture['hidden'] {
    const { last, first } = this;
    if (!last || this.#options.hidden !== 2 || this.#options.activation !== 'tanh') return undefined;
    return tidy(() =>
      noGrad(() => ({
        side: SIDE,
        field: last.forward(this.#hiddenGrid).sigmoid().toTypedArray() as Float32Array,
        points: first.forward(this.x).tanh().toArray() as number[][],
      })),
    );
  }

  diagnose(): string {
    return firstNotFinite(() => this.model.forward(this.x));
  }

  override dispose() {
    this.#grid.dispose();
    this.#hiddenGrid.dispose();
    super.dispose();
  }
}

export interface GalleryEvent {
  step: number;
  loss: number;
  /** How many of the networks have all four points right. */
  solved: number;
  done?: boolean;
}

const ROUNDS = 1500;

/** Twenty networks that differ in nothing but their seeds, trained side by side. */
export class XorGallery {
  readonly nets: Xor[];
  readonly #grid = grid(SMALL, LOW, HIGH);
  #latest: (XorEvent | undefined)[] = [];

  constructor(options: XorOptions, count = 20) {
    this.nets = Array.from({ length: count }, (_, i) => new Xor({ ...options, seed: options.seed + i }));
  }

  *train(): Generator<GalleryEvent> {
    const runs = this.nets.map((net) => net.train());
    for (let step = 1; ; step++) {
      this.#latest = runs.map((run) => run.next().value as XorEvent);
      const loss = this.#latest.reduce((sum, e) => sum + e!.loss, 0) / runs.length;
      const solved = this.#latest.filter((e) => e!.right === 4).length;
      yield { step, loss, solved, done: step === ROUNDS };
    }
  }

  picture(): GalleryPicture {
    return {
      side: SMALL,
      fields: this.nets.map((net) => net.answer(this.#grid)),
      outputs: this.nets.map((net, i) => this.#latest[i]?.outputs ?? [...net.answer(net.x)]),
    };
  }

  dispose() {
    this.#grid.dispose();
    for (const net of this.nets) net.dispose();
  }
}
