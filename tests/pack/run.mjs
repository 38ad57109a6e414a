// The packed tarball in the hands of its users: each consumer lives in an empty folder of its own, installs what
// `npm pack` made, and trains XOR with tests/pack/program.ts to a loss under 0.01.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { at, currentNode, npmPath } from '../../scripts/lib/project.mjs';
import { run, start, stop, which } from '../../scripts/lib/run.mjs';
import { launch } from '../site/lib/browser.mjs';
import { serve } from '../site/lib/server.mjs';

const home = mkdtempSync(path.join(os.tmpdir(), 'fluxion-pack-'));
const env = {
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  PATH: npmPath(),
};
const versions = JSON.parse(readFileSync(at('package.json'), 'utf8')).devDependencies;
const html = (head) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>training</title><link rel="icon" href="data:,">${head}</head><body></body></html>`;

async function must(command, args, options) {
  const done = await run(command, args, { timeout: 240_000, ...options, env: { ...env, ...options.env } });
  assert.equal(
    done.code,
    0,
    `${command} ${args.join(' ')} ended with ${done.code}:\n${done.output.slice(-3000)}`,
  );
  return done.stdout;
}

function check(text, wanted) {
  const { trained, fitted, epochs, threads } = JSON.parse(
    text.slice(text.indexOf('RESULT ') + 7).split('\n')[0],
  );
  assert.ok(trained < 0.01, `the loop reached a loss of ${trained}`);
  assert.ok(fitted < 0.01 && epochs === 300, `fit reached a loss of ${fitted} in ${epochs} epochs`);
  const many = os.availableParallelism() > 1;
  if (wanted && many) assert.equal(threads > 1, wanted === 'threads', `it ran on ${threads} threads`);
  return `loss ${trained.toExponential(1)} on ${threads} thread${threads > 1 ? 's' : ''}`;
}

async function project(name, files, dependencies) {
  const folder = path.join(home, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), text);
  }
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, private: true, type: 'module' }));
  // An npm started from npm must not take over the outer one's settings for this project.
  await must('npm', ['install', '--no-save', '--loglevel=error', tarball, ...dependencies], {
    cwd: folder,
    env: { npm_config_local_prefix: folder, INIT_CWD: folder },
  });
  return folder;
}

let browser;
async function watch(url, wanted = 'one thread') {
  browser ??= await launch();
  const page = await browser.newPage();
  const heard = [];
  page.on('pageerror', (error) => heard.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && heard.push(message.text()));
  try {
    await page.goto(url);
    await page.waitForFunction(() => document.title.startsWith('RESULT'), undefined, { timeout: 60_000 });
    assert.deepEqual(heard, []);
    return check(await page.title(), wanted);
  } catch (error) {
    throw new Error(`${error.message}\nthe page said: ${heard.join('\n')}`);
  } finally {
    await page.close();
  }
}

async function watchFolder(folder, { isolated = false, headers } = {}) {
  const server = await serve(folder, { isolated, headers });
  try {
    return await watch(server.url, isolated ? 'threads' : 'one thread');
  } finally {
    await server.close();
  }
}

const program = readFileSync(at('tests', 'pack', 'program.ts'), 'utf8');
const strict = {
  target: 'es2022',
  module: 'nodenext',
  moduleResolution: 'nodenext',
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  outDir: 'out',
  rootDir: '.',
  lib: ['es2022', 'esnext.disposable', 'dom'],
  types: [],
};

let tarball;
let compiled;
let viteApp;

const consumers = {
  async 'npm pack'() {
    const [packed] = JSON.parse(
      await must('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', home], { cwd: at() }),
    );
    tarball = path.join(home, packed.filename);
    const stray = packed.files
      .map((f) => f.path)
      .filter((f) => !/^(dist\/|package\.json|README\.md|LICENSE)/.test(f));
    assert.deepEqual(stray, [], 'the tarball holds dist/ alone');
    return `${Math.round(packed.size / 1024)} kB`;
  },
  async 'a strict TypeScript project'() {
    const files = {
      'program.ts': program,
      'tsconfig.json': JSON.stringify({ compilerOptions: strict, files: ['program.ts'] }),
    };
    const folder = await project('typescript', files, [`typescript@${versions.typescript}`]);
    await must(path.join(folder, 'node_modules', '.bin', 'tsc'), ['-p', '.'], { cwd: folder });
    compiled = folder;
    return 'no type error';
  },
  async 'Node 24'() {
    const version = await must(currentNode(), ['--version'], { cwd: compiled });
    assert.match(version, /^v24\./);
    return check(await must(currentNode(), ['out/program.js'], { cwd: compiled }));
  },
  async 'Node 20'() {
    // The machine's own, where it is that old; otherwise npm's.
    const outside = (process.env.PATH ?? '')
      .split(path.delimiter)
      .filter((p) => !p.includes('node_modules'))
      .join(path.delimiter);
    let node = which('node', outside);
    if (!node || !/^v20\./.test(await must(node, ['--version'], { cwd: compiled }))) {
      const folder = await project('node20', {}, ['node@20']);
      node = path.join(folder, 'node_modules', 'node', 'bin', 'node');
    }
    return check(await must(node, ['out/program.js'], { cwd: compiled }));
  },
  async 'a Vite app, in development'() {
    const files = {
      'index.html': html('<script type="module" src="/program.ts"></script>'),
      'program.ts': program,
    };
    viteApp = await project('vite', files, [`vite@${versions.vite}`]);
    const child = start(
      currentNode(),
      ['node_modules/vite/bin/vite.js', '--host', '127.0.0.1', '--port', '0'],
      {
        cwd: viteApp,
        env: { ...env, NO_COLOR: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    try {
      const url = await new Promise((resolve, reject) => {
        let heard = '';
        const listen = (chunk) => {
          heard += chunk;
          const at = heard.match(/http:\/\/127\.0\.0\.1:\d+\//);
          if (at) resolve(at[0]);
        };
        child.stdout.on('data', listen);
        child.stderr.on('data', listen);
        child.on('exit', () => reject(new Error(`vite ended: ${heard}`)));
      });
      return await watch(url);
    } finally {
      stop(child);
    }
  },
  async 'a Vite app, built'() {
    await must(currentNode(), ['node_modules/vite/bin/vite.js', 'build'], { cwd: viteApp });
    return watchFolder(path.join(viteApp, 'dist'));
  },
  async 'a Vite app, built, isolated and under a strict content security policy'() {
    const headers = { 'Content-Security-Policy': "script-src 'self' 'wasm-unsafe-eval'" };
    return watchFolder(path.join(viteApp, 'dist'), { isolated: true, headers });
  },
  async 'a plain page with an import map'() {
    const folder = path.join(home, 'plain');
    cpSync(path.join(compiled, 'node_modules', 'fluxion'), path.join(folder, 'fluxion'), { recursive: true });
    cpSync(path.join(compiled, 'out', 'program.js'), path.join(folder, 'program.js'));
    const further = ['models', 'datasets', 'training'].map((name) => [
      `fluxion/${name}`,
      `./fluxion/dist/${name}.js`,
    ]);
    const imports = { fluxion: './fluxion/dist/index.js', ...Object.fromEntries(further) };
    const map = JSON.stringify({ imports });
    const head = `<script type="importmap">${map}</script><script type="module" src="./program.js"></script>`;
    writeFileSync(path.join(folder, 'index.html'), html(head));
    return watchFolder(folder);
  },
  'the plain page, isolated': () => watchFolder(path.join(home, 'plain'), { isolated: true }),
};

let passed = 0;
let failed = 0;
for (const [name, consumer] of Object.entries(consumers)) {
  const begin = Date.now();
  try {
    const told = await consumer();
    passed++;
    console.log(`ok    ${name}: ${told} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAIL  ${name}: ${error.stack ?? error}`);
  }
}
await browser?.close();
rmSync(home, { recursive: true, force: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
