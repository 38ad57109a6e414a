#pragma once
// The register tile of convolutions: rows of a packed operand times vectors that lie anywhere in a tile of the
// input. What is a vector and what a row of the sum differs: forward, a vector is four windows side by side and
// the sum runs over taps; in the weight gradient a vector is one tap of four channels, and the sum runs over
// windows.

#include <algorithm>

#include "fluxion/kernels/gemm_micro.h"

namespace fluxion::kernels::cpu {

// A vector of results: where it reads, where it goes (both from a start that is given later), and how many of
// its lanes count.
struct Place {
  std::int32_t from, to;
  int cols;
};

// As many places as are run at a time.
inline constexpr int kPlaces = 128;

template <class T>
struct TableTiles {
  Index depth;
  const std::int32_t* offsets;  // [depth]
  Index out_row, out_col;       // between rows and between lanes of the result
  bool add;                     // to what is there
};

// Vectors to a tile of few rows: more, so that there are enough chains of additions.
constexpr int tile_vectors(int rows) { return rows <= 3 ? 4 : kTileVectors; }

template <class T, int MR>
void table_tiles(const TableTiles<T>& tiles, const Place* places, int count, const T* a, const T* input, T* out,
                 const T* bias) {
  using V = simd::Simd<T>;
  constexpr int NV = tile_vectors(MR);
  TileStore<T> how;
  how.add = tiles.add;
  how.row_bias = bias;
  for (int v = 0; v < count; v += NV) {
    std::array<Place, NV> at;
    TableRows<T, NV> b;
    unroll<NV>([&](auto j) __attribute__((always_inline)) {
      at[j] = places[std::min(v + j, count - 1)];
      b.base[j] = input + at[j].from;
    });
    b.offset = tiles.offsets;
    const auto tile = multiply_tile<MR, NV, T>(tiles.depth, InterleavedRows<T>{a, MR}, b);
    unroll<NV>([&](auto j) __attribute__((always_inline)) {
      if (v + j >= count) return;
      std::array<V, MR> column;
      unroll<MR>([&](auto i) __attribute__((always_inline)) { column[i] = tile[i][j]; });
      T* to = out + at[j].to;
      if (at[j].cols < V::lanes || tiles.out_col != 1) {
        T values[MR * V::lanes];
        unroll<MR>([&](auto i) __attribute__((always_inline)) { column[i].store(values + i * V::lanes); });
        store_values(values, MR, V::lanes, to, tiles.out_row, tiles.out_col, at[j].cols, how);
        return;
      }
      if (tiles.add)
        unroll<MR>([&](auto i)
                       __attribute__((always_inline)) { column[i] = V::load(to + i * tiles.out_row) + column[i]; });
      if (bias != nullptr) unroll<MR>([&](auto i) __attribute__((always_inline)) { column[i] += V::splat(bias[i]); });
      unroll<MR>([&](auto i) __attribute__((always_inline)) { column[i].store(to + i * tiles.out_row); });
    });
  }
}

template <class T>
using TableTilesOf = void (*)(const TableTiles<T>&, const Place*, int, const T*, const T*, T*, const T*);

// By the number of rows.
template <class T>
inline constexpr auto kTableTiles = []<int... I>(std::integer_sequence<int, I...>) {
  return std::array<TableTilesOf<T>, sizeof...(I) + 1>{nullptr, table_tiles<T, I + 1>...};
}
(std::make_integer_sequence<int, kTileRows<T>>());

}  // namespace fluxion::kernels::cpu
