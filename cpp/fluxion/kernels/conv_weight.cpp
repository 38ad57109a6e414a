// The weight gradient of a convolution. With channels enough to fill vectors it is a product: rows of dy times
// inputs whose channels lie side by side, summed over windows; every tap reads the same inputs, a little further.
// With few channels it is made of dot products of output gradients with shifted inputs.

#include <algorithm>
#include <array>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/conv_micro.h"
#include "fluxion/kernels/conv_tile.h"
#include "fluxion/kernels/gemm_pack.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr Index kTaskWork = 200'000;
constexpr Index kFewTasks = 8;

// A register tile of sums along the windows: two rows of dy by six taps. For float32, the type of training: in
// float64 the tiles' code would weigh more than they win.
constexpr int kDotRows = 2;
constexpr int kDotTaps = 6;
constexpr int kFewTaps = 3;  // so many or fewer go through one tile, whose last taps are then the same
// Channels and rows from which the product is faster, and windows up to which it is for a single tap, whose inputs
// would be packed for one use.
constexpr Index kManyChannels = 8;
constexpr Index kManyRows = 4;
constexpr Index kSingleTapWindows = 512;

// Windows to a sum of the product, rows to a block, and values of the input to a panel of channels.
constexpr Index kWindows = 400;
constexpr Index kRows = 96;
constexpr Index kPanel = 8192;
constexpr Index kMostWindows = kConvMostDepth / 2, kMostTaps = kConvMostDepth / 2;

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
void dot_tile(const Job<T>& job, const Band& band, const T* dy, const T* tile, const std::int32_t* offsets, T* dw,
              int count) {
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
    unroll<NK>([&](auto k) __attribute__((always_inline)) {
      x[k] = tile + i * job.plan->cols + offsets[NK == kFewTaps ? std::min<int>(k, count - 1) : k];
    });
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
      if (NK == kFewTaps && k >= count) return;
      T& to = dw[r * depth + k];
      const T s = simd::sum(sums[r][k]);
      to = band.add ? to + s : s;
    });
  });
}

template <class T>
using DotTile = void (*)(const Job<T>&, const Band&, const T*, const T*, const std::int32_t*, T*, int);

template <class T, int MR>
constexpr std::array<DotTile<T>, kDotTaps + 1> kDotTiles = {nullptr,
                                                            dot_tile<T, MR, kFewTaps>,
                                                            dot_tile<T, MR, kFewTaps>,
                                                            dot_tile<T, MR, kFewTaps>,
                                                            dot_tile<T, MR, 4>,
                                                            dot_tile<T, MR, 5>,
                                                            dot_tile<T, MR, 6>};

template <class T>
void run_band(const Job<T>& job, const Band& band, const T* dy, const T* tile, const std::int32_t* offsets, T* dw) {
  const WindowsGrad<T>& g = *job.g;
  const Index taps = g.h.taps * g.w.taps, depth = job.channels * taps;
  const Index tiles = ceil_div(depth, kDotTaps), plane = g.h.outputs * g.w.outputs;
  for (Index m = 0; m < job.rows; m += kDotRows) {
    const bool pair = m + kDotRows <= job.rows;
    for (Index t = 0; t < tiles; ++t) {
      const Index k = t * depth / tiles;
      const int count = static_cast<int>((t + 1) * depth / tiles - k);
      const auto at = static_cast<std::size_t>(count);
      const auto& run = pair ? kDotTiles<T, kDotRows>[at] : kDotTiles<T, 1>[at];
      run(job, band, dy + m * plane, tile, offsets + k, dw + m * g.channels * taps + k, count);
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
void dots_job(const Job<T>& job, ConvScratch<T>& memory) {
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

// Inputs as [position of the tile][channel], dy as the product's panels, sums as [panel][row][tap][channel].
template <class T>
void packed_job(const Job<T>& job, ConvScratch<T>& memory) {
  constexpr int width = kTileCols<T>, lanes = simd::Simd<T>::lanes;
  const WindowsGrad<T>& g = *job.g;
  const TilePlan& plan = *job.plan;
  const Index taps = g.h.taps * g.w.taps, plane = g.h.outputs * g.w.outputs, in_plane = g.h.inputs * g.w.inputs;
  const Index panels = ceil_div(job.channels, plan.channels), tiles = ceil_div(job.rows, kTileRows<T>);
  const bool whole = plan.windows_h == g.h.outputs && plan.windows_w == g.w.outputs;
  const Index images =
      whole ? std::clamp<Index>(std::min(kWindows / plane, kPanel / (plan.channel() * width)), 1, g.images) : 1;
  T *const planes = memory.tile, *const inputs = planes + kPanel, *const dy = inputs + kPanel;
  T* const sums = memory.weights;
  std::int32_t* const tap_offsets = memory.offsets + kMostWindows;
  plan.offsets(1, tap_offsets);

  const auto add = [&](Index image, Index count, Index i0, Index j0, bool first) {
    const Index count_i = std::min(plan.windows_h, g.h.outputs - i0);
    const Index count_j = std::min(plan.windows_w, g.w.outputs - j0);
    const Index windows = count * count_i * count_j;
    std::int32_t* offset = memory.offsets;
    for (Index n = 0; n < count; ++n)
      for (Index i = 0; i < count_i; ++i)
        for (Index j = 0; j < count_j; ++j)
          *offset++ = static_cast<std::int32_t>((n * plan.channel() + i * plan.cols + j) * width);
    const bool rows_follow = count_j == g.w.outputs;
    const Index runs = rows_follow ? 1 : count_i, run = rows_follow ? count_i * count_j : count_j;
    for (Index t = 0; t < tiles; ++t) {
      const Index row = t * job.rows / tiles;
      const int rows = static_cast<int>((t + 1) * job.rows / tiles - row);
      T* to = dy + row * windows;
      for (Index n = 0; n < count; ++n) {
        const T* from =
            g.dy + (((image + n) * g.groups + job.group) * g.rows + job.row0 + row) * plane + i0 * g.w.outputs + j0;
        for (Index i = 0; i < runs; ++i, to += run * rows) pack_rows(from + i * g.w.outputs, plane, 1, rows, run, to);
      }
    }
    const TableTiles<T> how{windows, memory.offsets, taps * width, 1, !first};
    for (Index p = 0; p < panels; ++p) {
      const Index channel = p * plan.channels, channels = std::min(plan.channels, job.channels - channel);
      for (Index n = 0; n < count; ++n) {
        plan.fill(planes,
                  g.in + (((image + n) * g.groups + job.group) * g.channels + job.channel0 + channel) * in_plane,
                  channels, i0, count_i, j0);
        detail::interleave_rows(planes, plan.channel(), plan.channel(), static_cast<int>(channels),
                                inputs + n * plan.channel() * width, width);
      }
      Place places[kPlaces];
      for (Index tap = 0; tap < taps;) {
        const Index from = tap;
        int places_count = 0;
        for (; tap < taps && places_count < kPlaces; ++tap)
          for (int lane = 0; lane < width; lane += lanes)
            places[places_count++] = {tap_offsets[tap] * width + lane,
                                      static_cast<std::int32_t>((tap - from) * width + lane), lanes};
        for (Index t = 0; t < tiles; ++t) {
          const Index row = t * job.rows / tiles, end = (t + 1) * job.rows / tiles;
          kTableTiles<T>[static_cast<std::size_t>(end - row)](how, places, places_count, dy + row * windows, inputs,
                                                              sums + ((p * job.rows + row) * taps + from) * width,
                                                              nullptr);
        }
      }
    }
  };
  for (Index image = 0; image < g.images; image += images)
    for (Index i0 = 0; i0 < g.h.outputs; i0 += plan.windows_h)
      for (Index j0 = 0; j0 < g.w.outputs; j0 += plan.windows_w)
        add(image, std::min(images, g.images - image), i0, j0, (image | i0 | j0) == 0);

  for (Index m = 0; m < job.rows; ++m) {
    for (Index p = 0; p < panels; ++p) {
      const Index channel = p * plan.channels;
      detail::interleave_rows(
          sums + (p * job.rows + m) * taps * width, width, std::min(plan.channels, job.channels - channel),
          static_cast<int>(taps),
          g.dw + (((job.group * g.rows + job.row0 + m) * g.channels) + job.channel0 + channel) * taps, taps);
    }
  }
}

// Runs jobs of at most so many channels and rows.
template <class T, class F>
void each_job(const WindowsGrad<T>& g, const TilePlan& plan, Index channels, Index rows, Index grain, F&& run) {
  const Index channel_blocks = ceil_div(g.channels, channels), row_blocks = ceil_div(g.rows, rows);
  parallel_for(g.groups * channel_blocks * row_blocks, grain, [&](Index task, Index end) {
    for (; task < end; ++task) {
      Job<T> job{&g, &plan, task / (channel_blocks * row_blocks), 0, 0, 0, 0};
      job.channel0 = task / row_blocks % channel_blocks * channels;
      job.channels = std::min(channels, g.channels - job.channel0);
      job.row0 = task % row_blocks * rows;
      job.rows = std::min(rows, g.rows - job.row0);
      if (ConvScratch<T>* memory = ConvScratch<T>::of_thread())
        run(job, *memory);
      else
        plain_job(job);
    }
  });
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

  // Channels, then rows, are cut so that there is work for several threads: which changes no sum.
  const Index most = thread_count() == 1 ? 1 : 2 * thread_count();
  const Index wanted = ceil_div(std::clamp<Index>(g.groups * g.rows * depth * windows / kTaskWork, 1, most), g.groups);
  const Index grain = wanted == 1 ? ceil_div(g.groups, kFewTasks) : 1;
  if constexpr (sizeof(T) == sizeof(float)) {
    if (g.channels < kManyChannels || g.rows < kManyRows ||
        (taps == 1 && g.h.outputs * g.w.outputs > kSingleTapWindows)) {
      const TilePlan plan(
          g.h, g.w, ConvScratch<T>::kTile,
          std::min(ceil_div(g.channels, std::min(wanted, g.channels)), std::max<Index>(1, kConvMostDepth / taps)),
          g.h.outputs);
      if (plan.fits && taps <= kConvMostDepth) {
        const Index blocks = ceil_div(wanted, ceil_div(g.channels, plan.channels));
        const Index rows = ceil_div(ceil_div(g.rows, blocks), kDotRows) * kDotRows;
        return each_job(g, plan, plan.channels, rows, grain, dots_job<T>);
      }
    }
  }
  constexpr Index width = kTileCols<T>;
  const TilePlan plan(g.h, g.w, kPanel, std::min(width, g.channels),
                      std::clamp<Index>(kWindows / g.w.outputs, 1, g.h.outputs));
  // Rows, and then channels, to a job: as many as there is memory for, shared out evenly.
  const Index row_sums = taps * width;
  const bool fits = plan.fits && plan.windows_h * plan.windows_w <= kMostWindows && taps <= kMostTaps &&
                    plan.channel() * width <= kPanel;
  if (!fits) return each_job(g, plan, g.channels, g.rows, 1, [](const Job<T>& job, auto&) { plain_job(job); });
  const Index chunk = std::max(kWindows, plan.windows_h * plan.windows_w);
  const Index most_rows =
      std::min({kRows, (ConvScratch<T>::kTile - 2 * kPanel) / chunk, ConvScratch<T>::kWeights / row_sums});
  const Index panels = ceil_div(g.channels, plan.channels);
  Index row_blocks = ceil_div(g.rows, most_rows);
  const Index most_panels = ConvScratch<T>::kWeights / (row_sums * ceil_div(g.rows, row_blocks));
  const Index panel_blocks = std::min(panels, std::max(ceil_div(panels, most_panels), ceil_div(wanted, row_blocks)));
  row_blocks = std::clamp<Index>(ceil_div(wanted, panel_blocks), row_blocks,
                                 std::max(row_blocks, ceil_div(g.rows, kTileRows<T>)));
  each_job(g, plan, ceil_div(panels, panel_blocks) * plan.channels, ceil_div(g.rows, row_blocks), grain, packed_job<T>);
}

template void convolve_grad_weight(const WindowsGrad<float>&);
template void convolve_grad_weight(const WindowsGrad<double>&);

}  // namespace fluxion::kernels::cpu
