import { keep, tensorHandle } from '../handles.ts';
import { type Handle, lib } from '../native.ts';
import { Tensor } from '../tensor.ts';

/**
 * A tensor that a module trains: assigned to a field of a Module, it is found by `parameters()`. Shares memory with the
 * tensor it is made from.
 *
 * @example
 * ```ts
 * new nn.Parameter(zeros([3])).requiresGrad // true
 * ```
 */
export class Parameter extends Tensor {
  constructor(data: Tensor, requiresGrad = true) {
    if (typeof data === 'number') {
      super(data, 'parameter');
    } else {
      super(lib.detachTensor(tensorHandle(data, 'Parameter', 'data')), 'parameter');
      this.requiresGrad = requiresGrad;
    }
    this.slot = 0;
    keep(this);
  }

  /** As PyTorch prints it. */
  override toString(): string {
    return `Parameter containing:\n${super.toString()}`;
  }
}

/** A Parameter on a handle that the caller owns. */
export const parameterOn = (handle: Handle): Parameter => new Parameter(handle as unknown as Tensor);
