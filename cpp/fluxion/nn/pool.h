#pragma once
// What summarises, resizes, pads or takes apart signals, x [N, C, L], and images, x [N, C, H, W]; without a batch too.

#include "fluxion/nn/module.h"
#include "fluxion/ops/arrange.h"
#include "fluxion/ops/patch.h"
#include "fluxion/ops/pool.h"

namespace fluxion::nn {

// The largest value or the mean of each window; the stride is the kernel size unless given.
class Pool : public Module {
 public:
  const char* type_name() const override { return name_; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;

 protected:
  Pool(const char* name, int spatial, bool takes_mean, const Shape& kernel_size, const Shape& stride,
       const Shape& padding, const Shape& dilation, bool ceil_mode, bool count_include_pad);

 private:
  const char* name_;
  int spatial_;
  bool takes_mean_;
  Shape kernel_size_, stride_, padding_, dilation_;
  bool ceil_mode_, count_include_pad_;
};

#define FLUXION_MAX_POOL(Class, spatial)                                                                              \
  class Class final : public Pool {                                                                                   \
   public:                                                                                                            \
    explicit Class(std::int64_t kernel_size) : Class(Shape{kernel_size}, {}, {0}, {1}, false) {}                      \
    Class(const Shape& kernel_size, const Shape& stride, const Shape& padding, const Shape& dilation, bool ceil_mode) \
        : Pool(#Class, spatial, false, kernel_size, stride, padding, dilation, ceil_mode, true) {}                    \
  };
FLUXION_MAX_POOL(MaxPool1d, 1)
FLUXION_MAX_POOL(MaxPool2d, 2)
#undef FLUXION_MAX_POOL

#define FLUXION_AVG_POOL(Class, spatial)                                                                \
  class Class final : public Pool {                                                                     \
   public:                                                                                              \
    explicit Class(std::int64_t kernel_size) : Class(Shape{kernel_size}, {}, {0}, false, true) {}       \
    Class(const Shape& kernel_size, const Shape& stride, const Shape& padding, bool ceil_mode,          \
          bool count_include_pad)                                                                       \
        : Pool(#Class, spatial, true, kernel_size, stride, padding, {1}, ceil_mode, count_include_pad) {} \
  };
FLUXION_AVG_POOL(AvgPool1d, 1)
FLUXION_AVG_POOL(AvgPool2d, 2)
#undef FLUXION_AVG_POOL

// As many windows as the result has places, spread evenly.
class AdaptivePool : public Module {
 public:
  const char* type_name() const override { return name_; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override { return op_(x, output_size_); }

 protected:
  AdaptivePool(const char* name, int spatial, Tensor (*op)(const Tensor&, const Shape&), const Shape& output_size);

 private:
  const char* name_;
  Tensor (*op_)(const Tensor&, const Shape&);
  Shape output_size_;
};

#define FLUXION_ADAPTIVE_POOL(Class, spatial, op)                                         \
  class Class final : public AdaptivePool {                                               \
   public:                                                                                \
    explicit Class(const Shape& output_size) : AdaptivePool(#Class, spatial, op, output_size) {} \
  };
FLUXION_ADAPTIVE_POOL(AdaptiveAvgPool1d, 1, adaptive_avg_pool1d)
FLUXION_ADAPTIVE_POOL(AdaptiveAvgPool2d, 2, adaptive_avg_pool2d)
FLUXION_ADAPTIVE_POOL(AdaptiveMaxPool1d, 1, adaptive_max_pool1d)
FLUXION_ADAPTIVE_POOL(AdaptiveMaxPool2d, 2, adaptive_max_pool2d)
#undef FLUXION_ADAPTIVE_POOL

// Widens an image at its edges: one number for all four, or (left, right, top, bottom).
class Pad : public Module {
 public:
  const char* type_name() const override { return name_; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override { return pad(x, padding_, mode_, value_); }

 protected:
  Pad(const char* name, PadMode mode, const Shape& padding, double value = 0);

 private:
  const char* name_;
  PadMode mode_;
  Shape padding_;
  double value_;
};

class ConstantPad2d final : public Pad {
 public:
  ConstantPad2d(const Shape& padding, double value) : Pad("ConstantPad2d", PadMode::Constant, padding, value) {}
};
class ZeroPad2d final : public Pad {
 public:
  explicit ZeroPad2d(const Shape& padding) : Pad("ZeroPad2d", PadMode::Constant, padding) {}
};
class ReflectionPad2d final : public Pad {
 public:
  explicit ReflectionPad2d(const Shape& padding) : Pad("ReflectionPad2d", PadMode::Reflect, padding) {}
};
class ReplicationPad2d final : public Pad {
 public:
  explicit ReplicationPad2d(const Shape& padding) : Pad("ReplicationPad2d", PadMode::Replicate, padding) {}
};

// Resizes to `size`, or by a factor; one of the two.
class Upsample final : public Module {
 public:
  explicit Upsample(const std::optional<Shape>& size, std::optional<double> scale_factor = {},
                    Interpolation mode = Interpolation::Nearest, bool align_corners = false);
  const char* type_name() const override { return "Upsample"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override { return interpolate(x, size_, scale_factor_, mode_, align_corners_); }

 private:
  std::optional<Shape> size_;
  std::optional<double> scale_factor_;
  Interpolation mode_;
  bool align_corners_;
};

// Every window as a column, and the way back.
class Unfold final : public Module {
 public:
  Unfold(const Shape& kernel_size, const Shape& dilation, const Shape& padding, const Shape& stride)
      : kernel_size_(kernel_size), dilation_(dilation), padding_(padding), stride_(stride) {}
  const char* type_name() const override { return "Unfold"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override { return unfold(x, kernel_size_, dilation_, padding_, stride_); }

 private:
  Shape kernel_size_, dilation_, padding_, stride_;
};
class Fold final : public Module {
 public:
  Fold(const Shape& output_size, const Shape& kernel_size, const Shape& dilation, const Shape& padding,
       const Shape& stride)
      : output_size_(output_size), kernel_size_(kernel_size), dilation_(dilation), padding_(padding), stride_(stride) {}
  const char* type_name() const override { return "Fold"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override { return fold(x, output_size_, kernel_size_, dilation_, padding_, stride_); }

 private:
  Shape output_size_, kernel_size_, dilation_, padding_, stride_;
};

}  // namespace fluxion::nn
