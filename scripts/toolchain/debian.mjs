// A private Emscripten out of Debian testing's packages. Its programs want a newer C library than the machine may have,
// so they are pointed to a private loader and private libraries.
import { cpSync, existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { must, which } from '../lib/run.mjs';
import { SetupError, say } from '../lib/ui.mjs';
import { openTesting } from './apt.mjs';
import { findPython } from './python.mjs';
import { relocate } from './relocate.mjs';

/** Everything needed at run time below the given packages: their libraries, but no headers and no other programs. */
async function closure(testing, roots) {
  const wanted = new Set();
  const queue = [...roots];
  while (queue.length) {
    const name = queue.shift();
    if (wanted.has(name)) continue;
    wanted.add(name);
    for (const dependency of await testing.depends(name)) {
      const library = /^lib/.test(dependency) && !/-dev$|^libclang1-/.test(dependency);
      const headers = /^libclang-common-\d+-dev$/.test(dependency);
      if (library || headers) queue.push(dependency);
    }
  }
  return [...wanted];
}

async function choose(testing, needsPython) {
  const version = await testing.candidate('emscripten');
  if (!version || Number.parseInt(version, 10) < 4) {
    throw new SetupError(
      `Debian testing offers Emscripten ${version ?? 'not at all'} and 4 is needed: install Emscripten 4 or newer (https://emscripten.org).`,
    );
  }
  const tools = (await testing.depends('emscripten')).filter((name) =>
    /^(clang|lld|llvm|binaryen)(-\d+)?$/.test(name),
  );
  // llvm-NN's own dependencies serve its network and profiling tools, which Emscripten never calls.
  const llvm = tools.find((name) => /^llvm/.test(name));
  const roots = tools.filter((name) => name !== llvm);
  if (!llvm || roots.length !== 3) {
    throw new SetupError(
      'Debian testing has rearranged its Emscripten packages: install Emscripten 4 or newer (https://emscripten.org).',
    );
  }
  if (!which('patchelf')) roots.push('patchelf');
  if (needsPython) {
    const python = (await testing.depends('python3')).find((name) => /^python3\.\d+$/.test(name));
    roots.push(`${python}-minimal`, `lib${python}-stdlib`);
  }
  return { version, names: ['emscripten', llvm, ...(await closure(testing, roots))] };
}

/**
 * Makes Emscripten's programs use the private Python. It is started through the private loader, since patchelf breaks a
 * program of its kind, and finds its library by the name that it is told it has.
 */
function usePrivatePython(root, emscripten, { loader, libraries }) {
  const bin = path.join(root, 'usr/bin');
  const own = readdirSync(bin).find((name) => /^python3\.\d+$/.test(name));
  const starter = path.join(bin, 'python3');
  const start = `exec '${loader}' --argv0 '${starter}' --library-path '${libraries}' '${path.join(bin, own)}' "$@"`;
  rmSync(starter, { force: true });
  writeFileSync(starter, `#!/bin/sh\n${start}\n`, { mode: 0o755 });
  for (const name of readdirSync(emscripten)) {
    const file = path.join(emscripten, name);
    if (!existsSync(`${file}.py`)) continue;
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('_EM_PY=$EMSDK_PYTHON', `_EM_PY=\${EMSDK_PYTHON:-${starter}}`));
  }
}

export async function makeFromDebian(folder) {
  const python = await findPython();
  const work = path.join(folder, 'work');
  const root = path.join(folder, 'root');
  const testing = await openTesting(work);
  const { version, names } = await choose(testing, !python);
  say(`  Emscripten ${version} and ${names.length - 1} packages with it`);
  await testing.unpack(names, root);
  const loader = await relocate(root);

  const emscripten = realpathSync(path.join(root, 'usr/share/emscripten'));
  const clang = readdirSync(path.join(root, 'usr/lib')).find((name) => /^llvm-\d+$/.test(name));
  const config = [
    'import os',
    `LLVM_ROOT = ${JSON.stringify(path.join(root, 'usr/lib', clang, 'bin'))}`,
    `BINARYEN_ROOT = ${JSON.stringify(path.join(root, 'usr'))}`,
    // A version manager may remove the Node that made this, so it is only the first choice.
    `NODE_JS = ${JSON.stringify(process.execPath)} if os.path.exists(${JSON.stringify(process.execPath)}) else 'node'`,
    `CACHE = ${JSON.stringify(path.join(folder, 'system-libraries'))}`,
    '',
  ].join('\n');
  writeFileSync(path.join(emscripten, '.emscripten'), config);

  const modules = path.join(work, 'npm');
  await must(
    'Two small npm packages (acorn, acorn-import-phases) could not be fetched: check the network connection and that npm install works.',
    'npm',
    [
      'install',
      '--prefix',
      modules,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-save',
      'acorn@8.19.0',
      'acorn-import-phases@1.0.4',
    ],
    { cwd: work },
  );
  cpSync(path.join(modules, 'node_modules'), path.join(emscripten, 'node_modules'), { recursive: true });

  if (!python) usePrivatePython(root, emscripten, loader);
  rmSync(work, { recursive: true, force: true });
  return { root: emscripten, from: 'Debian packages' };
}
