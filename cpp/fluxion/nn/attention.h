#pragma once
// Attention with several heads.

#include "fluxion/nn/linear.h"

namespace fluxion::nn {

// softmax(Q·Kᵀ/√d)·V per head, heads side by side, then a linear map (Vaswani et al. 2017). PyTorch's layout:
// in_proj_weight [3E, E] stacks the maps of query, key and value, in_proj_bias [3E]; out_proj is a Linear(E,
// E). in_proj_weight starts as xavier uniform, both biases as zeros.
//
// Sequences are [T, N, E], or [N, T, E] with batch_first, or [T, E] without a batch.
class MultiheadAttention final : public Module {
 public:
  MultiheadAttention(std::int64_t embed_dim, std::int64_t num_heads, double dropout = 0, bool with_bias = true,
                     bool batch_first = false, DType dtype = DType::Float32);
  const char* type_name() const override { return "MultiheadAttention"; }
  std::string extra_repr() const override;

  // Self-attention: every position sees every other.
  Tensor forward(const Tensor& x) override { return attend(x, x, x); }
  // As PyTorch's forward. attn_mask [L, S], [N·heads, L, S]: true hides, a float mask is added to the scores;
  // key_padding_mask [N, S]: true hides a key; is_causal hides what comes later. Query of length L, key and
  // value of length S; the result is shaped as the query.
  Tensor attend(const Tensor& query, const Tensor& key, const Tensor& value,
                const std::optional<Tensor>& attn_mask = {}, const std::optional<Tensor>& key_padding_mask = {},
                bool is_causal = false);
  // The attention weights that attend() uses, for each head: [N, heads, L, S] ([heads, L, S] without a
  // batch).
  Tensor weights(const Tensor& query, const Tensor& key, const std::optional<Tensor>& attn_mask = {},
                 const std::optional<Tensor>& key_padding_mask = {}, bool is_causal = false);

  // Self-attention of x [N, t, E] that stands at `position` behind what the caches [N, heads, length, E/heads] hold of
  // earlier calls, each place to those before it. Its keys and values are written into the caches.
  Tensor resume(const Tensor& x, const Tensor& keys, const Tensor& values, std::int64_t position);
  // Keys (part 1) and values (part 2) of x [N, S, E], cut into heads; and attention of x [N, t, E] to such.
  Tensor project(const Tensor& x, int part) const;
  // Queries, keys and values of x: one product, cut by views.
  std::vector<Tensor> project_all(const Tensor& x) const;
  Tensor attend_to(const Tensor& x, const Tensor& keys, const Tensor& values, const std::optional<Tensor>& mask = {});
  // An empty cache of keys or values.
  Tensor make_cache(std::int64_t batch, std::int64_t length) const;
  Tensor batched(const Tensor& x) const;

  Tensor in_proj_weight, in_proj_bias;
  Ref<Linear> out_proj;

 private:
  Tensor merged(const Tensor& heads) const;
  void check_input(const char* argument, const Tensor& x, const Tensor& query) const;
  // Both masks as one float mask to be added, [N or 1, heads or 1, L, S].
  std::optional<Tensor> merged_mask(const Tensor& query, const Tensor& key, const std::optional<Tensor>& attn_mask,
                                    const std::optional<Tensor>& key_padding_mask) const;

  std::int64_t embed_dim_, num_heads_;
  double dropout_;
  bool batch_first_;
};

// [N, T, heads·width] as [N, heads, T, width].
Tensor split_heads(const Tensor& x, std::int64_t heads);
// And back.
Tensor join_heads(const Tensor& x);

// Attention of t new places at `position`, query [N, heads, t, D], to all places so far: key and value of the new ones
// are written into the caches [N, key heads, length, D] first. Without gradient.
Tensor attend_cached(const char* module, const Tensor& query, const Tensor& key, const Tensor& value,
                     const Tensor& keys, const Tensor& values, std::int64_t position);

}  // namespace fluxion::nn
