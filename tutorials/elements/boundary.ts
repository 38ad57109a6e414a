import { contours } from 'd3-contour';
import { css, html, LitElement, svg } from 'lit';
import { onThemeChange, signedRamp } from './colour.ts';
import { base } from './style.ts';

export interface PlanePoint {
  x: number;
  y: number;
  /** The class it should get: 0 or 1. */
  target: number;
  /** What the network says, 0 to 1. */
  output: number;
}

/** Whether the answer is on the target's side of one half. */
export const isRight = ({ output, target }: PlanePoint) => (output >= 0.5 ? 1 : 0) === target;

const minus = (value: number) => String(value).replace('-', '−');

/** What a network answers over a square of its two inputs: blue for 0, orange for 1, a line where it is undecided. */
export class FxBoundary extends LitElement {
  static override properties = {
    label: {},
    heading: {},
    xLabel: { attribute: 'x-label' },
    yLabel: { attribute: 'y-label' },
    low: { type: Number },
    high: { type: Number },
    ticks: { attribute: false },
    points: { attribute: false },
    bare: { type: Boolean, reflect: true },
    probe: { state: true },
  };

  declare label: string;
  declare heading: string;
  declare xLabel: string;
  declare yLabel: string;
  declare low: number;
  declare high: number;
  declare ticks: number[];
  declare points: PlanePoint[];
  /** Only the square and its points: no axes, no reading. For small pictures in rows. */
  declare bare: boolean;
  declare probe: [number, number] | undefined;

  #field: Float32Array = new Float32Array(0);
  #side = 0;
  #line = '';
  #ramp: Uint32Array | undefined;
  #stopTheme: (() => void) | undefined;

  static override styles = [
    base,
    css`
      .head {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 1em;
        color: var(--muted);
      }

      .head span:first-child {
        color: var(--ink);
        font-weight: 600;
      }

      .frame {
        display: grid;
        grid-template: auto auto / 1.9em minmax(0, 1fr);
      }

      .plane {
        position: relative;
        aspect-ratio: 1;
        cursor: crosshair;
        touch-action: pan-y;
      }

      canvas,
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }

      canvas {
        border-radius: 2px;
        background: var(--wash);
      }

      path {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1.5;
        vector-effect: non-scaling-stroke;
      }

      .cross {
        stroke: var(--ink);
        stroke-width: 1;
        stroke-dasharray: 2 3;
        vector-effect: non-scaling-stroke;
      }

      .point {
        position: absolute;
        display: grid;
        place-items: center;
        width: 26px;
        height: 26px;
        margin: -13px 0 0 -13px;
        border: 2px solid var(--paper);
        background: var(--class-0);
        color: var(--paper);
        font-weight: 700;
        border-radius: 50%;
        pointer-events: none;
      }

      .point.one {
        border-radius: 4px;
        background: var(--class-1);
      }

      .answer {
        position: absolute;
        margin-top: 16px;
        padding: 0 5px;
        border-radius: 3px;
        background: color-mix(in oklab, var(--paper) 88%, transparent);
        transform: translateX(-50%);
        white-space: nowrap;
        pointer-events: none;
      }

      .answer.above {
        margin-top: calc(-16px - 1.45em);
      }

      .right {
        color: var(--right);
        font-weight: 700;
      }

      .wrong {
        color: var(--loss);
        font-weight: 700;
      }

      .x-axis,
      .y-axis {
        position: relative;
        color: var(--muted);
      }

      .x-axis {
        grid-column: 2;
        height: 1.6em;
      }

      .x-axis span,
      .y-axis span {
        position: absolute;
      }

      .x-axis span {
        top: 2px;
        transform: translateX(-50%);
      }

      .y-axis span {
        right: 6px;
        transform: translateY(-50%);
      }

      :host([bare]) .frame {
        grid-template: auto / minmax(0, 1fr);
      }

      :host([bare]) .point {
        width: 10px;
        height: 10px;
        margin: -5px 0 0 -5px;
        border-width: 1.5px;
      }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.heading = 'Output';
    this.xLabel = 'x₁';
    this.yLabel = 'x₂';
    this.low = -0.25;
    this.high = 1.25;
    this.ticks = [0, 1];
    this.points = [];
    this.bare = false;
    this.probe = undefined;
  }

  /** Draws outputs 0 to 1 on a square grid of side² cells with a margin of one cell around it, which is not shown but
      lets the line run to the edge. The first row is the top of the picture, that is, the largest y. */
  draw(field: Float32Array, side: number) {
    this.#field = field;
    this.#side = side;
    this.#paint();
    if (!this.bare) {
      const [half] = contours()
        .size([side + 2, side + 2])
        .thresholds([0.5])(field as unknown as number[]);
      this.#line = half!.coordinates
        .flat()
        .map((ring) => this.#pathOf(ring as [number, number][]))
        .join('');
    }
    this.requestUpdate();
  }

  #pathOf(ring: [number, number][]): string {
    const place = (v: number) => ((100 * (v - 1)) / this.#side).toFixed(2);
    return `M${ring.map(([x, y]) => `${place(x)} ${place(y)}`).join('L')}`;
  }

  #paint() {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas || this.#side === 0) return;
    this.#ramp ??= signedRamp(this);
    const whole = this.#side + 2;
    const image = new ImageData(whole, whole);
    const pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < pixels.length; i++) {
      // Four fifths of the scale's strength: the points on the plane must stay clearest.
      const shade = 0.5 + (Math.min(1, Math.max(0, this.#field[i]!)) - 0.5) * 0.8;
      pixels[i] = this.#ramp[Math.round(shade * 255)]!;
    }
    canvas.width = canvas.height = this.#side;
    canvas.getContext('2d')!.putImageData(image, -1, -1);
  }

  #percent = (value: number) => (100 * (value - this.low)) / (this.high - this.low);

  #valueAt(x: number, y: number): number {
    const n = this.#side + 2;
    const at = (v: number) => Math.min(n - 1, Math.max(0, 0.5 + (v * this.#side) / 100));
    const u = at(this.#percent(x));
    const v = at(100 - this.#percent(y));
    const [i, j] = [Math.min(n - 2, Math.floor(u)), Math.min(n - 2, Math.floor(v))];
    const f = (row: number, column: number) => this.#field[row * n + column]!;
    const mix = (a: number, b: number, t: number) => a + (b - a) * t;
    return mix(mix(f(j, i), f(j, i + 1), u - i), mix(f(j + 1, i), f(j + 1, i + 1), u - i), v - j);
  }

  #point(event: PointerEvent) {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const span = this.high - this.low;
    const x = this.low + ((event.clientX - box.left) / box.width) * span;
    const y = this.high - ((event.clientY - box.top) / box.height) * span;
    this.probe = [x, y];
  }

  #key(event: KeyboardEvent) {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (event.key === 'Escape') this.probe = undefined;
    if (!move) return;
    event.preventDefault();
    const [x, y] = this.probe ?? [0.5, 0.5];
    const clamp = (v: number) => Math.min(this.high, Math.max(this.low, v));
    this.probe = [clamp(x + 0.05 * move[0]!), clamp(y + 0.05 * move[1]!)];
  }

  #reading(): string {
    if (!this.probe || this.#side === 0) return '';
    const [x, y] = this.probe;
    return `${this.xLabel} ${x.toFixed(2)}, ${this.yLabel} ${y.toFixed(2)} → ${this.#valueAt(x, y).toFixed(2)}`;
  }

  override firstUpdated() {
    this.#stopTheme = onThemeChange(() => {
      this.#ramp = undefined;
      this.#paint();
    });
    this.#paint();
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#stopTheme?.();
  }

  #points() {
    return this.points.map((p) => {
      const place = `left:${this.#percent(p.x)}%;top:${100 - this.#percent(p.y)}%`;
      const right = isRight(p);
      const shape = html`<span class="point ${p.target ? 'one' : ''}" style=${place}>${this.bare ? '' : p.target}</span>`;
      if (this.bare) return shape;
      const low = this.#percent(p.y) < 16;
      return html`${shape}
        <span class="answer ${low ? 'above' : ''}" style=${place}
          >${p.output.toFixed(2)} <span class=${right ? 'right' : 'wrong'}>${right ? '✓' : '✗'}</span></span
        >`;
    });
  }

  #cross() {
    if (!this.probe) return '';
    const [x, y] = [this.#percent(this.probe[0]), 100 - this.#percent(this.probe[1])];
    return svg`<line class="cross" x1=${x} y1="0" x2=${x} y2="100" /><line class="cross" x1="0" y1=${y} x2="100" y2=${y} />`;
  }

  override render() {
    const picture = html`<canvas></canvas>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path d=${this.#line || 'M0 0'} />
        ${this.#cross()}
      </svg>
      ${this.#points()}`;
    if (this.bare)
      return html`<div class="frame"><div class="plane" role="img" aria-label=${this.label}>${picture}</div></div>`;
    return html`
      <div class="head"><span>${this.heading}</span><span>${this.#reading()}</span></div>
      <div class="frame">
        <div class="y-axis" aria-hidden="true">
          <span style="top:50%">${this.yLabel}</span>
          ${this.ticks.map((v) => html`<span style="top:${100 - this.#percent(v)}%">${minus(v)}</span>`)}
        </div>
        <div
          class="plane"
          role="img"
          tabindex="0"
          aria-label=${`${this.label}. Arrow keys read its values.`}
          @pointermove=${this.#point}
          @pointerdown=${this.#point}
          @pointerleave=${() => {
            this.probe = undefined;
          }}
          @keydown=${this.#key}
        >
          ${picture}
        </div>
        <div class="x-axis" aria-hidden="true">
          <span style="left:50%">${this.xLabel}</span>
          ${this.ticks.map((v) => html`<span style="left:${this.#percent(v)}%">${minus(v)}</span>`)}
        </div>
      </div>
      <span class="unseen" aria-live="polite">${this.#reading()}</span>
    `;
  }
}

customElements.define('fx-boundary', FxBoundary);
