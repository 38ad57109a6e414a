// Times the workloads in one engine, one variant a worker. Every round takes each workload once, so that a machine that
// slows down slows them all; the peak of multiply-adds is a contender among them.
import { workloads } from './workloads.mjs';

const SAMPLE_MS = 40;
const ROUNDS = 7;

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

function timed(run, calls) {
  const start = performance.now();
  for (let i = 0; i < calls; i++) run();
  return (performance.now() - start) / calls;
}

/** Warms up until the engine has compiled its best, and gives how many calls fill a sample. */
function calibrate(run) {
  const start = performance.now();
  let calls = 0;
  let last = 0;
  do {
    last = timed(run, 1);
    calls++;
  } while (performance.now() - start < 300 || calls < 3);
  return Math.max(1, Math.round(SAMPLE_MS / Math.max(last, 1e-3)));
}

async function peakOf(url) {
  const { instance } = await WebAssembly.instantiateStreaming(fetch(url));
  instance.exports._initialize?.();
  return {
    name: 'peak',
    unit: 'GFLOP/s',
    per: instance.exports.peak_flop() / 1e9,
    run: () => instance.exports.run_peak(1),
  };
}

async function bench({ options, only, peak }) {
  const began = performance.now();
  const fx = await import('/dist/index.js');
  const info = await fx.init(options);
  const importMs = performance.now() - began;
  fx.manualSeed(0);
  const wanted = workloads.filter(({ name }) => only.length === 0 || only.some((o) => name.includes(o)));
  const contenders = [await peakOf(peak), ...wanted.map((w) => ({ ...w, ...w.make(fx) }))];
  for (const c of contenders) {
    postMessage({ doing: c.name });
    c.calls = calibrate(c.run);
    c.times = [];
  }
  for (let round = 0; round < ROUNDS; round++) {
    postMessage({ doing: `round ${round + 1} of ${ROUNDS}` });
    for (const c of contenders) c.times.push(timed(c.run, c.calls));
  }
  const rows = contenders.map(({ name, unit, per, times }) => {
    const value = (ms) => (unit === 'ms' ? ms : (per / ms) * 1000);
    const all = times.map(value);
    return { name, unit, median: value(median(times)), min: Math.min(...all), max: Math.max(...all) };
  });
  return { info, importMs, rows, peakMemory: fx.memory().peakBytes };
}

self.onmessage = async ({ data }) => {
  try {
    postMessage({ result: await bench(data) });
  } catch (error) {
    postMessage({ failure: String(error?.stack ?? error) });
  }
};
