/** The place that a figure of the lesson's text left for its picture. */
export function stage(id: string): HTMLElement {
  const place = document.querySelector<HTMLElement>(`[data-figure="${id}"]`);
  if (!place) throw new Error(`the text has no figure “${id}”`);
  return place;
}

/** Lets the page draw and answer before the next figure is built: a page full of them must not keep its thread. */
export const nextTask = () => new Promise((resolve) => setTimeout(resolve));
