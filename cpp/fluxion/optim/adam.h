#pragma once
// Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), with AMSGrad (Reddi et al. 2018).

#include "fluxion/optim/optimizer.h"

namespace fluxion::optim {

// Decoupled: weight decay shrinks the parameter by itself instead of being added to the gradient, and is 0.01
// by default.
template <bool Decoupled>
struct AdamOptionsOf {
  double lr = 1e-3;
  Betas betas = {0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = Decoupled ? 1e-2 : 0;
  bool amsgrad = false;
  bool maximize = false;

  template <class Self, class F>
  static void each(Self& o, F&& f) {
    f("lr", o.lr);
    f("betas", o.betas);
    f("eps", o.eps);
    f("weight_decay", o.weight_decay);
    f("amsgrad", o.amsgrad);
    f("maximize", o.maximize);
  }
  void check(const char* optimizer) const {
    check_not_negative(optimizer, "lr", lr);
    check_betas(optimizer, betas);
    check_not_negative(optimizer, "eps", eps);
    check_not_negative(optimizer, "weightDecay", weight_decay);
  }
};

// m = β₁·m + (1 − β₁)·g; v = β₂·v + (1 − β₂)·g²; p −= lr · m̂ / (√v̂ + eps), with m̂ = m/(1 − β₁ᵗ) and
// v̂ = v/(1 − β₂ᵗ), or the largest v so far with amsgrad. Source: torch.optim.Adam, torch.optim.AdamW.
template <bool Decoupled>
class AdamOf final : public OptimizerOf<AdamOptionsOf<Decoupled>> {
 public:
  using Base = OptimizerOf<AdamOptionsOf<Decoupled>>;
  using Options = AdamOptionsOf<Decoupled>;
  explicit AdamOf(const std::vector<Tensor>& params, const Options& defaults = {}) : Base(defaults) {
    this->start(params);
  }
  const char* type_name() const override { return Decoupled ? "AdamW" : "Adam"; }

 protected:
  using Slot = typename Base::Slot;
  std::span<const char* const> state_names() const override;
  using Due = typename Base::Due;
  void update_all(const Options& options, std::span<const Due> due) override;

 private:
  std::vector<kernels::View> views_;
};

using AdamOptions = AdamOptionsOf<false>;
using AdamWOptions = AdamOptionsOf<true>;
using Adam = AdamOf<false>;
using AdamW = AdamOf<true>;
extern template class AdamOf<false>;
extern template class AdamOf<true>;

}  // namespace fluxion::optim
