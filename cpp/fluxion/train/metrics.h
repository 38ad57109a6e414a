#pragma once
// Measures of a model's outputs, gathered over batches.

#include <cstdint>
#include <string>

#include "fluxion/core/tensor.h"

namespace fluxion::train {

class Metric : public RefCounted<Metric> {
 public:
  virtual ~Metric() = default;
  virtual std::string name() const = 0;
  virtual void reset() = 0;
  // One batch. Nothing is recorded for gradients.
  virtual void update(const Tensor& output, const Tensor& target) = 0;
  // Over all batches since reset(); NaN when there was none.
  virtual double value() const = 0;
};

struct AccuracyOptions {
  std::int64_t class_dim = 1;        // of the output
  std::int64_t ignore_index = -100;  // targets of this value do not count
  bool whole_rows = false;           // an example counts as right only when all its targets are met
  double threshold = 0.5;            // for outputs shaped as the target; 0 for raw scores
};

// The share of targets that are met: class indices by the largest output along class_dim, or, when output and
// target have one shape, by output > threshold against target > 0.5.
class Accuracy final : public Metric {
 public:
  explicit Accuracy(const AccuracyOptions& options = {}) : options_(options) {}
  std::string name() const override { return "accuracy"; }
  void reset() override { right_ = seen_ = 0; }
  void update(const Tensor& output, const Tensor& target) override;
  double value() const override;

 private:
  AccuracyOptions options_;
  double right_ = 0, seen_ = 0;
};

}  // namespace fluxion::train
