#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "check.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_buffer.h"

namespace fluxion::testing {
namespace {

using kernels::PoolParams;
using kernels::Prim;
using kernels::window_output;

const PoolParams kParams[] = {
    {},
    {.kernel_h = 3, .kernel_w = 3, .stride_h = 1, .stride_w = 1, .pad_h = 1, .pad_w = 1},
    {.kernel_h = 3, .kernel_w = 2, .stride_h = 2, .stride_w = 1, .pad_h = 1, .pad_w = 0},
    {.kernel_h = 1, .kernel_w = 1, .stride_h = 3, .stride_w = 2},
    {.kernel_h = 5, .kernel_w = 4, .stride_h = 2, .stride_w = 3, .pad_h = 2, .pad_w = 2},
    {.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2, .pad_h = 1, .pad_w = 1, .count_include_pad = false},
};

const Shape kInputs[] = {{1, 1, 2, 2},    {2, 3, 7, 9},    {1, 2, 8, 8},   {3, 1, 17, 33},
                         {1, 1, 6, 65},   {2, 3, 14, 14},  {1, 1, 6, 127}, {0, 2, 4, 4},
                         {1, 3, 1000, 3}, {1, 1, 3, 1000}, {33, 17, 3, 7}, {1, 127, 4, 17}};

Shape output_shape(const Shape& in, const PoolParams& p) {
  return {in[0], in[1], window_output(in[2], 2 * p.pad_h, p.kernel_h, p.stride_h, p.dilation_h),
          window_output(in[3], 2 * p.pad_w, p.kernel_w, p.stride_w, p.dilation_w)};
}

// f(n, c, i, j, row, col) for every place of the input under the window of output (n, c, i, j).
template <class F>
void each_window(const Shape& in, const Shape& out, const PoolParams& p, F f) {
  for (std::int64_t n = 0; n < out[0]; ++n)
    for (std::int64_t c = 0; c < out[1]; ++c)
      for (std::int64_t i = 0; i < out[2]; ++i)
        for (std::int64_t j = 0; j < out[3]; ++j)
          for (int r = 0; r < p.kernel_h; ++r)
            for (int s = 0; s < p.kernel_w; ++s) {
              const std::int64_t row = i * p.stride_h - p.pad_h + r * p.dilation_h;
              const std::int64_t col = j * p.stride_w - p.pad_w + s * p.dilation_w;
              if (row >= 0 && row < in[2] && col >= 0 && col < in[3]) f(n, c, i, j, row, col);
            }
}

template <class T>
void check_max(const Shape& in, const PoolParams& p, bool ties, bool nan) {
  const Shape shape = output_shape(in, p);
  Buffer<T> x(in), out(shape), expected(shape), dy(shape), dx(in), dx_ref(in);
  Buffer<std::int32_t> indices(shape), index_ref(shape);
  x.randomize(5);
  if (count_of(in) > 0) {
    if (ties)
      for (std::int64_t i = 0; i < count_of(in); ++i) x.data()[i] = std::round(x.data()[i] * 2);
    if (nan) {
      for (std::int64_t i = 3; i < count_of(in); i += 11) x.data()[i] = std::numeric_limits<T>::quiet_NaN();
      for (std::int64_t i = 0; i < count_of(in); i += 3) x.data()[i] = -std::numeric_limits<T>::infinity();
    }
  }
  expected.fill(-std::numeric_limits<T>::infinity());
  index_ref.fill(-1);
  each_window(in, shape, p, [&](auto n, auto c, auto i, auto j, auto row, auto col) {
    const T v = x(n, c, row, col);
    T& best = expected(n, c, i, j);
    std::int32_t& at = index_ref(n, c, i, j);
    if (at < 0 || v > best || std::isnan(v)) {
      best = v;
      at = static_cast<std::int32_t>(row * in[3] + col);
    }
  });
  launch(Prim::MaxPool2d, {out.view(), indices.view(), x.view()}, p);
  CHECK_CLOSE(out.values(), expected.values(), 0, 0);
  CHECK_EQ(indices.values(), index_ref.values());
  CHECK(out.guards_hold() && indices.guards_hold());

  dy.randomize(6);
  dx_ref.fill(0);
  for (std::int64_t plane = 0; plane < shape[0] * shape[1]; ++plane)
    for (std::int64_t o = 0; o < shape[2] * shape[3]; ++o) {
      const std::int64_t at = plane * shape[2] * shape[3] + o;
      dx_ref.data()[plane * in[2] * in[3] + index_ref.data()[at]] += dy.data()[at];
    }
  launch(Prim::MaxPool2dGrad, {dx.view(), dy.view(), indices.view()}, p);
  CHECK_EQ(dx.values(), dx_ref.values());
  CHECK(dx.guards_hold());
}

template <class T>
void check_avg(const Shape& in, const PoolParams& p) {
  const Shape shape = output_shape(in, p);
  Buffer<T> x(in), out(shape), dy(shape), dx(in);
  Buffer<double> expected(shape), count(shape), dx_ref(in);
  x.randomize(5);
  dy.randomize(6);
  expected.fill(0);
  count.fill(0);
  dx_ref.fill(0);
  each_window(in, shape, p, [&](auto n, auto c, auto i, auto j, auto row, auto col) {
    expected(n, c, i, j) += static_cast<double>(x(n, c, row, col));
    count(n, c, i, j) += 1;
  });
  if (p.count_include_pad) count.fill(p.kernel_h * p.kernel_w);
  each_window(in, shape, p, [&](auto n, auto c, auto i, auto j, auto row, auto col) {
    dx_ref(n, c, row, col) += static_cast<double>(dy(n, c, i, j)) / count(n, c, i, j);
  });
  for (std::int64_t i = 0; i < count_of(shape); ++i) expected.data()[i] /= count.data()[i];
  launch(Prim::AvgPool2d, {out.view(), x.view()}, p);
  launch(Prim::AvgPool2dGrad, {dx.view(), dy.view()}, p);
  CHECK_CLOSE(out.values(), expected.values(), 1e-5, 1e-6);
  CHECK_CLOSE(dx.values(), dx_ref.values(), 1e-5, 1e-6);
  CHECK(out.guards_hold() && dx.guards_hold());
}

TEST(pool_max) {
  for (const Shape& in : kInputs) {
    for (const PoolParams& p : kParams) {
      for (const bool ties : {false, true}) {
        for (const bool nan : {false, true}) {
          check_max<float>(in, p, ties, nan);
          check_max<double>(in, p, ties, nan);
        }
      }
    }
  }
  const PoolParams dilated{.kernel_h = 3,
                           .kernel_w = 2,
                           .stride_h = 1,
                           .stride_w = 2,
                           .pad_h = 1,
                           .pad_w = 1,
                           .dilation_h = 2,
                           .dilation_w = 3};
  check_max<float>({2, 2, 9, 11}, dilated, true, true);
}

TEST(pool_mean) {
  for (const Shape& in : kInputs) {
    for (const PoolParams& p : kParams) {
      check_avg<float>(in, p);
      check_avg<double>(in, p);
    }
  }
}

// Windows that reach past the padded plane (ceil mode) divide by what lies within it.
TEST(pool_mean_of_cut_windows) {
  const PoolParams p{.kernel_h = 2, .kernel_w = 2, .stride_h = 2, .stride_w = 2};
  Buffer<float> x({1, 1, 3, 3}), out({1, 1, 2, 2});
  for (int i = 0; i < 9; ++i) x.data()[i] = static_cast<float>(i);
  launch(Prim::AvgPool2d, {out.view(), x.view()}, p);
  CHECK_EQ(out.values(), (std::vector<float>{2, 3.5f, 6.5f, 8}));
  Buffer<std::int32_t> indices({1, 1, 2, 2});
  launch(Prim::MaxPool2d, {out.view(), indices.view(), x.view()}, p);
  CHECK_EQ(out.values(), (std::vector<float>{4, 5, 7, 8}));
  CHECK_EQ(indices.values(), (std::vector<std::int32_t>{4, 5, 7, 8}));
}

TEST(pool_same_at_every_thread_count) {
  std::vector<float> first;
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    Buffer<float> x({8, 16, 20, 20}), out({8, 16, 10, 10}), dx({8, 16, 20, 20});
    Buffer<std::int32_t> indices({8, 16, 10, 10});
    x.randomize(1);
    launch(Prim::MaxPool2d, {out.view(), indices.view(), x.view()}, PoolParams{});
    launch(Prim::AvgPool2dGrad, {dx.view(), out.view()}, PoolParams{});
    if (threads == 1)
      first = dx.values();
    else
      CHECK(first == dx.values());
  }
  set_thread_count(1);
}

}  // namespace
}  // namespace fluxion::testing
