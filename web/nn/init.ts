// Initialisers, in place and unrecorded, on PyTorch's random stream. Each gives its tensor back.
import { choice, number, options, optionalNumber, given } from '../args.ts';
import { tensorHandle } from '../handles.ts';
import { lib } from '../native.ts';
import type { Tensor } from '../tensor.ts';

/** What follows the layer; decides how wide its weights start. */
export type Nonlinearity = 'linear' | 'sigmoid' | 'tanh' | 'relu' | 'leaky_relu' | 'selu';
const nonlinearities = ['linear', 'sigmoid', 'tanh', 'relu', 'leaky_relu', 'selu'];
const fanModes = ['fan_in', 'fan_out'];

/** Options of the kaiming initialisers. */
export interface KaimingOptions {
  /** The slope of a leaky relu; 0 by default. */
  a?: number;
  /** Which side's size counts; 'fan_in' by default. */
  mode?: 'fan_in' | 'fan_out';
  /** 'leaky_relu' by default. */
  nonlinearity?: Nonlinearity;
}

/** Uniform draws from [a, b). */
export function uniform_(tensor: Tensor, a = 0, b = 1): Tensor {
  lib.initUniform(
    tensorHandle(tensor, 'uniform_', 'tensor'),
    number(a, 'uniform_', 'a'),
    number(b, 'uniform_', 'b'),
  );
  return tensor;
}

/** Normal draws. */
export function normal_(tensor: Tensor, mean = 0, std = 1): Tensor {
  const handle = tensorHandle(tensor, 'normal_', 'tensor');
  lib.initNormal(handle, number(mean, 'normal_', 'mean'), number(std, 'normal_', 'std'));
  return tensor;
}

/** One value everywhere. */
export function constant_(tensor: Tensor, value: number): Tensor {
  lib.initConstant(tensorHandle(tensor, 'constant_', 'tensor'), number(value, 'constant_', 'value'));
  return tensor;
}

export const zeros_ = (tensor: Tensor): Tensor => constant_(tensor, 0);
export const ones_ = (tensor: Tensor): Tensor => constant_(tensor, 1);

/** U(−a, a) with a = gain · √(6 / (fan in + fan out)). */
export function xavierUniform_(tensor: Tensor, gain = 1): Tensor {
  lib.initXavierUniform(
    tensorHandle(tensor, 'xavierUniform_', 'tensor'),
    number(gain, 'xavierUniform_', 'gain'),
  );
  return tensor;
}

/** N(0, gain² · 2 / (fan in + fan out)). */
export function xavierNormal_(tensor: Tensor, gain = 1): Tensor {
  lib.initXavierNormal(
    tensorHandle(tensor, 'xavierNormal_', 'tensor'),
    number(gain, 'xavierNormal_', 'gain'),
  );
  return tensor;
}

function kaiming(op: string, o: KaimingOptions | undefined): [number, number, number] {
  const { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' } = options(op, o, 'a mode nonlinearity');
  return [
    number(a, op, 'a'),
    choice(mode, op, 'mode', fanModes),
    choice(nonlinearity, op, 'nonlinearity', nonlinearities),
  ];
}

/** U(−b, b) with b = gain · √(3 / fan). */
export function kaimingUniform_(tensor: Tensor, o?: KaimingOptions): Tensor {
  lib.initKaimingUniform(tensorHandle(tensor, 'kaimingUniform_', 'tensor'), ...kaiming('kaimingUniform_', o));
  return tensor;
}

/** N(0, gain² / fan). */
export function kaimingNormal_(tensor: Tensor, o?: KaimingOptions): Tensor {
  lib.initKaimingNormal(tensorHandle(tensor, 'kaimingNormal_', 'tensor'), ...kaiming('kaimingNormal_', o));
  return tensor;
}

/**
 * A matrix with orthonormal rows or columns, whichever are fewer, times gain; more than two dimensions count as
 * [shape[0], the rest].
 *
 * @example
 * ```ts
 * nn.init.orthogonal_(zeros([3, 2])).square().sum().item() // 2
 * ```
 */
export function orthogonal_(tensor: Tensor, gain = 1): Tensor {
  lib.initOrthogonal(tensorHandle(tensor, 'orthogonal_', 'tensor'), number(gain, 'orthogonal_', 'gain'));
  return tensor;
}

/**
 * Normal draws between a and b.
 *
 * @example
 * ```ts
 * nn.init.truncNormal_(zeros([100]), 0, 1, -1, 1).abs().max().item() <= 1 // true
 * ```
 */
export function truncNormal_(tensor: Tensor, mean = 0, std = 1, a = -2, b = 2): Tensor {
  const op = 'truncNormal_';
  const handle = tensorHandle(tensor, op, 'tensor');
  lib.initTruncNormal(
    handle,
    number(mean, op, 'mean'),
    number(std, op, 'std'),
    number(a, op, 'a'),
    number(b, op, 'b'),
  );
  return tensor;
}

/** The factor that makes up for a nonlinearity's shrinking: 5/3 for tanh, √2 for relu, … */
export function calculateGain(nonlinearity: Nonlinearity, slope: number | null = null): number {
  const index = choice(nonlinearity, 'calculateGain', 'nonlinearity', nonlinearities);
  return lib.initGain(index, given(slope), optionalNumber(slope, 'calculateGain', 'slope'));
}
