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
// beta·input + alpha·(a @ b); with beta 0 the input does not count, not even its NaN.
Tensor addmm(const Tensor& input, const Tensor& mat1, const Tensor& mat2, double beta = 1, double alpha = 1);
Tensor baddbmm(const Tensor& input, const Tensor& batch1, const Tensor& batch2, double beta = 1, double alpha = 1);
Tensor trace(const Tensor& x);
// Sums of products by index letters, as in "ij,jk->ik".
Tensor einsum(const std::string& equation, const std::vector<Tensor>& operands);
// x · weightᵀ + bias, weight [out, in].
Tensor linear(const Tensor& x, const Tensor& weight, const std::optional<Tensor>& bias = {});
// softmax(q · kᵀ · scale + mask) · v over the last two dimensions. A bool mask keeps where true, a float mask is
// added; `scale` defaults to 1/√(head width). With enable_gqa, groups of query heads share one of key and value.
Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const std::optional<Tensor>& attn_mask = {}, double dropout_p = 0,
                                    bool is_causal = false, std::optional<double> scale = {},
                                    bool enable_gqa = false);
// Rotary position embedding: the pairs of x's last dimension turned by an angle that grows with the place in the last
// but one. Pairs are halves, or neighbours when interleaved.
Tensor rotary_embedding(const Tensor& x, const std::optional<Tensor>& positions = {}, double base = 10000,
                        bool interleaved = false);

}  // namespace fluxion
