#include "fluxion/ops/conv.h"

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"
#include "fluxion/ops/window.h"

namespace fluxion {
namespace {

using kernels::ConvParams;
using kernels::Prim;

// ---- convolution: three functions, linear in each argument, that are each other's gradients ----

Tensor conv(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvParams& p);
Tensor conv_grad_input(const Tensor& dy, const Tensor& w, const Shape& x_shape, const ConvParams& p);
Tensor conv_grad_weight(const Tensor& dy, const Tensor& x, const Shape& w_shape, const ConvParams& p);

Tensor conv(const Tensor& x, const Tensor& w, const Tensor& bias, const ConvParams& p) {
  const std::int64_t height =
      kernels::window_output(x.size(2), p.pad_top + p.pad_bottom, w.size(2), p.stride_h, p.dilation_h);
  const std::int64_t width =
      kernels::window_output(x.size(3), p.pad_left + p.pad_right, w.size(3), p.stride_w, p.dilation_w);
  const Tensor xc = contiguous_raw(x), wc = contiguous_raw(w);
  const Tensor bc = bias.defined() ? contiguous_raw(bias) : bias;
  Tensor out = Tensor::empty({x.size(0), w.size(0), height, width}, x.dtype());
  kernels::launch(Prim::Conv2d, {view_of(out), view_of(xc), view_of(wc), view_of(std::optional(bc))}, p);
  if (!wants_grad(x, w, bias)) return out;
  return record("conv2d", out, {&x, &w, &bias}, [x = Saved(x), w = Saved(w), p](Backward& ctx) {
    const Tensor &g = ctx.grad(), saved_x = x.get(ctx), saved_w = w.get(ctx);
    if (ctx.needs(0)) ctx.give(0, conv_grad_input(g, saved_w, saved_x.shape(), p));
    if (ctx.needs(1)) ctx.give(1, conv_grad_weight(g, saved_x, saved_w.shape(), p));
    if (ctx.needs(2)) ctx.give(2, sum(g, Shape{0, 2, 3}));
  });
}

Tensor conv_grad_input(const Tensor& dy, const Tensor& w, const Shape& x_shape, const ConvParams& p) {
  const Tensor dyc = contiguous_raw(dy), wc = contiguous_raw(w);
  Tensor out = Tensor::empty(x_shape, dy.dtype());
  kernels::launch(Prim::Conv2dGradInput, {view_of(out), view_of(dyc), view_of(wc)}, p);
  if (!wants_grad(dy, w)) return out;
  return record("conv2dGradInput", out, {&dy, &w}, [dy = Saved(dy), w = Saved(w), p](Backward& ctx) {
    const Tensor &g = ctx.grad(), saved_w = w.get(ctx);
    if (ctx.needs(0)) ctx.give(0, conv(g, saved_w, {}, p));
    if (ctx.needs(1)) ctx.give(1, conv_grad_weight(dy.get(ctx), g, saved_w.shape(), p));
  });
}

Tensor conv_grad_weight(const Tensor& dy, const Tensor& x, const Shape& w_shape, const ConvParams& p) {
  const Tensor dyc = contiguous_raw(dy), xc = contiguous_raw(x);
  Tensor out = Tensor::empty(w_shape, dy.dtype());
  kernels::launch(Prim::Conv2dGradWeight, {view_of(out), view_of(dyc), view_of(xc)}, p);
  if (!wants_grad(dy, x)) return out;
  return record("conv2dGradWeight", out, {&dy, &x}, [dy = Saved(dy), x = Saved(x), p](Backward& ctx) {
    const Tensor &g = ctx.grad(), saved_x = x.get(ctx);
    if (ctx.needs(0)) ctx.give(0, conv(saved_x, g, {}, p));
    if (ctx.needs(1)) ctx.give(1, conv_grad_input(dy.get(ctx), g, saved_x.shape(), p));
  });
}

// 'same' padding adds dilation·(kernel − 1) in all, the odd one at the end.
Pair same_padding(std::int64_t kernel, std::int64_t dilation) {
  const std::int64_t total = dilation * (kernel - 1);
  return {total / 2, total - total / 2};
}

void check_bias(const char* op, const Tensor& x, const std::optional<Tensor>& bias, std::int64_t outs) {
  if (!bias) return;
  check_same_dtype(op, x, *bias);
  if (!(bias->shape() == Shape{outs}))
    throw ShapeError(str(op, ": bias must be ", Shape{outs}, ", it is ", bias->shape()));
}

// Over `spatial` dimensions, 1 or 2.
Tensor convolved(const char* kOp, int spatial, const Tensor& x, const Tensor& weight,
                 const std::optional<Tensor>& bias, const Shape& stride, const Shape& padding, const Shape& dilation,
                 std::int64_t groups, Padding padding_mode) {
  check_images(kOp, x, spatial);
  check_same_dtype(kOp, x, weight);
  if (weight.rank() != spatial + 2)
    throw ShapeError(str(kOp, ": weight must be [out, in / groups, kernel ",
                         spatial == 2 ? "height, kernel width" : "length", "], it is ", weight.shape()));
  const std::int64_t channels = x.size(-1 - spatial), outs = weight.size(0);
  const Pair s = pair_of(kOp, "stride", stride, 1, spatial), d = pair_of(kOp, "dilation", dilation, 1, spatial);
  const Pair pad = pair_of(kOp, "padding", padding, 0, spatial, 0);
  if (groups < 1 || groups > INT32_MAX)
    throw ShapeError(str(kOp, ": groups must be at least 1, it is ", groups));
  if (channels != weight.size(1) * groups)
    throw ShapeError(str(kOp, ": x has ", channels, " channels, weight ", weight.shape(), " with groups ",
                         groups, " expects ", weight.size(1) * groups, ": x ", x.shape()));
  if (outs % groups != 0)
    throw ShapeError(str(kOp, ": ", outs, " output channels do not divide into ", groups, " groups: weight ",
                         weight.shape()));
  check_bias(kOp, x, bias, outs);
  const std::int64_t kernel_h = spatial == 2 ? weight.size(2) : 1, kernel_w = weight.size(-1);
  if (kernel_h < 1 || kernel_w < 1)
    throw ShapeError(str(kOp, ": the kernel is empty: weight ", weight.shape()));
  Pair rows{pad.h, pad.h}, columns{pad.w, pad.w};  // before and after
  if (padding_mode != Padding::Explicit) {
    if (pad.h != 0 || pad.w != 0)
      throw ShapeError(str(kOp, ": padding ", padding, " was given beside 'same' or 'valid'"));
    if (padding_mode == Padding::Same) {
      if (s.h != 1 || s.w != 1) throw ShapeError(str(kOp, ": padding 'same' needs stride 1, it is ", stride));
      rows = same_padding(kernel_h, d.h);
      columns = same_padding(kernel_w, d.w);
    }
  }
  const std::int64_t height = spatial == 2 ? x.size(-2) : 1, width = x.size(-1);
  if (kernels::window_output(height, rows.h + rows.w, kernel_h, s.h, d.h) < 1 ||
      kernels::window_output(width, columns.h + columns.w, kernel_w, s.w, d.w) < 1)
    throw ShapeError(str(kOp, ": the kernel does not fit: x ", x.shape(), ", weight ", weight.shape(),
                         ", padding ", padding, ", dilation ", dilation));
  const ConvParams p{.stride_h = narrow_int(s.h),
                     .stride_w = narrow_int(s.w),
                     .pad_top = narrow_int(rows.h),
                     .pad_left = narrow_int(columns.h),
                     .pad_bottom = narrow_int(rows.w),
                     .pad_right = narrow_int(columns.w),
                     .dilation_h = narrow_int(d.h),
                     .dilation_w = narrow_int(d.w),
                     .groups = narrow_int(groups)};
  const Tensor kernel = spatial == 1 ? unsqueeze(weight, -2) : weight;
  return as_images(x, spatial,
                   [&](const Tensor& images) { return conv(images, kernel, bias.value_or(Tensor()), p); });
}

// The gradient of a convolution by its input is a convolution the other way: it spreads each element of x over a
// window.
Tensor transposed(const char* op, int spatial, const Tensor& x, const Tensor& weight,
                  const std::optional<Tensor>& bias, const Shape& stride, const Shape& padding,
                  const Shape& output_padding, std::int64_t groups, const Shape& dilation) {
  check_images(op, x, spatial);
  check_same_dtype(op, x, weight);
  if (weight.rank() != spatial + 2)
    throw ShapeError(str(op, ": weight must be [in, out / groups, kernel ",
                         spatial == 2 ? "height, kernel width" : "length", "], it is ", weight.shape()));
  const std::int64_t channels = x.size(-1 - spatial), outs = weight.size(1) * groups;
  const Pair s = pair_of(op, "stride", stride, 1, spatial), d = pair_of(op, "dilation", dilation, 1, spatial);
  const Pair pad = pair_of(op, "padding", padding, 0, spatial, 0);
  const Pair extra = pair_of(op, "outputPadding", output_padding, 0, spatial, 0);
  if (groups < 1 || groups > INT32_MAX)
    throw ShapeError(str(op, ": groups must be at least 1, it is ", groups));
  if (channels != weight.size(0) || channels % groups != 0)
    throw ShapeError(str(op, ": x has ", channels, " channels, weight ", weight.shape(), " with groups ", groups,
                         " expects ", weight.size(0), ", a multiple of groups: x ", x.shape()));
  check_bias(op, x, bias, outs);
  if (extra.h >= std::max(s.h, d.h) || extra.w >= std::max(s.w, d.w))
    throw ShapeError(str(op, ": outputPadding ", output_padding, " must be less than stride ", stride,
                         " or dilation ", dilation));
  const std::int64_t kernel_h = spatial == 2 ? weight.size(2) : 1, kernel_w = weight.size(-1);
  const std::int64_t rows = spatial == 2 ? x.size(-2) : 1, columns = x.size(-1);
  const std::int64_t height = (rows - 1) * s.h - 2 * pad.h + d.h * (kernel_h - 1) + extra.h + 1;
  const std::int64_t width = (columns - 1) * s.w - 2 * pad.w + d.w * (kernel_w - 1) + extra.w + 1;
  if (kernel_h < 1 || kernel_w < 1 || rows < 1 || columns < 1 || height < 1 || width < 1)
    throw ShapeError(str(op, ": nothing is left: x ", x.shape(), ", weight ", weight.shape(), ", padding ", padding));
  numel({height, width}, op);
  const ConvParams p{.stride_h = narrow_int(s.h),
                     .stride_w = narrow_int(s.w),
                     .pad_top = narrow_int(pad.h),
                     .pad_left = narrow_int(pad.w),
                     .pad_bottom = narrow_int(pad.h - extra.h),
                     .pad_right = narrow_int(pad.w - extra.w),
                     .dilation_h = narrow_int(d.h),
                     .dilation_w = narrow_int(d.w),
                     .groups = narrow_int(groups)};
  const Tensor kernel = spatial == 1 ? unsqueeze(weight, -2) : weight;
  return as_images(x, spatial, [&](const Tensor& images) {
    const Tensor out = conv_grad_input(images, kernel, {images.size(0), outs, height, width}, p);
    return bias ? out + reshape(*bias, {outs, 1, 1}) : out;
  });
}

}  // namespace

std::vector<std::string> choice_names(Padding) { return {"explicit", "same", "valid"}; }

Tensor conv1d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias, const Shape& stride,
              const Shape& padding, const Shape& dilation, std::int64_t groups, Padding padding_mode) {
  return convolved("conv1d", 1, x, weight, bias, stride, padding, dilation, groups, padding_mode);
}

Tensor conv2d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias, const Shape& stride,
              const Shape& padding, const Shape& dilation, std::int64_t groups, Padding padding_mode) {
  return convolved("conv2d", 2, x, weight, bias, stride, padding, dilation, groups, padding_mode);
}

Tensor conv_transpose1d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias, const Shape& stride,
                        const Shape& padding, const Shape& output_padding, std::int64_t groups,
                        const Shape& dilation) {
  return transposed("convTranspose1d", 1, x, weight, bias, stride, padding, output_padding, groups, dilation);
}

Tensor conv_transpose2d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias, const Shape& stride,
                        const Shape& padding, const Shape& output_padding, std::int64_t groups,
                        const Shape& dilation) {
  return transposed("convTranspose2d", 2, x, weight, bias, stride, padding, output_padding, groups, dilation);
}


std::vector<Row> conv_rows() {
  const std::string ranks = "rank: images have three dimensions, a batch of them four";
  std::vector<Row> rows;
  rows.push_back(
      op("conv2d", conv2d,
         {"x", "weight", "bias=null", "*stride=[1]", "*padding=[0]", "*dilation=[1]", "*groups=1",
          "*paddingMode=\"explicit\""})
          .doc("Slides each kernel of `weight` over the images of x and sums the products under it "
               "(cross-correlation). stride, padding and dilation take one number or [height, width]; "
               "padding may also "
               "be 'same', which keeps height and width, or 'valid', which is none.")
          .formula("yₙₒᵢⱼ = biasₒ + Σ꜀ᵣₛ weightₒ꜀ᵣₛ · xₙ꜀[i·stride + r·dilation − padding, j·stride + "
                   "s·dilation − padding]")
          .shapes("[N, C, H, W] or [C, H, W], [O, C/groups, R, S], [O] → [N, O, P, Q], "
                  "P = ⌊(H + 2·padding − dilation·(R − 1) − 1)/stride⌋ + 1")
          .dtypes("float32, float64; all the same")
          .errors("ShapeError when channels, groups, bias or kernel do not fit, or 'same' meets a stride; "
                  "DTypeError on other or differing dtypes")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html")
          .torch("F.conv2d(x, weight, bias, stride, padding if padding_mode == 'explicit' else padding_mode, "
                 "dilation, groups)")
          .example("F.conv2d(tensor([[[1, 2], [3, 4]]]), tensor([[[[1, 1], [1, 1]]]])).toArray()", "[[[10]]]")
          .summation_order("the products of a sum are added in the tiling's order")
          .no_method()
          .with({"[1,1,3,3] [1,1,2,2] [1]",
                 "[2,3,5,7] [4,3,3,3] [4]",
                 "[2,3,5,7] [4,3,3,3] null",
                 "[3,5,5] [2,3,3,3] [2]",
                 "[1,1,1,1] [1,1,1,1] [1]",
                 "[2,3,5,5] [4,3,1,1] [4]",
                 "[2,3,7,6] [4,3,3,2] [4] stride=2",
                 "[2,3,7,6] [4,3,3,2] [4] stride=[2,3] padding=[1,0]",
                 "[2,2,5,5] [3,2,3,3] [3] padding=1",
                 "[1,2,4,4] [3,2,3,3] [3] padding=3",
                 "[2,2,7,8] [3,2,3,2] [3] dilation=2",
                 "[2,2,7,8] [3,2,3,2] [3] dilation=[2,1] stride=2 padding=2",
                 "[2,4,5,5] [6,2,3,3] [6] groups=2",
                 "[2,3,5,5] [6,1,3,3] [6] groups=3 padding=1",
                 "[2,3,5,5] [3,1,2,2] null groups=3 stride=2",
                 "[2,2,5,6] [3,2,3,3] [3] paddingMode=same",
                 "[2,2,5,6] [3,2,2,4] [3] paddingMode=same",
                 "[2,2,5,6] [3,2,3,2] [3] paddingMode=same dilation=2",
                 "[2,2,5,6] [3,2,2,4] [3] paddingMode=valid",
                 "[2,3,6,5]:T [4,3,3,2]:T [4]:S",
                 "[2,3,5,5]:S [4,3,3,3]:S [4]",
                 "[2,3,5,5]:E [4,3,3,3]:E [4]:E",
                 "[1,2,4,4]:t [2,2,2,2]:t [2]:t",
                 "[0,3,5,5] [4,3,3,3] [4]",
                 "[2,0,5,5] [4,0,3,3] [4] !noref",
                 "[1,1,2,2]:={nan,1,2,3} [1,1,1,1] [1] !nograd",
                 "[1,1,2,2]:={inf,-inf,2,3} [1,1,1,1]:={2} [1] !nograd"})
          .exempt(ranks));
  const std::string order = "the products of a sum are added in the tiling's order";
  const auto add = [&](Row r, const char* doc, const char* formula, const char* shapes, const char* errors) -> Row& {
    rows.push_back(r.doc(doc)
                       .formula(formula)
                       .shapes(shapes)
                       .dtypes("float32, float64; all the same")
                       .errors(errors)
                       .source(str("https://pytorch.org/docs/stable/generated/torch.nn.functional.", r.name, ".html"))
                       .summation_order(order)
                       .no_method()
                       .exempt("rank: a window's dimensions, the channels and a batch"));
    return rows.back();
  };
  add(op("conv1d", conv1d,
         {"x", "weight", "bias=null", "*stride=[1]", "*padding=[0]", "*dilation=[1]", "*groups=1",
          "*paddingMode=\"explicit\""}),
      "Slides each kernel of `weight` along the sequences of x and sums the products under it (cross-correlation). "
      "padding may also be 'same', which keeps the length, or 'valid', which is none.",
      "yₙₒᵢ = biasₒ + Σ꜀ᵣ weightₒ꜀ᵣ · xₙ꜀[i·stride + r·dilation − padding]",
      "[N, C, L] or [C, L], [O, C/groups, R], [O] → [N, O, P], P = ⌊(L + 2·padding − dilation·(R − 1) − 1)/stride⌋ + 1",
      "ShapeError when channels, groups, bias or kernel do not fit, or 'same' meets a stride; DTypeError on other or "
      "differing dtypes")
      .torch("F.conv1d(x, weight, bias, stride, padding if padding_mode == 'explicit' else padding_mode, dilation, "
             "groups)")
      .example("F.conv1d(tensor([[1, 2, 3]]), tensor([[[1, 1]]])).toArray()", "[[3, 5]]")
      .with({"[1,1,3] [1,1,2] [1]", "[2,3,7] [4,3,3] [4]", "[2,3,7] [4,3,3] null", "[3,5] [2,3,3] [2]",
             "[1,1,1] [1,1,1] [1]", "[2,3,7] [4,3,2] [4] stride=2 padding=1", "[2,4,9] [6,2,3] [6] groups=2 dilation=2",
             "[2,3,17] [3,1,5] [3] groups=3 padding=4", "[2,2,6] [3,2,4] [3] paddingMode=same",
             "[2,2,6] [3,2,3] [3] paddingMode=valid", "[2,3,6]:T [4,3,2]:T [4]:S", "[2,3,5]:S [4,3,3]:S [4]",
             "[2,3,5]:E [4,3,3]:E [4]:E", "[1,2,4]:t [2,2,2]:t [2]:t", "[0,3,5] [4,3,3] [4]",
             "[1,1,2]:={nan,1} [1,1,1] [1] !nograd", "[1,1,2]:={inf,-inf} [1,1,1]:={2} [1] !nograd"});
  const auto spread = [&](Row r, const char* formula, const char* shapes) -> Row& {
    return add(std::move(r),
               "The transposed convolution: each element of x, times a kernel, is added over a window of the result; "
               "the way back of a convolution with these settings. outputPadding makes the result longer at the end.",
               formula, shapes,
               "ShapeError when channels, groups, bias or kernel do not fit, or outputPadding reaches both stride and "
               "dilation; DTypeError on other or differing dtypes");
  };
  spread(op("conv_transpose1d", conv_transpose1d,
            {"x", "weight", "bias=null", "*stride=[1]", "*padding=[0]", "*outputPadding=[0]", "*groups=1",
             "*dilation=[1]"}),
         "yₙₒ[i·stride + r·dilation − padding] += Σ꜀ weight꜀ₒᵣ · xₙ꜀ᵢ",
         "[N, C, L] or [C, L], [C, O/groups, R], [O] → [N, O, (L − 1)·stride − 2·padding + dilation·(R − 1) + "
         "outputPadding + 1]")
      .torch("F.conv_transpose1d(x, weight, bias, stride, padding, output_padding, groups, dilation)")
      .example("F.convTranspose1d(tensor([[1, 2]]), tensor([[[1, 10]]])).toArray()", "[[1, 12, 20]]")
      .with({"[1,1,3] [1,1,2] [1]", "[2,3,5] [3,4,3] [4]", "[2,3,5] [3,4,3] null", "[3,5] [3,2,3] [2]",
             "[1,1,1] [1,1,1] [1]", "[2,3,5] [3,4,3] [4] stride=2 padding=1 outputPadding=1",
             "[2,4,5] [4,3,3] [6] groups=2 dilation=2 outputPadding=1", "[2,3,5] [3,4,2] [4] stride=3 outputPadding=2",
             "[2,3,6]:T [3,4,2]:T [4]:S", "[2,3,5]:S [3,4,3]:S [4]", "[2,3,5]:E [3,4,3]:E [4]:E",
             "[1,2,4]:t [2,2,2]:t [2]:t", "[0,3,5] [3,4,3] [4]", "[1,1,2]:={nan,1} [1,1,1] [1] !nograd",
             "[1,1,2]:={inf,-inf} [1,1,1]:={2} [1] !nograd"});
  spread(op("conv_transpose2d", conv_transpose2d,
            {"x", "weight", "bias=null", "*stride=[1]", "*padding=[0]", "*outputPadding=[0]", "*groups=1",
             "*dilation=[1]"}),
         "yₙₒ[i·stride + r·dilation − padding, j·stride + s·dilation − padding] += Σ꜀ weight꜀ₒᵣₛ · xₙ꜀ᵢⱼ",
         "[N, C, H, W] or [C, H, W], [C, O/groups, R, S], [O] → [N, O, P, Q], P = (H − 1)·stride − 2·padding + "
         "dilation·(R − 1) + outputPadding + 1")
      .torch("F.conv_transpose2d(x, weight, bias, stride, padding, output_padding, groups, dilation)")
      .example("F.convTranspose2d(tensor([[[1, 2]]]), tensor([[[[1, 10]]]])).toArray()", "[[[1, 12, 20]]]")
      .with({"[1,1,3,3] [1,1,2,2] [1]", "[2,3,4,5] [3,4,3,3] [4]", "[2,3,4,5] [3,4,3,3] null", "[3,5,5] [3,2,3,3] [2]",
             "[1,1,1,1] [1,1,1,1] [1]", "[2,3,4,5] [3,4,3,3] [4] stride=2 padding=1 outputPadding=1",
             "[2,3,3,4] [3,2,3,2] [2] stride=[2,3] padding=[1,0] outputPadding=[0,2]",
             "[2,4,4,4] [4,3,2,3] [6] groups=2 dilation=2 outputPadding=1",
             "[1,2,3,3] [2,1,4,4] null stride=2 padding=1",
             "[2,3,5,4]:T [3,4,3,2]:T [4]:S", "[2,3,4,4]:S [3,4,3,3]:S [4]", "[2,3,4,4]:E [3,4,3,3]:E [4]:E",
             "[1,2,3,3]:t [2,2,2,2]:t [2]:t", "[0,3,4,4] [3,4,3,3] [4]", "[1,1,1,2]:={nan,1} [1,1,1,1] [1] !nograd",
             "[1,1,1,2]:={inf,-inf} [1,1,1,1]:={2} [1] !nograd"});
  return rows;
}

}  // namespace fluxion
