// The build's steps. Each is skipped when nothing it depends on has changed.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureCMake, ensureCompiler } from '../setup/compiler.mjs';
import { ensureToolchain } from '../toolchain/index.mjs';
import { makeDir, withLock, writeWhole } from './cache.mjs';
import { at, currentNode, npmPath, root, stampOf, variants } from './project.mjs';
import { run } from './run.mjs';
import { fresh, hashOf, mark } from './stamp.mjs';
import { SetupError, say, step } from './ui.mjs';

const recipe = [
  'CMakeLists.txt',
  'CMakePresets.json',
  'scripts/native.cmake',
  'scripts/wasm.cmake',
  'scripts/finish-wasm.mjs',
];
const library = ['cpp/fluxion', ...recipe];
const wasm = (preset) => preset.startsWith('wasm');

/** An entry of a build folder's CMakeCache.txt. */
function cacheEntry(folder, name) {
  try {
    const text = readFileSync(path.join(folder, 'CMakeCache.txt'), 'utf8');
    return text.match(new RegExp(`^${name}:\\w+=(.*)$`, 'm'))?.[1];
  } catch {
    return undefined;
  }
}

/** A build folder that belongs to another place or another Emscripten cannot be changed, only replaced. */
function usable(folder, toolchain) {
  if (cacheEntry(folder, 'CMAKE_HOME_DIRECTORY') !== root || !cacheEntry(folder, 'CMAKE_GENERATOR'))
    return false;
  return (
    !toolchain ||
    (cacheEntry(folder, 'CMAKE_TOOLCHAIN_FILE') &&
      cacheEntry(folder, 'FLUXION_EMSCRIPTEN') === toolchain.root)
  );
}

/** Configures where needed and builds `targets` (all, if none are named). Incremental, and safe to call every time. */
async function cmake(preset, targets, { env, nice, toolchain }) {
  const folder = at('build', preset);
  const options = { cwd: root, nice, env: { ...env, PATH: npmPath() } };
  const generator = await ensureCMake();
  if (!usable(folder, toolchain)) {
    rmSync(folder, { recursive: true, force: true });
    const configured = await run('cmake', ['--preset', preset, ...generator], options);
    if (configured.code !== 0)
      throw new BuildError(`CMake could not configure the preset ${preset}`, configured.output);
  }
  const jobs = String(os.availableParallelism());
  const args = ['--build', folder, '--parallel', jobs, ...(targets.length ? ['--target', ...targets] : [])];
  const built = await run('cmake', args, options);
  if (built.code !== 0) throw new BuildError(`the preset ${preset} does not build`, built.output);
  return built.stdout;
}

/** A mistake in the project's own code: what the compiler said matters, the script's own stack trace does not. */
export class BuildError extends SetupError {
  constructor(what, output) {
    const lines = output.trim().split('\n');
    const from = lines.findIndex((line) => /\berror:|^FAILED|^CMake Error/.test(line));
    super(`${what}:\n${lines.slice(from < 0 ? -40 : from, from < 0 ? undefined : from + 60).join('\n')}`);
  }
}

async function plan(preset, targets, inputs, env = {}) {
  const toolchain = wasm(preset) ? await ensureToolchain() : undefined;
  const added = toolchain
    ? { FLUXION_EMSCRIPTEN: toolchain.root }
    : { CXX: env.CXX ?? (await ensureCompiler()) };
  const hash = hashOf(root, inputs, [targets, added, toolchain?.version]);
  return { toolchain, env: { ...env, ...added }, stamp: stampOf([preset, ...targets].join('+')), hash };
}

/** Gives true if there was something to build. */
async function build(preset, targets, inputs, products, { title, env, nice = false } = {}) {
  const planned = await plan(preset, targets, inputs, env);
  if (fresh(planned.stamp, planned.hash, products)) return false;
  await step(title ?? `building ${[preset, ...targets].join(' ')}`, () =>
    withLock(at('build', '.stamps', `${preset}.lock`), async () => {
      const said = await cmake(preset, targets, { ...planned, nice });
      for (const line of said.split('\n')) if (/\bgzip$/.test(line)) say(`    ${line}`);
      mark(planned.stamp, planned.hash);
    }),
  );
  return true;
}

/** Builds native targets and returns the folder that they are in. */
export async function buildNative(preset, targets, inputs, options) {
  const ending = process.platform === 'win32' ? '.exe' : '';
  const products = targets
    .filter((name) => name.startsWith('fluxion_'))
    .map((name) => at('build', preset, name + ending));
  await build(preset, targets, [...library, ...inputs], products, options);
  return at('build', preset);
}

const wasmFiles = (preset, names) =>
  names.flatMap((name) => ['mjs', 'wasm'].map((end) => at('build', preset, `fluxion-${name}.${end}`)));
const wasmInputs = [...library, 'bindings'];

export const buildDevVariant = () =>
  build('wasm-dev', [], wasmInputs, wasmFiles('wasm-dev', ['simd']), {
    title: 'building the development variant',
  });

export const buildVariants = (options) =>
  build('wasm', [], wasmInputs, wasmFiles('wasm', variants), {
    title: 'building the four wasm variants',
    ...options,
  });

export async function variantsAreFresh() {
  const { stamp, hash } = await plan('wasm', [], wasmInputs);
  return fresh(stamp, hash, wasmFiles('wasm', variants));
}

/** The C++ tests as a wasm program. They always belong to the preset `wasm`. */
export const buildWasmTests = (variant) =>
  build(
    'wasm',
    [`fluxion_tests_${variant}`],
    [...library, 'tests/cpp'],
    [at('build', 'wasm', `fluxion_tests_${variant}.cjs`)],
  );

/** What the benchmark measures the machine with. */
export const buildPeaks = () =>
  build(
    'wasm',
    ['fluxion_peak_simd', 'fluxion_peak_relaxed'],
    [...library, 'tests/bench'],
    ['simd', 'relaxed'].map((name) => at('build', 'wasm', `fluxion_peak_${name}.wasm`)),
    { title: 'building the peak of this machine' },
  );

/** Puts one variant into dist/. The development variant stands in for those that are not built yet. */
function place(preset, from, name) {
  // The wasm goes first: a page that reloads when the JavaScript changes finds the pair complete.
  for (const end of ['wasm', 'mjs']) {
    const source = at('build', preset, `fluxion-${from}.${end}`);
    const target = at('dist', `fluxion-${name}.${end}`);
    let content = readFileSync(source);
    // The stand-in's JavaScript looks for its own wasm by name.
    if (end === 'mjs' && from !== name)
      content = Buffer.from(content.toString().replaceAll(`fluxion-${from}.`, `fluxion-${name}.`));
    if (existsSync(target) && readFileSync(target).equals(content)) continue;
    writeWhole(target, content);
  }
}

export function placeVariants(preset) {
  makeDir(at('dist'));
  for (const name of variants) place(preset, preset === 'wasm' ? name : 'simd', name);
}

/** The package's JavaScript and types in dist/, out of web/. */
export async function buildPackage() {
  const stamp = stampOf('package');
  const hash = hashOf(root, [
    'web',
    'tsconfig.json',
    'scripts/tsconfig.build.json',
    'package.json',
    'scripts/bundle.mjs',
  ]);
  if (fresh(stamp, hash, [at('dist', 'index.js'), at('dist', 'index.d.ts')])) return false;
  await step('building the package', async () => {
    const bundled = await run(currentNode(), [at('scripts', 'bundle.mjs')], { cwd: root });
    if (bundled.code !== 0) throw new BuildError('the package does not bundle', bundled.output);
    const typed = await run(
      currentNode(),
      [at('node_modules', 'typescript', 'bin', 'tsc'), '-p', at('scripts', 'tsconfig.build.json')],
      { cwd: root },
    );
    if (typed.code !== 0) throw new BuildError('the package has type errors', typed.output);
    mark(stamp, hash);
  });
  return true;
}

/** Digits and text for the lessons, packed from the npm packages that carry them. */
export async function buildData() {
  const stamp = stampOf('data');
  const hash = hashOf(root, ['scripts/data.mjs', 'scripts/lib/random.mjs', 'package-lock.json']);
  if (fresh(stamp, hash, [at('build', 'data')])) return;
  await step('packing the lessons’ data', async () => {
    const packed = await run(currentNode(), [at('scripts', 'data.mjs')], { cwd: root });
    if (packed.code !== 0) throw new BuildError('the lessons’ data could not be packed', packed.output);
    mark(stamp, hash);
  });
}

/** Everything that the package consists of: four variants, JavaScript and types. */
export async function buildDist() {
  await buildVariants();
  placeVariants('wasm');
  await buildPackage();
}

export async function buildSite() {
  const stamp = stampOf('site');
  const hash = hashOf(root, [
    'tutorials',
    'web',
    'package-lock.json',
    'dist',
    'build/data',
    'tests/bench/workloads.mjs',
    'tests/bench/measure.mjs',
    'scripts/lib/random.mjs',
    'docs/benchmarks.json',
  ]);
  if (fresh(stamp, hash, [at('dist-site', 'index.html')])) return;
  await step('building the site', async () => {
    const vite = [
      at('node_modules', 'vite', 'bin', 'vite.js'),
      'build',
      '--config',
      at('tutorials', 'vite.config.ts'),
    ];
    const built = await run(currentNode(), vite, { cwd: root, env: { PATH: npmPath() } });
    if (built.code !== 0) throw new BuildError('the site does not build', built.output);
    mark(stamp, hash);
  });
}
