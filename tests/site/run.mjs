// The built site in Chromium: `node tests/site/run.mjs [--update] [--dist=DIR] [targets] [contract] [looks]`.
import fs from 'node:fs';
import path from 'node:path';
import { accessible, budgets, calm, keys, phones, plain } from './contract.mjs';
import { launch } from './lib/browser.mjs';
import { finish } from './lib/report.mjs';
import { serve } from './lib/server.mjs';
import { benchmark, digits, home, transformer, xor } from './targets.mjs';
import { looks } from './visual.mjs';

const args = process.argv.slice(2);
const update = args.includes('--update');
const parts = args.filter((a) => !a.startsWith('-'));
const wanted = (part) => parts.length === 0 || parts.includes(part);

const dist = args.find((a) => a.startsWith('--dist='))?.slice('--dist='.length) ?? 'dist-site';
const folder = path.resolve(import.meta.dirname, '..', '..', dist);
if (!fs.existsSync(path.join(folder, 'index.html'))) {
  console.error(`${dist} is not there: run \`npm run build\` first`);
  process.exit(1);
}

const isolated = await serve(folder, { isolated: true });
const bare = await serve(folder, { isolated: false, prefix: '/some/where/' });
const browser = await launch();
try {
  if (wanted('targets')) {
    for (const target of [home, xor, digits, transformer, benchmark]) await target(browser, isolated.url);
  }
  if (wanted('contract')) {
    for (const part of [budgets, keys, calm, phones, accessible]) await part(browser, isolated.url);
    await plain(browser, bare.url);
  }
  if (wanted('looks')) await looks(browser, isolated.url, update);
} finally {
  await browser.close();
  await Promise.all([isolated.close(), bare.close()]);
}
process.exitCode = finish() > 0 ? 1 : 0;
