export * from './generated/optimizers.ts';
export { Optimizer, type OptionValue, type ParamGroup, type Params } from './optimizer.ts';
export * as lrScheduler from './schedule.ts';
export * as swaUtils from './average.ts';
