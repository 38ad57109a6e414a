// A pretended machine: a PATH with chosen programs only, an empty cache folder, and programs that are little scripts.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { run } from '../../scripts/lib/run.mjs';

export const project = path.resolve(import.meta.dirname, '..', '..');

function real(name) {
  return ['/usr/local/bin', '/usr/bin', '/bin', '/usr/sbin', '/sbin']
    .map((dir) => path.join(dir, name))
    .find((file) => existsSync(file));
}

export function temporary(t) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fluxion-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** `programs` are names of real ones (missing ones are left out); `fakes` maps names to shell scripts. */
export function machine(t, { programs = [], fakes = {} } = {}) {
  const folder = temporary(t);
  const bin = path.join(folder, 'bin');
  const cache = path.join(folder, 'cache');
  mkdirSync(bin);
  for (const name of ['sh', 'env', 'cat', 'dirname', 'readlink', ...programs]) {
    const file = real(name);
    if (file) symlinkSync(file, path.join(bin, name));
  }
  symlinkSync(process.execPath, path.join(bin, 'node'));
  for (const [name, script] of Object.entries(fakes)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  const env = {
    PATH: bin,
    FLUXION_CACHE: cache,
    EMSDK: '',
    CHROMIUM_PATH: '',
    EMSDK_PYTHON: '',
    HOME: folder,
  };
  return {
    folder,
    bin,
    cache,
    env,
    /** Runs a script of the project on this machine. */
    node: (args, options = {}) =>
      run(process.execPath, args, { cwd: project, ...options, env: { ...env, ...options.env } }),
    /** Runs an expression that may use what `from` (a file in scripts/) exports. */
    evaluate(from, code, options) {
      const url = new URL(`../../scripts/${from}`, import.meta.url);
      const ui = new URL('../../scripts/lib/ui.mjs', import.meta.url);
      const text = `import * as it from ${JSON.stringify(url)}; import { main } from ${JSON.stringify(ui)}; await main(async () => { console.log(JSON.stringify(await (${code})(it))); });`;
      return this.node(['--input-type=module', '--eval', text], options);
    },
  };
}

/** The complaint on stderr: one sentence, no stack trace. */
export function sentence({ code, stderr }) {
  const lines = stderr.trim().split('\n');
  const last = lines.at(-1) ?? '';
  if (code !== 1 || !last.startsWith('✗ ') || /\n\s+at /.test(stderr))
    throw new Error(`not a plain sentence (code ${code}):\n${stderr}`);
  return last.slice(2);
}
