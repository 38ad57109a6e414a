export {
  type BackwardSteps,
  backwardSteps,
  type CustomContext,
  type CustomOp,
  customOp,
  detectAnomaly,
  enableGrad,
  type FunctionalOptions,
  type GradcheckOptions,
  type GradOptions,
  type Graph,
  type GraphEdge,
  type GraphNode,
  grad,
  gradcheck,
  graph,
  hessian,
  hvp,
  isGradEnabled,
  jacobian,
  jvp,
  keepGraphValues,
  noGrad,
  vjp,
} from './autograd.ts';
export { type CompiledStep, type CompileInfo, compile } from './compile.ts';
export { tensor, type TensorData, type TensorOptions } from './create.ts';
export * as data from './data.ts';
export type { DType, TypedArray } from './dtype.ts';
export * from './errors.ts';
export * as F from './functional.ts';
export * from './generated/ops.ts';
export { type Named, tidy } from './handles.ts';
export type { Index } from './indexing.ts';
export * as io from './io.ts';
export {
  type Info,
  type InitOptions,
  info,
  init,
  type MemoryInfo,
  memory,
  resetPeakMemory,
} from './loader/init.ts';
export * as manual from './manual.ts';
export * as nn from './nn/index.ts';
export { arange, max, min } from './odd.ts';
export * as optim from './optim.ts';
export { getRngState, initialSeed, manualSeed, setRngState } from './random.ts';
export { type BackwardOptions, type GradHook, type HookHandle, type NestedArray, Tensor } from './tensor.ts';
export * as text from './text.ts';
export type { Variant } from './variants.ts';
