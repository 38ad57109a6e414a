#pragma once
// Affine maps and the layers that only rearrange.

#include "fluxion/nn/module.h"

namespace fluxion::nn {

// y = x·Wᵀ + b, x [..., in] to y [..., out]; weight [out, in], bias [out].
// Both start as U(−1/√in, 1/√in).
class Linear final : public Module {
 public:
  Linear(std::int64_t in_features, std::int64_t out_features, bool with_bias = true, DType dtype = DType::Float32);
  const char* type_name() const override { return "Linear"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

  Tensor weight, bias;
};

// x as it is.
class Identity final : public Module {
 public:
  const char* type_name() const override { return "Identity"; }
  Tensor forward(const Tensor& x) override { return x; }
};

// Dimensions start_dim to end_dim made one: by default all but the batch.
class Flatten final : public Module {
 public:
  explicit Flatten(std::int64_t start_dim = 1, std::int64_t end_dim = -1) : start_dim_(start_dim), end_dim_(end_dim) {}
  const char* type_name() const override { return "Flatten"; }
  std::string extra_repr() const override { return str("start_dim=", start_dim_, ", end_dim=", end_dim_); }
  Tensor forward(const Tensor& x) override;

 private:
  std::int64_t start_dim_, end_dim_;
};

// In training: zeroes with probability p and scales the rest by 1/(1 − p), so that the mean stays. Otherwise x.
class DropoutOf : public Module {
 public:
  const char* type_name() const override { return name_; }
  std::string extra_repr() const override { return str("p=", p_); }
  Tensor forward(const Tensor& x) override;

 protected:
  DropoutOf(const char* name, int spatial, double p);

 private:
  const char* name_;
  int spatial_;  // 0: single values; otherwise channels, each with so many dimensions
  double p_;
};
class Dropout final : public DropoutOf {
 public:
  explicit Dropout(double p = 0.5) : DropoutOf("Dropout", 0, p) {}
};
// Whole channels of x [N, C, L] or [C, L], and of [N, C, H, W] or [C, H, W].
class Dropout1d final : public DropoutOf {
 public:
  explicit Dropout1d(double p = 0.5) : DropoutOf("Dropout1d", 1, p) {}
};
class Dropout2d final : public DropoutOf {
 public:
  explicit Dropout2d(double p = 0.5) : DropoutOf("Dropout2d", 2, p) {}
};

// PyTorch prints booleans so.
inline const char* python_bool(bool b) { return b ? "True" : "False"; }
// And floats: 1.0, 0.01.
std::string python_float(double v);

}  // namespace fluxion::nn
