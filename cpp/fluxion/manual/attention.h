#pragma once
#include "fluxion/manual/dense.h"

namespace fluxion::manual {

// Self-attention: every position t of x [N, T, E] asks (Q), is asked (K) and answers (V). For each head, on its share
// of the columns of Q, K and V:
//
//   S = Q·Kᵀ/√d      P = softmax(S), row by row      M = P·V
//
// causal: a position sees none that come later. Inner layers are the Dense layers `query`, `key`, `value`, and, with
// several heads, `out`.
class Attention : public Layer {
 public:
  Shape output_shape(const Shape& input) const override;
  void forward() override;
  void backward() override;

  Ref<Dense> query, key, value, out;
  Tensor scores, weights, mixed;  // S and P [heads, N, T, T], M [N, T, width]
  Tensor dscores, dweights, dmixed;
  Tensor mask;  // [T, T], if causal: zeros, and minus infinity where a position comes later; added to S

 protected:
  Attention(const char* type, std::int64_t heads, std::int64_t width, bool causal);

 private:
  void build() override;
  std::int64_t heads_, width_;  // width 0: that of x, with `out` behind
  bool causal_;
};

// One head: y = M, [N, T, width].
class SingleHeadAttention : public Attention {
 public:
  explicit SingleHeadAttention(std::int64_t width, bool causal = false);
  const char* type_name() const override { return "SingleHeadAttention"; }
};

// `heads` heads of E/heads columns each, then one more map: y = M·Wᵀ + b, [N, T, E].
class MultiHeadAttention : public Attention {
 public:
  explicit MultiHeadAttention(std::int64_t heads, bool causal = false)
      : Attention("MultiHeadAttention", heads, 0, causal) {}
  const char* type_name() const override { return "MultiHeadAttention"; }
};

}  // namespace fluxion::manual
