// Writes everything that comes from the C++ rows: bindings, TypeScript, API pages, COMPAT.md. `--check` writes nothing
// and fails when a file is not what it would be. `--rows FILE` takes the rows from a file instead of asking C++.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  moduleBindings,
  modulesFile,
  optimizerBindings,
  optimizerNatives,
  optimizersFile,
  prepareModule,
  prepareOptimizer,
} from './generate/classes.mjs';
import { bindingFiles, methodsFile, nativeFile, opsFiles, prepare } from './generate/ops.mjs';
import { pageFiles } from './generate/pages.mjs';
import { readRows } from './generate/rows.mjs';
import { must } from './lib/run.mjs';
import { main, SetupError, say } from './lib/ui.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const style = JSON.parse(readFileSync(path.join(root, 'biome.json'), 'utf8'));
// Folders in which nothing but generated files lies.
const owned = ['bindings/generated', 'web/generated', 'docs/api'];

/** The rows for the tests, one to a line. */
const rowsFile = (rows) =>
  `{\n${Object.entries(rows)
    .map(([kind, list]) => `"${kind}":[\n${list.map((row) => JSON.stringify(row)).join(',\n')}\n]`)
    .join(',\n')}\n}\n`;

export function generatedFiles(rows) {
  const ops = rows.ops.map(prepare);
  const modules = rows.modules.map(prepareModule);
  const optimizers = rows.optimizers.map(prepareOptimizer);
  return new Map([
    ...bindingFiles(ops),
    ...opsFiles(ops),
    ['web/generated/methods.ts', methodsFile(ops)],
    ['web/generated/modules.ts', modulesFile(modules)],
    ['web/generated/optimizers.ts', optimizersFile(optimizers)],
    ['web/generated/native.ts', nativeFile(ops, optimizerNatives(optimizers))],
    ['tests/fixtures/rows.json', rowsFile(rows)],
    ['bindings/generated/modules.cpp', moduleBindings(modules)],
    ['bindings/generated/optimizers.cpp', optimizerBindings(optimizers)],
    ...pageFiles(root, ops, modules, optimizers),
  ]);
}

/** TypeScript in the house style, as Biome writes it. */
async function formatted(files) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fluxion-generate-'));
  const typescript = [...files.keys()].filter((file) => file.endsWith('.ts'));
  for (const file of typescript) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), files.get(file));
  }
  const biome = path.join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const config = path.join(folder, 'biome.json');
  writeFileSync(config, JSON.stringify({ formatter: style.formatter, javascript: style.javascript }));
  await must('Biome could not format the generated files.', process.execPath, [
    biome,
    'format',
    '--write',
    '--config-path',
    config,
    folder,
  ]);
  const result = new Map(files);
  for (const file of typescript) result.set(file, readFileSync(path.join(folder, file), 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  return result;
}

function strangers(files) {
  return owned.flatMap((folder) => {
    const full = path.join(root, folder);
    if (!existsSync(full)) return [];
    return readdirSync(full)
      .map((name) => `${folder}/${name}`)
      .filter((file) => !files.has(file));
  });
}

await main(async () => {
  const flag = process.argv.indexOf('--rows');
  const rows = await readRows(root, flag > 0 ? process.argv[flag + 1] : undefined);
  const files = await formatted(generatedFiles(rows));
  const stale = [];
  for (const [file, text] of files) {
    const full = path.join(root, file);
    if (existsSync(full) && readFileSync(full, 'utf8') === text) continue;
    stale.push(file);
  }
  const left = strangers(files);
  if (process.argv.includes('--check')) {
    if (stale.length + left.length > 0)
      throw new SetupError(
        `Generated files are stale, run \`npm run generate\`: ${[...stale, ...left].join(', ')}`,
      );
    say(`${files.size} generated files are fresh`);
    return 0;
  }
  for (const file of stale) {
    const full = path.join(root, file);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, files.get(file));
  }
  for (const file of left) rmSync(path.join(root, file));
  say(`${files.size} generated files, ${stale.length} written, ${left.length} removed`);
  return 0;
});
