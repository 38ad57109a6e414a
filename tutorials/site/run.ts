import { type Remote, wrap } from 'comlink';
import type { Control, Value, Values } from '../elements/controls.ts';
import type { FigureState, FxFigure } from '../elements/figure.ts';
import { copyLink } from './clipboard.ts';
import { isNamedInAddress, valuesFromAddress, writeAddress } from './hash.ts';
import type { Host } from './host.ts';
import type { LessonEvent } from './protocol.ts';
import { showDevice } from './device.ts';

export interface RunOptions {
  /** The figure's name in the address. */
  name: string;
  figure: FxFigure;
  worker: () => Worker;
  controls: Control[];
  /** Options that the figure gives its lesson beside the reader's settings. */
  fixed?: Values;
  units?: string[];
  /** Steps a second; null is as fast as it goes. */
  pace?: number | null;
  slowPace?: number;
  /** A new run begins: forget the old one's picture. */
  onReset(values: Values): void;
  /** What happened since the last frame, oldest first. */
  onEvents(events: LessonEvent[]): void;
  onPicture?(picture: unknown): void;
  /** A live setting changed. */
  onSetting?(name: string, value: Value): void;
  onPin?(label: string): void;
  /** One line that says how the run goes. */
  summary(): string;
  score?(): string;
}

const reducedMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

const KILO = 1024;

/** Ties a figure to its lesson's worker: plays while in view, draws the newest state once a frame, keeps the link. */
export class FigureRun {
  readonly options: RunOptions;
  readonly remote: Remote<Host>;
  values: Values;

  #state: FigureState = 'waiting';
  /** What the reader last asked for; nothing asked means that it plays by itself. */
  #wanted: 'auto' | 'play' | 'pause' = 'auto';
  #seen = new Map<Element, boolean>();
  #opened = false;
  #opening: Promise<void> | undefined;
  #run = 0;
  #step = 0;
  #loss: number | undefined;
  #playing = false;
  #polling = false;
  #frame = 0;
  /** Counts what may have changed the picture; `#drawn` is the count that was last drawn. */
  #changes = 0;
  #drawn = -1;
  #ready = false;

  constructor(options: RunOptions) {
    this.options = options;
    const { figure, controls, name } = options;
    this.values = valuesFromAddress(name, controls);
    const worker = options.worker();
    worker.onerror = () => this.#fail('This figure’s worker could not start. Reload the page to try again.');
    this.remote = wrap<Host>(worker);

    figure.controls = controls;
    figure.values = this.values;
    figure.units = options.units ?? ['step'];
    figure.unit = figure.units[0]!;
    figure.addEventListener('fx-command', (e) =>
      this.command((e as CustomEvent<{ command: string }>).detail.command),
    );
    figure.addEventListener('fx-change', (e) => {
      const { name: setting, value } = (e as CustomEvent<{ name: string; value: Value }>).detail;
      this.change(setting, value);
    });
    this.watch(figure);
    document.addEventListener('visibilitychange', () => this.#reconsider());
    addEventListener('hashchange', () => {
      const values = valuesFromAddress(name, controls);
      const changed = Object.keys(values).some((key) => values[key] !== this.values[key]);
      if (!changed) return;
      this.values = values;
      figure.values = values;
      void this.reset();
    });
    if (isNamedInAddress(name)) requestAnimationFrame(() => figure.scrollIntoView({ block: 'center' }));
    this.#show();
  }

  /** The run also plays while this other figure, which draws the same run, is in view. */
  watch(figure: FxFigure | HTMLElement) {
    const note = (visible: boolean) => {
      this.#seen.set(figure, visible);
      this.#reconsider();
    };
    if (figure === this.options.figure) {
      figure.addEventListener('fx-visible', (e) =>
        note((e as CustomEvent<{ visible: boolean }>).detail.visible),
      );
    } else {
      new IntersectionObserver((entries) => note(entries.at(-1)!.isIntersecting), {
        threshold: 0.15,
      }).observe(figure);
    }
  }

  get #inView() {
    return !document.hidden && [...this.#seen.values()].some(Boolean);
  }

  command(command: string) {
    if (command === 'play') this.play();
    else if (command === 'pause') this.pause();
    else if (command === 'step') void this.step();
    else if (command === 'slow') this.slow();
    else if (command === 'reset') void this.reset();
    else if (command === 'pin') this.pin();
    else if (command === 'link') void this.link();
    else if (command === 'code') this.code();
  }

  play() {
    this.#wanted = 'play';
    if (this.#state === 'finished') this.#state = 'paused';
    this.#reconsider();
  }

  pause() {
    this.#wanted = 'pause';
    this.#reconsider();
  }

  async step() {
    this.#wanted = 'pause';
    this.#halt();
    await this.#open();
    if (this.#state === 'failed') return;
    this.#state = 'paused';
    await this.remote.advance(this.options.figure.unit);
    this.#changes++;
    this.#draw();
  }

  slow() {
    this.options.figure.slow = !this.options.figure.slow;
    if (this.#playing) void this.remote.play(this.#pace);
  }

  get #pace(): number | null {
    return this.options.figure.slow ? (this.options.slowPace ?? 4) : (this.options.pace ?? null);
  }

  async reset() {
    this.#halt();
    this.#opened = false;
    this.#opening = undefined;
    if (this.#wanted === 'auto' && reducedMotion()) this.#wanted = 'pause';
    if (this.#state === 'failed' || this.#state === 'finished')
      this.#wanted = this.#wanted === 'pause' ? 'pause' : 'play';
    this.#state = 'waiting';
    await this.#open();
    this.#reconsider();
  }

  change(name: string, value: Value) {
    const { figure, controls } = this.options;
    if (name === 'unit') {
      figure.unit = String(value);
      return;
    }
    this.values = { ...this.values, [name]: value };
    figure.values = this.values;
    writeAddress(this.options.name, this.values);
    if (controls.find((c) => c.name === name)?.live) {
      void this.remote.set(name, value);
      this.options.onSetting?.(name, value);
    } else {
      // A changed setting is a new run, and one that the reader asked for.
      if (this.#state === 'finished') this.#wanted = 'play';
      void this.reset();
    }
  }

  pin() {
    const label = this.options.controls
      .map((c) => `${c.label.toLowerCase()} ${this.values[c.name]}`)
      .join(', ');
    this.options.onPin?.(label);
    this.options.figure.toolbar.flash(this.#step > 1 ? 'Run pinned' : 'Pin removed');
  }

  async link() {
    this.options.figure.toolbar.flash(await copyLink(this.options.name, this.values));
  }

  code() {
    const source = document.querySelector<HTMLDetailsElement>('#source');
    if (!source) return;
    source.open = true;
    source.scrollIntoView({ block: 'start', behavior: reducedMotion() ? 'auto' : 'smooth' });
    source.querySelector('summary')?.focus({ preventScroll: true });
  }

  /** Asks the lesson's run something, between two slices of its training. */
  async ask<T>(name: string, ...args: unknown[]): Promise<T | undefined> {
    await this.#open();
    return (await this.remote.ask(name, ...args)) as T | undefined;
  }

  /** Asks for a new picture though nothing was trained. */
  redraw() {
    this.#changes++;
    this.#draw();
  }

  #open(): Promise<void> {
    if (this.#opened) return Promise.resolve();
    this.#opening ??= this.#start();
    return this.#opening;
  }

  async #start() {
    const first = this.#run === 0;
    this.#step = 0;
    this.#loss = undefined;
    // A start that takes no time should not flash; only the first one loads anything.
    if (first) this.#state = 'loading';
    this.#show();
    this.#changes++;
    this.options.onReset(this.values);
    this.#draw();
    const { device, run } = await this.remote.open({ ...this.options.fixed, ...this.values });
    showDevice(device);
    this.#run = run;
    this.#opened = true;
    if (this.#state === 'loading') this.#state = 'waiting';
    await this.#pollOnce();
    if (!this.#ready) {
      this.#ready = true;
      this.options.figure.dispatchEvent(new CustomEvent('ready', { bubbles: true }));
    }
  }

  /** Plays or pauses, whichever the reader's wish and the view ask for. */
  #reconsider() {
    const wishes = this.#wanted === 'play' || (this.#wanted === 'auto' && !reducedMotion());
    if (this.#inView && !this.#opened && this.#state !== 'failed') {
      // A figure that waits for Play still shows its untrained picture.
      void this.#open().then(() => {
        if (this.#opened) this.#reconsider();
      });
      return;
    }
    const over = this.#state === 'finished' || this.#state === 'failed';
    const should = wishes && this.#inView && this.#opened && !over;
    if (should && !this.#playing) {
      this.#playing = true;
      this.#state = 'running';
      this.#changes++;
      void this.remote.play(this.#pace);
      this.#draw();
    } else if (!should && this.#playing) {
      this.#halt();
      if (!over) this.#state = 'paused';
    } else if (!should && !over && this.#opened && this.#step > 0) this.#state = 'paused';
    this.#show();
  }

  #halt() {
    if (this.#playing) void this.remote.pause();
    this.#playing = false;
  }

  #fail(message: string) {
    this.#halt();
    this.#state = 'failed';
    this.options.figure.summary = message;
    this.options.figure.state = 'failed';
  }

  /** Asks for news once a frame while there may be some; one more time after the last. */
  #draw = () => {
    if (this.#frame !== 0 || (this.#drawn === this.#changes && !this.#playing)) return;
    this.#frame = requestAnimationFrame(async () => {
      this.#frame = 0;
      await this.#pollOnce();
      this.#draw();
    });
  };

  async #pollOnce() {
    if (this.#polling) return;
    this.#polling = true;
    try {
      const opening = !this.#opened;
      const changes = this.#changes;
      const asked = this.#opening;
      const news = await this.remote.poll(!opening);
      // Reset meanwhile: what came belongs to the run before.
      if (asked !== this.#opening) return;
      if (!opening) this.#drawn = changes;
      const { figure } = this.options;
      if (news.loading) {
        const { what, loaded, total } = news.loading;
        figure.progress = loaded / total;
        figure.summary = `${what}: ${Math.round(loaded / KILO)} of ${Math.round(total / KILO)} KB`;
        return;
      }
      figure.progress = Number.NaN;
      if (opening) return;
      if (news.run === this.#run && news.events.length > 0) {
        const last = news.events.at(-1)!;
        this.#step = last.step;
        this.#loss = news.events.findLast((e) => e.loss !== undefined)?.loss ?? this.#loss;
        this.options.onEvents(news.events);
      }
      if (news.picture !== undefined && news.run === this.#run) this.options.onPicture?.(news.picture);
      if (news.failure) this.#fail(news.failure);
      else if (news.resting && this.#playing) {
        this.#playing = false;
        this.#state = 'finished';
      }
      this.#show();
    } finally {
      this.#polling = false;
    }
  }

  #show() {
    const { figure } = this.options;
    figure.state = this.#state;
    if (this.#state === 'failed') return;
    figure.step = this.#step;
    figure.loss = this.#loss;
    figure.score = this.options.score?.() ?? '';
    if (this.#state === 'loading') figure.summary ||= 'the library';
    else if (this.#state === 'waiting' && this.#step === 0) figure.summary = 'Press play to train.';
    else figure.summary = this.options.summary();
  }
}
