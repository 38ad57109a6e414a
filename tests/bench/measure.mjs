// How a sample is taken and what is said of several: the same for the benchmark, its report and the site's page.
const WARM_MS = 1000; // Chromium 156 compiles the last of a small step after 800
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

/**
 * Of each contender what its times say, and how many times as fast as it Fluxion is: within each round, for a machine that
 * slows down slows all of a round.
 */
export function compared(row, times) {
  const lead = (theirs) => median(theirs.map((ms, i) => ms / times.fluxion[i]));
  return Object.fromEntries(
    Object.entries(times).map(([id, own]) => [id, { ...summary(row, own), lead: lead(own) }]),
  );
}

/** The part of what one thread of the machine can do: `most` are its times, `per` what it does in one of its calls. */
export function share(row, times, most, per) {
  const done = row.gigabytes ?? (row.unit === 'GFLOP/s' ? row.per : undefined);
  return done && median(times.map((ms, i) => done / ms / (per / most[i])));
}

/** The name of the fastest of `{ name: median }`. */
export const fastest = (unit, medians) =>
  Object.keys(medians).sort((a, b) => (unit === 'ms' ? 1 : -1) * (medians[a] - medians[b]))[0];

export const number = (n) => (n === undefined ? '–' : n.toFixed(n < 10 ? 2 : n < 100 ? 1 : 0));
