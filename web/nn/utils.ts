// What PyTorch keeps in torch.nn.utils.
import { flag, number, options } from '../args.ts';
import { tensorHandle } from '../handles.ts';
import { type Address, lib, putList } from '../native.ts';
import type { Tensor } from '../tensor.ts';

const handles = (params: Iterable<Tensor>, op: string): Address =>
  putList([...params].map((p, i) => tensorHandle(p, op, `parameters[${i}]`)));

/**
 * Scales the gradients in place so that their norm, all of them taken as one vector, is at most `maxNorm`. Gives the norm
 * as it was. `normType` is 2 unless given, `Infinity` takes the largest value; with `errorIfNonfinite`, a norm that is NaN
 * or infinite is a FluxionError and nothing is changed.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
 * @example
 * ```ts
 * const w = tensor([3, 4], { requiresGrad: true });
 * w.square().sum().backward();
 * [nn.utils.clipGradNorm([w], 1), ...w.grad.toArray()] // [10, 0.6, 0.8]
 * ```
 */
export function clipGradNorm(
  parameters: Iterable<Tensor>,
  maxNorm: number,
  o: { normType?: number; errorIfNonfinite?: boolean } = {},
): number {
  const op = 'clipGradNorm';
  const { normType = 2, errorIfNonfinite = false } = options(op, o, 'normType errorIfNonfinite');
  const most = number(maxNorm, op, 'maxNorm');
  const type = number(normType, op, 'normType');
  return lib.clipGradNorm(
    handles(parameters, op),
    most,
    type,
    flag(errorIfNonfinite, op, 'errorIfNonfinite'),
  );
}

/**
 * Puts every value of the gradients within ±`clipValue`, in place.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html
 * @example
 * ```ts
 * const w = tensor([3, -4], { requiresGrad: true });
 * w.square().sum().backward();
 * nn.utils.clipGradValue([w], 7);
 * w.grad.toArray() // [6, -7]
 * ```
 */
export function clipGradValue(parameters: Iterable<Tensor>, clipValue: number): void {
  const value = number(clipValue, 'clipGradValue', 'clipValue');
  lib.clipGradValue(handles(parameters, 'clipGradValue'), value);
}
