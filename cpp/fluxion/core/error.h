#pragma once
// Typed errors. Text: "<op>: <rule broken>: <shapes> (<numbers>)", and where it helps, the way out.

#include <cstdint>
#include <exception>
#include <string>
#include <string_view>

#include "fluxion/core/dtype.h"
#include "fluxion/core/small_vec.h"

namespace fluxion {

enum class ErrorKind : std::uint8_t { Fluxion, Shape, DType, Index, Parse, OutOfMemory };

class Error : public std::exception {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}
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

// Text of one argument of str().
std::string text(std::string_view s);
std::string text(const char* s);
std::string text(bool b);
std::string text(int v);
std::string text(long v);
std::string text(long long v);
std::string text(unsigned v);
std::string text(unsigned long v);
std::string text(unsigned long long v);
std::string text(double v);
std::string text(DType d);
std::string text(const SmallVec<std::int64_t, 6>& shape);  // [2, 3]

// str("sum: dimension ", 3, " of ", shape): the arguments' texts, joined.
template <class... Args>
std::string str(const Args&... args) {
  std::string out;
  ((out += text(args)), ...);
  return out;
}

}  // namespace fluxion
