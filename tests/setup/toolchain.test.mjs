import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { machine, sentence } from './machine.mjs';

const emcc = (version) => `[ "$1" = --version ] && echo "emcc (Emscripten) ${version} (abc)"; exit 0`;
const root = ['scripts/setup.mjs', 'root'];

test('an installed Emscripten is used as it is', async (t) => {
  const computer = machine(t, { fakes: { emcc: emcc('4.0.7'), 'em-config': 'echo /opt/emscripten' } });
  const result = await computer.node(root);
  assert.equal(result.stdout.trim(), '/opt/emscripten');
  assert.equal(existsSync(computer.cache), false);
});

test('EMSDK names an Emscripten', async (t) => {
  const computer = machine(t);
  const folder = path.join(computer.folder, 'sdk', 'upstream', 'emscripten');
  mkdirSync(folder, { recursive: true });
  for (const [name, script] of [
    ['emcc', emcc('5.0.1')],
    ['em-config', `echo ${folder}`],
  ]) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const result = await computer.node(root, { env: { EMSDK: path.join(computer.folder, 'sdk') } });
  assert.equal(result.stdout.trim(), folder);
});

test('an Emscripten that is too old is passed over, and an unknown system gets one sentence', async (t) => {
  const computer = machine(t, { fakes: { emcc: emcc('3.1.6') } });
  const result = await computer.node(root);
  assert.match(result.stdout, /Emscripten 3\.1\.6, which is too old/);
  assert.match(
    sentence(result),
    /^There is no ready-made Emscripten for this system: install Emscripten 4 or newer/,
  );
});

test('a private one in the cache is used without a word', async (t) => {
  const computer = machine(t);
  const home = path.join(computer.cache, 'toolchain');
  mkdirSync(path.join(home, 'emscripten-x'), { recursive: true });
  const place = path.join(home, 'emscripten-x');
  writeFileSync(path.join(place, 'emcc'), '');
  writeFileSync(
    path.join(home, 'current.json'),
    JSON.stringify({ folder: 'emscripten-x', root: place, version: '6.0.5', from: 'emsdk' }),
  );
  const result = await computer.node(root);
  assert.equal(result.stdout, `${place}\n`);
});

const debian = existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');

test('without a network one sentence says so, and nothing half done is left', {
  skip: !debian && 'needs a Debian system',
}, async (t) => {
  const fakes = {
    git: 'exit 128',
    dpkg: 'exit 0',
    'apt-get': `case "$*" in *--print-uris*) echo "'http://mirror.example/debian/dists/stable/InRelease' x 0";; *) echo "Could not resolve host" >&2; exit 100;; esac`,
  };
  const computer = machine(t, { programs: ['python3'], fakes });
  const result = await computer.node(root);
  assert.match(
    sentence(result),
    /^Debian testing could not be read from http:\/\/mirror\.example\/debian: check the network/,
  );
  assert.deepEqual(readdirSync(path.join(computer.cache, 'toolchain')), []);
});

test('an Emscripten in Debian that is too old gets one sentence', {
  skip: !debian && 'needs a Debian system',
}, async (t) => {
  const fakes = {
    git: 'exit 128',
    dpkg: 'exit 0',
    'apt-get': `case "$*" in *--print-uris*) echo "'http://mirror.example/debian/dists/stable/InRelease' x 0";; esac; exit 0`,
    'apt-cache': 'echo "  Candidate: 3.1.69"; exit 0',
  };
  const result = await machine(t, { fakes }).node(root);
  assert.match(sentence(result), /^Debian testing offers Emscripten 3\.1\.69 and 4 is needed/);
});

test('a cache folder that cannot be made gets one sentence', async (t) => {
  const computer = machine(t);
  writeFileSync(path.join(computer.folder, 'file'), '');
  const result = await computer.node(root, {
    env: { FLUXION_CACHE: path.join(computer.folder, 'file', 'cache') },
  });
  assert.match(
    sentence(result),
    /cannot be made \(ENOTDIR\): set FLUXION_CACHE to a folder that you may write to\.$/,
  );
});
