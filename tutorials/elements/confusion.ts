import { css, html, LitElement } from 'lit';
import { base } from './style.ts';

/** How often each class was taken for each other one. Pressing a cell says `fx-cell` with {actual, said}. */
export class FxConfusion extends LitElement {
  static override properties = {
    counts: { attribute: false },
    names: { attribute: false },
    chosen: { attribute: false },
  };

  /** counts[actual][said] */
  declare counts: number[][];
  declare names: string[];
  declare chosen: [number, number] | undefined;

  static override styles = [
    base,
    css`
      .head {
        color: var(--ink);
        font-weight: 600;
      }

      table {
        width: 100%;
        border-collapse: separate;
        border-spacing: 2px;
        table-layout: fixed;
      }

      caption {
        padding-bottom: 2px;
        color: var(--muted);
        text-align: start;
      }

      th {
        width: 1.8em;
        padding: 0;
        color: var(--muted);
        font-weight: 500;
      }

      td {
        padding: 0;
      }

      .corner {
        width: 1.8em;
      }

      button {
        width: 100%;
        height: 30px;
        padding: 0;
        border: 0;
        border-radius: 2px;
        background: color-mix(in oklab, var(--loss) calc(100% * var(--heat)), var(--wash));
        color: var(--ink);
        cursor: pointer;
        font: inherit;
        font-size: 12px;
        font-variant-numeric: tabular-nums;
      }

      button.right {
        background: color-mix(in oklab, var(--right) 16%, var(--paper));
        color: var(--ink);
        cursor: default;
      }

      button[aria-pressed='true'] {
        outline: 2px solid var(--accent);
      }
    `,
  ];

  constructor() {
    super();
    this.counts = [];
    this.names = [];
    this.chosen = undefined;
  }

  #choose(actual: number, said: number) {
    this.dispatchEvent(new CustomEvent('fx-cell', { detail: { actual, said } }));
  }

  #cell(count: number, actual: number, said: number, worst: number) {
    const [na, ns] = [this.names[actual], this.names[said]];
    if (actual === said) {
      return html`<td><button class="right" disabled aria-label="${count} of ${na} read rightly">${count}</button></td>`;
    }
    const heat = count / worst;
    const chosen = this.chosen?.[0] === actual && this.chosen[1] === said;
    return html`<td>
      <button
        style="--heat:${(0.45 * heat).toFixed(2)}"
        aria-pressed=${chosen}
        aria-label="${count} of ${na} taken for ${ns}"
        @click=${() => this.#choose(actual, said)}
      >
        ${count || ''}
      </button>
    </td>`;
  }

  override render() {
    const wrong = this.counts.flatMap((row, a) => row.filter((_, s) => s !== a));
    const worst = Math.max(6, ...wrong);
    return html`
      <div class="head">Taken for one another</div>
      <table>
        <caption>
          Rows: what was drawn. Columns: what the network said.
        </caption>
        <thead>
          <tr>
            <td class="corner"></td>
            ${this.names.map((n) => html`<th scope="col">${n}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${this.counts.map(
            (row, a) =>
              html`<tr>
                <th scope="row">${this.names[a]}</th>
                ${row.map((count, s) => this.#cell(count, a, s, worst))}
              </tr>`,
          )}
        </tbody>
      </table>
    `;
  }
}

customElements.define('fx-confusion', FxConfusion);
