#include "fluxion/ops/reduce.h"

#include <cmath>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::Prim;

// Which dimensions go, and the shapes with them kept as 1 and dropped.
struct Plan {
  Shape kept, dropped;
  std::int64_t count = 1;  // elements folded into one
};

Plan plan(const char* op, const Tensor& x, const std::optional<Shape>& dim) {
  const bool everything = !dim || dim->empty();
  SmallVec<char, 6> reduced(static_cast<std::size_t>(x.rank()), everything ? 1 : 0);
  if (!everything)
    for (const std::int64_t d : *dim) {
      const int i = wrap_dim(op, d, x.rank());
      if (x.rank() == 0) continue;
      if (reduced[i]) throw IndexError(str(op, ": dimension ", d, " appears twice in ", *dim));
      reduced[i] = 1;
    }
  Plan p;
  for (int i = 0; i < x.rank(); ++i) {
    p.kept.push_back(reduced[i] ? 1 : x.size(i));
    if (reduced[i])
      p.count *= x.size(i);
    else
      p.dropped.push_back(x.size(i));
  }
  return p;
}

Plan plan(const char* op, const Tensor& x, std::int64_t dim) { return plan(op, x, Shape{dim}); }

// A contiguous tensor under another shape of as many elements, unrecorded.
Tensor as_shape(const Tensor& t, const Shape& shape) {
  return t.view_of({shape, contiguous_strides(shape), t.layout().offset});
}

// The gradient of a reduced result, with the reduced dimensions back as 1.
Tensor restored(const Tensor& g, const Shape& kept) { return g.shape() == kept ? g : reshape(g, kept); }

Tensor run(kernels::Reduce kind, const Tensor& x, const Plan& p, bool keepdim) {
  Tensor out = Tensor::empty(p.kept, x.dtype());
  kernels::launch(Prim::Reduce, {view_of(out), view_of(x)}, kernels::ReduceParams{kind});
  return keepdim ? out : as_shape(out, p.dropped);
}

void check_not_empty(const char* op, const Tensor& x, const Plan& p) {
  if (p.count == 0)
    throw ShapeError(str(op, ": cannot reduce an empty dimension: ", x.shape(), " has no extreme there"));
}

Tensor extreme(const char* op, kernels::Reduce kind, const Tensor& x, const std::optional<Shape>& dim, bool keepdim) {
  const Plan p = plan(op, x, dim);
  check_not_empty(op, x, p);
  Tensor out = run(kind, x, p, keepdim);
  if (!wants_grad(x)) return out;
  return record(op, out, {&x}, [x = Saved(x), y = Saved::result(out), kept = p.kept](Backward& ctx) {
    // Ties share the gradient evenly.
    const Tensor v = x.get(ctx);
    const Tensor ties = to_dtype(eq(v, restored(y.get(ctx), kept)), v.dtype());
    ctx.give(0, restored(ctx.grad(), kept) * ties / sum_to(ties, kept));
  });
}

Tensor arg_extreme(const char* op, kernels::ArgReduce kind, const Tensor& x, std::optional<std::int64_t> dim,
                   bool keepdim) {
  if (!dim) {
    if (x.numel() == 0) throw ShapeError(str(op, ": ", x.shape(), " has no elements"));
    const Tensor flat = as_shape(contiguous_raw(x), {x.numel()});
    const Tensor out = arg_extreme(op, kind, flat, 0, false);
    return keepdim ? as_shape(out, Shape(static_cast<std::size_t>(x.rank()), 1)) : out;
  }
  const int d = wrap_dim(op, *dim, x.rank());
  const Plan p = plan(op, x, d);
  check_not_empty(op, x, p);
  if (x.rank() == 0) return zeros({}, DType::Int32);
  Tensor out = Tensor::empty(p.kept, DType::Int32);
  kernels::launch(Prim::ArgReduce, {view_of(out), view_of(x)}, kernels::ArgReduceParams{kind, d});
  return keepdim ? out : as_shape(out, p.dropped);
}

std::pair<Tensor, Tensor> extreme_with_index(const char* op, kernels::ArgReduce kind, const Tensor& x, std::int64_t dim,
                                             bool keepdim) {
  const int d = wrap_dim(op, dim, x.rank());
  const Tensor index = arg_extreme(op, kind, x, dim, true);
  if (x.rank() == 0) return {clone(x), index};
  const Tensor values = gather(x, d, index);
  if (keepdim) return {values, index};
  return {squeeze(values, d), as_shape(index, plan(op, x, dim).dropped)};
}

Tensor truth(const char* op, kernels::Reduce kind, const Tensor& x, const std::optional<Shape>& dim, bool keepdim) {
  return run(kind, cast_raw(x, DType::Bool), plan(op, x, dim), keepdim);
}

// y for softmax, ln y for log softmax.
Tensor row_softmax(const char* op, const Tensor& x, std::int64_t dim, bool log) {
  check_floating(op, x);
  const int d = wrap_dim(op, dim, x.rank());
  Tensor out = Tensor::empty(x.shape(), x.dtype());
  const Layout single{{1}, {1}, x.layout().offset}, single_out{{1}, {1}, 0};
  const kernels::SoftmaxParams params{d, log};
  if (x.rank() == 0)
    kernels::launch(Prim::Softmax, {view_of(out, single_out), view_of(x, single)}, params);
  else
    kernels::launch(Prim::Softmax, {view_of(out), view_of(x)}, params);
  if (!wants_grad(x)) return out;
  return record(op, out, {&x}, [y = Saved::result(out), params](Backward& ctx) {
    const Tensor r = y.get(ctx), g = ctx.grad();
    if (r.rank() == 0) {
      ctx.give(0, zeros_like(g));
    } else if (!ctx.create_graph()) {
      const Tensor dx = Tensor::empty(r.shape(), r.dtype());
      kernels::launch(Prim::SoftmaxGrad, {view_of(dx), view_of(g), view_of(r)}, params);
      ctx.give(0, dx);
    } else if (params.log) {
      ctx.give(0, g - exp(r) * sum(g, Shape{params.dim}, true));
    } else {
      ctx.give(0, r * (g - sum(g * r, Shape{params.dim}, true)));
    }
  });
}

}  // namespace

Tensor sum(const Tensor& x, const std::optional<Shape>& dim, bool keepdim) {
  const Plan p = plan("sum", x, dim);
  const Tensor in = is_floating(x.dtype()) ? x : cast_raw(x, DType::Int32);
  return record(
      "sum", run(kernels::Reduce::Sum, in, p, keepdim), {&x},
      [kept = p.kept, shape = x.shape()](Backward& ctx) { ctx.give(0, expand(restored(ctx.grad(), kept), shape)); });
}

Tensor mean(const Tensor& x, const std::optional<Shape>& dim, bool keepdim) {
  check_floating("mean", x);
  const Plan p = plan("mean", x, dim);
  return record("mean", run(kernels::Reduce::Mean, x, p, keepdim), {&x},
                [kept = p.kept, shape = x.shape(), count = p.count](Backward& ctx) {
                  ctx.give(0, expand(restored(ctx.grad(), kept) / static_cast<double>(count), shape));
                });
}

Tensor variance(const Tensor& x, const std::optional<Shape>& dim, std::int64_t correction, bool keepdim) {
  check_floating("variance", x);
  const Plan p = plan("variance", x, dim);
  const Tensor deviation = x - mean(x, dim, true);
  const Tensor squares = sum(deviation * deviation, dim, keepdim);
  return squares / static_cast<double>(std::max<std::int64_t>(p.count - correction, 0));
}

Tensor standard_deviation(const Tensor& x, const std::optional<Shape>& dim, std::int64_t correction, bool keepdim) {
  check_floating("std", x);
  plan("std", x, dim);
  const Tensor v = variance(x, dim, correction, keepdim);
  Tensor out;
  {
    const NoGrad off;
    out = sqrt(v);
  }
  // Nothing flows back where nothing deviates, as in PyTorch.
  return record("std", out, {&v}, [y = Saved::result(out)](Backward& ctx) {
    const Tensor r = y.get(ctx);
    ctx.give(0, masked_fill(ctx.grad() / (r * 2), eq(r, 0), 0));
  });
}

Tensor norm(const Tensor& x, double p, const std::optional<Shape>& dim, bool keepdim) {
  check_floating("norm", x);
  if (std::isnan(p)) throw FluxionError("norm: p is NaN");
  const Plan folded = plan("norm", x, dim);
  if (std::isinf(p)) {
    check_not_empty("norm", x, folded);
    return p > 0 ? amax(abs(x), dim, keepdim) : amin(abs(x), dim, keepdim);
  }
  const auto value = [&] {
    const NoGrad off;
    if (p == 2) return sqrt(run(kernels::Reduce::SumSquares, x, folded, true));
    if (p == 0) return to_dtype(sum(ne(x, 0), dim, true), x.dtype());
    return p == 1 ? sum(abs(x), dim, true) : pow(sum(pow(abs(x), p), dim, true), 1 / p);
  };
  const Tensor kept = value();
  const Tensor out = keepdim ? kept : as_shape(kept, folded.dropped);
  if (!wants_grad(x)) return out;
  return record("norm", out, {&x}, [x = Saved(x), y = Saved::result(out), shape = folded.kept, p](Backward& ctx) {
    // sign(x)·(|x|/y)^(p − 1), 0 where x is
    const Tensor v = x.get(ctx), ratio = v / restored(y.get(ctx), shape);
    const Tensor slope = p == 0 ? zeros_like(v) : p == 2 ? ratio : sign(v) * pow(abs(ratio), p - 1);
    ctx.give(0, masked_fill(restored(ctx.grad(), shape) * slope, eq(v, 0), 0));
  });
}

Tensor amax(const Tensor& x, const std::optional<Shape>& dim, bool keepdim) {
  return extreme("amax", kernels::Reduce::Max, x, dim, keepdim);
}
Tensor amin(const Tensor& x, const std::optional<Shape>& dim, bool keepdim) {
  return extreme("amin", kernels::Reduce::Min, x, dim, keepdim);
}
std::pair<Tensor, Tensor> max(const Tensor& x, std::int64_t dim, bool keepdim) {
  return extreme_with_index("max", kernels::ArgReduce::Max, x, dim, keepdim);
}
std::pair<Tensor, Tensor> min(const Tensor& x, std::int64_t dim, bool keepdim) {
  return extreme_with_index("min", kernels::ArgReduce::Min, x, dim, keepdim);
}
Tensor argmax(const Tensor& x, std::optional<std::int64_t> dim, bool keepdim) {
  return arg_extreme("argmax", kernels::ArgReduce::Max, x, dim, keepdim);
}
Tensor argmin(const Tensor& x, std::optional<std::int64_t> dim, bool keepdim) {
  return arg_extreme("argmin", kernels::ArgReduce::Min, x, dim, keepdim);
}
Tensor all(const Tensor& x, const std::optional<Shape>& dim, bool keepdim) {
  return truth("all", kernels::Reduce::All, x, dim, keepdim);
}
Tensor any(const Tensor& x, const std::optional<Shape>& dim, bool keepdim) {
  return truth("any", kernels::Reduce::Any, x, dim, keepdim);
}

Tensor softmax(const Tensor& x, std::int64_t dim) { return row_softmax("softmax", x, dim, false); }
Tensor log_softmax(const Tensor& x, std::int64_t dim) { return row_softmax("logSoftmax", x, dim, true); }

Tensor logsumexp(const Tensor& x, const std::optional<Shape>& dim, bool keepdim) {
  check_floating("logsumexp", x);
  const Plan p = plan("logsumexp", x, dim);
  const auto value = [&] {
    const NoGrad off;
    if (p.count == 0) return log(sum(x, dim, true));
    // Shifted by the largest value so that nothing overflows; an infinite one is not shifted by.
    const Tensor peak = amax(x, dim, true);
    const Tensor shift = where(isfinite(peak), peak, 0.0);
    return log(sum(exp(x - shift), dim, true)) + shift;
  };
  const Tensor kept = value();
  Tensor out = keepdim ? kept : as_shape(kept, p.dropped);
  return record("logsumexp", out, {&x}, [x = Saved(x), y = Saved::result(out), shape = p.kept](Backward& ctx) {
    ctx.give(0, restored(ctx.grad(), shape) * exp(x.get(ctx) - restored(y.get(ctx), shape)));
  });
}

Tensor sum_to(const Tensor& x, const Shape& shape) {
  if (x.shape() == shape) return x;
  Shape dims;
  const int added = x.rank() - shape.ssize();
  for (int i = 0; i < x.rank(); ++i)
    if (i < added || (shape[i - added] == 1 && x.size(i) != 1)) dims.push_back(i);
  return reshape(dims.empty() ? x : sum(x, dims, true), shape);
}

std::vector<Row> reduce_rows() {
  std::vector<Row> rows;
  const std::vector<std::string> everything = {"[]",      "[1]",       "[7]",       "[33]",         "[3,5]",
                                               "[3,5]:T", "[2,3,5]:S", "[2,3,2,3]", "[2,1,2,3,2]:E"};
  const std::vector<std::string> along = {"[] dim=0",        "[1] dim=0",           "[7] dim=-1",    "[3,5] dim=0",
                                          "[3,5]:T dim=1",   "[3,5]:S dim=0",       "[2,3,5] dim=1", "[2,3,5]:T dim=-1",
                                          "[2,3,2,3] dim=2", "[2,1,2,3,2]:E dim=3", "[3,33] dim=1",  "[33,3] dim=0"};
  const auto several = [](const std::string& rest) {
    return std::vector<std::string>{"[2,3,5] dim=[0,2]" + rest, "[2,3,5]:T dim=[1,2] keepdim=true" + rest,
                                    "[3,5] dim=[1] keepdim=true" + rest, "[2,3] dim=[-1]" + rest};
  };
  const std::string shapes = "x without the dimensions in `dim` (kept as 1 with keepdim); all of them without dim";
  const std::string no_broadcast = "broadcast: one tensor";
  const auto common = [&](Row r, const std::string& doc, const std::string& formula) -> Row {
    return r.doc(doc)
        .formula(formula)
        .shapes(shapes)
        .errors("IndexError when a dimension is out of range or named twice")
        .exempt(no_broadcast);
  };
  rows.push_back(common(op("sum", sum, {"x", "dim=null", "keepdim=false"}),
                        "The sum over all elements or over dimensions.", "Σ xᵢ")
                     .dtypes("floats keep theirs; integers and bool give int32")
                     .example("tensor([1, 2, 3]).sum().item()", "6")
                     .torch("torch.sum(x, dim, keepdim) if dim is not None else torch.sum(x)")
                     .with(everything)
                     .sample("[0]")
                     .with(several(""))
                     .sample("[5]:t")
                     .sample("[5]:i(0,9)")
                     .sample("[5]:b")
                     .sample("[0,3] dim=[0]")
                     .sample("[2,3]:={1,nan,inf,1,2,-inf} dim=[1] !nograd"));
  rows.push_back(common(op("mean", mean, {"x", "dim=null", "keepdim=false"}),
                        "The mean over all elements or over dimensions.", "(1/n)·Σ xᵢ")
                     .dtypes("floats")
                     .example("tensor([1, 2, 3]).mean().item()", "2")
                     .torch("torch.mean(x, dim, keepdim) if dim is not None else torch.mean(x)")
                     .with(everything)
                     .sample("[0] !nograd")
                     .with(several(""))
                     .sample("[5]:t")
                     .sample("[2,3]:={1,nan,inf,1,2,-inf} dim=[1] !nograd"));
  rows.push_back(common(op("variance", variance, {"x", "dim=null", "*correction=1", "*keepdim=false"}),
                        "The variance: squared deviations from the mean, over n − correction.",
                        "Σ (xᵢ − x̄)²/(n − correction)")
                     .dtypes("floats")
                     .example("tensor([1, 2, 3]).variance().item()", "1")
                     .torch("torch.var(x, dim, unbiased=bool(correction), keepdim=keepdim) if dim is not None else "
                            "torch.var(x, unbiased=bool(correction))")
                     .sample("[] correction=0")
                     .sample("[1] correction=0")
                     .sample("[0] !nograd")
                     .sample("[7]")
                     .sample("[33]")
                     .sample("[3,5]:T")
                     .sample("[2,3,5]:S")
                     .sample("[2,3,2,3]")
                     .sample("[2,1,2,3,2]:E")
                     .sample("[5]:t")
                     .with(several(""))
                     .with(several(" correction=0"))
                     .sample("[2,3]:={1,nan,inf,1,2,-inf} dim=[1] !nograd"));
  rows.push_back(common(op("std", standard_deviation, {"x", "dim=null", "*correction=1", "*keepdim=false"}),
                        "The standard deviation: the square root of the variance.",
                        "√(Σ (xᵢ − x̄)²/(n − correction))")
                     .cpp("standard_deviation")
                     .dtypes("floats")
                     .example("tensor([1, 2, 3]).std().item()", "1")
                     .torch("torch.std(x, dim, unbiased=bool(correction), keepdim=keepdim) if dim is not None else "
                            "torch.std(x, unbiased=bool(correction))")
                     .with({"[] correction=0 !nocheck", "[1] correction=0 !nocheck", "[0] !nograd", "[7]", "[33]",
                            "[3,5]:T", "[2,3,5]:S", "[2,3,2,3]", "[2,1,2,3,2]:E", "[5]:t"})
                     .with(several(""))
                     .with(several(" correction=0"))
                     .sample("[2,3]:={1,nan,inf,1,2,-inf} dim=[1] !nograd"));
  rows.push_back(common(op("norm", norm, {"x", "p=2", "dim=null", "keepdim=false"}),
                        "The p-norm of all elements or over dimensions: 2 is the length, 1 the sum of magnitudes, "
                        "Infinity the largest of them, 0 the number of elements that are not zero.",
                        "(Σ |xᵢ|ᵖ)^(1/p)")
                     .dtypes("floats")
                     .errors("IndexError when a dimension is out of range or named twice; ShapeError when an infinite "
                             "norm has nothing to choose from")
                     .example("tensor([3, 4]).norm().item()", "5")
                     .torch("torch.norm(x, p, dim, keepdim) if dim is not None else torch.norm(x, p)")
                     .summation_order("the terms of the sum are added in the lanes' order")
                     .with(everything)
                     .with(several(""))
                     .with(several(" p=1"))
                     .with({"[0]", "[7] p=3", "[3,5]:T p=2.5 dim=[0]", "[7]:d(0.2,2) p=0.5", "[7] p=-1",
                            "[7] p=0 !nocheck",
                            "[2,3,5] p=inf dim=[1]", "[7] p=-inf", "[3,5] p=inf", "[5]:t !nosecond",
                            "[5]:t p=1 !nocheck",
                            "[3]:={0,0,0} !nocheck", "[2,3]:={1,nan,inf,1,2,-inf} dim=[1] !nograd"}));
  const auto extremes = [&](const char* name, auto fn, const char* doc, const char* formula, const char* example,
                            const char* result) {
    rows.push_back(common(op(name, fn, {"x", "dim=null", "keepdim=false"}), doc, formula)
                       .dtypes("any but bool; that of x")
                       .torch(str("torch.", name, "(x, dim if dim is not None else (), keepdim)"))
                       .example(example, result)
                       .errors("ShapeError when a reduced dimension is empty")
                       .sample("[]")
                       .sample("[1]")
                       .sample("[7]")
                       .sample("[33]")
                       .sample("[3,5]")
                       .sample("[3,5]:T")
                       .sample("[2,3,5]:S")
                       .sample("[2,3,2,3]")
                       .sample("[2,1,2,3,2]:E !nocheck")
                       .sample("[0,3] dim=[1]")
                       .sample("[5]:t !nocheck")
                       .sample("[3,5]:t dim=[1] !nocheck")
                       .with(several(""))
                       .sample("[2,3]:={1,nan,inf,1,-inf,inf} dim=[1] !nograd")
                       .sample("[5]:i(0,9)"));
  };
  extremes("amax", amax, "The largest element; NaN wins, ties share the gradient.", "max xᵢ",
           "tensor([1, 3, 2]).amax().item()", "3");
  extremes("amin", amin, "The smallest element; NaN wins, ties share the gradient.", "min xᵢ",
           "tensor([1, 3, 2]).amin().item()", "1");
  const auto indexed = [&](const char* name, auto fn, const char* doc, const char* example) {
    rows.push_back(op(name, fn, {"x", "dim", "keepdim=false"})
                       .doc(doc)
                       .formula(str(name, " xᵢ and its i"))
                       .shapes("two tensors: x without `dim` (kept as 1 with keepdim)")
                       .dtypes("values: that of x; indices: int32")
                       .errors("ShapeError when the dimension is empty; IndexError when it is out of range")
                       .returns({"values", "indices"})
                       .example(example, name[1] == 'a' ? "1" : "0")
                       .exempt(no_broadcast)
                       .torch(str("torch.", name, "(x, dim, keepdim)"))
                       .with(along)
                       .sample("[0,3] dim=1")
                       .sample("[3,5] dim=1 keepdim=true")
                       .sample("[5]:i(0,9) dim=0")
                       .sample("[3,5]:t dim=1 !nocheck")
                       .sample("[2,4]:={1,nan,inf,nan,1,-inf,inf,2} dim=1 !nograd"));
  };
  indexed("max", max, "The largest element along a dimension and where it stands: the first of ties; NaN wins.",
          "tensor([1, 3, 2]).max(0).indices.item()");
  indexed("min", min, "The smallest element along a dimension and where it stands: the first of ties; NaN wins.",
          "tensor([1, 3, 2]).min(0).indices.item()");
  const auto args = [&](const char* name, auto fn, const char* doc, const char* result) {
    rows.push_back(op(name, fn, {"x", "dim=null", "keepdim=false"})
                       .doc(doc)
                       .formula(str(name, "ᵢ xᵢ"))
                       .shapes("x without `dim`; a scalar, counted in row-major order, without dim")
                       .dtypes("int32")
                       .no_grad()
                       .errors("ShapeError when there is nothing to choose from")
                       .exempt(no_broadcast)
                       .torch(str("torch.", name, "(x, dim, keepdim) if dim is not None else torch.", name, "(x)"))
                       .example(str("tensor([1, 3, 2]).", name, "().item()"), result)
                       .with(along)
                       .sample("[3,5]")
                       .sample("[3,5]:T")
                       .sample("[0,3] dim=1")
                       .sample("[3,5] dim=1 keepdim=true")
                       .sample("[3,5]:t dim=0")
                       .sample("[5]:i(0,9)")
                       .sample("[2,4]:={1,nan,inf,nan,1,-inf,inf,2} dim=1"));
  };
  args("argmax", argmax, "Where the largest element stands: the first of ties; NaN wins.", "1");
  args("argmin", argmin, "Where the smallest element stands: the first of ties; NaN wins.", "0");
  const auto truths = [&](const char* name, auto fn, const char* doc, const char* formula, const char* result) {
    rows.push_back(
        common(op(name, fn, {"x", "dim=null", "keepdim=false"}), doc, formula)
            .dtypes("the result is bool")
            .no_grad()
            .torch(str("torch.", name,
                       "(x, dim[0] if isinstance(dim, (list, tuple)) else dim, keepdim) if dim is not None else torch.",
                       name, "(x)"))
            .example(str("tensor([true, false]).", name, "().item()"), result)
            .with(everything)
            .sample("[0]")
            .sample("[3,5]:b dim=[0]")
            .sample("[3,5]:t dim=[1] keepdim=true")
            .sample("[4]:={0,nan,inf,-inf}")
            .sample("[2,3]:t"));
  };
  truths("all", all, "Whether every element is true or not zero.", "∀ xᵢ ≠ 0", "false");
  truths("any", any, "Whether some element is true or not zero.", "∃ xᵢ ≠ 0", "true");
  const auto row_function = [&](const char* name, auto fn, const char* doc, const char* formula, const char* camel,
                                const char* result) {
    rows.push_back(op(name, fn, {"x", "dim=-1"})
                       .doc(doc)
                       .formula(formula)
                       .shapes("that of x")
                       .dtypes("floats")
                       .errors("DTypeError on integers; IndexError when the dimension is out of range")
                       .exempt(no_broadcast)
                       .torch(str("torch.", name, "(x, dim)"))
                       .example(str("tensor([0, 0]).", camel, "().toArray()"), result)
                       .with(along)
                       .sample("[0] dim=0")
                       .sample("[3,0] dim=1")
                       .sample("[3,5]:t dim=1")
                       .sample("[3]:={1,nan,inf} dim=0 !nograd")
                       .sample("[2,3]:={1000,999,-1000,-inf,0,1} dim=1 !nocheck")
                       .sample("[2]:={-inf,-inf} dim=0 !nograd"));
  };
  row_function("softmax", softmax, "Exponentials along a dimension, scaled to sum to 1.", "e^xᵢ/Σⱼ e^xⱼ", "softmax",
               "[0.5, 0.5]");
  row_function("log_softmax", log_softmax, "The logarithm of softmax, without overflow.", "xᵢ − ln Σⱼ e^xⱼ",
               "logSoftmax", "[-0.693147, -0.693147]");
  rows.push_back(common(op("logsumexp", logsumexp, {"x", "dim=null", "keepdim=false"}),
                        "The logarithm of the sum of exponentials, without overflow.", "ln Σ e^xᵢ")
                     .dtypes("floats")
                     .example("tensor([0, 0]).logsumexp().item()", "0.693147")
                     .torch("torch.logsumexp(x, dim if dim is not None else tuple(range(x.dim())), keepdim)")
                     .with({"[1]", "[7]", "[33]", "[3,5]", "[3,5]:T", "[2,3,5]:S", "[2,3,2,3]", "[2,1,2,3,2]:E",
                            "[] dim=[0]", "[5]:t"})
                     .with(several(""))
                     .sample("[0] !nograd")
                     .sample("[2,3]:={1000,999,-1000,-inf,0,1} dim=[1]")
                     .sample("[3]:={1,nan,inf} !nograd")
                     .sample("[2]:={-inf,-inf} !nograd"));
  return rows;
}

}  // namespace fluxion
