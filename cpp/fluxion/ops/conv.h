#pragma once
// Convolution on [N, C, H, W] and [N, C, L] (or the same without a batch).

#include "fluxion/ops/types.h"

namespace fluxion {

// Explicit padding takes one number or two; Same keeps H and W (stride 1), Valid pads nothing.
enum class Padding { Explicit, Same, Valid };
std::vector<std::string> choice_names(Padding);

Tensor conv1d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias = {},
              const Shape& stride = {1}, const Shape& padding = {0}, const Shape& dilation = {1},
              std::int64_t groups = 1, Padding padding_mode = Padding::Explicit);
// stride, padding and dilation take one number or two (height, width).
Tensor conv2d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias = {},
              const Shape& stride = {1}, const Shape& padding = {0}, const Shape& dilation = {1},
              std::int64_t groups = 1, Padding padding_mode = Padding::Explicit);
// The other way: weight is [in, out / groups, …], output_padding lengthens the result at its end.
Tensor conv_transpose1d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias = {},
                        const Shape& stride = {1}, const Shape& padding = {0}, const Shape& output_padding = {0},
                        std::int64_t groups = 1, const Shape& dilation = {1});
Tensor conv_transpose2d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias = {},
                        const Shape& stride = {1}, const Shape& padding = {0}, const Shape& output_padding = {0},
                        std::int64_t groups = 1, const Shape& dilation = {1});

}  // namespace fluxion
