#include "fluxion/train/fit.h"

#include <cmath>

#include "fluxion/ops/view.h"

namespace fluxion::train {
namespace {

double number(const Tensor& loss) {
  if (loss.numel() != 1)
    throw ShapeError(str("fit: the loss must be one number, this one is ", loss.shape()));
  return loss.item();
}

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

// Checks the pair before any of it is used.
data::TensorDataset examples(const Tensor& x, const Tensor& y) { return data::TensorDataset({x, y}); }

data::DataLoader training_loader(const Tensor& x, const Tensor& y, const FitOptions& o) {
  if (o.batch_size < 1) throw ShapeError(str("fit: batchSize must be at least 1, it is ", o.batch_size));
  std::vector<Tensor> part;
  const data::TensorDataset all = examples(x, y);
  all.range(0, training_count(x, o), part);
  data::DataLoader loader(
      data::TensorDataset(part),
      {.batch_size = o.batch_size, .shuffle = o.shuffle, .drop_last = o.drop_last, .seed = o.seed});
  if (loader.batch_count() == 0)
    throw ShapeError(
        str("fit: dropLast leaves no batch of ", o.batch_size, " among ", part[0].size(0), " examples"));
  return loader;
}

}  // namespace

Model model_of(const Ref<nn::Module>& module) {
  return {[module](const Tensor& x) { return (*module)(x); },
          [module](bool training) { module->train(training); }};
}

Fit::Fit(Model model, Ref<optim::Optimizer> optimizer, Loss loss, const Tensor& x, const Tensor& y,
         FitOptions options, FitEvents events)
    : model_(std::move(model)),
      optimizer_(std::move(optimizer)),
      loss_(std::move(loss)),
      options_(std::move(options)),
      events_(std::move(events)),
      loader_(training_loader(x, y, options_)),
      batches_(loader_.batch_count()) {
  if (options_.epochs < 0)
    throw FluxionError(str("fit: epochs must not be negative, they are ", options_.epochs));
  if (options_.steps_per_epoch < 0)
    throw FluxionError(str("fit: stepsPerEpoch must not be negative, it is ", options_.steps_per_epoch));
  if (!model_.forward || !loss_ || !optimizer_)
    throw FluxionError("fit: a model, a loss and an optimizer are needed");
  if (options_.steps_per_epoch > 0) batches_ = std::min(batches_, options_.steps_per_epoch);
  if (options_.validation_x.defined()) {
    validation_.emplace(examples(options_.validation_x, options_.validation_y), options_.batch_size);
  } else if (const std::int64_t seen = loader_.dataset().size(); seen < x.size(0)) {
    std::vector<Tensor> held_out;
    examples(x, y).range(seen, x.size(0) - seen, held_out);
    validation_.emplace(data::TensorDataset(held_out), options_.batch_size);
  }
  if (options_.epochs == 0) phase_ = Phase::Done;
}

bool Fit::run_for(double milliseconds) {
  using Clock = std::chrono::steady_clock;
  if (done()) return false;
  const Clock::time_point start = Clock::now();
  slice_start_ = start;
  // A look at the clock may cost as much as a small step: when steps are short, several go by between two
  // looks.
  constexpr double kShortSteps = 0.1;  // milliseconds
  constexpr int kMaxStride = 64;
  double elapsed = 0;
  int stride = 1;
  while (!done() && elapsed < milliseconds) {
    for (int i = 0; i < stride && !done(); ++i) advance();
    const double before = elapsed;
    elapsed = std::chrono::duration<double, std::milli>(Clock::now() - start).count();
    stride = elapsed - before < kShortSteps ? std::min(2 * stride, kMaxStride) : 1;
  }
  info_.seconds += std::chrono::duration<double>(Clock::now() - slice_start_).count();
  return !done();
}

void Fit::advance() {
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
      end_epoch();
      break;
    case Phase::Done:
      break;
  }
}

void Fit::set_mode() const {
  if (model_.set_training) model_.set_training(phase_ == Phase::Train);
}

void Fit::stop() {
  phase_ = Phase::Done;
  set_mode();
}

// A callback may have called stop(): then the phase stays Done.
void Fit::begin_epoch() {
  info_ = {
      .epoch = epoch_, .epochs = options_.epochs, .loss = 0, .val_loss = {}, .metrics = {}, .seconds = 0};
  slice_start_ = std::chrono::steady_clock::now();
  loader_.start_epoch();
  batch_ = 0;
  loss_sum_ = 0;
  examples_ = 0;
  for (const Ref<Metric>& m : options_.metrics) m->reset();
  phase_ = Phase::Train;
  if (events_.epoch_begin) events_.epoch_begin(epoch_);
}

void Fit::train_batch() {
  set_mode();
  loader_.load(batch_, loaded_);
  optimizer_->zero_grad();
  const Tensor output = model_.forward(loaded_[0]);
  const Tensor loss = loss_(output, loaded_[1]);
  const double value = number(loss);
  backward(loss);
  optimizer_->step();
  measure(output, loaded_[1], value);
  const BatchInfo info{epoch_, batch_, batches_, step_, loaded_[0].size(0), value};
  ++step_;
  if (++batch_ == batches_) {
    finish_measures("", info_.loss, info_.metrics);
    phase_ = validation_ ? Phase::Validate : Phase::EpochEnd;
  }
  if (events_.batch_end) events_.batch_end(info);
}

void Fit::validate_batch() {
  set_mode();
  const NoGrad off;
  validation_->load(batch_, loaded_);
  const Tensor output = model_.forward(loaded_[0]);
  measure(output, loaded_[1], number(loss_(output, loaded_[1])));
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

// Closes the sums of one phase and starts the next one's.
void Fit::finish_measures(const std::string& prefix, double& loss, MetricValues& values) {
  loss = loss_sum_ / static_cast<double>(examples_);
  for (const Ref<Metric>& m : options_.metrics) {
    values.emplace_back(prefix + m->name(), m->value());
    m->reset();
  }
  batch_ = 0;
  loss_sum_ = 0;
  examples_ = 0;
}

void Fit::end_epoch() {
  info_.seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - slice_start_).count();
  slice_start_ = std::chrono::steady_clock::now();
  last_epoch_ = info_;
  phase_ = ++epoch_ < options_.epochs ? Phase::EpochBegin : Phase::Done;
  set_mode();
  if (events_.epoch_end) events_.epoch_end(last_epoch_);
}

Evaluation evaluate(const Model& model, const Loss& loss, const Tensor& x, const Tensor& y,
                    std::int64_t batch_size, const std::vector<Ref<Metric>>& metrics) {
  const NoGrad off;
  if (model.set_training) model.set_training(false);
  for (const Ref<Metric>& m : metrics) m->reset();
  Evaluation out;
  data::DataLoader loader(examples(x, y), batch_size);
  if (x.size(0) == 0) throw ShapeError(str("evaluate: there are no examples: ", x.shape()));
  for (const std::vector<Tensor>& batch : loader) {
    const Tensor output = model.forward(batch[0]);
    out.loss += number(loss(output, batch[1])) * static_cast<double>(batch[0].size(0));
    for (const Ref<Metric>& m : metrics) m->update(output, batch[1]);
  }
  out.loss /= static_cast<double>(x.size(0));
  for (const Ref<Metric>& m : metrics) out.metrics.emplace_back(m->name(), m->value());
  return out;
}

Tensor predict(const Model& model, const Tensor& x, std::int64_t batch_size) {
  const NoGrad off;
  if (model.set_training) model.set_training(false);
  std::vector<Tensor> outputs;
  data::DataLoader loader(data::TensorDataset({x}), batch_size);
  for (const std::vector<Tensor>& batch : loader) outputs.push_back(model.forward(batch[0]));
  if (outputs.empty()) throw ShapeError(str("predict: there are no examples: ", x.shape()));
  return outputs.size() == 1 ? outputs[0] : cat(outputs, 0);
}

}  // namespace fluxion::train
