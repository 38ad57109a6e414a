#include "fluxion/ops/index.h"

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::IndexParams;
using kernels::Prim;

// A scalar counts as a vector of one.
Tensor at_least_1d(const Tensor& t) { return t.rank() == 0 ? reshape(t, {1}) : t; }

// gather and scatter_add: index has x's rank and, but for `dim`, at most its sizes.
void check_lanes(const char* op, const char* what, const Tensor& t, int dim, const Tensor& index,
                 bool also_dim) {
  bool fits = t.rank() == index.rank();
  for (int i = 0; fits && i < t.rank(); ++i) fits = (i == dim && !also_dim) || index.size(i) <= t.size(i);
  if (!fits)
    throw ShapeError(str(op, ": the index ", index.shape(), " does not lie within ", what, " ", t.shape(),
                         also_dim ? "" : str(" beside dimension ", dim)));
}

// index_select and index_add: a vector of places, or one place.
void check_places(const char* op, const Tensor& index, std::int64_t size) {
  check_index_dtype(op, index);
  if (index.rank() > 1) throw ShapeError(str(op, ": the index must be a vector, it is ", index.shape()));
  check_indices(op, index, size);
}

// Gather of checked arguments.
Tensor gather_checked(const Tensor& x, int dim, const Tensor& index);

// x + src added at the indexed places, of checked arguments; src has the index's shape.
Tensor scatter_checked(const Tensor& x, int dim, const Tensor& index, const Tensor& src) {
  const Tensor out = clone(x.detach());
  kernels::launch(Prim::ScatterAdd, {view_of(out), view_of(index), view_of(src)}, IndexParams{dim});
  return record("scatterAdd", out, {&x, &src}, [index = Saved(index), dim](Backward& ctx) {
    ctx.give(0, ctx.grad());
    if (ctx.needs(1)) ctx.give(1, gather_checked(ctx.grad(), dim, index.get(ctx)));
  });
}

Tensor gather_checked(const Tensor& x, int dim, const Tensor& index) {
  const Tensor out = Tensor::empty(index.shape(), x.dtype());
  kernels::launch(Prim::Gather, {view_of(out), view_of(x), view_of(index)}, IndexParams{dim});
  return record("gather", out, {&x}, [index = Saved(index), dim, shape = x.shape()](Backward& ctx) {
    ctx.give(0, scatter_checked(zeros(shape, ctx.grad().dtype()), dim, index.get(ctx), ctx.grad()));
  });
}

// x with src at the indexed places; where several meet, the gradient goes to each, as PyTorch's does.
Tensor put_checked(const Tensor& x, int dim, const Tensor& index, const Tensor& src) {
  const Tensor out = clone(x.detach());
  kernels::launch(Prim::ScatterAdd, {view_of(out), view_of(index), view_of(src)}, IndexParams{dim, true});
  return record("scatter", out, {&x, &src}, [index = Saved(index), dim](Backward& ctx) {
    const Tensor places = index.get(ctx), &g = ctx.grad();
    if (ctx.needs(0)) ctx.give(0, put_checked(g, dim, places, expand(zeros({}, g.dtype()), places.shape())));
    if (ctx.needs(1)) ctx.give(1, gather_checked(g, dim, places));
  });
}

// Row-major places of what is true: the running count of a true element is where its place goes; the rest goes to one
// cell behind the last.
Tensor places_of(const Tensor& mask) {
  const std::int64_t n = mask.numel();
  if (n == 0) return zeros({0}, DType::Int32);
  const Tensor flat = reshape(mask, {n}), running = cumsum(flat, 0);
  const std::int64_t count = static_cast<std::int64_t>(running.at(n - 1));
  const Tensor into = where(flat, sub(running, 1), Scalar(count)), from = arange(0, n);
  return narrow(put_checked(zeros({count + 1}, DType::Int32), 0, into, from), 0, 0, count);
}

Tensor select_checked(const Tensor& x, int dim, const Tensor& index);

Tensor add_checked(const Tensor& x, int dim, const Tensor& index, const Tensor& src) {
  const Tensor out = clone(x.detach());
  kernels::launch(Prim::IndexAdd, {view_of(out), view_of(index), view_of(src)}, IndexParams{dim});
  return record("indexAdd", out, {&x, &src}, [index = Saved(index), dim](Backward& ctx) {
    ctx.give(0, ctx.grad());
    if (ctx.needs(1)) ctx.give(1, select_checked(ctx.grad(), dim, index.get(ctx)));
  });
}

Tensor select_checked(const Tensor& x, int dim, const Tensor& index) {
  Shape shape = x.shape();
  shape[dim] = index.size(0);
  const Tensor out = Tensor::empty(shape, x.dtype());
  kernels::launch(Prim::IndexSelect, {view_of(out), view_of(x), view_of(index)}, IndexParams{dim});
  return record("indexSelect", out, {&x}, [index = Saved(index), dim, from = x.shape()](Backward& ctx) {
    ctx.give(0, add_checked(zeros(from, ctx.grad().dtype()), dim, index.get(ctx), ctx.grad()));
  });
}

Tensor triangle(const char* op, const Tensor& x, std::int64_t diagonal, bool upper) {
  if (x.rank() < 2) throw ShapeError(str(op, ": needs at least two dimensions, x is ", x.shape()));
  const Tensor out = Tensor::empty(x.shape(), x.dtype());
  kernels::launch(Prim::Tri, {view_of(out), view_of(x)}, kernels::TriParams{diagonal, upper});
  return record(op, out, {&x}, [op, diagonal, upper](Backward& ctx) {
    ctx.give(0, triangle(op, ctx.grad(), diagonal, upper));
  });
}

}  // namespace

Tensor gather(const Tensor& x, std::int64_t dim, const Tensor& index) {
  const int d = wrap_dim("gather", dim, x.rank());
  check_index_dtype("gather", index);
  check_lanes("gather", "x", x, d, index, false);
  check_indices("gather", index, x.rank() == 0 ? 1 : x.size(d));
  if (x.rank() == 0) return reshape(gather_checked(at_least_1d(x), 0, at_least_1d(index)), {});
  return gather_checked(x, d, index);
}

namespace {

// x, dim, index and src as scatter and scatter_add want them, for `put`.
template <class Put>
Tensor scattered(const char* op, const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& src, Put put) {
  const int d = wrap_dim(op, dim, x.rank());
  check_index_dtype(op, index);
  check_same_dtype(op, x, src);
  check_lanes(op, "x", x, d, index, false);
  check_lanes(op, "src", src, d, index, true);
  check_indices(op, index, x.rank() == 0 ? 1 : x.size(d));
  if (x.rank() == 0) return reshape(put(at_least_1d(x), 0, at_least_1d(index), at_least_1d(src)), {});
  Tensor used = src;
  for (int i = 0; i < src.rank(); ++i)
    if (used.size(i) != index.size(i)) used = narrow(used, i, 0, index.size(i));
  return put(x, d, index, used);
}

}  // namespace

Tensor scatter_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& src) {
  return scattered("scatterAdd", x, dim, index, src, scatter_checked);
}

Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Operand& src) {
  const Tensor values = src.is_tensor() ? src.tensor : expand(full({}, src.scalar.value, x.dtype()), index.shape());
  return scattered("scatter", x, dim, index, values, put_checked);
}

// Places among so many elements, negative ones from the end.
static void check_places(const kernels::View* views, const void* params) {
  const auto size = static_cast<double>(*static_cast<const std::int64_t*>(params));
  const auto [low, high] = range_of(views[0]);
  if (low < -size || high >= size)
    throw IndexError(str("take: index ", low < -size ? low : high, " is out of range for ", size, " elements"));
}

Tensor take(const Tensor& x, const Tensor& index) {
  check_index_dtype("take", index);
  const std::int64_t size = x.numel();
  const Tensor wrapped = where(lt(index, 0), add(index, Scalar(size)), index);
  if (index.numel() > 0)
    kernels::check_values(check_places, {view_of(index)}, size);
  return reshape(select_checked(reshape(x, {size}), 0, reshape(wrapped, {index.numel()})), index.shape());
}

Tensor masked_select(const Tensor& x, const Tensor& mask) {
  if (mask.dtype() != DType::Bool)
    throw DTypeError(str("maskedSelect: the mask must be bool, this one is ", mask.dtype()));
  const Shape shape = broadcast_shapes("maskedSelect", x.shape(), mask.shape());
  return select_checked(reshape(expand(x, shape), {-1}), 0, places_of(expand(mask, shape)));
}

Tensor nonzero(const Tensor& x) {
  Tensor rest = places_of(cast_raw(x, DType::Bool));
  const Tensor out = zeros({rest.numel(), x.rank()}, DType::Int32);
  const auto with = [](kernels::Binary kind, const Tensor& a, std::int64_t b) {
    const Tensor divisor = expand(full({}, static_cast<double>(b), DType::Int32), a.shape());
    const Tensor result = Tensor::empty(a.shape(), DType::Int32);
    kernels::launch(Prim::Binary, {view_of(result), view_of(a), view_of(divisor)}, kernels::BinaryParams{kind});
    return result;
  };
  for (int d = x.rank() - 1; d >= 0 && rest.numel() > 0; --d) {
    copy_(select(out, 1, d), with(kernels::Binary::Remainder, rest, x.size(d)));
    rest = with(kernels::Binary::FloorDiv, rest, x.size(d));
  }
  return out;
}

Tensor index_select(const Tensor& x, std::int64_t dim, const Tensor& index) {
  const int d = wrap_dim("indexSelect", dim, x.rank());
  check_places("indexSelect", index, x.rank() == 0 ? 1 : x.size(d));
  if (x.rank() > 0) return select_checked(x, d, at_least_1d(index));
  if (index.numel() != 1)
    throw ShapeError(str("indexSelect: one index is taken from a scalar, not ", index.shape()));
  return reshape(select_checked(at_least_1d(x), 0, at_least_1d(index)), {});
}

Tensor index_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& src) {
  constexpr const char* kOp = "indexAdd";
  const int d = wrap_dim(kOp, dim, x.rank());
  check_same_dtype(kOp, x, src);
  Shape expected = x.shape();
  if (x.rank() > 0) expected[d] = index.numel();
  if (!(src.shape() == expected) || (x.rank() == 0 && index.numel() != 1))
    throw ShapeError(str(kOp, ": src ", src.shape(), " must be x ", x.shape(), " with ", index.numel(),
                         " along dimension ", d));
  check_places(kOp, index, x.rank() == 0 ? 1 : x.size(d));
  if (x.rank() == 0) return reshape(add_checked(at_least_1d(x), 0, at_least_1d(index), at_least_1d(src)), {});
  return add_checked(x, d, at_least_1d(index), src);
}

Tensor embedding(const Tensor& index, const Tensor& weight, std::optional<std::int64_t> padding_idx) {
  constexpr const char* kOp = "embedding";
  check_index_dtype(kOp, index);
  if (weight.rank() != 2)
    throw ShapeError(str(kOp, ": weight must be [number of rows, width], it is ", weight.shape()));
  const std::int64_t size = weight.size(0);
  if (padding_idx && (*padding_idx < -size || *padding_idx >= size))
    throw IndexError(str(kOp, ": paddingIdx ", *padding_idx, " is out of range for ", size, " rows"));
  check_indices(kOp, index, size);

  const std::int64_t count = index.numel(), width = weight.size(1);
  Shape shape = index.shape();
  shape.push_back(width);
  const Tensor places = contiguous_raw(index);
  const Layout flat{{count}, {1}, places.layout().offset};
  const Tensor out = Tensor::empty(shape, weight.dtype());
  const Layout rows{{count, width}, {width, 1}, 0};
  kernels::launch(Prim::IndexSelect, {view_of(out, rows), view_of(weight), view_of(places, flat)},
                  IndexParams{0});
  if (!wants_grad(weight)) return out;
  const std::int64_t pad = padding_idx ? (*padding_idx + size) % size : -1;
  return record(kOp, out, {&weight}, [places = Saved(places), pad, size, count, width](Backward& ctx) {
    const Tensor list = reshape(places.get(ctx), {count});
    Tensor g = reshape(ctx.grad(), {count, width});
    if (pad >= 0) g = masked_fill(g, unsqueeze(eq(list, Scalar(pad)), 1), 0);
    ctx.give(0, add_checked(zeros({size, width}, g.dtype()), 0, list, g));
  });
}

Tensor one_hot(const Tensor& index, std::int64_t num_classes) {
  check_index_dtype("oneHot", index);
  if (num_classes < -1 || num_classes == 0)
    throw ShapeError(str("oneHot: numClasses must be positive, or -1 to infer it, it is ", num_classes));
  if (num_classes == -1) {
    if (index.numel() == 0) throw ShapeError("oneHot: numClasses cannot be inferred from no indices");
    num_classes = static_cast<std::int64_t>(amax(index).item()) + 1;
  }
  check_indices("oneHot", index, num_classes);
  return to_dtype(eq(unsqueeze(index, -1), arange(0, num_classes)), DType::Int32);
}

Tensor tril(const Tensor& x, std::int64_t diagonal) { return triangle("tril", x, diagonal, false); }
Tensor triu(const Tensor& x, std::int64_t diagonal) { return triangle("triu", x, diagonal, true); }

std::vector<Row> index_rows() {
  const std::string any = "any; the index is int32", range = "IndexError when an index is out of range; ";
  const std::string no_broadcast = "broadcast: shapes must fit exactly",
                    moved = "ties: values are only moved";
  std::vector<Row> rows;
  rows.push_back(
      op("gather", gather, {"x", "dim", "index"})
          .doc("Picks one element of x along `dim` for every element of the index.")
          .formula("yᵢⱼₖ = x[i][indexᵢⱼₖ][k] for dim = 1")
          .shapes("index has x's rank and, but for dim, at most its sizes; the result has the index's shape")
          .dtypes(any)
          .errors(range + "ShapeError when the index does not fit; DTypeError when it is not int32")
          .source("https://pytorch.org/docs/stable/generated/torch.gather.html")
          .torch("torch.gather(x, dim, index)")
          .example("tensor([[1, 2], [3, 4]]).gather(1, tensor([[1], [0]], { dtype: 'int32' })).toArray()",
                   "[[2], [3]]")
          .with({"[] []:i(0,1) dim=0", "[1] [1]:i(0,1) dim=0", "[5] [7]:i(0,5) dim=0",
                 "[3,5] [3,2]:i(0,5) dim=1", "[3,5] [4,5]:i(0,3) dim=0", "[3,5] [2,3]:i(0,5) dim=1",
                 "[2,3,5] [2,3,5]:i(0,3) dim=1", "[2,3,2,3] [1,3,2,4]:i(0,3) dim=-1",
                 "[2,1,2,3,2] [2,1,5,3,2]:i(0,2) dim=2", "[3,5]:T [3,2]:Ti(0,5) dim=1",
                 "[2,3,5]:S [2,2,5]:Si(0,3) dim=1", "[3,5]:E [3,4]:Ei(0,5) dim=1", "[0] [0]:i(0,1) dim=0",
                 "[3] [0]:i(0,1) dim=0", "[2,3] [0,3]:i(0,1) dim=0", "[4]:i(-9,9) [3]:i(0,4) dim=0",
                 "[4]:b [3]:i(0,4) dim=0", "[3]:={nan,inf,-inf} [4]:i(0,3) dim=0 !nograd"})
          .exempt(no_broadcast)
          .exempt(moved));
  rows.push_back(
      op("scatter_add", scatter_add, {"x", "dim", "index", "src"})
          .has_in_place()
          .doc("A copy of x with every element of src added at the place that the index names along `dim`.")
          .formula("y = x; y[i][indexᵢⱼₖ][k] += srcᵢⱼₖ for dim = 1")
          .shapes("index lies within x (but for dim) and within src; the result has the shape of x")
          .dtypes("x and src the same; the index is int32")
          .errors(range + "ShapeError when index, x and src do not fit; DTypeError when x and src differ or "
                          "the index is not int32")
          .source("https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_add_.html")
          .torch("torch.scatter_add(x, dim, index, src)")
          .example(
              "tensor([1, 1]).scatterAdd(0, tensor([1, 1], { dtype: 'int32' }), tensor([2, 3])).toArray()",
              "[1, 6]")
          .with({"[] []:i(0,1) [] dim=0", "[1] [1]:i(0,1) [1] dim=0", "[3] [7]:i(0,3) [7] dim=0",
                 "[3,5] [3,7]:i(0,5) [3,7] dim=1", "[3,5] [2,4]:i(0,3) [2,4] dim=0",
                 "[2,3,5] [2,4,5]:i(0,3) [2,4,5] dim=1", "[2,3,2,3] [2,3,2,5]:i(0,3) [2,3,2,5] dim=-1",
                 "[2,1,2,3,2] [2,1,3,3,2]:i(0,2) [2,1,3,3,2] dim=2", "[3,5]:T [3,2]:Ti(0,5) [3,2]:T dim=1",
                 "[2,3,5]:S [2,2,5]:Si(0,3) [2,2,5]:S dim=1", "[3,5]:E [3,4]:Ei(0,5) [3,4]:E dim=1",
                 "[3]:t [5]:i(0,3) [5]:t dim=0", "[0] [0]:i(0,1) [0] dim=0", "[3] [0]:i(0,1) [0] dim=0",
                 "[4]:i(-9,9) [6]:i(0,4) [6]:i(-9,9) dim=0",
                 "[3]:={nan,inf,1} [3]:i(0,3)={0,1,2} [3]:={1,-inf,nan} dim=0 !nograd"})
          .exempt(no_broadcast));
  rows.push_back(
      op("scatter", scatter, {"x", "dim", "index", "src"})
          .has_in_place()
          .doc("A copy of x with the elements of src, or one number, put at the places that the index names along "
               "`dim`; where several meet, the last one stays.")
          .formula("y = x; y[i][indexᵢⱼₖ][k] = srcᵢⱼₖ for dim = 1")
          .shapes("index lies within x (but for dim) and within src; the result has the shape of x")
          .dtypes("x and src the same; the index is int32")
          .errors(range + "ShapeError when index, x and src do not fit; DTypeError when x and src differ or "
                          "the index is not int32")
          .source("https://pytorch.org/docs/stable/generated/torch.Tensor.scatter_.html")
          .torch("torch.scatter(x, dim, index, src)")
          .example("tensor([1, 1]).scatter(0, tensor([1], { dtype: 'int32' }), tensor([5])).toArray()", "[1, 5]")
          .with({"[] []:i(0,1) [] dim=0", "[1] [1]:i(0,1) [1] dim=0", "[7] [7]:p [7] dim=0",
                 "[3,5] [3,5]:p [3,5] dim=1", "[3,5] [3,5]:p [3,7] dim=1 !nograd",
                 "[3,5] [1,4]:i(0,3) [1,4] dim=0", "[2,3,5] [2,1,5]:i(0,3) [2,1,5] dim=1",
                 "[2,3,2,3] [2,3,2,3]:p [2,3,2,3] dim=-1", "[2,1,2,3,2] [2,1,2,3,2]:p [2,1,2,3,2] dim=-1",
                 "[3,5]:T [3,5]:p [3,5]:T dim=1", "[2,3,5]:S [2,2,5]:p [2,2,5]:S dim=2",
                 "[3,5]:E [3,5]:p [3,5]:E dim=1",
                 "[3,5] [3,5]:p 2.5 dim=1", "[3] [5]:i(0,3) -1 dim=0", "[3]:t [3]:p [3]:t dim=0",
                 "[0] [0]:i(0,1) [0] dim=0", "[3] [0]:i(0,1) [0] dim=0", "[4]:i(-9,9) [6]:i(0,4) [6]:i(-9,9) dim=0",
                 "[3]:={nan,inf,1} [2]:i={0,1} [2]:={-inf,nan} dim=0 !nograd"})
          .exempt(no_broadcast));
  rows.push_back(
      op("take", take, {"x", "index"})
          .doc("The elements of x at places counted as if it were flattened; negative ones count from the end.")
          .formula("yᵢ = flat(x)[indexᵢ]")
          .shapes("that of the index")
          .dtypes(any)
          .errors(range + "DTypeError when it is not int32")
          .source("https://pytorch.org/docs/stable/generated/torch.take.html")
          .torch("torch.take(x, index)")
          .example("tensor([[1, 2], [3, 4]]).take(tensor([0, -1], { dtype: 'int32' })).toArray()", "[1, 4]")
          .with({"[] [2]:i(0,1)", "[1] []:i(0,1)", "[5] [7]:i(-5,5)", "[3,5] [2,3]:i(0,15)", "[3,5]:T [4]:i(-15,15)",
                 "[2,3,5]:S [2,2]:Ti(0,30)", "[2,3,2,3] [3]:i(0,36)", "[2,1,2,3,2]:E [2,1,2,1,3]:i(0,24)",
                 "[4] [0]:i(0,1)", "[4]:i(-9,9) [3]:i(0,4)", "[3]:={nan,inf,-inf} [4]:i(0,3) !nograd"})
          .exempt(moved));
  rows.push_back(
      op("masked_select", masked_select, {"x", "mask"})
          .doc("The elements of x where the mask is true, in row-major order.")
          .formula("(xᵢ for maskᵢ)")
          .shapes("x and mask broadcast; the result is a vector")
          .dtypes("any; the mask is bool")
          .errors("DTypeError when the mask is not bool; ShapeError when the shapes do not broadcast")
          .source("https://pytorch.org/docs/stable/generated/torch.masked_select.html")
          .example("tensor([1, 2, 3]).maskedSelect(tensor([true, false, true])).toArray()", "[1, 3]")
          .with({"[] []:b={1}", "[1] [1]:b={0}", "[0] [0]:b", "[7] [7]:b", "[3,5] [5]:b", "[3,5]:T [3,1]:b",
                 "[2,3,5]:S [2,3,5]:b", "[2,3,2,3] [3,2,1]:b", "[2,1,2,3,2]:E [2]:b", "[5] [3,5]:b", "[33] [33]:b",
                 "[4]:i(-9,9) [4]:b", "[3]:={nan,inf,-inf} [3]:b={1,1,1} !nograd"})
          .exempt(moved));
  rows.push_back(op("nonzero", nonzero, {"x"})
                     .doc("The places of all elements that are true or not zero, in row-major order.")
                     .shapes("[count, rank of x]")
                     .dtypes("any; the result is int32")
                     .errors("none")
                     .source("https://pytorch.org/docs/stable/generated/torch.nonzero.html")
                     .torch("torch.nonzero(x)")
                     .example("tensor([[1, 0], [0, 2]]).nonzero().toArray()", "[[0, 0], [1, 1]]")
                     .no_grad()
                     .with(unary_samples())
                     .with({"[3,5]:t", "[3,5]:b", "[2,3,5]:Tt", "[2,3,2,3]:t", "[2,1,2,3,2]:t", "[5]:={0,0,0,0,0}"}));
  rows.push_back(
      op("index_select", index_select, {"x", "dim", "index"})
          .doc("The slices of x along `dim` that the index lists.")
          .formula("yᵢⱼₖ = x[i][indexⱼ][k] for dim = 1")
          .shapes("index [n]; the result is x with n along dim")
          .dtypes(any)
          .errors(range + "ShapeError when the index is no vector; DTypeError when it is not int32")
          .source("https://pytorch.org/docs/stable/generated/torch.index_select.html")
          .torch("torch.index_select(x, dim, index)")
          .example("tensor([10, 20, 30]).indexSelect(0, tensor([2, 0], { dtype: 'int32' })).toArray()",
                   "[30, 10]")
          .with({"[] [1]:i(0,1) dim=0", "[1] [1]:i(0,1) dim=0", "[5] [7]:i(0,5) dim=0",
                 "[3,5] [4]:i(0,5) dim=1", "[3,5] [4]:i(0,3) dim=0", "[2,3,5] [2]:i(0,3) dim=1",
                 "[2,3,2,3] [5]:i(0,3) dim=-1", "[2,1,2,3,2] [3]:i(0,2) dim=2", "[3,5]:T [4]:Si(0,5) dim=1",
                 "[2,3,5]:S [4]:i(0,5) dim=2", "[3,5]:E [4]:Ei(0,3) dim=0", "[5] []:i(0,5) dim=0",
                 "[3] [0]:i(0,1) dim=0", "[0,3] [2]:i(0,3) dim=1", "[4]:i(-9,9) [3]:i(0,4) dim=0",
                 "[4]:b [3]:i(0,4) dim=0", "[3]:={nan,inf,-inf} [4]:i(0,3) dim=0 !nograd"})
          .exempt(no_broadcast)
          .exempt(moved));
  rows.push_back(
      op("index_add", index_add, {"x", "dim", "index", "src"})
          .has_in_place()
          .doc("A copy of x with each slice of src along `dim` added to the slice that the index names.")
          .formula("y = x; y[i][indexⱼ][k] += srcᵢⱼₖ for dim = 1")
          .shapes("index [n], src is x with n along dim; the result has the shape of x")
          .dtypes("x and src the same; the index is int32")
          .errors(range + "ShapeError when src or the index do not fit; DTypeError when x and src differ or "
                          "the index is not int32")
          .source("https://pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html")
          .torch("torch.index_add(x, dim, index, src)")
          .example("tensor([1, 1]).indexAdd(0, tensor([1, 1], { dtype: 'int32' }), tensor([2, 3])).toArray()",
                   "[1, 6]")
          .with({"[] [1]:i(0,1) [] dim=0", "[1] [1]:i(0,1) [1] dim=0", "[3] [7]:i(0,3) [7] dim=0",
                 "[3,5] [4]:i(0,5) [3,4] dim=1", "[3,5] [4]:i(0,3) [4,5] dim=0",
                 "[2,3,5] [2]:i(0,3) [2,2,5] dim=1", "[2,3,2,3] [5]:i(0,3) [2,3,2,5] dim=-1",
                 "[2,1,2,3,2] [3]:i(0,2) [2,1,3,3,2] dim=2", "[3,5]:T [4]:Si(0,5) [3,4]:T dim=1",
                 "[2,3,5]:S [4]:i(0,5) [2,3,4]:S dim=2", "[3,5]:E [4]:Ei(0,3) [4,5]:E dim=0",
                 "[3]:t [5]:i(0,3) [5]:t dim=0", "[3] [0]:i(0,1) [0] dim=0", "[0,3] [2]:i(0,3) [0,2] dim=1",
                 "[4]:i(-9,9) [6]:i(0,4) [6]:i(-9,9) dim=0",
                 "[3]:={nan,inf,1} [3]:i(0,3)={0,1,2} [3]:={1,-inf,nan} dim=0 !nograd"})
          .exempt(no_broadcast));
  rows.push_back(
      op("embedding", embedding, {"index", "weight", "*paddingIdx=null"})
          .doc("The rows of `weight` that the index names; the row at paddingIdx gets no gradient.")
          .formula("yᵢ = weight[indexᵢ]")
          .shapes("index of any shape, weight [rows, width]; the result is the index's shape and the width")
          .dtypes(any)
          .errors(range + "ShapeError when weight is no matrix; DTypeError when the index is not int32")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.embedding.html")
          .torch("F.embedding(index, weight, padding_idx)")
          .example(
              "F.embedding(tensor([2, 0], { dtype: 'int32' }), tensor([[1, 2], [3, 4], [5, 6]])).toArray()",
              "[[5, 6], [1, 2]]")
          .no_method()
          .with({"[]:i(0,4) [4,3]", "[1]:i(0,1) [1,1]", "[7]:i(0,5) [5,3]", "[2,3]:i(0,5) [5,4]",
                 "[2,3,2]:i(0,5) [5,4]", "[1,2,1,3]:i(0,5) [5,2]", "[1,2,1,3,2]:i(0,5) [5,2]",
                 "[2,3]:Ti(0,5) [5,4]:T", "[2,3]:Si(0,5) [5,4]:S", "[2,3]:Ei(0,5) [5,4]:E",
                 "[8]:i(0,3) [3,2] paddingIdx=1 !nocheck", "[8]:i(0,3) [3,2] paddingIdx=-1 !nocheck",
                 "[0]:i(0,3) [3,2]", "[2]:i(0,3) [3,0]", "[4]:i(0,3) [3,1]:={nan,inf,-inf} !nograd"})
          .exempt(no_broadcast)
          .exempt(moved));
  rows.push_back(
      op("one_hot", one_hot, {"index", "numClasses=-1"})
          .doc("1 at each index along a new last dimension, 0 elsewhere; −1 classes means one more than the "
               "largest index.")
          .formula("yᵢⱼ = [j = indexᵢ]")
          .shapes("any; the result has numClasses added at the end")
          .dtypes("the index and the result are int32")
          .errors("IndexError when an index is out of range; ShapeError when numClasses is not positive; "
                  "DTypeError when the index is not int32")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html")
          .torch("F.one_hot(index, num_classes)")
          .example("tensor([1, 0], { dtype: 'int32' }).oneHot(3).toArray()", "[[0, 1, 0], [1, 0, 0]]")
          .no_grad()
          .with({"[]:i(0,3) numClasses=3", "[1]:i(0,1) numClasses=1", "[7]:i(0,5)",
                 "[3,5]:i(0,4) numClasses=7", "[3,5]:Ti(0,4)", "[2,3,2]:Si(0,4) numClasses=4",
                 "[2,1,2,3]:i(0,2) numClasses=2", "[2,1,2,3,2]:Ei(0,4) numClasses=5",
                 "[0]:i(0,3) numClasses=3"})
          .exempt("broadcast: one tensor")
          .exempt("ties: each index stands alone")
          .exempt("special: indices are whole numbers"));
  const auto triangular = [&](const char* name, auto fn, const char* doc, const char* formula,
                              const char* result) {
    rows.push_back(
        op(name, fn, {"x", "diagonal=0"})
            .doc(doc)
            .formula(formula)
            .shapes("[…, m, n]; the result has the shape of x")
            .dtypes("any")
            .errors("ShapeError when x has fewer than two dimensions")
            .source(str("https://pytorch.org/docs/stable/generated/torch.", name, ".html"))
            .torch(str("torch.", name, "(x, diagonal)"))
            .example(str("tensor([[1, 2], [3, 4]]).", name, "().toArray()"), result)
            .has_in_place()
            .with({"[1,1]", "[3,5]", "[5,3] diagonal=1", "[5,3] diagonal=-2", "[3,5] diagonal=9",
                   "[3,5] diagonal=-9", "[7,9]:T diagonal=2", "[2,3,5]:S", "[2,3,4,3] diagonal=-1",
                   "[2,1,2,3,2]", "[3,4,4]:E diagonal=1", "[4,4]:t", "[0,3]", "[2,3,0]", "[3,3]:i(-9,9)",
                   "[3,3]:b", "[3,3]:={nan,inf,-inf,nan,inf,-inf,nan,inf,-inf} !nograd"})
            .exempt("rank: works on matrices")
            .exempt("broadcast: one tensor"));
  };
  triangular("tril", tril,
             "The lower triangle of the last two dimensions, zero above; `diagonal` moves the edge up.",
             "yᵢⱼ = j ≤ i + diagonal ? xᵢⱼ : 0", "[[1, 0], [3, 4]]");
  triangular("triu", triu,
             "The upper triangle of the last two dimensions, zero below; `diagonal` moves the edge up.",
             "yᵢⱼ = j ≥ i + diagonal ? xᵢⱼ : 0", "[[1, 2], [0, 4]]");
  return rows;
}

}  // namespace fluxion
