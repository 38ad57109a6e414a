// Learning-rate schedules through the public API: saved runs and what is refused. Their rates are C++'s, held against
// PyTorch's there; their examples run with the documentation's.
import { init, optim, zeros } from 'fluxion';
import { beforeAll, expect, test } from 'vitest';

const { lrScheduler } = optim;

beforeAll(() => init({ simd: 'simd', threads: 1 }));

const sgd = (lr = 1) => new optim.SGD([zeros([1], { requiresGrad: true })], { lr });

test('a saved schedule goes on where it was', () => {
  const walked = sgd();
  const first = new lrScheduler.CosineAnnealingLR(walked, 10, { etaMin: 0.1 });
  for (let t = 0; t < 4; t++) first.step();
  expect(first.lastEpoch).toBe(4);
  const resumed = sgd();
  const second = new lrScheduler.CosineAnnealingLR(resumed, 10, { etaMin: 0.1 });
  second.loadStateDict(first.stateDict());
  expect(resumed.lr).toBe(walked.lr);
  expect(second.getLastLr()).toEqual([walked.lr]);
  first.step();
  second.step();
  expect(resumed.lr).toBe(walked.lr);
});

test('a plateau counts on after a reload', () => {
  const opt = sgd();
  const schedule = new lrScheduler.ReduceLROnPlateau(opt, { patience: 1, mode: 'max' });
  schedule.step(0.5);
  schedule.step(0.4);
  const state = schedule.stateDict();
  expect(state).toEqual({ best: 0.5, numBadEpochs: 1, cooldownCounter: 0 });
  const other = new lrScheduler.ReduceLROnPlateau(opt, { patience: 1, mode: 'max' });
  other.loadStateDict(state);
  other.step(0.45);
  expect(other.getLastLr()).toEqual([0.1]);
});

test('an error in a factor comes out as itself and changes nothing', () => {
  const opt = sgd();
  const schedule = new lrScheduler.LambdaLR(opt, (t) => {
    if (t === 2) throw new RangeError('no factor for 2');
    return 1 / (1 + t);
  });
  schedule.step();
  expect(() => schedule.step()).toThrow(new RangeError('no factor for 2'));
  expect(opt.lr).toBe(0.5);
  expect(schedule.lastEpoch).toBe(1);
});

test('bad arguments name the schedule', () => {
  const opt = sgd();
  const refused = (make: () => unknown, text: string) => expect(make).toThrow(text);
  refused(() => new lrScheduler.StepLR(opt, 0), 'StepLR: stepSize must be positive, it is 0');
  refused(
    () => new lrScheduler.StepLR(opt, 1, { gama: 1 } as object),
    "StepLR: unknown option 'gama'; did you mean 'gamma'?",
  );
  refused(
    () => new lrScheduler.ExponentialLR({} as never, 1),
    'ExponentialLR: optimizer must be an optimizer',
  );
  refused(
    () => new lrScheduler.MultiStepLR(opt, [1.5]),
    'MultiStepLR: milestones[0] must be an integer, got 1.5',
  );
  refused(
    () => new lrScheduler.SequentialLR(opt, [opt as never], []),
    'SequentialLR: parts[0] must be a schedule',
  );
  refused(
    () => new lrScheduler.OneCycleLR(opt, { maxLr: 1, totalSteps: 9, annealStrategy: 'cosine' as never }),
    "OneCycleLR: annealStrategy must be 'cos' or 'linear', got 'cosine'",
  );
  refused(
    () => new lrScheduler.ReduceLROnPlateau(opt, { mode: 'lower' as never }),
    "ReduceLROnPlateau: mode must be 'min' or 'max', got 'lower'",
  );
  const gone = sgd();
  gone.dispose();
  refused(() => new lrScheduler.ExponentialLR(gone, 1), 'ExponentialLR: the optimizer was disposed of');
});
