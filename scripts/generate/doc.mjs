// Documentation of a row: as a TypeScript doc comment and as a part of an API page.
import { camel, commentSafe, wrapText } from './names.mjs';

const sentence = (label, text) => (text ? `${label}: ${text.replace(/\.$/, '')}.` : '');

const facts = (row) =>
  [
    sentence('Shapes', row.shapes),
    sentence('Types', row.dtypes),
    sentence('Weights', row.init),
    sentence('Errors', row.errors === 'none' ? '' : row.errors),
  ].filter(Boolean);

const defaults = (args) =>
  args
    .filter((a) => a.code !== undefined && !a.hidden)
    .map((a) => `\`${a.name}\` is ${a.code === 'null' ? 'left out' : a.code}`);

function defaultsSentence(args) {
  const list = defaults(args);
  return list.length ? `By default ${list.join(', ')}.` : '';
}

const exampleLines = (example) =>
  example.result.length + example.code.length < 90
    ? [`${example.code} // ${example.result}`]
    : [example.code, `// ${example.result}`];

export function docComment(row, args, indent = '') {
  const width = 112 - indent.length;
  const paragraphs = [row.doc, row.formula && `\`${row.formula}\``, ...facts(row), defaultsSentence(args)];
  const lines = [];
  for (const text of paragraphs.filter(Boolean)) {
    if (lines.length) lines.push('');
    lines.push(...wrapText(commentSafe(text), width));
  }
  if (row.source) lines.push('', `@see ${row.source}`);
  if (row.example?.code) lines.push('', '@example', '```ts', ...exampleLines(row.example), '```');
  if (lines.length === 1) return `${indent}/** ${lines[0]} */`;
  return [`${indent}/**`, ...lines.map((l) => `${indent} *${l ? ` ${l}` : ''}`), `${indent} */`].join('\n');
}

export function pageSection(title, signature, row, args) {
  const parts = [`## ${title}`, row.doc];
  if (row.formula) parts.push(`\`${row.formula}\``);
  parts.push(['```ts', ...signature, '```'].join('\n'));
  const list = facts(row).map((f) => `- ${f}`);
  const text = defaultsSentence(args);
  if (text) list.push(`- ${text}`);
  if (row.inPlace) list.push(`- In place: \`${camel(row.name)}_\``);
  if (row.torch) list.push(`- PyTorch: \`${row.torch}\``);
  if (row.source) list.push(`- Source: ${row.source}`);
  if (list.length) parts.push(list.join('\n'));
  if (row.example?.code) parts.push(['```ts', ...exampleLines(row.example), '```'].join('\n'));
  return parts.join('\n\n');
}
