#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <source_location>
#include <vector>

#include "check.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/gemm_core.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_buffer.h"

namespace fluxion::testing {
namespace {

using kernels::ConvParams;
using kernels::Epilogue;
using kernels::Prim;
using kernels::View;
using kernels::window_output;

struct Case {
  std::int64_t n, c, h, w, o, r, s;  // c and o of all groups
  ConvParams p = {};
};

Shape output_shape(const Case& k) {
  return {k.n, k.o, window_output(k.h, k.p.pad_top + k.p.pad_bottom, k.r, k.p.stride_h, k.p.dilation_h),
          window_output(k.w, k.p.pad_left + k.p.pad_right, k.s, k.p.stride_w, k.p.dilation_w)};
}

// f(out index, x index, weight index) for every product of the convolution.
template <class F>
void each_product(const Case& k, F f) {
  const Shape out = output_shape(k);
  const std::int64_t cg = k.c / k.p.groups, og = k.o / k.p.groups;
  for (std::int64_t n = 0; n < k.n; ++n)
    for (std::int64_t o = 0; o < k.o; ++o)
      for (std::int64_t i = 0; i < out[2]; ++i)
        for (std::int64_t j = 0; j < out[3]; ++j)
          for (std::int64_t c = 0; c < cg; ++c)
            for (std::int64_t r = 0; r < k.r; ++r)
              for (std::int64_t s = 0; s < k.s; ++s) {
                const std::int64_t y = i * k.p.stride_h - k.p.pad_top + r * k.p.dilation_h;
                const std::int64_t x = j * k.p.stride_w - k.p.pad_left + s * k.p.dilation_w;
                if (y < 0 || y >= k.h || x < 0 || x >= k.w) continue;
                f(static_cast<std::size_t>(((n * k.o + o) * out[2] + i) * out[3] + j),
                  static_cast<std::size_t>(((n * k.c + o / og * cg + c) * k.h + y) * k.w + x),
                  static_cast<std::size_t>(((o * cg + c) * k.r + r) * k.s + s));
              }
}

// A sum in double, and the sum of magnitudes that bounds its rounding error.
struct Sum {
  double value = 0, size = 0;
  void add(double x) {
    value += x;
    size += std::abs(x);
  }
};

template <class T>
bool matches(Buffer<T>& actual, const std::vector<Sum>& expected) {
  const double eps = static_cast<double>(std::numeric_limits<T>::epsilon());
  bool held = CHECK(actual.guards_hold());
  for (std::size_t i = 0; i < expected.size() && held; ++i)
    held = CHECK_CLOSE(actual.data()[i], expected[i].value, 4 * eps, 16 * eps * expected[i].size);
  return held;
}

template <class T>
bool run(const Case& k, bool with_bias = true) {
  const std::int64_t cg = k.p.groups == 0 ? 0 : k.c / k.p.groups;
  Buffer<T> x({k.n, k.c, k.h, k.w}), weight({k.o, cg, k.r, k.s}), bias({k.o}), out(output_shape(k));
  Buffer<T> dy(output_shape(k)), dx(x.shape), dw(weight.shape);
  x.randomize(1);
  weight.randomize(2);
  bias.randomize(3);
  dy.randomize(4);
  std::vector<Sum> out_ref(out.values().size()), dx_ref(x.values().size()), dw_ref(weight.values().size());
  each_product(k, [&](std::size_t o, std::size_t i, std::size_t w) {
    out_ref[o].add(static_cast<double>(x.data()[i]) * static_cast<double>(weight.data()[w]));
    dx_ref[i].add(static_cast<double>(dy.data()[o]) * static_cast<double>(weight.data()[w]));
    dw_ref[w].add(static_cast<double>(dy.data()[o]) * static_cast<double>(x.data()[i]));
  });
  const std::int64_t plane = out.shape[2] * out.shape[3];
  for (std::size_t i = 0; i < out_ref.size(); ++i) {
    if (with_bias) out_ref[i].add(static_cast<double>(bias.data()[static_cast<std::int64_t>(i) / plane % k.o]));
    out_ref[i].value = activation_ref(k.p.epilogue, out_ref[i].value);
  }
  launch(Prim::Conv2d, {out.view(), x.view(), weight.view(), with_bias ? bias.view() : View{}}, k.p);
  launch(Prim::Conv2dGradInput, {dx.view(), dy.view(), weight.view()}, k.p);
  launch(Prim::Conv2dGradWeight, {dw.view(), dy.view(), x.view()}, k.p);
  const bool held = matches(out, out_ref) && matches(dx, dx_ref) && matches(dw, dw_ref);
  if (!held)
    fail(std::source_location::current(),
         "x " + show(x.shape) + " w " + show(weight.shape) + " stride " + show(k.p.stride_h) + "," +
             show(k.p.stride_w) + " dilation " + show(k.p.dilation_h) + "," + show(k.p.dilation_w) + " pad " +
             show(std::vector<int>{k.p.pad_top, k.p.pad_bottom, k.p.pad_left, k.p.pad_right}) + " groups " +
             show(k.p.groups));
  return held;
}

template <class T>
void combinations() {
  Numbers numbers(7);
  const auto pick = [&](int low, int high) {
    return low + static_cast<int>((numbers.next<double>() + 1) / 2 * (high - low + 1));
  };
  int tried = 0;
  while (tried < 400) {
    Case k{};
    k.p.groups = pick(1, 3);
    k.n = pick(0, 3);
    k.c = pick(1, 4) * k.p.groups;
    k.o = pick(1, 9) * k.p.groups;
    k.h = pick(1, 13);
    k.w = pick(1, 23);
    k.r = pick(1, 4);
    k.s = pick(1, 5);
    k.p.stride_h = pick(1, 3);
    k.p.stride_w = pick(1, 3);
    k.p.dilation_h = pick(1, 3);
    k.p.dilation_w = pick(1, 3);
    k.p.pad_top = pick(0, 3);
    k.p.pad_bottom = pick(0, 3);
    k.p.pad_left = pick(0, 3);
    k.p.pad_right = pick(0, 3);
    k.p.epilogue = pick(0, 1) == 0 ? Epilogue::None : Epilogue::Relu;
    ++tried;
    if (!run<T>(k, pick(0, 1) == 1)) return;
  }
}

TEST(conv_combinations_float32) { combinations<float>(); }
TEST(conv_combinations_float64) { combinations<double>(); }

// The shapes that take a path of their own, and sizes past one block.
TEST(conv_special_shapes) {
  const Case cases[] = {
      {2, 1, 28, 28, 16, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}},
      {2, 16, 14, 14, 32, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}},
      {3, 17, 7, 9, 33, 1, 1},                                  // pointwise
      {2, 12, 5, 5, 8, 1, 1, {.groups = 4}},                    // the same in groups
      {5, 3, 6, 7, 65, 6, 7},                                   // one window: fully connected
      {2, 65, 9, 33, 65, 3, 3, {.pad_top = 1, .pad_left = 1}},  // several blocks of channels
      {2, 40, 12, 11, 40, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1, .groups = 40}},
      {1, 1, 1, 1000, 7, 1, 17, {.pad_left = 8, .pad_right = 8}},
      {1, 1, 1, 1000, 2, 1, 300, {.stride_w = 7}},  // more taps than one block of depth
      {2, 3, 32, 32, 10, 16, 16, {.stride_h = 16, .stride_w = 16}},
      {1, 2, 40, 40, 3, 2, 2, {.stride_h = 37, .stride_w = 1}},  // places no window sees
      {1, 1, 90, 90, 2, 34, 2, {.stride_h = 33, .stride_w = 2}},
      {1, 127, 3, 3, 127, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}},
      {17, 33, 4, 4, 17, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}},  // several images a
                                                                                                 // tile
      {33, 9, 7, 7, 130, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}},  // rows in two blocks
      {9, 70, 8, 8, 7, 1, 1, {.stride_h = 2, .stride_w = 2}},  // places that no window sees
      {2, 12, 9, 9, 6, 3, 3, {.stride_h = 2, .stride_w = 2, .dilation_h = 2, .dilation_w = 2}},
      {7, 33, 3, 3, 17, 1, 1},   // pointwise, small planes
      {2, 11, 30, 30, 7, 1, 1},  // and large ones
      {1, 17, 33, 127, 7, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}},  // bands of rows
      {1, 9, 2, 1000, 7, 1, 3, {.pad_left = 1, .pad_right = 1}},
      {1, 20, 16, 16, 7, 13, 13},  // more taps than are run at a time
      {3, 14, 14, 14, 12, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}},
  };
  for (const Case& k : cases) {
    run<float>(k);
    run<double>(k);
  }
}

// Each way that a convolution takes, over awkward numbers of channels, rows and columns.
TEST(conv_awkward_sizes) {
  const auto same = [](std::int32_t kernel, std::int32_t stride, std::int32_t groups) {
    const std::int32_t pad = kernel / 2;
    return ConvParams{.stride_h = stride,
                      .stride_w = stride,
                      .pad_top = pad,
                      .pad_left = pad,
                      .pad_bottom = pad,
                      .pad_right = pad,
                      .groups = groups};
  };
  const std::int64_t sizes[] = {1, 3, 7, 17, 33, 127, 1000};
  for (const std::int64_t size : sizes)
    for (const std::int32_t kernel : {1, 3, 5})
      for (const std::int32_t stride : {1, 2}) {
        const std::int64_t few = size > 100 ? 1 : 3;
        const Case cases[] = {
            {1, 7, 3, size, 3, kernel, kernel, same(kernel, stride, 1)},    // columns
            {1, 3, size, 5, 7, kernel, kernel, same(kernel, stride, 1)},    // rows
            {few, size, 4, 5, 3, kernel, kernel, same(kernel, stride, 1)},  // channels
            {few, 3, 4, 3, size, kernel, kernel, same(kernel, stride, 1)},  // of the output
            {few, size > 100 ? 3 : size, 7, 17, size > 100 ? 3 : size, kernel, kernel,
             same(kernel, stride, static_cast<std::int32_t>(size > 100 ? 3 : size))},  // depthwise
            {1, 3, 5, size, 3, kernel, kernel, same(kernel, stride, 3)},               // and wide
            {1, 2, size, 9, 4, kernel, kernel, same(kernel, stride, 2)},               // and high, two to a channel
            {size > 500 ? 100 : size, 2, 3, 3, 2, kernel, kernel, same(kernel, stride, 1)},  // images
        };
        for (const Case& k : cases)
          if (!run<float>(k) || !run<double>(k)) return;
      }
}

// 3×3 windows side by side on many channels: patches of two by two, in strips, in blocks of rows.
TEST(conv_3x3_of_many_channels) {
  const std::int64_t sizes[] = {1, 3, 6, 7, 14, 17, 33, 127};
  std::int32_t pad = 0;
  for (const std::int64_t h : sizes)
    for (const std::int64_t w : sizes) {
      if (h * w > 1100) continue;
      pad = (pad + 1) % 3;
      Case k{h * w > 500 ? 1 : 3, 13, h, w, 17, 3, 3, {.pad_top = pad, .pad_left = 2 - pad, .pad_bottom = 1}};
      k.p.pad_right = pad;
      k.p.epilogue = w % 2 == 0 ? Epilogue::Relu : Epilogue::None;
      if (!run<float>(k, h % 2 == 0)) return;
    }
  const ConvParams same{.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1};
  for (const auto& [channels, rows] : {std::pair{12, 127}, {127, 33}, {33, 12}, {130, 130}, {200, 12}, {12, 1000}})
    if (!run<float>({1, channels, 7, 8, rows, 3, 3, same})) return;
  run<float>({33, 16, 6, 8, 12, 3, 3, same});
  Case grouped{2, 26, 12, 15, 36, 3, 3, same};
  grouped.p.groups = 2;
  run<float>(grouped);
}

TEST(conv_epilogues) {
  for (const Epilogue e :
       {Epilogue::Relu, Epilogue::Tanh, Epilogue::Sigmoid, Epilogue::Gelu, Epilogue::GeluTanh, Epilogue::Silu}) {
    for (Case k : {Case{2, 3, 5, 7, 4, 3, 3}, Case{2, 3, 30, 30, 2, 1, 1}, Case{3, 2, 3, 3, 5, 3, 3},
                   Case{2, 3, 5, 17, 3, 3, 3, {.groups = 3}}}) {
      k.p.epilogue = e;
      run<float>(k);
      run<double>(k);
    }
  }
}

// Rows wider than a tile, planes higher than one, and windows too wide for any.
TEST(conv_large_planes) {
  run<float>({1, 1, 3, 20'000, 1, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}});
  run<float>({1, 3, 200, 200, 2, 3, 3, {.stride_h = 2, .stride_w = 2, .pad_top = 1, .pad_left = 1}});
  run<float>({1, 1, 400, 401, 1, 2, 2, {.dilation_h = 390, .dilation_w = 350, .epilogue = Epilogue::Relu}});
  run<double>({1, 20, 60, 61, 7, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}});
}

TEST(conv_of_nothing) {
  run<float>({0, 2, 5, 5, 3, 3, 3});
  run<float>({2, 0, 5, 5, 3, 3, 3});
  run<float>({2, 2, 2, 5, 3, 3, 3});  // no window fits
}

// NaN and infinities stay in the windows that see them.
TEST(conv_keeps_nan_in_its_place) {
  const Case k{1, 2, 9, 14, 5, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}};
  Buffer<float> x({1, 2, 9, 14}), weight({5, 2, 3, 3}), out(output_shape(k)), dw(weight.shape), dy(out.shape);
  x.randomize(1);
  weight.fill(1);
  dy.randomize(2);
  x(0, 1, 4, 0) = std::numeric_limits<float>::quiet_NaN();
  launch(Prim::Conv2d, {out.view(), x.view(), weight.view(), View{}}, k.p);
  for (int i = 0; i < 9; ++i)
    for (int j = 0; j < 14; ++j) CHECK_EQ(std::isnan(out(0, 0, i, j)), (i >= 3 && i <= 5 && j <= 1));
  launch(Prim::Conv2dGradWeight, {dw.view(), dy.view(), x.view()}, k.p);
  for (int o = 0; o < 5; ++o)
    for (int r = 0; r < 3; ++r)
      for (int s = 0; s < 3; ++s) {
        CHECK(!std::isnan(dw(o, 0, r, s)));
        CHECK_EQ(std::isnan(dw(o, 1, r, s)), s <= 1);  // the first column is never under the right taps
      }
  // The last column is seen by no window through the left taps.
  x.randomize(1);
  x(0, 1, 4, 13) = std::numeric_limits<float>::infinity();
  launch(Prim::Conv2dGradWeight, {dw.view(), dy.view(), x.view()}, k.p);
  for (int r = 0; r < 3; ++r) CHECK(std::isfinite(dw(0, 1, r, 0)) && !std::isfinite(dw(0, 1, r, 1)));
}

TEST(conv_3x3_of_many_channels_keeps_nan_in_its_place) {
  const Case k{2, 16, 9, 14, 13, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}};
  Buffer<float> x({2, 16, 9, 14}), weight({13, 16, 3, 3}), out(output_shape(k)), dx(x.shape);
  weight.fill(1);
  for (const int row : {0, 3, 8})
    for (const int col : {0, 5, 6, 13}) {
      x.randomize(1);
      x(1, 7, row, col) = std::numeric_limits<float>::quiet_NaN();
      launch(Prim::Conv2d, {out.view(), x.view(), weight.view(), View{}}, k.p);
      for (int n = 0; n < 2; ++n)
        for (int i = 0; i < 9; ++i)
          for (int j = 0; j < 14; ++j)
            CHECK_EQ(std::isnan(out(n, 3, i, j)), (n == 1 && std::abs(i - row) <= 1 && std::abs(j - col) <= 1));
      // The same window turned around.
      Buffer<float> dy(out.shape);
      dy.randomize(2);
      dy(0, 9, row, col) = std::numeric_limits<float>::quiet_NaN();
      launch(Prim::Conv2dGradInput, {dx.view(), dy.view(), weight.view()}, k.p);
      for (int n = 0; n < 2; ++n)
        for (int i = 0; i < 9; ++i)
          for (int j = 0; j < 14; ++j)
            CHECK_EQ(std::isnan(dx(n, 15, i, j)), (n == 0 && std::abs(i - row) <= 1 && std::abs(j - col) <= 1));
    }
}

TEST(conv_same_bits_at_every_thread_count) {
  const Case cases[] = {
      {1, 16, 40, 40, 32, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}},
      {9, 3, 20, 20, 16, 3, 3, {.stride_h = 2, .stride_w = 2, .epilogue = Epilogue::Tanh}},
      {4, 24, 16, 16, 24, 3, 3, {.groups = 24}},
      {3, 40, 30, 30, 30, 1, 1},
      {40, 32, 4, 4, 40, 3, 3, {.pad_top = 1, .pad_left = 1, .pad_bottom = 1, .pad_right = 1}},
  };
  for (const Case& k : cases) {
    std::vector<float> first;
    for (const int threads : {1, 3}) {
      set_thread_count(threads);
      Buffer<float> x({k.n, k.c, k.h, k.w}), weight({k.o, k.c / k.p.groups, k.r, k.s}), out(output_shape(k));
      Buffer<float> dx(x.shape), dw(weight.shape);
      x.randomize(1);
      weight.randomize(2);
      launch(Prim::Conv2d, {out.view(), x.view(), weight.view(), View{}}, k.p);
      launch(Prim::Conv2dGradInput, {dx.view(), out.view(), weight.view()}, k.p);
      launch(Prim::Conv2dGradWeight, {dw.view(), out.view(), x.view()}, k.p);
      std::vector<float> all = out.values();
      for (auto* more : {&dx, &dw}) {
        const auto values = more->values();
        all.insert(all.end(), values.begin(), values.end());
      }
      if (threads == 1)
        first = all;
      else
        CHECK(first == all);
    }
  }
  set_thread_count(1);
}

TEST(conv_calls_pass_the_gemm_core) {
  const Case k{1, 2, 4, 4, 3, 3, 3};
  Buffer<float> x({1, 2, 4, 4}), weight({3, 2, 3, 3}), out(output_shape(k));
  const auto before = kernels::gemm_core_calls();
  launch(Prim::Conv2d, {out.view(), x.view(), weight.view(), View{}}, k.p);
  launch(Prim::Conv2dGradInput, {x.view(), out.view(), weight.view()}, k.p);
  launch(Prim::Conv2dGradWeight, {weight.view(), out.view(), x.view()}, k.p);
  CHECK_EQ(kernels::gemm_core_calls(), before + 3);
}

}  // namespace
}  // namespace fluxion::testing
