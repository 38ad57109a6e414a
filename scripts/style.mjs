// What no formatter checks for us: line length and tabs in C++, the length of every hand-written file.
import { readFileSync } from 'node:fs';
import { at, root } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { main, say } from './lib/ui.mjs';

const longestLine = 120;
const longestFile = 800;
const code = /\.(cpp|h|inc|ts|mts|mjs|js|css|cmake)$/;
const generated = /(^|\/)(generated|fixtures|__screenshots__)\//;

await main(async () => {
  const { stdout } = await run('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  const faults = [];
  for (const file of stdout.split('\n').filter((name) => code.test(name) && !generated.test(name))) {
    let text;
    try {
      text = readFileSync(at(file), 'utf8');
    } catch {
      continue; // listed, but removed in the working tree
    }
    const lines = text.split('\n');
    if (lines.length - 1 > longestFile)
      faults.push(`${file}: ${lines.length - 1} lines; ${longestFile} are the limit`);
    if (!/\.(cpp|h)$/.test(file)) continue;
    lines.forEach((line, index) => {
      const place = `${file}:${index + 1}`;
      if ([...line].length > longestLine)
        faults.push(`${place}: ${[...line].length} columns; ${longestLine} are the limit`);
      if (line.includes('\t')) faults.push(`${place}: a tab`);
      if (/[ \r]$/.test(line)) faults.push(`${place}: blanks at the end of the line`);
    });
  }
  faults.forEach((fault) => say(fault));
  return faults.length ? 1 : 0;
});
