#include "fluxion/io/json.h"

#include <charconv>
#include <cmath>
#include <unordered_set>
#include <utility>

#include "fluxion/core/error.h"
#include "fluxion/core/utf8.h"

namespace fluxion::io {
namespace {

// Deeper nesting could overflow the small stack of wasm; no file of ours comes near.
constexpr int kMaxDepth = 64;

}  // namespace

void JsonReader::fail(const std::string& why) const {
  throw ParseError(str(source_, ": at byte ", first_byte_ + at_, ": ", why));
}

void JsonReader::skip_spaces() {
  while (at_ < text_.size() &&
         (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
    ++at_;
}

void JsonReader::want(char c) {
  skip_spaces();
  if (at_ >= text_.size()) fail(str("the text ends where '", std::string(1, c), "' is needed"));
  if (text_[at_] != c) fail(str("'", std::string(1, c), "' is needed"));
  ++at_;
}

void JsonReader::word(std::string_view w) {
  skip_spaces();
  if (text_.substr(at_, w.size()) != w) fail(str("'", w, "' is needed"));
  at_ += w.size();
}

void JsonReader::enter() {
  if (++depth_ > kMaxDepth) fail(str("values are nested more than ", kMaxDepth, " deep"));
}

JsonReader::Kind JsonReader::peek() {
  skip_spaces();
  switch (next()) {
    case '{':
      return Kind::Object;
    case '[':
      return Kind::Array;
    case '"':
      return Kind::String;
    case 't':
    case 'f':
      return Kind::Boolean;
    case 'n':
      return Kind::Null;
    default:
      break;
  }
  if (next() != '-' && (next() < '0' || next() > '9')) fail("a value is needed");
  return Kind::Number;
}

void JsonReader::object(const std::function<void(const std::string&)>& member) {
  want('{');
  enter();
  std::unordered_set<std::string> seen;
  skip_spaces();
  while (next() != '}') {
    if (!seen.empty()) {
      want(',');
      skip_spaces();
    }
    const std::size_t start = at_;
    const auto [key, fresh] = seen.insert(string());
    if (!fresh) {
      at_ = start;
      fail(str("the key '", *key, "' is there twice"));
    }
    want(':');
    member(*key);
    skip_spaces();
  }
  want('}');
  --depth_;
}

void JsonReader::array(const std::function<void()>& element) {
  want('[');
  enter();
  skip_spaces();
  for (bool first = true; next() != ']'; first = false) {
    if (!first) want(',');
    element();
    skip_spaces();
  }
  want(']');
  --depth_;
}

unsigned JsonReader::hex4() {
  unsigned value = 0;
  const char* begin = text_.data() + at_;
  if (text_.size() - at_ < 4 || std::from_chars(begin, begin + 4, value, 16).ptr != begin + 4)
    fail("four hexadecimal digits are needed");
  at_ += 4;
  return value;
}

void JsonReader::append_escape(std::string& out) {
  const char c = next();
  ++at_;
  switch (c) {
    case '"':
    case '\\':
    case '/':
      out += c;
      return;
    case 'b':
      out += '\b';
      return;
    case 'f':
      out += '\f';
      return;
    case 'n':
      out += '\n';
      return;
    case 'r':
      out += '\r';
      return;
    case 't':
      out += '\t';
      return;
    case 'u':
      break;
    default:
      --at_;
      fail("unknown escape in a string");
  }
  unsigned code = hex4();
  if (code >= 0xDC00 && code < 0xE000) fail("half of a surrogate pair");
  if (code >= 0xD800 && code < 0xDC00) {
    if (text_.substr(at_, 2) != "\\u") fail("half of a surrogate pair");
    at_ += 2;
    const unsigned low = hex4();
    if (low < 0xDC00 || low >= 0xE000) fail("half of a surrogate pair");
    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
  }
  append_utf8(out, code);
}

std::string JsonReader::string() {
  want('"');
  std::string out;
  for (;;) {
    if (at_ >= text_.size()) fail("the text ends within a string");
    const char c = text_[at_];
    if (static_cast<unsigned char>(c) < 0x20) fail("a control character within a string");
    if (c == '\\') {
      ++at_;
      append_escape(out);
      continue;
    }
    const std::size_t start = at_;
    if (char32_t code = 0; !next_utf8(text_, at_, code)) fail("a byte that is not valid UTF-8");
    if (c == '"') return out;
    out += text_.substr(start, at_ - start);
  }
}

// Checks JSON's own grammar.
std::string_view JsonReader::number_text() {
  if (peek() != Kind::Number) fail("a number is needed");
  std::size_t i = at_;
  const auto digits = [&] {
    const std::size_t start = i;
    while (i < text_.size() && text_[i] >= '0' && text_[i] <= '9') ++i;
    if (i == start) fail("a number is needed");
  };
  if (text_[i] == '-') ++i;
  if (i < text_.size() && text_[i] == '0')
    ++i;
  else
    digits();
  if (i < text_.size() && text_[i] == '.') {
    ++i;
    digits();
  }
  if (i < text_.size() && (text_[i] == 'e' || text_[i] == 'E')) {
    ++i;
    if (i < text_.size() && (text_[i] == '+' || text_[i] == '-')) ++i;
    digits();
  }
  if (i - at_ > 400) fail("a number of more than 400 characters");
  const std::size_t start = std::exchange(at_, i);
  return text_.substr(start, i - start);
}

double JsonReader::number() {
  skip_spaces();
  const std::size_t start = at_;
  // strtod needs an end; from_chars for double is not everywhere.
  const double value = std::strtod(std::string(number_text()).c_str(), nullptr);
  if (std::isfinite(value)) return value;
  at_ = start;
  fail("a number that is too large");
}

std::int64_t JsonReader::integer() {
  skip_spaces();
  const std::size_t start = at_;
  const std::string_view text = number_text();
  const char* const first = text.data();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(first, first + text.size(), value);
  constexpr std::int64_t kLargest = std::int64_t{1} << 53;
  if (end == first + text.size() && error == std::errc() && value >= -kLargest && value <= kLargest) return value;
  at_ = start;
  fail("a whole number is needed, at most 2^53 in size");
}

bool JsonReader::boolean() {
  if (peek() != Kind::Boolean) fail("true or false is needed");
  const bool value = next() == 't';
  word(value ? "true" : "false");
  return value;
}

void JsonReader::null() { word("null"); }

void JsonReader::skip() {
  switch (peek()) {
    case Kind::Object:
      object([this](const std::string&) { skip(); });
      break;
    case Kind::Array:
      array([this] { skip(); });
      break;
    case Kind::String:
      string();
      break;
    case Kind::Number:
      number_text();
      break;
    case Kind::Boolean:
      boolean();
      break;
    case Kind::Null:
      null();
      break;
  }
}

void JsonReader::end() {
  skip_spaces();
  if (at_ < text_.size()) fail("something follows the value");
}

std::string json_quoted(std::string_view text) {
  constexpr const char* kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (u < 0x20) {
      out += "\\u00";
      out += kHex[u >> 4];
      out += kHex[u & 15];
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace fluxion::io
