import { memory } from 'fluxion';
import { expect } from 'vitest';

/** Takes the next n events of a run. */
export function take<T>(run: Iterator<T>, n: number): T[] {
  return Array.from({ length: n }, () => run.next().value as T);
}

/** Runs `work` twice, the first time to warm up, and asserts that the second left and took nothing. */
export function expectFlatMemory(work: () => void) {
  work();
  const before = memory();
  work();
  const after = memory();
  expect(after.tensors).toBe(before.tensors);
  expect(after.bytes).toBe(before.bytes);
  expect(after.wasmBytes).toBe(before.wasmBytes);
  expect(after.freshAllocations).toBe(before.freshAllocations);
}
