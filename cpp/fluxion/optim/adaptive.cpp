#include "fluxion/optim/adaptive.h"

#include <cmath>

#include "fluxion/ops/ops.h"
#include "fluxion/optim/rows.h"
#include "fluxion/optim/rule.h"

namespace fluxion::optim {

void RMSpropOptions::check(const char* optimizer) const {
  check_not_negative(optimizer, "lr", lr);
  check_not_negative(optimizer, "alpha", alpha);
  check_not_negative(optimizer, "eps", eps);
  check_not_negative(optimizer, "weightDecay", weight_decay);
  check_not_negative(optimizer, "momentum", momentum);
}

std::span<const char* const> RMSprop::state_names() const {
  static constexpr const char* names[] = {"square_avg", "momentum_buffer", "grad_avg"};
  return names;
}

void RMSprop::update(const Options& o, Slot& slot, const Tensor& grad) {
  const Tensor g = decayed(grad, slot.param, o.weight_decay, o.maximize);
  const Tensor& squares = zero_state(slot, 0);
  move_average(squares, o.alpha, g * g);
  Tensor variance = squares;
  if (o.centered) {
    const Tensor& mean = zero_state(slot, 2);
    move_average(mean, o.alpha, g);
    variance = squares - mean * mean;
  }
  Tensor step = g / (sqrt(variance) + o.eps);
  if (o.momentum > 0) {
    const Tensor& buffer = zero_state(slot, 1);
    copy_(buffer, buffer * o.momentum + step);
    step = buffer;
  }
  copy_(slot.param, slot.param - step * o.lr);
}

void AdagradOptions::check(const char* optimizer) const {
  check_not_negative(optimizer, "lr", lr);
  check_not_negative(optimizer, "lrDecay", lr_decay);
  check_not_negative(optimizer, "weightDecay", weight_decay);
  check_not_negative(optimizer, "initialAccumulatorValue", initial_accumulator_value);
  check_not_negative(optimizer, "eps", eps);
}

std::span<const char* const> Adagrad::state_names() const {
  static constexpr const char* names[] = {"sum"};
  return names;
}

void Adagrad::update(const Options& o, Slot& slot, const Tensor& grad) {
  const Tensor g = decayed(grad, slot.param, o.weight_decay, o.maximize);
  Tensor& sum = slot.state[0];
  if (!sum.defined()) sum = full(slot.param.shape(), o.initial_accumulator_value, slot.param.dtype());
  copy_(sum, sum + g * g);
  const double rate = o.lr / (1 + static_cast<double>(slot.steps - 1) * o.lr_decay);
  copy_(slot.param, slot.param - g / (sqrt(sum) + o.eps) * rate);
}

void AdadeltaOptions::check(const char* optimizer) const {
  check_not_negative(optimizer, "lr", lr);
  check_share(optimizer, "rho", rho);
  check_not_negative(optimizer, "eps", eps);
  check_not_negative(optimizer, "weightDecay", weight_decay);
}

std::span<const char* const> Adadelta::state_names() const {
  static constexpr const char* names[] = {"square_avg", "acc_delta"};
  return names;
}

void Adadelta::update(const Options& o, Slot& slot, const Tensor& grad) {
  const Tensor g = decayed(grad, slot.param, o.weight_decay, o.maximize);
  const Tensor &squares = zero_state(slot, 0), &moved = zero_state(slot, 1);
  move_average(squares, o.rho, g * g);
  const Tensor step = sqrt(moved + o.eps) / sqrt(squares + o.eps) * g;
  move_average(moved, o.rho, step * step);
  copy_(slot.param, slot.param - step * o.lr);
}

void NAdamOptions::check(const char* optimizer) const {
  check_not_negative(optimizer, "lr", lr);
  check_betas(optimizer, betas);
  check_not_negative(optimizer, "eps", eps);
  check_not_negative(optimizer, "weightDecay", weight_decay);
  check_not_negative(optimizer, "momentumDecay", momentum_decay);
}

std::span<const char* const> NAdam::state_names() const {
  static constexpr const char* names[] = {"exp_avg", "exp_avg_sq", "mu_product"};
  return names;
}

void NAdam::update(const Options& o, Slot& slot, const Tensor& grad) {
  const Tensor g = decayed(grad, slot.param, o.weight_decay, false);
  const Tensor &first = zero_state(slot, 0), &second = zero_state(slot, 1);
  const auto t = static_cast<double>(slot.steps);
  const auto momentum = [&](double step) {
    return o.betas.first * (1 - 0.5 * std::pow(0.96, step * o.momentum_decay));
  };
  const double now = momentum(t), next = momentum(t + 1);
  Tensor& product = slot.state[2];
  const double all = (product.defined() ? product.item() : 1) * now;
  product = full({}, all, DType::Float64);
  move_average(first, o.betas.first, g);
  move_average(second, o.betas.second, g * g);
  const Tensor scale = sqrt(second / (1 - std::pow(o.betas.second, t))) + o.eps;
  const Tensor ahead = g * ((1 - now) / (1 - all)) + first * (next / (1 - all * next));
  copy_(slot.param, slot.param - ahead / scale * o.lr);
}

void RAdamOptions::check(const char* optimizer) const {
  check_not_negative(optimizer, "lr", lr);
  check_betas(optimizer, betas);
  check_not_negative(optimizer, "eps", eps);
  check_not_negative(optimizer, "weightDecay", weight_decay);
}

std::span<const char* const> RAdam::state_names() const {
  static constexpr const char* names[] = {"exp_avg", "exp_avg_sq"};
  return names;
}

void RAdam::update(const Options& o, Slot& slot, const Tensor& grad) {
  const Tensor g = decayed(grad, slot.param, o.weight_decay, false);
  const Tensor &first = zero_state(slot, 0), &second = zero_state(slot, 1);
  const auto t = static_cast<double>(slot.steps);
  move_average(first, o.betas.first, g);
  move_average(second, o.betas.second, g * g);
  const double rest = std::pow(o.betas.second, t);
  const double longest = 2 / (1 - o.betas.second) - 1;        // ρ∞
  const double length = longest - 2 * t * rest / (1 - rest);  // ρₜ
  Tensor step = first * (o.lr / (1 - std::pow(o.betas.first, t)));
  if (length > 5) {
    const double rectified =
        std::sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
    step = step * (rectified * std::sqrt(1 - rest)) / (sqrt(second) + o.eps);
  }
  copy_(slot.param, slot.param - step);
}

std::vector<OptimizerRow> adaptive_rows() {
  const std::string negative = "FluxionError when an option is negative";
  const std::string page = "https://pytorch.org/docs/stable/generated/torch.optim.";
  const auto once = [](const std::string& name) {
    return "const w = tensor([1], { requiresGrad: true }); const opt = new optim." + name +
           "([w], { lr: 0.5 }); w.sum().backward(); opt.step(); w.toArray()";
  };
  return {
      optimizer<RMSprop>("RMSprop")
          .doc("Steps scaled by a running average of the gradient's square, by its variance with centered.")
          .formula("v = α·v + (1 − α)·g²; b = momentum·b + g/(√v + eps); p −= lr·b")
          .errors(negative)
          .shapes("any; square_avg, momentum_buffer and grad_avg as their parameter")
          .source(page + "RMSprop.html")
          .example(once("RMSprop"), "[-4]")
          .sample("", "torch.optim.RMSprop(params)")
          .sample("lr=0.02 alpha=0.9 momentum=0.8 weightDecay=0.1",
                  "torch.optim.RMSprop(params, lr=0.02, alpha=0.9, momentum=0.8, weight_decay=0.1)")
          .sample("lr=0.02 alpha=0.9 eps=0.001 centered=true momentum=0.5",
                  "torch.optim.RMSprop(params, lr=0.02, alpha=0.9, eps=0.001, centered=True, momentum=0.5)"),
      optimizer<Adagrad>("Adagrad")
          .doc("Steps that shrink where gradients have been large, by the sum of all their squares.")
          .formula("s += g²; p −= lr/(1 + (t − 1)·lrDecay) · g/(√s + eps)")
          .errors(negative)
          .shapes("any; sum as its parameter")
          .source(page + "Adagrad.html")
          .example(once("Adagrad"), "[0.5]")
          .sample("", "torch.optim.Adagrad(params)")
          .sample("lr=0.1 lrDecay=0.05 weightDecay=0.1 initialAccumulatorValue=0.3 maximize=true",
                  "torch.optim.Adagrad(params, lr=0.1, lr_decay=0.05, weight_decay=0.1, "
                  "initial_accumulator_value=0.3, maximize=True)"),
      optimizer<Adadelta>("Adadelta")
          .doc("Steps as large as recent steps were, over how large recent gradients were: no rate to choose.")
          .formula("v = ρ·v + (1 − ρ)·g²; d = g·√(u + eps)/√(v + eps); u = ρ·u + (1 − ρ)·d²; p −= lr·d")
          .errors("FluxionError when an option is negative, or rho lies outside [0, 1]")
          .shapes("any; square_avg and acc_delta as their parameter")
          .source(page + "Adadelta.html")
          .example(once("Adadelta"), "[0.998419]")
          .sample("", "torch.optim.Adadelta(params)")
          .sample("lr=0.5 rho=0.8 eps=0.001 weightDecay=0.1 maximize=true",
                  "torch.optim.Adadelta(params, lr=0.5, rho=0.8, eps=0.001, weight_decay=0.1, maximize=True)"),
      optimizer<NAdam>("NAdam")
          .doc("Adam that looks a step ahead, as Nesterov's momentum does.")
          .formula("p −= lr · ((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ₊₁)·m)/(√v̂ + eps), μₜ = β₁·(1 − "
                   "0.96^(t·momentumDecay)/2)")
          .errors("FluxionError when an option is negative, or a beta lies outside [0, 1)")
          .shapes("any; exp_avg and exp_avg_sq as their parameter, mu_product []")
          .source(page + "NAdam.html")
          .example(once("NAdam"), "[0.471774]")
          .sample("", "NAdam(params)")
          .sample("lr=0.05 betas=[0.8,0.95] eps=0.001 weightDecay=0.1 momentumDecay=0.02",
                  "NAdam(params, lr=0.05, betas=(0.8, 0.95), eps=0.001, weight_decay=0.1, "
                  "momentum_decay=0.02)"),
      optimizer<RAdam>("RAdam")
          .doc("Adam whose first steps are plain momentum, until the average of squares can be trusted.")
          .formula("ρₜ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ); p −= lr·m̂·(ρₜ > 5 ? rₜ/(√v̂ + eps) : 1)")
          .errors("FluxionError when an option is negative, or a beta lies outside [0, 1)")
          .shapes("any; exp_avg and exp_avg_sq as their parameter")
          .source(page + "RAdam.html")
          .example(once("RAdam"), "[0.5]")
          .sample("", "torch.optim.RAdam(params)")
          .sample("lr=0.05 betas=[0.8,0.95] eps=0.001 weightDecay=0.1",
                  "torch.optim.RAdam(params, lr=0.05, betas=(0.8, 0.95), eps=0.001, weight_decay=0.1)"),
  };
}

}  // namespace fluxion::optim
