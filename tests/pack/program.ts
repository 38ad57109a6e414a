import { init, info, manualSeed, tensor, tidy, noGrad, nn, optim, F, io, type Tensor } from 'fluxion';
import { parseCsv } from 'fluxion/datasets';
import { lenet5 } from 'fluxion/models';
import { History, summary } from 'fluxion/training';
await init();
manualSeed(7);

const x = tensor([
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
]);
const y = tensor([[0], [1], [1], [0]]);

class Net extends nn.Module {
  hidden = new nn.Linear(2, 8);
  out = new nn.Linear(8, 1);
  forward(x: Tensor) {
    return this.out.forward(this.hidden.forward(x).tanh()).sigmoid();
  }
}
const model = new Net();
const opt = new optim.AdamW(model.parameters(), { lr: 0.05, weightDecay: 0 });
for (let step = 0; step < 300; step++) {
  tidy(() => {
    const loss = F.mseLoss(model.forward(x), y);
    opt.zeroGrad();
    loss.backward();
    opt.step();
  });
}
console.log(noGrad(() => model.forward(x)).toArray());
const bytes = io.saveSafetensors(model.stateDict());
model.loadStateDict(io.loadSafetensors(bytes));
const trained = F.mseLoss(model.forward(x), y).item();

const history = new History();
await model.fit(x, y, {
  epochs: 300,
  batchSize: 4,
  optimizer: opt,
  loss: F.mseLoss,
  callbacks: [history],
});
const losses = history.column('loss');

// The further entries share the engine of the first.
const shapes = summary(lenet5(), [1, 1, 32, 32]).layers.map((layer) => layer.outputShape?.join());
if (shapes.at(-1) !== '1,10') throw new Error(`lenet5 gives ${shapes.at(-1)}`);
if (parseCsv('a,b\n1,2').rows !== 1) throw new Error('a table of one row has others');

const { threads } = info();
const result = JSON.stringify({ trained, fitted: losses.at(-1), epochs: losses.length, threads });
console.log(`RESULT ${result}`);
const page = (globalThis as { document?: { title: string } }).document;
if (page) page.title = `RESULT ${result}`;
