#include "fluxion/transforms/gradcheck.h"

#include <cmath>

#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"

namespace fluxion {
namespace {

// Fixed weights of either sign, none of them 0, for L = Σ f·w.
Tensor weights_like(const Tensor& t) {
  std::vector<double> w(static_cast<std::size_t>(t.numel()));
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = (static_cast<double>((i * 37 + 11) % 64) - 31.5) / 32;
  return Tensor::from(w, t.shape());
}

double weighted_sum(const Tensor& result, const Tensor& weights) {
  double total = 0;
  for (std::int64_t i = 0; i < result.numel(); ++i) total += result.at(i) * weights.at(i);
  return total;
}

bool is_close(double a, double b, double atol, double rtol) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  return a == b || std::abs(a - b) <= atol + rtol * std::abs(b);
}

// A leaf that sees the memory of t through the same strides.
Tensor leaf_of(const Tensor& t) {
  Tensor leaf = t.detach();
  if (leaf.dtype() == DType::Float64) set_requires_grad(leaf, true);
  return leaf;
}

}  // namespace

GradcheckResult gradcheck(const TensorFunction& f, const std::vector<Tensor>& inputs, double eps, double atol,
                          double rtol) {
  std::vector<Tensor> leaves, wanted;
  std::vector<int> position;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    leaves.push_back(leaf_of(inputs[i]));
    if (!requires_grad(leaves.back())) continue;
    wanted.push_back(leaves.back());
    position.push_back(static_cast<int>(i));
  }
  const Tensor out = f(leaves);
  if (out.dtype() != DType::Float64)
    throw DTypeError(str("gradcheck: the function's result must be float64, it is ", out.dtype()));
  const Tensor weights = weights_like(out);
  std::vector<Tensor> analytical(wanted.size());
  if (requires_grad(out)) analytical = grad({out}, wanted, {weights}, {}, true);

  const NoGrad off;
  std::vector<Tensor> moved;
  for (const Tensor& t : inputs) moved.push_back(t.detach());
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    const auto i = static_cast<std::size_t>(position[k]);
    const Tensor original = moved[i], copy = clone(original);
    moved[i] = copy;
    double* values = copy.data<double>();
    for (std::int64_t e = 0; e < copy.numel(); ++e) {
      const double x = values[e];
      values[e] = x + eps;
      const double above = weighted_sum(f(moved), weights);
      values[e] = x - eps;
      const double below = weighted_sum(f(moved), weights);
      values[e] = x;
      const double numerical = (above - below) / (2 * eps);
      const double found = analytical[k].defined() ? analytical[k].at(e) : 0;
      if (is_close(found, numerical, atol, rtol)) continue;
      return {false,
              position[k],
              e,
              numerical,
              found,
              str("gradient of input ", position[k], " ", inputs[i].shape(), " at element ", e,
                  ": numerically ", numerical, ", by the tape ", found)};
    }
    moved[i] = original;
  }
  return {};
}

GradcheckResult gradgradcheck(const TensorFunction& f, const std::vector<Tensor>& inputs, double eps,
                              double atol, double rtol) {
  std::vector<Tensor> extended = inputs;
  {
    const NoGrad off;
    extended.push_back(weights_like(f(inputs)));
  }
  // All gradients of Σ f·w as one vector; the weights w are the last input.
  const TensorFunction gradients = [&](const std::vector<Tensor>& all) {
    const GradMode on(true);
    std::vector<Tensor> arguments(all.begin(), all.end() - 1), wanted;
    for (Tensor& t : arguments) {
      if (t.dtype() != DType::Float64) continue;
      if (!requires_grad(t)) t = leaf_of(t);
      wanted.push_back(t);
    }
    const Tensor out = f(arguments);
    std::vector<Tensor> parts;
    if (requires_grad(out))
      parts = grad({out}, wanted, {all.back()}, {.retain_graph = true, .create_graph = true}, true);
    std::vector<Tensor> flat;
    for (const Tensor& p : parts)
      if (p.defined()) flat.push_back(reshape(p, {p.numel()}));
    return flat.empty() ? zeros({0}, DType::Float64) : cat(flat);
  };
  GradcheckResult result = gradcheck(gradients, extended, eps, atol, rtol);
  if (!result.ok) result.message = "second order: " + result.message;
  return result;
}

}  // namespace fluxion
