import { html, render } from 'lit';
import '../../elements/profile.ts';
import type { Control, Values } from '../../elements/controls.ts';
import type { FigureState, FxFigure } from '../../elements/figure.ts';
import type { FxProfile } from '../../elements/profile.ts';
import { copyLink } from '../../site/clipboard.ts';
import { isNamedInAddress, valuesFromAddress, writeAddress } from '../../site/hash.ts';
import { Link } from './link.ts';
import { save } from './take.ts';
import type { Profiled } from './worker.ts';

const NAME = 'profile';
const controls: Control[] = [
  {
    kind: 'choice',
    name: 'network',
    label: 'Network',
    initial: 'cnn',
    options: ['mlp', 'cnn', 'gpt'].map((kind) => ({ value: kind, label: kind.toUpperCase() })),
  },
];

interface Options {
  stage: HTMLElement;
  onStart(): void;
  /** Something else is being timed. */
  isBusy(): boolean;
  /** The other figure was told to do something: this one gives way. */
  watchOther(stop: (event: Event) => void): void;
}

/** Some steps of a network under the profiler, on one thread, so that the parts add up. */
export function profileFigure({ stage, onStart, isBusy, watchOther }: Options) {
  render(
    html`<fx-figure label="Where the time of a training step goes">
      <p class="said sum"></p>
      <fx-profile></fx-profile>
      <div class="take">
        <button type="button" class="quiet" disabled>Download Chrome trace</button>
      </div>
    </fx-figure>`,
    stage,
  );
  const figure = stage.querySelector<FxFigure>('fx-figure')!;
  const bars = stage.querySelector<FxProfile>('fx-profile')!;
  const said = stage.querySelector<HTMLElement>('.sum')!;
  const button = stage.querySelector<HTMLButtonElement>('.take button')!;
  let values: Values = valuesFromAddress(NAME, controls);
  let link: Link | undefined;
  let result: Profiled | undefined;

  figure.controls = controls;
  figure.values = values;
  figure.only = ['reset', 'link', 'help'];

  function show(state: FigureState, summary: string) {
    figure.state = state;
    figure.summary = summary;
    figure.step = result?.steps ?? 0;
    bars.rows = result?.rows ?? [];
    bars.time = result?.time ?? 0;
    bars.steps = result?.steps ?? 1;
    bars.paces = result && { arithmetic: result.arithmetic, memory: result.memory };
    button.disabled = !result;
    const name = String(values.network).toUpperCase();
    said.textContent = result
      ? `One step of the ${name} takes ${(result.time / result.steps).toFixed(2)} ms. At its best, this device multiplies and adds at ${result.arithmetic.toFixed(1)} GFLOP/s and moves ${result.memory.toFixed(1)} GB/s.`
      : 'The bars stand here once some steps have been profiled.';
  }

  function stop() {
    link?.close();
    link = undefined;
  }

  function reset() {
    stop();
    result = undefined;
    show(
      'waiting',
      `Press play to train the ${String(values.network).toUpperCase()} for half a second under the profiler.`,
    );
  }

  async function play() {
    if (link && !result) return;
    reset();
    onStart();
    const mine = new Link();
    link = mine;
    try {
      show('loading', 'the library');
      await mine.wait(mine.remote.load({ threads: false }));
      show('running', 'measuring the device’s pace, then the steps');
      const profiled = await mine.wait(mine.remote.profile(`${values.network}-eager`));
      result = profiled;
      const calls = profiled.rows.reduce((n, r) => n + r.calls, 0);
      show('finished', `${profiled.steps} steps, ${Math.round(calls / profiled.steps)} calls each`);
    } catch (error) {
      if (link !== mine) return;
      stop();
      show('failed', error instanceof Error ? error.message : `${error}`);
    }
  }

  // It takes a second or two, so it runs by itself, unless the reader wants something else.
  let byItself = !matchMedia('(prefers-reduced-motion: reduce)').matches;
  figure.addEventListener('fx-visible', (e) => {
    const { visible } = (e as CustomEvent<{ visible: boolean }>).detail;
    if (visible && byItself && !link && !isBusy()) void play();
  });
  figure.addEventListener('fx-command', (e) => {
    const { command } = (e as CustomEvent<{ command: string }>).detail;
    byItself = false;
    if (command === 'play') void play();
    else if (command === 'reset' || (command === 'pause' && !result)) reset();
    else if (command === 'link') void share();
  });
  figure.addEventListener('fx-change', (e) => {
    const { name, value } = (e as CustomEvent<{ name: string; value: string }>).detail;
    const again = link !== undefined;
    values = { ...values, [name]: value };
    figure.values = values;
    writeAddress(NAME, values);
    reset();
    if (again) void play();
  });
  addEventListener('hashchange', () => {
    const named = valuesFromAddress(NAME, controls);
    if (named.network === values.network) return;
    values = named;
    figure.values = values;
    reset();
  });
  watchOther(() => {
    if (link && !result) reset();
  });
  button.addEventListener('click', async () => {
    if (link) save(`fluxion-${values.network}-trace.json`, await link.wait(link.remote.trace()));
  });

  async function share() {
    figure.toolbar.flash(await copyLink(NAME, values));
  }

  reset();
  if (isNamedInAddress(NAME)) requestAnimationFrame(() => figure.scrollIntoView({ block: 'center' }));
}
