#pragma once
// Along one dimension: sorting and running totals. Indices are int32.

#include <utility>

#include "fluxion/ops/types.h"

namespace fluxion {

// Stable; NaN counts as the largest value.
std::pair<Tensor, Tensor> sort(const Tensor& x, std::int64_t dim = -1, bool descending = false);
Tensor argsort(const Tensor& x, std::int64_t dim = -1, bool descending = false);
// The k largest (or smallest) values, in order, and where they stand.
std::pair<Tensor, Tensor> topk(const Tensor& x, std::int64_t k, std::int64_t dim = -1, bool largest = true);

Tensor cumsum(const Tensor& x, std::int64_t dim);
Tensor cumprod(const Tensor& x, std::int64_t dim);
// The product of all elements, or along one dimension.
Tensor prod(const Tensor& x, std::optional<std::int64_t> dim = {}, bool keepdim = false);

}  // namespace fluxion
