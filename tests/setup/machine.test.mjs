import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { machine, project, sentence, temporary } from './machine.mjs';

const compilers = 'setup/compiler.mjs';

test('no compiler: one sentence', async (t) => {
  const result = await machine(t).evaluate(compilers, '(it) => it.ensureCompiler()');
  assert.match(sentence(result), /^There is no C\+\+ compiler: install g\+\+ 12 or newer/);
});

test('a compiler that is too old does not count', async (t) => {
  const computer = machine(t, { fakes: { 'g++': 'echo 9', 'clang++': 'echo 18.1.3' } });
  const result = await computer.evaluate(compilers, '(it) => it.nativeCompilers()');
  assert.deepEqual(JSON.parse(result.stdout), { 'clang++': 18 });
});

test('no CMake, or an old one: one sentence', async (t) => {
  assert.match(
    sentence(await machine(t).evaluate(compilers, '(it) => it.ensureCMake()')),
    /^CMake is missing: install CMake 3\.25/,
  );
  const old = machine(t, { fakes: { cmake: 'echo "cmake version 3.16.3"' } });
  assert.match(
    sentence(await old.evaluate(compilers, '(it) => it.ensureCMake()')),
    /^CMake 3\.16 is too old/,
  );
});

test('neither ninja nor make nor apt: one sentence', async (t) => {
  const computer = machine(t, { fakes: { cmake: 'echo "cmake version 3.25.1"' } });
  assert.match(
    sentence(await computer.evaluate(compilers, '(it) => it.ensureCMake()')),
    /^Neither ninja nor make was found/,
  );
});

test('make is enough', async (t) => {
  const computer = machine(t, { fakes: { cmake: 'echo "cmake version 3.31.0"', make: 'exit 0' } });
  const result = await computer.evaluate(compilers, '(it) => it.ensureCMake()');
  assert.deepEqual(JSON.parse(result.stdout), ['-G', 'Unix Makefiles']);
});

test('Chromium: the named one, the installed one, or a sentence', async (t) => {
  const chromium = 'setup/chromium.mjs';
  const code = '(it) => it.ensureChromium()';
  const named = machine(t, { fakes: { browser: 'exit 0' } });
  const file = path.join(named.bin, 'browser');
  assert.equal(
    JSON.parse((await named.evaluate(chromium, code, { env: { CHROMIUM_PATH: file } })).stdout),
    file,
  );
  const missing = await named.evaluate(chromium, code, { env: { CHROMIUM_PATH: '/nowhere' } });
  assert.match(sentence(missing), /^CHROMIUM_PATH names \/nowhere, which does not exist/);
  const installed = machine(t, { fakes: { 'google-chrome': 'exit 0' } });
  assert.equal(
    JSON.parse((await installed.evaluate(chromium, code)).stdout),
    path.join(installed.bin, 'google-chrome'),
  );
});

/** A small project with the real set-up scripts and an npm that only counts how often it is called. */
function smallProject(t, npm) {
  const folder = temporary(t);
  cpSync(path.join(project, 'scripts'), path.join(folder, 'scripts'), { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), '{}');
  writeFileSync(path.join(folder, 'package-lock.json'), '{}');
  const computer = machine(t, { programs: ['mkdir'], fakes: { npm } });
  const install = () =>
    computer.node(
      [
        '--input-type=module',
        '--eval',
        `import { ensurePackages } from ${JSON.stringify(`${folder}/scripts/setup/packages.mjs`)}; import { main } from ${JSON.stringify(`${folder}/scripts/lib/ui.mjs`)}; await main(ensurePackages);`,
      ],
      { cwd: folder },
    );
  return {
    folder,
    install,
    calls: () =>
      existsSync(path.join(folder, 'calls')) ? readFileSync(path.join(folder, 'calls'), 'utf8').length : 0,
  };
}

test('npm packages are installed once, and again when the lock file changes or they are gone', async (t) => {
  const { folder, install, calls } = smallProject(t, 'mkdir -p node_modules; printf x >> calls');
  assert.match((await install()).stdout, /installing the npm packages: /);
  const from = performance.now();
  assert.equal((await install()).stdout, '');
  assert.ok(performance.now() - from < 2000);
  assert.equal(calls(), 1);
  writeFileSync(path.join(folder, 'package-lock.json'), '{ "changed": true }');
  await install();
  assert.equal(calls(), 2);
  rmSync(path.join(folder, 'node_modules'), { recursive: true });
  await install();
  assert.equal(calls(), 3);
});

test('npm that fails: one sentence, and the next run tries again', async (t) => {
  const { install, calls } = smallProject(t, 'printf x >> calls; echo "npm error network" >&2; exit 1');
  assert.match(
    sentence(await install()),
    /^The npm packages could not be installed: check the network connection/,
  );
  await install();
  assert.equal(calls(), 2);
});

test('Node that is too old is told apart', async (t) => {
  const { folder, install } = smallProject(t, 'exit 0');
  const file = path.join(folder, 'scripts', 'setup', 'packages.mjs');
  writeFileSync(file, readFileSync(file, 'utf8').replace('process.versions.node.split', "'18.19.0'.split"));
  mkdirSync(path.join(folder, 'node_modules'));
  assert.match(sentence(await install()), /is too old: install Node 20\.20 or newer/);
});
