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

DropoutOf::DropoutOf(const char* name, int spatial, double p) : name_(name), spatial_(spatial), p_(p) {
  check_probability(name, "p", p);
}

Tensor DropoutOf::forward(const Tensor& x) {
  const int channel_rank = spatial_ + 1;
  if (spatial_ > 0 && x.rank() != channel_rank && x.rank() != channel_rank + 1)
    throw ShapeError(str(name_, ": needs an input of ", channel_rank, " or ", channel_rank + 1,
                         " dimensions, this one is ", x.shape()));
  if (!training() || p_ == 0) return x;
  if (spatial_ == 0) return dropout(x, p_, true);
  return x.rank() == channel_rank ? squeeze(dropout2d(unsqueeze(x, 0), p_, true), 0) : dropout2d(x, p_, true);
}

std::string python_float(double v) {
  std::string text = str(v);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::vector<ModuleRow> linear_module_rows() {
  // p = 1 leaves nothing, whatever is drawn: it can be compared.
  const auto channels = [](ModuleRow row, const char* shapes, const char* input) {
    return row
        .doc("In training, zeroes each channel of each example with probability p and scales the rest by 1/(1 − p); "
             "otherwise changes nothing.")
        .shapes(shapes)
        .errors("FluxionError when p lies outside [0, 1]; ShapeError when the input has other dimensions")
        .source(str("https://pytorch.org/docs/stable/generated/torch.nn.", row.name, ".html"))
        .example(str("new nn.", row.name, "(0.5).eval().forward(ones([1, 1, 1])).toArray()"), "[[[1]]]")
        .sample("p=1", input, str("nn.", row.name, "(1.0)"))
        .sample("p=0", input, str("nn.", row.name, "(0.0)"));
  };
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
      channels(module<Dropout1d(double)>("Dropout1d", {"p=0.5"}), "[N, C, L] or [C, L], kept", "[2,3,4]"),
      channels(module<Dropout2d(double)>("Dropout2d", {"p=0.5"}), "[N, C, H, W] or [C, H, W], kept", "[2,3,2,2]"),
  };
}

}  // namespace fluxion::nn
