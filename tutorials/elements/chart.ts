import { css, html, LitElement } from 'lit';
import uPlot from 'uplot';
import { cssColour, onThemeChange, resolveColour } from './colour.ts';
import { base } from './style.ts';

export interface Series {
  name: string;
  /** A custom property that holds the line's colour. */
  colour: string;
  /** Noisy values are drawn faint, with their running mean over them. */
  noisy?: boolean;
  /** Values that come rarely are marked by dots. */
  dots?: boolean;
}

/** A level worth knowing, drawn as a dashed line with its name. */
export interface Mark {
  value: number;
  label: string;
}

interface Line {
  xs: number[];
  ys: number[];
  means: number[];
  /** The running mean, and the running mean of that. */
  mean: number;
  meanOfMean: number;
  /** Only every `stride`-th value is kept, so that a long run stays quick to draw. */
  stride: number;
  seen: number;
}

const MOST_POINTS = 1600;
const MEAN_OVER = 12;
const TABLE_ROWS = 20;
const emptyLine = (): Line => ({ xs: [], ys: [], means: [], mean: 0, meanOfMean: 0, stride: 1, seen: 0 });

/** A live line chart whose scale keeps still: it grows in large steps, and only when the data leaves it. */
export class FxChart extends LitElement {
  static override properties = {
    label: {},
    yLabel: { attribute: 'y-label' },
    xLabel: { attribute: 'x-label' },
    xMax: { type: Number, attribute: 'x-max' },
    yMin: { type: Number, attribute: 'y-min' },
    yMax: { type: Number, attribute: 'y-max' },
    series: { attribute: false },
    marks: { attribute: false },
    percent: { type: Boolean },
    reading: { state: true },
    rows: { state: true },
  };

  declare label: string;
  declare yLabel: string;
  declare xLabel: string;
  declare xMax: number;
  declare yMin: number;
  declare yMax: number;
  declare series: Series[];
  declare marks: Mark[];
  declare percent: boolean;
  declare reading: string;
  declare rows: string[][];

  #lines: Line[] = [];
  #pinned: { lines: Line[]; label: string } | undefined;
  #plot: uPlot | undefined;
  #size: ResizeObserver | undefined;
  #stopTheme: (() => void) | undefined;
  #x = 100;
  #yTop = 1;
  #dirty = false;

  static override styles = [
    base,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 1em;
        min-height: 1.45em;
        color: var(--muted);
      }

      .head span:first-child {
        color: var(--ink);
        font-weight: 600;
      }

      .plot {
        height: var(--chart-height, 200px);
        touch-action: pan-y;
      }

      .uplot,
      .u-wrap {
        position: relative;
        user-select: none;
      }

      .u-over,
      .u-under,
      .u-axis {
        position: absolute;
      }

      .u-under {
        overflow: hidden;
      }

      .uplot canvas {
        display: block;
        position: relative;
        width: 100%;
        height: 100%;
      }

      .u-cursor-x,
      .u-cursor-y,
      .u-cursor-pt {
        position: absolute;
        inset: 0 auto auto 0;
        pointer-events: none;
      }

      .u-cursor-x {
        height: 100%;
        border-inline-end: 1px solid var(--edge);
      }

      .u-cursor-pt {
        border-radius: 50%;
      }

      .u-cursor-y,
      .u-select,
      .u-off {
        display: none;
      }

      .head button {
        margin: -4px -6px;
        padding: 4px 6px;
        border: 0;
        border-radius: 3px;
        background: none;
        color: var(--muted);
        cursor: pointer;
        font: inherit;
        text-decoration: underline 1px var(--edge);
        text-underline-offset: 3px;
      }

      .head button:hover {
        color: var(--ink);
      }

      .reading {
        margin-inline-start: auto;
      }

      table {
        border-collapse: collapse;
      }

      th,
      td {
        padding: 2px 16px 2px 0;
        font-weight: 400;
        text-align: end;
      }

      th {
        color: var(--ink);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    this.label = 'Chart';
    this.yLabel = 'Loss';
    this.xLabel = 'step';
    this.xMax = 100;
    this.yMin = 0;
    this.yMax = 1;
    this.series = [{ name: 'loss', colour: '--loss' }];
    this.marks = [];
    this.percent = false;
    this.reading = '';
    this.rows = [];
  }

  /** Adds values of one series at rising x. Cheap: drawing waits for the next `draw()`. */
  add(index: number, xs: ArrayLike<number>, ys: ArrayLike<number>) {
    const line = (this.#lines[index] ??= emptyLine());
    const noisy = this.series[index]?.noisy === true;
    for (let i = 0; i < xs.length; i++) {
      const y = ys[i]!;
      // A running mean that starts as the plain mean of what there is, and so is not drawn towards zero. It lags behind
      // a falling loss by about as much as its own running mean lags behind it, and that much is taken off.
      const share = 1 / Math.min(MEAN_OVER, line.seen + 1);
      line.mean += (y - line.mean) * share;
      line.meanOfMean += (line.mean - line.meanOfMean) * share;
      if (line.seen++ % line.stride === 0) {
        line.xs.push(xs[i]!);
        line.ys.push(y);
        line.means.push(noisy ? 2 * line.mean - line.meanOfMean : y);
      }
      while (xs[i]! > this.#x) this.#x *= 2;
      while (Number.isFinite(y) && y > this.#yTop) this.#yTop *= 1.5;
    }
    if (line.xs.length > MOST_POINTS) {
      line.stride *= 2;
      for (const key of ['xs', 'ys', 'means'] as const) line[key] = line[key].filter((_, i) => i % 2 === 0);
    }
    if (xs.length > 0) this.#dirty = true;
  }

  /** Forgets the run; what is pinned stays. */
  clear() {
    this.#lines = this.series.map(emptyLine);
    this.#x = this.#pinned ? Math.max(this.xMax, this.#x) : this.xMax;
    if (!this.#pinned) this.#yTop = this.yMax;
    this.reading = '';
    this.#dirty = true;
    this.draw();
  }

  /** Keeps the run so far as a grey line under the next one; with nothing to keep, drops the one there is. */
  pin(label: string) {
    const drawn = this.#lines.some((l) => l.xs.length > 1);
    this.#pinned = drawn ? { lines: this.#lines.map((l) => ({ ...l })), label } : undefined;
    this.#rebuild();
  }

  get pinned(): string | undefined {
    return this.#pinned?.label;
  }

  draw() {
    if (!this.#dirty || !this.#plot) return;
    this.#dirty = false;
    this.#plot.setData(this.#data(), false);
    this.#plot.setScale('x', { min: 0, max: this.#x });
    this.#plot.setScale('y', { min: this.yMin, max: this.#yTop });
  }

  #drawnLines(): { line: Line; series: Series; faint: boolean; pinned: boolean }[] {
    const drawn: { line: Line; series: Series; faint: boolean; pinned: boolean }[] = [];
    this.series.forEach((series, i) => {
      const kept = this.#pinned?.lines[i];
      if (kept) drawn.push({ line: kept, series, faint: false, pinned: true });
      const line = (this.#lines[i] ??= emptyLine());
      if (series.noisy) drawn.push({ line, series, faint: true, pinned: false });
      drawn.push({ line, series, faint: false, pinned: false });
    });
    return drawn;
  }

  /** uPlot wants one common x for all lines: their union, with gaps where a line has no value. */
  #data(): uPlot.AlignedData {
    const lines = this.#drawnLines();
    const tables = lines.map(
      ({ line, faint }) => [line.xs, faint ? line.ys : line.means] as uPlot.AlignedData,
    );
    return uPlot.join(
      tables,
      lines.map(() => [2]),
    );
  }

  #format = (value: number) =>
    this.percent ? `${(100 * value).toFixed(1)} %` : value >= 100 ? value.toFixed(0) : value.toPrecision(3);

  #options(width: number, height: number): uPlot.Options {
    const colour = (name: string, alpha = 1) => cssColour(resolveColour(this, name), alpha);
    const font = `12px ${getComputedStyle(this).fontFamily}`;
    const axis: uPlot.Axis = {
      stroke: colour('--muted'),
      font,
      labelFont: font,
      labelSize: 18,
      grid: { stroke: colour('--rule'), width: 1 },
      ticks: { show: false },
    };
    return {
      width,
      height,
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 7 },
        bind: { dblclick: () => null },
      },
      hooks: {
        setCursor: [(u) => this.#read(u.cursor.idx)],
        draw: [(u) => this.#annotate(u, font)],
      },
      scales: {
        x: { time: false, range: () => [0, this.#x] },
        y: { range: () => [this.yMin, this.#yTop] },
      },
      axes: [
        { ...axis, size: 26, gap: 4, space: 70, grid: { show: false } },
        {
          ...axis,
          size: 44,
          gap: 6,
          space: 44,
          values: (_, ticks) => ticks.map((v) => (this.percent ? `${Math.round(100 * v)} %` : String(v))),
        },
      ],
      series: [
        {},
        ...this.#drawnLines().map(({ series, faint, pinned }): uPlot.Series => {
          const base: uPlot.Series = {
            label: series.name,
            stroke: colour(pinned ? '--muted' : series.colour, faint ? 0.28 : 1),
            width: faint ? 1 : pinned ? 1.5 : 2,
            spanGaps: true,
            points: { show: series.dots === true && !pinned, size: 6, fill: colour(series.colour) },
          };
          return pinned ? { ...base, dash: [5, 4] } : base;
        }),
      ],
    };
  }

  #annotate(u: uPlot, font: string) {
    const { ctx, bbox } = u;
    const scale = devicePixelRatio;
    ctx.save();
    ctx.font = font.replace('12px', `${12 * scale}px`);
    ctx.textBaseline = 'bottom';
    for (const { value, label } of this.marks) {
      const y = u.valToPos(value, 'y', true);
      if (y < bbox.top || y > bbox.top + bbox.height) continue;
      ctx.strokeStyle = ctx.fillStyle = cssColour(resolveColour(this, '--muted'));
      ctx.setLineDash([2 * scale, 3 * scale]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.textAlign = 'right';
      ctx.fillText(label, bbox.left + bbox.width - 4 * scale, y - 2 * scale);
    }
    if (this.series.length > 1) this.#nameLines(u);
    ctx.restore();
  }

  /** Names stand at the lines' ends, in their colours and clear of each other; no legend. */
  #nameLines(u: uPlot) {
    const { ctx, bbox } = u;
    const scale = devicePixelRatio;
    const height = 15 * scale;
    const names = this.series.flatMap((series, i) => {
      const line = this.#lines[i];
      const last = line ? line.xs.length - 1 : -1;
      if (last < 1) return [];
      const x = Math.min(u.valToPos(line!.xs[last]!, 'x', true), bbox.left + bbox.width - 60 * scale);
      return [{ series, x, y: u.valToPos(line!.means[last]!, 'y', true) - 4 * scale }];
    });
    names.sort((a, b) => a.y - b.y);
    let lowest = bbox.top;
    for (const { series, x, y } of names) {
      lowest = Math.max(y, lowest + height);
      ctx.fillStyle = cssColour(resolveColour(this, series.colour));
      ctx.textAlign = 'left';
      ctx.fillText(series.name, x + 8 * scale, lowest);
    }
  }

  #read(index: number | null | undefined) {
    const data = this.#plot?.data;
    if (index === null || index === undefined || !data || data[0][index] === undefined) {
      this.reading = '';
      return;
    }
    const drawn = this.#drawnLines();
    const parts = drawn.flatMap(({ series, faint, pinned }, i) => {
      const value = data[i + 1]?.[index];
      if (faint || value === null || value === undefined) return [];
      return [`${pinned ? 'pinned ' : ''}${series.name} ${this.#format(value)}`];
    });
    this.reading = `${this.xLabel} ${data[0][index]} · ${parts.join(' · ')}`;
  }

  #key(event: KeyboardEvent) {
    const u = this.#plot;
    const move = { ArrowLeft: -1, ArrowRight: 1, PageUp: 10, PageDown: -10, Home: -1e9, End: 1e9 }[event.key];
    if (!u || move === undefined || u.data[0].length === 0) return;
    event.preventDefault();
    const last = u.data[0].length - 1;
    const next = Math.min(last, Math.max(0, (u.cursor.idx ?? last) + move));
    u.setCursor({ left: u.valToPos(u.data[0][next]!, 'x'), top: 10 });
  }

  #rebuild() {
    const holder = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (!holder || holder.clientWidth === 0) return;
    this.#plot?.destroy();
    this.#plot = new uPlot(this.#options(holder.clientWidth, holder.clientHeight), this.#data(), holder);
  }

  #toggleTable() {
    if (this.rows.length > 0) {
      this.rows = [];
      return;
    }
    const main = this.#lines[0] ?? emptyLine();
    const every = Math.max(1, Math.ceil(main.xs.length / TABLE_ROWS));
    this.rows = main.xs.flatMap((x, i) => {
      if (i % every !== 0 && i !== main.xs.length - 1) return [];
      const others = this.#lines.slice(1).map((l) => {
        const at = l.xs.findLastIndex((v) => v <= x);
        return at < 0 ? '' : this.#format(l.means[at]!);
      });
      return [[String(x), this.#format(main.means[i]!), ...others]];
    });
  }

  override firstUpdated() {
    const holder = this.renderRoot.querySelector<HTMLElement>('.plot')!;
    this.#x = this.xMax;
    this.#yTop = this.yMax;
    this.#lines = this.series.map(emptyLine);
    this.#size = new ResizeObserver(() => {
      if (!this.#plot) this.#rebuild();
      else this.#plot.setSize({ width: holder.clientWidth, height: holder.clientHeight });
    });
    this.#size.observe(holder);
    this.#stopTheme = onThemeChange(() => this.#rebuild());
  }

  override updated(changed: Map<string, unknown>) {
    if (this.#plot && (changed.has('marks') || changed.has('series'))) this.#rebuild();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#size?.disconnect();
    this.#stopTheme?.();
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  #table() {
    const names = [this.xLabel, ...this.series.map((series) => series.name)];
    return html`<table>
      <thead>
        <tr>
          ${names.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${this.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
      </tbody>
    </table>`;
  }

  override render() {
    return html`
      <div class="head">
        <span>${this.yLabel}</span>
        <span class="reading">${this.reading || `by ${this.xLabel}`}</span>
        <button type="button" aria-expanded=${this.rows.length > 0} @click=${this.#toggleTable}>table</button>
      </div>
      <div
        class="plot"
        role="img"
        tabindex="0"
        aria-label=${`${this.label}. Arrow keys read its values.`}
        @keydown=${this.#key}
      ></div>
      <span class="unseen" aria-live="polite">${this.reading}</span>
      ${this.rows.length > 0 ? this.#table() : ''}
    `;
  }
}

customElements.define('fx-chart', FxChart);
