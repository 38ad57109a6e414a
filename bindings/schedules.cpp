// Learning-rate schedules: made by kind, from their numbers.

#include "bindings/objects.h"

namespace fluxion::bindings {
namespace {

using namespace optim;

std::int64_t whole(double v) { return static_cast<std::int64_t>(v); }

// In the order of web/schedule.ts.
enum class Kind { Step, MultiStep, Constant, Linear, Exponential, Cosine, WarmRestarts, OneCycle };

Ref<Schedule> made(Kind kind, Ref<Optimizer> optimizer, const ListView& n) {
  switch (kind) {
    case Kind::Step:
      return make_ref<StepLR>(optimizer, whole(n[0]), n[1]);
    case Kind::MultiStep: {
      std::vector<std::int64_t> milestones;
      for (std::size_t i = 1; i < n.count; ++i) milestones.push_back(whole(n[i]));
      return make_ref<MultiStepLR>(optimizer, milestones, n[0]);
    }
    case Kind::Constant:
      return make_ref<ConstantLR>(optimizer, n[0], whole(n[1]));
    case Kind::Linear:
      return make_ref<LinearLR>(optimizer, n[0], n[1], whole(n[2]));
    case Kind::Exponential:
      return make_ref<ExponentialLR>(optimizer, n[0]);
    case Kind::Cosine:
      return make_ref<CosineAnnealingLR>(optimizer, whole(n[0]), n[1]);
    case Kind::WarmRestarts:
      return make_ref<CosineAnnealingWarmRestarts>(optimizer, whole(n[0]), whole(n[1]), n[2]);
    default:
      return make_ref<OneCycleLR>(optimizer, OneCycleOptions{.max_lr = n[0],
                                                             .total_steps = whole(n[1]),
                                                             .pct_start = n[2],
                                                             .linear = n[3] != 0,
                                                             .cycle_momentum = n[4] != 0,
                                                             .base_momentum = n[5],
                                                             .max_momentum = n[6],
                                                             .div_factor = n[7],
                                                             .final_div_factor = n[8],
                                                             .three_phase = n[9] != 0});
  }
}

const Ref<Optimizer>& optimizer_of(int handle) { return table<Ref<Optimizer>>().get(handle); }
Schedule& schedule_at(int handle) { return *table<Ref<Schedule>>().get(handle); }

int new_schedule(int kind, int optimizer, unsigned numbers) {
  return table<Ref<Schedule>>().add(made(static_cast<Kind>(kind), optimizer_of(optimizer), take_list(numbers)));
}
int lambda_schedule(int optimizer, int callback) {
  const Callback factor(callback);
  return table<Ref<Schedule>>().add(
      make_ref<LambdaLR>(optimizer_of(optimizer), [factor](std::int64_t t) { return factor(static_cast<double>(t)); }));
}
int sequential_schedule(int optimizer, unsigned schedules, unsigned milestones) {
  std::vector<Ref<Schedule>> parts;
  for (const double handle : take_list(schedules))
    parts.push_back(table<Ref<Schedule>>().get(static_cast<int>(handle)));
  std::vector<std::int64_t> places;
  for (const double m : take_list(milestones)) places.push_back(whole(m));
  return table<Ref<Schedule>>().add(
      make_ref<SequentialLR>(optimizer_of(optimizer), std::move(parts), std::move(places)));
}
void schedule_go_to(int handle, double t) { schedule_at(handle).go_to(whole(t)); }
void schedule_step(int handle) { schedule_at(handle).step(); }
double schedule_steps(int handle) { return static_cast<double>(schedule_at(handle).steps()); }
unsigned schedule_rates(int handle) { return give_list(schedule_at(handle).last_rates()); }
void release_schedule(int handle) { table<Ref<Schedule>>().release(handle); }

using Plateau = Ref<ReduceLROnPlateau>;
int new_plateau(int optimizer, unsigned numbers) {
  const ListView n = take_list(numbers);
  return table<Plateau>().add(
      make_ref<ReduceLROnPlateau>(optimizer_of(optimizer), PlateauOptions{.maximize = n[0] != 0,
                                                                          .factor = n[1],
                                                                          .patience = whole(n[2]),
                                                                          .threshold = n[3],
                                                                          .relative = n[4] != 0,
                                                                          .cooldown = whole(n[5]),
                                                                          .min_lr = n[6],
                                                                          .eps = n[7]}));
}
void plateau_step(int handle, double metric) { table<Plateau>().get(handle)->step(metric); }
unsigned plateau_rates(int handle) { return give_list(table<Plateau>().get(handle)->last_rates()); }
unsigned plateau_state(int handle) { return give_list(table<Plateau>().get(handle)->state()); }
void plateau_load(int handle, unsigned state) {
  const ListView list = take_list(state);
  table<Plateau>().get(handle)->load_state({list.values, list.count});
}
void release_plateau(int handle) { table<Plateau>().release(handle); }

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_schedules) {
  bind<&new_schedule>("newSchedule");
  bind<&lambda_schedule>("lambdaSchedule");
  bind<&sequential_schedule>("sequentialSchedule");
  bind<&schedule_go_to>("scheduleGoTo");
  bind<&schedule_step>("scheduleStep");
  bind<&schedule_steps>("scheduleSteps");
  bind<&schedule_rates>("scheduleRates");
  bind<&release_schedule>("releaseSchedule");
  bind<&new_plateau>("newPlateau");
  bind<&plateau_step>("plateauStep");
  bind<&plateau_rates>("plateauRates");
  bind<&plateau_state>("plateauState");
  bind<&plateau_load>("plateauLoad");
  bind<&release_plateau>("releasePlateau");
}

}  // namespace fluxion::bindings
