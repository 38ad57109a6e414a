#pragma once
#include "fluxion/manual/layer.h"

namespace fluxion::manual {

// A fully connected layer: x [N, …, in] to y = f(x·Wᵀ + b) [N, …, units]. W [units, in] and b [units] start uniform in
// ±1/√in, with the draws of nn::Linear.
class Dense : public ActivatedLayer {
 public:
  explicit Dense(std::int64_t units, Activation activation = Activation::Linear);
  const char* type_name() const override { return "Dense"; }
  Shape output_shape(const Shape& input) const override;
  void forward() override;
  void backward() override;

  Tensor W, b, dW, db;

 private:
  void build() override;
  std::int64_t units_;
};

}  // namespace fluxion::manual
