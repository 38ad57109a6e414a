#include "fluxion/train/metrics.h"

#include <cmath>
#include <limits>

#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"

namespace fluxion::train {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Checks that targets are classes along `dim` of the output, and gives that dimension counted from 0.
int class_dimension(const char* metric, const Tensor& output, const Tensor& target, std::int64_t dim) {
  Shape expected = output.shape();
  if (!expected.empty()) {
    const int d = wrap_dim(metric, dim, output.rank());
    expected.erase(d);
    if (expected == target.shape()) return d;
  }
  throw ShapeError(str(metric, ": targets ", target.shape(), " fit neither the output ", output.shape(),
                       " nor its classes along dimension ", dim));
}

}  // namespace

Tensor Metric::compute() const { return full({}, value(), DType::Float64); }

double Metric::ratio() const { return sum(1) > 0 ? sum(0) / sum(1) : kNaN; }

void Metric::add(double first, double second) { sums_ = {sum(0) + first, sum(1) + second}; }

Accuracy::Accuracy(const AccuracyOptions& options) : options_(options) {
  if (options.top_k < 1) throw FluxionError(str("accuracy: topK must be at least 1, it is ", options.top_k));
}

void Accuracy::update(const Tensor& output, const Tensor& target) {
  const NoGrad off;
  Tensor met;
  if (output.shape() == target.shape()) {
    met = eq(gt(output, options_.threshold), gt(target, 0.5));
  } else {
    const int dim = class_dimension("accuracy", output, target, options_.class_dim);
    if (options_.top_k > output.size(dim))
      throw ShapeError(str("accuracy: topK is ", options_.top_k, ", but the output ", output.shape(), " has ",
                           output.size(dim), " classes"));
    met = options_.top_k == 1 ? eq(argmax(output, dim), target)
                              : any(eq(topk(output, options_.top_k, dim).second, unsqueeze(target, dim)), Shape{dim});
  }
  const Tensor counts = ne(target, static_cast<double>(options_.ignore_index));
  if (options_.whole_rows && met.rank() > 1) {
    const Tensor rows = reshape(logical_or(met, logical_not(counts)), {met.size(0), -1});
    add(fluxion::sum(all(rows, Shape{1})).item(), static_cast<double>(met.size(0)));
  } else {
    add(fluxion::sum(logical_and(met, counts)).item(), fluxion::sum(counts).item());
  }
}

const char* ClassMetric::name() const {
  static constexpr const char* kNames[] = {"precision", "recall", "f1", "confusionMatrix"};
  return kNames[static_cast<int>(measure_)];
}

std::size_t ClassMetric::classes_of(const std::vector<double>& sums) {
  return static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(sums.size()))));
}

bool ClassMetric::fits(const std::vector<double>& state) const {
  const std::size_t n = classes_of(state);
  return n * n == state.size();
}

// Target i was predicted as j sums_[i·n + j] times.
void ClassMetric::update(const Tensor& output, const Tensor& target) {
  const NoGrad off;
  Tensor predicted = output, wanted = target;
  std::size_t n = 2;
  if (output.shape() == target.shape()) {
    predicted = gt(output, options_.threshold);
    wanted = where(eq(target, static_cast<double>(options_.ignore_index)), target,
                   to_dtype(gt(target, 0.5), target.dtype()));
  } else {
    const int dim = class_dimension(name(), output, target, options_.class_dim);
    n = static_cast<std::size_t>(output.size(dim));
    predicted = argmax(output, dim);
  }
  if (n != 2 && options_.average == Average::Binary && measure_ != ClassMeasure::Confusion)
    throw FluxionError(str(name(), ": average 'binary' is for two classes, these are ", n,
                           "; choose 'macro', 'micro', 'weighted' or 'none'"));
  if (!sums_.empty() && n != classes())
    throw ShapeError(
        str(name(), ": the output ", output.shape(), " has ", n, " classes, earlier ones had ", classes()));
  std::vector<double> next = sums_;
  next.resize(n * n);
  const std::vector<double> from = wanted.to_vector<double>(), to = predicted.to_vector<double>();
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (from[i] == static_cast<double>(options_.ignore_index)) continue;
    if (!(from[i] >= 0 && from[i] < static_cast<double>(n)))
      throw IndexError(str(name(), ": target ", from[i], " at position ", i, " is none of the ", n, " classes"));
    ++next[static_cast<std::size_t>(from[i]) * n + static_cast<std::size_t>(to[i])];
  }
  sums_ = std::move(next);
}

ClassMetric::Counts ClassMetric::counts(std::size_t of) const {
  const std::size_t n = classes();
  Counts c;
  c.right = sums_[of * n + of];
  for (std::size_t i = 0; i < n; ++i) {
    c.predicted += sums_[i * n + of];
    c.wanted += sums_[of * n + i];
  }
  return c;
}

double ClassMetric::score(const Counts& c) const {
  const double of = measure_ == ClassMeasure::Precision ? c.predicted
                    : measure_ == ClassMeasure::Recall  ? c.wanted
                                                        : (c.predicted + c.wanted) / 2;
  return of > 0 ? c.right / of : 0;
}

double ClassMetric::value() const {
  if (sums_.empty() || measure_ == ClassMeasure::Confusion || options_.average == Average::None) return kNaN;
  if (options_.average == Average::Binary) return score(counts(1));
  Counts all;
  double total = 0, weight = 0;
  for (std::size_t i = 0; i < classes(); ++i) {
    const Counts c = counts(i);
    all = {all.right + c.right, all.predicted + c.predicted, all.wanted + c.wanted};
    const double w = options_.average == Average::Weighted ? c.wanted : c.predicted + c.wanted > 0 ? 1 : 0;
    total += w * score(c);
    weight += w;
  }
  if (options_.average == Average::Micro) return score(all);
  return weight > 0 ? total / weight : kNaN;
}

Tensor ClassMetric::compute() const {
  const auto n = static_cast<std::int64_t>(classes());
  if (measure_ == ClassMeasure::Confusion) return Tensor::from(sums_, {n, n});
  if (options_.average != Average::None) return Metric::compute();
  std::vector<double> scores;
  for (std::size_t i = 0; i < classes(); ++i) scores.push_back(score(counts(i)));
  return Tensor::from(scores, {n});
}

const char* ErrorMetric::name() const {
  static constexpr const char* kNames[] = {"mae", "mse", "r2"};
  return kNames[static_cast<int>(measure_)];
}

bool ErrorMetric::fits(const std::vector<double>& state) const {
  return measure_ == ErrorMeasure::R2 ? state.size() % 4 == 0 : Metric::fits(state);
}

void ErrorMetric::update(const Tensor& output, const Tensor& target) {
  if (!(output.shape() == target.shape()))
    throw ShapeError(str(name(), ": output ", output.shape(), " and target ", target.shape(), " must have one shape"));
  const std::vector<double> from = output.to_vector<double>(), to = target.to_vector<double>();
  if (measure_ == ErrorMeasure::R2) {
    const std::int64_t columns = target.rank() == 0 || target.size(0) == 0 ? 1 : target.numel() / target.size(0);
    return add_r2(from, to, static_cast<std::size_t>(columns));
  }
  double total = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double d = from[i] - to[i];
    total += measure_ == ErrorMeasure::MeanAbsolute ? std::abs(d) : d * d;
  }
  add(total, static_cast<double>(from.size()));
}

// For each column: how many, Σ(ŷ − y)², and of the targets the mean and Σ(y − ȳ)², the last two kept up as Welford
// does.
void ErrorMetric::add_r2(const std::vector<double>& output, const std::vector<double>& target, std::size_t columns) {
  if (!sums_.empty() && sums_.size() != 4 * columns)
    throw ShapeError(str(name(), ": these targets have ", columns, " columns, earlier ones had ", sums_.size() / 4));
  sums_.resize(4 * columns);
  for (std::size_t i = 0; i < target.size(); ++i) {
    double* s = &sums_[i % columns * 4];
    const double residual = output[i] - target[i], deviation = target[i] - s[2];
    s[0] += 1;
    s[1] += residual * residual;
    s[2] += deviation / s[0];
    s[3] += deviation * (target[i] - s[2]);
  }
}

double ErrorMetric::value() const {
  if (measure_ != ErrorMeasure::R2) return ratio();
  if (sum(0) < 2) return kNaN;
  double total = 0;
  for (std::size_t i = 0; i < sums_.size(); i += 4) {
    const double residuals = sums_[i + 1], deviations = sums_[i + 3];
    total += deviations > 0 ? 1 - residuals / deviations : residuals == 0 ? 1 : 0;
  }
  return total / static_cast<double>(sums_.size() / 4);
}

void Perplexity::update(const Tensor& output, const Tensor& target) {
  const NoGrad off;
  const int dim = class_dimension(name(), output, target, class_dim_);
  Shape order;
  for (int d = 0; d < output.rank(); ++d)
    if (d != dim) order.push_back(d);
  order.push_back(dim);
  const Tensor rows = reshape(permute(output, order), {target.numel(), output.size(dim)});
  const Tensor nll = cross_entropy(rows, reshape(target, {target.numel()}), {}, ignore_index_, Reduction::Sum);
  add(nll.item(), fluxion::sum(ne(target, static_cast<double>(ignore_index_))).item());
}

double Perplexity::value() const { return std::exp(ratio()); }

}  // namespace fluxion::train
