// Finds a good Emscripten or makes a private one in the user's cache folder.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cacheDir, makeDir, readJson, withLock, writeWhole } from '../lib/cache.mjs';
import { onInterrupt, run, which } from '../lib/run.mjs';
import { SetupError, say, step } from '../lib/ui.mjs';
import { makeFromDebian } from './debian.mjs';
import { makeFromEmsdk } from './emsdk.mjs';

const oldest = 4;
const script = process.platform === 'win32' ? '.bat' : '';

export const emcc = (root) => path.join(root, `emcc${script}`);

async function versionOf(program) {
  const { code, stdout } = await run(program, ['--version'], { timeout: 60_000 });
  return code === 0 ? stdout.match(/(\d+)\.\d+\.\d+/)?.[0] : undefined;
}

/** An Emscripten that the user has installed, if it is new enough. */
async function installed() {
  const sdk = process.env.EMSDK && emcc(path.join(process.env.EMSDK, 'upstream', 'emscripten'));
  for (const program of [which('emcc'), sdk]) {
    if (!program || !existsSync(program)) continue;
    const version = await versionOf(program);
    if (!version) continue;
    if (Number.parseInt(version, 10) < oldest) {
      say(`  ${program} is Emscripten ${version}, which is too old; ${oldest} or newer is needed`);
      continue;
    }
    const { code, stdout } = await run(path.join(path.dirname(program), `em-config${script}`), [
      'EMSCRIPTEN_ROOT',
    ]);
    return { root: code === 0 ? stdout.trim() : path.dirname(program), version, from: program };
  }
  return undefined;
}

const trial = (call) => `
#include <emscripten/bind.h>
#include <stdexcept>
#include <thread>
static int work() {
  try { throw std::out_of_range("expected"); } catch (const std::exception&) { return 42; }
}
EMSCRIPTEN_BINDINGS(trial) { emscripten::function("work", &work); }
int main() { int got = 0; ${call} return got == 42 ? 0 : 1; }
`;

/**
 * Compiles, links and runs a small program with and without threads. This proves the toolchain, and it makes Emscripten
 * build its system libraries now, once, instead of in the middle of the first build.
 */
async function prove(root) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fluxion-trial-'));
  try {
    for (const threads of [false, true]) {
      const source = path.join(folder, 'trial.cpp');
      const output = path.join(folder, 'trial.js');
      writeFileSync(source, trial(threads ? 'std::thread([&] { got = work(); }).join();' : 'got = work();'));
      const flags = [
        '-O2',
        '-std=c++23',
        '-msimd128',
        '-fwasm-exceptions',
        '-lembind',
        '-sSTRICT',
        '-sALLOW_MEMORY_GROWTH',
        '-sEXIT_RUNTIME',
      ];
      if (threads) flags.push('-pthread', '-sPTHREAD_POOL_SIZE=1', '-Wno-pthreads-mem-growth');
      const made = await run(path.join(root, `em++${script}`), [source, ...flags, '-o', output]);
      if (made.code !== 0) return made.output;
      const ran = await run(process.execPath, [output], { timeout: 60_000 });
      if (ran.code !== 0) return `${ran.output}\nThe trial program ended with code ${ran.code}.\n`;
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function make(home) {
  const name = `emscripten-${Date.now().toString(36)}-${process.pid}`;
  const folder = path.join(home, name);
  mkdirSync(folder);
  const clean = () => rmSync(folder, { recursive: true, force: true });
  const forget = onInterrupt(clean);
  try {
    const made = (await makeFromEmsdk(folder)) ?? (await makeFromDebian(folder));
    const version = await versionOf(emcc(made.root));
    if (!version)
      throw new SetupError(
        'The private Emscripten does not start on this system: install Emscripten 4 or newer (https://emscripten.org).',
      );
    const complaint = await step('building the system libraries of Emscripten', () => prove(made.root));
    if (complaint) {
      process.stderr.write(complaint);
      throw new SetupError(
        'The private Emscripten cannot compile on this system: install Emscripten 4 or newer (https://emscripten.org).',
      );
    }
    // Only this one small file makes the new folder count, so a set-up that is cut short leaves nothing half done.
    const toolchain = { folder: name, root: made.root, version, from: made.from };
    writeWhole(path.join(home, 'current.json'), `${JSON.stringify(toolchain, null, 2)}\n`);
    return toolchain;
  } catch (error) {
    clean();
    throw error;
  } finally {
    forget();
  }
}

function cached(home) {
  const toolchain = readJson(path.join(home, 'current.json'));
  return toolchain && existsSync(emcc(toolchain.root)) ? toolchain : undefined;
}

/** Returns { root, version, from }: `root` is the folder that holds emcc. */
export async function ensureToolchain() {
  const found = await installed();
  if (found) return found;
  const home = makeDir(path.join(cacheDir(), 'toolchain'));
  const ready = cached(home);
  if (ready) return ready;
  return step('making a private Emscripten (once for this machine)', () =>
    withLock(path.join(home, 'lock'), async () => {
      const other = cached(home);
      if (other) return other;
      for (const rest of readdirSync(home))
        if (rest.startsWith('emscripten-')) rmSync(path.join(home, rest), { recursive: true, force: true });
      return make(home);
    }),
  );
}
