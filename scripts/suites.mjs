// Everything that `npm test` runs. A suite is one line: a name, what it needs, and a command that ends with a line
// "N passed, N failed" (", N skipped" may follow). Steps prepare; only suites count.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  buildData,
  buildNative,
  buildPackage,
  buildSite,
  buildVariants,
  buildWasmTests,
  placeVariants,
} from './lib/build.mjs';
import { at, currentNode, npmPath, root, variants } from './lib/project.mjs';
import { run } from './lib/run.mjs';
import { SetupError } from './lib/ui.mjs';
import { ensureChromium } from './setup/chromium.mjs';
import { ensureCMake, ensureCompiler, nativeCompilers } from './setup/compiler.mjs';
import { ensurePackages } from './setup/packages.mjs';
import { ensureToolchain } from './toolchain/index.mjs';

const closing = /^\s*(\d+) passed, (\d+) failed(?:, (\d+) skipped)?/gm;

/** Runs a command and reads its closing line. A suite that ran no test has failed. */
async function counted(command, args, { env, show }) {
  const result = await run(command, args, { cwd: root, env: { PATH: npmPath(), ...env }, show });
  const last = [...result.stdout.matchAll(closing)].at(-1);
  const [passed, failed, skipped] = last ? last.slice(1).map((n) => Number(n ?? 0)) : [0, 0, 0];
  const bad = failed > 0 || result.code !== 0 || passed === 0;
  if (bad && !show) process.stdout.write(`${result.output.trim().split('\n').slice(-200).join('\n')}\n`);
  const note = !last
    ? 'no closing line'
    : passed + failed === 0
      ? 'ran no test'
      : result.code !== 0 && !failed
        ? `exit code ${result.code}`
        : '';
  return { passed, failed: bad ? Math.max(1, failed) : 0, skipped, note };
}

/** Runs one project of scripts/vitest.config.ts and reads Vitest's own report. */
async function vitest(project, { env, show }) {
  const report = at('build', '.tests', `vitest-${project}.json`);
  mkdirSync(path.dirname(report), { recursive: true });
  rmSync(report, { force: true });
  const program = at('node_modules', 'vitest', 'vitest.mjs');
  const args = [program, 'run', '--config', at('scripts', 'vitest.config.ts'), '--project', project];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const result = await run(currentNode(), [...args, ...reporters], {
    cwd: root,
    env: { PATH: npmPath(), ...env },
    show,
  });
  const told = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  const passed = told?.numPassedTests ?? 0;
  // A file that cannot even be loaded has no tests that could fail.
  const unloaded = (told?.testResults ?? []).filter(
    (file) => file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
  ).length;
  const failed = (told?.numFailedTests ?? 0) + unloaded;
  const bad = failed > 0 || result.code !== 0 || passed === 0;
  if (bad && !show) process.stdout.write(`${result.output.trim()}\n`);
  return {
    passed,
    failed: bad ? Math.max(1, failed) : 0,
    skipped: (told?.numPendingTests ?? 0) + (told?.numTodoTests ?? 0),
    note: told ? '' : 'no report',
  };
}

const step = (name, after, work) => ({ name, after, work });
const suite = (name, after, work, options = {}) => ({ name, after, suite: true, work, ...options });

/** A suite that is a Node program. */
const program = (name, after, file, args = [], options = {}) =>
  suite(
    name,
    after,
    async () => {
      if (!existsSync(at(file))) throw new SetupError(`${file} is missing`);
      return counted(currentNode(), [at(file), ...args], options);
    },
    options,
  );

// The tests of running out of memory ask for more than there is.
const sanitizers = {
  ASAN_OPTIONS: 'detect_leaks=1:allocator_may_return_null=1',
  UBSAN_OPTIONS: 'print_stacktrace=1',
};

/** A suite that is the C++ test program of a native preset. */
const nativeTests = (name, preset, { show, env, compile = {} }) =>
  suite(name, ['compiler'], async () => {
    const folder = await buildNative(preset, ['fluxion_tests'], ['tests/cpp'], compile);
    return counted(path.join(folder, 'fluxion_tests'), [], { show, env });
  });

/** The same tests as a wasm program in Node. */
const wasmTests = (variant, { show }) =>
  suite(`cpp ${variant}`, ['wasm'], async () => {
    await buildWasmTests(variant);
    return counted(currentNode(), [at('build', 'wasm', `fluxion_tests_${variant}.cjs`)], { show });
  });

/** The list. `show` streams the suites' own output. */
export async function listTasks({ show = false } = {}) {
  const clang = (await nativeCompilers())['clang++']
    ? [nativeTests('cpp clang', 'native-clang', { show, compile: { env: { CXX: 'clang++' } } })]
    : [];
  return [
    step('packages', [], ensurePackages),
    step('compiler', [], () => Promise.all([ensureCMake(), ensureCompiler()])),
    step('toolchain', ['packages'], ensureToolchain),
    step('chromium', ['packages'], async () => {
      // For every suite that drives a browser.
      process.env.CHROMIUM_PATH = await ensureChromium();
    }),
    step('data', ['packages'], buildData),
    // The optimised native build proves that it compiles without warnings; what runs is sanitized.
    step('native', ['compiler'], () =>
      buildNative('native', ['fluxion_rows', 'examples'], ['cpp/examples', 'cpp/tools']),
    ),
    nativeTests('cpp sanitized', 'native-asan', { show, env: sanitizers }),
    ...clang,
    program('check', ['packages', 'native'], 'scripts/check.mjs', [], { show }),
    step('wasm', ['toolchain', 'compiler'], () => buildVariants()),
    step('package', ['packages', 'wasm'], async () => {
      placeVariants('wasm');
      await buildPackage();
    }),
    ...variants.map((variant) => wasmTests(variant, { show })),
    suite('node', ['package', 'data'], () => vitest('node', { show })),
    suite('browser', ['package', 'data', 'chromium'], () => vitest('browser', { show })),
    step('site', ['package', 'data'], buildSite),
    program('pages', ['site', 'chromium'], 'tests/site/run.mjs', [], {
      show,
      alone: true,
    }),
    program('pack', ['package', 'chromium'], 'tests/pack/run.mjs', [], { show }),
    program('setup', ['toolchain'], 'tests/setup/run.mjs', [], { show }),
  ];
}
