#include "fluxion/optim/adam.h"

#include "fluxion/optim/pass.h"
#include "fluxion/optim/rows.h"

namespace fluxion::optim {

template <bool Decoupled>
std::span<const char* const> AdamOf<Decoupled>::state_names() const {
  static constexpr const char* names[] = {"exp_avg", "exp_avg_sq", "max_exp_avg_sq"};
  return names;
}

template <bool Decoupled>
void AdamOf<Decoupled>::update_all(const Options& o, std::span<const Due> due) {
  Pass<kernels::Prim::AdamStep, kernels::AdamParams> pass({.lr = o.lr,
                                                           .beta1 = o.betas.first,
                                                           .beta2 = o.betas.second,
                                                           .eps = o.eps,
                                                           .weight_decay = o.weight_decay,
                                                           .decoupled = Decoupled,
                                                           .amsgrad = o.amsgrad,
                                                           .maximize = o.maximize},
                                                          views_);
  for (const auto& [slot, grad] : due) {
    pass.set(&kernels::AdamParams::step, slot->steps);
    const kernels::View first = view_of(this->zero_state(*slot, 0)), second = view_of(this->zero_state(*slot, 1));
    const kernels::View largest = o.amsgrad ? view_of(this->zero_state(*slot, 2)) : kernels::View{};
    pass.add({view_of(slot->param), view_of(grad), first, second, largest});
  }
  pass.launch();
}

template class AdamOf<false>;
template class AdamOf<true>;

std::vector<OptimizerRow> adam_rows() {
  const std::string errors = "FluxionError when an option is negative, or a beta lies outside [0, 1)";
  return {
      optimizer<Adam>("Adam")
          .doc("Steps scaled by running averages of the gradient and of its square. weightDecay is added to "
               "the "
               "gradient.")
          .formula("m = β₁·m + (1 − β₁)·g; v = β₂·v + (1 − β₂)·g²; p −= lr · m̂ / (√v̂ + eps)")
          .errors(errors)
          .shapes("any; exp_avg, exp_avg_sq and max_exp_avg_sq as their parameter")
          .source("https://pytorch.org/docs/stable/generated/torch.optim.Adam.html")
          .example(
              "const w = tensor([1], { requiresGrad: true }); const opt = new optim.Adam([w], { lr: 0.5 }); "
              "w.sum().backward(); opt.step(); w.toArray()",
              "[0.5]")
          .sample("lr=0.1", "torch.optim.Adam(params, lr=0.1)")
          .sample("lr=0.05 betas=[0.8,0.95] eps=0.001 weightDecay=0.1",
                  "torch.optim.Adam(params, lr=0.05, betas=(0.8, 0.95), eps=0.001, weight_decay=0.1)")
          .sample("lr=0.05 amsgrad=true maximize=true",
                  "torch.optim.Adam(params, lr=0.05, amsgrad=True, maximize=True)"),
      optimizer<AdamW>("AdamW")
          .doc("Adam with weight decay that shrinks the parameters by themselves.")
          .formula("p −= lr·weightDecay·p; then as Adam")
          .errors(errors)
          .shapes("any; exp_avg, exp_avg_sq and max_exp_avg_sq as their parameter")
          .source("https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html")
          .example("const w = tensor([1], { requiresGrad: true }); const opt = new optim.AdamW([w], { lr: "
                   "0.5, weightDecay: 0 }); "
                   "w.sum().backward(); opt.step(); w.toArray()",
                   "[0.5]")
          .sample("", "torch.optim.AdamW(params)")
          .sample("lr=0.05 weightDecay=0.3 amsgrad=true",
                  "torch.optim.AdamW(params, lr=0.05, weight_decay=0.3, amsgrad=True)"),
  };
}

}  // namespace fluxion::optim
