import { css, html, LitElement, nothing } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import {
  CircleQuestionMark,
  CodeXml,
  Dices,
  Link,
  Pause,
  Pin,
  Play,
  RotateCcw,
  Snail,
  StepForward,
} from 'lucide-static';
import { type Control, MAX_SEED, parseValue, type Value, type Values } from './controls.ts';
import { base, controls } from './style.ts';

const icon = (svg: string) => unsafeHTML(svg.replace('<svg', '<svg aria-hidden="true"'));

/** The row under a figure: play, step, slow, reset, seed, the figure's own settings, then pin, link, code, help.
    It only says what was pressed: `fx-command` with {command}, `fx-change` with {name, value}. */
export class FxToolbar extends LitElement {
  static override properties = {
    running: { type: Boolean },
    slow: { type: Boolean },
    disabled: { type: Boolean },
    controls: { attribute: false },
    values: { attribute: false },
    units: { attribute: false },
    unit: {},
    only: { attribute: false },
    notice: { state: true },
  };

  declare running: boolean;
  declare slow: boolean;
  declare disabled: boolean;
  declare controls: Control[];
  declare values: Values;
  /** The sizes of a step, smallest first. */
  declare units: string[];
  declare unit: string;
  /** The commands on offer; all of them where it is empty. */
  declare only: string[];
  declare notice: string;

  static override styles = [
    base,
    controls,
    css`
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 2px;
        margin-inline: -10px;
      }

      .play {
        min-width: 84px;
        justify-content: flex-start;
      }

      .play svg {
        fill: currentColor;
        stroke: none;
        width: 16px;
        height: 16px;
      }

      .group {
        display: inline-flex;
        align-items: center;
        margin-inline-start: 10px;
      }

      .end {
        display: inline-flex;
        margin-inline-start: auto;
      }

      .notice {
        padding-inline: 10px;
        color: var(--muted);
      }

      dialog {
        max-width: 26rem;
        padding: 24px;
        border: 1px solid var(--rule);
        border-radius: 6px;
        background: var(--paper);
        color: var(--ink);
      }

      dialog::backdrop {
        background: oklch(0.2 0.02 258 / 0.45);
      }

      dialog h2 {
        margin: 0 0 12px;
        font-size: var(--size-ui);
        font-weight: 600;
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 6px 16px;
        margin: 0 0 16px;
      }

      dt {
        font-family: var(--mono);
      }

      dd {
        margin: 0;
        color: var(--muted);
      }

      dialog button {
        margin-inline-start: -10px;
      }
    `,
  ];

  constructor() {
    super();
    this.running = false;
    this.slow = false;
    this.disabled = false;
    this.controls = [];
    this.values = {};
    this.units = ['step'];
    this.unit = 'step';
    this.only = [];
    this.notice = '';
  }

  #say(command: string) {
    this.dispatchEvent(new CustomEvent('fx-command', { detail: { command }, bubbles: true, composed: true }));
  }

  #change(name: string, value: Value) {
    this.dispatchEvent(
      new CustomEvent('fx-change', { detail: { name, value }, bubbles: true, composed: true }),
    );
  }

  #read(control: Control, input: HTMLInputElement | HTMLSelectElement) {
    const value = parseValue(control, input.value);
    if (value === undefined) input.value = String(this.values[control.name]);
    else this.#change(control.name, value);
  }

  /** Shows a short word beside the buttons, such as "Link copied". */
  flash(text: string) {
    this.notice = text;
    setTimeout(() => {
      this.notice = '';
    }, 2500);
  }

  help() {
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  #offers(command: string) {
    return this.only.length === 0 || this.only.includes(command);
  }

  #button(command: string, label: string, svg: string, pressed?: boolean) {
    if (!this.#offers(command)) return nothing;
    return html`<button
      type="button"
      part=${command}
      data-command=${command}
      data-tip=${label}
      aria-label=${label}
      aria-pressed=${pressed === undefined ? nothing : String(pressed)}
      ?disabled=${this.disabled && command !== 'reset'}
      @click=${() => this.#say(command)}
    >
      ${icon(svg)}
    </button>`;
  }

  #control(control: Control) {
    const value = this.values[control.name] ?? control.initial;
    const read = (event: Event) => this.#read(control, event.target as HTMLInputElement);
    if (control.kind === 'seed') {
      return html`<span class="group">
        <label>
          ${control.label}
          <input type="number" name=${control.name} min="0" max=${MAX_SEED} .value=${String(value)} @change=${read} />
        </label>
        <button
          type="button"
          data-command="dice"
          data-tip="Another seed"
          aria-label="Another seed"
          @click=${() => this.#change(control.name, Math.floor(Math.random() * 1000))}
        >
          ${icon(Dices)}
        </button>
      </span>`;
    }
    if (control.kind === 'range') {
      return html`<span class="group">
        <label>
          ${control.label}
          <input
            type="range"
            name=${control.name}
            min=${control.min}
            max=${control.max}
            step=${control.step}
            .value=${String(value)}
            @input=${read}
          />
          <output>${Number(value).toFixed(1)}</output>
        </label>
      </span>`;
    }
    return html`<span class="group">
      <label>
        ${control.label}
        <select name=${control.name} @change=${read}>
          ${control.options.map(
            (o) => html`<option value=${String(o.value)} ?selected=${o.value === value}>${o.label}</option>`,
          )}
        </select>
      </label>
    </span>`;
  }

  override render() {
    return html`
      <div class="row" role="group" aria-label="Controls of the figure">
        <button
          type="button"
          class="play"
          part="play"
          data-command=${this.running ? 'pause' : 'play'}
          ?disabled=${this.disabled}
          @click=${() => this.#say(this.running ? 'pause' : 'play')}
        >
          ${icon(this.running ? Pause : Play)}${this.running ? 'Pause' : 'Play'}
        </button>
        ${this.#button('step', `One ${this.unit}`, StepForward)}
        ${
          this.units.length > 1
            ? html`<label class="group"
                ><span class="unseen">Size of a step</span>
                <select name="unit" @change=${(e: Event) => this.#change('unit', (e.target as HTMLSelectElement).value)}>
                  ${this.units.map((u) => html`<option value=${u} ?selected=${u === this.unit}>${u}</option>`)}
                </select></label
              >`
            : nothing
        }
        ${this.#button('slow', 'Slow motion', Snail, this.slow)} ${this.#button('reset', 'Start again', RotateCcw)}
        ${this.controls.map((c) => this.#control(c))}
        <span class="end">
          <span class="notice" role="status">${this.notice}</span>
          ${this.#button('pin', 'Pin this run to compare', Pin)} ${this.#button('link', 'Copy a link to this set-up', Link)}
          ${this.#button('code', 'The program behind this', CodeXml)} ${this.#button('help', 'Keys', CircleQuestionMark)}
        </span>
      </div>
      <dialog aria-label="Keys">
        <h2>Keys, while the figure has the focus</h2>
        <dl>
          <dt>Space</dt>
          <dd>play or pause</dd>
          <dt>.</dt>
          <dd>one ${this.unit}</dd>
          <dt>R</dt>
          <dd>start again</dd>
          <dt>?</dt>
          <dd>this list</dd>
          <dt>arrows</dt>
          <dd>move inside a picture that has the focus</dd>
        </dl>
        <form method="dialog"><button>Close</button></form>
      </dialog>
    `;
  }
}

customElements.define('fx-toolbar', FxToolbar);
