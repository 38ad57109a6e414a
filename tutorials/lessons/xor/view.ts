import { html, render } from 'lit';
import '../../elements/chart.ts';
import '../../elements/code.ts';
import '../../elements/network.ts';
import '../../elements/figure.ts';
import { type FxBoundary, isRight, type PlanePoint } from '../../elements/boundary.ts';
import type { FxChart } from '../../elements/chart.ts';
import type { Control, Values } from '../../elements/controls.ts';
import type { FxFigure } from '../../elements/figure.ts';
import type { FxNetwork } from '../../elements/network.ts';
import { nextTask, stage } from '../../site/mount.ts';
import { FigureRun } from '../../site/run.ts';
import './figures.css';
import { activationControl, hiddenControl, rateControl, seedControl } from './controls.ts';
import type { GalleryEvent, GalleryPicture, XorPicture } from './pictures.ts';
import type { XorEvent } from './train.ts';

const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;
const TARGETS = [0, 1, 1, 0];
const LN2 = Math.LN2;

const points = (outputs: number[]): PlanePoint[] =>
  CORNERS.map(([x, y], i) => ({ x, y, target: TARGETS[i]!, output: outputs[i]! }));

const worker = () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const galleryWorker = () => new Worker(new URL('./gallery-worker.ts', import.meta.url), { type: 'module' });

interface NetFigure {
  id: string;
  label: string;
  controls: Control[];
  /** Settings that this figure fixes. */
  fixed: Values;
  network: boolean;
  hiddenPlane: boolean;
  pace: number;
}

/** A figure of one network: the plane, and beside it the weights, the hidden plane or the loss. */
function netFigure({ id, label, controls, fixed, network, hiddenPlane, pace }: NetFigure) {
  const place = stage(id);
  const chart = html`<fx-chart
    label="The loss at every step"
    .xMax=${300}
    .yMax=${1}
    .marks=${[{ value: LN2, label: 'ln 2: one half everywhere' }]}
  ></fx-chart>`;
  render(
    html`<fx-figure .label=${label}>
      <div class="planes ${network ? 'three' : 'two'}">
        <fx-boundary class="inputs" label="The network’s answer over both inputs"></fx-boundary>
        ${network ? html`<fx-network></fx-network>` : ''}
        ${
          hiddenPlane
            ? html`<fx-boundary
                class="hidden"
                heading="Seen by the hidden layer"
                label="The four points where the hidden layer puts them, and the last layer’s answer there"
                .low=${-1.25}
                .high=${1.25}
                .ticks=${[-1, 1]}
                .xLabel=${'h₁'}
                .yLabel=${'h₂'}
              ></fx-boundary>`
            : chart
        }
      </div>
    </fx-figure>`,
    place,
  );
  const figure = place.querySelector<FxFigure>('fx-figure')!;
  const inputs = place.querySelector<FxBoundary>('.inputs')!;
  const hidden = place.querySelector<FxBoundary>('.hidden');
  const weights = place.querySelector<FxNetwork>('fx-network');
  const lossChart = place.querySelector<FxChart>('fx-chart');
  let last: XorEvent | undefined;
  // Counted from what is drawn, so that the words never contradict the ticks.
  let right = 0;

  const run = new FigureRun({
    name: id,
    figure,
    worker: () => worker(),
    controls,
    pace,
    slowPace: 8,
    onReset() {
      last = undefined;
      lossChart?.clear();
    },
    onEvents(events) {
      const steps = events as XorEvent[];
      last = steps.at(-1);
      lossChart?.add(
        0,
        steps.map((e) => e.step),
        steps.map((e) => e.loss),
      );
      lossChart?.draw();
    },
    onPicture(picture) {
      const { field, side, outputs, weights: w, biases, hidden: plane } = picture as XorPicture;
      inputs.points = points(outputs);
      right = inputs.points.filter((p) => isRight(p)).length;
      inputs.draw(field, side);
      if (weights) {
        const names = (count: number) => Array.from({ length: count }, (_, i) => `h${'₁₂₃₄₅₆₇₈'[i]}`);
        weights.layers = [
          { names: ['x₁', 'x₂'] },
          ...w.map((rows, i) => ({
            names: i === w.length - 1 ? ['p'] : names(rows.length),
            weights: rows,
            biases: biases[i]!,
          })),
        ];
      }
      if (hidden && plane) {
        hidden.points = plane.points.map(([x, y], i) => ({
          x: x!,
          y: y!,
          target: TARGETS[i]!,
          output: outputs[i]!,
        }));
        hidden.draw(plane.field, plane.side);
      }
    },
    onPin: (name) => lossChart?.pin(name),
    summary: () => (last ? `step ${last.step} · loss ${last.loss.toFixed(3)} · ${right} of 4 right` : ''),
    score: () => (last ? `${right}/4` : ''),
    fixed,
  });
  return run;
}

await nextTask();
netFigure({
  id: 'line',
  label: 'A single line on the XOR points',
  controls: [seedControl(1), rateControl()],
  fixed: { hidden: 0, activation: 'tanh' },
  network: false,
  hiddenPlane: false,
  pace: 120,
});

await nextTask();
netFigure({
  id: 'net',
  label: 'A small network on the XOR points',
  controls: [seedControl(6), rateControl(), hiddenControl(4), activationControl()],
  fixed: {},
  network: true,
  hiddenPlane: false,
  pace: 60,
});

await nextTask();
netFigure({
  id: 'fold',
  label: 'The plane of the inputs and the plane of the hidden units',
  controls: [seedControl(0), rateControl()],
  fixed: { hidden: 2, activation: 'tanh' },
  network: false,
  hiddenPlane: true,
  pace: 60,
});

function galleryFigure() {
  const COUNT = 20;
  const place = stage('seeds');
  render(
    html`<fx-figure label="Twenty networks that differ only in their seeds">
      <ol class="gallery">
        ${Array.from({ length: COUNT }, () => html`<li><fx-boundary bare label=""></fx-boundary><span></span></li>`)}
      </ol>
    </fx-figure>`,
    place,
  );
  const figure = place.querySelector<FxFigure>('fx-figure')!;
  const planes = [...place.querySelectorAll<FxBoundary>('fx-boundary')];
  const captions = [...place.querySelectorAll<HTMLElement>('li span')];
  let last: GalleryEvent | undefined;
  let firstSeed = 0;

  new FigureRun({
    name: 'seeds',
    figure,
    worker: galleryWorker,
    controls: [seedControl(0), rateControl(), hiddenControl(2), activationControl('relu')],
    pace: 120,
    slowPace: 8,
    onReset(values) {
      last = undefined;
      firstSeed = Number(values.seed);
    },
    onEvents(events) {
      last = events.at(-1) as GalleryEvent;
    },
    onPicture(picture) {
      const { fields, side, outputs } = picture as GalleryPicture;
      planes.forEach((plane, i) => {
        const answers = outputs[i]!;
        plane.points = points(answers);
        const right = plane.points.filter(isRight).length;
        plane.label = `Seed ${firstSeed + i}: ${right} of 4 right`;
        plane.draw(fields[i]!, side);
        captions[i]!.textContent = `${firstSeed + i}: ${right === 4 ? '✓' : `${right}/4`}`;
        captions[i]!.className = right === 4 ? 'solved' : '';
      });
    },
    summary: () =>
      last ? `step ${last.step} · ${last.solved} of ${COUNT} networks have all four points right` : '',
    score: () => (last ? `${last.solved}/${COUNT}` : ''),
  });
}

await nextTask();
galleryFigure();
