// Normalisation and dropout: values, running statistics, PyTorch's own random stream, errors.

#include <cmath>
#include <vector>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"

namespace {

using namespace fluxion;

Tensor floats(const std::vector<float>& v, const Shape& shape) { return Tensor::from(v, shape); }
std::vector<double> values(const Tensor& t) { return t.to_vector<double>(); }
std::vector<double> list(std::vector<double> v) { return v; }

}  // namespace

TEST(layer_norm_values) {
  const Tensor x = floats({1, 3, 2, 6}, {2, 2});
  CHECK_CLOSE(values(layer_norm(x, {2}, {}, {}, 0)), list({-1, 1, -1, 1}), 1e-6, 0);
  CHECK_CLOSE(values(layer_norm(x, {2}, floats({2, 3}, {2}), floats({10, 20}, {2}), 0)), list({8, 23, 8, 23}),
              1e-6, 0);
  CHECK_CLOSE(values(layer_norm(x, {2, 2}, {}, {}, 0.5)),
              list({-2 / std::sqrt(4.0), 0, -1 / std::sqrt(4.0), 3 / std::sqrt(4.0)}), 1e-6, 1e-7);
  CHECK_EQ(layer_norm(zeros({0, 3}), {3}).shape(), (Shape{0, 3}));
}

TEST(layer_norm_gradients_of_no_rows_are_zero) {
  const Tensor w = ones({3});
  set_requires_grad(w, true);
  backward(sum(layer_norm(zeros({0, 3}), {3}, w)));
  CHECK_EQ(values(grad_of(w)), list({0, 0, 0}));
}

TEST(layer_norm_errors) {
  CHECK_THROWS(layer_norm(zeros({2, 3}), {2}), ShapeError,
               "layerNorm: x [2, 3] does not end in normalizedShape [2]");
  CHECK_THROWS(layer_norm(zeros({3}), {2, 3}), ShapeError,
               "layerNorm: x [3] does not end in normalizedShape [2, 3]");
  CHECK_THROWS(layer_norm(zeros({3}), {}), ShapeError,
               "layerNorm: normalizedShape must name at least one dimension");
  CHECK_THROWS(layer_norm(zeros({2, 3}), {3}, zeros({2})), ShapeError,
               "layerNorm: weight must be [3], it is [2]");
  CHECK_THROWS(layer_norm(zeros({2, 3}), {3}, {}, zeros({3, 1})), ShapeError,
               "layerNorm: bias must be [3], it is [3, 1]");
  CHECK_THROWS(layer_norm(zeros({3}, DType::Int32), {3}), DTypeError, "layerNorm: needs float32 or float64");
}

TEST(batch_norm_training_uses_the_batch_and_blends_the_running_statistics) {
  const Tensor x = floats({1, 2, 3, 6, 5, 4}, {3, 2});
  const Tensor mean = floats({0.5, 1}, {2}), var = floats({1, 2}, {2});
  const Tensor y = batch_norm(x, mean, var, floats({2, 1}, {2}), floats({0, 1}, {2}), true);
  CHECK_CLOSE(values(y), list({-2.4494853, -0.2247425, 0, 2.2247424, 2.4494848, 1}), 1e-6, 2e-7);
  CHECK_CLOSE(values(mean), list({0.75, 1.3}), 1e-6, 0);
  CHECK_CLOSE(values(var), list({1.3, 2.2}), 1e-6, 0);  // by the unbiased variances 4 and 4
  batch_norm(x, mean, var, {}, {}, true, 1.0);
  CHECK_CLOSE(values(mean), list({3, 4}), 1e-6, 0);
  CHECK_CLOSE(values(var), list({4, 4}), 1e-6, 0);
}

TEST(batch_norm_evaluation_uses_the_running_statistics) {
  const Tensor x = floats({1, 2, 3, 6, 5, 4, 0, 0}, {2, 2, 2});
  const Tensor mean = floats({1, 2}, {2}), var = floats({4, 1}, {2});
  CHECK_CLOSE(values(batch_norm(x, mean, var, {}, {}, false, 0.1, 0)), list({0, 0.5, 1, 4, 2, 1.5, -2, -2}),
              1e-6, 0);
  CHECK_EQ(values(mean), list({1, 2}));
  CHECK_EQ(values(var), list({4, 1}));
}

TEST(batch_norm_errors_leave_the_running_statistics) {
  const Tensor mean = floats({1, 2}, {2}), var = floats({4, 1}, {2});
  CHECK_THROWS(batch_norm(zeros({1, 2}), mean, var, {}, {}, true), ShapeError,
               "batchNorm: training needs more than one value per channel, x is [1, 2]");
  CHECK_THROWS(batch_norm(zeros({1, 2, 1, 1}), mean, var, {}, {}, true), ShapeError,
               "more than one value per channel");
  CHECK_THROWS(batch_norm(zeros({3, 4}), mean, var), ShapeError,
               "batchNorm: runningMean must be [4], it is [2]");
  CHECK_THROWS(batch_norm(zeros({3, 2}), mean, var, zeros({3}), {}, true), ShapeError,
               "batchNorm: weight must be [2], it is [3]");
  CHECK_THROWS(batch_norm(zeros({3, 2}), {}, {}), FluxionError,
               "batchNorm: outside training, runningMean and runningVar are needed");
  CHECK_THROWS(batch_norm(zeros({3, 2}), mean, {}, {}, {}, true), FluxionError,
               "batchNorm: runningMean and runningVar go together, only one was given");
  CHECK_THROWS(batch_norm(zeros({2}), mean, var), ShapeError, "batchNorm: x must be [N, C, …], it is [2]");
  CHECK_THROWS(batch_norm(zeros({3, 2}, DType::Float64), mean, var), DTypeError, "batchNorm: dtypes differ");
  CHECK_EQ(values(mean), list({1, 2}));
  CHECK_EQ(values(var), list({4, 1}));
  CHECK_EQ(batch_norm(zeros({1, 2, 2}), mean, var, {}, {}, true).shape(), (Shape{1, 2, 2}));
}

TEST(batch_norm_of_an_empty_batch_keeps_the_statistics) {
  const Tensor mean = floats({1, 2}, {2}), var = floats({4, 1}, {2});
  CHECK_EQ(batch_norm(zeros({0, 2}), mean, var, {}, {}, true).shape(), (Shape{0, 2}));
  CHECK_EQ(values(mean), list({1, 2}));
}

TEST(dropout_draws_what_torch_draws) {
  const double kept = 1.4285714626312256;  // float32 of 1 / 0.7
  manual_seed(3);
  const std::vector<double> expected = list({kept, kept, 0,    kept, 0, kept, kept, kept, kept, 0,
                                             kept, kept, kept, kept, 0, kept, kept, kept, 0,    kept});
  CHECK_EQ(values(dropout(ones({20}), 0.3)), expected);
  manual_seed(3);
  CHECK_EQ(values(dropout(ones({2, 5}, DType::Float64), 0.5)), list({2, 2, 0, 2, 0, 0, 2, 2, 2, 0}));
  CHECK_CLOSE(rand({1}).item(), 0.6483, 0, 5e-5);
  manual_seed(3);
  CHECK_EQ(values(dropout(ones({5}), 1)), std::vector<double>(5, 0));
  CHECK_EQ(rand({1}).item(), 0.004263520240783691);  // p = 1 has drawn nothing
}

TEST(dropout_outside_training_is_the_input_itself) {
  const Tensor x = ones({3});
  CHECK(dropout(x, 0.5, false).same_as(x));
  CHECK(dropout(x, 0).same_as(x));
  CHECK_THROWS(dropout(x, 1.5), FluxionError, "dropout: the probability must lie in [0, 1], it is 1.5");
  CHECK_THROWS(dropout(x, NAN), FluxionError, "dropout: the probability must lie in [0, 1]");
  CHECK_THROWS(dropout(zeros({3}, DType::Int32)), DTypeError, "dropout: needs float32 or float64");
}

TEST(dropout_gradient_is_the_mask) {
  const Tensor x = ones({50});
  set_requires_grad(x, true);
  const Tensor y = dropout(x, 0.4);
  backward(sum(y));
  CHECK_EQ(values(grad_of(x)), values(y));
}
