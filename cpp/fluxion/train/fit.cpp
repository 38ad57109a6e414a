#include "fluxion/train/fit.h"

#include <cmath>

#include "fluxion/ops/binary.h"
#include "fluxion/ops/creation.h"
#include "fluxion/ops/reduce.h"
#include "fluxion/ops/unary.h"
#include "fluxion/optim/clip.h"
#include "fluxion/train/slices.h"

namespace fluxion::train {
namespace {

// The examples to learn from: all but the last share.
std::int64_t training_count(const Tensor& x, const FitOptions& o) {
  if (!(o.validation_split >= 0 && o.validation_split < 1))
    throw FluxionError(str("fit: validationSplit must lie in [0, 1), it is ", o.validation_split));
  if (o.validation_split > 0 && o.validation_x.defined())
    throw FluxionError("fit: give either validationSplit or validation data, not both");
  if (o.validation_x.defined() != o.validation_y.defined())
    throw FluxionError("fit: validation data needs both inputs and targets");
  const std::int64_t n = x.size(0);
  const auto held_out = static_cast<std::int64_t>(std::floor(o.validation_split * static_cast<double>(n)));
  if (n - held_out < 1) throw ShapeError("fit: there are no examples to learn from");
  return n - held_out;
}

data::DataLoader training_loader(const Tensor& x, const Tensor& y, const FitOptions& o) {
  if (o.batch_size < 1) throw ShapeError(str("fit: batchSize must be at least 1, it is ", o.batch_size));
  std::vector<Tensor> part;
  const data::TensorDataset all = examples(x, y);
  all.range(0, training_count(x, o), part);
  data::DataLoader loader(data::TensorDataset(part),
                          {.batch_size = o.batch_size, .shuffle = o.shuffle, .drop_last = o.drop_last, .seed = o.seed});
  if (loader.batch_count() == 0)
    throw ShapeError(str("fit: dropLast leaves no batch of ", o.batch_size, " among ", part[0].size(0), " examples"));
  return loader;
}

}  // namespace

Model model_of(const Ref<nn::Module>& module) {
  return {[module](const Tensor& x) { return (*module)(x); }, [module](bool training) { module->train(training); }};
}

Fit::Fit(Model model, Ref<optim::Optimizer> optimizer, Loss loss, const Tensor& x, const Tensor& y, FitOptions options,
         FitEvents events)
    : model_(std::move(model)),
      optimizer_(std::move(optimizer)),
      loss_(std::move(loss)),
      options_(std::move(options)),
      events_(std::move(events)),
      loader_(training_loader(x, y, options_)),
      batches_(loader_.batch_count()) {
  if (options_.epochs < 0) throw FluxionError(str("fit: epochs must not be negative, they are ", options_.epochs));
  if (options_.steps_per_epoch < 0)
    throw FluxionError(str("fit: stepsPerEpoch must not be negative, it is ", options_.steps_per_epoch));
  if (!model_.forward || !loss_ || !optimizer_) throw FluxionError("fit: a model, a loss and an optimizer are needed");
  check_options();
  if (options_.steps_per_epoch > 0) batches_ = std::min(batches_, options_.steps_per_epoch);
  if (options_.validation_x.defined()) {
    validation_.emplace(examples(options_.validation_x, options_.validation_y), options_.batch_size);
  } else if (const std::int64_t seen = loader_.dataset().size(); seen < x.size(0)) {
    std::vector<Tensor> held_out;
    examples(x, y).range(seen, x.size(0) - seen, held_out);
    validation_.emplace(data::TensorDataset(held_out), options_.batch_size);
  }
  if (options_.epochs == 0) phase_ = Phase::Done;
  compiled_ = make_ref<Compiled>([this](const std::vector<Tensor>& given) { return take_step(turn_, given); });
  compiled_->set_enabled(options_.compile);
}

void Fit::check_options() const {
  if (options_.accumulate < 1)
    throw FluxionError(str("fit: accumulate must be at least 1, it is ", options_.accumulate));
  optim::check_not_negative("fit", "clipValue", options_.clip_value);
  optim::check_not_negative("fit", "clipNorm", options_.clip_norm);
  optim::check_not_negative("fit", "l1", options_.l1);
  optim::check_not_negative("fit", "l2", options_.l2);
}

bool Fit::run_for(double milliseconds) {
  if (done()) return false;
  slice_start_ = milliseconds_now();
  paused_ = false;
  mode_.reset();
  run_slice(milliseconds, [this](double now) {
    advance(now);
    return !done() && !paused_;
  });
  count_time(milliseconds_now());
  return !done();
}

void Fit::count_time(double now) {
  info_.seconds += 1e-3 * (now - slice_start_);
  slice_start_ = now;
}

void Fit::advance(double now) {
  switch (phase_) {
    case Phase::EpochBegin:
      begin_epoch();
      break;
    case Phase::Train:
      train_batch();
      break;
    case Phase::Validate:
      validate_batch();
      break;
    case Phase::EpochEnd:
      end_epoch(now);
      break;
    case Phase::Done:
      break;
  }
}

void Fit::set_mode() {
  const bool training = phase_ == Phase::Train && !stopped_;
  if (model_.set_training && mode_ != training) model_.set_training(training);
  mode_ = training;
}

// The phase stays as it is: a saved state goes on from there.
void Fit::stop() {
  stopped_ = true;
  mode_.reset();
  set_mode();
}

void Fit::begin_epoch() {
  info_ = {.epoch = epoch_, .epochs = options_.epochs, .loss = 0, .val_loss = {}, .metrics = {}, .seconds = 0};
  loader_.start_epoch();
  start_measures();
  phase_ = Phase::Train;
  if (!events_.epoch_begin) return;
  events_.epoch_begin(epoch_);
  slice_start_ = milliseconds_now();
  mode_.reset();
}

Fit::Turn Fit::turn() const {
  const std::int64_t first = batch_ - batch_ % options_.accumulate;
  const std::int64_t last = std::min(first + options_.accumulate, batches_) - 1;
  std::int64_t together = 0;
  for (std::int64_t b = first; b <= last; ++b) together += loader_.batch_size(b);
  return {.begins = batch_ == first,
          .ends = batch_ == last,
          .averages = options_.average && batch_ == last && epoch_ >= options_.average_from,
          .share = static_cast<double>(loader_.batch_size(batch_)) / static_cast<double>(together)};
}

// From what the loader picks a batch by to the loss, the output and the targets.
std::vector<Tensor> Fit::take_step(const Turn& turn, const std::vector<Tensor>& given) {
  std::vector<Tensor> batch;
  loader_.take(given, batch);
  if (turn.begins) optimizer_->zero_grad();
  const Tensor output = model_.forward(batch[0]);
  const Tensor loss = penalised(loss_(output, batch[1]));
  check_one_number(loss);
  if (turn.share == 1)
    backward(loss);
  else
    backward(loss, full_like(loss, turn.share));
  if (turn.ends) step_optimizer(turn.averages);
  return {loss.detach(), output.detach(), batch[1]};
}

void Fit::train_batch() {
  set_mode();
  turn_ = turn();
  loader_.given(batch_, loaded_);
  const double lr = events_.batch_end ? optimizer_->lr() : 0;
  const std::vector<Tensor>& made = compiled_->borrow(loaded_, turn_.key());
  const double loss = one_number(made[0]);
  const BatchInfo info{epoch_, batch_, batches_, step_, made[2].size(0), loss, lr};
  measure(made[1], made[2], loss);
  ++step_;
  if (++batch_ == batches_) {
    finish_measures("", info_.loss, info_.metrics);
    phase_ = validation_ ? Phase::Validate : Phase::EpochEnd;
  }
  if (!events_.batch_end) return;
  events_.batch_end(info);
  mode_.reset();
}

std::vector<Tensor> Fit::parameters() const {
  std::vector<Tensor> out;
  for (std::size_t g = 0; g < optimizer_->group_count(); ++g)
    for (Tensor& p : optimizer_->group_params(g)) out.push_back(std::move(p));
  return out;
}

Tensor Fit::penalised(Tensor loss) const {
  const auto add_term = [&](double factor, const Tensor& terms) {
    if (factor != 0) loss = add(loss, mul(sum(terms), factor));
  };
  if (options_.l1 == 0 && options_.l2 == 0) return loss;
  for (const Tensor& p : parameters()) {
    add_term(options_.l1, abs(p));
    add_term(options_.l2, square(p));
  }
  return loss;
}

void Fit::step_optimizer(bool averages) {
  if (options_.clip_value > 0) optim::clip_grad_value(parameters(), options_.clip_value);
  if (options_.clip_norm > 0) optim::clip_grad_norm(parameters(), options_.clip_norm);
  optimizer_->step();
  if (options_.schedule && options_.schedule_by_step) options_.schedule->step();
  if (averages) options_.average->update();
}

void Fit::validate_batch() {
  set_mode();
  if (batch_ == 0) start_measures();
  const NoGrad off;
  validation_->load(batch_, loaded_);
  const Tensor output = model_.forward(loaded_[0]);
  measure(output, loaded_[1], one_number(loss_(output, loaded_[1])));
  if (++batch_ < validation_->batch_count()) return;
  double loss = 0;
  finish_measures("val_", loss, info_.metrics);
  info_.val_loss = loss;
  phase_ = Phase::EpochEnd;
}

void Fit::measure(const Tensor& output, const Tensor& target, double loss) {
  const std::int64_t n = target.size(0);
  loss_sum_ += loss * static_cast<double>(n);
  examples_ += n;
  for (const Ref<Metric>& m : options_.metrics) m->update(output, target);
}

void Fit::start_measures() {
  batch_ = 0;
  loss_sum_ = 0;
  examples_ = 0;
  for (const Ref<Metric>& m : options_.metrics) m->reset();
}

void Fit::finish_measures(const std::string& prefix, double& loss, MetricValues& values) {
  loss = loss_sum_ / static_cast<double>(examples_);
  for (const Ref<Metric>& m : options_.metrics) values.emplace_back(prefix + m->name(), m->value());
  batch_ = 0;
}

void Fit::end_epoch(double now) {
  count_time(events_.epoch_end ? milliseconds_now() : std::max(now, slice_start_));
  if (options_.schedule && !options_.schedule_by_step) options_.schedule->step();
  if (options_.plateau) options_.plateau->step(info_.val_loss.value_or(info_.loss));
  last_epoch_ = info_;
  phase_ = ++epoch_ < options_.epochs ? Phase::EpochBegin : Phase::Done;
  if (events_.epoch_noted) events_.epoch_noted(last_epoch_);
  if (events_.epoch_end || done()) set_mode();
  if (!events_.epoch_end) return;
  events_.epoch_end(last_epoch_);
  slice_start_ = milliseconds_now();
  mode_.reset();
}

}  // namespace fluxion::train
