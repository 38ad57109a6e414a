// The weight gradient of a convolution: dot products of output gradients with shifted inputs.

#include <algorithm>
#include <array>
#include <type_traits>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/conv_tile.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr Index kTaskWork = 200'000;
constexpr Index kFewTasks = 8;

// A register tile of sums along the windows: two rows of dy by six taps.
// Two rows at a time for float32, the type of training; in float64 the tiles' code would weigh more than they win.
template <class T>
constexpr int kDotRows = std::is_same_v<T, float> ? 2 : 1;
constexpr int kDotTaps = 6;

// Some channels and some rows of one group, for all images.
template <class T>
struct Job {
  const WindowsGrad<T>* g;
  const TilePlan* plan;
  Index group, channel0, channels, row0, rows;
};

struct Band {
  Index i0, count_i, j0, count_j;
  bool add;  // to earlier bands and images
};

template <class T, int MR, int NK>
void dot_tile(const Job<T>& job, const Band& band, const T* dy, const T* tile, const std::int32_t* offsets, T* dw) {
  using V = simd::Simd<T>;
  const WindowsGrad<T>& g = *job.g;
  const Index plane = g.h.outputs * g.w.outputs, depth = g.channels * g.h.taps * g.w.taps;
  std::array<std::array<V, NK>, MR> sums;
  unroll<MR>([&](auto i) __attribute__((always_inline)) { sums[i].fill(V::zero()); });

  // What is left of a row is taken with lanes before it that were counted already, masked out of both
  // factors; rows shorter than a vector are read lane by lane.
  const int tail = static_cast<int>(band.count_j % V::lanes);
  const bool narrow = band.count_j < V::lanes;
  using Ints = typename V::Ints;
  Ints mask = Ints::zero();
  for (int lane = 0; lane < V::lanes; ++lane)
    if (lane >= V::lanes - tail) mask.raw[lane] = -1;
  const auto step = [&](auto load_y, auto load_x) __attribute__((always_inline)) {
    std::array<V, MR> a;
    unroll<MR>([&](auto r) __attribute__((always_inline)) { a[r] = load_y(r); });
    unroll<NK>([&](auto k) __attribute__((always_inline)) {
      const V b = load_x(k);
      unroll<MR>([&](auto r) __attribute__((always_inline)) { sums[r][k] = simd::madd(a[r], b, sums[r][k]); });
    });
  };
  const auto masked = [&](V v) __attribute__((always_inline)) { return as_floats(as_ints(v) & mask); };

  for (Index i = 0; i < band.count_i; ++i) {
    const T* y = dy + i * g.w.outputs;
    std::array<const T*, NK> x;
    unroll<NK>([&](auto k) __attribute__((always_inline)) { x[k] = tile + i * job.plan->cols + offsets[k]; });
    for (Index j = 0; j + V::lanes <= band.count_j; j += V::lanes)
      step([&](auto r) { return V::load(y + r * plane + j); }, [&](auto k) { return V::load(x[k] + j); });
    if (narrow) {
      step([&](auto r) { return V::load_partial(y + r * plane, tail); },
           [&](auto k) { return V::load_partial(x[k], tail); });
    } else if (tail != 0) {
      const Index j = band.count_j - V::lanes;
      step([&](auto r) { return masked(V::load(y + r * plane + j)); },
           [&](auto k) { return masked(V::load(x[k] + j)); });
    }
  }
  unroll<MR>([&](auto r) __attribute__((always_inline)) {
    unroll<NK>([&](auto k) __attribute__((always_inline)) {
      T& to = dw[r * depth + k];
      const T s = simd::sum(sums[r][k]);
      to = band.add ? to + s : s;
    });
  });
}

template <class T>
using DotTile = void (*)(const Job<T>&, const Band&, const T*, const T*, const std::int32_t*, T*);

template <class T, int MR>
constexpr std::array<DotTile<T>, kDotTaps + 1> kDotTiles = {nullptr,
                                                            dot_tile<T, MR, 1>,
                                                            dot_tile<T, MR, 2>,
                                                            dot_tile<T, MR, 3>,
                                                            dot_tile<T, MR, 4>,
                                                            dot_tile<T, MR, 5>,
                                                            dot_tile<T, MR, 6>};

template <class T>
void run_band(const Job<T>& job, const Band& band, const T* dy, const T* tile, const std::int32_t* offsets, T* dw) {
  const WindowsGrad<T>& g = *job.g;
  const Index taps = g.h.taps * g.w.taps, depth = job.channels * taps;
  const Index tiles = ceil_div(depth, kDotTaps), plane = g.h.outputs * g.w.outputs;
  for (Index m = 0; m < job.rows; m += kDotRows<T>) {
    const bool pair = m + kDotRows<T> <= job.rows;
    for (Index t = 0; t < tiles; ++t) {
      const Index k = t * depth / tiles;
      const auto count = static_cast<std::size_t>((t + 1) * depth / tiles - k);
      const auto& run = pair ? kDotTiles<T, kDotRows<T>>[count] : kDotTiles<T, 1>[count];
      run(job, band, dy + m * plane, tile, offsets + k, dw + m * g.channels * taps + k);
    }
  }
}

// No memory for a tile, or windows too far apart for one.
template <class T>
void plain_job(const Job<T>& job) {
  const WindowsGrad<T>& g = *job.g;
  for (Index m = job.row0; m < job.row0 + job.rows; ++m) {
    for (Index c = job.channel0; c < job.channel0 + job.channels; ++c) {
      for (Index r = 0; r < g.h.taps; ++r) {
        for (Index s = 0; s < g.w.taps; ++s) {
          T sum = 0;
          for (Index image = 0; image < g.images; ++image) {
            const T* dy = g.dy + ((image * g.groups + job.group) * g.rows + m) * g.h.outputs * g.w.outputs;
            const T* in = g.in + ((image * g.groups + job.group) * g.channels + c) * g.h.inputs * g.w.inputs;
            for (Index i = 0; i < g.h.outputs; ++i) {
              const Index y = i * g.h.stride + g.h.first + r * g.h.step;
              if (y < 0 || y >= g.h.inputs) continue;
              for (Index j = 0; j < g.w.outputs; ++j) {
                const Index x = j * g.w.stride + g.w.first + s * g.w.step;
                if (x >= 0 && x < g.w.inputs) sum += dy[i * g.w.outputs + j] * in[y * g.w.inputs + x];
              }
            }
          }
          g.dw[(((job.group * g.rows + m) * g.channels + c) * g.h.taps + r) * g.w.taps + s] = sum;
        }
      }
    }
  }
}

template <class T>
void tiled_job(const Job<T>& job, ConvScratch<T>& memory) {
  const WindowsGrad<T>& g = *job.g;
  const TilePlan& plan = *job.plan;
  plan.offsets(job.channels, memory.offsets);
  const Index taps = g.h.taps * g.w.taps;
  T* dw = g.dw + ((job.group * g.rows + job.row0) * g.channels + job.channel0) * taps;
  Band band{};
  for (Index image = 0; image < g.images; ++image) {
    const T* in = g.in + ((image * g.groups + job.group) * g.channels + job.channel0) * g.h.inputs * g.w.inputs;
    const T* dy = g.dy + ((image * g.groups + job.group) * g.rows + job.row0) * g.h.outputs * g.w.outputs;
    for (band.i0 = 0; band.i0 < g.h.outputs; band.i0 += plan.windows_h) {
      band.count_i = std::min(plan.windows_h, g.h.outputs - band.i0);
      for (band.j0 = 0; band.j0 < g.w.outputs; band.j0 += plan.windows_w) {
        band.count_j = std::min(plan.windows_w, g.w.outputs - band.j0);
        plan.fill(memory.tile, in, job.channels, band.i0, band.count_i, band.j0);
        run_band(job, band, dy + band.i0 * g.w.outputs + band.j0, memory.tile, memory.offsets, dw);
        band.add = true;
      }
    }
  }
}

}  // namespace

template <class T>
void convolve_grad_weight(const WindowsGrad<T>& g) {
  const Index taps = g.h.taps * g.w.taps, depth = g.channels * taps;
  const Index windows = g.images * g.h.outputs * g.w.outputs;
  if (windows == 0) {
    std::fill(g.dw, g.dw + g.groups * g.rows * depth, T(0));
    return;
  }
  if (g.groups * g.rows * depth == 0) return;

  // Channels, then rows, are cut so that there is work for several threads.
  const Index wanted =
      ceil_div(std::clamp<Index>(g.groups * g.rows * depth * windows / kTaskWork, 1, kFewTasks), g.groups);
  const Index most_channels =
      std::min(ceil_div(g.channels, std::min(wanted, g.channels)), std::max<Index>(1, kConvMostDepth / taps));
  const TilePlan plan(g.h, g.w, ConvScratch<T>::kTile, most_channels, g.h.outputs);
  const bool tiled = plan.fits && taps <= kConvMostDepth;
  const Index channels = tiled ? plan.channels : most_channels;
  const Index channel_blocks = ceil_div(g.channels, channels);
  const Index row_blocks = std::clamp<Index>(ceil_div(wanted, channel_blocks), 1, ceil_div(g.rows, 2 * kDotRows<T>));
  const Index rows = ceil_div(ceil_div(g.rows, row_blocks), kDotRows<T>) * kDotRows<T>;

  parallel_for(g.groups * channel_blocks * row_blocks, wanted == 1 ? ceil_div(g.groups, kFewTasks) : 1,
               [&](Index task, Index end) {
                 for (; task < end; ++task) {
                   Job<T> job{&g, &plan, task / (channel_blocks * row_blocks), 0, 0, 0, 0};
                   job.channel0 = task / row_blocks % channel_blocks * channels;
                   job.channels = std::min(channels, g.channels - job.channel0);
                   job.row0 = task % row_blocks * rows;
                   job.rows = std::min(rows, g.rows - job.row0);
                   if (job.rows <= 0) continue;
                   ConvScratch<T>* memory = tiled ? ConvScratch<T>::of_thread() : nullptr;
                   if (memory != nullptr)
                     tiled_job(job, *memory);
                   else
                     plain_job(job);
                 }
               });
}

template void convolve_grad_weight(const WindowsGrad<float>&);
template void convolve_grad_weight(const WindowsGrad<double>&);

}  // namespace fluxion::kernels::cpu
