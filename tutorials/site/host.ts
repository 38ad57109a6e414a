import { info, init, type InitOptions } from 'fluxion';
import type { Values } from '../elements/controls.ts';
import type { Device, LessonEvent, LessonRun, Load, Loading, OpenLesson, Snapshot } from './protocol.ts';

// Short enough that a question from the page is answered at once, long enough that the breaks cost nothing.
const SLICE_MS = 12;

/** Gives the worker's queue a turn, so that messages from the page come in between two slices of training. A message
    to oneself is quicker than a timer, which browsers hold back; Node, where tests run, hands out a thousand such
    messages before anything else, and has something better. */
const breathe = (() => {
  if (typeof setImmediate === 'function') return () => new Promise<void>((resolve) => setImmediate(resolve));
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      port2.postMessage(0);
    });
})();

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function unpack(stream: ReadableStream<BufferSource>): Promise<ArrayBuffer> {
  return new Response(stream.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer();
}

/** Runs a lesson in a worker: trains in short slices, and hands out what happened when the page asks for it. */
export class Host {
  #open: OpenLesson;
  #initOptions: InitOptions;
  #files = new Map<string, Promise<ArrayBuffer>>();
  #run: LessonRun | undefined;
  #work: Iterator<LessonEvent> | undefined;
  #runs = 0;
  #events: LessonEvent[] = [];
  #playing = false;
  #looping = false;
  #resting = false;
  #pace: number | null = null;
  #loading: Loading | undefined;
  #failure: string | undefined;

  constructor(open: OpenLesson, initOptions: InitOptions = {}) {
    this.#open = open;
    this.#initOptions = initOptions;
  }

  /** Starts the library, loads what the lesson needs and builds its model. */
  async open(options: Values): Promise<{ device: Device; run: number }> {
    this.#playing = false;
    this.#runs++;
    const mine = this.#runs;
    try {
      await init(this.#initOptions);
      const run = await this.#open(options, this.#load);
      if (mine !== this.#runs) run.dispose();
      else {
        this.#run?.dispose();
        this.#run = run;
        this.#work = run.train();
        this.#events = [];
        this.#resting = false;
        this.#failure = undefined;
      }
    } catch (error) {
      this.#failure = `${error instanceof Error ? error.message : error}`;
    } finally {
      this.#loading = undefined;
    }
    return { device: this.#device(), run: mine };
  }

  #device(): Device {
    try {
      const { simd, threads, whyNotThreads } = info();
      return {
        simd,
        threads,
        note: this.#initOptions.threads === 1 && crossOriginIsolated ? '' : whyNotThreads,
      };
    } catch {
      return { simd: '', threads: 0, note: 'the library could not start' };
    }
  }

  #load: Load = (what, url, size) => {
    const kept = this.#files.get(url);
    if (kept) return kept;
    const file = this.#fetch(what, url, size);
    file.catch(() => this.#files.delete(url));
    this.#files.set(url, file);
    return file;
  };

  async #fetch(what: string, url: string, size: number): Promise<ArrayBuffer> {
    this.#loading = { what, loaded: 0, total: size };
    const answer = await fetch(url).catch(() => undefined);
    if (!answer?.ok || !answer.body) {
      const why = answer ? `the server answered ${answer.status}` : 'no answer came';
      throw new Error(`${what} could not be loaded: ${why}. Check the connection, then start again.`);
    }
    const loading = this.#loading;
    const counted = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        loading.loaded += chunk.byteLength;
        controller.enqueue(chunk);
      },
    });
    return unpack(answer.body.pipeThrough(counted));
  }

  /** Trains at `pace` steps a second, or as fast as it goes where it is null. */
  play(pace: number | null) {
    this.#pace = pace;
    this.#playing = true;
    this.#resting = false;
    void this.#loop();
  }

  pause() {
    this.#playing = false;
  }

  /** One step, or all steps to the end of the epoch. */
  async advance(unit: string) {
    this.#playing = false;
    this.#resting = false;
    let epoch: number | undefined;
    const run = this.#runs;
    for (let began = performance.now(); ; ) {
      const event = this.#next();
      if (!event || run !== this.#runs) return;
      if (event.loss !== undefined) {
        if (unit !== 'epoch') return;
        epoch ??= event.epoch;
        if (event.epoch !== epoch) return;
      }
      if (performance.now() - began > SLICE_MS) {
        await breathe();
        if (this.#playing) return;
        began = performance.now();
      }
    }
  }

  set(name: string, value: string | number) {
    this.#run?.set?.(name, value);
  }

  /** Calls a method of the lesson's run by name: `ask('classify', pixels)`. */
  ask(name: string, ...args: unknown[]): unknown {
    const method = (this.#run as unknown as Record<string, unknown> | undefined)?.[name];
    return typeof method === 'function' ? method.apply(this.#run, args) : undefined;
  }

  /** What happened since the last call. */
  poll(withPicture: boolean): Snapshot {
    const events = this.#events;
    this.#events = [];
    let picture: unknown;
    try {
      picture = withPicture ? this.#run?.picture?.() : undefined;
    } catch (error) {
      this.#fail(error);
    }
    return {
      run: this.#runs,
      events,
      picture,
      resting: this.#resting,
      loading: this.#loading,
      failure: this.#failure,
    };
  }

  #fail(error: unknown, advice = '') {
    this.#playing = false;
    const what = error instanceof Error ? error.message : `${error}`;
    this.#failure = [what, this.#diagnosis(), advice].filter(Boolean).join(' ');
  }

  #diagnosis(): string {
    try {
      return this.#run?.diagnose?.() ?? '';
    } catch {
      // What made the run fail may make its diagnosis fail; the failure itself is told either way.
      return '';
    }
  }

  #next(): LessonEvent | undefined {
    if (this.#failure || !this.#work) return undefined;
    try {
      const { value, done } = this.#work.next();
      if (done) return undefined;
      const event = value as LessonEvent;
      this.#events.push(event);
      if (event.loss !== undefined && !Number.isFinite(event.loss)) {
        this.#fail(`The loss is not a number at step ${event.step}.`, 'Try a smaller rate.');
        return undefined;
      }
      if (event.done) {
        this.#playing = false;
        this.#resting = true;
      }
      return event;
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  async #loop() {
    if (this.#looping) return;
    this.#looping = true;
    let due = performance.now();
    while (this.#playing) {
      const began = performance.now();
      // A pace that was missed by more than a tenth of a second is let go, not caught up with in a burst.
      due = Math.max(due, began - 100);
      while (this.#playing && performance.now() - began < SLICE_MS && (this.#pace === null || due <= began)) {
        const event = this.#next();
        if (!event) this.#playing = false;
        else if (this.#pace !== null && event.loss !== undefined) due += 1000 / this.#pace;
      }
      if (this.#pace !== null && due > performance.now()) await pause(Math.min(50, due - performance.now()));
      else await breathe();
    }
    this.#looping = false;
  }
}
