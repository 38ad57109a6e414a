#pragma once
#include "fluxion/manual/layer.h"

namespace fluxion::manual {

// y = γ·x̂ + β with x̂ = (x − μ)·r, r = 1/√(σ² + eps). BatchNorm and LayerNorm differ only in what they take the mean μ
// and the variance σ² over. gamma starts at 1, beta at 0.
class Norm : public Layer {
 public:
  void backward() override;

  Tensor gamma, beta, dgamma, dbeta;
  Tensor mean, variance, rstd;  // μ, σ² (biased), r
  Tensor xhat, dxhat;           // x̂ and dL/dx̂

 protected:
  Norm(const char* type, double eps);
  void make_buffers(std::int64_t statistics, std::int64_t weights);
  // x̂ by the statistics of x itself, or by those that stand in mean and variance already; then y.
  void normalize(bool own_statistics);

  // x, or a buffer like it, and beside it a number for each statistic and for each weight.
  virtual Window values(const Tensor& t) const = 0;
  virtual Window per_statistic(const Tensor& t) const = 0;
  virtual Window per_weight(const Tensor& t) const = 0;

  double eps_;
  bool own_statistics_ = true;
  Tensor work_, average_;  // room for what a step of backward() needs
};

// Over the batch, channel by channel: x [N, C], [N, C, L] or [N, C, H, W]; gamma and beta [C]. In training the running
// statistics follow the batch's, running = (1 − momentum)·running + momentum·batch (the variance unbiased), and in
// prediction they take its place.
class BatchNorm : public Norm {
 public:
  explicit BatchNorm(double eps = 1e-5, double momentum = 0.1);
  const char* type_name() const override { return "BatchNorm"; }
  Shape output_shape(const Shape& input) const override;
  void forward() override;

  Tensor running_mean, running_variance;

 private:
  void build() override;
  Window values(const Tensor& t) const override;
  Window per_statistic(const Tensor& t) const override;
  Window per_weight(const Tensor& t) const override { return per_statistic(t); }
  double momentum_;
};

// Over the features, example by example: x [N, …, D]; gamma and beta [D].
class LayerNorm : public Norm {
 public:
  explicit LayerNorm(double eps = 1e-5) : Norm("LayerNorm", eps) {}
  const char* type_name() const override { return "LayerNorm"; }
  Shape output_shape(const Shape& input) const override;
  void forward() override { normalize(true); }

 private:
  void build() override { make_buffers(x.numel() / x.size(-1), x.size(-1)); }
  Window values(const Tensor& t) const override { return t; }
  Window per_statistic(const Tensor& t) const override { return {t, {t.numel(), 1}}; }
  Window per_weight(const Tensor& t) const override { return t; }
};

}  // namespace fluxion::manual
