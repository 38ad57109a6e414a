// Models as C++ calls them: a module of its own, or a JavaScript function that it calls back.
import { describe, refuse } from '../args.ts';
import { FluxionError } from '../errors.ts';
import { isTensor, tensorHandle, tidy, wrap } from '../handles.ts';
import { type Handle, lib, registerCallback } from '../native.ts';
import type { Tensor } from '../tensor.ts';
import { nativeForm } from './containers.ts';
import type { LossFunction } from './fit.ts';
import { type Layer, Module, nativeOf } from './module.ts';

/** A module or a function, whichever C++ is to call: the handle of the one, or 0 and the number of the other. */
export interface Callee {
  module: Handle;
  callback: number;
}

export interface CalledModel extends Callee {
  mode: number;
}

export function calledModel(model: Layer): CalledModel {
  const native = nativeForm(model);
  if (native) return { module: nativeOf(native), callback: 0, mode: 0 };
  return {
    module: 0,
    callback: registerCallback((x) => tidy(() => handOver(model.forward(wrap(x, 'batch')), 'forward'))),
    mode: registerCallback((training) => {
      model.train(training !== 0);
      return 0;
    }),
  };
}

export const calledForward = (model: LossFunction | Layer | ((x: Tensor) => Tensor)): Callee => {
  if (model instanceof Module) return calledModel(model as Layer);
  if (typeof model !== 'function') return refuse('generate', 'the model', 'a Module or a function', model);
  const forward = model as (x: Tensor) => Tensor;
  return {
    module: 0,
    callback: registerCallback((x) => tidy(() => handOver(forward(wrap(x, 'ids')), 'the model'))),
  };
};

export function handOver(result: unknown, from: string): Handle {
  if (isTensor(result)) return lib.aliasTensor(tensorHandle(result, from, 'the result'));
  throw new FluxionError(`fit: ${from} returned ${describe(result)}, not a Tensor`);
}
