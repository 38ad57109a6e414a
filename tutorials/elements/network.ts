import { css, html, LitElement, svg } from 'lit';
import { base } from './style.ts';

export interface NetworkLayer {
  /** Names of the units of this layer, from the top. */
  names: string[];
  /** Weights from the layer before, [unit][input]; none for the inputs. */
  weights?: number[][];
  biases?: number[];
}

interface Edge {
  layer: number;
  from: number;
  to: number;
  weight: number;
}

const WIDTH = 320;
const HEIGHT = 220;
const EDGE_SPACE = 34;

/** A small network as units and lines: a line's width is the size of its weight, its colour the sign. */
export class FxNetwork extends LitElement {
  static override properties = {
    layers: { attribute: false },
    chosen: { state: true },
  };

  declare layers: NetworkLayer[];
  declare chosen: number;

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

      svg {
        display: block;
        width: 100%;
        height: auto;
        overflow: visible;
      }

      .positive {
        stroke: var(--positive);
      }

      .negative {
        stroke: var(--negative);
        stroke-dasharray: 9 4;
      }

      .chosen {
        stroke: var(--accent);
        stroke-dasharray: none;
        opacity: 0.45;
      }

      .hit {
        stroke: transparent;
        stroke-width: 12;
        cursor: pointer;
      }

      circle {
        fill: var(--paper);
        stroke: var(--edge);
        stroke-width: 1.5;
      }

      text {
        fill: var(--ink);
        font-size: 13px;
        text-anchor: middle;
        dominant-baseline: central;
      }
    `,
  ];

  constructor() {
    super();
    this.layers = [];
    this.chosen = -1;
  }

  get #edges(): Edge[] {
    return this.layers.flatMap((layer, l) =>
      (layer.weights ?? []).flatMap((row, to) => row.map((weight, from) => ({ layer: l, from, to, weight }))),
    );
  }

  #place(layer: number, unit: number): [number, number] {
    const count = this.layers[layer]!.names.length;
    const gap = Math.min(EDGE_SPACE * 1.4, (HEIGHT - 28) / Math.max(1, count - 1));
    const x = 22 + (layer * (WIDTH - 44)) / Math.max(1, this.layers.length - 1);
    return [x, HEIGHT / 2 + (unit - (count - 1) / 2) * gap];
  }

  #name(edge: Edge): string {
    return `${this.layers[edge.layer - 1]!.names[edge.from]} → ${this.layers[edge.layer]!.names[edge.to]}`;
  }

  #reading(edges: Edge[]): string {
    const edge = edges[this.chosen];
    return edge ? `weight ${this.#name(edge)}: ${edge.weight.toFixed(3)}` : '';
  }

  #key(event: KeyboardEvent, count: number) {
    const move = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (move === undefined || count === 0) return;
    event.preventDefault();
    this.chosen = (Math.max(this.chosen, move > 0 ? -1 : 0) + move + count) % count;
  }

  override render() {
    const edges = this.#edges;
    const lines = edges.map((edge, i) => {
      const [x1, y1] = this.#place(edge.layer - 1, edge.from);
      const [x2, y2] = this.#place(edge.layer, edge.to);
      const width = Math.min(7, 0.6 + 1.1 * Math.abs(edge.weight));
      const halo =
        i === this.chosen
          ? svg`<line class="chosen" x1=${x1} y1=${y1} x2=${x2} y2=${y2} stroke-width=${width + 8} />`
          : '';
      return svg`${halo}<line class=${edge.weight < 0 ? 'negative' : 'positive'} x1=${x1} y1=${y1} x2=${x2} y2=${y2}
          stroke-width=${width} />
        <line class="hit" x1=${x1} y1=${y1} x2=${x2} y2=${y2}
          @pointerenter=${() => {
            this.chosen = i;
          }} />`;
    });
    const units = this.layers.flatMap((layer, l) =>
      layer.names.map((name, u) => {
        const [x, y] = this.#place(l, u);
        const small = layer.names.length > 6;
        return svg`<circle cx=${x} cy=${y} r=${small ? 9 : 14} />${small ? '' : svg`<text x=${x} y=${y}>${name}</text>`}`;
      }),
    );
    return html`
      <div class="head"><span>Weights</span><span>${this.#reading(edges) || 'orange +, blue dashed −'}</span></div>
      <svg
        viewBox="0 0 ${WIDTH} ${HEIGHT}"
        role="img"
        tabindex="0"
        aria-label=${`The network, ${edges.length} weights. Arrow keys read them one by one.`}
        @keydown=${(e: KeyboardEvent) => this.#key(e, edges.length)}
        @pointerleave=${() => {
          this.chosen = -1;
        }}
      >
        ${lines}${units}
      </svg>
      <span class="unseen" aria-live="polite">${this.#reading(edges)}</span>
    `;
  }
}

customElements.define('fx-network', FxNetwork);
