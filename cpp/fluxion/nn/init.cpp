#include "fluxion/nn/init.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "fluxion/ops/creation.h"
#include "fluxion/ops/view.h"

namespace fluxion::nn::init {
namespace {

// The order of torch's own roundings is kept throughout, so that draws match it bit for bit.
double kaiming_std(const Tensor& x, double a, FanMode mode, Nonlinearity nonlinearity) {
  const auto [in, out] = fan_in_and_out(x);
  return calculate_gain(nonlinearity, a) / std::sqrt(static_cast<double>(mode == FanMode::FanIn ? in : out));
}

double xavier_std(const Tensor& x, double gain) {
  const auto [in, out] = fan_in_and_out(x);
  return gain * std::sqrt(2.0 / static_cast<double>(in + out));
}

}  // namespace

std::vector<std::string> choice_names(Nonlinearity) {
  return {"linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"};
}
std::vector<std::string> choice_names(FanMode) { return {"fan_in", "fan_out"}; }

double calculate_gain(Nonlinearity nonlinearity, std::optional<double> slope) {
  const double a = slope.value_or(0.01);
  switch (nonlinearity) {
    case Nonlinearity::Tanh:
      return 5.0 / 3;
    case Nonlinearity::Relu:
      return std::sqrt(2.0);
    case Nonlinearity::LeakyRelu:
      return std::sqrt(2.0 / (1 + a * a));
    case Nonlinearity::Selu:
      return 3.0 / 4;
    default:
      return 1;
  }
}

std::pair<std::int64_t, std::int64_t> fan_in_and_out(const Tensor& weight) {
  if (weight.rank() < 2)
    throw ShapeError(
        str("init: fan in and fan out need a weight of two dimensions or more, this one is ", weight.shape()));
  std::int64_t window = 1;
  for (int d = 2; d < weight.rank(); ++d) window *= weight.size(d);
  return {weight.size(1) * window, weight.size(0) * window};
}

Tensor uniform_(const Tensor& x, double a, double b) {
  fluxion::uniform_(x, a, b);
  return x;
}

Tensor normal_(const Tensor& x, double mean, double std) {
  fluxion::normal_(x, mean, std);
  return x;
}

Tensor constant_(const Tensor& x, double value) {
  fill_(x, value);
  return x;
}

Tensor zeros_(const Tensor& x) { return constant_(x, 0); }
Tensor ones_(const Tensor& x) { return constant_(x, 1); }

Tensor xavier_uniform_(const Tensor& x, double gain) {
  const double bound = std::sqrt(3.0) * xavier_std(x, gain);
  return init::uniform_(x, -bound, bound);
}

Tensor xavier_normal_(const Tensor& x, double gain) { return init::normal_(x, 0, xavier_std(x, gain)); }

Tensor kaiming_uniform_(const Tensor& x, double a, FanMode mode, Nonlinearity nonlinearity) {
  const double bound = std::sqrt(3.0) * kaiming_std(x, a, mode, nonlinearity);
  return init::uniform_(x, -bound, bound);
}

Tensor kaiming_normal_(const Tensor& x, double a, FanMode mode, Nonlinearity nonlinearity) {
  return init::normal_(x, 0, kaiming_std(x, a, mode, nonlinearity));
}

Tensor orthogonal_(const Tensor& x, double gain) {
  if (x.rank() < 2)
    throw ShapeError(str("orthogonal_: needs two dimensions or more, this tensor is ", x.shape()));
  if (x.numel() == 0) return x;
  const auto rows = static_cast<std::size_t>(x.size(0)), columns = static_cast<std::size_t>(x.numel()) / rows;
  const Tensor drawn = Tensor::empty({x.size(0), x.numel() / x.size(0)}, x.dtype());
  fluxion::normal_(drawn, 0, 1);
  std::vector<double> values = drawn.to_vector<double>();
  // Gram–Schmidt, each vector twice: QR with a positive diagonal of R, as torch turns its own.
  const bool by_rows = rows < columns;
  const std::size_t count = by_rows ? rows : columns, length = by_rows ? columns : rows;
  const auto at = [&](std::size_t vector, std::size_t i) -> double& {
    return values[by_rows ? vector * columns + i : i * columns + vector];
  };
  const auto dot = [&](std::size_t a, std::size_t b) {
    double sum = 0;
    for (std::size_t i = 0; i < length; ++i) sum += at(a, i) * at(b, i);
    return sum;
  };
  for (std::size_t v = 0; v < count; ++v) {
    for (std::size_t other = 0; other < 2 * v; ++other) {
      const double along = dot(v, other % v);
      for (std::size_t i = 0; i < length; ++i) at(v, i) -= along * at(other % v, i);
    }
    const double scale = 1 / std::sqrt(dot(v, v));
    for (std::size_t i = 0; i < length; ++i) at(v, i) *= scale;
  }
  for (double& v : values) v *= gain;
  copy_(x, reshape(Tensor::from(values, drawn.shape()), x.shape()));
  return x;
}

namespace {

// y with erf(y) = x: an approximation (Winitzki 2008), then Newton's steps.
double inverse_erf(double x) {
  if (std::abs(x) >= 1) return x * std::numeric_limits<double>::infinity();
  const double a = 0.147, l = std::log1p(-x * x), t = 2 / (std::numbers::pi * a) + l / 2;
  double y = std::copysign(std::sqrt(std::sqrt(t * t - l / a) - t), x);
  for (int i = 0; i < 3; ++i) y -= (std::erf(y) - x) * std::exp(y * y) * std::sqrt(std::numbers::pi) / 2;
  return y;
}

}  // namespace

Tensor trunc_normal_(const Tensor& x, double mean, double std, double a, double b) {
  if (!(std > 0) || !(a < b)) throw FluxionError(str("truncNormal_: needs std above 0 and a below b, they are ", std,
                                                     ", ", a, " and ", b));
  const auto below = [&](double v) { return std::erf((v - mean) / std / std::sqrt(2.0)); };
  const Tensor drawn = Tensor::empty(x.shape(), x.dtype());
  fluxion::uniform_(drawn, below(a), below(b));
  std::vector<double> values = drawn.to_vector<double>();
  for (double& v : values) v = std::min(std::max(inverse_erf(v) * (std * std::sqrt(2.0)) + mean, a), b);
  copy_(x, Tensor::from(values, x.shape()));
  return x;
}

void linear_default_(const Tensor& weight, const Tensor& bias) {
  if (weight.numel() > 0) kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const std::int64_t fan_in = fan_in_and_out(weight).first;
  const double bound = fan_in > 0 ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
  init::uniform_(bias, -bound, bound);
}

}  // namespace fluxion::nn::init
