// Where things are.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const at = (...parts) => path.join(root, ...parts);
export const variants = ['simd', 'relaxed', 'simd-threads', 'relaxed-threads'];
export const stampOf = (name) => at('build', '.stamps', `${name}.json`);

/** The Node that npm installed beside the tools; the one running this where it is not there. */
export function currentNode() {
  const own = at('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(own) ? own : process.execPath;
}

/** PATH as npm scripts have it, for children started from a script that was itself started without npm. */
export function npmPath() {
  return [path.dirname(currentNode()), at('node_modules', '.bin'), process.env.PATH].join(path.delimiter);
}
