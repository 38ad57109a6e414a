import { css, html, LitElement } from 'lit';
import { base, controls } from '../../elements/style.ts';

const ALPHABET = 'abcdefgh';
const LENGTH = 8;

/** Eight letters of the reader's own, and what the model makes of them. Says `fx-letters` when they change. */
export class SorterLetters extends LitElement {
  static override properties = { letters: { attribute: false }, written: { attribute: false } };

  declare letters: number[];
  declare written: number[];

  static override styles = [
    base,
    controls,
    css`
      :host {
        --box: 32px;
        --gap: 4px;
      }

      .row {
        display: grid;
        grid-template-columns: 5.4em repeat(8, var(--box));
        gap: var(--gap);
        align-items: center;
        margin-bottom: var(--gap);
      }

      .row > span:first-child {
        color: var(--ink);
        font-weight: 600;
      }

      i {
        display: grid;
        height: var(--box);
        place-items: center;
        border-radius: 3px;
        background: var(--wash);
        font: 500 var(--size-ui) / 1 var(--mono);
      }

      i.right {
        color: var(--right);
        box-shadow: inset 0 -2px 0 var(--right);
      }

      i.wrong {
        color: var(--loss);
        text-decoration: line-through;
      }

      /* a letter of this face is 0.6em wide, so each typed one stands over its box */
      .row input {
        --letter: calc(0.6 * var(--size-ui));
        width: 100%;
        grid-column: 2 / -1;
        height: var(--box);
        padding: 0 0 0 calc((var(--box) - var(--letter)) / 2);
        background: var(--wash);
        font: 500 var(--size-ui) / 1 var(--mono);
        letter-spacing: calc(var(--box) + var(--gap) - var(--letter));
      }

      @media (max-width: 400px) {
        :host {
          --box: 28px;
        }
      }

      .buttons {
        margin-inline-start: -10px;
      }
    `,
  ];

  constructor() {
    super();
    this.letters = [7, 2, 0, 5, 2, 6, 1, 3];
    this.written = [];
  }

  #change(letters: number[]) {
    this.letters = letters;
    this.written = [];
    this.dispatchEvent(new CustomEvent('fx-letters'));
  }

  #type(event: Event) {
    const input = event.target as HTMLInputElement;
    const letters = [...input.value.toLowerCase()].map((c) => ALPHABET.indexOf(c)).filter((i) => i >= 0);
    input.value = letters
      .map((i) => ALPHABET[i])
      .join('')
      .slice(0, LENGTH);
    if (letters.length >= LENGTH) this.#change(letters.slice(0, LENGTH));
  }

  override render() {
    const wanted = [...this.letters].sort((a, b) => a - b);
    const right = this.written.filter((l, i) => l === wanted[i]).length;
    const verdict =
      this.written.length === 0 ? '' : right === LENGTH ? 'All eight right.' : `${right} of 8 right.`;
    return html`
      <label class="row">
        <span>Your letters</span>
        <input
          maxlength="8"
          spellcheck="false"
          autocapitalize="off"
          autocomplete="off"
          aria-label="Eight letters from a to h"
          .value=${this.letters.map((i) => ALPHABET[i]).join('')}
          @input=${this.#type}
        />
      </label>
      <div class="row" role="img" aria-label="It writes ${this.written.map((i) => ALPHABET[i]).join(' ')}. ${verdict}">
        <span>It writes</span>
        ${Array.from({ length: LENGTH }, (_, i) => {
          const letter = this.written[i];
          const mark = letter === undefined ? '' : letter === wanted[i] ? 'right' : 'wrong';
          return html`<i class=${mark}>${letter === undefined ? '' : ALPHABET[letter]}</i>`;
        })}
      </div>
      <div class="buttons">
        <button
          type="button"
          @click=${() => this.#change(Array.from({ length: LENGTH }, () => Math.floor(Math.random() * LENGTH)))}
        >
          Other letters
        </button>
        <span>${verdict}</span>
      </div>
    `;
  }
}

customElements.define('sorter-letters', SorterLetters);
