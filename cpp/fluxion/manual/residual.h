#pragma once
#include "fluxion/manual/layer.h"

namespace fluxion::manual {

// y = x + f(x), f being the layer `inner` (a Network for several), which must keep the shape.
class Residual : public Layer {
 public:
  explicit Residual(Ref<Layer> inner);
  const char* type_name() const override { return "Residual"; }
  Shape output_shape(const Shape& input) const override;
  void forward() override;
  void backward() override;

  const Ref<Layer> inner;

 private:
  void build() override;
};

}  // namespace fluxion::manual
