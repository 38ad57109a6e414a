#pragma once
// Pools over [N, C, L] and [N, C, H, W] (or the same without a batch).

#include "fluxion/ops/types.h"

namespace fluxion {

// Sizes take one number or (height, width); stride empty: the kernel size.
Tensor max_pool1d(const Tensor& x, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = {0},
                  const Shape& dilation = {1}, bool ceil_mode = false);
Tensor avg_pool1d(const Tensor& x, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = {0},
                  bool ceil_mode = false, bool count_include_pad = true);
Tensor max_pool2d(const Tensor& x, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = {0},
                  const Shape& dilation = {1}, bool ceil_mode = false);
Tensor avg_pool2d(const Tensor& x, const Shape& kernel_size, const Shape& stride = {}, const Shape& padding = {0},
                  bool ceil_mode = false, bool count_include_pad = true);
// As many windows as the result has places, spread evenly.
Tensor adaptive_avg_pool1d(const Tensor& x, const Shape& output_size);
Tensor adaptive_avg_pool2d(const Tensor& x, const Shape& output_size);
Tensor adaptive_max_pool1d(const Tensor& x, const Shape& output_size);
Tensor adaptive_max_pool2d(const Tensor& x, const Shape& output_size);

}  // namespace fluxion
