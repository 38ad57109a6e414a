#include "fluxion/text/generate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/launch.h"
#include "fluxion/ops/unary.h"
#include "fluxion/ops/view.h"

namespace fluxion::nlp {
namespace {

std::int32_t draw(std::vector<double>& row, const SampleOptions& options, Generator& generator) {
  const auto likeliest = std::max_element(row.begin(), row.end());
  if (std::any_of(row.begin(), row.end(), [](double v) { return std::isnan(v); }) ||
      !std::isfinite(*likeliest))
    throw FluxionError("sampleLogits: the logits are not finite");
  if (options.temperature == 0) return static_cast<std::int32_t>(likeliest - row.begin());

  const double highest = *likeliest;
  double least = -std::numeric_limits<double>::infinity();
  if (options.top_k > 0 && options.top_k < static_cast<std::int64_t>(row.size())) {
    std::vector<double> sorted = row;
    std::nth_element(sorted.begin(), sorted.begin() + (options.top_k - 1), sorted.end(), std::greater<>());
    least = sorted[static_cast<std::size_t>(options.top_k - 1)];
  }
  double total = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const double weight = row[i] < least ? 0 : std::exp((row[i] - highest) / options.temperature);
    if (weight > 0) last = i;
    total += weight;
    row[i] = weight;
  }
  double left = generator.uniform_double() * total;
  for (std::size_t i = 0; i < last; ++i) {
    left -= row[i];
    if (left < 0) return static_cast<std::int32_t>(i);
  }
  return static_cast<std::int32_t>(last);  // rounding may leave a little over
}

void check_options(const char* op, const SampleOptions& options) {
  if (!(options.temperature >= 0) || !std::isfinite(options.temperature))
    throw FluxionError(str(op, ": temperature must not be negative, it is ", options.temperature));
  if (options.top_k < 0) throw FluxionError(str(op, ": topK must not be negative, it is ", options.top_k));
}

}  // namespace

Tensor sample_logits(const Tensor& logits, const SampleOptions& options, Generator& generator) {
  check_options("sampleLogits", options);
  check_floating("sampleLogits", logits);
  if (logits.rank() == 0 || logits.size(-1) == 0)
    throw ShapeError(str("sampleLogits: needs logits of [..., V], these are ", logits.shape()));
  const auto width = static_cast<std::size_t>(logits.size(-1));
  const std::vector<double> values = contiguous_raw(logits).to_vector<double>();
  std::vector<std::int32_t> drawn;
  for (std::size_t at = 0; at < values.size(); at += width) {
    std::vector<double> row(values.begin() + static_cast<std::ptrdiff_t>(at),
                            values.begin() + static_cast<std::ptrdiff_t>(at + width));
    drawn.push_back(draw(row, options, generator));
  }
  Shape shape = logits.shape();
  shape.pop_back();
  return Tensor::from(drawn, shape);
}

Generation::Generation(LanguageModel model, const Tensor& ids, const GenerateOptions& options)
    : model_(std::move(model)), options_(options), own_(options.seed.value_or(0)), batched_(ids.rank() == 2) {
  check_options("generate", options);
  check_index_dtype("generate", ids);
  if ((ids.rank() != 1 && ids.rank() != 2) || ids.numel() == 0)
    throw ShapeError(
        str("generate: needs a prompt of [N, T] or [T] with one token at least, this one is ", ids.shape()));
  if (options.context_length < 0)
    throw FluxionError(str("generate: contextLength must not be negative, it is ", options.context_length));
  ids_ = batched_ ? ids : unsqueeze(ids, 0);
}

Tensor Generation::step() {
  const NoGrad off;
  const std::int64_t length = ids_.size(1);
  const std::int64_t seen = options_.context_length > 0 ? std::min(options_.context_length, length) : length;
  const Tensor logits = model_(narrow(ids_, 1, length - seen, seen));
  if (logits.rank() != 3 || logits.size(0) != ids_.size(0) || logits.size(1) != seen)
    throw ShapeError(str("generate: the model must give logits of [", ids_.size(0), ", ", seen,
                         ", V], these are ", logits.shape()));
  const Tensor next =
      sample_logits(select(logits, 1, -1), options_, options_.seed ? own_ : default_generator());
  ids_ = cat({ids_, unsqueeze(next, 1)}, 1);
  return batched_ ? next : squeeze(next, 0);
}

Tensor Generation::ids() const { return batched_ ? ids_ : squeeze(ids_, 0); }

Tensor generate(const LanguageModel& model, const Tensor& ids, std::int64_t max_new_tokens,
                const GenerateOptions& options) {
  if (max_new_tokens < 0)
    throw FluxionError(str("generate: maxNewTokens must not be negative, it is ", max_new_tokens));
  Generation generation(model, ids, options);
  for (std::int64_t i = 0; i < max_new_tokens; ++i) generation.step();
  return generation.ids();
}

}  // namespace fluxion::nlp
