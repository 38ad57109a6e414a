#include "fluxion/manual/attention.h"

#include <cmath>
#include <limits>

namespace fluxion::manual {
namespace {

// A head's columns of [N, T, width]: [N, T, width/heads].
Window of_head(const Tensor& t, std::int64_t head, std::int64_t heads) {
  const std::int64_t width = t.size(2) / heads;
  return columns(Window(t, {t.size(0), t.size(1), t.size(2)}), head * width, width);
}

// A head's squares, [N, T, T], of [heads, N, T, T].
Window squares_of(const Tensor& t, std::int64_t head) {
  Window w(t, {t.size(1), t.size(2), t.size(3)});
  w.skip(head * w.shape[0] * w.strides[0]);
  return w;
}

}  // namespace

Attention::Attention(const char* type, std::int64_t heads, std::int64_t width, bool causal)
    : heads_(heads), width_(width), causal_(causal) {
  check_at_least(type, "heads", heads, 1);
}

SingleHeadAttention::SingleHeadAttention(std::int64_t width, bool causal)
    : Attention("SingleHeadAttention", 1, width, causal) {
  check_at_least("SingleHeadAttention", "width", width, 1);
}

Shape Attention::output_shape(const Shape& input) const {
  check_input(input.ssize() == 3, type_name(), "[N, T, E]", input);
  if (input[2] % heads_ != 0)
    throw ShapeError(
        str(type_name(), ": the input's width (", input[2], ") must be a multiple of heads (", heads_, "): ", input));
  return {input[0], input[1], width_ == 0 ? input[2] : width_};
}

void Attention::build() {
  drop_children();
  const auto map = [&](Ref<Dense>& dense, const char* name) {
    dense = make_ref<Dense>(y.size(2));
    adopt(name, dense);
    dense->connect(x, room(x.shape()), dtype());
  };
  map(query, "query");
  map(key, "key");
  map(value, "value");
  if (width_ == 0) {
    make(mixed, "mixed", y.shape());
    make(dmixed, "dmixed", y.shape());
    out = make_ref<Dense>(y.size(2));
    adopt("out", out);
    out->connect(mixed, dmixed, dtype(), y, dy);
  } else {
    share(mixed, "mixed", y);
    share(dmixed, "dmixed", dy);
  }
  const std::int64_t n = x.size(0), t = x.size(1);
  make(scores, "scores", {heads_, n, t, t});
  make(weights, "weights", scores.shape());
  make(dscores, "dscores", scores.shape());
  make(dweights, "dweights", scores.shape());
  if (!causal_) return;
  make(mask, "mask", {t, t});
  fill(mask, -std::numeric_limits<double>::infinity());
  kernels::launch(kernels::Prim::Tri, {Window(mask), Window(mask)}, kernels::TriParams{1, true});
}

void Attention::forward() {
  query->forward();
  key->forward();
  value->forward();
  const double factor = 1 / std::sqrt(static_cast<double>(mixed.size(2) / heads_));
  for (std::int64_t h = 0; h < heads_; ++h) {
    const Window Q = of_head(query->y, h, heads_), K = of_head(key->y, h, heads_), V = of_head(value->y, h, heads_);
    const Window S = squares_of(scores, h), P = squares_of(weights, h);
    product(S, Q, transposed(K));
    scale(S, S, factor);  // S = Q·Kᵀ/√d
    if (causal_) add(S, S, mask);
    softmax(P, S);                             // P = softmax(S)
    product(of_head(mixed, h, heads_), P, V);  // M = P·V
  }
  if (out) out->forward();
}

void Attention::backward() {
  if (out) out->backward();
  const double factor = 1 / std::sqrt(static_cast<double>(mixed.size(2) / heads_));
  for (std::int64_t h = 0; h < heads_; ++h) {
    const Window Q = of_head(query->y, h, heads_), K = of_head(key->y, h, heads_), V = of_head(value->y, h, heads_);
    const Window P = squares_of(weights, h), dP = squares_of(dweights, h), dS = squares_of(dscores, h);
    const Window dM = of_head(dmixed, h, heads_);
    product(of_head(value->dy, h, heads_), transposed(P), dM);  // dL/dV = Pᵀ·dL/dM
    product(dP, dM, transposed(V));                             // dL/dP = dL/dM·Vᵀ
    softmax_backward(dS, dP, P);                                // dL/dS = P·(dL/dP − Σ dL/dP·P over the row)
    product(of_head(query->dy, h, heads_), dS, K);
    product(of_head(key->dy, h, heads_), transposed(dS), Q);
  }
  scale(query->dy, query->dy, factor);  // dL/dQ = dL/dS·K/√d
  scale(key->dy, key->dy, factor);      // dL/dK = (dL/dS)ᵀ·Q/√d
  query->backward();
  key->backward();
  value->backward();
  add(dx, query->dx, key->dx);  // x went three ways
  add(dx, dx, value->dx);
}

}  // namespace fluxion::manual
