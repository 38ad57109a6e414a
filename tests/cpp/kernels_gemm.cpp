#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "check.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/gemm_core.h"
#include "fluxion/kernels/kernels.h"
#include "kernels_buffer.h"

namespace fluxion::testing {
namespace {

using kernels::Epilogue;
using kernels::GemmParams;
using kernels::Prim;
using kernels::View;

struct Case {
  std::int64_t batch = 1, m = 1, n = 1, k = 1;
  bool transpose_a = false, transpose_b = false;
  std::int64_t gap = 0;
  bool share_a = false, share_b = false;  // stride 0 over the batch
  bool bias = false;
  GemmParams params = {};
};

template <class T>
Buffer<T> operand(std::int64_t batch, std::int64_t rows, std::int64_t cols, bool transposed, std::int64_t gap,
                  bool share, std::uint64_t seed) {
  Buffer<T> b({share ? 1 : batch, rows, cols}, transposed ? std::vector{0, 2, 1} : std::vector{0, 1, 2}, gap);
  b.randomize(seed);
  b.shape[0] = batch;
  if (share) b.strides[0] = 0;
  return b;
}

// The product in double beside the sum of magnitudes, which scales the allowed error.
template <class T>
bool run(const Case& c) {
  Buffer<T> a = operand<T>(c.batch, c.m, c.k, c.transpose_a, c.gap, c.share_a, 1);
  Buffer<T> b = operand<T>(c.batch, c.k, c.n, c.transpose_b, c.gap, c.share_b, 2);
  Buffer<T> bias({c.n}), out({c.batch, c.m, c.n}, {}, c.gap);
  bias.randomize(3);
  out.randomize(4);
  const std::vector<T> before = out.values();
  launch(Prim::Gemm, {out.view(), a.view(), b.view(), c.bias ? bias.view() : View{}}, c.params);
  bool held = CHECK(out.guards_hold());
  const double eps = std::is_integral_v<T> ? 0 : static_cast<double>(std::numeric_limits<T>::epsilon());
  std::size_t at = 0;
  for (std::int64_t x = 0; x < c.batch && held; ++x) {
    for (std::int64_t i = 0; i < c.m && held; ++i) {
      for (std::int64_t j = 0; j < c.n && held; ++j, ++at) {
        double sum = c.params.accumulate ? static_cast<double>(before[at]) : 0, size = std::abs(sum);
        if (c.bias) sum += static_cast<double>(bias(j)), size += 1;
        for (std::int64_t k = 0; k < c.k; ++k) {
          const double term = static_cast<double>(a(x, i, k)) * static_cast<double>(b(x, k, j));
          sum += term;
          size += std::abs(term);
        }
        const double terms = 4 + std::sqrt(static_cast<double>(c.k));
        held = CHECK_CLOSE(out(x, i, j), activation_ref(c.params.epilogue, sum), 4 * eps, terms * eps * size);
      }
    }
  }
  if (!held)
    fail(std::source_location::current(), "at batch " + show(c.batch) + ", " + show(c.m) + "x" + show(c.k) + "x" +
                                              show(c.n) + " transposed " + show(c.transpose_a) + show(c.transpose_b) +
                                              " gap " + show(c.gap));
  return held;
}

template <class T>
void all_forms(Case c) {
  for (const bool ta : {false, true}) {
    for (const bool tb : {false, true}) {
      c.transpose_a = ta;
      c.transpose_b = tb;
      if (!run<T>(c)) return;
    }
  }
}

template <class T>
void awkward_sizes() {
  const std::int64_t sizes[] = {0, 1, 2, 3, 7, 17, 33, 65};
  for (const auto m : sizes)
    for (const auto n : sizes)
      for (const auto k : sizes) all_forms<T>({.m = m, .n = n, .k = k, .gap = (m + n + k) % 3});
}

TEST(gemm_awkward_sizes_float32) { awkward_sizes<float>(); }
TEST(gemm_awkward_sizes_float64) { awkward_sizes<double>(); }

// Any three of the sizes, as far as they are quick.
template <class T>
void awkward_combinations(std::int64_t most_terms) {
  const std::int64_t sizes[] = {1, 3, 7, 17, 33, 127, 1000};
  int bias = 0;
  for (const auto m : sizes)
    for (const auto n : sizes)
      for (const auto k : sizes)
        if (m * n * k >= 33 * 33 * 33 && m * n * k <= most_terms)
          all_forms<T>({.m = m, .n = n, .k = k, .gap = m % 3, .bias = ++bias % 2 == 0});
}

TEST(gemm_awkward_combinations_float32) { awkward_combinations<float>(600'000); }
TEST(gemm_awkward_combinations_float64) { awkward_combinations<double>(200'000); }

// Few columns, whose other operand is read without packing.
TEST(gemm_few_columns) {
  for (const std::int64_t n : {2, 3, 7, 10, 12, 13}) {
    all_forms<float>({.m = 33, .n = n, .k = 127, .gap = 1, .bias = true});
    all_forms<float>({.m = 127, .n = n, .k = 1000, .params = {.accumulate = true}});
  }
}

// Small enough for the early path, in whole tiles and in parts.
TEST(gemm_small_products) {
  for (const std::int64_t m : {1, 2, 4, 8, 9})
    for (const std::int64_t n : {1, 2, 4, 5, 8, 12, 20})
      for (const std::int64_t k : {0, 1, 2, 8, 20})
        for (const bool accumulate : {false, true})
          for (const auto e : {Epilogue::None, Epilogue::Tanh}) {
            const GemmParams params{.accumulate = accumulate, .epilogue = e};
            all_forms<float>({.m = m, .n = n, .k = k, .gap = m % 2, .bias = (m + n + k) % 3 != 0, .params = params});
          }
}

TEST(gemm_int32) {
  for (const std::int64_t size : {0, 1, 3, 7, 17, 33, 127, 1000}) {
    all_forms<std::int32_t>({.m = size, .n = 5, .k = 7});
    all_forms<std::int32_t>({.batch = 3, .m = 2, .n = size, .k = 4, .share_b = true, .bias = true});
    all_forms<std::int32_t>({.m = 3, .n = 4, .k = size, .gap = 2, .params = {.accumulate = true}});
  }
}

// Beyond one block of each size.
TEST(gemm_many_blocks) {
  run<float>({.m = 127, .n = 1000, .k = 65, .transpose_b = true});
  all_forms<float>({.m = 20, .n = 520, .k = 1000, .bias = true});
  all_forms<float>({.m = 33, .n = 40, .k = 257, .gap = 3, .params = {.accumulate = true}});
  all_forms<double>({.m = 40, .n = 300, .k = 600, .bias = true, .params = {.accumulate = true}});
  all_forms<float>({.m = 1000, .n = 9, .k = 127, .bias = true});
}

TEST(gemm_vectors) {
  for (const std::int64_t n : {1, 2, 5, 31, 33, 127, 1000}) {
    for (const std::int64_t k : {1, 3, 4, 15, 16, 64, 300, 1000}) {
      for (const bool bias : {false, true}) {
        const GemmParams params{.accumulate = (n + k) % 2 == 0};
        all_forms<float>({.m = 1, .n = n, .k = k, .bias = bias, .params = params});
        all_forms<float>({.m = n, .n = 1, .k = k, .gap = 2, .bias = bias, .params = params});
        all_forms<float>({.m = 3, .n = n, .k = k, .gap = 1, .bias = bias, .params = params});
      }
    }
    all_forms<float>({.m = n, .n = 1, .k = 70, .bias = true});
    all_forms<double>({.m = 1, .n = n, .k = 129, .bias = true});
    all_forms<double>({.m = n, .n = 1, .k = 129, .gap = 2, .bias = true});
  }
}

// Sums of more terms than one span of a dot product.
TEST(gemm_long_dots) {
  all_forms<float>({.m = 3, .n = 7, .k = 2500, .bias = true, .params = {.accumulate = true}});
  all_forms<float>({.m = 1, .n = 20, .k = 2500, .bias = true, .params = {.accumulate = true}});
  all_forms<double>({.m = 5, .n = 1, .k = 1111, .bias = true});
}

TEST(gemm_batches) {
  for (const bool share_a : {false, true}) {
    for (const bool share_b : {false, true}) {
      for (const std::int64_t batch : {0, 1, 2, 5}) {
        Case c{.batch = batch, .m = 7, .n = 9, .k = 5, .share_a = share_a, .share_b = share_b, .bias = true};
        all_forms<float>(c);
        c.gap = 2;
        all_forms<double>(c);
      }
      all_forms<float>({.batch = 3, .m = 65, .n = 70, .k = 33, .share_a = share_a, .share_b = share_b});
    }
  }
}

TEST(gemm_epilogues) {
  for (const Epilogue e :
       {Epilogue::Relu, Epilogue::Tanh, Epilogue::Sigmoid, Epilogue::Gelu, Epilogue::GeluTanh, Epilogue::Silu}) {
    for (const std::int64_t k : {0, 300}) {
      for (const bool accumulate : {false, true}) {
        const GemmParams params{.accumulate = accumulate, .epilogue = e};
        Case c{.m = 13, .n = 11, .k = k, .gap = 1, .bias = true, .params = params};
        all_forms<float>(c);
        all_forms<double>(c);
        c.m = 1;
        all_forms<float>(c);
        c.m = 70;
        c.n = 1;
        all_forms<float>(c);
        c.n = 150;
        if (!accumulate) run<float>(c);
      }
    }
  }
}

TEST(gemm_bias_of_any_stride) {
  Buffer<float> a({1, 5, 6}), b({1, 6, 7}), out({1, 5, 7}), plain({1, 5, 7}), bias({1});
  a.randomize(1);
  b.randomize(2);
  bias.fill(0.5f);
  bias.shape = {7};
  bias.strides = {0};
  launch(Prim::Gemm, {out.view(), a.view(), b.view(), bias.view()}, GemmParams{});
  launch(Prim::Gemm, {plain.view(), a.view(), b.view(), View{}}, GemmParams{});
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 7; ++j) CHECK_CLOSE(out(0, i, j), plain(0, i, j) + 0.5f, 1e-6, 1e-6);
}

TEST(gemm_negative_strides) {
  Buffer<float> a({1, 9, 20}), b({1, 20, 11}), out({1, 9, 11}), expected({1, 9, 11});
  a.randomize(1);
  b.randomize(2);
  for (int i = 0; i < 9; ++i)
    for (int j = 0; j < 11; ++j) {
      double sum = 0;
      for (int k = 0; k < 20; ++k) sum += static_cast<double>(a(0, i, 19 - k)) * static_cast<double>(b(0, k, 10 - j));
      expected(0, i, j) = static_cast<float>(sum);
    }
  View va = a.view(), vb = b.view();
  va.data = &a(0, 0, 19);
  a.strides[2] = -1;
  vb.data = &b(0, 0, 10);
  b.strides[2] = -1;
  launch(Prim::Gemm, {out.view(), va, vb, View{}}, GemmParams{});
  CHECK_CLOSE(out.values(), expected.values(), 1e-5, 1e-5);
}

// A NaN or an infinity reaches its row and its column, and nothing else.
TEST(gemm_keeps_nan_in_its_place) {
  for (const std::int64_t m : {1, 4, 13, 40}) {
    for (const std::int64_t n : {1, 5, 21, 90}) {
      for (const bool tb : {false, true}) {
        Buffer<float> a({1, m, 19});
        Buffer<float> b({1, 19, n}, tb ? std::vector{0, 2, 1} : std::vector{0, 1, 2});
        Buffer<float> out({1, m, n});
        a.randomize(1);
        b.randomize(2);
        a(0, m - 1, 18) = std::numeric_limits<float>::quiet_NaN();
        b(0, 3, n - 1) = std::numeric_limits<float>::infinity();
        launch(Prim::Gemm, {out.view(), a.view(), b.view(), View{}}, GemmParams{});
        for (std::int64_t i = 0; i < m; ++i)
          for (std::int64_t j = 0; j < n; ++j) {
            if (i == m - 1)
              CHECK(std::isnan(out(0, i, j)));
            else
              CHECK_EQ(std::isinf(out(0, i, j)), j == n - 1);
          }
      }
    }
  }
}

TEST(gemm_same_bits_at_every_thread_count) {
  const std::int64_t shapes[][4] = {{1, 127, 300, 520}, {1, 8, 1000, 300}, {1, 1, 1000, 700}, {1, 1, 1003, 900},

                                    {1, 1000, 1, 300},  {1, 5, 7, 9000},   {9, 40, 50, 60}};
  for (const auto& [batch, m, n, k] : shapes) {
    for (const bool tb : {false, true}) {
      std::vector<float> first;
      for (const int threads : {1, 3}) {
        set_thread_count(threads);
        Buffer<float> a = operand<float>(batch, m, k, false, 0, false, 1);
        Buffer<float> b = operand<float>(batch, k, n, tb, 0, false, 2);
        Buffer<float> out({batch, m, n});
        launch(Prim::Gemm, {out.view(), a.view(), b.view(), View{}}, GemmParams{.epilogue = Epilogue::Relu});
        if (threads == 1)
          first = out.values();
        else
          CHECK(first == out.values());
      }
      set_thread_count(1);
    }
  }
}

TEST(gemm_calls_are_counted) {
  Buffer<float> a({1, 2, 3}), b({1, 3, 4}), out({1, 2, 4});
  const auto before = kernels::gemm_core_calls();
  launch(Prim::Gemm, {out.view(), a.view(), b.view(), View{}}, GemmParams{});
  CHECK_EQ(kernels::gemm_core_calls(), before + 1);
}

}  // namespace
}  // namespace fluxion::testing
