// Evaluation and prediction.

#include "fluxion/ops/view.h"
#include "fluxion/train/fit.h"
#include "fluxion/train/slices.h"

namespace fluxion::train {

Sweep::Sweep(Model model, Loss loss, const Tensor& x, const Tensor& y, std::int64_t batch_size,
             std::vector<Ref<Metric>> metrics)
    : Sweep(std::move(model), std::move(loss), examples(x, y), batch_size, std::move(metrics), "evaluate") {}

Sweep::Sweep(Model model, const Tensor& x, std::int64_t batch_size)
    : Sweep(std::move(model), {}, data::TensorDataset({x}), batch_size, {}, "predict") {}

Sweep::Sweep(Model model, Loss loss, data::TensorDataset dataset, std::int64_t batch_size,
             std::vector<Ref<Metric>> metrics, const char* name)
    : model_(std::move(model)),
      loss_(std::move(loss)),
      metrics_(std::move(metrics)),
      loader_(std::move(dataset), batch_size) {
  if (loader_.dataset().size() == 0)
    throw ShapeError(str(name, ": there are no examples: ", loader_.dataset()[0].shape()));
  for (const Ref<Metric>& m : metrics_) m->reset();
}

bool Sweep::run_for(double milliseconds) {
  run_slice(milliseconds, [this](double /*now*/) {
    advance();
    return batch_ < loader_.batch_count();
  });
  return batch_ < loader_.batch_count();
}

void Sweep::advance() {
  const NoGrad off;
  if (model_.set_training) model_.set_training(false);
  loader_.load(batch_, loaded_);
  Tensor output = model_.forward(loaded_[0]);
  if (loss_) {
    const std::int64_t n = loaded_[0].size(0);
    loss_sum_ += one_number(loss_(output, loaded_[1])) * static_cast<double>(n);
    examples_ += n;
    for (const Ref<Metric>& m : metrics_) m->update(output, loaded_[1]);
  } else {
    outputs_.push_back(std::move(output));
  }
  ++batch_;
}

Evaluation Sweep::evaluation() const {
  Evaluation out{.loss = loss_sum_ / static_cast<double>(examples_), .metrics = {}};
  for (const Ref<Metric>& m : metrics_) out.metrics.emplace_back(m->name(), m->value());
  return out;
}

Tensor Sweep::outputs() const {
  const NoGrad off;
  return outputs_.size() == 1 ? outputs_[0] : cat(outputs_, 0);
}

Evaluation evaluate(const Model& model, const Loss& loss, const Tensor& x, const Tensor& y, std::int64_t batch_size,
                    const std::vector<Ref<Metric>>& metrics) {
  Sweep sweep(model, loss, x, y, batch_size, metrics);
  while (sweep.run_for(1e9)) {
  }
  return sweep.evaluation();
}

Tensor predict(const Model& model, const Tensor& x, std::int64_t batch_size) {
  Sweep sweep(model, x, batch_size);
  while (sweep.run_for(1e9)) {
  }
  return sweep.outputs();
}

}  // namespace fluxion::train
