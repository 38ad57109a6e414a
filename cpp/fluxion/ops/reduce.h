#pragma once
// Reductions over all elements or over dimensions, and the row functions built on them.

#include <optional>
#include <utility>

#include "fluxion/ops/types.h"

namespace fluxion {

// `dim` absent: over everything. Integers and bool sum to int32.
Tensor sum(const Tensor& x, const std::optional<Shape>& dim = {}, bool keepdim = false);
Tensor mean(const Tensor& x, const std::optional<Shape>& dim = {}, bool keepdim = false);
// Sum of squared deviations over count − correction.
Tensor variance(const Tensor& x, const std::optional<Shape>& dim = {}, std::int64_t correction = 1,
                bool keepdim = false);

// The square root of the variance; `std` to callers.
Tensor standard_deviation(const Tensor& x, const std::optional<Shape>& dim = {}, std::int64_t correction = 1,
                          bool keepdim = false);
// (Σ |x|ᵖ)^(1/p); p = ∞ and −∞ are the largest and the smallest magnitude, 0 counts what is not zero.
Tensor norm(const Tensor& x, double p = 2, const std::optional<Shape>& dim = {}, bool keepdim = false);

// Without dim, the extreme over everything (gradient shared evenly among ties, as torch.amax); with dim, values
// and indices.
Tensor amax(const Tensor& x, const std::optional<Shape>& dim = {}, bool keepdim = false);
Tensor amin(const Tensor& x, const std::optional<Shape>& dim = {}, bool keepdim = false);
std::pair<Tensor, Tensor> max(const Tensor& x, std::int64_t dim, bool keepdim = false);
std::pair<Tensor, Tensor> min(const Tensor& x, std::int64_t dim, bool keepdim = false);
Tensor argmax(const Tensor& x, std::optional<std::int64_t> dim = {}, bool keepdim = false);
Tensor argmin(const Tensor& x, std::optional<std::int64_t> dim = {}, bool keepdim = false);
Tensor all(const Tensor& x, const std::optional<Shape>& dim = {}, bool keepdim = false);
Tensor any(const Tensor& x, const std::optional<Shape>& dim = {}, bool keepdim = false);

Tensor softmax(const Tensor& x, std::int64_t dim = -1);
Tensor log_softmax(const Tensor& x, std::int64_t dim = -1);
Tensor logsumexp(const Tensor& x, const std::optional<Shape>& dim = {}, bool keepdim = false);

// x summed over the dimensions that broadcasting would add to reach it from `shape`.
Tensor sum_to(const Tensor& x, const Shape& shape);

}  // namespace fluxion
