export * from '../generated/modules.ts';
export { ModuleDict, ModuleList, Sequential } from './containers.ts';
export type {
  AccuracyOptions,
  AverageLike,
  BatchEvent,
  Callback,
  EpochEvent,
  Evaluation,
  EvaluationResult,
  FitOptions,
  FitResult,
  HistoryEntry,
  LossFunction,
  LossLike,
  MetricLike,
  Training,
} from './fit.ts';
export * as init from './init.ts';
export { type Layer, Module, NativeLoss, NativeModule, type StateDict } from './module.ts';
export { Parameter } from './parameter.ts';
export * as utils from './utils.ts';
