#include "fluxion/transforms/functional.h"

#include <cmath>
#include <limits>

#include "check.h"
#include "fluxion/autograd/anomaly.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"

using namespace fluxion;
using Floats = std::vector<double>;

namespace {

Tensor vec(const Floats& values, const Shape& shape) { return Tensor::from(values, shape); }
Floats values(const Tensor& t) { return t.to_vector<double>(); }

const Tensor matrix = vec({1, 2, 3, 4, 5, 6}, {2, 3});
// A·x + y², of two inputs [3] and [2].
Tensor affine(const std::vector<Tensor>& in) { return mv(matrix, in[0]) + in[1] * in[1]; }
// Σ x³ + x₀·y
Tensor cubic(const std::vector<Tensor>& in) { return sum(pow(in[0], 3)) + select(in[0], 0, 0) * sum(in[1]); }

const std::vector<Tensor> point = {vec({1, 2, 3}, {3}), vec({4, 5}, {2})};

}  // namespace

TEST(jacobians_are_those_of_the_formula) {
  const std::vector<Tensor> j = jacobian(affine, point);
  CHECK(j[0].shape() == (Shape{2, 3}) && j[1].shape() == (Shape{2, 2}));
  CHECK_EQ(values(j[0]), values(matrix));
  CHECK_EQ(values(j[1]), (Floats{8, 0, 0, 10}));
  CHECK(!requires_grad(j[1]));
  const Tensor alone = jacobian([](const std::vector<Tensor>& in) { return ones_like(in[0]); }, {point[0]})[0];
  CHECK_EQ(values(alone), Floats(9, 0));
}

TEST(hessians_are_those_of_the_formula) {
  const std::vector<Tensor> h = hessian(cubic, point);
  CHECK_EQ(values(h[0]), (Floats{6, 0, 0, 0, 12, 0, 0, 0, 18}));
  CHECK_EQ(values(h[1]), (Floats{1, 1, 0, 0, 0, 0}));
  CHECK(h[2].shape() == (Shape{2, 3}));
  CHECK_EQ(values(h[3]), Floats(4, 0));
}

TEST(products_with_vectors_are_those_of_the_whole_matrices) {
  const std::vector<Tensor> back = vjp(affine, point, {vec({1, 10}, {2})});
  CHECK_EQ(values(back[0]), (Floats{30, 57}));
  CHECK_EQ(values(back[1]), (Floats{41, 52, 63}));
  CHECK_EQ(values(back[2]), (Floats{8, 100}));
  const std::vector<Tensor> v = {vec({1, 0, 2}, {3}), vec({1, -1}, {2})};
  CHECK_EQ(values(jvp(affine, point, v)[1]), (Floats{15, 6}));
  const std::vector<Tensor> h = hvp(cubic, point, v);
  CHECK_EQ(values(h[0]), (Floats{36 + 9}));
  CHECK_EQ(values(h[1]), (Floats{6, 0, 36}));
  CHECK_EQ(values(h[2]), (Floats{1, 1}));
  CHECK_EQ(values(vjp(cubic, point, {})[1]), (Floats{12, 12, 27}));
}

TEST(functional_results_can_be_differentiated_themselves) {
  const Tensor x = point[0].detach();
  set_requires_grad(x, true);
  const Tensor j = jacobian([](const std::vector<Tensor>& in) { return pow(in[0], 3); }, {x}, true)[0];
  backward(sum(j));
  CHECK_EQ(values(grad_of(x)), (Floats{6, 12, 18}));
}

TEST(functional_refusals_name_the_function_and_the_shapes) {
  CHECK_THROWS(hessian(affine, point), ShapeError, "hessian: the function must give a scalar, it gave [2]");
  CHECK_THROWS(vjp(affine, point, {}), FluxionError, "vjp: 0 vectors for 1 tensors");
  CHECK_THROWS(jvp(affine, point, {vec({1}, {1}), vec({1, 2}, {2})}), ShapeError,
               "jvp: a vector of shape [1] for a tensor of [3]");
  CHECK_THROWS(jacobian(affine, {zeros({3}, DType::Int32)}), DTypeError,
               "jacobian: only float tensors have derivatives, an input is int32");
}

TEST(anomalies_are_found_where_they_begin) {
  const Tensor x = vec({4, 0, 1}, {3});
  set_requires_grad(x, true);
  set_detect_anomaly(true);
  set_place_finder([] { return std::string(" at here"); });
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_THROWS(log(x * 2), FluxionError, "detectAnomaly: a result is -inf at element 1 of [3], from finite inputs of "
                                         "log([3]) at here");
  CHECK_EQ(std::isinf(sum(where(gt(x, 0), x, inf)).item()), true);  // the infinity was given
  const Tensor root = sum(sqrt(x) * 3);
  CHECK_THROWS(backward(root), FluxionError,
               "detectAnomaly: the gradient of input 0 is inf at element 1 of [3], from a finite one of sqrt([3]) at "
               "here");
  set_detect_anomaly(false);
  set_place_finder(nullptr);
  backward(sum(log(x)));
  CHECK_EQ(values(grad_of(x))[1], inf);
}

TEST(nodes_are_freed_as_soon_as_nothing_needs_them) {
  const std::int64_t before = live_nodes();
  const auto count = [&] { return live_nodes() - before; };
  const Tensor x = vec({1, 2}, {2});
  set_requires_grad(x, true);
  {
    Tensor a = exp(x), b = a * a, c = sum(b);
    CHECK_EQ(count(), 4);  // with the leaf's
    b = Tensor();          // c's graph still needs it
    CHECK_EQ(count(), 4);
    c = Tensor();
    CHECK_EQ(count(), 2);  // a's own and the leaf's
    a = Tensor();
    CHECK_EQ(count(), 0);
  }
  {
    const Tensor c = sum(exp(x) * x);
    backward(c, {}, {.retain_graph = true});
    CHECK_EQ(count(), 4);
    backward(c);
    CHECK_EQ(count(), 1);  // c's own, emptied
  }
  CHECK_EQ(count(), 0);
  {
    const Tensor g = grad({sum(exp(x))}, {x}, {}, {.create_graph = true})[0];
    CHECK(count() > 0);
  }
  CHECK_EQ(count(), 0);
  // Half of a graph that two results share.
  const Tensor shared = exp(x);
  Tensor one = sum(shared), two = sum(shared * 2);
  CHECK_EQ(count(), 5);
  backward(one);
  CHECK_THROWS(backward(two), FluxionError, "was freed by an earlier backward");
  one = two = Tensor();
  CHECK_EQ(count(), 1);
}
