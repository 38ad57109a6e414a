#pragma once
// The register tile that every matrix product and convolution runs through:
//   tile[i][j] = Σ_k A(i, k) · B(k, j),   i < MR rows, j < NV vectors.
// 6 rows × 2 vectors are 12 accumulators; with two vectors of B and one value of A that fills the 16
// registers of x86-64 (a larger tile spills and is a third slower in wasm). Doubles make do with 3 rows, for the sake
// of the download.

#include <array>
#include <type_traits>
#include <utility>

#include "fluxion/kernels/kernels.h"
#include "fluxion/kernels/simd.h"

namespace fluxion::kernels::cpu {

template <class T>
inline constexpr int kTileRows = sizeof(T) == 4 ? 6 : 3;
inline constexpr int kTileVectors = 2;

template <class T>
inline constexpr int kTileCols = kTileVectors* simd::Simd<T>::lanes;

// How the tile reads A, `at(i)` being A(i, k): rows side by side, MR to a step in packed panels, more
// where a transposed operand is read in place.
template <class T>
struct InterleavedRows {
  const T* p;
  Index step;
  T at(int i) const { return p[i]; }
  void advance() { p += step; }
};

// How the tile reads B: `load(j)` is vector j of row k.

// Rows at a constant distance: packed panels, or the operand itself.
template <class T>
struct StridedRows {
  const T* p;
  Index step;
  simd::Simd<T> load(int j) const { return simd::Simd<T>::load(p + j * simd::Simd<T>::lanes); }
  void advance() { p += step; }
};

// Vectors anywhere, each as far from its base as the row says: a convolution's windows and taps.
template <class T, int NV>
struct TableRows {
  std::array<const T*, NV> base;
  const std::int32_t* offset;
  simd::Simd<T> load(int j) const { return simd::Simd<T>::load(base[j] + *offset); }
  void advance() { ++offset; }
};

// f(0), f(1), … f(N - 1) with constants for indices, so that arrays indexed by them live in registers. (A
// plain loop under sanitizers, which would watch every copy of the body.)
template <int N, class F>
[[gnu::always_inline]] inline void unroll(F&& f) {
#if defined(__SANITIZE_ADDRESS__) || defined(FLUXION_SANITIZE)
  for (int i = 0; i < N; ++i) f(i);
#else
  [&]<int... I>(std::integer_sequence<int, I...>) __attribute__((always_inline)) {
    (f(std::integral_constant<int, I>{}), ...);
  }
  (std::make_integer_sequence<int, N>{});
#endif
}

template <int MR, int NV, class T>
using Tile = std::array<std::array<simd::Simd<T>, NV>, MR>;

template <int MR, int NV, class T, class B>
[[gnu::always_inline]] inline Tile<MR, NV, T> multiply_tile(Index k, InterleavedRows<T> a, B b) {
  using V = simd::Simd<T>;
  Tile<MR, NV, T> tile;
  unroll<MR>([&](auto i) __attribute__((always_inline)) { tile[i].fill(V::zero()); });
  for (; k > 0; --k) {
    std::array<V, NV> row;
    unroll<NV>([&](auto j) __attribute__((always_inline)) { row[j] = b.load(j); });
    unroll<MR>([&](auto i) __attribute__((always_inline)) {
      const V x = V::splat(a.at(i));
      unroll<NV>([&](auto j) __attribute__((always_inline)) { tile[i][j] = simd::madd(x, row[j], tile[i][j]); });
    });
    a.advance();
    b.advance();
  }
  return tile;
}

// What is done with a finished tile.
template <class T>
struct TileStore {
  bool add = false;                // to what is there
  const T* column_bias = nullptr;  // of the tile's first column
  const T* row_bias = nullptr;     // of the tile's first row
};

// A narrow tile, or one whose columns lie `col_step` apart.
template <class T>
[[gnu::noinline]] void store_values(const T* values, int rows, int row_values, T* out, Index row_step, Index col_step,
                                    int cols, const TileStore<T>& how) {
  for (int i = 0; i < rows; ++i, values += row_values) {
    for (int c = 0; c < cols; ++c) {
      T& to = out[i * row_step + c * col_step];
      T v = values[c];
      if (how.add) v = to + v;
      if (how.column_bias != nullptr) v += how.column_bias[c];
      if (how.row_bias != nullptr) v += how.row_bias[i];
      to = v;
    }
  }
}

template <int MR, int NV, class T>
[[gnu::always_inline]] inline void store_tile(const Tile<MR, NV, T>& tile, T* out, Index row_step, Index col_step,
                                              int cols, const TileStore<T>& how) {
  using V = simd::Simd<T>;
  constexpr int width = NV * V::lanes;
  if (cols < width || col_step != 1) {
    T values[MR * width];
    unroll<MR>([&](auto i) __attribute__((always_inline)) {
      unroll<NV>([&](auto j) __attribute__((always_inline)) { tile[i][j].store(values + i * width + j * V::lanes); });
    });
    store_values(values, MR, width, out, row_step, col_step, cols, how);
    return;
  }
  unroll<MR>([&](auto i) __attribute__((always_inline)) {
    T* p = out + i * row_step;
    unroll<NV>([&](auto j) __attribute__((always_inline)) {
      V v = tile[i][j];
      if (how.add) v = V::load(p + j * V::lanes) + v;
      if (how.column_bias != nullptr) v += V::load(how.column_bias + j * V::lanes);
      if (how.row_bias != nullptr) v += V::splat(how.row_bias[i]);
      v.store(p + j * V::lanes);
    });
  });
}

}  // namespace fluxion::kernels::cpu
