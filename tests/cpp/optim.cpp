// Optimizers: PyTorch's paths, groups, options, state.

#include "fluxion/optim/optim.h"

#include "check.h"
#include "fluxion/ops/ops.h"
#include "fluxion/optim/rows.h"
#include "nn_fixtures.h"

using namespace fluxion;
using fluxion::testing::check_close;

namespace {

Tensor leaf(std::vector<float> values) {
  const auto n = static_cast<std::int64_t>(values.size());
  const Tensor t = Tensor::from(values, {n});
  set_requires_grad(t, true);
  return t;
}

struct Path {
  Tensor start, grads, path;
};

Path fixture(const std::string& name) {
  const StateDict f = fluxion::testing::fixtures_below(name + "/");
  return {f.at("start"), f.at("grads"), f.at("path")};
}

std::vector<Tensor> params_of(const Path& p, DType dtype, bool transposed = false) {
  std::vector<Tensor> out;
  for (const Tensor& row : unbind(p.start)) {
    Tensor t = clone(to_dtype(row, dtype));
    // Every second element of a larger tensor.
    if (transposed) {
      Shape twice = t.shape();
      twice.back() *= 2;
      const Tensor window = slice(zeros(twice, dtype), -1, 0, {}, 2);
      copy_(window, t);
      t = window;
    }
    set_requires_grad(t, true);
    out.push_back(t);
  }
  return out;
}

// Steps [from, to) of the fixture; checks every parameter after each.
void follow(optim::Optimizer& optimizer, const Path& p, const std::string& name, std::int64_t from,
            std::int64_t to, double tolerance) {
  const std::vector<Tensor> params = optimizer.group_params(0);
  for (std::int64_t step = from; step < to; ++step) {
    for (std::size_t i = 0; i < params.size(); ++i)
      set_grad(params[i], to_dtype(select(select(p.grads, 0, step), 0, static_cast<std::int64_t>(i)),
                                   params[i].dtype()));
    optimizer.step();
    for (std::size_t i = 0; i < params.size(); ++i) {
      const Tensor wanted = select(select(p.path, 0, step), 0, static_cast<std::int64_t>(i));
      if (!check_close(params[i].to_vector<double>(), wanted.to_vector<double>(), tolerance, tolerance,
                       str(name, " after step ", step + 1, ", parameter ", i).c_str()))
        return;
    }
  }
}

template <class F>
void for_samples(F&& f) {
  for (const optim::OptimizerRow& row : optim::optimizer_rows())
    for (std::size_t k = 0; k < row.samples.size(); ++k)
      f(row, optim::parse_options(row, row.samples[k].options), str(row.name, "#", k));
}

}  // namespace

TEST(optim_paths_are_pytorchs) {
  int samples = 0;
  for_samples(
      [&](const optim::OptimizerRow& row, const std::vector<Value>& options, const std::string& name) {
        const Path p = fixture(name);
        const Ref<optim::Optimizer> wide = row.make(params_of(p, DType::Float64), options);
        CHECK_EQ(wide->type_name(), row.name);
        follow(*wide, p, name, 0, 50, 1e-12);
        follow(*row.make(params_of(p, DType::Float32), options), p, name + " float32", 0, 50, 5e-6);
        follow(*row.make(params_of(p, DType::Float64, true), options), p, name + " strided", 0, 50, 1e-12);
        ++samples;
      });
  std::printf("optim: %d paths of 50 steps agree with PyTorch's\n", samples);
}

TEST(optim_state_continues_the_path) {
  for_samples(
      [&](const optim::OptimizerRow& row, const std::vector<Value>& options, const std::string& name) {
        const Path p = fixture(name);
        const std::vector<Tensor> first = params_of(p, DType::Float64);
        const Ref<optim::Optimizer> before = row.make(first, options);
        follow(*before, p, name, 0, 20, 1e-12);
        // Options travel with the state: the second optimizer starts with the defaults.
        std::vector<Tensor> second;
        for (const Tensor& t : first) {
          second.push_back(clone(t.detach()));
          set_requires_grad(second.back(), true);
        }
        const Ref<optim::Optimizer> after = row.make(second, optim::parse_options(row, ""));
        after->load_state_dict(before->state_dict());
        follow(*after, p, name + " resumed", 20, 50, 1e-12);
      });
}

TEST(optim_state_has_pytorchs_names) {
  const auto names = [](const optim::Optimizer& o) {
    std::string out;
    for (const auto& [name, t] : o.state_dict()) out += str(name, t.shape(), " ");
    return out;
  };
  const Tensor a = leaf({1, 2}), b = leaf({3});
  optim::Adam adam({a}, {.amsgrad = true});
  CHECK_EQ(names(adam),
           "param_groups.0.lr[] param_groups.0.betas[2] param_groups.0.eps[] param_groups.0.weight_decay[] "
           "param_groups.0.amsgrad[] param_groups.0.maximize[] param_groups.0.params[1] ");
  set_grad(a, ones({2}));
  adam.step();
  CHECK(names(adam).starts_with(
      "state.0.step[] state.0.exp_avg[2] state.0.exp_avg_sq[2] state.0.max_exp_avg_sq[2] "));
  CHECK_EQ(adam.state_dict().at("state.0.step").item(), 1);

  optim::SGD sgd({a, b}, {.lr = 0.1, .momentum = 0.9});
  set_grad(a, {});
  set_grad(b, ones({1}));
  sgd.step();
  CHECK(names(sgd).starts_with("state.1.momentum_buffer[1] param_groups.0.lr[] param_groups.0.momentum[] "));
}

TEST(optim_state_that_does_not_fit_changes_nothing) {
  const Tensor a = leaf({1, 2});
  optim::SGD sgd({a}, {.lr = 0.5, .momentum = 0.9, .nesterov = true});
  StateDict state;
  for (const auto& [name, t] : sgd.state_dict())
    if (name != "param_groups.0.dampening")
      state.add(name, name == "param_groups.0.params" ? zeros({2}, DType::Int32) : t);
  state.add("state.0.momentum_buffer", ones({3}));
  state.add("state.0.exp_avg", ones({2}));
  CHECK_THROWS(
      sgd.load_state_dict(state), FluxionError,
      "loadStateDict: SGD: state.0.momentum_buffer is [3] where the parameter is [2]; param_groups.0.params "
      "names "
      "2 parameters where there are 1; missing param_groups.0.dampening; unexpected state.0.exp_avg");
  StateDict negative;
  for (const auto& [name, t] : sgd.state_dict())
    negative.add(name, name == "param_groups.0.lr" ? full({}, -1, DType::Float64) : t);
  CHECK_THROWS(sgd.load_state_dict(negative), FluxionError, "SGD: lr must not be negative, it is -1");
  CHECK_EQ(sgd.lr(), 0.5);
  // From one set of options to another, though not every mixture of the two is allowed.
  optim::SGD plain({leaf({1, 2})}, {.lr = 0.1});
  sgd.load_state_dict(plain.state_dict());
  CHECK(!sgd.options().nesterov);
}

TEST(optim_groups_have_their_own_options) {
  const Tensor a = leaf({1}), b = leaf({1});
  optim::SGD sgd({a}, {.lr = 0.5});
  CHECK_EQ(sgd.add_param_group({b}), 1);
  sgd.set_option("lr", std::vector<double>{0.25}, 1);
  for (const Tensor& t : {a, b}) set_grad(t, ones({1}));
  sgd.step();
  CHECK_EQ(a.item(), 0.5);
  CHECK_EQ(b.item(), 0.75);
  CHECK_EQ(sgd.lr(1), 0.25);
  sgd.set_lr(0);
  sgd.step();
  CHECK_EQ(b.item(), 0.75);
  sgd.zero_grad();
  CHECK(!grad_of(a).defined() && !grad_of(b).defined());
  sgd.set_lr(1);
  sgd.step();
  CHECK_EQ(b.item(), 0.75);

  optim::Adam adam({leaf({1})});
  CHECK_EQ(adam.option("betas"), (std::vector<double>{0.9, 0.999}));
  adam.set_option("betas", std::vector<double>{0.5, 0.75}, 0);
  CHECK_EQ(adam.options().betas.second, 0.75);
  CHECK_THROWS(adam.set_option("betas", std::vector<double>{0.5}, 0), FluxionError,
               "Adam: option 'betas' takes 2 numbers, not 1");
  CHECK_THROWS(adam.set_option("weight_decay", std::vector<double>{1, 2}, 0), FluxionError,
               "Adam: option 'weightDecay' takes 1 number, not 2");
  CHECK_THROWS(adam.set_option("betas", std::vector<double>{0.5, 1}, 0), FluxionError,
               "Adam: betas must lie in [0, 1), one is 1");
  CHECK_THROWS(adam.set_option("momentum", std::vector<double>{0.5}, 0), FluxionError,
               "Adam: has no option 'momentum'; it has lr, betas, eps, weight_decay, amsgrad, maximize");
  CHECK_THROWS(adam.option("lr", 1), IndexError, "Adam: there is no parameter group 1, there are 1");
  CHECK_EQ(adam.options().betas.first, 0.5);
}

TEST(optim_refuses_what_it_cannot_train) {
  const Tensor a = leaf({1});
  CHECK_THROWS(optim::SGD({}), FluxionError, "SGD: the list of parameters is empty");
  CHECK_THROWS(optim::SGD({a, a}), FluxionError, "SGD: a parameter of shape [1] is given twice");
  CHECK_THROWS(optim::SGD({a * 2}), FluxionError, "was computed from others; only leaves can be trained");
  CHECK_THROWS(optim::SGD({zeros({1}, DType::Int32)}), DTypeError,
               "SGD: parameters must be float32 or float64, one is int32");
  CHECK_THROWS(optim::SGD({a}, {.lr = -1}), FluxionError, "SGD: lr must not be negative, it is -1");
  CHECK_THROWS(optim::SGD({a}, {.lr = NAN}), FluxionError, "SGD: lr must not be negative");
  CHECK_THROWS(optim::SGD({a}, {.nesterov = true}), FluxionError,
               "SGD: nesterov needs a momentum and no dampening");
  CHECK_THROWS(optim::AdamW({a}, {.betas = {1.5, 0.9}}), FluxionError,
               "AdamW: betas must lie in [0, 1), one is 1.5");
  CHECK_THROWS(optim::Betas(std::vector<double>{1}), FluxionError, "betas: two numbers are needed, not 1");
}

// Parameters of one optimizer that meet their first gradient at different steps go as if each had one of its own.
TEST(optim_parameters_may_join_later) {
  for_samples([](const optim::OptimizerRow& row, const std::vector<Value>& options, const std::string& name) {
    const auto start = [](int i) {
      const Tensor t = full({3, i + 2}, 0.5 + i);
      set_requires_grad(t, true);
      return t;
    };
    std::vector<Tensor> shared, single;
    std::vector<Ref<optim::Optimizer>> own;
    for (int i = 0; i < 4; ++i) {
      shared.push_back(start(i));
      single.push_back(start(i));
      own.push_back(row.make({single.back()}, options));
    }
    const auto all = row.make(shared, options);
    for (int step = 0; step < 6; ++step) {
      for (int i = 0; i < 4; ++i) {
        if (step < i % 3) continue;
        const Tensor grad = full({3, i + 2}, 0.3 - 0.1 * step + 0.01 * i);
        for (const auto& params : {shared, single}) set_grad(params[static_cast<std::size_t>(i)], grad);
      }
      all->step();
      for (const auto& o : own) o->step();
    }
    for (std::size_t i = 0; i < 4; ++i)
      if (!CHECK_EQ(shared[i].to_vector<double>(), single[i].to_vector<double>())) std::printf("%s\n", name.c_str());
  });
}

TEST(optim_step_shows_in_saved_values) {
  const Tensor a = leaf({2});
  const Tensor loss = sum(a * a);
  optim::SGD sgd({a});
  set_grad(a, ones({1}));
  sgd.step();
  CHECK_THROWS(backward(loss), FluxionError, "was changed in place");
}

TEST(optim_rows_name_their_options) {
  for (const optim::OptimizerRow& row : optim::optimizer_rows()) {
    CHECK_EQ(row.args.size(), row.option_names.size() + 1);
    CHECK(!row.doc_text.empty() && !row.example_code.empty() && !row.samples.empty());
  }
  CHECK_EQ(optim::optimizer_rows()[0].args[4].name, "weightDecay");
  CHECK_EQ(optim::optimizer_rows()[2].args[4].default_json, "0.01");
}
