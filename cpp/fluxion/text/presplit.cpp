#include "fluxion/text/presplit.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "fluxion/core/utf8.h"

namespace fluxion::nlp {
namespace {

struct Run {
  char32_t first, last;
  CharKind kind;
};

constexpr std::uint8_t kTable[] = {
#include "fluxion/text/unicode_table.inc"
};

std::vector<Run> unpacked() {
  std::size_t i = 0;
  const auto number = [&] {
    std::uint32_t value = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint8_t byte = kTable[i++];
      value |= static_cast<std::uint32_t>(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  std::vector<Run> runs;
  char32_t at = 0;
  while (i < sizeof kTable) {
    const std::uint32_t gap = number();
    const char32_t first = at + gap / 2;
    at = first + number() + 1;
    runs.push_back({first, at - 1, gap % 2 == 0 ? CharKind::Letter : CharKind::Number});
  }
  return runs;
}

CharKind next_kind(std::string_view text, std::size_t& at) {
  char32_t code = 0;
  next_utf8(text, at, code);
  return kind_of(code);
}

}  // namespace

CharKind kind_of(char32_t c) {
  if (c == ' ' || (c >= 9 && c <= 13) || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
      c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000)
    return CharKind::Space;
  static const std::vector<Run> runs = unpacked();
  const auto run =
      std::lower_bound(runs.begin(), runs.end(), c, [](const Run& r, char32_t code) { return r.last < code; });
  return run != runs.end() && run->first <= c ? run->kind : CharKind::Other;
}

std::size_t piece_end(std::string_view text, std::size_t at) {
  if (text[at] == '\'')
    for (const std::string_view ending : {"s", "t", "re", "ve", "m", "ll", "d"})
      if (text.substr(at + 1, ending.size()) == ending) return at + 1 + ending.size();

  std::size_t end = at;
  CharKind kind = next_kind(text, end);
  // A space belongs to the word behind it.
  if (text[at] == ' ' && end < text.size()) {
    std::size_t second = end;
    const CharKind behind = next_kind(text, second);
    if (behind != CharKind::Space) {
      kind = behind;
      end = second;
    }
  }
  std::size_t last = at;  // where the last character of the run starts
  while (end < text.size()) {
    std::size_t next = end;
    if (next_kind(text, next) != kind) {
      // The last of several spaces is left to what follows.
      return kind == CharKind::Space && last > at ? last : end;
    }
    last = end;
    end = next;
  }
  return end;
}

}  // namespace fluxion::nlp
