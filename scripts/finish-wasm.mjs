// The last touch on a linked variant: makes its JavaScript fit for bundlers and says what it weighs. One that is published
// has a limit, and its functions in the order that gzip likes: `node finish-wasm.mjs SCRIPT [LIMIT in KB gzip [WASM-OPT]]`.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { nameByLikeness } from './lib/function-order.mjs';

const [script, limit, wasmOpt] = process.argv.slice(2);

// Browser bundlers stop at an import of a Node module, even in a branch that browsers never take.
const text = readFileSync(script, 'utf8').replace(
  /\(?await import\((["'])(node:\w+)\1\)\)?/g,
  'process.getBuiltinModule("$2")',
);
if (/import\(["']node:/.test(text)) throw new Error(`${script}: an import of a Node module is left`);
writeFileSync(script, text);

const wasm = script.replace(/\.mjs$/, '.wasm');
if (wasmOpt) {
  writeFileSync(wasm, nameByLikeness(readFileSync(wasm)));
  // No pass but the sort; the levels only say how tightly to write.
  const sort = ['--optimize-level=2', '--shrink-level=2', '--reorder-functions-by-name', '--strip-debug'];
  execFileSync(wasmOpt, ['--all-features', ...sort, wasm, '-o', wasm], { stdio: 'inherit' });
}
const bytes = readFileSync(wasm);
const size = gzipSync(bytes, { level: 9 }).length;
const kilobytes = (n) => `${(n / 1024).toFixed(1)} KB`;
console.log(`${wasm.replace(/.*[/\\]/, '')}: ${kilobytes(bytes.length)}, ${kilobytes(size)} gzip`);
if (limit && size > limit * 1024) {
  console.error(`${wasm}: ${kilobytes(size)} gzip is over the limit of ${limit} KB`);
  process.exit(1);
}
