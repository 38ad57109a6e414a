#pragma once
// Argument types of ops besides tensors.

#include <cstdint>
#include <string>
#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion {

// A number that takes part in promotion like PyTorch's: an integer leaves integer tensors integer.
struct Scalar {
  Scalar(double v) : value(v), integral(false) {}            // NOLINT: implicit
  Scalar(int v) : value(v), integral(true) {}                // NOLINT: implicit
  Scalar(std::int64_t v) : value(static_cast<double>(v)), integral(true) {}  // NOLINT: implicit
  Scalar(double v, bool is_integral) : value(v), integral(is_integral) {}
  double value;
  bool integral;
};

// A tensor or a number.
struct Operand {
  // Out of line, as are the operators of binary.h: formulas are full of them.
  Operand(const Tensor& t);         // NOLINT: implicit
  Operand(Scalar s) : scalar(s) {}  // NOLINT: implicit
  Operand(double v);                // NOLINT: implicit
  Operand(int v);                   // NOLINT: implicit
  bool is_tensor() const { return tensor.defined(); }
  Tensor tensor;
  Scalar scalar = 0.0;
};

enum class Reduction { None, Mean, Sum };
enum class GeluForm { None, Tanh };  // PyTorch's approximate='none' | 'tanh'

std::vector<std::string> choice_names(Reduction);
std::vector<std::string> choice_names(GeluForm);

}  // namespace fluxion
