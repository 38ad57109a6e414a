// Made by `npm run generate` from the rows in cpp/fluxion/optim. Do not edit.

#include "bindings/objects.h"

namespace fluxion::bindings {
EMSCRIPTEN_BINDINGS(fluxion_optimizers_made) {
  bind_optimizer<optim::SGD, double, double, double, double, bool, bool>("optim_SGD");
  bind_optimizer<optim::Adam, double, std::vector<double>, double, double, bool, bool>("optim_Adam");
  bind_optimizer<optim::AdamW, double, std::vector<double>, double, double, bool, bool>("optim_AdamW");
  bind_optimizer<optim::RMSprop, double, double, double, double, double, bool, bool>("optim_RMSprop");
  bind_optimizer<optim::Adagrad, double, double, double, double, double, bool>("optim_Adagrad");
  bind_optimizer<optim::Adadelta, double, double, double, double, bool>("optim_Adadelta");
  bind_optimizer<optim::NAdam, double, std::vector<double>, double, double, double>("optim_NAdam");
  bind_optimizer<optim::RAdam, double, std::vector<double>, double, double>("optim_RAdam");
  bind_optimizer<optim::Lion, double, std::vector<double>, double>("optim_Lion");
  bind_optimizer<optim::Muon, double, double, double, bool, double, double>("optim_Muon");
}
}  // namespace fluxion::bindings
