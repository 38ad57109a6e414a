import { integer, number, options, refuse } from '../args.ts';
import { tidy } from '../handles.ts';
import type { FitOptions } from '../nn/fit.ts';
import type { Layer } from '../nn/module.ts';
import type { Tensor } from '../tensor.ts';
import { snapshot } from './checkpoint.ts';

export interface LearningRateFinderOptions
  extends Pick<FitOptions, 'optimizer' | 'loss' | 'batchSize' | 'seed'> {
  /** 1e-7 by default. */
  minLr?: number;
  /** 10 by default. */
  maxLr?: number;
  /** Batches, each with a rate a fixed factor above the last; 100 by default. */
  steps?: number;
  /** Ends where the smoothed loss is so many times the lowest; 4 by default. */
  divergence?: number;
  signal?: AbortSignal;
}

export interface LearningRateCurve {
  rates: number[];
  /** Smoothed: an exponential average of 0.98, its start corrected for. */
  losses: number[];
  /** Where the loss falls fastest over the logarithm of the rate; undefined when it never falls. */
  suggestion: number | undefined;
}

/**
 * The learning-rate range test: trains with a rate that grows from batch to batch and watches the loss. Model, optimizer,
 * gradients and random stream are afterwards exactly as they were.
 *
 * @see https://arxiv.org/abs/1506.01186
 * @example
 * ```ts
 * const model = new nn.Linear(1, 1);
 * const optimizer = new optim.SGD(model.parameters(), { lr: 0.5 });
 * const o = { optimizer, loss: F.mseLoss, steps: 50, batchSize: 4 };
 * const { rates } = await findLearningRate(model, ones([16, 1]), ones([16, 1]), o);
 * [rates[0], optimizer.lr] // [1e-7, 0.5]
 * ```
 */
export async function findLearningRate(
  model: Layer,
  x: Tensor,
  y: Tensor,
  given: LearningRateFinderOptions,
): Promise<LearningRateCurve> {
  const op = 'findLearningRate';
  const o = options(op, given, 'optimizer loss batchSize seed minLr maxLr steps divergence signal');
  const { minLr = 1e-7, maxLr = 10, steps = 100, divergence = 4, signal, ...fitOptions } = o;
  if (!(number(minLr, op, 'minLr') > 0)) refuse(op, 'minLr', 'above 0', minLr);
  if (!(number(maxLr, op, 'maxLr') > minLr)) refuse(op, 'maxLr', 'above minLr', maxLr);
  if (integer(steps, op, 'steps') < 2) refuse(op, 'steps', '2 or more', steps);
  if (!(number(divergence, op, 'divergence') > 1)) refuse(op, 'divergence', 'above 1', divergence);
  const { optimizer } = o;
  const rateAt = (step: number): number => minLr * (maxLr / minLr) ** (step / (steps - 1));
  const restore = snapshot(model, optimizer);
  const curve: LearningRateCurve = { rates: [], losses: [], suggestion: undefined };
  let average = 0;
  let lowest = Number.POSITIVE_INFINITY;
  try {
    optimizer.lr = minLr;
    await model.fit(x, y, {
      ...fitOptions,
      epochs: steps,
      ...(signal ? { signal } : {}),
      onBatchEnd: (e) => {
        average = 0.98 * average + 0.02 * e.loss;
        const loss = average / (1 - 0.98 ** (e.step + 1));
        curve.rates.push(e.lr);
        curve.losses.push(loss);
        lowest = Math.min(lowest, loss);
        if (e.step + 1 >= steps || !(loss <= divergence * lowest)) e.stop();
        else optimizer.lr = rateAt(e.step + 1);
      },
    });
  } finally {
    tidy(restore);
  }
  // Over a tenth of the steps, since single differences are noise; the first tenth is noise too.
  const width = Math.max(1, Math.floor(steps / 20));
  let steepest = 0;
  for (let i = 3 * width; i + width < curve.losses.length; i++) {
    const slope = curve.losses[i + width]! - curve.losses[i - width]!;
    if (slope < steepest) {
      steepest = slope;
      curve.suggestion = curve.rates[i]!;
    }
  }
  return curve;
}
