// The floors of the house: each folder uses only the floors below it. Reads every C++ include and TypeScript import.
// `node scripts/floors.mjs [folder]` prints each upward arrow and fails if there is one.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root as project } from './lib/project.mjs';
import { main, say } from './lib/ui.mjs';

// Lowest first; folders on one row do not use each other. `manual` is narrower than its row: kernels and core alone.
const rows = [
  ['cpp/fluxion/core'],
  ['cpp/fluxion/kernels'],
  ['cpp/fluxion/autograd'],
  ['cpp/fluxion/ops'],
  ['cpp/fluxion/nn', 'cpp/fluxion/text', 'cpp/fluxion/data', 'cpp/fluxion/manual'],
  ['cpp/fluxion/io', 'cpp/fluxion/optim', 'cpp/fluxion/transforms'],
  ['cpp/fluxion/train'],
  ['bindings'],
  ['web'],
  ['tutorials'],
];
const level = new Map(rows.flatMap((folders, row) => folders.map((folder) => [folder, row])));

/** Exceptions to "anything below is allowed": what may be used at all, and headers that may not. */
const only = {
  'cpp/fluxion/manual': ['cpp/fluxion/kernels', 'cpp/fluxion/core'],
  // Ops hand their functions in; the tape knows tensors, not arithmetic.
  'cpp/fluxion/autograd': ['cpp/fluxion/core'],
  // The loader names the compiled files, never a C++ source.
  web: ['bindings/generated'],
  tutorials: [],
};
const never = {
  'cpp/fluxion/kernels': ['cpp/fluxion/core/tensor.h'],
};
const words = {
  tutorials: 'the site uses only the public package (import from "fluxion")',
  'cpp/fluxion/manual': 'manual stands on kernels and core alone',
  'cpp/fluxion/autograd': 'autograd stands on core alone',
  'cpp/fluxion/kernels': 'kernels know pointers, sizes and strides, not tensors',
};

const sources = /\.(cpp|cc|h|hpp|inc|ts|mts|tsx|mjs|js)$/;
const skipped = new Set(['node_modules', 'build', 'dist', 'dist-site', 'generated']);

function* filesBelow(folder) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && !skipped.has(entry.name)) yield* filesBelow(file);
    else if (entry.isFile() && sources.test(entry.name)) yield file;
  }
}

const floorOf = (file) =>
  [...level.keys()].find((folder) => file === folder || file.startsWith(`${folder}/`));

/** What a file names, as paths inside the project. Names outside the project (libraries) are left out. */
function uses(text, file) {
  const folder = path.posix.dirname(file);
  const found = [];
  if (/\.(cpp|cc|h|hpp|inc)$/.test(file)) {
    for (const [, name] of text.matchAll(/^[ \t]*#[ \t]*include[ \t]*"([^"]+)"/gm)) {
      found.push(/^fluxion\//.test(name) ? `cpp/${name}` : path.posix.join(folder, name));
    }
  } else {
    const imports =
      /(?:^|[;\s])(?:import|export)\b[^'"`;]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;
    for (const [, from, bare] of text.matchAll(imports)) {
      const name = from ?? bare;
      if (name.startsWith('.')) found.push(path.posix.join(folder, name));
    }
  }
  return found;
}

/** Every upward arrow below `root`, as sentences. */
export function upwardArrows(root) {
  const faults = [];
  let read = 0;
  for (const top of ['cpp/fluxion', 'bindings', 'web', 'tutorials']) {
    for (const full of filesBelow(path.join(root, top))) {
      const file = path.relative(root, full).split(path.sep).join('/');
      const floor = floorOf(file);
      if (!floor) {
        if (top === 'cpp/fluxion')
          faults.push(`${file}: this folder is on no floor; add it to scripts/floors.mjs`);
        continue;
      }
      read++;
      for (const used of uses(readFileSync(full, 'utf8'), file)) {
        const target = floorOf(used);
        if (!target || target === floor) {
          if (!target && floor === 'tutorials' && /^(cpp|bindings|web|dist)\b/.test(used))
            faults.push(`${file} uses ${used}: ${words[floor]}`);
          continue;
        }
        const below = level.get(target) < level.get(floor);
        const listed = !only[floor] || only[floor].some((allowed) => used.startsWith(`${allowed}/`));
        const forbidden = never[floor]?.includes(used);
        if (below && listed && !forbidden) continue;
        const why = below
          ? words[floor]
          : level.get(target) === level.get(floor)
            ? 'folders on the same floor do not use each other'
            : 'it is on a higher floor';
        faults.push(`${file} uses ${used}: ${why ?? 'it may not'}`);
      }
    }
  }
  return { faults, read };
}

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename) {
  await main(() => {
    const { faults, read } = upwardArrows(path.resolve(process.argv[2] ?? project));
    faults.forEach((fault) => say(fault));
    say(`floors: ${read} files read, ${faults.length} upward ${faults.length === 1 ? 'arrow' : 'arrows'}`);
    return faults.length ? 1 : 0;
  });
}
