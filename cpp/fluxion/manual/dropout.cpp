#include "fluxion/manual/dropout.h"

namespace fluxion::manual {

Dropout::Dropout(double p) : p_(p) {
  if (!(p >= 0 && p < 1)) throw FluxionError(str("Dropout: p must lie in [0, 1), it is ", p));
}

void Dropout::forward() {
  if (training()) {
    draw(mask, kernels::RandomKind::Bernoulli, 1 - p_, 0);
    scale(mask, mask, 1 / (1 - p_));
  } else {
    fill(mask, 1);
  }
  multiply(y, x, mask);  // y = x·m
}

void Dropout::backward() { multiply(dx, dy, mask); }  // dL/dx = dL/dy·m

}  // namespace fluxion::manual
