#include "fluxion/ops/patch.h"

#include <cmath>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"
#include "fluxion/ops/window.h"

namespace fluxion {
namespace {

struct Windows {
  Pair kernel, dilation, pad, stride, rows, padded;  // rows: how many windows fit, along height and width

  std::int64_t area() const { return kernel.h * kernel.w; }
  std::int64_t count() const { return rows.h * rows.w; }

  // Where in the padded plane each element of each window stands: window by window for each place in the kernel.
  Tensor places() const {
    std::vector<std::int32_t> at;
    for (std::int64_t r = 0; r < kernel.h; ++r)
      for (std::int64_t s = 0; s < kernel.w; ++s)
        for (std::int64_t i = 0; i < rows.h; ++i)
          for (std::int64_t j = 0; j < rows.w; ++j)
            at.push_back(narrow_int((i * stride.h + r * dilation.h) * padded.w + j * stride.w + s * dilation.w));
    return Tensor::from(at, {area() * count()});
  }
};

Windows windows_of(const char* op, Pair image, const Shape& kernel_size, const Shape& dilation, const Shape& padding,
                   const Shape& stride) {
  Windows w{pair_of(op, "kernelSize", kernel_size, 1),
            pair_of(op, "dilation", dilation, 1),
            pair_of(op, "padding", padding, 0),
            pair_of(op, "stride", stride, 1),
            {},
            {}};
  w.padded = {image.h + 2 * w.pad.h, image.w + 2 * w.pad.w};
  w.rows = {kernels::window_output(image.h, 2 * w.pad.h, w.kernel.h, w.stride.h, w.dilation.h),
            kernels::window_output(image.w, 2 * w.pad.w, w.kernel.w, w.stride.w, w.dilation.w)};
  if (w.rows.h < 1 || w.rows.w < 1)
    throw ShapeError(str(op, ": the window does not fit: image ", Shape{image.h, image.w}, ", kernel ", kernel_size,
                         ", padding ", padding, ", dilation ", dilation));
  if (numel({w.padded.h, w.padded.w}, op) > INT32_MAX)
    throw ShapeError(str(op, ": the padded image has more places than an index can name"));
  numel({w.area(), w.count()}, op);
  return w;
}

Tensor columns_of(const char* op, const Tensor& x, const Shape& kernel_size, const Shape& dilation,
                  const Shape& padding, const Shape& stride) {
  check_images(op, x);
  const Windows w = windows_of(op, {x.size(-2), x.size(-1)}, kernel_size, dilation, padding, stride);
  const std::int64_t n = x.rank() == 4 ? x.size(0) : 1, c = x.size(-3);
  const Tensor plane = reshape(pad(x, {w.pad.w, w.pad.w, w.pad.h, w.pad.h}), {n, c, w.padded.h * w.padded.w});
  const Tensor columns = index_select(plane, 2, w.places());
  return reshape(columns, x.rank() == 4 ? Shape{n, c * w.area(), w.count()} : Shape{c * w.area(), w.count()});
}

Tensor image_of(const char* op, const Tensor& x, const Shape& output_size, const Shape& kernel_size,
                const Shape& dilation, const Shape& padding, const Shape& stride) {
  check_floating(op, x);
  const Pair image = pair_of(op, "outputSize", output_size, 1);
  const Windows w = windows_of(op, image, kernel_size, dilation, padding, stride);
  if ((x.rank() != 2 && x.rank() != 3) || x.size(-2) % w.area() != 0 || x.size(-1) != w.count())
    throw ShapeError(str(op, ": x must be [N, C·", w.area(), ", ", w.count(), "] for images of ", output_size,
                         " and kernel ", kernel_size, ", it is ", x.shape()));
  const std::int64_t n = x.rank() == 3 ? x.size(0) : 1, c = x.size(-2) / w.area();
  const Tensor plane = index_add(zeros({n, c, w.padded.h * w.padded.w}, x.dtype()), 2, w.places(),
                                 reshape(x, {n, c, w.area() * w.count()}));
  Tensor out = reshape(plane, {n, c, w.padded.h, w.padded.w});
  out = narrow(narrow(out, 2, w.pad.h, image.h), 3, w.pad.w, image.w);
  return x.rank() == 3 ? out : squeeze(out, 0);
}

Tensor nearest(const Tensor& x, int dim, std::int64_t size, double scale) {
  std::vector<std::int32_t> places;
  for (std::int64_t i = 0; i < size; ++i) {
    const float at = std::floor(static_cast<float>(i) * static_cast<float>(scale));  // in float32, as PyTorch
    places.push_back(narrow_int(std::min(static_cast<std::int64_t>(at), x.size(dim) - 1)));
  }
  return index_select(x, dim, Tensor::from(places, {size}));
}

// Between two neighbours along `dim`.
Tensor linear_along(const Tensor& x, int dim, std::int64_t size, double scale, bool align_corners) {
  const std::int64_t last = x.size(dim) - 1;
  std::vector<std::int32_t> low, high;
  std::vector<double> share;
  for (std::int64_t i = 0; i < size; ++i) {
    const double t = static_cast<double>(i);
    const double at = align_corners ? t * scale : std::max((t + 0.5) * scale - 0.5, 0.0);
    const std::int64_t floor = std::min(static_cast<std::int64_t>(at), last);
    low.push_back(narrow_int(floor));
    high.push_back(narrow_int(std::min(floor + 1, last)));
    share.push_back(std::clamp(at - static_cast<double>(floor), 0.0, 1.0));
  }
  Shape along(static_cast<std::size_t>(x.rank()), 1);
  along[dim] = size;
  const Tensor w = cast_raw(Tensor::from(share, along), x.dtype());
  const Tensor a = index_select(x, dim, Tensor::from(low, {size})),
               b = index_select(x, dim, Tensor::from(high, {size}));
  return a * (1.0 - w) + b * w;
}

}  // namespace

std::vector<std::string> choice_names(Interpolation) { return {"nearest", "linear", "bilinear"}; }

Tensor unfold(const Tensor& x, const Shape& kernel_size, const Shape& dilation, const Shape& padding,
              const Shape& stride) {
  return columns_of("unfold", x, kernel_size, dilation, padding, stride);
}
Tensor im2col(const Tensor& x, const Shape& kernel_size, const Shape& dilation, const Shape& padding,
              const Shape& stride) {
  return columns_of("im2col", x, kernel_size, dilation, padding, stride);
}
Tensor fold(const Tensor& x, const Shape& output_size, const Shape& kernel_size, const Shape& dilation,
            const Shape& padding, const Shape& stride) {
  return image_of("fold", x, output_size, kernel_size, dilation, padding, stride);
}
Tensor col2im(const Tensor& x, const Shape& output_size, const Shape& kernel_size, const Shape& dilation,
              const Shape& padding, const Shape& stride) {
  return image_of("col2im", x, output_size, kernel_size, dilation, padding, stride);
}

Tensor interpolate(const Tensor& x, const std::optional<Shape>& size, std::optional<double> scale_factor,
                   Interpolation mode, bool align_corners) {
  constexpr const char* kOp = "interpolate";
  check_floating(kOp, x);
  if (x.rank() != 3 && x.rank() != 4)
    throw ShapeError(str(kOp, ": x must be [N, C, L] or [N, C, H, W], it is ", x.shape()));
  const int spatial = x.rank() - 2;
  if (mode != Interpolation::Nearest && (mode == Interpolation::Linear) != (spatial == 1))
    throw ShapeError(str(kOp, ": 'linear' is for [N, C, L], 'bilinear' for [N, C, H, W], x is ", x.shape()));
  if (mode == Interpolation::Nearest && align_corners)
    throw FluxionError(str(kOp, ": alignCorners goes with 'linear' and 'bilinear'"));
  if (size.has_value() == scale_factor.has_value()) throw FluxionError(str(kOp, ": give either size or scaleFactor"));
  if (scale_factor && !(*scale_factor > 0 && std::isfinite(*scale_factor)))
    throw FluxionError(str(kOp, ": scaleFactor must be positive, it is ", *scale_factor));
  Shape shape = x.shape();
  for (int d = 2; d < x.rank(); ++d) {
    if (x.size(d) == 0) throw ShapeError(str(kOp, ": there is nothing to resize in ", x.shape()));
    const double grown = scale_factor ? std::floor(static_cast<double>(x.size(d)) * *scale_factor) : 0;
    if (grown > INT32_MAX) throw ShapeError(str(kOp, ": scaleFactor ", *scale_factor, " makes x too large"));
    shape[d] = static_cast<std::int64_t>(grown);
  }
  if (size) {
    const Pair wanted = pair_of(kOp, "size", *size, 1, spatial);
    shape[2] = spatial == 2 ? wanted.h : wanted.w;
    shape[x.rank() - 1] = wanted.w;
  }
  if (numel({shape[2], shape[x.rank() - 1]}, kOp) == 0)
    throw ShapeError(str(kOp, ": nothing is left of ", x.shape(), " at scaleFactor ", scale_factor.value_or(0)));
  numel(shape, kOp);
  Tensor out = x;
  for (int d = 2; d < x.rank(); ++d) {
    const double from = static_cast<double>(x.size(d)), to = static_cast<double>(shape[d]);
    const double scale = align_corners  ? (to > 1 ? (from - 1) / (to - 1) : 0)
                         : scale_factor ? 1 / *scale_factor
                                        : from / to;
    out = mode == Interpolation::Nearest ? nearest(out, d, shape[d], scale)
                                         : linear_along(out, d, shape[d], scale, align_corners);
  }
  return out;
}

std::vector<Row> patch_rows() {
  std::vector<Row> rows;
  const auto add = [&](Row r) -> Row& {
    rows.push_back(r.dtypes("float32, float64").no_method());
    return rows.back();
  };
  const auto columns = [&](Row r, const char* name, const std::string& doc) {
    add(r.doc(doc)
            .formula(
                "y[c·R·S + r·S + s, i·Q + j] = x꜀[i·stride + r·dilation − padding, j·stride + s·dilation − padding]")
            .shapes("[N, C, H, W] or [C, H, W] → [N, C·R·S, P·Q], for P·Q windows of R·S")
            .errors("ShapeError when the window does not fit; DTypeError on other dtypes")
            .source("https://pytorch.org/docs/stable/generated/torch.nn.Unfold.html")
            .torch("F.unfold(x, two(kernel_size), two(dilation), two(padding), two(stride))")
            .example(str("F.", name, "(tensor([[[1, 2, 3], [4, 5, 6]]]), 2).toArray()"),
                     "[[1, 2], [2, 3], [4, 5], [5, 6]]")
            .with({"[2,3,4,5] kernelSize=2", "[3,5,5] kernelSize=3", "[1,1,1,1] kernelSize=1",
                   "[2,1,5,7] kernelSize=[3,2] stride=2 padding=1", "[1,2,6,6] kernelSize=2 dilation=[2,3]",
                   "[2,3,5,4]:T kernelSize=2 padding=[0,2]", "[2,3,4,4]:S kernelSize=3 stride=[1,2]",
                   "[2,3,4,4]:E kernelSize=2", "[1,1,2,3]:={nan,inf,-inf,1,2,3} kernelSize=2 padding=1 !nograd"})
            .exempt("rank: images have three dimensions, a batch of them four")
            .exempt("size0: PyTorch refuses an empty batch")
            .exempt("ties: values are only moved"));
  };
  const auto image = [&](Row r, const char* name, const std::string& doc) {
    add(r.doc(doc)
            .formula("y꜀[i·stride + r·dilation − padding, …] += x[c·R·S + r·S + s, i·Q + j]")
            .shapes("[N, C·R·S, P·Q] or [C·R·S, P·Q] → [N, C, …outputSize]")
            .errors("ShapeError when x has not as many columns as there are windows; DTypeError on other dtypes")
            .source("https://pytorch.org/docs/stable/generated/torch.nn.Fold.html")
            .torch("F.fold(x, two(output_size), two(kernel_size), two(dilation), two(padding), two(stride))")
            .example(str("F.", name, "(tensor([[1, 2], [2, 3], [4, 5], [5, 6]]), [2, 3], 2).toArray()"),
                     "[[[1, 4, 3], [4, 10, 6]]]")
            .with({"[2,12,12] outputSize=[4,5] kernelSize=2", "[9,9] outputSize=5 kernelSize=3",
                   "[1,1,1] outputSize=1 kernelSize=1",
                   "[2,6,12] outputSize=[5,7] kernelSize=[3,2] stride=2 padding=1",
                   "[1,8,12] outputSize=6 kernelSize=2 dilation=[2,3]", "[2,12,9]:T outputSize=4 kernelSize=2",
                   "[2,9,4]:S outputSize=4 kernelSize=3", "[2,4,9]:E outputSize=4 kernelSize=2",
                   "[1,4,4]:t outputSize=3 kernelSize=2",
                   "[1,4,2]:={nan,inf,-inf,1,2,3,4,5} outputSize=[2,3] kernelSize=2 !nograd"})
            .exempt("rank: columns have two dimensions, a batch of them three")
            .exempt("size0: PyTorch refuses an empty batch"));
  };
  const std::string unfolded =
      "Every window of the images as a column: what turns a convolution into a matrix product.";
  const std::string folded =
      "Columns added up where their windows stood in the image: the way back from unfold, where "
      "overlaps sum.";
  columns(op("unfold", unfold, {"x", "kernelSize", "*dilation=[1]", "*padding=[0]", "*stride=[1]"}), "unfold",
          unfolded);
  columns(op("im2col", im2col, {"x", "kernelSize", "*dilation=[1]", "*padding=[0]", "*stride=[1]"}), "im2col",
          unfolded + " Another name of unfold.");
  image(op("fold", fold, {"x", "outputSize", "kernelSize", "*dilation=[1]", "*padding=[0]", "*stride=[1]"}), "fold",
        folded);
  image(op("col2im", col2im, {"x", "outputSize", "kernelSize", "*dilation=[1]", "*padding=[0]", "*stride=[1]"}),
        "col2im", folded + " Another name of fold.");
  add(op("interpolate", interpolate,
         {"x", "size=null", "*scaleFactor=null", "*mode=\"nearest\"", "*alignCorners=false"}))
      .doc(
          "x at another size: each place takes the nearest value, or one between its neighbours. With alignCorners "
          "the "
          "first and the last values stay at the edges.")
      .formula("source = (i + ½)·scale − ½, or i·(in − 1)/(out − 1) with alignCorners; nearest: ⌊i·scale⌋")
      .shapes("[N, C, L] or [N, C, H, W] with other lengths: size, or ⌊length·scaleFactor⌋")
      .errors(
          "ShapeError when the rank does not suit the mode or nothing is left; FluxionError when not one of size and "
          "scaleFactor is given, or alignCorners goes with nearest")
      .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html")
      .torch(
          "F.interpolate(x, two(size) if size and x.dim() == 4 else size, scale_factor, mode, align_corners if mode "
          "!= 'nearest' else None)")
      .example("F.interpolate(tensor([[[1, 2]]]), [4]).toArray()", "[[[1, 1, 2, 2]]]")
      .summation_order("PyTorch works out the weights in float32")
      .with({"[1,1,1] size=3", "[2,3,5] size=7", "[2,3,7] size=3", "[2,3,5] scaleFactor=2",
             "[2,3,5] size=8 mode=linear", "[2,3,5] size=8 mode=linear alignCorners=true",
             "[2,3,7] scaleFactor=0.5 mode=linear", "[2,3,4,5] size=[7,3]", "[2,3,4,5] scaleFactor=2",
             "[2,3,4,5] size=[7,3] mode=bilinear", "[2,3,4,5] scaleFactor=2 mode=bilinear",
             "[2,3,4,5] size=[6,9] mode=bilinear alignCorners=true", "[2,3,4,5] scaleFactor=1.5 mode=bilinear",
             "[2,3,5,4]:T size=[3,6] mode=bilinear", "[2,3,5,4]:S size=1 mode=bilinear alignCorners=true",
             "[2,3,4,5]:E size=[5,4]", "[1,1,3,3]:t size=[5,5] mode=bilinear",
             "[1,1,3]:={nan,inf,-inf} size=6 !nograd"})
      .exempt("rank: sequences and images in batches")
      .exempt("size0: PyTorch refuses an empty batch");
  return rows;
}

}  // namespace fluxion
