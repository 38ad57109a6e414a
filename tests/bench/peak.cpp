// The peak of multiply-adds as a wasm module of its own, for the benchmark in the browser: it is not in the package.

#include "bench.h"

extern "C" {

float run_peak(float seed) { return fluxion::bench::run_peak(seed); }

double peak_flop() { return 8.0 * fluxion::bench::kPeakChains * fluxion::bench::kPeakSteps; }
}
