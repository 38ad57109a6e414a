import { describe, options } from '../args.ts';
import { errorOf, FluxionError, suggestion } from '../errors.ts';
import { lib, type NativeModule, nativeHooks, setLib, takeList, wasmBytes } from '../native.ts';
import { moduleAt } from './module.ts';
import { features } from './probe.ts';
import { type Variant, variants } from '../variants.ts';

export interface InitOptions {
  /** `'relaxed'` brings fused multiply-add and is the default where the engine has it; `'simd'` runs everywhere. */
  simd?: 'simd' | 'relaxed';
  /** How many threads; `false` or 1 for one. By default as many as there are cores, where threads can run. */
  threads?: number | boolean;
  /** Where the .wasm file lies: its address, a folder's (with `/` at the end), or one address for each variant. */
  wasmUrl?: string | URL | Partial<Record<Variant, string | URL>>;
  /** The same bits in every browser and at every number of threads: plain SIMD. */
  deterministic?: boolean;
}

/** What is running, and why not something faster. */
export interface Info {
  variant: Variant;
  simd: 'simd' | 'relaxed';
  threads: number;
  deterministic: boolean;
  /** Empty when relaxed SIMD runs. */
  whyNotRelaxed: string;
  /** Empty when threads run. */
  whyNotThreads: string;
  cores: number;
  crossOriginIsolated: boolean;
}

let running: Promise<Info> | undefined;
let current: Info | undefined;
let asked = '';

/**
 * Loads the WebAssembly build that suits this engine. Call it once and await it before anything else; a further call
 * gives the same answer.
 */
export function init(o: InitOptions = {}): Promise<Info> {
  let checked: InitOptions;
  try {
    checked = check(o);
  } catch (error) {
    return Promise.reject(error);
  }
  const wish = JSON.stringify(checked, (_, v) => (v instanceof URL ? v.href : v));
  if (running) {
    if (Object.keys(checked).length === 0 || wish === asked) return running;
    return Promise.reject(
      new FluxionError('init: Fluxion is running already; its options cannot be changed'),
    );
  }
  asked = wish;
  running = start(checked).catch((error) => {
    running = undefined;
    throw error;
  });
  return running;
}

/** What `init()` chose. */
export function info(): Info {
  if (!current) throw new FluxionError('info: Fluxion is not ready: call `await init()` first');
  return { ...current };
}

function check(o: InitOptions): InitOptions {
  const checked = options('init', o, 'simd threads wasmUrl deterministic');
  const { simd, threads, deterministic } = checked;
  if (simd !== undefined && simd !== 'simd' && simd !== 'relaxed')
    throw new FluxionError(
      `init: simd must be 'simd' or 'relaxed', got ${describe(simd)}${suggestion(String(simd), ['simd', 'relaxed'])}`,
    );
  if (threads !== undefined && typeof threads !== 'boolean' && !(Number.isInteger(threads) && threads >= 1))
    throw new FluxionError(
      `init: threads must be a number from 1 up, or true or false, got ${describe(threads)}`,
    );
  if (deterministic !== undefined && typeof deterministic !== 'boolean')
    throw new FluxionError(`init: deterministic must be true or false, got ${describe(deterministic)}`);
  if (deterministic && simd === 'relaxed')
    throw new FluxionError(
      "init: deterministic needs simd: 'simd', for relaxed SIMD differs between machines",
    );
  return checked;
}

async function start({ simd, threads, wasmUrl, deterministic = false }: InitOptions): Promise<Info> {
  const can = features();
  if (!can.simd)
    throw new FluxionError(
      'init: this engine has no WebAssembly SIMD; Fluxion needs a browser of 2023 or newer',
    );
  if (simd === 'relaxed' && !can.relaxed) throw new FluxionError('init: this engine has no relaxed SIMD');
  const relaxed = simd ? simd === 'relaxed' : can.relaxed && !deterministic;
  const whyNotRelaxed = relaxed
    ? ''
    : !can.relaxed
      ? 'this engine has no relaxed SIMD'
      : deterministic
        ? 'deterministic was asked for'
        : "simd: 'simd' was asked for";

  const count = threads === undefined || threads === true ? can.cores : threads === false ? 1 : threads;
  let whyNotThreads = can.noThreads;
  if (!whyNotThreads && count === 1)
    whyNotThreads = threads === undefined ? 'there is one core' : 'one thread was asked for';
  const memory = whyNotThreads ? undefined : sharedMemory();
  if (!whyNotThreads && !memory) whyNotThreads = 'this device refuses shared memory';

  const variant: Variant = `${relaxed ? 'relaxed' : 'simd'}${memory ? '-threads' : ''}`;
  const module = await load(variant, addressOf(variant, wasmUrl), memory, count);
  if (memory) module.setThreads(count);
  current = {
    variant,
    simd: relaxed ? 'relaxed' : 'simd',
    threads: module.threads(),
    deterministic,
    whyNotRelaxed,
    whyNotThreads,
    cores: can.cores,
    crossOriginIsolated: (globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated === true,
  };
  return { ...current };
}

// Some phones refuse shared memory that may grow to 4 GB.
function sharedMemory(): WebAssembly.Memory | undefined {
  for (const maximum of [65536, 32768, 16384, 8192]) {
    try {
      return new WebAssembly.Memory({ initial: 256, maximum, shared: true });
    } catch {
      // The next one is smaller.
    }
  }
  return undefined;
}

function addressOf(variant: Variant, wasmUrl: InitOptions['wasmUrl']): URL {
  const given = typeof wasmUrl === 'string' || wasmUrl instanceof URL ? wasmUrl : wasmUrl?.[variant];
  if (given === undefined) return variants[variant].wasm();
  const base = (globalThis as { location?: { href: string } }).location?.href ?? import.meta.url;
  const url = new URL(given, base);
  return url.href.endsWith('/') ? new URL(`fluxion-${variant}.wasm`, url) : url;
}

async function load(
  variant: Variant,
  url: URL,
  shared: WebAssembly.Memory | undefined,
  threads: number,
): Promise<NativeModule> {
  const [{ default: create }, compiled] = await Promise.all([variants[variant].script(), moduleAt(url)]);
  let memory = shared;
  const module = await new Promise<NativeModule>((resolve, reject) => {
    create({
      ...(shared && { wasmMemory: shared, fluxionThreads: threads - 1 }),
      instantiateWasm(imports, receive) {
        WebAssembly.instantiate(compiled, imports)
          .then((instance) => {
            memory ??= Object.values(instance.exports).find((e) => e instanceof WebAssembly.Memory);
            receive(instance, compiled);
          })
          .catch((error: Error) =>
            reject(new FluxionError(`init: the WebAssembly module cannot be started: ${error.message}`)),
          );
        return {};
      },
      raise: (kind, message) => nativeHooks.raise(kind, message, errorOf),
      callback: nativeHooks.callback,
      forget: nativeHooks.forget,
    }).then(resolve, reject);
  });
  if (!memory) throw new FluxionError('init: the WebAssembly module has no memory');
  setLib(module, memory);
  return module;
}

/** Numbers about memory, all of them as of now. */
export interface MemoryInfo {
  /** Live tensors, those inside modules and graphs included. */
  tensors: number;
  /** Bytes in live tensors. */
  bytes: number;
  /** The most that `bytes` has been. */
  peakBytes: number;
  /** Bytes in live tensors and in the cache of freed blocks. */
  reservedBytes: number;
  /** Allocations served from the cache. */
  poolHits: number;
  /** Allocations that were not. A training loop makes none after its first step. */
  freshAllocations: number;
  /** Size of the WebAssembly memory. */
  wasmBytes: number;
  /** Nodes of recorded graphs. */
  graphNodes: number;
  /** Tensors that JavaScript holds. */
  handles: number;
}

/** How much memory is in use. */
export function memory(): MemoryInfo {
  const [tensors, bytes, peakBytes, reservedBytes, poolHits, freshAllocations, graphNodes, handles] =
    takeList(lib.memoryNumbers()) as [number, number, number, number, number, number, number, number];
  return {
    tensors,
    bytes,
    peakBytes,
    reservedBytes,
    poolHits,
    freshAllocations,
    wasmBytes: wasmBytes(),
    graphNodes,
    handles,
  };
}

/** Starts `peakBytes` anew from what is in use. */
export const resetPeakMemory = (): void => lib.resetPeakMemory();
