// Convolutions, their gradients and pooling, as gemm.cpp measures products: conv [threads]. Milliseconds and,
// for convolutions, GFLOP/s.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "bench.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/kernels.h"

namespace {

using namespace fluxion;
using bench::median_time;
using kernels::ConvParams;
using kernels::PoolParams;
using kernels::View;

struct Planes {
  std::int64_t shape[4], strides[4];
  std::vector<float> values;
  Planes(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w)
      : shape{n, c, h, w}, strides{c * h * w, h * w, w, 1}, values(static_cast<std::size_t>(n * c * h * w)) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i * 7919 % 1013) / 1013 - 0.5f;
  }
  View view() { return {values.data(), DType::Float32, 4, shape, strides}; }
};

struct Layer {
  const char* name;
  std::int64_t n, c, size, o, kernel;
  std::int32_t stride, pad, groups;
};

constexpr Layer kLayers[] = {
    {"1→16 3×3, 28²", 64, 1, 28, 16, 3, 1, 1, 1},       {"16→32 3×3, 14²", 64, 16, 14, 32, 3, 1, 1, 1},
    {"8→16 3×3, 14²", 32, 8, 14, 16, 3, 1, 1, 1},       {"64→64 3×3, 28²", 8, 64, 28, 64, 3, 1, 1, 1},
    {"64→128 3×3 /2, 28²", 8, 64, 28, 128, 3, 2, 1, 1}, {"256→256 3×3, 7²", 4, 256, 7, 256, 3, 1, 1, 1},
    {"64→64 1×1, 28²", 8, 64, 28, 64, 1, 1, 0, 1},      {"depthwise 64 3×3, 28²", 8, 64, 28, 64, 3, 1, 1, 64},
    {"3→32 7×7 /2, 112²", 2, 3, 112, 32, 7, 2, 3, 1},   {"3→64 16×16 /16, 224²", 1, 3, 224, 64, 16, 16, 0, 1},
};

void measure(const Layer& layer) {
  const std::int64_t out_size = kernels::window_output(layer.size, 2 * layer.pad, layer.kernel, layer.stride, 1);
  Planes x(layer.n, layer.c, layer.size, layer.size), dx = x;
  Planes weight(layer.o, layer.c / layer.groups, layer.kernel, layer.kernel), dw = weight;
  Planes out(layer.n, layer.o, out_size, out_size);
  ConvParams p{.stride_h = layer.stride, .stride_w = layer.stride, .groups = layer.groups};
  p.pad_top = p.pad_left = p.pad_bottom = p.pad_right = layer.pad;
  const double flop = 2.0 *
                      static_cast<double>(layer.n * layer.o * out_size * out_size * layer.c / layer.groups *
                                          layer.kernel * layer.kernel) *
                      1e-9;
  const View forward[] = {out.view(), x.view(), weight.view(), View{}};
  const View input[] = {dx.view(), out.view(), weight.view()};
  const View weights[] = {dw.view(), out.view(), x.view()};
  const double times[] = {median_time([&] { kernels::cpu::conv2d(forward, &p); }),
                          median_time([&] { kernels::cpu::conv2d_grad_input(input, &p); }),
                          median_time([&] { kernels::cpu::conv2d_grad_weight(weights, &p); })};
  std::printf("%-24s", layer.name);
  for (const double time : times) std::printf("  %8.3f ms %6.1f", time * 1e3, flop / time);
  std::printf("\n");
}

void measure_pools() {
  Planes x(64, 16, 28, 28), dx = x, out(64, 16, 14, 14), index_memory = out;
  View indices = index_memory.view();
  indices.dtype = DType::Int32;
  const PoolParams p;
  const View maximum[] = {out.view(), indices, x.view()}, maximum_grad[] = {dx.view(), out.view(), indices};
  const View mean[] = {out.view(), x.view()}, mean_grad[] = {dx.view(), out.view()};
  std::printf("\npools 2×2 of [64, 16, 28, 28], ms: max %.3f, gradient %.3f, mean %.3f, gradient %.3f\n",
              1e3 * median_time([&] { kernels::cpu::max_pool2d(maximum, &p); }),
              1e3 * median_time([&] { kernels::cpu::max_pool2d_grad(maximum_grad, &p); }),
              1e3 * median_time([&] { kernels::cpu::avg_pool2d(mean, &p); }),
              1e3 * median_time([&] { kernels::cpu::avg_pool2d_grad(mean_grad, &p); }));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) set_thread_count(std::atoi(argv[1]));
  std::printf("threads %d, register peak of one %.1f GFLOP/s\n\n", thread_count(), bench::register_peak());
  std::printf("%-22s %20s %20s %20s\n", "", "forward", "input gradient", "weight gradient");
  for (const Layer& layer : kLayers) measure(layer);
  measure_pools();
  return 0;
}
