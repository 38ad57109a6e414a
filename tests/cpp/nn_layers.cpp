// Layers: sizes of the reference models, masks, statistics, and what they refuse.

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/kernels/gemm_core.h"
#include "fluxion/nn/init.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"

using namespace fluxion;

TEST(nn_layers_reference_models_have_their_weights) {
  const nn::ConvOptions same{.padding_mode = Padding::Same};
  const auto cnn =
      nn::sequential(make_ref<nn::Conv2d>(1, 8, 3, same), make_ref<nn::ReLU>(), make_ref<nn::MaxPool2d>(2),
                     make_ref<nn::Conv2d>(8, 16, 3, same), make_ref<nn::ReLU>(), make_ref<nn::MaxPool2d>(2),
                     make_ref<nn::Flatten>(), make_ref<nn::Linear>(784, 10));
  CHECK_EQ(cnn->parameter_count(), 9098);
  CHECK_EQ((*cnn)(zeros({2, 1, 28, 28})).shape(), (Shape{2, 10}));

  const nn::GPTOptions text{.vocab_size = 83, .n_layer = 2, .n_head = 4, .n_embd = 48, .block_size = 48};
  const auto gpt = make_ref<nn::GPT>(text);
  CHECK_EQ(gpt->parameter_count(), 66912);
  CHECK_EQ((*gpt)(zeros({3, 48}, DType::Int32)).shape(), (Shape{3, 48, 83}));
  CHECK(!gpt->lm_head->bias.defined());
  nn::GPTOptions tied = text;
  tied.tie_weights = true;
  CHECK_EQ(make_ref<nn::GPT>(tied)->parameter_count(), 66912 - 83 * 48);
  const auto sorting = make_ref<nn::GPT>(nn::GPTOptions{.vocab_size = 9, .block_size = 16});
  CHECK(sorting->parameter_count() <= 100000);
}

TEST(nn_layers_all_products_pass_the_gemm_core) {
  const nn::ConvOptions same{.padding_mode = Padding::Same};
  const auto cnn = nn::sequential(make_ref<nn::Conv2d>(1, 8, 3, same), make_ref<nn::ReLU>(),
                                  make_ref<nn::Conv2d>(8, 16, 3, same), make_ref<nn::Flatten>(),
                                  make_ref<nn::Linear>(16 * 8 * 8, 10));
  const Tensor x = randn({4, 1, 8, 8});
  auto before = kernels::gemm_core_calls();
  const Tensor loss = sum((*cnn)(x));
  CHECK_EQ(kernels::gemm_core_calls() - before, 3u);
  before = kernels::gemm_core_calls();
  backward(loss);
  // Two products a layer, but the first has nobody to give its input's gradient to.
  CHECK_EQ(kernels::gemm_core_calls() - before, 5u);
}

TEST(nn_layers_causal_attention_sees_no_future) {
  manual_seed(2);
  const auto gpt = make_ref<nn::GPT>(
      nn::GPTOptions{.vocab_size = 7, .n_layer = 2, .n_head = 2, .n_embd = 8, .block_size = 6});
  const Tensor a = Tensor::from(std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}, {1, 6});
  const Tensor b = Tensor::from(std::vector<std::int32_t>{1, 2, 3, 0, 0, 0}, {1, 6});
  const Tensor ya = (*gpt)(a), yb = (*gpt)(b);
  CHECK_CLOSE(narrow(ya, 1, 0, 3).to_vector<double>(), narrow(yb, 1, 0, 3).to_vector<double>(), 1e-6, 1e-7);
  CHECK(select(ya, 1, 3).to_vector<double>() != select(yb, 1, 3).to_vector<double>());
  const Tensor shorter = (*gpt)(narrow(a, 1, 0, 3));
  CHECK_CLOSE(shorter.to_vector<double>(), narrow(ya, 1, 0, 3).to_vector<double>(), 1e-6, 1e-7);
  CHECK_THROWS((*gpt)(zeros({1, 7}, DType::Int32)), ShapeError,
               "GPT: a sequence of 7 is longer than the block size 6");
  CHECK_THROWS((*gpt)(zeros({1, 1, 3}, DType::Int32)), ShapeError,
               "GPT: ids must be [N, T] or [T], they are [1, 1, 3]");
  CHECK_THROWS((*gpt)(full({1, 3}, 7, DType::Int32)), IndexError, "embedding: index 7");
}

TEST(nn_layers_attention_masks) {
  manual_seed(3);
  nn::MultiheadAttention attention(4, 2, 0, true, true);
  const Tensor q = randn({2, 3, 4}), k = randn({2, 5, 4}), v = randn({2, 5, 4});
  const auto values = [](const Tensor& t) { return t.to_vector<double>(); };
  const Tensor later = triu(ones({3, 5}, DType::Bool), 1);
  const Tensor causal = attention.attend(q, k, v, {}, {}, true);
  CHECK_CLOSE(values(attention.attend(q, k, v, later)), values(causal), 1e-6, 1e-7);
  const Tensor added = masked_fill(zeros({3, 5}), later, -INFINITY);
  CHECK_CLOSE(values(attention.attend(q, k, v, added)), values(causal), 1e-6, 1e-7);
  const Tensor per_head = contiguous(expand(unsqueeze(later, 0), {4, 3, 5}));
  CHECK_CLOSE(values(attention.attend(q, k, v, per_head)), values(causal), 1e-6, 1e-7);

  // Padding that hides the last two keys is the same as keys that are not there; so with a mask beside it.
  Tensor padding = zeros({2, 5}, DType::Bool);
  fill_(narrow(padding, 1, 3, 2), 1);
  CHECK_CLOSE(values(attention.attend(q, k, v, {}, padding)),
              values(attention.attend(q, narrow(k, 1, 0, 3), narrow(v, 1, 0, 3))), 1e-6, 1e-7);
  CHECK_CLOSE(values(attention.attend(q, k, v, {}, padding, true)),
              values(attention.attend(q, narrow(k, 1, 0, 3), narrow(v, 1, 0, 3), {}, {}, true)), 1e-6, 1e-7);

  const Tensor weights = attention.weights(q, k, {}, padding, true);
  CHECK_EQ(weights.shape(), (Shape{2, 2, 3, 5}));
  CHECK_CLOSE(values(sum(weights, Shape{-1})), std::vector<double>(12, 1), 1e-6, 0);
  CHECK_EQ(select(select(select(weights, 0, 0), 0, 0), 0, 0).to_vector<double>(),
           (std::vector<double>{1, 0, 0, 0, 0}));

  // Batch second is the default, and a sequence without a batch goes through too.
  nn::MultiheadAttention batch_second(4, 2);
  batch_second.load_state_dict(attention.state_dict());
  const auto swapped = [](const Tensor& t) { return transpose(t, 0, 1); };
  CHECK_CLOSE(values(swapped(batch_second.attend(swapped(q), swapped(k), swapped(v)))),
              values(attention.attend(q, k, v)), 1e-6, 1e-7);
  CHECK_CLOSE(values(attention(select(q, 0, 1))), values(select(attention(q), 0, 1)), 1e-6, 1e-7);

  CHECK_THROWS(attention.attend(q, k, narrow(v, 1, 0, 4)), ShapeError,
               "the lengths of key [2, 5, 4] and value [2, 4, 4] differ");
  CHECK_THROWS(attention.attend(q, narrow(k, 0, 0, 1), v), ShapeError,
               "the batches of query [2, 3, 4] and key [1, 5, 4] differ");
  CHECK_THROWS(attention(randn({2, 3, 5})), ShapeError, "query must be [N, T, 4] or [T, 4], it is [2, 3, 5]");
  CHECK_THROWS(attention.attend(q, k, v, zeros({3, 4})), ShapeError,
               "attnMask must be [3, 5] or [4, 3, 5], it is [3, 4]");
  CHECK_THROWS(attention.attend(q, k, v, {}, zeros({5}, DType::Bool)), ShapeError,
               "keyPaddingMask must be [2, 5], it is [5]");
}

TEST(nn_layers_attention_forms_share_gradients) {
  manual_seed(4);
  nn::MultiheadAttention attention(6, 3, 0, true, true);
  const Tensor x = randn({2, 4, 6}), same = clone(x);
  const Tensor dy = randn({2, 4, 6});
  backward(attention(x), dy);
  const std::vector<double> one_product = grad_of(attention.in_proj_weight).to_vector<double>();
  const std::vector<double> bias = grad_of(attention.in_proj_bias).to_vector<double>();
  attention.zero_grad();
  backward(attention.attend(x, same, clone(x)), dy);
  CHECK_CLOSE(grad_of(attention.in_proj_weight).to_vector<double>(), one_product, 1e-5, 1e-6);
  CHECK_CLOSE(grad_of(attention.in_proj_bias).to_vector<double>(), bias, 1e-5, 1e-6);
}

TEST(nn_layers_batch_norm_averages_without_momentum) {
  nn::BatchNorm1d norm(1, 1e-5, std::nullopt);
  norm(Tensor::from(std::vector<float>{0, 2}, {2, 1}));
  norm(Tensor::from(std::vector<float>{4, 8}, {2, 1}));
  CHECK_EQ(norm.running_mean.item(), 3.5);
  CHECK_EQ(norm.num_batches_tracked.item(), 2);
  norm.eval();
  norm(Tensor::from(std::vector<float>{9, 9}, {2, 1}));
  CHECK_EQ(norm.running_mean.item(), 3.5);
  CHECK_EQ(norm.num_batches_tracked.item(), 2);
  CHECK_THROWS(norm(ones({2, 3})), ShapeError, "BatchNorm1d: has 1 features, the input has 3: [2, 3]");
  CHECK_THROWS(norm(ones({2})), ShapeError,
               "BatchNorm1d: needs an input of 2 or 3 dimensions, this one is [2]");
  CHECK_THROWS(nn::BatchNorm2d(1)(ones({2, 1})), ShapeError, "BatchNorm2d: needs an input of 4 dimensions");
}

TEST(nn_layers_dropout_only_in_training) {
  manual_seed(5);
  nn::Dropout dropout(0.25);
  const std::vector<double> y = dropout(ones({4000})).to_vector<double>();
  double zeros_seen = 0;
  for (const double v : y) {
    zeros_seen += v == 0;
    if (!CHECK(v == 0 || std::abs(v - 4.0 / 3) < 1e-6)) break;
  }
  CHECK_CLOSE(zeros_seen / 4000, 0.25, 0, 0.03);
  dropout.eval();
  const Tensor x = ones({3});
  CHECK(dropout(x).same_as(x));
}

TEST(nn_layers_refuse_bad_arguments) {
  CHECK_THROWS(nn::Linear(0, 3), ShapeError, "Linear: inFeatures must be at least 1, it is 0");
  CHECK_THROWS(nn::Linear(3, 2, true, DType::Int32), DTypeError,
               "Linear: weights must be float32 or float64, not int32");
  CHECK_THROWS(nn::Linear(3, 2)(ones({4, 2})), ShapeError, "linear:");
  CHECK_THROWS(nn::Dropout(1.5), FluxionError, "Dropout: p must lie in [0, 1], it is 1.5");
  CHECK_THROWS(nn::Dropout(NAN), FluxionError, "Dropout: p must lie in [0, 1]");
  CHECK_THROWS(nn::Conv2d(3, 4, 3, {.groups = 2}), ShapeError,
               "groups (2) must divide inChannels (3) and outChannels (4)");
  CHECK_THROWS(nn::Conv2d(1, 1, 3, {.stride = {2}, .padding_mode = Padding::Same}), ShapeError,
               "Conv2d: padding 'same' needs stride 1, it is [2, 2]");
  CHECK_THROWS(nn::Conv2d(1, 1, 3, {.stride = {1, 1, 1}}), ShapeError,
               "Conv2d: stride takes one number or two");
  CHECK_THROWS(nn::Conv2d(1, 1, 0), ShapeError, "Conv2d: kernelSize must be at least 1, it is 0");
  CHECK_THROWS(nn::MaxPool2d(0), ShapeError, "MaxPool2d: kernelSize must be at least 1");
  CHECK_THROWS(nn::LayerNorm(Shape{}, 1e-5, true, true, DType::Float32), ShapeError,
               "LayerNorm: normalizedShape is empty");
  CHECK_THROWS(nn::Embedding(3, 2, 3), IndexError, "Embedding: paddingIdx 3 is out of range for 3 rows");
  CHECK_THROWS(nn::MultiheadAttention(6, 4), ShapeError, "embedDim (6) must be a multiple of numHeads (4)");
  CHECK_THROWS(nn::GPT(nn::GPTOptions{}), ShapeError, "GPT: vocabSize must be at least 1, it is 0");
  CHECK_THROWS(nn::GPT(nn::GPTOptions{.vocab_size = 5, .n_head = 5}), ShapeError,
               "GPT: nEmbd (48) must be a multiple of nHead (5)");
  CHECK_THROWS(nn::CrossEntropyLoss({}, -100, Reduction::Mean, 2), FluxionError,
               "labelSmoothing must lie in [0, 1]");
  CHECK_THROWS(nn::SinusoidalPositionalEncoding(4, 3)(zeros({5, 4})), ShapeError,
               "a sequence of 5 is longer than the 3 positions");
  CHECK_THROWS(nn::LearnedPositionalEmbedding(3, 4)(zeros({2, 5})), ShapeError,
               "needs an input of [..., T, 4], this one is [2, 5]");
}

TEST(nn_layers_initialisers) {
  CHECK_CLOSE(nn::init::calculate_gain(nn::init::Nonlinearity::Tanh), 5.0 / 3, 1e-15, 0);
  CHECK_CLOSE(nn::init::calculate_gain(nn::init::Nonlinearity::LeakyRelu, 0.2), std::sqrt(2 / 1.04), 1e-15,
              0);
  CHECK_EQ(nn::init::fan_in_and_out(zeros({4, 3, 2, 2})), (std::pair<std::int64_t, std::int64_t>{12, 16}));
  CHECK_THROWS(nn::init::fan_in_and_out(zeros({4})), ShapeError,
               "need a weight of two dimensions or more, this one is [4]");
  manual_seed(6);
  const Tensor w = zeros({100, 50});
  const auto spread = [&] { return std::sqrt(variance(w).item()); };
  CHECK(nn::init::xavier_normal_(w, 2).same_as(w));
  CHECK_CLOSE(spread(), 2 * std::sqrt(2.0 / 150), 0.05, 0);
  nn::init::xavier_uniform_(w);
  CHECK_CLOSE(spread(), std::sqrt(2.0 / 150), 0.05, 0);
  CHECK(amax(w).item() <= std::sqrt(6.0 / 150));
  nn::init::kaiming_normal_(w, 0, nn::init::FanMode::FanOut, nn::init::Nonlinearity::Relu);
  CHECK_CLOSE(spread(), std::sqrt(2.0 / 100), 0.05, 0);
  nn::init::kaiming_uniform_(w, 1);
  CHECK_CLOSE(amax(w).item(), std::sqrt(3.0 / 50), 0.01, 0);
  nn::init::constant_(w, 3);
  CHECK_EQ(amin(w).item(), 3);
}
