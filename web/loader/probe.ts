// What this engine can do, found out by validating tiny modules.

const header = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
// One function () → v128.
const types = [1, 5, 1, 0x60, 0, 1, 0x7b, 3, 2, 1, 0];
const zeros = [0x41, 0, 0xfd, 0x0f]; // i32.const 0, i8x16.splat

function validates(...body: number[]): boolean {
  const code = [0, ...body, 0x0b];
  const section = [10, code.length + 2, 1, code.length, ...code];
  try {
    return WebAssembly.validate(new Uint8Array([...header, ...types, ...section]));
  } catch {
    return false;
  }
}

export interface Features {
  simd: boolean;
  relaxed: boolean;
  /** Empty where threads can run, otherwise the reason why not. */
  noThreads: string;
  cores: number;
}

let found: Features | undefined;

interface NodeProcess {
  versions?: { node?: string };
  getBuiltinModule?(name: 'node:fs'): { readFileSync(file: URL): Uint8Array };
  getBuiltinModule?(name: 'node:os'): { availableParallelism(): number };
}

/** Node's process object, or undefined in a browser. */
export const node = ((): NodeProcess | undefined => {
  const process = (globalThis as { process?: NodeProcess }).process;
  return process?.versions?.node ? process : undefined;
})();

function reasonAgainstThreads(): string {
  if (
    typeof SharedArrayBuffer === 'undefined' &&
    !(globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated
  )
    return 'the page is not cross-origin isolated (its server sends no COOP and COEP headers)';
  if (!node && !(globalThis as { crossOriginIsolated?: boolean }).crossOriginIsolated)
    return 'the page is not cross-origin isolated (its server sends no COOP and COEP headers)';
  if (!node && typeof Worker === 'undefined') return 'this context cannot start workers';
  try {
    new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
  } catch {
    return 'this engine has no shared WebAssembly memory';
  }
  return '';
}

function coreCount(): number {
  const count =
    node?.getBuiltinModule?.('node:os').availableParallelism() ?? globalThis.navigator?.hardwareConcurrency;
  return Math.max(1, Math.min(count || 1, 16));
}

/** The answer is found once and kept. */
export function features(): Features {
  found ??= {
    simd: validates(...zeros, 0xfd, 0x62), // i8x16.popcnt
    relaxed: validates(...zeros, ...zeros, ...zeros, 0xfd, 0x85, 2), // f32x4.relaxed_madd
    noThreads: reasonAgainstThreads(),
    cores: coreCount(),
  };
  return found;
}
