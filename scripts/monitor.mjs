// `npm run monitor -- mnist [--epochs N] [--port N] [--no-open]`: trains on handwritten digits in Node and serves the page
// that watches it. `npm run monitor -- frames FILE` shows the frames that a native program writes instead; `-` is its pipe.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { WebSocketServer } from 'ws';
import { dataFolder, packData } from './data.mjs';
import { root } from './lib/project.mjs';

const usage =
  'usage: npm run monitor -- mnist [--epochs N] [--every N] [--port N] [--no-open]\n       npm run monitor -- frames FILE|-';
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    epochs: { type: 'string', default: '20' },
    every: { type: 'string', default: '5' },
    port: { type: 'string', default: '5180' },
    'no-open': { type: 'boolean', default: false },
  },
});
const [task, file] = positionals;
if (!(task === 'mnist' && positionals.length === 1) && !(task === 'frames' && positionals.length === 2)) {
  console.error(usage);
  process.exit(2);
}

const MOST_TOLD = 400;
const STEP_FRAME = 1; // the kind of a frame, its sixth byte

/** The page and its frames on one port. A viewer that comes late is told what it missed, every other step of a long run. */
async function serve(port) {
  const server = http.createServer();
  const vite = await createServer({
    configFile: path.join(root, 'tutorials', 'vite.config.ts'),
    server: { middlewareMode: true, ws: { server } },
    logLevel: 'warn',
  });
  server.on('request', vite.middlewares);
  const sockets = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (new URL(request.url, 'http://localhost').pathname === '/frames')
      sockets.handleUpgrade(request, socket, head, (viewer) => sockets.emit('connection', viewer));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const requests = [];
  let told = [];
  sockets.on('connection', (viewer) => {
    viewer.on('message', (text) => {
      for (const take of requests) take(String(text));
    });
    for (const bytes of told) viewer.send(bytes);
  });
  return {
    url: `http://localhost:${server.address().port}/monitor/?live`,
    send(bytes) {
      if (bytes[5] === STEP_FRAME) told.push(bytes);
      if (told.length > MOST_TOLD) told = told.filter((_, i) => i % 2 === 0);
      for (const viewer of sockets.clients)
        if (viewer.readyState === 1 && viewer.bufferedAmount < 4 << 20) viewer.send(bytes);
    },
    onRequest: (take) => requests.push(take),
    async close() {
      for (const viewer of sockets.clients) viewer.close();
      await vite.close();
      server.close();
    },
  };
}

function open(url) {
  const [program, ...args] = { darwin: ['open'], win32: ['cmd', '/c', 'start'] }[process.platform] ?? [
    'xdg-open',
  ];
  spawn(program, [...args, url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

async function mnist(page) {
  const { init, manualSeed, nn, optim, F, tensor } = await import('fluxion');
  const { Monitor, Progress } = await import('fluxion/training');
  const { readDigits } = await import(path.join(root, 'tutorials', 'lessons', 'digits', 'data.ts'));
  await init();
  packData();
  const bytes = fs.readFileSync(path.join(dataFolder, 'digits.fxdg'));
  const { rows, columns, train, test } = readDigits(
    bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  );
  const pair = ({ labels, pixels }) => [
    tensor(
      Float32Array.from(pixels, (v) => v / 255),
      { shape: [labels.length, rows * columns] },
    ),
    tensor(Int32Array.from(labels), { shape: [labels.length] }),
  ];
  manualSeed(1);
  const model = new nn.Sequential(
    new nn.Linear(rows * columns, 128),
    new nn.ReLU(),
    new nn.Linear(128, 64),
    new nn.ReLU(),
    new nn.Linear(64, 10),
  );
  const epochs = Number(values.epochs);
  const optimizer = new optim.Adam(model.parameters(), { lr: 1e-3 });
  const schedule = new optim.lrScheduler.CosineAnnealingLR(optimizer, epochs);
  const monitor = new Monitor(page.send, { every: Number(values.every) });
  page.onRequest((text) => monitor.request(text));
  await model.fit(...pair(train), {
    epochs,
    batchSize: 32,
    optimizer,
    schedule,
    loss: F.crossEntropy,
    validationData: pair(test),
    accuracy: true,
    callbacks: [monitor, new Progress()],
  });
}

async function frames(page) {
  const { FrameSplitter } = await import('fluxion/training');
  const splitter = new FrameSplitter();
  for await (const bytes of file === '-' ? process.stdin : fs.createReadStream(file))
    for (const frame of splitter.push(bytes)) page.send(frame);
}

const page = await serve(Number(values.port));
console.log(`The page is at ${page.url}`);
if (!values['no-open']) open(page.url);
await (task === 'mnist' ? mnist(page) : frames(page));
console.log('The training has ended; Ctrl-C ends the page too.');
