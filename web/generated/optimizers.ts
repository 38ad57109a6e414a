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

/** Options of {@link RMSprop}. */
export interface RMSpropOptions {
  /** By default 0.01. */
  lr?: number;
  /** By default 0.99. */
  alpha?: number;
  /** By default 1e-08. */
  eps?: number;
  /** By default 0. */
  weightDecay?: number;
  /** By default 0. */
  momentum?: number;
  /** By default false. */
  centered?: boolean;
  /** By default false. */
  maximize?: boolean;
}

/**
 * Steps scaled by a running average of the gradient's square, by its variance with centered.
 *
 * `v = α·v + (1 − α)·g²; b = momentum·b + g/(√v + eps); p −= lr·b`
 *
 * Shapes: any; square_avg, momentum_buffer and grad_avg as their parameter.
 *
 * Errors: FluxionError when an option is negative.
 *
 * By default `lr` is 0.01, `alpha` is 0.99, `eps` is 1e-08, `weightDecay` is 0, `momentum` is 0, `centered` is
 * false, `maximize` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html
 *
 * @example
 * ```ts
 * const w = tensor([1], { requiresGrad: true }); const opt = new optim.RMSprop([w], { lr: 0.5 }); w.sum().backward(); opt.step(); w.toArray()
 * // [-4]
 * ```
 */
export class RMSprop extends Optimizer {
  constructor(params: Params<RMSpropOptions>, o?: RMSpropOptions) {
    const {
      lr = 0.01,
      alpha = 0.99,
      eps = 1e-8,
      weightDecay = 0,
      momentum = 0,
      centered = false,
      maximize = false,
    } = options<RMSpropOptions>('RMSprop', o, 'lr alpha eps weightDecay momentum centered maximize');
    const group = firstGroup(params, 'RMSprop');
    super(
      lib.optim_RMSprop(
        group.params,
        number(lr, 'RMSprop', 'lr'),
        number(alpha, 'RMSprop', 'alpha'),
        number(eps, 'RMSprop', 'eps'),
        number(weightDecay, 'RMSprop', 'weightDecay'),
        number(momentum, 'RMSprop', 'momentum'),
        flag(centered, 'RMSprop', 'centered'),
        flag(maximize, 'RMSprop', 'maximize'),
      ),
      {
        lr: 'lr',
        alpha: 'alpha',
        eps: 'eps',
        weightDecay: 'weight_decay',
        momentum: 'momentum',
        centered: 'centered',
        maximize: 'maximize',
      },
      group.groups,
    );
  }
}

/** Options of {@link Adagrad}. */
export interface AdagradOptions {
  /** By default 0.01. */
  lr?: number;
  /** By default 0. */
  lrDecay?: number;
  /** By default 0. */
  weightDecay?: number;
  /** By default 0. */
  initialAccumulatorValue?: number;
  /** By default 1e-10. */
  eps?: number;
  /** By default false. */
  maximize?: boolean;
}

/**
 * Steps that shrink where gradients have been large, by the sum of all their squares.
 *
 * `s += g²; p −= lr/(1 + (t − 1)·lrDecay) · g/(√s + eps)`
 *
 * Shapes: any; sum as its parameter.
 *
 * Errors: FluxionError when an option is negative.
 *
 * By default `lr` is 0.01, `lrDecay` is 0, `weightDecay` is 0, `initialAccumulatorValue` is 0, `eps` is 1e-10,
 * `maximize` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html
 *
 * @example
 * ```ts
 * const w = tensor([1], { requiresGrad: true }); const opt = new optim.Adagrad([w], { lr: 0.5 }); w.sum().backward(); opt.step(); w.toArray()
 * // [0.5]
 * ```
 */
export class Adagrad extends Optimizer {
  constructor(params: Params<AdagradOptions>, o?: AdagradOptions) {
    const {
      lr = 0.01,
      lrDecay = 0,
      weightDecay = 0,
      initialAccumulatorValue = 0,
      eps = 1e-10,
      maximize = false,
    } = options<AdagradOptions>('Adagrad', o, 'lr lrDecay weightDecay initialAccumulatorValue eps maximize');
    const group = firstGroup(params, 'Adagrad');
    super(
      lib.optim_Adagrad(
        group.params,
        number(lr, 'Adagrad', 'lr'),
        number(lrDecay, 'Adagrad', 'lrDecay'),
        number(weightDecay, 'Adagrad', 'weightDecay'),
        number(initialAccumulatorValue, 'Adagrad', 'initialAccumulatorValue'),
        number(eps, 'Adagrad', 'eps'),
        flag(maximize, 'Adagrad', 'maximize'),
      ),
      {
        lr: 'lr',
        lrDecay: 'lr_decay',
        weightDecay: 'weight_decay',
        initialAccumulatorValue: 'initial_accumulator_value',
        eps: 'eps',
        maximize: 'maximize',
      },
      group.groups,
    );
  }
}

/** Options of {@link Adadelta}. */
export interface AdadeltaOptions {
  /** By default 1. */
  lr?: number;
  /** By default 0.9. */
  rho?: number;
  /** By default 1e-06. */
  eps?: number;
  /** By default 0. */
  weightDecay?: number;
  /** By default false. */
  maximize?: boolean;
}

/**
 * Steps as large as recent steps were, over how large recent gradients were: no rate to choose.
 *
 * `v = ρ·v + (1 − ρ)·g²; d = g·√(u + eps)/√(v + eps); u = ρ·u + (1 − ρ)·d²; p −= lr·d`
 *
 * Shapes: any; square_avg and acc_delta as their parameter.
 *
 * Errors: FluxionError when an option is negative, or rho lies outside [0, 1].
 *
 * By default `lr` is 1, `rho` is 0.9, `eps` is 1e-06, `weightDecay` is 0, `maximize` is false.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Adadelta.html
 *
 * @example
 * ```ts
 * const w = tensor([1], { requiresGrad: true }); const opt = new optim.Adadelta([w], { lr: 0.5 }); w.sum().backward(); opt.step(); w.toArray()
 * // [0.998419]
 * ```
 */
export class Adadelta extends Optimizer {
  constructor(params: Params<AdadeltaOptions>, o?: AdadeltaOptions) {
    const {
      lr = 1,
      rho = 0.9,
      eps = 1e-6,
      weightDecay = 0,
      maximize = false,
    } = options<AdadeltaOptions>('Adadelta', o, 'lr rho eps weightDecay maximize');
    const group = firstGroup(params, 'Adadelta');
    super(
      lib.optim_Adadelta(
        group.params,
        number(lr, 'Adadelta', 'lr'),
        number(rho, 'Adadelta', 'rho'),
        number(eps, 'Adadelta', 'eps'),
        number(weightDecay, 'Adadelta', 'weightDecay'),
        flag(maximize, 'Adadelta', 'maximize'),
      ),
      { lr: 'lr', rho: 'rho', eps: 'eps', weightDecay: 'weight_decay', maximize: 'maximize' },
      group.groups,
    );
  }
}

/** Options of {@link NAdam}. */
export interface NAdamOptions {
  /** By default 0.002. */
  lr?: number;
  /** By default [0.9, 0.999]. */
  betas?: readonly number[];
  /** By default 1e-08. */
  eps?: number;
  /** By default 0. */
  weightDecay?: number;
  /** By default 0.004. */
  momentumDecay?: number;
}

/**
 * Adam that looks a step ahead, as Nesterov's momentum does.
 *
 * `p −= lr · ((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ₊₁)·m)/(√v̂ + eps), μₜ = β₁·(1 − 0.96^(t·momentumDecay)/2)`
 *
 * Shapes: any; exp_avg and exp_avg_sq as their parameter, mu_product [].
 *
 * Errors: FluxionError when an option is negative, or a beta lies outside [0, 1).
 *
 * By default `lr` is 0.002, `betas` is [0.9, 0.999], `eps` is 1e-08, `weightDecay` is 0, `momentumDecay` is 0.004.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html
 *
 * @example
 * ```ts
 * const w = tensor([1], { requiresGrad: true }); const opt = new optim.NAdam([w], { lr: 0.5 }); w.sum().backward(); opt.step(); w.toArray()
 * // [0.471774]
 * ```
 */
export class NAdam extends Optimizer {
  constructor(params: Params<NAdamOptions>, o?: NAdamOptions) {
    const {
      lr = 0.002,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
      momentumDecay = 0.004,
    } = options<NAdamOptions>('NAdam', o, 'lr betas eps weightDecay momentumDecay');
    const group = firstGroup(params, 'NAdam');
    super(
      lib.optim_NAdam(
        group.params,
        number(lr, 'NAdam', 'lr'),
        numbers(betas, 'NAdam', 'betas'),
        number(eps, 'NAdam', 'eps'),
        number(weightDecay, 'NAdam', 'weightDecay'),
        number(momentumDecay, 'NAdam', 'momentumDecay'),
      ),
      { lr: 'lr', betas: 'betas', eps: 'eps', weightDecay: 'weight_decay', momentumDecay: 'momentum_decay' },
      group.groups,
    );
  }
}

/** Options of {@link RAdam}. */
export interface RAdamOptions {
  /** By default 0.001. */
  lr?: number;
  /** By default [0.9, 0.999]. */
  betas?: readonly number[];
  /** By default 1e-08. */
  eps?: number;
  /** By default 0. */
  weightDecay?: number;
}

/**
 * Adam whose first steps are plain momentum, until the average of squares can be trusted.
 *
 * `ρₜ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ); p −= lr·m̂·(ρₜ > 5 ? rₜ/(√v̂ + eps) : 1)`
 *
 * Shapes: any; exp_avg and exp_avg_sq as their parameter.
 *
 * Errors: FluxionError when an option is negative, or a beta lies outside [0, 1).
 *
 * By default `lr` is 0.001, `betas` is [0.9, 0.999], `eps` is 1e-08, `weightDecay` is 0.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html
 *
 * @example
 * ```ts
 * const w = tensor([1], { requiresGrad: true }); const opt = new optim.RAdam([w], { lr: 0.5 }); w.sum().backward(); opt.step(); w.toArray()
 * // [0.5]
 * ```
 */
export class RAdam extends Optimizer {
  constructor(params: Params<RAdamOptions>, o?: RAdamOptions) {
    const {
      lr = 0.001,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weightDecay = 0,
    } = options<RAdamOptions>('RAdam', o, 'lr betas eps weightDecay');
    const group = firstGroup(params, 'RAdam');
    super(
      lib.optim_RAdam(
        group.params,
        number(lr, 'RAdam', 'lr'),
        numbers(betas, 'RAdam', 'betas'),
        number(eps, 'RAdam', 'eps'),
        number(weightDecay, 'RAdam', 'weightDecay'),
      ),
      { lr: 'lr', betas: 'betas', eps: 'eps', weightDecay: 'weight_decay' },
      group.groups,
    );
  }
}

/** Options of {@link Lion}. */
export interface LionOptions {
  /** By default 0.0001. */
  lr?: number;
  /** By default [0.9, 0.99]. */
  betas?: readonly number[];
  /** By default 0. */
  weightDecay?: number;
}

/**
 * Steps of one size, in the direction of a running average's signs.
 *
 * `p −= lr·(sgn(β₁·m + (1 − β₁)·g) + weightDecay·p); m = β₂·m + (1 − β₂)·g`
 *
 * Shapes: any; exp_avg as its parameter.
 *
 * Errors: FluxionError when an option is negative, or a beta lies outside [0, 1).
 *
 * By default `lr` is 0.0001, `betas` is [0.9, 0.99], `weightDecay` is 0.
 *
 * @see https://arxiv.org/abs/2302.06675
 *
 * @example
 * ```ts
 * const w = tensor([1], { requiresGrad: true }); const opt = new optim.Lion([w], { lr: 0.5 }); w.sum().backward(); opt.step(); w.toArray()
 * // [0.5]
 * ```
 */
export class Lion extends Optimizer {
  constructor(params: Params<LionOptions>, o?: LionOptions) {
    const {
      lr = 0.0001,
      betas = [0.9, 0.99],
      weightDecay = 0,
    } = options<LionOptions>('Lion', o, 'lr betas weightDecay');
    const group = firstGroup(params, 'Lion');
    super(
      lib.optim_Lion(
        group.params,
        number(lr, 'Lion', 'lr'),
        numbers(betas, 'Lion', 'betas'),
        number(weightDecay, 'Lion', 'weightDecay'),
      ),
      { lr: 'lr', betas: 'betas', weightDecay: 'weight_decay' },
      group.groups,
    );
  }
}

/** Options of {@link Muon}. */
export interface MuonOptions {
  /** By default 0.001. */
  lr?: number;
  /** By default 0.1. */
  weightDecay?: number;
  /** By default 0.95. */
  momentum?: number;
  /** By default true. */
  nesterov?: boolean;
  /** By default 1e-07. */
  eps?: number;
  /** By default 5. */
  nsSteps?: number;
}

/**
 * Momentum made nearly orthogonal before it is taken, for the weight matrices of hidden layers.
 *
 * `X = NS(momentum); p −= lr·weightDecay·p; p −= lr·√max(1, rows/columns)·X`
 *
 * Shapes: matrices [rows, columns]; momentum_buffer as its parameter.
 *
 * Errors: ShapeError for a parameter that is no matrix; FluxionError when an option is out of range.
 *
 * By default `lr` is 0.001, `weightDecay` is 0.1, `momentum` is 0.95, `nesterov` is true, `eps` is 1e-07,
 * `nsSteps` is 5.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.Muon.html
 *
 * @example
 * ```ts
 * const w = tensor([[3, 4]], { requiresGrad: true }); const opt = new optim.Muon([w], { lr: 1, weightDecay: 0, nsSteps: 0 }); w.square().sum().backward(); opt.step(); w.toArray()
 * // [[2.4, 3.2]]
 * ```
 */
export class Muon extends Optimizer {
  constructor(params: Params<MuonOptions>, o?: MuonOptions) {
    const {
      lr = 0.001,
      weightDecay = 0.1,
      momentum = 0.95,
      nesterov = true,
      eps = 1e-7,
      nsSteps = 5,
    } = options<MuonOptions>('Muon', o, 'lr weightDecay momentum nesterov eps nsSteps');
    const group = firstGroup(params, 'Muon');
    super(
      lib.optim_Muon(
        group.params,
        number(lr, 'Muon', 'lr'),
        number(weightDecay, 'Muon', 'weightDecay'),
        number(momentum, 'Muon', 'momentum'),
        flag(nesterov, 'Muon', 'nesterov'),
        number(eps, 'Muon', 'eps'),
        number(nsSteps, 'Muon', 'nsSteps'),
      ),
      {
        lr: 'lr',
        weightDecay: 'weight_decay',
        momentum: 'momentum',
        nesterov: 'nesterov',
        eps: 'eps',
        nsSteps: 'ns_steps',
      },
      group.groups,
    );
  }
}
