// A private Emscripten by emsdk, its makers' own installer.
import path from 'node:path';
import { run, which } from '../lib/run.mjs';
import { say } from '../lib/ui.mjs';
import { findPython } from './python.mjs';

const repository = 'https://github.com/emscripten-core/emsdk';
const version = '6.0.5';

/** Gives undefined where emsdk cannot work, so that the next way is tried. */
export async function makeFromEmsdk(folder) {
  const python = await findPython();
  if (!which('git') || !python) return undefined;
  const quiet = { env: { GIT_TERMINAL_PROMPT: '0' } };
  const probe = await run('git', ['ls-remote', '--exit-code', repository, 'HEAD'], {
    ...quiet,
    timeout: 10_000,
  });
  if (probe.code !== 0) return undefined;
  const sdk = path.join(folder, 'emsdk');
  const steps = [
    ['git', ['clone', '--quiet', '--depth', '1', repository, sdk]],
    [python, [path.join(sdk, 'emsdk.py'), 'install', version]],
    [python, [path.join(sdk, 'emsdk.py'), 'activate', version]],
  ];
  for (const [command, args] of steps) {
    const result = await run(command, args, { ...quiet, timeout: 15 * 60_000 });
    if (result.code !== 0) {
      say(`  emsdk did not work: ${result.output.trim().split('\n').at(-1)}`);
      return undefined;
    }
  }
  return { root: path.join(sdk, 'upstream', 'emscripten'), from: 'emsdk' };
}
