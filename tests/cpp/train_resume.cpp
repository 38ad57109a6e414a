// fit beyond the plain loop: accumulation, clipping, penalties, schedules, averages; and going on from a saved state.

#include <algorithm>

#include "check.h"
#include "fixture_file.h"
#include "fluxion/data/toy.h"
#include "fluxion/io/file.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/ops/random_state.h"
#include "fluxion/optim/optim.h"
#include "fluxion/train/fit.h"
#include "fluxion/train/monitor.h"

using namespace fluxion;

namespace {

Tensor mse(const Tensor& output, const Tensor& target) { return mse_loss(output, target); }

// A float64 net, data and an optimizer, the same each time.
struct Bench {
  Ref<nn::Sequential> model;
  Ref<optim::Optimizer> optimizer;
  Tensor x, y;
  std::vector<double> losses, rates;
  std::vector<train::EpochInfo> epochs;

  explicit Bench(double dropout = 0) {
    manual_seed(5);
    model = nn::sequential(make_ref<nn::Linear>(3, 6, true, DType::Float64), make_ref<nn::Tanh>(),
                           make_ref<nn::Dropout>(dropout), make_ref<nn::Linear>(6, 1, true, DType::Float64));
    x = randn({22, 3}, DType::Float64);
    y = sum(x * x, Shape{1}, true);
    optimizer = make_ref<optim::Adam>(model->parameters(), optim::AdamOptions{.lr = 0.05});
  }
  train::Fit fit(const train::FitOptions& options, train::FitEvents events = {}) {
    events.batch_end = [this, then = events.batch_end](const train::BatchInfo& b) {
      losses.push_back(b.loss);
      rates.push_back(b.lr);
      if (then) then(b);
    };
    events.epoch_end = [this, then = events.epoch_end](const train::EpochInfo& e) {
      epochs.push_back(e);
      if (then) then(e);
    };
    return train::Fit(train::model_of(model), optimizer, mse, x, y, options, std::move(events));
  }
  std::vector<double> weights() const {
    std::vector<double> out;
    for (const Tensor& p : model->parameters())
      for (const double v : p.to_vector<double>()) out.push_back(v);
    return out;
  }
};

std::vector<Tensor> with_grads() {
  const auto param = [](const std::vector<float>& g, const Shape& shape) {
    const Tensor p = zeros(shape);
    set_requires_grad(p, true);
    set_grad(p, Tensor::from(g, shape));
    return p;
  };
  const Tensor none = zeros({2});
  set_requires_grad(none, true);
  return {param({3, -4, 0.5F, 12}, {2, 2}), param({1, -2, 2}, {3}), none};
}

}  // namespace

TEST(train_accumulated_batches_are_one_large_one) {
  // 22 examples: batches of 4, the last of 2; groups of 3 batches are 12 and 10 examples.
  Bench small, large;
  small.fit({.epochs = 6, .batch_size = 4, .seed = 3, .accumulate = 3}).run();
  large.fit({.epochs = 6, .batch_size = 12, .seed = 3}).run();
  CHECK_CLOSE(small.weights(), large.weights(), 1e-12, 1e-12);
  CHECK_EQ(small.losses.size(), 36);
  CHECK_EQ(large.losses.size(), 12);
  for (std::size_t e = 0; e < 6; ++e) CHECK_CLOSE(small.epochs[e].loss, large.epochs[e].loss, 1e-12, 0);
  Bench plain;
  plain.fit({.epochs = 6, .batch_size = 4, .seed = 3}).run();
  CHECK(std::abs(plain.weights()[0] - small.weights()[0]) > 1e-6);
}

// torch.nn.utils.clip_grad_norm_ and clip_grad_value_ of PyTorch 1.13 on the same gradients.
TEST(optim_clips_gradients_as_torch) {
  struct Case {
    double type, total;
    std::vector<float> first, second;
  };
  const Case cases[] = {
      {2,
       13.351030349731445,
       {0.3370526F, -0.4494035F, 0.05617544F, 1.3482105F},
       {0.11235087F, -0.22470175F, 0.22470175F}},
      {1, 24.5, {0.18367344F, -0.24489793F, 0.03061224F, 0.73469377F}, {0.06122448F, -0.12244897F, 0.12244897F}},
      {3,
       12.245244979858398,
       {0.36748955F, -0.48998606F, 0.06124826F, 1.4699582F},
       {0.12249652F, -0.24499303F, 0.24499303F}},
      {INFINITY, 12, {0.37499997F, -0.49999997F, 0.0625F, 1.4999999F}, {0.12499999F, -0.24999999F, 0.24999999F}}};
  for (const Case& c : cases) {
    const std::vector<Tensor> p = with_grads();
    CHECK_CLOSE(optim::clip_grad_norm(p, 1.5, c.type), c.total, 1e-6, 0);
    CHECK_CLOSE(grad_of(p[0]).to_vector<float>(), c.first, 1e-6, 1e-7);
    CHECK_CLOSE(grad_of(p[1]).to_vector<float>(), c.second, 1e-6, 1e-7);
    CHECK(!grad_of(p[2]).defined());
  }
  const std::vector<Tensor> p = with_grads();
  CHECK_CLOSE(optim::clip_grad_norm(p, 20), 13.351030349731445, 1e-6, 0);
  CHECK_EQ(grad_of(p[0]).to_vector<float>(), (std::vector<float>{3, -4, 0.5F, 12}));
  optim::clip_grad_value(p, 2.5);
  CHECK_EQ(grad_of(p[0]).to_vector<float>(), (std::vector<float>{2.5F, -2.5F, 0.5F, 2.5F}));
  CHECK_EQ(grad_of(p[1]).to_vector<float>(), (std::vector<float>{1, -2, 2}));

  set_grad(p[1], Tensor::from(std::vector<float>{NAN, 1, 1}, {3}));
  CHECK_THROWS(optim::clip_grad_norm(p, 1, 2, true), FluxionError,
               "clipGradNorm: the norm of the gradients is nan; nothing was clipped");
  CHECK_EQ(grad_of(p[0]).to_vector<float>()[0], 2.5F);
  CHECK_THROWS(optim::clip_grad_norm(p, -1), FluxionError, "clipGradNorm: maxNorm must not be negative, it is -1");
  CHECK_THROWS(optim::clip_grad_norm(p, 1, 0), FluxionError, "clipGradNorm: normType must be positive, it is 0");
  CHECK_THROWS(optim::clip_grad_value(p, NAN), FluxionError, "clipGradValue: clipValue must not be negative");
}

TEST(train_fit_clips_and_penalises_as_by_hand) {
  Bench fitted, by_hand;
  fitted
      .fit({.epochs = 3,
            .batch_size = 22,
            .shuffle = false,
            .clip_value = 0.4,
            .clip_norm = 0.5,
            .l1 = 0.01,
            .l2 = 0.02})
      .run();
  for (int i = 0; i < 3; ++i) {
    by_hand.optimizer->zero_grad();
    Tensor loss = mse((*by_hand.model)(by_hand.x), by_hand.y);
    const double bare = loss.item();
    for (const Tensor& p : by_hand.model->parameters()) loss = loss + 0.01 * sum(abs(p)) + 0.02 * sum(square(p));
    backward(loss);
    optim::clip_grad_value(by_hand.model->parameters(), 0.4);
    optim::clip_grad_norm(by_hand.model->parameters(), 0.5);
    by_hand.optimizer->step();
    CHECK_CLOSE(fitted.losses[static_cast<std::size_t>(i)], loss.item(), 1e-14, 0);
    CHECK(loss.item() > bare + 0.01);
  }
  CHECK_CLOSE(fitted.weights(), by_hand.weights(), 1e-14, 0);
}

TEST(train_fit_steps_its_schedule) {
  Bench by_epoch, by_step;
  by_epoch.fit({.epochs = 3, .batch_size = 11, .schedule = make_ref<optim::ExponentialLR>(by_epoch.optimizer, 0.5)})
      .run();
  CHECK_CLOSE(by_epoch.rates, (std::vector<double>{0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125}), 1e-12, 0);
  by_step
      .fit({.epochs = 1,
            .batch_size = 4,
            .accumulate = 2,
            .schedule = make_ref<optim::ExponentialLR>(by_step.optimizer, 0.5),
            .schedule_by_step = true})
      .run();
  CHECK_CLOSE(by_step.rates, (std::vector<double>{0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125}), 1e-12, 0);
  CHECK_CLOSE(by_step.optimizer->lr(), 0.00625, 1e-12, 0);
  Bench flat;
  flat.optimizer->set_lr(0);
  const auto plateau = make_ref<optim::ReduceLROnPlateau>(flat.optimizer, optim::PlateauOptions{.patience = 1});
  flat.optimizer->set_lr(1e-30);  // too small to change a weight
  flat.fit({.epochs = 4, .batch_size = 22, .shuffle = false, .plateau = plateau}).run();
  CHECK_EQ(plateau->state()[1], 1);  // bad epochs 1, 2 → the rate falls, 3 → 1
}

// torch.optim.swa_utils.AveragedModel of PyTorch 1.13: w ← −0.7·w + 0.3, five times from (1, −2).
TEST(optim_averages_weights_as_torch) {
  const Tensor w = Tensor::from(std::vector<float>{1, -2}, {1, 2});
  optim::WeightAverage equal({w}), moving({w}, 0.9);
  const std::vector<std::vector<float>> equals = {{-0.4F, 1.7F},
                                                  {0.09F, 0.40499997F},
                                                  {0.02466667F, 0.57766664F},
                                                  {0.11205F, 0.34672499F},
                                                  {0.09725201F, 0.38583401F}};
  const std::vector<std::vector<float>> movings = {{-0.4F, 1.7F},
                                                   {-0.30199996F, 1.44099998F},
                                                   {-0.28239995F, 1.38919997F},
                                                   {-0.21673995F, 1.21566987F},
                                                   {-0.19125994F, 1.14832985F}};
  for (std::size_t i = 0; i < 5; ++i) {
    copy_(w, w * -0.7 + 0.3);
    equal.update();
    moving.update();
    CHECK_CLOSE(equal.averages()[0].to_vector<float>(), equals[i], 1e-6, 1e-7);
    CHECK_CLOSE(moving.averages()[0].to_vector<float>(), movings[i], 1e-6, 1e-7);
  }
  CHECK_EQ(equal.count(), 5);
  const std::vector<float> now = w.to_vector<float>(), average = equal.averages()[0].to_vector<float>();
  equal.swap();
  CHECK_EQ(w.to_vector<float>(), average);
  equal.swap();
  CHECK_EQ(w.to_vector<float>(), now);
  CHECK_THROWS(optim::WeightAverage({w}, 1.0), FluxionError, "AveragedModel: decay must lie in [0, 1), it is 1");
  CHECK_THROWS(optim::WeightAverage({}), FluxionError, "AveragedModel: there are no parameters");
}

// The optimizers pass over what is frozen.
TEST(optim_skips_frozen_parameters) {
  Bench bench;
  bench.model->named_children()[0].second->requires_grad_(false);
  const std::vector<double> before = bench.weights();
  bench.fit({.epochs = 3, .batch_size = 5}).run();
  const std::vector<double> after = bench.weights();
  CHECK(std::equal(before.begin(), before.begin() + 24, after.begin()));
  CHECK(before[24] != after[24]);
  bench.model->requires_grad_(true);
  bench.fit({.epochs = 1, .batch_size = 5}).run();
  CHECK(bench.weights()[0] != before[0]);
}

// Interrupted after any batch, in the middle of epochs and of accumulated steps, and gone on in another bench.
TEST(train_fit_goes_on_bit_for_bit) {
  for (const bool seeded : {true, false}) {
    const auto options = [&](Bench& b) {
      train::FitOptions o{.epochs = 3, .batch_size = 4, .validation_split = 0.2, .metrics = {}};
      if (seeded) o.seed = 3;
      o.metrics = {make_ref<train::ErrorMetric>(train::ErrorMeasure::R2),
                   make_ref<train::ErrorMetric>(train::ErrorMeasure::MeanAbsolute)};
      o.accumulate = 2;
      o.clip_norm = 1;
      o.schedule = make_ref<optim::CosineAnnealingLR>(b.optimizer, 20);
      o.schedule_by_step = true;
      o.plateau = make_ref<optim::ReduceLROnPlateau>(b.optimizer, optim::PlateauOptions{.patience = 0});
      o.average = make_ref<optim::WeightAverage>(b.model->parameters(), 0.8);
      return o;
    };
    Bench whole(0.2);
    const train::FitOptions whole_options = options(whole);
    manual_seed(8);
    whole.fit(whole_options).run();
    for (std::int64_t stop_at = 0; stop_at < 15; stop_at += stop_at < 5 ? 1 : 4) {
      Bench first(0.2);
      StateDict state, model, optimizer;
      std::pair<std::int64_t, std::int64_t> saved;
      std::vector<double> plateau;
      std::vector<Tensor> averages, gradients;
      const train::FitOptions first_options = options(first);
      manual_seed(8);
      train::Fit* running = nullptr;
      train::Fit begun = first.fit(first_options, {.batch_end = [&](const train::BatchInfo& b) {
                                     if (b.step != stop_at) return;
                                     for (const auto& [name, t] : first.model->state_dict()) model.add(name, clone(t));
                                     saved = {first_options.schedule->steps(), first_options.average->count()};
                                     plateau = first_options.plateau->state();
                                     for (const Tensor& t : first_options.average->averages())
                                       averages.push_back(clone(t));
                                     for (const Tensor& p : first.model->parameters())
                                       gradients.push_back(clone(grad_of(p)));
                                     for (const auto& [name, t] : first.optimizer->state_dict())
                                       optimizer.add(name, clone(t));
                                     state = running->state_dict();
                                     running->stop();
                                   }});
      running = &begun;
      begun.run();

      Bench second(0.2);
      const train::FitOptions second_options = options(second);
      randn({7});
      second.model->load_state_dict(model);
      second_options.schedule->go_to(saved.first);
      second_options.plateau->load_state(plateau);
      second_options.average->set_count(saved.second);
      second.optimizer->load_state_dict(optimizer);
      for (std::size_t i = 0; i < averages.size(); ++i) {
        copy_(second_options.average->averages()[i], averages[i]);
        set_grad(second.model->parameters()[i], gradients[i]);
      }
      train::Fit rest = second.fit(second_options);
      rest.load_state_dict(state);
      CHECK_EQ(rest.step(), stop_at + 1);
      rest.run();
      std::vector<double> losses = first.losses;
      losses.insert(losses.end(), second.losses.begin(), second.losses.end());
      CHECK_EQ(losses, whole.losses);
      CHECK_EQ(second.weights(), whole.weights());
      CHECK_EQ(second.epochs.back().loss, whole.epochs.back().loss);
      CHECK_EQ(*second.epochs.back().val_loss, *whole.epochs.back().val_loss);
      CHECK_EQ(second.epochs.back().metrics, whole.epochs.back().metrics);
      CHECK_EQ(second.epochs[0].metrics, whole.epochs[whole.epochs.size() - second.epochs.size()].metrics);
      CHECK_EQ(second_options.average->averages()[0].to_vector<double>(),
               whole_options.average->averages()[0].to_vector<double>());
    }
  }
}

TEST(train_fit_refuses_states_that_do_not_fit) {
  Bench bench;
  const train::FitOptions options{.epochs = 2, .batch_size = 4, .seed = 1, .metrics = {make_ref<train::Accuracy>()}};
  StateDict state;
  train::Fit* running = nullptr;
  train::Fit fit = bench.fit({.epochs = 2,
                              .batch_size = 4,
                              .seed = 1,
                              .metrics = {make_ref<train::ErrorMetric>(train::ErrorMeasure::MeanSquared)}},
                             {.batch_end = [&](const train::BatchInfo& b) {
                               if (b.step != 1) return;
                               state = running->state_dict();
                               running->stop();
                             }});
  running = &fit;
  fit.run();
  const std::vector<double> weights = bench.weights();
  const auto refused = [&](const std::string& name, const Tensor& other, const char* why) {
    StateDict changed;
    for (const auto& [key, t] : state)
      if (key != name) changed.add(key, t);
    if (other.defined()) changed.add(name, other);
    train::Fit next = bench.fit(options);
    const Tensor random = random_state(default_generator());
    CHECK_THROWS(next.load_state_dict(changed), ParseError, why);
    CHECK_EQ(next.step(), 0);
    CHECK_EQ(random_state(default_generator()).to_vector<double>(), random.to_vector<double>());
  };
  const auto with = [&](const char* name, std::int64_t at, double value) {
    const Tensor t = clone(state.at(name));
    fill_(select(t, 0, at), value);
    return t;
  };
  refused("position", {}, "fit: resume: 'position' is missing");
  refused("position", zeros({10}), "fit: resume: 'position' is float32, not float64");
  refused("position", zeros({3}, DType::Float64), "fit: resume: 'position' has 3 numbers, not 10");
  refused("position", with("position", 0, 3), "has 3 as number 0, which must be whole, from 0 to 2");
  refused("position", with("position", 1, 6), "has 6 as number 1, which must be whole, from 0 to 5");
  refused("position", with("position", 2, NAN), "has nan as number 2");
  refused("position", with("position", 3, 2), "stands where this training does not come");
  refused("position", with("position", 0, 2), "stands where this training does not come");
  refused("order", with("order", 3, 22), "'order' is no order of the examples: 22 is out of place");
  refused("order", with("order", 3, -1), "'order' is no order of the examples: -1 is out of place");
  refused("order", with("order", 3, static_cast<double>(state.at("order").at(0))), "is no order of the examples");
  refused("order", zeros({4}, DType::Int32), "'order' is [4] where this training has [22]");
  refused("random", with("random", 625, 900), "fit: resume: 'random': ");
  refused("random", zeros({5}, DType::Int32), "fit: resume: 'random': this int32 [5] is no state of a random stream");
  refused("shuffle", with("shuffle", 624, 0),
          "fit: resume: 'shuffle': this int32 [631] is no state of a random stream");
  refused("metric.0", zeros({3}, DType::Float64), "'metric.0' has 3 numbers, which is no state of accuracy");
  refused("measured", ones({3}, DType::Float64), "'measured' has 3 numbers for 1 metrics");
  CHECK_EQ(bench.weights(), weights);
}

TEST(random_states_go_on) {
  manual_seed(4);
  rand({700});
  randn({3});  // leaves one of a pair behind
  const Tensor state = random_state(default_generator());
  const std::vector<float> next = randn({3}).to_vector<float>(), more = rand({650}).to_vector<float>();
  manual_seed(1);
  set_random_state(default_generator(), state, "test");
  CHECK_EQ(randn({3}).to_vector<float>(), next);
  CHECK_EQ(rand({650}).to_vector<float>(), more);
  CHECK_EQ(default_generator().seed(), 4);
}

// The bytes that web/training/frames.ts writes for the same frame.
TEST(train_monitor_writes_the_same_frames) {
  const train::BatchInfo batch{
      .epoch = 3, .batch = 5, .batches = 9, .step = 70000, .size = 4, .loss = 0.1, .lr = 0.003};
  const std::vector<train::FrameEntry> entries = {{.name = "0.weight",
                                                   .role = train::FrameEntry::Role::Weight,
                                                   .shape = {2, 3},
                                                   .norm = 1.5,
                                                   .mean = -0.25,
                                                   .deviation = 0.75,
                                                   .dead = NAN,
                                                   .low = -1,
                                                   .high = 1,
                                                   .counts = {1, 2, 3}},
                                                  {.name = "1",
                                                   .role = train::FrameEntry::Role::Activation,
                                                   .shape = {4},
                                                   .norm = 0.5,
                                                   .mean = 0.125,
                                                   .deviation = 2,
                                                   .dead = 0.25,
                                                   .low = 0,
                                                   .high = 3,
                                                   .counts = {7}}};
  CHECK(train::encode_frame(batch, entries) == io::read_file(fixture_path("files/frame.bin")));
}

TEST(train_monitor_watches_every_nth_step) {
  Bench bench;
  std::vector<std::size_t> sizes;
  train::Monitor monitor(
      bench.model, [&](std::span<const std::byte> bytes) { sizes.push_back(bytes.size()); }, 3, 8);
  bench.fit({.epochs = 2, .batch_size = 5}, {.batch_end = [&](const train::BatchInfo& b) { monitor.batch_end(b); }})
      .run();
  CHECK_EQ(sizes.size(), 4);  // steps 0, 3, 6, 9
  const train::FrameEntry e = train::describe("x", train::FrameEntry::Role::Activation,
                                              Tensor::from(std::vector<float>{0, 1, NAN, 0, 3, 2}, {2, 3}), 4);
  CHECK_EQ(e.counts, (std::vector<std::uint32_t>{2, 1, 1, 1}));
  CHECK_CLOSE(e.dead, 1.0 / 3, 1e-6, 0);
  CHECK_THROWS(train::Monitor(
                   bench.model, [](auto) {}, 0),
               FluxionError, "Monitor: every must be at least 1, it is 0");
}
