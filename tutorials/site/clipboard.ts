import type { Values } from '../elements/controls.ts';
import { addressWith, writeAddress } from './hash.ts';

/** Puts a text on the clipboard, and says whether the browser let it. */
export const copied = async (text: string): Promise<boolean> =>
  (await navigator.clipboard?.writeText(text).then(
    () => true,
    () => false,
  )) ?? false;

/** Copies the link to a figure as it is set, and puts it into the address bar; what to say of it. */
export async function copyLink(figure: string, values: Values): Promise<string> {
  writeAddress(figure, values);
  const done = await copied(new URL(addressWith(figure, values), location.href).href);
  return done ? 'Link copied' : 'The link is in the address bar';
}
