#pragma once
// Texts to rows of equal length: ids of their characters or words, or how often each is there.

#include <string>
#include <string_view>
#include <vector>

#include "fluxion/core/tensor.h"
#include "fluxion/text/bpe.h"

namespace fluxion::nlp {

enum class TextUnit : std::uint8_t { Char, Word };

struct VectorizerOptions {
  TextUnit unit = TextUnit::Word;
  std::int64_t max_tokens = 0;     // ids in all, padding and unknown included; 0: as many as there are
  std::int64_t min_frequency = 1;  // a unit seen less often is unknown
};

// Id 0 pads, 1 is what the fitted texts did not have, then come their units by falling frequency, equals in the order
// of their UTF-8 bytes. Words are what stands between white space and ASCII punctuation (the apostrophe belongs to a
// word); case counts: lower it first where it should not.
class Vectorizer {
 public:
  explicit Vectorizer(const std::vector<std::string>& texts, const VectorizerOptions& options = {});

  std::int64_t vocab_size() const { return static_cast<std::int64_t>(tokens_.size()); }
  // By id; those of padding and unknown are "" and "\uFFFD".
  const std::vector<std::string>& tokens() const { return tokens_; }

  // int32 [N, length]: longer texts are cut, shorter ones padded behind; length 0: that of the longest.
  Tensor encode(const std::vector<std::string>& texts, std::int64_t length = 0) const;
  // float32 [N, vocab_size], a bag of words: how often each unit is there. Of padding there is none.
  Tensor counts(const std::vector<std::string>& texts) const;
  // The units of ids [N, length], or [length] for one text, padding left out, words with a space between.
  std::vector<std::string> decode(const Tensor& ids) const;

 private:
  std::vector<std::int32_t> ids_of(std::string_view text, const char* op) const;

  TextUnit unit_;
  std::vector<std::string> tokens_;
  Vocabulary ids_;
};

}  // namespace fluxion::nlp
