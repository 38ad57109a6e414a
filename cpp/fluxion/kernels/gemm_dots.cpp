#include "fluxion/kernels/gemm_dots.h"

#include <algorithm>
#include <array>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/gemm_micro.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr Index kMostRows = 8;
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

template <class T, int MR, int NC>
void dot_tile(const Product<T>& g, const Span& span, Index row, Index col) {
  using V = simd::Simd<T>;
  std::array<const T*, MR> a;
  std::array<const T*, NC> b;
  unroll<MR>([&](auto i) __attribute__((always_inline)) { a[i] = g.a + (row + i) * g.a_m; });
  unroll<NC>([&](auto j) __attribute__((always_inline)) { b[j] = g.b + (col + j) * g.b_n; });
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
      T& to = g.out[(row + i) * g.out_m + col + j];
      T v = simd::sum(sums[i][j]);
      if (add) v = to + v;
      if (span.last && g.column_bias != nullptr) v += g.column_bias[col + j];
      if (span.last && g.row_bias != nullptr) v += g.row_bias[row + i];
      to = v;
    });
  });
}

template <class T>
using DotTile = void (*)(const Product<T>&, const Span&, Index, Index);

template <class T, int MR>
constexpr std::array<DotTile<T>, kDotCols + 1> kDotTiles = {nullptr,
                                                            dot_tile<T, MR, 1>,
                                                            dot_tile<T, MR, 2>,
                                                            dot_tile<T, MR, 3>,
                                                            dot_tile<T, MR, 4>,
                                                            dot_tile<T, MR, 5>,
                                                            dot_tile<T, MR, 6>};

}  // namespace

bool prefers_dots(const Product<float>& g) {
  return g.a_k == 1 && g.b_k == 1 && g.m <= kMostRows && g.k >= (g.m == 1 ? kLeastDepthOfOneRow : kLeastDepth);
}

void multiply_dots(const Product<float>& g) {
  using T = float;
  // Columns are shared out evenly: 10 are 5 + 5, not 6 + 4.
  const Index tiles = ceil_div(g.n, kDotCols);
  const Index spans = ceil_div(g.k, kDotDepth<T>);
  const Index depth = ceil_div(ceil_div(g.k, spans), simd::Simd<T>::lanes) * simd::Simd<T>::lanes;
  const Index work = g.m * kDotCols * g.k;
  parallel_for(tiles, std::max<Index>(1, kTaskWork / work), [&](Index tile, Index end) {
    const Index first = tile * g.n / tiles;
    for (; tile < end; ++tile) {
      const Index col = tile * g.n / tiles;
      const auto cols = static_cast<std::size_t>((tile + 1) * g.n / tiles - col);
      for (Index k = 0; k < g.k; k += depth) {
        const Span span{k, std::min(g.k, k + depth), k == 0, k + depth >= g.k};
        Index row = 0;
        for (; row + kDotRows <= g.m; row += kDotRows) kDotTiles<T, kDotRows>[cols](g, span, row, col);
        if (row < g.m) kDotTiles<T, 1>[cols](g, span, row, col);
      }
    }
    apply_epilogue(g.epilogue, g.out + first, g.m, end * g.n / tiles - first, g.out_m);
  });
}

}  // namespace fluxion::kernels::cpu
