// The peaks of arithmetic and of memory as a wasm module of its own, for the benchmark in the browser: it is not in the
// package.

#include "bench.h"

namespace {
constexpr int kFloats = 1024 * 1024;
alignas(64) float a[kFloats], b[kFloats], c[kFloats];

// Memory never written to is one page of zeros to the system: it would all come from the nearest cache.
[[maybe_unused]] const bool filled = [] {
  for (int i = 0; i < kFloats; ++i) a[i] = b[i] = c[i] = static_cast<float>(i);
  return true;
}();
}  // namespace

extern "C" {

float run_peak(float seed) { return fluxion::bench::run_peak(seed); }

double peak_flop() { return 8.0 * fluxion::bench::kPeakChains * fluxion::bench::kPeakSteps; }

// What an addition of [1024, 1024] moves, with nothing else to do.
float run_add() {
  using fluxion::simd::F32x4;
  for (int i = 0; i < kFloats; i += 16)
    fluxion::kernels::cpu::unroll<4>([&](auto j) __attribute__((always_inline)) {
      const int at = i + 4 * static_cast<int>(j);
      (F32x4::load(a + at) + F32x4::load(b + at)).store(c + at);
    });
  return c[0];
}

double add_bytes() { return 3.0 * sizeof a; }
}
