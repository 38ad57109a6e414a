#include "fluxion/train/slices.h"

#include <algorithm>
#include <chrono>
#ifdef __EMSCRIPTEN__
#include <emscripten/html5.h>
#endif

namespace fluxion::train {

double milliseconds_now() {
#ifdef __EMSCRIPTEN__
  return emscripten_performance_now();  // the clocks of <chrono> cross as 64-bit integers: 0.5 µs each
#else
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
#endif
}

void run_slice(double milliseconds, const std::function<bool(double now)>& step) {
  // When steps are short, several go by between two looks.
  constexpr double kShortSteps = 0.1;  // milliseconds
  constexpr int kMaxStride = 64;
  const double start = milliseconds_now();
  double elapsed = 0;
  int stride = 1;
  bool more = true;
  while (more && elapsed < milliseconds) {
    for (int i = 0; i < stride && more; ++i) more = step(start + elapsed);
    const double before = elapsed;
    elapsed = milliseconds_now() - start;
    stride = elapsed - before < kShortSteps ? std::min(2 * stride, kMaxStride) : 1;
  }
}

void check_one_number(const Tensor& loss) {
  if (loss.numel() != 1) throw ShapeError(str("fit: the loss must be one number, this one is ", loss.shape()));
}

double one_number(const Tensor& loss) {
  check_one_number(loss);
  return loss.item();
}

data::TensorDataset examples(const Tensor& x, const Tensor& y) { return data::TensorDataset({x, y}); }

}  // namespace fluxion::train
