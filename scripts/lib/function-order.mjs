// gzip sees 32 KB at a time. Functions that are alike, such as the many instances of one template, therefore compress far
// better as neighbours. This puts each function next to those it resembles most, and says so by the names it writes into
// the module: wasm-opt then sorts by name and renumbers the calls.

const gram = 5; // bytes that make a feature
const bits = 20; // of a feature's hash
const common = 500; // features of more functions than this say nothing
const window = 32 * 1024;

class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }
}

function* sections(module) {
  const reader = new Reader(module, 8);
  while (reader.at < module.length) {
    const start = reader.at;
    const id = reader.byte();
    const content = reader.take(reader.number());
    yield { id, content, whole: module.subarray(start, reader.at) };
  }
}

function importedFunctions(content) {
  const reader = new Reader(content);
  let functions = 0;
  for (let left = reader.number(); left > 0; --left) {
    reader.take(reader.number()); // module
    reader.take(reader.number()); // name
    const kind = reader.byte();
    if (kind === 0) {
      functions++;
      reader.number();
    } else if (kind === 1) {
      reader.byte();
      reader.limits();
    } else if (kind === 2) reader.limits();
    else if (kind === 3) reader.take(2);
    else if (kind === 4) {
      reader.byte();
      reader.number();
    } else throw new Error(`an import of kind ${kind} is unknown`);
  }
  return functions;
}

function bodiesOf(content) {
  const reader = new Reader(content);
  return Array.from({ length: reader.number() }, () => reader.take(reader.number()));
}

function featuresOf(body) {
  const found = new Set();
  for (let i = 0; i + gram <= body.length; i++) {
    let hash = 0;
    for (let j = 0; j < gram; j++) hash = Math.imul(hash ^ body[i + j], 0x01000193);
    found.add(Math.imul(hash, 0x9e3779b1) >>> (32 - bits));
  }
  return [...found];
}

/** Greedily: next comes the function with the largest share of its features within the window before it. */
function alike(bodies) {
  const features = bodies.map(featuresOf);
  const having = Array.from({ length: 1 << bits }, () => []);
  for (const [i, list] of features.entries()) for (const f of list) having[f].push(i);
  const seen = new Uint16Array(1 << bits); // how many functions in the window have the feature
  const met = new Float64Array(bodies.length); // how many of a function's features the window has
  const move = (i, step) => {
    for (const f of features[i]) {
      const before = seen[f];
      seen[f] += step;
      if ((before === 0) !== (seen[f] === 0) && having[f].length <= common)
        for (const other of having[f]) met[other] += step;
    }
  };
  const left = new Set(bodies.keys());
  const order = [];
  let first = 0; // of the window, in `order`
  let inWindow = 0;
  while (left.size > 0) {
    let best = -1;
    let bestShare = -1;
    for (const i of left) {
      const share = met[i] / (features[i].length + 6); // + 6: tiny functions can wait
      if (share > bestShare) [best, bestShare] = [i, share];
    }
    left.delete(best);
    order.push(best);
    move(best, 1);
    inWindow += bodies[best].length;
    while (inWindow > window) {
      const gone = order[first++];
      move(gone, -1);
      inWindow -= bodies[gone].length;
    }
  }
  return order;
}

const number = (value) => {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
    if (rest < 128) return Buffer.from(bytes);
  }
};
const sized = (...parts) => {
  const content = Buffer.concat(parts);
  return Buffer.concat([number(content.length), content]);
};

/** The module with names that sort its functions into the order that compresses best. */
export function nameByLikeness(module) {
  const all = [...sections(module)];
  const imported = importedFunctions(all.find((s) => s.id === 2)?.content ?? Buffer.from([0]));
  const order = alike(bodiesOf(all.find((s) => s.id === 10).content));
  const place = new Array(order.length);
  for (const [at, i] of order.entries()) place[i] = at;
  const entries = place.map((at, i) =>
    Buffer.concat([number(imported + i), sized(Buffer.from(String(at).padStart(6, '0')))]),
  );
  const names = sized(
    sized(Buffer.from('name')),
    Buffer.from([1]),
    sized(number(entries.length), ...entries),
  );
  const kept = all.filter((s) => s.id !== 0 || !s.content.subarray(1, 5).equals(Buffer.from('name')));
  return Buffer.concat([module.subarray(0, 8), ...kept.map((s) => s.whole), Buffer.from([0]), names]);
}
