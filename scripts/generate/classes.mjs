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
  renamedOptions,
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

const fieldCode = (classNames) => (field) => {
  const name = camel(field.name);
  if (field.kind === 'parameter') {
    const type = field.name.includes('bias') ? 'Parameter | null' : 'Parameter';
    return [
      `  get ${name}(): ${type} {`,
      `    return parameterOf(this, '${field.name}')${type === 'Parameter' ? ' as Parameter' : ''};`,
      '  }',
      `  set ${name}(value: Tensor) {`,
      `    setParameterOf(this, '${field.name}', value);`,
      '  }',
    ].join('\n');
  }
  if (field.kind === 'buffer')
    return `  get ${name}(): Tensor {\n    return bufferOf(this, '${field.name}') as Tensor;\n  }`;
  const type = classNames.includes(field.kind) ? field.kind : 'NativeModule';
  return `  get ${name}(): ${type} {\n    return childOf<${type}>(this, '${field.name}');\n  }`;
};

function methodCode(method) {
  const list = renamedOptions(signatures(method)[0]).replaceAll(
    method.optionsType ?? '\0',
    optionsName(method),
  );
  const { lines, crossed } = callPrelude({
    ...method,
    optionsType: method.optionsType && optionsName(method),
  });
  const wrapped = method.row.returns === 'Tensor' ? 'wrap' : 'wrapList';
  const type = method.row.returns === 'Tensor' ? 'Tensor' : 'Tensor[]';
  return [
    docComment(method.row, method.args, '  '),
    `  ${method.name}(${list}): ${type} {`,
    ...(method.optionsType && !/\bo\??:/.test(list)
      ? [`    let o: ${optionsName(method)} | undefined;`]
      : []),
    ...lines.map((l) => `    ${l}`),
    `    return ${wrapped}(lib.${method.native}(${['nativeOf(this)', ...crossed].join(', ')}), '${method.name}');`,
    '  }',
  ].join('\n');
}
const optionsName = (method) =>
  `${method.native.replace('nn_', '').replace(/_(\w)/, (_, c) => c.toUpperCase())}Options`;

function moduleClass(m, classNames) {
  const list = renamedOptions(signatures(m)[0]);
  const { lines, crossed } = callPrelude(m);
  const base = m.row.isLoss ? 'NativeLoss' : 'NativeModule';
  const methodOptions = m.methods
    .filter((x) => x.optionsType)
    .map((x) => optionsInterface({ ...x, optionsType: optionsName(x), name: `${m.name}.${x.name}` }));
  const own = m.optionsType && !/\bo\??:/.test(list) ? [`    let o: ${m.optionsType} | undefined;`] : [];
  return [
    methodOptions.join('') + optionsInterface(m) + docComment(m.row, m.args),
    `export class ${m.name} extends ${base} {`,
    `  constructor(${list}) {`,
    ...own,
    ...lines.map((l) => `    ${l}`),
    `    super(lib.nn_${m.name}(${crossed.join(', ')}));`,
    '  }',
    ...m.row.fields.map(fieldCode(classNames)).map((c) => `\n${c}`),
    ...m.methods.map(methodCode).map((c) => `\n${c}`),
    '}\n',
  ].join('\n');
}

export function modulesFile(modules) {
  const names = modules.map((m) => m.name);
  const text = modules.map((m) => moduleClass(m, names)).join('\n');
  const base = ['NativeLoss', 'NativeModule'].filter((n) => new RegExp(`\\b${n}\\b`).test(text));
  const helpers = used(text, ['bufferOf', 'childOf', 'nativeOf', 'parameterOf', 'setParameterOf']);
  return [
    banner('cpp/fluxion/nn'),
    ...importLine(used(text, argumentHelpers), '../args.ts'),
    ...(/: DType\b/.test(text) ? [`import type { DType } from '../dtype.ts';`] : []),
    ...importLine(used(text, ['tensorHandle', 'wrap', 'wrapList']), '../handles.ts'),
    `import { lib } from '../native.ts';`,
    ...importLine([...base, ...helpers, 'registerClasses'], '../nn/module.ts'),
    `import type { Parameter } from '../nn/parameter.ts';`,
    `import type { Tensor } from '../tensor.ts';`,
    '',
    text,
    `registerClasses({ ${names.join(', ')} });`,
    '',
  ].join('\n');
}

export function moduleBindings(modules) {
  const lines = modules.flatMap((m) => [
    `  bind_module<${[`nn::${m.name}`, ...m.row.args.map(cppType)].join(', ')}>("nn_${m.name}");`,
    ...m.methods.map((x) => `  bind_method<&nn::${m.name}::${x.row.name}>("${x.native}");`),
  ]);
  return cppFile('cpp/fluxion/nn', 'modules', lines);
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

export const moduleNatives = (modules) =>
  modules.flatMap((m) => [
    `  nn_${m.name}(${parameters(m.args).join(', ')}): number;`,
    ...m.methods.map(
      (x) => `  ${x.native}(${['module: number', ...parameters(x.args)].join(', ')}): number;`,
    ),
  ]);
export const optimizerNatives = (optimizers) =>
  optimizers.map(
    (o) => `  optim_${o.name}(${['params: number', ...parameters(o.args.slice(1))].join(', ')}): number;`,
  );
