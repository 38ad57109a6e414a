import { css, html, LitElement } from 'lit';
import { base } from './style.ts';

export interface Piece {
  text: string;
  /** Whether the piece is a word that counts, and if so, whether it is known. */
  known?: boolean;
}

/** A text a model wrote, with the words that exist underlined. */
export class FxSample extends LitElement {
  static override properties = { heading: {}, note: {}, pieces: { attribute: false } };

  declare heading: string;
  declare note: string;
  declare pieces: Piece[];

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

      p {
        height: var(--sample-height, 12.6em);
        margin: 4px 0 0;
        overflow-x: hidden;
        overflow-y: auto;
        font-family: var(--mono);
        line-height: 1.75;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }

      .known {
        color: var(--right);
        text-decoration: underline 1.5px;
        text-underline-offset: 3px;
      }
    `,
  ];

  constructor() {
    super();
    this.heading = '';
    this.note = '';
    this.pieces = [];
  }

  override render() {
    return html`
      <div class="head"><span>${this.heading}</span><span>${this.note}</span></div>
      <p tabindex="0" role="region" aria-label=${this.heading}>${this.pieces.map((p) =>
        p.known ? html`<span class="known">${p.text}</span>` : p.text,
      )}</p>
    `;
  }
}

customElements.define('fx-sample', FxSample);
