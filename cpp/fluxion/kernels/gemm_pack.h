#pragma once
// Packing: operands of any strides become panels that the register tile reads front to back.

#include "fluxion/kernels/gemm_micro.h"

namespace fluxion::kernels::cpu {

namespace detail {

// `count` columns of k, for `width` rows that lie `row` apart and are contiguous in k, side by side in `out`
// (k-major, `width` values each, `step` apart). Blocks of lanes × lanes are transposed in registers; where the
// width is no multiple of the lanes the last block overlaps the one before.
template <class T>
void interleave_rows(const T* p, Index row, Index count, int width, T* out, Index step) {
  using V = simd::Simd<T>;
  Index k = 0;
  if (width >= V::lanes) {
    for (; k + V::lanes <= count; k += V::lanes) {
      for (int i = 0;;) {
        V block[V::lanes];
        unroll<V::lanes>([&](auto r) __attribute__((always_inline)) { block[r] = V::load(p + (i + r) * row + k); });
        simd::transpose(block);
        unroll<V::lanes>([&](auto r) __attribute__((always_inline)) { block[r].store(out + (k + r) * step + i); });
        if (i + V::lanes == width) break;
        i = i + 2 * V::lanes <= width ? i + V::lanes : width - V::lanes;
      }
    }
  }
  for (; k < count; ++k)
    for (int i = 0; i < width; ++i) out[k * step + i] = p[i * row + k];
}

}  // namespace detail

// rows × k of A as [k][rows], rows <= kTileRows<T>.
template <class T>
inline void pack_rows(const T* a, Index row, Index k_step, int rows, Index k, T* out) {
  if (k_step == 1) {
    detail::interleave_rows(a, row, k, rows, out, rows);
  } else if (row == 1 && rows >= simd::Simd<T>::lanes) {  // two vectors, that may overlap
    using V = simd::Simd<T>;
    static_assert(kTileRows<T> <= 2 * V::lanes);
    const int second = rows - V::lanes;
    for (Index kk = 0; kk < k; ++kk, a += k_step, out += rows) {
      V::load(a).store(out);
      V::load(a + second).store(out + second);
    }
  } else {
    for (Index kk = 0; kk < k; ++kk)
      for (int i = 0; i < rows; ++i) out[kk * rows + i] = a[i * row + kk * k_step];
  }
}

// k × cols of B as [k][kTileCols], zeros beyond cols.
template <class T>
inline void pack_cols(const T* b, Index k_step, Index col, int cols, Index k, T* out) {
  using V = simd::Simd<T>;
  constexpr int width = kTileCols<T>;
  if (cols == width && col == 1) {
    for (Index kk = 0; kk < k; ++kk)
      unroll<kTileVectors>([&](auto j) __attribute__((always_inline)) {
        V::load(b + kk * k_step + j * V::lanes).store(out + kk * width + j * V::lanes);
      });
  } else if (cols == width && k_step == 1) {
    detail::interleave_rows(b, col, k, width, out, width);
  } else {
    for (Index kk = 0; kk < k; ++kk) {
      int j = 0;
      for (; j < cols; ++j) out[kk * width + j] = b[kk * k_step + j * col];
      for (; j < width; ++j) out[kk * width + j] = T(0);
    }
  }
}

}  // namespace fluxion::kernels::cpu
