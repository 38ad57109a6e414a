import { type Control, initialValues, parseValue, type Values } from '../elements/controls.ts';

/** The address keeps every figure's settings as `#figure.setting=value&…`, so that a link opens the same run. */
const read = () => new URLSearchParams(location.hash.slice(1));

export function valuesFromAddress(figure: string, controls: Control[]): Values {
  const values = initialValues(controls);
  const address = read();
  for (const control of controls) {
    const text = address.get(`${figure}.${control.name}`);
    const value = text === null ? undefined : parseValue(control, text);
    if (value !== undefined) values[control.name] = value;
  }
  return values;
}

export const isNamedInAddress = (figure: string) =>
  [...read().keys()].some((key) => key.startsWith(`${figure}.`));

/** The address of this page with all settings of one figure; settings of other figures stay as they are. */
export function addressWith(figure: string, values: Values): string {
  const address = new URLSearchParams(
    [...read()].filter(([key, value]) => value !== '' && !key.startsWith(`${figure}.`)),
  );
  for (const [name, value] of Object.entries(values)) address.set(`${figure}.${name}`, String(value));
  return `${location.pathname}${location.search}#${address}`;
}

export function writeAddress(figure: string, values: Values) {
  history.replaceState(history.state, '', addressWith(figure, values));
}
