import { css, html, LitElement } from 'lit';
import { dataRamp, onThemeChange } from './colour.ts';
import { base } from './style.ts';

/** Where each position looks, for one head at a time; the other heads wait as small pictures. */
export class FxAttention extends LitElement {
  static override properties = {
    tokens: { attribute: false },
    head: { type: Number },
    names: { attribute: false },
    first: { type: Number },
    cell: { state: true },
  };

  declare tokens: string[];
  declare head: number;
  /** A name for each head, such as `layer 1, head 2`. */
  declare names: string[];
  /** The first row worth showing: rows before it predict nothing. */
  declare first: number;
  declare cell: [number, number] | undefined;

  #maps: Float32Array = new Float32Array(0);
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
        min-height: 1.45em;
        color: var(--muted);
      }

      .head span:first-child {
        color: var(--ink);
        font-weight: 600;
      }

      .frame {
        display: grid;
        grid-template: 1.6em auto / 1.8em minmax(0, 1fr);
        margin-top: 4px;
      }

      .columns,
      .rows {
        display: grid;
        font-family: var(--mono);
        place-items: center;
      }

      .columns {
        grid-area: 1 / 2;
        grid-auto-flow: column;
        grid-auto-columns: minmax(0, 1fr);
      }

      .rows {
        grid-area: 2 / 1;
        grid-auto-rows: minmax(0, 1fr);
      }

      .on {
        border-radius: 3px;
        background: var(--accent-wash);
        font-weight: 700;
      }

      .map {
        position: relative;
        grid-area: 2 / 2;
        aspect-ratio: var(--ratio);
        cursor: crosshair;
      }

      canvas {
        display: block;
        width: 100%;
        height: 100%;
        outline: 1px solid var(--rule);
        image-rendering: pixelated;
      }

      .box {
        position: absolute;
        outline: 2px solid var(--accent);
        pointer-events: none;
      }

      .heads {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(58px, 1fr));
        gap: 8px;
        margin-top: 12px;
      }

      .heads button {
        padding: 2px;
        border: 0;
        border-radius: 2px;
        background: none;
        cursor: pointer;
      }

      .heads button[aria-pressed='true'] {
        outline: 2px solid var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    this.tokens = [];
    this.head = 0;
    this.names = [];
    this.first = 0;
    this.cell = undefined;
  }

  /** Takes all heads' maps at once: [head][row][column], rows of weights that sum to one. */
  draw(maps: Float32Array) {
    this.#maps = maps;
    this.requestUpdate();
  }

  #paint(canvas: HTMLCanvasElement, head: number) {
    const n = this.tokens.length;
    const rows = n - this.first;
    if (n === 0 || this.#maps.length < (head + 1) * n * n) return;
    this.#ramp ??= dataRamp(this);
    const image = new ImageData(n, rows);
    const pixels = new Uint32Array(image.data.buffer);
    const from = head * n * n + this.first * n;
    for (let i = 0; i < pixels.length; i++)
      pixels[i] = this.#ramp[Math.round(255 * this.#maps[from + i]! ** 0.7)]!;
    canvas.width = n;
    canvas.height = rows;
    canvas.getContext('2d')!.putImageData(image, 0, 0);
  }

  #point(event: PointerEvent) {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const n = this.tokens.length;
    const column = Math.floor(((event.clientX - box.left) / box.width) * n);
    const row = this.first + Math.floor(((event.clientY - box.top) / box.height) * (n - this.first));
    this.cell = [Math.min(n - 1, Math.max(this.first, row)), Math.min(n - 1, Math.max(0, column))];
  }

  #key(event: KeyboardEvent) {
    const move = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!move) return;
    event.preventDefault();
    const n = this.tokens.length;
    const [row, column] = this.cell ?? [this.first, 0];
    this.cell = [
      Math.min(n - 1, Math.max(this.first, row + move[0]!)),
      Math.min(n - 1, Math.max(0, column + move[1]!)),
    ];
  }

  #reading(): string {
    if (!this.cell) return '';
    const n = this.tokens.length;
    const [row, column] = this.cell;
    const share = this.#maps[this.head * n * n + row * n + column] ?? 0;
    return `after “${this.tokens[row]}” (${row + 1}), ${Math.round(100 * share)} % on “${this.tokens[column]}” (${column + 1})`;
  }

  override firstUpdated() {
    this.#stopTheme = onThemeChange(() => {
      this.#ramp = undefined;
      this.requestUpdate();
    });
  }

  override updated() {
    const [main, ...small] = this.renderRoot.querySelectorAll('canvas');
    if (main) this.#paint(main, this.head);
    small.forEach((canvas, i) => this.#paint(canvas, i));
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#stopTheme?.();
  }

  override render() {
    const n = this.tokens.length;
    const shown = n - this.first;
    const [row, column] = this.cell ?? [-1, -1];
    const box = this.cell
      ? html`<span
          class="box"
          style="left:${(100 * column) / n}%;top:${(100 * (row - this.first)) / shown}%;width:${100 / n}%;height:${100 / shown}%"
        ></span>`
      : '';
    return html`
      <div class="head"><span>Attention, ${this.names[this.head] ?? ''}</span><span>${this.#reading()}</span></div>
      <div class="frame" style="--ratio:${n} / ${shown}">
        <div class="columns" aria-hidden="true">
          ${this.tokens.map((t, i) => html`<span class=${i === column ? 'on' : ''}>${t}</span>`)}
        </div>
        <div class="rows" aria-hidden="true">
          ${this.tokens.slice(this.first).map((t, i) => html`<span class=${i + this.first === row ? 'on' : ''}>${t}</span>`)}
        </div>
        <div
          class="map"
          role="img"
          tabindex="0"
          aria-label="Attention weights. Arrow keys read them one by one."
          @pointermove=${this.#point}
          @pointerdown=${this.#point}
          @pointerleave=${() => {
            this.cell = undefined;
          }}
          @keydown=${this.#key}
        >
          <canvas></canvas>
          ${box}
        </div>
      </div>
      <div class="heads" role="group" aria-label="Heads">
        ${this.names.map(
          (name, i) =>
            html`<button
              type="button"
              aria-label=${name}
              title=${name}
              aria-pressed=${i === this.head}
              @click=${() => {
                this.head = i;
              }}
            >
              <canvas></canvas>
            </button>`,
        )}
      </div>
      <span class="unseen" aria-live="polite">${this.#reading()}</span>
    `;
  }
}

customElements.define('fx-attention', FxAttention);
