// `npm test`: all set-up, then every suite; the last line is "N passed, N failed". `npm test -- node pages` runs some.
import { runTasks, withNeeds } from './lib/tasks.mjs';
import { elapsed, main, SetupError, say, seconds } from './lib/ui.mjs';
import { listTasks } from './suites.mjs';

await main(async () => {
  const names = process.argv.slice(2);
  const all = await listTasks({ show: names.length > 0 });
  const unknown = names.find((name) => !all.some((task) => task.name === name));
  if (unknown)
    throw new SetupError(
      `There is no suite "${unknown}"; there are: ${all
        .filter((task) => task.suite)
        .map((task) => task.name)
        .join(', ')}.`,
    );
  const rows = await runTasks(names.length ? withNeeds(all, names) : all);

  const width = Math.max(...rows.map((row) => row.name.length));
  say(`\n${'suite'.padEnd(width)}       time  passed  failed  skipped`);
  for (const row of rows) {
    const numbers = [row.passed, row.failed, row.skipped]
      .map((n, i) => String(n || '·').padStart(i < 2 ? 8 : 9))
      .join('');
    say(
      `${row.name.padEnd(width)} ${seconds(row.time).padStart(10)}${numbers}${row.note && `  ${row.note}`}`,
    );
  }
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const skipped = sum('skipped');
  say(`in ${elapsed()}`);
  say(`${sum('passed')} passed, ${sum('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`);
  return sum('failed') ? 1 : 0;
});
