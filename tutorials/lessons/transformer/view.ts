import { html, render } from 'lit';
import '../../elements/attention.ts';
import '../../elements/bars.ts';
import '../../elements/chart.ts';
import '../../elements/code.ts';
import '../../elements/figure.ts';
import '../../elements/sample.ts';
import './letters.ts';
import './prompt.ts';
import type { FxAttention } from '../../elements/attention.ts';
import type { FxChart } from '../../elements/chart.ts';
import { type Control, seedControl } from '../../elements/controls.ts';
import type { FxFigure } from '../../elements/figure.ts';
import type { FxSample, Piece } from '../../elements/sample.ts';
import { nextTask, stage } from '../../site/mount.ts';
import { FigureRun } from '../../site/run.ts';
import './figures.css';
import type { SorterLetters } from './letters.ts';
import type { AttentionPicture } from './pictures.ts';
import type { WriterPrompt } from './prompt.ts';
import type { SortEvent } from './sort.ts';
import type { Sample, WriterEvent } from './train.ts';

const rate: Control = {
  kind: 'choice',
  name: 'rate',
  label: 'Rate',
  initial: 0.003,
  options: [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03].map((value) => ({ value, label: String(value) })),
};
const choice = (name: string, label: string, initial: number, values: number[]): Control => ({
  kind: 'choice',
  name,
  label,
  initial,
  options: values.map((value) => ({ value, label: String(value) })),
});
// Often enough to look alive, seldom enough to leave the time to training.
const ASK_EVERY_MS = 200;
const shape = [choice('layers', 'Layers', 2, [1, 2, 3]), choice('heads', 'Heads', 4, [1, 2, 4])];

function sorter() {
  const place = stage('sort');
  const eyes = stage('eyes');
  render(
    html`<fx-figure label="A transformer learning to sort letters">
      <div class="sorter">
        <div>
          <sorter-letters></sorter-letters>
          <fx-chart
            class="exact"
            label="The share of 1,000 unseen sequences that are wholly right"
            y-label="Wholly right, of 1,000 unseen"
            percent
            .xMax=${400}
            .yMax=${1}
            .series=${[{ name: 'wholly right', colour: '--right', dots: true }]}
          ></fx-chart>
        </div>
        <fx-chart
          class="loss"
          label="The loss of each batch"
          .xMax=${400}
          .yMax=${2.5}
          .series=${[{ name: 'loss', colour: '--loss', noisy: true }]}
          .marks=${[{ value: Math.log(8), label: 'ln 8: guessing' }]}
        ></fx-chart>
      </div>
    </fx-figure>`,
    place,
  );
  render(html`<fx-attention .first=${7}></fx-attention>`, eyes);
  const letters = place.querySelector<SorterLetters>('sorter-letters')!;
  const lossChart = place.querySelector<FxChart>('.loss')!;
  const exactChart = place.querySelector<FxChart>('.exact')!;
  const attention = eyes.querySelector<FxAttention>('fx-attention')!;
  let last: SortEvent | undefined;
  let exact: number | undefined;
  let asking = false;
  let askedAt = 0;

  const run = new FigureRun({
    name: 'sort',
    figure: place.querySelector<FxFigure>('fx-figure')!,
    worker: () => new Worker(new URL('./sort-worker.ts', import.meta.url), { type: 'module' }),
    controls: [seedControl(1), rate, ...shape],
    slowPace: 4,
    onReset(values) {
      last = undefined;
      exact = undefined;
      lossChart.clear();
      exactChart.clear();
      const [layers, heads] = [Number(values.layers), Number(values.heads)];
      attention.names = Array.from({ length: layers * heads }, (_, i) => {
        return `layer ${Math.floor(i / heads) + 1}, head ${(i % heads) + 1}`;
      });
      attention.head = Math.min(attention.head, attention.names.length - 1);
      letters.written = [];
    },
    onEvents(events) {
      const news = events as SortEvent[];
      last = news.at(-1);
      const steps = news.filter((e) => e.loss !== undefined);
      lossChart.add(
        0,
        steps.map((e) => e.step),
        steps.map((e) => e.loss!),
      );
      for (const event of news) {
        if (!event.check) continue;
        exact = event.check.exact;
        exactChart.add(0, [event.step], [exact]);
      }
      lossChart.draw();
      exactChart.draw();
      if (performance.now() - askedAt > ASK_EVERY_MS) void write();
    },
    onPin(label) {
      lossChart.pin(label);
      exactChart.pin(label);
    },
    summary: () =>
      last
        ? `step ${last.step}${exact === undefined ? '' : ` · ${(100 * exact).toFixed(1)} % of unseen sequences wholly right`}`
        : '',
    score: () => (exact === undefined ? '' : exact.toFixed(4)),
  });
  run.watch(eyes);

  async function write() {
    if (asking) return;
    asking = true;
    askedAt = performance.now();
    const given = letters.letters;
    const answer = await run.ask<AttentionPicture & { written: number[] }>('attend', given);
    asking = false;
    if (!answer) return;
    if (String(given) !== String(letters.letters)) {
      void write();
      return;
    }
    letters.written = answer.written;
    attention.tokens = answer.text.map((id) => 'abcdefgh'[id]!);
    attention.draw(answer.maps);
  }

  letters.addEventListener('fx-letters', () => void write());
  place.addEventListener('ready', () => void write());
}

const pieces = (text: string, known: Set<string>): Piece[] =>
  text.split(/([A-Za-z]{3,})/).map((part) => ({ text: part, known: known.has(part) }));

const share = (sample: Sample) => (sample.words === 0 ? 0 : sample.known / sample.words);
const said = (sample: Sample) =>
  `${(100 * share(sample)).toFixed(1)} % of ${sample.words} words are in the book`;

function writer() {
  const place = stage('text');
  const yours = stage('yours');
  render(
    html`<fx-figure label="A transformer learning to write">
      <div class="writer">
        <fx-chart
          label="The loss on the book and on the part of it that is held out"
          .xMax=${1000}
          .yMin=${1.5}
          .yMax=${4.8}
          .series=${[
            { name: 'training', colour: '--loss', noisy: true },
            { name: 'held out', colour: '--ink', dots: true },
          ]}
          .marks=${[{ value: Math.log(83), label: 'ln 83: guessing' }]}
        ></fx-chart>
        <fx-sample class="before" heading="Before training"></fx-sample>
        <fx-sample class="after" heading="While it trains"></fx-sample>
      </div>
    </fx-figure>`,
    place,
  );
  render(html`<writer-prompt></writer-prompt>`, yours);
  const figure = place.querySelector<FxFigure>('fx-figure')!;
  const chart = place.querySelector<FxChart>('fx-chart')!;
  const before = place.querySelector<FxSample>('.before')!;
  const after = place.querySelector<FxSample>('.after')!;
  const prompt = yours.querySelector<WriterPrompt>('writer-prompt')!;
  let last: WriterEvent | undefined;
  let valid: number | undefined;
  let asking = false;
  let askedAt = 0;

  const run = new FigureRun({
    name: 'text',
    figure,
    worker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    controls: [
      seedControl(1),
      rate,
      ...shape,
      {
        kind: 'range',
        name: 'temperature',
        label: 'Temperature',
        initial: 0.8,
        min: 0.2,
        max: 1.5,
        step: 0.1,
        live: true,
      },
    ],
    slowPace: 4,
    onReset() {
      last = undefined;
      valid = undefined;
      chart.clear();
      for (const sample of [before, after]) {
        sample.pieces = [];
        sample.note = '';
      }
      after.heading = 'While it trains';
      after.note = 'a sample after 100 steps, then every 250';
    },
    onEvents(events) {
      const news = events as WriterEvent[];
      last = news.at(-1);
      const steps = news.filter((e) => e.loss !== undefined);
      chart.add(
        0,
        steps.map((e) => e.step),
        steps.map((e) => e.loss!),
      );
      for (const event of news) {
        if (event.valid !== undefined) {
          valid = event.valid;
          chart.add(1, [event.step], [valid]);
        }
        if (event.sample) void show(event.step, event.sample);
      }
      chart.draw();
      if (performance.now() - askedAt > ASK_EVERY_MS) void foresee();
    },
    onSetting: () => void foresee(),
    onPin: (label) => chart.pin(label),
    summary: () =>
      last ? `step ${last.step}${valid === undefined ? '' : ` · held-out loss ${valid.toFixed(3)}`}` : '',
    score: () => (valid === undefined ? '' : valid.toFixed(4)),
  });

  run.watch(yours);

  async function show(step: number, sample: Sample) {
    const known = new Set(sample.text.match(/[A-Za-z]{3,}/g) ?? []);
    const words = new Set(await run.ask<string[]>('knownOf', [...known]));
    const place = step === 0 ? before : after;
    place.heading = step === 0 ? 'Before training' : `After ${step} steps`;
    place.note = said(sample);
    place.pieces = pieces(sample.text, words);
    figure.dataset[step === 0 ? 'before' : 'after'] = share(sample).toFixed(4);
  }

  async function foresee() {
    if (asking) return;
    asking = true;
    askedAt = performance.now();
    const text = prompt.text;
    prompt.likely = (await run.ask('likely', text, 6)) ?? [];
    asking = false;
    if (text !== prompt.text) void foresee();
  }

  prompt.addEventListener('fx-prompt', () => void foresee());
  prompt.addEventListener('fx-more', async () => {
    for (let i = 0; i < 60; i++) {
      const next = await run.ask<string>('more', prompt.text);
      if (!next) break;
      prompt.text += next;
    }
    void foresee();
  });
  place.addEventListener('ready', () => void foresee());
}

await nextTask();
sorter();
await nextTask();
writer();
