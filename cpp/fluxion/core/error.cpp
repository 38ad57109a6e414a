#include "fluxion/core/error.h"

#include <cstdio>

namespace fluxion {

// Out of line, for there are hundreds of places that throw.
Error::Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
Error::Error(const Error&) = default;
Error::~Error() = default;

namespace detail {
namespace {

void append(std::string& out, char kind, const Word& word) {
  switch (kind) {
    case 'c':
      out += static_cast<const char*>(word.pointer);
      break;
    case 's':
      out += *static_cast<const std::string*>(word.pointer);
      break;
    case 'v':
      out += *static_cast<const std::string_view*>(word.pointer);
      break;
    case 'b':
      out += word.integer != 0 ? "true" : "false";
      break;
    case 't':
      out += name_of(static_cast<DType>(word.integer));
      break;
    case 'i':
      out += std::to_string(word.integer);
      break;
    case 'u':
      out += std::to_string(static_cast<std::uint64_t>(word.integer));
      break;
    case 'g': {
      char buffer[32];
      std::snprintf(buffer, sizeof buffer, "%g", word.number);
      out += buffer;
      break;
    }
    case '[': {
      const char* before = "[";
      for (const std::int64_t size : *static_cast<const Sizes*>(word.pointer)) {
        out += before;
        out += std::to_string(size);
        before = ", ";
      }
      out += *before == '[' ? "[]" : "]";
      break;
    }
    default:
      break;
  }
}

}  // namespace

std::string join(const char* kinds, const Word* words) {
  std::string out;
  for (std::size_t i = 0; kinds[i] != '\0'; ++i) append(out, kinds[i], words[i]);
  return out;
}

}  // namespace detail

std::string public_name(std::string_view name) {
  std::string out;
  bool upper = false;
  for (const char c : name) {
    if (c != '_') out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = c == '_';
  }
  return out;
}

}  // namespace fluxion
