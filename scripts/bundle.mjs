// Bundles web/ into dist/index.js. The variants' own JavaScript stays in files of its own, loaded when chosen.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { rolldown } from 'rolldown';
import { at } from './lib/project.mjs';

const limit = 40 * 1024;

const bundle = await rolldown({
  input: { index: at('web', 'index.ts') },
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
  cleanDir: false,
});
await bundle.close();

// Bundlers look for these addresses as plain strings; the minifier has made template texts of them.
const file = at('dist', 'index.js');
const text = readFileSync(file, 'utf8').replace(/`(\.\/fluxion-[\w-]+\.(?:wasm|mjs))`/g, "'$1'");
if ((text.match(/new URL\('\.\/fluxion-[\w-]+\.wasm', ?import\.meta\.url\)/g) ?? []).length !== 4)
  throw new Error('dist/index.js does not name the four .wasm files literally');
writeFileSync(file, text);
const size = gzipSync(text, { level: 9 }).length;
console.log(`dist/index.js: ${(size / 1024).toFixed(1)} KB gzip`);
if (size > limit) throw new Error(`dist/index.js: ${size} bytes gzip are over the limit of ${limit}`);
