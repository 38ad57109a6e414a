#pragma once
// Picking by index tensors. Indices are int32; negative ones count from the end in `index`-style ops only, as in
// PyTorch; an index out of range is an IndexError before anything is written.

#include "fluxion/ops/types.h"

namespace fluxion {

Tensor gather(const Tensor& x, std::int64_t dim, const Tensor& index);
Tensor scatter_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& src);
Tensor index_select(const Tensor& x, std::int64_t dim, const Tensor& index);
Tensor index_add(const Tensor& x, std::int64_t dim, const Tensor& index, const Tensor& src);
// Rows of `weight` [V, D] at `index` of any shape. `padding_idx`'s row gets no gradient.
Tensor embedding(const Tensor& index, const Tensor& weight, std::optional<std::int64_t> padding_idx = {});
// num_classes −1: one more than the largest index.
Tensor one_hot(const Tensor& index, std::int64_t num_classes = -1);
Tensor tril(const Tensor& x, std::int64_t diagonal = 0);
Tensor triu(const Tensor& x, std::int64_t diagonal = 0);

}  // namespace fluxion
