// The monitor: its frames, what it tells, and the ways they go.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { F, init, manualSeed, nn, optim, ParseError, randn } from 'fluxion';
import { decodeFrame, encodeFrame, type Frame, FrameSplitter, Monitor } from 'fluxion/training';
import { beforeAll, describe, expect, test } from 'vitest';
// @ts-expect-error it comes without types
import { WebSocket as Socket, WebSocketServer } from 'ws';

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const golden: Frame = {
  kind: 'step',
  step: 70000,
  epoch: 3,
  batch: 5,
  batches: 9,
  loss: 0.1,
  lr: 0.003,
  entries: [
    {
      name: '0.weight',
      role: 'weight',
      shape: [2, 3],
      norm: 1.5,
      mean: -0.25,
      deviation: 0.75,
      dead: Number.NaN,
      low: -1,
      high: 1,
      counts: [1, 2, 3],
    },
    {
      name: '1',
      role: 'activation',
      shape: [4],
      norm: 0.5,
      mean: 0.125,
      deviation: 2,
      dead: 0.25,
      low: 0,
      high: 3,
      counts: [7],
    },
  ],
};
// C++ writes the same bytes; see tests/cpp/train_resume.cpp.
const file = new Uint8Array(readFileSync(path.resolve(import.meta.dirname, '../fixtures/files/frame.bin')));

const model = (): nn.Sequential => {
  manualSeed(1);
  return new nn.Sequential(new nn.Linear(3, 6), new nn.ReLU(), new nn.Linear(6, 1));
};
async function train(monitor: Monitor, net = model(), epochs = 2): Promise<nn.FitResult> {
  const optimizer = new optim.SGD(net.parameters(), { lr: 0.1 });
  const x = randn([20, 3]);
  return net.fit(x, x.sum(1, { keepdim: true }), {
    epochs,
    batchSize: 4,
    optimizer,
    loss: F.mseLoss,
    callbacks: [monitor],
  });
}

describe('frames', () => {
  test('bytes of a frame, and back', () => {
    expect(encodeFrame(golden)).toEqual(file);
    expect(decodeFrame(file)).toEqual(golden);
    const { entries: _, ...head } = golden as Extract<Frame, { kind: 'step' }>;
    const whole: Frame = {
      ...head,
      kind: 'tensor',
      name: 'wörter',
      role: 'gradient',
      shape: [2, 2],
      values: new Float32Array([1, 2, 3, Number.NaN]),
    };
    expect(decodeFrame(encodeFrame(whole))).toEqual(whole);
  });

  test('damaged ones are refused by the place', () => {
    const changed = (at: number, ...values: number[]): Uint8Array => {
      const bytes = file.slice();
      bytes.set(values, at);
      return bytes;
    };
    const refused = (bytes: Uint8Array, why: string): void => {
      expect(() => decodeFrame(bytes)).toThrow(ParseError);
      expect(() => decodeFrame(bytes)).toThrow(why);
    };
    refused(changed(0, 0), 'these bytes are no frame: they do not begin with FXMN');
    refused(changed(4, 2), 'version 2 is not 1');
    refused(changed(5, 9), 'kind 9 is unknown');
    refused(changed(6, 3), 'the frame ends at byte');
    refused(changed(6, 1), 'bytes follow the last entry');
    refused(file.subarray(0, 60), `the frame says ${file.length} bytes, there are 60`);
    refused(new Uint8Array(3), 'the frame ends at byte 3');
    refused(changed(54, 7), "'0.weight' has no role that is known");
    refused(changed(88, 255, 255), 'the frame ends at byte');
    for (let n = 0; n < file.length; n++) {
      const cut = file.slice(0, n);
      if (n >= 12) new DataView(cut.buffer).setUint32(8, n, true);
      expect(() => decodeFrame(cut)).toThrow(ParseError);
    }
  });

  test('a stream is cut into frames, however it comes', () => {
    const stream = new Uint8Array([...file, ...file, ...file]);
    for (const piece of [1, 7, file.length, 400]) {
      const splitter = new FrameSplitter();
      const frames: Uint8Array[] = [];
      for (let at = 0; at < stream.length; at += piece)
        frames.push(...splitter.push(stream.subarray(at, at + piece)));
      expect(frames).toEqual([file, file, file]);
    }
    expect(() => new FrameSplitter().push(new Uint8Array(50))).toThrow(
      'no frame begins at byte 0 of the stream',
    );
  });
});

describe('a training', () => {
  test('is told every n-th step: weights, gradients, activations', async () => {
    const frames: Frame[] = [];
    const net = model();
    const monitor = new Monitor((bytes) => frames.push(decodeFrame(bytes)), { every: 3, bins: 8 });
    await train(monitor, net);
    expect(frames.map((f) => f.step)).toEqual([0, 3, 6, 9]);
    const last = frames.at(-1) as Extract<Frame, { kind: 'step' }>;
    expect(last.entries.map((e) => `${e.name} ${e.role}`)).toEqual([
      ...['0.weight', '0.bias', '2.weight', '2.bias'].flatMap((n) => [`${n} weight`, `${n} gradient`]),
      ...['0', '1', '2'].map((n) => `${n} activation`),
    ]);
    const [weight] = last.entries;
    expect(weight!.norm).toBeCloseTo(net.parameters()[0]!.norm().item(), 5);
    expect(weight!.counts.reduce((a, b) => a + b)).toBe(18);
    const relu = last.entries.find((e) => e.name === '1')!;
    expect(relu.low).toBe(0);
    expect(relu.dead).toBeGreaterThanOrEqual(0);
    expect(last.entries[0]!.dead).toBeNaN();
    expect([last.batches, last.lr]).toEqual([5, 0.1]);
    expect(Object.hasOwn(net[0]!, 'forward')).toBe(false);
    expect(() => new Monitor(5 as never)).toThrow(
      'Monitor: the sink must be a MessagePort, a WebSocket or a function, got 5',
    );
    expect(() => new Monitor(() => {}, { every: 0 })).toThrow('Monitor: every must be 1 or more, got 0');
  });

  test('changes nothing', async () => {
    const [watched, alone] = [model(), model()];
    manualSeed(7);
    await train(new Monitor(() => {}, { every: 1 }), watched);
    manualSeed(7);
    await train(new Monitor(() => {}, { every: 1000 }), alone);
    expect(watched.parameters().map((p) => p.toArray())).toEqual(alone.parameters().map((p) => p.toArray()));
  });

  const whole = (frames: Frame[], name: string): Extract<Frame, { kind: 'tensor' }> | undefined =>
    frames.find((f): f is Extract<Frame, { kind: 'tensor' }> => f.kind === 'tensor' && f.name === name);

  test('over a MessagePort, whole tensors on request', async () => {
    const { port1, port2 } = new MessageChannel();
    const frames: Frame[] = [];
    port2.onmessage = (e) => frames.push(decodeFrame(e.data as Uint8Array));
    port2.postMessage({ tensor: '0.weight', role: 'gradient' });
    port2.postMessage({ tensor: '1', role: 'activation' });
    port2.postMessage('nonsense');
    await train(new Monitor(port1, { every: 2 }), model(), 60);
    await new Promise((resolve) => setTimeout(resolve, 20));
    port1.close();
    expect(frames.filter((f) => f.kind === 'step').length).toBe(150);
    expect(whole(frames, '0.weight')).toMatchObject({ role: 'gradient', shape: [6, 3] });
    expect(whole(frames, '1')!.values.length).toBe(24);
  });

  test('over a WebSocket', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await new Promise((resolve) => server.once('listening', resolve));
    const viewer = new Socket(`ws://127.0.0.1:${server.address().port}`);
    viewer.binaryType = 'arraybuffer';
    const frames: Frame[] = [];
    viewer.onmessage = (e: { data: ArrayBuffer }) => frames.push(decodeFrame(new Uint8Array(e.data)));
    const [socket] = (await Promise.all([
      new Promise((resolve) => server.once('connection', resolve)),
      new Promise((resolve) => viewer.once('open', resolve)),
    ])) as [WebSocket, unknown];
    const monitor = new Monitor(socket as never, { every: 5 });
    viewer.send(JSON.stringify({ tensor: '2.weight', role: 'weight' }));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await train(monitor);
    await new Promise((resolve) => setTimeout(resolve, 30));
    viewer.close();
    server.close();
    expect(frames.map((f) => f.step)).toEqual([0, 0, 5]);
    expect(whole(frames, '2.weight')!.shape).toEqual([1, 6]);
  });
});
