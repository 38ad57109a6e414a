// CMake, a program that runs its builds, and a native C++ compiler.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { cacheDir, makeDir, withLock } from '../lib/cache.mjs';
import { run, which } from '../lib/run.mjs';
import { SetupError, step } from '../lib/ui.mjs';
import { unpackOne } from '../toolchain/apt.mjs';

/** Returns the arguments that tell CMake which generator to use. */
export async function ensureCMake() {
  if (!which('cmake'))
    throw new SetupError('CMake is missing: install CMake 3.25 or newer (on Debian: apt install cmake).');
  const { stdout } = await run('cmake', ['--version']);
  const [major, minor] = (stdout.match(/(\d+)\.(\d+)/) ?? ['', '0', '0']).slice(1).map(Number);
  if (major < 3 || (major === 3 && minor < 25)) {
    throw new SetupError(
      `CMake ${major}.${minor} is too old: install CMake 3.25 or newer (https://cmake.org/download).`,
    );
  }
  const ninja = which('ninja') ?? which('ninja-build');
  if (ninja) return ['-G', 'Ninja', `-DCMAKE_MAKE_PROGRAM=${ninja}`];
  if (which('make')) return ['-G', 'Unix Makefiles'];
  return ['-G', 'Ninja', `-DCMAKE_MAKE_PROGRAM=${await privateNinja()}`];
}

/** CMake comes without make on a bare Debian. */
async function privateNinja() {
  const folder = path.join(makeDir(path.join(cacheDir(), 'ninja')), 'root');
  const program = path.join(folder, 'usr', 'bin', 'ninja');
  if (existsSync(program)) return program;
  return step('fetching ninja', () =>
    withLock(path.join(cacheDir(), 'ninja', 'lock'), async () => {
      if (!existsSync(program) && !(await unpackOne('ninja-build', folder))) {
        throw new SetupError(
          'Neither ninja nor make was found: install one of them (on Debian: apt install ninja-build).',
        );
      }
      return program;
    }),
  );
}

const oldestGood = { 'g++': 12, 'clang++': 16 };

async function versionOf(name) {
  if (!which(name)) return undefined;
  const { code, stdout } = await run(name, ['-dumpversion']);
  return code === 0 ? Number.parseInt(stdout, 10) : undefined;
}

/** The native compilers that can build the library: { 'g++': 12, 'clang++': 21 }, or fewer. */
export async function nativeCompilers() {
  const found = {};
  for (const [name, oldest] of Object.entries(oldestGood)) {
    const version = await versionOf(name);
    if (version >= oldest) found[name] = version;
  }
  return found;
}

export async function ensureCompiler() {
  const found = await nativeCompilers();
  const name = Object.keys(found)[0];
  if (!name)
    throw new SetupError(
      'There is no C++ compiler: install g++ 12 or newer (on Debian: apt install g++), or clang++ 16 or newer.',
    );
  return name;
}
