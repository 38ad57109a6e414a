// Writes the ranges of letters (\p{L}) and numbers (\p{N}), as this JavaScript engine knows them, for pre-splitting
// text: `node scripts/unicode.mjs`. Run again for a newer Unicode; the tests hold the table against their own engine.
import { writeFileSync } from 'node:fs';
import { at } from './lib/project.mjs';
import { main, say } from './lib/ui.mjs';

const classOf = (code) => {
  const character = String.fromCodePoint(code);
  return /\p{L}/u.test(character) ? 1 : /\p{N}/u.test(character) ? 2 : 0;
};

/** Runs of one class, the rest left out: [code points since the last run, class, code points of the run]. */
function* runs() {
  let [start, end, kind] = [0, 0, 0];
  for (let code = 0; code <= 0x110000; code++) {
    const next = code < 0x110000 ? classOf(code) : 0;
    if (next === kind) continue;
    if (kind) {
      yield [start - end, kind, code - start];
      end = code;
    }
    [start, kind] = [code, next];
  }
}

/** Seven bits a byte, the lowest first; the eighth says that more follow. */
const packed = (value) => (value < 128 ? [value] : [(value & 127) | 128, ...packed(value >> 7)]);

await main(() => {
  const bytes = [...runs()].flatMap(([gap, kind, size]) => [
    ...packed(gap * 2 + kind - 1),
    ...packed(size - 1),
  ]);
  const lines = [];
  for (let i = 0; i < bytes.length; ) {
    let line = '';
    while (i < bytes.length && line.length < 114) line += `${bytes[i++]},`;
    lines.push(line);
  }
  const head = `// Unicode ${process.versions.unicode}, written by scripts/unicode.mjs: for each run of letters or numbers, the code
// points since the last run × 2, + 1 for numbers; then the run's code points − 1. Seven bits a byte.`;
  writeFileSync(at('cpp/fluxion/text/unicode_table.inc'), `${head}\n${lines.join('\n')}\n`);
  say(`${bytes.length} bytes, Unicode ${process.versions.unicode}`);
});
