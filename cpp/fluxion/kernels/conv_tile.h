#pragma once
// A tile of the input, copied with its padding so that every tap of a row of windows reads contiguous memory:
// column matrices are never made. Windows a stride apart see the input split by phases: all places with the
// same remainder modulo the stride form a plane, and within it a tap is a shift.

#include <algorithm>

#include "fluxion/kernels/conv_windows.h"
#include "fluxion/kernels/convert.h"
#include "fluxion/kernels/gemm_micro.h"

namespace fluxion::kernels::cpu {

// The scratch of a thread as convolutions divide it. Weights and offsets of the calling thread are read by
// all; each has its own tile. Reads of whole vectors may run past a tile's last row into `beyond`.
inline constexpr Index kConvMostDepth = 4096;

template <class T>
struct ConvScratch {
  static constexpr Index kWeights = 224 * 1024 / sizeof(T), kTile = 256 * 1024 / sizeof(T);

  T weights[kWeights];
  std::int32_t offsets[kConvMostDepth];
  T tile[kTile];
  T beyond[16 * simd::Simd<T>::lanes];

  static ConvScratch* of_thread() { return static_cast<ConvScratch*>(detail::scratch()); }
};
static_assert(sizeof(ConvScratch<float>) <= detail::kScratchBytes);
static_assert(sizeof(ConvScratch<double>) <= detail::kScratchBytes);

constexpr Index floor_div(Index a, Index b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

// The phases that an axis's taps touch, and the span of their shifts.
struct AxisPhases {
  static constexpr int kMost = 32;

  Axis axis;
  int count = 0;
  Index phase[kMost];
  Index low = 0, high = 0;
  bool fits = true;  // no more phases than kMost

  [[gnu::noinline]] explicit AxisPhases(const Axis& a) : axis(a) {
    for (Index t = 0; t < axis.taps && fits; ++t) {
      const Index s = shift(t);
      low = t == 0 ? s : std::min(low, s);
      high = t == 0 ? s : std::max(high, s);
      if (slot(t) < count) continue;
      fits = count < kMost;
      if (fits) phase[count++] = place(t) - s * axis.stride;
    }
  }

  Index place(Index tap) const { return axis.first + tap * axis.step; }
  Index shift(Index tap) const { return floor_div(place(tap), axis.stride); }
  int slot(Index tap) const {
    const Index wanted = place(tap) - shift(tap) * axis.stride;
    int s = 0;
    while (s < count && phase[s] != wanted) ++s;
    return s;
  }
  Index span() const { return high - low; }
};

// The sizes of the tiles of one problem.
struct TilePlan {
  AxisPhases h, w;
  Index channels = 0;                  // to a tile
  Index windows_h = 0, windows_w = 0;  // outputs to a tile
  Index rows = 0, cols = 0;            // of one phase plane
  bool fits = false;

  // Planes whose distance is a power of two would fall into the same few sets of the cache.
  Index plane() const { return rows * cols + (rows * cols % kAlike == 0 ? kApart : 0); }
  Index channel() const { return plane() * h.count * w.count; }

  static constexpr Index kAlike = 128, kApart = 16;

  // Tiles of at most `capacity` values, of at most `most_channels` channels and `most_rows` rows of windows.
  [[gnu::noinline]] TilePlan(const Axis& axis_h, const Axis& axis_w, Index capacity, Index most_channels,
                             Index most_rows)
      : h(axis_h), w(axis_w), channels(most_channels) {
    const Index planes = h.count * w.count;
    if (!h.fits || !w.fits || planes == 0) return;
    windows_w = axis_w.outputs;
    cols = windows_w + w.span();
    while (channels > 1 && channels * planes * (cols * (h.span() + std::min<Index>(4, most_rows)) + kApart) > capacity)
      channels = (channels + 1) / 2;
    windows_h = std::min(most_rows, (capacity / (channels * planes) - kApart) / cols - h.span());
    if (windows_h < 1) {  // one very wide row: cut it
      windows_h = 1;
      cols = (capacity / planes - kApart) / (h.span() + 1);
      windows_w = (cols - w.span()) / kMinCols * kMinCols;
      if (windows_w < kMinCols) return;
    }
    rows = windows_h + h.span();
    fits = true;
  }

  // Where the taps of `count` channels begin, from the tile's start.
  void offsets(Index count, std::int32_t* out) const {
    for (Index c = 0; c < count; ++c)
      for (Index r = 0; r < h.axis.taps; ++r)
        for (Index s = 0; s < w.axis.taps; ++s)
          *out++ = static_cast<std::int32_t>(c * channel() + (h.slot(r) * w.count + w.slot(s)) * plane() +
                                             (h.shift(r) - h.low) * cols + w.shift(s) - w.low);
  }

  // Copies what the windows [i0, i0 + count_i) × [j0, j0 + windows_w) of `count` channels see.
  template <class T>
  [[gnu::noinline]] void fill(T* tile, const T* in, Index count, Index i0, Index count_i, Index j0) const {
    for (Index c = 0; c < count; ++c, in += h.axis.inputs * w.axis.inputs) {
      for (int a = 0; a < h.count; ++a) {
        for (int b = 0; b < w.count; ++b, tile += plane()) {
          const Index place = (j0 + w.low) * w.axis.stride + w.phase[b], stride = w.axis.stride;
          // What lies within the input's rows.
          const Index begin = std::clamp<Index>(floor_div(stride - 1 - place, stride), 0, cols);
          const Index end = std::clamp<Index>(floor_div(w.axis.inputs - 1 - place, stride) + 1, begin, cols);
          for (Index y = 0; y < count_i + h.span(); ++y) {
            const Index row = (i0 + h.low + y) * h.axis.stride + h.phase[a];
            T* to = tile + y * cols;
            if (row < 0 || row >= h.axis.inputs)
              zero(to, to + cols);
            else
              fill_row(to, in + row * w.axis.inputs + place, begin, end);
          }
        }
      }
    }
  }

 private:
  static constexpr Index kMinCols = 16;

  // Zeros from `begin` to `end`, or a little beyond, where others are written later. Without a call, which engines make
  // of a loop that is nothing but a fill.
  template <class T>
  static void zero(T* begin, const T* end) {
    for (; begin < end; begin += simd::Simd<T>::lanes) {
      simd::Simd<T>::zero().store(begin);
      asm volatile("" : "+r"(begin));
    }
  }

  // cols values from `from` on, a stride apart, zero outside of [begin, end).
  template <class T>
  void fill_row(T* to, const T* from, Index begin, Index end) const {
    using V = simd::Simd<T>;
    const Index stride = w.axis.stride;
    zero(to, to + begin);
    if (stride == 1) {
      copy_bytes(to + begin, from + begin, (end - begin) * static_cast<Index>(sizeof(T)));
    } else {
      Index x = begin;
      if (stride == 2)
        for (; x + V::lanes < end; x += V::lanes)
          even_lanes(V::load(from + 2 * x), V::load(from + 2 * x + V::lanes)).store(to + x);
      for (; x < end; ++x) to[x] = from[x * stride];
    }
    zero(to + end, to + cols);
  }
};

}  // namespace fluxion::kernels::cpu
