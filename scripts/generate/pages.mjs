// The API pages and COMPAT.md, from the rows and the package's exports.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pageSection } from './doc.mjs';
import { camel, snake } from './names.mjs';
import { signatures } from './ops.mjs';
import { pytorch } from './pytorch.mjs';

const families = {
  creation: 'New tensors',
  unary: 'Element by element',
  binary: 'Two tensors, element by element',
  reduce: 'Reductions',
  view: 'Shapes: views, joining, repeating, padding',
  order: 'Sorting and running totals',
  index: 'Indexing',
  linalg: 'Products',
  conv: 'Convolution, pooling, patches and resizing',
  norm: 'Normalisation and dropout',
  loss: 'Losses',
};

// PyTorch's names that are spelt otherwise here, and what differs in those that are there.
const renamed = { var: 'variance', to_dtype: 'to', tolist: 'toArray', Function: 'customOp' };
const differences = {
  var: '`variance`, for `var` is a reserved word',
  tolist: '`toArray`',
  Function: '`customOp({ name, forward, backward })`',
  arange: 'whole numbers give int32, where PyTorch gives int64',
  argmax: 'indices are int32',
  argmin: 'indices are int32',
  max: 'over a dimension gives values and indices (int32), over everything the value',
  min: 'over a dimension gives values and indices (int32), over everything the value',
  sum: 'whole numbers sum to int32',
  argsort: 'indices are int32; always stable',
  sort: 'indices are int32; always stable',
  topk: 'indices are int32; always sorted',
  nonzero: 'int32',
  einsum: 'takes the tensors as a list',
  multinomial: 'int32; same draws as a PyTorch without MKL',
  unfold: 'the one of nn.functional: windows of images',
  interpolate: 'nearest, linear and bilinear; scaleFactor is one number',
  rms_norm: 'compared with a composition of torch ops: PyTorch 1.13 lacks it',
  scaled_dot_product_attention: 'compared with a composition of torch ops: PyTorch 1.13 lacks it',
  randint: 'int32, same draws',
  randperm: 'int32, same order',
};

/** Names that the hand-written TypeScript gives: exports, and members of its classes; not those of layers without autograd. */
function handWritten(root) {
  const found = new Set();
  for (const folder of ['web', 'web/nn']) {
    for (const file of readdirSync(path.join(root, folder)).filter((name) => name.endsWith('.ts'))) {
      if (file === 'manual.ts') continue;
      const text = readFileSync(path.join(root, folder, file), 'utf8');
      for (const [, name] of text.matchAll(
        /^export (?:async )?(?:function|const|class|abstract class) (\w+)/gm,
      ))
        found.add(name);
      for (const [, name] of text.matchAll(/^ {2}(?:get |set |async )?(\w+)(?:<[^>]*>)?\(/gm))
        found.add(name);
    }
  }
  return found;
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function compat(root, ops, modules, optimizers) {
  const known = handWritten(root);
  for (const item of [...ops, ...modules, ...optimizers]) known.add(item.name);
  for (const op of ops) if (op.row.inPlace) known.add(`${op.name}_`);
  const sections = Object.entries(pytorch).map(([namespace, names]) => {
    const spelt = (name) => renamed[name] ?? (/^[A-Z]/.test(name) ? name : camel(name));
    const is = (name) => known.has(spelt(name));
    const there = names.filter(is);
    const missing = names.filter((name) => !is(name)).map((name) => `\`${name}\``);
    const rows = there.map((name) => [`\`${name}\``, `\`${spelt(name)}\``, differences[name] ?? '']);
    const rest = missing.length ? `\n\nNot yet: ${missing.join(' ')}` : '';
    return `## ${namespace}\n\n${there.length} of ${names.length}.\n\n${table(['PyTorch', 'Fluxion', 'what differs'], rows)}${rest}`;
  });
  const listed = new Set(Object.values(pytorch).flat());
  const own = [...ops.map((op) => snake(op.name)), ...modules.map((m) => m.name)].filter(
    (name) => !listed.has(name) && !Object.values(renamed).includes(camel(name)),
  );
  return `# Fluxion beside PyTorch

Made by \`npm run generate\` from the op, module and optimizer rows and the package's exports. Every op row is compared
with PyTorch in the tests, values and gradients, in float64 and float32. Where PyTorch has int64, Fluxion has int32.

${sections.join('\n\n')}

## Without a PyTorch name above

${own.map((name) => `\`${camel(name)}\``).join(' ')}
`;
}

export function pageFiles(root, ops, modules, optimizers) {
  const files = new Map();
  const page = (name, title, sections) =>
    files.set(
      `docs/api/${name}.md`,
      `<!-- Made by \`npm run generate\`. -->\n# ${title}\n\n${sections.join('\n\n')}\n`,
    );
  for (const [family, title] of Object.entries(families)) {
    const members = ops.filter((op) => op.row.family === family);
    page(
      family,
      title,
      members.map((op) =>
        pageSection(
          op.name,
          signatures(op).map((list) => `${op.name}(${list}): ${op.result}`),
          op.row,
          op.args,
        ),
      ),
    );
  }
  const classPage = (name, title, prefix, list) =>
    page(
      name,
      title,
      list.map((m) =>
        pageSection(
          `${prefix}.${m.name}`,
          signatures(m).map((s) => `new ${prefix}.${m.name}(${s})`),
          m.row,
          m.args,
        ),
      ),
    );
  classPage('modules', 'Modules', 'nn', modules);
  classPage('optimizers', 'Optimizers', 'optim', optimizers);
  const links = [...Object.entries(families), ['modules', 'Modules'], ['optimizers', 'Optimizers']];
  files.set(
    'docs/api/README.md',
    `<!-- Made by \`npm run generate\`. -->\n# API\n\n${links.map(([name, title]) => `- [${title}](${name}.md)`).join('\n')}\n`,
  );
  files.set('COMPAT.md', compat(root, ops, modules, optimizers));
  return files;
}
