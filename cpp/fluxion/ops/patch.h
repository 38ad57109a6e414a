#pragma once
// Patches of images as columns, and images of other sizes.

#include <optional>

#include "fluxion/ops/types.h"

namespace fluxion {

// Every window of x as a column: [N, C, H, W] → [N, C·kernel, windows]. Sizes take one number or (height, width).
Tensor unfold(const Tensor& x, const Shape& kernel_size, const Shape& dilation = {1}, const Shape& padding = {0},
              const Shape& stride = {1});
// The way back: columns added up where their windows were.
Tensor fold(const Tensor& x, const Shape& output_size, const Shape& kernel_size, const Shape& dilation = {1},
            const Shape& padding = {0}, const Shape& stride = {1});
// The same two under the names that lessons on convolution give them.
Tensor im2col(const Tensor& x, const Shape& kernel_size, const Shape& dilation = {1}, const Shape& padding = {0},
              const Shape& stride = {1});
Tensor col2im(const Tensor& x, const Shape& output_size, const Shape& kernel_size, const Shape& dilation = {1},
              const Shape& padding = {0}, const Shape& stride = {1});

enum class Interpolation { Nearest, Linear, Bilinear };
std::vector<std::string> choice_names(Interpolation);
// To `size`, or by a factor; one of the two.
Tensor interpolate(const Tensor& x, const std::optional<Shape>& size = {}, std::optional<double> scale_factor = {},
                   Interpolation mode = Interpolation::Nearest, bool align_corners = false);

}  // namespace fluxion
