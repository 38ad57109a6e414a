/** Colours for canvases, read from the page's custom properties. */

export type Rgb = [red: number, green: number, blue: number];

const FALLBACK: Record<string, string> = { '--paper': '#fbfaf7', '--ink': '#23262e' };

let pixel: CanvasRenderingContext2D | undefined;

/** Any CSS colour as sRGB: a one-pixel canvas understands oklch() and light-dark() once the style is computed. */
export function resolveColour(host: HTMLElement, property: string): Rgb {
  const probe = document.createElement('span');
  probe.style.color = `var(${property}, ${FALLBACK[property] ?? '#666'})`;
  probe.style.display = 'none';
  (host.shadowRoot ?? host).append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  pixel ??= new OffscreenCanvas(1, 1).getContext('2d', {
    willReadFrequently: true,
  }) as unknown as CanvasRenderingContext2D;
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  const [r, g, b] = pixel.getImageData(0, 0, 1, 1).data;
  return [r!, g!, b!];
}

export const cssColour = ([r, g, b]: Rgb, alpha = 1) => `rgb(${r} ${g} ${b} / ${alpha})`;

const mix = (a: Rgb, b: Rgb, t: number): Rgb => [0, 1, 2].map((i) => a[i]! + (b[i]! - a[i]!) * t) as Rgb;

/** 256 packed pixels from a list of stops spaced evenly, in the byte order of ImageData. */
export function ramp(stops: Rgb[]): Uint32Array {
  const table = new Uint32Array(256);
  const bytes = new Uint8ClampedArray(table.buffer);
  for (let i = 0; i < 256; i++) {
    const at = (i / 255) * (stops.length - 1);
    const k = Math.min(stops.length - 2, Math.floor(at));
    const [r, g, b] = mix(stops[k]!, stops[k + 1]!, at - k);
    bytes.set([r, g, b, 255], 4 * i);
  }
  return table;
}

/** Blue for negative, the page's own ground for zero, orange for positive. */
export function signedRamp(host: HTMLElement): Uint32Array {
  const paper = resolveColour(host, '--paper');
  return ramp([resolveColour(host, '--negative'), paper, resolveColour(host, '--positive')]);
}

/** The page's ground for nothing, blue for most. */
export function dataRamp(host: HTMLElement): Uint32Array {
  return ramp([resolveColour(host, '--paper'), resolveColour(host, '--data')]);
}

const listeners = new Set<() => void>();

function announce() {
  for (const listener of listeners) listener();
}

/** Calls back when the page turns dark or light; returns the way to stop. */
export function onThemeChange(listener: () => void): () => void {
  if (listeners.size === 0) {
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', announce);
    new MutationObserver(announce).observe(document.documentElement, { attributeFilter: ['data-theme'] });
  }
  listeners.add(listener);
  return () => listeners.delete(listener);
}
