#pragma once
// Matrix products.

#include "fluxion/ops/types.h"

namespace fluxion {

// PyTorch's broadcasting product: vectors, matrices, batches.
Tensor matmul(const Tensor& a, const Tensor& b);
Tensor mm(const Tensor& a, const Tensor& b);
Tensor bmm(const Tensor& a, const Tensor& b);
Tensor mv(const Tensor& a, const Tensor& v);
Tensor dot(const Tensor& a, const Tensor& b);
Tensor outer(const Tensor& a, const Tensor& b);
// x · weightᵀ + bias, weight [out, in].
Tensor linear(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias = {});
// softmax(q · kᵀ · scale + mask) · v over the last two dimensions. A bool mask keeps where true, a float mask is
// added; `scale` defaults to 1/√(head width).
Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const std::optional<Tensor>& attn_mask = {}, double dropout_p = 0,
                                    bool is_causal = false, std::optional<double> scale = {});

}  // namespace fluxion
