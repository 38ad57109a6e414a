#include "fluxion/text/char_tokenizer.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fluxion/ops/launch.h"

namespace fluxion::nlp {

std::vector<char32_t> decode_utf8(std::string_view text, const char* op) {
  std::vector<char32_t> out;
  out.reserve(text.size());
  std::size_t i = 0;
  const auto fail = [&](std::size_t at) { throw ParseError(str(op, ": byte ", at, " is not valid UTF-8")); };
  while (i < text.size()) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const int more = lead < 0x80            ? 0
                     : lead >> 5 == 0b110   ? 1
                     : lead >> 4 == 0b1110  ? 2
                     : lead >> 3 == 0b11110 ? 3
                                            : -1;
    if (more < 0) fail(i);
    constexpr std::array<unsigned, 4> kLeadBits = {0x7F, 0x1F, 0x0F, 0x07};
    constexpr std::array<char32_t, 4> kLeast = {0, 0x80, 0x800, 0x10000};
    const auto length = static_cast<std::size_t>(more);
    char32_t code = lead & kLeadBits[length];
    for (std::size_t k = 1; k <= length; ++k) {
      const unsigned next = i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0;
      if (next >> 6 != 0b10) fail(i + k);
      code = code << 6 | (next & 0x3F);
    }
    if (code < kLeast[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) fail(i);
    out.push_back(code);
    i += length + 1;
  }
  return out;
}

void append_utf8(std::string& out, char32_t code) {
  const auto byte = [&](char32_t b) { out += static_cast<char>(b); };
  if (code < 0x80) return byte(code);
  if (code < 0x800) {
    byte(0xC0 | code >> 6);
  } else {
    if (code < 0x10000) {
      byte(0xE0 | code >> 12);
    } else {
      byte(0xF0 | code >> 18);
      byte(0x80 | (code >> 12 & 0x3F));
    }
    byte(0x80 | (code >> 6 & 0x3F));
  }
  byte(0x80 | (code & 0x3F));
}

CharTokenizer::CharTokenizer(std::string_view corpus) : characters_(decode_utf8(corpus, "CharTokenizer")) {
  std::sort(characters_.begin(), characters_.end());
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
