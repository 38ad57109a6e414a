// The last touch on a linked variant: makes its JavaScript fit for bundlers, and keeps an eye on the size of the wasm:
// `node finish-wasm.mjs SCRIPT [LIMIT in KB gzip]`.
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const [script, limit] = process.argv.slice(2);

// Browser bundlers stop at an import of a Node module, even in a branch that browsers never take.
const text = readFileSync(script, 'utf8').replace(
  /\(?await import\((["'])(node:\w+)\1\)\)?/g,
  'process.getBuiltinModule("$2")',
);
if (/import\(["']node:/.test(text)) throw new Error(`${script}: an import of a Node module is left`);
writeFileSync(script, text);

const wasm = script.replace(/\.mjs$/, '.wasm');
const bytes = readFileSync(wasm);
const size = gzipSync(bytes, { level: 9 }).length;
const kilobytes = (n) => `${(n / 1024).toFixed(1)} KB`;
console.log(`${wasm.replace(/.*[/\\]/, '')}: ${kilobytes(bytes.length)}, ${kilobytes(size)} gzip`);
if (limit && size > limit * 1024) {
  console.error(`${wasm}: ${kilobytes(size)} gzip is over the limit of ${limit} KB`);
  process.exit(1);
}
