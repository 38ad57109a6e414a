#include "fluxion/nn/module.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "fluxion/ops/creation.h"
#include "fluxion/ops/view.h"

namespace fluxion::nn {
namespace {

std::int64_t g_next_hook = 1;

struct Kept : RefCounted<Kept> {
  Tensor grad;
};

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : ", ") + p;
  return out;
}

std::string indented(const std::string& text) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "  ";
  }
  return out;
}

}  // namespace

Module::~Module() = default;

Tensor Module::forward(const Tensor&) { throw FluxionError(str(type_name(), ": has no forward of one input")); }

Module::Hooks& Module::hooks() {
  changed();
  if (hooks_ == nullptr) hooks_ = std::make_unique<Hooks>();
  return *hooks_;
}

std::int64_t Module::register_forward_pre_hook(ForwardPreHook hook) {
  hooks().before.emplace_back(g_next_hook, std::move(hook));
  return g_next_hook++;
}

std::int64_t Module::register_forward_hook(ForwardHook hook) {
  hooks().after.emplace_back(g_next_hook, std::move(hook));
  return g_next_hook++;
}

std::int64_t Module::register_full_backward_hook(BackwardHook hook) {
  hooks().backward.emplace_back(g_next_hook, std::move(hook));
  return g_next_hook++;
}

void Module::remove_hook(std::int64_t id) {
  if (hooks_ == nullptr) return;
  changed();
  const auto is_it = [id](const auto& entry) { return entry.first == id; };
  std::erase_if(hooks_->before, is_it);
  std::erase_if(hooks_->after, is_it);
  std::erase_if(hooks_->backward, is_it);
  if (hooks_->before.empty() && hooks_->after.empty() && hooks_->backward.empty()) hooks_ = nullptr;
}

void Module::guard_mode() const {
  if (!recorder()->is_first(this)) return;
  recorder()->guard(
      [self = this, kept = held(const_cast<Module*>(this)), mode = training_, hooked = hooks_ != nullptr] {
        return self->training_ == mode && (self->hooks_ != nullptr) == hooked;
      },
      false);
}

Tensor Module::forward_with_hooks(const Tensor& x) {
  refuse_recording("a module has a hook");
  const Hooks now = *hooks_;  // a hook may remove itself
  Tensor input = x;
  for (const auto& [id, hook] : now.before)
    if (Tensor other = hook(*this, input); other.defined()) input = std::move(other);
  Tensor output = now.backward.empty() ? forward(input) : forward_with_backward_hooks(input);
  for (const auto& [id, hook] : now.after)
    if (Tensor other = hook(*this, input, output); other.defined()) output = std::move(other);
  return output;
}

Tensor Module::forward_with_backward_hooks(const Tensor& input) {
  if (!grad_enabled()) return forward(input);
  const bool wanted = requires_grad(input);
  // An expand to the own shape is a node of its own whatever the strides.
  const Tensor marked = wanted ? expand(input, input.shape()) : input;
  const Tensor output = forward(marked);
  if (!requires_grad(output)) return output;
  const auto run = [self = Ref<Module>(this)](const Tensor& grad_input, const Tensor& grad_output) {
    Tensor result = grad_input;
    if (self->hooks_ == nullptr) return result;
    const Hooks now = *self->hooks_;
    for (const auto& [id, hook] : now.backward)
      if (Tensor other = hook(*self, result, grad_output); other.defined()) result = std::move(other);
    return result;
  };
  // The output's gradient waits here for the input's.
  const auto kept = make_ref<Kept>();
  const Tensor result = expand(output, output.shape());
  register_hook(result, [kept, wanted, run](const Tensor& grad) {
    if (wanted)
      kept->grad = grad;
    else
      run({}, grad);
    return Tensor();
  });
  if (wanted)
    register_hook(marked, [kept, run](const Tensor& grad) { return run(grad, std::exchange(kept->grad, {})); });
  return result;
}

void Module::check_name(const std::string& name) const {
  const auto is_it = [&](const TensorSlot& s) { return s.name == name; };
  if (name.empty() || name.find('.') != std::string::npos)
    throw FluxionError(str(type_name(), ": '", name, "' cannot name a part of a module: empty, or with a dot"));
  if (std::any_of(parameters_.begin(), parameters_.end(), is_it) ||
      std::any_of(buffers_.begin(), buffers_.end(), is_it) ||
      std::any_of(children_.begin(), children_.end(), [&](const NamedModule& m) { return m.first == name; }))
    throw FluxionError(str(type_name(), ": has a part named '", name, "' already"));
}

void Module::register_parameter(std::string name, Tensor& field) {
  if (!field.defined()) return;
  check_name(name);
  if (is_floating(field.dtype())) set_requires_grad(field, true);
  parameters_.push_back({std::move(name), &field, true});
}

void Module::register_buffer(std::string name, Tensor& field, bool persistent) {
  if (!field.defined()) return;
  check_name(name);
  buffers_.push_back({std::move(name), &field, persistent});
}

void Module::register_module(std::string name, Ref<Module> child) {
  check_name(name);
  if (!child) throw FluxionError(str(type_name(), ": child '", name, "' is null"));
  for (const auto& [path, module] : child->named_modules())
    if (module.get() == this)
      throw FluxionError(str(type_name(), ": child '", name, "' contains this module: a module cannot contain itself"));
  children_.emplace_back(std::move(name), std::move(child));
}

void Module::set_parameter(const std::string& name, Tensor value) {
  if (const std::size_t dot = name.find('.'); dot != std::string::npos) {
    for (const auto& [child_name, child] : children_)
      if (child_name == name.substr(0, dot)) return child->set_parameter(name.substr(dot + 1), std::move(value));
  } else {
    for (const TensorSlot& slot : parameters_) {
      if (slot.name != name) continue;
      if (!(slot.field->shape() == value.shape()))
        throw ShapeError(
            str(type_name(), ": parameter '", name, "' is ", slot.field->shape(), ", not ", value.shape()));
      if (is_floating(value.dtype()) && is_leaf(value)) set_requires_grad(value, true);
      *slot.field = std::move(value);
      end_recordings();
      return;
    }
  }
  throw FluxionError(str(type_name(), ": has no parameter '", name, "'"));
}

template <class Root, class F>
void Module::visit(Root& root, const std::string& prefix, bool once, F&& f) {
  std::unordered_set<const Module*> seen;
  const auto walk = [&](const auto& self, const std::string& path, auto& module) -> void {
    if (once && !seen.insert(&module).second) return;
    f(path, module);
    for (const auto& [name, child] : module.children_) self(self, path + name + ".", *child);
  };
  walk(walk, prefix.empty() ? "" : prefix + ".", root);
}

std::vector<NamedTensor> Module::collect(std::vector<TensorSlot> Module::*slots, const std::string& prefix,
                                         bool recurse) const {
  std::vector<NamedTensor> out;
  std::unordered_set<const TensorImpl*> seen;
  visit(*this, prefix, true, [&](const std::string& path, const Module& module) {
    if (!recurse && &module != this) return;
    for (const TensorSlot& slot : module.*slots)
      if (seen.insert(slot.field->impl()).second) out.emplace_back(path + slot.name, *slot.field);
  });
  return out;
}

std::vector<NamedTensor> Module::named_parameters(const std::string& prefix, bool recurse) const {
  return collect(&Module::parameters_, prefix, recurse);
}

std::vector<NamedTensor> Module::named_buffers(const std::string& prefix, bool recurse) const {
  return collect(&Module::buffers_, prefix, recurse);
}

std::vector<NamedModule> Module::named_modules(const std::string& prefix) {
  std::vector<NamedModule> out;
  visit(*this, prefix, true, [&](const std::string& path, Module& module) {
    out.emplace_back(path.empty() ? path : path.substr(0, path.size() - 1), Ref<Module>(&module));
  });
  return out;
}

std::vector<Tensor> Module::parameters() const {
  std::vector<Tensor> out;
  for (auto& [name, tensor] : named_parameters()) out.push_back(std::move(tensor));
  return out;
}

std::int64_t Module::parameter_count() const {
  std::int64_t count = 0;
  for (const auto& [name, tensor] : named_parameters()) count += tensor.numel();
  return count;
}

Module& Module::train(bool mode) {
  if (training_ != mode) changed();
  training_ = mode;
  for (const auto& [name, child] : children_) child->train(mode);
  return *this;
}

Module& Module::requires_grad_(bool value) {
  for (const auto& [name, tensor] : named_parameters()) set_requires_grad(tensor, value);
  return *this;
}

void Module::zero_grad() {
  for (const auto& [name, tensor] : named_parameters()) set_grad(tensor, {});
}

void Module::apply(const std::function<void(Module&)>& f) {
  for (const auto& [name, child] : children_) child->apply(f);
  f(*this);
}

StateDict Module::state_dict(const std::string& prefix) const {
  StateDict out;
  visit(*this, prefix, false, [&](const std::string& path, const Module& module) {
    for (const TensorSlot& slot : module.parameters_) out.add(path + slot.name, slot.field->detach());
    for (const TensorSlot& slot : module.buffers_)
      if (slot.persistent) out.add(path + slot.name, slot.field->detach());
  });
  return out;
}

LoadResult Module::load_state_dict(const StateDict& state, bool strict) {
  const StateDict own = state_dict();
  std::unordered_map<std::string_view, const Tensor*> given;
  for (const auto& [name, tensor] : state) given.emplace(name, &tensor);

  LoadResult result;
  std::vector<std::string> misshapen;
  std::vector<std::pair<const Tensor*, const Tensor*>> copies;
  std::unordered_set<std::string_view> known;
  for (const auto& [name, tensor] : own) {
    known.insert(name);
    const auto it = given.find(name);
    if (it == given.end())
      result.missing.push_back(name);
    else if (!(it->second->shape() == tensor.shape()))
      misshapen.push_back(str(name, " is ", it->second->shape(), " where the module has ", tensor.shape()));
    else
      copies.emplace_back(&tensor, it->second);
  }
  for (const auto& [name, tensor] : state)
    if (!known.contains(name)) result.unexpected.push_back(name);

  std::vector<std::string> problems;
  if (strict && !result.missing.empty()) problems.push_back("missing keys: " + joined(result.missing));
  if (strict && !result.unexpected.empty()) problems.push_back("unexpected keys: " + joined(result.unexpected));
  if (!misshapen.empty()) problems.push_back("misshapen: " + joined(misshapen));
  if (!problems.empty()) {
    std::string text;
    for (const std::string& p : problems) text += (text.empty() ? "" : "; ") + p;
    throw FluxionError(str("loadStateDict: ", type_name(), ": ", text));
  }
  for (const auto& [into, from] : copies) copy_(*into, *from);
  return result;
}

std::string Module::repr() const {
  const std::string extra = extra_repr();
  if (children_.empty()) return str(type_name(), "(", extra, ")");
  std::string lines = extra.empty() ? "" : "\n" + extra;
  for (const auto& [name, child] : children_) lines += str("\n(", name, "): ", child->repr());
  return str(type_name(), "(", indented(lines), "\n)");
}

void check_at_least(const char* module, const char* argument, std::int64_t value, std::int64_t least) {
  if (value < least) throw ShapeError(str(module, ": ", argument, " must be at least ", least, ", it is ", value));
}

void check_probability(const char* module, const char* argument, double value) {
  if (!(value >= 0 && value <= 1))
    throw FluxionError(str(module, ": ", argument, " must lie in [0, 1], it is ", value));
}

void check_float_dtype(const char* module, DType dtype) {
  if (!is_floating(dtype)) throw DTypeError(str(module, ": weights must be float32 or float64, not ", dtype));
}

}  // namespace fluxion::nn
