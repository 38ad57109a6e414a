#include "fluxion/nn/conv.h"

#include <algorithm>

#include "fluxion/nn/init.h"
#include "fluxion/nn/linear.h"
#include "fluxion/nn/rows.h"

namespace fluxion::nn {

Shape spread_sizes(const char* module, const char* argument, const Shape& s, int spatial, std::int64_t least) {
  if (s.ssize() != 1 && s.ssize() != spatial)
    throw ShapeError(str(module, ": ", argument, " takes one number", spatial == 2 ? " or two (height, width)" : "",
                         ", not ", s));
  Shape out = s;
  while (out.ssize() < spatial) out.push_back(s[0]);
  for (const std::int64_t v : out) check_at_least(module, argument, v, least);
  return out;
}

std::string tuple_text(const Shape& s) {
  std::string out = "(";
  for (int i = 0; i < s.ssize(); ++i) out += str(i > 0 ? ", " : "", s[i]);
  return out + (s.ssize() == 1 ? ",)" : ")");
}

Conv::Conv(const char* name, int spatial, bool transposed, std::int64_t in_channels, std::int64_t out_channels,
           const Shape& kernel_size, const Shape& output_padding, const ConvOptions& options)
    : name_(name),
      spatial_(spatial),
      transposed_(transposed),
      stride_(spread_sizes(name, "stride", options.stride, spatial, 1)),
      padding_(spread_sizes(name, "padding", options.padding, spatial, 0)),
      dilation_(spread_sizes(name, "dilation", options.dilation, spatial, 1)),
      output_padding_(spread_sizes(name, "outputPadding", output_padding, spatial, 0)),
      groups_(options.groups),
      padding_mode_(options.padding_mode) {
  const Shape kernel = spread_sizes(name, "kernelSize", kernel_size, spatial, 1);
  check_at_least(name, "inChannels", in_channels, 1);
  check_at_least(name, "outChannels", out_channels, 1);
  check_at_least(name, "groups", groups_, 1);
  check_float_dtype(name, options.dtype);
  if (in_channels % groups_ != 0 || out_channels % groups_ != 0)
    throw ShapeError(str(name, ": groups (", groups_, ") must divide inChannels (", in_channels, ") and outChannels (",
                         out_channels, ")"));
  if (padding_mode_ == Padding::Same && std::any_of(stride_.begin(), stride_.end(), [](auto s) { return s != 1; }))
    throw ShapeError(str(name, ": padding 'same' needs stride 1, it is ", stride_));
  Shape shape{transposed ? in_channels : out_channels, (transposed ? out_channels : in_channels) / groups_};
  for (const std::int64_t k : kernel) shape.push_back(k);
  weight = Tensor::empty(shape, options.dtype);
  if (options.bias) bias = Tensor::empty({out_channels}, options.dtype);
  init::linear_default_(weight, bias);
  register_parameter("weight", weight);
  register_parameter("bias", bias);
}

std::string Conv::extra_repr() const {
  const std::int64_t first = weight.size(0), second = weight.size(1) * groups_;
  const Shape kernel(weight.shape().begin() + 2, weight.shape().end());
  std::string out = str(transposed_ ? first : second, ", ", transposed_ ? second : first,
                        ", kernel_size=", tuple_text(kernel), ", stride=", tuple_text(stride_));
  const auto add = [&](const char* what, const Shape& s, std::int64_t usual) {
    for (const std::int64_t v : s)
      if (v != usual) {
        out += str(", ", what, "=", tuple_text(s));
        return;
      }
  };
  if (padding_mode_ != Padding::Explicit)
    out += str(", padding=", padding_mode_ == Padding::Same ? "same" : "valid");
  else
    add("padding", padding_, 0);
  add("dilation", dilation_, 1);
  add("output_padding", output_padding_, 0);
  if (groups_ != 1) out += str(", groups=", groups_);
  return bias.defined() ? out : out + ", bias=False";
}

Tensor Conv::forward(const Tensor& x) {
  if (transposed_)
    return (spatial_ == 1 ? conv_transpose1d : conv_transpose2d)(x, weight, maybe(bias), stride_, padding_,
                                                                 output_padding_, groups_, dilation_);
  return (spatial_ == 1 ? conv1d : conv2d)(x, weight, maybe(bias), stride_, padding_, dilation_, groups_,
                                           padding_mode_);
}

std::vector<ModuleRow> conv_module_rows() {
  using Int = std::int64_t;
  const std::string page = "https://pytorch.org/docs/stable/generated/torch.nn.";
  const std::string errors = "ShapeError when groups do not divide the channels, or 'same' meets a stride";
  const std::initializer_list<std::string_view> args = {
      "inChannels",  "outChannels",   "kernelSize", "*stride=[1]", "*padding=[0]", "*paddingMode=\"explicit\"",
      "*dilation=[1]", "*groups=1", "*bias=true",   "*dtype=\"float32\""};
  const std::initializer_list<std::string_view> transposed_args = {
      "inChannels", "outChannels",       "kernelSize", "*stride=[1]",   "*padding=[0]",
      "*outputPadding=[0]", "*groups=1", "*bias=true", "*dilation=[1]", "*dtype=\"float32\""};
  const std::string init = "weight and bias uniform in ±1/√f, f = inChannels/groups · the kernel's size";
  const std::string transposed_init = "weight and bias uniform in ±1/√f, f = outChannels/groups · the kernel's size";
  return {
      module<Conv1d(Int, Int, Shape, Shape, Shape, Padding, Shape, Int, bool, DType)>("Conv1d", args)
          .doc("Slides learnt kernels over signals. padding 'same' keeps the length (stride 1), 'valid' pads nothing.")
          .formula("yₒ = bₒ + Σ꜀ wₒ꜀ ⋆ x꜀")
          .shapes("[N, inChannels, L] or [inChannels, L] to [N, outChannels, L′]; weight [outChannels, "
                  "inChannels/groups, kernelSize], bias [outChannels]")
          .init(init)
          .errors(errors)
          .source(page + "Conv1d.html")
          .fields({"weight", "bias"})
          .example("new nn.Conv1d(1, 8, 3).forward(zeros([2, 1, 28])).shape", "[2, 8, 26]")
          .sample("inChannels=1 outChannels=3 kernelSize=3", "[2,1,7]", "nn.Conv1d(1, 3, 3)")
          .sample("inChannels=2 outChannels=4 kernelSize=4 paddingMode=same bias=false", "[2,7]",
                  "nn.Conv1d(2, 4, 4, padding='same', bias=False)")
          .sample("inChannels=4 outChannels=6 kernelSize=3 stride=[2] padding=[1] dilation=[2] groups=2", "[3,4,9]",
                  "nn.Conv1d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2)"),
      module<Conv2d(Int, Int, Shape, Shape, Shape, Padding, Shape, Int, bool, DType)>("Conv2d", args)
          .doc("Slides learnt kernels over images. Sizes are one number or [height, width]; padding 'same' keeps "
               "height and width (stride 1), 'valid' pads nothing.")
          .formula("yₒ = bₒ + Σ꜀ wₒ꜀ ⋆ x꜀")
          .shapes("[N, inChannels, H, W] or [inChannels, H, W] to [N, outChannels, H′, W′]; weight [outChannels, "
                  "inChannels/groups, height, width], bias [outChannels]")
          .init(init)
          .errors(errors)
          .source(page + "Conv2d.html")
          .fields({"weight", "bias"})
          .example("new nn.Conv2d(1, 8, 3).forward(zeros([2, 1, 28, 28])).shape", "[2, 8, 26, 26]")
          .sample("inChannels=1 outChannels=3 kernelSize=3", "[2,1,7,5]", "nn.Conv2d(1, 3, 3)")
          .sample("inChannels=2 outChannels=4 kernelSize=3 paddingMode=same", "[2,2,6,7]",
                  "nn.Conv2d(2, 4, 3, padding='same')")
          .sample("inChannels=2 outChannels=3 kernelSize=[2,4] paddingMode=same bias=false", "[2,5,7]",
                  "nn.Conv2d(2, 3, (2, 4), padding='same', bias=False)")
          .sample("inChannels=4 outChannels=6 kernelSize=[3,2] stride=[2,1] padding=[1,2] dilation=[1,2] groups=2",
                  "[3,4,8,9]", "nn.Conv2d(4, 6, (3, 2), stride=(2, 1), padding=(1, 2), dilation=(1, 2), groups=2)"),
      module<ConvTranspose1d(Int, Int, Shape, Shape, Shape, Shape, Int, bool, Shape, DType)>("ConvTranspose1d",
                                                                                            transposed_args)
          .doc("The transpose of a convolution of signals: its gradient as a layer, which makes them longer. "
               "outputPadding lengthens the result at its end.")
          .formula("L′ = (L − 1)·stride − 2·padding + dilation·(kernelSize − 1) + outputPadding + 1")
          .shapes("[N, inChannels, L] or [inChannels, L] to [N, outChannels, L′]; weight [inChannels, "
                  "outChannels/groups, kernelSize], bias [outChannels]")
          .init(transposed_init)
          .errors("ShapeError when groups do not divide the channels; FluxionError when outputPadding is not below "
                  "stride or dilation")
          .source(page + "ConvTranspose1d.html")
          .fields({"weight", "bias"})
          .example("new nn.ConvTranspose1d(8, 1, 2, { stride: 2 }).forward(zeros([2, 8, 14])).shape", "[2, 1, 28]")
          .sample("inChannels=2 outChannels=3 kernelSize=3", "[2,2,5]", "nn.ConvTranspose1d(2, 3, 3)")
          .sample("inChannels=4 outChannels=2 kernelSize=3 stride=[2] padding=[1] outputPadding=[1] groups=2 "
                  "bias=false",
                  "[4,5]",
                  "nn.ConvTranspose1d(4, 2, 3, stride=2, padding=1, output_padding=1, groups=2, bias=False)"),
      module<ConvTranspose2d(Int, Int, Shape, Shape, Shape, Shape, Int, bool, Shape, DType)>("ConvTranspose2d",
                                                                                            transposed_args)
          .doc("The transpose of a convolution of images: its gradient as a layer, which makes them larger. "
               "outputPadding lengthens the result at its end.")
          .formula("H′ = (H − 1)·stride − 2·padding + dilation·(kernelSize − 1) + outputPadding + 1")
          .shapes("[N, inChannels, H, W] or [inChannels, H, W] to [N, outChannels, H′, W′]; weight [inChannels, "
                  "outChannels/groups, height, width], bias [outChannels]")
          .init(transposed_init)
          .errors("ShapeError when groups do not divide the channels; FluxionError when outputPadding is not below "
                  "stride or dilation")
          .source(page + "ConvTranspose2d.html")
          .fields({"weight", "bias"})
          .example("new nn.ConvTranspose2d(8, 1, 2, { stride: 2 }).forward(zeros([2, 8, 7, 7])).shape",
                   "[2, 1, 14, 14]")
          .sample("inChannels=2 outChannels=3 kernelSize=3", "[2,2,4,5]", "nn.ConvTranspose2d(2, 3, 3)")
          .sample("inChannels=4 outChannels=6 kernelSize=[3,2] stride=[2,3] padding=[1,0] outputPadding=[1,0] groups=2 "
                  "dilation=[1,2]",
                  "[2,4,3,4]",
                  "nn.ConvTranspose2d(4, 6, (3, 2), stride=(2, 3), padding=(1, 0), output_padding=(1, 0), groups=2, "
                  "dilation=(1, 2))"),
  };
}

}  // namespace fluxion::nn
