#include "fluxion/nn/llama.h"

#include <cmath>

#include "fluxion/nn/init.h"
#include "fluxion/nn/rows.h"
#include "fluxion/nn/transformer.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {
namespace {

void check_sequence(const char* module, const Tensor& x, std::int64_t width) {
  if (x.rank() != 3 || x.size(2) != width)
    throw ShapeError(str(module, ": the input must be [N, T, ", width, "], it is ", x.shape()));
}

// x [N, heads, T, D], whose first place is place `position`.
Tensor turned_from(const Tensor& x, std::int64_t position, double base) {
  if (position == 0) return rotary_embedding(x, {}, base);
  std::vector<std::int32_t> places;
  for (std::int64_t t = 0; t < x.size(2); ++t) places.push_back(static_cast<std::int32_t>(position + t));
  return rotary_embedding(x, Tensor::from(places, {x.size(2)}), base);
}

}  // namespace

SingleHeadAttention::SingleHeadAttention(std::int64_t embed_dim, std::optional<std::int64_t> head_dim, bool is_causal,
                                         bool with_bias, DType dtype)
    : is_causal_(is_causal) {
  check_at_least("SingleHeadAttention", "embedDim", embed_dim, 1);
  const std::int64_t width = head_dim.value_or(embed_dim);
  check_at_least("SingleHeadAttention", "headDim", width, 1);
  query = add<Linear>("query", embed_dim, width, with_bias, dtype);
  key = add<Linear>("key", embed_dim, width, with_bias, dtype);
  value = add<Linear>("value", embed_dim, width, with_bias, dtype);
}

Tensor SingleHeadAttention::forward(const Tensor& x) {
  check_sequence("SingleHeadAttention", x, query->weight.size(1));
  const auto head = [&](Linear& projection) { return unsqueeze(projection(x), 1); };
  return squeeze(scaled_dot_product_attention(head(*query), head(*key), head(*value), {}, 0, is_causal_), 1);
}

GroupedQueryAttention::GroupedQueryAttention(const GroupedQueryOptions& options)
    : options_(options), kv_heads_(options.num_kv_heads.value_or(options.num_heads)) {
  const char* name = "GroupedQueryAttention";
  check_at_least(name, "embedDim", options.embed_dim, 1);
  check_at_least(name, "numHeads", options.num_heads, 1);
  check_at_least(name, "numKvHeads", kv_heads_, 1);
  if (options.embed_dim % options.num_heads != 0 || options.num_heads % kv_heads_ != 0)
    throw ShapeError(str(name, ": embedDim (", options.embed_dim, ") must be a multiple of numHeads (",
                         options.num_heads, "), and that of numKvHeads (", kv_heads_, ")"));
  const std::int64_t width = options.embed_dim / options.num_heads;
  if (options.rotary && width % 2 != 0)
    throw ShapeError(str(name, ": rotary positions need an even width of heads, it is ", width));
  const auto projection = [&](const char* key, std::int64_t out) {
    return add<Linear>(key, options.embed_dim, out, options.bias, options.dtype);
  };
  q_proj = projection("q_proj", options.embed_dim);
  k_proj = projection("k_proj", width * kv_heads_);
  v_proj = projection("v_proj", width * kv_heads_);
  o_proj = projection("o_proj", options.embed_dim);
}

std::string GroupedQueryAttention::extra_repr() const {
  return str("num_heads=", options_.num_heads, ", num_kv_heads=", kv_heads_);
}

Tensor GroupedQueryAttention::turned(Linear& projection, const Tensor& x, std::int64_t heads,
                                     std::int64_t position) const {
  const Tensor parts = split_heads(projection(x), heads);
  return options_.rotary ? turned_from(parts, position, options_.rotary_base) : parts;
}

Tensor GroupedQueryAttention::forward(const Tensor& x) {
  check_sequence("GroupedQueryAttention", x, options_.embed_dim);
  const Tensor q = turned(*q_proj, x, options_.num_heads, 0), k = turned(*k_proj, x, kv_heads_, 0);
  return (*o_proj)(join_heads(scaled_dot_product_attention(q, k, split_heads((*v_proj)(x), kv_heads_), {}, 0,
                                                           options_.is_causal, {}, kv_heads_ != options_.num_heads)));
}

Tensor GroupedQueryAttention::resume(const Tensor& x, const Tensor& keys, const Tensor& values,
                                     std::int64_t position) {
  const Tensor q = turned(*q_proj, x, options_.num_heads, position), k = turned(*k_proj, x, kv_heads_, position);
  return (*o_proj)(join_heads(
      attend_cached(type_name(), q, k, split_heads((*v_proj)(x), kv_heads_), keys, values, position)));
}

Tensor GroupedQueryAttention::make_cache(std::int64_t batch, std::int64_t length) const {
  return zeros({batch, kv_heads_, length, options_.embed_dim / options_.num_heads}, options_.dtype);
}

MultiheadLatentAttention::MultiheadLatentAttention(std::int64_t embed_dim, std::int64_t num_heads, std::int64_t kv_rank,
                                                   std::optional<std::int64_t> q_rank,
                                                   std::optional<std::int64_t> head_dim, std::int64_t rotary_dim,
                                                   double rotary_base, bool is_causal, DType dtype)
    : num_heads_(num_heads),
      kv_rank_(kv_rank),
      head_dim_(head_dim.value_or(num_heads > 0 ? embed_dim / num_heads : 0)),
      rotary_dim_(rotary_dim),
      rotary_base_(rotary_base),
      is_causal_(is_causal) {
  const char* name = "MultiheadLatentAttention";
  check_at_least(name, "embedDim", embed_dim, 1);
  check_at_least(name, "numHeads", num_heads, 1);
  check_at_least(name, "kvRank", kv_rank, 1);
  check_at_least(name, "qRank", q_rank.value_or(1), 1);
  check_at_least(name, "headDim", head_dim_, 1);
  if (rotary_dim < 2 || rotary_dim % 2 != 0)
    throw ShapeError(str(name, ": rotaryDim must be even and at least 2, it is ", rotary_dim));
  const std::int64_t queries = num_heads * (head_dim_ + rotary_dim);
  if (q_rank) {
    q_a_proj = add<Linear>("q_a_proj", embed_dim, *q_rank, false, dtype);
    q_a_norm = add<RMSNorm>("q_a_layernorm", Shape{*q_rank}, 1e-6, true, dtype);
  }
  q_b_proj = add<Linear>(q_rank ? "q_b_proj" : "q_proj", q_rank.value_or(embed_dim), queries, false, dtype);
  kv_a_proj = add<Linear>("kv_a_proj_with_mqa", embed_dim, kv_rank + rotary_dim, false, dtype);
  kv_a_norm = add<RMSNorm>("kv_a_layernorm", Shape{kv_rank}, 1e-6, true, dtype);
  kv_b_proj = add<Linear>("kv_b_proj", kv_rank, num_heads * 2 * head_dim_, false, dtype);
  o_proj = add<Linear>("o_proj", num_heads * head_dim_, embed_dim, false, dtype);
}

Tensor MultiheadLatentAttention::forward(const Tensor& x) {
  check_sequence("MultiheadLatentAttention", x, kv_a_proj->weight.size(1));
  const Tensor q = split_heads((*q_b_proj)(q_a_proj ? (*q_a_norm)((*q_a_proj)(x)) : x), num_heads_);
  const Tensor latent = (*kv_a_proj)(x);
  const Tensor kv = split_heads((*kv_b_proj)((*kv_a_norm)(narrow(latent, 2, 0, kv_rank_))), num_heads_);
  const Tensor shared = rotary_embedding(unsqueeze(narrow(latent, 2, kv_rank_, rotary_dim_), 1), {}, rotary_base_);
  const Tensor turned = rotary_embedding(narrow(q, 3, head_dim_, rotary_dim_), {}, rotary_base_);
  const Tensor queries = cat({narrow(q, 3, 0, head_dim_), turned}, 3);
  const Tensor keys = cat({narrow(kv, 3, 0, head_dim_), expand(shared, turned.shape())}, 3);
  return (*o_proj)(join_heads(
      scaled_dot_product_attention(queries, keys, narrow(kv, 3, head_dim_, head_dim_), {}, 0, is_causal_)));
}

Tensor LastPosition::forward(const Tensor& x) { return select(x, dim_, -1); }

SwiGLU::SwiGLU(std::int64_t dim, std::int64_t hidden, DType dtype) {
  check_at_least("SwiGLU", "dim", dim, 1);
  check_at_least("SwiGLU", "hidden", hidden, 1);
  gate_proj = add<Linear>("gate_proj", dim, hidden, false, dtype);
  up_proj = add<Linear>("up_proj", dim, hidden, false, dtype);
  down_proj = add<Linear>("down_proj", hidden, dim, false, dtype);
}

Tensor SwiGLU::forward(const Tensor& x) { return (*down_proj)(silu((*gate_proj)(x)) * (*up_proj)(x)); }

LlamaBlock::LlamaBlock(std::int64_t embed_dim, std::int64_t num_heads, std::optional<std::int64_t> num_kv_heads,
                       std::int64_t hidden, double norm_eps, double rotary_base, DType dtype) {
  const GroupedQueryOptions attention{.embed_dim = embed_dim,
                                      .num_heads = num_heads,
                                      .num_kv_heads = num_kv_heads,
                                      .rotary_base = rotary_base,
                                      .dtype = dtype};
  input_layernorm = add<RMSNorm>("input_layernorm", Shape{embed_dim}, norm_eps, true, dtype);
  self_attn = add<GroupedQueryAttention>("self_attn", attention);
  post_attention_layernorm = add<RMSNorm>("post_attention_layernorm", Shape{embed_dim}, norm_eps, true, dtype);
  mlp = add<SwiGLU>("mlp", embed_dim, hidden, dtype);
}

Tensor LlamaBlock::forward(const Tensor& x) {
  const Tensor y = x + (*self_attn)((*input_layernorm)(x));
  return y + (*mlp)((*post_attention_layernorm)(y));
}

Tensor LlamaBlock::resume(const Tensor& x, const Tensor& keys, const Tensor& values, std::int64_t position) {
  const Tensor y = x + self_attn->resume((*input_layernorm)(x), keys, values, position);
  return y + (*mlp)((*post_attention_layernorm)(y));
}

Llama::Llama(std::int64_t vocab_size, std::int64_t n_layer, std::int64_t n_head, std::optional<std::int64_t> n_kv_head,
             std::int64_t n_embd, std::int64_t hidden, std::int64_t block_size, double norm_eps, double rotary_base,
             bool tie_weights, DType dtype)
    : block_size_(block_size) {
  check_at_least("Llama", "vocabSize", vocab_size, 1);
  check_at_least("Llama", "nLayer", n_layer, 0);
  check_at_least("Llama", "nEmbd", n_embd, 1);
  check_at_least("Llama", "blockSize", block_size, 1);
  embed_tokens = add<Embedding>("embed_tokens", vocab_size, n_embd, std::nullopt, dtype);
  layers = add<ModuleList>("layers");
  for (std::int64_t i = 0; i < n_layer; ++i)
    layers->append(make_ref<LlamaBlock>(n_embd, n_head, n_kv_head, hidden, norm_eps, rotary_base, dtype));
  norm = add<RMSNorm>("norm", Shape{n_embd}, norm_eps, true, dtype);
  lm_head = add<Linear>("lm_head", n_embd, vocab_size, false, dtype);
  if (tie_weights) embed_tokens->set_parameter("weight", lm_head->weight);
  init_decoder_weights(*this, n_embd, n_layer, *lm_head, {"o_proj.weight", "down_proj.weight"});
}

void Llama::check_length(std::int64_t length) const {
  if (length > block_size_)
    throw ShapeError(str("Llama: a sequence of ", length, " is longer than the block size ", block_size_));
}

Tensor Llama::forward(const Tensor& ids) {
  if (ids.rank() != 1 && ids.rank() != 2)
    throw ShapeError(str("Llama: ids must be [N, T] or [T], they are ", ids.shape()));
  check_length(ids.size(-1));
  Tensor x = (*embed_tokens)(ids.rank() == 1 ? unsqueeze(ids, 0) : ids);
  for (const auto& [name, block] : layers->named_children()) x = (*block)(x);
  const Tensor logits = (*lm_head)((*norm)(x));
  return ids.rank() == 1 ? squeeze(logits, 0) : logits;
}

std::vector<Tensor> Llama::make_cache(std::int64_t batch, std::int64_t length) {
  std::vector<Tensor> cache;
  for (const auto& [name, block] : layers->named_children())
    for (int i = 0; i < 2; ++i)
      cache.push_back(static_cast<LlamaBlock&>(*block).self_attn->make_cache(batch, length));
  return cache;
}

Tensor Llama::resume(const Tensor& ids, const std::vector<Tensor>& cache, std::int64_t position) {
  check_length(position + ids.size(1));
  Tensor x = (*embed_tokens)(ids);
  std::size_t i = 0;
  for (const auto& [name, block] : layers->named_children()) {
    x = static_cast<LlamaBlock&>(*block).resume(x, cache[i], cache[i + 1], position);
    i += 2;
  }
  return (*lm_head)((*norm)(narrow(x, 1, ids.size(1) - 1, 1)));
}

std::vector<ModuleRow> llama_module_rows() {
  using Int = std::int64_t;
  using MaybeInt = std::optional<std::int64_t>;
  return {
      module<SingleHeadAttention(Int, MaybeInt, bool, bool, DType)>(
          "SingleHeadAttention",
          {"embedDim", "headDim=null", "*isCausal=false", "*bias=false", "*dtype=\"float32\""})
          .doc("Attention of one head: three linear maps and no more. headDim is embedDim unless given.")
          .formula("softmax(query(x)·key(x)ᵀ/√headDim)·value(x)")
          .shapes("[N, T, embedDim] to [N, T, headDim]")
          .init("as Linear")
          .errors("ShapeError when the input is not [N, T, embedDim]")
          .source("https://arxiv.org/abs/1706.03762")
          .fields({"query", "key", "value"})
          .example("new nn.SingleHeadAttention(8, 4).forward(zeros([1, 5, 8])).shape", "[1, 5, 4]")
          .sample("embedDim=6 headDim=4", "[2,5,6]", "SingleHeadAttention(6, 4)")
          .sample("embedDim=3 isCausal=true bias=true", "[2,4,3]", "SingleHeadAttention(3, 3, causal=True, bias=True)"),
      module<GroupedQueryAttention(Int, Int, MaybeInt, bool, double, bool, bool, DType)>(
          "GroupedQueryAttention", {"embedDim", "numHeads", "numKvHeads=null", "*rotary=true", "*rotaryBase=10000",
                                    "*isCausal=true", "*bias=false", "*dtype=\"float32\""})
          .doc("Self-attention with rotary positions, in which groups of query heads share one head of keys and "
               "values: numKvHeads 1 is multi-query attention, as many as numHeads (the default) multi-head attention.")
          .formula("concat over heads of softmax(R(Q)·R(K)ᵀ/√d)·V, then o_proj; R turns by the place")
          .shapes("[N, T, embedDim], kept")
          .init("as Linear")
          .errors("ShapeError when numHeads does not divide embedDim, or numKvHeads numHeads; or when the input is not "
                  "[N, T, embedDim]")
          .source("https://arxiv.org/abs/2305.13245")
          .fields({"q_proj", "k_proj", "v_proj", "o_proj"})
          .example("new nn.GroupedQueryAttention(8, 4, 2).forward(zeros([1, 5, 8])).shape", "[1, 5, 8]")
          .sample("embedDim=8 numHeads=4 numKvHeads=2", "[2,5,8]", "GroupedQueryAttention(8, 4, 2)")
          .sample("embedDim=6 numHeads=3 numKvHeads=1 rotary=false isCausal=false bias=true", "[1,4,6]",
                  "GroupedQueryAttention(6, 3, 1, rotary=False, causal=False, bias=True)")
          .sample("embedDim=4 numHeads=2 rotaryBase=100", "[2,3,4]", "GroupedQueryAttention(4, 2, 2, base=100.0)"),
      module<MultiheadLatentAttention(Int, Int, Int, MaybeInt, MaybeInt, Int, double, bool, DType)>(
          "MultiheadLatentAttention", {"embedDim", "numHeads", "*kvRank", "*qRank=null", "*headDim=null", "*rotaryDim",
                                       "*rotaryBase=10000", "*isCausal=true", "*dtype=\"float32\""})
          .doc("Self-attention whose keys and values are made of one narrow latent for each place, of kvRank numbers, "
               "beside a rotary key of rotaryDim numbers that all heads share; queries of a latent too with qRank. "
               "headDim is embedDim/numHeads unless given.")
          .formula("c = norm(x·W_a); k = [c·W_k; R(x·W_r)], v = c·W_v; softmax(q·kᵀ/√(headDim + rotaryDim))·v")
          .shapes("[N, T, embedDim], kept")
          .init("as Linear; norms 1")
          .errors("ShapeError when a size is below 1, rotaryDim is odd or the input is not [N, T, embedDim]")
          .source("https://arxiv.org/abs/2405.04434")
          .example("new nn.MultiheadLatentAttention(8, 2, { kvRank: 3, rotaryDim: 2 }).forward(zeros([1, 5, 8])).shape",
                   "[1, 5, 8]")
          .sample("embedDim=8 numHeads=2 kvRank=3 rotaryDim=2", "[2,5,8]",
                  "MultiheadLatentAttention(8, 2, kv_rank=3, rotary_dim=2)")
          .sample("embedDim=6 numHeads=3 kvRank=4 qRank=5 headDim=3 rotaryDim=4 isCausal=false dtype=float64",
                  "[1,4,6]",
                  "wide(MultiheadLatentAttention, 6, 3, kv_rank=4, q_rank=5, head_dim=3, rotary_dim=4, causal=False)"),
      module<LastPosition(Int)>("LastPosition", {"dim=1"})
          .doc("The last place of a sequence, for a model that reads all of it and answers once.")
          .shapes("[N, T, …] to [N, …]; the dimension dim is the one that goes")
          .source("https://pytorch.org/docs/stable/generated/torch.select.html")
          .example("new nn.LastPosition().forward(tensor([[[1], [2], [3]]])).toArray()", "[[3]]")
          .sample("", "[2,5,3]", "LastPosition()")
          .sample("dim=0", "[4,3]", "LastPosition(0)"),
      module<SwiGLU(Int, Int, DType)>("SwiGLU", {"dim", "hidden", "*dtype=\"float32\""})
          .doc("LLaMA's perceptron: a gated hidden layer, without biases.")
          .formula("down_proj(silu(gate_proj(x))·up_proj(x))")
          .shapes("[…, dim], kept")
          .init("as Linear")
          .errors("ShapeError when a size is below 1, or the input's last size is not dim")
          .source("https://arxiv.org/abs/2002.05202")
          .fields({"gate_proj", "up_proj", "down_proj"})
          .example("new nn.SwiGLU(4, 6).forward(zeros([2, 4])).shape", "[2, 4]")
          .sample("dim=4 hidden=7", "[2,3,4]", "SwiGLU(4, 7)"),
      module<LlamaBlock(Int, Int, MaybeInt, Int, double, double, DType)>(
          "LlamaBlock", {"embedDim", "numHeads", "*numKvHeads=null", "*hidden", "*normEps=1e-6", "*rotaryBase=10000",
                         "*dtype=\"float32\""})
          .doc("LLaMA's block: grouped-query attention with rotary positions and a SwiGLU, each behind an RMS norm and "
               "around a residual.")
          .formula("y = x + self_attn(input_layernorm(x)); y + mlp(post_attention_layernorm(y))")
          .shapes("[N, T, embedDim], kept")
          .init("those of its parts")
          .errors("ShapeError when numHeads does not divide embedDim, or numKvHeads numHeads")
          .source("https://arxiv.org/abs/2302.13971")
          .fields({"input_layernorm", "self_attn", "post_attention_layernorm", "mlp"})
          .example("new nn.LlamaBlock(8, 2, { hidden: 12 }).forward(zeros([1, 5, 8])).shape", "[1, 5, 8]")
          .sample("embedDim=8 numHeads=4 numKvHeads=2 hidden=12", "[2,5,8]", "LlamaBlock(8, 4, 2, 12)"),
      module<Llama(Int, Int, Int, MaybeInt, Int, Int, Int, double, double, bool, DType)>(
          "Llama", {"*vocabSize", "*nLayer=2", "*nHead=4", "*nKvHead=null", "*nEmbd=48", "*hidden=128",
                    "*blockSize=1024", "*normEps=1e-6", "*rotaryBase=10000", "*tieWeights=false", "*dtype=\"float32\""})
          .doc("A decoder in LLaMA's form: token embedding, blocks, a last RMS norm, a linear head without bias.")
          .shapes("int32 ids [N, T] or [T] to logits […, T, vocabSize]; T at most blockSize")
          .init("N(0, σ²), σ = 0.02·√(768/nEmbd); weights that end a residual branch N(0, σ²/(2·nLayer)), the head "
                "N(0, 0.02²); norms 1")
          .errors("ShapeError when nHead does not divide nEmbd, or nKvHead nHead, or a sequence is longer than "
                  "blockSize")
          .source("https://arxiv.org/abs/2302.13971")
          .fields({"embed_tokens", "layers", "norm", "lm_head"})
          .example("new nn.Llama({ vocabSize: 11, nLayer: 1, nHead: 2, nEmbd: 8, hidden: 12 })"
                   ".forward(zeros([1, 6], { dtype: 'int32' })).shape",
                   "[1, 6, 11]")
          .sample("vocabSize=11 nLayer=2 nHead=4 nKvHead=2 nEmbd=8 hidden=12 dtype=float64", "[2,6]:i(0,11)",
                  "wide(Llama, 11, 2, 4, 2, 8, 12)")
          .sample("vocabSize=7 nLayer=1 nHead=1 nEmbd=4 hidden=6 tieWeights=true normEps=0.01 rotaryBase=500 "
                  "dtype=float64",
                  "[3]:i(0,7)", "wide(Llama, 7, 1, 1, 1, 4, 6, tie_weights=True, eps=0.01, base=500.0)"),
  };
}

}  // namespace fluxion::nn
