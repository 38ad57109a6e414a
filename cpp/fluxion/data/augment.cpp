#include "fluxion/data/augment.h"

#include <cmath>
#include <numbers>
#include <vector>

#include "fluxion/core/random.h"

namespace fluxion::data {
namespace {

// Where a pixel of the new image takes its value from: source = (a·u + b·v + c, d·u + e·v + f) for (row, column).
struct Map {
  double a, b, c, d, e, f;
};

// One plane moved by a map.
void resample(const float* from, float* to, std::int64_t height, std::int64_t width, const Map& m, float fill) {
  const auto at = [&](std::int64_t y, std::int64_t x) {
    return y < 0 || x < 0 || y >= height || x >= width ? fill : from[y * width + x];
  };
  for (std::int64_t v = 0; v < height; ++v)
    for (std::int64_t u = 0; u < width; ++u) {
      const double y = m.a * static_cast<double>(v) + m.b * static_cast<double>(u) + m.c;
      const double x = m.d * static_cast<double>(v) + m.e * static_cast<double>(u) + m.f;
      const double top = std::floor(y), left = std::floor(x);
      const auto i = static_cast<std::int64_t>(top), j = static_cast<std::int64_t>(left);
      const float p = static_cast<float>(y - top), q = static_cast<float>(x - left);
      // A weight of 0 reads nothing: infinities next to an exact hit stay out.
      float value = 0;
      if (p < 1 && q < 1) value += (1 - p) * (1 - q) * at(i, j);
      if (q > 0) value += (1 - p) * q * at(i, j + 1);
      if (p > 0) value += p * (1 - q) * at(i + 1, j);
      if (p > 0 && q > 0) value += p * q * at(i + 1, j + 1);
      to[v * width + u] = value;
    }
}

// The drawn map of one image. Draws are taken whether or not they are used, so that options do not shift them.
Map drawn_map(const Augmentation& o, Generator& g, std::int64_t height, std::int64_t width) {
  const double dy = g.uniform_double(-o.shift, o.shift), dx = g.uniform_double(-o.shift, o.shift);
  const double angle = g.uniform_double(-o.rotate, o.rotate) * std::numbers::pi / 180;
  const double factor = g.uniform_double(1 - o.scale, 1 + o.scale);
  const bool mirrored = g.uniform_double() < o.flip;
  const std::uint64_t places = g.next_u64();
  const auto window = static_cast<std::uint64_t>(2 * o.crop + 1);
  const double move_y = dy + static_cast<double>(places % window) - static_cast<double>(o.crop);
  const double move_x = dx + static_cast<double>(places / window % window) - static_cast<double>(o.crop);
  // Back from the new pixel: undo the move, the turn and the factor about the centre, then the mirror.
  const double cy = static_cast<double>(height - 1) / 2, cx = static_cast<double>(width - 1) / 2;
  const double c = std::cos(angle) / factor, s = std::sin(angle) / factor;
  Map m{c, -s, cy - c * (cy + move_y) + s * (cx + move_x), s, c, cx - s * (cy + move_y) - c * (cx + move_x)};
  if (mirrored) {
    m.d = -m.d;
    m.e = -m.e;
    m.f = static_cast<double>(width - 1) - m.f;
  }
  return m;
}

}  // namespace

Tensor augment(const Tensor& images, const Augmentation& options, std::optional<std::uint64_t> seed) {
  if (images.rank() != 4)
    throw ShapeError(str("augment: images must be [N, C, H, W], they are ", images.shape()));
  if (images.dtype() != DType::Float32)
    throw DTypeError(str("augment: images must be float32, they are ", images.dtype(), "; convert them with to()"));
  const auto within = [](const char* name, double value, double most) {
    if (!(value >= 0 && value <= most))
      throw FluxionError(str("augment: ", name, " must lie from 0 to ", most, ", it is ", value));
  };
  within("shift", options.shift, 1e6);
  within("rotate", options.rotate, 360);
  within("scale", options.scale, 0.99);
  within("noise", options.noise, 1e6);
  within("flip", options.flip, 1);
  within("crop", static_cast<double>(options.crop), 1e6);

  Generator own(seed.value_or(0));
  Generator& g = seed ? own : default_generator();
  const std::int64_t height = images.size(2), width = images.size(3), plane = height * width;
  const std::vector<float> from = images.to_vector<float>();
  std::vector<float> to(from.size());
  for (std::int64_t n = 0; n < images.size(0); ++n) {
    const Map map = drawn_map(options, g, height, width);
    for (std::int64_t c = n * images.size(1); c < (n + 1) * images.size(1); ++c)
      resample(from.data() + c * plane, to.data() + c * plane, height, width, map, static_cast<float>(options.fill));
  }
  if (options.noise > 0) {
    std::vector<float> noise(to.size());
    g.fill_normal(noise.data(), static_cast<std::ptrdiff_t>(noise.size()), 0, options.noise);
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += noise[i];
  }
  return Tensor::from(to, images.shape());
}

}  // namespace fluxion::data
