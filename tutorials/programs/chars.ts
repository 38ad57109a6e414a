import { arange, F, manualSeed, nn, optim, randint, text, tidy } from 'fluxion';
import { charLSTM } from 'fluxion/models';

export interface CharsOptions {
  seed: number;
  book: string;
  hidden: number;
  layers: number;
  context: number;
  batch: number;
  rate: number;
}

/** An LSTM learns a text character by character. */
export class CharWriter {
  readonly tokenizer: text.CharTokenizer;
  readonly model: nn.CharRNN;
  readonly optimizer: optim.Adam;
  readonly #o: CharsOptions;

  constructor(o: CharsOptions) {
    manualSeed(o.seed);
    this.#o = o;
    this.tokenizer = new text.CharTokenizer(o.book);
    this.model = charLSTM(this.tokenizer.vocabSize, { hiddenSize: o.hidden, numLayers: o.layers });
    this.optimizer = new optim.Adam(this.model.parameters(), { lr: o.rate });
  }

  *train(): Generator<{ step: number; loss: number }> {
    const { book, batch, context } = this.#o;
    const ids = this.tokenizer.encode(book);
    try {
      for (let step = 1; ; step++) {
        const loss = tidy(() => {
          const starts = randint(0, ids.shape[0]! - context, [batch, 1]);
          const windows = ids.take(starts.add(arange(context + 1)));
          const logits = this.model.forward(windows.narrow(1, 0, context));
          const value = F.crossEntropy(
            logits.reshape(-1, this.tokenizer.vocabSize),
            windows.narrow(1, 1, context).reshape(-1),
          );
          this.optimizer.zeroGrad();
          value.backward();
          nn.utils.clipGradNorm(this.model.parameters(), 1);
          this.optimizer.step();
          return value.item() as number;
        });
        yield { step, loss };
      }
    } finally {
      ids.dispose();
    }
  }

  /** Goes on from a text. The network keeps its state, so each character costs the same. */
  write(prompt: string, characters: number, temperature = 0.7): string {
    return tidy(() => {
      const ids = text.generate(this.model, this.tokenizer.encode(prompt), characters, {
        temperature,
        seed: this.#o.seed,
      });
      return this.tokenizer.decode(ids);
    });
  }

  dispose() {
    this.optimizer.dispose();
    this.model.dispose();
  }
}
