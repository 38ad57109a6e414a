// A training in a process of its own: `node resumed.ts FILE STOP` runs until batch STOP (all of it when negative), starts
// from FILE when it is there, and writes it when it stops. Prints the weights' bytes, the losses and the last epoch.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const dist = new URL('../../../dist/', import.meta.url);
const fluxion = (await import(new URL('index.js', dist).href)) as typeof import('../../../web/index.ts');
const training = (await import(
  new URL('training.js', dist).href
)) as typeof import('../../../web/training/index.ts');
const { init, manualSeed, nn, optim, F, randn } = fluxion;
const { F1Score, loadCheckpoint, saveCheckpoint } = training;

const [file, stopAt] = [process.argv[2]!, Number(process.argv[3])];
await init({ simd: 'simd', threads: 1 });
manualSeed(3);
const x = randn([60, 5]);
const y = x.sum(1).gt(0).int();
const resumed = existsSync(file);
manualSeed(resumed ? 99 : 4);
const model = new nn.Sequential(
  new nn.Linear(5, 8),
  new nn.BatchNorm1d(8),
  new nn.ReLU(),
  new nn.Dropout(0.3),
  new nn.Linear(8, 2),
);
const optimizer = new optim.AdamW(model.parameters(), { lr: 0.02 });
const schedule = new optim.lrScheduler.OneCycleLR(optimizer, { maxLr: 0.05, totalSteps: 12 });
const average = new optim.swaUtils.AveragedModel(model, { decay: 0.9 });
const resume = resumed
  ? loadCheckpoint(readFileSync(file), { model, optimizer, schedule, average }).resume
  : undefined;
const losses: number[] = [];
const { history } = await model.fit(x, y, {
  epochs: 4,
  batchSize: 8,
  optimizer,
  loss: F.crossEntropy,
  validationSplit: 0.2,
  accuracy: true,
  metrics: [new F1Score({ average: 'macro' })],
  accumulate: 2,
  clipNorm: 1,
  schedule,
  scheduleBy: 'step',
  average,
  ...(resume ? { resume } : {}),
  callbacks: [
    {
      onBatchEnd(e, run) {
        losses.push(e.loss);
        if (e.step !== stopAt) return;
        writeFileSync(file, saveCheckpoint(run));
        run.stop();
      },
    },
  ],
});
const bytes = (t: { toTypedArray(): ArrayBufferView }): string =>
  Buffer.from(t.toTypedArray().buffer as ArrayBuffer).toString('hex');
const { seconds: _, ...last } = history.at(-1) ?? { seconds: 0 };
console.log(
  JSON.stringify({
    losses,
    last,
    weights: Object.values(model.stateDict()).map(bytes),
    averages: average.parameters().map(bytes),
    random: randn([3]).toArray(),
  }),
);
process.exit(0);
