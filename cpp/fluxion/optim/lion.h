#pragma once
// Rules that keep a step's direction and drop its size: Lion and Muon.

#include "fluxion/optim/optimizer.h"

namespace fluxion::optim {

struct LionOptions {
  double lr = 1e-4;
  Betas betas = {0.9, 0.99};
  double weight_decay = 0;

  template <class Self, class F>
  static void each(Self& o, F&& f) {
    f("lr", o.lr);
    f("betas", o.betas);
    f("weight_decay", o.weight_decay);
  }
  void check(const char* optimizer) const;
};

// p −= lr·(sgn(β₁·m + (1 − β₁)·g) + weight_decay·p); m = β₂·m + (1 − β₂)·g. Source: Chen et al. 2023,
// "Symbolic Discovery of Optimization Algorithms", algorithm 2.
class Lion final : public OptimizerOf<LionOptions> {
 public:
  explicit Lion(const std::vector<Tensor>& params, const Options& defaults = {}) : OptimizerOf(defaults) {
    start(params);
  }
  const char* type_name() const override { return "Lion"; }

 protected:
  std::span<const char* const> state_names() const override;
  bool saves_steps() const override { return false; }
  void update(const Options& options, Slot& slot, const Tensor& grad) override;
};

struct MuonOptions {
  double lr = 1e-3;
  double weight_decay = 0.1;
  double momentum = 0.95;
  bool nesterov = true;
  double eps = 1e-7;
  double ns_steps = 5;

  template <class Self, class F>
  static void each(Self& o, F&& f) {
    f("lr", o.lr);
    f("weight_decay", o.weight_decay);
    f("momentum", o.momentum);
    f("nesterov", o.nesterov);
    f("eps", o.eps);
    f("ns_steps", o.ns_steps);
  }
  void check(const char* optimizer) const;
};

// Momentum made nearly orthogonal by Newton and Schulz's iteration, X = a·X + (b·XXᵀ + c·(XXᵀ)²)·X; then
// p −= lr·weight_decay·p and p −= lr·√max(1, rows/columns)·X. For matrices; everything else wants another
// optimizer. Source: torch.optim.Muon; Jordan et al. 2024, "Muon: an optimizer for hidden layers".
class Muon final : public OptimizerOf<MuonOptions> {
 public:
  explicit Muon(const std::vector<Tensor>& params, const Options& defaults = {});
  const char* type_name() const override { return "Muon"; }

 protected:
  std::span<const char* const> state_names() const override;
  bool saves_steps() const override { return false; }
  void check_param(const Tensor& param) const override;
  void update(const Options& options, Slot& slot, const Tensor& grad) override;
};

}  // namespace fluxion::optim
