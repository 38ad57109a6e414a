#pragma once
// Normalisation and dropout.

#include "fluxion/ops/types.h"

namespace fluxion {

// Over the last dimensions, of shape normalized_shape.
Tensor layer_norm(const Tensor& x, const Shape& normalized_shape, const std::optional<Tensor>& weight = {},
                  const std::optional<Tensor>& bias = {}, double eps = 1e-5);
// Over everything but dimension 1. Training: batch statistics, and the running ones are updated in place
// (running = (1 − momentum)·running + momentum·batch, with the unbiased variance); otherwise the running ones.
Tensor batch_norm(const Tensor& x, const std::optional<Tensor>& running_mean, const std::optional<Tensor>& running_var,
                  const std::optional<Tensor>& weight = {}, const std::optional<Tensor>& bias = {},
                  bool training = false, double momentum = 0.1, double eps = 1e-5);
// Zeroes with probability p and scales the rest by 1/(1 − p), in training.
Tensor dropout(const Tensor& x, double p = 0.5, bool training = true);

}  // namespace fluxion
