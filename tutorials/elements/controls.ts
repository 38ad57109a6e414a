/** The settings of a figure: one property table from which toolbar, address and worker options are made. */
export type Value = string | number;
export type Values = Record<string, Value>;

interface Common {
  name: string;
  label: string;
  initial: Value;
  /** A setting that takes effect while training goes on, and so does not start it anew. */
  live?: boolean;
}

export interface ChoiceControl extends Common {
  kind: 'choice';
  options: { value: Value; label: string }[];
}

export interface RangeControl extends Common {
  kind: 'range';
  min: number;
  max: number;
  step: number;
}

export interface SeedControl extends Common {
  kind: 'seed';
  initial: number;
}

export type Control = ChoiceControl | RangeControl | SeedControl;

export const seedControl = (initial: number): SeedControl => ({
  kind: 'seed',
  name: 'seed',
  label: 'Seed',
  initial,
});

export const MAX_SEED = 9999;

export function initialValues(controls: Control[]): Values {
  return Object.fromEntries(controls.map((c) => [c.name, c.initial]));
}

/** The control's value that a text stands for, or undefined where it stands for none. */
export function parseValue(control: Control, text: string): Value | undefined {
  if (control.kind === 'choice') return control.options.find((o) => String(o.value) === text)?.value;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) return undefined;
  if (control.kind === 'seed')
    return Number.isInteger(number) && number >= 0 && number <= MAX_SEED ? number : undefined;
  return Math.min(control.max, Math.max(control.min, number));
}
