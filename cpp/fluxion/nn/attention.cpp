#include "fluxion/nn/attention.h"

#include <cmath>
#include <limits>

#include "fluxion/nn/init.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {
namespace {

constexpr double kHidden = -std::numeric_limits<double>::infinity();

// Zeros, and minus infinity where `hides` is true.
Tensor as_float_mask(const Tensor& hides, DType dtype) {
  return hides.dtype() == DType::Bool ? masked_fill(zeros_like(hides, dtype), hides, kHidden) : hides;
}

}  // namespace

MultiheadAttention::MultiheadAttention(std::int64_t embed_dim, std::int64_t num_heads, double dropout, bool with_bias,
                                       bool batch_first, DType dtype)
    : embed_dim_(embed_dim), num_heads_(num_heads), dropout_(dropout), batch_first_(batch_first) {
  check_at_least("MultiheadAttention", "embedDim", embed_dim, 1);
  check_at_least("MultiheadAttention", "numHeads", num_heads, 1);
  check_probability("MultiheadAttention", "dropout", dropout);
  check_float_dtype("MultiheadAttention", dtype);
  if (embed_dim % num_heads != 0)
    throw ShapeError(
        str("MultiheadAttention: embedDim (", embed_dim, ") must be a multiple of numHeads (", num_heads, ")"));
  in_proj_weight = Tensor::empty({3 * embed_dim, embed_dim}, dtype);
  if (with_bias) in_proj_bias = zeros({3 * embed_dim}, dtype);
  register_parameter("in_proj_weight", in_proj_weight);
  register_parameter("in_proj_bias", in_proj_bias);
  // torch draws out_proj first.
  out_proj = add<Linear>("out_proj", embed_dim, embed_dim, with_bias, dtype);
  init::xavier_uniform_(in_proj_weight);
  if (with_bias) init::zeros_(out_proj->bias);
}

std::string MultiheadAttention::extra_repr() const {
  return str("embed_dim=", embed_dim_, ", num_heads=", num_heads_, ", dropout=", dropout_,
             ", batch_first=", python_bool(batch_first_));
}

Tensor MultiheadAttention::batched(const Tensor& x) const {
  if (x.rank() == 2) return unsqueeze(x, 0);
  return batch_first_ ? x : transpose(x, 0, 1);
}

Tensor MultiheadAttention::project(const Tensor& x, int part) const {
  const std::int64_t start = part * embed_dim_;
  const Tensor bias = in_proj_bias.defined() ? narrow(in_proj_bias, 0, start, embed_dim_) : Tensor();
  return split_heads(linear(x, narrow(in_proj_weight, 0, start, embed_dim_), maybe(bias)), num_heads_);
}

std::vector<Tensor> MultiheadAttention::project_all(const Tensor& x) const {
  const Tensor all = reshape(linear(x, in_proj_weight, maybe(in_proj_bias)),
                             {x.size(0), x.size(1), 3, num_heads_, embed_dim_ / num_heads_});
  return unbind(permute(all, {2, 0, 3, 1, 4}), 0);
}

void MultiheadAttention::check_input(const char* argument, const Tensor& x, const Tensor& query) const {
  if ((x.rank() != 2 && x.rank() != 3) || x.size(-1) != embed_dim_)
    throw ShapeError(str("MultiheadAttention: ", argument, " must be ", batch_first_ ? "[N, T, " : "[T, N, ",
                         embed_dim_, "] or [T, ", embed_dim_, "], it is ", x.shape()));
  if (x.rank() != query.rank() || (x.rank() == 3 && x.size(batch_first_ ? 0 : 1) != query.size(batch_first_ ? 0 : 1)))
    throw ShapeError(
        str("MultiheadAttention: the batches of query ", query.shape(), " and ", argument, " ", x.shape(), " differ"));
}

std::optional<Tensor> MultiheadAttention::merged_mask(const Tensor& query, const Tensor& key,
                                                      const std::optional<Tensor>& attn_mask,
                                                      const std::optional<Tensor>& key_padding_mask) const {
  const std::int64_t batch = query.size(0), targets = query.size(1), sources = key.size(1);
  Tensor mask;
  if (attn_mask) {
    const Shape each = {targets, sources}, per_head = {batch * num_heads_, targets, sources};
    if (!(attn_mask->shape() == each) && !(attn_mask->shape() == per_head))
      throw ShapeError(
          str("MultiheadAttention: attnMask must be ", each, " or ", per_head, ", it is ", attn_mask->shape()));
    mask = as_float_mask(*attn_mask, query.dtype());
    if (mask.rank() == 3) mask = reshape(mask, {batch, num_heads_, targets, sources});
  }
  if (key_padding_mask) {
    const Tensor& hides = *key_padding_mask;
    const bool fits =
        hides.rank() == 2 ? hides.shape() == Shape{batch, sources} : batch == 1 && hides.shape() == Shape{sources};
    if (!fits)
      throw ShapeError(
          str("MultiheadAttention: keyPaddingMask must be ", Shape{batch, sources}, ", it is ", hides.shape()));
    const Tensor padding = reshape(as_float_mask(hides, query.dtype()), {batch, 1, 1, sources});
    mask = mask.defined() ? mask + padding : padding;
  }
  return maybe(mask);
}

Tensor MultiheadAttention::attend(const Tensor& query, const Tensor& key, const Tensor& value,
                                  const std::optional<Tensor>& attn_mask, const std::optional<Tensor>& key_padding_mask,
                                  bool is_causal) {
  check_input("query", query, query);
  check_input("key", key, query);
  check_input("value", value, query);
  const Tensor q = batched(query), k = key.same_as(query) ? q : batched(key);
  const Tensor v = value.same_as(query) ? q : value.same_as(key) ? k : batched(value);
  if (k.size(1) != v.size(1))
    throw ShapeError(
        str("MultiheadAttention: the lengths of key ", key.shape(), " and value ", value.shape(), " differ"));
  std::optional<Tensor> mask = merged_mask(q, k, attn_mask, key_padding_mask);
  if (mask && is_causal) {
    const Tensor later = triu(ones({q.size(1), k.size(1)}, DType::Bool), 1);
    mask = *mask + as_float_mask(later, q.dtype());
  }

  Tensor queries, keys, values;
  if (key.same_as(query) && value.same_as(query)) {
    const std::vector<Tensor> parts = project_all(q);
    queries = parts[0];
    keys = parts[1];
    values = parts[2];
  } else {
    queries = project(q, 0);
    keys = project(k, 1);
    values = project(v, 2);
  }
  const Tensor mixed =
      scaled_dot_product_attention(queries, keys, values, mask, training() ? dropout_ : 0, is_causal && !mask);
  const Tensor out = merged(mixed);
  if (query.rank() == 2) return squeeze(out, 0);
  return batch_first_ ? out : transpose(out, 0, 1);
}

Tensor MultiheadAttention::merged(const Tensor& heads) const { return (*out_proj)(join_heads(heads)); }

Tensor MultiheadAttention::make_cache(std::int64_t batch, std::int64_t length) const {
  return zeros({batch, num_heads_, length, embed_dim_ / num_heads_}, in_proj_weight.dtype());
}

Tensor MultiheadAttention::resume(const Tensor& x, const Tensor& keys, const Tensor& values, std::int64_t position) {
  const std::vector<Tensor> parts = project_all(x);
  return merged(attend_cached(type_name(), parts[0], parts[1], parts[2], keys, values, position));
}

Tensor MultiheadAttention::attend_to(const Tensor& x, const Tensor& keys, const Tensor& values,
                                     const std::optional<Tensor>& mask) {
  return merged(scaled_dot_product_attention(project(x, 0), keys, values, mask));
}

Tensor split_heads(const Tensor& x, std::int64_t heads) {
  return transpose(reshape(x, {x.size(0), x.size(1), heads, x.size(2) / heads}), 1, 2);
}

Tensor join_heads(const Tensor& x) {
  return reshape(transpose(x, 1, 2), {x.size(0), x.size(2), x.size(1) * x.size(3)});
}

Tensor attend_cached(const char* module, const Tensor& query, const Tensor& key, const Tensor& value,
                     const Tensor& keys, const Tensor& values, std::int64_t position) {
  const std::int64_t fresh = key.size(2), total = position + fresh;
  if (position < 0 || total > keys.size(2) || key.size(0) != keys.size(0))
    throw ShapeError(str(module, ": the cache ", keys.shape(), " has no room for ", key.shape(), " at position ",
                         position));
  copy_(narrow(keys, 2, position, fresh), key.detach());
  copy_(narrow(values, 2, position, fresh), value.detach());
  const bool alone = position == 0 || fresh == 1;
  std::optional<Tensor> mask;
  if (!alone) mask = tril(ones({fresh, total}, DType::Bool), position);
  return scaled_dot_product_attention(query, narrow(keys, 2, 0, total), narrow(values, 2, 0, total), mask, 0,
                                      alone && fresh > 1, {}, query.size(1) != key.size(1));
}

Tensor MultiheadAttention::weights(const Tensor& query, const Tensor& key, const std::optional<Tensor>& attn_mask,
                                   const std::optional<Tensor>& key_padding_mask, bool is_causal) {
  check_input("query", query, query);
  check_input("key", key, query);
  const Tensor q = batched(query), k = batched(key);
  const std::optional<Tensor> mask = merged_mask(q, k, attn_mask, key_padding_mask);
  const double scale = 1 / std::sqrt(static_cast<double>(embed_dim_ / num_heads_));
  Tensor scores = matmul(project(q, 0), transpose(project(k, 1), 2, 3)) * scale;
  if (is_causal) scores = masked_fill(scores, triu(ones({q.size(1), k.size(1)}, DType::Bool), 1), kHidden);
  if (mask) scores = scores + *mask;
  const Tensor out = softmax(scores, -1);
  return query.rank() == 2 ? squeeze(out, 0) : out;
}

std::vector<ModuleRow> attention_module_rows() {
  return {
      module<MultiheadAttention(std::int64_t, std::int64_t, double, bool, bool, DType)>(
          "MultiheadAttention",
          {"embedDim", "numHeads", "*dropout=0", "*bias=true", "*batchFirst=false", "*dtype=\"float32\""})
          .doc("Attention with several heads, in PyTorch's layout: in_proj_weight stacks the maps of query, "
               "key and "
               "value. forward(x) is self-attention; attend() takes query, key, value and masks.")
          .formula("concat over heads of softmax(Q·Kᵀ/√(embedDim/numHeads))·V, then out_proj")
          .shapes("[T, N, embedDim], or [N, T, embedDim] with batchFirst, or [T, embedDim]; kept. in_proj_weight "
                  "[3·embedDim, embedDim], in_proj_bias [3·embedDim]")
          .init("in_proj_weight xavier uniform, out_proj.weight as Linear, biases 0")
          .errors("ShapeError when numHeads does not divide embedDim, or shapes do not fit")
          .source("https://pytorch.org/docs/stable/generated/torch.nn.MultiheadAttention.html")
          .fields({"in_proj_weight", "in_proj_bias", "out_proj"})
          .method("attend", &MultiheadAttention::attend,
                  {"query", "key", "value", "*attnMask=null", "*keyPaddingMask=null", "*isCausal=false"},
                  "Attention of query to key and value. attnMask [L, S] or [N·heads, L, S]: true hides, "
                  "floats are "
                  "added to the scores; keyPaddingMask [N, S]: true hides a key; isCausal hides what comes "
                  "later.")
          .method("weights", &MultiheadAttention::weights,
                  {"query", "key", "*attnMask=null", "*keyPaddingMask=null", "*isCausal=false"},
                  "The attention weights of each head, [N, heads, L, S].")
          .example("new nn.MultiheadAttention(8, 2).forward(zeros([5, 1, 8])).shape", "[5, 1, 8]")
          .sample("embedDim=6 numHeads=2 batchFirst=true", "[2,5,6]",
                  "SelfAttention(nn.MultiheadAttention(6, 2, batch_first=True))")
          .sample("embedDim=4 numHeads=4", "[3,2,4]", "SelfAttention(nn.MultiheadAttention(4, 4))")
          .sample("embedDim=3 numHeads=1 bias=false", "[7,3]",
                  "SelfAttention(nn.MultiheadAttention(3, 1, bias=False))"),
  };
}

}  // namespace fluxion::nn
