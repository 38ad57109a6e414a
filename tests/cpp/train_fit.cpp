// fit: what it learns, what it tells, and that it can be cut into slices.

#include <chrono>

#include "check.h"
#include "fluxion/data/toy.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/optim/optim.h"
#include "fluxion/train/fit.h"

using namespace fluxion;

namespace {

Tensor mse(const Tensor& output, const Tensor& target) { return mse_loss(output, target); }
Tensor classes(const Tensor& output, const Tensor& target) { return cross_entropy(output, target); }
Tensor tokens(const Tensor& logits, const Tensor& ids) { return cross_entropy(flatten(logits, 0, 1), flatten(ids)); }

Ref<nn::Sequential> xor_net() {
  manual_seed(1);
  return nn::sequential(make_ref<nn::Linear>(2, 8), make_ref<nn::Tanh>(), make_ref<nn::Linear>(8, 1),
                        make_ref<nn::Sigmoid>());
}

// A net for points in the plane, and what fit told about it.
struct Run {
  Ref<nn::Sequential> model;
  Ref<optim::Optimizer> optimizer;
  std::vector<double> batch_losses;
  std::vector<train::EpochInfo> epochs;

  Run() {
    manual_seed(2);
    model = nn::sequential(make_ref<nn::Linear>(2, 16), make_ref<nn::ReLU>(), make_ref<nn::Dropout>(0.1),
                           make_ref<nn::Linear>(16, 2));
    optimizer = make_ref<optim::Adam>(model->parameters(), optim::AdamOptions{.lr = 0.01});
  }
  train::Fit fit(const train::FitOptions& options, std::int64_t n = 100) {
    const auto [x, y] = data::moons(n, 0.1, 3);
    return train::Fit(train::model_of(model), optimizer, classes, x, y, options,
                      {.batch_end = [this](const train::BatchInfo& b) { batch_losses.push_back(b.loss); },
                       .epoch_end = [this](const train::EpochInfo& e) { epochs.push_back(e); }});
  }
};

}  // namespace

TEST(train_fit_learns_xor) {
  const auto model = xor_net();
  const auto [x, y] = data::xor_problem();
  train::Fit fit(train::model_of(model),
                 make_ref<optim::AdamW>(model->parameters(), optim::AdamWOptions{.lr = 0.05, .weight_decay = 0}), mse,
                 x, y, {.epochs = 300, .batch_size = 4});
  fit.run();
  CHECK(fit.last_epoch().loss < 0.01);
  const auto accuracy = make_ref<train::Accuracy>();
  CHECK_EQ(train::evaluate(train::model_of(model), mse, x, y, 4, {accuracy}).metrics[0].second, 1);
}

TEST(train_fit_is_the_plain_loop) {
  const auto [x, y] = data::xor_problem();
  const auto by_hand = xor_net();
  optim::SGD sgd(by_hand->parameters(), {.lr = 0.5, .momentum = 0.9});
  for (int epoch = 0; epoch < 20; ++epoch) {
    for (int batch = 0; batch < 2; ++batch) {
      sgd.zero_grad();
      backward(
          mse((*by_hand)(narrow(x, 0, 3 * batch, batch == 0 ? 3 : 1)), narrow(y, 0, 3 * batch, batch == 0 ? 3 : 1)));
      sgd.step();
    }
  }
  const auto model = xor_net();
  train::Fit fit(train::model_of(model),
                 make_ref<optim::SGD>(model->parameters(), optim::SGDOptions{.lr = 0.5, .momentum = 0.9}), mse, x, y,
                 {.epochs = 20, .batch_size = 3, .shuffle = false});
  fit.run();
  CHECK_EQ((*model)(x).to_vector<float>(), (*by_hand)(x).to_vector<float>());
  CHECK_EQ(fit.step(), 40);
}

TEST(train_fit_tells_what_happens) {
  Run run;
  std::string order;
  const auto [x, y] = data::moons(10, 0.1, 3);
  const auto [vx, vy] = data::moons(6, 0.1, 4);
  train::Fit fit(
      train::model_of(run.model), run.optimizer, classes, x, y,
      {.epochs = 2, .batch_size = 4, .validation_x = vx, .validation_y = vy, .metrics = {make_ref<train::Accuracy>()}},
      {.epoch_begin = [&](std::int64_t epoch) { order += str("<", epoch); },
       .batch_end =
           [&](const train::BatchInfo& b) {
             CHECK_EQ(b.batches, 3);
             order += str(" ", b.epoch, ".", b.batch, "/", b.step, ":", b.size);
           },
       .epoch_end =
           [&](const train::EpochInfo& e) {
             CHECK_EQ(e.epochs, 2);
             CHECK(e.val_loss.has_value());
             CHECK_EQ(e.metrics.size(), 2);
             CHECK_EQ(e.metrics[0].first + e.metrics[1].first, "accuracyval_accuracy");
             CHECK(!run.model->training());
             order += str(" ", e.epoch, ">");
           }});
  CHECK(!fit.done());
  fit.run();
  CHECK(fit.done());
  CHECK(!fit.run_for(1));
  CHECK_EQ(order, "<0 0.0/0:4 0.1/1:4 0.2/2:2 0><1 1.0/3:4 1.1/4:4 1.2/5:2 1>");
  CHECK(!run.model->training());
  // The last epoch's validation is the model as it is now.
  const train::Evaluation now =
      train::evaluate(train::model_of(run.model), classes, vx, vy, 6, {make_ref<train::Accuracy>()});
  CHECK_CLOSE(now.loss, *fit.last_epoch().val_loss, 1e-6, 0);
  CHECK_EQ(now.metrics[0].second, fit.last_epoch().metrics[1].second);
}

TEST(train_fit_seeds_make_runs_equal) {
  const auto losses = [](std::optional<std::uint64_t> seed) {
    Run run;
    run.fit({.epochs = 3, .batch_size = 16, .seed = seed}).run();
    return run.batch_losses;
  };
  CHECK_EQ(losses(1).size(), 21);
  CHECK_EQ(losses(1), losses(1));
  CHECK(losses(1) != losses(2));
  CHECK_EQ(losses({}), losses({}));  // the default generator was seeded with the model
}

TEST(train_fit_slices_change_nothing) {
  Run whole;
  whole.fit({.epochs = 4, .batch_size = 8, .seed = 1, .validation_split = 0.2}).run();
  Run sliced;  // seeds the default generator, which dropout draws from, again
  train::Fit fit = sliced.fit({.epochs = 4, .batch_size = 8, .seed = 1, .validation_split = 0.2});
  int slices = 0;
  while (fit.run_for(0.001)) {
    ++slices;
    // Somebody uses the model in between.
    train::predict(train::model_of(sliced.model), zeros({1, 2}));
  }
  CHECK(slices > 10);
  CHECK_EQ(sliced.batch_losses, whole.batch_losses);
  CHECK_EQ(sliced.epochs.size(), 4);
  for (std::size_t e = 0; e < 4; ++e) CHECK_EQ(*sliced.epochs[e].val_loss, *whole.epochs[e].val_loss);
}

TEST(train_fit_slices_keep_to_their_time) {
  Run run;
  train::Fit fit = run.fit({.epochs = 100000, .batch_size = 10});
  for (int i = 0; i < 5; ++i) {
    const auto start = std::chrono::steady_clock::now();
    CHECK(fit.run_for(10));
    const double took = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    CHECK(took >= 10 && took < 2000);  // wide, since other programs may run
  }
  CHECK(fit.step() > 100);
}

TEST(train_fit_stops_when_told) {
  Run run;
  const auto [x, y] = data::moons(100, 0.1, 3);
  train::Fit* self = nullptr;
  int batches = 0, epochs = 0;
  train::Fit fit(train::model_of(run.model), run.optimizer, classes, x, y, {.epochs = 5, .batch_size = 10},
                 {.batch_end =
                      [&](const train::BatchInfo& b) {
                        ++batches;
                        if (b.step == 12) self->stop();
                      },
                  .epoch_end = [&](const train::EpochInfo&) { ++epochs; }});
  self = &fit;
  fit.run();
  CHECK_EQ(batches, 13);
  CHECK_EQ(epochs, 1);
  CHECK(!run.model->training());
}

TEST(train_fit_options) {
  Run split;
  split.fit({.epochs = 1, .batch_size = 8, .shuffle = false, .validation_split = 0.25}).run();
  CHECK_EQ(split.batch_losses.size(), 10);  // 75 of 100 examples
  const auto [x, y] = data::moons(100, 0.1, 3);
  const train::Evaluation held_out =
      train::evaluate(train::model_of(split.model), classes, narrow(x, 0, 75, 25), narrow(y, 0, 75, 25));
  CHECK_CLOSE(*split.epochs[0].val_loss, held_out.loss, 1e-6, 0);

  Run dropped;
  dropped.fit({.epochs = 2, .batch_size = 8, .drop_last = true}).run();
  CHECK_EQ(dropped.batch_losses.size(), 24);
  Run few;
  few.fit({.epochs = 3, .batch_size = 8, .steps_per_epoch = 2}).run();
  CHECK_EQ(few.batch_losses.size(), 6);
  CHECK_EQ(few.epochs.size(), 3);
  CHECK_CLOSE(few.epochs[0].loss, (few.batch_losses[0] + few.batch_losses[1]) / 2, 1e-9, 0);
  Run none;
  none.fit({.epochs = 0}).run();
  CHECK(none.epochs.empty());
}

TEST(train_fit_refuses_bad_options) {
  Run run;
  const auto refuses = [&](const train::FitOptions& options, const char* why) {
    CHECK_THROWS(run.fit(options), Error, why);
  };
  refuses({.batch_size = 0}, "fit: batchSize must be at least 1, it is 0");
  refuses({.epochs = -1}, "fit: epochs must not be negative, they are -1");
  refuses({.steps_per_epoch = -1}, "fit: stepsPerEpoch must not be negative, it is -1");
  refuses({.validation_split = 1}, "fit: validationSplit must lie in [0, 1), it is 1");
  refuses({.validation_split = NAN}, "fit: validationSplit must lie in [0, 1)");
  refuses({.validation_x = ones({1, 2})}, "fit: validation data needs both inputs and targets");
  refuses({.validation_split = 0.5, .validation_x = ones({1, 2}), .validation_y = ones({1})},
          "give either validationSplit or validation data");
  refuses({.batch_size = 101, .drop_last = true}, "fit: dropLast leaves no batch of 101 among 100 examples");
  refuses({.validation_x = ones({2, 2}), .validation_y = ones({3})}, "numbers of examples differ: [2, 2] and [3]");
  const train::Model model = train::model_of(run.model);
  CHECK_THROWS(train::Fit(model, run.optimizer, mse, ones({3, 2}), ones({2}), {}), ShapeError,
               "numbers of examples differ: [3, 2] and [2]");
  CHECK_THROWS(train::Fit(model, run.optimizer, mse, zeros({0, 2}), zeros({0}), {}), ShapeError,
               "there are no examples to learn from");
  CHECK_THROWS(train::Fit(model, run.optimizer, {}, ones({2, 2}), ones({2}), {}), FluxionError,
               "a model, a loss and an optimizer are needed");
  train::Fit wrong(model, run.optimizer, [](const Tensor& output, const Tensor&) { return output; }, ones({2, 2}),
                   ones({2}), {});
  CHECK_THROWS(wrong.run(), ShapeError, "fit: the loss must be one number, this one is [2, 2]");
  CHECK_THROWS(train::evaluate(model, mse, zeros({0, 2}), zeros({0})), ShapeError,
               "evaluate: there are no examples: [0, 2]");
}

TEST(train_predict_and_evaluate_leave_no_graph) {
  Run run;
  const auto [x, y] = data::moons(10, 0.1, 3);
  const train::Model model = train::model_of(run.model);
  const Tensor all = train::predict(model, x, 4);
  CHECK_EQ(all.shape(), (Shape{10, 2}));
  CHECK(!requires_grad(all));
  CHECK(!run.model->training());
  CHECK_CLOSE(all.to_vector<double>(), (*run.model)(x).to_vector<double>(), 1e-6, 1e-7);
  CHECK_CLOSE(train::evaluate(model, classes, x, y, 4).loss, cross_entropy(all, y).item(), 1e-6, 0);
  CHECK_EQ(live_nodes(), 0);
}

TEST(train_accuracy) {
  const auto measured = [](const Tensor& output, const Tensor& target, const train::AccuracyOptions& options = {}) {
    train::Accuracy accuracy(options);
    accuracy.update(output, target);
    return accuracy.value();
  };
  const Tensor scores = Tensor::from(std::vector<float>{1, 2, 5, 0, 3, 4}, {3, 2});
  const auto ids = [](std::vector<std::int32_t> v, const Shape& shape) { return Tensor::from(v, shape); };
  CHECK_CLOSE(measured(scores, ids({1, 1, 1}, {3})), 2.0 / 3, 1e-9, 0);
  CHECK_CLOSE(measured(scores, ids({1, -100, 0}, {3})), 0.5, 1e-9, 0);
  CHECK_CLOSE(measured(scores, ids({1, 0, 0}, {3}), {.ignore_index = 1}), 0.5, 1e-9, 0);
  CHECK(std::isnan(train::Accuracy().value()));
  // Sequences: classes last; position by position, and as wholes.
  const Tensor sequences = reshape(Tensor::from(std::vector<float>{1, 2, 5, 0, 3, 4, 9, 0}, {8}), {2, 2, 2});
  const Tensor wanted = ids({1, 0, -100, 1}, {2, 2});
  CHECK_CLOSE(measured(sequences, wanted, {.class_dim = -1}), 2.0 / 3, 1e-9, 0);
  CHECK_CLOSE(measured(sequences, wanted, {.class_dim = -1, .whole_rows = true}), 0.5, 1e-9, 0);
  // Two classes by one output.
  const Tensor p = Tensor::from(std::vector<float>{0.2F, 0.7F, 0.6F}, {3, 1});
  CHECK_CLOSE(measured(p, Tensor::from(std::vector<float>{0, 1, 0}, {3, 1})), 2.0 / 3, 1e-9, 0);
  CHECK_CLOSE(measured(p, Tensor::from(std::vector<float>{0, 1, 0}, {3, 1}), {.threshold = 0}), 1.0 / 3, 1e-9, 0);
  CHECK_THROWS(measured(scores, ids({1, 1}, {2})), ShapeError, "accuracy: targets [2] fit neither the output [3, 2]");
  train::Accuracy twice;
  twice.update(scores, ids({1, 1, 1}, {3}));
  twice.update(scores, ids({0, 1, 0}, {3}));
  CHECK_CLOSE(twice.value(), 2.0 / 6, 1e-9, 0);
  twice.reset();
  CHECK(std::isnan(twice.value()));
}

// After the second step of a size nothing is taken from the system; the smaller last batch of an epoch has
// its own blocks, which the first epoch makes.
TEST(train_fit_allocates_nothing_fresh) {
  const auto fresh_after = [](std::int64_t n, std::int64_t batch_size, std::int64_t settled,
                              const train::FitOptions& more) {
    Run run;
    const auto [x, y] = data::moons(n, 0.1, 3);
    train::FitOptions options = more;
    options.epochs = 50;
    options.batch_size = batch_size;
    std::int64_t fresh = 0, bytes = 0;
    train::Fit fit(train::model_of(run.model), run.optimizer, classes, x, y, options,
                   {.batch_end = [&](const train::BatchInfo& b) {
                     if (b.step == settled) fresh = memory_stats().fresh_allocations;
                     if (b.step == settled) bytes = memory_stats().bytes;
                   }});
    release_cache();
    fit.run();
    CHECK(fit.step() > settled + 10);
    CHECK(memory_stats().bytes <= bytes);
    return memory_stats().fresh_allocations - fresh;
  };
  CHECK_EQ(fresh_after(96, 16, 1, {}), 0);
  CHECK_EQ(fresh_after(96, 16, 1, {.shuffle = false}), 0);
  CHECK_EQ(fresh_after(96, 16, 7, {.validation_split = 0.25, .metrics = {make_ref<train::Accuracy>()}}), 0);
  CHECK_EQ(fresh_after(100, 16, 7, {}), 0);
}

TEST(train_sorts_letters) {
  manual_seed(1);
  const auto model =
      make_ref<nn::GPT>(nn::GPTOptions{.vocab_size = 5, .n_layer = 1, .n_head = 2, .n_embd = 32, .block_size = 8});
  const auto [x, y] = data::sorting(1500, 4, 4, 1);
  train::Fit fit(train::model_of(model), make_ref<optim::AdamW>(model->parameters(), optim::AdamWOptions{.lr = 5e-3}),
                 tokens, x, y, {.epochs = 8, .batch_size = 50, .seed = 1});
  fit.run();
  const auto [unseen, sorted] = data::sorting(200, 4, 4, 2);
  const auto whole = make_ref<train::Accuracy>(train::AccuracyOptions{.class_dim = -1, .whole_rows = true});
  const double right = train::evaluate(train::model_of(model), tokens, unseen, sorted, 200, {whole}).metrics[0].second;
  CHECK(right >= 0.95);
}

// Bright squares in one of four corners.
TEST(train_cnn_finds_corners) {
  manual_seed(1);
  const Tensor y = randint(0, 4, {400});
  Tensor x = rand({400, 1, 8, 8}) * 0.5;
  for (std::int64_t i = 0; i < 400; ++i) {
    const auto corner = static_cast<std::int64_t>(y.at(i));
    fill_(narrow(narrow(select(select(x, 0, i), 0, 0), 0, corner / 2 * 5, 3), 1, corner % 2 * 5, 3), 0.8);
  }
  const nn::ConvOptions same{.padding_mode = Padding::Same};
  const auto model =
      nn::sequential(make_ref<nn::Conv2d>(1, 4, 3, same), make_ref<nn::BatchNorm2d>(4), make_ref<nn::ReLU>(),
                     make_ref<nn::MaxPool2d>(2), make_ref<nn::Conv2d>(4, 8, 3, same), make_ref<nn::ReLU>(),
                     make_ref<nn::MaxPool2d>(2), make_ref<nn::Flatten>(), make_ref<nn::Linear>(32, 4));
  train::Fit fit(
      train::model_of(model), make_ref<optim::Adam>(model->parameters(), optim::AdamOptions{.lr = 1e-2}), classes, x, y,
      {.epochs = 4, .batch_size = 20, .seed = 1, .validation_split = 0.25, .metrics = {make_ref<train::Accuracy>()}});
  fit.run();
  CHECK(fit.last_epoch().metrics[1].second >= 0.97);
}
