// Made by `npm run generate` from the rows in cpp/fluxion/optim. Do not edit.

import { flag, number, numbers, options } from '../args.ts';
import { lib } from '../native.ts';
import { firstGroup, Optimizer, type Params } from '../optimizer.ts';

/** Options of {@link SGD}. */
export interface SGDOptions {
  /** By default 0.001. */
  lr?: number;
  /** By default 0. */
  momentum?: number;
  /** By default 0. */
  dampening?: number;
  /** By default 0. */
  weightDecay?: number;
  /** By default false. */
  nesterov?: boolean;
  /** By default false. */
  maximize?: boolean;
}

/**
 * Stochastic gradient descent, with momentum, dampening, Nesterov's form and weight decay.
 *
 * `b = momentum·b + (1 − dampening)·(g + weightDecay·p); p −= lr·b`
 *
 * Shapes: any; momentum_buffer as its parameter.
 *
 * Errors: FluxionError when an option is negative, or nesterov is asked for without momentum or with dampening.
 *
 * By default `lr` is 0.001, `momentum` is 0, `dampening` is 0, `weightDecay` is 0, `nesterov` is false, `maximize`
 * is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 *
 * @example
 * ```ts
 * const w = tensor([1], { requiresGrad: true }); const opt = new optim.SGD([w], { lr: 0.5 }); w.sum().backward(); opt.step(); w.toArray()
 * // [0.5]
 * ```
 */
export class SGD extends Optimizer {
  constructor(params: Params<SGDOptions>, o?: SGDOptions) {
    const {
      lr = 0.001,
      momentum = 0,
      dampening = 0,
      weightDecay = 0,
      nesterov = false,
      maximize = false,
    } = options<SGDOptions>('SGD', o, 'lr momentum dampening weightDecay nesterov maximize');
    const group = firstGroup(params, 'SGD');
    super(
      lib.optim_SGD(
        group.params,
        number(lr, 'SGD', 'lr'),
        number(momentum, 'SGD', 'momentum'),
        number(dampening, 'SGD', 'dampening'),
        number(weightDecay, 'SGD', 'weightDecay'),
        flag(nesterov, 'SGD', 'nesterov'),
        flag(maximize, 'SGD', 'maximize'),
      ),
      {
        lr: 'lr',
        momentum: 'momentum',
        dampening: 'dampening',
        weightDecay: 'weight_decay',
        nesterov: 'nesterov',
        maximize: 'maximize',
      },
      group.groups,
    );
  }
}

/** Options of {@link Adam}. */
export interface AdamOptions {
  /** By default 0.001. */
  lr?: number;
  /** By default [0.9, 0.999]. */
  betas?: readonly number[];
  /** By default 1e-08. */
  eps?: number;
  /** By default 0. */
  weightDecay?: number;
  /** By default false. */
  amsgrad?: boolean;
  /** By default false. */
  maximize?: boolean;
}

/**
 * Steps scaled by running averages of the gradient and of its square. weightDecay is added to the gradient.
 *
 * `m = β₁·m + (1 − β₁)·g; v = β₂·v + (1 − β₂)·g²; p −= lr · m̂ / (√v̂ + eps)`
 *
 * Shapes: any; exp_avg, exp_avg_sq and max_exp_avg_sq as their parameter.
 *
 * Errors: FluxionError when an option is negative, or a beta lies outside [0, 1).
 *
 * By default `lr` is 0.001, `betas` is [0.9, 0.999], `eps` is 1e-08, `weightDecay` is 0, `amsgrad` is false,
 * `maximize` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adam.html
 *
 * @example
 * ```ts
 * const w = tensor([1], { requiresGrad: true }); const opt = new optim.Adam([w], { lr: 0.5 }); w.sum().backward(); opt.step(); w.toArray()
 * // [0.5]
 * ```
 */
export class Adam extends Optimizer {
  constructor(params: Params<AdamOptions>, o?: AdamOptions) {
    const {
      lr = 0.001,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
      amsgrad = false,
      maximize = false,
    } = options<AdamOptions>('Adam', o, 'lr betas eps weightDecay amsgrad maximize');
    const group = firstGroup(params, 'Adam');
    super(
      lib.optim_Adam(
        group.params,
        number(lr, 'Adam', 'lr'),
        numbers(betas, 'Adam', 'betas'),
        number(eps, 'Adam', 'eps'),
        number(weightDecay, 'Adam', 'weightDecay'),
        flag(amsgrad, 'Adam', 'amsgrad'),
        flag(maximize, 'Adam', 'maximize'),
      ),
      {
        lr: 'lr',
        betas: 'betas',
        eps: 'eps',
        weightDecay: 'weight_decay',
        amsgrad: 'amsgrad',
        maximize: 'maximize',
      },
      group.groups,
    );
  }
}

/** Options of {@link AdamW}. */
export interface AdamWOptions {
  /** By default 0.001. */
  lr?: number;
  /** By default [0.9, 0.999]. */
  betas?: readonly number[];
  /** By default 1e-08. */
  eps?: number;
  /** By default 0.01. */
  weightDecay?: number;
  /** By default false. */
  amsgrad?: boolean;
  /** By default false. */
  maximize?: boolean;
}

/**
 * Adam with weight decay that shrinks the parameters by themselves.
 *
 * `p −= lr·weightDecay·p; then as Adam`
 *
 * Shapes: any; exp_avg, exp_avg_sq and max_exp_avg_sq as their parameter.
 *
 * Errors: FluxionError when an option is negative, or a beta lies outside [0, 1).
 *
 * By default `lr` is 0.001, `betas` is [0.9, 0.999], `eps` is 1e-08, `weightDecay` is 0.01, `amsgrad` is false,
 * `maximize` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 *
 * @example
 * ```ts
 * const w = tensor([1], { requiresGrad: true }); const opt = new optim.AdamW([w], { lr: 0.5, weightDecay: 0 }); w.sum().backward(); opt.step(); w.toArray()
 * // [0.5]
 * ```
 */
export class AdamW extends Optimizer {
  constructor(params: Params<AdamWOptions>, o?: AdamWOptions) {
    const {
      lr = 0.001,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0.01,
      amsgrad = false,
      maximize = false,
    } = options<AdamWOptions>('AdamW', o, 'lr betas eps weightDecay amsgrad maximize');
    const group = firstGroup(params, 'AdamW');
    super(
      lib.optim_AdamW(
        group.params,
        number(lr, 'AdamW', 'lr'),
        numbers(betas, 'AdamW', 'betas'),
        number(eps, 'AdamW', 'eps'),
        number(weightDecay, 'AdamW', 'weightDecay'),
        flag(amsgrad, 'AdamW', 'amsgrad'),
        flag(maximize, 'AdamW', 'maximize'),
      ),
      {
        lr: 'lr',
        betas: 'betas',
        eps: 'eps',
        weightDecay: 'weight_decay',
        amsgrad: 'amsgrad',
        maximize: 'maximize',
      },
      group.groups,
    );
  }
}
