#pragma once
// The training loop as a machine that is driven in slices, so that a page stays alive; a native program
// drives it to the end with run().
//
//   train::Fit fit(train::model_of(net), optimizer, mse, x, y, {.epochs = 300, .batch_size = 4});
//   fit.run();

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fluxion/data/loader.h"
#include "fluxion/nn/module.h"
#include "fluxion/optim/average.h"
#include "fluxion/optim/schedule.h"
#include "fluxion/train/metrics.h"
#include "fluxion/transforms/compile.h"

namespace fluxion::train {

// A model as training sees it: it may as well be defined in JavaScript.
struct Model {
  std::function<Tensor(const Tensor&)> forward;
  std::function<void(bool training)> set_training = {};  // may be empty
};
Model model_of(const Ref<nn::Module>& module);

// From (output, target) to one number.
using Loss = std::function<Tensor(const Tensor&, const Tensor&)>;

using MetricValues = std::vector<std::pair<std::string, double>>;

struct FitOptions {
  std::int64_t epochs = 1;
  std::int64_t batch_size = 32;
  bool shuffle = true;
  bool drop_last = false;
  std::optional<std::uint64_t> seed = {};       // of the shuffles; without one they come from the default generator
  std::int64_t steps_per_epoch = 0;             // an epoch ends after so many batches; 0: after all
  double validation_split = 0;                  // this share of the examples, the last ones, is held out
  Tensor validation_x = {}, validation_y = {};  // or these are
  std::vector<Ref<Metric>> metrics = {};

  // One step of the optimizer for so many batches, or for what the epoch has left: for a loss that is a mean over its
  // examples, the step that one batch of all their examples would take.
  std::int64_t accumulate = 1;
  double clip_value = 0, clip_norm = 0;  // of the gradients, in this order; 0: not clipped
  double l1 = 0, l2 = 0;                 // l1·Σ|w| + l2·Σw² over the optimizer's parameters is added to the loss
  Ref<optim::Schedule> schedule = {};    // stepped after each epoch,
  bool schedule_by_step = false;         // or after each step of the optimizer
  Ref<optim::ReduceLROnPlateau> plateau = {};  // told the validation loss after each epoch, the loss without one
  Ref<optim::WeightAverage> average = {};      // updated after each step of the optimizer
  std::int64_t average_from = 0;               // from this epoch on
  bool compile = true;  // record each kind of step once and replay it, where the model allows it: see Compiled
};

// Epochs, batches and steps are counted from 0.
struct BatchInfo {
  std::int64_t epoch, batch, batches;
  std::int64_t step;  // batches over all epochs
  std::int64_t size;  // examples in the batch
  double loss;
  double lr;  // of the optimizer's first group, as it was for this batch
};

struct EpochInfo {
  std::int64_t epoch = 0, epochs = 0;
  double loss = 0;                      // mean over the epoch's examples, while they were learnt from
  std::optional<double> val_loss = {};  // after the epoch
  MetricValues metrics = {};            // "accuracy", …, and "val_accuracy", … when there is validation
  double seconds = 0;                   // of computing
};

// Any may be empty. They may call stop() and pause(). Metrics still hold what they gathered last when an epoch ends.
struct FitEvents {
  std::function<void(std::int64_t epoch)> epoch_begin = {};
  std::function<void(const BatchInfo&)> batch_end = {};
  std::function<void(const EpochInfo&)> epoch_end = {};
  // As epoch_end, of one who only writes it down: no time is spent on the model's mode and the clock.
  std::function<void(const EpochInfo&)> epoch_noted = {};
};

class Fit {
 public:
  // Everything is checked here. Afterwards, stopped or not, the model is in evaluation mode.
  Fit(Model model, Ref<optim::Optimizer> optimizer, Loss loss, const Tensor& x, const Tensor& y, FitOptions options,
      FitEvents events = {});
  Fit(const Fit&) = delete;
  Fit& operator=(const Fit&) = delete;

  // Works for about so many milliseconds, one batch at least. True while there is more to do. Each batch puts
  // the model into the mode it needs, so that events and whoever runs between slices may use it for other
  // things.
  bool run_for(double milliseconds);
  void run() {
    while (run_for(1e9)) {
    }
  }
  // Ends training after the current batch; the epoch under way gets no end event.
  void stop();
  // Ends the slice after the current batch.
  void pause() { paused_ = true; }

  bool done() const { return stopped_ || phase_ == Phase::Done; }
  std::int64_t epoch() const { return epoch_; }
  std::int64_t step() const { return step_; }
  // The newest epoch that ended.
  const EpochInfo& last_epoch() const { return last_epoch_; }

  // Where the run stands: position and sums, the metrics', the epoch's order, its own random stream and the default
  // one. With it, and the values of model, optimizer, schedule and average (and, within an accumulated step, the
  // gradients) as they were, a run that was interrupted goes on bit for bit.
  StateDict state_dict();
  // To be called before the first slice. All is checked first: ParseError names what does not fit this training.
  void load_state_dict(const StateDict& state);

 private:
  enum class Phase { EpochBegin, Train, Validate, EpochEnd, Done };

  void check_options() const;
  // What a batch does besides learning from its examples.
  struct Turn {
    bool begins = true, ends = true;  // an accumulated step of the optimizer
    bool averages = false;
    double share = 1;  // of the examples of that step
    double key() const { return share + 2 * begins + 4 * ends + 8 * averages; }
  };

  void advance(double now);
  void count_time(double now);  // since the last count or the slice's start, to this epoch
  void begin_epoch();
  void train_batch();
  Turn turn() const;
  std::vector<Tensor> take_step(const Turn& turn, const std::vector<Tensor>& given);
  void step_optimizer(bool averages);
  void validate_batch();
  void end_epoch(double now);
  void set_mode();
  std::vector<Tensor> parameters() const;
  Tensor penalised(Tensor loss) const;
  void measure(const Tensor& output, const Tensor& target, double loss);
  void start_measures();
  void finish_measures(const std::string& prefix, double& loss, MetricValues& values);

  Model model_;
  Ref<optim::Optimizer> optimizer_;
  Loss loss_;
  FitOptions options_;
  FitEvents events_;
  data::DataLoader loader_;
  std::optional<data::DataLoader> validation_;
  std::int64_t batches_;  // in an epoch
  Turn turn_;             // of the batch under way
  Ref<Compiled> compiled_;

  Phase phase_ = Phase::EpochBegin;
  bool stopped_ = false, paused_ = false;
  std::optional<bool> mode_;  // that the model is in; unknown after events and between slices
  std::int64_t epoch_ = 0, batch_ = 0, step_ = 0;
  std::vector<Tensor> loaded_;
  double loss_sum_ = 0;
  std::int64_t examples_ = 0;
  EpochInfo info_, last_epoch_;
  double slice_start_ = 0;
};

struct Evaluation {
  double loss = 0;
  MetricValues metrics;
};

// All examples once, in evaluation mode and without gradients, driven in slices as Fit is. The model is left in
// evaluation mode. Loss and metrics when there is a loss, the outputs otherwise.
class Sweep {
 public:
  Sweep(Model model, Loss loss, const Tensor& x, const Tensor& y, std::int64_t batch_size,
        std::vector<Ref<Metric>> metrics);
  Sweep(Model model, const Tensor& x, std::int64_t batch_size);

  bool run_for(double milliseconds);
  // Of the batches so far.
  Evaluation evaluation() const;
  Tensor outputs() const;

 private:
  Sweep(Model model, Loss loss, data::TensorDataset dataset, std::int64_t batch_size, std::vector<Ref<Metric>> metrics,
        const char* name);
  void advance();

  Model model_;
  Loss loss_;
  std::vector<Ref<Metric>> metrics_;
  data::DataLoader loader_;
  std::int64_t batch_ = 0, examples_ = 0;
  double loss_sum_ = 0;
  std::vector<Tensor> loaded_, outputs_;
};

// Loss and metrics over all examples, without gradients. The model is put into evaluation mode and left
// there.
Evaluation evaluate(const Model& model, const Loss& loss, const Tensor& x, const Tensor& y,
                    std::int64_t batch_size = 32, const std::vector<Ref<Metric>>& metrics = {});

// The outputs for all examples, without gradients, in evaluation mode.
Tensor predict(const Model& model, const Tensor& x, std::int64_t batch_size = 32);

}  // namespace fluxion::train
