// What every script says to the person at the terminal: numbered steps with times, and one plain sentence on failure.

const started = performance.now();

/** A failure that the reader can act on. Its message is one sentence and is printed without a stack trace. */
export class SetupError extends Error {}

export const seconds = (ms) =>
  ms < 60_000
    ? `${(ms / 1000).toFixed(1)} s`
    : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;

let talk = process.stdout;
/** From here on, what is said goes to the error stream: standard output belongs to the command that is prepared. */
export function leaveStdoutAlone() {
  talk = process.stderr;
}

export const say = (text) => talk.write(`${text}\n`);

/** Runs `work`, printing what is done before and how long it took after. */
export async function step(title, work) {
  say(`• ${title} …`);
  const from = performance.now();
  const result = await work();
  say(`  ${title}: ${seconds(performance.now() - from)}`);
  return result;
}

/** The entry of a script: known failures become one sentence, unknown ones keep their stack trace. */
export async function main(work) {
  try {
    const code = await work();
    if (typeof code === 'number') process.exitCode = code;
  } catch (error) {
    if (error instanceof SetupError) process.stderr.write(`\n✗ ${error.message}\n`);
    else process.stderr.write(`\n✗ ${error?.stack ?? error}\n`);
    process.exitCode = 1;
  }
}

export const elapsed = () => seconds(performance.now() - started);
