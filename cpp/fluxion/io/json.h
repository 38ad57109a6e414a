#pragma once
// Reads JSON as it comes, without building a tree: a hostile file costs no memory beyond its own. Errors are
// ParseErrors that name the source and the byte.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace fluxion::io {

class JsonReader {
 public:
  // `source` names the text in errors: "safetensors header". `first_byte` is the text's place in its file.
  JsonReader(std::string_view text, std::string source, std::size_t first_byte = 0)
      : text_(text), source_(std::move(source)), first_byte_(first_byte) {}

  // The next value, which must be of this kind.
  void object(
      const std::function<void(const std::string& key)>& member);  // member reads the value; no key twice
  void array(const std::function<void()>& element);
  std::string string();
  double number();
  std::int64_t integer();  // a whole number up to 2^53
  bool boolean();
  void null();
  void skip();  // any value
  // Nothing but spaces may follow.
  void end();

  enum class Kind { Object, Array, String, Number, Boolean, Null };
  Kind peek();
  [[noreturn]] void fail(const std::string& why) const;

 private:
  void skip_spaces();
  std::string_view number_text();
  char next() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  void want(char c);
  void word(std::string_view w);
  void enter();
  unsigned hex4();
  void append_escape(std::string& out);

  std::string_view text_;
  std::string source_;
  std::size_t first_byte_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

// `text` as a JSON string, quotes included.
std::string json_quoted(std::string_view text);

}  // namespace fluxion::io
