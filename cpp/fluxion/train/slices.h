#pragma once
// What training, evaluation and prediction share: work cut into slices, losses as numbers, pairs of examples.

#include <functional>

#include "fluxion/data/loader.h"

namespace fluxion::train {

// Calls step(now) until it says that there is no more to do, or until about so many milliseconds have gone by. `now` is
// what the clock said when last looked at: a look may cost as much as a small step.
void run_slice(double milliseconds, const std::function<bool(double now)>& step);

// Milliseconds since some moment, which all threads may have their own of.
double milliseconds_now();

// ShapeError when a loss is not one number.
void check_one_number(const Tensor& loss);
double one_number(const Tensor& loss);

// Checks the pair before any of it is used.
data::TensorDataset examples(const Tensor& x, const Tensor& y);

}  // namespace fluxion::train
