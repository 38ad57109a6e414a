// From op rows: the Embind bindings, the TypeScript functions and Tensor methods, and the type of the native side.
import { argument, nativeParameters } from './arguments.mjs';
import { docComment } from './doc.mjs';
import { camel } from './names.mjs';

export const banner = (what) => `// Made by \`npm run generate\` from the rows in ${what}. Do not edit.\n`;

const pascal = (name) => name[0].toUpperCase() + name.slice(1);

/**
 * An argument and the choice of its mode are one to callers: `padding` takes sizes or 'same' where C++ has `padding` and
 * `padding_mode`, whose first choice says that sizes are given.
 */
export function mergedModes(args) {
  return args.map((arg) => {
    const mode = args.find((a) => a.kind === 'Choice' && a.name === `${arg.name}Mode`);
    if (mode) {
      const words = mode.choices.slice(1);
      return {
        ...arg,
        type: `${arg.type} | ${words.map((w) => `'${w}'`).join(' | ')}`,
        cross: (op, value = arg.name) => arg.cross(op, `typeof ${value} === 'string' ? 0 : ${value}`),
      };
    }
    const of = args.find((a) => arg.kind === 'Choice' && arg.name === `${a.name}Mode`);
    if (!of) return arg;
    // Errors speak of what callers see: of `padding` and its words.
    const words = argument({ ...arg, name: of.name, choices: arg.choices.slice(1) });
    return {
      ...arg,
      hidden: true,
      cross: (op) => words.cross(op).map((c) => `typeof ${of.name} === 'string' ? 1 + ${c} : 0`),
    };
  });
}

/** A row with everything the writers below need. */
export function prepare(row) {
  const args = mergedModes(row.args.map(argument));
  const name = camel(row.name);
  // A created tensor may be asked to require its gradient, as in PyTorch.
  const takesRequiresGrad = row.family === 'creation' && args.some((a) => a.name === 'dtype');
  const visible = args.filter((a) => !a.hidden);
  const required = visible.filter((a) => !a.option && a.code === undefined);
  const optional = visible.filter((a) => !a.option && a.code !== undefined);
  const named = visible.filter((a) => a.option);
  const last = required.at(-1);
  const spread = last?.isSpread && optional.length === 0 ? last : undefined;
  return {
    row,
    name,
    args,
    required,
    optional,
    named,
    spread,
    takesRequiresGrad,
    optionsType: optional.length + named.length + takesRequiresGrad ? `${pascal(name)}Options` : undefined,
    isMethod: row.isMethod && args[0]?.kind === 'Tensor',
    result: row.returnsList
      ? 'Tensor[]'
      : row.results.length
        ? `Named<${row.results.map((r) => `'${r}'`).join(' | ')}>`
        : 'Tensor',
  };
}

export function optionsInterface(op) {
  if (!op.optionsType) return '';
  const fields = [...op.optional, ...op.named].map((a) => {
    const about = a.code === undefined || a.code === 'null' ? '' : `  /** By default ${a.code}. */\n`;
    return `${about}  ${a.name}${a.code === undefined ? '' : '?'}: ${a.type};`;
  });
  if (op.takesRequiresGrad) fields.push('  requiresGrad?: boolean;');
  return `/** Options of {@link ${op.name}}. */\nexport interface ${op.optionsType} {\n${fields.join('\n')}\n}\n\n`;
}

/** The parameter lists that callers see; several where sizes may be given one by one. */
export function signatures(op, skipFirst = false) {
  const plain = (a) => `${a.name}: ${a.type}`;
  const loose = (a) => `${a.name}?: ${a.type}${op.optionsType ? ` | ${op.optionsType}` : ''}`;
  const required = skipFirst ? op.required.slice(1) : op.required;
  if (op.spread) {
    const before = required.slice(0, -1).map(plain);
    const o = op.optionsType ? [`options?: ${op.optionsType}`] : [];
    const list = [
      [...before, plain(op.spread), ...o],
      [...before, `...${op.spread.name}: number[]`],
    ];
    if (op.optionsType) list.push([...before, `...${op.spread.name}: [...number[], ${op.optionsType}]`]);
    return list.map((l) => l.join(', '));
  }
  const must = op.named.some((a) => a.code === undefined);
  const named =
    op.named.length || op.takesRequiresGrad ? [`options${must ? '' : '?'}: ${op.optionsType}`] : [];
  return [[...required.map(plain), ...op.optional.map(loose), ...named].join(', ')];
}

/** The lines that sort out options, and the numbers that the arguments cross as. */
export function callPrelude(op, special = () => undefined) {
  const { name } = op;
  const lines = [];
  const optionNames = [...op.optional, ...op.named].map((a) => a.name);
  if (op.takesRequiresGrad) optionNames.push('requiresGrad');
  const crossedName = {};
  if (op.spread) lines.push(`const [${op.spread.name}, o] = sizes<${op.optionsType ?? 'object'}>(args);`);
  if (op.optionsType) {
    const fallbacks = [];
    for (const a of op.optional) {
      lines.push(`if (isOptions(${a.name})) {`, `  o = ${a.name};`, `  ${a.name} = undefined;`, '}');
      crossedName[a.name] = `${a.name}_`;
      fallbacks.push(`${a.name}: ${a.name}_ = ${a.name} ?? ${a.code}`);
    }
    for (const a of op.named) fallbacks.push(a.code === undefined ? a.name : `${a.name} = ${a.code}`);
    if (op.takesRequiresGrad) fallbacks.push('requiresGrad = false');
    const known = `options<${op.optionsType}>('${name}', o, '${optionNames.join(' ')}')`;
    lines.push(`const { ${fallbacks.join(', ')} } = ${known};`);
  } else if (op.spread) {
    lines.push(`options('${name}', o, '');`);
  }
  const crossed = op.args.flatMap((a) => special(a) ?? a.cross(name, crossedName[a.name] ?? a.name));
  return { lines, crossed };
}

function body(op) {
  const { row, name } = op;
  const { lines, crossed } = callPrelude(op);
  const native = `lib.op_${row.name}(${crossed.join(', ')})`;
  let value = `wrap(${native}, '${name}')`;
  if (row.returnsList) value = `wrapList(${native}, '${name}')`;
  else if (row.results.length)
    value = `wrapNamed(${native}, '${name}', [${row.results.map((r) => `'${r}'`).join(', ')}])`;
  if (op.takesRequiresGrad) value = `withGrad(${value}, requiresGrad, '${name}')`;
  lines.push(`return ${value};`);
  return lines.map((l) => `  ${l}`).join('\n');
}

export const renamedOptions = (list) => list.replace(/\boptions(\??):/, 'o$1:');

function tsFunction(op) {
  const doc = docComment(op.row, op.args);
  const lists = signatures(op);
  if (op.spread) {
    const before = op.required
      .slice(0, -1)
      .map((a) => `${a.name}: ${a.type}, `)
      .join('');
    return [
      optionsInterface(op) + doc,
      ...lists.map((l) => `export function ${op.name}(${l}): ${op.result};`),
      `export function ${op.name}(${before}...args: unknown[]): ${op.result} {`,
      body(op),
      '}\n',
    ].join('\n');
  }
  const list = renamedOptions(lists[0]);
  const own = op.optionsType && !/\bo\??:/.test(list) ? [`  let o: ${op.optionsType} | undefined;`] : [];
  return [
    `${optionsInterface(op)}${doc}`,
    `export function ${op.name}(${list}): ${op.result} {`,
    ...own,
    body(op),
    '}\n',
  ].join('\n');
}

/** A method's type, and that of its form in place; the methods themselves are made from a list of names. */
function tsMethod(op) {
  const lists = signatures(op, true);
  const lines = [
    docComment(op.row, op.args.slice(1), '  '),
    ...lists.map((l) => `  ${op.name}(${l}): ${op.result};`),
  ];
  if (op.row.inPlace)
    lines.push(
      '',
      `  /** \`${op.name}\` in place: the result stands in this tensor, which comes back. */`,
      `  ${op.name}_(${lists[0]}): this;`,
    );
  return `${lines.join('\n')}\n`;
}

export const argumentHelpers = [
  'choice',
  'dtypeIndex',
  'flag',
  'given',
  'handleList',
  'integer',
  'integers',
  'isOptions',
  'number',
  'numbers',
  'operandHandle',
  'operandNumber',
  'optionalDtypeIndex',
  'optionalHandle',
  'optionalInteger',
  'optionalIntegers',
  'optionalNumber',
  'options',
  'sizes',
  'text',
  'withGrad',
];
export const used = (text, names) => names.filter((n) => new RegExp(`\\b${n}[(<]`).test(text));

const families = (ops) => {
  const out = new Map();
  for (const op of ops) out.set(op.row.family, [...(out.get(op.row.family) ?? []), op]);
  return [...out];
};

export const importLine = (names, from) =>
  names.length ? [`import { ${names.join(', ')} } from '${from}';`] : [];

function familyFile(ops) {
  const text = ops.map(tsFunction).join('\n');
  const helpers = used(text, argumentHelpers);
  const handles = used(text, ['Named', 'tensorHandle', 'wrap', 'wrapList', 'wrapNamed']);
  return [
    banner('cpp/fluxion/ops'),
    ...importLine(helpers, '../args.ts'),
    ...(/: DType\b/.test(text) ? [`import type { DType } from '../dtype.ts';`] : []),
    ...importLine(
      handles.map((h) => (h === 'Named' ? 'type Named' : h)),
      '../handles.ts',
    ),
    `import { lib } from '../native.ts';`,
    `import type { Tensor } from '../tensor.ts';`,
    '',
    text,
  ].join('\n');
}

/** One TypeScript file a family, and one that names them all. */
export function opsFiles(ops) {
  const list = families(ops);
  const all = list.map(([family]) => `export * from './${family}.ts';`).join('\n');
  return [
    ...list.map(([family, members]) => [`web/generated/${family}.ts`, familyFile(members)]),
    ['web/generated/ops.ts', `${banner('cpp/fluxion/ops')}\n${all}\n`],
  ];
}

export function methodsFile(ops) {
  const methods = ops.filter((op) => op.isMethod);
  const text = methods.map(tsMethod).join('\n');
  const types = methods.map((op) => op.optionsType).filter((t) => t && new RegExp(`\\b${t}\\b`).test(text));
  return [
    `${banner('cpp/fluxion/ops')}`,
    `import type { DType } from '../dtype.ts';`.repeat(/\bDType\b/.test(text) ? 1 : 0),
    `import { ${used(text, ['Named'])
      .map(() => 'type Named, ')
      .join('')}Owned } from '../handles.ts';`,
    `import type { Tensor } from '../tensor.ts';`,
    `import type { ${types.join(', ')} } from './ops.ts';`,
    // One by one: of a namespace that is walked through, bundlers would keep every function.
    `import { ${methods.map((op) => op.name).join(', ')} } from './ops.ts';`,
    '',
    '/** The operations as methods of Tensor. */',
    'export interface TensorMethods {',
    `${text}}`,
    '',
    '// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the loop below makes what is declared',
    'export abstract class TensorMethods extends Owned {}',
    '',
    `const functions = { ${methods.map((op) => op.name).join(', ')} } as unknown as Record<`,
    '  string,',
    '  (...args: unknown[]) => unknown',
    '>;',
    'for (const [name, run] of Object.entries(functions)) {',
    '  Object.defineProperty(TensorMethods.prototype, name, {',
    '    configurable: true,',
    '    writable: true,',
    '    value(this: Tensor, ...args: unknown[]) {',
    '      return run(this, ...args);',
    '    },',
    '  });',
    '}',
    '',
  ]
    .filter((line, i, all) => line !== '' || all[i - 1] !== '')
    .join('\n');
}

export function nativeFile(ops, others) {
  const lines = ops.map((op) => `  op_${op.row.name}(${nativeParameters(op.args)}): number;`);
  return [`${banner('cpp/fluxion')}`, 'export interface NativeOps {', ...lines, ...others, '}', ''].join(
    '\n',
  );
}

/** One C++ file a family, so that they compile side by side. */
export const bindingFiles = (ops) =>
  families(ops).map(([family, list]) => [
    `bindings/generated/ops_${family}.cpp`,
    [
      banner('cpp/fluxion/ops'),
      '#include "bindings/wire.h"',
      '#include "fluxion/ops/ops.h"',
      '',
      `EMSCRIPTEN_BINDINGS(fluxion_ops_${family}) {`,
      '  using fluxion::bindings::bind_op;',
      ...list.map((op) => `  bind_op<&fluxion::${op.row.function}>("op_${op.row.name}");`),
      '}',
      '',
    ].join('\n'),
  ]);
