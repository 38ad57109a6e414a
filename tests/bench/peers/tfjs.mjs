// TensorFlow.js on its cpu or wasm backend, the functions of its core with its own optimizers. Both backends compute at
// once. Convolution's weight gradient and max pooling's gradient exist on `cpu` alone, so on `wasm` the CNN is made of
// slices and products, which is its fastest form there.
import { checkedSteps, dataOf, gptSize, sampled } from '../workloads.mjs';

const at = (file) => new URL(`../node_modules/@tensorflow/${file}`, import.meta.url).href;

export async function load({ backend, threads }) {
  await import(at('tfjs/dist/tf.min.js')); // tfjs-core's own bundle has no gradients
  const { tf } = globalThis;
  if (backend === 'wasm') {
    await import(at('tfjs-backend-wasm/dist/tf-backend-wasm.min.js'));
    tf.wasm.setWasmPaths(at('tfjs-backend-wasm/dist/'));
    tf.wasm.setThreadsCount(threads);
  }
  await tf.setBackend(backend);
  await tf.ready();
  return {
    version: tf.version['tfjs-core'],
    threads: 1,
    task: (row) => makers[row.kind]?.(tf, row, dataOf(row), backend),
  };
}

const put = (tf, { shape, values }) =>
  tf.tensor(values, shape, values instanceof Int32Array ? 'int32' : 'float32');

const repeated = (f) => ({
  check() {
    const out = f();
    const values = sampled(out.dataSync());
    out.dispose();
    return values;
  },
  run(n) {
    for (let i = 0; i < n; i++) f().dispose();
  },
});

const { nEmbd, nHead, nLayer, blockSize } = gptSize;

function layerNorm(tf, x, weight, bias) {
  const { mean, variance } = tf.moments(x, -1, true);
  const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-5)));
  return weight ? tf.add(tf.mul(scaled, weight), bias) : scaled;
}
const gelu = (tf, x) => {
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))));
  return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)));
};

// x [rows, in] · weightᵀ + bias.
const linear = (tf, p, name, x) => {
  const y = tf.matMul(x, p[`${name}.weight`], false, true);
  return p[`${name}.bias`] ? tf.add(y, p[`${name}.bias`]) : y;
};

/** The 3×3 windows of x [N, H, W, C] side by side, times the filters. */
function convolved(tf, p, name, x) {
  const [n, h, w] = x.shape;
  const around = tf.pad(x, [
    [0, 0],
    [1, 1],
    [1, 1],
    [0, 0],
  ]);
  const parts = [];
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 3; j++) parts.push(tf.slice(around, [0, i, j, 0], [n, h, w, x.shape[3]]));
  const filters = p[`${name}.weight`];
  const [out, channels] = filters.shape;
  const matrix = tf.reshape(tf.transpose(filters, [2, 3, 1, 0]), [9 * channels, out]);
  return tf.reshape(tf.matMul(tf.reshape(tf.concat(parts, 3), [n * h * w, 9 * channels]), matrix), [
    n,
    h,
    w,
    out,
  ]);
}
const pooled = (tf, x) => {
  const [n, h, w, c] = x.shape;
  return tf.max(tf.reshape(x, [n, h / 2, 2, w / 2, 2, c]), [2, 4]);
};

const forwards = {
  xor: (tf, p, x) => tf.sigmoid(linear(tf, p, '2', tf.tanh(linear(tf, p, '0', x)))),
  mlp: (tf, p, x) => linear(tf, p, '2', tf.relu(linear(tf, p, '0', x))),
  cnn(tf, p, x, backend) {
    let y = tf.reshape(x, [64, 28, 28, 1]);
    for (const name of ['0', '3']) {
      const own = backend === 'cpu';
      const conv = own
        ? tf.conv2d(y, tf.transpose(p[`${name}.weight`], [2, 3, 1, 0]), 1, 'same')
        : convolved(tf, p, name, y);
      const active = tf.relu(tf.add(conv, p[`${name}.bias`]));
      y = own ? tf.maxPool(active, 2, 2, 'valid') : pooled(tf, active);
    }
    return linear(tf, p, '7', tf.reshape(tf.transpose(y, [0, 3, 1, 2]), [64, 1568]));
  },
  gpt(tf, p, ids) {
    const [n, t, width] = [16, blockSize, nEmbd / nHead];
    const position = tf.reshape(p['wpe.weight'], [1, t, nEmbd]);
    const embedded = tf.matMul(tf.oneHot(tf.reshape(ids, [n * t]), gptSize.vocabSize), p['wte.weight']);
    let x = tf.reshape(tf.add(tf.reshape(embedded, [n, t, nEmbd]), position), [n * t, nEmbd]);
    const mask = tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([t, t]), -1, 0)), -1e9);
    for (let i = 0; i < nLayer; i++) {
      const at = `h.${i}`;
      const a = layerNorm(tf, x, p[`${at}.ln_1.weight`], p[`${at}.ln_1.bias`]);
      const qkv = tf.add(
        tf.matMul(a, p[`${at}.attn.in_proj_weight`], false, true),
        p[`${at}.attn.in_proj_bias`],
      );
      const heads = tf
        .split(qkv, 3, 1)
        .map((h) => tf.transpose(tf.reshape(h, [n, t, nHead, width]), [0, 2, 1, 3]));
      const [q, k, v] = heads;
      const scores = tf.add(tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width)), mask);
      const seen = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
      x = tf.add(x, linear(tf, p, `${at}.attn.out_proj`, tf.reshape(seen, [n * t, nEmbd])));
      const b = layerNorm(tf, x, p[`${at}.ln_2.weight`], p[`${at}.ln_2.bias`]);
      x = tf.add(x, linear(tf, p, `${at}.mlp.c_proj`, gelu(tf, linear(tf, p, `${at}.mlp.c_fc`, b))));
    }
    return linear(tf, p, 'lm_head', layerNorm(tf, x, p['ln_f.weight'], p['ln_f.bias']));
  },
};

function trainer(tf, { kind }, { x, y, weights }, backend) {
  const p = Object.fromEntries(Object.entries(weights).map(([name, w]) => [name, tf.variable(put(tf, w))]));
  const input = put(tf, x);
  const target = kind === 'xor' ? put(tf, y) : tf.oneHot(put(tf, y), kind === 'gpt' ? 65 : 10);
  const optimizer = kind === 'xor' ? tf.train.sgd(0.1) : tf.train.adam(1e-3, 0.9, 0.999, 1e-8);
  const loss = () => {
    const out = forwards[kind](tf, p, input, backend);
    return kind === 'xor'
      ? tf.losses.meanSquaredError(target, out)
      : tf.losses.softmaxCrossEntropy(target, out);
  };
  const step = () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(loss);
      // Its Adam has no decay: the weights shrink first, as AdamW's do.
      if (kind === 'gpt') for (const w of Object.values(p)) w.assign(tf.mul(w, 1 - 1e-3 * 0.01));
      optimizer.applyGradients(grads);
      return value;
    });
  return {
    check: () =>
      Array.from({ length: checkedSteps }, () => {
        const value = step();
        const [number] = value.dataSync();
        value.dispose();
        return number;
      }),
    run(n) {
      for (let i = 0; i < n; i++) step().dispose();
    },
    dispose() {
      optimizer.dispose();
      tf.disposeVariables();
    },
  };
}

const pointwiseOps = {
  add: (tf, a, b) => tf.add(a, b),
  gelu: (tf, a) => tf.tidy(() => gelu(tf, a)),
  softmax: (tf, a) => tf.softmax(a),
  layerNorm: (tf, a) => tf.tidy(() => layerNorm(tf, a)),
};

const makers = {
  matmul(tf, { transposeA, transposeB }, arrays) {
    const [a, b] = [put(tf, arrays.a), put(tf, arrays.b)];
    return repeated(() => tf.matMul(a, b, transposeA, transposeB));
  },
  pointwise(tf, { op }, arrays) {
    const [a, b] = [put(tf, arrays.a), put(tf, arrays.b)];
    return repeated(() => pointwiseOps[op](tf, a, b));
  },
  xor: trainer,
  mlp: trainer,
  cnn: trainer,
  gpt: trainer,
};
