#pragma once
// GPT-2's cutting of a text into pieces, within which byte pairs merge.

#include <cstddef>
#include <string_view>

namespace fluxion::nlp {

enum class CharKind : unsigned char { Other, Letter, Number, Space };

// Letter is Unicode's category L, Number N, Space the property White_Space.
CharKind kind_of(char32_t code);

// Where the piece that starts at text[at] ends; at < text.size(), text is UTF-8. As the regular expression
//   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
std::size_t piece_end(std::string_view text, std::size_t at);

}  // namespace fluxion::nlp
