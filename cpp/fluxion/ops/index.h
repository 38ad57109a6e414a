#pragma once
// Picking by index tensors. Indices are int32; negative ones count from the end in `index`-style ops only, as in
// PyTorch; an index out of range is an IndexError before anything is written.

#include "fluxion/ops/types.h"

namespace fluxion {

Tensor gather(const Tensor& x, std::int64_t dim, const Tensor& index);
Tensor scatter_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& src);
// A copy of x with src, a number or values as in scatter_add, put in place; the last one of a cell stays.
Tensor scatter(const Tensor& x, std::int64_t dim, const Tensor& index, const Operand& src);
// Of x flattened; negative indices count from the end.
Tensor take(const Tensor& x, const Tensor& index);
// The elements where the mask is true, as a vector; x and mask broadcast.
Tensor masked_select(const Tensor& x, const Tensor& mask);
// The places of what is not zero, one row each: int32 [count, rank].
Tensor nonzero(const Tensor& x);
Tensor index_select(const Tensor& x, std::int64_t dim, const Tensor& index);
Tensor index_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& src);
// Rows of `weight` [V, D] at `index` of any shape. `padding_idx`'s row gets no gradient.
Tensor embedding(const Tensor& index, const Tensor& weight, std::optional<std::int64_t> padding_idx = {});
// num_classes −1: one more than the largest index.
Tensor one_hot(const Tensor& index, std::int64_t num_classes = -1);
Tensor tril(const Tensor& x, std::int64_t diagonal = 0);
Tensor triu(const Tensor& x, std::int64_t diagonal = 0);

}  // namespace fluxion
