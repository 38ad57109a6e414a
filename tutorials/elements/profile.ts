import { css, html, LitElement, nothing } from 'lit';
import { limitOf, type Paces, type ProfiledCalls } from './profile-limit.ts';
import { base } from './style.ts';

const decimal = (n: number) => n.toFixed(n < 1 ? 3 : n < 10 ? 2 : 1);

const GRADIENT = /Backward$|^accumulateGrad$/;
const opName = ({ op, kernel }: ProfiledCalls) =>
  kernel.endsWith('Step') ? 'optimizer' : op.replace(GRADIENT, '') || 'loop';

/** Where the time of a training step goes: one bar for each kind of call, the longest first, then all others, then what
    was spent between the calls. */
export class FxProfile extends LitElement {
  static override properties = {
    steps: { type: Number },
    time: { type: Number },
    rows: { attribute: false },
    paces: { attribute: false },
    limit: { type: Number },
  };

  /** How many steps were profiled; all numbers are shown for one. */
  declare steps: number;
  /** The whole time in ms. */
  declare time: number;
  declare rows: ProfiledCalls[];
  /** Without them nothing is said of what holds a row back. */
  declare paces: Paces | undefined;
  /** How many rows are shown one by one. */
  declare limit: number;

  static override styles = [
    base,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
      }

      th,
      td {
        padding: 3px 0 3px 20px;
        border-block-start: 1px solid var(--rule);
        font-weight: 400;
        text-align: end;
        white-space: nowrap;
      }

      thead :is(th, td) {
        border: 0;
        color: var(--muted);
      }

      th:first-child,
      td.plot {
        padding-inline-start: 0;
        text-align: start;
      }

      td.plot {
        width: 100%;
        min-width: 120px;
        padding-inline-start: 20px;
      }

      small {
        color: var(--muted);
        font-size: inherit;
      }

      i {
        display: block;
        height: 10px;
        border-radius: 1px;
        background: linear-gradient(var(--fill), var(--fill)) 0 0 / calc(100% * var(--share)) 100% no-repeat var(--wash);
        --fill: var(--data);
      }

      .gradient i {
        --fill: var(--gradient);
      }

      .other i {
        --fill: var(--edge);
      }

      td:last-child,
      .other th,
      .other td {
        color: var(--muted);
      }

      @media (max-width: 640px) {
        .wide {
          display: none;
        }

        th,
        td {
          padding-inline-start: 10px;
        }

        td.plot {
          width: 24%;
          min-width: 0;
          padding-inline-start: 10px;
        }

        tbody th:first-child {
          white-space: normal;
        }

        small {
          display: block;
          overflow-wrap: anywhere;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.steps = 1;
    this.time = 0;
    this.rows = [];
    this.paces = undefined;
    this.limit = 9;
  }

  #line(name: unknown, kind: string, calls: ProfiledCalls | undefined, ms: number, longest: number) {
    const each = this.steps;
    const share = (100 * ms) / Math.max(this.time, 1e-9);
    const gflops = calls && calls.flop > 0 ? calls.flop / ms / 1e6 : undefined;
    const limit = calls && this.paces ? limitOf(calls, this.paces) : undefined;
    return html`<tr class=${kind}>
      <th scope="row">${name}</th>
      <td class="plot"><i style="--share:${(ms / longest).toFixed(4)}"></i></td>
      <td>${decimal(ms / each)}</td>
      <td class="wide">${share.toFixed(1)} %</td>
      <td class="wide">${calls ? Math.round(calls.calls / each) : nothing}</td>
      <td class="wide">${calls ? decimal(calls.flop / each / 1e6) : nothing}</td>
      <td class="wide">${calls ? decimal(calls.bytes / each / 1e6) : nothing}</td>
      <td class="wide">${gflops === undefined ? nothing : gflops < 0.05 ? '0.0' : gflops.toFixed(1)}</td>
      ${this.paces ? html`<td>${limit ?? nothing}</td>` : nothing}
    </tr>`;
  }

  override render() {
    if (this.rows.length === 0) return nothing;
    const top = this.rows.slice(0, this.limit);
    const rest = this.rows.slice(this.limit);
    const sum = (list: ProfiledCalls[]) => list.reduce((n, r) => n + r.selfTime, 0);
    const between = Math.max(0, this.time - sum(this.rows));
    const longest = Math.max(1e-9, sum(rest), between, ...top.map((r) => r.selfTime));
    return html`<table>
      <thead>
        <tr>
          <th scope="col">What was computed</th>
          <td></td>
          <th scope="col">ms</th>
          <th scope="col" class="wide">Share</th>
          <th scope="col" class="wide">Calls</th>
          <th scope="col" class="wide">MFLOP</th>
          <th scope="col" class="wide">MB</th>
          <th scope="col" class="wide">GFLOP/s</th>
          ${this.paces ? html`<th scope="col">Held back by</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${top.map((r) => {
          const backward = GRADIENT.test(r.op);
          const name = html`${opName(r)}${backward ? ', gradient' : ''} <small>${r.kernel}</small>`;
          return this.#line(name, backward ? 'gradient' : '', r, r.selfTime, longest);
        })}
        ${rest.length ? this.#line(`${rest.length} more kinds`, 'other', undefined, sum(rest), longest) : nothing}
        ${this.#line('between the calls', 'other', undefined, between, longest)}
      </tbody>
    </table>`;
  }
}

customElements.define('fx-profile', FxProfile);
