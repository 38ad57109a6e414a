#include "fluxion/kernels/gemm_small.h"

#include <algorithm>
#include <array>

#include "fluxion/kernels/gemm_micro.h"

namespace fluxion::kernels::cpu {

namespace {

using V = simd::F32x4;

constexpr int kRows = 4;
constexpr Index kMostTerms = 4096, kMostTermsOfFewRows = 256;

// Columns of B: side by side, any that are gathered (those beyond the last repeat it), or a single one.
template <int NV>
struct Contiguous {
  const float* p;
  Index step;
  Contiguous(const float* b, Index k_step, Index, int) : p(b), step(k_step) {}
  V load(int j) const { return V::load(p + V::lanes * j); }
  void advance() { p += step; }
};
template <int NV>
struct Gathered {
  std::array<const float*, V::lanes * NV> p;
  Index at = 0, step;
  Gathered(const float* b, Index k_step, Index col_step, int cols) : step(k_step) {
    unroll<V::lanes * NV>([&](auto c) { p[c] = b + std::min<int>(c, cols - 1) * col_step; });
  }
  V load(int j) const { return {V::Raw{p[4 * j][at], p[4 * j + 1][at], p[4 * j + 2][at], p[4 * j + 3][at]}}; }
  void advance() { at += step; }
};

template <int NV>
struct Single {
  const float* p;
  Index step;
  Single(const float* b, Index k_step, Index, int) : p(b), step(k_step) {}
  V load(int) const { return V::splat(*p); }
  void advance() { p += step; }
};

V part(const float* p, int count) { return count >= V::lanes ? V::load(p) : V::load_partial(p, count); }

// All rows of NV vectors of columns, four rows at a time (those beyond the last repeat it).
template <int NV, template <int> class Columns>
void columns(const View* views, bool accumulate, int col) {
  const View &out = views[0], &a = views[1], &b = views[2];
  const Index m = out.shape[1], depth = a.shape[2];
  const Index out_m = out.strides[1], a_m = a.strides[1], a_k = a.strides[2], b_k = b.strides[1], b_n = b.strides[2];
  const int cols = static_cast<int>(out.shape[2]) - col;
  const float* const bias = views[3].as<float>();
  for (Index row = 0; row < m; row += kRows) {
    std::array<const float*, kRows> x;
    unroll<kRows>([&](auto i) { x[i] = a.as<float>() + std::min(row + i, m - 1) * a_m; });
    Columns<NV> y(b.as<float>() + col * b_n, b_k, b_n, cols);
    std::array<std::array<V, NV>, kRows> sums;
    unroll<kRows>([&](auto i) __attribute__((always_inline)) { sums[i].fill(V::zero()); });
    for (Index k = 0; k < depth; ++k) {
      std::array<V, NV> right;
      unroll<NV>([&](auto j) __attribute__((always_inline)) { right[j] = y.load(j); });
      unroll<kRows>([&](auto i) __attribute__((always_inline)) {
        const V left = V::splat(*x[i]);
        x[i] += a_k;
        unroll<NV>([&](auto j) __attribute__((always_inline)) { sums[i][j] = simd::madd(left, right[j], sums[i][j]); });
      });
      y.advance();
    }
    float* to = out.as<float>() + row * out_m + col;
    if (cols >= NV * V::lanes && !accumulate && row + kRows <= m) {
      if (bias != nullptr)
        unroll<NV>([&](auto j) __attribute__((always_inline)) {
          const V more = V::load(bias + col + V::lanes * j);
          unroll<kRows>([&](auto i) __attribute__((always_inline)) { sums[i][j] += more; });
        });
      unroll<kRows>([&](auto i) __attribute__((always_inline)) {
        unroll<NV>([&](auto j) __attribute__((always_inline)) { sums[i][j].store(to + i * out_m + V::lanes * j); });
      });
      continue;
    }
    // By way of memory: accumulators that are indexed would not live in registers.
    V values[kRows][NV];
    unroll<kRows>([&](auto i) { unroll<NV>([&](auto j) { values[i][j] = sums[i][j]; }); });
    for (Index i = 0; i < std::min<Index>(kRows, m - row); ++i, to += out_m) {
      for (int j = 0; j < NV; ++j) {
        const int count = cols - V::lanes * j;
        V v = values[i][j];
        if (accumulate) v = part(to + V::lanes * j, count) + v;
        if (bias != nullptr) v += part(bias + col + V::lanes * j, count);
        if (count >= V::lanes)
          v.store(to + V::lanes * j);
        else
          v.store_partial(to + V::lanes * j, count);
      }
    }
  }
}

}  // namespace

bool multiply_small(const View* views, const GemmParams& params) {
  const View &out = views[0], &b = views[2], &bias = views[3];
  const Index m = out.shape[1], n = out.shape[2], k = views[1].shape[2];
  if (out.shape[0] != 1 || (m | n | k) >= 256 || m * n * k > (m < kRows ? kMostTermsOfFewRows : kMostTerms))
    return false;
  if (bias.data != nullptr && bias.strides[0] != 1) return false;
  const bool contiguous = b.strides[2] == 1;
  int col = 0, left = static_cast<int>(n);
  for (; left > V::lanes; col += 2 * V::lanes, left -= 2 * V::lanes) {
    if (contiguous && left >= 2 * V::lanes)
      columns<2, Contiguous>(views, params.accumulate, col);
    else
      columns<2, Gathered>(views, params.accumulate, col);
  }
  if (left > 0) {
    if (left == 1)
      columns<1, Single>(views, params.accumulate, col);
    else if (contiguous && left == V::lanes)
      columns<1, Contiguous>(views, params.accumulate, col);
    else
      columns<1, Gathered>(views, params.accumulate, col);
  }
  if (params.epilogue != Epilogue::None)
    apply_epilogue(params.epilogue, out.as<float>(), m, n, static_cast<Index>(out.strides[1]));
  return true;
}

}  // namespace fluxion::kernels::cpu
