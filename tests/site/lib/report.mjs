// Counts what passed, prints one line a check, and says at the end how it went.
let passed = 0;
const failures = [];

/** Runs one named check; its function throws on failure and may return a note, such as a time it took. */
export async function check(name, run) {
  const started = performance.now();
  try {
    const note = await run();
    passed++;
    console.log(`ok    ${name}${note ? ` · ${note}` : ''} (${seconds(performance.now() - started)})`);
  } catch (error) {
    failures.push(name);
    console.log(`FAIL  ${name}\n      ${String(error?.message ?? error).replaceAll('\n', '\n      ')}`);
  }
}

export function expect(condition, message) {
  if (!condition) throw new Error(message);
}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

export function finish() {
  for (const name of failures) console.log(`failed: ${name}`);
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length;
}
