// The tape from JavaScript: gradients, hooks, recording on and off, differentiable functions written in JavaScript.

#include <cstddef>
#include <new>
#include <set>
#include <string>

#include "bindings/callbacks.h"
#include "fluxion/autograd/anomaly.h"
#include "fluxion/ops/in_place.h"
#include "fluxion/transforms/gradcheck.h"

namespace fluxion::bindings {
namespace {

int is_grad_enabled() { return grad_enabled(); }
// GradMode is a scope; JavaScript restores the mode itself, in a finally, so this one is never closed.
int set_grad_mode(int enabled) {
  alignas(GradMode) static std::byte place[sizeof(GradMode)];
  const bool before = grad_enabled();
  new (place) GradMode(enabled != 0);
  return before;
}

int tensor_requires_grad(int handle) { return requires_grad(tensor_at(handle)); }
void tensor_set_requires_grad(int handle, int value) { set_requires_grad(tensor_at(handle), value != 0); }
int tensor_is_leaf(int handle) { return is_leaf(tensor_at(handle)); }
int tensor_grad(int handle) { return hand_out(grad_of(tensor_at(handle))); }
void tensor_set_grad(int handle, int grad) { set_grad(tensor_at(handle), grad == 0 ? Tensor() : tensor_at(grad)); }
void tensor_retain_grad(int handle) { retain_grad(tensor_at(handle)); }

Tensor optional_tensor(int handle) { return handle == 0 ? Tensor() : tensor_at(handle); }

int register_callback_hook(int handle, int id) {
  return static_cast<int>(register_hook(tensor_at(handle), UnaryCallback(id)));
}
void remove_callback_hook(int handle, int id) { remove_hook(tensor_at(handle), id); }

void tensor_backward(int handle, int gradient, int retain, int create) {
  const Tensor root = tensor_at(handle);  // hooks may grow the table under a reference
  const RunningPass one;
  backward(root, optional_tensor(gradient), {retain != 0, create != 0});
}

std::vector<Tensor> optional_tensors(unsigned list) {
  std::vector<Tensor> out;
  for (const double handle : take_list(list)) out.push_back(optional_tensor(static_cast<int>(handle)));
  return out;
}

unsigned gradients(unsigned outputs, unsigned inputs, unsigned grad_outputs, int retain, int create, int unused) {
  const RunningPass one;
  return give_tensors(grad(tensors_of(outputs), tensors_of(inputs), optional_tensors(grad_outputs),
                           {retain != 0, create != 0}, unused != 0));
}

// An op whose gradient is a JavaScript function (address of [create graph, handles of saved tensors …], handle of the
// result's gradient) → address of the handles of the inputs' gradients. Both sides hand the handles over.
class JavaScriptNode final : public Node {
 public:
  JavaScriptNode(const char* name, const Tensor& out, Callback backward, const std::vector<Tensor>& saved,
                 Tensor result)
      : Node(name, out), backward_(std::move(backward)) {
    for (const Tensor& t : saved) saved_.push_back(t.same_as(result) ? Saved::result(t) : Saved(t));
  }

  void backward(Backward& ctx) override {
    std::vector<double> handles = {static_cast<double>(ctx.create_graph())};
    for (const Saved& s : saved_) handles.push_back(hand_out(s.get(ctx)));
    const int gradient = hand_out(ctx.grad());
    const auto list = static_cast<unsigned>(backward_(give_list(handles), gradient));
    const ListView given = take_list(list);
    std::vector<Tensor> grads;
    for (const double handle : given) grads.push_back(taken(handle));
    if (grads.size() != inputs.size())
      throw FluxionError(str(op, ": backward returned ", grads.size(), " gradients for ", inputs.size(), " inputs"));
    for (int i = 0; i < inputs.ssize(); ++i)
      if (grads[static_cast<std::size_t>(i)].defined()) ctx.give(i, grads[static_cast<std::size_t>(i)]);
  }

  void release() override {
    saved_.clear();
    backward_ = Callback();
    Node::release();
  }

 private:
  Callback backward_;
  std::vector<Saved> saved_;
};

// Names of custom ops live for ever: nodes hold plain pointers.
const char* lasting_name(const std::string& name) {
  static auto* names = new std::set<std::string>;
  return names->insert(name).first->c_str();
}

// The result of a JavaScript forward as a node of the tape; gives back its handle.
int record_custom(unsigned name, int result, unsigned inputs, unsigned saved, int id) {
  const Callback call(id);
  const std::vector<Tensor> from = tensors_of(inputs);
  const Tensor out = tensor_at(result).detach();
  std::vector<const Tensor*> list;
  for (const Tensor& t : from) list.push_back(&t);
  const char* op = lasting_name(take_text(name));
  if (fluxion::detail::is_recorded(op, out, list)) {
    Ref<Node> node(new JavaScriptNode(op, out, call, tensors_of(saved), tensor_at(result)));
    fluxion::detail::link(out, std::move(node), list);
  }
  return hand_out(out);
}

// jacobian, hessian, vjp, jvp, hvp.
unsigned derivatives(int kind, int id, unsigned inputs, unsigned vectors, int create) {
  const Callback call(id);
  const TensorFunction f = [call](const std::vector<Tensor>& in) { return taken(call(give_tensors(in))); };
  const std::vector<Tensor> from = tensors_of(inputs), v = tensors_of(vectors);
  const bool graph = create != 0;
  if (kind < 2) return give_tensors((kind == 0 ? jacobian : hessian)(f, from, graph));
  return give_tensors((kind == 2 ? vjp : kind == 3 ? jvp : hvp)(f, from, v, graph));
}

Callback& place_finder() {
  static auto* finder = new Callback;
  return *finder;
}
std::string find_place() { return take_text(static_cast<unsigned>(place_finder()())); }
// `id` gives the line of the user's program as text.
int detect_anomaly(int on, int id) {
  const bool before = detecting_anomaly();
  if (on != 0) place_finder() = Callback(id);
  set_place_finder(find_place);
  set_detect_anomaly(on != 0);
  return before;
}

int in_place_from(int handle, unsigned name, int others_record) {
  return hand_out(in_place_input(lasting_name(take_text(name)), tensor_at(handle), others_record != 0));
}
void in_place_to(int handle, unsigned name, int value) {
  in_place_result(lasting_name(take_text(name)), tensor_at(handle), tensor_at(value));
}
void copy_values(int into, int from) { assign(tensor_at(into), tensor_at(from)); }

// Empty text when all is well. The function's inputs come as the address of a list of handles.
unsigned check_gradients(int id, unsigned inputs, double eps, double atol, double rtol, int second) {
  const Callback call(id);
  const TensorFunction f = [call](const std::vector<Tensor>& in) { return taken(call(give_tensors(in))); };
  const auto check = second != 0 ? gradgradcheck : gradcheck;
  return give_text(check(f, tensors_of(inputs), eps, atol, rtol).message);
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_autograd) {
  bind<&is_grad_enabled>("gradEnabled");
  bind<&set_grad_mode>("setGradMode");
  bind<&tensor_requires_grad>("tensorRequiresGrad");
  bind<&tensor_set_requires_grad>("tensorSetRequiresGrad");
  bind<&tensor_is_leaf>("tensorIsLeaf");
  bind<&tensor_grad>("tensorGrad");
  bind<&tensor_set_grad>("tensorSetGrad");
  bind<&tensor_retain_grad>("tensorRetainGrad");
  bind<&register_callback_hook>("registerHook");
  bind<&remove_callback_hook>("removeHook");
  bind<&tensor_backward>("tensorBackward");
  bind<&gradients>("gradients");
  bind<&record_custom>("recordCustom");
  bind<&derivatives>("derivatives");
  bind<&detect_anomaly>("detectAnomaly");
  bind<&in_place_from>("inPlaceInput");
  bind<&in_place_to>("inPlaceResult");
  bind<&copy_values>("copyValues");
  bind<&check_gradients>("checkGradients");
}

}  // namespace fluxion::bindings
