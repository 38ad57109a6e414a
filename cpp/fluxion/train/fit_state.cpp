// Where a training stands, for checkpoints.

#include <algorithm>

#include "fluxion/ops/creation.h"
#include "fluxion/ops/random_state.h"
#include "fluxion/ops/view.h"
#include "fluxion/train/fit.h"

namespace fluxion::train {
namespace {

constexpr const char* kPlace = "fit: resume";

enum Position { kEpoch, kBatch, kStep, kPhase, kLossSum, kExamples, kLoss, kSeconds, kValidated, kValLoss, kCount };

Tensor numbers(const std::vector<double>& values) {
  return Tensor::from(values, {static_cast<std::int64_t>(values.size())});
}

// Reads a state under the eye: whatever is missing, or not as wanted, is refused by name.
class Reader {
 public:
  explicit Reader(const StateDict& state) : state_(state) {}
  [[noreturn]] static void refuse(const std::string& name, const std::string& why) {
    throw ParseError(str(kPlace, ": '", name, "' ", why));
  }
  const Tensor& tensor(const std::string& name, DType dtype, const Shape& shape) {
    const Tensor& t = any(name, dtype);
    if (!(t.shape() == shape)) refuse(name, str("is ", t.shape(), " where this training has ", shape));
    return t;
  }
  const Tensor& any(const std::string& name, DType dtype) {
    const Tensor* t = state_.find(name);
    if (t == nullptr) refuse(name, "is missing");
    if (t->dtype() != dtype) refuse(name, str("is ", t->dtype(), ", not ", dtype));
    ++used_;
    return *t;
  }
  std::vector<double> values(const std::string& name) { return any(name, DType::Float64).to_vector<double>(); }
  bool has(const std::string& name) const { return state_.find(name) != nullptr; }
  void end() const {
    if (used_ != state_.size())
      throw ParseError(str(kPlace, ": the state has ", state_.size(), " entries, this training takes ", used_));
  }

 private:
  const StateDict& state_;
  std::size_t used_ = 0;
};

}  // namespace

StateDict Fit::state_dict() {
  std::vector<double> at(kCount);
  at[kEpoch] = static_cast<double>(epoch_);
  at[kBatch] = static_cast<double>(batch_);
  at[kStep] = static_cast<double>(step_);
  at[kPhase] = static_cast<double>(phase_);
  at[kLossSum] = loss_sum_;
  at[kExamples] = static_cast<double>(examples_);
  at[kLoss] = info_.loss;
  at[kSeconds] = info_.seconds;
  at[kValidated] = info_.val_loss ? 1 : 0;
  at[kValLoss] = info_.val_loss.value_or(0);
  StateDict out;
  out.add("position", numbers(at));
  std::vector<double> measured;
  for (const auto& [name, value] : info_.metrics) measured.push_back(value);
  out.add("measured", numbers(measured));
  for (std::size_t i = 0; i < options_.metrics.size(); ++i)
    out.add(str("metric.", i), numbers(options_.metrics[i]->state()));
  out.add("random", random_state(default_generator()));
  if (options_.shuffle) out.add("order", clone(loader_.order()));
  if (const Generator* own = loader_.generator()) out.add("shuffle", random_state(*own));
  if (options_.schedule) out.add("schedule", numbers({static_cast<double>(options_.schedule->steps())}));
  if (options_.plateau) out.add("plateau", numbers(options_.plateau->state()));
  if (options_.average) {
    out.add("averaged", numbers({static_cast<double>(options_.average->count())}));
    const std::vector<Tensor>& averages = options_.average->averages();
    for (std::size_t i = 0; i < averages.size(); ++i) out.add(str("average.", i), clone(averages[i]));
  }
  if (phase_ == Phase::Train && batch_ % options_.accumulate != 0) {
    const std::vector<Tensor> params = parameters();
    for (std::size_t i = 0; i < params.size(); ++i)
      if (const Tensor g = grad_of(params[i]); g.defined()) out.add(str("gradient.", i), clone(g.detach()));
  }
  return out;
}

void Fit::load_state_dict(const StateDict& state) {
  Reader read(state);
  const std::vector<double> at = read.tensor("position", DType::Float64, {kCount}).to_vector<double>();
  const auto whole = [&](Position p, std::int64_t most) {
    if (!(at[p] >= 0 && at[p] <= static_cast<double>(most)) ||
        at[p] != static_cast<double>(static_cast<std::int64_t>(at[p])))
      Reader::refuse("position",
                     str("has ", at[p], " as number ", static_cast<int>(p), ", which must be whole, from 0 to ", most));
    return static_cast<std::int64_t>(at[p]);
  };
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  const std::int64_t epoch = whole(kEpoch, options_.epochs), step = whole(kStep, kMost),
                     count = whole(kExamples, kMost);
  auto phase = static_cast<Phase>(whole(kPhase, static_cast<int>(Phase::Done)));
  const bool validating = phase == Phase::Validate;
  if (validating && !validation_) Reader::refuse("position", "stands in a validation, which this training has not");
  const std::int64_t batch = whole(kBatch, (validating ? validation_->batch_count() : batches_) - 1);
  const bool between = phase == Phase::EpochBegin || phase == Phase::Done;
  if (!between && epoch == options_.epochs) Reader::refuse("position", "stands within an epoch past the last");
  if (between) phase = epoch < options_.epochs ? Phase::EpochBegin : Phase::Done;

  const std::vector<double> measured = read.values("measured");
  const std::size_t kinds = options_.metrics.size();
  if (measured.size() > 2 * kinds || (kinds > 0 && measured.size() % kinds != 0))
    Reader::refuse("measured", str("has ", measured.size(), " numbers for ", kinds, " metrics"));
  std::vector<std::vector<double>> sums;
  for (std::size_t i = 0; i < kinds; ++i) {
    const std::string name = str("metric.", i);
    sums.push_back(read.values(name));
    if (!options_.metrics[i]->fits(sums.back()))
      Reader::refuse(name,
                     str("has ", sums.back().size(), " numbers, which is no state of ", options_.metrics[i]->name()));
  }
  const Tensor random = read.any("random", DType::Int32);
  check_random_state(random, str(kPlace, ": 'random'"));
  Tensor order, shuffle;
  if (options_.shuffle) {
    order = read.tensor("order", DType::Int32, loader_.order().shape());
    std::vector<bool> seen(static_cast<std::size_t>(order.numel()));
    if (!between)
      for (const std::int32_t i : order.to_vector<std::int32_t>()) {
        if (i < 0 || i >= order.numel() || seen[static_cast<std::size_t>(i)])
          Reader::refuse("order", str("is no order of the examples: ", i, " is out of place"));
        seen[static_cast<std::size_t>(i)] = true;
      }
  }
  if (loader_.generator() != nullptr) {
    shuffle = read.any("shuffle", DType::Int32);
    check_random_state(shuffle, str(kPlace, ": 'shuffle'"));
  }
  Tensor schedule, plateau, averaged;
  if (options_.schedule) {
    schedule = read.tensor("schedule", DType::Float64, {1});
    if (!(schedule.item() >= 0 && schedule.item() < static_cast<double>(kMost)))
      Reader::refuse("schedule", str("is ", schedule.item(), ", which is no number of steps"));
  }
  if (options_.plateau) plateau = read.tensor("plateau", DType::Float64, {3});
  std::vector<std::pair<Tensor, Tensor>> copies;
  if (options_.average) {
    averaged = read.tensor("averaged", DType::Float64, {1});
    const std::vector<Tensor>& averages = options_.average->averages();
    for (std::size_t i = 0; i < averages.size(); ++i)
      copies.emplace_back(averages[i], read.tensor(str("average.", i), averages[i].dtype(), averages[i].shape()));
  }
  std::vector<std::pair<Tensor, Tensor>> gradients;
  if (phase == Phase::Train && batch % options_.accumulate != 0) {
    const std::vector<Tensor> params = parameters();
    for (std::size_t i = 0; i < params.size(); ++i)
      if (const std::string name = str("gradient.", i); read.has(name))
        gradients.emplace_back(params[i], read.tensor(name, params[i].dtype(), params[i].shape()));
  }
  read.end();

  // From here on nothing is refused, but what a schedule of one's own throws: it comes first.
  if (options_.schedule) options_.schedule->go_to(static_cast<std::int64_t>(schedule.item()));
  if (options_.plateau) options_.plateau->load_state(plateau.to_vector<double>());
  epoch_ = epoch;
  batch_ = batch;
  step_ = step;
  phase_ = phase;
  loss_sum_ = at[kLossSum];
  examples_ = count;
  info_ = {.epoch = epoch,
           .epochs = options_.epochs,
           .loss = at[kLoss],
           .val_loss = {},
           .metrics = {},
           .seconds = at[kSeconds]};
  if (at[kValidated] != 0) info_.val_loss = at[kValLoss];
  for (std::size_t i = 0; i < measured.size(); ++i)
    info_.metrics.emplace_back(str(i < kinds ? "" : "val_", options_.metrics[i % kinds]->name()), measured[i]);
  for (std::size_t i = 0; i < kinds; ++i) options_.metrics[i]->load_state(std::move(sums[i]));
  if (options_.shuffle) loader_.set_order(clone(order));
  if (Generator* own = loader_.generator()) set_random_state(*own, shuffle, kPlace);
  set_random_state(default_generator(), random, kPlace);
  if (options_.average) options_.average->set_count(static_cast<std::int64_t>(averaged.item()));
  for (const auto& [into, from] : copies) copy_(into, from);
  if (!gradients.empty()) optimizer_->zero_grad();
  for (const auto& [param, from] : gradients) set_grad(param, clone(from));
}

}  // namespace fluxion::train
