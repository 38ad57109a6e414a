// Pooling over windows of NCHW planes, with PyTorch's rules for padding, ties and NaN.

#include <algorithm>
#include <cstdint>
#include <limits>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/simd.h"

namespace fluxion::kernels::cpu {

namespace {

// Window steps below which planes are not shared among threads.
constexpr Index kTaskWork = 60'000;

struct Geometry {
  Index planes, h, w, out_h, out_w;

  Geometry(const View& x, const View& out)
      : planes(x.shape[0] * x.shape[1]), h(x.shape[2]), w(x.shape[3]), out_h(out.shape[2]), out_w(out.shape[3]) {}
};

template <class F>
void each_plane(const Geometry& g, Index window, F&& f) {
  const Index work = g.out_h * g.out_w * window + g.h * g.w + 1;
  parallel_for(g.planes, std::max<Index>(1, kTaskWork / work), [&](Index plane, Index end) {
    for (; plane < end; ++plane) f(plane);
  });
}

// The window of output o along one axis, cut to the input.
struct Range {
  Index begin, end, step;
};

Range window_range(Index o, Index size, Index kernel, Index stride, Index pad, Index dilation) {
  Index begin = o * stride - pad;
  const Index end = std::min(size, begin + (kernel - 1) * dilation + 1);
  if (begin < 0) begin += (-begin + dilation - 1) / dilation * dilation;
  return {begin, end, dilation};
}

// ---- maximum --------------------------------------------------------------------------------------------

// A later value takes over when it is larger, or NaN.
template <class T>
void max_window(const T* x, Index w, const Range& rows, const Range& cols, T& value, std::int32_t& index) {
  T best = -std::numeric_limits<T>::infinity();
  Index at = rows.begin < rows.end && cols.begin < cols.end ? rows.begin * w + cols.begin : -1;
  for (Index i = rows.begin; i < rows.end; i += rows.step) {
    for (Index j = cols.begin; j < cols.end; j += cols.step) {
      const T v = x[i * w + j];
      if (v > best || v != v) {
        best = v;
        at = i * w + j;
      }
    }
  }
  value = best;
  index = static_cast<std::int32_t>(at);
}

// One row of 2×2 windows side by side, four and more: the last vector may make some results again.
void max_row_2x2(const float* x, Index w, Index row, Index out_w, float* out, std::int32_t* index) {
  using simd::F32x4, simd::I32x4;
  const float* top = x + row * w;
  const float* bottom = top + w;
  const I32x4 from = I32x4::splat(static_cast<std::int32_t>(row * w)) + I32x4{{0, 2, 4, 6}};
  for (Index done = 0; done < out_w; done += 4) {
    const Index q = std::min(done, out_w - 4);
    const I32x4 at = from + I32x4::splat(static_cast<std::int32_t>(2 * q));
    const F32x4 a = F32x4::load(top + 2 * q), b = F32x4::load(top + 2 * q + 4);
    const F32x4 c = F32x4::load(bottom + 2 * q), d = F32x4::load(bottom + 2 * q + 4);
    F32x4 best = even_lanes(a, b);
    I32x4 best_at = at;
    const auto offer = [&](F32x4 v, I32x4 v_at) {
      const I32x4 wins = (v > best) | (v != v);
      best = select(wins, v, best);
      best_at = select(wins, v_at, best_at);
    };
    const I32x4 one = I32x4::splat(1), below = at + I32x4::splat(static_cast<std::int32_t>(w));
    offer(odd_lanes(a, b), at + one);
    offer(even_lanes(c, d), below);
    offer(odd_lanes(c, d), below + one);
    best.store(out + q);
    best_at.store(index + q);
  }
}

bool is_2x2(const PoolParams& p) {
  return p.kernel_h == 2 && p.kernel_w == 2 && p.stride_h == 2 && p.stride_w == 2 && p.pad_h == 0 && p.pad_w == 0 &&
         p.dilation_h == 1 && p.dilation_w == 1;
}

template <class T>
void max_pool(const View* views, const PoolParams& p) {
  const View &out = views[0], &indices = views[1], &x = views[2];
  const Geometry g(x, out);
  // Whole windows of the fast form lie inside the plane.
  const bool fast = is_2x2(p) && 2 * g.out_h <= g.h && 2 * g.out_w <= g.w && g.out_w >= 4;
  each_plane(g, p.kernel_h * p.kernel_w, [&](Index plane) {
    const T* in = x.as<T>() + plane * g.h * g.w;
    T* values = out.as<T>() + plane * g.out_h * g.out_w;
    std::int32_t* index = indices.as<std::int32_t>() + plane * g.out_h * g.out_w;
    for (Index i = 0; i < g.out_h; ++i, values += g.out_w, index += g.out_w) {
      if constexpr (std::is_same_v<T, float>) {
        if (fast) {
          max_row_2x2(in, g.w, 2 * i, g.out_w, values, index);
          continue;
        }
      }
      const Range rows = window_range(i, g.h, p.kernel_h, p.stride_h, p.pad_h, p.dilation_h);
      for (Index j = 0; j < g.out_w; ++j)
        max_window(in, g.w, rows, window_range(j, g.w, p.kernel_w, p.stride_w, p.pad_w, p.dilation_w), values[j],
                   index[j]);
    }
  });
}

template <class T>
void max_pool_grad(const View* views) {
  const View &dx = views[0], &dy = views[1], &indices = views[2];
  const Geometry g(dx, dy);
  const Index in_size = g.h * g.w, out_size = g.out_h * g.out_w;
  each_plane(g, 1, [&](Index plane) {
    T* to = dx.as<T>() + plane * in_size;
    const T* from = dy.as<T>() + plane * out_size;
    const std::int32_t* index = indices.as<std::int32_t>() + plane * out_size;
    std::fill(to, to + in_size, T(0));
    for (Index i = 0; i < out_size; ++i)
      if (index[i] >= 0) to[index[i]] += from[i];
  });
}

// ---- mean -----------------------------------------------------------------------------------------------

// The divisor counts what of the window lies in the padded plane, or in the plane itself.
template <class T>
T divisor(Index i, Index j, const Geometry& g, const PoolParams& p, const Range& rows, const Range& cols) {
  if (!p.count_include_pad) return static_cast<T>((rows.end - rows.begin) * (cols.end - cols.begin));
  const Index top = i * p.stride_h - p.pad_h, left = j * p.stride_w - p.pad_w;
  return static_cast<T>((std::min<Index>(top + p.kernel_h, g.h + p.pad_h) - top) *
                        (std::min<Index>(left + p.kernel_w, g.w + p.pad_w) - left));
}

template <class T, class F>
void each_mean_window(const Geometry& g, const PoolParams& p, F&& f) {
  for (Index i = 0; i < g.out_h; ++i) {
    const Range rows = window_range(i, g.h, p.kernel_h, p.stride_h, p.pad_h, 1);
    for (Index j = 0; j < g.out_w; ++j) {
      const Range cols = window_range(j, g.w, p.kernel_w, p.stride_w, p.pad_w, 1);
      f(i * g.out_w + j, rows, cols, divisor<T>(i, j, g, p, rows, cols));
    }
  }
}

template <class T>
void avg_pool(const View* views, const PoolParams& p) {
  const View &out = views[0], &x = views[1];
  const Geometry g(x, out);
  each_plane(g, p.kernel_h * p.kernel_w, [&](Index plane) {
    const T* in = x.as<T>() + plane * g.h * g.w;
    T* values = out.as<T>() + plane * g.out_h * g.out_w;
    each_mean_window<T>(g, p, [&](Index at, const Range& rows, const Range& cols, T count) {
      T sum = 0;
      for (Index i = rows.begin; i < rows.end; ++i)
        for (Index j = cols.begin; j < cols.end; ++j) sum += in[i * g.w + j];
      values[at] = rows.begin < rows.end && cols.begin < cols.end ? sum / count : T(0);
    });
  });
}

template <class T>
void avg_pool_grad(const View* views, const PoolParams& p) {
  const View &dx = views[0], &dy = views[1];
  const Geometry g(dx, dy);
  each_plane(g, p.kernel_h * p.kernel_w, [&](Index plane) {
    T* to = dx.as<T>() + plane * g.h * g.w;
    const T* from = dy.as<T>() + plane * g.out_h * g.out_w;
    std::fill(to, to + g.h * g.w, T(0));
    each_mean_window<T>(g, p, [&](Index at, const Range& rows, const Range& cols, T count) {
      const T share = from[at] / count;
      for (Index i = rows.begin; i < rows.end; ++i)
        for (Index j = cols.begin; j < cols.end; ++j) to[i * g.w + j] += share;
    });
  });
}

}  // namespace

void max_pool2d(const View* views, const void* params) {
  dispatch_floating(views[0].dtype, [&]<class T>() { max_pool<T>(views, *static_cast<const PoolParams*>(params)); });
}

void max_pool2d_grad(const View* views, const void*) {
  dispatch_floating(views[0].dtype, [&]<class T>() { max_pool_grad<T>(views); });
}

void avg_pool2d(const View* views, const void* params) {
  dispatch_floating(views[0].dtype, [&]<class T>() { avg_pool<T>(views, *static_cast<const PoolParams*>(params)); });
}

void avg_pool2d_grad(const View* views, const void* params) {
  dispatch_floating(views[0].dtype,
                    [&]<class T>() { avg_pool_grad<T>(views, *static_cast<const PoolParams*>(params)); });
}

}  // namespace fluxion::kernels::cpu
