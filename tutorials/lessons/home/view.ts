import { html, render } from 'lit';
import '../../elements/figure.ts';
import '../../elements/spark.ts';
import { type FxBoundary, isRight } from '../../elements/boundary.ts';
import { seedControl } from '../../elements/controls.ts';
import type { FxFigure } from '../../elements/figure.ts';
import type { FxSpark } from '../../elements/spark.ts';
import { stage } from '../../site/mount.ts';
import { FigureRun } from '../../site/run.ts';
import type { XorPicture } from '../xor/pictures.ts';
import type { XorEvent } from '../xor/train.ts';

const CORNERS = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;
const TARGETS = [0, 1, 1, 0];

const place = stage('hero');
render(
  html`<fx-figure label="A network learning XOR">
    <fx-boundary label="The network’s answer over both inputs"></fx-boundary>
    <fx-spark label="The loss, falling" .over=${160}></fx-spark>
  </fx-figure>`,
  place,
);
const figure = place.querySelector<FxFigure>('fx-figure')!;
const plane = place.querySelector<FxBoundary>('fx-boundary')!;
const spark = place.querySelector<FxSpark>('fx-spark')!;
let last: XorEvent | undefined;
let losses: number[] = [];
let right = 0;

figure.only = ['step', 'slow', 'reset', 'link', 'help'];

new FigureRun({
  name: 'hero',
  figure,
  worker: () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  controls: [seedControl(6)],
  fixed: { hidden: 4, activation: 'tanh', rate: 0.03 },
  pace: 45,
  slowPace: 8,
  onReset() {
    last = undefined;
    losses = [];
    spark.values = losses;
  },
  onEvents(events) {
    const steps = events as XorEvent[];
    last = steps.at(-1);
    losses = losses.concat(steps.map((e) => e.loss));
    spark.values = losses;
  },
  onPicture(picture) {
    const { field, side, outputs } = picture as XorPicture;
    plane.points = CORNERS.map(([x, y], i) => ({ x, y, target: TARGETS[i]!, output: outputs[i]! }));
    right = plane.points.filter(isRight).length;
    plane.draw(field, side);
  },
  summary: () => (last ? `step ${last.step} · loss ${last.loss.toFixed(3)} · ${right} of 4 right` : ''),
  score: () => (last ? `${right}/4` : ''),
});
