#include "fluxion/nn/linear.h"

#include "fluxion/nn/init.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {

Linear::Linear(std::int64_t in_features, std::int64_t out_features, bool with_bias, DType dtype) {
  check_at_least("Linear", "inFeatures", in_features, 1);
  check_at_least("Linear", "outFeatures", out_features, 1);
  check_float_dtype("Linear", dtype);
  weight = Tensor::empty({out_features, in_features}, dtype);
  if (with_bias) bias = Tensor::empty({out_features}, dtype);
  init::linear_default_(weight, bias);
  register_parameter("weight", weight);
  register_parameter("bias", bias);
}

std::string Linear::extra_repr() const {
  return str("in_features=", weight.size(1), ", out_features=", weight.size(0), ", bias=", python_bool(bias.defined()));
}

Tensor Linear::forward(const Tensor& x) { return linear(x, weight, maybe(bias)); }

Tensor Flatten::forward(const Tensor& x) { return flatten(x, start_dim_, end_dim_); }

Dropout::Dropout(double p) : p_(p) { check_probability("Dropout", "p", p); }

Tensor Dropout::forward(const Tensor& x) { return training() && p_ > 0 ? dropout(x, p_, true) : x; }

std::vector<ModuleRow> linear_module_rows() {
  return {
      module<Linear(std::int64_t, std::int64_t, bool, DType)>(
          "Linear", {"inFeatures", "outFeatures", "*bias=true", "*dtype=\"float32\""})
          .doc("A fully connected layer.")
          .formula("x·Wᵀ + b")
          .shapes("[…, inFeatures] to […, outFeatures]; weight [outFeatures, inFeatures], bias [outFeatures]")
          .init("weight and bias uniform in ±1/√inFeatures")
          .errors("ShapeError when a size is below 1, or the input's last size is not inFeatures")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.Linear.html")
          .fields({"weight", "bias"})
          .example("new nn.Linear(2, 3).forward(zeros([4, 2])).shape", "[4, 3]")
          .sample("inFeatures=3 outFeatures=5", "[4,3]", "nn.Linear(3, 5)")
          .sample("inFeatures=7 outFeatures=1 bias=false", "[2,3,7]", "nn.Linear(7, 1, bias=False)")
          .sample("inFeatures=1 outFeatures=17", "[1]", "nn.Linear(1, 17)")
          .sample("inFeatures=4 outFeatures=2 dtype=float64", "[5,4]", "nn.Linear(4, 2, dtype=torch.float64)"),
      module<Identity()>("Identity", {})
          .doc("The input as it is.")
          .shapes("any, kept")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.Identity.html")
          .example("new nn.Identity().forward(tensor([1, 2])).toArray()", "[1, 2]")
          .sample("", "[2,3]", "nn.Identity()"),
      module<Flatten(std::int64_t, std::int64_t)>("Flatten", {"startDim=1", "endDim=-1"})
          .doc("Makes the dimensions from startDim to endDim one; by default all but the batch.")
          .shapes("[N, …] to [N, product of the rest]")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html")
          .example("new nn.Flatten().forward(zeros([2, 3, 4])).shape", "[2, 12]")
          .sample("", "[2,3,4]", "nn.Flatten()")
          .sample("startDim=0 endDim=1", "[2,3,4]", "nn.Flatten(0, 1)"),
      module<Dropout(double)>("Dropout", {"p=0.5"})
          .doc("In training, zeroes each value with probability p and scales the rest by 1/(1 − p); otherwise "
               "changes nothing.")
          .shapes("any, kept")
          .errors("FluxionError when p lies outside [0, 1]")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html")
          .example("new nn.Dropout(0.5).eval().forward(tensor([1, 2])).toArray()", "[1, 2]")
          .sample("p=0", "[2,3]", "nn.Dropout(0.0)"),
  };
}

}  // namespace fluxion::nn
