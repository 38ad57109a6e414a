import { css, html, LitElement } from 'lit';
import { onThemeChange, resolveColour, cssColour } from './colour.ts';
import { base, controls } from './style.ts';

const SIDE = 280;
const CELL = 10;
const PEN = 22;
const INNER = 20;
const OUTER = 28;

/** A square to draw a digit on, by mouse, by touch or with arrow keys. Says `fx-drawn` with {pixels}: 28 × 28 values
    from 0 to 1, framed as the MNIST digits are (fitted into 20 × 20, centred by mass), or null when it was wiped. */
export class FxDigitPad extends LitElement {
  static override properties = { pen: { state: true }, at: { state: true }, keyed: { state: true } };

  declare pen: boolean;
  declare at: [number, number];
  declare keyed: boolean;

  #strokes = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })!;
  #small = new OffscreenCanvas(OUTER, OUTER).getContext('2d', { willReadFrequently: true })!;
  #last: [number, number] | undefined;
  #waiting = false;
  #empty = true;
  #stopTheme: (() => void) | undefined;

  static override styles = [
    base,
    controls,
    css`
      .head {
        font-weight: 600;
      }

      .wipe {
        position: absolute;
        top: 0;
        right: 0;
        z-index: 1;
      }

      .frame {
        position: relative;
        margin-top: 4px;
      }

      .pad {
        position: relative;
        aspect-ratio: 1;
        outline-offset: 3px;
        background: var(--wash);
        border-radius: 4px;
        cursor: crosshair;
        touch-action: none;
      }

      canvas {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
      }

      .hint {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        padding: 16px;
        color: var(--muted);
        text-align: center;
        text-wrap: balance;
        pointer-events: none;
      }

      .cursor {
        position: absolute;
        width: 8%;
        height: 8%;
        border: 2px solid var(--accent);
        border-radius: 50%;
        transform: translate(-50%, -50%);
        pointer-events: none;
      }

      .cursor.down {
        background: var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    this.pen = false;
    this.at = [SIDE / 2, SIDE / 4];
    this.keyed = false;
  }

  clear() {
    this.#strokes.clearRect(0, 0, SIDE, SIDE);
    this.#empty = true;
    this.#last = undefined;
    this.#show();
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent('fx-drawn', { detail: { pixels: null } }));
  }

  #line(from: [number, number], to: [number, number]) {
    const c = this.#strokes;
    c.lineWidth = PEN;
    c.lineCap = c.lineJoin = 'round';
    c.strokeStyle = '#fff';
    c.beginPath();
    c.moveTo(...from);
    // A line of no length is not drawn; a tap should leave its dot.
    c.lineTo(to[0] + 0.01, to[1]);
    c.stroke();
    if (this.#empty) this.requestUpdate();
    this.#empty = false;
    if (this.#waiting) return;
    this.#waiting = true;
    requestAnimationFrame(() => {
      this.#waiting = false;
      this.#show();
      this.#tell();
    });
  }

  #tell() {
    const pixels = this.#framed();
    if (pixels) this.dispatchEvent(new CustomEvent('fx-drawn', { detail: { pixels } }));
  }

  #framed(): Float32Array | undefined {
    const { data } = this.#strokes.getImageData(0, 0, SIDE, SIDE);
    let [left, top, right, bottom] = [SIDE, SIDE, -1, -1];
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) {
        if (data[4 * (y * SIDE + x) + 3]! < 32) continue;
        [left, right] = [Math.min(left, x), Math.max(right, x)];
        [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
      }
    }
    if (right < 0) return undefined;
    const [w, h] = [right - left + 1, bottom - top + 1];
    const scale = INNER / Math.max(w, h);
    const draw = (x: number, y: number) => {
      this.#small.clearRect(0, 0, OUTER, OUTER);
      this.#small.imageSmoothingQuality = 'high';
      this.#small.drawImage(this.#strokes.canvas, left, top, w, h, x, y, w * scale, h * scale);
      return this.#small.getImageData(0, 0, OUTER, OUTER).data;
    };
    const centre: [number, number] = [(OUTER - w * scale) / 2, (OUTER - h * scale) / 2];
    const first = draw(...centre);
    let [mass, mx, my] = [0, 0, 0];
    for (let i = 0; i < OUTER * OUTER; i++) {
      const v = first[4 * i + 3]!;
      mass += v;
      mx += v * (i % OUTER);
      my += v * Math.floor(i / OUTER);
    }
    // Within a pixel: a shift by fractions would blur what the eye sees as sharp.
    const shift = (m: number) => Math.round((OUTER - 1) / 2 - m / mass);
    const final = draw(centre[0] + shift(mx), centre[1] + shift(my));
    return Float32Array.from({ length: OUTER * OUTER }, (_, i) => final[4 * i + 3]! / 255);
  }

  #show() {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    const c = canvas.getContext('2d')!;
    c.clearRect(0, 0, SIDE, SIDE);
    c.globalCompositeOperation = 'source-over';
    c.drawImage(this.#strokes.canvas, 0, 0);
    c.globalCompositeOperation = 'source-in';
    c.fillStyle = cssColour(resolveColour(this, '--ink'));
    c.fillRect(0, 0, SIDE, SIDE);
  }

  #place(event: PointerEvent): [number, number] {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  }

  #down(event: PointerEvent) {
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.keyed = false;
    this.#last = this.#place(event);
    this.#line(this.#last, this.#last);
  }

  #move(event: PointerEvent) {
    if (!this.#last || event.buttons === 0) return;
    for (const e of event.getCoalescedEvents?.() ?? [event]) {
      const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
      const next: [number, number] = [
        ((e.clientX - box.left) / box.width) * SIDE,
        ((e.clientY - box.top) / box.height) * SIDE,
      ];
      this.#line(this.#last, next);
      this.#last = next;
    }
  }

  #up() {
    this.#last = undefined;
  }

  #key(event: KeyboardEvent) {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!move && ![' ', 'Enter', 'Delete', 'Backspace'].includes(event.key)) return;
    event.preventDefault();
    this.keyed = true;
    if (event.key === 'Delete' || event.key === 'Backspace') this.clear();
    else if (!move) {
      this.pen = !this.pen;
      if (this.pen) this.#line(this.at, this.at);
    } else {
      const clamp = (v: number) => Math.min(SIDE - CELL, Math.max(CELL, v));
      const next: [number, number] = [
        clamp(this.at[0] + CELL * move[0]!),
        clamp(this.at[1] + CELL * move[1]!),
      ];
      if (this.pen) this.#line(this.at, next);
      this.at = next;
    }
  }

  override firstUpdated() {
    this.#stopTheme = onThemeChange(() => this.#show());
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#stopTheme?.();
  }

  override render() {
    const place = `left:${(100 * this.at[0]) / SIDE}%;top:${(100 * this.at[1]) / SIDE}%`;
    return html`
      <div class="head">Your digit</div>
      <div class="frame">
      <div
        class="pad"
        role="application"
        tabindex="0"
        aria-label="Drawing square. Arrow keys move the pen, Space puts it down or lifts it, Delete wipes."
        @pointerdown=${this.#down}
        @pointermove=${this.#move}
        @pointerup=${this.#up}
        @pointercancel=${this.#up}
        @keydown=${this.#key}
      >
        <canvas width=${SIDE} height=${SIDE}></canvas>
        ${
          this.#empty
            ? html`<span class="hint">Draw a digit here, large.<br />Keys: arrows move, Space lowers the pen.</span>`
            : ''
        }
        ${this.keyed ? html`<span class="cursor ${this.pen ? 'down' : ''}" style=${place}></span>` : ''}
      </div>
      ${this.#empty ? '' : html`<button type="button" class="wipe" @click=${() => this.clear()}>Wipe</button>`}
      </div>
    `;
  }
}

customElements.define('fx-digit-pad', FxDigitPad);
