#include "fluxion/optim/sgd.h"

#include "fluxion/optim/pass.h"
#include "fluxion/optim/rows.h"

namespace fluxion::optim {

void SGDOptions::check(const char* optimizer) const {
  check_not_negative(optimizer, "lr", lr);
  check_not_negative(optimizer, "momentum", momentum);
  check_not_negative(optimizer, "weightDecay", weight_decay);
  if (nesterov && (momentum <= 0 || dampening != 0))
    throw FluxionError(str(optimizer, ": nesterov needs a momentum and no dampening"));
}

std::span<const char* const> SGD::state_names() const {
  static constexpr const char* names[] = {"momentum_buffer"};
  return names;
}

void SGD::update_all(const Options& o, std::span<const Due> due) {
  Pass<kernels::Prim::SgdStep, kernels::SgdParams> pass({.lr = o.lr,
                                                         .momentum = o.momentum,
                                                         .dampening = o.dampening,
                                                         .weight_decay = o.weight_decay,
                                                         .nesterov = o.nesterov,
                                                         .maximize = o.maximize},
                                                        views_);
  for (const auto& [slot, grad] : due) {
    Tensor& buffer = slot->state[0];
    if (o.momentum != 0) {
      pass.set(&kernels::SgdParams::first, !buffer.defined());
      if (!buffer.defined()) buffer = Tensor::empty(slot->param.shape(), slot->param.dtype());
    }
    pass.add({view_of(slot->param), view_of(grad), o.momentum != 0 ? view_of(buffer) : kernels::View{}});
  }
  pass.launch();
}

std::vector<OptimizerRow> sgd_rows() {
  return {
      optimizer<SGD>("SGD")
          .doc("Stochastic gradient descent, with momentum, dampening, Nesterov's form and weight decay.")
          .formula("b = momentum·b + (1 − dampening)·(g + weightDecay·p); p −= lr·b")
          .errors("FluxionError when an option is negative, or nesterov is asked for without momentum or "
                  "with dampening")
          .shapes("any; momentum_buffer as its parameter")
          .source("https://pytorch.org/docs/stable/generated/torch.optim.SGD.html")
          .example(
              "const w = tensor([1], { requiresGrad: true }); const opt = new optim.SGD([w], { lr: 0.5 }); "
              "w.sum().backward(); opt.step(); w.toArray()",
              "[0.5]")
          .sample("lr=0.1", "torch.optim.SGD(params, lr=0.1)")
          .sample("lr=0.05 momentum=0.9", "torch.optim.SGD(params, lr=0.05, momentum=0.9)")
          .sample("lr=0.05 momentum=0.9 dampening=0.3 weightDecay=0.1",
                  "torch.optim.SGD(params, lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.1)")
          .sample("lr=0.03 momentum=0.8 nesterov=true weightDecay=0.01 maximize=true",
                  "torch.optim.SGD(params, lr=0.03, momentum=0.8, nesterov=True, weight_decay=0.01, "
                  "maximize=True)"),
  };
}

}  // namespace fluxion::optim
