// Products: values of every broadcasting form, how many primitives they take, errors; attention.

#include <array>
#include <cmath>
#include <vector>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/kernels/kernels.h"
#include "fluxion/ops/ops.h"

namespace {

using namespace fluxion;

std::vector<double> list(std::vector<double> v) { return v; }
using kernels::Prim;

// Whole numbers, so that sums in any order are exact.
Tensor grid(const Shape& shape, DType dtype = DType::Float32) {
  std::vector<double> v(static_cast<std::size_t>(numel(shape)));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<double>((i * 5 + 3) % 11) - 5;
  return to_dtype(Tensor::from(v, shape), dtype);
}

double element(const Tensor& t, const std::vector<std::int64_t>& index) {
  Tensor at = t.detach();
  for (const std::int64_t i : index) at = select(at, 0, at.size(0) == 1 ? 0 : i);
  return at.item();
}

// Σₖ a[…, i, k]·b[…, k, j] element by element, both with at least two dimensions.
std::vector<double> reference(const Tensor& a, const Tensor& b) {
  const Shape batch = broadcast_shapes("reference", Shape(a.shape().begin(), a.shape().end() - 2),
                                       Shape(b.shape().begin(), b.shape().end() - 2));
  std::vector<double> out;
  const std::int64_t count = numel(batch), m = a.size(-2), k = a.size(-1), n = b.size(-1);
  for (std::int64_t at = 0; at < count; ++at) {
    std::vector<std::int64_t> place(batch.size());
    std::int64_t rest = at;
    for (int d = batch.ssize() - 1; d >= 0; --d) {
      place[static_cast<std::size_t>(d)] = rest % batch[d];
      rest /= batch[d];
    }
    const auto matrix = [&](const Tensor& t) {
      return std::vector<std::int64_t>(place.end() - (t.rank() - 2), place.end());
    };
    const std::vector<std::int64_t> pa = matrix(a), pb = matrix(b);
    for (std::int64_t i = 0; i < m; ++i)
      for (std::int64_t j = 0; j < n; ++j) {
        double sum = 0;
        for (std::int64_t l = 0; l < k; ++l) {
          std::vector<std::int64_t> ia = pa, ib = pb;
          ia.insert(ia.end(), {i, l});
          ib.insert(ib.end(), {l, j});
          sum += element(a, ia) * element(b, ib);
        }
        out.push_back(sum);
      }
  }
  return out;
}

struct Counts {
  std::uint64_t gemm = kernels::call_count(Prim::Gemm), copy = kernels::call_count(Prim::Copy);
  std::uint64_t gemms() const { return kernels::call_count(Prim::Gemm) - gemm; }
  std::uint64_t copies() const { return kernels::call_count(Prim::Copy) - copy; }
};

// The shapes [batch, m, k] and [batch, k, n] of every product while it lives.
class GemmShapes final : public kernels::Observer {
 public:
  GemmShapes() { kernels::set_observer(this); }
  ~GemmShapes() override { kernels::set_observer(nullptr); }
  void on_call(Prim prim, const kernels::View* views, int, const void*, std::size_t) override {
    if (prim != Prim::Gemm) return;
    const auto shape = [](const kernels::View& v) { return Shape(v.shape, v.shape + v.rank); };
    left.push_back(shape(views[1]));
    right.push_back(shape(views[2]));
  }
  std::vector<Shape> left, right;
};

}  // namespace

TEST(matmul_values_of_every_form) {
  const std::vector<std::array<Shape, 2>> forms = {
      {Shape{2, 3}, Shape{3, 4}},          {Shape{2, 3, 5}, Shape{5, 4}},
      {Shape{3, 5}, Shape{2, 5, 4}},       {Shape{2, 3, 5}, Shape{2, 5, 4}},
      {Shape{2, 1, 3, 5}, Shape{3, 5, 4}}, {Shape{1, 3, 5}, Shape{4, 5, 2}},
      {Shape{3, 2, 2, 3}, Shape{2, 3, 1}}, {Shape{2, 3}, Shape{2, 2, 3, 5}},
  };
  for (const auto& [sa, sb] : forms) {
    const Tensor a = grid(sa), b = grid(sb);
    if (!CHECK_EQ(matmul(a, b).to_vector<double>(), reference(a, b))) continue;
    // The same through transposed memory.
    const Tensor at = transpose(clone(transpose(a, -2, -1)), -2, -1),
                 bt = transpose(clone(transpose(b, -2, -1)), -2, -1);
    CHECK_EQ(matmul(at, b).to_vector<double>(), reference(a, b));
    CHECK_EQ(matmul(a, bt).to_vector<double>(), reference(a, b));
    CHECK_EQ(matmul(at, bt).to_vector<double>(), reference(a, b));
  }
  const Tensor v = Tensor::from<float>({1, 2, 3}, {3}), m = Tensor::from<float>({1, 0, 0, 1, 1, 1}, {3, 2});
  CHECK_EQ(matmul(v, m).to_vector<double>(), list({4, 5}));
  CHECK_EQ(matmul(v, m).shape(), Shape{2});
  CHECK_EQ(matmul(t(m), v).to_vector<double>(), list({4, 5}));
  CHECK_EQ(matmul(v, v).item(), 14);
  CHECK_EQ(matmul(v, v).rank(), 0);
  CHECK_EQ(matmul(v, grid({2, 4, 3, 5})).shape(), (Shape{2, 4, 5}));
  CHECK_EQ(matmul(grid({2, 4, 5, 3}), v).shape(), (Shape{2, 4, 5}));
  CHECK_EQ(dot(v, v).item(), 14);
  CHECK_EQ(mv(t(m), v).to_vector<double>(), list({4, 5}));
  CHECK_EQ(outer(v, v).to_vector<double>(), list({1, 2, 3, 2, 4, 6, 3, 6, 9}));
  const Tensor whole = grid({2, 3}, DType::Int32);
  CHECK_EQ(matmul(whole, t(whole)).dtype(), DType::Int32);
  CHECK_EQ(matmul(whole, t(whole)).to_vector<double>(), reference(whole, t(whole)));
}

TEST(matmul_of_nothing) {
  CHECK_EQ(matmul(zeros({2, 0}), zeros({0, 3})).to_vector<double>(), std::vector<double>(6, 0));
  CHECK_EQ(matmul(zeros({0}), zeros({0})).item(), 0);
  CHECK_EQ(matmul(zeros({0, 2, 3}), zeros({3, 4})).shape(), (Shape{0, 2, 4}));
  CHECK_EQ(linear(zeros({2, 0}), zeros({3, 0}), ones({3})).to_vector<double>(), std::vector<double>(6, 1));
}

TEST(matmul_is_one_product_and_copies_nothing_for_transposes) {
  const Tensor a = grid({4, 5, 6}), w = grid({6, 7}), b = grid({4, 6, 7});
  const Counts before;
  matmul(t(w), transpose(select(a, 0, 1), 0, 1));
  matmul(transpose(b, 1, 2), transpose(a, 1, 2));
  matmul(expand(select(a, 0, 0), {4, 5, 6}), b);
  linear(a, t(w));
  CHECK_EQ(before.gemms(), 4);
  CHECK_EQ(before.copies(), 0);
  GemmShapes seen;
  matmul(a, w);
  matmul(select(a, 0, 0), b);
  CHECK_EQ(seen.left, (std::vector<Shape>{{1, 20, 6}, {4, 5, 6}}));
  CHECK_EQ(seen.right, (std::vector<Shape>{{1, 6, 7}, {4, 6, 7}}));
}

TEST(matmul_weight_gradient_folds_the_batch_into_one_product) {
  const auto products_of_backward = [](const Tensor& y) {
    GemmShapes seen;
    backward(sum(y));
    return seen.left.size();
  };
  for (const bool is_linear : {false, true}) {
    const Tensor x = grid({4, 5, 6}), w = is_linear ? grid({7, 6}) : grid({6, 7}), b = grid({7});
    set_requires_grad(w, true);
    set_requires_grad(b, true);
    CHECK_EQ(products_of_backward(is_linear ? linear(x, w, b) : matmul(x, w)), 1);
    // dL/dw = Σ over the batch, since L sums everything
    const Tensor per_input = sum(reshape(x, {20, 6}), Shape{0});
    const Tensor expected = expand(is_linear ? per_input : unsqueeze(per_input, 1), w.shape());
    CHECK_EQ(grad_of(w).to_vector<double>(), expected.to_vector<double>());
    if (is_linear) CHECK_EQ(grad_of(b).to_vector<double>(), std::vector<double>(7, 20));
  }
  const Tensor w = grid({3, 5}), x = grid({4, 5, 2});
  set_requires_grad(w, true);
  GemmShapes seen;
  backward(sum(matmul(w, x)));
  CHECK_EQ(seen.left.back(), (Shape{1, 3, 8}));
  CHECK_EQ(seen.left.size(), 2u);
  CHECK_EQ(grad_of(w).to_vector<double>(), expand(sum(x, Shape{0, 2}), {3, 5}).to_vector<double>());
}

TEST(linear_fuses_the_bias_and_takes_vectors) {
  const Tensor x = Tensor::from<float>({1, 2}, {2}), w = Tensor::from<float>({3, 4, 5, 6}, {2, 2});
  const Tensor b = Tensor::from<float>({10, 20}, {2});
  const std::uint64_t adds = kernels::call_count(Prim::Binary);
  CHECK_EQ(linear(x, w, b).to_vector<double>(), list({21, 37}));
  CHECK_EQ(kernels::call_count(Prim::Binary), adds);
  CHECK_EQ(linear(x, w).to_vector<double>(), list({11, 17}));
}

TEST(matmul_errors) {
  const auto f = [](const Shape& s) { return zeros(s); };
  CHECK_THROWS(matmul(f({2, 3}), f({4, 5})), ShapeError,
               "matmul: inner sizes differ: [2, 3] @ [4, 5] (3 vs 4)");
  CHECK_THROWS(matmul(f({3}), f({4})), ShapeError, "matmul: inner sizes differ: [3] @ [4] (3 vs 4)");
  CHECK_THROWS(matmul(f({}), f({4})), ShapeError, "matmul: both sides need at least one dimension: [] @ [4]");
  CHECK_THROWS(matmul(f({2, 3, 4}), f({5, 4, 6})), ShapeError,
               "matmul: batch dimensions do not broadcast: [2, 3, 4] @ [5, 4, 6] (2 vs 5)");
  CHECK_THROWS(matmul(f({2, 3}), zeros({3, 4}, DType::Float64)), DTypeError,
               "matmul: dtypes differ: float32 and float64; convert one with to()");
  CHECK_THROWS(matmul(zeros({2, 2}, DType::Bool), zeros({2, 2}, DType::Bool)), DTypeError,
               "matmul: needs float32, float64 or int32, these are bool; convert them with to('float32')");
  CHECK_THROWS(mm(f({2, 3, 4}), f({4, 5})), ShapeError, "mm: a must have 2 dimensions, it is [2, 3, 4]");
  CHECK_THROWS(mm(f({2, 3}), f({4, 5})), ShapeError, "mm: inner sizes differ: [2, 3] @ [4, 5] (3 vs 4)");
  CHECK_THROWS(bmm(f({2, 3, 4}), f({1, 4, 5})), ShapeError,
               "bmm: batch sizes differ: [2, 3, 4] @ [1, 4, 5] (2 vs 1)");
  CHECK_THROWS(mv(f({2, 3}), f({3, 1})), ShapeError, "mv: v must have 1 dimension, it is [3, 1]");
  CHECK_THROWS(dot(f({2, 3}), f({3})), ShapeError, "dot: a must have 1 dimension, it is [2, 3]");
  CHECK_THROWS(outer(f({2}), f({})), ShapeError, "outer: b must have 1 dimension, it is []");
  CHECK_THROWS(linear(f({2, 3}), f({4, 5})), ShapeError,
               "linear: x's last dimension is not the weight's: [2, 3] with weight [4, 5] (3 vs 5)");
  CHECK_THROWS(linear(f({2, 3}), f({4, 3}), f({3})), ShapeError, "linear: bias must be [4], it is [3]");
  CHECK_THROWS(linear(f({}), f({4, 3})), ShapeError,
               "linear: x needs at least one dimension, it is a scalar");
  CHECK_THROWS(linear(f({3}), f({3})), ShapeError, "linear: weight must have 2 dimensions, it is [3]");
  CHECK_THROWS(linear(zeros({3}, DType::Int32), zeros({2, 3}, DType::Int32)), DTypeError,
               "linear: needs float32 or float64, this tensor is int32");
}

TEST(attention_values) {
  const Tensor q = Tensor::from<float>({1, 0, 0, 1}, {2, 2}),
               k = Tensor::from<float>({1, 0, 1, 1, 0, 2}, {3, 2});
  const Tensor v = Tensor::from<float>({1, 2, 3, 4, 5, 6}, {3, 2});
  const std::vector<double> open = {2.593327522, 3.593327283, 3.871892452, 4.871891975};
  const std::vector<double> causal = {1, 2, 2.339522838, 3.339523077};
  CHECK_CLOSE(scaled_dot_product_attention(q, k, v).to_vector<double>(), open, 1e-6, 0);
  CHECK_CLOSE(scaled_dot_product_attention(q, k, v, {}, 0, true).to_vector<double>(), causal, 1e-6, 0);
  const Tensor keep = tril(ones({2, 3}, DType::Bool));
  CHECK_CLOSE(scaled_dot_product_attention(q, k, v, keep).to_vector<double>(), causal, 1e-6, 0);
  const Tensor added = masked_fill(zeros({2, 3}), eq(keep, 0), -INFINITY);
  CHECK_CLOSE(scaled_dot_product_attention(q, k, v, added).to_vector<double>(), causal, 1e-6, 0);
  CHECK_CLOSE(scaled_dot_product_attention(q, k, v, {}, 0, false, 0.0).to_vector<double>(),
              list({3, 4, 3, 4}), 1e-6, 0);
}

TEST(attention_that_may_look_nowhere_gives_zeros_and_no_nan) {
  const Tensor q = grid({2, 3}), k = grid({4, 3}), v = grid({4, 2});
  for (const Tensor& x : {q, k, v}) set_requires_grad(x, true);
  Tensor keep = ones({2, 4}, DType::Bool);
  fill_(select(keep, 0, 1), 0);
  const Tensor out = scaled_dot_product_attention(q, k, v, keep);
  CHECK_EQ(select(out, 0, 1).to_vector<double>(), list({0, 0}));
  backward(sum(square(out)));
  for (const Tensor& x : {q, k, v}) CHECK(all(isfinite(grad_of(x))).item() == 1);
  CHECK_EQ(select(grad_of(q), 0, 1).to_vector<double>(), std::vector<double>(3, 0));
}

TEST(attention_drops_weights_by_the_seed) {
  const Tensor q = grid({5, 4}), v = grid({5, 3});
  const auto drawn = [&](std::uint64_t seed) {
    manual_seed(seed);
    return scaled_dot_product_attention(q, q, v, {}, 0.5).to_vector<double>();
  };
  CHECK_EQ(drawn(1), drawn(1));
  CHECK(drawn(1) != drawn(2));
  CHECK(drawn(1) != scaled_dot_product_attention(q, q, v).to_vector<double>());
}

TEST(attention_errors) {
  const auto f = [](const Shape& s) { return zeros(s); };
  const auto attend = [](const Tensor& q, const Tensor& k, const Tensor& v,
                         const std::optional<Tensor>& mask = {}, double p = 0, bool causal = false) {
    return scaled_dot_product_attention(q, k, v, mask, p, causal);
  };
  CHECK_THROWS(attend(f({2, 3}), f({4, 5}), f({4, 5})), ShapeError,
               "scaledDotProductAttention: widths of query and key differ: query [2, 3], key [4, 5], "
               "value [4, 5] (3 vs 5)");
  CHECK_THROWS(attend(f({2, 3}), f({4, 3}), f({5, 3})), ShapeError, "lengths of key and value differ");
  CHECK_THROWS(attend(f({3}), f({4, 3}), f({4, 3})), ShapeError,
               "all need at least two dimensions: query [3]");
  CHECK_THROWS(attend(f({2, 2, 3}), f({3, 4, 3}), f({3, 4, 3})), ShapeError,
               "shapes do not broadcast: [2] and [3]");
  CHECK_THROWS(attend(f({2, 3}), f({4, 3}), f({4, 3}), f({3, 4})), ShapeError,
               "attnMask [3, 4] does not broadcast to the scores' [2, 4]");
  CHECK_THROWS(attend(f({2, 3}), f({4, 3}), f({4, 3}), f({2, 4}), 0, true), FluxionError,
               "give either attnMask or isCausal, not both");
  CHECK_THROWS(attend(f({2, 3}), f({4, 3}), f({4, 3}), {}, 1.5), FluxionError,
               "dropoutP must lie in [0, 1], it is 1.5");
  CHECK_THROWS(attend(f({2, 3}), f({4, 3}), f({4, 3}), zeros({2, 4}, DType::Float64)), DTypeError,
               "dtypes differ: float32 and float64");
}
