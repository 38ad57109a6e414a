#pragma once
// A decoder in GPT-2's form, and the block it is made of.

#include "fluxion/nn/attention.h"
#include "fluxion/nn/container.h"
#include "fluxion/nn/decoder.h"
#include "fluxion/nn/embedding.h"
#include "fluxion/nn/norm.h"
#include "fluxion/ops/types.h"

namespace fluxion::nn {

// c_proj(gelu(c_fc(x))), wider in between; dropout at the end.
class MLP final : public Module {
 public:
  MLP(std::int64_t embed_dim, std::int64_t hidden, double dropout = 0, bool with_bias = true,
      GeluForm approximate = GeluForm::Tanh, DType dtype = DType::Float32);
  const char* type_name() const override { return "MLP"; }
  Tensor forward(const Tensor& x) override;

  Ref<Linear> c_fc, c_proj;
  Ref<Dropout> drop;

 private:
  GeluForm approximate_;
};

// Pre-LN: x + attn(ln_1(x)), then x + mlp(ln_2(x)). x [N, T, E] to the same. Causal unless told otherwise.
class TransformerBlock final : public Module {
 public:
  TransformerBlock(std::int64_t embed_dim, std::int64_t num_heads, std::int64_t mlp_ratio = 4, double dropout = 0,
                   bool is_causal = true, bool with_bias = true, GeluForm approximate = GeluForm::Tanh,
                   DType dtype = DType::Float32);
  const char* type_name() const override { return "TransformerBlock"; }
  Tensor forward(const Tensor& x) override;
  // x [N, t, E] at `position`, behind what the caches of attention hold.
  Tensor resume(const Tensor& x, const Tensor& keys, const Tensor& values, std::int64_t position);

  Ref<LayerNorm> ln_1;
  Ref<MultiheadAttention> attn;
  Ref<LayerNorm> ln_2;
  Ref<MLP> mlp;
  Ref<Dropout> drop;

 private:
  bool is_causal_;
};

enum class Positions { Learned, Sinusoidal };
std::vector<std::string> choice_names(Positions);

struct GPTOptions {
  std::int64_t vocab_size = 0;
  std::int64_t n_layer = 2;
  std::int64_t n_head = 4;
  std::int64_t n_embd = 48;
  std::int64_t block_size = 48;  // the longest sequence
  std::int64_t mlp_ratio = 4;
  double dropout = 0;
  bool bias = true;          // in every layer but the head
  bool tie_weights = false;  // the head is the token embedding, transposed
  Positions positions = Positions::Learned;
  GeluForm approximate = GeluForm::Tanh;
  DType dtype = DType::Float32;
};

// Token and position embedding, pre-LN blocks, a last layer norm, a linear head without bias:
// int32 ids [N, T] (or [T]) to logits [N, T, vocab_size]. Keys as GPT-2's: wte, wpe, h.0.ln_1, …, ln_f,
// lm_head. Weights start as N(0, σ²), σ = 0.02·√(768/n_embd), which is GPT-2's at its width; those that end a
// residual branch as N(0, σ²/(2·n_layer)), the head as N(0, 0.02²), biases as zeros (Radford et al. 2019).
class GPT final : public Decoder {
 public:
  explicit GPT(const GPTOptions& options);
  GPT(std::int64_t vocab_size, std::int64_t n_layer, std::int64_t n_head, std::int64_t n_embd, std::int64_t block_size,
      std::int64_t mlp_ratio, double dropout, bool with_bias, bool tie_weights, Positions positions,
      GeluForm approximate, DType dtype)
      : GPT(GPTOptions{vocab_size, n_layer, n_head, n_embd, block_size, mlp_ratio, dropout, with_bias, tie_weights,
                       positions, approximate, dtype}) {}
  const char* type_name() const override { return "GPT"; }
  Tensor forward(const Tensor& ids) override;
  // Two for each block, keys and values [N, nHead, length, nEmbd/nHead].
  std::vector<Tensor> make_cache(std::int64_t batch, std::int64_t length) override;
  Tensor resume(const Tensor& ids, const std::vector<Tensor>& cache, std::int64_t position) override;
  std::int64_t max_length() const override { return options_.block_size; }
  const GPTOptions& options() const { return options_; }

  Ref<Embedding> wte;
  Ref<Positional> wpe;
  Ref<Dropout> drop;
  Ref<ModuleList> h;
  Ref<LayerNorm> ln_f;
  Ref<Linear> lm_head;

 private:
  void check_length(std::int64_t length) const;

  GPTOptions options_;
};

// Weights of two dimensions from N(0, σ²), σ = 0.02·√(768/width), those whose names end so from N(0, σ²/(2·n_layer)),
// the head's from N(0, 0.02²), biases 0.
void init_decoder_weights(Module& model, std::int64_t width, std::int64_t n_layer, const Module& head,
                          std::initializer_list<const char*> residual_ends);

}  // namespace fluxion::nn
