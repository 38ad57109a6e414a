#pragma once
// UTF-8 to code points and back.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace fluxion {

// The code point at text[at]; `at` moves behind it. False, and `at` at the offending byte, for an overlong form, a
// surrogate, anything beyond U+10FFFF or a sequence cut short.
bool next_utf8(std::string_view text, std::size_t& at, char32_t& code);

// ParseError with `op` and the byte's place where the text is not UTF-8.
std::vector<char32_t> decode_utf8(std::string_view text, const char* op);

// The same check alone.
void check_utf8(std::string_view text, const char* op);

void append_utf8(std::string& out, char32_t code);

}  // namespace fluxion
