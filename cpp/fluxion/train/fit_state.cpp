// Where a training stands, for checkpoints.

#include <cmath>

#include "fluxion/ops/random_state.h"
#include "fluxion/ops/view.h"
#include "fluxion/train/fit.h"

namespace fluxion::train {
namespace {

enum Position { kEpoch, kBatch, kStep, kPhase, kLossSum, kExamples, kLoss, kSeconds, kValidated, kValLoss, kCount };

Tensor numbers(const std::vector<double>& values) {
  return Tensor::from(values, {static_cast<std::int64_t>(values.size())});
}

[[noreturn]] void refuse(const std::string& name, const std::string& why) {
  throw ParseError(str("fit: resume: '", name, "' ", why));
}

const Tensor& entry(const StateDict& state, const std::string& name, DType dtype) {
  const Tensor* t = state.find(name);
  if (t == nullptr) refuse(name, "is missing");
  if (t->dtype() != dtype) refuse(name, str("is ", t->dtype(), ", not ", dtype));
  return *t;
}

std::vector<double> values(const StateDict& state, const std::string& name) {
  return entry(state, name, DType::Float64).to_vector<double>();
}

}  // namespace

StateDict Fit::state_dict() {
  StateDict out;
  out.add("position", numbers({static_cast<double>(epoch_), static_cast<double>(batch_), static_cast<double>(step_),
                               static_cast<double>(phase_), loss_sum_, static_cast<double>(examples_), info_.loss,
                               info_.seconds, info_.val_loss ? 1.0 : 0.0, info_.val_loss.value_or(0)}));
  std::vector<double> measured;
  for (const auto& [name, value] : info_.metrics) measured.push_back(value);
  out.add("measured", numbers(measured));
  for (std::size_t i = 0; i < options_.metrics.size(); ++i)
    out.add(str("metric.", i), numbers(options_.metrics[i]->state()));
  out.add("random", random_state(default_generator()));
  if (options_.shuffle) out.add("order", clone(loader_.order()));
  if (const Generator* own = loader_.generator()) out.add("shuffle", random_state(*own));
  return out;
}

void Fit::load_state_dict(const StateDict& state) {
  const std::vector<double> at = values(state, "position");
  if (at.size() != kCount) refuse("position", str("has ", at.size(), " numbers, not ", static_cast<int>(kCount)));
  const auto whole = [&](Position p, std::int64_t most) {
    if (!(at[p] >= 0 && at[p] <= static_cast<double>(most) && at[p] == std::floor(at[p])))
      refuse("position",
             str("has ", at[p], " as number ", static_cast<int>(p), ", which must be whole, from 0 to ", most));
    return static_cast<std::int64_t>(at[p]);
  };
  constexpr std::int64_t kMost = std::int64_t{1} << 53;
  const std::int64_t epoch = whole(kEpoch, options_.epochs), step = whole(kStep, kMost);
  const std::int64_t count = whole(kExamples, kMost);
  auto phase = static_cast<Phase>(whole(kPhase, static_cast<int>(Phase::Done)));
  const bool validating = phase == Phase::Validate, between = phase == Phase::EpochBegin || phase == Phase::Done;
  if ((validating && !validation_) || (!between && epoch == options_.epochs))
    refuse("position", "stands where this training does not come");
  const std::int64_t batch = whole(kBatch, (validating ? validation_->batch_count() : batches_) - 1);
  if (between) phase = epoch < options_.epochs ? Phase::EpochBegin : Phase::Done;

  const std::vector<double> measured = values(state, "measured");
  const std::size_t kinds = options_.metrics.size();
  if (measured.size() > 2 * kinds || (kinds > 0 && measured.size() % kinds != 0))
    refuse("measured", str("has ", measured.size(), " numbers for ", kinds, " metrics"));
  std::vector<std::vector<double>> sums;
  for (std::size_t i = 0; i < kinds; ++i) {
    const std::string name = str("metric.", i);
    sums.push_back(values(state, name));
    if (!options_.metrics[i]->fits(sums[i]))
      refuse(name, str("has ", sums[i].size(), " numbers, which is no state of ", options_.metrics[i]->name()));
  }
  // Without a seed of its own a run has the default stream alone, which is then set twice.
  const Tensor &random = entry(state, "random", DType::Int32),
               &shuffle = entry(state, loader_.generator() != nullptr ? "shuffle" : "random", DType::Int32);
  check_random_state(random, "fit: resume: 'random'");
  check_random_state(shuffle, "fit: resume: 'shuffle'");
  if (options_.shuffle) {
    const Tensor& order = entry(state, "order", DType::Int32);
    const std::int64_t n = loader_.dataset().size();
    if (!(order.shape() == Shape{n})) refuse("order", str("is ", order.shape(), " where this training has ", Shape{n}));
    // What stands there before the first epoch is nothing.
    std::vector<std::int32_t> seen(static_cast<std::size_t>(n));
    for (std::int64_t i = 0; i < n && !between; ++i) {
      const double place = order.at(i);
      if (!(place >= 0 && place < static_cast<double>(n)) || seen[static_cast<std::size_t>(place)]++ != 0)
        refuse("order", str("is no order of the examples: ", place, " is out of place"));
    }
    loader_.set_order(clone(order));
  }

  if (Generator* own = loader_.generator()) set_random_state(*own, shuffle, "");
  set_random_state(default_generator(), random, "");
  epoch_ = epoch;
  batch_ = batch;
  step_ = step;
  phase_ = phase;
  loss_sum_ = at[kLossSum];
  examples_ = count;
  info_.epoch = epoch;
  info_.epochs = options_.epochs;
  info_.loss = at[kLoss];
  info_.seconds = at[kSeconds];
  if (at[kValidated] != 0) info_.val_loss = at[kValLoss];
  for (std::size_t i = 0; i < measured.size(); ++i)
    info_.metrics.emplace_back(str(i < kinds ? "" : "val_", options_.metrics[i % kinds]->name()), measured[i]);
  for (std::size_t i = 0; i < kinds; ++i) options_.metrics[i]->load_state(std::move(sums[i]));
}

}  // namespace fluxion::train
