// Convolution and pooling against plain loops, and their errors.

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/kernels/kernels.h"
#include "fluxion/ops/ops.h"

namespace {

using namespace fluxion;

std::vector<double> list(std::vector<double> v) { return v; }

// Whole numbers, so that sums in any order are exact.
Tensor grid(const Shape& shape) {
  std::vector<float> v(static_cast<std::size_t>(numel(shape)));
  for (std::size_t i = 0; i < v.size(); ++i) v[i] = static_cast<float>((i * 7 + 2) % 13) - 6;
  return Tensor::from(v, shape);
}

double at(const Tensor& t, std::int64_t a, std::int64_t b, std::int64_t c, std::int64_t d) {
  if (c < 0 || c >= t.size(2) || d < 0 || d >= t.size(3)) return 0;
  return t.at(((a * t.size(1) + b) * t.size(2) + c) * t.size(3) + d);
}

struct Setting {
  Shape stride = {1, 1}, pad = {0, 0}, dilation = {1, 1};
  std::int64_t groups = 1;
};

// The sum under the kernel at every output place; pad is what lies before the first row and column.
std::vector<double> reference(const Tensor& x, const Tensor& w, const Tensor& bias, const Setting& s,
                              std::int64_t out_h, std::int64_t out_w) {
  std::vector<double> out;
  const std::int64_t per_group = w.size(0) / s.groups;
  for (std::int64_t n = 0; n < x.size(0); ++n)
    for (std::int64_t o = 0; o < w.size(0); ++o)
      for (std::int64_t i = 0; i < out_h; ++i)
        for (std::int64_t j = 0; j < out_w; ++j) {
          double sum = bias.at(o);
          for (std::int64_t c = 0; c < w.size(1); ++c)
            for (std::int64_t r = 0; r < w.size(2); ++r)
              for (std::int64_t q = 0; q < w.size(3); ++q)
                sum += at(w, o, c, r, q) * at(x, n, o / per_group * w.size(1) + c,
                                              i * s.stride[0] + r * s.dilation[0] - s.pad[0],
                                              j * s.stride[1] + q * s.dilation[1] - s.pad[1]);
          out.push_back(sum);
        }
  return out;
}

}  // namespace

TEST(conv2d_values) {
  const Tensor x = grid({2, 4, 9, 8}), w = grid({6, 4, 3, 2}), b = grid({6});
  const Tensor y = conv2d(x, w, b, {2, 1}, {1, 2}, {2, 3});
  CHECK_EQ(y.shape(), (Shape{2, 6, 4, 9}));
  CHECK_EQ(y.to_vector<double>(), reference(x, w, b, {{2, 1}, {1, 2}, {2, 3}, 1}, 4, 9));
  const Tensor grouped = grid({6, 2, 3, 2});
  CHECK_EQ(conv2d(x, grouped, b, {2}, {1}, {1}, 2).to_vector<double>(),
           reference(x, grouped, b, {{2, 2}, {1, 1}, {1, 1}, 2}, 5, 5));
  const Tensor depthwise = grid({4, 1, 3, 3});
  CHECK_EQ(conv2d(x, depthwise, grid({4}), {1}, {1}, {1}, 4).to_vector<double>(),
           reference(x, depthwise, grid({4}), {{1, 1}, {1, 1}, {1, 1}, 4}, 9, 8));
  CHECK_EQ(conv2d(x, w).to_vector<double>(), reference(x, w, zeros({6}), {}, 7, 7));
}

TEST(conv2d_same_padding_keeps_the_size_with_the_odd_one_at_the_end) {
  const Tensor x = grid({1, 2, 5, 6}), b = zeros({3});
  for (const std::int64_t kernel : {1, 2, 3, 4})
    for (const std::int64_t dilation : {1, 2}) {
      const Tensor w = grid({3, 2, kernel, 3});
      const Tensor y = conv2d(x, w, b, {1}, {0}, {dilation}, 1, Padding::Same);
      if (!CHECK_EQ(y.shape(), (Shape{1, 3, 5, 6}))) continue;
      const std::int64_t before = dilation * (kernel - 1) / 2;
      CHECK_EQ(y.to_vector<double>(),
               reference(x, w, b, {{1, 1}, {before, dilation}, {dilation, dilation}, 1}, 5, 6));
    }
  CHECK_EQ(conv2d(x, grid({3, 2, 2, 4}), b, {1}, {0}, {1}, 1, Padding::Valid).shape(), (Shape{1, 3, 4, 3}));
}

TEST(conv2d_takes_one_image_and_strided_memory) {
  const Tensor x = grid({2, 5, 6}), w = grid({3, 2, 3, 3}), b = grid({3});
  const Tensor y = conv2d(x, w, b);
  CHECK_EQ(y.shape(), (Shape{3, 3, 4}));
  CHECK_EQ(y.to_vector<double>(), conv2d(unsqueeze(x, 0), w, b).to_vector<double>());
  const Tensor turned = permute(clone(permute(x, {2, 0, 1})), {1, 2, 0});
  CHECK_EQ(conv2d(turned, w, b).to_vector<double>(), y.to_vector<double>());
  CHECK_EQ(conv2d(zeros({0, 2, 5, 6}), w, b).shape(), (Shape{0, 3, 3, 4}));
}

TEST(conv2d_gradients_run_one_primitive_each) {
  const Tensor x = grid({2, 2, 5, 6}), w = grid({3, 2, 3, 3}), b = grid({3});
  for (const Tensor& t : {x, w, b}) set_requires_grad(t, true);
  const Tensor y = conv2d(x, w, b, {1}, {1});
  const std::uint64_t inputs = kernels::call_count(kernels::Prim::Conv2dGradInput);
  const std::uint64_t weights = kernels::call_count(kernels::Prim::Conv2dGradWeight);
  backward(sum(y));
  CHECK_EQ(kernels::call_count(kernels::Prim::Conv2dGradInput), inputs + 1);
  CHECK_EQ(kernels::call_count(kernels::Prim::Conv2dGradWeight), weights + 1);
  CHECK_EQ(grad_of(b).to_vector<double>(), std::vector<double>(3, 60));
}

TEST(conv2d_errors) {
  const auto f = [](const Shape& s) { return zeros(s); };
  const Tensor x = f({2, 3, 5, 5}), w = f({4, 3, 3, 3});
  CHECK_THROWS(conv2d(f({5, 5}), w), ShapeError, "conv2d: x must be [N, C, H, W] or [C, H, W], it is [5, 5]");
  CHECK_THROWS(conv2d(x, f({4, 3, 3})), ShapeError,
               "conv2d: weight must be [out, in / groups, kernel height, kernel width], it is [4, 3, 3]");
  CHECK_THROWS(conv2d(x, f({4, 2, 3, 3})), ShapeError,
               "conv2d: x has 3 channels, weight [4, 2, 3, 3] with groups 1 expects 2: x [2, 3, 5, 5]");
  CHECK_THROWS(conv2d(x, f({4, 1, 3, 3}), {}, {1}, {0}, {1}, 3), ShapeError,
               "conv2d: 4 output channels do not divide into 3 groups: weight [4, 1, 3, 3]");
  CHECK_THROWS(conv2d(x, w, f({3})), ShapeError, "conv2d: bias must be [4], it is [3]");
  CHECK_THROWS(conv2d(x, f({4, 3, 6, 3})), ShapeError,
               "conv2d: the kernel does not fit: x [2, 3, 5, 5], weight [4, 3, 6, 3]");
  CHECK_THROWS(conv2d(x, f({4, 3, 0, 3})), ShapeError, "conv2d: the kernel is empty: weight [4, 3, 0, 3]");
  CHECK_THROWS(conv2d(x, w, {}, {0}), ShapeError, "conv2d: stride must be at least 1, it is [0]");
  CHECK_THROWS(conv2d(x, w, {}, {1, 1, 1}), ShapeError,
               "conv2d: stride takes one number or two (height, width), not [1, 1, 1]");
  CHECK_THROWS(conv2d(x, w, {}, {1}, {-1}), ShapeError, "conv2d: padding must be at least 0, it is [-1]");
  CHECK_THROWS(conv2d(x, w, {}, {1}, {0}, {1}, 0), ShapeError, "conv2d: groups must be at least 1, it is 0");
  CHECK_THROWS(conv2d(x, w, {}, {2}, {0}, {1}, 1, Padding::Same), ShapeError,
               "conv2d: padding 'same' needs stride 1, it is [2]");
  CHECK_THROWS(conv2d(x, w, {}, {1}, {1}, {1}, 1, Padding::Same), ShapeError,
               "conv2d: padding [1] was given beside 'same' or 'valid'");
  CHECK_THROWS(conv2d(x, zeros({4, 3, 3, 3}, DType::Float64)), DTypeError,
               "conv2d: dtypes differ: float32 and float64");
  CHECK_THROWS(conv2d(zeros({2, 3, 5, 5}, DType::Int32), w), DTypeError, "conv2d: needs float32 or float64");
}

TEST(max_pool2d_values_and_first_of_ties) {
  const Tensor x = Tensor::from<float>({1, 5, 2, 0, 5, 3, 1, 0, 7, 7, 8, 9}, {1, 1, 3, 4});
  CHECK_EQ(max_pool2d(x, {2}).to_vector<double>(), list({5, 2}));
  CHECK_EQ(max_pool2d(x, {2}, {1}).to_vector<double>(), list({5, 5, 2, 7, 8, 9}));
  CHECK_EQ(max_pool2d(x, {2}, {}, {0}, {1}, true).to_vector<double>(), list({5, 2, 7, 9}));
  CHECK_EQ(max_pool2d(x, {2}, {2}, {1}).to_vector<double>(), list({1, 5, 0, 7, 8, 9}));
  CHECK_EQ(max_pool2d(squeeze(x, 0), {3, 2}, {1}, {0}, {1, 2}).to_vector<double>(), list({8, 9}));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Tensor with_nan = Tensor::from<double>({1, nan, 3, 4}, {1, 2, 2});
  CHECK(std::isnan(max_pool2d(with_nan, {2}).item()));
  set_requires_grad(x, true);
  backward(sum(max_pool2d(x, {2})));
  CHECK_EQ(grad_of(x).to_vector<double>(), list({0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
}

TEST(avg_pool2d_values) {
  const Tensor x = Tensor::from<float>({1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 1, 3, 3});
  CHECK_EQ(avg_pool2d(x, {2}).to_vector<double>(), list({3}));
  CHECK_EQ(avg_pool2d(x, {2}, {1}).to_vector<double>(), list({3, 4, 6, 7}));
  CHECK_EQ(avg_pool2d(x, {2}, {2}, {1}).to_vector<double>(), list({0.25, 1.25, 2.75, 7}));
  CHECK_EQ(avg_pool2d(x, {2}, {2}, {1}, false, false).to_vector<double>(), list({1, 2.5, 5.5, 7}));
  CHECK_EQ(avg_pool2d(x, {2}, {}, {0}, true).to_vector<double>(), list({3, 4.5, 7.5, 9}));
}

TEST(pool_errors) {
  const Tensor x = zeros({1, 1, 4, 4});
  CHECK_THROWS(max_pool2d(zeros({4}), {2}), ShapeError,
               "maxPool2d: x must be [N, C, H, W] or [C, H, W], it is [4]");
  CHECK_THROWS(max_pool2d(x, {5}), ShapeError,
               "maxPool2d: the window does not fit: x [1, 1, 4, 4], kernel [5]");
  CHECK_THROWS(max_pool2d(x, {2}, {2}, {2}), ShapeError,
               "maxPool2d: padding may be at most half the kernel: [2] with kernel [2]");
  CHECK_THROWS(avg_pool2d(x, {0}), ShapeError, "avgPool2d: kernelSize must be at least 1, it is [0]");
  CHECK_THROWS(avg_pool2d(x, {2}, {0}), ShapeError, "avgPool2d: stride must be at least 1, it is [0]");
  CHECK_THROWS(avg_pool2d(zeros({1, 4, 4}, DType::Int32), {2}), DTypeError,
               "avgPool2d: needs float32 or float64");
}

// With dilation and padding a window may see nothing of a small image; its place is −1.
TEST(max_pool2d_of_a_window_in_the_padding_has_gradients_of_both_orders) {
  const Tensor x = ones({1, 1, 1, 1}, DType::Float64);
  set_requires_grad(x, true);
  const Tensor y = max_pool2d(x, {2}, {1}, {1}, {2});
  CHECK_EQ(y.item(), -std::numeric_limits<double>::infinity());
  const Tensor w = ones(y.shape(), DType::Float64);
  set_requires_grad(w, true);
  const Tensor g = grad({y}, {x}, {w}, {.create_graph = true})[0];
  CHECK_EQ(g.item(), 0);
  CHECK_EQ(grad({sum(g)}, {w})[0].item(), 0);
}
