#include "fluxion/optim/lion.h"

#include <cmath>

#include "fluxion/optim/rows.h"
#include "fluxion/optim/rule.h"

namespace fluxion::optim {

void LionOptions::check(const char* optimizer) const {
  check_not_negative(optimizer, "lr", lr);
  check_betas(optimizer, betas);
  check_not_negative(optimizer, "weightDecay", weight_decay);
}

std::span<const char* const> Lion::state_names() const {
  static constexpr const char* names[] = {"exp_avg"};
  return names;
}

void Lion::update(const Options& o, Slot& slot, const Tensor& grad) {
  const Tensor& average = zero_state(slot, 0);
  const Tensor direction = sign(average * o.betas.first + grad * (1 - o.betas.first));
  copy_(slot.param, slot.param * (1 - o.lr * o.weight_decay) - direction * o.lr);
  move_average(average, o.betas.second, grad);
}

void MuonOptions::check(const char* optimizer) const {
  check_not_negative(optimizer, "lr", lr);
  check_not_negative(optimizer, "weightDecay", weight_decay);
  check_share(optimizer, "momentum", momentum);
  check_not_negative(optimizer, "eps", eps);
  check_not_negative(optimizer, "nsSteps", ns_steps);
  if (ns_steps > 100 || ns_steps != std::floor(ns_steps))
    throw FluxionError(str(optimizer, ": nsSteps must be a whole number up to 100, it is ", ns_steps));
}

Muon::Muon(const std::vector<Tensor>& params, const Options& defaults) : OptimizerOf(defaults) { start(params); }

void Muon::check_param(const Tensor& param) const {
  if (param.rank() != 2)
    throw ShapeError(str("Muon: parameters must be matrices, one is ", param.shape(),
                         "; give biases, embeddings and convolutions to another optimizer"));
}

std::span<const char* const> Muon::state_names() const {
  static constexpr const char* names[] = {"momentum_buffer"};
  return names;
}

namespace {

// The nearest matrix whose singular values are about 1. The coefficients are the method's own: they trade
// exactness for speed.
Tensor orthogonal(const Tensor& matrix, int steps, double eps) {
  constexpr double a = 3.4445, b = -4.7750, c = 2.0315;
  const bool tall = matrix.size(0) > matrix.size(1);
  Tensor x = tall ? transpose(matrix, 0, 1) : matrix;
  x = x / clamp(sqrt(sum(x * x)), eps, {});
  for (int i = 0; i < steps; ++i) {
    const Tensor square = matmul(x, transpose(x, 0, 1));
    x = x * a + matmul(square * b + matmul(square, square) * c, x);
  }
  return tall ? transpose(x, 0, 1) : x;
}

}  // namespace

void Muon::update(const Options& o, Slot& slot, const Tensor& grad) {
  const Tensor& buffer = zero_state(slot, 0);
  move_average(buffer, o.momentum, grad);
  const Tensor along = o.nesterov ? grad * (1 - o.momentum) + buffer * o.momentum : buffer;
  const Tensor step = orthogonal(along, static_cast<int>(o.ns_steps), o.eps);
  const double ratio = static_cast<double>(slot.param.size(0)) / static_cast<double>(slot.param.size(1));
  const double rate = o.lr * std::sqrt(std::fmax(1, ratio));
  copy_(slot.param, slot.param * (1 - o.lr * o.weight_decay) - step * rate);
}

std::vector<OptimizerRow> lion_rows() {
  return {
      optimizer<Lion>("Lion")
          .doc("Steps of one size, in the direction of a running average's signs.")
          .formula("p −= lr·(sgn(β₁·m + (1 − β₁)·g) + weightDecay·p); m = β₂·m + (1 − β₂)·g")
          .errors("FluxionError when an option is negative, or a beta lies outside [0, 1)")
          .shapes("any; exp_avg as its parameter")
          .source("https://arxiv.org/abs/2302.06675")
          .example("const w = tensor([1], { requiresGrad: true }); const opt = new optim.Lion([w], { lr: 0.5 }); "
                   "w.sum().backward(); opt.step(); w.toArray()",
                   "[0.5]")
          .sample("", "Lion(params)")
          .sample("lr=0.05 betas=[0.8,0.95] weightDecay=0.1",
                  "Lion(params, lr=0.05, betas=(0.8, 0.95), weight_decay=0.1)"),
      optimizer<Muon>("Muon")
          .doc("Momentum made nearly orthogonal before it is taken, for the weight matrices of hidden layers.")
          .formula("X = NS(momentum); p −= lr·weightDecay·p; p −= lr·√max(1, rows/columns)·X")
          .errors("ShapeError for a parameter that is no matrix; FluxionError when an option is out of range")
          .shapes("matrices [rows, columns]; momentum_buffer as its parameter")
          .source("https://pytorch.org/docs/stable/generated/torch.optim.Muon.html")
          .example("const w = tensor([[3, 4]], { requiresGrad: true }); const opt = new optim.Muon([w], { lr: 1, "
                   "weightDecay: 0, nsSteps: 0 }); "
                   "w.square().sum().backward(); opt.step(); w.toArray()",
                   "[[2.4, 3.2]]")
          .sample("", "Muon(params)")
          .sample("lr=0.05 momentum=0.8 nesterov=false weightDecay=0.02 nsSteps=3",
                  "Muon(params, lr=0.05, momentum=0.8, nesterov=False, weight_decay=0.02, ns_steps=3)"),
  };
}

}  // namespace fluxion::optim
