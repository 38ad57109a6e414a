// The initialisers, in place.

#include "bindings/boundary.h"
#include "fluxion/nn/init.h"

namespace fluxion::bindings {
namespace {

using namespace nn::init;

void init_uniform(int t, double a, double b) { uniform_(tensor_at(t), a, b); }
void init_normal(int t, double mean, double std) { normal_(tensor_at(t), mean, std); }
void init_constant(int t, double value) { constant_(tensor_at(t), value); }
void init_xavier_uniform(int t, double gain) { xavier_uniform_(tensor_at(t), gain); }
void init_xavier_normal(int t, double gain) { xavier_normal_(tensor_at(t), gain); }
void init_kaiming_uniform(int t, double a, int mode, int nonlinearity) {
  kaiming_uniform_(tensor_at(t), a, static_cast<FanMode>(mode), static_cast<Nonlinearity>(nonlinearity));
}
void init_kaiming_normal(int t, double a, int mode, int nonlinearity) {
  kaiming_normal_(tensor_at(t), a, static_cast<FanMode>(mode), static_cast<Nonlinearity>(nonlinearity));
}
void init_orthogonal(int t, double gain) { orthogonal_(tensor_at(t), gain); }
void init_trunc_normal(int t, double mean, double std, double a, double b) {
  trunc_normal_(tensor_at(t), mean, std, a, b);
}
double init_gain(int nonlinearity, int given, double slope) {
  return calculate_gain(static_cast<Nonlinearity>(nonlinearity), given != 0 ? std::optional(slope) : std::nullopt);
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_init) {
  bind<&init_uniform>("initUniform");
  bind<&init_normal>("initNormal");
  bind<&init_constant>("initConstant");
  bind<&init_xavier_uniform>("initXavierUniform");
  bind<&init_xavier_normal>("initXavierNormal");
  bind<&init_kaiming_uniform>("initKaimingUniform");
  bind<&init_kaiming_normal>("initKaimingNormal");
  bind<&init_orthogonal>("initOrthogonal");
  bind<&init_trunc_normal>("initTruncNormal");
  bind<&init_gain>("initGain");
}

}  // namespace fluxion::bindings
