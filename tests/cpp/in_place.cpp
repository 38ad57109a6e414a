#include "fluxion/ops/in_place.h"

#include <cmath>

#include "check.h"
#include "fluxion/autograd/autograd.h"

using namespace fluxion;
using Floats = std::vector<double>;

namespace {

Tensor leaf(const std::vector<double>& values, const Shape& shape) {
  const Tensor t = Tensor::from(values, shape);
  set_requires_grad(t, true);
  return t;
}
Floats values(const Tensor& t) { return t.to_vector<double>(); }
Floats grad_values(const Tensor& t) { return values(grad_of(t)); }

const Tensor& mul_(const Tensor& x, const Operand& y) {
  return in_place("mul_", x, [&](const Tensor& v) { return mul(v, y); });
}
const Tensor& add_(const Tensor& x, const Operand& y) {
  return in_place("add_", x, [&](const Tensor& v) { return add(v, y); });
}

}  // namespace

TEST(in_place_results_stand_in_the_same_memory) {
  const Tensor x = Tensor::from(std::vector<double>{1, 2, 3}, {3}), alias = x.detach();
  const std::uint32_t before = x.storage().version();
  mul_(x, 2.0);
  CHECK_EQ(values(alias), (Floats{2, 4, 6}));
  CHECK_EQ(x.storage().version(), before + 1);
}

TEST(in_place_ops_take_part_in_gradients) {
  const Tensor a = leaf({1, 2}, {2}), w = leaf({3, 4}, {2});
  const Tensor x = a * 2;
  mul_(x, w);  // saves x's values from before
  in_place("exp_", x, [](const Tensor& v) { return exp(v); });
  backward(sum(x));
  const double e6 = std::exp(6), e16 = std::exp(16);
  CHECK_EQ(grad_values(a), (Floats{e6 * 6, e16 * 8}));
  CHECK_EQ(grad_values(w), (Floats{e6 * 2, e16 * 4}));
}

TEST(a_leaf_and_its_views_refuse_in_place_changes_while_recording) {
  const Tensor x = leaf({1, 2}, {2});
  CHECK_THROWS(mul_(x, 2.0), FluxionError,
               "mul_: a leaf that requires a gradient cannot be changed in place while gradients are recorded; do it "
               "under noGrad, or change a clone()");
  CHECK_THROWS(mul_(select(x, 0, 0), 2.0), FluxionError, "mul_: a view of a leaf that requires a gradient");
  CHECK_EQ(values(x), (Floats{1, 2}));
  const NoGrad off;
  mul_(x, 2.0);
  CHECK_EQ(values(x), (Floats{2, 4}));
  CHECK(is_leaf(x));
}

TEST(a_changed_view_changes_its_bases_history) {
  const Tensor a = leaf({1, 2, 3, 4}, {2, 2}), w = leaf({5, 6}, {2});
  const Tensor base = a * 1;
  const Tensor sibling = select(base, 1, 0), row = select(base, 0, 0);
  mul_(row, w);
  CHECK_EQ(values(base), (Floats{5, 12, 3, 4}));
  CHECK_EQ(values(sibling), (Floats{5, 3}));
  backward(sum(sibling * Tensor::from(Floats{10, 100}, {2})));
  CHECK_EQ(grad_values(a), (Floats{50, 0, 100, 0}));
  CHECK_EQ(grad_values(w), (Floats{10, 0}));
}

TEST(a_changed_base_changes_its_views_history) {
  const Tensor a = leaf({1, 2, 3, 4}, {2, 2});
  const Tensor base = a * 1, column = select(transpose(base, 0, 1), 0, 1);  // 2, 4
  in_place("square_", base, [](const Tensor& v) { return square(v); });
  CHECK_EQ(values(column), (Floats{4, 16}));
  backward(sum(column));
  CHECK_EQ(grad_values(a), (Floats{0, 4, 0, 8}));
}

TEST(a_plain_tensor_takes_the_history_of_what_is_written_into_it) {
  const Tensor w = leaf({2, 3}, {2}), into = zeros({2, 2}, DType::Float64);
  const Tensor row = select(into, 0, 1);
  assign(row, w * w);
  CHECK(requires_grad(into));
  backward(sum(into * 2));
  CHECK_EQ(grad_values(w), (Floats{8, 12}));
}

TEST(what_is_overwritten_has_a_gradient_of_zeros) {
  const Tensor a = leaf({1, 2}, {2});
  const Tensor x = a * 3;
  assign(x, zeros({2}, DType::Float64));
  backward(sum(x));
  CHECK_EQ(grad_values(a), (Floats{0, 0}));
}

TEST(in_place_gradients_have_gradients) {
  const Tensor a = leaf({2, 3}, {2});
  const Tensor x = a * 1;
  const Tensor head = slice(x, 0, 0, 1);
  in_place("pow_", head, [](const Tensor& v) { return pow(v, 3); });
  const Tensor g = grad({sum(x * x)}, {a}, {}, BackwardOptions{.create_graph = true})[0];  // 6 a0⁵, 2 a1
  CHECK_EQ(values(g), (Floats{192, 6}));
  CHECK_EQ(values(grad({sum(g)}, {a})[0]), (Floats{480, 2}));
}

TEST(a_value_needed_for_a_gradient_must_not_change) {
  const Tensor a = leaf({1, 2}, {2});
  const Tensor x = a * 2, y = exp(x), part = select(x, 0, 0);
  mul_(y, 2.0);
  CHECK_THROWS(backward(sum(y)), FluxionError, "a value that exp saved for its gradient, of shape [2], was changed");
  const Tensor z = x * x;
  add_(part, 1.0);  // through a view
  CHECK_THROWS(backward(sum(z)), FluxionError, "a value that mul saved for its gradient, of shape [2], was changed");
}

TEST(in_place_results_must_fit) {
  const Tensor x = zeros({2}), n = zeros({2}, DType::Int32);
  CHECK_THROWS(add_(x, zeros({3, 2})), ShapeError, "add_: the result is [3, 2], which does not fit into [2]");
  CHECK_THROWS(add_(n, 0.5), DTypeError, "add_: the result is float32, which a tensor of int32 cannot hold");
  CHECK_THROWS(add_(expand(zeros({1}), {3}), 1.0), FluxionError,
               "add_: several elements of the tensor [3] with strides [0] lie in one place; change a clone() of it");
  CHECK_THROWS(add_(windows(zeros({4}), 0, 2, 1), 1.0), FluxionError, "lie in one place");
  add_(x, Tensor::from(Floats{1, 2}, {2}));  // float64 into float32
  CHECK_EQ(values(x), (Floats{1, 2}));
}

TEST(a_view_made_without_recording_refuses_a_history) {
  const Tensor w = leaf({2}, {1}), base = zeros({2}, DType::Float64);
  const Tensor view = [&] {
    const NoGrad off;
    return slice(base, 0, 0, 1);
  }();
  CHECK_THROWS(add_(view, w), FluxionError, "add_: this view was made under noGrad");
  add_(view, 1.0);
  CHECK_EQ(values(base), (Floats{1, 0}));
  CHECK(!requires_grad(base));
}

TEST(in_place_chains_are_freed) {
  const std::int64_t nodes = live_nodes(), tensors = memory_stats().tensors;
  {
    const Tensor a = leaf({1, 2}, {2});
    const Tensor x = a * 1, v = select(x, 0, 0);
    for (int i = 0; i < 5; ++i) {
      mul_(v, v * 0.5);
      add_(x, a);
    }
    CHECK(live_nodes() > nodes);
  }
  CHECK_EQ(live_nodes(), nodes);
  CHECK_EQ(memory_stats().tensors, tensors);
}
