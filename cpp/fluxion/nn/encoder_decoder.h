#pragma once
// Vaswani et al. 2017's transformer in PyTorch's form: layers, their stacks, and encoder and decoder in one.

#include "fluxion/nn/attention.h"
#include "fluxion/nn/container.h"
#include "fluxion/nn/norm.h"

namespace fluxion::nn {

enum class FeedForward { Relu, Gelu };
std::vector<std::string> choice_names(FeedForward);

struct LayerOptions {
  std::int64_t d_model = 512;
  std::int64_t nhead = 8;
  std::int64_t dim_feedforward = 2048;
  double dropout = 0.1;
  FeedForward activation = FeedForward::Relu;
  double layer_norm_eps = 1e-5;
  bool batch_first = false;
  bool norm_first = false;  // x + f(norm(x)) in the place of norm(x + f(x))
  DType dtype = DType::Float32;
};

// The masks of MultiheadAttention::attend: true hides, floats are added to the scores.
struct Masks {
  std::optional<Tensor> attention, padding;
  bool is_causal = false;
};

// Self-attention, in a decoder attention to the encoder's memory, and a perceptron of one hidden layer, each around a
// residual and normed. Keys as PyTorch's: self_attn, multihead_attn, linear1, linear2, norm1 to norm3.
class TransformerLayer : public Module {
 public:
  const char* type_name() const override { return decodes_ ? "TransformerDecoderLayer" : "TransformerEncoderLayer"; }
  // memory: undefined in an encoder.
  Tensor run(const Tensor& x, const Masks& masks, const Tensor& memory, const Masks& memory_masks);
  // One decoder layer at new places: caches of self-attention, then the memory's keys and values.
  Tensor resume(const Tensor& x, const Tensor* cache, std::int64_t position);

  Ref<MultiheadAttention> self_attn, multihead_attn;
  Ref<Linear> linear1, linear2;
  Ref<LayerNorm> norm1, norm2, norm3;

 protected:
  TransformerLayer(const LayerOptions& options, bool decodes);

 private:
  template <class F>
  Tensor around(const Tensor& x, LayerNorm& norm, Dropout& drop, F&& f);
  Tensor feed_forward(const Tensor& x);

  bool decodes_, norm_first_;
  FeedForward activation_;
  Ref<Dropout> dropout_, dropout1_, dropout2_, dropout3_;
};

class TransformerEncoderLayer final : public TransformerLayer {
 public:
  explicit TransformerEncoderLayer(const LayerOptions& options) : TransformerLayer(options, false) {}
  TransformerEncoderLayer(std::int64_t d_model, std::int64_t nhead, std::int64_t dim_feedforward, double dropout,
                          FeedForward activation, double layer_norm_eps, bool batch_first, bool norm_first, DType dtype)
      : TransformerEncoderLayer(LayerOptions{d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps,
                                             batch_first, norm_first, dtype}) {}
  Tensor forward(const Tensor& src) override { return run(src, {}, {}, {}); }
  Tensor encode(const Tensor& src, const std::optional<Tensor>& src_mask,
                const std::optional<Tensor>& src_key_padding_mask, bool is_causal) {
    return run(src, {src_mask, src_key_padding_mask, is_causal}, {}, {});
  }
};

class TransformerDecoderLayer final : public TransformerLayer {
 public:
  explicit TransformerDecoderLayer(const LayerOptions& options) : TransformerLayer(options, true) {}
  TransformerDecoderLayer(std::int64_t d_model, std::int64_t nhead, std::int64_t dim_feedforward, double dropout,
                          FeedForward activation, double layer_norm_eps, bool batch_first, bool norm_first, DType dtype)
      : TransformerDecoderLayer(LayerOptions{d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps,
                                             batch_first, norm_first, dtype}) {}
  Tensor decode(const Tensor& tgt, const Tensor& memory, const std::optional<Tensor>& tgt_mask,
                const std::optional<Tensor>& memory_mask, const std::optional<Tensor>& tgt_key_padding_mask,
                const std::optional<Tensor>& memory_key_padding_mask, bool tgt_is_causal) {
    return run(tgt, {tgt_mask, tgt_key_padding_mask, tgt_is_causal}, memory, {memory_mask, memory_key_padding_mask});
  }
};

// Several layers that start alike, as PyTorch's copies do, and a last norm if asked for. Keys layers.0 …, norm.
class TransformerStack : public Module {
 public:
  const char* type_name() const override { return decodes_ ? "TransformerDecoder" : "TransformerEncoder"; }
  Tensor run(const Tensor& x, const Masks& masks, const Tensor& memory, const Masks& memory_masks);

  Ref<ModuleList> layers;
  Ref<LayerNorm> norm;

 protected:
  TransformerStack(const LayerOptions& options, std::int64_t num_layers, bool last_norm, bool decodes);
  TransformerLayer& layer(std::size_t i) const { return static_cast<TransformerLayer&>((*layers)[i]); }

 private:
  bool decodes_;
};

class TransformerEncoder final : public TransformerStack {
 public:
  TransformerEncoder(const LayerOptions& options, std::int64_t num_layers, bool last_norm)
      : TransformerStack(options, num_layers, last_norm, false) {}
  TransformerEncoder(std::int64_t d_model, std::int64_t nhead, std::int64_t num_layers, std::int64_t dim_feedforward,
                     double dropout, FeedForward activation, double layer_norm_eps, bool batch_first, bool norm_first,
                     bool last_norm, DType dtype)
      : TransformerEncoder(LayerOptions{d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps,
                                        batch_first, norm_first, dtype},
                           num_layers, last_norm) {}
  Tensor forward(const Tensor& src) override { return run(src, {}, {}, {}); }
  Tensor encode(const Tensor& src, const std::optional<Tensor>& mask, const std::optional<Tensor>& src_key_padding_mask,
                bool is_causal) {
    return run(src, {mask, src_key_padding_mask, is_causal}, {}, {});
  }
};

class TransformerDecoder final : public TransformerStack {
 public:
  TransformerDecoder(const LayerOptions& options, std::int64_t num_layers, bool last_norm)
      : TransformerStack(options, num_layers, last_norm, true), batch_first_(options.batch_first) {}
  TransformerDecoder(std::int64_t d_model, std::int64_t nhead, std::int64_t num_layers, std::int64_t dim_feedforward,
                     double dropout, FeedForward activation, double layer_norm_eps, bool batch_first, bool norm_first,
                     bool last_norm, DType dtype)
      : TransformerDecoder(LayerOptions{d_model, nhead, dim_feedforward, dropout, activation, layer_norm_eps,
                                        batch_first, norm_first, dtype},
                           num_layers, last_norm) {}
  Tensor decode(const Tensor& tgt, const Tensor& memory, const std::optional<Tensor>& tgt_mask,
                const std::optional<Tensor>& memory_mask, const std::optional<Tensor>& tgt_key_padding_mask,
                const std::optional<Tensor>& memory_key_padding_mask, bool tgt_is_causal) {
    return run(tgt, {tgt_mask, tgt_key_padding_mask, tgt_is_causal}, memory, {memory_mask, memory_key_padding_mask});
  }
  // Four tensors for each layer: empty keys and values for up to `length` targets, and those of the memory.
  std::vector<Tensor> make_cache(const Tensor& memory, std::int64_t length);
  // decode() of targets that stand at `position` behind those of earlier calls, each seeing those before it; their keys
  // and values are written into the cache. In evaluation mode, without gradient.
  Tensor resume(const Tensor& tgt, const std::vector<Tensor>& cache, std::int64_t position);

 private:
  Tensor turned(const Tensor& x) const;
  bool batch_first_;
};

class Transformer final : public Module {
 public:
  Transformer(std::int64_t d_model, std::int64_t nhead, std::int64_t num_encoder_layers,
              std::int64_t num_decoder_layers, std::int64_t dim_feedforward, double dropout, FeedForward activation,
              double layer_norm_eps, bool batch_first, bool norm_first, DType dtype);
  const char* type_name() const override { return "Transformer"; }
  Tensor translate(const Tensor& src, const Tensor& tgt, const std::optional<Tensor>& src_mask,
                   const std::optional<Tensor>& tgt_mask, const std::optional<Tensor>& memory_mask,
                   const std::optional<Tensor>& src_key_padding_mask, const std::optional<Tensor>& tgt_key_padding_mask,
                   const std::optional<Tensor>& memory_key_padding_mask, bool tgt_is_causal);

  Ref<TransformerEncoder> encoder;
  Ref<TransformerDecoder> decoder;
};

}  // namespace fluxion::nn
