// jax-js on its wasm backend: every step is one jitted function of weights and optimizer state. Arrays are counted: using
// one gives it away, `.ref` keeps it. Work may be put off, so a run ends by waiting for what it made.
import { checkedSteps, dataOf, gptSize, sampled } from '../workloads.mjs';

export async function load({ threads }) {
  const jax = await import(new URL('../node_modules/@jax-js/jax/dist/index.js', import.meta.url).href);
  await jax.init('wasm');
  jax.defaultDevice('wasm');
  // It takes a thread for each core where a page is isolated, and one elsewhere; nothing else sets their number.
  return { threads, task: (row) => makers[row.kind]?.(jax, row, dataOf(row)) };
}

const put = ({ numpy: np }, { shape, values }) =>
  np.array(values, values instanceof Int32Array ? { dtype: np.int32 } : {}).reshape(shape);

const repeated = (f) => ({
  async check() {
    return sampled(await f().data());
  },
  async run(n) {
    for (let i = 0; i < n; i++) {
      const out = f();
      await out.blockUntilReady();
      out.dispose();
    }
  },
});

const { nEmbd, nHead, nLayer, blockSize, vocabSize } = gptSize;
const headWidth = nEmbd / nHead;

function layerNorm({ numpy: np }, x, weight, bias) {
  const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
  const variance = np.mean(np.square(centred.ref), -1, { keepdims: true });
  const scaled = centred.div(np.sqrt(variance.add(1e-5)));
  return weight ? scaled.mul(weight).add(bias) : scaled;
}

// x · weightᵀ + bias.
function linear({ numpy: np }, p, name, x) {
  const y = np.matmul(x, p[`${name}.weight`].ref.transpose());
  const bias = p[`${name}.bias`];
  return bias ? y.add(bias.ref) : y;
}

/** The 3×3 windows of x [N, C, H, W] below each other, under the filters: its own convolution is ten times slower. */
function convolved({ numpy: np }, p, name, x) {
  const [n, c, h, w] = x.shape;
  const around = np.pad(x, [
    [0, 0],
    [0, 0],
    [1, 1],
    [1, 1],
  ]);
  const parts = [];
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++)
      parts.push(around.ref.slice([], [], [i, i + h], [j, j + w]).reshape([n, c, 1, h * w]));
  const filters = p[`${name}.weight`];
  const [out] = filters.shape;
  const windows = np.concatenate(parts, 2).reshape([n, c * 9, h * w]);
  const y = np.matmul(filters.ref.reshape([1, out, c * 9]), windows);
  return y.add(p[`${name}.bias`].ref.reshape([1, out, 1])).reshape([n, out, h, w]);
}
const pooled = ({ numpy: np }, x) => {
  const [n, c, h, w] = x.shape;
  return np.max(x.reshape([n, c, h / 2, 2, w / 2, 2]), [3, 5]);
};

function block(jax, p, i, x, attend) {
  const at = `h.${i}`;
  const a = layerNorm(jax, x.ref, p[`${at}.ln_1.weight`].ref, p[`${at}.ln_1.bias`].ref);
  const qkv = jax.numpy
    .matmul(a, p[`${at}.attn.in_proj_weight`].ref.transpose())
    .add(p[`${at}.attn.in_proj_bias`].ref);
  const y = x.add(linear(jax, p, `${at}.attn.out_proj`, attend(qkv)));
  const b = layerNorm(jax, y.ref, p[`${at}.ln_2.weight`].ref, p[`${at}.ln_2.bias`].ref);
  const wide = jax.nn.gelu(linear(jax, p, `${at}.mlp.c_fc`, b));
  return y.add(linear(jax, p, `${at}.mlp.c_proj`, wide));
}

const forwards = {
  xor: (jax, p, x) => jax.nn.sigmoid(linear(jax, p, '2', jax.numpy.tanh(linear(jax, p, '0', x)))),
  mlp: (jax, p, x) => linear(jax, p, '2', jax.nn.relu(linear(jax, p, '0', x))),
  cnn(jax, p, x) {
    let y = x;
    for (const name of ['0', '3']) y = pooled(jax, jax.nn.relu(convolved(jax, p, name, y)));
    return linear(jax, p, '7', y.reshape([64, 1568]));
  },
  gpt(jax, p, ids) {
    const { numpy: np, nn } = jax;
    const [n, t] = [16, blockSize];
    const embedded = np.matmul(nn.oneHot(ids.reshape([n * t]), vocabSize), p['wte.weight'].ref);
    let x = embedded
      .reshape([n, t, nEmbd])
      .add(p['wpe.weight'].ref)
      .reshape([n * t, nEmbd]);
    const mask = np.triu(np.ones([t, t]), 1).mul(-1e9);
    const attend = (qkv) => {
      const heads = qkv.reshape([n, t, 3, nHead, headWidth]).transpose([2, 0, 3, 1, 4]);
      const [q, k, v] = [0, 1, 2].map((part) => heads.ref.slice(part));
      const scores = np
        .matmul(q, k.transpose([0, 1, 3, 2]))
        .mul(1 / Math.sqrt(headWidth))
        .add(mask.ref);
      return np
        .matmul(nn.softmax(scores), v)
        .transpose([0, 2, 1, 3])
        .reshape([n * t, nEmbd]);
    };
    for (let i = 0; i < nLayer; i++) x = block(jax, p, i, x, attend);
    return linear(jax, p, 'lm_head', layerNorm(jax, x, p['ln_f.weight'].ref, p['ln_f.bias'].ref));
  },
};

function trainer(jax, { kind }, { x, y, weights }) {
  const { numpy: np, nn, tree, jit, valueAndGrad } = jax;
  const lossOf = (p, input, target) => {
    const out = forwards[kind](jax, p, input);
    if (kind === 'xor') return np.mean(np.square(out.sub(target)));
    const classes = out.shape[1];
    return np.sum(nn.logSoftmax(out).mul(nn.oneHot(target, classes))).mul(-1 / out.shape[0]);
  };
  const gradients = valueAndGrad(lossOf);
  const sgd = (p, _, input, target) => {
    const [loss, g] = gradients(tree.ref(p), input, target);
    return [loss, tree.map((w, d) => w.sub(d.mul(0.1)), p, g), {}];
  };
  const decay = kind === 'gpt' ? 1 - 1e-3 * 0.01 : 1;
  const adam = (p, { m, v, t }, input, target) => {
    const [loss, g] = gradients(tree.ref(p), input, target);
    const step = t.add(1);
    const first = tree.map((a, d) => a.mul(0.9).add(d.mul(0.1)), m, tree.ref(g));
    const second = tree.map((a, d) => a.mul(0.999).add(np.square(d).mul(0.001)), v, g);
    const [c1, c2] = [0.9, 0.999].map((beta) =>
      np
        .exp(step.ref.mul(Math.log(beta)))
        .mul(-1)
        .add(1),
    );
    const next = tree.map(
      (w, a, b) =>
        w.mul(decay).sub(
          a
            .div(c1.ref)
            .mul(1e-3)
            .div(np.sqrt(b.div(c2.ref)).add(1e-8)),
        ),
      p,
      tree.ref(first),
      tree.ref(second),
    );
    return [loss, next, { m: first, v: second, t: step }];
  };
  const compiled = jit(kind === 'xor' ? sgd : adam);
  const [input, target] = [put(jax, x), put(jax, y)];
  let p = Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, put(jax, w)]));
  const zeros = () => tree.map((w) => np.zeros(w.shape), tree.ref(p));
  let state = kind === 'xor' ? {} : { m: zeros(), v: zeros(), t: np.array(0) };
  const step = () => {
    let loss;
    [loss, p, state] = compiled(p, state, input.ref, target.ref);
    return loss;
  };
  return {
    async check() {
      const losses = [];
      for (let i = 0; i < checkedSteps; i++) losses.push((await step().data())[0]);
      return losses;
    },
    async run(n) {
      for (let i = 0; i < n; i++) {
        const loss = step();
        await loss.blockUntilReady();
        loss.dispose();
      }
      await jax.blockUntilReady(p);
    },
  };
}

// One token at a time: keys and values are kept at full length, a new one is put in its place by a product with 0 and 1.
function generate(jax, _, { prompt, tokens, weights }) {
  const { numpy: np, nn, tree, jit } = jax;
  const p = Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, put(jax, w)]));
  const one = (p, cache, token, place) => {
    const here = nn.oneHot(place.ref.reshape([1]), blockSize); // [1, T]
    const row = here.ref.reshape([1, blockSize, 1]);
    const rest = row.ref.mul(-1).add(1);
    const hidden = np.arange(blockSize).astype(np.float32).sub(place.astype(np.float32));
    const mask = np.where(np.greater(hidden, 0), -1e9, 0).reshape([1, 1, blockSize]);
    let x = np.matmul(nn.oneHot(token.reshape([1]), vocabSize), p['wte.weight'].ref);
    x = x.add(np.matmul(here, p['wpe.weight'].ref));
    const next = [];
    for (let i = 0; i < nLayer; i++) {
      x = block(jax, p, i, x, (qkv) => {
        const heads = qkv.reshape([3, nHead, 1, headWidth]);
        const [q, k, v] = [0, 1, 2].map((part) => heads.ref.slice(part));
        const [keys, values] = [k, v].map((new_, j) => cache[2 * i + j].mul(rest.ref).add(new_.mul(row.ref)));
        next.push(keys.ref, values.ref);
        const scores = np
          .matmul(q, keys.transpose([0, 2, 1]))
          .mul(1 / Math.sqrt(headWidth))
          .add(mask.ref);
        return np.matmul(nn.softmax(scores), values).transpose([1, 0, 2]).reshape([1, nEmbd]);
      });
    }
    const logits = linear(jax, p, 'lm_head', layerNorm(jax, x, p['ln_f.weight'].ref, p['ln_f.bias'].ref));
    return [np.argmax(logits, -1), next];
  };
  const compiled = jit(one);
  const all = async () => {
    let cache = Array.from({ length: 2 * nLayer }, () => np.zeros([nHead, blockSize, headWidth]));
    let last = prompt;
    const out = [];
    for (let i = 0; i < tokens; i++) {
      let token;
      [token, cache] = compiled(
        tree.ref(p),
        cache,
        np.array([last], { dtype: np.int32 }),
        np.array([i], { dtype: np.int32 }),
      );
      [last] = await token.data();
      out.push(last);
    }
    tree.dispose(cache);
    return out;
  };
  return {
    check: all,
    async run(n) {
      for (let i = 0; i < n; i++) await all();
    },
  };
}

const makers = {
  matmul(jax, { transposeA, transposeB }, arrays) {
    const [a, b] = [put(jax, arrays.a), put(jax, arrays.b)];
    const product = jax.jit((x, y) =>
      jax.numpy.matmul(transposeA ? x.transpose() : x, transposeB ? y.transpose() : y),
    );
    return repeated(() => product(a.ref, b.ref));
  },
  pointwise(jax, { op }, arrays) {
    const { nn, jit } = jax;
    const [a, b] = [put(jax, arrays.a), put(jax, arrays.b)];
    const add = jit((x, y) => x.add(y));
    if (op === 'add') return repeated(() => add(a.ref, b.ref));
    const f = jit(
      { gelu: (x) => nn.gelu(x), softmax: (x) => nn.softmax(x), layerNorm: (x) => layerNorm(jax, x) }[op],
    );
    return repeated(() => f(a.ref));
  },
  xor: trainer,
  mlp: trainer,
  cnn: trainer,
  gpt: trainer,
  generate,
};
