#include "fluxion/ops/order.h"

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::Prim;

std::pair<Tensor, Tensor> sorted(const char* op, const Tensor& x, std::int64_t dim, bool descending) {
  const int d = wrap_dim(op, dim, x.rank());
  if (x.rank() == 0) return {clone(x), zeros({}, DType::Int32)};
  const Tensor values = Tensor::empty(x.shape(), x.dtype()), indices = Tensor::empty(x.shape(), DType::Int32);
  kernels::launch(Prim::Sort, {view_of(values), view_of(indices), view_of(x)}, kernels::SortParams{d, descending});
  const Tensor out = record(op, values, {&x}, [indices, d](Backward& ctx) {
    const Tensor& g = ctx.grad();
    ctx.give(0, scatter_add(zeros(g.shape(), g.dtype()), d, indices, g));
  });
  return {out, indices};
}

Tensor scanned(kernels::Scan kind, const Tensor& x, int dim) {
  const Tensor in = is_floating(x.dtype()) ? x : cast_raw(x, DType::Int32);
  const Tensor out = Tensor::empty(x.shape(), in.dtype());
  if (x.rank() == 0)
    copy_(out, in);
  else
    kernels::launch(Prim::Scan, {view_of(out), view_of(in)}, kernels::ScanParams{kind, dim});
  return out;
}

// Σ from each place on to the end.
Tensor suffix_sum(const Tensor& x, int dim) { return flip(cumsum(flip(x, {dim}), dim), {dim}); }

// Products of everything before each place.
Tensor products_before(const Tensor& x, int dim) {
  Shape first = x.shape();
  first[dim] = 1;
  return cat({ones(first, x.dtype()), cumprod(narrow(x, dim, 0, x.size(dim) - 1), dim)}, dim);
}

// dxₖ = Σ_{i ≥ k} gᵢ·∏_{j ≤ i, j ≠ k} xⱼ: the product before k times a sum over i of products between k and i. Right
// for zeros too, where y/x would not be.
Tensor cumprod_gradient(const Tensor& g, const Tensor& x, int dim) {
  const Tensor lanes = transpose(x, dim, -1), upstream = unsqueeze(transpose(g, dim, -1), -2);
  const std::int64_t n = x.size(dim);
  Shape square = lanes.shape();
  square.push_back(n);
  const Tensor after = triu(ones({n, n}, DType::Bool), 1);  // j > k
  const Tensor factors = where(after, expand(unsqueeze(lanes, -2), square), 1.0);
  const Tensor between = triu(cumprod(factors, -1));
  return transpose(products_before(lanes, lanes.rank() - 1) * sum(between * upstream, Shape{-1}), dim, -1);
}

}  // namespace

std::pair<Tensor, Tensor> sort(const Tensor& x, std::int64_t dim, bool descending) {
  return sorted("sort", x, dim, descending);
}

Tensor argsort(const Tensor& x, std::int64_t dim, bool descending) {
  return sorted("argsort", x.detach(), dim, descending).second;
}

std::pair<Tensor, Tensor> topk(const Tensor& x, std::int64_t k, std::int64_t dim, bool largest) {
  const int d = wrap_dim("topk", dim, x.rank());
  const std::int64_t size = x.rank() == 0 ? 1 : x.size(d);
  if (k < 0 || k > size)
    throw IndexError(str("topk: k is ", k, ", dimension ", dim, " of ", x.shape(), " has ", size, " elements"));
  if (x.rank() == 0)
    return {k == 0 ? zeros({0}, x.dtype()) : clone(x), zeros(k == 0 ? Shape{0} : Shape{}, DType::Int32)};
  const auto [values, indices] = sorted("topk", x, d, largest);
  return {narrow(values, d, 0, k), narrow(indices, d, 0, k)};
}

Tensor cumsum(const Tensor& x, std::int64_t dim) {
  const int d = wrap_dim("cumsum", dim, x.rank());
  return record("cumsum", scanned(kernels::Scan::Sum, x, d), {&x},
                [d](Backward& ctx) { ctx.give(0, ctx.grad().rank() == 0 ? ctx.grad() : suffix_sum(ctx.grad(), d)); });
}

Tensor cumprod(const Tensor& x, std::int64_t dim) {
  const int d = wrap_dim("cumprod", dim, x.rank());
  const Tensor out = scanned(kernels::Scan::Prod, x, d);
  if (!wants_grad(x)) return out;
  return record("cumprod", out, {&x}, [x = Saved(x), y = Saved::result(out), d](Backward& ctx) {
    const Tensor in = x.get(ctx), &g = ctx.grad();
    if (in.rank() == 0 || in.numel() == 0)
      ctx.give(0, g);
    else if (any(eq(in, 0)).item() == 0)
      ctx.give(0, suffix_sum(g * y.get(ctx), d) / in);
    else
      ctx.give(0, cumprod_gradient(g, in, d));
  });
}

Tensor prod(const Tensor& x, std::optional<std::int64_t> dim, bool keepdim) {
  if (!dim)
    return reshape(prod(reshape(x, {x.numel()}), 0),
                   keepdim ? Shape(static_cast<std::size_t>(x.rank()), 1) : Shape{});
  const int d = wrap_dim("prod", *dim, x.rank());
  const Tensor in = is_floating(x.dtype()) ? x : cast_raw(x, DType::Int32);
  if (x.rank() == 0) return clone(in);
  Shape kept = x.shape();
  kept[d] = 1;
  Tensor out = Tensor::empty(kept, in.dtype());
  kernels::launch(Prim::Reduce, {view_of(out), view_of(in)}, kernels::ReduceParams{kernels::Reduce::Prod});
  out = record("prod", out, {&x}, [x = Saved(x), d](Backward& ctx) {
    const Tensor v = x.get(ctx);
    if (v.numel() == 0) return ctx.give(0, zeros_like(v));
    // The product of all others: of those before and of those behind.
    ctx.give(0, ctx.grad() * (products_before(v, d) * flip(products_before(flip(v, {d}), d), {d})));
  });
  return keepdim ? out : squeeze(out, d);
}

std::vector<Row> order_rows() {
  std::vector<Row> rows;
  const std::string torch_pages = "https://pytorch.org/docs/stable/generated/torch.";
  const auto along = [](const std::string& args, const std::string& marks = "") {
    std::vector<std::string> samples = unary_samples(marks, "dim=-1" + args);
    for (const char* more : {"[3,5]:T dim=1", "[2,3,5]:S dim=1", "[2,3,2,3] dim=-1", "[33,3] dim=0", "[3,0] dim=1"})
      samples.push_back(more + args);
    return samples;
  };
  const auto add = [&](Row r) -> Row& {
    rows.push_back(r.source(torch_pages + r.name + ".html").errors("IndexError when the dimension is out of range"));
    return rows.back();
  };
  add(op("sort", sort, {"x", "dim=-1", "descending=false"}))
      .doc(
          "The elements in order along a dimension, and where they stood. Equal ones keep their order; NaN counts as "
          "the largest.")
      .shapes("two tensors in the shape of x")
      .dtypes("values: that of x; indices: int32")
      .returns({"values", "indices"})
      .torch("torch.sort(x, dim=dim, descending=descending, stable=True)")
      .example("tensor([3, 1, 2]).sort().values.toArray()", "[1, 2, 3]")
      .with(along(""))
      .with({"[7] descending=true", "[3,5]:t dim=1 descending=true !nocheck", "[4]:b",
             "[9]:={nan,inf,-inf,0,-0,1,1,nan,2} descending=true !nograd"});
  add(op("argsort", argsort, {"x", "dim=-1", "descending=false"}))
      .doc("The order that sorts x along a dimension. Equal elements keep their order; NaN counts as the largest.")
      .shapes("that of x")
      .dtypes("int32")
      .no_grad()
      .torch("torch.sort(x, dim=dim, descending=descending, stable=True)[1]")
      .example("tensor([3, 1, 2]).argsort().toArray()", "[1, 2, 0]")
      .with(along(""))
      .with({"[7] descending=true", "[3,5]:t dim=1 descending=true"});
  add(op("topk", topk, {"x", "k", "dim=-1", "largest=true"}))
      .doc(
          "The k largest elements along a dimension, or the smallest, in order, and where they stand. NaN counts as "
          "the largest.")
      .shapes("two tensors: x with k along dim")
      .dtypes("values: that of x; indices: int32")
      .errors("IndexError when there are fewer than k elements or the dimension is out of range")
      .returns({"values", "indices"})
      .torch("torch.topk(x, k, dim, largest)")
      .example("tensor([3, 1, 2]).topk(2).values.toArray()", "[3, 2]")
      .with({"[] k=1", "[1] k=1", "[7] k=3", "[33] k=5 largest=false", "[3,5] k=2 dim=0", "[3,5]:T k=5",
             "[2,3,5]:S k=1 dim=1", "[2,3,2,3] k=2 dim=-1 largest=false", "[2,1,2,3,2]:E k=2 dim=3", "[5] k=0",
             "[0,3] k=2", "[6]:={0,1,2,5,4,3} k=4", "[5]:i={3,9,-4,5,0} k=2", "[5]:={nan,inf,-inf,0,1} k=3 !nograd",
             "[5]:={nan,inf,-inf,0,1} k=2 largest=false !nograd"})
      .exempt("ties: PyTorch picks any of equal elements");
  add(op("cumsum", cumsum, {"x", "dim"}).has_in_place())
      .doc("The running sum along a dimension.")
      .formula("yᵢ = Σ_{j ≤ i} xⱼ")
      .shapes("that of x")
      .dtypes("floats keep theirs; integers and bool give int32")
      .torch("torch.cumsum(x, dim)")
      .example("tensor([1, 2, 3]).cumsum(0).toArray()", "[1, 3, 6]")
      .summation_order("PyTorch adds float32 in float64")
      .with(along(""));
  add(op("cumprod", cumprod, {"x", "dim"}).has_in_place())
      .doc("The running product along a dimension.")
      .formula("yᵢ = ∏_{j ≤ i} xⱼ")
      .shapes("that of x")
      .dtypes("floats keep theirs; integers and bool give int32")
      .torch("torch.cumprod(x, dim)")
      .example("tensor([1, 2, 3]).cumprod(0).toArray()", "[1, 2, 6]")
      .summation_order("PyTorch multiplies float32 in float64")
      .with(along("", "d(0.5,1.5)"))
      .with({"[4]:={2,0,3,-1} dim=0", "[2,4]:={0,1,2,3,2,0,0,4} dim=1", "[2,3]:={1,0,2,3,1,1} dim=0"});
  add(op("prod", prod, {"x", "dim=null", "keepdim=false"}))
      .doc("The product of all elements, or along one dimension.")
      .formula("∏ xᵢ")
      .shapes("x without `dim` (kept as 1 with keepdim); a scalar without dim")
      .dtypes("floats keep theirs; integers and bool give int32")
      .torch("torch.prod(x, dim, keepdim) if dim is not None else torch.prod(x)")
      .example("tensor([2, 3, 4]).prod().item()", "24")
      .summation_order("the factors are multiplied in the lanes' order")
      .with(along("", "d(0.5,1.5)"))
      .with({"[]", "[7]:d(0.5,1.5)", "[3,5]:Td(0.5,1.5)", "[3,5]:d(0.5,1.5) dim=1 keepdim=true", "[4]:={2,0,3,-1}",
             "[2,3]:={1,0,2,0,1,0} dim=1", "[0]", "[5]:i(-3,4)"});
  return rows;
}

}  // namespace fluxion
