/** The pages of the site, in reading order. `path` is the folder of the page's address, '' for the first page. */
export interface Chapter {
  id: string;
  path: string;
  /** The name in the bar and in lists. */
  name: string;
  /** The name where there is little room. */
  short?: string;
  /** One line for the list of chapters. */
  summary: string;
  inBar: boolean;
  /** A tool beside the chapters: nothing leads to it from page to page. */
  apart?: boolean;
  /** Linked at the foot of every page. */
  inFoot?: boolean;
}

export const chapters: Chapter[] = [
  { id: 'home', path: '', name: 'Fluxion', summary: 'Where you start', inBar: false },
  {
    id: 'xor',
    path: 'xor',
    name: 'XOR',
    summary: 'Four points that no line can part, and the hidden layer that parts them',
    inBar: true,
  },
  {
    id: 'digits',
    path: 'digits',
    name: 'Digits',
    summary: 'Eight thousand handwritten digits, two networks, and yours to read',
    inBar: true,
  },
  {
    id: 'transformer',
    path: 'transformer',
    name: 'Tiny transformer',
    short: 'Transformer',
    summary: 'It learns to sort letters, then to write after Moby Dick',
    inBar: true,
  },
  {
    id: 'monitor',
    path: 'monitor',
    name: 'Monitor',
    summary: 'A training elsewhere, watched from here',
    inBar: false,
    apart: true,
  },
  {
    id: 'benchmark',
    path: 'benchmark',
    name: 'Benchmark',
    summary: 'How fast your device trains, and where the time goes',
    inBar: false,
    apart: true,
    inFoot: true,
  },
  {
    id: 'credits',
    path: 'credits',
    name: 'Credits',
    summary: 'Data, fonts, libraries, licences',
    inBar: false,
  },
];
