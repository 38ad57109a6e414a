import { cat, F, manualSeed, nn, noGrad, optim, randint, type Tensor, tensor, tidy } from 'fluxion';

export interface ReverseOptions {
  seed: number;
  length: number;
  width: number;
  rate: number;
  batch: number;
}

export interface ReverseEvent {
  step: number;
  loss: number;
  /** The share of unseen sequences that are wholly right, where it was measured. */
  exact?: number;
}

const DIGITS = 10;
const START = DIGITS; // what the decoder reads first
const CHECK_EVERY = 50;
const UNSEEN = 500;

/** Digits in, the same digits from last to first out. */
class Net extends nn.Module {
  embedding: nn.Embedding;
  places: nn.LearnedPositionalEmbedding;
  transformer: nn.Transformer;
  head: nn.Linear;

  constructor(length: number, width: number) {
    super();
    this.embedding = new nn.Embedding(DIGITS + 1, width);
    this.places = new nn.LearnedPositionalEmbedding(length, width);
    this.transformer = new nn.Transformer(width, 4, {
      numEncoderLayers: 1,
      numDecoderLayers: 1,
      dimFeedforward: 2 * width,
      dropout: 0,
      batchFirst: true,
    });
    this.head = new nn.Linear(width, DIGITS);
  }

  #embed(ids: Tensor): Tensor {
    return this.places.forward(this.embedding.forward(ids));
  }

  /** Logits of what follows each place of `written`, which starts with START. */
  override forward(source: Tensor, written?: Tensor): Tensor {
    const told = this.#embed(written ?? source.narrow(1, 0, 1).mul(0).add(START));
    return this.head.forward(this.transformer.translate(this.#embed(source), told, { tgtIsCausal: true }));
  }
}

/** An encoder and a decoder learn to turn sequences around. A quarter of all sequences is kept for the test. */
export class Reverser {
  readonly model: Net;
  readonly optimizer: optim.Adam;
  readonly #o: ReverseOptions;

  constructor(o: ReverseOptions) {
    manualSeed(o.seed);
    this.#o = o;
    this.model = new Net(o.length, o.width);
    this.optimizer = new optim.Adam(this.model.parameters(), { lr: o.rate });
  }

  /** Those kept for the test are the ones whose digits sum to a multiple of 4; the last digit is moved to fit. */
  #sequences(count: number, kept: boolean): Tensor {
    const { length } = this.#o;
    const digits = randint(0, DIGITS, [count, length]).toTypedArray() as Int32Array;
    for (let end = length - 1; end < digits.length; end += length) {
      const others = digits.subarray(end - length + 1, end).reduce((a, b) => a + b, 0);
      while (((others + digits[end]!) % 4 === 0) !== kept) digits[end] = (digits[end]! + 1) % DIGITS;
    }
    return tensor(digits, { shape: [count, length] });
  }

  *train(): Generator<ReverseEvent> {
    const { batch, length } = this.#o;
    for (let step = 1; ; step++) {
      const loss = tidy(() => {
        const source = this.#sequences(batch, false);
        const wanted = source.flip(1);
        const written = F.pad(wanted.narrow(1, 0, length - 1), [1, 0], { value: START });
        const value = F.crossEntropy(
          this.model.forward(source, written).reshape(-1, DIGITS),
          wanted.reshape(-1),
        );
        this.optimizer.zeroGrad();
        value.backward();
        this.optimizer.step();
        return value.item() as number;
      });
      if (step % CHECK_EVERY !== 0) yield { step, loss };
      else yield { step, loss, exact: this.check() };
    }
  }

  /** Turns sequences [N, length] around, digit by digit, each time with what is written so far. */
  reverse(source: Tensor): Tensor {
    return tidy(() =>
      noGrad(() => {
        let written = source.narrow(1, 0, 1).mul(0).add(START);
        for (let i = 0; i < this.#o.length; i++) {
          const next = this.model.forward(source, written).select(1, -1).argmax(1, { keepdim: true });
          written = cat([written, next], 1);
        }
        return written.narrow(1, 1, this.#o.length);
      }),
    );
  }

  check(): number {
    return tidy(() => {
      const source = this.#sequences(UNSEEN, true);
      const wrong = this.reverse(source).ne(source.flip(1)).any(1);
      return 1 - (wrong.to('float32').mean().item() as number);
    });
  }

  dispose() {
    this.optimizer.dispose();
    this.model.dispose();
  }
}
