#pragma once
// Gradients held against finite differences, element by element, in float64.

#include <string>
#include <vector>

#include "fluxion/transforms/functional.h"

namespace fluxion {

struct GradcheckResult {
  bool ok = true;
  // Where the two first differ: the input, its element in row-major order, and d L / d element with L = Σ
  // f·w.
  int input = -1;
  std::int64_t index = -1;
  double numerical = 0, analytical = 0;
  std::string message;  // empty when ok
};

// d f / d inputs by the tape against (f(x + eps) − f(x − eps)) / 2eps, for every element of every input that
// is float64; the others are passed on as they are. f must give the same result for the same inputs.
GradcheckResult gradcheck(const TensorFunction& f, const std::vector<Tensor>& inputs, double eps = 1e-6,
                          double atol = 1e-5, double rtol = 1e-3);
// The same for the gradients of f, as functions of the inputs and of the gradient that comes in.
GradcheckResult gradgradcheck(const TensorFunction& f, const std::vector<Tensor>& inputs, double eps = 1e-6,
                              double atol = 1e-5, double rtol = 1e-3);

}  // namespace fluxion
