#include "fluxion/kernels/conv_windows.h"

#include <algorithm>
#include <array>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/conv_micro.h"
#include "fluxion/kernels/conv_tile.h"
#include "fluxion/kernels/gemm_pack.h"

namespace fluxion::kernels::cpu {

namespace {

// Multiply-adds below which a task is not worth another thread, and the tasks made of few images.
constexpr Index kTaskWork = 200'000;
constexpr Index kFewTasks = 8;
// Terms of a sum to a block of channels.
constexpr Index kSum = 320;
// Windows of small planes to a task.
constexpr Index kWindows = 128;

// One step: some rows (m), one block of channels, some groups; run for all images.
template <class T>
struct Step {
  const Windows<T>* g;
  const TilePlan* plan;
  const T* weights;             // [group][row tile][depth][rows of the tile]
  const std::int32_t* offsets;  // [depth]
  Index group0, groups;
  Index row0, rows, tiles;
  Index channel0, channels, depth;
  bool first, last;
};

// The windows of one task: the same of some images.
struct Region {
  Index image, images, group;
  Index i0, count_i, j0, count_j;
};

// No memory for a tile, or windows too far apart for one.
template <class T>
void plain_region(const Step<T>& step, const Region& region, Index image) {
  const Windows<T>& g = *step.g;
  const Index group = region.group;
  const T* in = g.in + ((image * g.groups + group) * g.channels + step.channel0) * g.h.inputs * g.w.inputs;
  const T* weight = g.weight + group * g.weight_group + step.channel0 * g.weight_c;
  for (Index m = step.row0; m < step.row0 + step.rows; ++m) {
    for (Index i = region.i0; i < region.i0 + region.count_i; ++i) {
      for (Index j = region.j0; j < region.j0 + region.count_j; ++j) {
        T sum = 0;
        for (Index c = 0; c < step.channels; ++c) {
          for (Index r = 0; r < g.h.taps; ++r) {
            const Index y = i * g.h.stride + g.h.first + r * g.h.step;
            if (y < 0 || y >= g.h.inputs) continue;
            for (Index s = 0; s < g.w.taps; ++s) {
              const Index x = j * g.w.stride + g.w.first + s * g.w.step;
              if (x < 0 || x >= g.w.inputs) continue;
              sum += weight[m * g.weight_m + c * g.weight_c + r * g.weight_r + s * g.weight_s] *
                     in[(c * g.h.inputs + y) * g.w.inputs + x];
            }
          }
        }
        T& to = g.out[image * g.out_image + group * g.out_group + m * g.out_m + i * g.out_i + j * g.out_j];
        if (!step.first) sum = to + sum;
        if (step.last && g.bias != nullptr) sum += g.bias[group * g.rows + m];
        to = sum;
      }
    }
  }
}

// One channel that sees one channel, as in depthwise convolutions: vectors along the tile, whose rows follow each
// other, through all taps. What lies between the rows' ends is made for nothing.
void single_channel(const Step<float>& step, const Region& region, const float* tile) {
  using V = simd::F32x4;
  constexpr int wide = 8;
  constexpr Index values = 1024;
  const Windows<float>& g = *step.g;
  const Index cols = step.plan->cols;
  const float* weights = step.weights + (region.group - step.group0) * step.depth;
  const V bias = g.bias == nullptr ? V::zero() : V::splat(g.bias[region.group]);
  const Index rows = std::max<Index>(1, values / cols);  // of windows that are made at a time
  float made[values + wide * V::lanes];
  for (Index n = 0; n < region.images; ++n) {
    for (Index i = 0; i < region.count_i; i += rows) {
      const Index stop = std::min(rows, region.count_i - i);
      for (Index j = 0; j < region.count_j; j += values) {
        const Index count_j = std::min(values, region.count_j - j), count = (stop - 1) * cols + count_j;
        const float* from = tile + n * step.plan->channel() + i * cols + j;
        for (Index at = 0; at < count; at += wide * V::lanes) {
          std::array<V, wide> sums;
          sums.fill(V::zero());
          for (Index k = 0; k < step.depth; ++k) {
            const V weight = V::splat(weights[k]);
            const float* x = from + at + step.offsets[k];
            unroll<wide>([&](auto v) __attribute__((always_inline)) {
              sums[v] = simd::madd(weight, V::load(x + v * V::lanes), sums[v]);
            });
          }
          unroll<wide>([&](auto v)
                           __attribute__((always_inline)) { (sums[v] + bias).store(made + at + v * V::lanes); });
        }
        float* to = g.out + (region.image + n) * g.out_image + region.group * g.out_group + (region.i0 + i) * g.out_i +
                    (region.j0 + j) * g.out_j;
        for (Index r = 0; r < stop; ++r, to += g.out_i) {
          if (g.out_j == 1)
            copy_bytes(to, made + r * cols, count_j * static_cast<Index>(sizeof(float)));
          else
            for (Index k = 0; k < count_j; ++k) to[k * g.out_j] = made[r * cols + k];
        }
      }
    }
  }
}

template <class T>
void tiled_region(const Step<T>& step, const Region& region, T* tile) {
  constexpr int lanes = simd::Simd<T>::lanes;
  const Windows<T>& g = *step.g;
  const TilePlan& plan = *step.plan;
  const Index in_plane = g.h.inputs * g.w.inputs, image_tile = step.channels * plan.channel();
  const T* in = g.in + ((region.image * g.groups + region.group) * g.channels + step.channel0) * in_plane;
  for (Index n = 0; n < region.images; ++n)
    plan.fill(tile + n * image_tile, in + n * g.groups * g.channels * in_plane, step.channels, region.i0,
              region.count_i, region.j0);
  if constexpr (std::is_same_v<T, float>)
    if (g.rows == 1 && g.channels == 1) return single_channel(step, region, tile);

  T* out = g.out + region.image * g.out_image + region.group * g.out_group + region.i0 * g.out_i + region.j0 * g.out_j;
  const T* bias = step.last && g.bias != nullptr ? g.bias + region.group * g.rows : nullptr;
  const T* weights = step.weights + (region.group - step.group0) * step.rows * step.depth;
  const TableTiles<T> tiles{step.depth, step.offsets, g.out_m, g.out_j, !step.first};
  // The last vector of a row is a whole one, and makes some results again, where that does no harm.
  const bool again = step.first && region.count_j >= lanes;
  Place places[kPlaces];
  int count = 0;
  const auto run = [&] {
    for (Index t = 0; t < step.tiles; ++t) {
      const Index row = t * step.rows / step.tiles, end = (t + 1) * step.rows / step.tiles;
      const Index m = step.row0 + row;
      kTableTiles<T>[static_cast<std::size_t>(end - row)](tiles, places, count, weights + row * step.depth, tile,
                                                          out + m * g.out_m, bias == nullptr ? nullptr : bias + m);
    }
    count = 0;
  };
  for (Index n = 0; n < region.images; ++n) {
    for (Index i = 0; i < region.count_i; ++i) {
      for (Index at = 0; at < region.count_j; at += lanes) {
        const Index j = again && at + lanes > region.count_j ? region.count_j - lanes : at;
        places[count++] = {static_cast<std::int32_t>(n * image_tile + i * plan.cols + j),
                           static_cast<std::int32_t>(n * g.out_image + i * g.out_i + j * g.out_j),
                           static_cast<int>(std::min<Index>(lanes, region.count_j - j))};
        if (count == kPlaces) run();
      }
    }
  }
  if (count > 0) run();
}

template <class T>
void run_step(const Step<T>& step, Index images, Index windows_h, Index windows_w) {
  const Windows<T>& g = *step.g;
  const Index blocks_h = ceil_div(g.h.outputs, windows_h), blocks_w = ceil_div(g.w.outputs, windows_w);
  const Index work = step.rows * step.depth * images * windows_h * windows_w + 1;
  parallel_for(ceil_div(g.images, images) * step.groups * blocks_h * blocks_w, std::max<Index>(1, kTaskWork / work),
               [&](Index task, Index end) {
                 for (; task < end; ++task) {
                   Index rest = task;
                   Region region;
                   region.j0 = rest % blocks_w * windows_w;
                   rest /= blocks_w;
                   region.i0 = rest % blocks_h * windows_h;
                   rest /= blocks_h;
                   region.group = step.group0 + rest % step.groups;
                   region.image = rest / step.groups * images;
                   region.images = std::min(images, g.images - region.image);
                   region.count_i = std::min(windows_h, g.h.outputs - region.i0);
                   region.count_j = std::min(windows_w, g.w.outputs - region.j0);
                   ConvScratch<T>* memory = step.weights == nullptr ? nullptr : ConvScratch<T>::of_thread();
                   if (memory != nullptr)
                     tiled_region(step, region, memory->tile);
                   else
                     for (Index n = 0; n < region.images; ++n) plain_region(step, region, region.image + n);
                   if (!step.last || g.epilogue == Epilogue::None) continue;
                   for (Index n = 0; n < region.images; ++n) {
                     T* out = g.out + (region.image + n) * g.out_image + region.group * g.out_group +
                              step.row0 * g.out_m + region.i0 * g.out_i + region.j0;
                     if (region.count_j == g.w.outputs)
                       apply_epilogue(g.epilogue, out, step.rows, region.count_i * region.count_j, g.out_m);
                     else
                       for (Index i = 0; i < region.count_i; ++i)
                         apply_epilogue(g.epilogue, out + i * g.out_i, step.rows, region.count_j, g.out_m);
                   }
                 }
               });
}

template <class T>
void pack_weights(const Step<T>& step, T* to) {
  const Windows<T>& g = *step.g;
  const Index taps = g.h.taps * g.w.taps;
  const bool contiguous = g.weight_s == 1 && g.weight_r == g.w.taps && g.weight_c == taps;
  for (Index group = 0; group < step.groups; ++group) {
    for (Index t = 0; t < step.tiles; ++t) {
      const Index row = t * step.rows / step.tiles;
      const int count = static_cast<int>((t + 1) * step.rows / step.tiles - row);
      const T* from = g.weight + (step.group0 + group) * g.weight_group + (step.row0 + row) * g.weight_m +
                      step.channel0 * g.weight_c;
      T* panel = to + (group * step.rows + row) * step.depth;
      if (contiguous) {
        pack_rows(from, g.weight_m, 1, count, step.depth, panel);
        continue;
      }
      for (Index c = 0; c < step.channels; ++c)
        for (Index r = 0; r < g.h.taps; ++r)
          for (Index s = 0; s < g.w.taps; ++s)
            for (int i = 0; i < count; ++i)
              *panel++ = from[i * g.weight_m + c * g.weight_c + r * g.weight_r + s * g.weight_s];
    }
  }
}

}  // namespace

template <class T>
void convolve(const Windows<T>& g) {
  const Index taps = g.h.taps * g.w.taps;
  if (g.images == 0 || g.groups == 0 || g.rows == 0 || g.h.outputs == 0 || g.w.outputs == 0) return;
  if constexpr (std::is_same_v<T, float>)
    if (convolve_winograd(g)) return;

  // Few images are cut into bands of rows, so that there is work for several threads.
  const Index total = g.images * g.groups * g.rows * g.channels * taps * g.h.outputs * g.w.outputs;
  const Index bands = std::clamp<Index>(std::min(kFewTasks, total / kTaskWork) / (g.images * g.groups), 1, g.h.outputs);
  const Index band = ceil_div(g.h.outputs, bands);
  const Index most_channels = std::clamp<Index>(kSum / std::max<Index>(taps, 1), 1, std::max<Index>(g.channels, 1));
  const TilePlan plan(g.h, g.w, ConvScratch<T>::kTile, most_channels, band);

  Step<T> step{};
  step.g = &g;
  step.plan = &plan;
  ConvScratch<T>* memory = ConvScratch<T>::of_thread();
  const bool tiled = memory != nullptr && plan.fits && plan.channels * taps <= kConvMostDepth;
  const Index windows_h = tiled ? plan.windows_h : 1, windows_w = tiled ? plan.windows_w : g.w.outputs;
  // Small planes are taken several at a time, so that a panel of weights is read for more than a few windows.
  const Index images = tiled && windows_h == g.h.outputs && windows_w == g.w.outputs
                           ? std::clamp<Index>(std::min(kWindows / (windows_h * windows_w),
                                                        ConvScratch<T>::kTile / 4 / (plan.channels * plan.channel())),
                                               1, g.images)
                           : 1;

  // Channels are shared out evenly over the blocks; so are the rows.
  const Index channel_blocks = std::max<Index>(1, ceil_div(g.channels, plan.channels));
  const Index block_channels = ceil_div(g.channels, channel_blocks);
  const Index most_depth = std::max<Index>(1, block_channels * taps);
  const Index most_rows = tiled ? ConvScratch<T>::kWeights / most_depth : g.rows;
  const Index row_blocks = ceil_div(g.rows, most_rows);
  const Index block_rows = ceil_div(g.rows, row_blocks);
  const Index groups = row_blocks > 1 ? 1 : std::min(g.groups, most_rows / g.rows);

  for (step.group0 = 0; step.group0 < g.groups; step.group0 += groups) {
    step.groups = std::min(groups, g.groups - step.group0);
    for (step.row0 = 0; step.row0 < g.rows; step.row0 += block_rows) {
      step.rows = std::min(block_rows, g.rows - step.row0);
      step.tiles = ceil_div(step.rows, kTileRows<T>);
      step.channel0 = 0;
      do {
        step.channels = std::min(block_channels, g.channels - step.channel0);
        step.depth = step.channels * taps;
        step.first = step.channel0 == 0;
        step.last = step.channel0 + step.channels == g.channels;
        if (tiled) {
          pack_weights(step, memory->weights);
          plan.offsets(step.channels, memory->offsets);
          step.weights = memory->weights;
          step.offsets = memory->offsets;
        }
        run_step(step, images, windows_h, windows_w);
        step.channel0 += step.channels;
      } while (step.channel0 < g.channels);
    }
  }
}

template void convolve(const Windows<float>&);
template void convolve(const Windows<double>&);

}  // namespace fluxion::kernels::cpu
