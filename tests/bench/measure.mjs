// How a sample is taken and what is said of several: the same for the benchmark, its report and the site's page.
const WARM_MS = 300;
const SAMPLE_MS = 40;

/** Milliseconds a call, over so many calls. */
export async function time(task, calls) {
  const start = performance.now();
  await task.run(calls);
  return (performance.now() - start) / calls;
}

/** Until the engine has compiled its best; gives how many calls fill a sample. */
export async function warmUp(task) {
  const start = performance.now();
  let calls = 1;
  for (;;) {
    const each = await time(task, calls);
    if (performance.now() - start >= WARM_MS)
      return Math.max(1, Math.round(SAMPLE_MS / Math.max(each, 1e-4)));
    if (each * calls < SAMPLE_MS) calls *= 2;
  }
}

export const median = (list) => list.toSorted((a, b) => a - b)[list.length >> 1];

/** Milliseconds a call, in the row's unit. */
export const inUnit = ({ unit, per }, ms) => (unit === 'ms' ? ms : (per / ms) * 1000);

export function summary(row, times) {
  const all = times.map((ms) => inUnit(row, ms));
  return { median: median(all), min: Math.min(...all), max: Math.max(...all) };
}

/** How many times as fast as `other`; above 1 ours leads. */
export const lead = (unit, ours, other) => (unit === 'ms' ? other / ours : ours / other);

/** The name of the fastest of `{ name: median }`. */
export const fastest = (unit, medians) =>
  Object.keys(medians).reduce(
    (a, b) => (a !== undefined && lead(unit, medians[a], medians[b]) >= 1 ? a : b),
    undefined,
  );

export const number = (n) => (n === undefined ? '–' : n.toFixed(n < 10 ? 2 : n < 100 ? 1 : 0));
