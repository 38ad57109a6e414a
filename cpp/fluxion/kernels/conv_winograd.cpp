// Winograd's F(2×2, 3×3) (Lavin and Gray 2016): 2×2 results of a 3×3 window by 16 multiplications instead of 36. A
// patch d of 4×4 inputs and the weights g become 16 points each, BᵀdB and GgGᵀ; what is summed over channels are the
// products of points, which makes 16 matrix products; of the sums m the results are AᵀmA.

#include <algorithm>
#include <atomic>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/conv_tile.h"

namespace fluxion::kernels::cpu {

namespace {

using V = simd::F32x4;

constexpr int kPoints = 16;
// A register tile: 4 rows by 3 vectors of patches. Rows that are no multiple of 4 end with some made for nothing.
constexpr int kRows = 4, kVectors = 3, kPanel = kVectors * V::lanes;
// The scratch of a thread: points of the weights, which are the calling thread's for all; then each one's own.
constexpr Index kWeights = 65536, kPlane = 8192;
constexpr Index kApart = 16;  // points whose distance is a power of two would fall into the same few sets of the cache
constexpr Index kOwn = detail::kScratchBytes / 4 - kWeights - kPlane - kPoints * kApart;
constexpr Index kMostPatches = 96, kLeastPatches = 24;
// Below these the transforms cost more than they save.
constexpr Index kFewChannels = 12, kFewRows = 24;
constexpr Index kTaskWork = 200'000, kFewTasks = 8;

// A strip is a row of patches: two rows of results, four patches to a vector.
struct Plan {
  const Windows<float>* g;
  TilePlan tile;
  Index group = 0;
  Index row0 = 0, rows = 0;  // of the results' channels, at a time
  Index strips_h, vectors;   // to an image, to a strip
  Index patches = 0;         // of a task, for which there is memory
  Index strips = 0;          // of a task
  const float* weights = nullptr;

  explicit Plan(const Windows<float>& windows)
      : g(&windows),
        tile(windows.h, windows.w, kPlane / 2, 1, windows.h.outputs),
        strips_h(ceil_div(windows.h.outputs, 2)),
        vectors(ceil_div(windows.w.outputs, 8)) {}

  Index row_tiles() const { return ceil_div(rows, kRows); }
  Index total() const { return g->images * strips_h; }
  // Strips of one image that are filled in at a time.
  Index run() const { return tile.windows_h < g->h.outputs ? tile.windows_h / 2 : strips_h; }
};

bool suits(const Windows<float>& g) {
  const auto dense = [](const Axis& a) { return a.taps == 3 && a.stride == 1 && a.step * a.step == 1; };
  return dense(g.h) && dense(g.w) && g.out_j == 1 && g.out_i == g.w.outputs &&
         std::min(g.channels, g.rows) >= kFewChannels;
}

// GgGᵀ of every row and channel, as the products' panels: [point][row tile][channel][row].
void transform_weights(const Plan& plan, float* to) {
  const Windows<float>& g = *plan.g;
  const Index tiles = plan.row_tiles();
  const float* weight = g.weight + plan.group * g.weight_group + plan.row0 * g.weight_m;
  // Taps that step backwards are those of the turned window.
  const Index step_r = g.h.step * g.weight_r, step_s = g.w.step * g.weight_s;
  if (step_r < 0) weight -= 2 * step_r;
  if (step_s < 0) weight -= 2 * step_s;
  const auto points = [](const float* w, Index step, float* p, Index p_step) {
    const float ends = 0.5f * (w[0] + w[2 * step]), middle = 0.5f * w[step];
    p[0] = w[0];
    p[p_step] = ends + middle;
    p[2 * p_step] = ends - middle;
    p[3 * p_step] = w[2 * step];
  };
  const Index point = tiles * kRows * g.channels;
  for (Index t = 0; t < tiles; ++t) {
    for (Index c = 0; c < g.channels; ++c) {
      for (Index i = 0; i < kRows; ++i, ++to) {
        const float* w = weight + std::min(t * kRows + i, plan.rows - 1) * g.weight_m + c * g.weight_c;
        float columns[4 * 3];
        for (Index s = 0; s < 3; ++s) points(w + s * step_s, step_r, columns + s, 3);
        for (Index r = 0; r < 4; ++r) points(columns + 3 * r, 1, to + 4 * r * point, point);
      }
    }
  }
}

// BᵀdB of four patches side by side, a point to each `step`.
void transform_inputs(const float* d, Index row, float* to, Index step) {
  V p[4][4];
  unroll<4>([&](auto i) __attribute__((always_inline)) {
    const float* x = d + i * row;
    const V a = V::load(x), b = V::load(x + 4), c = V::load(x + 2), e = V::load(x + 6);
    const V x0 = even_lanes(a, b), x1 = odd_lanes(a, b), x2 = even_lanes(c, e), x3 = odd_lanes(c, e);
    p[i][0] = x0 - x2;
    p[i][1] = x1 + x2;
    p[i][2] = x2 - x1;
    p[i][3] = x1 - x3;
  });
  unroll<4>([&](auto j) __attribute__((always_inline)) {
    (p[0][j] - p[2][j]).store(to + j * step);
    (p[1][j] + p[2][j]).store(to + (4 + j) * step);
    (p[2][j] - p[1][j]).store(to + (8 + j) * step);
    (p[1][j] - p[3][j]).store(to + (12 + j) * step);
  });
}

// Σ a·b over channels: of 4 rows at one point, for all patches.
void products(Index channels, const float* a, const float* b, Index panels, float* sums, Index row) {
  for (; panels > 0; --panels, b += channels * kPanel, sums += kPanel) {
    const auto tile = multiply_tile<kRows, kVectors, float>(channels, InterleavedRows<float>{a, kRows},
                                                            StridedRows<float>{b, kPanel});
    unroll<kRows>([&](auto i) __attribute__((always_inline)) {
      unroll<kVectors>([&](auto j) __attribute__((always_inline)) { tile[i][j].store(sums + i * row + j * V::lanes); });
    });
  }
}

// AᵀmA of four patches: up to two rows of eight results.
void transform_sums(const float* m, Index step, V bias, float* to, Index row, Index rows, Index cols) {
  V sums[2][4];
  unroll<4>([&](auto j) __attribute__((always_inline)) {
    const V b = V::load(m + (4 + j) * step), c = V::load(m + (8 + j) * step);
    sums[0][j] = V::load(m + j * step) + b + c;
    sums[1][j] = b - c - V::load(m + (12 + j) * step);
  });
  for (Index r = 0;; ++r, to += row) {
    const V even = sums[0][0] + sums[0][1] + sums[0][2] + bias, odd = sums[0][1] - sums[0][2] - sums[0][3] + bias;
    const V low = zip_low(even, odd), high = zip_high(even, odd);
    if (cols >= 8) {
      low.store(to);
      high.store(to + 4);
    } else {
      float results[8];
      low.store(results);
      high.store(results + 4);
      copy_bytes(to, results, cols * static_cast<Index>(sizeof(float)));
    }
    if (r + 1 == rows) return;
    unroll<4>([&](auto j) __attribute__((always_inline)) { sums[0][j] = sums[1][j]; });
  }
}

void run_task(const Plan& plan, Index first_strip, float* memory) {
  const Windows<float>& g = *plan.g;
  const Index count = std::min(plan.strips, plan.total() - first_strip), in_plane = g.h.inputs * g.w.inputs;
  float *const plane = memory + kWeights, *const sums = plane + kPlane;
  float* const inputs = sums + kPoints * kRows * plan.patches;
  const Index point = g.channels * plan.patches + kApart, panels = ceil_div(count * plan.vectors, kVectors);
  // Calls f(strip of the task, image, strip of the image, strips) for strips of one image.
  const auto each_run = [&](auto f) {
    for (Index s = 0; s < count;) {
      const Index image = (first_strip + s) / plan.strips_h, at = (first_strip + s) % plan.strips_h;
      const Index run = std::min({count - s, plan.strips_h - at, plan.run()});
      f(s, image, at, run);
      s += run;
    }
  };

  // Inputs as the products' panels: [point][panel][channel][patch].
  std::int32_t places[kMostPatches / V::lanes];
  for (Index v = 0; v < count * plan.vectors; ++v)
    places[v] = static_cast<std::int32_t>(v / kVectors * g.channels * kPanel + v % kVectors * V::lanes);
  each_run([&](Index s, Index image, Index at, Index run) {
    const float* in = g.in + (image * g.groups + plan.group) * g.channels * in_plane;
    for (Index c = 0; c < g.channels; ++c) {
      plan.tile.fill(plane, in + c * in_plane, 1, 2 * at, std::min(2 * run, g.h.outputs - 2 * at), 0);
      const std::int32_t* place = places + s * plan.vectors;
      for (Index k = 0; k < run; ++k)
        for (Index q = 0; q < plan.vectors; ++q)
          transform_inputs(plane + 2 * k * plan.tile.cols + 8 * q, plan.tile.cols, inputs + *place++ + c * kPanel,
                           point);
    }
  });

  const Index tiles = plan.row_tiles();
  for (Index t = 0; t < tiles; ++t) {
    for (Index p = 0; p < kPoints; ++p)
      products(g.channels, plan.weights + (p * tiles + t) * kRows * g.channels, inputs + p * point, panels,
               sums + p * kRows * plan.patches, plan.patches);
    each_run([&](Index s, Index image, Index at, Index run) {
      for (Index i = 0; i < std::min<Index>(kRows, plan.rows - t * kRows); ++i) {
        const Index m = plan.row0 + t * kRows + i;
        const V bias = g.bias == nullptr ? V::zero() : V::splat(g.bias[plan.group * g.rows + m]);
        const float* from = sums + i * plan.patches + s * plan.vectors * V::lanes;
        float* to = g.out + image * g.out_image + plan.group * g.out_group + m * g.out_m + 2 * at * g.out_i;
        for (Index k = 0; k < run; ++k, to += 2 * g.out_i)
          for (Index q = 0; q < plan.vectors; ++q, from += V::lanes)
            transform_sums(from, kRows * plan.patches, bias, to + 8 * q, g.out_i,
                           std::min<Index>(2, g.h.outputs - 2 * (at + k)), g.w.outputs - 8 * q);
      }
    });
  }
  each_run([&](Index, Index image, Index at, Index run) {
    apply_epilogue(g.epilogue,
                   g.out + image * g.out_image + plan.group * g.out_group + plan.row0 * g.out_m + 2 * at * g.out_i,
                   plan.rows, std::min(2 * run, g.h.outputs - 2 * at) * g.out_i, g.out_m);
  });
}

}  // namespace

bool convolve_winograd(const Windows<float>& g) {
  if (!suits(g)) return false;
  Plan plan(g);
  auto* const memory = static_cast<float*>(detail::scratch());
  if (memory == nullptr || !plan.tile.fits || plan.tile.windows_w < g.w.outputs || plan.run() == 0) return false;
  // Patches beyond the plane are made for nothing.
  if (10 * g.h.outputs * g.w.outputs < 7 * plan.strips_h * 2 * plan.vectors * 8) return false;
  plan.patches = std::min(kOwn / (kPoints * (g.channels + kRows)) / kPanel * kPanel, kMostPatches);
  const Index most = plan.patches / (plan.vectors * V::lanes);
  // Inputs are transformed again for each block of rows.
  const Index most_rows = kWeights / (kPoints * g.channels) / kRows * kRows;
  if (most == 0 || plan.patches < kLeastPatches || most_rows < std::min(g.rows, kFewRows)) return false;
  const Index block_rows = ceil_div(g.rows, ceil_div(g.rows, most_rows));
  const Index work = g.rows * g.channels * g.w.outputs * g.h.outputs * g.images * 9;
  const Index tasks = std::max(ceil_div(plan.total(), most), std::clamp<Index>(work / kTaskWork, 1, kFewTasks));
  plan.strips = ceil_div(plan.total(), tasks);
  plan.weights = memory;
  for (plan.group = 0; plan.group < g.groups; ++plan.group) {
    for (plan.row0 = 0; plan.row0 < g.rows; plan.row0 += block_rows) {
      plan.rows = std::min(block_rows, g.rows - plan.row0);
      transform_weights(plan, memory);
      // A thread without memory leaves its part to the caller, which has some.
      std::atomic<bool> left = false;
      const Index count = ceil_div(plan.total(), plan.strips);
      parallel_for(count, 1, [&](Index task, Index end) {
        auto* const own = static_cast<float*>(detail::scratch());
        if (own == nullptr)
          left = true;
        else
          for (; task < end; ++task) run_task(plan, task * plan.strips, own);
      });
      for (Index task = 0; left && task < count; ++task) run_task(plan, task * plan.strips, memory);
    }
  }
  return true;
}

}  // namespace fluxion::kernels::cpu
