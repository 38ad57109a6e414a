#include "fluxion/kernels/gemm_dots.h"

#include <algorithm>
#include <array>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/gemm_micro.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr Index kMostRows = 8, kMostCols = 12;
constexpr int kFewCols = 3;
constexpr int kRowCols = 8;  // of a tile of one row
// Sums shorter than this cost more across lanes than along them; a single row has no other good way.
constexpr Index kLeastDepth = 16;
constexpr Index kLeastDepthOfOneRow = 4;
constexpr Index kTaskWork = 200'000;
// Terms to a block of the sum: as many to a lane as the blocked product has to an element.
template <class T>
constexpr Index kDotDepth = kDepth* simd::Simd<T>::lanes;

// What of k is summed by one tile.
struct Span {
  Index begin, end;
  bool first, last;  // of the product
};

template <class F>
void for_each_span(const Product<float>& g, F&& f) {
  constexpr int lanes = simd::F32x4::lanes;
  const Index depth = ceil_div(ceil_div(g.k, ceil_div(g.k, kDotDepth<float>)), lanes) * lanes;
  for (Index k = 0; k < g.k; k += depth) f(Span{k, std::min(g.k, k + depth), k == 0, k + depth >= g.k});
}

// NC columns, or up to kFewCols, the last of which are then the same.
template <class T, int MR, int NC>
void dot_tile(const Product<T>& g, const Span& span, Index row, Index col, int cols) {
  using V = simd::Simd<T>;
  std::array<const T*, MR> a;
  std::array<const T*, NC> b;
  unroll<MR>([&](auto i) __attribute__((always_inline)) { a[i] = g.a + (row + i) * g.a_m; });
  unroll<NC>([&](auto j) __attribute__((always_inline)) {
    b[j] = g.b + (col + (NC == kFewCols ? std::min<int>(j, cols - 1) : j)) * g.b_n;
  });
  std::array<std::array<V, NC>, MR> sums;
  unroll<MR>([&](auto i) __attribute__((always_inline)) { sums[i].fill(V::zero()); });
  const auto step = [&](auto load) __attribute__((always_inline)) {
    std::array<V, MR> x;
    unroll<MR>([&](auto i) __attribute__((always_inline)) { x[i] = load(a[i]); });
    unroll<NC>([&](auto j) __attribute__((always_inline)) {
      const V y = load(b[j]);
      unroll<MR>([&](auto i) __attribute__((always_inline)) { sums[i][j] = simd::madd(x[i], y, sums[i][j]); });
    });
  };
  Index k = span.begin;
  for (; k + V::lanes <= span.end; k += V::lanes) step([k](const T* p) { return V::load(p + k); });
  if (k < span.end) {
    const int tail = static_cast<int>(span.end - k);
    step([k, tail](const T* p) { return V::load_partial(p + k, tail); });
  }
  const bool add = g.accumulate || !span.first;
  unroll<MR>([&](auto i) __attribute__((always_inline)) {
    unroll<NC>([&](auto j) __attribute__((always_inline)) {
      if (NC == kFewCols && j >= cols) return;
      T& to = g.out[(row + i) * g.out_m + col + j];
      T v = simd::sum(sums[i][j]);
      if (add) v = to + v;
      if (span.last && g.column_bias != nullptr) v += g.column_bias[col + j];
      if (span.last && g.row_bias != nullptr) v += g.row_bias[row + i];
      to = v;
    });
  });
}

// One row by eight columns, four vectors of each at a time: a product of a vector, which waits for its matrix.
void dot_row(const Product<float>& g, const Span& span, Index col) {
  using V = simd::F32x4;
  constexpr int steps = 4;
  std::array<const float*, kRowCols> b;
  std::array<V, kRowCols> sums;
  unroll<kRowCols>([&](auto j) __attribute__((always_inline)) { b[j] = g.b + (col + j) * g.b_n + span.begin; });
  sums.fill(V::zero());
  const float* a = g.a + span.begin;
  Index left = span.end - span.begin;
  for (; left >= steps * V::lanes; left -= steps * V::lanes, a += steps * V::lanes) {
    std::array<V, steps> x;
    unroll<steps>([&](auto s) __attribute__((always_inline)) { x[s] = V::load(a + s * V::lanes); });
    unroll<kRowCols>([&](auto j) __attribute__((always_inline)) {
      unroll<steps>([&](auto s) __attribute__((always_inline)) {
        sums[j] = simd::madd(x[s], V::load(b[j] + s * V::lanes), sums[j]);
      });
      b[j] += steps * V::lanes;
    });
  }
  for (; left > 0; left -= V::lanes, a += V::lanes) {
    const int count = static_cast<int>(std::min<Index>(left, V::lanes));
    const V x = V::load_partial(a, count);
    unroll<kRowCols>([&](auto j) __attribute__((always_inline)) {
      sums[j] = simd::madd(x, V::load_partial(b[j], count), sums[j]);
      b[j] += V::lanes;
    });
  }
  unroll<kRowCols / V::lanes>([&](auto block) __attribute__((always_inline)) {
    const int j = block * V::lanes;
    V part[V::lanes];
    unroll<V::lanes>([&](auto i) __attribute__((always_inline)) { part[i] = sums[j + i]; });
    simd::transpose(part);
    V v = (part[0] + part[2]) + (part[1] + part[3]);  // as simd::sum
    float* to = g.out + col + j;
    if (g.accumulate || !span.first) v = V::load(to) + v;
    if (span.last && g.column_bias != nullptr) v += V::load(g.column_bias + col + j);
    if (span.last && g.row_bias != nullptr) v += V::splat(*g.row_bias);
    v.store(to);
  });
}

template <class T>
using DotTile = void (*)(const Product<T>&, const Span&, Index, Index, int);

template <class T, int MR>
constexpr std::array<DotTile<T>, kDotCols + 1> kDotTiles = {nullptr,
                                                            dot_tile<T, MR, kFewCols>,
                                                            dot_tile<T, MR, kFewCols>,
                                                            dot_tile<T, MR, kFewCols>,
                                                            dot_tile<T, MR, 4>,
                                                            dot_tile<T, MR, 5>,
                                                            dot_tile<T, MR, 6>};

}  // namespace

bool prefers_dots(const Product<float>& g) {
  if (g.a_k != 1 || g.b_k != 1) return false;
  return g.m == 1 ? g.k >= kLeastDepthOfOneRow : (g.m <= kMostRows || g.n <= kMostCols) && g.k >= kLeastDepth;
}

void multiply_dots(const Product<float>& g) {
  using T = float;
  if (g.m == 1 && g.n >= kRowCols) {
    const Index whole = g.n / kRowCols;
    parallel_for(whole, std::max<Index>(1, kTaskWork / (kRowCols * g.k)), [&](Index tile, Index end) {
      const Index first = tile;
      for (; tile < end; ++tile) for_each_span(g, [&](const Span& span) { dot_row(g, span, tile * kRowCols); });
      apply_epilogue(g.epilogue, g.out + first * kRowCols, 1, (end - first) * kRowCols, g.out_m);
    });
    if (g.n % kRowCols == 0) return;
    Product<T> rest = g;
    rest.n = g.n % kRowCols;
    rest.b += (g.n - rest.n) * g.b_n;
    rest.out += g.n - rest.n;
    if (g.column_bias != nullptr) rest.column_bias += g.n - rest.n;
    return multiply_dots(rest);
  }
  // Columns are shared out evenly: 10 are 5 + 5, not 6 + 4.
  const Index tiles = ceil_div(g.n, kDotCols);
  const Index work = g.m * kDotCols * g.k;
  parallel_for(tiles, std::max<Index>(1, kTaskWork / work), [&](Index tile, Index end) {
    const Index first = tile * g.n / tiles;
    for (; tile < end; ++tile) {
      const Index col = tile * g.n / tiles;
      const int cols = static_cast<int>((tile + 1) * g.n / tiles - col);
      const auto at = static_cast<std::size_t>(cols);
      for_each_span(g, [&](const Span& span) {
        Index row = 0;
        for (; row + kDotRows <= g.m; row += kDotRows) kDotTiles<T, kDotRows>[at](g, span, row, col, cols);
        if (row < g.m) kDotTiles<T, 1>[at](g, span, row, col, cols);
      });
    }
    apply_epilogue(g.epilogue, g.out + first, g.m, end * g.n / tiles - first, g.out_m);
  });
}

}  // namespace fluxion::kernels::cpu
