#include "fluxion/nn/transformer.h"

#include <cmath>

#include "fluxion/nn/init.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {

namespace {

// GPT-2's spread of weights, and the width it was chosen for: other widths keep the same spread of sums.
constexpr double kInitStd = 0.02;
constexpr double kInitWidth = 768;

}  // namespace

std::vector<std::string> choice_names(Positions) { return {"learned", "sinusoidal"}; }

MLP::MLP(std::int64_t embed_dim, std::int64_t hidden, double dropout, bool with_bias, GeluForm approximate, DType dtype)
    : c_fc(add<Linear>("c_fc", embed_dim, hidden, with_bias, dtype)),
      c_proj(add<Linear>("c_proj", hidden, embed_dim, with_bias, dtype)),
      drop(add<Dropout>("drop", dropout)),
      approximate_(approximate) {}

Tensor MLP::forward(const Tensor& x) { return (*drop)((*c_proj)(gelu((*c_fc)(x), approximate_))); }

TransformerBlock::TransformerBlock(std::int64_t embed_dim, std::int64_t num_heads, std::int64_t mlp_ratio,
                                   double dropout, bool is_causal, bool with_bias, GeluForm approximate, DType dtype)
    : ln_1(add<LayerNorm>("ln_1", Shape{embed_dim}, 1e-5, true, with_bias, dtype)),
      attn(add<MultiheadAttention>("attn", embed_dim, num_heads, dropout, with_bias, true, dtype)),
      ln_2(add<LayerNorm>("ln_2", Shape{embed_dim}, 1e-5, true, with_bias, dtype)),
      mlp(add<MLP>("mlp", embed_dim, mlp_ratio * embed_dim, dropout, with_bias, approximate, dtype)),
      drop(add<Dropout>("drop", dropout)),
      is_causal_(is_causal) {}

Tensor TransformerBlock::forward(const Tensor& x) {
  const Tensor normed = (*ln_1)(x);
  const Tensor y = x + (*drop)(attn->attend(normed, normed, normed, {}, {}, is_causal_));
  return y + (*mlp)((*ln_2)(y));
}

Tensor TransformerBlock::resume(const Tensor& x, const Tensor& keys, const Tensor& values, std::int64_t position) {
  const Tensor y = x + attn->resume((*ln_1)(x), keys, values, position);
  return y + (*mlp)((*ln_2)(y));
}

GPT::GPT(const GPTOptions& options) : options_(options) {
  const GPTOptions& o = options_;
  check_at_least("GPT", "vocabSize", o.vocab_size, 1);
  check_at_least("GPT", "nLayer", o.n_layer, 0);
  check_at_least("GPT", "nHead", o.n_head, 1);
  check_at_least("GPT", "nEmbd", o.n_embd, 1);
  check_at_least("GPT", "blockSize", o.block_size, 1);
  check_at_least("GPT", "mlpRatio", o.mlp_ratio, 1);
  check_probability("GPT", "dropout", o.dropout);
  check_float_dtype("GPT", o.dtype);
  if (o.n_embd % o.n_head != 0)
    throw ShapeError(str("GPT: nEmbd (", o.n_embd, ") must be a multiple of nHead (", o.n_head, ")"));

  wte = add<Embedding>("wte", o.vocab_size, o.n_embd, std::nullopt, o.dtype);
  if (o.positions == Positions::Learned)
    wpe = add<LearnedPositionalEmbedding>("wpe", o.block_size, o.n_embd, o.dtype);
  else
    wpe = add<SinusoidalPositionalEncoding>("wpe", o.n_embd, o.block_size, o.dtype);
  drop = add<Dropout>("drop", o.dropout);
  h = add<ModuleList>("h");
  for (std::int64_t i = 0; i < o.n_layer; ++i)
    h->append(
        make_ref<TransformerBlock>(o.n_embd, o.n_head, o.mlp_ratio, o.dropout, true, o.bias, o.approximate, o.dtype));
  ln_f = add<LayerNorm>("ln_f", Shape{o.n_embd}, 1e-5, true, o.bias, o.dtype);
  lm_head = add<Linear>("lm_head", o.n_embd, o.vocab_size, false, o.dtype);
  if (o.tie_weights) wte->set_parameter("weight", lm_head->weight);
  init_decoder_weights(*this, o.n_embd, o.n_layer, *lm_head, {"out_proj.weight", "c_proj.weight"});
}

// In the order in which PyTorch's Module.apply would draw.
void init_decoder_weights(Module& model, std::int64_t width, std::int64_t n_layer, const Module& head,
                          std::initializer_list<const char*> residual_ends) {
  const double std = kInitStd * std::sqrt(kInitWidth / static_cast<double>(width));
  model.apply([&head, std](Module& m) {
    for (const auto& [name, value] : m.named_parameters("", false)) {
      // A narrow head makes the first guesses nearly even.
      if (value.rank() == 2) init::normal_(value, 0, &m == &head ? kInitStd : std);
      if (name == "bias") init::zeros_(value);
    }
  });
  const double residual_std = std / std::sqrt(2.0 * static_cast<double>(n_layer));
  for (const auto& [name, weight] : model.named_parameters())
    for (const char* end : residual_ends)
      if (name.ends_with(end)) init::normal_(weight, 0, residual_std);
}

Tensor GPT::forward(const Tensor& ids) {
  if (ids.rank() != 1 && ids.rank() != 2)
    throw ShapeError(str("GPT: ids must be [N, T] or [T], they are ", ids.shape()));
  check_length(ids.size(-1));
  Tensor x = (*wte)(ids.rank() == 1 ? unsqueeze(ids, 0) : ids);
  x = (*drop)((*wpe)(x));
  for (const auto& [name, block] : h->named_children()) x = (*block)(x);
  const Tensor logits = (*lm_head)((*ln_f)(x));
  return ids.rank() == 1 ? squeeze(logits, 0) : logits;
}

void GPT::check_length(std::int64_t length) const {
  if (length > options_.block_size)
    throw ShapeError(str("GPT: a sequence of ", length, " is longer than the block size ", options_.block_size));
}

std::vector<Tensor> GPT::make_cache(std::int64_t batch, std::int64_t length) {
  std::vector<Tensor> cache;
  for (const auto& [name, block] : h->named_children())
    for (int i = 0; i < 2; ++i)
      cache.push_back(static_cast<TransformerBlock&>(*block).attn->make_cache(batch, length));
  return cache;
}

Tensor GPT::resume(const Tensor& ids, const std::vector<Tensor>& cache, std::int64_t position) {
  check_length(position + ids.size(1));
  Tensor x = wpe->from(position, (*wte)(ids));
  std::size_t i = 0;
  for (const auto& [name, block] : h->named_children()) {
    x = static_cast<TransformerBlock&>(*block).resume(x, cache[i], cache[i + 1], position);
    i += 2;
  }
  return (*lm_head)((*ln_f)(narrow(x, 1, ids.size(1) - 1, 1)));
}

std::vector<ModuleRow> transformer_module_rows() {
  return {
      module<TransformerBlock(std::int64_t, std::int64_t, std::int64_t, double, bool, bool, GeluForm, DType)>(
          "TransformerBlock", {"embedDim", "numHeads", "*mlpRatio=4", "*dropout=0", "*isCausal=true", "*bias=true",
                               "*approximate=\"tanh\"", "*dtype=\"float32\""})
          .doc("A pre-LN transformer block: attention and a two-layer perceptron, each around a residual. "
               "Causal "
               "unless told otherwise.")
          .formula("y = x + attn(ln_1(x)); y + mlp(ln_2(y))")
          .shapes("[N, T, embedDim], kept")
          .init("that of its parts")
          .errors("ShapeError when numHeads does not divide embedDim")
          .source("https://arxiv.org/abs/2002.04745")
          .fields({"ln_1", "attn", "ln_2", "mlp"})
          .example("new nn.TransformerBlock(8, 2).forward(zeros([1, 5, 8])).shape", "[1, 5, 8]")
          .sample("embedDim=6 numHeads=2", "[2,5,6]", "TransformerBlock(6, 2)")
          .sample("embedDim=4 numHeads=1 mlpRatio=2 isCausal=false bias=false approximate=none", "[1,3,4]",
                  "TransformerBlock(4, 1, mlp_ratio=2, causal=False, bias=False, approximate='none')"),
      module<GPT(std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::int64_t, double, bool, bool,
                 Positions, GeluForm, DType)>(
          "GPT",
          {"*vocabSize", "*nLayer=2", "*nHead=4", "*nEmbd=48", "*blockSize=48", "*mlpRatio=4", "*dropout=0",
           "*bias=true", "*tieWeights=false", "*positions=\"learned\"", "*approximate=\"tanh\"", "*dtype=\"float32\""})
          .doc("A decoder in GPT-2's form: token and position embedding, pre-LN blocks, a last layer norm, a "
               "linear "
               "head without bias.")
          .shapes("int32 ids [N, T] or [T] to logits […, T, vocabSize]; T at most blockSize")
          .init("N(0, σ²), σ = 0.02·√(768/nEmbd); weights that end a residual branch N(0, σ²/(2·nLayer)), the head "
                "N(0, 0.02²); biases 0")
          .errors("ShapeError when nHead does not divide nEmbd, or a sequence is longer than blockSize")
          .source("https://cdn.openai.com/better-language-models/"
                  "language_models_are_unsupervised_multitask_learners.pdf")
          .fields({"wte", "wpe", "h", "ln_f", "lm_head"})
          .example("new nn.GPT({ vocabSize: 11, nLayer: 1, nHead: 2, nEmbd: 8, blockSize: 6 })"
                   ".forward(zeros([1, 6], { dtype: 'int32' })).shape",
                   "[1, 6, 11]")
          .sample("vocabSize=11 nLayer=2 nHead=2 nEmbd=8 blockSize=6", "[2,6]:i(0,11)",
                  "GPT(vocab_size=11, n_layer=2, n_head=2, n_embd=8, block_size=6)")
          .sample("vocabSize=7 nLayer=1 nHead=1 nEmbd=4 blockSize=5 bias=false tieWeights=true", "[3]:i(0,7)",
                  "GPT(vocab_size=7, n_layer=1, n_head=1, n_embd=4, block_size=5, bias=False, tie_weights=True)")
          .sample("vocabSize=5 nLayer=1 nHead=2 nEmbd=6 blockSize=4 positions=sinusoidal approximate=none",
                  "[2,3]:i(0,5)",
                  "GPT(vocab_size=5, n_layer=1, n_head=2, n_embd=6, block_size=4, positions='sinusoidal', "
                  "approximate='none')"),
  };
}

}  // namespace fluxion::nn
