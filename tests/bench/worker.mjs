// One contender in a worker of its own, of a page or of Node, told what to do by run.mjs: { id, method, args } comes, and
// { id, result } or { id, failure } goes back.
import { time, warmUp } from './measure.mjs';
import { rows } from './workloads.mjs';

const inNode = typeof process !== 'undefined' && process.versions?.node;
const port = inNode ? (await import('node:worker_threads')).parentPort : self;

let engine;
let task;

/** The machine itself: multiply-adds on registers, and c = a + b over arrays of 4 MB each. */
async function machine({ peak }) {
  const { instance } = await WebAssembly.instantiateStreaming(fetch(peak));
  const { run_peak, peak_flop, run_add, add_bytes, _initialize } = instance.exports;
  _initialize?.();
  const tasks = {
    peak: { per: peak_flop() / 1e9, once: () => run_peak(1) },
    bandwidth: { per: add_bytes() / 1e9, once: run_add },
  };
  return {
    threads: 1,
    task({ name }) {
      const { per, once } = tasks[name];
      return {
        per,
        run(n) {
          for (let i = 0; i < n; i++) once();
        },
      };
    },
  };
}

const loaders = {
  machine: () => machine,
  fluxion: async () => (await import('./peers/fluxion.mjs')).load,
  tfjs: async () => (await import('./peers/tfjs.mjs')).load,
  jax: async () => (await import('./peers/jax.mjs')).load,
  ort: async () => (await import('./peers/ort.mjs')).load,
  brain: async () => (await import('./peers/brain.mjs')).load,
};

const methods = {
  async load(name, options) {
    engine = await (await loaders[name]())(options);
    return { version: engine.version, threads: engine.threads };
  },
  /** The first results of a row; null where the engine has not got it. */
  async prepare(row) {
    task = await engine.task(row);
    return task ? { results: (await task.check?.()) ?? null, per: task.per } : null;
  },
  warmUp: () => warmUp(task),
  time: (calls) => time(task, calls),
  async release() {
    await task?.dispose?.();
    task = undefined;
  },
  /** From nothing to the end of the first XOR step, in ms. */
  async startUp(name, options) {
    const start = performance.now();
    await methods.load(name, options);
    task = await engine.task({ ...rows.find(({ kind }) => kind === 'xor'), fresh: true });
    await task.run(1);
    return performance.now() - start;
  },
};

async function answer({ id, method, args }) {
  try {
    port.postMessage({ id, result: await methods[method](...args) });
  } catch (error) {
    port.postMessage({ id, failure: String(error?.stack ?? error) });
  }
}
if (inNode) port.on('message', answer);
else port.onmessage = ({ data }) => answer(data);
port.postMessage({ id: 0, result: 'ready' });
