// From module and optimizer rows: classes in TypeScript, and the bindings that make them.
import { docComment } from './doc.mjs';
import { camel } from './names.mjs';
import {
  argumentHelpers,
  banner,
  callPrelude,
  importLine,
  optionsInterface,
  prepare,
  signatures,
  used,
} from './ops.mjs';

const cppTypes = {
  Int: 'std::int64_t',
  OptionalInt: 'std::optional<std::int64_t>',
  Number: 'double',
  OptionalNumber: 'std::optional<double>',
  Bool: 'bool',
  Ints: 'Shape',
  OptionalInts: 'std::optional<Shape>',
  Numbers: 'std::vector<double>',
  DType: 'DType',
  Choice: 'AnyEnum',
  Tensor: 'Tensor',
  OptionalTensor: 'std::optional<Tensor>',
};
const cppType = (arg) => {
  if (!cppTypes[arg.kind]) throw new Error(`a constructor takes no argument of kind ${arg.kind}`);
  return cppTypes[arg.kind];
};

const asOp = (row) => prepare({ family: '', results: [], returnsList: false, isMethod: false, ...row });

export const prepareModule = (row) => ({
  ...asOp(row),
  name: row.name,
  optionsType: row.args.some((a) => a.option || a.default !== null) ? `${row.name}Options` : undefined,
  methods: row.methods.map((m) => ({ ...asOp({ ...m, name: m.name }), native: `nn_${row.name}_${m.name}` })),
});

// The letters of web/nn/spec.ts.
const letters = {
  Tensor: 't',
  OptionalTensor: 'T',
  Tensors: 'H',
  Int: 'i',
  OptionalInt: 'I',
  Number: 'n',
  OptionalNumber: 'N',
  Bool: 'b',
  Ints: 'l',
  OptionalInts: 'L',
  DType: 'd',
  Choice: 'c',
};

/** Arguments as web/nn/spec.ts reads them; sizes and the mode that follows them are one. */
const spec = (args) =>
  args
    .filter((a) => !a.hidden)
    .map((a) => {
      const mode = args.find((m) => m.hidden && m.name === `${a.name}Mode`);
      const words = (mode ?? a).choices.slice(mode ? 1 : 0);
      if (mode && args.indexOf(mode) !== args.indexOf(a) + 1)
        throw new Error(`${mode.name} must follow ${a.name}`);
      const kind = mode ? 's' : letters[a.kind];
      if (!kind) throw new Error(`modules take no argument of kind ${a.kind}`);
      return `${a.option ? '*' : ''}${a.name}:${kind}${words.length ? `(${words})` : ''}${a.default === null ? '' : `=${a.default}`}`;
    })
    .join(' ');

const fieldMark = (field) => ({ parameter: '', buffer: '#' })[field.kind] ?? '.';

const fieldCode = (classNames) => (field) => {
  let type = classNames.includes(field.kind) ? field.kind : 'NativeModule';
  if (field.kind === 'parameter') type = field.name.includes('bias') ? 'Parameter | null' : 'Parameter';
  if (field.kind === 'buffer') type = 'Tensor';
  return `  declare ${field.kind === 'parameter' ? '' : 'readonly '}${camel(field.name)}: ${type};`;
};

const optionsName = (method) =>
  `${method.native.replace('nn_', '').replace(/_(\w)/, (_, c) => c.toUpperCase())}Options`;

/** The names in a parameter list. */
const namesIn = (op) =>
  [...op.required, ...op.optional].map((a) => a.name).concat(op.named.length ? 'options' : []);

function methodCode(method, index) {
  const list = signatures(method)[0].replaceAll(method.optionsType ?? '\0', optionsName(method));
  const [wrapped, type] = method.row.returns === 'Tensor' ? ['wrap', 'Tensor'] : ['wrapList', 'Tensor[]'];
  const call = `callMethod(this, ${index}, '${method.name}', '${spec(method.args)}', [${namesIn(method)}])`;
  return [
    docComment(method.row, method.args, '  '),
    `  ${method.name}(${list}): ${type} {`,
    `    return ${wrapped}(${call}, '${method.name}');`,
    '  }',
  ].join('\n');
}

function moduleClass(m, classNames, methods) {
  const base = m.row.isLoss ? 'NativeLoss' : 'NativeModule';
  const methodOptions = m.methods
    .filter((x) => x.optionsType)
    .map((x) => optionsInterface({ ...x, optionsType: optionsName(x), name: `${m.name}.${x.name}` }));
  const list = signatures(m)[0];
  return [
    methodOptions.join('') + optionsInterface(m) + docComment(m.row, m.args),
    `export class ${m.name} extends ${base} {`,
    ...m.row.fields.map(fieldCode(classNames)),
    ...(list && m.row.fields.length ? [''] : []),
    ...(list ? [`  constructor(${list}) {`, `    super(${namesIn(m)});`, '  }'] : []),
    ...m.methods.map((x) => `\n${methodCode(x, methods.indexOf(x))}`),
    '}\n',
  ].join('\n');
}

export function modulesFile(modules) {
  const names = modules.map((m) => m.name);
  const methods = modules.flatMap((m) => m.methods);
  const text = modules.map((m) => moduleClass(m, names, methods)).join('\n');
  const entries = modules.map((m) => {
    const fields = m.row.fields.map((f) => fieldMark(f) + f.name).join(' ');
    return `[${m.name}, '${m.name}', '${spec(m.args)}'${fields && `, '${fields}'`}],`;
  });
  return [
    banner('cpp/fluxion/nn'),
    `import type { DType } from '../dtype.ts';`,
    ...importLine(used(text, ['wrap', 'wrapList']), '../handles.ts'),
    `import { callMethod, NativeLoss, NativeModule, registerClasses } from '../nn/module.ts';`,
    `import type { Parameter } from '../nn/parameter.ts';`,
    `import type { Tensor } from '../tensor.ts';`,
    '',
    text,
    `registerClasses([${entries.join('\n')}]);`,
    '',
  ].join('\n');
}

export function moduleBindings(modules) {
  const makers = modules.map(
    (m) => `    make_module<${[`nn::${m.name}`, ...m.row.args.map(cppType)].join(', ')}>,`,
  );
  const methods = modules.flatMap((m) =>
    m.methods.map((x) => `    call_method<&nn::${m.name}::${x.row.name}>,`),
  );
  return [
    banner('cpp/fluxion/nn'),
    '#include "bindings/objects.h"',
    '',
    'namespace fluxion::bindings {',
    'const ModuleMaker module_makers[] = {',
    ...makers,
    '};',
    'const ModuleMethod module_methods[] = {',
    ...methods,
    '};',
    '}  // namespace fluxion::bindings',
    '',
  ].join('\n');
}

export function optimizerBindings(optimizers) {
  const lines = optimizers.map(
    (o) =>
      `  bind_optimizer<${[`optim::${o.name}`, ...o.row.args.slice(1).map(cppType)].join(', ')}>("optim_${o.name}");`,
  );
  return cppFile('cpp/fluxion/optim', 'optimizers', lines);
}

const cppFile = (from, what, lines) =>
  [
    banner(from),
    '#include "bindings/objects.h"',
    '',
    'namespace fluxion::bindings {',
    `EMSCRIPTEN_BINDINGS(fluxion_${what}_made) {`,
    ...lines,
    '}',
    '}  // namespace fluxion::bindings',
    '',
  ].join('\n');

export const prepareOptimizer = (row) => ({
  ...asOp(row),
  name: row.name,
  optionsType: `${row.name}Options`,
});

function optimizerClass(o) {
  const { lines, crossed } = callPrelude(o, (arg) => (arg.name === 'params' ? ['group.params'] : undefined));
  const names = o.row.args.slice(1).map((a, i) => `${a.name}: '${o.row.optionNames[i]}'`);
  return [
    optionsInterface(o) + docComment(o.row, o.args),
    `export class ${o.name} extends Optimizer {`,
    `  constructor(params: Params<${o.optionsType}>, o?: ${o.optionsType}) {`,
    ...lines.map((l) => `    ${l}`),
    `    const group = firstGroup(params, '${o.name}');`,
    `    super(lib.optim_${o.name}(${crossed.join(', ')}), { ${names.join(', ')} }, group.groups);`,
    '  }',
    '}\n',
  ].join('\n');
}

export function optimizersFile(optimizers) {
  const text = optimizers.map(optimizerClass).join('\n');
  return [
    banner('cpp/fluxion/optim'),
    ...importLine(used(text, argumentHelpers), '../args.ts'),
    `import { lib } from '../native.ts';`,
    `import { firstGroup, Optimizer, type Params } from '../optimizer.ts';`,
    '',
    text,
  ].join('\n');
}

const parameters = (args) =>
  args.flatMap((a) => a.cross('').map((_, i) => `${a.name}${i ? i + 1 : ''}: number`));

export const optimizerNatives = (optimizers) =>
  optimizers.map(
    (o) => `  optim_${o.name}(${['params: number', ...parameters(o.args.slice(1))].join(', ')}): number;`,
  );
