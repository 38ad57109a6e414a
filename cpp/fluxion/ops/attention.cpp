#include <cmath>
#include <limits>

#include "fluxion/ops/launch.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/row.h"

namespace fluxion {
namespace {

using kernels::Prim;

// Everything but the last two dimensions.
Shape batch_of(const Shape& shape) { return {shape.begin(), shape.end() - 2}; }

Tensor weighted(const Tensor& query, const Tensor& key, const Tensor& value, const Tensor& mask, double dropout_p,
                bool causal, double factor) {
  constexpr double kMinusInf = -std::numeric_limits<double>::infinity();
  Tensor scores = matmul(query * factor, transpose(key, -2, -1));
  if (causal) scores = masked_fill(scores, triu(ones({query.size(-2), key.size(-2)}, DType::Bool), 1), kMinusInf);
  if (!mask.defined()) return matmul(dropout(softmax(scores, -1), dropout_p), value);

  scores = mask.dtype() == DType::Bool ? where(mask, scores, kMinusInf) : scores + mask;
  // A row that may look nowhere gives zeros, and no NaN on the way back.
  const Tensor blind = all(eq(scores, kMinusInf), Shape{-1}, true);
  const Tensor weights = masked_fill(softmax(masked_fill(scores, blind, 0), -1), blind, 0);
  return matmul(dropout(weights, dropout_p), value);
}

bool rows_are_dense(const Tensor& t) { return t.strides()[3] == 1; }

// What the kernel takes: [B, H, length, width], no empty dimension, one width.
bool suits_kernel(const Tensor& query, const Tensor& key, const Tensor& value) {
  return query.rank() == 4 && key.rank() == 4 && batch_of(query.shape()) == batch_of(key.shape()) &&
         key.shape() == value.shape() && query.numel() > 0 && key.numel() > 0 && rows_are_dense(query) &&
         rows_are_dense(key) && rows_are_dense(value);
}

// One pass in tiles, without the matrix of scores; the gradient makes the tiles again.
Tensor tiled(const Tensor& query, const Tensor& key, const Tensor& value, bool causal, double factor) {
  const kernels::AttentionParams params{factor, causal};
  const Shape rows{query.size(0), query.size(1), query.size(2)};
  const Tensor out = Tensor::empty(query.shape(), query.dtype());
  const Tensor lse = Tensor::empty(rows, query.dtype());
  kernels::launch(Prim::Attention, {view_of(out), view_of(lse), view_of(query), view_of(key), view_of(value), {}},
                  params);
  if (!wants_grad(query, key, value)) return out;
  return record("scaledDotProductAttention", out, {&query, &key, &value},
                [q = Saved(query), k = Saved(key), v = Saved(value), y = Saved::result(out), lse = Saved(lse),
                 params](Backward& ctx) {
                  const Tensor qs = q.get(ctx), ks = k.get(ctx), vs = v.get(ctx);
                  if (ctx.create_graph()) {
                    // The formula of ops, over copies: their partial derivatives are asked for, whatever the
                    // three may have in common.
                    const std::vector<Tensor> own = {clone(qs), clone(ks), clone(vs)};
                    const Tensor again = weighted(own[0], own[1], own[2], {}, 0, params.causal, params.scale);
                    std::vector<Tensor> inputs;
                    for (const Tensor& t : own)
                      if (requires_grad(t)) inputs.push_back(t);
                    std::vector<Tensor> grads = grad({again}, inputs, {ctx.grad()}, {.create_graph = true});
                    for (int i = 0, next = 0; i < 3; ++i)
                      if (requires_grad(own[static_cast<std::size_t>(i)]))
                        ctx.give(i, grads[static_cast<std::size_t>(next++)]);
                    return;
                  }
                  const Tensor dq = Tensor::empty(qs.shape(), qs.dtype());
                  const Tensor dk = Tensor::empty(ks.shape(), ks.dtype());
                  const Tensor dv = Tensor::empty(vs.shape(), vs.dtype());
                  const Tensor g = contiguous_raw(ctx.grad());
                  const Tensor result = y.get(ctx), sums = lse.get(ctx);
                  kernels::launch(Prim::AttentionGrad,
                                  {view_of(dq),
                                   view_of(dk),
                                   view_of(dv),
                                   view_of(g),
                                   view_of(qs),
                                   view_of(ks),
                                   view_of(vs),
                                   view_of(result),
                                   view_of(sums),
                                   {}},
                                  params);
                  ctx.give(0, dq);
                  ctx.give(1, dk);
                  ctx.give(2, dv);
                });
}

}  // namespace

Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                    const std::optional<Tensor>& attn_mask, double dropout_p, bool is_causal,
                                    std::optional<double> scale, bool enable_gqa) {
  constexpr const char* kOp = "scaledDotProductAttention";
  if (enable_gqa) {
    if (query.rank() < 3 || key.rank() < 3 || value.rank() < 3 || key.size(-3) < 1 ||
        key.size(-3) != value.size(-3) || query.size(-3) % key.size(-3) != 0)
      throw ShapeError(str(kOp, ": enableGqa needs the heads of query in groups, one for each of key and value: query ",
                           query.shape(), ", key ", key.shape(), ", value ", value.shape()));
    const std::int64_t group = query.size(-3) / key.size(-3);
    const auto shared = [group](const Tensor& t) { return group == 1 ? t : repeat_interleave(t, Scalar(group), -3); };
    return scaled_dot_product_attention(query, shared(key), shared(value), attn_mask, dropout_p, is_causal, scale);
  }
  check_floating(kOp, query);
  check_same_dtype(kOp, query, key);
  check_same_dtype(kOp, query, value);
  const auto shapes = [&] { return str("query ", query.shape(), ", key ", key.shape(), ", value ", value.shape()); };
  if (query.rank() < 2 || key.rank() < 2 || value.rank() < 2)
    throw ShapeError(str(kOp, ": all need at least two dimensions: ", shapes()));
  if (query.size(-1) != key.size(-1))
    throw ShapeError(
        str(kOp, ": widths of query and key differ: ", shapes(), " (", query.size(-1), " vs ", key.size(-1), ")"));
  if (key.size(-2) != value.size(-2))
    throw ShapeError(
        str(kOp, ": lengths of key and value differ: ", shapes(), " (", key.size(-2), " vs ", value.size(-2), ")"));
  const Shape batch = broadcast_shapes(kOp, broadcast_shapes(kOp, batch_of(query.shape()), batch_of(key.shape())),
                                       batch_of(value.shape()));
  if (!(dropout_p >= 0 && dropout_p <= 1))
    throw FluxionError(str(kOp, ": dropoutP must lie in [0, 1], it is ", dropout_p));
  const std::int64_t targets = query.size(-2), sources = key.size(-2);
  Shape score_shape = batch;
  score_shape.push_back(targets);
  score_shape.push_back(sources);
  if (attn_mask) {
    if (is_causal) throw FluxionError(str(kOp, ": give either attnMask or isCausal, not both"));
    if (attn_mask->dtype() != DType::Bool) check_same_dtype(kOp, query, *attn_mask);
    if (!broadcasts_to(attn_mask->shape(), score_shape))
      throw ShapeError(str(kOp, ": attnMask ", attn_mask->shape(), " does not broadcast to the scores' ", score_shape));
  }

  const double factor = scale.value_or(1 / std::sqrt(static_cast<double>(query.size(-1))));
  const Tensor mask = attn_mask.value_or(Tensor());
  if (dropout_p > 0 || mask.defined() || !suits_kernel(query, key, value))
    return weighted(query, key, value, mask, dropout_p, is_causal, factor);
  return tiled(query, key, value, is_causal, factor);
}

Tensor rotary_embedding(const Tensor& x, const std::optional<Tensor>& positions, double base, bool interleaved) {
  constexpr const char* kOp = "rotaryEmbedding";
  check_floating(kOp, x);
  if (x.rank() < 2 || x.size(-1) % 2 != 0)
    throw ShapeError(str(kOp, ": x must be […, length, an even width], it is ", x.shape()));
  const std::int64_t length = x.size(-2), half = x.size(-1) / 2;
  if (positions) {
    check_index_dtype(kOp, *positions);
    if (!(positions->shape() == Shape{length}))
      throw ShapeError(str(kOp, ": positions must be ", Shape{length}, ", one for each place of x ", x.shape(),
                           ", they are ", positions->shape()));
  }
  if (!(base > 0)) throw FluxionError(str(kOp, ": base must be positive, it is ", base));
  std::vector<double> cosines, sines;
  for (std::int64_t t = 0; t < length; ++t)
    for (std::int64_t i = 0; i < half; ++i) {
      const double place = positions ? positions->at(t) : static_cast<double>(t);
      const double angle = place * std::pow(base, -static_cast<double>(i) / static_cast<double>(half));
      cosines.push_back(std::cos(angle));
      sines.push_back(std::sin(angle));
    }
  const Tensor c = cast_raw(Tensor::from(cosines, {length, half}), x.dtype());
  const Tensor s = cast_raw(Tensor::from(sines, {length, half}), x.dtype());
  const int last = x.rank() - 1;
  const Tensor a = interleaved ? slice(x, last, {}, {}, 2) : narrow(x, last, 0, half);
  const Tensor b = interleaved ? slice(x, last, 1, {}, 2) : narrow(x, last, half, half);
  const Tensor turned_a = a * c - b * s, turned_b = b * c + a * s;
  if (interleaved) return reshape(stack({turned_a, turned_b}, -1), x.shape());
  return cat({turned_a, turned_b}, last);
}

Row rotary_embedding_row() {
  return op("rotary_embedding", rotary_embedding, {"x", "positions=null", "*base=10000", "*interleaved=false"})
      .doc("Rotary position embedding: pairs of x's last dimension are turned by angles that grow with the place, so "
           "that products of queries and keys depend on their distance. A pair is (i, i + width/2), or two neighbours "
           "when interleaved; positions are 0, 1, … unless given.")
      .formula("(a, b) → (a·cos θ − b·sin θ, b·cos θ + a·sin θ), θ = position·base^(−2i/width)")
      .shapes("[…, length, width]; positions [length]; the result has the shape of x")
      .dtypes("float32, float64; positions are int32")
      .errors("ShapeError when the width is odd or positions are not [length]; DTypeError on other dtypes; "
              "FluxionError when base is not positive")
      .source("https://arxiv.org/abs/2104.09864")
      .torch("rotary(x, positions, base, interleaved)")
      .example("F.rotaryEmbedding(tensor([[1, 0], [1, 0]])).toArray()", "[[1, 0], [0.540302, 0.841471]]")
      .no_method()
      .with({"[3,4]", "[1,2]", "[7,6]", "[2,5,4]", "[2,2,3,6]", "[2,1,2,3,2]", "[3,4] [3]:i={5,0,17}",
             "[5,4]:T base=100",
             "[2,5,4]:S interleaved=true", "[2,3,4]:E", "[2,3,8] [3]:i(0,99) interleaved=true", "[3,4]:t", "[0,4]",
             "[2,0]",
             "[2,2]:={nan,inf,-inf,1} !nograd"})
      .exempt("size1: the width is even")
      .exempt("rank0: places and a width are two dimensions")
      .exempt("rank1: places and a width are two dimensions");
}

}  // namespace fluxion
