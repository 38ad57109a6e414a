#pragma once
// Activations as modules, element by element or along one dimension.

#include "fluxion/nn/module.h"
#include "fluxion/ops/types.h"

namespace fluxion::nn {

// One function of x and up to two numbers, which it is printed with.
class Activation : public Module {
 public:
  using Op = Tensor (*)(const Tensor& x, double a, double b);
  const char* type_name() const override { return name_; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override { return op_(x, a_, b_); }

 protected:
  Activation(const char* name, Op op, const char* first = nullptr, double a = 0, const char* second = nullptr,
             double b = 0)
      : name_(name), op_(op), first_(first), second_(second), a_(a), b_(b) {}

 private:
  const char* name_;
  Op op_;
  const char *first_, *second_;  // names of the numbers; null for one that is not there
  double a_, b_;
};

// Those without arguments: X(class, of x, in words, formula).
#define FLUXION_ACTIVATIONS(X)                                                        \
  X(ReLU, relu(x), "The positive part.", "max(x, 0)")                                 \
  X(Sigmoid, sigmoid(x), "The logistic function.", "1/(1 + e⁻ˣ)")                     \
  X(Tanh, tanh(x), "The hyperbolic tangent.", "(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ)")                \
  X(SiLU, silu(x), "The sigmoid-weighted input, also called swish.", "x·σ(x)")        \
  X(Mish, mish(x), "A smooth, self-gated activation.", "x·tanh(ln(1 + eˣ))")          \
  X(LogSigmoid, logsigmoid(x), "The logarithm of the sigmoid.", "−ln(1 + e⁻ˣ)")       \
  X(ReLU6, relu6(x), "The positive part, up to 6.", "min(max(x, 0), 6)")              \
  X(SELU, selu(x), "A self-normalising activation.", "λ·(x > 0 ? x : α·(eˣ − 1))")    \
  X(Hardsigmoid, hardsigmoid(x), "A sigmoid of straight lines.", "min(max(x + 3, 0), 6)/6") \
  X(Hardswish, hardswish(x), "SiLU with a sigmoid of straight lines.", "x·min(max(x + 3, 0), 6)/6") \
  X(Softsign, x / (abs(x) + 1.0), "A sigmoid shape without exponentials.", "x/(1 + |x|)") \
  X(Tanhshrink, x - tanh(x), "What the tangent takes away.", "x − tanh x")

#define FLUXION_ACTIVATION(Class, ...)      \
  class Class final : public Activation {   \
   public:                                  \
    Class();                                \
  };
FLUXION_ACTIVATIONS(FLUXION_ACTIVATION)
#undef FLUXION_ACTIVATION

// x > 0 ? x : negative_slope · x.
class LeakyReLU final : public Activation {
 public:
  explicit LeakyReLU(double negative_slope = 0.01);
};
// x > 0 ? x : alpha·(eˣ − 1).
class ELU final : public Activation {
 public:
  explicit ELU(double alpha = 1);
};
// ln(1 + e^(beta·x))/beta, and x itself where beta·x is above the threshold.
class Softplus final : public Activation {
 public:
  explicit Softplus(double beta = 1, double threshold = 20);
};
// x held between two bounds.
class Hardtanh final : public Activation {
 public:
  explicit Hardtanh(double min_val = -1, double max_val = 1);
};

// x > 0 ? x : weight · x, with one learnt slope or one for each channel (dimension 1); all start as `init`.
class PReLU final : public Module {
 public:
  explicit PReLU(std::int64_t num_parameters = 1, double init = 0.25, DType dtype = DType::Float32);
  const char* type_name() const override { return "PReLU"; }
  std::string extra_repr() const override { return str("num_parameters=", weight.size(0)); }
  Tensor forward(const Tensor& x) override;

  Tensor weight;
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
