import { F, manualSeed, nn, noGrad, optim, randperm, type Tensor, tensor, tidy } from 'fluxion';
import type { DigitData } from './data.ts';

export interface DigitsOptions {
  seed: number;
  model: 'mlp' | 'cnn';
  rate: number;
}

/** What the held-out digits say of the network. */
export interface Check {
  accuracy: number;
  /** confusion[actual][said] */
  confusion: number[][];
  /** The digits it got wrong: which held-out one, and what it was taken for. */
  mistakes: { index: number; actual: number; said: number }[];
}

export interface DigitsEvent {
  step: number;
  epoch: number;
  loss?: number;
  check?: Check;
  done?: boolean;
}

const BATCH = 32;
const CHUNK = 200;
const CHECK_EVERY = 50;
export const rates = { mlp: 0.002, cnn: 0.003 };
export const epochs = { mlp: 8, cnn: 8 };

/** Every pixel to every unit, and no notion of what is next to what: 101,770 weights. */
export const mlp = () =>
  new nn.Sequential(new nn.Flatten(), new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));

/** Small windows slid over the picture, twice; then one linear layer: 9,098 weights. */
export const cnn = () =>
  new nn.Sequential(
    new nn.Conv2d(1, 8, 3, { padding: 'same' }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Conv2d(8, 16, 3, { padding: 'same' }),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(784, 10),
  );

const models = { mlp, cnn };

export class Digits {
  readonly options: DigitsOptions;
  readonly data: DigitData;
  readonly model: nn.Sequential;
  readonly optimizer: optim.Adam;
  readonly #images: Tensor;
  readonly #labels: Tensor;

  constructor(options: DigitsOptions, data: DigitData) {
    this.options = options;
    this.data = data;
    manualSeed(options.seed);
    this.model = models[options.model]();
    this.optimizer = new optim.Adam(this.model.parameters(), { lr: options.rate });
    this.#images = this.#pictures(data.train.pixels);
    this.#labels = tensor(Int32Array.from(data.train.labels));
  }

  /** Grey levels 0 to 255 as a stack of one-channel pictures from 0 to 1. */
  #pictures(pixels: Uint8Array): Tensor {
    const { rows, columns } = this.data;
    return tensor(
      Float32Array.from(pixels, (v) => v / 255),
      { shape: [pixels.length / (rows * columns), 1, rows, columns] },
    );
  }

  /** Trains for ever: shuffled batches, and every so often a look at digits it never trains on. */
  *train(): Generator<DigitsEvent> {
    const count = this.data.train.labels.length;
    let step = 0;
    yield* this.check(step, 0);
    for (let epoch = 1; ; epoch++) {
      const order = randperm(count);
      for (let at = 0; at + BATCH <= count; at += BATCH) {
        const rows = order.narrow(0, at, BATCH);
        yield { step: ++step, epoch, loss: this.update(rows) };
        rows.dispose();
        if (step % CHECK_EVERY === 0) yield* this.check(step, epoch);
      }
      order.dispose();
      if (epoch % epochs[this.options.model] === 0) yield { step, epoch, done: true };
    }
  }

  loss(rows: Tensor): Tensor {
    const images = this.#images.indexSelect(0, rows);
    return F.crossEntropy(this.model.forward(images), this.#labels.indexSelect(0, rows));
  }

  update(rows: Tensor): number {
    return tidy(() => {
      const loss = this.loss(rows);
      this.optimizer.zeroGrad();
      loss.backward();
      this.optimizer.step();
      return loss.item() as number;
    });
  }

  /** Reads the held-out digits, a few at a time so that nobody waits; the last event carries the result. */
  *check(step: number, epoch: number): Generator<DigitsEvent> {
    const { labels, pixels } = this.data.test;
    const size = this.data.rows * this.data.columns;
    const confusion = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
    const mistakes: Check['mistakes'] = [];
    for (let at = 0; at < labels.length; at += CHUNK) {
      const said = tidy(() => {
        const images = this.#pictures(pixels.subarray(at * size, (at + CHUNK) * size));
        return noGrad(() => this.model.forward(images).argmax(1).toTypedArray());
      });
      said.forEach((guess, i) => {
        const actual = labels[at + i]!;
        confusion[actual]![guess as number]!++;
        if (guess !== actual) mistakes.push({ index: at + i, actual, said: guess as number });
      });
      yield { step, epoch };
    }
    yield { step, epoch, check: { accuracy: 1 - mistakes.length / labels.length, confusion, mistakes } };
  }

  /** How likely each of the ten digits is for one picture of 784 values from 0 to 1. */
  classify(pixels: Float32Array): number[] {
    return tidy(() => {
      const image = tensor(pixels, { shape: [1, 1, this.data.rows, this.data.columns] });
      return [...noGrad(() => this.model.forward(image).softmax(1).toTypedArray())] as number[];
    });
  }

  dispose() {
    for (const owned of [this.optimizer, this.model, this.#images, this.#labels]) owned.dispose();
  }
}
