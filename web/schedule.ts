// Learning-rate schedules. Each sets the rates of its optimizer when it is made and at each `step()`.
import { flag, integer, number, options, refuse } from './args.ts';
import { FluxionError } from './errors.ts';
import { type Address, type Handle, lib, putList, registerCallback, takeList } from './native.ts';
import { Optimizer } from './optimizer.ts';

const kinds = [
  'Step',
  'MultiStep',
  'Constant',
  'Linear',
  'Exponential',
  'Cosine',
  'WarmRestarts',
  'OneCycle',
];
const schedules = new FinalizationRegistry<Handle>((handle) => lib.releaseSchedule(handle));
const plateaus = new FinalizationRegistry<Handle>((handle) => lib.releasePlateau(handle));

function optimizerHandle(optimizer: unknown, op: string): Handle {
  if (!(optimizer instanceof Optimizer)) return refuse(op, 'optimizer', 'an optimizer', optimizer);
  if (!optimizer.handle) throw new FluxionError(`${op}: the optimizer was disposed of`);
  return optimizer.handle;
}

const made = (kind: string, optimizer: Optimizer, op: string, numbers: number[]): Handle =>
  lib.newSchedule(kinds.indexOf(kind), optimizerHandle(optimizer, op), putList(numbers));

const wholeNumbers = (list: unknown, op: string, name: string): number[] =>
  Array.isArray(list)
    ? list.map((v, i) => integer(v, op, `${name}[${i}]`))
    : refuse(op, name, 'a list of whole numbers', list);

/** What a schedule goes on from in a saved run. */
export interface ScheduleState {
  lastEpoch: number;
}

/** The base of all schedules but {@link ReduceLROnPlateau}. */
export abstract class LRScheduler {
  /** @internal */ readonly handle: Handle;
  readonly optimizer: Optimizer;

  /** @internal */
  constructor(optimizer: Optimizer, handle: Handle) {
    this.optimizer = optimizer;
    this.handle = handle;
    schedules.register(this, handle, this);
  }

  /** One step on: call it after `optimizer.step()`, once an epoch or once a batch, as the schedule's numbers mean. */
  step(): void {
    lib.scheduleStep(this.handle);
  }

  /** How many steps were taken. */
  get lastEpoch(): number {
    return lib.scheduleSteps(this.handle);
  }

  /** The rate of each parameter group, as it is now. */
  getLastLr(): number[] {
    return takeList(lib.scheduleRates(this.handle));
  }

  stateDict(): ScheduleState {
    return { lastEpoch: this.lastEpoch };
  }

  /** Goes on where `stateDict()` was taken, and sets the rates of that step. */
  loadStateDict(state: ScheduleState): void {
    const { lastEpoch } = options('loadStateDict', state, 'lastEpoch');
    const steps = integer(lastEpoch, 'loadStateDict', 'lastEpoch');
    if (steps < 0) refuse('loadStateDict', 'lastEpoch', 'a number from 0 up', lastEpoch);
    lib.scheduleGoTo(this.handle, steps);
  }
}

/**
 * The first rate times `factor(t)`, t counting steps from 0.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html
 * @example
 * ```ts
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 8 });
 * const schedule = new optim.lrScheduler.LambdaLR(opt, (t) => 1 / (1 + t));
 * schedule.step();
 * opt.lr // 4
 * ```
 */
export class LambdaLR extends LRScheduler {
  constructor(optimizer: Optimizer, factor: (step: number) => number) {
    if (typeof factor !== 'function') refuse('LambdaLR', 'factor', 'a function of the step', factor);
    const callback = registerCallback((t) => number(factor(t), 'LambdaLR', 'the result of factor'));
    super(optimizer, lib.lambdaSchedule(optimizerHandle(optimizer, 'LambdaLR'), callback));
  }
}

/**
 * The rate falls by `gamma` (0.1) every `stepSize` steps: base · γ^⌊t/stepSize⌋.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
 * @example
 * ```ts
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 1 });
 * const schedule = new optim.lrScheduler.StepLR(opt, 2, { gamma: 0.5 });
 * [0, 1, 2, 3].map(() => (schedule.step(), opt.lr)) // [1, 0.5, 0.5, 0.25]
 * ```
 */
export class StepLR extends LRScheduler {
  constructor(optimizer: Optimizer, stepSize: number, o: { gamma?: number } = {}) {
    const { gamma = 0.1 } = options('StepLR', o, 'gamma');
    const numbers = [integer(stepSize, 'StepLR', 'stepSize'), number(gamma, 'StepLR', 'gamma')];
    super(optimizer, made('Step', optimizer, 'StepLR', numbers));
  }
}

/**
 * The rate falls by `gamma` (0.1) at each milestone.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html
 * @example
 * ```ts
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 1 });
 * const schedule = new optim.lrScheduler.MultiStepLR(opt, [1, 3]);
 * [0, 1, 2].map(() => (schedule.step(), opt.lr)) // [0.1, 0.1, 0.01]
 * ```
 */
export class MultiStepLR extends LRScheduler {
  constructor(optimizer: Optimizer, milestones: readonly number[], o: { gamma?: number } = {}) {
    const { gamma = 0.1 } = options('MultiStepLR', o, 'gamma');
    const places = wholeNumbers(milestones, 'MultiStepLR', 'milestones');
    super(
      optimizer,
      made('MultiStep', optimizer, 'MultiStepLR', [number(gamma, 'MultiStepLR', 'gamma'), ...places]),
    );
  }
}

/**
 * The rate times `factor` (1/3) for `totalIters` (5) steps, then as it was.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html
 * @example
 * ```ts
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 1 });
 * const schedule = new optim.lrScheduler.ConstantLR(opt, { factor: 0.5, totalIters: 2 });
 * [0, 1].map(() => (schedule.step(), opt.lr)) // [0.5, 1]
 * ```
 */
export class ConstantLR extends LRScheduler {
  constructor(optimizer: Optimizer, o: { factor?: number; totalIters?: number } = {}) {
    const { factor = 1 / 3, totalIters = 5 } = options('ConstantLR', o, 'factor totalIters');
    const numbers = [number(factor, 'ConstantLR', 'factor'), integer(totalIters, 'ConstantLR', 'totalIters')];
    super(optimizer, made('Constant', optimizer, 'ConstantLR', numbers));
  }
}

/**
 * The rate times a factor that goes from `startFactor` (1/3) to `endFactor` (1) in `totalIters` (5) steps: a warm-up.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html
 * @example
 * ```ts
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 1 });
 * const schedule = new optim.lrScheduler.LinearLR(opt, { startFactor: 0.5, totalIters: 2 });
 * [0, 1, 2].map(() => (schedule.step(), opt.lr)) // [0.75, 1, 1]
 * ```
 */
export class LinearLR extends LRScheduler {
  constructor(
    optimizer: Optimizer,
    o: { startFactor?: number; endFactor?: number; totalIters?: number } = {},
  ) {
    const known = options('LinearLR', o, 'startFactor endFactor totalIters');
    const { startFactor = 1 / 3, endFactor = 1, totalIters = 5 } = known;
    const numbers = [
      number(startFactor, 'LinearLR', 'startFactor'),
      number(endFactor, 'LinearLR', 'endFactor'),
      integer(totalIters, 'LinearLR', 'totalIters'),
    ];
    super(optimizer, made('Linear', optimizer, 'LinearLR', numbers));
  }
}

/**
 * The rate falls by `gamma` at every step: base · γᵗ.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 * @example
 * ```ts
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 1 });
 * const schedule = new optim.lrScheduler.ExponentialLR(opt, 0.5);
 * [0, 1].map(() => (schedule.step(), opt.lr)) // [0.5, 0.25]
 * ```
 */
export class ExponentialLR extends LRScheduler {
  constructor(optimizer: Optimizer, gamma: number) {
    super(
      optimizer,
      made('Exponential', optimizer, 'ExponentialLR', [number(gamma, 'ExponentialLR', 'gamma')]),
    );
  }
}

/**
 * Half a cosine from the first rate to `etaMin` (0) in `tMax` steps.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 * @example
 * ```ts
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 1 });
 * const schedule = new optim.lrScheduler.CosineAnnealingLR(opt, 2);
 * [0, 1].map(() => (schedule.step(), opt.lr)) // [0.5, 0]
 * ```
 */
export class CosineAnnealingLR extends LRScheduler {
  constructor(optimizer: Optimizer, tMax: number, o: { etaMin?: number } = {}) {
    const { etaMin = 0 } = options('CosineAnnealingLR', o, 'etaMin');
    const numbers = [
      integer(tMax, 'CosineAnnealingLR', 'tMax'),
      number(etaMin, 'CosineAnnealingLR', 'etaMin'),
    ];
    super(optimizer, made('Cosine', optimizer, 'CosineAnnealingLR', numbers));
  }
}

/**
 * Half a cosine that begins again after `t0` steps, then after `tMult` (1) times as many, and so on.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html
 * @example
 * ```ts
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 1 });
 * const schedule = new optim.lrScheduler.CosineAnnealingWarmRestarts(opt, 2);
 * [0, 1, 2].map(() => (schedule.step(), opt.lr)) // [0.5, 1, 0.5]
 * ```
 */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  constructor(optimizer: Optimizer, t0: number, o: { tMult?: number; etaMin?: number } = {}) {
    const op = 'CosineAnnealingWarmRestarts';
    const { tMult = 1, etaMin = 0 } = options(op, o, 'tMult etaMin');
    const numbers = [integer(t0, op, 't0'), integer(tMult, op, 'tMult'), number(etaMin, op, 'etaMin')];
    super(optimizer, made('WarmRestarts', optimizer, op, numbers));
  }
}

export interface OneCycleOptions {
  maxLr: number;
  totalSteps: number;
  /** The share of the steps in which the rate climbs; 0.3 by default. */
  pctStart?: number;
  /** `'cos'` by default. */
  annealStrategy?: 'cos' | 'linear';
  /** Moves momentum (or the first beta) the other way round; true by default. */
  cycleMomentum?: boolean;
  /** 0.85 by default. */
  baseMomentum?: number;
  /** 0.95 by default. */
  maxMomentum?: number;
  /** The first rate is maxLr / divFactor; 25 by default. */
  divFactor?: number;
  /** The last rate is the first / finalDivFactor; 10,000 by default. */
  finalDivFactor?: number;
  /** Down to the first rate as fast as up, then on to the last. */
  threePhase?: boolean;
}

/**
 * One climb to `maxLr` and one long fall, momentum the other way round. Its steps are batches.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html
 * @example
 * ```ts
 * const opt = new optim.Adam([zeros([1], { requiresGrad: true })]);
 * const schedule = new optim.lrScheduler.OneCycleLR(opt, { maxLr: 1, totalSteps: 10 });
 * [schedule.step(), schedule.step()].map(() => opt.lr) // [1, 1]
 * ```
 */
export class OneCycleLR extends LRScheduler {
  constructor(optimizer: Optimizer, o: OneCycleOptions) {
    const op = 'OneCycleLR';
    const known = options<OneCycleOptions>(
      op,
      o,
      'maxLr totalSteps pctStart annealStrategy cycleMomentum baseMomentum maxMomentum divFactor finalDivFactor threePhase',
    );
    const { maxLr, totalSteps, pctStart = 0.3, annealStrategy = 'cos', cycleMomentum = true } = known;
    const { baseMomentum = 0.85, maxMomentum = 0.95, divFactor = 25, finalDivFactor = 1e4 } = known;
    if (annealStrategy !== 'cos' && annealStrategy !== 'linear')
      refuse(op, 'annealStrategy', "'cos' or 'linear'", annealStrategy);
    super(
      optimizer,
      made('OneCycle', optimizer, op, [
        number(maxLr, op, 'maxLr'),
        integer(totalSteps, op, 'totalSteps'),
        number(pctStart, op, 'pctStart'),
        Number(annealStrategy === 'linear'),
        flag(cycleMomentum, op, 'cycleMomentum'),
        number(baseMomentum, op, 'baseMomentum'),
        number(maxMomentum, op, 'maxMomentum'),
        number(divFactor, op, 'divFactor'),
        number(finalDivFactor, op, 'finalDivFactor'),
        flag(known.threePhase ?? false, op, 'threePhase'),
      ]),
    );
  }
}

/**
 * One schedule after another, each from its own beginning, changing at the milestones: a warm-up first, for example.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html
 * @example
 * ```ts
 * const { LinearLR, ExponentialLR, SequentialLR } = optim.lrScheduler;
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 1 });
 * const parts = [new LinearLR(opt, { startFactor: 0.5, totalIters: 2 }), new ExponentialLR(opt, 0.5)];
 * const schedule = new SequentialLR(opt, parts, [2]);
 * [0, 1, 2].map(() => (schedule.step(), opt.lr)) // [0.75, 1, 0.5]
 * ```
 */
export class SequentialLR extends LRScheduler {
  constructor(optimizer: Optimizer, parts: readonly LRScheduler[], milestones: readonly number[]) {
    const op = 'SequentialLR';
    if (!Array.isArray(parts)) refuse(op, 'parts', 'a list of schedules', parts);
    const handles = parts.map((part, i) =>
      part instanceof LRScheduler ? part.handle : refuse(op, `parts[${i}]`, 'a schedule', part),
    );
    const list: Address = putList(handles);
    const places = putList(wholeNumbers(milestones, op, 'milestones'));
    super(optimizer, lib.sequentialSchedule(optimizerHandle(optimizer, op), list, places));
  }
}

export interface PlateauOptions {
  /** Whether the metric should fall (`'min'`, the default) or rise. */
  mode?: 'min' | 'max';
  /** 0.1 by default. */
  factor?: number;
  /** Steps without improvement that are borne; 10 by default. */
  patience?: number;
  /** What counts as an improvement; 1e-4 by default. */
  threshold?: number;
  /** Whether the threshold is a share of the best so far (`'rel'`, the default) or a difference. */
  thresholdMode?: 'rel' | 'abs';
  /** Steps after a reduction in which nothing is counted; 0 by default. */
  cooldown?: number;
  /** 0 by default. */
  minLr?: number;
  /** A smaller change of the rate is not made; 1e-8 by default. */
  eps?: number;
}

/** What {@link ReduceLROnPlateau} goes on from in a saved run. */
export interface PlateauState {
  best: number;
  numBadEpochs: number;
  cooldownCounter: number;
}

/**
 * Takes the rates down by `factor` when a metric has not improved for more than `patience` steps.
 *
 * @see https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 * @example
 * ```ts
 * const opt = new optim.SGD([zeros([1], { requiresGrad: true })], { lr: 1 });
 * const schedule = new optim.lrScheduler.ReduceLROnPlateau(opt, { patience: 1, factor: 0.5 });
 * [3, 3, 3].map((loss) => (schedule.step(loss), opt.lr)) // [1, 1, 0.5]
 * ```
 */
export class ReduceLROnPlateau {
  /** @internal */ readonly handle: Handle;
  readonly optimizer: Optimizer;

  constructor(optimizer: Optimizer, o: PlateauOptions = {}) {
    const op = 'ReduceLROnPlateau';
    const known = options(op, o, 'mode factor patience threshold thresholdMode cooldown minLr eps');
    const { mode = 'min', factor = 0.1, patience = 10, threshold = 1e-4, thresholdMode = 'rel' } = known;
    const { cooldown = 0, minLr = 0, eps = 1e-8 } = known;
    if (mode !== 'min' && mode !== 'max') refuse(op, 'mode', "'min' or 'max'", mode);
    if (thresholdMode !== 'rel' && thresholdMode !== 'abs')
      refuse(op, 'thresholdMode', "'rel' or 'abs'", thresholdMode);
    const numbers = putList([
      Number(mode === 'max'),
      number(factor, op, 'factor'),
      integer(patience, op, 'patience'),
      number(threshold, op, 'threshold'),
      Number(thresholdMode === 'rel'),
      integer(cooldown, op, 'cooldown'),
      number(minLr, op, 'minLr'),
      number(eps, op, 'eps'),
    ]);
    this.optimizer = optimizer;
    this.handle = lib.newPlateau(optimizerHandle(optimizer, op), numbers);
    plateaus.register(this, this.handle);
  }

  /** Tells the metric of this epoch. */
  step(metric: number): void {
    lib.plateauStep(this.handle, number(metric, 'ReduceLROnPlateau', 'metric'));
  }

  /** The rate of each parameter group, as it is now. */
  getLastLr(): number[] {
    return takeList(lib.plateauRates(this.handle));
  }

  stateDict(): PlateauState {
    const [best, numBadEpochs, cooldownCounter] = takeList(lib.plateauState(this.handle));
    return { best: best!, numBadEpochs: numBadEpochs!, cooldownCounter: cooldownCounter! };
  }

  loadStateDict(state: PlateauState): void {
    const known = options('loadStateDict', state, 'best numBadEpochs cooldownCounter');
    const { best, numBadEpochs, cooldownCounter } = known;
    lib.plateauLoad(
      this.handle,
      putList([
        number(best, 'loadStateDict', 'best'),
        integer(numBadEpochs, 'loadStateDict', 'numBadEpochs'),
        integer(cooldownCounter, 'loadStateDict', 'cooldownCounter'),
      ]),
    );
  }
}
