// Measures of a model's outputs, gathered over batches: by themselves, and in `fit` and `evaluate`.
import { choice, integer, number, options, refuse } from '../args.ts';
import { tensorHandle, tidy, wrap } from '../handles.ts';
import { type Handle, lib, putList } from '../native.ts';
import { type AccuracyOptions, accuracyNumbers, type MetricLike } from '../nn/fit.ts';
import type { Tensor } from '../tensor.ts';

// In C++'s order.
const kinds = [
  'Accuracy',
  'Precision',
  'Recall',
  'F1Score',
  'ConfusionMatrix',
  'MeanAbsoluteError',
  'MeanSquaredError',
  'R2Score',
  'Perplexity',
] as const;
const names = ['accuracy', 'precision', 'recall', 'f1', 'confusionMatrix', 'mae', 'mse', 'r2', 'perplexity'];
const averages = ['binary', 'micro', 'macro', 'weighted', 'none'] as const;
const collector = new FinalizationRegistry<Handle>((handle) => lib.releaseMetric(handle));

/** The base of all metrics. `C` is what `compute()` gives. */
export abstract class Metric<C = number> implements MetricLike {
  /** @internal */ readonly handle: Handle;
  readonly name: string;

  /** @internal */
  constructor(kind: (typeof kinds)[number], numbers: readonly number[], name: string | undefined) {
    if (name !== undefined && typeof name !== 'string') refuse(kind, 'name', 'a text', name);
    const index = kinds.indexOf(kind);
    this.handle = lib.newMetric(index, putList(numbers));
    this.name = name ?? names[index]!;
    collector.register(this, this.handle);
  }

  /** Takes one batch in. One that does not fit is an error and changes nothing. */
  update(output: Tensor, target: Tensor): this {
    const from = tensorHandle(output, this.name, 'output');
    lib.metricUpdate(this.handle, from, tensorHandle(target, this.name, 'target'));
    return this;
  }

  /** The measure over all batches since `reset()`; NaN when there was none. */
  compute(): C {
    return tidy(() => {
      const result = wrap(lib.metricCompute(this.handle), this.name);
      return (result.shape.length ? result.toArray() : result.item()) as C;
    });
  }

  /** Forgets all batches. */
  reset(): this {
    lib.metricUpdate(this.handle, 0, 0);
    return this;
  }
}

/** A metric's name in the history, where it is not to be its own. */
export interface Named {
  name?: string;
}

/**
 * The share of targets that are met: class indices by the largest output along `classDim` (or the `topK` largest), or,
 * when output and target have one shape, by output > `threshold` against target > 0.5.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/classification/accuracy.html
 * @example
 * ```ts
 * const scores = tensor([[0.1, 0.5, 0.4], [0.7, 0.1, 0.2]]);
 * new Accuracy({ topK: 2 }).update(scores, tensor([2, 1], { dtype: 'int32' })).compute() // 0.5
 * ```
 */
export class Accuracy extends Metric {
  constructor(o: AccuracyOptions & Named = {}) {
    const { name, ...rest } = o ?? {};
    super('Accuracy', accuracyNumbers('Accuracy', rest), name);
  }
}

/** How classes are told and scores of several classes become one. */
export interface ClassMetricOptions extends Named {
  /**
   * `'binary'`, the default: of class 1 of two. `'micro'`: over the counts of all classes. `'macro'`: the mean over the
   * classes, without those that are neither targets nor predicted. `'weighted'`: the mean by how often each is a target.
   * `'none'`: a list, one per class.
   */
  average?: (typeof averages)[number];
  /** The dimension of the output that holds the classes; 1 by default. */
  classDim?: number;
  /** Targets of this value do not count; −100 by default. */
  ignoreIndex?: number;
  /** Above it counts as true, where output and target have one shape; 0.5 by default, 0 suits raw scores. */
  threshold?: number;
}

abstract class ClassMetric<C = number | number[]> extends Metric<C> {
  /** @internal */
  constructor(kind: 'Precision' | 'Recall' | 'F1Score' | 'ConfusionMatrix', given: ClassMetricOptions) {
    const known = `${kind === 'ConfusionMatrix' ? '' : 'average '}classDim ignoreIndex threshold name`;
    const o = options(kind, given, known);
    const { average = 'binary', classDim = 1, ignoreIndex = -100, threshold = 0.5, name } = o;
    const numbers = [
      choice(average, kind, 'average', averages),
      integer(classDim, kind, 'classDim'),
      integer(ignoreIndex, kind, 'ignoreIndex'),
      number(threshold, kind, 'threshold'),
    ];
    super(kind, numbers, name);
  }
}

/**
 * The share of what was predicted as a class that is of it: TP/(TP + FP), 0/0 being 0, as scikit-learn and torchmetrics
 * define it with each `average`.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.precision_score.html
 * @example
 * ```ts
 * new Precision().update(tensor([0.9, 0.8, 0.3]), tensor([1, 0, 1])).compute() // 0.5
 * ```
 */
export class Precision extends ClassMetric {
  constructor(o: ClassMetricOptions = {}) {
    super('Precision', o);
  }
}

/**
 * The share of a class that was predicted as it: TP/(TP + FN), 0/0 being 0.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.recall_score.html
 * @example
 * ```ts
 * new Recall().update(tensor([0.9, 0.8, 0.3]), tensor([1, 1, 1])).compute() // 0.6667
 * ```
 */
export class Recall extends ClassMetric {
  constructor(o: ClassMetricOptions = {}) {
    super('Recall', o);
  }
}

/**
 * The harmonic mean of precision and recall: 2·TP/(2·TP + FP + FN), 0/0 being 0.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.f1_score.html
 * @example
 * ```ts
 * const scores = tensor([[2, 1, 0], [0, 2, 1], [2, 0, 1]]);
 * new F1Score({ average: 'none' }).update(scores, tensor([0, 1, 2], { dtype: 'int32' })).compute() // [0.6667, 1, 0]
 * ```
 */
export class F1Score extends ClassMetric {
  constructor(o: ClassMetricOptions = {}) {
    super('F1Score', o);
  }
}

/**
 * How often each class, a row, was predicted as each, a column. In `fit` it stands in no history: read `compute()` when an
 * epoch has ended.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.confusion_matrix.html
 * @example
 * ```ts
 * new ConfusionMatrix().update(tensor([0.9, 0.8, 0.3]), tensor([1, 0, 1])).compute() // [[0, 1], [1, 1]]
 * ```
 */
export class ConfusionMatrix extends ClassMetric<number[][]> {
  constructor(o: Omit<ClassMetricOptions, 'average'> = {}) {
    super('ConfusionMatrix', o);
  }
}

/**
 * The mean of |ŷ − y|, output and target having one shape.
 *
 * @example
 * ```ts
 * new MeanAbsoluteError().update(tensor([1, 2]), tensor([2, 4])).compute() // 1.5
 * ```
 */
export class MeanAbsoluteError extends Metric {
  constructor(o: Named = {}) {
    super('MeanAbsoluteError', [], options('MeanAbsoluteError', o, 'name').name);
  }
}

/**
 * The mean of (ŷ − y)², output and target having one shape.
 *
 * @example
 * ```ts
 * new MeanSquaredError().update(tensor([1, 2]), tensor([2, 4])).compute() // 2.5
 * ```
 */
export class MeanSquaredError extends Metric {
  constructor(o: Named = {}) {
    super('MeanSquaredError', [], options('MeanSquaredError', o, 'name').name);
  }
}

/**
 * The share of the targets' variance that is explained: 1 − Σ(ŷ − y)²/Σ(y − ȳ)²; for several columns the mean over them.
 * NaN for fewer than two examples; of a constant target 1 when it is met, else 0.
 *
 * @see https://scikit-learn.org/stable/modules/generated/sklearn.metrics.r2_score.html
 * @example
 * ```ts
 * new R2Score().update(tensor([1, 2, 4]), tensor([1, 2, 3])).compute() // 0.5
 * ```
 */
export class R2Score extends Metric {
  constructor(o: Named = {}) {
    super('R2Score', [], options('R2Score', o, 'name').name);
  }
}

/**
 * e to the mean of −ln p(target), where p is the softmax of the outputs along `classDim`, the last one by default. Targets
 * of the value `ignoreIndex` (−100) do not count.
 *
 * @see https://lightning.ai/docs/torchmetrics/stable/text/perplexity.html
 * @example
 * ```ts
 * new Perplexity().update(zeros([2, 3, 5]), zeros([2, 3], { dtype: 'int32' })).compute() // 5
 * ```
 */
export class Perplexity extends Metric {
  constructor(o: Named & { classDim?: number; ignoreIndex?: number } = {}) {
    const { classDim = -1, ignoreIndex = -100, name } = options('Perplexity', o, 'classDim ignoreIndex name');
    const dim = integer(classDim, 'Perplexity', 'classDim');
    super('Perplexity', [dim, integer(ignoreIndex, 'Perplexity', 'ignoreIndex')], name);
  }
}
