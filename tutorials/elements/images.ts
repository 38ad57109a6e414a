import { css, html, LitElement } from 'lit';
import { dataRamp, onThemeChange, signedRamp } from './colour.ts';
import { base } from './style.ts';

/** A row of small pictures made of numbers: filters and weights (signed), feature maps and digits (data). */
export class FxImages extends LitElement {
  static override properties = {
    heading: {},
    label: {},
    names: { attribute: false },
    signed: { type: Boolean },
    chosen: { state: true },
  };

  declare heading: string;
  declare label: string;
  /** A word under each picture; none where there are none. */
  declare names: string[];
  declare signed: boolean;
  declare chosen: number;

  #values: Float32Array = new Float32Array(0);
  #count = 0;
  #rows = 0;
  #columns = 0;
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

      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(var(--cell, 48px), 1fr));
        gap: 6px;
        margin-top: 4px;
      }

      figure {
        margin: 0;
        color: var(--muted);
        text-align: center;
      }

      canvas {
        display: block;
        width: 100%;
        outline: 1px solid var(--rule);
        image-rendering: pixelated;
      }
    `,
  ];

  constructor() {
    super();
    this.heading = '';
    this.label = '';
    this.names = [];
    this.signed = false;
    this.chosen = -1;
  }

  /** Draws `count` pictures of rows × columns. Signed ones share one scale, symmetric about zero. */
  draw(values: Float32Array, count: number, rows: number, columns: number) {
    const rebuild = count !== this.#count;
    [this.#values, this.#count, this.#rows, this.#columns] = [values, count, rows, columns];
    if (rebuild) {
      this.requestUpdate();
      void this.updateComplete.then(() => this.#paint());
    } else this.#paint();
  }

  #paint() {
    const { signed } = this;
    this.#ramp ??= signed ? signedRamp(this) : dataRamp(this);
    const largest = this.#values.reduce((m, v) => Math.max(m, Math.abs(v)), 1e-6);
    const size = this.#rows * this.#columns;
    this.renderRoot.querySelectorAll('canvas').forEach((canvas, k) => {
      const image = new ImageData(this.#columns, this.#rows);
      const pixels = new Uint32Array(image.data.buffer);
      for (let i = 0; i < size; i++) {
        const v = this.#values[k * size + i]! / largest;
        pixels[i] = this.#ramp![Math.round(255 * (signed ? 0.5 + v / 2 : Math.max(0, v)))]!;
      }
      canvas.width = this.#columns;
      canvas.height = this.#rows;
      canvas.getContext('2d')!.putImageData(image, 0, 0);
    });
  }

  override firstUpdated() {
    this.#stopTheme = onThemeChange(() => {
      this.#ramp = undefined;
      this.#paint();
    });
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.#stopTheme?.();
  }

  override render() {
    const cells = Array.from({ length: this.#count }, (_, i) => {
      const name = this.names[i];
      return html`<figure>
        <canvas aria-hidden="true"></canvas>
        ${name ? html`<figcaption>${name}</figcaption>` : ''}
      </figure>`;
    });
    return html`
      <div class="head"><span>${this.heading}</span><slot></slot></div>
      <div class="grid" role="img" aria-label=${this.label}>${cells}</div>
    `;
  }
}

customElements.define('fx-images', FxImages);
