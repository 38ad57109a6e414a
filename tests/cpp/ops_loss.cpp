// Losses: values from PyTorch, reductions, ignored and weighted classes, errors.

#include <cmath>
#include <limits>
#include <vector>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/kernels/kernels.h"
#include "fluxion/ops/ops.h"

namespace {

using namespace fluxion;

Tensor floats(const std::vector<float>& v, const Shape& shape) { return Tensor::from(v, shape); }
Tensor ints(const std::vector<std::int32_t>& v, const Shape& shape) { return Tensor::from(v, shape); }
std::vector<double> values(const Tensor& t) { return t.to_vector<double>(); }
std::vector<double> list(std::vector<double> v) { return v; }

const Tensor& scores() {
  static const Tensor x = floats({1, 2, 0.5, 0, -1, 3}, {2, 3});
  return x;
}

}  // namespace

TEST(mse_and_l1_losses) {
  const Tensor a = floats({1, 5, 2}, {3}), b = floats({3, 1, 2}, {3});
  CHECK_CLOSE(mse_loss(a, b).item(), 20.0 / 3, 1e-6, 0);
  CHECK_EQ(mse_loss(a, b, Reduction::Sum).item(), 20);
  CHECK_EQ(values(mse_loss(a, b, Reduction::None)), list({4, 16, 0}));
  CHECK_EQ(l1_loss(a, b).item(), 2);
  CHECK_EQ(values(l1_loss(a, b, Reduction::None)), list({2, 4, 0}));
  CHECK_THROWS(mse_loss(a, zeros({2})), ShapeError, "mseLoss: shapes do not broadcast: [3] and [2]");
  CHECK_THROWS(mse_loss(zeros({2}, DType::Int32), zeros({2})), DTypeError,
               "mseLoss: needs float32 or float64");
}

TEST(cross_entropy_values) {
  CHECK_CLOSE(cross_entropy(scores(), ints({1, 2}, {2})).item(), 0.2651263475, 1e-6, 0);
  CHECK_CLOSE(cross_entropy(scores(), ints({1, -100}, {2})).item(), 0.4643687904, 1e-6, 0);
  CHECK_CLOSE(
      cross_entropy(scores(), ints({1, 2}, {2}), floats({1, 2, 0.5}, {3}), -100, Reduction::Mean, 0.1).item(),
      0.5409497619, 1e-6, 0);
  CHECK(std::isnan(cross_entropy(scores(), ints({-100, -100}, {2})).item()));
  CHECK_EQ(cross_entropy(scores(), ints({-100, -100}, {2}), {}, -100, Reduction::Sum).item(), 0);
  // Class probabilities that are one-hot say the same as indices.
  const Tensor hot = to_dtype(one_hot(ints({1, 2}, {2}), 3), DType::Float32);
  CHECK_CLOSE(cross_entropy(scores(), hot).item(), 0.2651263475, 1e-6, 0);
  CHECK_CLOSE(values(nll_loss(log_softmax(scores(), 1), ints({1, 2}, {2}), {}, -100, Reduction::None)),
              values(cross_entropy(scores(), ints({1, 2}, {2}), {}, -100, Reduction::None)), 1e-6, 1e-7);
}

TEST(cross_entropy_with_classes_in_the_middle) {
  const Tensor x = permute(reshape(scores(), {1, 2, 3}), {0, 2, 1});
  CHECK_CLOSE(values(cross_entropy(x, ints({1, 2}, {1, 2}), {}, -100, Reduction::None)),
              values(cross_entropy(scores(), ints({1, 2}, {2}), {}, -100, Reduction::None)), 1e-6, 0);
  CHECK_CLOSE(cross_entropy(select(scores(), 0, 0), ints({1}, {})).item(), 0.4643687904, 1e-6, 0);
}

TEST(cross_entropy_is_fused_unless_weighted) {
  const Tensor x = clone(scores());
  set_requires_grad(x, true);
  const std::uint64_t forward = kernels::call_count(kernels::Prim::CrossEntropy);
  const std::uint64_t gradient = kernels::call_count(kernels::Prim::CrossEntropyGrad);
  backward(cross_entropy(x, ints({1, 2}, {2})));
  CHECK_EQ(kernels::call_count(kernels::Prim::CrossEntropy), forward + 1);
  CHECK_EQ(kernels::call_count(kernels::Prim::CrossEntropyGrad), gradient + 1);
  const std::vector<double> fused = values(grad_of(x));
  set_grad(x, {});
  backward(cross_entropy(x, ints({1, 2}, {2}), ones({3})));
  CHECK_EQ(kernels::call_count(kernels::Prim::CrossEntropy), forward + 1);
  CHECK_CLOSE(values(grad_of(x)), fused, 1e-5, 1e-7);
}

TEST(cross_entropy_keeps_its_digits_at_large_scores) {
  const Tensor x = floats({1000, 999, 998}, {1, 3});
  set_requires_grad(x, true);
  backward(cross_entropy(x, ints({0}, {1})));
  const double z = 1 + std::exp(-1) + std::exp(-2);
  CHECK_CLOSE(values(grad_of(x)), list({1 / z - 1, std::exp(-1) / z, std::exp(-2) / z}), 1e-6, 0);
}

TEST(cross_entropy_errors) {
  const Tensor x = zeros({2, 3});
  CHECK_THROWS(cross_entropy(x, ints({0, 3}, {2})), IndexError,
               "crossEntropy: index 3 at position 1 is out of range for size 3");
  CHECK_THROWS(cross_entropy(x, ints({-1, 0}, {2})), IndexError, "crossEntropy: index -1 at position 0");
  CHECK_THROWS(cross_entropy(x, ints({-100, 0}, {2}), {}, -1), IndexError,
               "crossEntropy: index -100 at position 0");
  CHECK_THROWS(cross_entropy(x, ints({0}, {1})), ShapeError,
               "crossEntropy: target must be [2] for an input of [2, 3], it is [1]");
  CHECK_THROWS(cross_entropy(x, zeros({2})), ShapeError,
               "crossEntropy: a float target holds class probabilities and must be [2, 3], it is [2]; class "
               "indices are int32");
  CHECK_THROWS(
      cross_entropy(x, zeros({2}, DType::UInt8)), DTypeError,
      "crossEntropy: class indices must be int32, the target is uint8; convert it with to('int32')");
  CHECK_THROWS(cross_entropy(x, ints({0, 1}, {2}), zeros({2})), ShapeError,
               "crossEntropy: weight must be [3], one per class, it is [2]");
  CHECK_THROWS(cross_entropy(x, x, {}, 1), FluxionError,
               "crossEntropy: ignoreIndex does not go with class probabilities");
  CHECK_THROWS(cross_entropy(x, ints({0, 1}, {2}), {}, -100, Reduction::Mean, 2), FluxionError,
               "crossEntropy: labelSmoothing must lie in [0, 1], it is 2");
  CHECK_THROWS(cross_entropy(zeros({}), ints({0}, {})), ShapeError,
               "crossEntropy: input must be [C] or [N, C, …], it is a scalar");
  CHECK_THROWS(cross_entropy(zeros({2, 0}), ints({0, 0}, {2})), ShapeError,
               "crossEntropy: there is no class in [2, 0]");
  CHECK_THROWS(nll_loss(x, ints({0, 5}, {2})), IndexError, "nllLoss: index 5 at position 1");
}

TEST(binary_cross_entropy_holds_its_logarithms_above_minus_100) {
  const Tensor x = floats({0, 1, 0.5, 0}, {4}), t = floats({1, 0, 1, 0}, {4});
  CHECK_CLOSE(values(binary_cross_entropy(x, t, {}, Reduction::None)), list({100, 100, std::log(2.0), 0}),
              1e-6, 0);
  set_requires_grad(x, true);
  backward(binary_cross_entropy(x, t, {}, Reduction::Sum));
  CHECK_CLOSE(values(grad_of(x)), list({-1e12, 1e12, -2, 0}), 1e-6, 0);
}

TEST(binary_cross_entropy_with_logits_is_stable) {
  const Tensor x = floats({-200, 200, 0, 2}, {4}), t = floats({1, 0, 1, 1}, {4});
  CHECK_CLOSE(values(binary_cross_entropy_with_logits(x, t, {}, {}, Reduction::None)),
              list({200, 200, std::log(2.0), std::log1p(std::exp(-2.0))}), 1e-6, 0);
  CHECK_CLOSE(values(binary_cross_entropy_with_logits(x, t, {}, full({}, 3), Reduction::None)),
              list({600, 200, 3 * std::log(2.0), 3 * std::log1p(std::exp(-2.0))}), 1e-6, 0);
  const double plain = binary_cross_entropy(sigmoid(slice(x, 0, 2)), slice(t, 0, 2)).item();
  CHECK_CLOSE(binary_cross_entropy_with_logits(slice(x, 0, 2), slice(t, 0, 2)).item(), plain, 1e-6, 0);
}

TEST(binary_cross_entropy_errors) {
  const Tensor t = zeros({2});
  CHECK_THROWS(
      binary_cross_entropy(floats({-0.5, 2}, {2}), t), FluxionError,
      "binaryCrossEntropy: the input must lie in [0, 1], it reaches from -0.5 to 2; apply sigmoid, or use "
      "binaryCrossEntropyWithLogits");
  CHECK_THROWS(binary_cross_entropy(full({2}, NAN), t), FluxionError,
               "binaryCrossEntropy: the input must lie in [0, 1]");
  CHECK_THROWS(binary_cross_entropy(zeros({2, 1}), t), ShapeError,
               "binaryCrossEntropy: input and target must have one shape, they are [2, 1] and [2]");
  CHECK_THROWS(binary_cross_entropy(t, t, zeros({3})), ShapeError,
               "binaryCrossEntropy: weight [3] does not broadcast to the input's [2]");
  CHECK_THROWS(binary_cross_entropy_with_logits(t, t, {}, zeros({3})), ShapeError,
               "binaryCrossEntropyWithLogits: posWeight [3] does not broadcast to the input's [2]");
  CHECK_THROWS(binary_cross_entropy(t, zeros({2}, DType::Float64)), DTypeError,
               "binaryCrossEntropy: dtypes differ");
}
