// Tests of set-up, with Node's own test runner. The closing line is the one that `npm test` reads.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run } from 'node:test';

const folder = import.meta.dirname;
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.test.mjs'))
  .map((name) => path.join(folder, name));
const count = { passed: 0, failed: 0, skipped: 0 };

// Every test file is reported as a test too; only the tests inside count.
const real = (event) => !files.includes(event.name);
const stream = run({ files, concurrency: true });
stream.on('test:pass', (event) => {
  if (!real(event)) return;
  if (event.skip !== undefined) count.skipped++;
  else count.passed++;
});
stream.on('test:fail', (event) => {
  if (!real(event) && event.details.error.failureType === 'subtestsFailed') return;
  count.failed++;
  const error = event.details.error.cause ?? event.details.error;
  console.log(`✗ ${event.name}\n${error?.stack ?? error}`);
});
stream.on('test:stdout', ({ message }) => process.stdout.write(message));
stream.on('test:stderr', ({ message }) => process.stderr.write(message));
stream.on('end', () => {
  console.log(
    `${count.passed} passed, ${count.failed} failed${count.skipped ? `, ${count.skipped} skipped` : ''}`,
  );
  process.exitCode = count.failed ? 1 : 0;
});
stream.resume();
