// Windows and what stands for each: the largest value or the mean.

#include "fluxion/ops/pool.h"

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"
#include "fluxion/ops/window.h"

namespace fluxion {
namespace {

using kernels::PoolParams;
using kernels::Prim;

// Pools are linear in dy once the places are known.

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
  return record("maxPool2dGrad", out, {&dy}, [indices](Backward& ctx) { ctx.give(0, pick(ctx.grad(), indices)); });
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

Pooling check_pool(const char* op, int spatial, const Tensor& x, const Shape& kernel_size, const Shape& stride,
                   const Shape& padding, const Shape& dilation, bool ceil_mode) {
  check_images(op, x, spatial);
  const Pair k = pair_of(op, "kernelSize", kernel_size, 1, spatial);
  const Pair s = stride.empty() ? k : pair_of(op, "stride", stride, 1, spatial);
  const Pair pad = pair_of(op, "padding", padding, 0, spatial, 0), d = pair_of(op, "dilation", dilation, 1, spatial);
  if (pad.h * 2 > k.h || pad.w * 2 > k.w)
    throw ShapeError(str(op, ": padding may be at most half the kernel: ", padding, " with kernel ", kernel_size));
  const Pooling pool{{narrow_int(k.h), narrow_int(k.w), narrow_int(s.h), narrow_int(s.w), narrow_int(pad.h),
                      narrow_int(pad.w), narrow_int(d.h), narrow_int(d.w), true},
                     ceil_mode};
  const Shape& shape = x.shape();
  const int r = x.rank();
  const Shape out = pool.result({1, 1, spatial == 2 ? shape[r - 2] : 1, shape[r - 1]});
  if (out[2] < 1 || out[3] < 1)
    throw ShapeError(str(op, ": the window does not fit: x ", shape, ", kernel ", kernel_size, ", padding ", padding,
                         ", dilation ", dilation));
  return pool;
}

Tensor max_pooled(const char* op, int spatial, const Tensor& x, const Shape& kernel_size, const Shape& stride,
                  const Shape& padding, const Shape& dilation, bool ceil_mode) {
  const Pooling pool = check_pool(op, spatial, x, kernel_size, stride, padding, dilation, ceil_mode);
  return as_images(x, spatial, [&](const Tensor& images) {
    const Shape shape = pool.result(images.shape());
    const Tensor xc = contiguous_raw(images);
    Tensor out = Tensor::empty(shape, x.dtype());
    const Tensor indices = Tensor::empty(shape, DType::Int32);
    kernels::launch(Prim::MaxPool2d, {view_of(out), view_of(indices), view_of(xc)}, pool.params);
    return record(op, out, {&images}, [indices, shape = images.shape(), p = pool.params](Backward& ctx) {
      ctx.give(0, max_pool_grad(ctx.grad(), indices, shape, p));
    });
  });
}

Tensor avg_pooled(const char* op, int spatial, const Tensor& x, const Shape& kernel_size, const Shape& stride,
                  const Shape& padding, bool ceil_mode, bool count_include_pad) {
  Pooling pool = check_pool(op, spatial, x, kernel_size, stride, padding, {1}, ceil_mode);
  pool.params.count_include_pad = count_include_pad;
  return as_images(x, spatial,
                   [&](const Tensor& images) { return avg_pool(images, pool.result(images.shape()), pool.params); });
}

// Result i of n stands for [⌊i·size/n⌋, ⌈(i + 1)·size/n⌉). Dimension by dimension, the last one first, so that of
// equal values the first in memory gets the gradient.
Tensor adaptive(const char* op, int spatial, const Tensor& x, const Shape& output_size, bool largest) {
  check_images(op, x, spatial);
  const Pair sizes = pair_of(op, "outputSize", output_size, 1, spatial);
  for (int d = -spatial; d < 0; ++d)
    if (x.size(d) == 0) throw ShapeError(str(op, ": there is nothing to pool in ", x.shape()));
  const auto pooled = [&](const Tensor& t, int dim) {
    return largest ? max(t, dim, true).first : mean(t, Shape{dim}, true);
  };
  Tensor out = x;
  for (int d = x.rank() - 1; d >= x.rank() - spatial; --d) {
    const std::int64_t size = x.size(d), n = d == x.rank() - 1 ? sizes.w : sizes.h;
    if (n == size) continue;
    Shape shape = out.shape();
    shape[d] = n;
    numel(shape, op);
    if (size % n == 0) {
      Shape windows = shape;
      windows.insert(d + 1, size / n);
      out = squeeze(pooled(reshape(out, windows), d + 1), d + 1);
      continue;
    }
    std::vector<Tensor> parts;
    for (std::int64_t i = 0; i < n; ++i) {
      const std::int64_t from = i * size / n, to = ((i + 1) * size + n - 1) / n;
      parts.push_back(pooled(narrow(out, d, from, to - from), d));
    }
    out = cat(parts, d);
  }
  return out;
}

}  // namespace

Tensor max_pool1d(const Tensor& x, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                  const Shape& dilation, bool ceil_mode) {
  return max_pooled("maxPool1d", 1, x, kernel_size, stride, padding, dilation, ceil_mode);
}

Tensor avg_pool1d(const Tensor& x, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                  bool ceil_mode, bool count_include_pad) {
  return avg_pooled("avgPool1d", 1, x, kernel_size, stride, padding, ceil_mode, count_include_pad);
}

Tensor max_pool2d(const Tensor& x, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                  const Shape& dilation, bool ceil_mode) {
  return max_pooled("maxPool2d", 2, x, kernel_size, stride, padding, dilation, ceil_mode);
}

Tensor avg_pool2d(const Tensor& x, const Shape& kernel_size, const Shape& stride, const Shape& padding,
                  bool ceil_mode, bool count_include_pad) {
  return avg_pooled("avgPool2d", 2, x, kernel_size, stride, padding, ceil_mode, count_include_pad);
}

Tensor adaptive_avg_pool1d(const Tensor& x, const Shape& output_size) {
  return adaptive("adaptiveAvgPool1d", 1, x, output_size, false);
}

Tensor adaptive_avg_pool2d(const Tensor& x, const Shape& output_size) {
  return adaptive("adaptiveAvgPool2d", 2, x, output_size, false);
}

Tensor adaptive_max_pool1d(const Tensor& x, const Shape& output_size) {
  return adaptive("adaptiveMaxPool1d", 1, x, output_size, true);
}

Tensor adaptive_max_pool2d(const Tensor& x, const Shape& output_size) {
  return adaptive("adaptiveMaxPool2d", 2, x, output_size, true);
}

std::vector<Row> pool_rows() {
  std::vector<Row> rows;
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
                 "[1,2,5,5] kernelSize=2 ceilMode=true", "[1,2,5,5] kernelSize=3 stride=2 padding=1 ceilMode=true",
                 "[1,1,6,6] kernelSize=2 stride=3 ceilMode=true", "[2,3,6,4]:T kernelSize=2",
                 "[2,3,4,6]:S kernelSize=2", "[2,3,4,4]:E kernelSize=2", "[1,2,6,6]:t kernelSize=3 stride=1 !nocheck",
                 "[0,3,4,4] kernelSize=2", "[1,1,2,4]:={nan,1,2,3,4,5,6,7} kernelSize=2 !nograd",
                 "[1,1,2,4]:={inf,1,-inf,-inf,4,5,-inf,-inf} kernelSize=2 !nograd"})
          .exempt("rank: images have three dimensions, a batch of them four"));
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
                 "[1,2,5,5] kernelSize=2 ceilMode=true", "[1,2,5,5] kernelSize=3 stride=2 padding=1 ceilMode=true",
                 "[1,2,6,6] kernelSize=3 stride=2 padding=1 ceilMode=true",
                 "[1,2,6,6] kernelSize=3 stride=2 padding=1 ceilMode=true countIncludePad=false",
                 "[2,3,6,4]:T kernelSize=2", "[2,3,4,6]:S kernelSize=2", "[2,3,4,4]:E kernelSize=2",
                 "[1,2,6,6]:t kernelSize=3 stride=1", "[0,3,4,4] kernelSize=2",
                 "[1,1,2,4]:={nan,1,2,3,4,5,6,7} kernelSize=2 !nograd",
                 "[1,1,2,4]:={inf,1,-inf,-inf,4,5,6,7} kernelSize=2 !nograd"})
          .exempt("rank: images have three dimensions, a batch of them four"));
  const std::string ranks = "rank: a sequence has two dimensions, a batch of them three";
  const auto add = [&](Row r, const char* doc, const char* shapes, const char* errors) -> Row& {
    rows.push_back(r.doc(doc)
                       .shapes(shapes)
                       .dtypes("float32, float64")
                       .errors(errors)
                       .source(str("https://pytorch.org/docs/stable/generated/torch.nn.functional.", r.name, ".html"))
                       .summation_order("the values of a mean are added in another order")
                       .no_method());
    return rows.back();
  };
  const char* misfit =
      "ShapeError when the window does not fit or padding is over half the kernel; DTypeError on other "
      "dtypes";
  add(op("max_pool1d", max_pool1d,
         {"x", "kernelSize", "*stride=[]", "*padding=[0]", "*dilation=[1]", "*ceilMode=false"}),
      "The largest value under each window; the gradient goes to its first place. NaN counts as largest. Without a "
      "stride the windows do not overlap.",
      "[N, C, L] or [C, L] → [N, C, P]", misfit)
      .formula("yᵢ = maxᵣ x[i·stride + r·dilation − padding]")
      .torch("F.max_pool1d(x, kernel_size, stride or None, padding, dilation, ceil_mode)")
      .example("F.maxPool1d(tensor([[1, 3, 2, 4]]), 2).toArray()", "[[3, 4]]")
      .with({"[2,3,6] kernelSize=2", "[3,5] kernelSize=2", "[1,1,1] kernelSize=1", "[2,1,7] kernelSize=3 stride=1",
             "[2,1,7] kernelSize=3 stride=2 padding=1", "[2,1,7] kernelSize=2 dilation=2",
             "[1,2,5] kernelSize=2 ceilMode=true", "[2,3,6]:T kernelSize=2", "[2,3,6]:S kernelSize=2",
             "[2,3,4]:E kernelSize=2", "[1,2,6]:t kernelSize=3 stride=1 !nocheck", "[0,3,4] kernelSize=2",
             "[1,1,6]:={nan,1,inf,3,-inf,-inf} kernelSize=2 !nograd"})
      .exempt(ranks);
  add(op("avg_pool1d", avg_pool1d,
         {"x", "kernelSize", "*stride=[]", "*padding=[0]", "*ceilMode=false", "*countIncludePad=true"}),
      "The mean under each window. Without a stride the windows do not overlap.", "[N, C, L] or [C, L] → [N, C, P]",
      misfit)
      .formula("yᵢ = meanᵣ x[i·stride + r − padding]")
      .torch("F.avg_pool1d(x, kernel_size, stride or None, padding, ceil_mode, count_include_pad)")
      .example("F.avgPool1d(tensor([[1, 3, 2, 4]]), 2).toArray()", "[[2, 3]]")
      .with({"[2,3,6] kernelSize=2", "[3,5] kernelSize=2", "[1,1,1] kernelSize=1", "[2,1,7] kernelSize=3 stride=1",
             "[2,1,7] kernelSize=3 stride=2 padding=1 countIncludePad=false", "[1,2,5] kernelSize=2 ceilMode=true",
             "[2,3,6]:T kernelSize=2", "[2,3,6]:S kernelSize=2", "[2,3,4]:E kernelSize=2",
             "[1,2,6]:t kernelSize=3 stride=1", "[0,3,4] kernelSize=2",
             "[1,1,6]:={nan,1,inf,3,-inf,2} kernelSize=2 !nograd"})
      .exempt(ranks);
  const auto adaptive_row = [&](Row r, const char* what, const char* example, const char* result) -> Row& {
    const bool line = r.name.ends_with("1d");
    add(r, what, line ? "[N, C, L] or [C, L] → [N, C, outputSize]" : "[N, C, H, W] or [C, H, W] → [N, C, P, Q]",
        "ShapeError when a size is empty or outputSize is not positive; DTypeError on other dtypes")
        .formula("window i of n: ⌊i·size/n⌋ to ⌈(i + 1)·size/n⌉")
        .torch(str("F.", r.name, line ? "(x, output_size)" : "(x, two(output_size))"))
        .example(example, result)
        .exempt(line ? ranks : "rank: images have three dimensions, a batch of them four");
    if (line)
      rows.back().with({"[2,3,6] outputSize=3", "[3,5] outputSize=2", "[1,1,1] outputSize=1", "[2,1,7] outputSize=1",
                        "[2,1,7] outputSize=7", "[1,2,5] outputSize=9", "[2,3,7]:T outputSize=4",
                        "[2,3,6]:S outputSize=4", "[2,3,4]:E outputSize=3", "[1,2,7]:t outputSize=3 !nocheck",
                        "[0,3,4] outputSize=3", "[1,1,6]:={nan,1,inf,3,-inf,2} outputSize=3 !nograd"});
    else
      rows.back().with({"[2,3,4,6] outputSize=2", "[3,5,5] outputSize=[3,2]", "[1,1,1,1] outputSize=1",
                        "[2,1,5,7] outputSize=1", "[2,1,5,7] outputSize=[5,3]", "[1,2,5,5] outputSize=7",
                        "[2,3,6,4]:T outputSize=3", "[2,3,4,6]:S outputSize=[3,4]", "[2,3,4,4]:E outputSize=3",
                        "[1,2,6,6]:t outputSize=4 !nocheck", "[0,3,4,4] outputSize=3",
                        "[1,1,2,4]:={nan,1,inf,3,4,5,-inf,7} outputSize=[1,2] !nograd"});
    return rows.back();
  };
  const char* mean_doc = "The mean of each of `outputSize` windows that cover x evenly.";
  const char* max_doc =
      "The largest value of each of `outputSize` windows that cover x evenly; the gradient goes to its "
      "first place.";
  adaptive_row(op("adaptive_avg_pool1d", adaptive_avg_pool1d, {"x", "outputSize"}), mean_doc,
               "F.adaptiveAvgPool1d(tensor([[1, 3, 2, 4]]), 2).toArray()", "[[2, 3]]");
  adaptive_row(op("adaptive_avg_pool2d", adaptive_avg_pool2d, {"x", "outputSize"}), mean_doc,
               "F.adaptiveAvgPool2d(tensor([[[1, 3], [2, 4]]]), 1).toArray()", "[[[2.5]]]");
  adaptive_row(op("adaptive_max_pool1d", adaptive_max_pool1d, {"x", "outputSize"}), max_doc,
               "F.adaptiveMaxPool1d(tensor([[1, 3, 2, 4]]), 2).toArray()", "[[3, 4]]");
  adaptive_row(op("adaptive_max_pool2d", adaptive_max_pool2d, {"x", "outputSize"}), max_doc,
               "F.adaptiveMaxPool2d(tensor([[[1, 3], [2, 4]]]), 1).toArray()", "[[[4]]]");
  return rows;
}

}  // namespace fluxion
