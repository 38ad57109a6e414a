import { expose } from 'comlink';
import type { Info, InitOptions } from 'fluxion';
import type { ProfileRow } from 'fluxion/training';
import { inUnit, median, time, warmUp } from '../../../tests/bench/measure.mjs';
import { fluxionTask, rows, type Task } from '../../../tests/bench/workloads.mjs';

/** What steps under the profiler took, and the paces that this device reaches at best. */
export interface Profiled {
  steps: number;
  /** Of all steps, in ms. */
  time: number;
  rows: ProfileRow[];
  /** GFLOP/s of the product 512³. */
  arithmetic: number;
  /** GB/s of adding two arrays of 4 MB. */
  memory: number;
}

const PROFILED_MS = 500;
const MOST_STEPS = 100;

let fluxion: typeof import('fluxion');
let task: Task;
let trace: (() => object) | undefined;

const rowOf = (id: string) => rows.find((row) => row.id === id)!;

async function load(options: InitOptions): Promise<Info> {
  // Not before it is asked for: the row “import to first finished step” times it.
  fluxion = await import('fluxion');
  return fluxion.init(options);
}

async function prepare(id: string) {
  const made = fluxionTask(fluxion, rowOf(id));
  if (!made) throw new Error('this build of the library has not got it');
  task = made;
  await task.check();
}

async function best(id: string) {
  await prepare(id);
  const calls = await warmUp(task);
  const times: number[] = [];
  for (let i = 0; i < 5; i++) times.push(await time(task, calls));
  return inUnit(rowOf(id), median(times));
}

const bench = {
  load,
  prepare,
  warmUp: () => warmUp(task),
  time: (calls: number) => time(task, calls),

  /** From nothing to the end of the first XOR step, in ms. */
  async startUp(options: InitOptions) {
    const start = performance.now();
    const info = await load(options);
    await fluxionTask(fluxion, rowOf('xor-eager'))!.run(1);
    return { ms: performance.now() - start, info };
  },

  async profile(id: string): Promise<Profiled> {
    const { profile } = await import('fluxion/training');
    const arithmetic = await best('matmul-512');
    const memory = (rowOf('add').gigabytes! / (await best('add'))) * 1000;
    await prepare(id);
    await warmUp(task);
    const each = await time(task, 1);
    const steps = Math.min(MOST_STEPS, Math.max(2, Math.round(PROFILED_MS / each)));
    const done = profile(() => task.run(steps));
    trace = done.trace;
    return { steps, time: done.time, rows: done.rows, arithmetic, memory };
  },

  /** The last profile as the text of a file for chrome://tracing. */
  trace: () => JSON.stringify(trace?.()),
};

export type BenchWorker = typeof bench;
expose(bench);
