#include "fluxion/nn/activation.h"

#include "fluxion/nn/linear.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {

#define FLUXION_ACTIVATION(Class, value, ...) \
  Class::Class() : Activation(#Class, [](const Tensor& x, double, double) -> Tensor { return value; }) {}
FLUXION_ACTIVATIONS(FLUXION_ACTIVATION)
#undef FLUXION_ACTIVATION

std::string Activation::extra_repr() const {
  if (first_ == nullptr) return {};
  const std::string out = str(first_, "=", python_float(a_));
  return second_ == nullptr ? out : str(out, ", ", second_, "=", python_float(b_));
}

LeakyReLU::LeakyReLU(double negative_slope)
    : Activation(
          "LeakyReLU", [](const Tensor& x, double a, double) { return leaky_relu(x, a); }, "negative_slope",
          negative_slope) {}
ELU::ELU(double alpha)
    : Activation("ELU", [](const Tensor& x, double a, double) { return elu(x, a); }, "alpha", alpha) {}
Softplus::Softplus(double beta, double threshold)
    : Activation("Softplus", softplus, "beta", beta, "threshold", threshold) {}
Hardtanh::Hardtanh(double min_val, double max_val)
    : Activation("Hardtanh", hardtanh, "min_val", min_val, "max_val", max_val) {
  if (min_val > max_val) throw FluxionError(str("Hardtanh: minVal ", min_val, " is above maxVal ", max_val));
}

PReLU::PReLU(std::int64_t num_parameters, double init, DType dtype) {
  check_at_least("PReLU", "numParameters", num_parameters, 1);
  check_float_dtype("PReLU", dtype);
  weight = full({num_parameters}, init, dtype);
  register_parameter("weight", weight);
}

Tensor PReLU::forward(const Tensor& x) {
  const std::int64_t slopes = weight.size(0);
  if (slopes > 1 && (x.rank() < 2 || x.size(1) != slopes))
    throw ShapeError(
        str("PReLU: has ", slopes, " slopes, one for each channel of [N, C, …], the input is ", x.shape()));
  Shape along(static_cast<std::size_t>(std::max(x.rank(), 1)), 1);
  if (slopes > 1) along[1] = slopes;
  return where(gt(x, 0), x, reshape(weight, along) * x);
}

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
#define FLUXION_ACTIVATION(Class, value, words, text)                             \
  add(module<Class()>(#Class, {})                                                 \
          .doc(words)                                                             \
          .formula(text)                                                          \
          .example("new nn." #Class "().forward(zeros([2, 3])).shape", "[2, 3]")  \
          .sample("", "[3,7]", "nn." #Class "()"));
  FLUXION_ACTIVATIONS(FLUXION_ACTIVATION)
#undef FLUXION_ACTIVATION
  add(module<LeakyReLU(double)>("LeakyReLU", {"negativeSlope=0.01"})
          .doc("The positive part, and a small slope below zero.")
          .formula("x > 0 ? x : negativeSlope·x")
          .example("new nn.LeakyReLU(0.5).forward(tensor([-2, 2])).toArray()", "[-1, 2]")
          .sample("", "[3,7]", "nn.LeakyReLU()")
          .sample("negativeSlope=0.2", "[5]", "nn.LeakyReLU(0.2)"));
  add(module<ELU(double)>("ELU", {"alpha=1"})
          .doc("The positive part, and an exponential approach to −alpha below zero.")
          .formula("x > 0 ? x : alpha·(eˣ − 1)")
          .example("new nn.ELU().forward(tensor([-1, 2])).toArray()", "[-0.632121, 2]")
          .sample("", "[3,7]", "nn.ELU()")
          .sample("alpha=0.5", "[5]", "nn.ELU(0.5)"));
  add(module<Softplus(double, double)>("Softplus", {"beta=1", "threshold=20"})
          .doc("A smooth form of relu; x itself where beta·x is above the threshold.")
          .formula("ln(1 + e^(beta·x))/beta")
          .example("new nn.Softplus().forward(tensor([0, 1])).toArray()", "[0.693147, 1.313262]")
          .sample("", "[3,7]", "nn.Softplus()")
          .sample("beta=2 threshold=1", "[5]", "nn.Softplus(2, 1)"));
  add(module<Hardtanh(double, double)>("Hardtanh", {"minVal=-1", "maxVal=1"})
          .doc("x held between two bounds.")
          .formula("min(max(x, minVal), maxVal)")
          .errors("FluxionError when minVal is above maxVal")
          .example("new nn.Hardtanh().forward(tensor([-2, 0.5, 2])).toArray()", "[-1, 0.5, 1]")
          .sample("", "[3,7]", "nn.Hardtanh()")
          .sample("minVal=-0.5 maxVal=0.25", "[5]", "nn.Hardtanh(-0.5, 0.25)"));
  add(module<PReLU(std::int64_t, double, DType)>("PReLU", {"numParameters=1", "init=0.25", "*dtype=\"float32\""})
          .doc("The positive part, and a learnt slope below zero: one, or one for each channel (dimension 1).")
          .formula("x > 0 ? x : weight·x")
          .init("weight = init")
          .errors("ShapeError when there are neither one slope nor as many as channels")
          .fields({"weight"})
          .example("new nn.PReLU().forward(tensor([-4, 2])).toArray()", "[-1, 2]")
          .sample("", "[3,7]", "nn.PReLU()")
          .sample("numParameters=3 init=0.1", "[2,3,4]", "nn.PReLU(3, 0.1)"));
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
