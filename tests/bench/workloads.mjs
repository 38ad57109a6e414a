// What is timed. A workload is a name, a unit, and `make(fx)`, which gives a function that does the work once and how
// much of the unit one call is. Times are turned into units per second, except those in ms.

const trainer = (fx, model, optimizer, loss) => () =>
  fx.tidy(() => {
    const value = loss(model);
    optimizer.zeroGrad();
    value.backward();
    optimizer.step();
  });

const square = (n, form) => ({
  name: `matmul ${n} ${form}`,
  unit: 'GFLOP/s',
  make(fx) {
    const turned = (on) => (on ? fx.randn([n, n]).transpose(0, 1) : fx.randn([n, n]));
    const a = turned(form.startsWith('Aᵀ'));
    const b = turned(form.endsWith('Bᵀ'));
    return { per: (2 * n ** 3) / 1e9, run: () => fx.matmul(a, b).dispose() };
  },
});

const pointwise = (name, f) => ({
  name: `${name} 1024²`,
  unit: 'ms',
  make(fx) {
    const a = fx.randn([1024, 1024]);
    const b = fx.randn([1024, 1024]);
    return { per: 1, run: () => f(fx, a, b).dispose() };
  },
});

const gpt = (fx) =>
  new fx.nn.GPT({ vocabSize: 65, nLayer: 4, nHead: 4, nEmbd: 128, blockSize: 64, positions: 'learned' });

export const workloads = [
  ...[64, 128, 256, 512, 1024].flatMap((n) => ['A·B', 'A·Bᵀ', 'Aᵀ·B'].map((form) => square(n, form))),
  {
    name: 'XOR 2-8-1, batch 4, SGD',
    unit: 'steps/s',
    make(fx) {
      const { nn, optim, F, tensor } = fx;
      const x = tensor([0, 0, 0, 1, 1, 0, 1, 1], { shape: [4, 2] });
      const y = tensor([0, 1, 1, 0], { shape: [4, 1] });
      const model = new nn.Sequential(
        new nn.Linear(2, 8),
        new nn.Tanh(),
        new nn.Linear(8, 1),
        new nn.Sigmoid(),
      );
      const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
      return { per: 1, run: trainer(fx, model, optimizer, (net) => F.mseLoss(net.forward(x), y)) };
    },
  },
  {
    name: 'MLP 784-128-10, batch 64, Adam',
    unit: 'steps/s',
    make(fx) {
      const { nn, optim, F, randn, randint } = fx;
      const x = randn([64, 784]);
      const y = randint(0, 10, [64]);
      const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10));
      const optimizer = new optim.Adam(model.parameters());
      return { per: 1, run: trainer(fx, model, optimizer, (net) => F.crossEntropy(net.forward(x), y)) };
    },
  },
  {
    name: 'CNN 1-16-32, batch 64, Adam',
    unit: 'steps/s',
    make(fx) {
      const { nn, optim, F, randn, randint } = fx;
      const x = randn([64, 1, 28, 28]);
      const y = randint(0, 10, [64]);
      const model = new nn.Sequential(
        new nn.Conv2d(1, 16, 3, { padding: 'same' }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Conv2d(16, 32, 3, { padding: 'same' }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
        new nn.Flatten(),
        new nn.Linear(1568, 10),
      );
      const optimizer = new optim.Adam(model.parameters());
      return { per: 1, run: trainer(fx, model, optimizer, (net) => F.crossEntropy(net.forward(x), y)) };
    },
  },
  {
    name: 'GPT 4×128, context 64, batch 16, AdamW',
    unit: 'tokens/s',
    make(fx) {
      const { optim, F, randint } = fx;
      const x = randint(0, 65, [16, 64]);
      const y = randint(0, 65, [16 * 64]);
      const model = gpt(fx);
      const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3, weightDecay: 0.01 });
      const loss = (net) => F.crossEntropy(net.forward(x).reshape([16 * 64, 65]), y);
      return { per: 16 * 64, run: trainer(fx, model, optimizer, loss) };
    },
  },
  pointwise('add', (fx, a, b) => fx.add(a, b)),
  pointwise('gelu (tanh)', (fx, a) => fx.gelu(a, { approximate: 'tanh' })),
  pointwise('softmax', (fx, a) => fx.softmax(a, 1)),
  pointwise('layer norm', (fx, a) => fx.layerNorm(a, [1024])),
];
