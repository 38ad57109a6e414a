#include "fluxion/nn/activation.h"

#include "fluxion/nn/rows.h"
#include "fluxion/ops/reduce.h"
#include "fluxion/ops/unary.h"

namespace fluxion::nn {

#define FLUXION_ACTIVATION(Class, op, formula) \
  Tensor Class::forward(const Tensor& x) { return op(x); }
FLUXION_ACTIVATIONS(FLUXION_ACTIVATION)
#undef FLUXION_ACTIVATION

Tensor LeakyReLU::forward(const Tensor& x) { return leaky_relu(x, negative_slope_); }

std::string GELU::extra_repr() const {
  return str("approximate='", choice_names(approximate_)[static_cast<std::size_t>(approximate_)], "'");
}

Tensor GELU::forward(const Tensor& x) { return gelu(x, approximate_); }
Tensor Softmax::forward(const Tensor& x) { return softmax(x, dim_); }
Tensor LogSoftmax::forward(const Tensor& x) { return log_softmax(x, dim_); }

std::vector<ModuleRow> activation_module_rows() {
  std::vector<ModuleRow> rows;
  const auto add = [&](ModuleRow row) {
    rows.push_back(
        row.shapes("any, kept").source(str("https://pytorch.org/docs/stable/generated/torch.nn.", row.name, ".html")));
  };
#define FLUXION_ACTIVATION(Class, op, text)                                      \
  add(module<Class()>(#Class, {})                                                \
          .doc("The function `" #op "` as a module.")                            \
          .formula(text)                                                         \
          .example("new nn." #Class "().forward(zeros([2, 3])).shape", "[2, 3]") \
          .sample("", "[3,7]", "nn." #Class "()"));
  FLUXION_ACTIVATIONS(FLUXION_ACTIVATION)
#undef FLUXION_ACTIVATION
  add(module<LeakyReLU(double)>("LeakyReLU", {"negativeSlope=0.01"})
          .doc("The positive part, and a small slope below zero.")
          .formula("x > 0 ? x : negativeSlope·x")
          .example("new nn.LeakyReLU(0.5).forward(tensor([-2, 2])).toArray()", "[-1, 2]")
          .sample("", "[3,7]", "nn.LeakyReLU()")
          .sample("negativeSlope=0.2", "[5]", "nn.LeakyReLU(0.2)"));
  add(module<GELU(GeluForm)>("GELU", {"*approximate=\"none\""})
          .doc("The Gaussian error linear unit, by erf or by its tanh approximation.")
          .formula("x·Φ(x)")
          .example("new nn.GELU().forward(tensor([0])).toArray()", "[0]")
          .sample("", "[3,7]", "nn.GELU()")
          .sample("approximate=tanh", "[3,7]", "nn.GELU(approximate='tanh')"));
  add(module<Softmax(std::int64_t)>("Softmax", {"dim=-1"})
          .doc("Exponentials along dim, scaled to sum to 1.")
          .formula("exp(xᵢ) / Σⱼ exp(xⱼ)")
          .example("new nn.Softmax(0).forward(tensor([0, 0])).toArray()", "[0.5, 0.5]")
          .sample("", "[3,7]", "nn.Softmax(-1)")
          .sample("dim=0", "[3,7]", "nn.Softmax(0)"));
  add(module<LogSoftmax(std::int64_t)>("LogSoftmax", {"dim=-1"})
          .doc("The logarithm of softmax, exact for extreme inputs.")
          .formula("xᵢ − ln Σⱼ exp(xⱼ)")
          .example("new nn.LogSoftmax(0).forward(tensor([5])).toArray()", "[0]")
          .sample("dim=1", "[3,7]", "nn.LogSoftmax(1)"));
  return rows;
}

}  // namespace fluxion::nn
