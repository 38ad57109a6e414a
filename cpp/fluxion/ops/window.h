#pragma once
// What convolutions, pools and patches share: windows that slide over [N, C, H, W], or over [N, C, L], which is an
// image
// of height 1.

#include "fluxion/ops/launch.h"
#include "fluxion/ops/view.h"

namespace fluxion {

struct Pair {
  std::int64_t h, w;
};

// A setting of windows over `spatial` dimensions: one number for all, or one each. Where there is no height, it is
// `alone`.
inline Pair pair_of(const char* op, const char* what, const Shape& s, std::int64_t least, int spatial = 2,
                    std::int64_t alone = 1) {
  if (s.ssize() != 1 && s.ssize() != spatial)
    throw ShapeError(
        str(op, ": ", what, " takes one number", spatial == 2 ? " or two (height, width)" : "", ", not ", s));
  const Pair p{spatial == 1 ? alone : s[0], s.back()};
  if (s[0] < least || p.w < least) throw ShapeError(str(op, ": ", what, " must be at least ", least, ", it is ", s));
  if (p.h > INT32_MAX / 4 || p.w > INT32_MAX / 4) throw ShapeError(str(op, ": ", what, " is too large: ", s));
  return p;
}

inline std::int32_t narrow_int(std::int64_t v) { return static_cast<std::int32_t>(v); }

// Without a batch, x counts as one image.
inline void check_images(const char* op, const Tensor& x, int spatial = 2) {
  check_floating(op, x);
  if (x.rank() != spatial + 1 && x.rank() != spatial + 2)
    throw ShapeError(str(op, ": x must be ", spatial == 2 ? "[N, C, H, W] or [C, H, W]" : "[N, C, L] or [C, L]",
                         ", it is ", x.shape()));
}

// f of [N, C, H, W] on x, which may lack the batch and the height.
template <class F>
Tensor as_images(const Tensor& x, int spatial, F&& f) {
  Tensor images = spatial == 1 ? unsqueeze(x, -2) : x;
  const bool batched = images.rank() == 4;
  images = f(batched ? images : unsqueeze(images, 0));
  if (!batched) images = squeeze(images, 0);
  return spatial == 1 ? squeeze(images, -2) : images;
}

}  // namespace fluxion
