#pragma once
// Module: parameters, buffers and child modules under PyTorch's dotted names, and one call from input to
// output.
//
//   struct Net : nn::Module {
//     Ref<nn::Linear> hidden = add<nn::Linear>("hidden", 2, 8);
//     Ref<nn::Linear> out = add<nn::Linear>("out", 8, 1);
//     const char* type_name() const override { return "Net"; }
//     Tensor forward(const Tensor& x) override { return sigmoid((*out)(tanh((*hidden)(x)))); }
//   };

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "fluxion/autograd/autograd.h"
#include "fluxion/core/recorder.h"
#include "fluxion/nn/state_dict.h"

namespace fluxion::nn {

class Module;
class Decoder;

using NamedTensor = StateDict::Entry;
using NamedModule = std::pair<std::string, Ref<Module>>;

// What a hook returns takes the place of the input (or the output); an undefined tensor leaves it.
using ForwardPreHook = std::function<Tensor(Module&, const Tensor& input)>;
using ForwardHook = std::function<Tensor(Module&, const Tensor& input, const Tensor& output)>;
// Gradients with respect to the input, undefined when it needs none, and to the output. What it returns takes the place
// of the former.
using BackwardHook = std::function<Tensor(Module&, const Tensor& grad_input, const Tensor& grad_output)>;

// Keys of a state dict that the module lacks, and the other way round.
struct LoadResult {
  std::vector<std::string> missing;
  std::vector<std::string> unexpected;
};

class Module : public RefCounted<Module> {
 public:
  Module() = default;
  virtual ~Module();

  // "Linear"; and what stands in the brackets of its printed form: "in_features=2, out_features=8,
  // bias=True".
  virtual const char* type_name() const = 0;
  virtual std::string extra_repr() const { return {}; }

  // This module as one that goes on where it stopped; null where it cannot.
  virtual Decoder* as_decoder() { return nullptr; }

  // From one input to the output. Modules of several inputs have a method of their own beside it.
  virtual Tensor forward(const Tensor& x);

  // forward() with the hooks around it. Hooks run in the order in which they were registered.
  Tensor operator()(const Tensor& x) {
    if (recorder() != nullptr) [[unlikely]] guard_mode();
    return hooks_ == nullptr ? forward(x) : forward_with_hooks(x);
  }
  std::int64_t register_forward_pre_hook(ForwardPreHook hook);
  std::int64_t register_forward_hook(ForwardHook hook);
  // Runs when the gradient with respect to the input is known. Of forward passes that come after it.
  std::int64_t register_full_backward_hook(BackwardHook hook);
  void remove_hook(std::int64_t id);
  bool has_hooks() const { return hooks_ != nullptr; }

  // The registry points at the field that holds the tensor, so that the field is the only truth. An undefined
  // field registers nothing (a layer without bias). A float parameter requires its gradient from here on.
  void register_parameter(std::string name, Tensor& field);
  // Part of the state, but not trained. A buffer that is not persistent stays out of state_dict().
  void register_buffer(std::string name, Tensor& field, bool persistent = true);
  void register_module(std::string name, Ref<Module> child);
  // Makes a child and registers it.
  template <class M, class... Args>
  Ref<M> add(std::string name, Args&&... args) {
    Ref<M> child = make_ref<M>(std::forward<Args>(args)...);
    register_module(std::move(name), child);
    return child;
  }
  // Puts another tensor in a parameter's place, say to share one between two modules. `name` may be dotted.
  void set_parameter(const std::string& name, Tensor value);

  // In the order of registration, a module's own before its children's. What is shared appears once, under
  // its first name.
  std::vector<NamedTensor> named_parameters(const std::string& prefix = "", bool recurse = true) const;
  std::vector<NamedTensor> named_buffers(const std::string& prefix = "", bool recurse = true) const;
  std::vector<NamedModule> named_modules(const std::string& prefix = "");  // this one first, as ""
  const std::vector<NamedModule>& named_children() const { return children_; }
  std::vector<Tensor> parameters() const;
  // Number of weights, shared ones counted once.
  std::int64_t parameter_count() const;

  bool training() const {
    if (recorder() != nullptr) [[unlikely]] guard_mode();
    return training_;
  }
  Module& train(bool mode = true);
  Module& eval() { return train(false); }
  Module& requires_grad_(bool value = true);
  void zero_grad();
  // Calls f on every module below and then on this one.
  void apply(const std::function<void(Module&)>& f);

  // Parameters and persistent buffers, sharing memory with the module, without gradient history. Shared
  // tensors appear under each of their names, as in PyTorch.
  StateDict state_dict(const std::string& prefix = "") const;
  // Copies values in. All keys are checked first: one FluxionError lists those missing, unexpected and
  // misshapen, and the module stays as it was. Not strict: only the misshapen are refused, the rest is
  // returned.
  LoadResult load_state_dict(const StateDict& state, bool strict = true);

  // The printed form, nested as PyTorch's.
  std::string repr() const;

 private:
  struct TensorSlot {
    std::string name;
    Tensor* field;
    bool persistent;
  };
  struct Hooks {
    std::vector<std::pair<std::int64_t, ForwardPreHook>> before;
    std::vector<std::pair<std::int64_t, ForwardHook>> after;
    std::vector<std::pair<std::int64_t, BackwardHook>> backward;
  };

  void check_name(const std::string& name) const;
  // A recording holds while the mode is as it was and there are no hooks.
  void guard_mode() const;
  Hooks& hooks();
  Tensor forward_with_hooks(const Tensor& x);
  // The output of `input`, both put between marks at which the hooks find the gradients.
  Tensor forward_with_backward_hooks(const Tensor& input);
  std::vector<NamedTensor> collect(std::vector<TensorSlot> Module::*slots, const std::string& prefix,
                                   bool recurse) const;
  // Calls f(path, module) on root and every module below, parents first; a shared module once, if asked. A
  // path ends with a dot.
  template <class Root, class F>
  static void visit(Root& root, const std::string& prefix, bool once, F&& f);

  std::vector<TensorSlot> parameters_, buffers_;
  std::vector<NamedModule> children_;
  std::unique_ptr<Hooks> hooks_;
  bool training_ = true;
};

// Layers' arguments are checked by their constructors: "Linear: inFeatures must be at least 1, it is 0".
void check_at_least(const char* module, const char* argument, std::int64_t value, std::int64_t least);
void check_probability(const char* module, const char* argument, double value);
void check_float_dtype(const char* module, DType dtype);

// A tensor as an op's optional argument: absent when it is undefined.
inline std::optional<Tensor> maybe(const Tensor& t) { return t.defined() ? std::optional<Tensor>(t) : std::nullopt; }

}  // namespace fluxion::nn
