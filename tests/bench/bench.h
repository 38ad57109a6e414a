#pragma once
// Timing for the benchmarks of kernels.

#include <algorithm>
#include <array>
#include <chrono>

#include "fluxion/kernels/gemm_micro.h"
#include "fluxion/kernels/simd.h"

namespace fluxion::bench {

inline double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// Median seconds of one call, each sample long enough to be timed.
template <class F>
double median_time(F&& f) {
  f();
  int calls = 1;
  for (;;) {
    const double start = seconds();
    for (int i = 0; i < calls; ++i) f();
    if (seconds() - start > 0.01) break;
    calls *= 2;
  }
  std::array<double, 7> samples;
  for (double& sample : samples) {
    const double start = seconds();
    for (int i = 0; i < calls; ++i) f();
    sample = (seconds() - start) / calls;
  }
  std::sort(samples.begin(), samples.end());
  return samples[samples.size() / 2];
}

inline volatile float sink;

inline constexpr int kPeakChains = 12, kPeakUnroll = 8, kPeakSteps = 5'000;

// Twelve chains hide the latency, as in the kernels' register tile. A function of its own: engines compile
// well what is called often.
[[gnu::noinline]] inline float run_peak(float seed) {
  using kernels::cpu::unroll;
  using simd::F32x4;
  const F32x4 x = F32x4::splat(seed * 0.999f), y = F32x4::splat(seed * 0.001f);
  std::array<F32x4, kPeakChains> acc;
  acc.fill(y);
  for (int s = 0; s < kPeakSteps; s += kPeakUnroll)
    unroll<kPeakUnroll * kPeakChains>([&](auto i) __attribute__((always_inline)) {
      F32x4& chain = acc[i % kPeakChains];
      chain = simd::kFused ? simd::madd(x, y, chain) : simd::madd(chain, x, y);
    });
  F32x4 sum = acc[0];
  for (const F32x4& chain : acc) sum += chain;
  return simd::sum(sum);
}

// GFLOP/s of multiply-adds on registers alone: the most that this machine gives.
inline double register_peak() {
  volatile float seed = 1.0f;
  return 8.0 * kPeakChains * kPeakSteps / median_time([&] { sink = run_peak(seed); }) * 1e-9;
}

}  // namespace fluxion::bench
