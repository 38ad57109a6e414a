// Emscripten's own programs are Python. Any Python 3.10 or newer will do.
import { run, which } from '../lib/run.mjs';

export async function findPython() {
  for (const name of [process.env.EMSDK_PYTHON, 'python3', 'python']) {
    if (!name || (name === 'python3' && !which(name)) || (name === 'python' && !which(name))) continue;
    const { code } = await run(name, [
      '-c',
      'import sys, json, subprocess; sys.exit(sys.version_info < (3, 10))',
    ]);
    if (code === 0) return name;
  }
  return undefined;
}
