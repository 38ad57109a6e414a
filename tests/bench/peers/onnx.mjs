// ONNX files by hand: the few messages of onnx.proto that a graph of standard operators needs, in protobuf's wire format.
const utf8 = new TextEncoder();
const kind = { float: 1, int64: 7 };

function varint(n) {
  const out = [];
  let rest = BigInt.asUintN(64, BigInt(n));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    out.push(rest ? low | 128 : low);
  } while (rest);
  return out;
}
const join = (parts) => {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
};
const integer = (field, n) => Uint8Array.from([...varint(field << 3), ...varint(n)]);
const bytes = (field, value) =>
  join([Uint8Array.from([...varint((field << 3) | 2), ...varint(value.length)]), value]);
const text = (field, value) => bytes(field, utf8.encode(value));
const message = (field, ...parts) => bytes(field, join(parts));
const float = (field, n) =>
  join([Uint8Array.from(varint((field << 3) | 5)), new Uint8Array(Float32Array.of(n).buffer)]);

function attribute(name, value) {
  if (typeof value === 'string') return message(5, text(1, name), text(4, value), integer(20, 3));
  if (Array.isArray(value))
    return message(5, text(1, name), ...value.map((n) => integer(8, n)), integer(20, 7));
  const whole = Number.isInteger(value);
  return message(5, text(1, name), whole ? integer(3, value) : float(2, value), integer(20, whole ? 2 : 1));
}

/** A tensor of float32, or int64 from a list of integers. */
function tensor(field, name, { shape, values }) {
  const isFloat = values instanceof Float32Array;
  const raw = isFloat ? values : BigInt64Array.from(values, BigInt);
  return message(
    field,
    ...shape.map((n) => integer(1, n)),
    integer(2, isFloat ? kind.float : kind.int64),
    text(8, name),
    bytes(9, new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength)),
  );
}

/** An input or output; a size given as text may be any. */
const value = (field, { name, type, shape }) =>
  message(
    field,
    text(1, name),
    message(
      2,
      message(
        1,
        integer(1, kind[type]),
        message(2, ...shape.map((n) => message(1, typeof n === 'string' ? text(2, n) : integer(1, n)))),
      ),
    ),
  );

/** A graph that grows node by node; `file()` is the model. */
export class Graph {
  #nodes = [];
  #weights = [];
  #inputs = [];
  #outputs = [];
  #made = 0;

  input(name, type, shape) {
    this.#inputs.push(value(11, { name, type, shape }));
    return name;
  }
  output(name, type, shape) {
    this.#outputs.push(value(12, { name, type, shape }));
  }
  weight(name, array) {
    this.#weights.push(tensor(5, name, array));
    return name;
  }
  integers(...values) {
    return this.weight(`integers${++this.#made}`, { shape: [values.length], values });
  }
  /** Adds a node and names its outputs, as many as asked for; one comes without a list. */
  node(type, inputs, attributes = {}, outputs = 1) {
    const names =
      typeof outputs === 'number'
        ? Array.from({ length: outputs }, () => `${type}${++this.#made}`)
        : [outputs].flat();
    this.#nodes.push(
      message(
        1,
        ...inputs.map((name) => text(1, name)),
        ...names.map((name) => text(2, name)),
        text(4, type),
        ...Object.entries(attributes).map(([name, v]) => attribute(name, v)),
      ),
    );
    return names.length === 1 ? names[0] : names;
  }
  file() {
    const graph = message(
      7,
      ...this.#nodes,
      text(2, 'bench'),
      ...this.#weights,
      ...this.#inputs,
      ...this.#outputs,
    );
    return join([integer(1, 9), message(8, text(1, ''), integer(2, 20)), graph]);
  }
}
