#pragma once
#include "fluxion/manual/layer.h"

namespace fluxion::manual {

// A row of W [count, width] for each index: x int32 [N, …] to y [N, …, width]. W starts with normal draws, those of
// nn::Embedding. Indices have no gradient: there is no dx.
class Embedding : public Layer {
 public:
  Embedding(std::int64_t count, std::int64_t width);
  const char* type_name() const override { return "Embedding"; }
  Shape output_shape(const Shape& input) const override;
  bool takes_indices() const override { return true; }
  void forward() override;
  void backward() override;

  Tensor W, dW;

 private:
  void build() override;
  std::int64_t count_, width_;
};

// y = x + P, x [N, T, E]: P[t, 2i] = sin(t/10000^(2i/E)), P[t, 2i + 1] = cos of the same.
class PositionalEncoding : public Layer {
 public:
  const char* type_name() const override { return "PositionalEncoding"; }
  Shape output_shape(const Shape& input) const override;
  void forward() override;
  void backward() override;

  Tensor P;

 private:
  void build() override;
};

}  // namespace fluxion::manual
