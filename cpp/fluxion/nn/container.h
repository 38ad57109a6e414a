#pragma once
// Modules made of modules. Children are named "0", "1", …

#include "fluxion/nn/module.h"

namespace fluxion::nn {

// One after the other.
class Sequential final : public Module {
 public:
  explicit Sequential(const std::vector<Ref<Module>>& modules = {}) {
    for (const Ref<Module>& m : modules) append(m);
  }
  const char* type_name() const override { return "Sequential"; }
  void append(Ref<Module> m) { register_module(std::to_string(named_children().size()), std::move(m)); }
  Tensor forward(const Tensor& x) override {
    Tensor y = x;
    for (const auto& [name, module] : named_children()) y = (*module)(y);
    return y;
  }
};

// A list without a forward of its own.
class ModuleList final : public Module {
 public:
  explicit ModuleList(const std::vector<Ref<Module>>& modules = {}) {
    for (const Ref<Module>& m : modules) append(m);
  }
  const char* type_name() const override { return "ModuleList"; }
  void append(Ref<Module> m) { register_module(std::to_string(named_children().size()), std::move(m)); }
  std::size_t size() const { return named_children().size(); }
  Module& operator[](std::size_t i) const { return *named_children()[i].second; }
};

// sequential(make_ref<Linear>(2, 8), make_ref<Tanh>(), make_ref<Linear>(8, 1))
template <class... M>
Ref<Sequential> sequential(const Ref<M>&... modules) {
  return make_ref<Sequential>(std::vector<Ref<Module>>{modules...});
}

}  // namespace fluxion::nn
