#include "fluxion/ops/conv.h"

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::ConvParams;
using kernels::PoolParams;
using kernels::Prim;

struct Pair {
  std::int64_t h, w;
};

// One number for both, or (height, width).
Pair pair_of(const char* op, const char* what, const Shape& s, std::int64_t least) {
  if (s.ssize() != 1 && s.ssize() != 2)
    throw ShapeError(str(op, ": ", what, " takes one number or two (height, width), not ", s));
  const Pair p{s[0], s.back()};
  if (p.h < least || p.w < least)
    throw ShapeError(str(op, ": ", what, " must be at least ", least, ", it is ", s));
  if (p.h > INT32_MAX / 4 || p.w > INT32_MAX / 4) throw ShapeError(str(op, ": ", what, " is too large: ", s));
  return p;
}

std::int32_t narrow_int(std::int64_t v) { return static_cast<std::int32_t>(v); }

// [C, H, W] counts as one image.
void check_images(const char* op, const Tensor& x) {
  check_floating(op, x);
  if (x.rank() != 3 && x.rank() != 4)
    throw ShapeError(str(op, ": x must be [N, C, H, W] or [C, H, W], it is ", x.shape()));
}

template <class F>
Tensor batched(const Tensor& x, F&& f) {
  return x.rank() == 4 ? f(x) : squeeze(f(unsqueeze(x, 0)), 0);
}

// ---- convolution: three functions, linear in each argument, that are each other's gradients
// ----------------

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

// ---- pooling: linear in dy once the places are known
// --------------------------------------------------------

// Values of x at the pooled places: the gradient of max_pool_grad.
Tensor pick(const Tensor& x, const Tensor& indices) {
  const std::int64_t n = x.size(0), c = x.size(1), plane = x.size(2) * x.size(3);
  // A window that lies wholly in the padding has no place (−1) and takes nothing.
  const Tensor places = reshape(clamp(indices, 0), {n, c, indices.size(2) * indices.size(3)});
  const Tensor picked = reshape(gather(reshape(x, {n, c, plane}), 2, places), indices.shape());
  return masked_fill(picked, lt(indices, 0), 0);
}

Tensor max_pool_grad(const Tensor& dy, const Tensor& indices, const Shape& x_shape, const PoolParams& p) {
  const Tensor dyc = contiguous_raw(dy);
  Tensor out = Tensor::empty(x_shape, dy.dtype());
  kernels::launch(Prim::MaxPool2dGrad, {view_of(out), view_of(dyc), view_of(indices)}, p);
  return record("maxPool2dGrad", out, {&dy},
                [indices](Backward& ctx) { ctx.give(0, pick(ctx.grad(), indices)); });
}

Tensor avg_pool(const Tensor& x, const Shape& out_shape, const PoolParams& p);

Tensor avg_pool_grad(const Tensor& dy, const Shape& x_shape, const PoolParams& p) {
  const Tensor dyc = contiguous_raw(dy);
  Tensor out = Tensor::empty(x_shape, dy.dtype());
  kernels::launch(Prim::AvgPool2dGrad, {view_of(out), view_of(dyc)}, p);
  return record("avgPool2dGrad", out, {&dy},
                [shape = dy.shape(), p](Backward& ctx) { ctx.give(0, avg_pool(ctx.grad(), shape, p)); });
}

Tensor avg_pool(const Tensor& x, const Shape& out_shape, const PoolParams& p) {
  const Tensor xc = contiguous_raw(x);
  Tensor out = Tensor::empty(out_shape, x.dtype());
  kernels::launch(Prim::AvgPool2d, {view_of(out), view_of(xc)}, p);
  return record("avgPool2d", out, {&x},
                [shape = x.shape(), p](Backward& ctx) { ctx.give(0, avg_pool_grad(ctx.grad(), shape, p)); });
}

// PyTorch's size: with ceil_mode a last window may hang over the end, but must start within the input or its
// left padding.
std::int64_t pooled_size(std::int64_t size, std::int64_t kernel, std::int64_t stride, std::int64_t pad,
                         std::int64_t dilation, bool ceil_mode) {
  const std::int64_t room = size + 2 * pad - dilation * (kernel - 1) - 1;
  if (room < 0) return 0;
  std::int64_t out = (room + (ceil_mode ? stride - 1 : 0)) / stride + 1;
  if (ceil_mode && (out - 1) * stride >= size + pad) --out;
  return out;
}

struct Pooling {
  PoolParams params;
  bool ceil_mode;
  // The output of [N, C, H, W].
  Shape result(const Shape& x) const {
    const PoolParams& p = params;
    return {x[0], x[1], pooled_size(x[2], p.kernel_h, p.stride_h, p.pad_h, p.dilation_h, ceil_mode),
            pooled_size(x[3], p.kernel_w, p.stride_w, p.pad_w, p.dilation_w, ceil_mode)};
  }
};

Pooling check_pool(const char* op, const Tensor& x, const Shape& kernel_size, const Shape& stride,
                   const Shape& padding, const Shape& dilation, bool ceil_mode) {
  check_images(op, x);
  const Pair k = pair_of(op, "kernelSize", kernel_size, 1);
  const Pair s = stride.empty() ? k : pair_of(op, "stride", stride, 1);
  const Pair pad = pair_of(op, "padding", padding, 0), d = pair_of(op, "dilation", dilation, 1);
  if (pad.h * 2 > k.h || pad.w * 2 > k.w)
    throw ShapeError(
        str(op, ": padding may be at most half the kernel: ", padding, " with kernel ", kernel_size));
  const Pooling pool{{narrow_int(k.h), narrow_int(k.w), narrow_int(s.h), narrow_int(s.w), narrow_int(pad.h),
                      narrow_int(pad.w), narrow_int(d.h), narrow_int(d.w), true},
                     ceil_mode};
  const Shape& shape = x.shape();
  const int r = x.rank();
  const Shape out = pool.result({1, 1, shape[r - 2], shape[r - 1]});
  if (out[2] < 1 || out[3] < 1)
    throw ShapeError(str(op, ": the window does not fit: x ", shape, ", kernel ", kernel_size, ", padding ",
                         padding, ", dilation ", dilation));
  return pool;
}

// 'same' padding adds dilation·(kernel − 1) in all, the odd one at the end.
Pair same_padding(std::int64_t kernel, std::int64_t dilation) {
  const std::int64_t total = dilation * (kernel - 1);
  return {total / 2, total - total / 2};
}

}  // namespace

std::vector<std::string> choice_names(Padding) { return {"explicit", "same", "valid"}; }

Tensor conv2d(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias, const Shape& stride,
              const Shape& padding, const Shape& dilation, std::int64_t groups, Padding padding_mode) {
  constexpr const char* kOp = "conv2d";
  check_images(kOp, x);
  check_same_dtype(kOp, x, weight);
  if (weight.rank() != 4)
    throw ShapeError(
        str(kOp, ": weight must be [out, in / groups, kernel height, kernel width], it is ", weight.shape()));
  const std::int64_t channels = x.size(-3), outs = weight.size(0);
  const Pair s = pair_of(kOp, "stride", stride, 1), d = pair_of(kOp, "dilation", dilation, 1);
  const Pair pad = pair_of(kOp, "padding", padding, 0);
  if (groups < 1 || groups > INT32_MAX)
    throw ShapeError(str(kOp, ": groups must be at least 1, it is ", groups));
  if (channels != weight.size(1) * groups)
    throw ShapeError(str(kOp, ": x has ", channels, " channels, weight ", weight.shape(), " with groups ",
                         groups, " expects ", weight.size(1) * groups, ": x ", x.shape()));
  if (outs % groups != 0)
    throw ShapeError(str(kOp, ": ", outs, " output channels do not divide into ", groups, " groups: weight ",
                         weight.shape()));
  if (bias) {
    check_same_dtype(kOp, x, *bias);
    if (!(bias->shape() == Shape{outs}))
      throw ShapeError(str(kOp, ": bias must be ", Shape{outs}, ", it is ", bias->shape()));
  }
  const std::int64_t kernel_h = weight.size(2), kernel_w = weight.size(3);
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
  const std::int64_t height = x.size(-2), width = x.size(-1);
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
  return batched(x, [&](const Tensor& images) { return conv(images, weight, bias.value_or(Tensor()), p); });
}

Tensor max_pool2d(const Tensor& x, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                  const Shape& dilation, bool ceil_mode) {
  const Pooling pool = check_pool("maxPool2d", x, kernel_size, stride, padding, dilation, ceil_mode);
  return batched(x, [&](const Tensor& images) {
    const Shape shape = pool.result(images.shape());
    const Tensor xc = contiguous_raw(images);
    Tensor out = Tensor::empty(shape, x.dtype());
    const Tensor indices = Tensor::empty(shape, DType::Int32);
    kernels::launch(Prim::MaxPool2d, {view_of(out), view_of(indices), view_of(xc)}, pool.params);
    return record("maxPool2d", out, {&images},
                  [indices, shape = images.shape(), p = pool.params](Backward& ctx) {
                    ctx.give(0, max_pool_grad(ctx.grad(), indices, shape, p));
                  });
  });
}

Tensor avg_pool2d(const Tensor& x, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                  bool ceil_mode, bool count_include_pad) {
  Pooling pool = check_pool("avgPool2d", x, kernel_size, stride, padding, {1}, ceil_mode);
  pool.params.count_include_pad = count_include_pad;
  return batched(
      x, [&](const Tensor& images) { return avg_pool(images, pool.result(images.shape()), pool.params); });
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
  rows.push_back(
      op("max_pool2d", max_pool2d,
         {"x", "kernelSize", "*stride=[]", "*padding=[0]", "*dilation=[1]", "*ceilMode=false"})
          .doc("The largest value under each window; the gradient goes to its first place. NaN counts as "
               "largest. Sizes "
               "take one number or [height, width]; without a stride the windows do not overlap.")
          .formula("yᵢⱼ = maxᵣₛ x[i·stride + r·dilation − padding, j·stride + s·dilation − padding]")
          .shapes("[N, C, H, W] or [C, H, W] → [N, C, P, Q]")
          .dtypes("float32, float64")
          .errors("ShapeError when the window does not fit or padding is over half the kernel; DTypeError on "
                  "other dtypes")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html")
          .torch("F.max_pool2d(x, kernel_size, stride or None, padding, dilation, ceil_mode)")
          .example("F.maxPool2d(tensor([[[1, 2], [3, 4]]]), 2).toArray()", "[[[4]]]")
          .no_method()
          .with({"[2,3,4,6] kernelSize=2", "[3,5,5] kernelSize=2", "[1,1,1,1] kernelSize=1",
                 "[2,1,5,7] kernelSize=[3,2]", "[2,1,5,7] kernelSize=3 stride=1",
                 "[2,1,5,7] kernelSize=3 stride=[2,1] padding=1", "[2,1,7,7] kernelSize=2 dilation=2",
                 "[1,2,5,5] kernelSize=2 ceilMode=true",
                 "[1,2,5,5] kernelSize=3 stride=2 padding=1 ceilMode=true",
                 "[1,1,6,6] kernelSize=2 stride=3 ceilMode=true", "[2,3,6,4]:T kernelSize=2",
                 "[2,3,4,6]:S kernelSize=2", "[2,3,4,4]:E kernelSize=2",
                 "[1,2,6,6]:t kernelSize=3 stride=1 !nocheck", "[0,3,4,4] kernelSize=2",
                 "[1,1,2,4]:={nan,1,2,3,4,5,6,7} kernelSize=2 !nograd",
                 "[1,1,2,4]:={inf,1,-inf,-inf,4,5,-inf,-inf} kernelSize=2 !nograd"})
          .exempt(ranks));
  rows.push_back(
      op("avg_pool2d", avg_pool2d,
         {"x", "kernelSize", "*stride=[]", "*padding=[0]", "*ceilMode=false", "*countIncludePad=true"})
          .doc("The mean under each window. Sizes take one number or [height, width]; without a stride the "
               "windows do not overlap.")
          .formula("yᵢⱼ = meanᵣₛ x[i·stride + r − padding, j·stride + s − padding]")
          .shapes("[N, C, H, W] or [C, H, W] → [N, C, P, Q]")
          .dtypes("float32, float64")
          .errors("ShapeError when the window does not fit or padding is over half the kernel; DTypeError on "
                  "other dtypes")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html")
          .torch("F.avg_pool2d(x, kernel_size, stride or None, padding, ceil_mode, count_include_pad)")
          .example("F.avgPool2d(tensor([[[1, 2], [3, 4]]]), 2).toArray()", "[[[2.5]]]")
          .no_method()
          .with({"[2,3,4,6] kernelSize=2", "[3,5,5] kernelSize=2", "[1,1,1,1] kernelSize=1",
                 "[2,1,5,7] kernelSize=[3,2]", "[2,1,5,7] kernelSize=3 stride=1",
                 "[2,1,5,7] kernelSize=3 stride=[2,1] padding=1",
                 "[2,1,5,7] kernelSize=3 stride=2 padding=1 countIncludePad=false",
                 "[1,2,5,5] kernelSize=2 ceilMode=true",
                 "[1,2,5,5] kernelSize=3 stride=2 padding=1 ceilMode=true",
                 "[1,2,6,6] kernelSize=3 stride=2 padding=1 ceilMode=true",
                 "[1,2,6,6] kernelSize=3 stride=2 padding=1 ceilMode=true countIncludePad=false",
                 "[2,3,6,4]:T kernelSize=2", "[2,3,4,6]:S kernelSize=2", "[2,3,4,4]:E kernelSize=2",
                 "[1,2,6,6]:t kernelSize=3 stride=1", "[0,3,4,4] kernelSize=2",
                 "[1,1,2,4]:={nan,1,2,3,4,5,6,7} kernelSize=2 !nograd",
                 "[1,1,2,4]:={inf,1,-inf,-inf,4,5,6,7} kernelSize=2 !nograd"})
          .exempt(ranks));
  return rows;
}

}  // namespace fluxion
