export * from '../generated/modules.ts';
export * as functional from '../functional.ts';
export { ModuleDict, ModuleList, Sequential } from './containers.ts';
export type {
  AccuracyOptions,
  BatchEvent,
  EpochEvent,
  Evaluation,
  FitOptions,
  FitResult,
  HistoryEntry,
  LossFunction,
  LossLike,
} from './fit.ts';
export * as init from './init.ts';
export { type Layer, Module, NativeLoss, NativeModule, type StateDict } from './module.ts';
export { Parameter } from './parameter.ts';
