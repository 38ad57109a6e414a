#include "fluxion/ops/linalg.h"

#include <cmath>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::Prim;

// Everything but the last two dimensions.
Shape batch_of(const Shape& shape) { return {shape.begin(), shape.end() - 2}; }

Shape with_matrix(Shape batch, std::int64_t rows, std::int64_t columns) {
  batch.push_back(rows);
  batch.push_back(columns);
  return batch;
}

// A tensor seen as [count, rows, columns]; `owner` keeps the memory, copied where strides made it necessary.
struct Matrices {
  Tensor owner;
  Layout layout;
};

// A single matrix, as nearly always.
Layout one_matrix(const Layout& l) {
  return {{1, l.shape[0], l.shape[1]}, {0, l.strides[0], l.strides[1]}, l.offset};
}

Matrices fold_batch(const Tensor& t, const Shape& batch) {
  if (t.rank() == 2 && numel(batch) == 1) return {t, one_matrix(t.layout())};
  const Shape full = with_matrix(batch, t.size(-2), t.size(-1));
  const Shape folded = {numel(batch), t.size(-2), t.size(-1)};
  if (auto layout = reshaped(expanded("matmul", t.layout(), full), folded)) return {t, *layout};
  Tensor owner = contiguous_raw(t);
  if (auto layout = reshaped(expanded("matmul", owner.layout(), full), folded)) return {owner, *layout};
  owner = contiguous_raw(t.view_of(expanded("matmul", t.layout(), full)));
  return {owner, *reshaped(owner.layout(), folded)};
}

// a [batch…, m, k] · b [batch…, k, n] (+ bias [n]) by one Gemm. Where b is a single matrix, a's batch is
// folded into its rows.
Tensor product(const Tensor& a, const Tensor& b, const std::optional<Tensor>& bias = {}) {
  const Shape batch = broadcast_shapes("matmul", batch_of(a.shape()), batch_of(b.shape()));
  const std::int64_t m = a.size(-2), k = a.size(-1), n = b.size(-1), count = numel(batch);
  Tensor out = Tensor::empty(with_matrix(batch, m, n), a.dtype());
  if (count > 1 && numel(batch_of(b.shape())) == 1) {
    const Shape rows = {1, count * m, k};
    Tensor owner = a;
    auto folded = reshaped(a.layout(), rows);
    if (!folded && !reshaped(a.layout(), {count, m, k})) {
      owner = contiguous_raw(a);
      folded = reshaped(owner.layout(), rows);
    }
    if (folded) {
      const Layout into = *reshaped(out.layout(), {1, count * m, n});
      const Matrices right = fold_batch(b, {1});
      kernels::launch(
          Prim::Gemm,
          {view_of(out, into), view_of(owner, *folded), view_of(right.owner, right.layout), view_of(bias)},
          kernels::GemmParams{});
      return out;
    }
  }
  const Matrices left = fold_batch(a, batch), right = fold_batch(b, batch);
  const Layout into = batch.empty() ? one_matrix(out.layout()) : *reshaped(out.layout(), {count, m, n});
  kernels::launch(Prim::Gemm,
                  {view_of(out, into), view_of(left.owner, left.layout), view_of(right.owner, right.layout),
                   view_of(bias)},
                  kernels::GemmParams{});
  return out;
}

Tensor transposed(const Tensor& x) { return transpose(x, -2, -1); }

// dA of G = dL/d(A·B): G·Bᵀ. Where A is one matrix for a whole batch, Σ over the batch is part of the
// product: [m, batch·n] · [batch·n, k].
Tensor left_gradient(const Tensor& g, const Tensor& a, const Tensor& b) {
  const std::int64_t count = numel(batch_of(b.shape()));
  if (count <= 1 || numel(batch_of(a.shape())) != 1) return matmul(g, transposed(b));
  const std::int64_t m = a.size(-2), k = a.size(-1), n = b.size(-1);
  const Tensor rows = reshape(permute(reshape(g, {count, m, n}), {1, 0, 2}), {m, count * n});
  const Tensor columns = reshape(permute(reshape(b, {count, k, n}), {0, 2, 1}), {count * n, k});
  return reshape(matmul(rows, columns), a.shape());
}

// dB = Aᵀ·G, likewise: [k, batch·m] · [batch·m, n].
Tensor right_gradient(const Tensor& g, const Tensor& a, const Tensor& b) {
  const std::int64_t count = numel(batch_of(a.shape()));
  if (count <= 1 || numel(batch_of(b.shape())) != 1) return matmul(transposed(a), g);
  const std::int64_t m = a.size(-2), k = a.size(-1), n = b.size(-1);
  return reshape(matmul(transposed(reshape(a, {count * m, k})), reshape(g, {count * m, n})), b.shape());
}

void check_product_dtype(const char* op, const Tensor& a, const Tensor& b) {
  check_same_dtype(op, a, b);
  if (a.dtype() < DType::Int32)
    throw DTypeError(str(op, ": needs float32, float64 or int32, these are ", a.dtype(),
                         "; convert them with to('float32')"));
}

void check_rank(const char* op, const char* what, const Tensor& t, int rank) {
  if (t.rank() != rank)
    throw ShapeError(
        str(op, ": ", what, " must have ", rank, " dimension", rank == 1 ? "" : "s", ", it is ", t.shape()));
}

Tensor matmul_as(const char* op, const Tensor& a, const Tensor& b) {
  check_product_dtype(op, a, b);
  if (a.rank() == 0 || b.rank() == 0)
    throw ShapeError(str(op, ": both sides need at least one dimension: ", a.shape(), " @ ", b.shape()));
  const bool row = a.rank() == 1, column = b.rank() == 1;
  const std::int64_t inner_a = a.size(-1), inner_b = column ? b.size(0) : b.size(-2);
  if (inner_a != inner_b)
    throw ShapeError(
        str(op, ": inner sizes differ: ", a.shape(), " @ ", b.shape(), " (", inner_a, " vs ", inner_b, ")"));
  const Shape left = row ? Shape{1, inner_a} : a.shape(), right = column ? Shape{inner_b, 1} : b.shape();
  const Shape batch_a = batch_of(left), batch_b = batch_of(right);
  for (int i = 1; i <= std::min(batch_a.ssize(), batch_b.ssize()); ++i) {
    const std::int64_t x = batch_a[batch_a.ssize() - i], y = batch_b[batch_b.ssize() - i];
    if (x != y && x != 1 && y != 1)
      throw ShapeError(str(op, ": batch dimensions do not broadcast: ", a.shape(), " @ ", b.shape(), " (", x,
                           " vs ", y, ")"));
  }

  Tensor out = product(row ? a.view_of(*reshaped(a.layout(), left)) : a,
                       column ? b.view_of(*reshaped(b.layout(), right)) : b);
  if (row || column) {
    Shape shape = out.shape();
    if (column) shape.pop_back();
    if (row) shape.erase(shape.ssize() - (column ? 1 : 2));
    out = out.view_of(*reshaped(out.layout(), shape));
  }
  if (!wants_grad(a, b)) return out;
  return record(op, out, {&a, &b}, [a = Saved(a), b = Saved(b), row, column](Backward& ctx) {
    const Tensor saved_a = a.get(ctx), saved_b = b.get(ctx);
    const Tensor left_matrix = row ? unsqueeze(saved_a, 0) : saved_a;
    const Tensor right_matrix = column ? unsqueeze(saved_b, 1) : saved_b;
    Tensor g = ctx.grad();
    if (column) g = unsqueeze(g, -1);
    if (row) g = unsqueeze(g, -2);
    if (ctx.needs(0)) {
      const Tensor d = left_gradient(g, left_matrix, right_matrix);
      ctx.give(0, row ? squeeze(d, -2) : d);
    }
    if (ctx.needs(1)) {
      const Tensor d = right_gradient(g, left_matrix, right_matrix);
      ctx.give(1, column ? squeeze(d, -1) : d);
    }
  });
}

Tensor added(const char* op, const Tensor& input, const Tensor& product, double beta, double alpha) {
  if (!broadcasts_to(input.shape(), product.shape()))
    throw ShapeError(
        str(op, ": input ", input.shape(), " does not broadcast to the product's ", product.shape()));
  check_same_dtype(op, input, product);
  const auto times = [](const Tensor& t, double factor) {
    return factor == 1 ? t : t * Scalar(factor, factor == std::floor(factor));
  };
  return beta == 0 ? times(product, alpha) : times(product, alpha) + times(input, beta);
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b) { return matmul_as("matmul", a, b); }

Tensor mm(const Tensor& a, const Tensor& b) {
  check_rank("mm", "a", a, 2);
  check_rank("mm", "b", b, 2);
  return matmul_as("mm", a, b);
}

namespace {

Tensor bmm_as(const char* op, const char* a_name, const char* b_name, const Tensor& a, const Tensor& b) {
  check_rank(op, a_name, a, 3);
  check_rank(op, b_name, b, 3);
  if (a.size(0) != b.size(0))
    throw ShapeError(str(op, ": batch sizes differ: ", a.shape(), " @ ", b.shape(), " (", a.size(0), " vs ",
                         b.size(0), ")"));
  return matmul_as(op, a, b);
}

}  // namespace

Tensor bmm(const Tensor& a, const Tensor& b) { return bmm_as("bmm", "a", "b", a, b); }

Tensor addmm(const Tensor& input, const Tensor& mat1, const Tensor& mat2, double beta, double alpha) {
  check_rank("addmm", "mat1", mat1, 2);
  check_rank("addmm", "mat2", mat2, 2);
  return added("addmm", input, matmul_as("addmm", mat1, mat2), beta, alpha);
}

Tensor baddbmm(const Tensor& input, const Tensor& batch1, const Tensor& batch2, double beta, double alpha) {
  return added("baddbmm", input, bmm_as("baddbmm", "batch1", "batch2", batch1, batch2), beta, alpha);
}

Tensor trace(const Tensor& x) {
  check_rank("trace", "x", x, 2);
  return sum(diagonal(x));
}

Tensor mv(const Tensor& a, const Tensor& v) {
  check_rank("mv", "a", a, 2);
  check_rank("mv", "v", v, 1);
  return matmul_as("mv", a, v);
}

Tensor dot(const Tensor& a, const Tensor& b) {
  check_rank("dot", "a", a, 1);
  check_rank("dot", "b", b, 1);
  return matmul_as("dot", a, b);
}

Tensor outer(const Tensor& a, const Tensor& b) {
  check_rank("outer", "a", a, 1);
  check_rank("outer", "b", b, 1);
  return mul(unsqueeze(a, 1), b);
}

Tensor linear(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias) {
  check_floating("linear", x);
  check_same_dtype("linear", x, weight);
  check_rank("linear", "weight", weight, 2);
  if (x.rank() == 0) throw ShapeError("linear: x needs at least one dimension, it is a scalar");
  const std::int64_t in = weight.size(1), out_size = weight.size(0);
  if (x.size(-1) != in)
    throw ShapeError(str("linear: x's last dimension is not the weight's: ", x.shape(), " with weight ",
                         weight.shape(), " (", x.size(-1), " vs ", in, ")"));
  if (bias) {
    check_same_dtype("linear", x, *bias);
    if (!(bias->shape() == Shape{out_size}))
      throw ShapeError(str("linear: bias must be ", Shape{out_size}, ", it is ", bias->shape()));
  }

  const bool row = x.rank() == 1;
  const Tensor rows = row ? x.view_of(*reshaped(x.layout(), {1, in})) : x;
  const Layout& w = weight.layout();
  const Tensor turned = weight.view_of({{in, out_size}, {w.strides[1], w.strides[0]}, w.offset});
  Tensor out = product(rows, turned, bias);
  if (row) out = out.view_of(*reshaped(out.layout(), {out_size}));
  const Tensor b = bias.value_or(Tensor());
  if (!wants_grad(x, weight, b)) return out;
  return record("linear", out, {&x, &weight, &b}, [x = Saved(x), weight = Saved(weight)](Backward& ctx) {
    const Tensor& g = ctx.grad();
    if (ctx.needs(0)) ctx.give(0, matmul(g, weight.get(ctx)));
    if (ctx.needs(1)) {
      const Tensor saved = x.get(ctx);
      const std::int64_t size = saved.size(-1), outs = g.size(-1),
                         count = numel(Shape(saved.shape().begin(), saved.shape().end() - 1));
      ctx.give(1, matmul(transposed(reshape(g, {count, outs})), reshape(saved, {count, size})));
    }
    ctx.give(2, g);
  });
}

Row einsum_row();
Row rotary_embedding_row();

std::vector<Row> linalg_rows() {
  const std::string no_rank0 = "rank0: a product needs at least one dimension";
  const std::string order = "the products of a sum are added in the tiling's order";
  std::vector<Row> rows;
  rows.push_back(op("matmul", matmul, {"a", "b"})
                     .doc("The matrix product; vectors count as a row on the left and a column on the right, "
                          "and dimensions "
                          "before the last two are a batch that broadcasts.")
                     .formula("yᵢⱼ = Σₖ aᵢₖ·bₖⱼ")
                     .shapes("[…, m, k] @ […, k, n] → […, m, n]; [k] @ [k] → []; [k] @ […, k, n] → […, n]; "
                             "[…, m, k] @ [k] → […, m]")
                     .dtypes("float32, float64, int32; both the same")
                     .errors("ShapeError when inner sizes differ, batches do not broadcast, or a side is a "
                             "scalar; DTypeError when dtypes differ")
                     .source("https://pytorch.org/docs/stable/generated/torch.matmul.html")
                     .example("tensor([[1, 2], [3, 4]]).matmul(tensor([[5], [6]])).toArray()", "[[17], [39]]")
                     .summation_order(order)
                     .with({"[3] [3]",
                            "[5] [5,3]",
                            "[3,5] [5]",
                            "[2,3] [3,4]",
                            "[1,1] [1,1]",
                            "[7,13] [13,9]",
                            "[17,19] [19,23]",
                            "[5] [2,5,3]",
                            "[2,3,5] [5]",
                            "[2,3,5] [5,4]",
                            "[2,3,5] [2,5,4]",
                            "[3,5] [2,5,4]",
                            "[1,3,5] [2,5,4]",
                            "[2,3,5] [1,5,4]",
                            "[2,1,3,5] [3,5,4]",
                            "[2,3,3,5] [2,3,5,4]",
                            "[3,5] [2,3,5,2]",
                            "[2,3,3,5] [5,2]",
                            "[2,1,2,3,4] [3,1,4,2]",
                            "[2,2,2,3,3] [2,2,2,3,3]",
                            "[4] [2,1,2,4,3]",
                            "[2,1,2,3,4] [4]",
                            "[3,5]:T [5,4]",
                            "[3,5] [5,4]:T",
                            "[3,5]:T [5,4]:T",
                            "[2,3,5]:T [2,5,4]:T",
                            "[3,5]:S [5,4]:S",
                            "[2,3,5]:S [5,4]:S",
                            "[2,3,3,5]:S [2,3,5,4]:T",
                            "[3,5]:E [5,4]:E",
                            "[4,3,5]:E [5,4]",
                            "[4,3,5]:E [4,5,2]:E",
                            "[3,5]:t [5,4]:t",
                            "[0,3] [3,4]",
                            "[2,0] [0,4]",
                            "[2,3] [3,0]",
                            "[0] [0]",
                            "[0,3,5] [5,4]",
                            "[2,0,5] [5,4]",
                            "[0,2,3] [0,3,2]",
                            "[2]:={1,nan} [2]:={3,4} !nograd",
                            "[1,2]:={inf,1} [2,2]:={1,-1,0,2} !nograd",
                            "[2,2]:={-inf,1,2,3} [2] !nograd",
                            "[3,4]:i(-9,9) [4,2]:i(-9,9)",
                            "[2,3,4]:i(-9,9) [4]:i(-9,9)"})
                     .exempt(no_rank0));
  rows.push_back(
      op("mm", mm, {"a", "b"})
          .doc("The product of two matrices.")
          .formula("yᵢⱼ = Σₖ aᵢₖ·bₖⱼ")
          .shapes("[m, k], [k, n] → [m, n]")
          .dtypes("float32, float64, int32; both the same")
          .errors("ShapeError when a side is no matrix or inner sizes differ; DTypeError when dtypes differ")
          .source("https://pytorch.org/docs/stable/generated/torch.mm.html")
          .example("tensor([[1, 2]]).mm(tensor([[3], [4]])).toArray()", "[[11]]")
          .summation_order(order)
          .with({"[2,3] [3,4]", "[1,1] [1,1]", "[7,5] [5,9]", "[7,5]:T [5,9]", "[7,5]:S [5,9]:T",
                 "[3,5]:E [5,2]:E", "[3,4]:t [4,3]:t", "[0,3] [3,2]", "[2,0] [0,3]",
                 "[1,2]:={nan,1} [2,1]:={2,3} !nograd", "[1,2]:={inf,1} [2,1]:={2,-inf} !nograd"})
          .exempt("rank: mm takes matrices only"));
  rows.push_back(
      op("bmm", bmm, {"a", "b"})
          .doc("The products of two batches of matrices, one by one.")
          .formula("yₙᵢⱼ = Σₖ aₙᵢₖ·bₙₖⱼ")
          .shapes("[b, m, k], [b, k, n] → [b, m, n]")
          .dtypes("float32, float64, int32; both the same")
          .errors("ShapeError when a side has not three dimensions, batch or inner sizes differ; DTypeError "
                  "when dtypes differ")
          .source("https://pytorch.org/docs/stable/generated/torch.bmm.html")
          .example("tensor([[[1, 2]]]).bmm(tensor([[[3], [4]]])).toArray()", "[[[11]]]")
          .summation_order(order)
          .with({"[2,3,5] [2,5,4]", "[1,1,1] [1,1,1]", "[3,7,5]:T [3,5,2]", "[2,3,5]:S [2,5,3]:S",
                 "[4,3,5]:E [4,5,2]:E", "[2,3,3]:t [2,3,3]:t", "[0,2,3] [0,3,2]", "[2,0,3] [2,3,4]",
                 "[1,1,2]:={nan,1} [1,2,1]:={2,3} !nograd", "[1,1,2]:={inf,1} [1,2,1]:={2,-inf} !nograd"})
          .exempt("rank: bmm takes batches of matrices only"));
  const auto accumulated = [&](Row r, const char* doc, const char* shapes, const char* torch, const char* example,
                               const char* result) {
    rows.push_back(r.doc(doc)
                       .formula("y = beta·input + alpha·(a @ b)")
                       .shapes(shapes)
                       .dtypes("float32, float64, int32; all the same")
                       .errors("ShapeError when the ranks or sizes do not fit; DTypeError when dtypes differ")
                       .source(str("https://pytorch.org/docs/stable/generated/torch.", r.name, ".html"))
                       .torch(torch)
                       .example(example, result)
                       .summation_order(order)
                       .exempt("rank: takes matrices, or batches of them"));
  };
  accumulated(op("addmm", addmm, {"input", "mat1", "mat2", "*beta=1", "*alpha=1"}),
              "A matrix product added to the input; with beta 0 the input does not count.",
              "[m, k] @ [k, n] → [m, n]; the input broadcasts to it",
              "torch.addmm(input, mat1, mat2, beta=beta, alpha=alpha)",
              "tensor([1]).addmm(tensor([[1, 2]]), tensor([[3], [4]])).toArray()", "[[12]]");
  rows.back().with({"[] [2,3] [3,4]", "[1] [1,1] [1,1]", "[4] [2,3] [3,4] beta=0.5 alpha=2", "[7,1]:T [7,5]:T [5,9]:S",
                    "[3,2]:E [3,5]:E [5,2]", "[3,3]:t [3,4]:t [4,3]:t", "[2] [0,3] [3,2]", "[2,3] [2,0] [0,3]",
                    "[1]:={nan} [1,2]:={inf,1} [2,1]:={2,-inf} !nograd", "[1]:={nan} [1,2] [2,1] beta=0 !nograd"});
  accumulated(op("baddbmm", baddbmm, {"input", "batch1", "batch2", "*beta=1", "*alpha=1"}),
              "The products of two batches of matrices added to the input; with beta 0 the input does not count.",
              "[b, m, k] @ [b, k, n] → [b, m, n]; the input broadcasts to it",
              "torch.baddbmm(input, batch1, batch2, beta=beta, alpha=alpha)",
              "tensor([1]).baddbmm(tensor([[[1, 2]]]), tensor([[[3], [4]]])).toArray()", "[[[12]]]");
  rows.back().with({"[] [2,3,5] [2,5,4]", "[1] [1,1,1] [1,1,1]", "[2,3,4] [2,3,5] [2,5,4] beta=0.5 alpha=2",
                    "[7,1]:T [3,7,5]:T [3,5,2]:S", "[4,3,2]:E [4,3,5]:E [4,5,2]", "[3]:t [2,3,3]:t [2,3,3]:t",
                    "[2] [0,3,3] [0,3,2]", "[2,2,3] [2,2,0] [2,0,3]",
                    "[1]:={nan} [1,1,2]:={inf,1} [1,2,1]:={2,-inf} !nograd"});
  rows.push_back(op("trace", trace, {"x"})
                     .doc("The sum of a matrix's diagonal.")
                     .formula("Σᵢ xᵢᵢ")
                     .shapes("[m, n] → []")
                     .dtypes("floats keep theirs; integers and bool give int32")
                     .errors("ShapeError when x is no matrix")
                     .source("https://pytorch.org/docs/stable/generated/torch.trace.html")
                     .example("tensor([[1, 2], [3, 4]]).trace().item()", "5")
                     // of tall matrices PyTorch 1.13 gives a wrong gradient
                     .with({"[1,1]", "[3,5]", "[7,7]", "[3,5]:T", "[5,3] !noref", "[3,5]:S", "[3,3]:E", "[4,4]:t",
                            "[0,3]",
                            "[3,3]:i(-9,9)", "[2,2]:={nan,inf,-inf,1} !nograd"})
                     .exempt("rank: takes a matrix"));
  rows.push_back(einsum_row());
  rows.push_back(op("mv", mv, {"a", "v"})
                     .doc("A matrix times a vector.")
                     .formula("yᵢ = Σₖ aᵢₖ·vₖ")
                     .shapes("[m, k], [k] → [m]")
                     .dtypes("float32, float64, int32; both the same")
                     .errors("ShapeError when a is no matrix, v no vector, or inner sizes differ; DTypeError "
                             "when dtypes differ")
                     .source("https://pytorch.org/docs/stable/generated/torch.mv.html")
                     .example("tensor([[1, 2], [3, 4]]).mv(tensor([5, 6])).toArray()", "[17, 39]")
                     .summation_order(order)
                     .with({"[2,3] [3]", "[1,1] [1]", "[7,5] [5]", "[7,5]:T [5]", "[3,5]:S [5]:S",
                            "[3,5]:E [5]:E", "[3,3]:t [3]:t", "[0,3] [3]", "[3,0] [0]",
                            "[1,2]:={nan,1} [2] !nograd", "[2,2]:={inf,1,1,-inf} [2] !nograd"})
                     .exempt("rank: mv takes a matrix and a vector only"));
  rows.push_back(
      op("dot", dot, {"a", "b"})
          .doc("The inner product of two vectors.")
          .formula("y = Σₖ aₖ·bₖ")
          .shapes("[k], [k] → []")
          .dtypes("float32, float64, int32; both the same")
          .errors("ShapeError when a side is no vector or sizes differ; DTypeError when dtypes differ")
          .source("https://pytorch.org/docs/stable/generated/torch.dot.html")
          .example("tensor([1, 2]).dot(tensor([3, 4])).item()", "11")
          .summation_order(order)
          .with({"[4] [4]", "[1] [1]", "[13] [13]", "[7]:S [7]", "[5]:E [5]", "[6]:t [6]:t", "[0] [0]",
                 "[2]:={nan,1} [2] !nograd", "[2]:={inf,1} [2]:={1,-inf} !nograd"})
          .exempt("rank: dot takes vectors only"));
  rows.push_back(
      op("outer", outer, {"a", "b"})
          .doc("Every product of an element of one vector with one of another.")
          .formula("yᵢⱼ = aᵢ·bⱼ")
          .shapes("[m], [n] → [m, n]")
          .dtypes("any, promoted")
          .errors("ShapeError when a side is no vector")
          .source("https://pytorch.org/docs/stable/generated/torch.outer.html")
          .example("tensor([1, 2]).outer(tensor([3, 4])).toArray()", "[[3, 4], [6, 8]]")
          .with({"[3] [4]", "[1] [1]", "[5] [7]", "[5]:S [3]:S", "[3]:E [2]", "[4]:t [4]:t", "[0] [3]",
                 "[3] [0]", "[3]:i(-5,5) [2]", "[2]:={nan,1} [2] !nograd", "[2]:={inf,-inf} [2] !nograd"})
          .exempt("rank: outer takes vectors only"));
  rows.push_back(
      op("linear", linear, {"x", "weight", "bias=null"})
          .doc("A fully connected layer: every row of x times the transposed weight, plus the bias.")
          .formula("y = x·weightᵀ + bias")
          .shapes("[…, in], [out, in], [out] → […, out]")
          .dtypes("float32, float64; all the same")
          .errors("ShapeError when the inner sizes or the bias do not fit; DTypeError on other or differing "
                  "dtypes")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html")
          .torch("F.linear(x, weight, bias)")
          .example("F.linear(tensor([1, 2]), tensor([[3, 4], [5, 6]]), tensor([10, 20])).toArray()",
                   "[21, 37]")
          .summation_order(order)
          .no_method()
          .with({"[3] [2,3] [2]", "[2,3] [4,3] [4]", "[2,3] [4,3] null", "[1,1] [1,1] [1]", "[5,7] [9,7] [9]",
                 "[2,3,5] [4,5] [4]", "[2,3,2,5] [3,5] [3]", "[2,1,2,3,5] [3,5] [3]", "[5,3]:T [4,3]:T [4]:S",
                 "[2,3,5]:S [4,5]:S [4]", "[2,3,5]:T [4,5] [4]", "[4,3,5]:E [2,5]:E [2]:E",
                 "[3,3]:t [3,3]:t [3]:t", "[0,3] [2,3] [2]", "[2,0] [3,0] [3]", "[2,3] [0,3] [0]",
                 "[1,2]:={nan,1} [2,2] [2] !nograd", "[1,2]:={inf,-inf} [1,2]:={1,2} [1] !nograd"})
          .exempt("rank0: the features are a dimension"));
  rows.push_back(
      op("scaled_dot_product_attention", scaled_dot_product_attention,
         {"query", "key", "value", "*attnMask=null", "*dropoutP=0", "*isCausal=false", "*scale=null",
          "*enableGqa=false"})
          .doc("Each query's average of the values, weighted by how well their keys fit it. A bool mask "
               "keeps where "
               "true, a float mask is added to the scores; a query that may look nowhere gives zeros. With enableGqa, "
               "groups of query heads share one head of key and value.")
          .formula("softmax(query·keyᵀ·scale + mask)·value, scale = 1/√d")
          .shapes("[…, t, d], […, s, d], […, s, e] → […, t, e]; mask broadcasts to […, t, s]")
          .dtypes("float32, float64; all the same (the mask may be bool)")
          .errors("ShapeError when widths, lengths, batches or the mask do not fit; FluxionError when both "
                  "attnMask and "
                  "isCausal are given, or dropoutP is outside [0, 1]")
          .source("https://arxiv.org/abs/1706.03762")
          .torch("sdpa(query, key, value, attn_mask, is_causal, scale, enable_gqa)")
          .example("F.scaledDotProductAttention(tensor([[1, 0]]), tensor([[1, 0], [1, 0]]), tensor([[2], "
                   "[4]])).toArray()",
                   "[[3]]")
          .summation_order(order)
          .no_method()
          .with({"[3,4] [5,4] [5,2]",
                 "[1,1] [1,1] [1,1]",
                 "[2,3,4] [2,5,4] [2,5,3]",
                 "[2,2,3,4] [2,2,5,4] [2,2,5,4]",
                 "[1,2,2,3,4] [1,2,2,5,4] [1,2,2,5,4]",
                 "[2,2,5,4] [2,2,5,4] [2,2,5,4] isCausal=true",
                 "[3,4] [5,4] [5,2] isCausal=true",
                 "[5,3] [3,3] [3,2] isCausal=true",
                 "[2,3,4] [2,3,4] [2,3,4] scale=0.3",
                 "[2,3,4] [2,5,4] [2,5,3] [3,5]",
                 "[2,3,4] [2,5,4] [2,5,3] [2,1,5]",
                 "[3,4] [3,4] [3,4] [3,3]:b={1,0,0,1,1,0,0,1,1}",
                 "[2,2,3,7]:T [2,2,5,7]:T [2,2,5,7]:T",
                 "[2,3,4]:S [2,5,4]:S [2,5,3]:S",
                 "[2,3,4]:E [2,5,4]:E [2,5,3]:E",
                 "[2,3,4] [1,5,4] [5,3]",
                 "[3,4]:t [5,4]:t [5,2]:t",
                 "[4,3,2] [2,5,2] [2,5,3] enableGqa=true",
                 "[2,6,5,4] [2,3,5,4] [2,3,5,4] isCausal=true enableGqa=true",
                 "[0,4] [5,4] [5,2]",
                 "[0,3,4] [0,5,4] [0,5,2]",
                 "[1,2]:={nan,1} [2,2] [2,2] !nograd",
                 "[1,2]:={inf,1} [2,2]:={1,2,-inf,4} [2,2] !nograd"})
          .exempt("rank: attention works on sequences of vectors"));
  rows.push_back(rotary_embedding_row());
  return rows;
}

}  // namespace fluxion
