// Optimizers as JavaScript sees them, whatever their class.

#include "bindings/objects.h"

namespace fluxion::bindings {
namespace {

void release_optimizer(int handle) { table<Ref<optim::Optimizer>>().release(handle); }
void optimizer_step(int handle) { optimizer_at(handle).step(); }
void optimizer_zero_grad(int handle) { optimizer_at(handle).zero_grad(); }

int optimizer_add_group(int handle, unsigned params) {
  return static_cast<int>(optimizer_at(handle).add_param_group(tensors_of(params)));
}
int optimizer_group_count(int handle) { return static_cast<int>(optimizer_at(handle).group_count()); }
unsigned optimizer_group(int handle, int group) {
  return give_tensors(optimizer_at(handle).group_params(static_cast<std::size_t>(group)));
}

unsigned optimizer_option(int handle, unsigned name, int group) {
  return give_list(optimizer_at(handle).option(take_text(name), static_cast<std::size_t>(group)));
}
void optimizer_set_option(int handle, unsigned name, unsigned values, int group) {
  const ListView list = take_list(values);
  optimizer_at(handle).set_option(take_text(name), {list.values, list.count}, static_cast<std::size_t>(group));
}

unsigned optimizer_state_names(int handle) { return give_names(optimizer_at(handle).state_dict()); }
unsigned optimizer_state(int handle) { return give_values(optimizer_at(handle).state_dict()); }
void optimizer_load_state(int handle, unsigned names, unsigned tensors) {
  optimizer_at(handle).load_state_dict(state_of(names, tensors));
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_optimizers) {
  bind<&release_optimizer>("releaseOptimizer");
  bind<&optimizer_step>("optimizerStep");
  bind<&optimizer_zero_grad>("optimizerZeroGrad");
  bind<&optimizer_add_group>("optimizerAddGroup");
  bind<&optimizer_group_count>("optimizerGroupCount");
  bind<&optimizer_group>("optimizerGroup");
  bind<&optimizer_option>("optimizerOption");
  bind<&optimizer_set_option>("optimizerSetOption");
  bind<&optimizer_state_names>("optimizerStateNames");
  bind<&optimizer_state>("optimizerState");
  bind<&optimizer_load_state>("optimizerLoadState");
}

}  // namespace fluxion::bindings
