#pragma once
// Stochastic gradient descent.

#include "fluxion/optim/optimizer.h"

namespace fluxion::optim {

struct SGDOptions {
  double lr = 1e-3;
  double momentum = 0;
  double dampening = 0;
  double weight_decay = 0;
  bool nesterov = false;
  bool maximize = false;

  template <class Self, class F>
  static void each(Self& o, F&& f) {
    f("lr", o.lr);
    f("momentum", o.momentum);
    f("dampening", o.dampening);
    f("weight_decay", o.weight_decay);
    f("nesterov", o.nesterov);
    f("maximize", o.maximize);
  }
  void check(const char* optimizer) const;
};

// g += weight_decay·p; b = momentum·b + (1 − dampening)·g (b = g at first); g = nesterov ? g + momentum·b :
// b; p −= lr·g. Source: torch.optim.SGD; Sutskever et al. 2013.
class SGD final : public OptimizerOf<SGDOptions> {
 public:
  explicit SGD(const std::vector<Tensor>& params, const Options& defaults = {}) : OptimizerOf(defaults) {
    start(params);
  }
  const char* type_name() const override { return "SGD"; }

 protected:
  std::span<const char* const> state_names() const override;
  bool saves_steps() const override { return false; }
  void update_all(const Options& options, std::span<const Due> due) override;

 private:
  std::vector<kernels::View> views_;
};

}  // namespace fluxion::optim
