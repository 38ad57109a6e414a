import { css, html, LitElement } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { Check, Copy } from 'lucide-static';
import { base, controls } from './style.ts';

/** Puts a copy button on a listing. The listing itself is in the page, coloured at build. */
export class FxCode extends LitElement {
  static override properties = { copied: { state: true } };

  declare copied: boolean;

  static override styles = [
    base,
    controls,
    css`
      :host {
        position: relative;
      }

      button {
        position: absolute;
        top: 4px;
        right: 4px;
        z-index: 1;
        background: var(--wash);
      }
    `,
  ];

  constructor() {
    super();
    this.copied = false;
  }

  async #copy() {
    await navigator.clipboard.writeText(this.textContent?.trim() ?? '');
    this.copied = true;
    setTimeout(() => {
      this.copied = false;
    }, 2000);
  }

  override render() {
    return html`<button type="button" aria-label="Copy the program" @click=${this.#copy}>
        ${unsafeHTML(this.copied ? Check : Copy)} ${this.copied ? 'Copied' : 'Copy'}
      </button>
      <slot></slot>`;
  }
}

customElements.define('fx-code', FxCode);
