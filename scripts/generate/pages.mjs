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
  TransformerEncoder: 'made of sizes, not of a layer; masks go to `encode()`',
  TransformerDecoder: 'made of sizes, not of a layer; called by `decode()`',
  TransformerEncoderLayer: 'masks go to `encode()`',
  TransformerDecoderLayer: 'called by `decode()`',
  Transformer: 'called by `translate()`',
  MultiheadAttention: '`forward(x)` attends to itself, `attend()` takes key, value and masks',
  sort: 'indices are int32; always stable',
  topk: 'indices are int32; always sorted',
  nonzero: 'int32',
  conv2d: 'float32 windows of 3 × 3 over many channels may turn an infinity into NaN (Winograd)',
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

/**
 * How many of a row's samples the committed fixtures hold PyTorch's results for. The tests run each of them, so a number
 * here is a number of passing comparisons.
 */
function comparisons(root, ops, modules, optimizers) {
  const file = (name) => readFileSync(path.join(root, 'tests', 'fixtures', name));
  const count = new Map();
  const results = file('ops.bin');
  const text = (value) => {
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([bytes.length & 255, bytes.length >> 8]), bytes]);
  };
  let from = 0; // the file is in the rows' order, nearly
  const holds = (entry) => {
    let at = results.indexOf(entry, from);
    if (at < 0) at = results.indexOf(entry);
    if (at >= 0) from = at;
    return at >= 0;
  };
  for (const { row } of ops)
    count.set(row.name, row.samples.filter((s) => holds(Buffer.concat([text(row.name), text(s)]))).length);
  const trained = file('modules.safetensors');
  const keys = Object.keys(JSON.parse(trained.subarray(8, 8 + Number(trained.readBigUInt64LE())).toString()));
  const stems = new Set(keys.map((key) => key.split('/')[0]));
  for (const { row } of [...modules, ...optimizers])
    count.set(row.name, row.samples.filter((_, k) => stems.has(`${row.name}#${k}`)).length);
  return count;
}

const table = (head, rows) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

function compat(root, ops, modules, optimizers) {
  const known = handWritten(root);
  const compared = comparisons(root, ops, modules, optimizers);
  const byName = new Map([...ops, ...modules, ...optimizers].map((item) => [item.name, item.row.name]));
  // Rows say how often; what is written by hand has tests of its own.
  const times = (name, namespace) => {
    const row = byName.get(name) ?? byName.get(name.replace(/_$/, ''));
    if (namespace.endsWith('lr_scheduler')) return '60 steps';
    if (!row) return 'own tests';
    const count = compared.get(row);
    if (count) return name.endsWith('_') ? `as \`${name.slice(0, -1)}\`` : count;
    return ops.some((op) => op.row.name === row && op.row.random) ? 'its draws' : 'own tests';
  };
  for (const item of [...ops, ...modules, ...optimizers]) known.add(item.name);
  for (const op of ops) if (op.row.inPlace) known.add(`${op.name}_`);
  const sections = Object.entries(pytorch).map(([namespace, names]) => {
    const spelt = (name) => renamed[name] ?? (/^[A-Z]/.test(name) ? name : camel(name));
    const is = (name) => known.has(spelt(name));
    const there = names.filter(is);
    const missing = names.filter((name) => !is(name)).map((name) => `\`${name}\``);
    const rows = there.map((name) => {
      const ours = spelt(name);
      return [`\`${name}\``, `\`${ours}\``, times(ours, namespace), differences[name] ?? ''];
    });
    const rest = missing.length ? `\n\nNot yet: ${missing.join(' ')}` : '';
    return `## ${namespace}\n\n${there.length} of ${names.length}.\n\n${table(['PyTorch', 'Fluxion', 'compared', 'what differs'], rows)}${rest}`;
  });
  const listed = new Set(Object.values(pytorch).flat());
  const own = [...ops.map((op) => snake(op.name)), ...modules.map((m) => m.name)].filter(
    (name) => !listed.has(name) && !Object.values(renamed).includes(camel(name)),
  );
  const total = [...compared.values()].reduce((sum, n) => sum + n, 0);
  return `# Fluxion beside PyTorch

Made by \`npm run generate\` from the op, module and optimizer rows, the package's exports and the committed fixtures. The
number beside a name counts the samples that the fixtures hold PyTorch's results for, values and gradients, in float64 and
float32: ${total} in all, and \`npm test\` runs every one of them. In-place forms are held against their plain ones, random
functions against PyTorch's draws, the rest has tests of its own. What PyTorch 1.13 lacks (\`scaled_dot_product_attention\`,
\`rms_norm\`, rotary positions, latent and grouped-query attention, Llama's parts, Lion, Muon) is compared with a float64
composition of torch's functions after the paper. Where PyTorch has int64, Fluxion has int32.

Ruled out: training on several GPUs, for a browser tab has none.

${sections.join('\n\n')}

## Without a PyTorch name above

${own.map((name) => `\`${camel(name)}\` (${compared.get(name) || 'own tests'})`).join(', ')}
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
