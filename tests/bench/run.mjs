// `npm run bench -- [--json FILE] [--simd simd|relaxed] [--threads N] [name …]`: Fluxion's speed in Chromium, beside the
// machine's own peak of multiply-adds on registers, measured in the same rounds. Medians of seven.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/lib/project.mjs';
import { launch } from '../site/lib/browser.mjs';
import { serve } from '../site/lib/server.mjs';

const { values, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    simd: { type: 'string', default: 'relaxed' },
    threads: { type: 'string', default: '1' },
  },
});
const threads = Number(values.threads);

const server = await serve(root, { isolated: true });
const browser = await launch();
try {
  const page = await browser.newPage();
  await page.goto(`${server.url}tests/bench/page.html`);
  if (process.stderr.isTTY) page.on('console', (m) => process.stderr.write(`\r\x1b[K${m.text()}`));
  const result = await page.evaluate(
    (order) =>
      new Promise((resolve, reject) => {
        const worker = new Worker('/tests/bench/worker.mjs', { type: 'module' });
        worker.onerror = (e) => reject(new Error(e.message ?? 'the worker could not start'));
        worker.onmessage = ({ data: { doing, result, failure } }) => {
          if (doing) console.log(doing);
          else if (failure) reject(new Error(failure));
          else resolve(result);
        };
        worker.postMessage(order);
      }),
    {
      options: { simd: values.simd, threads: threads > 1 ? threads : false },
      only,
      peak: `/build/wasm/fluxion_peak_${values.simd}.wasm`,
    },
  );
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const peak = result.rows[0].median * result.info.threads;
  console.log(`Chromium ${browser.version()}, ${result.info.variant}, ${result.info.threads} thread(s)`);
  console.log(`ready ${result.importMs.toFixed(0)} ms after the import began\n`);
  const width = Math.max(...result.rows.map((r) => r.name.length));
  for (const { name, unit, median, min, max } of result.rows) {
    const digits = median < 10 ? 2 : median < 1000 ? 1 : 0;
    const share =
      unit === 'GFLOP/s' && name !== 'peak' ? `  ${((100 * median) / peak).toFixed(0)} % of peak` : '';
    console.log(
      `${name.padEnd(width)} ${median.toFixed(digits).padStart(10)} ${unit.padEnd(9)}` +
        ` (${min.toFixed(digits)} to ${max.toFixed(digits)})${share}`,
    );
  }
  if (values.json)
    writeFileSync(values.json, `${JSON.stringify({ browser: browser.version(), ...result }, null, 2)}\n`);
} finally {
  await browser.close();
  await server.close();
}
