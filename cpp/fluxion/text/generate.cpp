#include "fluxion/text/generate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "fluxion/autograd/autograd.h"
#include "fluxion/core/sort.h"
#include "fluxion/ops/launch.h"
#include "fluxion/ops/unary.h"
#include "fluxion/ops/view.h"

namespace fluxion::nlp {
namespace {

// Sets weights to 0 but the fewest greatest that sum to this share; of equals the first are kept.
void keep_likeliest(std::vector<double>& weights, double share) {
  std::vector<double> sorted = weights;
  heap_sort(sorted);
  double total = 0, sum = 0;
  for (const double w : sorted) total += w;
  double least = 0;
  int equals = 0;  // of the least, how many are kept
  for (std::size_t i = sorted.size(); i-- > 0 && sum < share * total; sum += least) {
    equals = sorted[i] == least ? equals + 1 : 1;
    least = sorted[i];
  }
  for (double& w : weights)
    if (w < least || (w == least && equals-- <= 0)) w = 0;
}

void penalize(std::vector<double>& row, const std::int32_t* seen, std::int64_t count, double penalty) {
  std::vector<bool> done(row.size());
  for (std::int64_t i = 0; i < count; ++i) {
    const auto id = static_cast<std::size_t>(seen[i]);
    if (seen[i] < 0 || id >= row.size() || done[id]) continue;
    row[id] = row[id] > 0 ? row[id] / penalty : row[id] * penalty;
    done[id] = true;
  }
}

std::int32_t draw(std::vector<double>& row, const SampleOptions& options, Generator& generator) {
  const auto likeliest = std::max_element(row.begin(), row.end());
  if (std::any_of(row.begin(), row.end(), [](double v) { return std::isnan(v); }) || !std::isfinite(*likeliest))
    throw FluxionError("sampleLogits: the logits are not finite");
  if (options.temperature == 0) return static_cast<std::int32_t>(likeliest - row.begin());

  const double highest = *likeliest;
  double least = -std::numeric_limits<double>::infinity();
  if (options.top_k > 0 && options.top_k < static_cast<std::int64_t>(row.size())) {
    std::vector<double> sorted = row;
    heap_sort(sorted);
    least = sorted[sorted.size() - static_cast<std::size_t>(options.top_k)];
  }
  for (double& v : row) v = v < least ? 0 : std::exp((v - highest) / options.temperature);
  if (options.top_p < 1) keep_likeliest(row, options.top_p);
  double total = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i] > 0) last = i;
    total += row[i];
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
  if (!(options.top_p > 0) || options.top_p > 1)
    throw FluxionError(str(op, ": topP must be above 0 and at most 1, it is ", options.top_p));
}

// seen: int32 [rows of logits, n], the tokens whose logits the penalty is for.
Tensor draw_rows(const Tensor& logits, const SampleOptions& options, Generator& generator, const Tensor& seen,
                 double penalty) {
  const auto width = static_cast<std::size_t>(logits.size(-1));
  const std::vector<double> values = contiguous_raw(logits).to_vector<double>();
  const std::vector<std::int32_t> ids = penalty == 1 ? std::vector<std::int32_t>() : seen.to_vector<std::int32_t>();
  std::vector<std::int32_t> drawn;
  for (std::size_t at = 0; at < values.size(); at += width) {
    std::vector<double> row(values.begin() + static_cast<std::ptrdiff_t>(at),
                            values.begin() + static_cast<std::ptrdiff_t>(at + width));
    if (penalty != 1)
      penalize(row, ids.data() + static_cast<std::int64_t>(drawn.size()) * seen.size(1), seen.size(1), penalty);
    drawn.push_back(draw(row, options, generator));
  }
  Shape shape = logits.shape();
  shape.pop_back();
  return Tensor::from(drawn, shape);
}

}  // namespace

Tensor sample_logits(const Tensor& logits, const SampleOptions& options, Generator& generator) {
  check_options("sampleLogits", options);
  check_floating("sampleLogits", logits);
  if (logits.rank() == 0 || logits.size(-1) == 0)
    throw ShapeError(str("sampleLogits: needs logits of [..., V], these are ", logits.shape()));
  return draw_rows(logits, options, generator, {}, 1);
}

Generation::Generation(ResumingModel model, const Tensor& ids, const GenerateOptions& options, bool resumes)
    : model_(std::move(model)),
      options_(options),
      own_(options.seed.value_or(0)),
      batched_(ids.rank() == 2),
      resumes_(resumes) {
  check_options("generate", options);
  if (!(options.repetition_penalty > 0) || !std::isfinite(options.repetition_penalty))
    throw FluxionError(str("generate: repetitionPenalty must be above 0, it is ", options.repetition_penalty));
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
  const bool goes_on = resumes_ && read_ > 0 && seen == length;
  const std::int64_t fed = goes_on ? length - read_ : seen;
  const Tensor logits = model_(narrow(ids_, 1, length - fed, fed), !goes_on);
  read_ = length;
  if (logits.rank() != 3 || logits.size(0) != ids_.size(0) || logits.size(1) != (resumes_ ? 1 : seen))
    throw ShapeError(
        str("generate: the model must give logits of [", ids_.size(0), ", ", seen, ", V], these are ", logits.shape()));
  check_floating("generate", logits);
  if (logits.size(2) == 0) throw ShapeError(str("generate: the model gave logits of no token, ", logits.shape()));
  const Tensor next = draw_rows(select(logits, 1, -1), options_, options_.seed ? own_ : default_generator(), ids_,
                                options_.repetition_penalty);
  ids_ = cat({ids_, unsqueeze(next, 1)}, 1);
  return batched_ ? next : squeeze(next, 0);
}

Tensor Generation::ids() const { return batched_ ? ids_ : squeeze(ids_, 0); }

namespace {

Tensor extended(Generation generation, std::int64_t max_new_tokens) {
  if (max_new_tokens < 0)
    throw FluxionError(str("generate: maxNewTokens must not be negative, it is ", max_new_tokens));
  for (std::int64_t i = 0; i < max_new_tokens; ++i) generation.step();
  return generation.ids();
}

}  // namespace

Tensor generate(const LanguageModel& model, const Tensor& ids, std::int64_t max_new_tokens,
                const GenerateOptions& options) {
  return extended(Generation(model, ids, options), max_new_tokens);
}
Tensor generate(const ResumingModel& model, const Tensor& ids, std::int64_t max_new_tokens,
                const GenerateOptions& options) {
  return extended(Generation(model, ids, options), max_new_tokens);
}

}  // namespace fluxion::nlp
