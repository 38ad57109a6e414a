#pragma once
// Learning rates that change from step to step. A schedule sets the rates of its optimizer when it is made and at each
// step(), each from the rate that its group began with: schedules of one optimizer share these, so that one may follow
// another.

#include <functional>

#include "fluxion/optim/optimizer.h"

namespace fluxion::optim {

class Schedule : public RefCounted<Schedule> {
 public:
  virtual ~Schedule() = default;
  virtual const char* type_name() const = 0;
  // The rate after t steps of a group that began with `base`.
  virtual double rate(double base, std::int64_t t) const = 0;
  // Sets what this schedule changes besides the rates.
  virtual void apply(Optimizer& /*optimizer*/, std::int64_t /*t*/) const {}

  void step() {
    perform([this, kept = held(this)] { go_to(steps_ + 1); });
  }
  // Sets the rates as after t steps: how a saved run goes on.
  void go_to(std::int64_t t);
  std::int64_t steps() const { return steps_; }
  std::vector<double> last_rates() const;
  Optimizer& optimizer() const { return *optimizer_; }

 protected:
  explicit Schedule(Ref<Optimizer> optimizer) : optimizer_(std::move(optimizer)) {}
  // To be called by the constructor of the schedule itself, whose rate() it asks for.
  void start() { go_to(0); }

 private:
  Ref<Optimizer> optimizer_;
  std::int64_t steps_ = 0;
};

// base · f(t). Source: torch.optim.lr_scheduler.LambdaLR.
class LambdaLR : public Schedule {
 public:
  using Factor = std::function<double(std::int64_t t)>;
  LambdaLR(Ref<Optimizer> optimizer, Factor factor) : Schedule(std::move(optimizer)), factor_(std::move(factor)) {
    start();
  }
  const char* type_name() const override { return "LambdaLR"; }
  double rate(double base, std::int64_t t) const override { return base * factor_(t); }

 private:
  Factor factor_;
};

// base · γ^⌊t/step_size⌋.
class StepLR final : public Schedule {
 public:
  StepLR(Ref<Optimizer> optimizer, std::int64_t step_size, double gamma = 0.1);
  const char* type_name() const override { return "StepLR"; }
  double rate(double base, std::int64_t t) const override;

 private:
  std::int64_t step_size_;
  double gamma_;
};

// base · γ^(how many milestones t has reached).
class MultiStepLR final : public Schedule {
 public:
  MultiStepLR(Ref<Optimizer> optimizer, std::vector<std::int64_t> milestones, double gamma = 0.1);
  const char* type_name() const override { return "MultiStepLR"; }
  double rate(double base, std::int64_t t) const override;

 private:
  std::vector<std::int64_t> milestones_;
  double gamma_;
};

// base · factor for total_iters steps, then base.
class ConstantLR final : public Schedule {
 public:
  ConstantLR(Ref<Optimizer> optimizer, double factor = 1.0 / 3, std::int64_t total_iters = 5);
  const char* type_name() const override { return "ConstantLR"; }
  double rate(double base, std::int64_t t) const override { return t < total_iters_ ? base * factor_ : base; }

 private:
  double factor_;
  std::int64_t total_iters_;
};

// base · a factor that goes in a line from start_factor to end_factor in total_iters steps and stays there.
class LinearLR final : public Schedule {
 public:
  LinearLR(Ref<Optimizer> optimizer, double start_factor = 1.0 / 3, double end_factor = 1,
           std::int64_t total_iters = 5);
  const char* type_name() const override { return "LinearLR"; }
  double rate(double base, std::int64_t t) const override;

 private:
  double start_, end_;
  std::int64_t total_iters_;
};

// base · γᵗ.
class ExponentialLR final : public Schedule {
 public:
  ExponentialLR(Ref<Optimizer> optimizer, double gamma);
  const char* type_name() const override { return "ExponentialLR"; }
  double rate(double base, std::int64_t t) const override;

 private:
  double gamma_;
};

// η + (base − η)·(1 + cos(π·t/t_max))/2. Source: Loshchilov and Hutter 2017.
class CosineAnnealingLR final : public Schedule {
 public:
  CosineAnnealingLR(Ref<Optimizer> optimizer, std::int64_t t_max, double eta_min = 0);
  const char* type_name() const override { return "CosineAnnealingLR"; }
  double rate(double base, std::int64_t t) const override;

 private:
  std::int64_t t_max_;
  double eta_min_;
};

// The same, begun again after t_0 steps, then after t_mult times as many, and so on.
class CosineAnnealingWarmRestarts final : public Schedule {
 public:
  CosineAnnealingWarmRestarts(Ref<Optimizer> optimizer, std::int64_t t_0, std::int64_t t_mult = 1, double eta_min = 0);
  const char* type_name() const override { return "CosineAnnealingWarmRestarts"; }
  double rate(double base, std::int64_t t) const override;

 private:
  std::int64_t t_0_, t_mult_;
  double eta_min_;
};

struct OneCycleOptions {
  double max_lr = 0;
  std::int64_t total_steps = 0;
  double pct_start = 0.3;  // the share of the steps that climbs
  bool linear = false;     // in a line instead of along a cosine
  bool cycle_momentum = true;
  double base_momentum = 0.85, max_momentum = 0.95;
  double div_factor = 25, final_div_factor = 1e4;
  bool three_phase = false;
};

// Up from max_lr/div_factor to max_lr and down again to max_lr/div_factor/final_div_factor, momentum (or β₁) the other
// way round. Source: torch.optim.lr_scheduler.OneCycleLR; Smith and Topin 2018.
class OneCycleLR final : public Schedule {
 public:
  OneCycleLR(Ref<Optimizer> optimizer, const OneCycleOptions& options);
  const char* type_name() const override { return "OneCycleLR"; }
  double rate(double base, std::int64_t t) const override;
  void apply(Optimizer& optimizer, std::int64_t t) const override;

 private:
  double along(std::int64_t t, double low, double high, double last) const;

  OneCycleOptions o_;
  bool momentum_ = false, beta_ = false;
};

// The first schedule until its milestone, then the second from its own beginning, and so on: a warm-up, for example.
class SequentialLR final : public Schedule {
 public:
  SequentialLR(Ref<Optimizer> optimizer, std::vector<Ref<Schedule>> schedules, std::vector<std::int64_t> milestones);
  const char* type_name() const override { return "SequentialLR"; }
  double rate(double base, std::int64_t t) const override;
  void apply(Optimizer& optimizer, std::int64_t t) const override;

 private:
  std::pair<const Schedule*, std::int64_t> at(std::int64_t t) const;

  std::vector<Ref<Schedule>> schedules_;
  std::vector<std::int64_t> milestones_;
};

struct PlateauOptions {
  bool maximize = false;  // whether a larger metric is the better one
  double factor = 0.1;
  std::int64_t patience = 10;
  double threshold = 1e-4;
  bool relative = true;  // whether the threshold is a share of the best so far
  std::int64_t cooldown = 0;
  double min_lr = 0, eps = 1e-8;
};

// Takes the rates down by `factor` when a metric has not improved for more than `patience` steps. Source:
// torch.optim.lr_scheduler.ReduceLROnPlateau.
class ReduceLROnPlateau : public RefCounted<ReduceLROnPlateau> {
 public:
  explicit ReduceLROnPlateau(Ref<Optimizer> optimizer, const PlateauOptions& options = {});
  void step(double metric);
  std::vector<double> last_rates() const;
  // Best metric, bad steps, steps of cooldown left: what a saved run goes on with.
  std::vector<double> state() const;
  void load_state(std::span<const double> state);

 private:
  Ref<Optimizer> optimizer_;
  PlateauOptions o_;
  double best_;
  std::int64_t bad_ = 0, cooling_ = 0;
};

}  // namespace fluxion::optim
