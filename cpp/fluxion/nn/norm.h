#pragma once
// Normalisation layers.

#include "fluxion/nn/module.h"

namespace fluxion::nn {

// Each channel (dimension 1) to mean 0 and variance 1 over everything else, then scaled and shifted (Ioffe
// and Szegedy 2015). Training uses the batch's statistics and updates the running ones; evaluation uses the
// running ones. Buffers running_mean [C], running_var [C], num_batches_tracked [] (int32).
class BatchNorm : public Module {
 public:
  const char* type_name() const override { return name_; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

  Tensor weight, bias;                                    // undefined unless affine
  Tensor running_mean, running_var, num_batches_tracked;  // undefined unless tracked

  void check_input(const Tensor& x, int channels) const;

 protected:
  // Without momentum the running values are plain averages over the batches seen.
  BatchNorm(const char* name, int min_rank, int max_rank, std::int64_t num_features, double eps,
            std::optional<double> momentum, bool affine, bool track_running_stats, DType dtype);
  int min_rank_, max_rank_;
  std::optional<double> momentum_;
  double eps_;

 private:
  const char* name_;
  std::int64_t num_features_;
};

// x [N, C] or [N, C, L].
class BatchNorm1d final : public BatchNorm {
 public:
  explicit BatchNorm1d(std::int64_t num_features, double eps = 1e-5, std::optional<double> momentum = 0.1,
                       bool affine = true, bool track_running_stats = true, DType dtype = DType::Float32)
      : BatchNorm("BatchNorm1d", 2, 3, num_features, eps, momentum, affine, track_running_stats, dtype) {}
};

// x [N, C, H, W].
class BatchNorm2d final : public BatchNorm {
 public:
  explicit BatchNorm2d(std::int64_t num_features, double eps = 1e-5, std::optional<double> momentum = 0.1,
                       bool affine = true, bool track_running_stats = true, DType dtype = DType::Float32)
      : BatchNorm("BatchNorm2d", 4, 4, num_features, eps, momentum, affine, track_running_stats, dtype) {}
};

// Over the last dimensions, of shape normalized_shape: mean 0 and variance 1, then scaled and shifted (Ba,
// Kiros and Hinton 2016). weight (ones) and bias (zeros) have normalized_shape.
class LayerNorm final : public Module {
 public:
  explicit LayerNorm(std::int64_t size) : LayerNorm(Shape{size}, 1e-5, true, true, DType::Float32) {}
  LayerNorm(const Shape& normalized_shape, double eps, bool elementwise_affine, bool with_bias, DType dtype);
  const char* type_name() const override { return "LayerNorm"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

  Tensor weight, bias;

 private:
  Shape normalized_shape_;
  double eps_;
};

// Each channel of each example to mean 0 and variance 1 (Ulyanov et al. 2016); running statistics, if tracked, are used
// in evaluation. The batch may be missing.
class InstanceNorm : public BatchNorm {
 public:
  Tensor forward(const Tensor& x) override;

 protected:
  using BatchNorm::BatchNorm;
};
// x [N, C, L] or [C, L].
class InstanceNorm1d final : public InstanceNorm {
 public:
  explicit InstanceNorm1d(std::int64_t num_features, double eps = 1e-5, std::optional<double> momentum = 0.1,
                          bool affine = false, bool track_running_stats = false, DType dtype = DType::Float32)
      : InstanceNorm("InstanceNorm1d", 2, 3, num_features, eps, momentum, affine, track_running_stats, dtype) {}
};
// x [N, C, H, W] or [C, H, W].
class InstanceNorm2d final : public InstanceNorm {
 public:
  explicit InstanceNorm2d(std::int64_t num_features, double eps = 1e-5, std::optional<double> momentum = 0.1,
                          bool affine = false, bool track_running_stats = false, DType dtype = DType::Float32)
      : InstanceNorm("InstanceNorm2d", 3, 4, num_features, eps, momentum, affine, track_running_stats, dtype) {}
};

// The channels of each of num_groups groups to mean 0 and variance 1 (Wu and He 2018). weight and bias [channels].
class GroupNorm final : public Module {
 public:
  GroupNorm(std::int64_t num_groups, std::int64_t num_channels, double eps = 1e-5, bool affine = true,
            DType dtype = DType::Float32);
  const char* type_name() const override { return "GroupNorm"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

  Tensor weight, bias;

 private:
  std::int64_t num_groups_, num_channels_;
  double eps_;
};

// By the root mean square over the last dimensions (Zhang and Sennrich 2019). eps: the dtype's own by default.
class RMSNorm final : public Module {
 public:
  explicit RMSNorm(const Shape& normalized_shape, std::optional<double> eps = {}, bool elementwise_affine = true,
                   DType dtype = DType::Float32);
  const char* type_name() const override { return "RMSNorm"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

  Tensor weight;

 private:
  Shape normalized_shape_;
  std::optional<double> eps_;
};

}  // namespace fluxion::nn
