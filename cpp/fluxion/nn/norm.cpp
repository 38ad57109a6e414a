#include "fluxion/nn/norm.h"

#include "fluxion/nn/linear.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {

BatchNorm::BatchNorm(const char* name, int min_rank, int max_rank, std::int64_t num_features, double eps,
                     std::optional<double> momentum, bool affine, bool track_running_stats, DType dtype)
    : name_(name),
      min_rank_(min_rank),
      max_rank_(max_rank),
      num_features_(num_features),
      eps_(eps),
      momentum_(momentum) {
  check_at_least(name, "numFeatures", num_features, 1);
  check_float_dtype(name, dtype);
  if (affine) {
    weight = ones({num_features}, dtype);
    bias = zeros({num_features}, dtype);
  }
  if (track_running_stats) {
    running_mean = zeros({num_features}, dtype);
    running_var = ones({num_features}, dtype);
    num_batches_tracked = zeros({}, DType::Int32);
  }
  register_parameter("weight", weight);
  register_parameter("bias", bias);
  register_buffer("running_mean", running_mean);
  register_buffer("running_var", running_var);
  register_buffer("num_batches_tracked", num_batches_tracked);
}

std::string BatchNorm::extra_repr() const {
  return str(num_features_, ", eps=", eps_, ", momentum=", momentum_ ? str(*momentum_) : "None",
             ", affine=", python_bool(weight.defined()), ", track_running_stats=", python_bool(running_mean.defined()));
}

Tensor BatchNorm::forward(const Tensor& x) {
  if (x.rank() < min_rank_ || x.rank() > max_rank_)
    throw ShapeError(str(name_, ": needs an input of ", min_rank_, min_rank_ == max_rank_ ? "" : str(" or ", max_rank_),
                         " dimensions, this one is ", x.shape()));
  if (x.size(1) != num_features_)
    throw ShapeError(str(name_, ": has ", num_features_, " features, the input has ", x.size(1), ": ", x.shape()));
  const bool tracked = running_mean.defined();
  double momentum = momentum_.value_or(0);
  const bool updates = training() && tracked;
  if (updates && !momentum_) momentum = 1 / (num_batches_tracked.item() + 1);
  Tensor out = batch_norm(x, maybe(running_mean), maybe(running_var), maybe(weight), maybe(bias),
                          training() || !tracked, momentum, eps_);
  if (updates) {
    const kernels::View count = view_of(num_batches_tracked);
    kernels::launch(kernels::Prim::Unary, {count, count}, kernels::UnaryParams{kernels::Unary::AddScalar, 1});
    num_batches_tracked.storage().bump_version();
  }
  return out;
}

LayerNorm::LayerNorm(const Shape& normalized_shape, double eps, bool elementwise_affine, bool with_bias, DType dtype)
    : normalized_shape_(normalized_shape), eps_(eps) {
  if (normalized_shape.empty()) throw ShapeError("LayerNorm: normalizedShape is empty");
  for (const std::int64_t size : normalized_shape) check_at_least("LayerNorm", "normalizedShape", size, 1);
  check_float_dtype("LayerNorm", dtype);
  if (elementwise_affine) weight = ones(normalized_shape, dtype);
  if (elementwise_affine && with_bias) bias = zeros(normalized_shape, dtype);
  register_parameter("weight", weight);
  register_parameter("bias", bias);
}

std::string LayerNorm::extra_repr() const {
  std::string sizes;
  for (const std::int64_t size : normalized_shape_) sizes += (sizes.empty() ? "" : ", ") + str(size);
  if (normalized_shape_.ssize() == 1) sizes += ",";
  return str("(", sizes, "), eps=", eps_, ", elementwise_affine=", python_bool(weight.defined()));
}

Tensor LayerNorm::forward(const Tensor& x) {
  return layer_norm(x, normalized_shape_, maybe(weight), maybe(bias), eps_);
}

std::vector<ModuleRow> norm_module_rows() {
  const auto batch_norm_row = [](ModuleRow row, const char* shapes) {
    return row
        .doc(
            "Brings each channel to mean 0 and variance 1 over the batch, then scales and shifts it. "
            "Training uses the "
            "batch's statistics and updates the running ones; evaluation uses the running ones. momentum "
            "null: plain "
            "averages over the batches seen.")
        .formula("(x − mean) / √(var + eps) · weight + bias")
        .shapes(shapes)
        .init("weight 1, bias 0, running_mean 0, running_var 1")
        .errors("ShapeError when the rank or the number of channels does not fit")
        .source(str("https://pytorch.org/docs/stable/generated/torch.nn.", row.name, ".html"))
        .fields({"weight", "bias", "running_mean", "running_var", "num_batches_tracked"});
  };
  const std::initializer_list<std::string_view> batch_norm_args = {
      "numFeatures", "*eps=1e-5", "*momentum=0.1", "*affine=true", "*trackRunningStats=true", "*dtype=\"float32\""};
  using Momentum = std::optional<double>;
  return {
      batch_norm_row(
          module<BatchNorm1d(std::int64_t, double, Momentum, bool, bool, DType)>("BatchNorm1d", batch_norm_args),
          "[N, numFeatures] or [N, numFeatures, L], kept; weight and bias [numFeatures]")
          .example("new nn.BatchNorm1d(3).forward(rand([4, 3])).shape", "[4, 3]")
          .sample("numFeatures=3", "[5,3]", "nn.BatchNorm1d(3)")
          .sample("numFeatures=2 momentum=null", "[3,2,4]", "nn.BatchNorm1d(2, momentum=None)")
          .sample("numFeatures=3 affine=false trackRunningStats=false", "[4,3]",
                  "nn.BatchNorm1d(3, affine=False, track_running_stats=False)"),
      batch_norm_row(
          module<BatchNorm2d(std::int64_t, double, Momentum, bool, bool, DType)>("BatchNorm2d", batch_norm_args),
          "[N, numFeatures, H, W], kept; weight and bias [numFeatures]")
          .example("new nn.BatchNorm2d(3).forward(rand([2, 3, 4, 4])).shape", "[2, 3, 4, 4]")
          .sample("numFeatures=3", "[2,3,4,5]", "nn.BatchNorm2d(3)")
          .sample("numFeatures=2 eps=0.01 momentum=0.3", "[3,2,3,3]", "nn.BatchNorm2d(2, eps=0.01, momentum=0.3)"),
      module<LayerNorm(Shape, double, bool, bool, DType)>(
          "LayerNorm", {"normalizedShape", "*eps=1e-5", "*elementwiseAffine=true", "*bias=true", "*dtype=\"float32\""})
          .doc("Brings the last dimensions, of shape normalizedShape, to mean 0 and variance 1, then scales "
               "and "
               "shifts them.")
          .formula("(x − mean) / √(var + eps) · weight + bias")
          .shapes("[…, normalizedShape], kept; weight and bias have normalizedShape")
          .init("weight 1, bias 0")
          .errors("ShapeError when the input's last sizes are not normalizedShape")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.LayerNorm.html")
          .fields({"weight", "bias"})
          .example("new nn.LayerNorm(3).forward(tensor([1, 1, 1])).toArray()", "[0, 0, 0]")
          .sample("normalizedShape=[7]", "[2,3,7]", "nn.LayerNorm(7)")
          .sample("normalizedShape=[3,5] eps=0.001", "[2,3,5]", "nn.LayerNorm((3, 5), eps=0.001)")
          .sample("normalizedShape=[4] elementwiseAffine=false", "[3,4]", "nn.LayerNorm(4, elementwise_affine=False)"),
  };
}

}  // namespace fluxion::nn
