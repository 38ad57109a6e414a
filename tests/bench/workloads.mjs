// What is timed, once for all engines: rows, the data and starting weights they use, and how Fluxion does them. The site's
// benchmark page runs these same tasks.
//
// An engine makes a task of a row: `run(n)` does the work n times and is over when all of it was done; `check()` gives the
// first results as numbers, which must be Fluxion's; both may be async.
import { generator } from '../../scripts/lib/random.mjs';

const count = (shape) => shape.reduce((a, b) => a * b, 1);
const draws = (seed) => {
  const random = generator(seed);
  return {
    floats: (shape, bound) => ({
      shape,
      values: Float32Array.from({ length: count(shape) }, () => (2 * random() - 1) * bound),
    }),
    ids: (shape, below) => ({
      shape,
      values: Int32Array.from({ length: count(shape) }, () => Math.floor(random() * below)),
    }),
  };
};
const filled = (shape, value) => ({ shape, values: new Float32Array(count(shape)).fill(value) });

/** Names and shapes are those of PyTorch's state dict; bounds those of its default initialiser. */
function layers(draw, list) {
  const weights = {};
  for (const [name, shape, bias = true] of list) {
    const bound = 1 / Math.sqrt(count(shape.slice(1)));
    weights[`${name}.weight`] = draw.floats(shape, bound);
    if (bias) weights[`${name}.bias`] = draw.floats([shape[0]], bound);
  }
  return weights;
}

export const gptSize = { vocabSize: 65, nLayer: 4, nHead: 4, nEmbd: 128, blockSize: 64 };

function gptWeights(draw) {
  const { vocabSize, nLayer, nEmbd: c, blockSize } = gptSize;
  const weights = {
    'wte.weight': draw.floats([vocabSize, c], 1),
    'wpe.weight': draw.floats([blockSize, c], 0.5),
  };
  const norm = (name) => {
    weights[`${name}.weight`] = filled([c], 1);
    weights[`${name}.bias`] = filled([c], 0);
  };
  for (let i = 0; i < nLayer; i++) {
    norm(`h.${i}.ln_1`);
    weights[`h.${i}.attn.in_proj_weight`] = draw.floats([3 * c, c], 0.1);
    weights[`h.${i}.attn.in_proj_bias`] = filled([3 * c], 0);
    Object.assign(weights, layers(draw, [[`h.${i}.attn.out_proj`, [c, c]]]));
    norm(`h.${i}.ln_2`);
    Object.assign(
      weights,
      layers(draw, [
        [`h.${i}.mlp.c_fc`, [4 * c, c]],
        [`h.${i}.mlp.c_proj`, [c, 4 * c]],
      ]),
    );
  }
  norm('ln_f');
  Object.assign(weights, layers(draw, [['lm_head', [vocabSize, c], false]]));
  return weights;
}

const data = {
  matmul({ n }) {
    const draw = draws(n);
    return { a: draw.floats([n, n], 1), b: draw.floats([n, n], 1) };
  },
  pointwise() {
    const draw = draws(1);
    return { a: draw.floats([1024, 1024], 3), b: draw.floats([1024, 1024], 3) };
  },
  xor() {
    return {
      x: { shape: [4, 2], values: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1) },
      y: { shape: [4, 1], values: Float32Array.of(0, 1, 1, 0) },
      weights: layers(draws(2), [
        ['0', [8, 2]],
        ['2', [1, 8]],
      ]),
    };
  },
  mlp() {
    const draw = draws(3);
    return {
      x: draw.floats([64, 784], 1),
      y: draw.ids([64], 10),
      weights: layers(draw, [
        ['0', [128, 784]],
        ['2', [10, 128]],
      ]),
    };
  },
  cnn() {
    const draw = draws(4);
    return {
      x: draw.floats([64, 1, 28, 28], 1),
      y: draw.ids([64], 10),
      weights: layers(draw, [
        ['0', [16, 1, 3, 3]],
        ['3', [32, 16, 3, 3]],
        ['7', [10, 1568]],
      ]),
    };
  },
  gpt() {
    const draw = draws(5);
    return { x: draw.ids([16, 64], 65), y: draw.ids([16 * 64], 65), weights: gptWeights(draw) };
  },
  generate() {
    return { prompt: 1, tokens: 63, weights: gptWeights(draws(6)) };
  },
};
export const dataOf = (row) => data[row.kind](row);

/** 64 values spread over a result. */
export const sampled = (values) => Array.from({ length: 64 }, (_, i) => values[(i * 16411) % values.length]);
/** How many steps a check takes: their losses are compared. */
export const checkedSteps = 4;

// The site's page names rows by their ids in its address, and shows a group in one table.
const square = (n, form) => ({
  id: `matmul-${n}${{ A·B: '', A·Bᵀ: '-bt', Aᵀ·B: '-at' }[form]}`,
  name: `matmul ${n}³ ${form}`,
  group: 'products',
  kind: 'matmul',
  n,
  form,
  transposeA: form.startsWith('Aᵀ'),
  transposeB: form.endsWith('Bᵀ'),
  unit: 'GFLOP/s',
  per: (2 * n ** 3) / 1e9,
});
const megabyte4 = 4 * 1024 * 1024;
const pointwise = (name, op) => ({
  id: op,
  name: `${name} [1024, 1024]`,
  group: 'arrays',
  kind: 'pointwise',
  op,
  unit: 'ms',
  per: 1,
  gigabytes: ((op === 'add' ? 3 : 2) * megabyte4) / 1e9,
});
const training = (name, kind, unit, per, modes) =>
  modes.map((mode) => ({
    id: `${kind}-${mode}`,
    name: `${name}, ${mode}`,
    group: 'networks',
    kind,
    mode,
    unit,
    per,
  }));

export const rows = [
  ...[64, 128, 256, 512, 1024].flatMap((n) => ['A·B', 'A·Bᵀ', 'Aᵀ·B'].map((form) => square(n, form))),
  ...training('XOR 2-8-1, batch 4, SGD', 'xor', 'steps/s', 1, ['eager', 'fit', 'compile']),
  ...training('MLP 784-128-10, batch 64, Adam', 'mlp', 'steps/s', 1, ['eager', 'compile']),
  ...training('CNN 1-16-32, batch 64, Adam', 'cnn', 'steps/s', 1, ['eager', 'compile']),
  ...training('GPT 4×128, context 64, batch 16, AdamW', 'gpt', 'tokens/s', 16 * 64, ['eager', 'compile']),
  {
    id: 'generate',
    name: 'GPT greedy generation, KV cache',
    group: 'generation',
    kind: 'generate',
    unit: 'tokens/s',
    per: 63,
  },
  pointwise('add', 'add'),
  pointwise('gelu (tanh)', 'gelu'),
  pointwise('softmax', 'softmax'),
  pointwise('layer norm', 'layerNorm'),
];

/** Not a task: each sample takes a worker of its own. */
export const startUp = {
  id: 'import',
  name: 'import to first finished XOR step',
  group: 'start',
  kind: 'startup',
  unit: 'ms',
  per: 1,
};

// ---- Fluxion ------------------------------------------------------------------------------------------------------------

const put = (fx, { shape, values }) => fx.tensor(values, { shape });

function models(fx) {
  const { nn } = fx;
  return {
    xor: () => new nn.Sequential(new nn.Linear(2, 8), new nn.Tanh(), new nn.Linear(8, 1), new nn.Sigmoid()),
    mlp: () => new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10)),
    cnn: () =>
      new nn.Sequential(
        new nn.Conv2d(1, 16, 3, { padding: 'same' }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Conv2d(16, 32, 3, { padding: 'same' }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Flatten(),
        new nn.Linear(1568, 10),
      ),
    gpt: () => new nn.GPT({ ...gptSize, positions: 'learned' }),
  };
}

function loaded(fx, model, weights) {
  const state = Object.entries(weights).map(([name, array]) => [name, put(fx, array)]);
  model.loadStateDict(Object.fromEntries(state));
  for (const [, t] of state) t.dispose();
  return model;
}

/** A step is eager in a tidy, compiled, or an epoch of fit. A `fresh` model starts from weights of its own. */
function trainer(fx, { kind, mode, fresh }, { x, y, weights }) {
  const { F, optim } = fx;
  const model = fresh ? models(fx)[kind]() : loaded(fx, models(fx)[kind](), weights);
  const [input, target] = [put(fx, x), put(fx, y)];
  const parameters = model.parameters();
  const optimizer =
    kind === 'xor'
      ? new optim.SGD(parameters, { lr: 0.1 })
      : kind === 'gpt'
        ? new optim.AdamW(parameters, { lr: 1e-3, weightDecay: 0.01 })
        : new optim.Adam(parameters);
  const lossOf =
    kind === 'xor'
      ? F.mseLoss
      : (out, wanted) => F.crossEntropy(kind === 'gpt' ? out.reshape([16 * 64, 65]) : out, wanted);
  const step = (from, wanted) => {
    const loss = lossOf(model.forward(from), wanted);
    optimizer.zeroGrad();
    loss.backward();
    optimizer.step();
    return loss;
  };
  const fit = (epochs, o) =>
    model.fit(input, target, { epochs, batchSize: 4, shuffle: false, optimizer, loss: F.mseLoss, ...o });
  const compiled = mode === 'compile' && fx.compile(step);
  const once = compiled ? () => compiled(input, target) : () => fx.tidy(() => step(input, target));
  return {
    async check() {
      const losses = [];
      if (mode === 'fit') await fit(checkedSteps, { onEpochEnd: ({ loss }) => losses.push(loss) });
      else for (let i = 0; i < checkedSteps; i++) losses.push(once().item());
      return losses;
    },
    run(n) {
      if (mode === 'fit') return fit(n);
      for (let i = 0; i < n; i++) once().dispose();
      return undefined;
    },
  };
}

const pointwiseOps = {
  add: (fx, a, b) => fx.add(a, b),
  gelu: (fx, a) => fx.gelu(a, { approximate: 'tanh' }),
  softmax: (fx, a) => fx.softmax(a, 1),
  layerNorm: (fx, a) => fx.layerNorm(a, [1024]),
};

const repeated = (f) => ({
  check() {
    const out = f();
    const values = sampled(out.toTypedArray());
    out.dispose();
    return values;
  },
  run(n) {
    for (let i = 0; i < n; i++) f().dispose();
  },
});

const makers = {
  matmul(fx, { transposeA, transposeB }, arrays) {
    const [a, b] = [put(fx, arrays.a), put(fx, arrays.b)];
    const [left, right] = [transposeA ? a.transpose(0, 1) : a, transposeB ? b.transpose(0, 1) : b];
    return repeated(() => fx.matmul(left, right));
  },
  pointwise(fx, { op }, arrays) {
    const [a, b] = [put(fx, arrays.a), put(fx, arrays.b)];
    return repeated(() => pointwiseOps[op](fx, a, b));
  },
  generate(fx, _, { prompt, tokens, weights }) {
    const model = loaded(fx, models(fx).gpt(), weights).eval();
    const start = fx.tensor([prompt], { dtype: 'int32' });
    const generate = () => {
      const generation = new fx.text.Generation(model, start, { temperature: 0 });
      const out = [];
      for (let i = 0; i < tokens; i++) {
        const token = generation.step();
        out.push(token.item());
        token.dispose();
      }
      generation.dispose();
      return out;
    };
    return {
      check: generate,
      run(n) {
        for (let i = 0; i < n; i++) generate();
      },
    };
  },
};

/** A row as Fluxion does it; undefined where this Fluxion cannot. */
export function fluxionTask(fx, row) {
  if (row.mode === 'compile' && !fx.compile) return undefined;
  return (makers[row.kind] ?? trainer)(fx, row, dataOf(row));
}
