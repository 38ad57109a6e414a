#include "fluxion/nn/norm.h"

#include "fluxion/nn/conv.h"
#include "fluxion/nn/linear.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {

BatchNorm::BatchNorm(const char* name, int min_rank, int max_rank, std::int64_t num_features, double eps,
                     std::optional<double> momentum, bool affine, bool track_running_stats, DType dtype)
    : min_rank_(min_rank),
      max_rank_(max_rank),
      momentum_(momentum),
      eps_(eps),
      name_(name),
      num_features_(num_features) {
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

void BatchNorm::check_input(const Tensor& x, int channels) const {
  if (x.rank() < min_rank_ || x.rank() > max_rank_)
    throw ShapeError(str(name_, ": needs an input of ", min_rank_, min_rank_ == max_rank_ ? "" : str(" or ", max_rank_),
                         " dimensions, this one is ", x.shape()));
  if (const std::int64_t given = x.size(channels); given != num_features_)
    throw ShapeError(str(name_, ": has ", num_features_, " features, the input has ", given, ": ", x.shape()));
}

Tensor BatchNorm::forward(const Tensor& x) {
  check_input(x, 1);
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

Tensor InstanceNorm::forward(const Tensor& x) {
  const bool single = x.rank() == min_rank_;
  check_input(x, single ? 0 : 1);
  const Tensor out = instance_norm(single ? unsqueeze(x, 0) : x, maybe(running_mean), maybe(running_var), maybe(weight),
                                   maybe(bias), training() || !running_mean.defined(), momentum_.value_or(0), eps_);
  return single ? squeeze(out, 0) : out;
}

GroupNorm::GroupNorm(std::int64_t num_groups, std::int64_t num_channels, double eps, bool affine, DType dtype)
    : num_groups_(num_groups), num_channels_(num_channels), eps_(eps) {
  check_at_least("GroupNorm", "numGroups", num_groups, 1);
  check_at_least("GroupNorm", "numChannels", num_channels, 1);
  check_float_dtype("GroupNorm", dtype);
  if (num_channels % num_groups != 0)
    throw ShapeError(
        str("GroupNorm: numChannels (", num_channels, ") must be a multiple of numGroups (", num_groups, ")"));
  if (affine) {
    weight = ones({num_channels}, dtype);
    bias = zeros({num_channels}, dtype);
  }
  register_parameter("weight", weight);
  register_parameter("bias", bias);
}

std::string GroupNorm::extra_repr() const {
  return str(num_groups_, ", ", num_channels_, ", eps=", eps_, ", affine=", python_bool(weight.defined()));
}

Tensor GroupNorm::forward(const Tensor& x) {
  if (x.rank() < 2 || x.size(1) != num_channels_)
    throw ShapeError(str("GroupNorm: needs an input of [N, ", num_channels_, ", …], this one is ", x.shape()));
  return group_norm(x, num_groups_, maybe(weight), maybe(bias), eps_);
}

namespace {

void check_normalized(const char* module, const Shape& shape, DType dtype) {
  if (shape.empty()) throw ShapeError(str(module, ": normalizedShape is empty"));
  for (const std::int64_t size : shape) check_at_least(module, "normalizedShape", size, 1);
  check_float_dtype(module, dtype);
}

}  // namespace

LayerNorm::LayerNorm(const Shape& normalized_shape, double eps, bool elementwise_affine, bool with_bias, DType dtype)
    : normalized_shape_(normalized_shape), eps_(eps) {
  check_normalized("LayerNorm", normalized_shape, dtype);
  if (elementwise_affine) weight = ones(normalized_shape, dtype);
  if (elementwise_affine && with_bias) bias = zeros(normalized_shape, dtype);
  register_parameter("weight", weight);
  register_parameter("bias", bias);
}

std::string LayerNorm::extra_repr() const {
  return str(tuple_text(normalized_shape_), ", eps=", eps_, ", elementwise_affine=", python_bool(weight.defined()));
}

Tensor LayerNorm::forward(const Tensor& x) {
  return layer_norm(x, normalized_shape_, maybe(weight), maybe(bias), eps_);
}

RMSNorm::RMSNorm(const Shape& normalized_shape, std::optional<double> eps, bool elementwise_affine, DType dtype)
    : normalized_shape_(normalized_shape), eps_(eps) {
  check_normalized("RMSNorm", normalized_shape, dtype);
  if (elementwise_affine) weight = ones(normalized_shape, dtype);
  register_parameter("weight", weight);
}

std::string RMSNorm::extra_repr() const {
  return str(tuple_text(normalized_shape_), ", eps=", eps_ ? str(*eps_) : "None",
             ", elementwise_affine=", python_bool(weight.defined()));
}

Tensor RMSNorm::forward(const Tensor& x) { return rms_norm(x, normalized_shape_, maybe(weight), eps_); }

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
  const auto instance_norm_row = [](ModuleRow row, const char* shapes) {
    return row
        .doc("Brings each channel of each example to mean 0 and variance 1; affine scales and shifts it, "
             "trackRunningStats keeps running statistics for evaluation.")
        .formula("(x − mean) / √(var + eps) · weight + bias")
        .shapes(shapes)
        .init("weight 1, bias 0, running_mean 0, running_var 1")
        .errors("ShapeError when the rank or the number of channels does not fit, or a channel has one value only")
        .source(str("https://pytorch.org/docs/stable/generated/torch.nn.", row.name, ".html"))
        .fields({"weight", "bias", "running_mean", "running_var", "num_batches_tracked"});
  };
  const std::initializer_list<std::string_view> instance_norm_args = {
      "numFeatures",    "*eps=1e-5", "*momentum=0.1", "*affine=false", "*trackRunningStats=false",
      "*dtype=\"float32\""};
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
      instance_norm_row(
          module<InstanceNorm1d(std::int64_t, double, Momentum, bool, bool, DType)>("InstanceNorm1d",
                                                                                  instance_norm_args),
          "[N, numFeatures, L] or [numFeatures, L], kept; weight and bias [numFeatures]")
          .example("new nn.InstanceNorm1d(3).forward(rand([2, 3, 4])).shape", "[2, 3, 4]")
          .sample("numFeatures=3 affine=true trackRunningStats=true", "[2,3,5]",
                  "nn.InstanceNorm1d(3, affine=True, track_running_stats=True)")
          .sample("numFeatures=2", "[2,7]", "nn.InstanceNorm1d(2)"),
      instance_norm_row(
          module<InstanceNorm2d(std::int64_t, double, Momentum, bool, bool, DType)>("InstanceNorm2d",
                                                                                  instance_norm_args),
          "[N, numFeatures, H, W] or [numFeatures, H, W], kept; weight and bias [numFeatures]")
          .example("new nn.InstanceNorm2d(3).forward(rand([2, 3, 4, 4])).shape", "[2, 3, 4, 4]")
          .sample("numFeatures=3 affine=true", "[2,3,4,5]", "nn.InstanceNorm2d(3, affine=True)")
          .sample("numFeatures=2 eps=0.1 momentum=0.3 trackRunningStats=true", "[3,2,3,3]",
                  "nn.InstanceNorm2d(2, eps=0.1, momentum=0.3, track_running_stats=True)"),
      module<GroupNorm(std::int64_t, std::int64_t, double, bool, DType)>(
          "GroupNorm", {"numGroups", "numChannels", "*eps=1e-5", "*affine=true", "*dtype=\"float32\""})
          .doc("Brings the channels of each group, with everything behind them, to mean 0 and variance 1 in each "
               "example, then scales and shifts each channel.")
          .formula("(x − mean) / √(var + eps) · weight + bias")
          .shapes("[N, numChannels, …], kept; weight and bias [numChannels]")
          .init("weight 1, bias 0")
          .errors("ShapeError when numGroups does not divide numChannels, or the input has other channels")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html")
          .fields({"weight", "bias"})
          .example("new nn.GroupNorm(2, 4).forward(rand([1, 4, 3])).shape", "[1, 4, 3]")
          .sample("numGroups=2 numChannels=6", "[2,6,5]", "nn.GroupNorm(2, 6)")
          .sample("numGroups=3 numChannels=3 affine=false eps=0.01", "[2,3,2,4]",
                  "nn.GroupNorm(3, 3, affine=False, eps=0.01)"),
      module<RMSNorm(Shape, std::optional<double>, bool, DType)>(
          "RMSNorm", {"normalizedShape", "*eps=null", "*elementwiseAffine=true", "*dtype=\"float32\""})
          .doc("Divides by the root mean square over the last dimensions, of shape normalizedShape, then scales. "
               "Without eps, the smallest step of the dtype at 1.")
          .formula("x / √(mean x² + eps) · weight")
          .shapes("[…, normalizedShape], kept; weight has normalizedShape")
          .init("weight 1")
          .errors("ShapeError when the input's last sizes are not normalizedShape")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.RMSNorm.html")
          .fields({"weight"})
          .example("new nn.RMSNorm(2).forward(tensor([1, 7])).toArray()", "[0.2, 1.4]")
          .sample("normalizedShape=[7]", "[2,3,7]", "RMSNorm((7,))")
          .sample("normalizedShape=[3,5] eps=0.1 elementwiseAffine=false", "[2,3,5]",
                  "RMSNorm((3, 5), eps=0.1, affine=False)"),
  };
}

}  // namespace fluxion::nn
