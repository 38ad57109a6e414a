// `npm run check`: types, lint and format, generated files, floors. `--fix` lets the formatter write.
import { existsSync } from 'node:fs';
import { at, currentNode, root } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { elapsed, main, say, seconds } from './lib/ui.mjs';
import { ensurePackages } from './setup/packages.mjs';

const bin = (name, ...parts) => at('node_modules', name, ...parts);
const fix = process.argv.includes('--fix');

await main(async () => {
  await ensurePackages();
  const node = currentNode();
  const checks = [
    ['types', [bin('typescript', 'bin', 'tsc'), '-p', at('tsconfig.json')]],
    [
      'lint and format',
      [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', ...(fix ? ['--write'] : [])],
    ],
    ['style', [at('scripts', 'style.mjs')]],
    ['floors', [at('scripts', 'floors.mjs')]],
    ['generated files', [at('scripts', 'generate.mjs'), '--check']],
  ];
  let failed = 0;
  await Promise.all(
    checks.map(async ([name, args]) => {
      const from = performance.now();
      const result = existsSync(args[0])
        ? await run(node, args, { cwd: root })
        : { code: 1, output: `${args[0]} is missing` };
      if (result.code !== 0) failed++;
      say(`${result.code === 0 ? '✓' : '✗'} ${name} (${seconds(performance.now() - from)})`);
      if (result.code !== 0) say(result.output.trim());
    }),
  );
  say(`${checks.length - failed} passed, ${failed} failed in ${elapsed()}`);
  return failed ? 1 : 0;
});
