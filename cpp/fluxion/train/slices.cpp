#include "fluxion/train/slices.h"

#include <algorithm>

namespace fluxion::train {

using Clock = std::chrono::steady_clock;

void run_slice(double milliseconds, const std::function<bool()>& step) {
  // A look at the clock may cost as much as a small step: when steps are short, several go by between two
  // looks.
  constexpr double kShortSteps = 0.1;  // milliseconds
  constexpr int kMaxStride = 64;
  const Clock::time_point start = Clock::now();
  double elapsed = 0;
  int stride = 1;
  bool more = true;
  while (more && elapsed < milliseconds) {
    for (int i = 0; i < stride && more; ++i) more = step();
    const double before = elapsed;
    elapsed = 1e3 * seconds_since(start);
    stride = elapsed - before < kShortSteps ? std::min(2 * stride, kMaxStride) : 1;
  }
}

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void check_one_number(const Tensor& loss) {
  if (loss.numel() != 1) throw ShapeError(str("fit: the loss must be one number, this one is ", loss.shape()));
}

double one_number(const Tensor& loss) {
  check_one_number(loss);
  return loss.item();
}

data::TensorDataset examples(const Tensor& x, const Tensor& y) { return data::TensorDataset({x, y}); }

}  // namespace fluxion::train
