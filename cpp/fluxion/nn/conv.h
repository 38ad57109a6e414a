#pragma once
// Convolution of signals, x [N, C, L] or [C, L], and of images, x [N, C, H, W] or [C, H, W], and its transpose.

#include "fluxion/nn/module.h"
#include "fluxion/ops/conv.h"

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

// What the four share. weight [out, in/groups, kernel…], transposed [in, out/groups, kernel…], and bias [out]; both
// start as U(−1/√f, 1/√f), f = weight.size(1) · the kernel's size. Sizes are one number or one for each direction.
class Conv : public Module {
 public:
  const char* type_name() const override { return name_; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

  Tensor weight, bias;

 protected:
  Conv(const char* name, int spatial, bool transposed, std::int64_t in_channels, std::int64_t out_channels,
       const Shape& kernel_size, const Shape& output_padding, const ConvOptions& options);

 private:
  const char* name_;
  int spatial_;
  bool transposed_;
  Shape stride_, padding_, dilation_, output_padding_;
  std::int64_t groups_;
  Padding padding_mode_;
};

class Conv1d final : public Conv {
 public:
  Conv1d(std::int64_t in_channels, std::int64_t out_channels, std::int64_t kernel_size, const ConvOptions& options = {})
      : Conv("Conv1d", 1, false, in_channels, out_channels, {kernel_size}, {0}, options) {}
  Conv1d(std::int64_t in_channels, std::int64_t out_channels, const Shape& kernel_size, const Shape& stride,
         const Shape& padding, Padding padding_mode, const Shape& dilation, std::int64_t groups, bool with_bias,
         DType dtype)
      : Conv("Conv1d", 1, false, in_channels, out_channels, kernel_size, {0},
             {stride, padding, dilation, groups, with_bias, padding_mode, dtype}) {}
};

class Conv2d final : public Conv {
 public:
  Conv2d(std::int64_t in_channels, std::int64_t out_channels, std::int64_t kernel_size, const ConvOptions& options = {})
      : Conv("Conv2d", 2, false, in_channels, out_channels, {kernel_size}, {0}, options) {}
  Conv2d(std::int64_t in_channels, std::int64_t out_channels, const Shape& kernel_size, const Shape& stride,
         const Shape& padding, Padding padding_mode, const Shape& dilation, std::int64_t groups, bool with_bias,
         DType dtype)
      : Conv("Conv2d", 2, false, in_channels, out_channels, kernel_size, {0},
             {stride, padding, dilation, groups, with_bias, padding_mode, dtype}) {}
};

class ConvTranspose1d final : public Conv {
 public:
  ConvTranspose1d(std::int64_t in_channels, std::int64_t out_channels, const Shape& kernel_size, const Shape& stride,
                  const Shape& padding, const Shape& output_padding, std::int64_t groups, bool with_bias,
                  const Shape& dilation, DType dtype)
      : Conv("ConvTranspose1d", 1, true, in_channels, out_channels, kernel_size, output_padding,
             {stride, padding, dilation, groups, with_bias, Padding::Explicit, dtype}) {}
};

class ConvTranspose2d final : public Conv {
 public:
  ConvTranspose2d(std::int64_t in_channels, std::int64_t out_channels, const Shape& kernel_size, const Shape& stride,
                  const Shape& padding, const Shape& output_padding, std::int64_t groups, bool with_bias,
                  const Shape& dilation, DType dtype)
      : Conv("ConvTranspose2d", 2, true, in_channels, out_channels, kernel_size, output_padding,
             {stride, padding, dilation, groups, with_bias, Padding::Explicit, dtype}) {}
};

// One number for every direction, or `spatial` of them; each at least `least`. Gives `spatial` numbers.
Shape spread_sizes(const char* module, const char* argument, const Shape& s, int spatial, std::int64_t least);
// As PyTorch prints a tuple: "(3, 3)", "(3,)".
std::string tuple_text(const Shape& s);

}  // namespace fluxion::nn
