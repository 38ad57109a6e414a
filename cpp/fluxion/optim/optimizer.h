#pragma once
// What all optimizers share: groups of parameters, each with options of its own, the state kept per
// parameter, and both under PyTorch's names.
//
// An optimizer is a struct of options and a rule for one parameter:
//
//   struct LionOptions {
//     double lr = 1e-4;
//     double weight_decay = 0;
//     template <class Self, class F>
//     static void each(Self& o, F&& f) { f("lr", o.lr); f("weight_decay", o.weight_decay); }
//     void check(const char* optimizer) const;
//   };
//   class Lion final : public OptimizerOf<LionOptions> { … void update(const Options& o, Slot& slot, …)
//   override; };

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fluxion/autograd/autograd.h"
#include "fluxion/core/recorder.h"
#include "fluxion/kernels/kernels.h"
#include "fluxion/nn/state_dict.h"

namespace fluxion::optim {

// Two decay rates, written as a list of two numbers elsewhere.
struct Betas {
  Betas(double a, double b) : first(a), second(b) {}
  Betas(const std::vector<double>& both);  // NOLINT: implicit; FluxionError unless there are two
  double first, second;
};

class Optimizer : public RefCounted<Optimizer> {
 public:
  virtual ~Optimizer() = default;
  virtual const char* type_name() const = 0;

  // Updates every parameter that has a gradient.
  void step();
  // Drops all gradients.
  void zero_grad();

  // Parameters are leaves of float type, none of them twice. The new group has the default options; returns
  // its index.
  std::size_t add_param_group(const std::vector<Tensor>& params);
  std::size_t group_count() const { return groups_.size(); }
  std::vector<Tensor> group_params(std::size_t group) const;

  // Options by name: one number each (0 or 1 for a switch), two for betas. Unknown names are a FluxionError.
  virtual std::vector<std::string> option_names() const = 0;
  virtual std::vector<double> option(std::string_view name, std::size_t group = 0) const = 0;
  virtual void set_option(std::string_view name, std::span<const double> values, std::size_t group) = 0;
  double lr(std::size_t group = 0) const { return option("lr", group)[0]; }
  // Of every group.
  void set_lr(double value);
  // What lr was when it was first asked for: where schedules start from.
  double initial_lr(std::size_t group);

  // "state.<parameter>.<name>", "param_groups.<group>.<option>" (float64) and "param_groups.<group>.params"
  // (the parameters' numbers, int32), as torch nests them. Tensors share memory with the optimizer.
  StateDict state_dict() const;
  // All is checked first; an error lists what does not fit, and nothing has changed.
  void load_state_dict(const StateDict& state);

 protected:
  static constexpr std::size_t kMaxState = 3;
  struct Slot {
    Tensor param;
    std::int64_t steps = 0;               // taken with a gradient
    std::array<Tensor, kMaxState> state;  // by state_names(); undefined until first needed
  };

  // A parameter with its gradient, which has its shape and type and any strides. The slot's steps count this one.
  struct Due {
    Slot* slot;
    Tensor grad;
  };

  virtual std::span<const char* const> state_names() const = 0;
  // Whether torch saves a step count with the state.
  virtual bool saves_steps() const { return true; }
  // Whether a state is one number (float64) instead of a tensor like the parameter.
  virtual bool is_number(std::size_t /*state*/) const { return false; }
  // Throws when this optimizer cannot train such a parameter.
  virtual void check_param(const Tensor& /*param*/) const {}
  virtual void group_added() = 0;
  // One group's options in the order of option_names().
  using OptionValues = std::vector<std::vector<double>>;
  // Every group's at once; all are checked before any is set.
  virtual void load_options(const std::vector<OptionValues>& by_group) = 0;
  virtual void update_group(std::size_t group, std::span<const Due> due) = 0;
  void check_group(std::size_t group) const;
  // A state tensor of the parameter's shape and type, zeros when first asked for.
  static const Tensor& zero_state(Slot& slot, std::size_t index);

 private:
  void take_step();

  std::vector<std::vector<Slot>> groups_;
  std::vector<Due> due_;  // of the group under way
  std::vector<double> initial_lrs_;  // of the first groups, where asked for
};

namespace detail {

// An option as numbers and back; kinds are told by type.
inline std::vector<double> to_numbers(double v) { return {v}; }
inline std::vector<double> to_numbers(bool v) { return {v ? 1.0 : 0.0}; }
inline std::vector<double> to_numbers(const Betas& v) { return {v.first, v.second}; }
inline void from_numbers(std::span<const double> v, double& into) { into = v[0]; }
inline void from_numbers(std::span<const double> v, bool& into) { into = v[0] != 0; }
inline void from_numbers(std::span<const double> v, Betas& into) { into = Betas(v[0], v[1]); }

[[noreturn]] void no_such_option(const char* optimizer, std::string_view name,
                                 const std::vector<std::string>& known);
void check_count(const char* optimizer, std::string_view name, std::size_t given, std::size_t wanted);

}  // namespace detail

// "SGD: lr must not be negative, it is -1". NaN is refused too.
void check_not_negative(const char* optimizer, const char* option, double value);
void check_betas(const char* optimizer, const Betas& betas);
void check_share(const char* optimizer, const char* option, double value);  // within [0, 1]

template <class O>
class OptimizerOf : public Optimizer {
 public:
  using Options = O;

  const Options& options(std::size_t group = 0) const {
    check_group(group);
    return options_[group];
  }
  void set_options(const Options& options, std::size_t group = 0) {
    check_group(group);
    options.check(type_name());
    refuse_recording("an optimizer's option was set; let a schedule do that");
    options_[group] = options;
  }

  std::vector<std::string> option_names() const override {
    std::vector<std::string> names;
    Options::each(defaults_, [&](const char* n, const auto&) { names.emplace_back(n); });
    return names;
  }
  std::vector<double> option(std::string_view name, std::size_t group = 0) const override {
    std::vector<double> out;
    Options::each(options(group), [&](const char* n, const auto& value) {
      if (name == n) out = detail::to_numbers(value);
    });
    if (out.empty()) detail::no_such_option(type_name(), name, option_names());
    return out;
  }
  void set_option(std::string_view name, std::span<const double> values, std::size_t group) override {
    Options changed = options(group);
    bool found = false;
    Options::each(changed, [&](const char* n, auto& value) {
      if (name != n) return;
      found = true;
      detail::check_count(type_name(), name, values.size(), detail::to_numbers(value).size());
      detail::from_numbers(values, value);
    });
    if (!found) detail::no_such_option(type_name(), name, option_names());
    set_options(changed, group);
  }

 protected:
  explicit OptimizerOf(const Options& defaults) : defaults_(defaults) {}
  // To be called by the constructor of the optimizer itself, whose name the errors need.
  void start(const std::vector<Tensor>& params) {
    defaults_.check(type_name());
    add_param_group(params);
  }

  // One parameter's step, or that of all that are due.
  virtual void update(const Options& /*options*/, Slot& /*slot*/, const Tensor& /*grad*/) {}
  virtual void update_all(const Options& options, std::span<const Due> due) {
    for (const Due& d : due) update(options, *d.slot, d.grad);
  }

 private:
  void group_added() final { options_.push_back(defaults_); }
  void load_options(const std::vector<OptionValues>& by_group) final {
    std::vector<Options> loaded(by_group.size(), defaults_);
    for (std::size_t g = 0; g < by_group.size(); ++g) {
      std::size_t i = 0;
      Options::each(loaded[g],
                    [&](const char*, auto& value) { detail::from_numbers(by_group[g][i++], value); });
      loaded[g].check(type_name());
    }
    options_ = std::move(loaded);
  }
  void update_group(std::size_t group, std::span<const Due> due) final { update_all(options_[group], due); }

  Options defaults_;
  std::vector<Options> options_;  // by group
};

}  // namespace fluxion::optim
