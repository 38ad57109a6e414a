import { refuse } from '../args.ts';
import { lib, takeList, takePieces } from '../native.ts';

/** Calls of one op, primitive, kind and, for products, sizes. Times are milliseconds. */
export interface ProfileRow {
  /**
   * The recorded op that made the calls, `'linear'`, or whose gradient they compute, `'linearBackward'`; empty for what no
   * recorded op asked for: optimizer steps, random draws, everything under `noGrad`.
   */
  op: string;
  /** The primitive and its kind, with sizes for products: `'gemm 64×784×128'` is m × k × n, `'unary tanh'`. */
  kernel: string;
  calls: number;
  /** Inside the primitive. */
  selfTime: number;
  /** Besides, since the call before: checks, allocation, recording, the program's own JavaScript. */
  totalTime: number;
  /** Arithmetic: a multiply-add is 2, a function such as exp 1. */
  flop: number;
  /** Memory that the operands cover, what is updated in place counted twice. */
  bytes: number;
  /** `selfTime` as a part of the profile's whole time. */
  share: number;
}

/** An event of Chrome's trace format; times are microseconds. */
export interface TraceEvent {
  name: string;
  cat: string;
  ph: 'X';
  ts: number;
  dur: number;
  pid: number;
  tid: number;
  args: Record<string, string | number>;
}

export interface Profile<T> {
  /** What the function returned. */
  result: T;
  /** Milliseconds from the function's start to its end. */
  time: number;
  /** The one that took longest first. */
  rows: ProfileRow[];
  /** The rows as text, at most `limit` of them (default 20), with totals. */
  table(limit?: number): string;
  /**
   * The first 100,000 calls as an object that chrome://tracing and Perfetto open when it is saved as JSON. Calls of one op
   * stand below it.
   */
  trace(): { traceEvents: TraceEvent[]; displayTimeUnit: 'ms' };
}

// In the order of the enums in cpp/fluxion/kernels/kernels.h.
const words = (text: string): string[] => text.split(' ');
const primitives = words(
  'fill arange copy unary binary where random reduce argReduce scan softmax softmaxGrad tri sort gemm conv2d ' +
    'conv2dGradInput conv2dGradWeight maxPool2d maxPool2dGrad avgPool2d avgPool2dGrad layerNorm layerNormGrad ' +
    'batchNorm batchNormGrad gather scatterAdd indexSelect indexAdd crossEntropy crossEntropyGrad attention ' +
    'attentionGrad sgdStep adamStep',
);
const kinds: Record<string, string[]> = {
  unary: words(
    'neg abs sign square relu clamp addScalar mulScalar rSubScalar floor ceil round trunc isNan isInf isFinite ' +
      'logicalNot exp exp2 expm1 log log2 log10 log1p sqrt rsqrt reciprocal sin cos tan asin acos atan sinh cosh tanh ' +
      'asinh acosh atanh sigmoid logSigmoid erf erfc gelu geluTanh silu mish softplus leakyRelu elu selu relu6 hardtanh ' +
      'hardsigmoid hardswish powScalar',
  ),
  binary: words(
    'add sub mul div floorDiv maximum minimum pow fmod remainder atan2 eq ne lt le gt ge logicalAnd logicalOr logicalXor ' +
      'reluGrad tanhGrad sigmoidGrad geluGrad geluTanhGrad siluGrad leakyReluGrad sqrtGrad',
  ),
  random: words('uniform normal bernoulli randInt randPerm'),
  reduce: words('sum mean prod max min all any sumSquares'),
  argReduce: words('max min'),
  scan: words('sum prod'),
};

function kernelName(primitive: number, kind: number, sizes: readonly number[]): string {
  const name = primitives[primitive]!;
  if (kinds[name]) return `${name} ${kinds[name][kind]}`;
  const [batch, m, k, n] = sizes as [number, number, number, number];
  if (name === 'gemm') return `gemm ${batch > 1 ? `${batch}×` : ''}${m}×${k}×${n}`;
  return sizes.some(Boolean) ? `${name} ${sizes.join('×')}` : name;
}

const rowNumbers = 12;
const eventNumbers = 4;

// The sink of a leaf's gradient is a node as well.
const opName = (op: string, gradient: boolean): string =>
  gradient ? (op === 'leaf' ? 'accumulateGrad' : `${op}Backward`) : op;

function read<T>(result: T): Profile<T> {
  const numbers = takeList(lib.stopProfile());
  const ops = takePieces(lib.profileOps());
  const [time, count] = numbers as [number, number];
  const chunk = (at: number, size: number) => numbers.slice(at, at + size);
  const inOrder = Array.from({ length: count }, (_, i): ProfileRow => {
    const [gradient, primitive, kind, b, m, k, n, calls, selfTime, totalTime, flop, bytes] = chunk(
      2 + i * rowNumbers,
      rowNumbers,
    ) as [number, number, number, number, number, number, number, number, number, number, number, number];
    const kernel = kernelName(primitive, kind, [b, m, k, n]);
    const share = time > 0 ? selfTime / time : 0;
    return { op: opName(ops[i]!, gradient === 1), kernel, calls, selfTime, totalTime, flop, bytes, share };
  });
  const events: number[][] = [];
  for (let at = 2 + count * rowNumbers; at < numbers.length; at += eventNumbers)
    events.push(chunk(at, eventNumbers));
  const rows = inOrder.toSorted((a, b) => b.selfTime - a.selfTime);
  return {
    result,
    time,
    rows,
    table: (limit = 20) => table(rows, time, limit),
    trace: () => ({ traceEvents: traceOf(inOrder, events, time), displayTimeUnit: 'ms' }),
  };
}

function traceOf(rows: readonly ProfileRow[], events: readonly number[][], time: number): TraceEvent[] {
  const slice = (
    name: string,
    cat: string,
    start: number,
    end: number,
    args: TraceEvent['args'] = {},
  ): TraceEvent => ({
    name,
    cat,
    ph: 'X',
    ts: start * 1000,
    dur: (end - start) * 1000,
    pid: 1,
    tid: 1,
    args,
  });
  const out = [slice('profile', 'program', 0, time)];
  let run = 0;
  let around: TraceEvent | undefined;
  for (const [index, opCall, start, end] of events as [number, number, number, number][]) {
    const { op, kernel, calls, flop, bytes } = rows[index]!;
    if (op && opCall !== run) {
      around = slice(
        op,
        op.endsWith('Backward') || op === 'accumulateGrad' ? 'backward' : 'forward',
        start,
        end,
      );
      out.push(around);
    } else if (op && around) {
      around.dur = end * 1000 - around.ts;
    }
    run = opCall;
    out.push(slice(kernel, 'kernel', start, end, { op, flop: flop / calls, bytes: bytes / calls }));
  }
  return out;
}

const decimal = (n: number): string => n.toFixed(n < 10 ? 2 : 1);
function scaled(n: number): string {
  const step = n < 1e3 ? 0 : Math.min(4, Math.floor(Math.log10(n) / 3));
  return step ? `${decimal(n / 1000 ** step)} ${' kMGT'[step]}` : `${n} `;
}

function table(rows: readonly ProfileRow[], time: number, limit: number): string {
  const line = ({ op, kernel, calls, selfTime, totalTime, flop, bytes, share }: ProfileRow): string[] => [
    op || '–',
    kernel,
    String(calls),
    decimal(selfTime),
    decimal(totalTime),
    `${(100 * share).toFixed(1)} %`,
    `${scaled(flop)}FLOP`,
    `${scaled(bytes)}B`,
    selfTime > 0 ? decimal(flop / selfTime / 1e6) : '–',
  ];
  const sum = (of: (row: ProfileRow) => number): number => rows.reduce((n, row) => n + of(row), 0);
  const all = [
    ['Op', 'Kernel', 'Calls', 'Self ms', 'Total ms', 'Share', 'FLOP', 'Bytes', 'GFLOP/s'],
    ...rows.slice(0, limit).map(line),
    line({
      op: rows.length > limit ? `all ${rows.length} rows` : 'all',
      kernel: `in ${decimal(time)} ms`,
      calls: sum((r) => r.calls),
      selfTime: sum((r) => r.selfTime),
      totalTime: sum((r) => r.totalTime),
      flop: sum((r) => r.flop),
      bytes: sum((r) => r.bytes),
      share: sum((r) => r.share),
    }),
  ];
  const widths = all[0]!.map((_, c) => Math.max(...all.map((row) => row[c]!.length)));
  const text = all.map((row) =>
    row.map((cell, c) => (c < 2 ? cell.padEnd(widths[c]!) : cell.padStart(widths[c]!))).join('  '),
  );
  const rule = '─'.repeat(text[0]!.length);
  return [text[0], rule, ...text.slice(1, -1), rule, text.at(-1)].join('\n');
}

/**
 * Runs `fn` and tells what it cost: the time, calls, arithmetic (FLOP) and memory traffic (bytes) of each op, as rows, as a
 * table and as a trace for Chrome. An async function is profiled until its promise settles, and whatever else computes
 * meanwhile is counted in. When `fn` fails, its error comes out and profiling is off. Profiles cannot be nested
 * (FluxionError). A page that is not cross-origin isolated has clocks of 0.1 ms: there only rows of many calls can be
 * trusted.
 *
 * @example
 * ```ts
 * const a = ones([64, 32], { requiresGrad: true }), b = ones([32, 16]);
 * const { rows, result } = profile(() => a.matmul(b).sum().item());
 * [result, rows.find((r) => r.op === 'matmul').kernel, rows.find((r) => r.op === 'matmul').flop] // [32768, "gemm 64×32×16", 65536]
 * ```
 */
export function profile<T>(fn: () => PromiseLike<T>): Promise<Profile<T>>;
export function profile<T>(fn: () => T): Profile<T>;
export function profile<T>(fn: () => T | PromiseLike<T>): Profile<T> | Promise<Profile<T>> {
  if (typeof fn !== 'function') refuse('profile', 'fn', 'a function', fn);
  lib.startProfile();
  const failed = (error: unknown): never => {
    lib.stopProfile();
    lib.profileOps();
    throw error;
  };
  let value: T | PromiseLike<T>;
  try {
    value = fn();
  } catch (error) {
    return failed(error);
  }
  return isPromise(value) ? Promise.resolve(value).then(read<T>, failed) : read(value);
}

const isPromise = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as PromiseLike<T> | null | undefined)?.then === 'function';
