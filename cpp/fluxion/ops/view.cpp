#include "fluxion/ops/view.h"

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"

namespace fluxion {
namespace {

// A view that follows in-place changes of x.
Tensor followed(const Tensor& x, Layout layout) {
  Tensor out = x.view_of(std::move(layout));
  follow(out, x);
  return out;
}

// Records a view whose gradient is the inverse rearrangement.
template <class Inverse>
Tensor rearranged(const char* op, const Tensor& x, Layout layout, Inverse inverse) {
  return record(op, followed(x, std::move(layout)), {&x},
                [inverse](Backward& ctx) { ctx.give(0, inverse(ctx.grad())); });
}

// Zeros of `shape` with g written into the part that `part` picks: the adjoint of picking it.
template <class Part>
Tensor embedded(const Tensor& g, const Shape& shape, Part part) {
  const Tensor out = zeros(shape, g.dtype());
  {
    const NoGrad off;
    copy_(part(out), g);
  }
  return record("embedded", out, {&g}, [part](Backward& ctx) { ctx.give(0, part(ctx.grad())); });
}

// Records a view of a part of x.
template <class Part>
Tensor picked(const char* op, const Tensor& x, Layout layout, Part part) {
  return record(op, followed(x, std::move(layout)), {&x}, [part, shape = x.shape()](Backward& ctx) {
    const Tensor* sum = ctx.sum_of(0);
    if (sum == nullptr) return ctx.give(0, embedded(ctx.grad(), shape, part));
    const Tensor into = part(*sum);
    kernels::launch(kernels::Prim::Binary, {view_of(into), view_of(into), view_of(ctx.grad())},
                    kernels::BinaryParams{kernels::Binary::Add});
  });
}

}  // namespace

Tensor strided_part(const Tensor& x, const Layout& layout) {
  Layout to = layout;
  to.offset += x.layout().offset;
  return picked("asStrided", x, std::move(to),
                [layout](const Tensor& part) { return strided_part(contiguous(part), layout); });
}

Tensor view(const Tensor& x, const Shape& shape) {
  const Shape to = infer_shape("view", shape, x.numel());
  std::optional<Layout> layout = reshaped(x.layout(), to);
  if (!layout)
    throw ShapeError(str("view: ", x.shape(), " with strides ", x.strides(), " cannot be seen as ", to,
                         " without a copy; use reshape"));
  return rearranged("view", x, std::move(*layout), [from = x.shape()](const Tensor& g) { return reshape(g, from); });
}

Tensor reshape(const Tensor& x, const Shape& shape) {
  const Shape to = infer_shape("reshape", shape, x.numel());
  if (to == x.shape()) return x;
  const auto back = [from = x.shape()](const Tensor& g) { return reshape(g, from); };
  if (std::optional<Layout> layout = reshaped(x.layout(), to))
    return rearranged("reshape", x, std::move(*layout), back);
  const Tensor copy = contiguous_raw(x);
  return record("reshape", copy.view_of({to, contiguous_strides(to), 0}), {&x},
                [back](Backward& ctx) { ctx.give(0, back(ctx.grad())); });
}

Tensor flatten(const Tensor& x, std::int64_t start_dim, std::int64_t end_dim) {
  const int start = wrap_dim("flatten", start_dim, x.rank()), end = wrap_dim("flatten", end_dim, x.rank());
  if (start > end) throw ShapeError(str("flatten: startDim ", start_dim, " comes after endDim ", end_dim));
  if (x.rank() == 0) return reshape(x, {1});
  Shape shape;
  for (int i = 0; i < x.rank(); ++i) {
    if (i <= start || i > end)
      shape.push_back(x.size(i));
    else
      shape.back() *= x.size(i);
  }
  return reshape(x, shape);
}

Tensor squeeze(const Tensor& x, std::optional<std::int64_t> dim) {
  Layout to{{}, {}, x.layout().offset};
  const int only = dim ? wrap_dim("squeeze", *dim, x.rank()) : -1;
  for (int i = 0; i < x.rank(); ++i) {
    if (x.size(i) == 1 && (!dim || i == only)) continue;
    to.shape.push_back(x.size(i));
    to.strides.push_back(x.strides()[i]);
  }
  return rearranged("squeeze", x, std::move(to), [from = x.shape()](const Tensor& g) { return reshape(g, from); });
}

Tensor unsqueeze(const Tensor& x, std::int64_t dim) {
  const int d = wrap_dim("unsqueeze", dim, x.rank() + 1);
  Layout to = x.layout();
  to.strides.insert(d, d < x.rank() ? to.strides[d] * to.shape[d] : 1);
  to.shape.insert(d, 1);
  return rearranged("unsqueeze", x, std::move(to), [d](const Tensor& g) { return squeeze(g, d); });
}

Tensor transpose(const Tensor& x, std::int64_t dim0, std::int64_t dim1) {
  const int a = wrap_dim("transpose", dim0, x.rank()), b = wrap_dim("transpose", dim1, x.rank());
  Layout to = x.layout();
  if (x.rank() > 0) {
    std::swap(to.shape[a], to.shape[b]);
    std::swap(to.strides[a], to.strides[b]);
  }
  return rearranged("transpose", x, std::move(to), [a, b](const Tensor& g) { return transpose(g, a, b); });
}

Tensor t(const Tensor& x) {
  if (x.rank() > 2) throw ShapeError(str("t: needs a matrix, this tensor is ", x.shape(), "; use transpose"));
  return x.rank() < 2 ? x : transpose(x, 0, 1);
}

Tensor permute(const Tensor& x, const Shape& dims) {
  if (dims.ssize() != x.rank())
    throw ShapeError(
        str("permute: ", dims, " names ", dims.ssize(), " dimensions, the tensor has ", x.rank(), ": ", x.shape()));
  Layout to{dims, dims, x.layout().offset};
  Shape inverse(dims.size(), -1);
  for (int i = 0; i < dims.ssize(); ++i) {
    const int d = wrap_dim("permute", dims[i], x.rank());
    if (inverse[d] != -1) throw ShapeError(str("permute: dimension ", dims[i], " appears twice in ", dims));
    inverse[d] = i;
    to.shape[i] = x.size(d);
    to.strides[i] = x.strides()[d];
  }
  return rearranged("permute", x, std::move(to), [inverse](const Tensor& g) { return permute(g, inverse); });
}

Tensor expand(const Tensor& x, const Shape& shape) {
  // The engine sums what was repeated.
  return rearranged("expand", x, expanded("expand", x.layout(), shape), [](const Tensor& g) { return g; });
}

Tensor slice(const Tensor& x, std::int64_t dim, std::optional<std::int64_t> start, std::optional<std::int64_t> end,
             std::int64_t step) {
  if (x.rank() == 0) throw IndexError("slice: a tensor of rank 0 has nothing to slice");
  if (step == 0) throw IndexError("slice: the step is 0");
  const int d = wrap_dim("slice", dim, x.rank());
  const std::int64_t size = x.size(d);
  // Python's rules: out-of-range bounds are clipped.
  const std::int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
  const auto clip = [&](std::optional<std::int64_t> v, std::int64_t otherwise) {
    if (!v) return otherwise;
    return std::clamp(*v < 0 ? *v + size : *v, low, high);
  };
  const std::int64_t from = clip(start, step > 0 ? low : high), to = clip(end, step > 0 ? high : low);
  const std::int64_t count = step > 0 ? (to - from + step - 1) / step : (from - to - step - 1) / -step;
  Layout layout = x.layout();
  layout.shape[d] = std::max<std::int64_t>(count, 0);
  if (layout.shape[d] > 0) layout.offset += from * x.strides()[d];
  layout.strides[d] *= step;
  return picked("slice", x, std::move(layout), [=](const Tensor& part) { return slice(part, d, start, end, step); });
}

Tensor narrow(const Tensor& x, std::int64_t dim, std::int64_t start, std::int64_t length) {
  const int d = wrap_dim("narrow", dim, x.rank());
  if (x.rank() == 0) throw IndexError("narrow: a tensor of rank 0 has nothing to narrow");
  const std::int64_t from = start < 0 ? start + x.size(d) : start;
  if (from < 0 || length < 0 || from + length > x.size(d))
    throw IndexError(
        str("narrow: ", length, " elements from ", start, " do not lie in dimension ", dim, " of ", x.shape()));
  return slice(x, d, from, from + length);
}

Tensor select(const Tensor& x, std::int64_t dim, std::int64_t index) {
  if (x.rank() == 0) throw IndexError("select: a tensor of rank 0 has nothing to select from");
  const int d = wrap_dim("select", dim, x.rank());
  const std::int64_t i = index < 0 ? index + x.size(d) : index;
  if (i < 0 || i >= x.size(d))
    throw IndexError(str("select: index ", index, " is out of range for dimension ", dim, " of ", x.shape()));
  Layout layout = x.layout();
  layout.offset += i * x.strides()[d];
  layout.shape.erase(d);
  layout.strides.erase(d);
  return picked("select", x, std::move(layout), [=](const Tensor& part) { return select(part, d, i); });
}

std::vector<Tensor> unbind(const Tensor& x, std::int64_t dim) {
  const int d = wrap_dim("unbind", dim, x.rank());
  if (x.rank() == 0) throw IndexError("unbind: a tensor of rank 0 has no dimension to unbind");
  std::vector<Tensor> parts;
  for (std::int64_t i = 0; i < x.size(d); ++i) parts.push_back(select(x, d, i));
  return parts;
}

std::vector<Tensor> split(const Tensor& x, std::int64_t split_size, std::int64_t dim) {
  const int d = wrap_dim("split", dim, x.rank());
  if (x.rank() == 0) throw IndexError("split: a tensor of rank 0 has no dimension to split");
  if (split_size <= 0) throw ShapeError(str("split: the size of a part must be positive, it is ", split_size));
  std::vector<Tensor> parts;
  for (std::int64_t i = 0; i == 0 || i < x.size(d); i += split_size)
    parts.push_back(slice(x, d, i, std::min(i + split_size, x.size(d))));
  return parts;
}

std::vector<Tensor> chunk(const Tensor& x, std::int64_t chunks, std::int64_t dim) {
  const int d = wrap_dim("chunk", dim, x.rank());
  if (x.rank() == 0) throw IndexError("chunk: a tensor of rank 0 has no dimension to cut");
  if (chunks <= 0) throw ShapeError(str("chunk: the number of parts must be positive, it is ", chunks));
  return split(x, std::max<std::int64_t>((x.size(d) + chunks - 1) / chunks, 1), d);
}

Tensor diagonal(const Tensor& x, std::int64_t offset, std::int64_t dim1, std::int64_t dim2) {
  const int a = wrap_dim("diagonal", dim1, x.rank()), b = wrap_dim("diagonal", dim2, x.rank());
  if (x.rank() < 2 || a == b) throw ShapeError(str("diagonal: needs two different dimensions of ", x.shape()));
  const std::int64_t room =
      offset >= 0 ? std::min(x.size(a), x.size(b) - offset) : std::min(x.size(a) + offset, x.size(b));
  const std::int64_t count = std::max<std::int64_t>(room, 0);
  Layout layout = x.layout();
  if (count > 0) layout.offset += offset >= 0 ? offset * x.strides()[b] : -offset * x.strides()[a];
  const std::int64_t stride = x.strides()[a] + x.strides()[b];
  for (const int d : {std::max(a, b), std::min(a, b)}) {
    layout.shape.erase(d);
    layout.strides.erase(d);
  }
  layout.shape.push_back(count);
  layout.strides.push_back(stride);
  return picked("diagonal", x, std::move(layout), [=](const Tensor& part) { return diagonal(part, offset, a, b); });
}

namespace {

// The sum of windows where they overlap: the adjoint of taking them.
Tensor joined_windows(const Tensor& g, const Shape& shape, int d, std::int64_t step) {
  const Tensor out = zeros(shape, g.dtype());
  const std::int64_t count = g.size(d), size = g.size(-1);
  {
    const NoGrad off;
    for (std::int64_t i = 0; i < size && count > 0; ++i) {
      const Tensor into = slice(out, d, i, i + (count - 1) * step + 1, step);
      arithmetic().add_to(into, select(g, -1, i));
    }
  }
  return record("joinedWindows", out, {&g}, [=](Backward& ctx) { ctx.give(0, windows(ctx.grad(), d, size, step)); });
}

}  // namespace

Tensor windows(const Tensor& x, std::int64_t dim, std::int64_t size, std::int64_t step) {
  const int d = wrap_dim("windows", dim, x.rank());
  if (step <= 0) throw ShapeError(str("windows: the step must be positive, it is ", step));
  const std::int64_t room = x.rank() == 0 ? 1 : x.size(d);
  if (size < 0 || size > room)
    throw ShapeError(str("windows: size ", size, " does not fit into dimension ", dim, " of ", x.shape()));
  Layout layout = x.layout();
  const std::int64_t stride = x.rank() == 0 ? 1 : x.strides()[d];
  if (x.rank() > 0) {
    layout.shape[d] = (room - size) / step + 1;
    layout.strides[d] *= step;
  }
  layout.shape.push_back(size);
  layout.strides.push_back(stride);
  return rearranged("windows", x, std::move(layout), [d, step, shape = x.shape()](const Tensor& g) {
    return shape.empty() ? reshape(g, {}) : joined_windows(g, shape, d, step);
  });
}

Tensor contiguous(const Tensor& x) { return x.is_contiguous() ? x : clone(x); }

Tensor clone(const Tensor& x) {
  const Tensor out = Tensor::empty(x.shape(), x.dtype());
  kernels::launch(kernels::Prim::Copy, {view_of(out), view_of(x)}, kernels::NoParams{});
  return record("clone", out, {&x}, [](Backward& ctx) { ctx.give(0, ctx.grad()); });
}

Tensor cat(const std::vector<Tensor>& tensors, std::int64_t dim) {
  if (tensors.empty()) throw ShapeError("cat: the list of tensors is empty");
  const Tensor& first = tensors[0];
  if (first.rank() == 0) throw ShapeError("cat: tensors of rank 0 cannot be joined; use stack");
  const int d = wrap_dim("cat", dim, first.rank());
  Shape shape = first.shape();
  DType dtype = first.dtype();
  std::vector<std::int64_t> starts = {0};
  for (const Tensor& part : tensors) {
    bool fits = part.rank() == first.rank();
    for (int i = 0; fits && i < first.rank(); ++i) fits = i == d || part.size(i) == first.size(i);
    if (!fits)
      throw ShapeError(
          str("cat: sizes must match except in dimension ", d, ": ", first.shape(), " and ", part.shape()));
    dtype = promote(dtype, part.dtype());
    starts.push_back(starts.back() + part.size(d));
  }
  shape[d] = starts.back();
  const Tensor out = Tensor::empty(shape, dtype);
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    Layout place = out.layout();
    place.shape[d] = tensors[i].size(d);
    place.offset = starts[i] * out.strides()[d];
    kernels::launch(kernels::Prim::Copy, {view_of(out, place), view_of(tensors[i])}, kernels::NoParams{});
  }
  return record("cat", out, tensors, [starts, d](Backward& ctx) {
    for (std::size_t i = 0; i + 1 < starts.size(); ++i)
      if (ctx.needs(static_cast<int>(i))) ctx.give(static_cast<int>(i), slice(ctx.grad(), d, starts[i], starts[i + 1]));
  });
}

Tensor stack(const std::vector<Tensor>& tensors, std::int64_t dim) {
  if (tensors.empty()) throw ShapeError("stack: the list of tensors is empty");
  std::vector<Tensor> raised;
  const int d = wrap_dim("stack", dim, tensors[0].rank() + 1);
  for (const Tensor& part : tensors) {
    if (!(part.shape() == tensors[0].shape()))
      throw ShapeError(str("stack: shapes must be equal: ", tensors[0].shape(), " and ", part.shape()));
    raised.push_back(unsqueeze(part, d));
  }
  return cat(raised, d);
}

}  // namespace fluxion
