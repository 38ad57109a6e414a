// Bundles web/ into dist/: index.js, the further entries (models.js …), and what they share in core.js. The variants' own
// JavaScript stays in files of its own, loaded when chosen.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { at } from './lib/project.mjs';

const limit = 40 * 1024; // of what a program loads that imports `fluxion` alone
const further = ['models', 'datasets', 'training'].filter((name) => existsSync(at('web', name, 'index.ts')));
const apart = new RegExp(`[\\\\/]web[\\\\/](?:${further.join('|') || '-'})[\\\\/]`);
// Loaded when a program first trains.
const later = /[\\/]web[\\/]nn[\\/]fit\.ts$/;

const bundle = await rolldown({
  input: {
    index: at('web', 'index.ts'),
    ...Object.fromEntries(further.map((name) => [name, at('web', name, 'index.ts')])),
  },
  platform: 'neutral',
  tsconfig: at('tsconfig.json'),
  external: [/fluxion-[\w-]+\.mjs$/],
  transform: { target: 'es2022' },
});
await bundle.write({
  dir: at('dist'),
  format: 'es',
  sourcemap: true,
  // Classes keep their names: error texts and printed modules show them.
  minify: { mangle: { keepNames: { class: true, function: false } }, compress: true, codegen: true },
  entryFileNames: '[name].js',
  chunkFileNames: '[name].js',
  codeSplitting: { groups: [{ name: 'core', test: (id) => !apart.test(id) && !later.test(id) }] },
  cleanDir: false,
});
await bundle.close();

// Bundlers look for these addresses as plain strings; the minifier has made template texts of them.
const core = at('dist', 'core.js');
const text = readFileSync(core, 'utf8').replace(/`(\.\/(?:fluxion-[\w-]+\.(?:wasm|mjs)|fit\.js))`/g, "'$1'");
if ((text.match(/new URL\('\.\/fluxion-[\w-]+\.wasm', ?import\.meta\.url\)/g) ?? []).length !== 4)
  throw new Error('dist/core.js does not name the four .wasm files literally');
writeFileSync(core, text);
// What core.js imports is asked for together with it and not after it.
const index = at('dist', 'index.js');
writeFileSync(index, `import"./rolldown-runtime.js";${readFileSync(index, 'utf8')}`);
const weight = (name) => gzipSync(readFileSync(at('dist', `${name}.js`)), { level: 9 }).length;
const size = weight('index') + weight('core');
const others = further.map((name) => `, ${name}.js ${(weight(name) / 1024).toFixed(1)} KB`).join('');
console.log(`dist/index.js with core.js: ${(size / 1024).toFixed(1)} KB gzip${others}`);
if (size > limit) throw new Error(`dist/index.js: ${size} bytes gzip are over the limit of ${limit}`);
