import { F, manualSeed, type nn, noGrad, optim, randint, type Tensor, tensor, tidy } from 'fluxion';
import { decoder } from './decoder.ts';

export interface SortOptions {
  seed: number;
  rate: number;
  layers: number;
  heads: number;
}

export interface SortCheck {
  /** The share of unseen sequences that came out wholly right. */
  exact: number;
}

export interface SortEvent {
  step: number;
  loss?: number;
  check?: SortCheck;
  done?: boolean;
}

export const LETTERS = 8;
export const LENGTH = 8;
export const UNSEEN = 1000;
const BATCH = 64;
const CHUNK = 125;
const CHECK_EVERY = 50;
const REST_AFTER = 1500;
const GOAL = 0.995;

const sorted = (letters: number[]) => [...letters].sort((a, b) => a - b);

/** Eight letters go in, the same eight in order come out; the model reads both as one text and writes its end. */
export class Sort {
  readonly model: nn.GPT;
  readonly optimizer: optim.AdamW;
  /** Sequences kept back: training never meets them. */
  readonly unseen: number[][];
  readonly #kept: Set<string>;

  constructor({ seed, rate, layers, heads }: SortOptions) {
    manualSeed(seed);
    this.unseen = this.#draw(UNSEEN);
    this.#kept = new Set(this.unseen.map(String));
    this.model = decoder(LETTERS, 2 * LENGTH - 1, layers, heads);
    this.optimizer = new optim.AdamW(this.model.parameters(), { lr: rate });
  }

  #draw(count: number): number[][] {
    return tidy(() => randint(0, LETTERS, [count, LENGTH]).toArray() as number[][]);
  }

  *train(): Generator<SortEvent> {
    let rested = false;
    yield* this.check(0);
    for (let step = 1; ; step++) {
      const fresh = this.#draw(BATCH).filter((letters) => !this.#kept.has(String(letters)));
      yield { step, loss: this.update(fresh) };
      if (step % CHECK_EVERY !== 0) continue;
      let exact = 0;
      for (const event of this.check(step)) {
        exact = event.check?.exact ?? exact;
        yield event;
      }
      if (!rested && (exact >= GOAL || step === REST_AFTER)) {
        rested = true;
        yield { step, done: true };
      }
    }
  }

  /** All but the last letter of "input, sorted input" as int32 [n, 15]: at each place the next letter is asked for. */
  #texts(sequences: number[][]) {
    return tensor(
      Int32Array.from(sequences.flatMap((letters) => [...letters, ...sorted(letters).slice(0, -1)])),
      { shape: [sequences.length, 2 * LENGTH - 1] },
    );
  }

  /** Scores for the eight places that are to be written: [n, 8, letters]. */
  #scores(sequences: number[][]) {
    return this.model.forward(this.#texts(sequences)).narrow(1, LENGTH - 1, LENGTH);
  }

  loss(sequences: number[][]): Tensor {
    const wanted = tensor(Int32Array.from(sequences.flatMap(sorted)));
    return F.crossEntropy(this.#scores(sequences).reshape(-1, LETTERS), wanted);
  }

  update(sequences: number[][]): number {
    return tidy(() => {
      const loss = this.loss(sequences);
      this.optimizer.zeroGrad();
      loss.backward();
      this.optimizer.step();
      return loss.item() as number;
    });
  }

  /** Right at all eight places, each with the true letters before it: that is when writing them one by one is right. */
  *check(step: number): Generator<SortEvent> {
    let exact = 0;
    for (let at = 0; at < UNSEEN; at += CHUNK) {
      const part = this.unseen.slice(at, at + CHUNK);
      const said = tidy(() => noGrad(() => this.#scores(part).argmax(2).toArray())) as number[][];
      exact += said.filter((letters, i) => String(letters) === String(sorted(part[i]!))).length;
      yield { step };
    }
    yield { step, check: { exact: exact / UNSEEN } };
  }

  /** Writes the answer to one sequence, letter by letter, each time the likeliest. */
  write(letters: number[]): number[] {
    const text = [...letters];
    for (let i = 0; i < LENGTH; i++) {
      const next = tidy(() => {
        const ids = tensor(Int32Array.from(text), { shape: [1, text.length] });
        return noGrad(() =>
          this.model
            .forward(ids)
            .select(1, text.length - 1)
            .argmax(1)
            .toTypedArray(),
        );
      });
      text.push(next[0] as number);
    }
    return text.slice(LENGTH);
  }

  dispose() {
    this.optimizer.dispose();
    this.model.dispose();
  }
}
