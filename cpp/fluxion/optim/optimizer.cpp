#include "fluxion/optim/optimizer.h"

#include <cmath>
#include <unordered_set>

#include "fluxion/core/recorder.h"
#include "fluxion/ops/creation.h"
#include "fluxion/ops/launch.h"
#include "fluxion/ops/unary.h"
#include "fluxion/ops/view.h"

namespace fluxion::optim {
namespace {

std::string joined(const std::vector<std::string>& parts, const char* separator) {
  std::string out;
  for (const std::string& p : parts) out += (out.empty() ? "" : separator) + p;
  return out;
}

}  // namespace

Betas::Betas(const std::vector<double>& both) : first(0), second(0) {
  if (both.size() != 2) throw FluxionError(str("betas: two numbers are needed, not ", both.size()));
  first = both[0];
  second = both[1];
}

void Optimizer::step() {
  perform([this, kept = held(this)] { take_step(); });
}

void Optimizer::take_step() {
  const NoGrad off;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    due_.clear();
    std::vector<std::pair<Slot*, Tensor>> strided;
    for (Slot& slot : groups_[g]) {
      Tensor grad = grad_of(slot.param);
      if (!grad.defined()) continue;
      ++slot.steps;
      if (!slot.param.is_contiguous()) {
        strided.emplace_back(&slot, slot.param);
        slot.param = contiguous_raw(slot.param);
      }
      due_.push_back({&slot, std::move(grad)});
    }
    update_group(g, due_);
    for (auto& [slot, param] : strided) {
      copy_(param, slot->param);
      slot->param = std::move(param);
    }
    for (const Due& d : due_) d.slot->param.storage().bump_version();
  }
  due_.clear();
}

void Optimizer::zero_grad() {
  for (const auto& group : groups_)
    for (const Slot& slot : group) set_grad(slot.param, {});
}

std::size_t Optimizer::add_param_group(const std::vector<Tensor>& params) {
  if (params.empty()) throw FluxionError(str(type_name(), ": the list of parameters is empty"));
  std::unordered_set<const TensorImpl*> seen;
  for (const auto& group : groups_)
    for (const Slot& slot : group) seen.insert(slot.param.impl());
  for (const Tensor& p : params) {
    if (!p.defined()) throw FluxionError(str(type_name(), ": a parameter is undefined"));
    if (!is_floating(p.dtype()))
      throw DTypeError(str(type_name(), ": parameters must be float32 or float64, one is ", p.dtype()));
    if (!is_leaf(p))
      throw FluxionError(str(type_name(), ": a parameter of shape ", p.shape(),
                             " was computed from others; only leaves can be trained"));
    if (!seen.insert(p.impl()).second)
      throw FluxionError(str(type_name(), ": a parameter of shape ", p.shape(), " is given twice"));
    check_param(p);
  }
  std::vector<Slot> slots;
  for (const Tensor& p : params) slots.push_back({.param = p, .steps = 0, .state = {}});
  groups_.push_back(std::move(slots));
  group_added();
  return groups_.size() - 1;
}

std::vector<Tensor> Optimizer::group_params(std::size_t group) const {
  check_group(group);
  std::vector<Tensor> out;
  for (const Slot& slot : groups_[group]) out.push_back(slot.param);
  return out;
}

void Optimizer::set_lr(double value) {
  for (std::size_t g = 0; g < groups_.size(); ++g) set_option("lr", {&value, 1}, g);
}

double Optimizer::initial_lr(std::size_t group) {
  while (initial_lrs_.size() <= group) initial_lrs_.push_back(lr(initial_lrs_.size()));
  return initial_lrs_[group];
}

void Optimizer::check_group(std::size_t group) const {
  if (group >= groups_.size())
    throw IndexError(
        str(type_name(), ": there is no parameter group ", group, ", there are ", groups_.size()));
}

const Tensor& Optimizer::zero_state(Slot& slot, std::size_t index) {
  Tensor& t = slot.state[index];
  if (!t.defined()) t = zeros_like(slot.param);
  return t;
}

StateDict Optimizer::state_dict() const {
  StateDict out;
  int number = 0;
  for (const auto& group : groups_) {
    for (const Slot& slot : group) {
      const std::string prefix = str("state.", number++, ".");
      if (saves_steps() && slot.steps > 0)
        out.add(prefix + "step", full({}, static_cast<double>(slot.steps), DType::Int32));
      for (std::size_t i = 0; i < state_names().size(); ++i)
        if (slot.state[i].defined()) out.add(prefix + state_names()[i], slot.state[i]);
    }
  }
  number = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::string prefix = str("param_groups.", g, ".");
    for (const std::string& name : option_names()) {
      const std::vector<double> values = option(name, g);
      out.add(prefix + name, values.size() == 1
                                 ? full({}, values[0], DType::Float64)
                                 : Tensor::from(values, {static_cast<std::int64_t>(values.size())}));
    }
    std::vector<std::int32_t> numbers;
    for (std::size_t i = 0; i < groups_[g].size(); ++i) numbers.push_back(number++);
    out.add(prefix + "params", Tensor::from(numbers, {static_cast<std::int64_t>(numbers.size())}));
  }
  return out;
}

void Optimizer::load_state_dict(const StateDict& state) {
  std::vector<std::string> problems;
  std::unordered_set<std::string> known;
  const auto find = [&](const std::string& name, bool required) {
    known.insert(name);
    const Tensor* t = state.find(name);
    if (t == nullptr && required) problems.push_back("missing " + name);
    return t;
  };

  std::vector<std::vector<Slot>> loaded(groups_.size());
  int number = 0;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    for (const Slot& slot : groups_[g]) {
      const std::string prefix = str("state.", number++, ".");
      Slot fresh{.param = slot.param, .steps = 0, .state = {}};
      if (saves_steps())
        if (const Tensor* steps = find(prefix + "step", false)) {
          if (steps->numel() != 1)
            problems.push_back(str(prefix, "step is ", steps->shape(), " where one number is needed"));
          else
            fresh.steps = std::llround(steps->item());
        }
      for (std::size_t i = 0; i < state_names().size(); ++i) {
        const std::string name = prefix + state_names()[i];
        const Tensor* value = find(name, false);
        if (value == nullptr) continue;
        const Shape wanted = is_number(i) ? Shape{} : slot.param.shape();
        if (!(value->shape() == wanted))
          problems.push_back(str(name, " is ", value->shape(), " where ",
                                 is_number(i) ? "one number is needed" : str("the parameter is ", wanted)));
        else
          fresh.state[i] = *value;
      }
      loaded[g].push_back(std::move(fresh));
    }
  }
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    const std::string prefix = str("param_groups.", g, ".");
    if (const Tensor* numbers = find(prefix + "params", true))
      if (numbers->numel() != static_cast<std::int64_t>(groups_[g].size()))
        problems.push_back(str(prefix, "params names ", numbers->numel(), " parameters where there are ",
                               groups_[g].size()));
    for (const std::string& name : option_names())
      if (const Tensor* value = find(prefix + name, true))
        if (value->numel() != static_cast<std::int64_t>(option(name, g).size()))
          problems.push_back(
              str(prefix, name, " has ", value->numel(), " numbers, not ", option(name, g).size()));
  }
  for (const auto& [name, tensor] : state)
    if (!known.contains(name)) problems.push_back("unexpected " + name);
  if (!problems.empty())
    throw FluxionError(str("loadStateDict: ", type_name(), ": ", joined(problems, "; ")));

  std::vector<OptionValues> options(groups_.size());
  for (std::size_t g = 0; g < groups_.size(); ++g)
    for (const std::string& name : option_names())
      options[g].push_back(state.at(str("param_groups.", g, ".", name)).to_vector<double>());
  load_options(options);
  const NoGrad off;
  for (auto& group : loaded)
    for (Slot& slot : group)
      for (std::size_t i = 0; i < kMaxState; ++i)
        if (Tensor& t = slot.state[i]; t.defined())
          t = clone(to_dtype(t.detach(), is_number(i) ? DType::Float64 : slot.param.dtype()));
  groups_ = std::move(loaded);
}

void detail::no_such_option(const char* optimizer, std::string_view name,
                            const std::vector<std::string>& known) {
  throw FluxionError(str(optimizer, ": has no option '", name, "'; it has ", joined(known, ", ")));
}

void detail::check_count(const char* optimizer, std::string_view name, std::size_t given,
                         std::size_t wanted) {
  if (given != wanted)
    throw FluxionError(str(optimizer, ": option '", public_name(name), "' takes ", wanted,
                           wanted == 1 ? " number" : " numbers", ", not ", given));
}

void check_not_negative(const char* optimizer, const char* option, double value) {
  if (!(value >= 0)) throw FluxionError(str(optimizer, ": ", option, " must not be negative, it is ", value));
}

void check_share(const char* optimizer, const char* option, double value) {
  if (!(value >= 0 && value <= 1))
    throw FluxionError(str(optimizer, ": ", option, " must lie in [0, 1], it is ", value));
}

void check_betas(const char* optimizer, const Betas& betas) {
  for (const double b : {betas.first, betas.second})
    if (!(b >= 0 && b < 1)) throw FluxionError(str(optimizer, ": betas must lie in [0, 1), one is ", b));
}

}  // namespace fluxion::optim
