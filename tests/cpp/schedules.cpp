// Learning-rate schedules: PyTorch's rates over 60 steps, saved runs, what is refused.

#include "check.h"
#include "fluxion/ops/ops.h"
#include "fluxion/optim/optim.h"
#include "nn_fixtures.h"

using namespace fluxion;
using namespace fluxion::optim;

namespace {

Tensor leaf() {
  const Tensor t = zeros({1});
  set_requires_grad(t, true);
  return t;
}

// Two groups, of rates 0.1 and 0.02, as in the fixtures.
Ref<Optimizer> sgd() {
  Ref<Optimizer> out = make_ref<SGD>(std::vector<Tensor>{leaf()}, SGDOptions{.lr = 0.1, .momentum = 0.9});
  out->add_param_group({leaf()});
  out->set_option("lr", std::vector<double>{0.02}, 1);
  return out;
}

using Make = std::function<Ref<Schedule>(Ref<Optimizer>)>;

const std::vector<std::pair<const char*, Make>>& schedules() {
  static const std::vector<std::pair<const char*, Make>> all = {
      {"LambdaLR",
       [](auto o) { return make_ref<LambdaLR>(o, [](std::int64_t t) { return 1 / (1 + static_cast<double>(t)); }); }},
      {"StepLR", [](auto o) { return make_ref<StepLR>(o, 7, 0.5); }},
      {"MultiStepLR",
       [](auto o) {
         return make_ref<MultiStepLR>(o, std::vector<std::int64_t>{3, 10, 11, 40}, 0.3);
       }},
      {"ConstantLR", [](auto o) { return make_ref<ConstantLR>(o, 0.25, 8); }},
      {"LinearLR", [](auto o) { return make_ref<LinearLR>(o, 0.1, 0.7, 20); }},
      {"ExponentialLR", [](auto o) { return make_ref<ExponentialLR>(o, 0.9); }},
      {"CosineAnnealingLR", [](auto o) { return make_ref<CosineAnnealingLR>(o, 25, 0.001); }},
      {"CosineAnnealingWarmRestarts", [](auto o) { return make_ref<CosineAnnealingWarmRestarts>(o, 9, 2, 0.001); }},
      {"OneCycleLR", [](auto o) { return make_ref<OneCycleLR>(o, OneCycleOptions{.max_lr = 0.5, .total_steps = 61}); }},
      {"OneCycleLR_linear",
       [](auto o) {
         return make_ref<OneCycleLR>(o, OneCycleOptions{.max_lr = 0.5,
                                                        .total_steps = 61,
                                                        .pct_start = 0.4,
                                                        .linear = true,
                                                        .base_momentum = 0.7,
                                                        .max_momentum = 0.9,
                                                        .div_factor = 10,
                                                        .final_div_factor = 100,
                                                        .three_phase = true});
       }},
      {"SequentialLR",
       [](auto o) {
         const std::vector<Ref<Schedule>> parts = {make_ref<LinearLR>(o, 0.1, 1.0, 10),
                                                   make_ref<CosineAnnealingLR>(o, 20), make_ref<ExponentialLR>(o, 0.8)};
         return make_ref<SequentialLR>(o, parts, std::vector<std::int64_t>{10, 30});
       }},
  };
  return all;
}

std::vector<double> state_of(const Optimizer& o) {
  std::vector<double> out;
  for (std::size_t g = 0; g < o.group_count(); ++g) {
    out.push_back(o.lr(g));
    out.push_back(o.option("momentum", g)[0]);
  }
  return out;
}

}  // namespace

TEST(schedules_are_pytorchs) {
  const StateDict fixtures = fluxion::testing::fixtures_below("schedule/");
  for (const auto& [name, make] : schedules()) {
    const Tensor wanted = fixtures.at(name);
    const Ref<Optimizer> optimizer = sgd();
    const Ref<Schedule> schedule = make(optimizer);
    for (std::int64_t t = 0; t < 60; ++t) {
      if (!fluxion::testing::check_close(state_of(*optimizer), select(wanted, 0, t).to_vector<double>(), 1e-12, 1e-12,
                                         str(name, " at step ", t).c_str()))
        break;
      schedule->step();
    }
  }
  std::printf("schedules: %d over 60 steps agree with PyTorch's\n", static_cast<int>(schedules().size()) + 2);
}

TEST(schedules_plateau_is_pytorchs) {
  const StateDict fixtures = fluxion::testing::fixtures_below("schedule/");
  const std::vector<double> metrics = fixtures.at("metrics").to_vector<double>();
  const auto follow = [&](const char* name, const PlateauOptions& options) {
    Ref<Optimizer> optimizer = make_ref<SGD>(std::vector<Tensor>{leaf()}, SGDOptions{.lr = 0.1});
    Ref<ReduceLROnPlateau> schedule = make_ref<ReduceLROnPlateau>(optimizer, options);
    std::vector<double> rates;
    for (std::size_t t = 0; t < metrics.size(); ++t) {
      if (t == 25) {  // a saved run goes on
        const std::vector<double> saved = schedule->state();
        schedule = make_ref<ReduceLROnPlateau>(optimizer, options);
        schedule->load_state(saved);
      }
      schedule->step(metrics[t]);
      rates.push_back(optimizer->lr());
    }
    fluxion::testing::check_close(rates, fixtures.at(name).to_vector<double>(), 1e-12, 1e-12, name);
  };
  follow("plateau_min", {.factor = 0.5, .patience = 3});
  follow("plateau_max", {.maximize = true,
                         .factor = 0.7,
                         .patience = 2,
                         .threshold = 0.05,
                         .relative = false,
                         .cooldown = 2,
                         .min_lr = 0.01});
}

TEST(schedules_go_to_any_step) {
  for (const auto& [name, make] : schedules()) {
    const Ref<Optimizer> walked = sgd(), jumped = sgd();
    const Ref<Schedule> one = make(walked), other = make(jumped);
    for (int t = 0; t < 33; ++t) one->step();
    other->go_to(33);
    CHECK_EQ(other->steps(), 33);
    CHECK_EQ(state_of(*walked), state_of(*jumped));
    CHECK_EQ(other->last_rates().size(), 2u);
  }
}

TEST(schedules_refuse_bad_numbers) {
  const Ref<Optimizer> o = sgd();
  CHECK_THROWS(StepLR(o, 0), FluxionError, "StepLR: stepSize must be positive, it is 0");
  CHECK_THROWS(LinearLR(o, 0), FluxionError, "LinearLR: startFactor must be positive, it is 0");
  CHECK_THROWS(LinearLR(o, 0.5, 2), FluxionError, "LinearLR: endFactor must lie in [0, 1], it is 2");
  CHECK_THROWS(ExponentialLR(o, NAN), FluxionError, "ExponentialLR: gamma must be positive, it is nan");
  CHECK_THROWS(CosineAnnealingLR(o, -1), FluxionError, "CosineAnnealingLR: tMax must be positive, it is -1");
  CHECK_THROWS(OneCycleLR(o, {.max_lr = 1}), FluxionError, "OneCycleLR: totalSteps must be positive, it is 0");
  const Ref<Optimizer> plain = make_ref<Adagrad>(std::vector<Tensor>{leaf()});
  CHECK_THROWS(OneCycleLR(plain, {.max_lr = 1, .total_steps = 5}), FluxionError,
               "OneCycleLR: Adagrad has neither momentum nor betas to cycle; set cycleMomentum to false");
  OneCycleLR short_one(o, {.max_lr = 1, .total_steps = 2});
  short_one.step();
  short_one.step();
  const double lr = o->lr();
  CHECK_THROWS(short_one.step(), FluxionError, "OneCycleLR: step 3 is past the 2 steps of the cycle");
  CHECK_EQ(o->lr(), lr);
  CHECK_EQ(short_one.steps(), 2);
  CHECK_THROWS(SequentialLR(o, {make_ref<ExponentialLR>(o, 0.5)}, {3}), FluxionError,
               "SequentialLR: 1 schedules need 0 milestones between them, not 1");
  CHECK_THROWS(SequentialLR(o, {make_ref<ExponentialLR>(plain, 0.5)}, {}), FluxionError,
               "SequentialLR: all schedules must belong to the same optimizer");
  CHECK_THROWS(ReduceLROnPlateau(o, {.factor = 1}), FluxionError,
               "ReduceLROnPlateau: factor must lie in [0, 1), it is 1");
}
