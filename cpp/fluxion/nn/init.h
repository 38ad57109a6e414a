#pragma once
// Initialisers, in place and unrecorded, on PyTorch's random stream; each returns its tensor.
// Source: torch.nn.init; He et al. 2015 (kaiming), Glorot and Bengio 2010 (xavier).

#include <utility>

#include "fluxion/core/tensor.h"
#include "fluxion/ops/row.h"

namespace fluxion::nn::init {

enum class Nonlinearity { Linear, Sigmoid, Tanh, Relu, LeakyRelu, Selu };
enum class FanMode { FanIn, FanOut };
std::vector<std::string> choice_names(Nonlinearity);
std::vector<std::string> choice_names(FanMode);

// The factor by which a nonlinearity shrinks the spread: 1 for linear and sigmoid, 5/3 for tanh, √2 for relu,
// √(2 / (1 + slope²)) for leaky relu (slope 0.01 by default), 3/4 for selu.
double calculate_gain(Nonlinearity nonlinearity, std::optional<double> slope = {});
// Inputs and outputs of one unit: [out, in, kernel…]. ShapeError below rank 2.
std::pair<std::int64_t, std::int64_t> fan_in_and_out(const Tensor& weight);

Tensor uniform_(const Tensor& x, double a = 0, double b = 1);
Tensor normal_(const Tensor& x, double mean = 0, double std = 1);
Tensor constant_(const Tensor& x, double value);
Tensor zeros_(const Tensor& x);
Tensor ones_(const Tensor& x);
// U(−a, a) with a = gain · √(6 / (fan in + fan out)); N(0, gain² · 2 / (fan in + fan out)).
Tensor xavier_uniform_(const Tensor& x, double gain = 1);
Tensor xavier_normal_(const Tensor& x, double gain = 1);
// U(−b, b) with b = gain · √(3 / fan); N(0, gain² / fan). `a` is the slope of a leaky relu.
Tensor kaiming_uniform_(const Tensor& x, double a = 0, FanMode mode = FanMode::FanIn,
                        Nonlinearity nonlinearity = Nonlinearity::LeakyRelu);
Tensor kaiming_normal_(const Tensor& x, double a = 0, FanMode mode = FanMode::FanIn,
                       Nonlinearity nonlinearity = Nonlinearity::LeakyRelu);

// The nearest matrix with orthonormal rows or columns, whichever are fewer, to one of N(0, 1), times gain; x is taken
// as [size(0), the rest] (Saxe et al. 2013).
Tensor orthogonal_(const Tensor& x, double gain = 1);
// N(mean, std²) between a and b, by the inverse of its distribution function.
Tensor trunc_normal_(const Tensor& x, double mean = 0, double std = 1, double a = -2, double b = 2);

// The default of Linear and Conv: kaiming_uniform_ with a = √5, which is U(−1/√fan, 1/√fan); bias (may be
// undefined) U(−1/√fan, 1/√fan).
void linear_default_(const Tensor& weight, const Tensor& bias);

}  // namespace fluxion::nn::init
