/** Calls of one kind, as `profile()` of fluxion/training counts them. */
export interface ProfiledCalls {
  op: string;
  kernel: string;
  calls: number;
  selfTime: number;
  flop: number;
  bytes: number;
}

/** The most that the device does: arithmetic in GFLOP/s, memory in GB/s. */
export interface Paces {
  arithmetic: number;
  memory: number;
}

export type Limit = 'arithmetic' | 'memory' | 'neither';

// Slower than this many times the pace that should hold it back: something else does.
const FAR = 3;

/** What holds calls back: whichever of arithmetic and memory takes longer at the device's own pace, unless both are far
    quicker than the calls were. */
export function limitOf({ selfTime, flop, bytes }: ProfiledCalls, { arithmetic, memory }: Paces): Limit {
  const computing = flop / arithmetic / 1e6;
  const moving = bytes / memory / 1e6;
  if (selfTime > FAR * Math.max(computing, moving)) return 'neither';
  return computing > moving ? 'arithmetic' : 'memory';
}
