#include "fluxion/nn/encoder_decoder.h"

#include "fluxion/core/random.h"
#include "fluxion/nn/init.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {

std::vector<std::string> choice_names(FeedForward) { return {"relu", "gelu"}; }

TransformerLayer::TransformerLayer(const LayerOptions& o, bool decodes)
    : decodes_(decodes), norm_first_(o.norm_first), activation_(o.activation) {
  const char* name = type_name();
  check_at_least(name, "dModel", o.d_model, 1);
  check_at_least(name, "nhead", o.nhead, 1);
  check_at_least(name, "dimFeedforward", o.dim_feedforward, 1);
  check_probability(name, "dropout", o.dropout);
  check_float_dtype(name, o.dtype);
  if (o.d_model % o.nhead != 0)
    throw ShapeError(str(name, ": dModel (", o.d_model, ") must be a multiple of nhead (", o.nhead, ")"));
  const auto attention = [&](const char* key) {
    return add<MultiheadAttention>(key, o.d_model, o.nhead, o.dropout, true, o.batch_first, o.dtype);
  };
  const auto normed = [&](const char* key) {
    return add<LayerNorm>(key, Shape{o.d_model}, o.layer_norm_eps, true, true, o.dtype);
  };
  self_attn = attention("self_attn");
  if (decodes) multihead_attn = attention("multihead_attn");
  linear1 = add<Linear>("linear1", o.d_model, o.dim_feedforward, true, o.dtype);
  dropout_ = add<Dropout>("dropout", o.dropout);
  linear2 = add<Linear>("linear2", o.dim_feedforward, o.d_model, true, o.dtype);
  norm1 = normed("norm1");
  norm2 = normed("norm2");
  if (decodes) norm3 = normed("norm3");
  dropout1_ = add<Dropout>("dropout1", o.dropout);
  dropout2_ = add<Dropout>("dropout2", o.dropout);
  if (decodes) dropout3_ = add<Dropout>("dropout3", o.dropout);
}

template <class F>
Tensor TransformerLayer::around(const Tensor& x, LayerNorm& norm, Dropout& drop, F&& f) {
  return norm_first_ ? x + drop(f(norm(x))) : norm(x + drop(f(x)));
}

Tensor TransformerLayer::feed_forward(const Tensor& x) {
  return around(x, decodes_ ? *norm3 : *norm2, decodes_ ? *dropout3_ : *dropout2_, [&](const Tensor& y) {
    const Tensor wide = (*linear1)(y);
    return (*linear2)((*dropout_)(activation_ == FeedForward::Relu ? relu(wide) : gelu(wide)));
  });
}

Tensor TransformerLayer::run(const Tensor& x, const Masks& masks, const Tensor& memory, const Masks& memory_masks) {
  Tensor y = around(x, *norm1, *dropout1_, [&](const Tensor& q) {
    return self_attn->attend(q, q, q, masks.attention, masks.padding, masks.is_causal);
  });
  if (decodes_)
    y = around(y, *norm2, *dropout2_, [&](const Tensor& q) {
      return multihead_attn->attend(q, memory, memory, memory_masks.attention, memory_masks.padding);
    });
  return feed_forward(y);
}

Tensor TransformerLayer::resume(const Tensor& x, const Tensor* cache, std::int64_t position) {
  const Tensor y = around(x, *norm1, *dropout1_, [&](const Tensor& q) {
    return self_attn->resume(q, cache[0], cache[1], position);
  });
  return feed_forward(around(
      y, *norm2, *dropout2_, [&](const Tensor& q) { return multihead_attn->attend_to(q, cache[2], cache[3]); }));
}

TransformerStack::TransformerStack(const LayerOptions& options, std::int64_t num_layers, bool last_norm, bool decodes)
    : decodes_(decodes) {
  check_at_least(type_name(), "numLayers", num_layers, 1);
  layers = add<ModuleList>("layers");
  Generator::State after{};
  for (std::int64_t i = 0; i < num_layers; ++i) {
    if (decodes)
      layers->append(make_ref<TransformerDecoderLayer>(options));
    else
      layers->append(make_ref<TransformerEncoderLayer>(options));
    // The rest are copies of the first: they draw nothing of their own.
    if (i == 0)
      after = default_generator().state();
    else
      layer(static_cast<std::size_t>(i)).load_state_dict(layer(0).state_dict());
  }
  default_generator().set_state(after);
  if (last_norm)
    norm = add<LayerNorm>("norm", Shape{options.d_model}, options.layer_norm_eps, true, true, options.dtype);
}

Tensor TransformerStack::run(const Tensor& x, const Masks& masks, const Tensor& memory, const Masks& memory_masks) {
  Tensor y = x;
  for (std::size_t i = 0; i < layers->size(); ++i) y = layer(i).run(y, masks, memory, memory_masks);
  return norm ? (*norm)(y) : y;
}

Tensor TransformerDecoder::turned(const Tensor& x) const {
  if (x.rank() != 3)
    throw ShapeError(str("TransformerDecoder: a cache needs a batch: three dimensions, these are ", x.shape()));
  return batch_first_ ? x : transpose(x, 0, 1);
}

std::vector<Tensor> TransformerDecoder::make_cache(const Tensor& memory, std::int64_t length) {
  const NoGrad off;
  check_at_least("TransformerDecoder", "length", length, 1);
  const Tensor source = turned(memory);
  std::vector<Tensor> cache;
  for (std::size_t i = 0; i < layers->size(); ++i) {
    TransformerLayer& l = layer(i);
    for (int k = 0; k < 2; ++k) cache.push_back(l.self_attn->make_cache(source.size(0), length));
    for (int part = 1; part <= 2; ++part) cache.push_back(contiguous(l.multihead_attn->project(source, part)));
  }
  return cache;
}

Tensor TransformerDecoder::resume(const Tensor& tgt, const std::vector<Tensor>& cache, std::int64_t position) {
  const NoGrad off;
  if (cache.size() != 4 * layers->size())
    throw FluxionError(str("TransformerDecoder: the cache must hold ", 4 * layers->size(), " tensors, it holds ",
                           cache.size()));
  Tensor y = turned(tgt);
  for (std::size_t i = 0; i < layers->size(); ++i) y = layer(i).resume(y, &cache[4 * i], position);
  if (norm) y = (*norm)(y);
  return batch_first_ ? y : transpose(y, 0, 1);
}

Transformer::Transformer(std::int64_t d_model, std::int64_t nhead, std::int64_t num_encoder_layers,
                         std::int64_t num_decoder_layers, std::int64_t dim_feedforward, double dropout,
                         FeedForward activation, double layer_norm_eps, bool batch_first, bool norm_first,
                         DType dtype) {
  const LayerOptions options{d_model,        nhead,       dim_feedforward, dropout, activation,
                             layer_norm_eps, batch_first, norm_first,      dtype};
  encoder = add<TransformerEncoder>("encoder", options, num_encoder_layers, true);
  decoder = add<TransformerDecoder>("decoder", options, num_decoder_layers, true);
  for (const Tensor& p : parameters())
    if (p.rank() > 1) init::xavier_uniform_(p);
}

Tensor Transformer::translate(const Tensor& src, const Tensor& tgt, const std::optional<Tensor>& src_mask,
                              const std::optional<Tensor>& tgt_mask, const std::optional<Tensor>& memory_mask,
                              const std::optional<Tensor>& src_key_padding_mask,
                              const std::optional<Tensor>& tgt_key_padding_mask,
                              const std::optional<Tensor>& memory_key_padding_mask, bool tgt_is_causal) {
  const Tensor memory = encoder->run(src, {src_mask, src_key_padding_mask}, {}, {});
  return decoder->run(tgt, {tgt_mask, tgt_key_padding_mask, tgt_is_causal}, memory,
                      {memory_mask, memory_key_padding_mask});
}

std::vector<ModuleRow> encoder_decoder_module_rows() {
  using Int = std::int64_t;
  std::vector<ModuleRow> rows;
  const auto add = [&](ModuleRow row) {
    rows.push_back(row.source(str("https://pytorch.org/docs/stable/generated/torch.nn.", row.name, ".html"))
                       .errors("ShapeError when nhead does not divide dModel, or shapes do not fit"));
  };
  const std::initializer_list<std::string_view> layer_args = {
      "dModel", "nhead", "*dimFeedforward=2048", "*dropout=0.1", "*activation=\"relu\"", "*layerNormEps=1e-5",
      "*batchFirst=false", "*normFirst=false", "*dtype=\"float32\""};
  const std::initializer_list<std::string_view> stack_args = {
      "dModel", "nhead", "numLayers", "*dimFeedforward=2048", "*dropout=0.1", "*activation=\"relu\"",
      "*layerNormEps=1e-5", "*batchFirst=false", "*normFirst=false", "*norm=false", "*dtype=\"float32\""};
  const std::initializer_list<std::string_view> encode_args = {"src", "*mask=null", "*srcKeyPaddingMask=null",
                                                               "*isCausal=false"};
  const std::initializer_list<std::string_view> decode_args = {
      "tgt", "memory", "*tgtMask=null", "*memoryMask=null", "*tgtKeyPaddingMask=null", "*memoryKeyPaddingMask=null",
      "*tgtIsCausal=false"};
  const std::string shapes = "[T, N, dModel], or [N, T, dModel] with batchFirst, or [T, dModel]; kept";
  const std::string masks =
      " Masks [T, T] or [N·nhead, T, T] and key padding masks [N, T]: true hides, floats are added to the scores; "
      "a causal flag hides what comes later.";
  const std::string alike = " All layers start alike, as PyTorch's copies of one do.";
  const std::vector<std::string> encoder_fields = {"self_attn", "linear1", "linear2", "norm1", "norm2"};
  const std::vector<std::string> decoder_fields = {"self_attn", "multihead_attn", "linear1", "linear2",
                                                   "norm1",     "norm2",          "norm3"};
  add(module<TransformerEncoderLayer(Int, Int, Int, double, FeedForward, double, bool, bool, DType)>(
          "TransformerEncoderLayer", layer_args)
          .doc("Self-attention and a perceptron, each around a residual and normed: after it, or before with "
               "normFirst. forward(src) uses no masks, encode() does.")
          .formula("y = norm1(x + self_attn(x)); norm2(y + linear2(activation(linear1(y))))")
          .shapes(shapes)
          .init("those of its parts")
          .fields(encoder_fields)
          .method("encode", &TransformerEncoderLayer::encode, encode_args, "forward with masks." + masks)
          .example("new nn.TransformerEncoderLayer(8, 2, { dimFeedforward: 16 }).forward(zeros([5, 1, 8])).shape",
                   "[5, 1, 8]")
          .sample("dModel=6 nhead=2 dimFeedforward=8 dropout=0", "[4,2,6]",
                  "nn.TransformerEncoderLayer(6, 2, 8, dropout=0.0)")
          .sample("dModel=4 nhead=1 dimFeedforward=5 dropout=0 activation=gelu batchFirst=true normFirst=true "
                  "layerNormEps=0.01",
                  "[2,3,4]",
                  "nn.TransformerEncoderLayer(4, 1, 5, dropout=0.0, activation='gelu', batch_first=True, "
                  "norm_first=True, layer_norm_eps=0.01)"));
  add(module<TransformerDecoderLayer(Int, Int, Int, double, FeedForward, double, bool, bool, DType)>(
          "TransformerDecoderLayer", layer_args)
          .doc("Self-attention, attention to an encoder's memory and a perceptron, each around a residual and normed. "
               "decode() takes targets and memory.")
          .formula("y = norm1(x + self_attn(x)); z = norm2(y + multihead_attn(y, memory)); norm3(z + mlp(z))")
          .shapes(shapes)
          .init("those of its parts")
          .fields(decoder_fields)
          .method("decode", &TransformerDecoderLayer::decode, decode_args,
                  "From targets and memory to the targets' next form." + masks)
          .example("new nn.TransformerDecoderLayer(8, 2, { dimFeedforward: 16 })"
                   ".decode(zeros([3, 1, 8]), zeros([5, 1, 8])).shape",
                   "[3, 1, 8]")
          .sample("dModel=6 nhead=2 dimFeedforward=8 dropout=0", "[4,2,6]",
                  "SelfDecoder(nn.TransformerDecoderLayer(6, 2, 8, dropout=0.0))")
          .sample("dModel=4 nhead=1 dimFeedforward=5 dropout=0 activation=gelu batchFirst=true normFirst=true",
                  "[2,3,4]",
                  "SelfDecoder(nn.TransformerDecoderLayer(4, 1, 5, dropout=0.0, activation='gelu', batch_first=True, "
                  "norm_first=True))"));
  add(module<TransformerEncoder(Int, Int, Int, Int, double, FeedForward, double, bool, bool, bool, DType)>(
          "TransformerEncoder", stack_args)
          .doc("Encoder layers one after the other, and a last layer norm with norm: true." + alike +
               " Made of sizes, where PyTorch takes a layer.")
          .shapes(shapes)
          .init("those of a layer")
          .fields({"layers", "norm"})
          .method("encode", &TransformerEncoder::encode, encode_args, "forward with masks." + masks)
          .example("new nn.TransformerEncoder(8, 2, 3, { dimFeedforward: 16 }).forward(zeros([5, 1, 8])).shape",
                   "[5, 1, 8]")
          .sample("dModel=6 nhead=2 numLayers=2 dimFeedforward=8 dropout=0 norm=true", "[4,2,6]",
                  "nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8, dropout=0.0), 2, nn.LayerNorm(6))"));
  add(module<TransformerDecoder(Int, Int, Int, Int, double, FeedForward, double, bool, bool, bool, DType)>(
          "TransformerDecoder", stack_args)
          .doc("Decoder layers one after the other, and a last layer norm with norm: true." + alike +
               " Made of sizes, where PyTorch takes a layer.")
          .shapes(shapes)
          .init("those of a layer")
          .fields({"layers", "norm"})
          .method("decode", &TransformerDecoder::decode, decode_args,
                  "From targets and memory to the targets' next form." + masks)
          .method("make_cache", &TransformerDecoder::make_cache, {"memory", "length"},
                  "What resume() needs to decode up to `length` targets one after the other: buffers for their keys "
                  "and values, and those of the memory.")
          .method("resume", &TransformerDecoder::resume, {"tgt", "cache", "position"},
                  "decode() of targets that stand at `position` behind those of earlier calls, each seeing those "
                  "before it. Their keys and values are written into the cache; without gradient.")
          .example("new nn.TransformerDecoder(8, 2, 3, { dimFeedforward: 16 })"
                   ".decode(zeros([3, 1, 8]), zeros([5, 1, 8])).shape",
                   "[3, 1, 8]")
          .sample("dModel=6 nhead=2 numLayers=2 dimFeedforward=8 dropout=0 norm=true", "[4,2,6]",
                  "SelfDecoder(nn.TransformerDecoder(nn.TransformerDecoderLayer(6, 2, 8, dropout=0.0), 2, "
                  "nn.LayerNorm(6)))"));
  add(module<Transformer(Int, Int, Int, Int, Int, double, FeedForward, double, bool, bool, DType)>(
          "Transformer", {"dModel=512", "nhead=8", "*numEncoderLayers=6", "*numDecoderLayers=6", "*dimFeedforward=2048",
                          "*dropout=0.1", "*activation=\"relu\"", "*layerNormEps=1e-5", "*batchFirst=false",
                          "*normFirst=false", "*dtype=\"float32\""})
          .doc("Encoder and decoder, each with a last layer norm. translate() takes sources and targets, both "
               "embedded.")
          .shapes("src [S, N, dModel] and tgt [T, N, dModel], or with the batch first; the result as tgt")
          .init("weights of two dimensions xavier uniform, the rest as their modules")
          .fields({"encoder", "decoder"})
          .method("translate", &Transformer::translate,
                  {"src", "tgt", "*srcMask=null", "*tgtMask=null", "*memoryMask=null", "*srcKeyPaddingMask=null",
                   "*tgtKeyPaddingMask=null", "*memoryKeyPaddingMask=null", "*tgtIsCausal=false"},
                  "From sources and targets to what follows each target." + masks)
          .example("new nn.Transformer(8, 2, { numEncoderLayers: 1, numDecoderLayers: 1, dimFeedforward: 16 })"
                   ".translate(zeros([5, 1, 8]), zeros([3, 1, 8])).shape",
                   "[3, 1, 8]")
          .sample("dModel=6 nhead=2 numEncoderLayers=2 numDecoderLayers=1 dimFeedforward=8 dropout=0", "[4,2,6]",
                  "SelfDecoder(nn.Transformer(6, 2, 2, 1, 8, dropout=0.0))"));
  return rows;
}

}  // namespace fluxion::nn
