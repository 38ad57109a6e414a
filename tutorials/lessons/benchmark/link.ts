import { type Remote, wrap } from 'comlink';
import type { BenchWorker } from './worker.ts';

/** A worker that can break or be let go: whoever waits for it then hears of it. */
export class Link {
  readonly #worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  readonly #broken: Promise<never>;
  #break!: (error: Error) => void;
  readonly remote: Remote<BenchWorker> = wrap<BenchWorker>(this.#worker);

  constructor() {
    this.#broken = new Promise((_, reject) => {
      this.#break = reject;
    });
    this.#broken.catch(() => {});
    this.#worker.onerror = () =>
      this.#break(new Error('The worker could not start. Reload the page to try again.'));
  }

  wait<T>(answer: Promise<T>): Promise<T> {
    return Promise.race([answer, this.#broken]);
  }

  close() {
    this.#worker.terminate();
    this.#break(new Error('The worker was let go.'));
  }
}
