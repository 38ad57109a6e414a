// Shows the frames of a training elsewhere: from a WebSocket of this page's own server (`?live`), or from a MessagePort
// that the page which opened this one has sent.
import {
  decodeFrame,
  type Frame,
  type FrameEntry,
  type FrameRole,
  type TensorRequest,
} from 'fluxion/training';
import { html, nothing, render, svg } from 'lit';
import '../../elements/chart.ts';
import type { FxChart } from '../../elements/chart.ts';
import { onThemeChange, signedRamp } from '../../elements/colour.ts';
import { stage } from '../../site/mount.ts';
import './figures.css';

type Step = Extract<Frame, { kind: 'step' }>;
type Whole = Extract<Frame, { kind: 'tensor' }>;

let last: Step | undefined;
let whole: Whole | undefined;
let said = 'Nothing is connected. Run the command above, or open this page from a training.';
let ask: ((request: TensorRequest) => void) | undefined;

const charts = stage('run');
const layers = stage('layers');
render(
  html`<div class="watch">
    <fx-chart
      label="Loss"
      y-label="Loss"
      .series=${[{ name: 'loss', colour: '--loss', noisy: true }]}
    ></fx-chart>
    <fx-chart
      label="Learning rate in thousandths"
      y-label="Learning rate × 1,000"
      .yMax=${0.1}
      .series=${[{ name: 'rate', colour: '--ink' }]}
    ></fx-chart>
    <p class="said" role="status"></p>
  </div>`,
  charts,
);
const [loss, rate] = charts.querySelectorAll<FxChart>('fx-chart');
const status = charts.querySelector<HTMLElement>('.said')!;

const short = (v: number) =>
  Number.isNaN(v) ? '–' : v === 0 ? '0' : Math.abs(v) < 0.01 ? v.toExponential(1) : v.toPrecision(3);

/** A histogram over its own range, with a thin line at zero. */
function histogram(e: FrameEntry) {
  const most = Math.max(1, ...e.counts);
  const width = 100 / e.counts.length;
  const zero = e.high > e.low ? (100 * -e.low) / (e.high - e.low) : 0;
  const signed = e.role === 'weight';
  const colour = (middle: number) =>
    signed ? (middle < zero ? '--negative' : '--positive') : e.role === 'gradient' ? '--gradient' : '--data';
  const text = `${e.role} from ${short(e.low)} to ${short(e.high)}`;
  return html`<svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label=${text}>
    ${e.counts.map((c, i) => {
      const height = (100 * c) / most;
      const fill = `fill: var(${colour((i + 0.5) * width)})`;
      return svg`<rect x=${i * width} y=${100 - height} width=${width} height=${height} style=${fill}></rect>`;
    })}
    ${
      zero >= 0 && zero <= 100
        ? svg`<line x1=${zero} x2=${zero} y1="0" y2="100" stroke="var(--edge)" vector-effect="non-scaling-stroke"></line>`
        : nothing
    }
  </svg>`;
}

function cell(e: FrameEntry | undefined) {
  if (!e) return html`<td></td>`;
  const note = `norm ${short(e.norm)}${Number.isNaN(e.dead) ? '' : `, ${(100 * e.dead).toFixed(0)} % dead`}`;
  const picture = html`${histogram(e)}<small>${note}</small>`;
  if (e.role === 'activation' || !ask) return html`<td>${picture}</td>`;
  return html`<td>
    <button type="button" aria-label=${`Fetch the ${e.role} of ${e.name}`} @click=${() => fetchWhole(e.name, e.role)}>
      ${picture}
    </button>
  </td>`;
}

function fetchWhole(tensor: string, role: FrameRole) {
  ask?.({ tensor, role });
}

function drawLayers() {
  if (!last) {
    render(html`<p class="said">No frame has come yet.</p>`, layers);
    return;
  }
  const names = [...new Set(last.entries.map((e) => e.name))];
  const find = (name: string, role: FrameRole) =>
    last!.entries.find((e) => e.name === name && e.role === role);
  const rows = names.map((name) => {
    const [weight, gradient, activation] = [
      find(name, 'weight'),
      find(name, 'gradient'),
      find(name, 'activation'),
    ];
    const { shape } = (weight ?? activation)!;
    return html`<tr>
      <th scope="row">${name || 'model'}<small>${activation ? 'output ' : ''}${shape.join(' × ')}</small></th>
      ${activation ? html`${cell(activation)}<td></td>` : html`${cell(weight)}${cell(gradient)}`}
    </tr>`;
  });
  render(
    html`<table class="tensors">
        <thead>
          <tr>
            <th scope="col">Tensor</th>
            <th scope="col">Weights, or activations</th>
            <th scope="col">Gradients</th>
          </tr>
        </thead>
        <tbody>${rows}</tbody>
      </table>
      ${
        whole
          ? html`<div class="whole">
              ${whole.role} of ${whole.name}, step ${whole.step}: ${whole.shape.join(' × ')}, orange positive, blue
              negative
              <canvas aria-label=${`${whole.role} of ${whole.name}`} role="img"></canvas>
            </div>`
          : nothing
      }`,
    layers,
  );
  drawWhole();
}

/** The whole tensor as a picture: its first dimension downwards, all others beside each other. */
function drawWhole() {
  const canvas = layers.querySelector('canvas');
  if (!canvas || !whole) return;
  const { shape, values } = whole;
  const rows = shape.length > 1 ? shape[0]! : 1;
  const columns = Math.max(1, values.length / rows);
  const ramp = signedRamp(layers);
  const most = values.reduce((m, v) => (Number.isFinite(v) ? Math.max(m, Math.abs(v)) : m), 1e-30);
  canvas.width = columns;
  canvas.height = rows;
  const pixels = new Uint32Array(rows * columns);
  for (let i = 0; i < pixels.length; i++)
    pixels[i] = ramp[Math.round(127.5 + 127.5 * Math.max(-1, Math.min(1, values[i]! / most)))]!;
  const image = new ImageData(new Uint8ClampedArray(pixels.buffer), columns, rows);
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

let waiting = false;
function show() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    status.textContent = said;
    loss!.draw();
    rate!.draw();
    drawLayers();
  });
}

function take(data: unknown) {
  let frame: Frame;
  try {
    frame = decodeFrame(data instanceof ArrayBuffer ? new Uint8Array(data) : (data as Uint8Array));
  } catch (error) {
    said = `A frame could not be read: ${(error as Error).message}`;
    show();
    return;
  }
  if (frame.kind === 'tensor') {
    whole = frame;
  } else {
    // A run that begins anew begins on an empty chart.
    if (last && frame.step < last.step) for (const chart of [loss!, rate!]) chart.clear();
    last = frame;
    loss!.add(0, [frame.step], [frame.loss]);
    rate!.add(0, [frame.step], [1000 * frame.lr]);
    said = `Step ${frame.step}, epoch ${frame.epoch + 1}, batch ${frame.batch + 1} of ${frame.batches}: loss ${short(frame.loss)}, learning rate ${short(frame.lr)}`;
    document.body.dataset.step = String(frame.step);
  }
  show();
}

function listen() {
  const socket = new WebSocket(new URL('/frames', location.href.replace(/^http/, 'ws')));
  socket.binaryType = 'arraybuffer';
  said = 'Connecting to the training.';
  socket.onopen = () => {
    said = 'Connected. The first frame comes with the next step that is told.';
    ask = (request) => socket.send(JSON.stringify(request));
    show();
  };
  socket.onmessage = (e) => take(e.data);
  socket.onclose = () => {
    ask = undefined;
    said = last ? `The training has ended after step ${last.step}.` : 'The training cannot be reached.';
    show();
  };
}

addEventListener('message', (e) => {
  const [port] = e.ports;
  if (e.origin !== location.origin || !port) return;
  ask = (request) => port.postMessage(request);
  port.onmessage = (message) => take(message.data);
});
onThemeChange(show);
if (new URLSearchParams(location.search).has('live')) listen();
show();
