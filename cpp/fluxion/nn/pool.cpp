#include "fluxion/nn/pool.h"

#include "fluxion/nn/conv.h"
#include "fluxion/nn/linear.h"
#include "fluxion/nn/rows.h"

namespace fluxion::nn {
namespace {

// A size as it was given: 2 or (2, 3).
std::string as_given(const Shape& s) { return s.ssize() == 1 ? str(s[0]) : tuple_text(s); }

}  // namespace

Pool::Pool(const char* name, int spatial, bool takes_mean, const Shape& kernel_size, const Shape& stride,
           const Shape& padding, const Shape& dilation, bool ceil_mode, bool count_include_pad)
    : name_(name),
      spatial_(spatial),
      takes_mean_(takes_mean),
      kernel_size_(kernel_size),
      stride_(stride.empty() ? kernel_size : stride),
      padding_(padding),
      dilation_(dilation),
      ceil_mode_(ceil_mode),
      count_include_pad_(count_include_pad) {
  spread_sizes(name, "kernelSize", kernel_size_, spatial, 1);
  spread_sizes(name, "stride", stride_, spatial, 1);
  spread_sizes(name, "padding", padding_, spatial, 0);
  spread_sizes(name, "dilation", dilation_, spatial, 1);
}

std::string Pool::extra_repr() const {
  // As in PyTorch, whose AvgPool1d alone makes tuples of its sizes.
  const auto text = spatial_ == 1 && takes_mean_ ? tuple_text : as_given;
  const std::string out =
      str("kernel_size=", text(kernel_size_), ", stride=", text(stride_), ", padding=", text(padding_));
  return takes_mean_ ? out : str(out, ", dilation=", text(dilation_), ", ceil_mode=", python_bool(ceil_mode_));
}

Tensor Pool::forward(const Tensor& x) {
  if (takes_mean_)
    return (spatial_ == 1 ? avg_pool1d : avg_pool2d)(x, kernel_size_, stride_, padding_, ceil_mode_,
                                                     count_include_pad_);
  return (spatial_ == 1 ? max_pool1d : max_pool2d)(x, kernel_size_, stride_, padding_, dilation_, ceil_mode_);
}

AdaptivePool::AdaptivePool(const char* name, int spatial, Tensor (*op)(const Tensor&, const Shape&),
                           const Shape& output_size)
    : name_(name), op_(op), output_size_(output_size) {
  spread_sizes(name, "outputSize", output_size, spatial, 1);
}

std::string AdaptivePool::extra_repr() const { return "output_size=" + as_given(output_size_); }

Pad::Pad(const char* name, PadMode mode, const Shape& padding, double value)
    : name_(name), mode_(mode), padding_(padding.ssize() == 1 ? Shape(4, padding[0]) : padding), value_(value) {
  if (padding_.ssize() != 4)
    throw ShapeError(str(name, ": padding takes one number or four (left, right, top, bottom), not ", padding));
}

std::string Pad::extra_repr() const {
  const std::string sizes = tuple_text(padding_);
  return name_[0] == 'C' ? str("padding=", sizes, ", value=", value_) : sizes;
}

Upsample::Upsample(const std::optional<Shape>& size, std::optional<double> scale_factor, Interpolation mode,
                   bool align_corners)
    : size_(size), scale_factor_(scale_factor), mode_(mode), align_corners_(align_corners) {
  if (size.has_value() == scale_factor.has_value()) throw FluxionError("Upsample: give either size or scaleFactor");
}

std::string Upsample::extra_repr() const {
  return str(size_ ? "size=" + as_given(*size_) : "scale_factor=" + python_float(*scale_factor_),
             ", mode=", choice_names(mode_)[static_cast<std::size_t>(mode_)]);
}

std::string Unfold::extra_repr() const {
  return str("kernel_size=", as_given(kernel_size_), ", dilation=", as_given(dilation_),
             ", padding=", as_given(padding_), ", stride=", as_given(stride_));
}

std::string Fold::extra_repr() const {
  return str("output_size=", as_given(output_size_), ", kernel_size=", as_given(kernel_size_),
             ", dilation=", as_given(dilation_), ", padding=", as_given(padding_), ", stride=", as_given(stride_));
}

std::vector<ModuleRow> pool_module_rows() {
  std::vector<ModuleRow> rows;
  const auto add = [&](ModuleRow row) {
    rows.push_back(row.source(str("https://pytorch.org/docs/stable/generated/torch.nn.", row.name, ".html")));
  };
  const std::initializer_list<std::string_view> max_args = {"kernelSize", "*stride=[]", "*padding=[0]",
                                                            "*dilation=[1]", "*ceilMode=false"};
  const std::initializer_list<std::string_view> avg_args = {"kernelSize", "*stride=[]", "*padding=[0]",
                                                            "*ceilMode=false", "*countIncludePad=true"};
  const std::string largest = "The largest value of each window; the stride is the kernel size unless given.";
  const std::string average = "The mean of each window; the stride is the kernel size unless given.";
  const std::string line = "[N, C, L] or [C, L] to [N, C, L′]", image = "[N, C, H, W] or [C, H, W] to [N, C, H′, W′]";
  const std::string errors = "ShapeError when a size is too small or there are too many";
  add(module<MaxPool1d(Shape, Shape, Shape, Shape, bool)>("MaxPool1d", max_args)
          .doc(largest).shapes(line).errors(errors)
          .example("new nn.MaxPool1d(2).forward(tensor([[[1, 3, 2, 4]]])).toArray()", "[[[3, 4]]]")
          .sample("kernelSize=2", "[2,3,7]", "nn.MaxPool1d(2)")
          .sample("kernelSize=3 stride=[2] padding=[1] dilation=[2] ceilMode=true", "[2,8]",
                  "nn.MaxPool1d(3, stride=2, padding=1, dilation=2, ceil_mode=True)"));
  add(module<MaxPool2d(Shape, Shape, Shape, Shape, bool)>("MaxPool2d", max_args)
          .doc(largest).shapes(image).errors(errors)
          .example("new nn.MaxPool2d(2).forward(zeros([1, 8, 28, 28])).shape", "[1, 8, 14, 14]")
          .sample("kernelSize=2", "[2,3,6,7]", "nn.MaxPool2d(2)")
          .sample("kernelSize=[3,2] stride=[2,1] padding=[1,0]", "[2,6,7]",
                  "nn.MaxPool2d((3, 2), stride=(2, 1), padding=(1, 0))")
          .sample("kernelSize=2 dilation=[2] ceilMode=true", "[1,2,7,7]",
                  "nn.MaxPool2d(2, dilation=2, ceil_mode=True)"));
  add(module<AvgPool1d(Shape, Shape, Shape, bool, bool)>("AvgPool1d", avg_args)
          .doc(average).shapes(line).errors(errors)
          .example("new nn.AvgPool1d(2).forward(tensor([[[1, 3, 2, 4]]])).toArray()", "[[[2, 3]]]")
          .sample("kernelSize=2", "[2,3,7]", "nn.AvgPool1d(2)")
          .sample("kernelSize=3 stride=[2] padding=[1] ceilMode=true countIncludePad=false", "[2,8]",
                  "nn.AvgPool1d(3, stride=2, padding=1, ceil_mode=True, count_include_pad=False)"));
  add(module<AvgPool2d(Shape, Shape, Shape, bool, bool)>("AvgPool2d", avg_args)
          .doc(average).shapes(image).errors(errors)
          .example("new nn.AvgPool2d(2).forward(ones([1, 1, 2, 2])).toArray()", "[[[[1]]]]")
          .sample("kernelSize=2", "[2,3,6,7]", "nn.AvgPool2d(2)")
          .sample("kernelSize=3 stride=[2] padding=[1] countIncludePad=false", "[2,2,7,7]",
                  "nn.AvgPool2d(3, stride=2, padding=1, count_include_pad=False)"));

  const auto adaptive = [&](ModuleRow row, bool mean, bool one) {
    const char* sizes = one ? "[1, 1, 3]" : "[1, 1, 3, 3]";
    add(row.doc(mean ? "The mean of each window, with as many windows as outputSize says, spread evenly."
                     : "The largest value of each window, with as many windows as outputSize says, spread evenly.")
            .shapes(one ? "[N, C, L] or [C, L] to [N, C, outputSize]"
                        : "[N, C, H, W] or [C, H, W] to [N, C, height, width]; outputSize is one number or two")
            .errors(errors)
            .example(str("new nn.", row.name, "(1).forward(ones(", sizes, ")).flatten().toArray()"), "[1]")
            .sample("outputSize=3", one ? "[2,3,7]" : "[2,3,7,5]", str("nn.", row.name, "(3)"))
            .sample(one ? "outputSize=4" : "outputSize=[1,2]", one ? "[2,5]" : "[2,6,7]",
                    str("nn.", row.name, one ? "(4)" : "((1, 2))")));
  };
  adaptive(module<AdaptiveAvgPool1d(Shape)>("AdaptiveAvgPool1d", {"outputSize"}), true, true);
  adaptive(module<AdaptiveAvgPool2d(Shape)>("AdaptiveAvgPool2d", {"outputSize"}), true, false);
  adaptive(module<AdaptiveMaxPool1d(Shape)>("AdaptiveMaxPool1d", {"outputSize"}), false, true);
  adaptive(module<AdaptiveMaxPool2d(Shape)>("AdaptiveMaxPool2d", {"outputSize"}), false, false);

  const auto padded = [&](ModuleRow row, const char* what, const char* arguments, const char* value) {
    add(row.doc(str("Widens images at their edges by ", what,
                    ": by one number, or by four for left, right, top and bottom."))
            .shapes("[N, C, H, W] or [C, H, W] to [N, C, H + top + bottom, W + left + right]")
            .errors("ShapeError when there are neither one nor four numbers")
            .example(str("new nn.", row.name, "(1", value, ").forward(ones([1, 2, 2])).shape"), "[1, 4, 4]")
            .sample(str("padding=[2,1,0,3]", arguments), "[2,2,4,5]", str("nn.", row.name, "((2, 1, 0, 3)", value, ")"))
            .sample(str("padding=1", arguments), "[2,3,3]", str("nn.", row.name, "(1", value, ")")));
  };
  padded(module<ConstantPad2d(Shape, double)>("ConstantPad2d", {"padding", "value"}), "a value", " value=2.5", ", 2.5");
  padded(module<ZeroPad2d(Shape)>("ZeroPad2d", {"padding"}), "zeros", "", "");
  padded(module<ReflectionPad2d(Shape)>("ReflectionPad2d", {"padding"}), "their reflection", "", "");
  padded(module<ReplicationPad2d(Shape)>("ReplicationPad2d", {"padding"}), "their outermost values", "", "");

  add(module<Upsample(std::optional<Shape>, std::optional<double>, Interpolation, bool)>(
          "Upsample", {"size=null", "*scaleFactor=null", "*mode=\"nearest\"", "*alignCorners=false"})
          .doc("Resizes signals or images to a size, or by a factor: by the nearest value, or straight lines.")
          .shapes("[N, C, L] or [N, C, H, W], with other lengths")
          .errors("FluxionError when not exactly one of size and scaleFactor is given")
          .example("new nn.Upsample({ scaleFactor: 2 }).forward(tensor([[[1, 2]]])).toArray()", "[[[1, 1, 2, 2]]]")
          .sample("scaleFactor=2", "[2,2,3,4]", "nn.Upsample(scale_factor=2)")
          .sample("size=[5,7] mode=bilinear alignCorners=true", "[1,2,3,4]",
                  "nn.Upsample(size=(5, 7), mode='bilinear', align_corners=True)"));
  add(module<Unfold(Shape, Shape, Shape, Shape)>("Unfold",
                                                 {"kernelSize", "*dilation=[1]", "*padding=[0]", "*stride=[1]"})
          .doc("Every window of an image as a column.")
          .shapes("[N, C, H, W] to [N, C·kernelSize, windows]")
          .example("new nn.Unfold(2).forward(zeros([1, 3, 4, 4])).shape", "[1, 12, 9]")
          .sample("kernelSize=[2,3] padding=[1] stride=[2]", "[2,2,5,6]", "nn.Unfold((2, 3), padding=1, stride=2)"));
  add(module<Fold(Shape, Shape, Shape, Shape, Shape)>(
          "Fold", {"outputSize", "kernelSize", "*dilation=[1]", "*padding=[0]", "*stride=[1]"})
          .doc("Columns added up where their windows were: the way back from Unfold.")
          .shapes("[N, C·kernelSize, windows] to [N, C, H, W]")
          .example("new nn.Fold(4, 2).forward(zeros([1, 12, 9])).shape", "[1, 3, 4, 4]")
          .sample("outputSize=[5,6] kernelSize=[2,3] padding=[1] stride=[2]", "[2,12,9]",
                  "nn.Fold((5, 6), (2, 3), padding=1, stride=2)"));
  return rows;
}

}  // namespace fluxion::nn
