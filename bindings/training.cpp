// fit, evaluate and predict, driven from JavaScript slice by slice.

#include <memory>

#include "bindings/callbacks.h"
#include "fluxion/ops/random_state.h"
#include "fluxion/optim/average.h"
#include "fluxion/optim/clip.h"
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

using Metric = Ref<train::Metric>;

// In the order of web/training/metrics.ts; the numbers as the structs of options have them.
enum MetricKind { kAccuracy, kPrecision, kRecall, kF1, kConfusion, kMae, kMse, kR2, kPerplexity };

int new_metric(int kind, unsigned numbers) {
  const ListView n = take_list(numbers);
  const auto whole = [&](std::size_t i) { return static_cast<std::int64_t>(n[i]); };
  Metric made;
  if (kind == kAccuracy)
    made = make_ref<train::Accuracy>(train::AccuracyOptions{whole(0), whole(1), n[2] != 0, n[3], whole(4)});
  else if (kind <= kConfusion)
    made = make_ref<train::ClassMetric>(
        static_cast<train::ClassMeasure>(kind - kPrecision),
        train::ClassOptions{static_cast<train::Average>(whole(0)), whole(1), whole(2), n[3]});
  else if (kind <= kR2)
    made = make_ref<train::ErrorMetric>(static_cast<train::ErrorMeasure>(kind - kMae));
  else
    made = make_ref<train::Perplexity>(whole(0), whole(1));
  return table<Metric>().add(std::move(made));
}
train::Metric& metric_at(int handle) { return *table<Metric>().get(handle); }
// Without an output: starts anew.
void metric_update(int handle, int output, int target) {
  if (output == 0)
    metric_at(handle).reset();
  else
    metric_at(handle).update(tensor_at(output), tensor_at(target));
}
int metric_compute(int handle) { return hand_out(metric_at(handle).compute()); }
void release_metric(int handle) { table<Metric>().release(handle); }

std::vector<Metric> metrics_from(unsigned handles) {
  std::vector<Metric> out;
  for (const double handle : take_list(handles)) out.push_back(table<Metric>().get(static_cast<int>(handle)));
  return out;
}

enum Event { kEpochBegin, kBatchEnd, kEpochEnd };

// Epochs that no JavaScript listens to are noted in a log, which it takes now and then.
struct Watched {
  std::optional<train::Fit> fit;
  std::vector<double> log;
};
using Training = std::shared_ptr<Watched>;

std::vector<double> numbers_of(const train::BatchInfo& b) {
  return {static_cast<double>(b.epoch),
          static_cast<double>(b.batch),
          static_cast<double>(b.batches),
          static_cast<double>(b.step),
          static_cast<double>(b.size),
          b.loss,
          b.lr};
}

constexpr std::size_t kEpochNumbers = 6;  // and then the metrics

void note(const train::EpochInfo& e, std::vector<double>& into) {
  into.insert(into.end(), {static_cast<double>(e.epoch), static_cast<double>(e.epochs), e.loss, e.val_loss ? 1.0 : 0.0,
                           e.val_loss.value_or(0), e.seconds});
  for (const auto& [name, value] : e.metrics) into.push_back(value);
}

std::vector<double> numbers_of(const train::EpochInfo& e) {
  std::vector<double> out;
  note(e, out);
  return out;
}

template <class T>
Ref<T> maybe_at(double handle) {
  return handle == 0 ? Ref<T>() : table<Ref<T>>().get(static_cast<int>(handle));
}

// Events go to one JavaScript function (kind, address of numbers). options:
// [epochs, batch size, shuffle, drop last, seed given, seed, steps an epoch, validation split, batch events,
// accumulate, clip value, clip norm, l1, l2, schedule, by step, plateau, average, average from, compile, epoch
// events].
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

  fit.accumulate = static_cast<std::int64_t>(o[9]);
  fit.clip_value = o[10];
  fit.clip_norm = o[11];
  fit.l1 = o[12];
  fit.l2 = o[13];
  fit.schedule = maybe_at<optim::Schedule>(o[14]);
  fit.schedule_by_step = o[15] != 0;
  fit.plateau = maybe_at<optim::ReduceLROnPlateau>(o[16]);
  fit.average = maybe_at<optim::WeightAverage>(o[17]);
  fit.average_from = static_cast<std::int64_t>(o[18]);
  fit.compile = o[19] != 0;

  const Training training = std::make_shared<Watched>();
  train::FitEvents handlers;
  if (o[8] != 0) handlers.batch_end = [tell](const auto& b) { tell(kBatchEnd, give_list(numbers_of(b))); };
  if (o[20] != 0) {
    handlers.epoch_begin = [tell](std::int64_t epoch) { tell(kEpochBegin, give_list({static_cast<double>(epoch)})); };
    handlers.epoch_end = [tell](const train::EpochInfo& e) { tell(kEpochEnd, give_list(numbers_of(e))); };
  } else {
    handlers.epoch_noted = [log = &training->log](const train::EpochInfo& e) {
      log->push_back(static_cast<double>(kEpochNumbers + e.metrics.size()));
      note(e, *log);
    };
  }
  training->fit.emplace(model, table<Ref<optim::Optimizer>>().get(optimizer), loss_function, tensor_at(x),
                        tensor_at(y), std::move(fit), std::move(handlers));
  return table<Training>().add(training);
}

int run_fit(int handle, double milliseconds) {
  const Training training = table<Training>().get(handle);  // events may grow the table
  return training->fit->run_for(milliseconds);
}
train::Fit& fit_at(int handle) { return *table<Training>().get(handle)->fit; }
// Of each epoch that ended since it was last taken: how many numbers, and these.
unsigned take_fit_log(int handle) { return give_list(std::exchange(table<Training>().get(handle)->log, {})); }
void stop_fit(int handle) { fit_at(handle).stop(); }
void pause_fit(int handle) { fit_at(handle).pause(); }
void release_fit(int handle) { table<Training>().release(handle); }

unsigned fit_state_names(int handle) { return give_names(fit_at(handle).state_dict()); }
unsigned fit_state(int handle) { return give_values(fit_at(handle).state_dict()); }
void load_fit_state(int handle, unsigned names, unsigned tensors) {
  fit_at(handle).load_state_dict(state_of(names, tensors));
}

// Evaluation when there is a loss, prediction otherwise.
using Sweeping = std::shared_ptr<train::Sweep>;

int new_sweep(int module, int forward, int set_training, int loss_module, int loss, int x, int y, double batch_size,
              unsigned metrics) {
  const train::Model model = model_from(module, forward, set_training);
  const auto size = static_cast<std::int64_t>(batch_size);
  if (loss_module == 0 && loss == 0)
    return table<Sweeping>().add(std::make_shared<train::Sweep>(model, tensor_at(x), size));
  return table<Sweeping>().add(std::make_shared<train::Sweep>(model, loss_from(loss_module, loss), tensor_at(x),
                                                              tensor_at(y), size, metrics_from(metrics)));
}
int run_sweep(int handle, double milliseconds) {
  const Sweeping sweep = table<Sweeping>().get(handle);
  return sweep->run_for(milliseconds);
}
// [loss, metrics …]
unsigned sweep_evaluation(int handle) {
  const train::Evaluation e = table<Sweeping>().get(handle)->evaluation();
  std::vector<double> out = {e.loss};
  for (const auto& [name, value] : e.metrics) out.push_back(value);
  return give_list(out);
}
int sweep_outputs(int handle) { return hand_out(table<Sweeping>().get(handle)->outputs()); }
void release_sweep(int handle) { table<Sweeping>().release(handle); }

using Average = Ref<optim::WeightAverage>;
// A decay below 0 is none.
int new_average(unsigned params, double decay) {
  return table<Average>().add(
      make_ref<optim::WeightAverage>(tensors_of(params), decay < 0 ? std::nullopt : std::optional(decay)));
}
optim::WeightAverage& average_at(int handle) { return *table<Average>().get(handle); }
void average_update(int handle) { average_at(handle).update(); }
void average_swap(int handle) { average_at(handle).swap(); }
unsigned average_tensors(int handle) { return give_tensors(average_at(handle).averages()); }
// Gives the count, after it was set to one that is not negative.
double average_count(int handle, double count) {
  if (count >= 0) average_at(handle).set_count(static_cast<std::int64_t>(count));
  return static_cast<double>(average_at(handle).count());
}
void release_average(int handle) { table<Average>().release(handle); }

double clip_norm(unsigned params, double max_norm, double norm_type, int error_if_nonfinite) {
  return optim::clip_grad_norm(tensors_of(params), max_norm, norm_type, error_if_nonfinite != 0);
}
void clip_value(unsigned params, double value) { optim::clip_grad_value(tensors_of(params), value); }

int get_random_state() { return hand_out(random_state(default_generator())); }
void set_random(int state) { set_random_state(default_generator(), tensor_at(state), "setRngState"); }

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_training) {
  bind<&new_fit>("newFit");
  bind<&run_fit>("runFit");
  bind<&take_fit_log>("takeFitLog");
  bind<&stop_fit>("stopFit");
  bind<&release_fit>("releaseFit");
  bind<&pause_fit>("pauseFit");
  bind<&fit_state_names>("fitStateNames");
  bind<&fit_state>("fitState");
  bind<&load_fit_state>("loadFitState");
  bind<&new_sweep>("newSweep");
  bind<&run_sweep>("runSweep");
  bind<&sweep_evaluation>("sweepEvaluation");
  bind<&sweep_outputs>("sweepOutputs");
  bind<&release_sweep>("releaseSweep");
  bind<&new_metric>("newMetric");
  bind<&metric_update>("metricUpdate");
  bind<&metric_compute>("metricCompute");
  bind<&release_metric>("releaseMetric");
  bind<&new_average>("newAverage");
  bind<&average_update>("averageUpdate");
  bind<&average_swap>("averageSwap");
  bind<&average_tensors>("averageTensors");
  bind<&average_count>("averageCount");
  bind<&release_average>("releaseAverage");
  bind<&clip_norm>("clipGradNorm");
  bind<&clip_value>("clipGradValue");
  bind<&get_random_state>("getRandomState");
  bind<&set_random>("setRandomState");
}

}  // namespace fluxion::bindings
