// A failed call leaves everything as it was.
import { type FluxionError, memory, type Tensor, tidy } from 'fluxion';
import { expect } from 'vitest';

interface Wanted {
  name: string;
  message: string | RegExp;
}

/** Runs `call`, which must throw `wanted`, and sees that no tensor came or went and that `kept` have their values. */
export function refused(call: () => unknown, wanted: Wanted, kept: readonly Tensor[] = []): void {
  const values = kept.map((t) => t.toTypedArray());
  const before = memory();
  let error: FluxionError | undefined;
  try {
    tidy(call);
  } catch (thrown) {
    error = thrown as FluxionError;
  }
  expect(error, 'an error').toBeInstanceOf(Error);
  expect(error!.message).toEqual(
    typeof wanted.message === 'string' ? wanted.message : expect.stringMatching(wanted.message),
  );
  expect(error!.name).toBe(wanted.name);
  const after = memory();
  expect({
    tensors: after.tensors,
    handles: after.handles,
    bytes: after.bytes,
    nodes: after.graphNodes,
  }).toEqual({
    tensors: before.tensors,
    handles: before.handles,
    bytes: before.bytes,
    nodes: before.graphNodes,
  });
  kept.forEach((t, i) => {
    expect(t.toTypedArray()).toEqual(values[i]);
  });
}
