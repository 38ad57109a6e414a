#pragma once
// What training, evaluation and prediction share: work cut into slices, losses as numbers, pairs of examples.

#include <functional>

#include "fluxion/data/loader.h"

namespace fluxion::train {

// Calls step() until it says that there is no more to do, or until about so many milliseconds have gone by.
void run_slice(double milliseconds, const std::function<bool()>& step);

// Milliseconds since some moment, which all threads may have their own of.
double milliseconds_now();

// ShapeError when a loss is not one number.
void check_one_number(const Tensor& loss);
double one_number(const Tensor& loss);

// Checks the pair before any of it is used.
data::TensorDataset examples(const Tensor& x, const Tensor& y);

}  // namespace fluxion::train
