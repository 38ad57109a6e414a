#include "fluxion/manual/dense.h"

namespace fluxion::manual {

Dense::Dense(std::int64_t units, Activation activation) : ActivatedLayer(activation), units_(units) {
  check_at_least("Dense", "units", units, 1);
}

Shape Dense::output_shape(const Shape& input) const {
  check_input(input.ssize() >= 2, "Dense", "[N, …, features]", input);
  Shape out = input;
  out.back() = units_;
  return out;
}

void Dense::build() {
  const std::int64_t inputs = x.size(-1);
  make_parameter(W, "W", dW, "dW", {units_, inputs});
  make_parameter(b, "b", db, "db", {units_});
  make_activation();
  draw_weights(W, inputs);
  draw_weights(b, inputs);
}

void Dense::forward() {
  product(z, x, transposed(W), b);  // z = x·Wᵀ + b
  activate();                       // y = f(z)
}

void Dense::backward() {
  activate_backward();             // dL/dz = dL/dy · f′(z)
  product(dW, transposed(dz), x);  // dL/dW = (dL/dz)ᵀ·x
  sum(db, dz);                     // dL/db = Σ dL/dz over the batch
  product(dx, dz, W);              // dL/dx = dL/dz·W
}

}  // namespace fluxion::manual
