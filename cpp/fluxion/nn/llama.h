#pragma once
// Attention in other forms than MultiheadAttention's, and the decoder of LLaMA's kind made of them.

#include "fluxion/nn/attention.h"
#include "fluxion/nn/container.h"
#include "fluxion/nn/decoder.h"
#include "fluxion/nn/embedding.h"
#include "fluxion/nn/norm.h"

namespace fluxion::nn {

// softmax(Q·Kᵀ/√d)·V of one head: x [N, T, E] to [N, T, head_dim]. Keys query, key, value.
class SingleHeadAttention final : public Module {
 public:
  SingleHeadAttention(std::int64_t embed_dim, std::optional<std::int64_t> head_dim, bool is_causal, bool with_bias,
                      DType dtype);
  const char* type_name() const override { return "SingleHeadAttention"; }
  Tensor forward(const Tensor& x) override;

  Ref<Linear> query, key, value;

 private:
  bool is_causal_;
};

struct GroupedQueryOptions {
  std::int64_t embed_dim = 0, num_heads = 1;
  std::optional<std::int64_t> num_kv_heads = {};  // by default as many as heads
  bool rotary = true;
  double rotary_base = 10000;
  bool is_causal = true;
  bool bias = false;
  DType dtype = DType::Float32;
};

// Attention in which groups of query heads share one head of keys and values (Ainslie et al. 2023), with rotary
// positions (Su et al. 2021) unless they are turned off: x [N, T, E], kept. Keys q_proj, k_proj, v_proj, o_proj.
class GroupedQueryAttention final : public Module {
 public:
  explicit GroupedQueryAttention(const GroupedQueryOptions& options);
  GroupedQueryAttention(std::int64_t embed_dim, std::int64_t num_heads, std::optional<std::int64_t> num_kv_heads,
                        bool rotary, double rotary_base, bool is_causal, bool with_bias, DType dtype)
      : GroupedQueryAttention(GroupedQueryOptions{embed_dim, num_heads, num_kv_heads, rotary, rotary_base, is_causal,
                                                  with_bias, dtype}) {}
  const char* type_name() const override { return "GroupedQueryAttention"; }
  std::string extra_repr() const override;
  Tensor forward(const Tensor& x) override;
  // As MultiheadAttention's; caches [N, key heads, length, E/heads].
  Tensor resume(const Tensor& x, const Tensor& keys, const Tensor& values, std::int64_t position);
  Tensor make_cache(std::int64_t batch, std::int64_t length) const;

  Ref<Linear> q_proj, k_proj, v_proj, o_proj;

 private:
  void check_input(const Tensor& x) const;
  // A projection in heads, turned by the places from `position` on.
  Tensor turned(Linear& projection, const Tensor& x, std::int64_t heads, std::int64_t position) const;

  GroupedQueryOptions options_;
  std::int64_t kv_heads_;
};

// Attention whose keys and values are made of one narrow latent for each place, beside a rotary key that all heads
// share (DeepSeek-V2, 2024): x [N, T, E], kept. Keys q_a_proj, q_a_layernorm, q_b_proj (q_proj without q_rank),
// kv_a_proj_with_mqa, kv_a_layernorm, kv_b_proj, o_proj.
class MultiheadLatentAttention final : public Module {
 public:
  MultiheadLatentAttention(std::int64_t embed_dim, std::int64_t num_heads, std::int64_t kv_rank,
                           std::optional<std::int64_t> q_rank, std::optional<std::int64_t> head_dim,
                           std::int64_t rotary_dim, double rotary_base, bool is_causal, DType dtype);
  const char* type_name() const override { return "MultiheadLatentAttention"; }
  Tensor forward(const Tensor& x) override;

  Ref<Linear> q_a_proj, q_b_proj, kv_a_proj, kv_b_proj, o_proj;
  Ref<RMSNorm> q_a_norm, kv_a_norm;

 private:
  std::int64_t num_heads_, kv_rank_, head_dim_, rotary_dim_;
  double rotary_base_;
  bool is_causal_;
};

// The last place of a sequence: x [N, T, …] to [N, …], or along another dimension.
class LastPosition final : public Module {
 public:
  explicit LastPosition(std::int64_t dim = 1) : dim_(dim) {}
  const char* type_name() const override { return "LastPosition"; }
  std::string extra_repr() const override { return str("dim=", dim_); }
  Tensor forward(const Tensor& x) override;

 private:
  std::int64_t dim_;
};

// down_proj(silu(gate_proj(x)) · up_proj(x)), without biases (Shazeer 2020).
class SwiGLU final : public Module {
 public:
  SwiGLU(std::int64_t dim, std::int64_t hidden, DType dtype = DType::Float32);
  const char* type_name() const override { return "SwiGLU"; }
  Tensor forward(const Tensor& x) override;

  Ref<Linear> gate_proj, up_proj, down_proj;
};

// x + self_attn(input_layernorm(x)), then x + mlp(post_attention_layernorm(x)). x [N, T, E], kept.
class LlamaBlock final : public Module {
 public:
  LlamaBlock(std::int64_t embed_dim, std::int64_t num_heads, std::optional<std::int64_t> num_kv_heads,
             std::int64_t hidden, double norm_eps, double rotary_base, DType dtype);
  const char* type_name() const override { return "LlamaBlock"; }
  Tensor forward(const Tensor& x) override;
  Tensor resume(const Tensor& x, const Tensor& keys, const Tensor& values, std::int64_t position);

  Ref<RMSNorm> input_layernorm;
  Ref<GroupedQueryAttention> self_attn;
  Ref<RMSNorm> post_attention_layernorm;
  Ref<SwiGLU> mlp;
};

// Token embedding, blocks, a last RMS norm, a linear head without bias (Touvron et al. 2023): int32 ids [N, T] or [T]
// to logits. Keys as LLaMA's: embed_tokens, layers.0 …, norm, lm_head. Weights start as GPT's.
class Llama final : public Decoder {
 public:
  Llama(std::int64_t vocab_size, std::int64_t n_layer, std::int64_t n_head, std::optional<std::int64_t> n_kv_head,
        std::int64_t n_embd, std::int64_t hidden, std::int64_t block_size, double norm_eps, double rotary_base,
        bool tie_weights, DType dtype);
  const char* type_name() const override { return "Llama"; }
  Tensor forward(const Tensor& ids) override;
  std::vector<Tensor> make_cache(std::int64_t batch, std::int64_t length) override;
  Tensor resume(const Tensor& ids, const std::vector<Tensor>& cache, std::int64_t position) override;
  std::int64_t max_length() const override { return block_size_; }

  Ref<Embedding> embed_tokens;
  Ref<ModuleList> layers;
  Ref<RMSNorm> norm;
  Ref<Linear> lm_head;

 private:
  void check_length(std::int64_t length) const;
  std::int64_t block_size_;
};

}  // namespace fluxion::nn
