#include "fluxion/manual/norm.h"

namespace fluxion::manual {

using kernels::Reduce;
using kernels::Unary;

Norm::Norm(const char* type, double eps) : eps_(eps) {
  if (!(eps >= 0)) throw FluxionError(str(type, ": eps must not be negative, it is ", eps));
}

void Norm::make_buffers(std::int64_t statistics, std::int64_t weights) {
  make_parameter(gamma, "gamma", dgamma, "dgamma", {weights});
  make_parameter(beta, "beta", dbeta, "dbeta", {weights});
  fill(gamma, 1);
  make(mean, "mean", {statistics});
  make(variance, "variance", {statistics});
  make(rstd, "rstd", {statistics});
  make(xhat, "xhat", x.shape());
  make(dxhat, "dxhat", x.shape());
  work_ = room(x.shape());
  average_ = room(mean.shape());
}

void Norm::normalize(bool own_statistics) {
  own_statistics_ = own_statistics;
  const Window xs = values(x), x_hat = values(xhat), mu = per_statistic(mean), r = per_statistic(rstd);
  if (own_statistics) manual::mean(mu, xs);
  subtract(x_hat, xs, mu);  // x − μ
  if (own_statistics) {
    const double count = static_cast<double>(x.numel() / mean.numel());
    reduce(Reduce::SumSquares, per_statistic(variance), x_hat);
    scale(variance, variance, 1 / count);  // σ² = mean of (x − μ)²
  }
  unary(Unary::AddScalar, rstd, variance, eps_);
  unary(Unary::Rsqrt, rstd, rstd);  // r = 1/√(σ² + eps)
  multiply(x_hat, x_hat, r);        // x̂ = (x − μ)·r
  multiply(values(y), x_hat, per_weight(gamma));
  add(values(y), values(y), per_weight(beta));  // y = γ·x̂ + β
}

void Norm::backward() {
  const Window x_hat = values(xhat), dx_hat = values(dxhat), dxs = values(dx), r = per_statistic(rstd);
  const Window work = values(work_), average = per_statistic(average_);
  multiply(work, values(dy), x_hat);
  sum(per_weight(dgamma), work);                    // dL/dγ = Σ dL/dy·x̂
  sum(per_weight(dbeta), values(dy));               // dL/dβ = Σ dL/dy
  multiply(dx_hat, values(dy), per_weight(gamma));  // dL/dx̂ = dL/dy·γ
  // x moves its mean and its variance too, hence dL/dx = r·(dL/dx̂ − mean(dL/dx̂) − x̂·mean(dL/dx̂·x̂)), means
  // taken as μ is. Statistics that are given do not move: r·dL/dx̂.
  if (!own_statistics_) return multiply(dxs, dx_hat, r);
  manual::mean(average, dx_hat);
  subtract(dxs, dx_hat, average);
  multiply(work, dx_hat, x_hat);
  manual::mean(average, work);
  multiply(work, x_hat, average);
  subtract(dxs, dxs, work);
  multiply(dxs, dxs, r);
}

BatchNorm::BatchNorm(double eps, double momentum) : Norm("BatchNorm", eps), momentum_(momentum) {
  if (!(momentum >= 0 && momentum <= 1))
    throw FluxionError(str("BatchNorm: momentum must lie in [0, 1], it is ", momentum));
}

Shape BatchNorm::output_shape(const Shape& input) const {
  check_input(input.ssize() >= 2 && input.ssize() <= 4, "BatchNorm", "[N, C], [N, C, L] or [N, C, H, W]", input);
  if (numel(input) == input[1])
    throw ShapeError(str("BatchNorm: needs more than one value per channel, the input is ", input));
  return input;
}

void BatchNorm::build() {
  make_buffers(x.size(1), x.size(1));
  make(running_mean, "runningMean", mean.shape());
  make(running_variance, "runningVariance", mean.shape());
  fill(running_variance, 1);
}

Window BatchNorm::values(const Tensor& t) const {
  const std::int64_t n = x.size(0), c = x.size(1);
  return {t, {n, c, x.numel() / (n * c)}};
}

Window BatchNorm::per_statistic(const Tensor& t) const { return {t, {1, t.numel(), 1}}; }

void BatchNorm::forward() {
  if (!training()) {
    copy(mean, running_mean);
    copy(variance, running_variance);
    return normalize(false);
  }
  normalize(true);
  const double count = static_cast<double>(x.numel() / mean.numel());
  const auto follow = [&](const Tensor& running, const Tensor& batch, double factor) {
    scale(running, running, 1 - momentum_);
    scale(average_, batch, momentum_ * factor);
    add(running, running, average_);
  };
  follow(running_mean, mean, 1);
  follow(running_variance, variance, count / (count - 1));
}

Shape LayerNorm::output_shape(const Shape& input) const {
  check_input(input.ssize() >= 2, "LayerNorm", "[N, …, features]", input);
  return input;
}

}  // namespace fluxion::manual
