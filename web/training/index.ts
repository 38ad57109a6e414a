// `fluxion/training`: what watches, steers and saves a training.
export type { Callback, Training } from '../nn/fit.ts';
export * from './average.ts';
export * from './callbacks.ts';
export { type Checkpoint, type CheckpointParts, loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
export { readFile, removeFile, type Writer, writeFile } from './files.ts';
export * from './lr-finder.ts';
export * from './metrics.ts';
export * from './penalty.ts';
export { type Profile, type ProfileRow, profile, type TraceEvent } from './profile.ts';
export * from './summary.ts';
export {
  decodeFrame,
  encodeFrame,
  type Frame,
  type FrameEntry,
  type FrameRole,
  FrameSplitter,
} from './frames.ts';
export { type FrameSink, Monitor, type MonitorOptions, type TensorRequest } from './monitor.ts';
