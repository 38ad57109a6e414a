import { css, html, LitElement } from 'lit';
import { base } from './style.ts';

/** A small falling line with the newest value at its end: for places too small for a chart. */
export class FxSpark extends LitElement {
  static override properties = {
    label: {},
    name: {},
    top: { type: Number },
    values: { attribute: false },
    over: { type: Number },
  };

  declare label: string;
  declare name: string;
  /** The value at the top edge. */
  declare top: number;
  declare values: number[];
  /** How many values fill the width; the scale keeps still until there are more. */
  declare over: number;

  static override styles = [
    base,
    css`
      div {
        display: flex;
        justify-content: space-between;
        color: var(--muted);
      }

      b {
        color: var(--ink);
        font-weight: 600;
      }

      svg {
        display: block;
        width: 100%;
        height: var(--spark-height, 56px);
        border-bottom: 1px solid var(--rule);
        overflow: visible;
      }

      polyline {
        fill: none;
        stroke: var(--loss);
        stroke-width: 2;
        stroke-linejoin: round;
        vector-effect: non-scaling-stroke;
      }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.name = 'Loss';
    this.top = 1;
    this.values = [];
    this.over = 200;
  }

  override render() {
    const span = Math.max(this.over, this.values.length);
    const path = this.values
      .map(
        (v, i) =>
          `${((100 * i) / span).toFixed(2)},${(100 - (100 * Math.min(v, this.top)) / this.top).toFixed(2)}`,
      )
      .join(' ');
    const last = this.values.at(-1);
    return html`
      <div><b>${this.name}</b><span>${last === undefined ? '' : last.toFixed(3)}</span></div>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label=${this.label}>
        <polyline points=${path}></polyline>
      </svg>
    `;
  }
}

customElements.define('fx-spark', FxSpark);
