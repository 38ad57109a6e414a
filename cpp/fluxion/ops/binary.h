#pragma once
// Two inputs, broadcast against each other.

#include "fluxion/ops/types.h"

namespace fluxion {

Tensor add(const Tensor& a, const Operand& b);
Tensor sub(const Tensor& a, const Operand& b);
Tensor mul(const Tensor& a, const Operand& b);
Tensor div(const Tensor& a, const Operand& b);  // integers give float32
Tensor pow(const Tensor& a, const Operand& b);
Tensor fmod(const Tensor& a, const Operand& b);       // the remainder of division, with the sign of a
Tensor remainder(const Tensor& a, const Operand& b);  // with the sign of b
Tensor atan2(const Tensor& a, const Tensor& b);
// start + weight·(end − start)
Tensor lerp(const Tensor& start, const Tensor& end, const Operand& weight);
Tensor maximum(const Tensor& a, const Tensor& b);
Tensor minimum(const Tensor& a, const Tensor& b);

// bool results, no gradient.
Tensor eq(const Tensor& a, const Operand& b);
Tensor ne(const Tensor& a, const Operand& b);
Tensor lt(const Tensor& a, const Operand& b);
Tensor le(const Tensor& a, const Operand& b);
Tensor gt(const Tensor& a, const Operand& b);
Tensor ge(const Tensor& a, const Operand& b);
Tensor logical_and(const Tensor& a, const Tensor& b);
Tensor logical_or(const Tensor& a, const Tensor& b);
Tensor logical_xor(const Tensor& a, const Tensor& b);

// condition ? a : b, all three broadcast; the condition is bool.
Tensor where(const Tensor& condition, const Operand& a, const Operand& b);
// x with `value` where the mask is true.
Tensor masked_fill(const Tensor& x, const Tensor& mask, double value);

#define FLUXION_OPERATOR(sign)                             \
  Tensor operator sign(const Tensor& a, const Tensor& b);  \
  Tensor operator sign(const Tensor& a, double b);         \
  Tensor operator sign(const Tensor& a, int b);            \
  Tensor operator sign(const Tensor& a, const Operand& b);
FLUXION_OPERATOR(+)
FLUXION_OPERATOR(-)
FLUXION_OPERATOR(*)
FLUXION_OPERATOR(/)
#undef FLUXION_OPERATOR
Tensor operator-(const Tensor& a);
Tensor operator+(double a, const Tensor& b);
Tensor operator*(double a, const Tensor& b);
Tensor operator-(double a, const Tensor& b);
Tensor operator/(double a, const Tensor& b);

}  // namespace fluxion
