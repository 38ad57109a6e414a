// Who runs, and where: workers of a page in Chromium, worker threads of Node, and a process of Python for PyTorch. All are
// spoken to alike: `call(method, ...args)`, the methods of worker.mjs.
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';

const here = import.meta.dirname;

// What would take seconds a call is not asked of TensorFlow.js's plain JavaScript.
const small = ({ kind, n = 0 }) => !['cnn', 'gpt'].includes(kind) && n <= 256;
// Nor is brain.js measured against a loop written out in JavaScript: its train() makes all steps in one call.
const oneCall = ({ kind, mode }) => kind === 'xor' && mode !== 'eager';

export const contenders = [
  { id: 'fluxion', title: 'Fluxion', engine: 'fluxion', place: 'chromium', ours: true },
  { id: 'fluxion-node', title: 'Fluxion in Node', engine: 'fluxion', place: 'node', ours: true },
  { id: 'tfjs-cpu', title: 'tfjs cpu', engine: 'tfjs', place: 'chromium', backend: 'cpu', takes: small },
  { id: 'tfjs-wasm', title: 'tfjs wasm', engine: 'tfjs', place: 'chromium', backend: 'wasm' },
  { id: 'jax', title: 'jax-js', engine: 'jax', place: 'chromium', package: '@jax-js/jax' },
  { id: 'ort', title: 'onnxruntime-web', engine: 'ort', place: 'chromium' },
  {
    id: 'brain',
    title: 'brain.js',
    engine: 'brain',
    place: 'chromium',
    package: 'brain.js',
    unlike: true,
    takes: oneCall,
  },
  { id: 'torch', title: 'native PyTorch', engine: 'torch', place: 'python', unlike: true },
];

/** In a worker of `page`, which is page.html. */
async function inChromium(page, { id }) {
  await page.evaluate((name) => globalThis.start(name), id);
  return {
    call: (...args) => page.evaluate(([name, rest]) => globalThis.call(name, ...rest), [id, args]),
    close: () => page.evaluate((name) => globalThis.stop(name), id),
  };
}

async function inNode() {
  const worker = new Worker(path.join(here, 'worker.mjs'));
  const waiting = new Map();
  let last = 0;
  const answer = (id) => new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  const ready = answer(0);
  worker.on('error', (error) => waiting.forEach(({ reject }) => reject(error)));
  worker.on('message', ({ id, result, failure }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (failure) reject(new Error(failure));
    else resolve(result);
  });
  await ready;
  return {
    call(method, ...args) {
      worker.postMessage({ id: ++last, method, args });
      return answer(last);
    },
    close: () => worker.terminate(),
  };
}

async function inPython({ threads }) {
  const child = spawn('/usr/bin/python3', [path.join(here, 'peers', 'torch_rows.py'), String(threads)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_NUM_THREADS: String(threads), OPENBLAS_NUM_THREADS: String(threads) },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async call(method, ...args) {
      child.stdin.write(`${JSON.stringify({ method, args })}\n`);
      const { value, done } = await lines.next();
      if (done) throw new Error('Python ended');
      const { result, failure } = JSON.parse(value);
      if (failure) throw new Error(failure);
      return result;
    },
    close: async () => void child.stdin.end(),
  };
}

export const hasTorch = () =>
  spawnSync('/usr/bin/python3', ['-c', 'import torch'], { stdio: 'ignore' }).status === 0;

export async function open(contender, page, options) {
  const { place, engine, backend } = contender;
  const link =
    place === 'chromium'
      ? await inChromium(page, contender)
      : place === 'node'
        ? await inNode()
        : await inPython(options);
  return { ...contender, ...link, about: await link.call('load', engine, { ...options, backend }) };
}
