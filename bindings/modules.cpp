// Modules as JavaScript sees them, whatever their class.

#include "bindings/callbacks.h"

namespace fluxion::bindings {
namespace {

void release_module(int handle) { table<Ref<nn::Module>>().release(handle); }

int module_forward(int handle, int x) {
  const Ref<nn::Module> module = table<Ref<nn::Module>>().get(handle);  // hooks may grow the table
  const Tensor input = tensor_at(x);
  return hand_out((*module)(input));
}

int new_module(int kind, unsigned numbers) {
  return table<Ref<nn::Module>>().add(module_makers[kind](take_list(numbers).values));
}
unsigned call_module_method(int handle, int method, unsigned numbers) {
  return module_methods[method](module_at(handle), take_list(numbers).values);
}

int loss_forward(int handle, int input, int target, int third) {
  auto& loss = static_cast<nn::Loss&>(module_at(handle));
  const Tensor &a = tensor_at(input), &b = tensor_at(target);
  return hand_out(third == 0 ? loss.forward(a, b) : loss.forward(a, b, tensor_at(third)));
}

// Names to JavaScript as one text, a line each; tensors and modules as a list of handles in the same order.
template <class Named>
std::string lines(const Named& named) {
  std::string out;
  for (const auto& [name, value] : named) out += (out.empty() ? "" : "\n") + name;
  return out;
}

enum Kind { kParameters, kBuffers, kState };

// The module's own; JavaScript walks the children itself.
std::vector<nn::NamedTensor> tensors_named(int handle, int kind) {
  nn::Module& m = module_at(handle);
  if (kind == kParameters) return m.named_parameters("", false);
  if (kind == kBuffers) return m.named_buffers("", false);
  std::vector<nn::NamedTensor> own;
  for (const auto& entry : m.state_dict())
    if (entry.first.find('.') == std::string::npos) own.push_back(entry);
  return own;
}
unsigned module_names(int handle, int kind) { return give_text(lines(tensors_named(handle, kind))); }
unsigned module_tensors(int handle, int kind) {
  std::vector<Tensor> out;
  for (const auto& [name, tensor] : tensors_named(handle, kind)) out.push_back(tensor);
  return give_tensors(out);
}

unsigned module_child_names(int handle) { return give_text(lines(module_at(handle).named_children())); }
unsigned module_children(int handle) {
  std::vector<double> out;
  for (const auto& [name, child] : module_at(handle).named_children())
    out.push_back(table<Ref<nn::Module>>().add(child));
  return give_list(out);
}

// A parameter or buffer of the module itself; 0 when there is none, as a layer's bias may be.
int module_tensor(int handle, unsigned name) {
  const std::string wanted = take_text(name);
  for (const auto& list : {module_at(handle).named_parameters("", false), module_at(handle).named_buffers("", false)})
    for (const auto& [key, tensor] : list)
      if (key == wanted) return hand_out(tensor);
  return 0;
}
void module_set_parameter(int handle, unsigned name, int value) {
  module_at(handle).set_parameter(take_text(name), tensor_at(value));
}

unsigned module_type(int handle) { return give_text(module_at(handle).type_name()); }
unsigned module_text(int handle) { return give_text(module_at(handle).repr()); }
int module_training(int handle) { return module_at(handle).training(); }
void module_train(int handle, int mode) { module_at(handle).train(mode != 0); }

int new_sequential(unsigned modules) {
  std::vector<Ref<nn::Module>> list;
  for (const double handle : take_list(modules)) list.push_back(table<Ref<nn::Module>>().get(static_cast<int>(handle)));
  return table<Ref<nn::Module>>().add(make_ref<nn::Sequential>(list));
}

int module_pre_hook(int handle, int id) {
  const Callback call(id);
  return static_cast<int>(module_at(handle).register_forward_pre_hook(
      [call](nn::Module&, const Tensor& input) { return taken(call(hand_out(input))); }));
}
int module_hook(int handle, int id) {
  const Callback call(id);
  return static_cast<int>(module_at(handle).register_forward_hook(
      [call](nn::Module&, const Tensor& input, const Tensor& output) {
        const int given = hand_out(input);
        return taken(call(given, hand_out(output)));
      }));
}
// With the gradient of the input, 0 when there is none, and of the output.
int module_backward_hook(int handle, int id) {
  const Callback call(id);
  return static_cast<int>(module_at(handle).register_full_backward_hook(
      [call](nn::Module&, const Tensor& grad_input, const Tensor& grad_output) {
        const int given = hand_out(grad_input);
        return taken(call(given, hand_out(grad_output)));
      }));
}
void module_remove_hook(int handle, int id) { module_at(handle).remove_hook(id); }

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_modules) {
  bind<&release_module>("releaseModule");
  bind<&module_forward>("moduleForward");
  bind<&new_module>("newModule");
  bind<&call_module_method>("callMethod");
  bind<&loss_forward>("lossForward");
  bind<&module_names>("moduleNames");
  bind<&module_tensors>("moduleTensors");
  bind<&module_child_names>("moduleChildNames");
  bind<&module_children>("moduleChildren");
  bind<&module_tensor>("moduleTensor");
  bind<&module_set_parameter>("moduleSetParameter");
  bind<&module_type>("moduleType");
  bind<&module_text>("moduleText");
  bind<&module_training>("moduleTraining");
  bind<&module_train>("moduleTrain");
  bind<&new_sequential>("newSequential");
  bind<&module_pre_hook>("modulePreHook");
  bind<&module_hook>("moduleHook");
  bind<&module_backward_hook>("moduleBackwardHook");
  bind<&module_remove_hook>("moduleRemoveHook");
}

}  // namespace fluxion::bindings
