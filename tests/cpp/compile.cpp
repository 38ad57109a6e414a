// compile: a replayed step gives the bits of one that runs as it is, notices what changed, and says what it cannot do.

#include "fluxion/transforms/compile.h"

#include "check.h"
#include "fluxion/autograd/anomaly.h"
#include "fluxion/core/random.h"
#include "fluxion/data/toy.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/optim/clip.h"
#include "fluxion/optim/optim.h"

using namespace fluxion;

namespace {

using Tensors = std::vector<Tensor>;

// A model in training, built from a seed, so that two of them are twins.
struct Run {
  Ref<nn::Module> model;
  Ref<optim::Optimizer> optimizer;
  Ref<optim::Schedule> schedule;
  std::function<Tensor(const Tensor&, const Tensor&)> loss;
  double clip = 0;

  Tensors step(const Tensors& in) {
    optimizer->zero_grad();
    const Tensor output = (*model)(in[0]);
    const Tensor value = loss(output, in[1]);
    backward(value);
    if (clip > 0) optim::clip_grad_norm(model->parameters(), clip);
    optimizer->step();
    if (schedule) schedule->step();
    return {value, output};
  }
};

void check_same_bits(const Tensor& a, const Tensor& b) {
  CHECK(a.shape() == b.shape());
  CHECK_EQ(a.to_vector<double>(), b.to_vector<double>());
}

// Ten steps compiled and ten as they are, on batches that differ.
void check_replays(const std::function<Run()>& make, const std::function<Tensors(int)>& batch, int recordings = 1) {
  Run eager = make(), replayed = make();
  const auto compiled = make_ref<Compiled>([&](const Tensors& in) { return replayed.step(in); });
  const Generator::State start = default_generator().state();
  std::vector<Tensors> expected;
  for (int i = 0; i < 10; ++i) expected.push_back(eager.step(batch(i)));
  default_generator().set_state(start);
  for (int i = 0; i < 10; ++i) {
    const Tensors found = (*compiled)(batch(i));
    CHECK_EQ(found.size(), std::size_t{2});
    for (std::size_t k = 0; k < found.size(); ++k) check_same_bits(found[k], expected[static_cast<std::size_t>(i)][k]);
  }
  CHECK_EQ(compiled->refusal(), std::string());
  CHECK_EQ(compiled->recordings(), recordings);
  CHECK_EQ(compiled->replays(), 10 - recordings);
  const auto a = eager.model->named_parameters(), b = replayed.model->named_parameters();
  for (std::size_t i = 0; i < a.size(); ++i) {
    check_same_bits(a[i].second, b[i].second);
    check_same_bits(grad_of(a[i].second), grad_of(b[i].second));
  }
  const auto other = replayed.model->state_dict();
  for (const auto& [name, tensor] : eager.model->state_dict()) check_same_bits(tensor, *other.find(name));
  const Program* program = compiled->program();
  CHECK(program != nullptr && program->planned_bytes() < program->unplanned_bytes());
}

Run xor_run() {
  manual_seed(1);
  const auto net = nn::sequential(make_ref<nn::Linear>(2, 8), make_ref<nn::Tanh>(), make_ref<nn::Linear>(8, 1),
                                  make_ref<nn::Sigmoid>());
  return {.model = net,
          .optimizer = make_ref<optim::SGD>(net->parameters(), optim::SGDOptions{.lr = 0.1, .momentum = 0.9}),
          .schedule = {},
          .loss = [](const Tensor& o, const Tensor& t) { return mse_loss(o, t); }};
}

Tensors xor_batch(int) {
  const auto [x, y] = data::xor_problem();
  return {x, y};
}

Run cnn_run() {
  manual_seed(2);
  const auto net = nn::sequential(make_ref<nn::Conv2d>(2, 4, 3), make_ref<nn::BatchNorm2d>(4), make_ref<nn::ReLU>(),
                                  make_ref<nn::MaxPool2d>(2), make_ref<nn::Conv2d>(4, 4, 1), make_ref<nn::SiLU>(),
                                  make_ref<nn::Flatten>(), make_ref<nn::Dropout>(0.3), make_ref<nn::Linear>(16, 3));
  return {.model = net,
          .optimizer = make_ref<optim::Adam>(net->parameters(), optim::AdamOptions{.lr = 0.01}),
          .schedule = {},
          .loss = [](const Tensor& o, const Tensor& t) { return cross_entropy(o, t); }};
}

Tensors cnn_batch(int i) {
  manual_seed(static_cast<std::uint64_t>(100 + i));
  return {randn({5, 2, 6, 6}), randint(0, 3, {5})};
}

Run gpt_run() {
  manual_seed(3);
  const auto net = make_ref<nn::GPT>(nn::GPTOptions{.vocab_size = 11, .n_layer = 2, .n_head = 2, .n_embd = 16,
                                                    .block_size = 8, .dropout = 0.1});
  const Ref<optim::Optimizer> adam = make_ref<optim::AdamW>(net->parameters(), optim::AdamWOptions{.lr = 0.01});
  return {.model = net,
          .optimizer = adam,
          .schedule = make_ref<optim::CosineAnnealingLR>(adam, 8),
          .loss = [](const Tensor& o, const Tensor& t) { return cross_entropy(flatten(o, 0, 1), flatten(t)); },
          .clip = 0.5};
}

Tensors gpt_batch(int i) {
  manual_seed(static_cast<std::uint64_t>(200 + i));
  return {randint(0, 11, {3, 8}), randint(0, 11, {3, 8})};
}

Ref<Compiled> compiled(Compiled::Function f) { return make_ref<Compiled>(std::move(f)); }

}  // namespace

TEST(compile_replays_xor) { check_replays(xor_run, xor_batch); }
TEST(compile_replays_a_cnn) { check_replays(cnn_run, cnn_batch); }
TEST(compile_replays_a_gpt) { check_replays(gpt_run, gpt_batch); }

TEST(compile_replays_every_optimizer) {
  const auto [x, y] = data::xor_problem();
  const auto with = [&](const std::function<Ref<optim::Optimizer>(const Tensors&)>& make) {
    check_replays(
        [&] {
          Run run = xor_run();
          run.optimizer = make(run.model->parameters());
          return run;
        },
        xor_batch);
  };
  with([](const Tensors& p) { return make_ref<optim::SGD>(p, optim::SGDOptions{.lr = 0.1, .nesterov = false}); });
  with([](const Tensors& p) { return make_ref<optim::RMSprop>(p, optim::RMSpropOptions{}); });
  with([](const Tensors& p) { return make_ref<optim::NAdam>(p, optim::NAdamOptions{}); });
  with([](const Tensors& p) { return make_ref<optim::Lion>(p, optim::LionOptions{}); });
}

TEST(compile_records_each_shape_once) {
  check_replays(
      xor_run,
      [](int i) {
        const auto [x, y] = data::xor_problem();
        const std::int64_t n = i % 2 == 0 ? 4 : 3;
        return Tensors{narrow(x, 0, 0, n), narrow(y, 0, 0, n)};
      },
      2);
}

TEST(compile_takes_views_and_disposed_captures) {
  Tensor captured = Tensor::from<float>({1, 2, 3, 4}, {2, 2});
  const auto f = compiled([w = captured](const Tensors& in) -> Tensors { return {matmul(in[0], w) + 1}; });
  const Tensor x = Tensor::from<float>({1, 0, 0, 1, 5, 6}, {3, 2});
  check_same_bits((*f)({x})[0], matmul(x, captured) + 1);
  const Tensor turned = transpose(Tensor::from<float>({1, 2, 3, 4, 5, 6}, {2, 3}), 0, 1);
  check_same_bits((*f)({turned})[0], matmul(turned, captured) + 1);
  const Tensor first = (*f)({x})[0];
  (*f)({turned});
  check_same_bits(first, matmul(x, captured) + 1);  // results are the caller's own
  CHECK_EQ(f->recordings(), 1);
}

TEST(compile_gives_arguments_and_captures_back_as_they_are) {
  const Tensor weight = ones({2});
  const auto f = compiled([&](const Tensors& in) -> Tensors { return {in[0], weight}; });
  for (int i = 0; i < 3; ++i) {
    const Tensor x = full({2}, i);
    const Tensors out = (*f)({x});
    check_same_bits(out[0], x);
    CHECK(out[1].same_as(weight));
  }
}

TEST(compile_leaves_out_what_nobody_uses) {
  const auto f = compiled([](const Tensors& in) -> Tensors {
    const Tensor unused = exp(in[0]) * 3;
    return {in[0] + 1};
  });
  const Tensor x = ones({4});
  (*f)({x});
  CHECK_EQ(f->program()->call_count(), std::size_t{1});
  check_same_bits((*f)({x})[0], x + 1);
}

TEST(compile_draws_anew) {
  const auto f = compiled([](const Tensors& in) -> Tensors { return {dropout(in[0], 0.5, true), randn({3})}; });
  const Tensor x = ones({64});
  manual_seed(5);
  const Tensor a = dropout(x, 0.5, true), b = randn({3}), c = dropout(x, 0.5, true), d = randn({3});
  manual_seed(5);
  const Tensors one = (*f)({x}), two = (*f)({x});
  check_same_bits(one[0], a);
  check_same_bits(one[1], b);
  check_same_bits(two[0], c);
  check_same_bits(two[1], d);
  CHECK_EQ(f->replays(), 1);
}

TEST(compile_adds_to_gradients_it_finds) {
  Run run = xor_run();
  const auto [x, y] = data::xor_problem();
  const auto f = compiled([&](const Tensors& in) -> Tensors {
    const Tensor loss = run.loss((*run.model)(in[0]), in[1]);
    backward(loss);
    return {loss};
  });
  const Tensor w = run.model->parameters()[0];
  (*f)({x, y});
  const Tensor once = clone(grad_of(w));
  (*f)({x, y});  // onto what is there: another recording
  (*f)({x, y});
  (*f)({x, y});
  check_same_bits(grad_of(w), once + once + once + once);
  CHECK_EQ(f->recordings(), 2);
  CHECK_EQ(f->replays(), 2);
  run.optimizer->zero_grad();
  (*f)({x, y});
  check_same_bits(grad_of(w), once);
  CHECK_EQ(f->replays(), 3);
}

TEST(compile_leaves_no_gradient_where_the_step_leaves_none) {
  Run run = xor_run();
  const auto f = compiled([&](const Tensors& in) {
    const Tensors out = run.step(in);
    run.optimizer->zero_grad();
    return out;
  });
  for (int i = 0; i < 3; ++i) {
    (*f)(xor_batch(i));
    CHECK(!grad_of(run.model->parameters()[0]).defined());
  }
  CHECK_EQ(f->replays(), 2);
}

// A gradient set twice is set once, unless an action between the two looks at it.
TEST(compile_shows_actions_the_gradients_of_their_moment) {
  Run eager = xor_run(), replayed = xor_run();
  const auto twice = [](Run& run, const Tensors& in) {
    run.optimizer->zero_grad();
    run.optimizer->step();  // finds none
    return run.step(in);
  };
  const auto f = compiled([&](const Tensors& in) { return twice(replayed, in); });
  for (int i = 0; i < 4; ++i) {
    const Tensors expected = twice(eager, xor_batch(i)), found = (*f)(xor_batch(i));
    check_same_bits(found[0], expected[0]);
    for (std::size_t k = 0; k < eager.model->parameters().size(); ++k)
      check_same_bits(replayed.model->parameters()[k], eager.model->parameters()[k]);
  }
  CHECK_EQ(f->replays(), 3);
}

TEST(compile_records_anew_when_modes_change) {
  Run run = cnn_run();
  const auto f = compiled([&](const Tensors& in) -> Tensors { return {(*run.model)(in[0])}; });
  const NoGrad off;
  const Tensor x = cnn_batch(0)[0];
  run.model->eval();
  const Tensor expected = (*run.model)(x);
  check_same_bits((*f)({x})[0], expected);
  run.model->train();
  (*f)({x});
  (*f)({x});
  CHECK_EQ(f->recordings(), 2);
  run.model->eval();
  const Tensor later = (*run.model)(x);
  check_same_bits((*f)({x})[0], later);
  CHECK_EQ(f->recordings(), 2);
  CHECK_EQ(f->replays(), 2);
}

TEST(compile_records_anew_when_weights_are_frozen) {
  Run run = xor_run();
  const auto f = compiled([&](const Tensors& in) { return run.step(in); });
  (*f)(xor_batch(0));
  (*f)(xor_batch(0));
  const Tensor w = run.model->parameters()[0], before = clone(w.detach());
  set_requires_grad(w, false);
  (*f)(xor_batch(0));
  check_same_bits(w, before);
  CHECK_EQ(f->recordings(), 2);
}

TEST(compile_checks_values_in_every_replay) {
  const Tensor table = ones({4, 2});
  const auto f = compiled([&](const Tensors& in) -> Tensors { return {index_select(table, 0, in[0])}; });
  (*f)({Tensor::from<std::int32_t>({0, 3}, {2})});
  CHECK_THROWS((*f)({Tensor::from<std::int32_t>({1, 4}, {2})}), IndexError,
               "indexSelect: index 4 at position 1 is out of range for size 4");
  CHECK_EQ(f->recordings(), 1);
  const auto loss = compiled([](const Tensors& in) -> Tensors { return {cross_entropy(in[0], in[1])}; });
  const Tensor scores = zeros({2, 3});
  (*loss)({scores, Tensor::from<std::int32_t>({0, -100}, {2})});
  (*loss)({scores, Tensor::from<std::int32_t>({-100, 2}, {2})});
  CHECK_THROWS((*loss)({scores, Tensor::from<std::int32_t>({0, 3}, {2})}), IndexError,
               "crossEntropy: index 3 at position 1 is out of range for size 3");
  const auto bce = compiled([](const Tensors& in) -> Tensors { return {binary_cross_entropy(in[0], in[1])}; });
  (*bce)({full({2}, 0.5), ones({2})});
  CHECK_THROWS((*bce)({full({2}, 1.5), ones({2})}), FluxionError,
               "binaryCrossEntropy: the input must lie in [0, 1], it reaches from 1.5 to 1.5; apply sigmoid, or use "
               "binaryCrossEntropyWithLogits");
}

namespace {

// The step runs as it is, every time, and says why.
void check_refused(const Compiled::Function& step, const Tensors& args, const std::string& why) {
  int runs = 0;
  const auto f = compiled([&](const Tensors& in) {
    ++runs;
    return step(in);
  });
  (*f)(args);
  (*f)(args);
  CHECK_EQ(f->refusal(), why);
  CHECK_EQ(runs, 2);
  CHECK_EQ(f->replays(), 0);
}

}  // namespace

TEST(compile_refuses_what_it_cannot_replay) {
  const Tensor x = ones({2});
  check_refused([](const Tensors& in) -> Tensors { return {in[0] * sum(in[0]).item()}; }, {x},
                "a tensor's values were read");
  check_refused(
      [](const Tensors& in) -> Tensors {
        manual_seed(1);
        return {in[0] + rand({2})};
      },
      {x}, "a random stream was seeded");
  check_refused(
      [](const Tensors& in) -> Tensors {
        const Tensor w = full({2}, 3);
        set_requires_grad(w, true);
        return {in[0] * w};
      },
      {x}, "a result still needs a backward pass; take it inside, or use noGrad");
  const Tensor changed = ones({2});
  check_refused(
      [](const Tensors& in) -> Tensors {
        copy_(in[0], in[0] + 1);
        return {};
      },
      {changed}, "it changes its arguments in place");
  check_same_bits(changed, full({2}, 3));

  Run run = xor_run();
  check_refused(
      [&](const Tensors& in) {
        run.optimizer->set_lr(0.1);
        return run.step(in);
      },
      xor_batch(0), "an optimizer's option was set; let a schedule do that");
  run.model->register_forward_hook([](nn::Module&, const Tensor&, const Tensor&) { return Tensor(); });
  check_refused([&](const Tensors& in) { return run.step(in); }, xor_batch(0), "a module has a hook");
  Run other = xor_run();
  register_hook(other.model->parameters()[0], [](const Tensor&) { return Tensor(); });
  check_refused([&](const Tensors& in) { return other.step(in); }, xor_batch(0), "a tensor has a hook");
}

TEST(compile_notices_hooks_that_come_later) {
  Run run = xor_run();
  const auto f = compiled([&](const Tensors& in) { return run.step(in); });
  (*f)(xor_batch(0));
  (*f)(xor_batch(0));
  int calls = 0;
  run.model->register_forward_hook([&](nn::Module&, const Tensor&, const Tensor&) {
    ++calls;
    return Tensor();
  });
  (*f)(xor_batch(0));
  (*f)(xor_batch(0));
  CHECK_EQ(calls, 2);
  CHECK_EQ(f->refusal(), std::string("a module has a hook"));
}

TEST(compile_keeps_what_an_error_leaves) {
  bool fail = true;
  const auto f = compiled([&](const Tensors& in) -> Tensors {
    const Tensor y = in[0] + 1;
    if (fail) throw FluxionError("not now");
    return {y};
  });
  const Tensor x = ones({2});
  CHECK_THROWS((*f)({x}), FluxionError, "not now");
  fail = false;
  check_same_bits((*f)({x})[0], x + 1);
  check_same_bits((*f)({x + 1})[0], x + 2);
  CHECK_EQ(f->replays(), 1);
}

TEST(compile_stops_recording_what_never_comes_back) {
  const auto f = compiled([](const Tensors& in) -> Tensors { return {in[0] + 1}; });
  for (int n = 1; n <= 20; ++n) check_same_bits((*f)({ones({n})})[0], full({n}, 2));
  CHECK_EQ(f->recordings(), 16);
  CHECK_EQ(f->refusal(), std::string("it was recorded 16 times, and this call is like none of them"));
  check_same_bits((*f)({ones({3})})[0], full({3}, 2));
  CHECK_EQ(f->refusal(), std::string());
}

TEST(compile_allocates_nothing_after_the_recording) {
  Run run = gpt_run();
  const auto f = compiled([&](const Tensors& in) { return run.step(in); });
  const Tensors batch = gpt_batch(0);
  for (int i = 0; i < 3; ++i) (*f)(batch);
  const MemoryStats before = memory_stats();
  for (int i = 0; i < 5; ++i) (*f)(batch);
  CHECK_EQ(memory_stats().fresh_allocations, before.fresh_allocations);
  CHECK_EQ(memory_stats().bytes, before.bytes);
  CHECK_EQ(memory_stats().tensors, before.tensors);
}

TEST(compile_within_compile_is_one_recording) {
  const auto inner = compiled([](const Tensors& in) -> Tensors { return {in[0] * 2}; });
  const auto outer = compiled([&](const Tensors& in) -> Tensors { return {(*inner)(in)[0] + 1}; });
  const Tensor x = ones({3});
  for (int i = 0; i < 3; ++i) check_same_bits((*outer)({x})[0], full({3}, 3));
  CHECK_EQ(outer->replays(), 2);
  CHECK_EQ(inner->recordings(), 0);
}

TEST(compile_runs_elementwise_chains_piece_by_piece) {
  // 5 · 3,001 elements are not whole pieces; a column ends a chain.
  manual_seed(9);
  const Tensor x = randn({5, 3001}), y = randn({5, 3001}), column = randn({5, 1}), number = full({}, 0.3);
  const auto f = [&](const Tensors& in) -> Tensors {
    const Tensor a = tanh(in[0] * in[1]) + number;
    const Tensor b = sigmoid(a - in[0]) * a;
    const Tensor c = relu(b * b - a);
    return {c, c + column};
  };
  const auto step = compiled(f);
  const Tensors expected = f({x, y});
  for (int i = 0; i < 3; ++i) {
    const Tensors found = (*step)({x, y});
    check_same_bits(found[0], expected[0]);
    check_same_bits(found[1], expected[1]);
  }
  // What only the chain sees is nowhere in memory.
  CHECK_EQ(step->program()->planned_bytes(), std::size_t{0});
  // In place, and onto itself.
  const Tensor state = randn({20000}), start = clone(state);
  const auto walk = compiled([&](const Tensors&) -> Tensors {
    copy_(state, state * 0.5 + 1);
    const Tensor g = exp(-state) * state;
    copy_(state, g + state);
    return {state * 2};
  });
  for (int i = 0; i < 3; ++i) (*walk)({});
  Tensor by_hand = start;
  for (int i = 0; i < 3; ++i) {
    by_hand = by_hand * 0.5 + 1;
    by_hand = exp(-by_hand) * by_hand + by_hand;
  }
  check_same_bits(state, by_hand);
}
