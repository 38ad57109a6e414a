// What was measured: as a table for the terminal, as docs/BENCHMARKS.md, and as numbers for the site's benchmark page.
import { contenders } from './contenders.mjs';
import { median, number } from './measure.mjs';

const titles = Object.fromEntries(contenders.map(({ id, title }) => [id, title]));
const inBrowser = contenders.filter(({ ours, place }) => !ours && place === 'chromium').map(({ id }) => id);

/** The peer that comes nearest. */
function best({ results }) {
  const there = inBrowser.filter((id) => results[id]);
  return there.sort((a, b) => results[a].lead - results[b].lead)[0];
}

function cells({ threads, rows }) {
  return rows
    .filter(({ results }) => results.fluxion)
    .map((row) => {
      const ours = row.results.fluxion;
      const part = row.unit === 'GFLOP/s' ? row.share / threads : row.share;
      const first = best(row);
      const torch = row.results.torch;
      return [
        row.name,
        row.unit,
        number(ours.median),
        `${number(ours.min)} – ${number(ours.max)}`,
        part === undefined ? '' : `${(100 * part).toFixed(0)} %`,
        first ? `${number(row.results[first].median)} ${titles[first]}` : '–',
        first ? `${row.results[first].lead.toFixed(2)}×` : '',
        number(torch?.median),
        number(row.results['fluxion-node']?.median),
      ];
    });
}
const heads = ['', 'unit', 'Fluxion', 'spread', 'of peak', 'best peer', 'lead', 'PyTorch', 'Node'];

/** The medians of the machine's peaks over all rows. */
const peaks = ({ rows }) =>
  ['peak', 'bandwidth'].map((key) => median(rows.map((row) => row[key]).filter((n) => n !== undefined)));

function machine(run) {
  const [peak, bandwidth] = peaks(run);
  return [
    `${run.threads} thread${run.threads > 1 ? 's' : ''}`,
    peak && `register peak of one ${number(peak)} GFLOP/s`,
    bandwidth && `memory ${number(bandwidth)} GB/s over 12 MB`,
  ]
    .filter(Boolean)
    .join(', ');
}

export function table(report, run) {
  const all = [heads, ...cells(run)];
  const widths = heads.map((_, c) => Math.max(...all.map((row) => row[c].length)));
  const lines = all.map((row) =>
    row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c]) : cell.padStart(widths[c]))).join('  '),
  );
  return `\n${report.browser}, ${report.simd} SIMD, ${machine(run)}\n\n${lines.join('\n')}\n`;
}

const pipe = (row) => `| ${row.join(' | ')} |`;

/** Every contender's median in each row. */
function everyone({ rows }) {
  const ids = contenders.map(({ id }) => id).filter((id) => rows.some(({ results }) => results[id]));
  return [
    pipe(['', 'unit', ...ids.map((id) => titles[id])]),
    pipe(['---', '---', ...ids.map(() => '---:')]),
    ...rows.map((row) => pipe([row.name, row.unit, ...ids.map((id) => number(row.results[id]?.median))])),
  ].join('\n');
}

export function markdown(report) {
  const { versions } = report.runs[0];
  const parts = report.runs.map(
    (run) => `## ${machine(run).replace(/^./, (c) => c.toUpperCase())}

${[pipe(heads), pipe(heads.map((_, c) => (c < 2 ? '---' : '---:'))), ...cells(run).map(pipe)].join('\n')}

Everyone:

${everyone(run)}
`,
  );
  const struck = report.problems.length
    ? `\nStruck or failed:\n\n${report.problems.map((p) => `- ${p}`).join('\n')}\n`
    : '';
  return `# Benchmarks

Written by \`npm run bench -- --markdown\`; what is timed, and how, is in [tests/bench](../tests/bench/README.md).

${report.date}, ${report.machine}, ${report.system}; ${report.browser}, Node ${report.node}; ${report.simd} SIMD.
Versions: ${Object.entries(versions)
    .filter(([, version]) => version)
    .map(([id, version]) => `${titles[id]} ${version}`)
    .join(', ')}.
Medians of ${report.rounds} rounds in which all contenders took turns. The *best peer* is the fastest library in the same browser,
the *lead* how many times as fast Fluxion is; *of peak* is the part of the machine's multiply-adds on registers, or of its
memory traffic. Both are taken within each round, and the median counts: a machine that slows down slows all of a round.

${parts.join('\n')}${struck}`;
}

const rounded = (n) => n && Number(n.toPrecision(4));

/** The same numbers as data: Fluxion's medians and spread, the others' medians. */
export function figures(report) {
  const { date, machine: where, system, browser, simd, rounds } = report;
  const { versions } = report.runs[0];
  const timed = ({ id }) => report.runs.some(({ rows }) => rows.some(({ results }) => results[id]));
  const others = contenders.filter((contender) => !contender.ours && timed(contender));
  return {
    date,
    machine: where,
    system,
    browser,
    simd,
    rounds,
    others: others.map(({ id, title, place }) => ({
      id,
      title,
      version: versions[id],
      native: place !== 'chromium',
    })),
    runs: report.runs.map((run) => {
      const [peak, bandwidth] = peaks(run).map(rounded);
      return {
        threads: run.threads,
        peak,
        bandwidth,
        rows: run.rows.map(({ id, unit, results: { fluxion, ...rest } }) => ({
          id,
          unit,
          median: rounded(fluxion.median),
          min: rounded(fluxion.min),
          max: rounded(fluxion.max),
          others: Object.fromEntries(
            others.flatMap((other) => (rest[other.id] ? [[other.id, rounded(rest[other.id].median)]] : [])),
          ),
        })),
      };
    }),
  };
}
