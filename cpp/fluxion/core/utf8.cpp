#include "fluxion/core/utf8.h"

#include <array>

#include "fluxion/core/error.h"

namespace fluxion {

bool next_utf8(std::string_view text, std::size_t& at, char32_t& code) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const int more = lead < 0x80            ? 0
                   : lead >> 5 == 0b110   ? 1
                   : lead >> 4 == 0b1110  ? 2
                   : lead >> 3 == 0b11110 ? 3
                                          : -1;
  if (more < 0) return false;
  constexpr std::array<unsigned, 4> kLeadBits = {0x7F, 0x1F, 0x0F, 0x07};
  constexpr std::array<char32_t, 4> kLeast = {0, 0x80, 0x800, 0x10000};
  const auto length = static_cast<std::size_t>(more);
  code = lead & kLeadBits[length];
  for (std::size_t k = 1; k <= length; ++k) {
    const unsigned next = at + k < text.size() ? static_cast<unsigned char>(text[at + k]) : 0;
    if (next >> 6 != 0b10) {
      at += k;
      return false;
    }
    code = code << 6 | (next & 0x3F);
  }
  if (code < kLeast[length] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  at += length + 1;
  return true;
}

void check_utf8(std::string_view text, const char* op) {
  char32_t code = 0;
  for (std::size_t at = 0; at < text.size();)
    if (!next_utf8(text, at, code)) throw ParseError(str(op, ": byte ", at, " is not valid UTF-8"));
}

std::vector<char32_t> decode_utf8(std::string_view text, const char* op) {
  check_utf8(text, op);
  std::vector<char32_t> out;
  out.reserve(text.size());
  char32_t code = 0;
  for (std::size_t at = 0; at < text.size(); out.push_back(code)) next_utf8(text, at, code);
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

}  // namespace fluxion
