// `npm run bench -- [name …]`: how fast Fluxion is, beside its peers in the same browser, native PyTorch, and what the machine
// can do at most.
//
//   --threads N|both   how many threads (default both: 1, then 2)
//   --peers none|ids   who else runs (default all: tfjs-cpu,tfjs-wasm,jax,ort,brain,torch,fluxion-node)
//   --rounds N         samples of each (default 7; the median counts)
//   --simd simd        without relaxed SIMD
//   --json FILE        everything measured
//   --markdown         writes docs/BENCHMARKS.md, and docs/benchmarks.json for the site's benchmark page
//
// Names choose rows by a part of their name; `import` is the one from import to the first finished step. All contenders of
// a row take turns, a round each, so that a machine that slows down slows them all. Each is checked first: results that are
// not Fluxion's strike it from the row. Slowness is no failure; an error is.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../scripts/lib/project.mjs';
import { launch } from '../site/lib/browser.mjs';
import { serve } from '../site/lib/server.mjs';
import { contenders, hasTorch, open } from './contenders.mjs';
import { compared, median, share } from './measure.mjs';
import { figures, markdown, table } from './report.mjs';
import { rows, startUp } from './workloads.mjs';

const { values, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'string' },
    markdown: { type: 'boolean', default: false },
    peers: { type: 'string', default: 'all' },
    rounds: { type: 'string', default: '7' },
    simd: { type: 'string', default: 'relaxed' },
    threads: { type: 'string', default: 'both' },
  },
});
const { simd } = values;
const rounds = Number(values.rounds);
const wanted = [...rows, startUp].filter(
  ({ name }) => only.length === 0 || only.some((o) => name.includes(o)),
);
const asked = values.peers === 'all' ? undefined : values.peers.split(',');
const taking = contenders.filter(({ id }) => id === 'fluxion' || !asked || asked.includes(id));
const startsUp = ['fluxion', 'tfjs-cpu', 'jax', 'brain'];

const tell = (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);
const problems = [];

/** Peers are installed by the first run that wants them. */
function install() {
  if (taking.every(({ engine }) => engine === 'fluxion' || engine === 'torch')) return;
  const folder = path.join(root, 'tests', 'bench');
  if (!existsSync(path.join(folder, 'node_modules', '.package-lock.json')))
    execFileSync('npm', ['ci'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

const installed = (name) =>
  JSON.parse(readFileSync(path.join(root, 'tests', 'bench', 'node_modules', name, 'package.json'), 'utf8'))
    .version;

function near(a, b) {
  if (!a || !b || a.length !== b.length) return false;
  const scale = Math.max(...b.map(Math.abs), 1e-6);
  return a.every((v, i) => Math.abs(v - b[i]) <= 2e-3 * scale);
}

/** The contenders of a row that have it and get it right, with how many calls make a sample. */
async function prepared(row, links) {
  const out = [];
  let right;
  for (const link of links) {
    if (link.takes?.(row) === false) continue;
    tell(`${row.name}: ${link.title}`);
    try {
      const made = await link.call('prepare', row);
      if (!made) continue;
      if (link.id === 'fluxion') right = made.results;
      if (!link.unlike && !near(made.results, right)) {
        const shown = [made.results, right].map((r) => r?.slice(0, 4).join(', '));
        problems.push(
          `${row.name}: ${link.title} computes something else: ${shown[0]} for ${shown[1]}; struck`,
        );
        await link.call('release');
        continue;
      }
      out.push({ link, times: [], calls: await link.call('warmUp') });
    } catch (error) {
      problems.push(`${row.name}: ${link.title} fails: ${error.message.split('\n')[0]}`);
      if (link.ours) throw error;
      await link.call('release').catch(() => {});
    }
  }
  return out;
}

async function measured(row, links, machine, threads) {
  const entered = await prepared(row, links);
  if (!entered.some(({ link }) => link.ours)) return undefined;
  const gauge = row.gigabytes ? 'bandwidth' : 'peak';
  const { per } = await machine.call('prepare', { name: gauge });
  const most = { calls: await machine.call('warmUp'), times: [] };
  const free = threads === 1 ? onOneCore() : () => {};
  try {
    for (let round = 0; round < rounds; round++) {
      most.times.push(await machine.call('time', most.calls));
      for (const { link, times, calls } of entered) {
        tell(`${row.name}: ${link.title}, round ${round + 1}`);
        times.push(await link.call('time', calls));
      }
    }
  } finally {
    free();
  }
  for (const { link } of entered) await link.call('release');
  const times = Object.fromEntries(entered.map(({ link, times }) => [link.id, times]));
  return {
    ...row,
    [gauge]: (per / median(most.times)) * 1000,
    results: compared(row, times),
    share: share(row, times.fluxion, most.times, per),
  };
}

/** Each sample is a first visit: nothing is cached, neither files nor what the browser made of them. */
async function measuredStart(browser, address, options) {
  const times = {};
  for (let round = -1; round < rounds; round++)
    for (const { id, title, engine, backend } of taking.filter((c) => startsUp.includes(c.id))) {
      tell(`${startUp.name}: ${title}, round ${round + 1}`);
      const page = await opened(browser, address);
      await page.evaluate((name) => globalThis.start(name), id);
      const order = [id, engine, { ...options, backend }];
      const ms = await page
        .evaluate(([name, ...args]) => globalThis.call(name, 'startUp', ...args), order)
        .catch(
          (error) => void problems.push(`${startUp.name}: ${title} fails: ${error.message.split('\n')[0]}`),
        );
      if (round >= 0 && ms) (times[id] ??= []).push(ms);
      await page.context().close();
    }
  return { ...startUp, results: compared(startUp, times) };
}

/** page.html in a profile of its own. */
async function opened(browser, address) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(address);
  await page.waitForFunction('window.ready');
  return page;
}

/** All rows but that of the start, with whom they were measured. */
async function measuredRows(browser, address, options) {
  const page = await opened(browser, address);
  const peak = `/build/wasm/fluxion_peak_${simd}.wasm`;
  const machine = await open({ id: 'machine', place: 'chromium', engine: 'machine' }, page, { peak });
  const done = [];
  const versions = {};
  // Workers are fresh for each kind of row: what one leaves in an engine's memory or caches is no part of the next.
  const groups = Object.groupBy(
    wanted.filter((row) => row !== startUp),
    ({ kind }) => kind,
  );
  for (const group of Object.values(groups)) {
    const links = [];
    try {
      for (const contender of taking) {
        if (contender.engine === 'torch' && !hasTorch()) continue;
        tell(`starting ${contender.title}`);
        const link = await open(contender, page, options);
        links.push(link);
        versions[link.id] = link.about.version ?? installed(link.package);
        if (link.about.gflops < 20)
          problems.push(
            `PyTorch's matmul runs at ${link.about.gflops.toFixed(1)} GFLOP/s: its BLAS is a slow one (Debian: install libopenblas0-openmp)`,
          );
      }
      for (const row of group) {
        const result = await measured(row, links, machine, options.threads);
        if (result) done.push(result);
      }
    } finally {
      for (const link of links) await link.close();
    }
  }
  return { versions, rows: done };
}

async function inBrowser(use) {
  const browser = await launch();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}

async function run(threads) {
  const server = await serve(root, { isolated: threads > 1, headers: { 'Cache-Control': 'max-age=3600' } });
  const address = `${server.url}tests/bench/page.html`;
  const options = { simd, threads };
  try {
    const result = await inBrowser((browser) => {
      report.browser = `Chromium ${browser.version()}`;
      return measuredRows(browser, address, options);
    });
    if (wanted.includes(startUp))
      result.rows.push(await inBrowser((browser) => measuredStart(browser, address, options)));
    return { threads, ...result };
  } finally {
    await server.close();
  }
}

function parentOf(pid) {
  try {
    return Number(/^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  } catch {
    return undefined; // it has just ended
  }
}

/** This process and all below it. */
function family() {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => [Number(pid), parentOf(pid)]);
  const found = [process.pid];
  for (const pid of found)
    found.push(...parents.filter(([, parent]) => parent === pid).map(([child]) => child));
  return found;
}

/**
 * Binds all that is running to one core: all contenders of a row then find the same core, however busy others are. Only
 * once they are warm, for engines compile beside what they run. On Linux only, where there is `taskset`; gives what ends it.
 */
function onOneCore() {
  const bind = (cores) => {
    for (const pid of family())
      spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', cores, String(pid)], { stdio: 'ignore' });
  };
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version']).status !== 0) return () => {};
  bind('0');
  return () => bind(`0-${os.cpus().length - 1}`);
}

install();
const report = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${os.cpus()[0].model.trim()}, ${os.cpus().length} cores`,
  system: `${os.type()} ${os.release()}`,
  browser: '',
  node: process.version,
  simd,
  rounds,
  runs: [],
};
for (const threads of values.threads === 'both' ? [1, 2] : [Number(values.threads)]) {
  const result = await run(threads);
  report.runs.push(result);
  tell('');
  console.log(table(report, result));
  report.problems = [...new Set(problems)];
  if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
  if (values.markdown) {
    writeFileSync(path.join(root, 'docs', 'BENCHMARKS.md'), markdown(report));
    const numbers = JSON.stringify(figures(report), null, 2);
    writeFileSync(path.join(root, 'docs', 'benchmarks.json'), `${numbers}\n`);
  }
}
for (const problem of report.problems) console.log(problem);
