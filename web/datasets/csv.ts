// Tables as text (RFC 4180).
import { options, string } from '../args.ts';
import { fromArray } from '../create.ts';
import { DTypeError, IndexError, ParseError } from '../errors.ts';
import type { Tensor } from '../tensor.ts';

export interface CsvOptions {
  /** What stands between cells; a comma by default. */
  delimiter?: string;
  /** Whether the first line names the columns (by default); otherwise they are '0', '1', … */
  header?: boolean;
  /** Cells that stand for a missing value: '', 'NA', 'NaN', 'nan', 'null' by default. */
  missing?: readonly string[];
  /** Columns that are texts though every value may be a number. */
  textColumns?: readonly string[];
  /** Columns in which anything but a number is an error. */
  numberColumns?: readonly string[];
}

/** A table: numbers (NaN where one is missing) or texts ('' where one is missing) by column. */
export class Csv {
  readonly #columns: Map<string, Float64Array | string[]>;
  /** How many rows there are, the header left out. */
  readonly rows: number;

  /** @internal */
  constructor(columns: Map<string, Float64Array | string[]>, rows: number) {
    this.#columns = columns;
    this.rows = rows;
  }

  /** Names of the columns. */
  get names(): string[] {
    return [...this.#columns.keys()];
  }

  /** A column's values. */
  column(name: string): Float64Array | string[] {
    const found = this.#columns.get(name);
    if (found) return found;
    throw new IndexError(`csv: no column is called '${name}'; there are ${this.names.join(', ')}`);
  }

  /** Columns of numbers side by side, all of them where none is named: [rows, columns]. */
  numbers(names?: readonly string[], dtype: 'float32' | 'float64' = 'float32'): Tensor {
    const wanted = names ?? this.names.filter((name) => !Array.isArray(this.column(name)));
    const values = new Float64Array(this.rows * wanted.length);
    wanted.forEach((name, k) => {
      const column = this.column(name);
      if (Array.isArray(column)) throw new DTypeError(`csv: the column '${name}' holds texts; use classes()`);
      for (let i = 0; i < this.rows; i++) values[i * wanted.length + k] = column[i]!;
    });
    return fromArray(values, { shape: [this.rows, wanted.length], dtype });
  }

  /** A column of texts as int32 classes [rows], and what each stands for; −1 where one is missing. */
  classes(name: string): { labels: Tensor; names: string[] } {
    const column = this.column(name);
    if (!Array.isArray(column)) throw new DTypeError(`csv: the column '${name}' holds numbers`);
    const known = new Map<string, number>();
    const labels = Int32Array.from(column, (text) => {
      if (text === '') return -1;
      if (!known.has(text)) known.set(text, known.size);
      return known.get(text)!;
    });
    return { labels: fromArray(labels), names: [...known.keys()] };
  }
}

const numeric = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$|^\s*[+-]?inf(?:inity)?\s*$/i;
const numberOf = (cell: string): number => {
  const value = Number(cell);
  if (!Number.isNaN(value)) return value;
  return cell.trim().startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
};

/**
 * A table from text. Columns whose every value is a number hold numbers, others texts; quotes stand around cells with
 * delimiters, line ends or (doubled) quotes. Rows of another length, quotes that do not end and what is no number in
 * `numberColumns` are a ParseError with line and column.
 *
 * @example
 * ```ts
 * parseCsv('a,b\n1,x\n2,y').numbers(['a']).toArray() // [[1], [2]]
 * ```
 */
export function parseCsv(text: string, o: CsvOptions = {}): Csv {
  const {
    delimiter = ',',
    header = true,
    missing = ['', 'NA', 'NaN', 'nan', 'null'],
    textColumns = [],
    numberColumns = [],
  } = options('parseCsv', o, 'delimiter header missing textColumns numberColumns');
  string(text, 'parseCsv', 'text');
  const absent = new Set(missing);
  let names: string[] | undefined;
  let columns: string[][] = [];
  scan(text, delimiter, (cells, fail) => {
    if (!names) {
      names = cells.map((cell, i) => (header ? cell.trim() : String(i)));
      names.forEach((name, i) => {
        if (names!.indexOf(name) !== i) fail(i, `the column '${name}' is there twice`);
      });
      columns = names.map(() => []);
      if (header) return;
    }
    if (cells.length !== names.length)
      fail(cells.length - 1, `${cells.length} cells where there are ${names.length} columns`);
    for (let i = 0; i < cells.length; i++) columns[i]!.push(cells[i]!);
  });
  const known = names ?? [];
  for (const name of [...textColumns, ...numberColumns])
    if (!known.includes(name)) throw new IndexError(`parseCsv: no column is called '${name}'`);
  const rows = columns[0]?.length ?? 0;
  const table = new Map<string, Float64Array | string[]>();
  known.forEach((name, k) => {
    const cells = columns[k]!;
    const gone = (cell: string): boolean => absent.has(cell) || absent.has(cell.trim());
    const wrong = textColumns.includes(name)
      ? 0
      : cells.findIndex((cell) => !gone(cell) && !numeric.test(cell));
    if (wrong >= 0 && numberColumns.includes(name)) {
      // Its place is found by walking there again.
      let row = header ? -1 : 0;
      scan(text, delimiter, (_, fail) => {
        if (row++ === wrong) fail(k, `'${cells[wrong]}' is no number, in the column '${name}'`);
      });
    }
    table.set(
      name,
      wrong < 0 || (rows === 0 && !textColumns.includes(name))
        ? Float64Array.from(cells, (cell) => (gone(cell) ? Number.NaN : numberOf(cell)))
        : cells.map((cell) => (gone(cell) ? '' : cell)),
    );
  });
  return new Csv(table, rows);
}

type Fail = (cell: number, why: string) => never;

/** Calls `row` with the cells of every line that is not empty. */
function scan(text: string, delimiter: string, row: (cells: string[], fail: Fail) => void): void {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  let lineStart = at;
  const between = delimiter.charCodeAt(0);
  const failAt = (onLine: number, column: number, why: string): never => {
    throw new ParseError(`parseCsv: line ${onLine}, column ${column}: ${why}`);
  };
  while (at < text.length) {
    const cells: string[] = [];
    const places: number[] = []; // line and column, in turn
    for (;;) {
      places.push(line, at - lineStart + 1);
      let cell: string;
      if (text.charCodeAt(at) === 34) {
        const open = at;
        cell = '';
        for (let from = at + 1; ; ) {
          const end = text.indexOf('"', from);
          if (end < 0) failAt(line, open - lineStart + 1, 'a quote is not closed');
          cell += text.slice(from, end);
          at = end + 1;
          if (text.charCodeAt(at) !== 34) break;
          cell += '"';
          from = at + 1;
        }
        for (let end = text.indexOf('\n', open); end >= 0 && end < at; end = text.indexOf('\n', end + 1)) {
          line++;
          lineStart = end + 1;
        }
        const next = text.charCodeAt(at);
        if (at < text.length && next !== between && next !== 10 && next !== 13)
          failAt(line, at - lineStart + 1, 'something follows a closing quote');
      } else {
        const start = at;
        for (; at < text.length; at++) {
          const c = text.charCodeAt(at);
          if (c === between || c === 10 || c === 13) break;
          if (c === 34)
            failAt(line, at - lineStart + 1, 'a quote inside a cell without quotes; double it within quotes');
        }
        cell = text.slice(start, at);
      }
      cells.push(cell);
      if (text.charCodeAt(at) !== between) break;
      at++;
    }
    if (cells.length > 1 || cells[0] !== '')
      row(cells, (cell, why) => failAt(places[2 * cell]!, places[2 * cell + 1]!, why));
    if (text.charCodeAt(at) === 13 && text.charCodeAt(at + 1) === 10) at++;
    at++;
    line++;
    lineStart = at;
  }
}
