import { html, render } from 'lit';
import '../../elements/bars.ts';
import '../../elements/chart.ts';
import '../../elements/code.ts';
import '../../elements/confusion.ts';
import '../../elements/digit-pad.ts';
import '../../elements/figure.ts';
import '../../elements/images.ts';
import '../../elements/profile.ts';
import type { FxBars } from '../../elements/bars.ts';
import type { FxChart } from '../../elements/chart.ts';
import type { FxConfusion } from '../../elements/confusion.ts';
import { type Control, seedControl } from '../../elements/controls.ts';
import type { FxFigure } from '../../elements/figure.ts';
import type { FxImages } from '../../elements/images.ts';
import type { FxProfile } from '../../elements/profile.ts';
import { nextTask, stage } from '../../site/mount.ts';
import { FigureRun } from '../../site/run.ts';
import './figures.css';
import type { Cost, Pictures } from './pictures.ts';
import type { Check, DigitsEvent } from './train.ts';

const NAMES = Array.from({ length: 10 }, (_, i) => String(i));
const LN10 = Math.log(10);
const MOST_MISTAKES = 24;

const controls: Control[] = [
  seedControl(1),
  {
    kind: 'choice',
    name: 'model',
    label: 'Network',
    initial: 'mlp',
    options: [
      { value: 'mlp', label: 'MLP' },
      { value: 'cnn', label: 'CNN' },
    ],
  },
  {
    kind: 'choice',
    name: 'rate',
    label: 'Rate',
    initial: 1,
    options: [0.1, 0.3, 1, 3, 10].map((value) => ({ value, label: `× ${value}` })),
  },
];

const lab = stage('lab');
const seen = stage('seen');
const cost = stage('cost');
const taken = stage('taken');

await nextTask();
render(
  html`<fx-figure label="A network learning to read digits">
    <div class="lab">
      <fx-digit-pad></fx-digit-pad>
      <fx-bars heading="It reads" .names=${NAMES} .values=${NAMES.map(() => 0)}></fx-bars>
      <div class="charts">
        <fx-chart
          class="loss"
          label="The loss of each batch"
          .xMax=${1000}
          .yMax=${2.5}
          .series=${[{ name: 'loss', colour: '--loss', noisy: true }]}
          .marks=${[{ value: LN10, label: 'ln 10: guessing' }]}
        ></fx-chart>
        <fx-chart
          class="accuracy"
          label="The share of 2,000 held-out digits that are read rightly"
          y-label="Read rightly, of 2,000 held out"
          percent
          .xMax=${1000}
          .yMin=${0.8}
          .yMax=${1}
          .series=${[{ name: 'held out', colour: '--right', dots: true }]}
        ></fx-chart>
      </div>
    </div>
  </fx-figure>`,
  lab,
);
await nextTask();
render(
  html`<fx-images class="filters" signed></fx-images>
    <fx-images class="maps"></fx-images>`,
  seen,
);
render(html`<fx-profile .limit=${6}></fx-profile>`, cost);
render(
  html`<div class="taken">
    <fx-confusion .names=${NAMES}></fx-confusion>
    <fx-images class="mistakes" heading="Misread" style="--cell: 56px"><span></span></fx-images>
  </div>`,
  taken,
);
await nextTask();

const figure = lab.querySelector<FxFigure>('fx-figure')!;
const bars = lab.querySelector<FxBars>('fx-bars')!;
const lossChart = lab.querySelector<FxChart>('.loss')!;
const accuracyChart = lab.querySelector<FxChart>('.accuracy')!;
const filters = seen.querySelector<FxImages>('.filters')!;
const maps = seen.querySelector<FxImages>('.maps')!;
const costs = cost.querySelector<FxProfile>('fx-profile')!;
const confusion = taken.querySelector<FxConfusion>('fx-confusion')!;
const mistakes = taken.querySelector<FxImages>('.mistakes')!;
const mistakesNote = mistakes.querySelector('span')!;

let last: DigitsEvent | undefined;
let check: Check | undefined;
let drawn: Float32Array | undefined;
let chosen: [number, number] | undefined;
let asking = false;
let stale = false;

const run = new FigureRun({
  name: 'lab',
  figure,
  worker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  controls,
  units: ['batch', 'epoch'],
  slowPace: 4,
  onReset(values) {
    last = undefined;
    check = undefined;
    chosen = undefined;
    costs.rows = [];
    lossChart.clear();
    accuracyChart.clear();
    const cnn = values.model === 'cnn';
    filters.heading = cnn
      ? 'The first layer’s eight windows, 3 × 3'
      : 'What 24 of the 128 units weigh, pixel by pixel';
    filters.label = cnn ? 'Eight small windows of weights' : 'Weights of single units over the picture';
    filters.style.setProperty('--cell', '80px');
    maps.hidden = !cnn;
  },
  onEvents(events) {
    const news = events as DigitsEvent[];
    last = news.at(-1);
    const steps = news.filter((e) => e.loss !== undefined);
    lossChart.add(
      0,
      steps.map((e) => e.step),
      steps.map((e) => e.loss!),
    );
    for (const event of news) {
      if (!event.check) continue;
      check = event.check;
      accuracyChart.add(0, [event.step], [check.accuracy]);
      void showMistakes();
      void showCost();
    }
    lossChart.draw();
    accuracyChart.draw();
    void answer();
  },
  onPicture(picture) {
    const { values, count, rows, columns } = picture as Pictures;
    filters.draw(values, count, rows, columns);
  },
  onPin(label) {
    lossChart.pin(label);
    accuracyChart.pin(label);
  },
  summary() {
    if (!last) return '';
    const reached = check ? ` · ${(100 * check.accuracy).toFixed(1)} % of held-out digits right` : '';
    return `epoch ${Math.max(1, last.epoch)} · batch ${last.step}${reached}`;
  },
  score: () => (check ? check.accuracy.toFixed(4) : ''),
});

run.watch(seen);
run.watch(cost);
run.watch(taken);

/** Asks about the drawn digit again after every change of the drawing or the network, one question at a time. */
async function answer() {
  if (asking) {
    stale = true;
    return;
  }
  if (!drawn) return;
  asking = true;
  const pixels = drawn;
  const asked = performance.now();
  const likely = await run.ask<number[]>('classify', pixels);
  const waited = performance.now() - asked;
  const found = run.values.model === 'cnn' ? await run.ask<Pictures>('maps', pixels) : undefined;
  asking = false;
  if (likely && drawn) {
    bars.values = likely;
    const best = likely.indexOf(Math.max(...likely));
    bars.note = `${waited.toFixed(0)} ms`;
    figure.dataset.answer = String(best);
    figure.dataset.answered = waited.toFixed(1);
    if (found) {
      maps.heading = 'What they find in your digit';
      maps.label = 'Eight maps, one for each window';
      maps.style.setProperty('--cell', '80px');
      maps.draw(found.values, found.count, found.rows, found.columns);
    }
  }
  if (stale) {
    stale = false;
    void answer();
  }
}

lab.querySelector('fx-digit-pad')!.addEventListener('fx-drawn', (event) => {
  drawn = (event as CustomEvent<{ pixels: Float32Array | null }>).detail.pixels ?? undefined;
  if (drawn) void answer();
  else {
    bars.values = NAMES.map(() => 0);
    bars.note = '';
    delete figure.dataset.answer;
  }
});

async function showCost() {
  const found = await run.ask<Cost>('cost');
  if (!found || found.steps === 0) return;
  costs.steps = found.steps;
  costs.time = found.time;
  costs.rows = found.rows;
}

/** Fills the table, and the pictures of what was misread: all of it, or the chosen cell's. */
async function showMistakes() {
  if (!check) return;
  confusion.counts = check.confusion;
  confusion.chosen = chosen;
  const listed = check.mistakes.filter((m) => !chosen || (m.actual === chosen[0] && m.said === chosen[1]));
  const shown = listed.slice(0, MOST_MISTAKES);
  const pictures = await run.ask<Pictures>(
    'heldOut',
    shown.map((m) => m.index),
  );
  if (!pictures) return;
  mistakes.names = shown.map((m) => `${m.actual}, not ${m.said}`);
  mistakes.label = `${shown.length} held-out digits that were misread`;
  mistakesNote.textContent = `${shown.length} of ${listed.length}`;
  mistakes.draw(pictures.values, pictures.count, pictures.rows, pictures.columns);
}

confusion.addEventListener('fx-cell', (event) => {
  const { actual, said } = (event as CustomEvent<{ actual: number; said: number }>).detail;
  chosen = chosen?.[0] === actual && chosen[1] === said ? undefined : [actual, said];
  void showMistakes();
});
