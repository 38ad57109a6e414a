import { F, manualSeed, type nn, noGrad, optim, rand, randint, type Tensor, tensor, tidy } from 'fluxion';
import { decoder } from './decoder.ts';

/** A text in two parts, and the characters that may occur in it. */
export interface Book {
  title: string;
  vocab: string;
  train: string;
  valid: string;
}

export interface WriterOptions {
  seed: number;
  rate: number;
  layers: number;
  heads: number;
  /** Below 1 the likely characters gain, above 1 the unlikely ones. */
  temperature: number;
}

export interface Sample {
  text: string;
  /** How many words of three letters and more it has, and how many of them are words of the book. */
  words: number;
  known: number;
}

export interface WriterEvent {
  step: number;
  loss?: number;
  /** The loss on a part of the book that is never trained on. */
  valid?: number;
  sample?: Sample;
  done?: boolean;
}

const CONTEXT = 48;
const BATCH = 12;
const FIRST_CHECKS_EVERY = 20;
const CHECK_EVERY = 50;
const FIRST_SAMPLE = 100;
const SAMPLE_EVERY = 250;
const REST_EVERY = 1000;
const CHECK_WINDOWS = 64;
const CHUNK = 8;
const STREAMS = 16;
const STREAM_LENGTH = 96;

/** Words of three letters and more. */
export const wordsOf = (text: string) => text.match(/[A-Za-z]{3,}/g) ?? [];

/** Learns a book character by character, and writes after it. */
export class Writer {
  readonly model: nn.GPT;
  readonly optimizer: optim.AdamW;
  readonly book: Book;
  readonly known: Set<string>;
  temperature: number;
  readonly #ids: Map<string, number>;
  readonly #text: Int32Array;
  readonly #valid: Int32Array;

  constructor({ seed, rate, layers, heads, temperature }: WriterOptions, book: Book) {
    this.book = book;
    this.temperature = temperature;
    this.known = new Set(wordsOf(book.train + book.valid));
    this.#ids = new Map([...book.vocab].map((character, id) => [character, id]));
    this.#text = this.encode(book.train);
    this.#valid = this.encode(book.valid);
    manualSeed(seed);
    this.model = decoder(book.vocab.length, CONTEXT, layers, heads);
    this.optimizer = new optim.AdamW(this.model.parameters(), { lr: rate });
  }

  encode(text: string): Int32Array {
    return Int32Array.from([...text].flatMap((character) => this.#ids.get(character) ?? []));
  }

  *train(): Generator<WriterEvent> {
    yield* this.check(0);
    yield* this.sample(0);
    for (let step = 1; ; step++) {
      yield { step, loss: this.update() };
      if (step % (step < 100 ? FIRST_CHECKS_EVERY : CHECK_EVERY) === 0) yield* this.check(step);
      if (step === FIRST_SAMPLE || step % SAMPLE_EVERY === 0) yield* this.sample(step);
      if (step % REST_EVERY === 0) yield { step, done: true };
    }
  }

  /** Windows of the text from the given places, and the same moved on by one: what is asked for. */
  #windows(text: Int32Array, starts: ArrayLike<number>): [Tensor, Tensor] {
    const cut = (shift: number) => {
      const ids = new Int32Array(starts.length * CONTEXT);
      for (let i = 0; i < starts.length; i++) {
        const at = starts[i]! + shift;
        ids.set(text.subarray(at, at + CONTEXT), i * CONTEXT);
      }
      return tensor(ids, { shape: [starts.length, CONTEXT] });
    };
    return [cut(0), cut(1)];
  }

  loss(text: Int32Array, starts: ArrayLike<number>): Tensor {
    const [inputs, next] = this.#windows(text, starts);
    const scores = this.model.forward(inputs).reshape(-1, this.book.vocab.length);
    return F.crossEntropy(scores, next.reshape(-1));
  }

  update(): number {
    return tidy(() => {
      const starts = randint(0, this.#text.length - CONTEXT, [BATCH]).toTypedArray() as Int32Array;
      const loss = this.loss(this.#text, starts);
      this.optimizer.zeroGrad();
      loss.backward();
      this.optimizer.step();
      return loss.item() as number;
    });
  }

  /** The loss over windows spread evenly over the part that is held out. */
  *check(step: number): Generator<WriterEvent> {
    const gap = Math.floor((this.#valid.length - CONTEXT - 1) / CHECK_WINDOWS);
    let total = 0;
    for (let at = 0; at < CHECK_WINDOWS; at += CHUNK) {
      const starts = Array.from({ length: CHUNK }, (_, i) => (at + i) * gap);
      total += tidy(() => noGrad(() => this.loss(this.#valid, starts).item() as number)) * CHUNK;
      yield { step };
    }
    yield { step, valid: total / CHECK_WINDOWS };
  }

  /** Writes several texts side by side, one character a time, and counts their words. */
  *sample(step: number): Generator<WriterEvent> {
    const start = this.#ids.get('\n')!;
    const texts = Array.from({ length: STREAMS }, () => [start]);
    for (let i = 0; i < STREAM_LENGTH; i++) {
      const likely = this.next(texts);
      const luck = tidy(() => rand(STREAMS).toTypedArray());
      texts.forEach((text, k) => {
        text.push(choose(likely[k]!, luck[k] as number));
      });
      yield { step };
    }
    // The last word of each text may be cut short, so what stands after its last space does not count.
    const written = texts.map((ids) =>
      ids
        .map((id) => this.book.vocab[id])
        .join('')
        .trimStart(),
    );
    const whole = written.map((text) => text.replace(/[A-Za-z]+$/, ''));
    const words = whole.flatMap(wordsOf);
    const known = words.filter((word) => this.known.has(word)).length;
    yield { step, sample: { text: whole.join('\n'), words: words.length, known } };
  }

  /** How likely each character is to come next, for texts of one length. */
  next(texts: number[][], temperature = this.temperature): number[][] {
    return tidy(() => {
      const length = Math.min(CONTEXT, texts[0]!.length);
      const ids = tensor(Int32Array.from(texts.flatMap((text) => text.slice(-length))), {
        shape: [texts.length, length],
      });
      const scores = noGrad(() => this.model.forward(ids).select(1, length - 1));
      return scores.div(temperature).softmax(1).toArray() as number[][];
    });
  }

  dispose() {
    this.optimizer.dispose();
    this.model.dispose();
  }
}

/** The index that a number from 0 to 1 falls on, where each has its likelihood's share of that stretch. */
export function choose(likely: number[], luck: number): number {
  let rest = luck;
  return Math.max(
    0,
    likely.findIndex((p) => (rest -= p) <= 0),
  );
}
