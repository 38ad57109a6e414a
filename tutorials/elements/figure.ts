import { css, html, LitElement, nothing } from 'lit';
import type { Control, Values } from './controls.ts';
import { base } from './style.ts';
import './toolbar.ts';
import type { FxToolbar } from './toolbar.ts';

export type FigureState = 'waiting' | 'loading' | 'running' | 'paused' | 'finished' | 'failed';

const WORDS: Record<FigureState, string> = {
  waiting: 'Ready',
  loading: 'Loading',
  running: 'Running',
  paused: 'Paused',
  finished: 'Finished',
  failed: 'Stopped',
};

// A screen reader should hear how a run goes, not every step of it.
const SPEAK_EVERY_MS = 5000;

/** The frame of a figure: its state for readers, tests and screen readers; keys; and whether it is in view.
    The picture itself is slotted in. Says `fx-command`, `fx-change`, `fx-visible` and, once, `ready`. */
export class FxFigure extends LitElement {
  static override properties = {
    label: {},
    state: {},
    step: { type: Number },
    loss: { type: Number },
    score: {},
    summary: {},
    progress: { type: Number },
    slow: { type: Boolean },
    controls: { attribute: false },
    values: { attribute: false },
    units: { attribute: false },
    unit: {},
    only: { attribute: false },
    spoken: { state: true },
  };

  declare label: string;
  declare state: FigureState;
  declare step: number;
  declare loss: number | undefined;
  /** What has been reached, in the figure's own measure: `4/4`, `0.962`. */
  declare score: string;
  declare summary: string;
  /** Share of what is being loaded that has come, 0 to 1. */
  declare progress: number;
  declare slow: boolean;
  declare controls: Control[];
  declare values: Values;
  declare units: string[];
  declare unit: string;
  declare only: string[];
  declare spoken: string;

  #observer: IntersectionObserver | undefined;
  #spokenAt = 0;
  #spokenState: FigureState | undefined;

  static override styles = [
    base,
    css`
      :host {
        scroll-margin-top: 16px;
      }

      .picture {
        min-width: 0;
      }

      fx-toolbar {
        margin-top: 12px;
      }

      .status {
        min-height: 1.5em;
        color: var(--muted);
      }

      .status b {
        margin-inline-end: 0.5em;
        color: var(--ink);
        font-weight: 600;
      }

      .failed b {
        color: var(--loss);
      }

      progress {
        appearance: none;
        width: 96px;
        height: 3px;
        margin-inline-start: 0.5em;
        vertical-align: middle;
        border: 0;
        background: var(--rule);
      }

      progress::-webkit-progress-bar {
        background: var(--rule);
      }

      progress::-webkit-progress-value {
        background: var(--ink);
      }

      progress::-moz-progress-bar {
        background: var(--ink);
      }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.state = 'waiting';
    this.step = 0;
    this.loss = undefined;
    this.score = '';
    this.summary = '';
    this.progress = Number.NaN;
    this.slow = false;
    this.controls = [];
    this.values = {};
    this.units = ['step'];
    this.unit = 'step';
    this.only = [];
    this.spoken = '';
  }

  override connectedCallback() {
    super.connectedCallback();
    this.setAttribute('role', 'group');
    this.tabIndex = 0;
    this.addEventListener('keydown', this.#key);
    this.#observer = new IntersectionObserver(
      (entries) => {
        const visible = entries.at(-1)!.isIntersecting;
        this.dispatchEvent(new CustomEvent('fx-visible', { detail: { visible } }));
      },
      { threshold: 0.15 },
    );
    this.#observer.observe(this);
  }

  override disconnectedCallback() {
    super.disconnectedCallback();
    this.removeEventListener('keydown', this.#key);
    this.#observer?.disconnect();
  }

  get toolbar(): FxToolbar {
    return this.renderRoot.querySelector('fx-toolbar')!;
  }

  #key = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0] as HTMLElement;
    const typing = target.matches('input:not([type=range]), select, textarea, [contenteditable]');
    const pressing = event.key === ' ' && target.matches('button, summary, a, input, [role=button]');
    if (typing || pressing) return;
    const running = this.state === 'running';
    const command = { ' ': running ? 'pause' : 'play', '.': 'step', r: 'reset', R: 'reset', '?': 'help' }[
      event.key
    ];
    if (!command) return;
    event.preventDefault();
    this.#command(command);
  };

  #command(command: string) {
    if (command === 'help') this.toolbar.help();
    else this.dispatchEvent(new CustomEvent('fx-command', { detail: { command } }));
  }

  #relay(event: CustomEvent<{ command: string }>) {
    event.stopPropagation();
    this.#command(event.detail.command);
  }

  override willUpdate() {
    this.setAttribute('aria-label', this.label);
    this.dataset.state = this.state;
    this.dataset.step = String(this.step);
    if (this.loss === undefined) delete this.dataset.loss;
    else this.dataset.loss = this.loss.toPrecision(6);
    if (this.score === '') delete this.dataset.score;
    else this.dataset.score = this.score;
    const now = performance.now();
    if (this.state !== this.#spokenState || now - this.#spokenAt > SPEAK_EVERY_MS) {
      this.#spokenState = this.state;
      this.#spokenAt = now;
      this.spoken = `${WORDS[this.state]}. ${this.summary}`;
    }
  }

  override render() {
    return html`
      <div class="picture"><slot></slot></div>
      <fx-toolbar
        .running=${this.state === 'running' || (this.state === 'loading' && this.step === 0)}
        .disabled=${this.state === 'loading' || this.state === 'failed'}
        .slow=${this.slow}
        .controls=${this.controls}
        .values=${this.values}
        .units=${this.units}
        .unit=${this.unit}
        .only=${this.only}
        @fx-command=${this.#relay}
      ></fx-toolbar>
      <div class="status ${this.state}" aria-hidden="true">
        <b>${WORDS[this.state]}</b>
        <span>${this.summary}</span>
        ${Number.isFinite(this.progress) ? html`<progress max="1" value=${this.progress}></progress>` : nothing}
      </div>
      <div class="unseen" aria-live="polite">${this.spoken}</div>
    `;
  }
}

customElements.define('fx-figure', FxFigure);
