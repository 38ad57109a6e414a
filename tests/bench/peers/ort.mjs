// ONNX Runtime Web on its wasm backend, which runs graphs and does not train. Its graphs are written here.
import { dataOf, gptSize, sampled } from '../workloads.mjs';
import { Graph } from './onnx.mjs';

const at = (file) => new URL(`../node_modules/onnxruntime-web/dist/${file}`, import.meta.url).href;

export async function load({ threads }) {
  const ort = await import(at('ort.wasm.min.mjs'));
  ort.env.wasm.wasmPaths = at('');
  ort.env.wasm.numThreads = threads;
  return { version: ort.env.versions.web, threads, task: (row) => makers[row.kind]?.(ort, row, dataOf(row)) };
}

const session = (ort, graph) =>
  ort.InferenceSession.create(graph.file(), { executionProviders: ['wasm'], graphOptimizationLevel: 'all' });
const put = (ort, { shape, values }) => new ort.Tensor('float32', values, shape);

async function repeated(ort, graph, feeds) {
  const ready = await session(ort, graph);
  return {
    check: async () => sampled((await ready.run(feeds)).y.data),
    async run(n) {
      for (let i = 0; i < n; i++) await ready.run(feeds);
    },
    dispose: () => ready.release(),
  };
}

const { nEmbd, nHead, nLayer, vocabSize } = gptSize;
const headWidth = nEmbd / nHead;

/** One token [1, 1] at its place, with the keys and values of those before it. */
function decoder(weights) {
  const g = new Graph();
  const w = (name) => g.weight(name, weights[name]);
  const turned = (name) => {
    const { shape, values } = weights[name];
    const [out, from] = shape;
    const flipped = Float32Array.from(values, (_, i) => values[(i % out) * from + Math.floor(i / out)]);
    return g.weight(`${name}.T`, { shape: [from, out], values: flipped });
  };
  const linear = (name, x, suffix = '.') => {
    const y = g.node('MatMul', [x, turned(`${name}${suffix}weight`)]);
    return weights[`${name}${suffix}bias`] ? g.node('Add', [y, w(`${name}${suffix}bias`)]) : y;
  };
  const norm = (name, x) =>
    g.node('LayerNormalization', [x, w(`${name}.weight`), w(`${name}.bias`)], { axis: -1, epsilon: 1e-5 });
  const thirds = g.integers(nEmbd, nEmbd, nEmbd);
  const apart = g.integers(1, 1, nHead, headWidth);
  const together = g.integers(1, 1, nEmbd);
  const scale = g.weight('scale', { shape: [], values: Float32Array.of(1 / Math.sqrt(headWidth)) });
  const token = g.input('token', 'int64', [1, 1]);
  const place = g.input('place', 'int64', [1, 1]);
  let x = g.node('Add', [
    g.node('Gather', [w('wte.weight'), token]),
    g.node('Gather', [w('wpe.weight'), place]),
  ]);
  const past = (name) => g.input(name, 'float', [1, nHead, 'past', headWidth]);
  for (let i = 0; i < nLayer; i++) {
    const name = `h.${i}`;
    const qkv = linear(`${name}.attn.in_proj`, norm(`${name}.ln_1`, x), '_');
    const heads = g.node('Split', [qkv, thirds], { axis: 2 }, 3);
    const [q, k, v] = heads.map((h) =>
      g.node('Transpose', [g.node('Reshape', [h, apart])], { perm: [0, 2, 1, 3] }),
    );
    const keys = g.node('Concat', [past(`key${i}`), k], { axis: 2 }, `keys${i}`);
    const values = g.node('Concat', [past(`value${i}`), v], { axis: 2 }, `values${i}`);
    for (const out of [keys, values]) g.output(out, 'float', [1, nHead, 'all', headWidth]);
    const scores = g.node('MatMul', [q, g.node('Transpose', [keys], { perm: [0, 1, 3, 2] })]);
    const seen = g.node('MatMul', [
      g.node('Softmax', [g.node('Mul', [scores, scale])], { axis: -1 }),
      values,
    ]);
    const flat = g.node('Reshape', [g.node('Transpose', [seen], { perm: [0, 2, 1, 3] }), together]);
    x = g.node('Add', [x, linear(`${name}.attn.out_proj`, flat)]);
    const wide = g.node('Gelu', [linear(`${name}.mlp.c_fc`, norm(`${name}.ln_2`, x))], {
      approximate: 'tanh',
    });
    x = g.node('Add', [x, linear(`${name}.mlp.c_proj`, wide)]);
  }
  g.node('MatMul', [norm('ln_f', x), turned('lm_head.weight')], {}, 'logits');
  g.output('logits', 'float', [1, 1, vocabSize]);
  return g;
}

const makers = {
  matmul(ort, { n, transposeA, transposeB }, { a, b }) {
    const g = new Graph();
    const [x, y] = [g.input('a', 'float', [n, n]), g.input('b', 'float', [n, n])];
    g.node('Gemm', [x, y], { transA: Number(transposeA), transB: Number(transposeB) }, 'y');
    g.output('y', 'float', [n, n]);
    return repeated(ort, g, { a: put(ort, a), b: put(ort, b) });
  },
  pointwise(ort, { op }, { a, b }) {
    const g = new Graph();
    const x = g.input('a', 'float', [1024, 1024]);
    if (op === 'add') g.node('Add', [x, g.input('b', 'float', [1024, 1024])], {}, 'y');
    if (op === 'gelu') g.node('Gelu', [x], { approximate: 'tanh' }, 'y');
    if (op === 'softmax') g.node('Softmax', [x], { axis: 1 }, 'y');
    if (op === 'layerNorm') {
      const ones = { shape: [1024], values: new Float32Array(1024).fill(1) };
      const zeros = { shape: [1024], values: new Float32Array(1024) };
      const inputs = [x, g.weight('weight', ones), g.weight('bias', zeros)];
      g.node('LayerNormalization', inputs, { axis: -1, epsilon: 1e-5 }, 'y');
    }
    g.output('y', 'float', [1024, 1024]);
    return repeated(ort, g, { a: put(ort, a), ...(op === 'add' && { b: put(ort, b) }) });
  },
  async generate(ort, _, { prompt, tokens, weights }) {
    const ready = await session(ort, decoder(weights));
    const id = (n) => new ort.Tensor('int64', BigInt64Array.of(BigInt(n)), [1, 1]);
    const all = async () => {
      const none = new ort.Tensor('float32', new Float32Array(0), [1, nHead, 0, headWidth]);
      let kept = {};
      for (let i = 0; i < nLayer; i++) kept[`key${i}`] = kept[`value${i}`] = none;
      let last = prompt;
      const out = [];
      for (let i = 0; i < tokens; i++) {
        const made = await ready.run({ token: id(last), place: id(i), ...kept });
        const logits = made.logits.data;
        last = logits.indexOf(Math.max(...logits));
        out.push(last);
        kept = {};
        for (let l = 0; l < nLayer; l++) {
          kept[`key${l}`] = made[`keys${l}`];
          kept[`value${l}`] = made[`values${l}`];
        }
      }
      return out;
    };
    return {
      check: all,
      async run(n) {
        for (let i = 0; i < n; i++) await all();
      },
      dispose: () => ready.release(),
    };
  },
};
