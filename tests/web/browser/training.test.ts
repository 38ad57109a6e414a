// Checkpoints in the origin's private file system: written while training, read back, gone on from.
import { F, init, manualSeed, nn, ones, optim, rand } from 'fluxion';
import { loadCheckpoint, ModelCheckpoint, readFile, removeFile } from 'fluxion/training';
import { expect, test } from 'vitest';

const parts = () => {
  manualSeed(4);
  const model = new nn.Linear(3, 1);
  return { model, optimizer: new optim.Adam(model.parameters(), { lr: 0.1 }) };
};

test('a training goes on from a checkpoint in the private file system', async () => {
  await init({ simd: 'simd', threads: 1 });
  manualSeed(1);
  const [x, y] = [rand([12, 3]), ones([12, 1])];
  const run = { epochs: 3, batchSize: 4, seed: 2, loss: F.mseLoss };

  const whole = parts();
  await whole.model.fit(x, y, { ...run, optimizer: whole.optimizer });

  const first = parts();
  const file = 'runs/linear/{step}.safetensors';
  const checkpoint = new ModelCheckpoint(file, { every: 4 });
  const stopped = new AbortController();
  const fitted = first.model.fit(x, y, {
    ...run,
    optimizer: first.optimizer,
    callbacks: [checkpoint, { onBatchEnd: (e) => e.step === 5 && stopped.abort() }],
    signal: stopped.signal,
  });
  await expect(fitted).rejects.toThrow();
  expect(checkpoint.path).toBe('runs/linear/3.safetensors');

  const second = parts();
  const { resume } = loadCheckpoint(await readFile('runs/linear/3.safetensors'), second);
  await second.model.fit(x, y, { ...run, optimizer: second.optimizer, resume });
  expect(second.model.weight.toArray()).toEqual(whole.model.weight.toArray());

  await removeFile('runs/linear/3.safetensors');
  await expect(readFile('runs/linear/3.safetensors')).rejects.toThrow();
});
