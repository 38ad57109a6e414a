#pragma once
// Byte-level byte-pair encoding, as in Sennrich et al. 2016 and GPT-2 (Radford et al. 2019).

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fluxion/core/tensor.h"
#include "fluxion/text/pair_map.h"

namespace fluxion::nlp {

// Found whole in a text before anything else, never cut or merged. The strips take the white space beside it away.
struct SpecialToken {
  std::string text;
  std::int32_t id;
  bool strip_left = false, strip_right = false;
};

// Tokens `left` and `right` become `result`; the earlier in the list, the sooner.
struct Merge {
  std::int32_t left, right, result;
};

struct BPETrainOptions {
  std::int64_t vocab_size = 0;     // 256 bytes + special tokens at least; the text may give fewer
  std::int64_t min_frequency = 2;  // a pair seen less often is not merged
  std::vector<std::string> special_tokens = {};
};

using Vocabulary = std::unordered_map<std::string, std::int32_t>;

class BPETokenizer {
 public:
  // tokens: the bytes of each token by id, empty where an id is not used; all 256 single bytes are among them.
  BPETokenizer(std::vector<std::string> tokens, std::vector<Merge> merges, std::vector<SpecialToken> specials = {},
               bool add_prefix_space = false);

  // Special tokens come first, then the 256 bytes, then merges by falling frequency; among equals the pair of the
  // smaller ids. The order of HuggingFace's trainer.
  static BPETokenizer train(std::string_view corpus, const BPETrainOptions& options);

  std::int64_t vocab_size() const { return static_cast<std::int64_t>(tokens_.size()); }
  const std::vector<std::string>& tokens() const { return tokens_; }
  const std::vector<Merge>& merges() const { return merges_; }
  const std::vector<SpecialToken>& special_tokens() const { return specials_; }
  bool add_prefix_space() const { return add_prefix_space_; }
  // The id of a token or special token, −1 where there is none.
  std::int32_t id_of(std::string_view token) const;

  // int32 [number of tokens]; in O(n log n). ParseError where the text is not UTF-8.
  Tensor encode(std::string_view text) const;
  // The bytes of ids of any shape, in row-major order: UTF-8 unless a character was cut. IndexError on an id that is
  // not used.
  std::string decode(const Tensor& ids, bool skip_special_tokens = false) const;

 private:
  bool is_special(std::int32_t id) const;

  std::vector<std::string> tokens_;
  std::vector<Merge> merges_;
  std::vector<SpecialToken> specials_;
  bool add_prefix_space_;
  std::array<std::int32_t, 256> byte_ids_{};
  PairMap ranks_;  // of a pair: its place in merges_
};

// GPT-2's alphabet, in which files write bytes as printable characters: that of each byte, and back (−1: none).
const std::array<char32_t, 256>& byte_alphabet();
int byte_of(char32_t character);
// Bytes in that alphabet.
std::string in_byte_alphabet(std::string_view bytes);

// The parts of a text: between special tokens (−1), and those (their place in the list).
void each_part(std::string_view text, const std::vector<SpecialToken>& specials,
               const std::function<void(std::string_view part, int special)>& use);

}  // namespace fluxion::nlp
