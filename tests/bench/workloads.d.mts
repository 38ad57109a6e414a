export type Group = 'products' | 'networks' | 'generation' | 'arrays' | 'start';
export type Unit = 'GFLOP/s' | 'steps/s' | 'tokens/s' | 'ms';

export interface Row {
  id: string;
  name: string;
  group: Group;
  /** Rows of one kind share a worker. */
  kind: string;
  unit: Unit;
  /** How much of the unit one call is worth; of no meaning for milliseconds. */
  per: number;
  /** What one call moves through memory. */
  gigabytes?: number;
  /** How a network's step is taken; others have one way. */
  mode?: 'eager' | 'fit' | 'compile';
}

export interface Task {
  run(calls: number): unknown;
  check(): number[] | Promise<number[]>;
}

export const rows: Row[];
export const startUp: Row;
export function fluxionTask(fx: typeof import('fluxion'), row: Row): Task | undefined;
