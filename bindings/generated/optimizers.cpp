// Made by `npm run generate` from the rows in cpp/fluxion/optim. Do not edit.

#include "bindings/objects.h"

namespace fluxion::bindings {
EMSCRIPTEN_BINDINGS(fluxion_optimizers_made) {
  bind_optimizer<optim::SGD, double, double, double, double, bool, bool>("optim_SGD");
  bind_optimizer<optim::Adam, double, std::vector<double>, double, double, bool, bool>("optim_Adam");
  bind_optimizer<optim::AdamW, double, std::vector<double>, double, double, bool, bool>("optim_AdamW");
}
}  // namespace fluxion::bindings
