// What PyTorch keeps in torch.optim.swa_utils.
import { integer, number, options, refuse } from './args.ts';
import { tensorHandle, wrapList } from './handles.ts';
import { type Handle, lib, putList } from './native.ts';
import { noGrad } from './autograd.ts';
import { type Layer, Module } from './nn/module.ts';
import type { Tensor } from './tensor.ts';

const collector = new FinalizationRegistry<Handle>((handle) => lib.releaseAverage(handle));

/**
 * A moving average of a model's weights: exponential with `decay` (EMA), else the equal average of all updates (SWA).
 * `fit` updates it when given as `average`. Buffers are the model's own.
 *
 * @see https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 * @example
 * ```ts
 * const model = new nn.Linear(1, 1, { bias: false });
 * const average = new optim.swaUtils.AveragedModel(model);
 * for (const value of [1, 2, 6]) { nn.init.constant_(model.weight, value); average.updateParameters(); }
 * [model.weight.item(), average.use(() => model.weight.item()), model.weight.item()] // [6, 3, 6]
 * ```
 */
export class AveragedModel {
  /** @internal */ readonly handle: Handle;
  readonly model: Layer;

  constructor(model: Layer, o: { decay?: number } = {}) {
    const op = 'AveragedModel';
    if (!(model instanceof Module)) refuse(op, 'model', 'a Module', model);
    const { decay } = options(op, o, 'decay');
    if (decay !== undefined && !(number(decay, op, 'decay') >= 0))
      refuse(op, 'decay', 'a number in [0, 1)', decay);
    const parameters = model.parameters().map((p) => tensorHandle(p, op, 'a parameter'));
    this.model = model;
    this.handle = lib.newAverage(putList(parameters), decay ?? -1);
    collector.register(this, this.handle, this);
  }

  /** Takes the model's weights, as they are now, into the average. */
  updateParameters(): void {
    lib.averageUpdate(this.handle);
  }

  /** How many updates there were. */
  get nAveraged(): number {
    return lib.averageCount(this.handle, -1);
  }
  set nAveraged(value: number) {
    lib.averageCount(this.handle, integer(value, 'AveragedModel', 'nAveraged'));
  }

  /** The averages, in the order of the model's parameters; they share memory with the average. */
  parameters(): Tensor[] {
    return wrapList(lib.averageTensors(this.handle), 'AveragedModel');
  }

  /** The model's output with the averaged weights, without gradients. */
  forward(x: Tensor): Tensor {
    return this.use(() => noGrad(() => this.model.forward(x)));
  }

  /** Runs `fn` while the averaged weights stand in the model, and puts the weights back, also after a promise. */
  use<T>(fn: () => T): T {
    let result: T;
    lib.averageSwap(this.handle);
    try {
      result = fn();
    } catch (error) {
      lib.averageSwap(this.handle);
      throw error;
    }
    if (result instanceof Promise) return result.finally(() => lib.averageSwap(this.handle)) as T;
    lib.averageSwap(this.handle);
    return result;
  }
}
