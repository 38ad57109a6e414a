#pragma once
// Measures of a model's outputs, gathered over batches.

#include <cstdint>
#include <string>
#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion::train {

class Metric : public RefCounted<Metric> {
 public:
  virtual ~Metric() = default;
  virtual const char* name() const = 0;
  // One batch. Nothing is recorded for gradients; a batch that does not fit changes nothing.
  virtual void update(const Tensor& output, const Tensor& target) = 0;
  // Over all batches since reset(); NaN when there was none, and where the measure is not one number.
  virtual double value() const = 0;
  // The measure in full, float64: a number, one per class, or a matrix.
  virtual Tensor compute() const;
  void reset() { sums_.clear(); }

  // What is kept between batches, for checkpoints.
  const std::vector<double>& state() const { return sums_; }
  void load_state(std::vector<double> state) { sums_ = std::move(state); }
  // Whether numbers of that count can be such a state.
  virtual bool fits(const std::vector<double>& state) const { return state.empty() || state.size() == 2; }

 protected:
  // The sum number i; 0 as long as there was no batch.
  double sum(std::size_t i) const { return i < sums_.size() ? sums_[i] : 0; }
  double ratio() const;  // sum 0 over sum 1
  void add(double first, double second);

  std::vector<double> sums_;
};

struct AccuracyOptions {
  std::int64_t class_dim = 1;        // of the output
  std::int64_t ignore_index = -100;  // targets of this value do not count
  bool whole_rows = false;           // an example counts as right only when all its targets are met
  double threshold = 0.5;            // for outputs shaped as the target; 0 for raw scores
  std::int64_t top_k = 1;            // a target is met when it is among so many largest outputs
};

// The share of targets that are met: class indices by the largest outputs along class_dim, or, when output and
// target have one shape, by output > threshold against target > 0.5.
class Accuracy final : public Metric {
 public:
  explicit Accuracy(const AccuracyOptions& options = {});
  const char* name() const override { return "accuracy"; }
  void update(const Tensor& output, const Tensor& target) override;
  double value() const override { return ratio(); }

 private:
  AccuracyOptions options_;
};

enum class ClassMeasure { Precision, Recall, F1, Confusion };
// Binary: of class 1 among two. Micro: over all counts together. Macro: the mean over classes; weighted: by how often
// each is a target. None: one number per class.
enum class Average { Binary, Micro, Macro, Weighted, None };

struct ClassOptions {
  Average average = Average::Binary;
  std::int64_t class_dim = 1;
  std::int64_t ignore_index = -100;
  double threshold = 0.5;
};

// From the counts of (target, predicted) pairs, classes told as in Accuracy:
//   precision = TP/(TP + FP), recall = TP/(TP + FN), F1 = 2·TP/(2·TP + FP + FN), where 0/0 is 0.
// Macro leaves out classes that are neither targets nor predicted, as scikit-learn and torchmetrics do.
// Confusion: the counts themselves, a row per target.
class ClassMetric final : public Metric {
 public:
  explicit ClassMetric(ClassMeasure measure, const ClassOptions& options = {}) : measure_(measure), options_(options) {}
  const char* name() const override;
  void update(const Tensor& output, const Tensor& target) override;
  double value() const override;
  Tensor compute() const override;
  bool fits(const std::vector<double>& state) const override;

 private:
  struct Counts {
    double right = 0, predicted = 0, wanted = 0;
  };
  std::size_t classes() const { return classes_of(sums_); }
  static std::size_t classes_of(const std::vector<double>& sums);
  Counts counts(std::size_t of) const;
  double score(const Counts& c) const;

  ClassMeasure measure_;
  ClassOptions options_;
};

enum class ErrorMeasure { MeanAbsolute, MeanSquared, R2 };

// Of outputs shaped as their targets: Σ|ŷ − y|/n, Σ(ŷ − y)²/n, or R² = 1 − Σ(ŷ − y)²/Σ(y − ȳ)², for more than one
// column the mean over the columns. R² of fewer than two examples is NaN; of a constant target 1 when it is met, else
// 0.
class ErrorMetric final : public Metric {
 public:
  explicit ErrorMetric(ErrorMeasure measure) : measure_(measure) {}
  const char* name() const override;
  void update(const Tensor& output, const Tensor& target) override;
  double value() const override;
  bool fits(const std::vector<double>& state) const override;

 private:
  void add_r2(const std::vector<double>& output, const std::vector<double>& target, std::size_t columns);

  ErrorMeasure measure_;
};

// e to the mean of −ln p(target), p the softmax of the outputs along class_dim.
class Perplexity final : public Metric {
 public:
  explicit Perplexity(std::int64_t class_dim = -1, std::int64_t ignore_index = -100)
      : class_dim_(class_dim), ignore_index_(ignore_index) {}
  const char* name() const override { return "perplexity"; }
  void update(const Tensor& output, const Tensor& target) override;
  double value() const override;

 private:
  std::int64_t class_dim_, ignore_index_;
};

}  // namespace fluxion::train
