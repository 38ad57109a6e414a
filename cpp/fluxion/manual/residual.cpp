#include "fluxion/manual/residual.h"

namespace fluxion::manual {

Residual::Residual(Ref<Layer> layer) : inner(std::move(layer)) {
  if (inner->takes_indices())
    throw DTypeError(str("Residual: ", inner->type_name(), " takes indices, to which nothing can be added"));
  adopt("inner", inner);
}

Shape Residual::output_shape(const Shape& input) const {
  const Shape out = inner->output_shape(input);
  if (!(out == input))
    throw ShapeError(
        str("Residual: ", inner->type_name(), " makes ", out, " of ", input, "; x + f(x) needs one shape"));
  return input;
}

// The inner layer's dy is ours: the gradient of a sum passes to both sides as it is.
void Residual::build() { inner->connect(x, room(x.shape()), dtype(), room(x.shape()), dy); }

void Residual::forward() {
  inner->forward();
  add(y, x, inner->y);  // y = x + f(x)
}

void Residual::backward() {
  inner->backward();
  add(dx, dy, inner->dx);  // dL/dx = dL/dy + what comes through f
}

}  // namespace fluxion::manual
