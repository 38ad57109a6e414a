#pragma once
// One input, element by element. The rows stand in unary_rows.inc.

#include <optional>

#include "fluxion/ops/types.h"

namespace fluxion {

#define FLUXION_UNARY(name, ...) Tensor name(const Tensor& x);
#include "fluxion/ops/unary_rows.inc"
#undef FLUXION_UNARY

Tensor leaky_relu(const Tensor& x, double negative_slope = 0.01);
Tensor elu(const Tensor& x, double alpha = 1);
Tensor softplus(const Tensor& x, double beta = 1, double threshold = 20);
Tensor hardtanh(const Tensor& x, double min_val = -1, double max_val = 1);
Tensor gelu(const Tensor& x, GeluForm approximate = GeluForm::None);
Tensor clamp(const Tensor& x, std::optional<double> min, std::optional<double> max = {});

// x as another dtype; the same tensor when it has it already. The gradient is converted back.
Tensor to_dtype(const Tensor& x, DType dtype);

}  // namespace fluxion
