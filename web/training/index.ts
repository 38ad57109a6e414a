// `fluxion/training`: what watches, steers and saves a training.
export type { Callback, Training } from '../nn/fit.ts';
export * from './metrics.ts';
