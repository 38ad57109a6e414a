#include "fluxion/optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace fluxion::optim {
namespace {

void check_positive(const char* schedule, const char* option, double value) {
  if (!(value > 0)) throw FluxionError(str(schedule, ": ", option, " must be positive, it is ", value));
}

std::vector<double> rates_of(const Optimizer& optimizer) {
  std::vector<double> out;
  for (std::size_t g = 0; g < optimizer.group_count(); ++g) out.push_back(optimizer.lr(g));
  return out;
}

// 1 at share 0, 0 at share 1, along half a cosine.
double cosine(double share) { return (1 + std::cos(std::numbers::pi * share)) / 2; }

bool has_option(const Optimizer& optimizer, std::string_view name) {
  const std::vector<std::string> names = optimizer.option_names();
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

void Schedule::go_to(std::int64_t t) {
  for (std::size_t g = 0; g < optimizer_->group_count(); ++g) {
    const double lr = rate(optimizer_->initial_lr(g), t);
    optimizer_->set_option("lr", {&lr, 1}, g);
  }
  apply(*optimizer_, t);
  steps_ = t;
}

std::vector<double> Schedule::last_rates() const { return rates_of(*optimizer_); }

StepLR::StepLR(Ref<Optimizer> optimizer, std::int64_t step_size, double gamma)
    : Schedule(std::move(optimizer)), step_size_(step_size), gamma_(gamma) {
  check_positive("StepLR", "stepSize", static_cast<double>(step_size));
  start();
}
double StepLR::rate(double base, std::int64_t t) const {
  return base * std::pow(gamma_, static_cast<double>(t / step_size_));
}

MultiStepLR::MultiStepLR(Ref<Optimizer> optimizer, std::vector<std::int64_t> milestones, double gamma)
    : Schedule(std::move(optimizer)), milestones_(std::move(milestones)), gamma_(gamma) {
  start();
}
double MultiStepLR::rate(double base, std::int64_t t) const {
  const auto reached = std::count_if(milestones_.begin(), milestones_.end(), [&](auto m) { return m <= t; });
  return base * std::pow(gamma_, static_cast<double>(reached));
}

ConstantLR::ConstantLR(Ref<Optimizer> optimizer, double factor, std::int64_t total_iters)
    : Schedule(std::move(optimizer)), factor_(factor), total_iters_(total_iters) {
  check_share("ConstantLR", "factor", factor);
  start();
}

LinearLR::LinearLR(Ref<Optimizer> optimizer, double start_factor, double end_factor, std::int64_t total_iters)
    : Schedule(std::move(optimizer)), start_(start_factor), end_(end_factor), total_iters_(total_iters) {
  check_positive("LinearLR", "startFactor", start_factor);
  check_share("LinearLR", "startFactor", start_factor);
  check_share("LinearLR", "endFactor", end_factor);
  check_positive("LinearLR", "totalIters", static_cast<double>(total_iters));
  start();
}
double LinearLR::rate(double base, std::int64_t t) const {
  const double share = static_cast<double>(std::min(t, total_iters_)) / static_cast<double>(total_iters_);
  return base * (start_ + (end_ - start_) * share);
}

ExponentialLR::ExponentialLR(Ref<Optimizer> optimizer, double gamma) : Schedule(std::move(optimizer)), gamma_(gamma) {
  check_positive("ExponentialLR", "gamma", gamma);
  start();
}
double ExponentialLR::rate(double base, std::int64_t t) const {
  return base * std::pow(gamma_, static_cast<double>(t));
}

CosineAnnealingLR::CosineAnnealingLR(Ref<Optimizer> optimizer, std::int64_t t_max, double eta_min)
    : Schedule(std::move(optimizer)), t_max_(t_max), eta_min_(eta_min) {
  check_positive("CosineAnnealingLR", "tMax", static_cast<double>(t_max));
  check_not_negative("CosineAnnealingLR", "etaMin", eta_min);
  start();
}
double CosineAnnealingLR::rate(double base, std::int64_t t) const {
  return eta_min_ + (base - eta_min_) * cosine(static_cast<double>(t) / static_cast<double>(t_max_));
}

CosineAnnealingWarmRestarts::CosineAnnealingWarmRestarts(Ref<Optimizer> optimizer, std::int64_t t_0,
                                                         std::int64_t t_mult, double eta_min)
    : Schedule(std::move(optimizer)), t_0_(t_0), t_mult_(t_mult), eta_min_(eta_min) {
  check_positive("CosineAnnealingWarmRestarts", "t0", static_cast<double>(t_0));
  check_positive("CosineAnnealingWarmRestarts", "tMult", static_cast<double>(t_mult));
  check_not_negative("CosineAnnealingWarmRestarts", "etaMin", eta_min);
  start();
}
double CosineAnnealingWarmRestarts::rate(double base, std::int64_t t) const {
  std::int64_t length = t_0_;
  if (t_mult_ == 1) t %= length;
  for (; t >= length; length *= t_mult_) t -= length;
  return eta_min_ + (base - eta_min_) * cosine(static_cast<double>(t) / static_cast<double>(length));
}

OneCycleLR::OneCycleLR(Ref<Optimizer> given, const OneCycleOptions& options) : Schedule(std::move(given)), o_(options) {
  check_positive("OneCycleLR", "maxLr", o_.max_lr);
  check_positive("OneCycleLR", "totalSteps", static_cast<double>(o_.total_steps));
  check_share("OneCycleLR", "pctStart", o_.pct_start);
  check_positive("OneCycleLR", "divFactor", o_.div_factor);
  check_positive("OneCycleLR", "finalDivFactor", o_.final_div_factor);
  momentum_ = o_.cycle_momentum && has_option(optimizer(), "momentum");
  beta_ = o_.cycle_momentum && has_option(optimizer(), "betas");
  if (o_.cycle_momentum && !momentum_ && !beta_)
    throw FluxionError(str("OneCycleLR: ", optimizer().type_name(),
                           " has neither momentum nor betas to cycle; set cycleMomentum to false"));
  start();
}

// From low to high, back to low, and on to last: where each stretch ends follows torch, whose steps count from 0.
double OneCycleLR::along(std::int64_t t, double low, double high, double last) const {
  const auto total = static_cast<double>(o_.total_steps);
  const double top = o_.pct_start * total - 1;
  struct Stretch {
    double end, from, to;
  };
  const std::vector<Stretch> stretches =
      o_.three_phase
          ? std::vector<Stretch>{{top, low, high}, {2 * o_.pct_start * total - 2, high, low}, {total - 1, low, last}}
          : std::vector<Stretch>{{top, low, high}, {total - 1, high, last}};
  double start = 0;
  for (const Stretch& s : stretches) {
    if (static_cast<double>(t) <= s.end || &s == &stretches.back()) {
      const double share = (static_cast<double>(t) - start) / (s.end - start);
      return o_.linear ? s.from + (s.to - s.from) * share : s.to + (s.from - s.to) * cosine(share);
    }
    start = s.end;
  }
  return last;
}

double OneCycleLR::rate(double /*base*/, std::int64_t t) const {
  // torch allows one more: the step after the last batch, whose rate nothing uses.
  if (t > o_.total_steps)
    throw FluxionError(str("OneCycleLR: step ", t, " is past the ", o_.total_steps, " steps of the cycle"));
  const double first = o_.max_lr / o_.div_factor;
  return along(t, first, o_.max_lr, first / o_.final_div_factor);
}

void OneCycleLR::apply(Optimizer& optimizer, std::int64_t t) const {
  if (!momentum_ && !beta_) return;
  const double value = along(t, o_.max_momentum, o_.base_momentum, o_.max_momentum);
  for (std::size_t g = 0; g < optimizer.group_count(); ++g) {
    std::vector<double> values = optimizer.option(momentum_ ? "momentum" : "betas", g);
    values[0] = value;
    optimizer.set_option(momentum_ ? "momentum" : "betas", values, g);
  }
}

SequentialLR::SequentialLR(Ref<Optimizer> given, std::vector<Ref<Schedule>> schedules,
                           std::vector<std::int64_t> milestones)
    : Schedule(std::move(given)), schedules_(std::move(schedules)), milestones_(std::move(milestones)) {
  if (schedules_.empty() || milestones_.size() + 1 != schedules_.size())
    throw FluxionError(str("SequentialLR: ", schedules_.size(), " schedules need ",
                           schedules_.empty() ? 0 : schedules_.size() - 1, " milestones between them, not ",
                           milestones_.size()));
  if (!std::is_sorted(milestones_.begin(), milestones_.end())) throw FluxionError("SequentialLR: milestones must rise");
  for (const Ref<Schedule>& s : schedules_)
    if (&s->optimizer() != &optimizer())
      throw FluxionError("SequentialLR: all schedules must belong to the same optimizer");
  start();
}

std::pair<const Schedule*, std::int64_t> SequentialLR::at(std::int64_t t) const {
  const auto i =
      static_cast<std::size_t>(std::upper_bound(milestones_.begin(), milestones_.end(), t) - milestones_.begin());
  return {schedules_[i].get(), i == 0 ? t : t - milestones_[i - 1]};
}

double SequentialLR::rate(double base, std::int64_t t) const {
  const auto [schedule, own] = at(t);
  return schedule->rate(base, own);
}

void SequentialLR::apply(Optimizer& optimizer, std::int64_t t) const {
  const auto [schedule, own] = at(t);
  schedule->apply(optimizer, own);
}

ReduceLROnPlateau::ReduceLROnPlateau(Ref<Optimizer> optimizer, const PlateauOptions& options)
    : optimizer_(std::move(optimizer)), o_(options) {
  if (!(o_.factor >= 0 && o_.factor < 1))
    throw FluxionError(str("ReduceLROnPlateau: factor must lie in [0, 1), it is ", o_.factor));
  check_not_negative("ReduceLROnPlateau", "patience", static_cast<double>(o_.patience));
  check_not_negative("ReduceLROnPlateau", "threshold", o_.threshold);
  check_not_negative("ReduceLROnPlateau", "minLr", o_.min_lr);
  best_ = std::numeric_limits<double>::infinity() * (o_.maximize ? -1 : 1);
}

void ReduceLROnPlateau::step(double metric) {
  refuse_recording("ReduceLROnPlateau was told a number");
  const double sign = o_.maximize ? 1 : -1;
  const double wanted = o_.relative ? best_ * (1 + sign * o_.threshold) : best_ + sign * o_.threshold;
  if (sign * metric > sign * wanted) {
    best_ = metric;
    bad_ = 0;
  } else {
    ++bad_;
  }
  if (cooling_ > 0) {
    --cooling_;
    bad_ = 0;
  }
  if (bad_ <= o_.patience) return;
  for (std::size_t g = 0; g < optimizer_->group_count(); ++g) {
    const double old = optimizer_->lr(g), lr = std::max(old * o_.factor, o_.min_lr);
    if (old - lr > o_.eps) optimizer_->set_option("lr", {&lr, 1}, g);
  }
  cooling_ = o_.cooldown;
  bad_ = 0;
}

std::vector<double> ReduceLROnPlateau::last_rates() const { return rates_of(*optimizer_); }

std::vector<double> ReduceLROnPlateau::state() const {
  return {best_, static_cast<double>(bad_), static_cast<double>(cooling_)};
}

void ReduceLROnPlateau::load_state(std::span<const double> state) {
  if (state.size() != 3) throw FluxionError(str("ReduceLROnPlateau: a state has 3 numbers, not ", state.size()));
  best_ = state[0];
  bad_ = static_cast<std::int64_t>(state[1]);
  cooling_ = static_cast<std::int64_t>(state[2]);
}

}  // namespace fluxion::optim
