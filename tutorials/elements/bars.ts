import { css, html, LitElement } from 'lit';
import { base } from './style.ts';

/** Shares of a whole as named bars: what a classifier believes, or which letter it would write next. */
export class FxBars extends LitElement {
  static override properties = {
    heading: {},
    names: { attribute: false },
    values: { attribute: false },
    note: {},
  };

  declare heading: string;
  declare names: string[];
  declare values: number[];
  declare note: string;

  static override styles = [
    base,
    css`
      .head {
        display: flex;
        justify-content: space-between;
        gap: 1em;
        color: var(--muted);
      }

      .head span:first-child {
        color: var(--ink);
        font-weight: 600;
      }

      ol {
        display: grid;
        gap: 3px;
        margin: 4px 0 0;
        padding: 0;
        list-style: none;
      }

      li {
        display: grid;
        grid-template-columns: 1.2em minmax(0, 1fr) 3em;
        align-items: center;
        gap: 8px;
        line-height: 20px;
      }

      li > span:first-child {
        font-family: var(--mono);
        text-align: end;
      }

      li > span:last-child {
        color: var(--muted);
        text-align: end;
      }

      i {
        display: block;
        height: 12px;
        border-radius: 1px;
        background: linear-gradient(var(--data), var(--data)) 0 0 / calc(100% * var(--share)) 100% no-repeat var(--wash);
      }

      .most {
        font-weight: 650;
      }

      .most > span:last-child {
        color: var(--ink);
      }
    `,
  ];

  constructor() {
    super();
    this.heading = '';
    this.names = [];
    this.values = [];
    this.note = '';
  }

  override render() {
    const most = this.values.indexOf(Math.max(...this.values));
    return html`
      <div class="head"><span>${this.heading}</span><span>${this.note}</span></div>
      <ol>
        ${this.values.map(
          (v, i) =>
            html`<li class=${i === most && v > 0 ? 'most' : ''}>
              <span>${this.names[i]}</span><i style="--share:${v.toFixed(3)}"></i
              ><span>${(100 * v).toFixed(v > 0.0995 || v === 0 ? 0 : 1)} %</span>
            </li>`,
        )}
      </ol>
    `;
  }
}

customElements.define('fx-bars', FxBars);
