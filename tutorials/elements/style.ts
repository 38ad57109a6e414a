import { css } from 'lit';

/** What every element shares: the box, small type, tabular numbers, and one look for all controls. */
export const base = css`
  :host {
    display: block;
    color: var(--ink, #222);
    font: 400 var(--size-small, 13px) / 1.45 var(--sans, sans-serif);
    font-variant-numeric: tabular-nums;
  }

  :host([hidden]) {
    display: none;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :focus-visible {
    outline: 2px solid var(--accent, #b87a10);
    outline-offset: 2px;
    border-radius: 3px;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

export const controls = css`
  button,
  select,
  input {
    margin: 0;
    border: 0;
    border-radius: 4px;
    background: transparent;
    color: inherit;
    font: inherit;
    font-size: var(--size-small, 13px);
  }

  button {
    position: relative;
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    min-width: 40px;
    height: 40px;
    padding: 0 10px;
    cursor: pointer;
    font-weight: 500;
    transition: background var(--quick, 180ms);
  }

  button:hover,
  input[type='number']:hover {
    background: var(--wash, #f3f1ec);
  }

  button[aria-pressed='true'] {
    background: var(--accent-wash, #f6ead2);
  }

  button:disabled {
    color: var(--muted, #666);
    cursor: default;
    opacity: 0.55;
  }

  svg {
    width: 18px;
    height: 18px;
    flex: none;
    stroke-width: 1.75;
  }

  label {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    color: var(--muted, #666);
    white-space: nowrap;
  }

  select,
  input[type='number'] {
    height: 40px;
    color: var(--ink, #222);
    font-weight: 500;
    font-variant-numeric: tabular-nums;
  }

  select {
    appearance: none;
    padding: 0 24px 0 8px;
    background: linear-gradient(45deg, transparent 50%, var(--muted, #666) 50%) calc(100% - 13px) 18px / 5px 5px no-repeat,
      linear-gradient(-45deg, transparent 50%, var(--muted, #666) 50%) calc(100% - 8px) 18px / 5px 5px no-repeat;
    cursor: pointer;
  }

  select:hover {
    background-color: var(--wash, #f3f1ec);
  }

  option {
    background: var(--paper, #fff);
    color: var(--ink, #222);
  }

  input[type='number'] {
    width: 5.5ch;
    padding: 0 4px;
    appearance: textfield;
    text-align: end;
  }

  input[type='number']::-webkit-inner-spin-button,
  input[type='number']::-webkit-outer-spin-button {
    appearance: none;
    margin: 0;
  }

  input[type='range'] {
    appearance: none;
    width: 112px;
    height: 40px;
    cursor: pointer;
  }

  input[type='range']::-webkit-slider-runnable-track {
    height: 2px;
    border-radius: 1px;
    background: var(--edge, #888);
  }

  input[type='range']::-moz-range-track {
    height: 2px;
    border-radius: 1px;
    background: var(--edge, #888);
  }

  input[type='range']::-webkit-slider-thumb {
    appearance: none;
    width: 16px;
    height: 16px;
    margin-top: -7px;
    border: 2px solid var(--paper, #fff);
    border-radius: 50%;
    background: var(--ink, #222);
  }

  input[type='range']::-moz-range-thumb {
    width: 12px;
    height: 12px;
    border: 2px solid var(--paper, #fff);
    border-radius: 50%;
    background: var(--ink, #222);
  }

  /* the name of an icon, shown when it is pointed at or focused */
  [data-tip]:hover::after,
  [data-tip]:focus-visible::after {
    content: attr(data-tip);
    position: absolute;
    inset: auto auto calc(100% + 2px) 50%;
    z-index: 3;
    padding: 2px 8px;
    border-radius: 3px;
    background: var(--ink, #222);
    color: var(--paper, #fff);
    font-weight: 400;
    line-height: 1.5;
    white-space: nowrap;
    transform: translateX(-50%);
    pointer-events: none;
  }
`;
