// Metrics: hand-worked and torch-composed numbers, over one batch and over several.

#include "check.h"
#include "fluxion/ops/ops.h"
#include "fluxion/train/metrics.h"

using namespace fluxion;
using train::Average;
using train::ClassMeasure;
using train::ClassMetric;
using train::ErrorMeasure;
using train::ErrorMetric;

namespace {

Tensor ids(const std::vector<std::int32_t>& v) { return Tensor::from(v, {static_cast<std::int64_t>(v.size())}); }

// Ten examples of five classes, the last of which never occurs.
const std::vector<std::int32_t> kTargets = {0, 2, 1, 3, 2, 2, 0, 1, 3, 2};
const std::vector<std::int32_t> kPredicted = {0, 1, 1, 3, 2, 0, 0, 2, 1, 2};

Tensor scores(std::size_t from, std::size_t to) {
  std::vector<float> out;
  for (std::size_t i = from; i < to; ++i)
    for (int c = 0; c < 5; ++c) out.push_back(c == kPredicted[i] ? 2.0F : 0.1F * static_cast<float>(c));
  return Tensor::from(out, {static_cast<std::int64_t>(to - from), 5});
}

Tensor targets(std::size_t from, std::size_t to) {
  return ids(
      {kTargets.begin() + static_cast<std::ptrdiff_t>(from), kTargets.begin() + static_cast<std::ptrdiff_t>(to)});
}

// In three batches, with a reset before.
void feed(train::Metric& metric) {
  metric.update(scores(0, 5), targets(0, 5));
  metric.reset();
  metric.update(scores(0, 4), targets(0, 4));
  metric.update(scores(4, 5), targets(4, 5));
  metric.update(scores(5, 10), targets(5, 10));
}

double class_score(ClassMeasure measure, Average average) {
  ClassMetric metric(measure, {.average = average});
  CHECK(std::isnan(metric.value()));
  feed(metric);
  return metric.value();
}

double error_score(ErrorMeasure measure, const Tensor& output, const Tensor& target) {
  ErrorMetric metric(measure);
  metric.update(slice(output, 0, 0, 1), slice(target, 0, 0, 1));
  metric.update(slice(output, 0, 1), slice(target, 0, 1));
  return metric.value();
}

}  // namespace

// The formulas of scikit-learn and torchmetrics, composed of torch ops in float64.
TEST(train_metrics_of_classes) {
  using enum ClassMeasure;
  CHECK_CLOSE(class_score(Precision, Average::Macro), 0.6666666666666666, 1e-15, 0);
  CHECK_CLOSE(class_score(Precision, Average::Weighted), 0.6666666666666666, 1e-15, 0);
  CHECK_CLOSE(class_score(Recall, Average::Macro), 0.625, 1e-15, 0);
  CHECK_CLOSE(class_score(Recall, Average::Weighted), 0.6, 1e-15, 0);
  CHECK_CLOSE(class_score(F1, Average::Macro), 0.6095238095238096, 1e-15, 0);
  CHECK_CLOSE(class_score(F1, Average::Weighted), 0.6019047619047619, 1e-15, 0);
  for (const ClassMeasure m : {Precision, Recall, F1}) CHECK_CLOSE(class_score(m, Average::Micro), 0.6, 1e-15, 0);

  ClassMetric each(F1, {.average = Average::None});
  feed(each);
  CHECK_CLOSE(each.compute().to_vector<double>(),
              (std::vector<double>{0.8, 0.4, 0.5714285714285714, 0.6666666666666666, 0}), 1e-15, 0);
  CHECK(std::isnan(each.value()));
  ClassMetric confusion(Confusion);
  feed(confusion);
  CHECK_EQ(confusion.compute().shape(), (Shape{5, 5}));
  CHECK_EQ(confusion.compute().to_vector<double>(),
           (std::vector<double>{2, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 2, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0}));
}

TEST(train_metrics_of_two_classes) {
  // Right 2 of class 1, 1 predicted too often, 2 missed; one target does not count.
  const Tensor p = Tensor::from(std::vector<float>{0.9F, 0.2F, 0.7F, 0.6F, 0.1F, 0.4F, 0.9F}, {7});
  const Tensor y = Tensor::from(std::vector<float>{1, 1, 1, 0, 0, 1, -100}, {7});
  const auto score = [&](ClassMeasure m, const train::ClassOptions& o = {}) {
    ClassMetric metric(m, o);
    metric.update(p, y);
    return metric.value();
  };
  CHECK_CLOSE(score(ClassMeasure::Precision), 2.0 / 3, 1e-15, 0);
  CHECK_CLOSE(score(ClassMeasure::Recall), 0.5, 1e-15, 0);
  CHECK_CLOSE(score(ClassMeasure::F1), 4.0 / 7, 1e-15, 0);
  CHECK_CLOSE(score(ClassMeasure::Precision, {.threshold = 0.8}), 1, 1e-15, 0);
  CHECK_CLOSE(score(ClassMeasure::Recall, {.threshold = 0.95}), 0, 0, 0);
  CHECK_CLOSE(score(ClassMeasure::Precision, {.threshold = 0.95}), 0, 0, 0);  // nothing predicted: 0/0 is 0
}

TEST(train_metrics_of_errors) {
  const Tensor y = Tensor::from(std::vector<double>{3, -0.5, 2, 7}, {4});
  const Tensor p = Tensor::from(std::vector<double>{2.5, 0, 2, 8}, {4});
  CHECK_CLOSE(error_score(ErrorMeasure::MeanAbsolute, p, y), 0.5, 1e-15, 0);
  CHECK_CLOSE(error_score(ErrorMeasure::MeanSquared, p, y), 0.375, 1e-15, 0);
  CHECK_CLOSE(error_score(ErrorMeasure::R2, p, y), 1 - 1.5 / 29.1875, 1e-15, 0);
  // Far from zero, where Σy² − (Σy)²/n would have lost every digit.
  CHECK_CLOSE(error_score(ErrorMeasure::R2, p + 1e9, y + 1e9), 1 - 1.5 / 29.1875, 1e-6, 0);
  // Two columns: (1 − 0.5/2 + 1 − 2/8)/2.
  const Tensor y2 = Tensor::from(std::vector<double>{0, 0, 1, 2, 2, 4}, {3, 2});
  const Tensor p2 = Tensor::from(std::vector<double>{0.5, 1, 1.5, 2, 2, 5}, {3, 2});
  CHECK_CLOSE(error_score(ErrorMeasure::R2, p2, y2), (0.75 + 0.75) / 2, 1e-15, 0);
  CHECK_EQ(error_score(ErrorMeasure::R2, ones({3}), ones({3})), 1);
  CHECK_EQ(error_score(ErrorMeasure::R2, zeros({3}), ones({3})), 0);
  ErrorMetric one(ErrorMeasure::R2);
  one.update(ones({1}), ones({1}));
  CHECK(std::isnan(one.value()));
}

// exp of torch's cross_entropy in float64.
TEST(train_metrics_perplexity) {
  const Tensor logits = Tensor::from(std::vector<double>{1, 2, 0.5, 0, 0, 0, 3, -1, 2, 0.1, 0.2, 0.3}, {2, 2, 3});
  const Tensor y = Tensor::from(std::vector<std::int32_t>{1, 2, -100, 0}, {2, 2});
  train::Perplexity last;
  CHECK(std::isnan(last.value()));
  last.update(slice(logits, 0, 0, 1), slice(y, 0, 0, 1));
  last.update(slice(logits, 0, 1), slice(y, 0, 1));
  CHECK_CLOSE(last.value(), 2.513412287547142, 1e-12, 0);
  train::Perplexity second(1);
  second.update(transpose(logits, 1, 2), y);
  CHECK_CLOSE(second.value(), 2.513412287547142, 1e-12, 0);
}

TEST(train_metrics_top_k) {
  const Tensor s = Tensor::from(std::vector<float>{0.1F, 0.5F, 0.4F, 0.7F, 0.1F, 0.2F, 0.3F, 0.3F, 0.4F}, {3, 3});
  const auto top = [&](std::int64_t k) {
    train::Accuracy accuracy({.top_k = k});
    accuracy.update(s, ids({2, 1, 2}));
    return accuracy.value();
  };
  CHECK_CLOSE(top(1), 1.0 / 3, 1e-15, 0);
  CHECK_CLOSE(top(2), 2.0 / 3, 1e-15, 0);
  CHECK_EQ(top(3), 1);
  CHECK_THROWS(top(4), ShapeError, "accuracy: topK is 4, but the output [3, 3] has 3 classes");
  CHECK_THROWS(top(0), FluxionError, "accuracy: topK must be at least 1, it is 0");
  // Classes in the middle.
  train::Accuracy images({.top_k = 2});
  images.update(transpose(reshape(s, {1, 3, 3}), 1, 2), reshape(ids({2, 1, 2}), {1, 3}));
  CHECK_CLOSE(images.value(), 2.0 / 3, 1e-15, 0);
}

TEST(train_metrics_refuse_what_does_not_fit) {
  ClassMetric f1(ClassMeasure::F1);
  CHECK_THROWS(f1.update(scores(0, 4), targets(0, 4)), FluxionError,
               "f1: average 'binary' is for two classes, these are 5; choose 'macro', 'micro', 'weighted' or 'none'");
  ClassMetric macro(ClassMeasure::Precision, {.average = Average::Macro});
  CHECK_THROWS(macro.update(scores(0, 4), targets(0, 3)), ShapeError,
               "precision: targets [3] fit neither the output [4, 5] nor its classes along dimension 1");
  macro.update(scores(0, 4), targets(0, 4));
  const double before = macro.value();
  CHECK_THROWS(macro.update(scores(0, 2), ids({1, 5})), IndexError,
               "precision: target 5 at position 1 is none of the 5 classes");
  CHECK_THROWS(macro.update(zeros({2, 3}), ids({1, 1})), ShapeError,
               "precision: the output [2, 3] has 3 classes, earlier ones had 5");
  CHECK_EQ(macro.value(), before);
  ErrorMetric mae(ErrorMeasure::MeanAbsolute);
  CHECK_THROWS(mae.update(zeros({2, 1}), zeros({2})), ShapeError,
               "mae: output [2, 1] and target [2] must have one shape");
  ErrorMetric r2(ErrorMeasure::R2);
  r2.update(zeros({2, 3}), ones({2, 3}));
  CHECK_THROWS(r2.update(zeros({2, 2}), ones({2, 2})), ShapeError,
               "r2: these targets have 2 columns, earlier ones had 3");
}
