// One argument of a row on its way from TypeScript to wasm: its type, and the numbers it crosses as. The C++ side of
// the same table is bindings/wire.h.
import { camel } from './names.mjs';

const quoted = (s) => `'${s}'`;
const call = (fn) => (v, op, name) => [`${fn}(${v}, ${quoted(op)}, ${quoted(name)})`];

const kinds = {
  Tensor: { type: 'Tensor', cross: call('tensorHandle') },
  OptionalTensor: { type: 'Tensor | null', cross: call('optionalHandle') },
  Tensors: { type: 'readonly Tensor[]', cross: call('handleList') },
  Operand: {
    type: 'Tensor | number',
    cross: (v, op, name) => [`operandHandle(${v}, ${quoted(op)}, ${quoted(name)})`, `operandNumber(${v})`],
  },
  Scalar: { type: 'number', cross: call('number') },
  Number: { type: 'number', cross: call('number') },
  OptionalNumber: {
    type: 'number | null',
    cross: (v, op, name) => [`given(${v})`, ...call('optionalNumber')(v, op, name)],
  },
  Int: { type: 'number', cross: call('integer') },
  OptionalInt: {
    type: 'number | null',
    cross: (v, op, name) => [`given(${v})`, ...call('optionalInteger')(v, op, name)],
  },
  Bool: { type: 'boolean', cross: call('flag') },
  Ints: { type: 'number | readonly number[]', cross: call('integers') },
  OptionalInts: { type: 'number | readonly number[] | null', cross: call('optionalIntegers') },
  Numbers: { type: 'readonly number[]', cross: call('numbers') },
  Text: { type: 'string', cross: call('text') },
  DType: { type: 'DType', cross: (v, op) => [`dtypeIndex(${v}, ${quoted(op)})`] },
  OptionalDType: { type: 'DType | null', cross: (v, op) => [`optionalDtypeIndex(${v}, ${quoted(op)})`] },
  Choice: {
    cross: (v, op, name, arg) => [
      `choice(${v}, ${quoted(op)}, ${quoted(name)}, [${arg.choices.map(quoted).join(', ')}])`,
    ],
  },
};

// Lists that PyTorch also takes one by one: x.reshape(2, 3).
const spreadNames = ['shape', 'dims', 'repeats'];

/** A row's argument with its TypeScript name and type, its default as code, and how it crosses. */
export function argument(arg) {
  const kind = kinds[arg.kind];
  if (!kind) throw new Error(`no argument kind is called ${arg.kind}`);
  const name = camel(arg.name);
  const listOnly = arg.kind === 'Ints' && spreadNames.includes(name);
  return {
    ...arg,
    name,
    type: listOnly ? 'readonly number[]' : (kind.type ?? arg.choices.map(quoted).join(' | ')),
    code: arg.default === null ? undefined : arg.default.replace(/^"(.*)"$/, "'$1'"),
    isSpread: listOnly,
    isTensor: arg.kind === 'Tensor',
    cross: (op, value = name) => kind.cross(value, op, name, arg),
  };
}

/** How many numbers each argument crosses as, for the type of the native function. */
export const nativeParameters = (args) =>
  args.flatMap((a) => a.cross('').map((_, i) => `${a.name}${i ? i + 1 : ''}: number`)).join(', ');
