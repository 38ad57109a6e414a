import type { Row, Task, Unit } from './workloads.mjs';

export interface Summary {
  median: number;
  min: number;
  max: number;
}

export function time(task: Pick<Task, 'run'>, calls: number): Promise<number>;
export function warmUp(task: Pick<Task, 'run'>): Promise<number>;
export function median(list: readonly number[]): number;
export function inUnit(row: Pick<Row, 'unit' | 'per'>, ms: number): number;
export function summary(row: Pick<Row, 'unit' | 'per'>, times: readonly number[]): Summary;
export function fastest(unit: Unit, medians: Record<string, number>): string | undefined;
export function number(n: number | undefined): string;
