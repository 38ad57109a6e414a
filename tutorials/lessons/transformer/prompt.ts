import { css, html, LitElement } from 'lit';
import '../../elements/bars.ts';
import { base, controls } from '../../elements/style.ts';

const shown = (character: string) => ({ ' ': '␣', '\n': '⏎' })[character] ?? character;

/** The reader's own beginning of a text, and what the model would write next. Says `fx-prompt` and `fx-more`. */
export class WriterPrompt extends LitElement {
  static override properties = { text: {}, likely: { attribute: false } };

  declare text: string;
  declare likely: { character: string; share: number }[];

  static override styles = [
    base,
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) minmax(0, 200px);
        gap: 8px 32px;
      }

      label {
        display: block;
        color: var(--ink);
        font-weight: 600;
      }

      textarea {
        display: block;
        width: 100%;
        height: 104px;
        margin: 4px 0 0;
        padding: 10px 12px;
        border: 0;
        border-radius: 4px;
        background: var(--wash);
        color: var(--ink);
        font: 400 var(--size-small) / 1.7 var(--mono);
        resize: vertical;
      }

      .buttons {
        margin-inline-start: -10px;
      }

      @media (max-width: 520px) {
        :host {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ];

  constructor() {
    super();
    this.text = 'The whale ';
    this.likely = [];
  }

  #type(event: Event) {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.dispatchEvent(new CustomEvent('fx-prompt'));
  }

  override render() {
    return html`
      <div>
        <label>
          Your beginning
          <textarea spellcheck="false" .value=${this.text} @input=${this.#type}></textarea>
        </label>
        <div class="buttons">
          <button type="button" @click=${() => this.dispatchEvent(new CustomEvent('fx-more'))}>Write on</button>
          <button
            type="button"
            @click=${() => {
              this.text = 'The whale ';
              this.dispatchEvent(new CustomEvent('fx-prompt'));
            }}
          >
            Begin again
          </button>
        </div>
      </div>
      <fx-bars
        heading="Next character"
        .names=${this.likely.map((l) => shown(l.character))}
        .values=${this.likely.map((l) => l.share)}
      ></fx-bars>
    `;
  }
}

customElements.define('writer-prompt', WriterPrompt);
