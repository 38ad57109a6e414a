#pragma once
#include "fluxion/manual/layer.h"

namespace fluxion::manual {

// In training y = x·m, each mask value m being 0 with probability p and 1/(1 − p) otherwise, drawn anew by each
// forward(); in prediction y = x.
class Dropout : public Layer {
 public:
  explicit Dropout(double p = 0.5);
  const char* type_name() const override { return "Dropout"; }
  Shape output_shape(const Shape& input) const override { return input; }
  void forward() override;
  void backward() override;

  Tensor mask;

 private:
  void build() override { make(mask, "mask", x.shape()); }
  double p_;
};

}  // namespace fluxion::manual
