#pragma once
// Typed errors. Text: "<op>: <rule broken>: <shapes> (<numbers>)", and where it helps, the way out.

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>

#include "fluxion/core/dtype.h"
#include "fluxion/core/small_vec.h"

namespace fluxion {

enum class ErrorKind : std::uint8_t { Fluxion, Shape, DType, Index, Parse, OutOfMemory };

class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message);
  Error(const Error&);
  ~Error() override;
  ErrorKind kind() const { return kind_; }
  const char* what() const noexcept override { return message_.c_str(); }

 private:
  ErrorKind kind_;
  std::string message_;
};

template <ErrorKind K>
struct TypedError : Error {
  explicit TypedError(std::string message) : Error(K, std::move(message)) {}
};
using FluxionError = TypedError<ErrorKind::Fluxion>;
using ShapeError = TypedError<ErrorKind::Shape>;
using DTypeError = TypedError<ErrorKind::DType>;
using IndexError = TypedError<ErrorKind::Index>;
using ParseError = TypedError<ErrorKind::Parse>;
using OutOfMemoryError = TypedError<ErrorKind::OutOfMemory>;

namespace detail {

// An argument of str() as one word, so that the hundreds of texts cost little code: what it refers to lives on, for
// arguments outlive the call.
union Word {
  const void* pointer;
  std::int64_t integer;
  double number;
};

using Sizes = SmallVec<std::int64_t, 6>;

template <class T>
constexpr char word_kind() {
  if constexpr (std::is_same_v<T, Sizes>) return '[';  // [2, 3]
  if constexpr (std::is_same_v<T, std::string>) return 's';
  if constexpr (std::is_same_v<T, std::string_view>) return 'v';
  if constexpr (std::is_convertible_v<T, const char*>) return 'c';
  if constexpr (std::is_same_v<T, bool>) return 'b';
  if constexpr (std::is_same_v<T, DType>) return 't';
  if constexpr (std::is_floating_point_v<T>) return 'g';
  return std::is_unsigned_v<T> ? 'u' : 'i';
}

template <class T>
Word word_of(const T& value) {
  if constexpr (std::is_floating_point_v<T>) {
    return {.number = value};
  } else if constexpr (std::is_integral_v<T> || std::is_enum_v<T>) {
    return {.integer = static_cast<std::int64_t>(value)};
  } else if constexpr (std::is_convertible_v<T, const char*>) {
    return {.pointer = static_cast<const char*>(value)};
  } else {
    return {.pointer = &value};
  }
}

std::string join(const char* kinds, const Word* words);

}  // namespace detail

// A name of C++ as TypeScript, errors and graphs have it: max_pool2d is maxPool2d.
std::string public_name(std::string_view name);

// str("sum: dimension ", 3, " of ", shape): the arguments' texts, joined.
template <class... Args>
std::string str(const Args&... args) {
  static constexpr char kKinds[] = {detail::word_kind<Args>()..., '\0'};
  const detail::Word words[] = {detail::word_of(args)...};
  return detail::join(kKinds, words);
}

}  // namespace fluxion
