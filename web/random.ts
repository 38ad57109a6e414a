import { integer, refuse } from './args.ts';
import { lib } from './native.ts';

/** Starts the random stream anew: PyTorch's own, so that the same seed gives the same numbers and weights as there. */
export function manualSeed(seed: number): void {
  if (integer(seed, 'manualSeed', 'seed') < 0) refuse('manualSeed', 'seed', '0 or more', seed);
  lib.manualSeed(seed);
}

/** The seed that the random stream was last started with. */
export const initialSeed = (): number => lib.currentSeed();
