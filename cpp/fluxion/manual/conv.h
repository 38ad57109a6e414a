#pragma once
// Convolution, pooling and what leads from images to rows.

#include "fluxion/manual/layer.h"

namespace fluxion::manual {

struct Conv2dOptions {
  std::int64_t stride = 1;
  std::int64_t padding = 0;  // zeros on each side
  Activation activation = Activation::Linear;
};

// x [N, C, H, W] to y = f(W ⋆ x + b) [N, channels, H', W'], H' = ⌊(H + 2·padding − kernel)/stride⌋ + 1. W [channels, C,
// kernel, kernel] and b [channels] start uniform in ±1/√(C·kernel²), with the draws of nn::Conv2d.
class Conv2d : public ActivatedLayer {
 public:
  Conv2d(std::int64_t channels, std::int64_t kernel, const Conv2dOptions& options = {});
  const char* type_name() const override { return "Conv2d"; }
  Shape output_shape(const Shape& input) const override;
  void forward() override;
  void backward() override;

  Tensor W, b, dW, db;

 private:
  void build() override;
  std::int64_t channels_, kernel_;
  kernels::ConvParams params_;
};

struct PoolOptions {
  std::int64_t stride = 0;  // 0: the kernel's size, windows side by side
  std::int64_t padding = 0;
};

// x [N, C, H, W] to [N, C, H', W'], a window of kernel × kernel at a time.
class Pool2d : public Layer {
 public:
  Shape output_shape(const Shape& input) const override;

 protected:
  Pool2d(const char* type, std::int64_t kernel, const PoolOptions& options);
  kernels::PoolParams params_;
};

// The largest of each window; padding never wins. `index` keeps where it lay, as row·W + column.
class MaxPool2d : public Pool2d {
 public:
  explicit MaxPool2d(std::int64_t kernel, const PoolOptions& options = {}) : Pool2d("MaxPool2d", kernel, options) {}
  const char* type_name() const override { return "MaxPool2d"; }
  void forward() override;
  void backward() override;

  Tensor index;

 private:
  void build() override { make_indices(index, "index", y.shape()); }
};

// The mean of each window; padding counts as zeros.
class AvgPool2d : public Pool2d {
 public:
  explicit AvgPool2d(std::int64_t kernel, const PoolOptions& options = {}) : Pool2d("AvgPool2d", kernel, options) {}
  const char* type_name() const override { return "AvgPool2d"; }
  void forward() override;
  void backward() override;
};

// x [N, …] to [N, product of the rest]: the same numbers.
class Flatten : public Layer {
 public:
  const char* type_name() const override { return "Flatten"; }
  Shape output_shape(const Shape& input) const override;
  void forward() override;
  void backward() override;
};

}  // namespace fluxion::manual
