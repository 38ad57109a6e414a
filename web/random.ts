import { integer, refuse } from './args.ts';
import { tensorHandle, wrap } from './handles.ts';
import { lib } from './native.ts';
import type { Tensor } from './tensor.ts';

/** Starts the random stream anew: PyTorch's own, so that the same seed gives the same numbers and weights as there. */
export function manualSeed(seed: number): void {
  if (integer(seed, 'manualSeed', 'seed') < 0) refuse('manualSeed', 'seed', '0 or more', seed);
  lib.manualSeed(seed);
}

/** The seed that the random stream was last started with. */
export const initialSeed = (): number => lib.currentSeed();

/**
 * Where the random stream stands, as an int32 tensor that can be saved: from there on it gives the same numbers again.
 *
 * @example
 * ```ts
 * const state = getRngState();
 * const first = rand(3).toArray();
 * setRngState(state);
 * String(rand(3).toArray()) === String(first) // true
 * ```
 */
export const getRngState = (): Tensor => wrap(lib.getRandomState(), 'getRngState');

/** Lets the random stream go on from a state that `getRngState` gave; a ParseError when it is none. */
export function setRngState(state: Tensor): void {
  lib.setRandomState(tensorHandle(state, 'setRngState', 'state'));
}
