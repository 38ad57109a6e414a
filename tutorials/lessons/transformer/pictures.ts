/** What the figures of this lesson draw or ask, read off a model in training. */
import { type nn, noGrad, tensor, tidy } from 'fluxion';
import { firstNotFinite } from '../shared/diagnose.ts';
import { LENGTH, Sort } from './sort.ts';
import { choose, Writer } from './train.ts';

export interface AttentionPicture {
  /** The letters read and written, as numbers. */
  text: number[];
  /** For each head of each layer, where each place looks: [head][from][to]. */
  maps: Float32Array;
  heads: number;
}

export class SortFigure extends Sort {
  diagnose(): string {
    return firstNotFinite(() => this.loss(this.unseen.slice(0, 8)));
  }

  /** Writes one answer, and says where every head looked while writing it. */
  attend(letters: number[]): AttentionPicture & { written: number[] } {
    const written = this.write(letters);
    const text = [...letters, ...written.slice(0, LENGTH - 1)];
    const ids = tensor(Int32Array.from(text), { shape: [1, text.length] });
    const perLayer = tidy(() =>
      noGrad(() => {
        let x = this.model.wpe.forward(this.model.wte.forward(ids));
        return (this.model.h.children() as nn.TransformerBlock[]).map((block) => {
          const looked = block.attn.weights(block.ln1.forward(x), block.ln1.forward(x), { isCausal: true });
          x = block.forward(x);
          return looked.toTypedArray() as Float32Array;
        });
      }),
    );
    ids.dispose();
    const maps = new Float32Array(perLayer.reduce((sum, m) => sum + m.length, 0));
    perLayer.forEach((m, i) => {
      maps.set(m, i * m.length);
    });
    return { text, written, maps, heads: maps.length / text.length ** 2 };
  }
}

export class WriterFigure extends Writer {
  diagnose(): string {
    return firstNotFinite(() => this.loss(this.encode(this.book.valid.slice(0, 200)), [0, 50, 100]));
  }

  set(name: string, value: number | string) {
    if (name === 'temperature') this.temperature = Number(value);
  }

  /** Which of these words are in the book. */
  knownOf(words: string[]): string[] {
    return words.filter((word) => this.known.has(word));
  }

  /** The characters most likely to follow a text, with their shares. */
  likely(text: string, count: number): { character: string; share: number }[] {
    const ids = [...this.encode(text)];
    if (ids.length === 0) return [];
    return this.next([ids])[0]!
      .map((share, id) => ({ character: this.book.vocab[id]!, share }))
      .sort((a, b) => b.share - a.share)
      .slice(0, count);
  }

  /** One more character after a text, drawn by its likelihood. */
  more(text: string): string {
    const ids = [...this.encode(text)];
    return ids.length === 0 ? '' : this.book.vocab[choose(this.next([ids])[0]!, Math.random())]!;
  }
}
