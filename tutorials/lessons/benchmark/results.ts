/** What is shown and taken away of the measured times: all of it pure. */
import figures from '../../../docs/benchmarks.json';
import { fastest, number, type Summary, summary } from '../../../tests/bench/measure.mjs';
import { type Group, type Row, startUp, rows as workloads } from '../../../tests/bench/workloads.mjs';

export const rows: Row[] = [...workloads, startUp];

export const groups: { id: Group; name: string; unit: string }[] = [
  { id: 'products', name: 'Products', unit: 'GFLOP/s, more is better' },
  { id: 'networks', name: 'Networks in training', unit: 'steps or tokens a second, more is better' },
  { id: 'generation', name: 'Generation', unit: 'tokens a second, more is better' },
  { id: 'arrays', name: 'Whole arrays', unit: 'ms, less is better' },
  { id: 'start', name: 'Start', unit: 'ms, less is better' },
];
export const rowsOf = (group: Group) => rows.filter((row) => row.group === group);

/** A row's name beside others of its group. */
export function shortName({ name, kind, mode, group }: Row): string {
  if (mode) return `${kind.toUpperCase()}, ${mode}`;
  if (group === 'products') return name.replace('matmul ', '');
  if (kind === 'generate') return 'GPT, token by token';
  if (kind === 'startup') return 'import to first step';
  return name.replace(' [1024, 1024]', '');
}

/** The rows that the address names: `all`, `none`, or groups and rows, parted by commas. What is unknown is passed over. */
export function chosenFrom(text: string | null): Set<string> {
  const words = new Set((text ?? 'all').split(','));
  return new Set(
    rows.filter(({ id, group }) => words.has('all') || words.has(group) || words.has(id)).map(({ id }) => id),
  );
}

export function chosenText(chosen: ReadonlySet<string>): string {
  if (chosen.size === rows.length) return 'all';
  const words = groups.flatMap(({ id }) => {
    const there = rowsOf(id).filter((row) => chosen.has(row.id));
    return there.length === rowsOf(id).length ? [id] : there.map((row) => row.id);
  });
  return words.join(',') || 'none';
}

export const shown = (n: number | undefined) =>
  n !== undefined && n >= 1000 ? Math.round(n).toLocaleString('en') : number(n);

export const spread = ({ min, max }: Pick<Summary, 'min' | 'max'>) => `${shown(min)} – ${shown(max)}`;

export function left(seconds: number): string {
  if (seconds < 5) return 'a few seconds left';
  if (seconds < 90) return `about ${5 * Math.round(seconds / 5)} s left`;
  return `about ${Math.round(seconds / 60)} minutes left`;
}

const longDate = (date: string) =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** The machine of the committed figures, and when. */
export const elsewhere = {
  machine: figures.machine.replaceAll('(R)', '').replace(' Processor', ''),
  date: longDate(figures.date),
  browser: figures.browser,
};

export interface There {
  median: number;
  min: number;
  max: number;
  peer: { title: string; median: number } | undefined;
  torch: number | undefined;
}

const runOf = (severalThreads: boolean) => figures.runs.find(({ threads }) => threads > 1 === severalThreads);
export const thereThreads = (severalThreads: boolean) => runOf(severalThreads)?.threads ?? 0;

export const threadWords = (threads: number) =>
  threads === 0 ? 'not measured' : threads === 1 ? 'one thread' : `${threads} threads`;

/** A row's figures on that machine, on one thread or on several; undefined where it was not timed so. */
export function there(row: Row, severalThreads: boolean): There | undefined {
  const found = runOf(severalThreads)?.rows.find(({ id }) => id === row.id);
  if (!found) return undefined;
  const medians = found.others as Record<string, number | undefined>;
  const peers = figures.others.filter(({ id, native }) => !native && medians[id] !== undefined);
  const first = fastest(row.unit, Object.fromEntries(peers.map(({ id }) => [id, medians[id]!])));
  const { median, min, max } = found;
  return {
    median,
    min,
    max,
    peer: first ? { title: peers.find(({ id }) => id === first)!.title, median: medians[first]! } : undefined,
    torch: medians.torch,
  };
}

/** Rows on one scale: all products, the ways to train one network; arrays each on their own. */
export const scaleOf = (row: Row) => (row.group === 'arrays' ? row.id : row.kind);

export type Times = ReadonlyMap<string, readonly number[]>;

export const measured = (row: Row, times: Times): Summary | undefined => {
  const list = times.get(row.id);
  return list?.length ? summary(row, list) : undefined;
};

/** The largest figure of each scale, a little more than which is its end. */
export function scales(times: Times, severalThreads: boolean): Map<string, number> {
  const ends = new Map<string, number>();
  for (const row of rows) {
    const that = there(row, severalThreads);
    const all = [measured(row, times)?.max, that?.max, that?.peer?.median, that?.torch];
    const most = Math.max(ends.get(scaleOf(row)) ?? 0, ...all.filter((n) => n !== undefined));
    ends.set(scaleOf(row), most);
  }
  return ends;
}

/** The pace of the fastest product: less than the processor could, which also has to fetch and store. */
export const bestProduct = (times: Times) =>
  Math.max(0, ...rowsOf('products').map((row) => measured(row, times)?.median ?? 0));

/** One line for a group: what was reached in it. */
export function headline(group: Group, medianOf: (id: string) => number | undefined): string {
  const most = (ids: string[]) => Math.max(...ids.map((id) => medianOf(id) ?? 0));
  const best = (kind: string) => most(rows.filter((row) => row.kind === kind).map(({ id }) => id));
  const say = (n: number | undefined, words: (text: string) => string) => (n ? [words(shown(n))] : []);
  const parts = {
    products: () => say(best('matmul'), (n) => `${n} GFLOP/s at best`),
    networks: () => {
      const steps = ['xor', 'mlp', 'cnn'].flatMap((kind) =>
        say(best(kind), (n) => `${kind.toUpperCase()} ${n}`),
      );
      const gpt = say(best('gpt'), (n) => `GPT ${n} tokens/s`);
      return [...(steps.length ? [`${steps.join(' · ')} steps/s`] : []), ...gpt];
    },
    generation: () => say(medianOf('generate'), (n) => `${n} tokens/s`),
    arrays: () => {
      const add = medianOf('add');
      const moved = rows.find(({ id }) => id === 'add')!.gigabytes!;
      return say(add && (1000 * moved) / add, (n) => `adding moves ${n} GB/s`);
    },
    start: () => say(medianOf('import'), (n) => `${n} ms`),
  };
  return parts[group]().join(' · ');
}

/** What the browser tells of the device, and which build of the library ran on it. */
export interface Setting {
  date: string;
  userAgent: string;
  hardwareConcurrency: number;
  crossOriginIsolated: boolean;
  variant: string;
  simd: string;
  threads: number;
  whyNotRelaxed: string;
  whyNotThreads: string;
}

const timed = (times: Times) =>
  rows.flatMap((row) => {
    const own = measured(row, times);
    return own ? [{ row, own }] : [];
  });

export function asMarkdown(setting: Setting, times: Times): string {
  const { date, variant, threads, hardwareConcurrency: cores, userAgent } = setting;
  const several = threads > 1;
  const lines = timed(times).map(({ row, own }) => {
    const that = there(row, several);
    const cells = [
      row.name,
      row.unit,
      shown(own.median),
      spread(own),
      times.get(row.id)!.length,
      shown(that?.median),
    ];
    return `| ${cells.join(' | ')} |`;
  });
  return `Fluxion ${variant}, ${threadWords(threads)}, ${cores} cores, ${date}
${userAgent}

|  | unit | median | spread | rounds | elsewhere |
| --- | --- | ---: | ---: | ---: | ---: |
${lines.join('\n')}

Elsewhere: ${elsewhere.machine}, ${elsewhere.browser}, ${elsewhere.date}.
`;
}

export function asData(setting: Setting, times: Times) {
  return {
    ...setting,
    rows: timed(times).map(({ row, own }) => ({
      id: row.id,
      name: row.name,
      unit: row.unit,
      ...own,
      msPerCall: times.get(row.id)!,
    })),
  };
}
