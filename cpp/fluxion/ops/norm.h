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
// Over the channels of each of num_groups groups and everything behind them; weight and bias are one per channel.
Tensor group_norm(const Tensor& x, std::int64_t num_groups, const std::optional<Tensor>& weight = {},
                  const std::optional<Tensor>& bias = {}, double eps = 1e-5);
// Each channel of each example on its own; or, unless use_input_stats, by running statistics as in batch_norm.
Tensor instance_norm(const Tensor& x, const std::optional<Tensor>& running_mean = {},
                     const std::optional<Tensor>& running_var = {}, const std::optional<Tensor>& weight = {},
                     const std::optional<Tensor>& bias = {}, bool use_input_stats = true, double momentum = 0.1,
                     double eps = 1e-5);
// By the root mean square over the last dimensions, of shape normalized_shape. eps: the dtype's own by default.
Tensor rms_norm(const Tensor& x, const Shape& normalized_shape, const std::optional<Tensor>& weight = {},
                std::optional<double> eps = {});
// x over its p-norm along `dim`.
Tensor normalize(const Tensor& x, double p = 2, std::int64_t dim = 1, double eps = 1e-12);
// Zeroes whole channels: what dropout does to elements.
Tensor dropout2d(const Tensor& x, double p = 0.5, bool training = true);
// Zeroes with probability p and scales the rest by 1/(1 − p), in training.
Tensor dropout(const Tensor& x, double p = 0.5, bool training = true);

}  // namespace fluxion
