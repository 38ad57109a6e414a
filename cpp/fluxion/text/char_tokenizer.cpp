#include "fluxion/text/char_tokenizer.h"

#include <algorithm>
#include <cmath>

#include "fluxion/core/sort.h"
#include "fluxion/core/utf8.h"
#include "fluxion/ops/launch.h"

namespace fluxion::nlp {

CharTokenizer::CharTokenizer(std::string_view corpus) : characters_(decode_utf8(corpus, "CharTokenizer")) {
  heap_sort(characters_);
  characters_.erase(std::unique(characters_.begin(), characters_.end()), characters_.end());
}

std::string CharTokenizer::vocabulary() const {
  std::string out;
  for (const char32_t c : characters_) append_utf8(out, c);
  return out;
}

Tensor CharTokenizer::encode(std::string_view text) const {
  const std::vector<char32_t> codes = decode_utf8(text, "CharTokenizer.encode");
  std::vector<std::int32_t> ids(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const auto it = std::lower_bound(characters_.begin(), characters_.end(), codes[i]);
    if (it == characters_.end() || *it != codes[i]) {
      std::string character;
      append_utf8(character, codes[i]);
      throw IndexError(str("CharTokenizer.encode: the character '", character, "' at position ", i,
                           " is not in the vocabulary of ", characters_.size()));
    }
    ids[i] = static_cast<std::int32_t>(it - characters_.begin());
  }
  return Tensor::from(ids, {static_cast<std::int64_t>(ids.size())});
}

std::string CharTokenizer::decode(const Tensor& ids) const {
  check_index_dtype("CharTokenizer.decode", ids);
  check_indices("CharTokenizer.decode", ids, vocab_size());
  std::string out;
  for (const std::int32_t id : ids.to_vector<std::int32_t>())
    append_utf8(out, characters_[static_cast<std::size_t>(id)]);
  return out;
}

}  // namespace fluxion::nlp
