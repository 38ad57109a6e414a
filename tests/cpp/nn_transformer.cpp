// Transformers with every mask, caches against whole passes, and what initialisers draw, beside PyTorch.

#include <cmath>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/core/allocator.h"
#include "fluxion/nn/init.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/text/generate.h"
#include "nn_fixtures.h"

using namespace fluxion;
using fluxion::testing::check_close;
using fluxion::testing::fixtures_below;

namespace {

void check_same(const char* what, const Tensor& actual, const Tensor& expected, double tolerance) {
  CHECK_EQ(actual.shape(), expected.shape());
  check_close(actual.to_vector<double>(), expected.to_vector<double>(), tolerance, tolerance, what);
}

Ref<nn::Llama> small_llama(DType dtype = DType::Float64) {
  return make_ref<nn::Llama>(11, 2, 4, 2, 8, 12, 16, 1e-6, 10000.0, false, dtype);
}

// Every token of a greedy and of a drawn continuation, with the cache and without.
void check_cache(const Ref<nn::Decoder>& model, std::int64_t context, bool batched) {
  model->eval();
  manual_seed(3);
  const Tensor prompt = randint(0, 11, batched ? Shape{3, 4} : Shape{4});
  for (const double temperature : {0.0, 1.0}) {
    nlp::GenerateOptions options{{.temperature = temperature}, 7, context};
    const Tensor whole = nlp::generate([&](const Tensor& ids) { return (*model)(ids); }, prompt, 9, options);
    const Tensor cached = nlp::generate(nn::resuming(model, context), prompt, 9, options);
    CHECK_EQ(cached.to_vector<int>(), whole.to_vector<int>());
  }
}

}  // namespace

TEST(nn_transformer_masks_as_pytorch) {
  for (const bool pre : {false, true}) {
    const std::string name = pre ? "masks/pre/" : "masks/post/";
    nn::Transformer model(6, 2, 1, 2, 8, 0, pre ? nn::FeedForward::Gelu : nn::FeedForward::Relu, 1e-5, true, pre,
                          DType::Float64);
    model.load_state_dict(fixtures_below(name + "state/"));
    const StateDict given = fixtures_below(name);
    const Tensor y = model.translate(given.at("src"), given.at("tgt"), given.at("src_mask"), given.at("tgt_mask"),
                                     given.at("memory_mask"), given.at("src_key_padding_mask"),
                                     given.at("tgt_key_padding_mask"), given.at("memory_key_padding_mask"), false);
    check_same("y", y, given.at("y"), 1e-10);
    backward(sum(square(y)));
    for (const auto& [key, p] : model.named_parameters())
      check_same(key.c_str(), grad_of(p), given.at("grad/" + key), 1e-9);
  }
}

TEST(nn_transformer_stack_starts_alike) {
  manual_seed(1);
  const nn::TransformerEncoder two(nn::LayerOptions{.d_model = 4, .nhead = 2, .dim_feedforward = 6}, 2, false);
  const double next = rand({1}).item();
  const StateDict state = two.state_dict();
  for (const auto& [key, value] : state)
    if (key.starts_with("layers.0."))
      CHECK_EQ(state.at("layers.1." + key.substr(9)).to_vector<float>(), value.to_vector<float>());
  manual_seed(1);
  const nn::TransformerEncoder one(nn::LayerOptions{.d_model = 4, .nhead = 2, .dim_feedforward = 6}, 1, false);
  CHECK_EQ(rand({1}).item(), next);
  CHECK_THROWS(nn::TransformerEncoder({}, 0, false), ShapeError,
               "TransformerEncoder: numLayers must be at least 1, it is 0");
  CHECK_THROWS(nn::TransformerDecoderLayer(nn::LayerOptions{.d_model = 5, .nhead = 2}), ShapeError,
               "TransformerDecoderLayer: dModel (5) must be a multiple of nhead (2)");
}

TEST(nn_decoders_give_the_same_tokens_with_a_cache) {
  manual_seed(2);
  const nn::GPTOptions gpt{.vocab_size = 11, .n_layer = 2, .n_head = 2, .n_embd = 8, .block_size = 13,
                           .dtype = DType::Float64};
  nn::GPTOptions waves = gpt;
  waves.positions = nn::Positions::Sinusoidal;
  using Kind = nn::RecurrentKind;
  const std::vector<Ref<nn::Decoder>> models = {
      make_ref<nn::GPT>(gpt), make_ref<nn::GPT>(waves), small_llama(),
      make_ref<nn::CharRNN>(11, 3, 5, Kind::Rnn, 2, 0.0, DType::Float64),
      make_ref<nn::CharRNN>(11, 3, 5, Kind::Lstm, 2, 0.0, DType::Float64),
      make_ref<nn::CharRNN>(11, 3, 5, Kind::Gru, 1, 0.0, DType::Float64)};
  for (const Ref<nn::Decoder>& model : models) {
    check_cache(model, 0, true);
    check_cache(model, 0, false);
    check_cache(model, 6, true);  // the window slides
  }
}

TEST(nn_decoder_reads_in_parts) {
  const Ref<nn::Llama> model = small_llama();
  const Tensor ids = randint(0, 11, {2, 7});
  const NoGrad off;
  const Tensor whole = (*model)(ids);
  const std::vector<Tensor> cache = model->make_cache(2, 7);
  std::int64_t at = 0;
  for (const std::int64_t part : {2, 1, 4}) {
    const Tensor logits = model->resume(narrow(ids, 1, at, part), cache, at);
    at += part;
    check_same("logits", logits, narrow(whole, 1, at - 1, 1), 1e-12);
  }
  CHECK_THROWS(model->resume(narrow(ids, 1, 0, 1), cache, 7), ShapeError,
               "GroupedQueryAttention: the cache [2, 2, 7, 2] has no room for [2, 2, 1, 2] at position 7");
  CHECK_THROWS(model->resume(narrow(ids, 1, 0, 1), cache, 16), ShapeError,
               "Llama: a sequence of 17 is longer than the block size 16");
}

TEST(nn_cached_generation_holds_no_more_with_every_token) {
  const Ref<nn::Llama> model = small_llama();
  model->eval();
  nlp::Generation generation(nn::resuming(model, 0), zeros({1, 2}, DType::Int32), {{.temperature = 0}});
  for (int i = 0; i < 3; ++i) generation.step();
  const auto before = memory_stats().tensors;
  for (int i = 0; i < 8; ++i) generation.step();
  CHECK_EQ(memory_stats().tensors, before);
}

TEST(nn_transformer_decoder_with_a_cache) {
  for (const bool batch_first : {false, true}) {
    const nn::LayerOptions options{.d_model = 6, .nhead = 2, .dim_feedforward = 8, .dropout = 0,
                                   .batch_first = batch_first, .norm_first = batch_first, .dtype = DType::Float64};
    nn::TransformerDecoder decoder(options, 2, true);
    const Tensor memory = randn({3, 3, 6}, DType::Float64), tgt = randn({3, 3, 6}, DType::Float64);
    const NoGrad off;
    const Tensor whole = decoder.decode(tgt, memory, {}, {}, {}, {}, true);
    const std::vector<Tensor> cache = decoder.make_cache(memory, 3);
    const int time = batch_first ? 1 : 0;
    for (std::int64_t t = 0; t < 3; ++t)
      check_same("step", decoder.resume(narrow(tgt, time, t, 1), cache, t), narrow(whole, time, t, 1), 1e-12);
    CHECK_THROWS(decoder.resume(tgt, {memory}, 0), FluxionError,
                 "TransformerDecoder: the cache must hold 8 tensors, it holds 1");
    CHECK_THROWS(decoder.make_cache(select(memory, 0, 0), 3), ShapeError,
                 "TransformerDecoder: a cache needs a batch: three dimensions, these are [3, 6]");
  }
}

TEST(nn_attention_kinds_refuse) {
  using nn::GroupedQueryAttention;
  CHECK_THROWS(GroupedQueryAttention({.embed_dim = 8, .num_heads = 4, .num_kv_heads = 3}), ShapeError,
               "GroupedQueryAttention: embedDim (8) must be a multiple of numHeads (4), and that of numKvHeads (3)");
  CHECK_THROWS(GroupedQueryAttention({.embed_dim = 6, .num_heads = 2}), ShapeError,
               "GroupedQueryAttention: rotary positions need an even width of heads, it is 3");
  CHECK_THROWS(GroupedQueryAttention({.embed_dim = 4}).forward(ones({2, 4})), ShapeError,
               "GroupedQueryAttention: the input must be [N, T, 4], it is [2, 4]");
  CHECK_THROWS(nn::MultiheadLatentAttention(8, 2, 3, {}, {}, 3, 1e4, true, DType::Float32), ShapeError,
               "MultiheadLatentAttention: rotaryDim must be even and at least 2, it is 3");
}

TEST(nn_models_have_the_weights_of_the_literature) {
  CHECK_EQ(nn::lenet5()->parameter_count(), 61706);
  CHECK_EQ((*nn::lenet5())(zeros({2, 1, 32, 32})).shape(), (Shape{2, 10}));
  const auto big = nn::resnet18();
  CHECK_EQ(big->parameter_count(), 11173962);
  CHECK_EQ(nn::resnet20()->parameter_count(), 269722);
  CHECK_EQ(nn::resnet20(10, 3, nn::Shortcut::Conv)->parameter_count(), 272474);
  CHECK_EQ((*nn::resnet20())(zeros({1, 3, 32, 32})).shape(), (Shape{1, 10}));
  // torchvision's names, in its order.
  std::vector<std::string> keys;
  for (const auto& [key, value] : big->state_dict()) keys.push_back(key);
  CHECK_EQ(keys.size(), 122u);
  CHECK_EQ(keys[0] + " " + keys[1] + " " + keys[5] + " " + keys[6],
           "conv1.weight bn1.weight bn1.num_batches_tracked layer1.0.conv1.weight");
  CHECK(big->state_dict().find("layer2.0.downsample.1.running_var") != nullptr);
  CHECK(big->state_dict().find("layer1.0.downsample.0.weight") == nullptr);
  CHECK_EQ(keys[121], "fc.bias");
  const nn::GPTOptions medium = nn::gpt2_options("gpt2-medium"), xl = nn::gpt2_options("gpt2-xl");
  CHECK_EQ((Shape{medium.n_layer, medium.n_head, medium.n_embd}), (Shape{24, 16, 1024}));
  CHECK_EQ((Shape{xl.n_layer, xl.n_head, xl.n_embd}), (Shape{48, 25, 1600}));
  CHECK_THROWS(nn::gpt2_options("gpt3"), FluxionError, "gpt2: size must be one of gpt2, gpt2-medium");
}

TEST(nn_vae_draws_by_its_seed) {
  const auto drawn = [](std::optional<std::int64_t> seed) {
    manual_seed(4);
    nn::VAE model(6, 5, 2, seed, DType::Float32);
    const Tensor x = ones({3, 6});
    const std::vector<float> y = model.forward(x).to_vector<float>();
    return std::pair(y, rand({1}).item());
  };
  CHECK(drawn(1).first == drawn(1).first);
  CHECK(drawn(1).first != drawn(2).first);
  // Its own stream leaves the default one alone.
  CHECK_EQ(drawn(1).second, drawn(2).second);
  CHECK(drawn({}).second != drawn(1).second);
  CHECK_THROWS(nn::VAELoss().forward(ones({2, 4}), ones({2, 3})), ShapeError,
               "VAELoss: needs a VAE's output [N, D + 2·latent] and x [N, D], these are [2, 4] and [2, 3]");
}

TEST(nn_init_orthogonal_and_truncated_as_pytorch) {
  const StateDict drawn = fixtures_below("init/");
  for (const char* name : {"wide", "tall", "long"}) {
    const Tensor& theirs = drawn.at(str("orthogonal/", name));
    manual_seed(3);
    const Tensor x = nn::init::orthogonal_(zeros(theirs.shape()), 1.5);
    check_same(name, x, theirs, 1e-5);
    const Tensor m = reshape(x, {x.size(0), -1});
    const Tensor square_of = m.size(0) < m.size(1) ? matmul(m, t(m)) : matmul(t(m), m);
    check_same("product", square_of, eye(square_of.size(0)) * 2.25, 1e-5);
  }
  manual_seed(3);
  check_same("plain", nn::init::trunc_normal_(zeros({100})), drawn.at("trunc_normal/plain"), 2e-7);
  manual_seed(3);
  check_same("narrow", nn::init::trunc_normal_(zeros({3, 7}), 0.5, 2, -1, 1), drawn.at("trunc_normal/narrow"), 2e-7);
  CHECK_THROWS(nn::init::orthogonal_(zeros({3})), ShapeError,
               "orthogonal_: needs two dimensions or more, this tensor is [3]");
  CHECK_THROWS(nn::init::trunc_normal_(zeros({3}), 0, -1), FluxionError,
               "truncNormal_: needs std above 0 and a below b, they are -1, -2 and 2");
}
