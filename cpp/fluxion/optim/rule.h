#pragma once
// What rules of update have in common. They run without recording.

#include "fluxion/ops/ops.h"

namespace fluxion::optim {

// The gradient to descend: −g to climb instead, and weight_decay·p added.
inline Tensor decayed(const Tensor& grad, const Tensor& param, double weight_decay, bool maximize) {
  const Tensor g = maximize ? -grad : grad;
  return weight_decay == 0 ? g : g + param * weight_decay;
}

// average = keep·average + (1 − keep)·value, in place.
inline void move_average(const Tensor& average, double keep, const Tensor& value) {
  copy_(average, average * keep + value * (1 - keep));
}

}  // namespace fluxion::optim
