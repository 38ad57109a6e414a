#pragma once
// Normalisation layers.

#include "fluxion/nn/module.h"

namespace fluxion::nn {

// Each channel (dimension 1) to mean 0 and variance 1 over everything else, then scaled and shifted (Ioffe
// and Szegedy 2015). Training uses the batch's statistics and updates the running ones; evaluation uses the
// running ones. Buffers running_mean [C], running_var [C], num_batches_tracked [] (int32).
class BatchNorm : public Module {
 public:
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

  Tensor weight, bias;                                    // undefined unless affine
  Tensor running_mean, running_var, num_batches_tracked;  // undefined unless tracked

 protected:
  // Without momentum the running values are plain averages over the batches seen.
  BatchNorm(const char* name, int min_rank, int max_rank, std::int64_t num_features, double eps,
            std::optional<double> momentum, bool affine, bool track_running_stats, DType dtype);

 private:
  const char* name_;
  int min_rank_, max_rank_;
  std::int64_t num_features_;
  double eps_;
  std::optional<double> momentum_;
};

// x [N, C] or [N, C, L].
class BatchNorm1d final : public BatchNorm {
 public:
  explicit BatchNorm1d(std::int64_t num_features, double eps = 1e-5, std::optional<double> momentum = 0.1,
                       bool affine = true, bool track_running_stats = true, DType dtype = DType::Float32)
      : BatchNorm("BatchNorm1d", 2, 3, num_features, eps, momentum, affine, track_running_stats, dtype) {}
  const char* type_name() const override { return "BatchNorm1d"; }
};

// x [N, C, H, W].
class BatchNorm2d final : public BatchNorm {
 public:
  explicit BatchNorm2d(std::int64_t num_features, double eps = 1e-5, std::optional<double> momentum = 0.1,
                       bool affine = true, bool track_running_stats = true, DType dtype = DType::Float32)
      : BatchNorm("BatchNorm2d", 4, 4, num_features, eps, momentum, affine, track_running_stats, dtype) {}
  const char* type_name() const override { return "BatchNorm2d"; }
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

}  // namespace fluxion::nn
