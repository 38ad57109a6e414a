#include "fluxion/text/vectorizer.h"

#include <algorithm>
#include <functional>

#include "fluxion/core/utf8.h"
#include "fluxion/ops/launch.h"
#include "fluxion/text/presplit.h"

namespace fluxion::nlp {
namespace {

constexpr std::int32_t kUnknown = 1;

bool parts_words(char32_t c) {
  const bool punctuation =
      c < 128 && c > 32 && c != '\'' && !(c >= '0' && c <= '9') && !(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z');
  return punctuation || kind_of(c) == CharKind::Space;
}

void each_unit(std::string_view text, TextUnit unit, const char* op, const std::function<void(std::string_view)>& use) {
  check_utf8(text, op);
  char32_t code = 0;
  std::size_t start = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    next_utf8(text, at, code);
    if (unit == TextUnit::Char) {
      use(text.substr(before, at - before));
    } else if (parts_words(code)) {
      if (before > start) use(text.substr(start, before - start));
      start = at;
    }
  }
  if (unit == TextUnit::Word && start < text.size()) use(text.substr(start));
}

}  // namespace

Vectorizer::Vectorizer(const std::vector<std::string>& texts, const VectorizerOptions& options)
    : unit_(options.unit), tokens_{"", "\uFFFD"} {
  if (options.max_tokens < 0 || options.max_tokens == 1)
    throw FluxionError(str("Vectorizer: maxTokens must be 2 (padding and unknown) at least, or 0 for all, it is ",
                           options.max_tokens));
  if (options.min_frequency < 1)
    throw FluxionError(str("Vectorizer: minFrequency must be 1 or more, it is ", options.min_frequency));
  Vocabulary counts;
  for (const std::string& text : texts)
    each_unit(text, unit_, "Vectorizer", [&](std::string_view u) { ++counts[std::string(u)]; });
  std::vector<std::string> units;
  for (const auto& [unit, count] : counts)
    if (count >= options.min_frequency) units.push_back(unit);
  std::sort(units.begin(), units.end(), [&](const std::string& a, const std::string& b) {
    const std::int32_t of_a = counts.at(a), of_b = counts.at(b);
    return of_a != of_b ? of_a > of_b : a < b;
  });
  if (options.max_tokens > 0 && static_cast<std::int64_t>(units.size()) > options.max_tokens - 2)
    units.resize(static_cast<std::size_t>(options.max_tokens - 2));
  for (std::string& unit : units) {
    ids_.emplace(unit, static_cast<std::int32_t>(tokens_.size()));
    tokens_.push_back(std::move(unit));
  }
}

std::vector<std::int32_t> Vectorizer::ids_of(std::string_view text, const char* op) const {
  std::vector<std::int32_t> out;
  each_unit(text, unit_, op, [&](std::string_view u) {
    const auto it = ids_.find(std::string(u));
    out.push_back(it == ids_.end() ? kUnknown : it->second);
  });
  return out;
}

Tensor Vectorizer::encode(const std::vector<std::string>& texts, std::int64_t length) const {
  if (length < 0) throw FluxionError(str("Vectorizer.encode: length must not be negative, it is ", length));
  std::vector<std::vector<std::int32_t>> rows;
  std::size_t longest = 0;
  for (const std::string& text : texts) {
    rows.push_back(ids_of(text, "Vectorizer.encode"));
    longest = std::max(longest, rows.back().size());
  }
  const std::size_t width = length > 0 ? static_cast<std::size_t>(length) : longest;
  std::vector<std::int32_t> out;
  for (std::vector<std::int32_t>& row : rows) {
    row.resize(width);
    out.insert(out.end(), row.begin(), row.end());
  }
  return Tensor::from(out, {static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(width)});
}

Tensor Vectorizer::counts(const std::vector<std::string>& texts) const {
  std::vector<float> out(texts.size() * tokens_.size());
  for (std::size_t i = 0; i < texts.size(); ++i)
    for (const std::int32_t id : ids_of(texts[i], "Vectorizer.counts"))
      ++out[i * tokens_.size() + static_cast<std::size_t>(id)];
  return Tensor::from(out, {static_cast<std::int64_t>(texts.size()), vocab_size()});
}

std::vector<std::string> Vectorizer::decode(const Tensor& ids) const {
  check_index_dtype("Vectorizer.decode", ids);
  check_indices("Vectorizer.decode", ids, vocab_size());
  if (ids.rank() != 1 && ids.rank() != 2)
    throw ShapeError(str("Vectorizer.decode: needs ids of [N, length] or [length], these are ", ids.shape()));
  const auto values = ids.to_vector<std::int32_t>();
  const auto width = static_cast<std::size_t>(ids.size(-1));
  std::vector<std::string> out(ids.rank() == 2 ? static_cast<std::size_t>(ids.size(0)) : 1);
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::string& text = out[i / width];
    if (values[i] == 0) continue;
    if (unit_ == TextUnit::Word && !text.empty()) text += ' ';
    text += tokens_[static_cast<std::size_t>(values[i])];
  }
  return out;
}

}  // namespace fluxion::nlp
