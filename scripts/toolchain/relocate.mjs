// Points unpacked programs and libraries at a private loader and private libraries, so that the C library of the
// machine, which may be years older, does not matter.
import { closeSync, copyFileSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import path from 'node:path';
import { must, run, which } from '../lib/run.mjs';
import { SetupError } from '../lib/ui.mjs';

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else if (entry.isFile()) yield file;
  }
}

/** True for programs and shared libraries, false for object files and everything else. */
function isLoadable(file) {
  const head = Buffer.alloc(18);
  const handle = openSync(file, 'r');
  const length = readSync(handle, head, 0, 18, 0);
  closeSync(handle);
  const type = head[16];
  return length === 18 && head.toString('latin1', 0, 4) === '\x7fELF' && (type === 2 || type === 3);
}

const isLibrary = (file) => /\.so(\.\d+)*$/.test(file);
const partOfLibc = /^lib(c|m|mvec|dl|rt|pthread|resolv|nsl|util|anl|BrokenLocale|thread_db|nss_\w+)\.so/;
/** The loader and the C library know where they are; Python is started another way. */
const leave = (file, home) =>
  (path.dirname(file) === home && /^ld-linux|\/ld-linux/.test(file)) ||
  (path.dirname(file) === home && partOfLibc.test(path.basename(file))) ||
  /\/(gconv|audit|lib-dynload)\/|\/python3\.\d+$/.test(file);

/** The command that runs patchelf. A private one cannot edit itself or the libraries it runs on, so it gets a copy. */
function patchelfCommand(root, bench, home, loader) {
  const installed = which('patchelf');
  if (installed) return [installed];
  mkdirSync(bench, { recursive: true });
  for (const name of readdirSync(home)) {
    if (/^lib(c|m|gcc_s|stdc\+\+)\.so/.test(name))
      copyFileSync(path.join(home, name), path.join(bench, name));
  }
  copyFileSync(loader, path.join(bench, 'loader'));
  copyFileSync(path.join(root, 'usr/bin/patchelf'), path.join(bench, 'patchelf'));
  return [path.join(bench, 'loader'), '--library-path', bench, path.join(bench, 'patchelf')];
}

/** Works on everything below `root` and returns { loader, libraries }. */
export async function relocate(root) {
  const files = [...filesBelow(path.join(root, 'usr'))].filter(isLoadable);
  const loader = files.find((file) => /\/ld-linux[^/]*\.so\.\d+$/.test(file));
  const libc = files.find((file) => file.endsWith('/libc.so.6'));
  if (!loader || !libc) {
    throw new SetupError(
      'Debian testing has rearranged its C library: install Emscripten 4 or newer (https://emscripten.org).',
    );
  }
  const home = path.dirname(libc);
  const inLib = (file) => isLibrary(file) && /\/usr\/lib\/[^/]*$/.test(path.dirname(file));
  const libraries = [...new Set([home, ...files.filter(inLib).map((file) => path.dirname(file))])].join(':');

  const bench = path.join(path.dirname(root), 'patchelf');
  const [command, ...before] = patchelfCommand(root, bench, home, loader);
  const sentence =
    'A compiler program could not be adapted to this system: install Emscripten 4 or newer (https://emscripten.org).';
  for (const file of files) {
    if (leave(file, home)) continue;
    const program =
      !isLibrary(file) && (await run(command, [...before, '--print-interpreter', file])).code === 0;
    const interpreter = program ? ['--set-interpreter', loader] : [];
    await must(sentence, command, [
      ...before,
      ...interpreter,
      '--force-rpath',
      '--set-rpath',
      libraries,
      file,
    ]);
  }
  rmSync(bench, { recursive: true, force: true });
  return { loader, libraries };
}
