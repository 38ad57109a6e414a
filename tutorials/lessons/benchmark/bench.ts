import type { Info, InitOptions } from 'fluxion';
import { type Row, startUp } from '../../../tests/bench/workloads.mjs';
import type { FigureState } from '../../elements/figure.ts';
import { Link } from './link.ts';
import { left, rows, shortName } from './results.ts';

export interface Wish {
  threads: 'one' | 'all';
  simd: 'fastest' | 'plain';
  rounds: number;
  chosen: ReadonlySet<string>;
}

export const initOptions = ({ threads, simd }: Pick<Wish, 'threads' | 'simd'>): InitOptions => ({
  threads: threads === 'all',
  ...(simd === 'plain' && { simd: 'simd' }),
});

// What a row takes before one has been timed: making its data, its first results, warming up.
const ROW_SECONDS = 0.9;
const ROUND_SECONDS = 0.1;

/** Takes the chosen rows in turn in a worker; what was measured stays when it is stopped, and is there for each build. */
export class Bench {
  wish: Wish;
  state: FigureState = 'waiting';
  failure = '';
  now: { row: Row; round: number } | undefined;
  readonly #onChange: () => void;
  readonly #times = new Map<string, Map<string, number[]>>();
  readonly #infos = new Map<string, Info>();
  readonly #failed = new Map<string, string>();
  #link: Link | undefined;
  #kind = '';
  #prepared: { id: string; calls: number } | undefined;
  /** Counts what ends a run: whoever comes back from waiting and finds another number is over. */
  #turn = 0;
  #last: Promise<void> = Promise.resolve();
  #spent = 0;
  #taken = 0;

  constructor(wish: Wish, onChange: () => void) {
    this.wish = wish;
    this.#onChange = onChange;
  }

  get #build() {
    return `${this.wish.threads} ${this.wish.simd}`;
  }

  /** Milliseconds a call, by row, on the build that is wished for. */
  get times(): Map<string, number[]> {
    const kept = this.#times.get(this.#build) ?? new Map<string, number[]>();
    this.#times.set(this.#build, kept);
    return kept;
  }

  get info(): Info | undefined {
    return this.#infos.get(this.#build);
  }

  failureOf(row: Row) {
    return this.#failed.get(`${this.#build} ${row.id}`);
  }

  isDone(row: Row) {
    return (this.times.get(row.id)?.length ?? 0) >= this.wish.rounds || this.failureOf(row) !== undefined;
  }

  get chosen() {
    return rows.filter(({ id }) => this.wish.chosen.has(id));
  }

  get done() {
    return this.chosen.filter((row) => this.isDone(row)).length;
  }

  get running() {
    return this.state === 'running' || this.state === 'loading';
  }

  /** How much there is to do, in seconds. */
  get seconds() {
    const { rounds } = this.wish;
    const guess = ROW_SECONDS + rounds * ROUND_SECONDS;
    const each = (this.#spent / 1000 + guess) / (this.#taken + 1);
    const parts = this.chosen.map((row) => 1 - Math.min(1, (this.times.get(row.id)?.length ?? 0) / rounds));
    return each * parts.reduce((a, b, i) => a + (this.isDone(this.chosen[i]!) ? 0 : b), 0);
  }

  summary(): string {
    const { chosen, done, now } = this;
    const { rounds } = this.wish;
    if (this.state === 'failed') return this.failure;
    if (this.state === 'loading') return 'the library';
    if (chosen.length === 0) return 'No row is chosen.';
    const count = (n: number) => (n === 1 ? 'one row' : `${n} rows`);
    if (this.state === 'running' && now) {
      const at = Math.min(done + 1, chosen.length);
      const round = now.round === 0 ? 'warming up' : `round ${now.round} of ${rounds}`;
      return `row ${at} of ${chosen.length}: ${shortName(now.row)}, ${round} · ${left(this.seconds)}`;
    }
    if (done === chosen.length) return `${count(done)} measured, ${rounds} rounds each`;
    if (this.state === 'paused') return `${done} of ${chosen.length} rows measured · ${left(this.seconds)}`;
    return `Press play to measure ${count(chosen.length)} · ${left(this.seconds).replace(' left', '')}`;
  }

  /** Changes what is wished for. Another build is another run; other rows or rounds are only more of this one. */
  change(wish: Partial<Wish>) {
    const before = this.#build;
    const was = this.running;
    this.wish = { ...this.wish, ...wish };
    if (this.#build !== before) {
      this.#stop();
      this.#settle();
      if (was) this.play();
    } else if (!this.running) this.#settle();
    this.#onChange();
  }

  play(onlyOneRow = false) {
    if (this.running) return;
    if (this.chosen.every((row) => this.isDone(row))) {
      this.#settle();
      this.#onChange();
      return;
    }
    this.failure = '';
    this.state = this.#link ? 'running' : 'loading';
    const turn = ++this.#turn;
    this.#last = this.#last.then(() => this.#run(turn, onlyOneRow));
    this.#onChange();
  }

  /** The sample that is being taken is finished and kept. */
  pause() {
    if (!this.running) return;
    this.#turn++;
    this.state = 'paused';
    this.#onChange();
  }

  reset() {
    this.#stop();
    this.times.clear();
    this.#failed.clear();
    this.failure = '';
    this.#settle();
    this.#onChange();
  }

  #settle() {
    const { done, chosen, times } = this;
    this.state = done > 0 && done === chosen.length ? 'finished' : times.size > 0 ? 'paused' : 'waiting';
  }

  #stop() {
    this.#turn++;
    this.#letGo();
    this.now = undefined;
    this.state = 'waiting';
    this.#last = Promise.resolve();
    this.#spent = 0;
    this.#taken = 0;
  }

  #letGo() {
    this.#link?.close();
    this.#link = undefined;
    this.#prepared = undefined;
    this.#kind = '';
  }

  async #run(turn: number, onlyOneRow: boolean) {
    const over = () => turn !== this.#turn;
    try {
      for (let row = this.#next(); row && !over(); row = onlyOneRow ? undefined : this.#next()) {
        const began = performance.now();
        await this.#measure(row, over);
        if (over()) return;
        this.#spent += performance.now() - began;
        this.#taken++;
      }
      if (over()) return;
      this.now = undefined;
      this.#letGo();
      this.#settle();
    } catch (error) {
      if (over()) return;
      this.#stop();
      this.failure = error instanceof Error ? error.message : `${error}`;
      this.state = 'failed';
    }
    this.#onChange();
  }

  #next() {
    return this.chosen.find((row) => !this.isDone(row));
  }

  #show(row: Row, round: number) {
    this.now = { row, round };
    this.#onChange();
  }

  /** What was measured before a pause counts: only what is missing is taken. */
  async #measure(row: Row, over: () => boolean) {
    const times = this.times.get(row.id) ?? [];
    const { rounds } = this.wish;
    this.#show(row, times.length);
    const sample = await (row === startUp ? this.#startUp(row, over) : this.#samples(row, over));
    while (sample && times.length < rounds && !over()) {
      this.#show(row, times.length + 1);
      times.push(await sample());
      this.times.set(row.id, times);
    }
  }

  /** Workers are fresh for each kind of row: what one leaves in memory is no part of the next. */
  async #samples(row: Row, over: () => boolean) {
    if (this.#kind !== row.kind) {
      this.#letGo();
      const link = new Link();
      this.#link = link;
      const info = await link.wait(link.remote.load(initOptions(this.wish)));
      if (over() && this.#link !== link) return undefined;
      this.#infos.set(this.#build, info);
      this.#kind = row.kind;
      if (!over()) this.state = 'running';
    }
    const link = this.#link!;
    if (this.#prepared?.id !== row.id) {
      try {
        await link.wait(link.remote.prepare(row.id));
      } catch (error) {
        if (this.#link !== link) throw error;
        this.#failed.set(`${this.#build} ${row.id}`, error instanceof Error ? error.message : `${error}`);
        return undefined;
      }
      this.#prepared = { id: row.id, calls: await link.wait(link.remote.warmUp()) };
    }
    const { calls } = this.#prepared;
    return () => link.wait(link.remote.time(calls));
  }

  /** Each sample has a worker of its own; the first one fetches the files and does not count. */
  async #startUp(row: Row, over: () => boolean) {
    this.#letGo();
    this.#kind = row.kind;
    const sample = async () => {
      const link = new Link();
      this.#link = link;
      const { ms, info } = await link.wait(link.remote.startUp(initOptions(this.wish)));
      link.close();
      if (this.#link === link) this.#infos.set(this.#build, info);
      return ms;
    };
    await sample();
    if (!over()) this.state = 'running';
    return sample;
  }
}
