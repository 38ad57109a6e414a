#pragma once
// Random changes of image batches, another one for every image and every call.

#include <cstdint>
#include <optional>

#include "fluxion/core/tensor.h"

namespace fluxion::data {

struct Augmentation {
  double shift = 0;      // up to so many pixels each way, also parts of one
  double rotate = 0;     // up to so many degrees each way, about the centre
  double scale = 0;      // a factor from 1 − scale to 1 + scale
  double noise = 0;      // standard deviation of what is added to each value
  double flip = 0;       // the probability of a mirror image, left for right
  std::int64_t crop = 0; // a window of the image's size, out of it with so many pixels around: whole pixels each way
  double fill = 0;       // what is outside of the image
};

// images float32 [N, C, H, W] → the same shape. Values between pixels are bilinear; whole steps move them exactly.
// Draws come from `seed`, or from the default generator without one: six uniforms for each image, then the noise.
Tensor augment(const Tensor& images, const Augmentation& options, std::optional<std::uint64_t> seed = {});

}  // namespace fluxion::data
