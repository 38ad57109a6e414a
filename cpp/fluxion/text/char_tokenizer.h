#pragma once
// One token for each character.

#include <string>
#include <string_view>
#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion::nlp {

// The characters (Unicode code points) of a text, sorted; a character's id is its place. ParseError on bytes
// that are not UTF-8.
class CharTokenizer {
 public:
  explicit CharTokenizer(std::string_view corpus);

  std::int64_t vocab_size() const { return static_cast<std::int64_t>(characters_.size()); }
  // All characters, in order of their ids. CharTokenizer(vocabulary()) is this tokenizer again.
  std::string vocabulary() const;
  // int32 [number of characters]; IndexError names a character that the corpus did not have.
  Tensor encode(std::string_view text) const;
  // ids of any shape, in row-major order; IndexError on an id outside the vocabulary.
  std::string decode(const Tensor& ids) const;

 private:
  std::vector<char32_t> characters_;
};

}  // namespace fluxion::nlp
