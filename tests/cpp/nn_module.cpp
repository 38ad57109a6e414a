// Module: names, sharing, modes, state, hooks, printing.

#include "check.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"

using namespace fluxion;

namespace {

struct Net : nn::Module {
  Ref<nn::Linear> hidden = add<nn::Linear>("hidden", 2, 3);
  Ref<nn::BatchNorm1d> norm = add<nn::BatchNorm1d>("norm", 3);
  Ref<nn::Sequential> tail = add<nn::Sequential>("tail");
  Tensor scale = ones({1});
  Tensor steps = zeros({}, DType::Int32), scratch = zeros({2});

  Net() {
    register_parameter("scale", scale);
    register_buffer("steps", steps);
    register_buffer("scratch", scratch, false);
    tail->append(make_ref<nn::Tanh>());
    tail->append(make_ref<nn::Linear>(3, 1, false));
  }
  const char* type_name() const override { return "Net"; }
  Tensor forward(const Tensor& x) override { return (*tail)((*norm)((*hidden)(x))) * scale; }
};

template <class List>
std::string names(const List& list) {
  std::string out;
  for (const auto& [name, value] : list) out += name + " ";
  return out;
}

}  // namespace

TEST(nn_module_names_in_pytorch_order) {
  const Ref<Net> net = make_ref<Net>();
  CHECK_EQ(names(net->named_parameters()),
           "scale hidden.weight hidden.bias norm.weight norm.bias tail.1.weight ");
  CHECK_EQ(names(net->named_parameters("model", false)), "model.scale ");
  CHECK_EQ(names(net->named_buffers()),
           "steps scratch norm.running_mean norm.running_var norm.num_batches_tracked ");
  CHECK_EQ(names(net->named_modules()), " hidden norm tail tail.0 tail.1 ");
  CHECK_EQ(names(net->named_children()), "hidden norm tail ");
  CHECK_EQ(names(net->state_dict()),
           "scale steps hidden.weight hidden.bias norm.weight norm.bias norm.running_mean norm.running_var "
           "norm.num_batches_tracked tail.1.weight ");
  CHECK_EQ(net->parameter_count(), 1 + 6 + 3 + 6 + 3);
}

TEST(nn_module_shared_parts_appear_once) {
  const auto layer = make_ref<nn::Linear>(2, 2, false);
  const auto twice = nn::sequential(layer, layer);
  CHECK_EQ(names(twice->named_parameters()), "0.weight ");
  CHECK_EQ(names(twice->named_modules()), " 0 ");
  CHECK_EQ(names(twice->state_dict()), "0.weight 1.weight ");
  CHECK_EQ(twice->parameter_count(), 4);

  const auto tied = nn::sequential(make_ref<nn::Linear>(2, 2), make_ref<nn::Linear>(2, 2, false));
  tied->set_parameter("1.weight", tied->named_parameters()[0].second);
  CHECK_EQ(names(tied->named_parameters()), "0.weight 0.bias ");
  CHECK_EQ(names(tied->state_dict()), "0.weight 0.bias 1.weight ");
  backward(sum((*tied)(ones({1, 2}))));
  CHECK(grad_of(tied->named_parameters()[0].second).defined());
  CHECK_THROWS(tied->set_parameter("1.weight", ones({3, 2})), ShapeError,
               "parameter 'weight' is [2, 2], not [3, 2]");
  CHECK_THROWS(tied->set_parameter("1.bias", ones({2})), FluxionError, "Linear: has no parameter 'bias'");
}

TEST(nn_module_registration_errors) {
  const auto list = make_ref<nn::ModuleList>();
  Tensor field = ones({2});
  CHECK_THROWS(list->register_parameter("a.b", field), FluxionError, "'a.b' cannot name a part of a module");
  CHECK_THROWS(list->register_parameter("", field), FluxionError, "cannot name a part");
  list->register_parameter("a", field);
  CHECK_THROWS(list->register_buffer("a", field), FluxionError, "ModuleList: has a part named 'a' already");
  CHECK_THROWS(list->register_module("m", Ref<nn::Module>()), FluxionError, "child 'm' is null");
  const auto outer = make_ref<nn::ModuleList>(std::vector<Ref<nn::Module>>{list});
  CHECK_THROWS(list->register_module("m", outer), FluxionError, "a module cannot contain itself");
  CHECK_THROWS((*list)(field), FluxionError, "ModuleList: has no forward of one input");
  Tensor nothing;
  list->register_parameter("nothing", nothing);
  CHECK_EQ(names(list->named_parameters()), "a ");
}

TEST(nn_module_modes_and_gradients) {
  const Ref<Net> net = make_ref<Net>();
  CHECK(net->training());
  net->eval();
  for (const auto& [name, module] : net->named_modules()) CHECK(!module->training());
  net->train();
  CHECK(net->tail->training());
  backward(sum((*net)(randn({4, 2}))));
  for (const auto& [name, p] : net->named_parameters()) CHECK(grad_of(p).defined());
  net->zero_grad();
  for (const auto& [name, p] : net->named_parameters()) CHECK(!grad_of(p).defined());
  net->hidden->requires_grad_(false);
  backward(sum((*net)(randn({4, 2}))));
  CHECK(!grad_of(net->hidden->weight).defined());
  CHECK(grad_of(net->scale).defined());
  int visited = 0;
  std::string last;
  net->apply([&](nn::Module& m) {
    ++visited;
    last = m.type_name();
  });
  CHECK_EQ(visited, 6);
  CHECK_EQ(last, "Net");
}

TEST(nn_module_state_moves_between_modules) {
  manual_seed(1);
  const Ref<Net> from = make_ref<Net>(), into = make_ref<Net>();
  (*from)(randn({4, 2}));
  const Tensor x = randn({3, 2});
  from->eval();
  into->eval();
  CHECK((*from)(x).to_vector<double>() != (*into)(x).to_vector<double>());
  const nn::LoadResult result = into->load_state_dict(from->state_dict());
  CHECK(result.missing.empty() && result.unexpected.empty());
  CHECK_EQ((*into)(x).to_vector<double>(), (*from)(x).to_vector<double>());
  CHECK_EQ(into->norm->num_batches_tracked.item(), 1);
  CHECK(!into->hidden->weight.shares_storage(from->hidden->weight));
  for (const auto& [name, t] : from->state_dict()) CHECK(!requires_grad(t));
  CHECK(requires_grad(into->hidden->weight));
}

TEST(nn_module_state_that_does_not_fit_changes_nothing) {
  const Ref<Net> net = make_ref<Net>();
  const std::vector<double> before = net->hidden->bias.to_vector<double>();
  StateDict state;
  for (const auto& [name, t] : net->state_dict()) {
    if (name == "scale") continue;
    state.add(name == "norm.bias" ? "norm.offset" : name,
              name == "hidden.weight" ? ones({3, 3}) : full(t.shape(), 7));
  }
  CHECK_THROWS(net->load_state_dict(state), FluxionError,
               "loadStateDict: Net: missing keys: scale, norm.bias; unexpected keys: norm.offset; misshapen: "
               "hidden.weight is [3, 3] where the module has [3, 2]");
  CHECK_THROWS(net->load_state_dict(state, false), FluxionError,
               "loadStateDict: Net: misshapen: hidden.weight");
  CHECK_EQ(net->hidden->bias.to_vector<double>(), before);

  const nn::LoadResult result =
      net->load_state_dict({{"hidden.bias", ones({3}, DType::Float64)}, {"other", ones({1})}}, false);
  CHECK_EQ(result.missing.size(), 9);
  CHECK_EQ(result.unexpected, std::vector<std::string>{"other"});
  CHECK_EQ(net->hidden->bias.to_vector<double>(), (std::vector<double>{1, 1, 1}));
  CHECK(net->hidden->bias.dtype() == DType::Float32);
  CHECK_THROWS(state.at("absent"), FluxionError, "there is no tensor named 'absent'");
}

TEST(nn_module_forward_hooks) {
  const auto layer = make_ref<nn::Identity>();
  std::string order;
  const auto first = layer->register_forward_pre_hook([&](nn::Module&, const Tensor& x) {
    order += "a";
    return x + 1;
  });
  layer->register_forward_hook([&](nn::Module& m, const Tensor& in, const Tensor& out) {
    order += "b";
    CHECK_EQ(m.type_name(), "Identity");
    CHECK_EQ(in.item(), 2);
    return out * 10;
  });
  const auto second = layer->register_forward_hook([&](nn::Module&, const Tensor&, const Tensor&) {
    order += "c";
    return Tensor();
  });
  CHECK_EQ((*layer)(ones({1})).item(), 20);
  CHECK_EQ(order, "abc");
  layer->remove_hook(first);
  layer->remove_hook(second);
  order.clear();
  CHECK_EQ((*layer)(full({1}, 2)).item(), 20);
  CHECK_EQ(order, "b");
}

TEST(nn_module_prints_as_pytorch_does) {
  CHECK_EQ(nn::sequential(make_ref<nn::Linear>(2, 8), make_ref<nn::Tanh>())->repr(),
           "Sequential(\n  (0): Linear(in_features=2, out_features=8, bias=True)\n  (1): Tanh()\n)");
  CHECK_EQ(make_ref<nn::LayerNorm>(3)->repr(), "LayerNorm((3,), eps=1e-05, elementwise_affine=True)");
  CHECK_EQ((nn::LayerNorm({2, 3}, 1e-5, true, true, DType::Float32).repr()),
           "LayerNorm((2, 3), eps=1e-05, elementwise_affine=True)");
  CHECK_EQ(make_ref<nn::BatchNorm2d>(4)->repr(),
           "BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)");
  CHECK_EQ((make_ref<nn::Conv2d>(1, 8, 3, nn::ConvOptions{.padding_mode = Padding::Same})->repr()),
           "Conv2d(1, 8, kernel_size=(3, 3), stride=(1, 1), padding=same)");
  const std::string gpt =
      make_ref<nn::GPT>(nn::GPTOptions{.vocab_size = 5, .n_layer = 1, .n_head = 1, .n_embd = 4})->repr();
  CHECK(gpt.find("\n  (h): ModuleList(\n    (0): TransformerBlock(\n      (ln_1): LayerNorm((4,)") !=
        std::string::npos);
}

// A freed tree of modules frees its tensors.
TEST(nn_module_frees_its_tensors) {
  const std::int64_t before = memory_stats().tensors;
  {
    const auto net = make_ref<Net>();
    backward(sum((*net)(randn({4, 2}))));
    CHECK(memory_stats().tensors > before);
  }
  CHECK_EQ(memory_stats().tensors, before);
}

// torch's register_full_backward_hook: both gradients, replaced on the way, and none for an input that needs none.
TEST(nn_backward_hooks) {
  const auto layer = make_ref<nn::Linear>(2, 1, false);
  layer->load_state_dict({{"weight", Tensor::from(std::vector<float>{2, -3}, {1, 2})}});
  std::vector<std::vector<float>> seen;
  bool had_input = false;
  const auto watch = [&](double factor) {
    return [&seen, &had_input, factor](nn::Module&, const Tensor& in, const Tensor& out) {
      had_input = in.defined();
      if (in.defined()) seen.push_back(in.to_vector<float>());
      seen.push_back(out.to_vector<float>());
      return in.defined() && factor != 0 ? in * factor : Tensor();
    };
  };
  const std::int64_t first = layer->register_full_backward_hook(watch(10));
  const std::int64_t second = layer->register_full_backward_hook(watch(0));
  const Tensor x = ones({1, 2});
  set_requires_grad(x, true);
  backward(sum((*layer)(x) * 5.0));
  CHECK_EQ(seen, (std::vector<std::vector<float>>{{10, -15}, {5}, {100, -150}, {5}}));
  CHECK_EQ(grad_of(x).to_vector<float>(), (std::vector<float>{100, -150}));
  CHECK_EQ(grad_of(layer->parameters()[0]).to_vector<float>(), (std::vector<float>{5, 5}));
  layer->remove_hook(second);
  seen.clear();
  backward(sum((*layer)(ones({1, 2}))));
  CHECK(!had_input);
  CHECK_EQ(seen, (std::vector<std::vector<float>>{{1}}));
  {
    const NoGrad off;
    CHECK(!requires_grad((*layer)(x)));
  }
  layer->remove_hook(first);
  seen.clear();
  backward(sum((*layer)(x)));
  CHECK(seen.empty());
}
