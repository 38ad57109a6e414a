#include "fluxion/nn/init.h"

#include <cmath>

#include "fluxion/ops/creation.h"

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

void linear_default_(const Tensor& weight, const Tensor& bias) {
  if (weight.numel() > 0) kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const std::int64_t fan_in = fan_in_and_out(weight).first;
  const double bound = fan_in > 0 ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
  init::uniform_(bias, -bound, bound);
}

}  // namespace fluxion::nn::init
