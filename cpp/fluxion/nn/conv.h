#pragma once
// Convolution and pooling on images: x [N, C, H, W] or [C, H, W].

#include "fluxion/nn/module.h"
#include "fluxion/ops/conv.h"
#include "fluxion/ops/pool.h"

namespace fluxion::nn {

struct ConvOptions {
  Shape stride = {1};
  Shape padding = {0};
  Shape dilation = {1};
  std::int64_t groups = 1;
  bool bias = true;
  Padding padding_mode = Padding::Explicit;
  DType dtype = DType::Float32;
};

// weight [out, in/groups, height, width], bias [out]; both start as U(−1/√f, 1/√f), f = in/groups · height ·
// width.
class Conv2d final : public Module {
 public:
  // A square kernel.
  Conv2d(std::int64_t in_channels, std::int64_t out_channels, std::int64_t kernel_size, const ConvOptions& options = {})
      : Conv2d(in_channels, out_channels, Shape{kernel_size}, options.stride, options.padding, options.dilation,
               options.groups, options.bias, options.padding_mode, options.dtype) {}
  // Sizes are one number or two (height, width).
  Conv2d(std::int64_t in_channels, std::int64_t out_channels, const Shape& kernel_size, const Shape& stride,
         const Shape& padding, const Shape& dilation, std::int64_t groups, bool with_bias, Padding padding_mode,
         DType dtype);
  const char* type_name() const override { return "Conv2d"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

  Tensor weight, bias;

 private:
  Shape stride_, padding_, dilation_;
  std::int64_t groups_;
  Padding padding_mode_;
};

// The largest value of each window; the stride is the kernel size unless given.
class MaxPool2d final : public Module {
 public:
  explicit MaxPool2d(std::int64_t kernel_size) : MaxPool2d(Shape{kernel_size}, {}, {0}, {1}, false) {}
  MaxPool2d(const Shape& kernel_size, const Shape& stride, const Shape& padding, const Shape& dilation, bool ceil_mode);
  const char* type_name() const override { return "MaxPool2d"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

 private:
  Shape kernel_size_, stride_, padding_, dilation_;
  bool ceil_mode_;
};

// The mean of each window.
class AvgPool2d final : public Module {
 public:
  explicit AvgPool2d(std::int64_t kernel_size) : AvgPool2d(Shape{kernel_size}, {}, {0}, false, true) {}
  AvgPool2d(const Shape& kernel_size, const Shape& stride, const Shape& padding, bool ceil_mode,
            bool count_include_pad);
  const char* type_name() const override { return "AvgPool2d"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

 private:
  Shape kernel_size_, stride_, padding_;
  bool ceil_mode_, count_include_pad_;
};

}  // namespace fluxion::nn
