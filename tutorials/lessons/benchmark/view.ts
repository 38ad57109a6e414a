import { html, nothing, render } from 'lit';
import '../../elements/figure.ts';
import type { Group, Row } from '../../../tests/bench/workloads.mjs';
import type { Control, Values } from '../../elements/controls.ts';
import type { FxFigure } from '../../elements/figure.ts';
import { copied, copyLink } from '../../site/clipboard.ts';
import { showDevice } from '../../site/device.ts';
import { isNamedInAddress, valuesFromAddress, writeAddress } from '../../site/hash.ts';
import { nextTask, stage } from '../../site/mount.ts';
import './figures.css';
import { Bench, type Wish } from './bench.ts';
import { profileFigure } from './profile.ts';
import {
  asData,
  asMarkdown,
  bestProduct,
  chosenFrom,
  chosenText,
  elsewhere,
  groups,
  headline,
  measured,
  rowsOf,
  scaleOf,
  scales,
  type Setting,
  shortName,
  shown,
  spread,
  there,
  thereThreads,
  threadWords,
} from './results.ts';
import { save } from './take.ts';

const NAME = 'bench';
const cores = navigator.hardwareConcurrency || 1;

// Threads share memory, which a browser gives only to a page that is isolated from all others.
const threadOptions = [
  { value: 'one', label: 'one' },
  ...(crossOriginIsolated && cores > 1 ? [{ value: 'all', label: `all ${cores}` }] : []),
];
const controls: Control[] = [
  { kind: 'choice', name: 'threads', label: 'Threads', initial: 'one', options: threadOptions },
  {
    kind: 'choice',
    name: 'simd',
    label: 'SIMD',
    initial: 'fastest',
    options: [
      { value: 'fastest', label: 'fastest' },
      { value: 'plain', label: 'plain' },
    ],
  },
  {
    kind: 'choice',
    name: 'rounds',
    label: 'Rounds',
    initial: 7,
    options: [3, 7, 15].map((n) => ({ value: n, label: String(n) })),
  },
];
const whyOneThread = crossOriginIsolated
  ? cores > 1
    ? ''
    : 'One thread only: this device shows one core.'
  : 'One thread only: this page is not cross-origin isolated. Its server does not send the two headers, COOP and COEP, without which a browser shares no memory between threads.';

const address = () => new URLSearchParams(location.hash.slice(1));
function wishOf(values: Values): Wish {
  const { threads, simd, rounds } = values as unknown as Wish;
  return { threads, simd, rounds, chosen: chosenFrom(address().get(`${NAME}.rows`)) };
}

let values = valuesFromAddress(NAME, controls);
let frame = 0;
const bench = new Bench(wishOf(values), () => {
  if (frame !== 0) return;
  frame = requestAnimationFrame(() => {
    frame = 0;
    draw();
  });
});
const settings = (): Values => ({ ...values, rows: chosenText(bench.wish.chosen) });
const several = () => bench.wish.threads === 'all';

// ---- the figure that starts and stops, and says how far it is --------------------------------------------------------------

const place = stage('bench');
render(html`<fx-figure label="The benchmark"><div class="overview"></div></fx-figure>`, place);
const figure = place.querySelector<FxFigure>('fx-figure')!;
const overview = place.querySelector<HTMLElement>('.overview')!;
figure.controls = controls;
figure.values = values;
figure.units = ['row'];
figure.unit = 'row';
figure.only = ['step', 'reset', 'link', 'help'];

figure.addEventListener('fx-command', (e) => {
  const { command } = (e as CustomEvent<{ command: string }>).detail;
  if (command === 'play') bench.play();
  else if (command === 'pause') bench.pause();
  else if (command === 'step') bench.play(true);
  else if (command === 'reset') bench.reset();
  else if (command === 'link') void link();
});
figure.addEventListener('fx-change', (e) => {
  const { name, value } = (e as CustomEvent<{ name: string; value: string }>).detail;
  values = { ...values, [name]: value };
  figure.values = values;
  bench.change(wishOf({ ...values }));
  writeAddress(NAME, settings());
});
addEventListener('hashchange', () => {
  values = valuesFromAddress(NAME, controls);
  figure.values = values;
  bench.change(wishOf(values));
});

// A page in the background is held back by the browser: what is timed there is the browser's thrift.
let heldBack = false;
document.addEventListener('visibilitychange', () => {
  if (document.hidden && bench.running) {
    heldBack = true;
    bench.pause();
  } else if (!document.hidden && heldBack) {
    heldBack = false;
    bench.play();
  }
});

async function link() {
  figure.toolbar.flash(await copyLink(NAME, settings()));
}

function choose(rows: Row[], wanted: boolean) {
  const chosen = new Set(bench.wish.chosen);
  for (const { id } of rows) {
    if (wanted) chosen.add(id);
    else chosen.delete(id);
  }
  bench.change({ chosen });
  writeAddress(NAME, settings());
}

function setting(): Setting | undefined {
  const { info } = bench;
  return (
    info && {
      date: new Date().toISOString().slice(0, 10),
      userAgent: navigator.userAgent,
      hardwareConcurrency: cores,
      crossOriginIsolated,
      variant: info.variant,
      simd: info.simd,
      threads: info.threads,
      whyNotRelaxed: info.whyNotRelaxed,
      whyNotThreads: info.whyNotThreads,
    }
  );
}

async function copyMarkdown() {
  const there = await copied(asMarkdown(setting()!, bench.times));
  figure.toolbar.flash(there ? 'Table copied' : 'This browser does not let the page copy');
}

function saveJson() {
  save('fluxion-benchmark.json', JSON.stringify(asData(setting()!, bench.times), null, 2));
}

function buildWords(): string {
  const { info } = bench;
  if (!info) return whyOneThread;
  const { variant, simd, threads, whyNotRelaxed } = info;
  const words = [
    `The build ${variant}: ${simd === 'relaxed' ? 'relaxed SIMD' : `plain SIMD, for ${whyNotRelaxed}`}, ${threadWords(threads)}.`,
    whyOneThread,
  ];
  return words.filter(Boolean).join(' ');
}

/** Breaks between what was reached, never inside it. */
const whole = (line: string) =>
  line
    .split(' · ')
    .map((part) => part.replaceAll(' ', '\u00a0'))
    .join(' · ');

function groupLine({ id, name }: (typeof groups)[number]) {
  const all = rowsOf(id);
  const chosen = all.filter((row) => bench.wish.chosen.has(row.id));
  const done = chosen.filter((row) => bench.isDone(row)).length;
  const part = chosen.reduce(
    (n, row) => n + Math.min(1, (bench.times.get(row.id)?.length ?? 0) / bench.wish.rounds),
    0,
  );
  const own = headline(id, (row) => measured(all.find((r) => r.id === row)!, bench.times)?.median);
  const that = headline(id, (row) => there(all.find((r) => r.id === row)!, several())?.median);
  const words = chosen.length === 0 ? 'left out' : `${done} of ${chosen.length}`;
  return html`<li>
    <label>
      <input
        type="checkbox"
        .checked=${chosen.length > 0}
        .indeterminate=${chosen.length > 0 && chosen.length < all.length}
        @change=${(e: Event) => choose(all, (e.target as HTMLInputElement).checked)}
      />
      <span>${name}</span>
    </label>
    <span class="part"><i style="--share:${chosen.length ? (part / chosen.length).toFixed(3) : 0}"></i>${words}</span>
    <span class="own">${whole(own) || '–'}</span>
    <span class="that"><span class="unseen">there:</span> ${whole(that)}</span>
  </li>`;
}

function drawOverview() {
  const nothingYet = bench.times.size === 0 || !setting();
  const failures = bench.chosen.flatMap((row) => {
    const why = bench.failureOf(row);
    return why ? [html`<p class="said fault">${row.name} did not run: ${why}</p>`] : [];
  });
  render(
    html`<ol class="groups">
        <li class="heads" aria-hidden="true">
          <span></span><span>Done</span><span>On your device</span><span>${elsewhere.machine}, ${elsewhere.date}</span>
        </li>
        ${groups.map(groupLine)}
      </ol>
      ${failures}
      <div class="take">
        <p class="said">${buildWords()}</p>
        <button type="button" class="quiet" ?disabled=${nothingYet} @click=${copyMarkdown}>Copy as Markdown</button>
        <button type="button" class="quiet" ?disabled=${nothingYet} @click=${saveJson}>Download JSON</button>
      </div>`,
    overview,
  );
  const { state, done, chosen } = bench;
  figure.state = state;
  figure.step = done;
  figure.score = `${done}/${chosen.length}`;
  figure.summary = bench.summary();
  figure.progress = state === 'running' ? done / Math.max(1, chosen.length) : Number.NaN;
  const { info } = bench;
  if (info) showDevice({ simd: info.simd, threads: info.threads, note: whyOneThread && info.whyNotThreads });
}

// ---- the tables of the rows -----------------------------------------------------------------------------------------------

const tables: { id: string; label: string; of: Group[] }[] = [
  { id: 'products', label: 'Products, row by row', of: ['products'] },
  { id: 'networks', label: 'Networks, row by row', of: ['networks'] },
  { id: 'rest', label: 'Generation, arrays and start, row by row', of: ['generation', 'arrays', 'start'] },
];

const at = (value: number | undefined, end: number) =>
  value === undefined ? undefined : Math.min(1, value / end).toFixed(4);

function track(row: Row, end: number) {
  const own = measured(row, bench.times);
  const that = there(row, several());
  const words = [
    own ? `${shown(own.median)} ${row.unit} on your device` : 'not measured yet',
    that && `${shown(that.median)} elsewhere`,
    that?.peer && `${that.peer.title} ${shown(that.peer.median)}`,
    that?.torch && `PyTorch ${shown(that.torch)}`,
  ];
  const mark = (kind: string, value: number | undefined) =>
    value === undefined ? nothing : html`<b class="mark ${kind}" style="--at:${at(value, end)}"></b>`;
  return html`<div class="track" role="img" aria-label=${words.filter(Boolean).join('; ')}>
    ${own ? html`<i class="median" style="--at:${at(own.median, end)}"></i>` : nothing}
    ${own ? html`<i class="range" style="--from:${at(own.min, end)};--to:${at(own.max, end)}"></i>` : nothing}
    ${mark('ours', that?.median)} ${mark('peer', that?.peer?.median)} ${mark('torch', that?.torch)}
  </div>`;
}

/** `most` is what the row's median is shown as a part of, where it is. */
function line(row: Row, end: number, most: number | undefined) {
  const own = measured(row, bench.times);
  const that = there(row, several());
  const current = bench.running && bench.now?.row === row;
  const median = bench.failureOf(row) ? 'failed' : shown(own?.median);
  return html`<tr class=${current ? 'current' : ''} data-row=${row.id}>
    <th scope="row">
      <label title=${row.name}>
        <input
          type="checkbox"
          .checked=${bench.wish.chosen.has(row.id)}
          @change=${(e: Event) => choose([row], (e.target as HTMLInputElement).checked)}
        />
        <span>${shortName(row)}</span>
      </label>
    </th>
    <td class="plot">${track(row, end)}</td>
    <td class="own">${median}</td>
    <td>${own ? spread(own) : ''}</td>
    ${most === undefined ? nothing : html`<td>${own ? `${Math.round((100 * own.median) / most)} %` : ''}</td>`}
    <td class="that">${shown(that?.median)}</td>
    <td>${that?.peer ? html`${shown(that.peer.median)} <small>${that.peer.title}</small>` : '–'}</td>
    <td>${shown(that?.torch)}</td>
  </tr>`;
}

const key = html`<p class="key">
  <span><i class="median"></i>your median</span><span><i class="range"></i>its spread</span>
  <span class="where">Measured on ${elsewhere.machine}, ${elsewhere.date}:</span>
  <span><b class="mark ours"></b>Fluxion</span><span><b class="mark peer"></b>best peer</span>
  <span><b class="mark torch"></b>PyTorch</span>
</p>`;

function drawTable({ id, label, of }: (typeof tables)[number]) {
  const ends = scales(bench.times, several());
  const most = id === 'products' ? bestProduct(bench.times) : undefined;
  const columns = most === undefined ? 2 : 3;
  render(
    html`${key}
        <div class="scroll" tabindex="0" role="region" aria-label=${label}>
          <table class="rows">
            <thead>
              <tr>
                <td></td>
                <td></td>
                <th scope="colgroup" colspan=${columns}><span>On your device</span></th>
                <th scope="colgroup" colspan="3" class="that"><span>On the other machine, ${threadWords(thereThreads(several()))}</span></th>
              </tr>
              <tr>
                <td></td>
                <td></td>
                <th scope="col">Median</th>
                <th scope="col">Spread</th>
                ${most === undefined ? nothing : html`<th scope="col">Of best</th>`}
                <th scope="col" class="that">Fluxion</th>
                <th scope="col">Best peer</th>
                <th scope="col">PyTorch</th>
              </tr>
            </thead>
            ${groups
              .filter((group) => of.includes(group.id))
              .map(
                (group) => html`<tbody>
                  <tr class="unit">
                    <th scope="rowgroup" colspan=${columns + 5}>
                      ${of.length > 1 ? html`<b>${group.name}</b>, ` : nothing}${group.unit}
                    </th>
                  </tr>
                  ${rowsOf(group.id).map((row) => line(row, 1.02 * ends.get(scaleOf(row))!, most))}
                </tbody>`,
              )}
          </table>
        </div>`,
    stage(id),
  );
}

function draw() {
  drawOverview();
  for (const table of tables) drawTable(table);
}

// A part each frame, so that no frame has to lay out all of them.
const nextFrame = () => new Promise(requestAnimationFrame).then(nextTask);
await nextFrame();
drawOverview();
if (isNamedInAddress(NAME)) requestAnimationFrame(() => figure.scrollIntoView({ block: 'center' }));
figure.dispatchEvent(new CustomEvent('ready', { bubbles: true }));

for (const table of tables) {
  await nextFrame();
  drawTable(table);
}
await nextFrame();
profileFigure({
  stage: stage('profile'),
  // Two at once would slow each other.
  onStart: () => bench.pause(),
  isBusy: () => bench.running,
  watchOther: (stop) => figure.addEventListener('fx-command', stop),
});
