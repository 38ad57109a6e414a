// fit, evaluate and predict, driven from JavaScript slice by slice.

#include <memory>

#include "bindings/callbacks.h"
#include "fluxion/train/fit.h"

namespace fluxion::bindings {
namespace {

train::Model model_from(int module, int forward, int set_training) {
  if (module != 0) return train::model_of(table<Ref<nn::Module>>().get(module));
  const Callback mode(set_training);
  return {UnaryCallback(forward), [mode](bool training) { mode(training ? 1 : 0); }};
}

train::Loss loss_from(int module, int callback) {
  if (module == 0) return BinaryCallback(callback);
  const Ref<nn::Module> loss = table<Ref<nn::Module>>().get(module);
  return [loss](const Tensor& output, const Tensor& target) {
    return static_cast<nn::Loss&>(*loss).forward(output, target);
  };
}

// [class dim, ignored target, whole rows, threshold], or nothing.
std::vector<Ref<train::Metric>> metrics_from(unsigned list) {
  const ListView v = take_list(list);
  if (v.count == 0) return {};
  return {make_ref<train::Accuracy>(
      train::AccuracyOptions{static_cast<std::int64_t>(v[0]), static_cast<std::int64_t>(v[1]), v[2] != 0, v[3]})};
}

enum Event { kEpochBegin, kBatchEnd, kEpochEnd };

using Training = std::shared_ptr<train::Fit>;

std::vector<double> numbers_of(const train::BatchInfo& b) {
  return {static_cast<double>(b.epoch), static_cast<double>(b.batch), static_cast<double>(b.batches),
          static_cast<double>(b.step),  static_cast<double>(b.size),  b.loss};
}

std::vector<double> numbers_of(const train::EpochInfo& e) {
  std::vector<double> out = {static_cast<double>(e.epoch), static_cast<double>(e.epochs), e.loss,
                             e.val_loss ? 1.0 : 0.0,       e.val_loss.value_or(0),        e.seconds};
  for (const auto& [name, value] : e.metrics) out.push_back(value);
  return out;
}

// Events go to one JavaScript function (kind, address of numbers). options: [epochs, batch size, shuffle, drop last,
// seed given, seed, steps an epoch, validation split, batch events].
int new_fit(int module, int forward, int set_training, int loss_module, int loss, int optimizer, int x, int y,
            unsigned options, int validation_x, int validation_y, unsigned metrics, int events) {
  const train::Model model = model_from(module, forward, set_training);
  const train::Loss loss_function = loss_from(loss_module, loss);
  const Callback tell(events);
  const ListView o = take_list(options);
  train::FitOptions fit;
  fit.epochs = static_cast<std::int64_t>(o[0]);
  fit.batch_size = static_cast<std::int64_t>(o[1]);
  fit.shuffle = o[2] != 0;
  fit.drop_last = o[3] != 0;
  if (o[4] != 0) fit.seed = static_cast<std::uint64_t>(o[5]);
  fit.steps_per_epoch = static_cast<std::int64_t>(o[6]);
  fit.validation_split = o[7];
  if (validation_x != 0) fit.validation_x = tensor_at(validation_x);
  if (validation_y != 0) fit.validation_y = tensor_at(validation_y);
  fit.metrics = metrics_from(metrics);

  train::FitEvents handlers;
  handlers.epoch_begin = [tell](std::int64_t epoch) { tell(kEpochBegin, give_list({static_cast<double>(epoch)})); };
  if (o[8] != 0) handlers.batch_end = [tell](const train::BatchInfo& b) { tell(kBatchEnd, give_list(numbers_of(b))); };
  handlers.epoch_end = [tell](const train::EpochInfo& e) { tell(kEpochEnd, give_list(numbers_of(e))); };

  return table<Training>().add(std::make_shared<train::Fit>(model, table<Ref<optim::Optimizer>>().get(optimizer),
                                                            loss_function, tensor_at(x), tensor_at(y), std::move(fit),
                                                            std::move(handlers)));
}

int run_fit(int handle, double milliseconds) {
  const Training training = table<Training>().get(handle);  // events may grow the table
  return training->run_for(milliseconds);
}
void stop_fit(int handle) { table<Training>().get(handle)->stop(); }
void release_fit(int handle) { table<Training>().release(handle); }

// [loss, metrics …]
unsigned evaluate_model(int module, int forward, int set_training, int loss_module, int loss, int x, int y,
                        double batch_size, unsigned metrics) {
  const train::Model model = model_from(module, forward, set_training);
  const train::Loss loss_function = loss_from(loss_module, loss);
  const Tensor inputs = tensor_at(x), targets = tensor_at(y);
  const train::Evaluation e = train::evaluate(model, loss_function, inputs, targets,
                                              static_cast<std::int64_t>(batch_size), metrics_from(metrics));
  std::vector<double> out = {e.loss};
  for (const auto& [name, value] : e.metrics) out.push_back(value);
  return give_list(out);
}

int predict_model(int module, int forward, int set_training, int x, double batch_size) {
  const train::Model model = model_from(module, forward, set_training);
  const Tensor inputs = tensor_at(x);
  return hand_out(train::predict(model, inputs, static_cast<std::int64_t>(batch_size)));
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_training) {
  bind<&new_fit>("newFit");
  bind<&run_fit>("runFit");
  bind<&stop_fit>("stopFit");
  bind<&release_fit>("releaseFit");
  bind<&evaluate_model>("evaluateModel");
  bind<&predict_model>("predictModel");
}

}  // namespace fluxion::bindings
