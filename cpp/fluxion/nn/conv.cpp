#include "fluxion/nn/conv.h"

#include "fluxion/nn/init.h"
#include "fluxion/nn/linear.h"
#include "fluxion/nn/rows.h"

namespace fluxion::nn {
namespace {

// One number for both directions, or (height, width).
Shape pair_of(const char* module, const char* argument, const Shape& s, std::int64_t least) {
  if (s.ssize() != 1 && s.ssize() != 2)
    throw ShapeError(str(module, ": ", argument, " takes one number or two (height, width), not ", s));
  const Shape pair{s[0], s.back()};
  for (const std::int64_t v : pair) check_at_least(module, argument, v, least);
  return pair;
}

// As PyTorch prints a tuple.
std::string tuple(const Shape& s) { return str("(", s[0], ", ", s[1], ")"); }

}  // namespace

Conv2d::Conv2d(std::int64_t in_channels, std::int64_t out_channels, const Shape& kernel_size, const Shape& stride,
               const Shape& padding, const Shape& dilation, std::int64_t groups, bool with_bias, Padding padding_mode,
               DType dtype)
    : stride_(pair_of("Conv2d", "stride", stride, 1)),
      padding_(pair_of("Conv2d", "padding", padding, 0)),
      dilation_(pair_of("Conv2d", "dilation", dilation, 1)),
      groups_(groups),
      padding_mode_(padding_mode) {
  const Shape kernel = pair_of("Conv2d", "kernelSize", kernel_size, 1);
  check_at_least("Conv2d", "inChannels", in_channels, 1);
  check_at_least("Conv2d", "outChannels", out_channels, 1);
  check_at_least("Conv2d", "groups", groups, 1);
  check_float_dtype("Conv2d", dtype);
  if (in_channels % groups != 0 || out_channels % groups != 0)
    throw ShapeError(str("Conv2d: groups (", groups, ") must divide inChannels (", in_channels, ") and outChannels (",
                         out_channels, ")"));
  if (padding_mode == Padding::Same && (stride_[0] != 1 || stride_[1] != 1))
    throw ShapeError(str("Conv2d: padding 'same' needs stride 1, it is ", stride_));
  weight = Tensor::empty({out_channels, in_channels / groups, kernel[0], kernel[1]}, dtype);
  if (with_bias) bias = Tensor::empty({out_channels}, dtype);
  init::linear_default_(weight, bias);
  register_parameter("weight", weight);
  register_parameter("bias", bias);
}

std::string Conv2d::extra_repr() const {
  std::string out = str(weight.size(1) * groups_, ", ", weight.size(0), ", kernel_size=(", weight.size(2), ", ",
                        weight.size(3), "), stride=", tuple(stride_));
  if (padding_mode_ != Padding::Explicit)
    out += str(", padding=", padding_mode_ == Padding::Same ? "same" : "valid");
  else if (padding_[0] != 0 || padding_[1] != 0)
    out += ", padding=" + tuple(padding_);
  if (dilation_[0] != 1 || dilation_[1] != 1) out += ", dilation=" + tuple(dilation_);
  if (groups_ != 1) out += str(", groups=", groups_);
  return bias.defined() ? out : out + ", bias=False";
}

Tensor Conv2d::forward(const Tensor& x) {
  return conv2d(x, weight, maybe(bias), stride_, padding_, dilation_, groups_, padding_mode_);
}

MaxPool2d::MaxPool2d(const Shape& kernel_size, const Shape& stride, const Shape& padding, const Shape& dilation,
                     bool ceil_mode)
    : kernel_size_(pair_of("MaxPool2d", "kernelSize", kernel_size, 1)),
      stride_(stride.empty() ? kernel_size_ : pair_of("MaxPool2d", "stride", stride, 1)),
      padding_(pair_of("MaxPool2d", "padding", padding, 0)),
      dilation_(pair_of("MaxPool2d", "dilation", dilation, 1)),
      ceil_mode_(ceil_mode) {}

std::string MaxPool2d::extra_repr() const {
  return str("kernel_size=", tuple(kernel_size_), ", stride=", tuple(stride_), ", padding=", tuple(padding_),
             ", dilation=", tuple(dilation_), ", ceil_mode=", python_bool(ceil_mode_));
}

Tensor MaxPool2d::forward(const Tensor& x) {
  return max_pool2d(x, kernel_size_, stride_, padding_, dilation_, ceil_mode_);
}

AvgPool2d::AvgPool2d(const Shape& kernel_size, const Shape& stride, const Shape& padding, bool ceil_mode,
                     bool count_include_pad)
    : kernel_size_(pair_of("AvgPool2d", "kernelSize", kernel_size, 1)),
      stride_(stride.empty() ? kernel_size_ : pair_of("AvgPool2d", "stride", stride, 1)),
      padding_(pair_of("AvgPool2d", "padding", padding, 0)),
      ceil_mode_(ceil_mode),
      count_include_pad_(count_include_pad) {}

std::string AvgPool2d::extra_repr() const {
  return str("kernel_size=", tuple(kernel_size_), ", stride=", tuple(stride_), ", padding=", tuple(padding_));
}

Tensor AvgPool2d::forward(const Tensor& x) {
  return avg_pool2d(x, kernel_size_, stride_, padding_, ceil_mode_, count_include_pad_);
}

std::vector<ModuleRow> conv_module_rows() {
  return {
      module<Conv2d(std::int64_t, std::int64_t, Shape, Shape, Shape, Shape, std::int64_t, bool, Padding, DType)>(
          "Conv2d", {"inChannels", "outChannels", "kernelSize", "*stride=[1]", "*padding=[0]", "*dilation=[1]",
                     "*groups=1", "*bias=true", "*paddingMode=\"explicit\"", "*dtype=\"float32\""})
          .doc("Slides learnt kernels over images. Sizes are one number or [height, width]; padding "
               "'same' keeps "
               "height and width (stride 1), 'valid' pads nothing.")
          .formula("yₒ = bₒ + Σ꜀ wₒ꜀ ⋆ x꜀")
          .shapes("[N, inChannels, H, W] or [inChannels, H, W] to [N, outChannels, H′, W′]; weight [outChannels, "
                  "inChannels/groups, height, width], bias [outChannels]")
          .init("weight and bias uniform in ±1/√f, f = inChannels/groups · height · width")
          .errors("ShapeError when groups do not divide the channels, or 'same' meets a stride")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html")
          .fields({"weight", "bias"})
          .example("new nn.Conv2d(1, 8, 3).forward(zeros([2, 1, 28, 28])).shape", "[2, 8, 26, 26]")
          .sample("inChannels=1 outChannels=3 kernelSize=3", "[2,1,7,5]", "nn.Conv2d(1, 3, 3)")
          .sample("inChannels=2 outChannels=4 kernelSize=3 paddingMode=same", "[2,2,6,7]",
                  "nn.Conv2d(2, 4, 3, padding='same')")
          .sample("inChannels=2 outChannels=3 kernelSize=[2,4] paddingMode=same bias=false", "[2,5,7]",
                  "nn.Conv2d(2, 3, (2, 4), padding='same', bias=False)")
          .sample("inChannels=4 outChannels=6 kernelSize=[3,2] stride=[2,1] padding=[1,2] dilation=[1,2] "
                  "groups=2",
                  "[3,4,8,9]", "nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2)"),
      module<MaxPool2d(Shape, Shape, Shape, Shape, bool)>(
          "MaxPool2d", {"kernelSize", "*stride=[]", "*padding=[0]", "*dilation=[1]", "*ceilMode=false"})
          .doc("The largest value of each window; the stride is the kernel size unless given.")
          .shapes("[N, C, H, W] or [C, H, W] to [N, C, H′, W′]")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html")
          .example("new nn.MaxPool2d(2).forward(zeros([1, 8, 28, 28])).shape", "[1, 8, 14, 14]")
          .sample("kernelSize=2", "[2,3,6,7]", "nn.MaxPool2d(2)")
          .sample("kernelSize=[3,2] stride=[2,1] padding=[1,0]", "[2,6,7]",
                  "nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0))")
          .sample("kernelSize=2 dilation=[2] ceilMode=true", "[1,2,7,7]",
                  "nn.MaxPool2d(2, dilation=2, ceil_mode=True)"),
      module<AvgPool2d(Shape, Shape, Shape, bool, bool)>(
          "AvgPool2d", {"kernelSize", "*stride=[]", "*padding=[0]", "*ceilMode=false", "*countIncludePad=true"})
          .doc("The mean of each window; the stride is the kernel size unless given.")
          .shapes("[N, C, H, W] or [C, H, W] to [N, C, H′, W′]")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html")
          .example("new nn.AvgPool2d(2).forward(ones([1, 1, 2, 2])).toArray()", "[[[[1]]]]")
          .sample("kernelSize=2", "[2,3,6,7]", "nn.AvgPool2d(2)")
          .sample("kernelSize=3 stride=[2] padding=[1] countIncludePad=false", "[2,2,7,7]",
                  "nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False)"),
  };
}

}  // namespace fluxion::nn
