#pragma once
// Activations as modules, element by element or along one dimension.

#include "fluxion/nn/module.h"
#include "fluxion/ops/types.h"

namespace fluxion::nn {

// Those without arguments: X(class, op, what it computes).
#define FLUXION_ACTIVATIONS(X)                           \
  X(ReLU, relu, "max(x, 0)")                             \
  X(Sigmoid, sigmoid, "1/(1 + e⁻ˣ)")                     \
  X(Tanh, tanh, "(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)")                 \
  X(SiLU, silu, "x·σ(x)")                                \
  X(Mish, mish, "x·tanh(ln(1 + eˣ))")                    \
  X(LogSigmoid, logsigmoid, "−ln(1 + e⁻ˣ)")              \
  X(ReLU6, relu6, "min(max(x, 0), 6)")                   \
  X(SELU, selu, "λ·(x > 0 ? x : α·(eˣ − 1))")            \
  X(Hardsigmoid, hardsigmoid, "min(max(x + 3, 0), 6)/6") \
  X(Hardswish, hardswish, "x·min(max(x + 3, 0), 6)/6")

#define FLUXION_ACTIVATION(Class, op, formula)                \
  class Class final : public Module {                         \
   public:                                                    \
    const char* type_name() const override { return #Class; } \
    Tensor forward(const Tensor& x) override;                 \
  };
FLUXION_ACTIVATIONS(FLUXION_ACTIVATION)
#undef FLUXION_ACTIVATION

// x > 0 ? x : negative_slope · x.
class LeakyReLU final : public Module {
 public:
  explicit LeakyReLU(double negative_slope = 0.01) : negative_slope_(negative_slope) {}
  const char* type_name() const override { return "LeakyReLU"; }
  std::string extra_repr() const override { return str("negative_slope=", negative_slope_); }
  Tensor forward(const Tensor& x) override;

 private:
  double negative_slope_;
};

// x · Φ(x), by erf or by its tanh approximation (Hendrycks and Gimpel 2016).
class GELU final : public Module {
 public:
  explicit GELU(GeluForm approximate = GeluForm::None) : approximate_(approximate) {}
  const char* type_name() const override { return "GELU"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

 private:
  GeluForm approximate_;
};

// Exponentials along dim, scaled to sum to 1.
class Softmax final : public Module {
 public:
  explicit Softmax(std::int64_t dim = -1) : dim_(dim) {}
  const char* type_name() const override { return "Softmax"; }
  std::string extra_repr() const override { return str("dim=", dim_); }
  Tensor forward(const Tensor& x) override;

 private:
  std::int64_t dim_;
};

// The logarithm of softmax.
class LogSoftmax final : public Module {
 public:
  explicit LogSoftmax(std::int64_t dim = -1) : dim_(dim) {}
  const char* type_name() const override { return "LogSoftmax"; }
  std::string extra_repr() const override { return str("dim=", dim_); }
  Tensor forward(const Tensor& x) override;

 private:
  std::int64_t dim_;
};

}  // namespace fluxion::nn
