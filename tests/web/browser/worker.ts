// Runs in a Worker: starts Fluxion with the options it is sent, trains a little, and tells how it went.
import { data, F, type InitOptions, info, init, manualSeed, nn, optim, rand } from 'fluxion';

self.onmessage = async ({ data: options }: MessageEvent<InitOptions>) => {
  try {
    await init(options);
    manualSeed(7);
    const model = new nn.Sequential(
      new nn.Linear(2, 8),
      new nn.Tanh(),
      new nn.Linear(8, 1),
      new nn.Sigmoid(),
    );
    const [x, y] = data.xor();
    const optimizer = new optim.AdamW(model.parameters(), { lr: 0.05, weightDecay: 0 });
    const { history } = await model.fit(x, y, { epochs: 300, batchSize: 4, optimizer, loss: F.mseLoss });
    // Large enough for the work to be shared among threads.
    const wide = new nn.Sequential(
      new nn.Linear(128, 256),
      new nn.GELU(),
      new nn.LayerNorm([256]),
      new nn.Linear(256, 64),
    );
    const adam = new optim.Adam(wide.parameters());
    await wide.fit(rand(256, 128), rand(256, 64), {
      epochs: 2,
      batchSize: 128,
      optimizer: adam,
      loss: F.mseLoss,
    });
    const weights = [model, wide].flatMap((m) => m.parameters().flatMap((p) => [...p.toTypedArray()]));
    self.postMessage({ info: info(), loss: history.at(-1)?.loss, weights });
  } catch (error) {
    self.postMessage({ error: `${error}` });
  }
};
