#pragma once
// Steps scaled by what the gradients have been: RMSprop, Adagrad, Adadelta, NAdam, RAdam.

#include "fluxion/optim/optimizer.h"

namespace fluxion::optim {

struct RMSpropOptions {
  double lr = 1e-2;
  double alpha = 0.99;
  double eps = 1e-8;
  double weight_decay = 0;
  double momentum = 0;
  bool centered = false;
  bool maximize = false;

  template <class Self, class F>
  static void each(Self& o, F&& f) {
    f("lr", o.lr);
    f("alpha", o.alpha);
    f("eps", o.eps);
    f("weight_decay", o.weight_decay);
    f("momentum", o.momentum);
    f("centered", o.centered);
    f("maximize", o.maximize);
  }
  void check(const char* optimizer) const;
};

// v = α·v + (1 − α)·g²; with centered v less the square of the running mean of g; b = momentum·b + g/(√v + eps);
// p −= lr·b. Source: torch.optim.RMSprop; Hinton 2012, lecture 6e.
class RMSprop final : public OptimizerOf<RMSpropOptions> {
 public:
  explicit RMSprop(const std::vector<Tensor>& params, const Options& defaults = {}) : OptimizerOf(defaults) {
    start(params);
  }
  const char* type_name() const override { return "RMSprop"; }

 protected:
  std::span<const char* const> state_names() const override;
  void update(const Options& options, Slot& slot, const Tensor& grad) override;
};

struct AdagradOptions {
  double lr = 1e-2;
  double lr_decay = 0;
  double weight_decay = 0;
  double initial_accumulator_value = 0;
  double eps = 1e-10;
  bool maximize = false;

  template <class Self, class F>
  static void each(Self& o, F&& f) {
    f("lr", o.lr);
    f("lr_decay", o.lr_decay);
    f("weight_decay", o.weight_decay);
    f("initial_accumulator_value", o.initial_accumulator_value);
    f("eps", o.eps);
    f("maximize", o.maximize);
  }
  void check(const char* optimizer) const;
};

// s += g²; p −= lr/(1 + (t − 1)·lr_decay) · g/(√s + eps). Source: torch.optim.Adagrad; Duchi et al. 2011.
class Adagrad final : public OptimizerOf<AdagradOptions> {
 public:
  explicit Adagrad(const std::vector<Tensor>& params, const Options& defaults = {}) : OptimizerOf(defaults) {
    start(params);
  }
  const char* type_name() const override { return "Adagrad"; }

 protected:
  std::span<const char* const> state_names() const override;
  void update(const Options& options, Slot& slot, const Tensor& grad) override;
};

struct AdadeltaOptions {
  double lr = 1;
  double rho = 0.9;
  double eps = 1e-6;
  double weight_decay = 0;
  bool maximize = false;

  template <class Self, class F>
  static void each(Self& o, F&& f) {
    f("lr", o.lr);
    f("rho", o.rho);
    f("eps", o.eps);
    f("weight_decay", o.weight_decay);
    f("maximize", o.maximize);
  }
  void check(const char* optimizer) const;
};

// v = ρ·v + (1 − ρ)·g²; d = g·√(u + eps)/√(v + eps); u = ρ·u + (1 − ρ)·d²; p −= lr·d.
// Source: torch.optim.Adadelta; Zeiler 2012.
class Adadelta final : public OptimizerOf<AdadeltaOptions> {
 public:
  explicit Adadelta(const std::vector<Tensor>& params, const Options& defaults = {}) : OptimizerOf(defaults) {
    start(params);
  }
  const char* type_name() const override { return "Adadelta"; }

 protected:
  std::span<const char* const> state_names() const override;
  void update(const Options& options, Slot& slot, const Tensor& grad) override;
};

struct NAdamOptions {
  double lr = 2e-3;
  Betas betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;
  double momentum_decay = 4e-3;

  template <class Self, class F>
  static void each(Self& o, F&& f) {
    f("lr", o.lr);
    f("betas", o.betas);
    f("eps", o.eps);
    f("weight_decay", o.weight_decay);
    f("momentum_decay", o.momentum_decay);
  }
  void check(const char* optimizer) const;
};

// Adam that looks one step ahead as Nesterov's momentum does, with μₜ = β₁·(1 − 0.96^(t·momentum_decay)/2):
// p −= lr · ((1 − μₜ)/(1 − Πμ)·g + μₜ₊₁/(1 − Πμ·μₜ₊₁)·m) / (√v̂ + eps). Source: torch.optim.NAdam; Dozat 2016.
class NAdam final : public OptimizerOf<NAdamOptions> {
 public:
  explicit NAdam(const std::vector<Tensor>& params, const Options& defaults = {}) : OptimizerOf(defaults) {
    start(params);
  }
  const char* type_name() const override { return "NAdam"; }

 protected:
  std::span<const char* const> state_names() const override;
  bool is_number(std::size_t state) const override { return state == 2; }
  void update(const Options& options, Slot& slot, const Tensor& grad) override;
};

struct RAdamOptions {
  double lr = 1e-3;
  Betas betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0;

  template <class Self, class F>
  static void each(Self& o, F&& f) {
    f("lr", o.lr);
    f("betas", o.betas);
    f("eps", o.eps);
    f("weight_decay", o.weight_decay);
  }
  void check(const char* optimizer) const;
};

// Adam whose scaling waits until the average of squares can be trusted, and is rectified from then on.
// Source: torch.optim.RAdam; Liu et al. 2020.
class RAdam final : public OptimizerOf<RAdamOptions> {
 public:
  explicit RAdam(const std::vector<Tensor>& params, const Options& defaults = {}) : OptimizerOf(defaults) {
    start(params);
  }
  const char* type_name() const override { return "RAdam"; }

 protected:
  std::span<const char* const> state_names() const override;
  void update(const Options& options, Slot& slot, const Tensor& grad) override;
};

}  // namespace fluxion::optim
