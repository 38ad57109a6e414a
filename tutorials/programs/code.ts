import { arange, F, manualSeed, nn, noGrad, optim, randint, type Tensor, text, tidy } from 'fluxion';

export interface CodeOptions {
  seed: number;
  /** What is learnt from, and what is only measured on. */
  train: string;
  valid: string;
  vocabSize: number;
  layers: number;
  heads: number;
  width: number;
  context: number;
  batch: number;
  rate: number;
  steps: number;
}

export interface CodeEvent {
  step: number;
  loss: number;
  /** On the text held out: nats per token, and bits per byte, which texts cut otherwise have in common. */
  valid?: { loss: number; bitsPerByte: number };
}

const CHECKS = 10; // in a run
const CHECK_WINDOWS = 64;
const WARM_UP = 0.1; // of the steps

/** Learns to write source code: byte-pair encoding first, then a GPT over its tokens, with warm-up and cosine decay. */
export class CodeWriter {
  readonly tokenizer: text.BPETokenizer;
  readonly model: nn.GPT;
  readonly optimizer: optim.AdamW;
  readonly #schedule: optim.lrScheduler.OneCycleLR;
  readonly #o: CodeOptions;
  readonly #train: Tensor;
  readonly #valid: Tensor;
  readonly #validBytes: number;

  constructor(o: CodeOptions) {
    manualSeed(o.seed);
    this.#o = o;
    this.tokenizer = text.BPETokenizer.train(o.train, { vocabSize: o.vocabSize });
    this.#train = this.tokenizer.encode(o.train);
    this.#valid = this.tokenizer.encode(o.valid);
    this.#validBytes = new TextEncoder().encode(o.valid).length;
    this.model = new nn.GPT({
      vocabSize: o.vocabSize,
      nLayer: o.layers,
      nHead: o.heads,
      nEmbd: o.width,
      blockSize: o.context,
    });
    this.optimizer = new optim.AdamW(this.model.parameters(), { lr: o.rate, betas: [0.9, 0.98] });
    this.#schedule = new optim.lrScheduler.OneCycleLR(this.optimizer, {
      maxLr: o.rate,
      totalSteps: o.steps,
      pctStart: WARM_UP,
      cycleMomentum: false,
    });
  }

  /** The loss over windows of the ids from the given places. */
  #loss(ids: Tensor, starts: Tensor): Tensor {
    const { context, vocabSize } = this.#o;
    const places = starts.unsqueeze(1).add(arange(context + 1));
    const windows = ids.take(places);
    const logits = this.model.forward(windows.narrow(1, 0, context));
    return F.crossEntropy(logits.reshape(-1, vocabSize), windows.narrow(1, 1, context).reshape(-1));
  }

  *train(): Generator<CodeEvent> {
    const { batch, context, steps } = this.#o;
    const last = this.#train.shape[0]! - context - 1;
    for (let step = 1; step <= steps; step++) {
      const loss = tidy(() => {
        const value = this.#loss(this.#train, randint(0, last, [batch]));
        this.optimizer.zeroGrad();
        value.backward();
        this.optimizer.step();
        return value.item() as number;
      });
      this.#schedule.step();
      const due = step % Math.ceil(steps / CHECKS) === 0 || step === steps;
      yield { step, loss, ...(due && { valid: this.check() }) };
    }
  }

  /** Over windows spread evenly over the text held out. */
  check(): { loss: number; bitsPerByte: number } {
    const length = this.#valid.shape[0]!;
    const room = length - this.#o.context - 1;
    let loss = 0;
    for (let w = 0; w < CHECK_WINDOWS; w++)
      loss += tidy(() => {
        const start = Math.floor((room * w) / (CHECK_WINDOWS - 1));
        return noGrad(() => this.#loss(this.#valid, arange(1).add(start)).item() as number);
      });
    loss /= CHECK_WINDOWS;
    return { loss, bitsPerByte: (loss / Math.LN2) * (length / this.#validBytes) };
  }

  /** Goes on from a text. */
  write(prompt: string, tokens: number, temperature = 0.7): string {
    return tidy(() => {
      const ids = this.tokenizer.encode(prompt).unsqueeze(0);
      const written = text.generate(this.model, ids, tokens, {
        temperature,
        topK: 40,
        seed: this.#o.seed,
        contextLength: this.#o.context,
      });
      return this.tokenizer.decode(written.select(0, 0));
    });
  }

  dispose() {
    this.optimizer.dispose();
    this.model.dispose();
    this.#train.dispose();
    this.#valid.dispose();
  }
}
