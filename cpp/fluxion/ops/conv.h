#pragma once
// Convolution and pooling on [N, C, H, W] (or [C, H, W] without a batch).

#include "fluxion/ops/types.h"

namespace fluxion {

// Explicit padding takes one number or two; Same keeps H and W (stride 1), Valid pads nothing.
enum class Padding { Explicit, Same, Valid };
std::vector<std::string> choice_names(Padding);

// stride, padding and dilation take one number or two (height, width).
Tensor conv2d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias = {},
              const Shape& stride = {1}, const Shape& padding = {0}, const Shape& dilation = {1},
              std::int64_t groups = 1, Padding padding_mode = Padding::Explicit);
// stride empty: the kernel size.
Tensor max_pool2d(const Tensor& x, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = {0},
                  const Shape& dilation = {1}, bool ceil_mode = false);
Tensor avg_pool2d(const Tensor& x, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = {0},
                  bool ceil_mode = false, bool count_include_pad = true);

}  // namespace fluxion
