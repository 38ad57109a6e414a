// Each hand-written layer against the same function of ops: its output and every gradient that autograd gives.

#include <functional>

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/core/random.h"
#include "fluxion/manual/manual.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"

using namespace fluxion;
using manual::Activation;

namespace {

using Weights = std::vector<Tensor>;
using Reference = std::function<Tensor(const Tensor& x, const Weights& w)>;

Tensor leaf(const Tensor& values) {
  const Tensor t = clone(values);
  set_requires_grad(t, true);
  return t;
}

// "query.W" to "query.dW"
std::string gradient_name(std::string name) { return name.insert(name.rfind('.') + 1, "d"); }

bool same(const char* what, const Tensor& actual, const Tensor& expected) {
  const bool is_double = actual.dtype() == DType::Float64;
  const bool held = CHECK_EQ(actual.shape(), expected.shape()) &&
                    CHECK_CLOSE(actual.to_vector<double>(), expected.to_vector<double>(), is_double ? 1e-12 : 1e-6,
                                is_double ? 1e-12 : 1e-6);
  return held || CHECK_EQ(std::string_view(what), "equal");
}

// In both dtypes: random x and dy, and random weights where the layer would start with ones and zeros.
void agrees(manual::Layer& layer, const Shape& input, const std::vector<std::string>& weights, const Reference& f) {
  for (const DType dtype : {DType::Float64, DType::Float32}) {
    manual_seed(11);
    layer.initialize(input, dtype);
    Weights leaves;
    for (const std::string& name : weights) {
      const Tensor w = layer.buffer(name);
      if (name == "gamma" || name == "beta" || name == "h0" || name == "c0") layer.set_buffer(name, randn(w.shape()));
      leaves.push_back(leaf(w));
    }
    const bool indices = layer.takes_indices();
    const Tensor x = indices ? randint(0, 5, input) : leaf(randn(input, dtype));
    const Tensor dy = randn(layer.y.shape(), dtype);
    layer.set_buffer("x", x);
    layer.set_buffer("dy", dy);
    // Twice: what one step leaves in the buffers must not change the next.
    for (int i = 0; i < 2; ++i) {
      default_generator().set_seed(3);
      layer.forward();
      layer.backward();
    }
    default_generator().set_seed(3);
    const Tensor y = f(x, leaves);
    backward(y, dy);
    same("y", layer.y, y);
    if (!indices) same("dx", layer.dx, grad_of(x));
    CHECK_EQ(layer.dx.defined(), !indices);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const std::string& name = weights[i];
      const std::string gradient = name == "h0" ? "dh" : name == "c0" ? "dc" : gradient_name(name);
      same(gradient.c_str(), layer.buffer(gradient), grad_of(leaves[i]));
    }
  }
}

Tensor activated(Activation f, const Tensor& z) {
  switch (f) {
    case Activation::Relu:
      return relu(z);
    case Activation::LeakyRelu:
      return leaky_relu(z);
    case Activation::Sigmoid:
      return sigmoid(z);
    case Activation::Tanh:
      return tanh(z);
    default:
      return z;
  }
}

constexpr Activation kActivations[] = {Activation::Linear, Activation::Relu, Activation::LeakyRelu, Activation::Sigmoid,
                                       Activation::Tanh};

}  // namespace

TEST(manual_dense_agrees_with_autograd) {
  for (const Activation f : kActivations) {
    manual::Dense dense(5, f);
    const Reference reference = [f](const Tensor& x, const Weights& w) { return activated(f, linear(x, w[0], w[1])); };
    agrees(dense, {7, 3}, {"W", "b"}, reference);
    agrees(dense, {1, 1}, {"W", "b"}, reference);
    agrees(dense, {2, 4, 3}, {"W", "b"}, reference);
  }
}

TEST(manual_dense_shows_the_steps_between) {
  manual::Dense dense(2, Activation::Tanh);
  manual_seed(5);
  dense.initialize({3, 4}, DType::Float64);
  const Tensor x = randn({3, 4}, DType::Float64), dy = randn({3, 2}, DType::Float64);
  dense.set_buffer("x", x);
  dense.set_buffer("dy", dy);
  dense.forward();
  dense.backward();
  const Tensor z = linear(x, dense.W, dense.b);
  same("z", dense.buffer("z"), z);
  same("dz", dense.buffer("dz"), dy * (1 - square(tanh(z))));
  const Tensor before = clone(dense.W);
  dense.update(0.25);
  same("W", dense.W, before - dense.dW * 0.25);
}

TEST(manual_layers_start_as_the_modules_do) {
  const auto starts = [](manual::Layer& layer, const Shape& input, const char* name,
                         const std::function<Tensor()>& make) {
    manual_seed(4);
    layer.initialize(input);
    manual_seed(4);
    CHECK_EQ(layer.buffer(name).to_vector<float>(), make().to_vector<float>());
  };
  manual::Dense dense(5);
  manual::Conv2d conv(4, 3);
  manual::Embedding table(7, 6);
  starts(dense, {2, 3}, "b", [] { return make_ref<nn::Linear>(3, 5)->bias; });
  starts(dense, {2, 3}, "W", [] { return make_ref<nn::Linear>(3, 5)->weight; });
  starts(conv, {1, 2, 5, 5}, "W", [] { return make_ref<nn::Conv2d>(2, 4, 3)->weight; });
  starts(table, {2}, "W", [] { return make_ref<nn::Embedding>(7, 6)->weight; });
}

TEST(manual_conv2d_agrees_with_autograd) {
  for (const Activation f : kActivations) {
    for (const std::int64_t stride : {1, 2}) {
      manual::Conv2d conv(4, 3, {.stride = stride, .padding = 1, .activation = f});
      agrees(conv, {2, 3, 7, 6}, {"W", "b"},
             [&](const Tensor& x, const Weights& w) { return activated(f, conv2d(x, w[0], w[1], {stride}, {1})); });
    }
  }
}

TEST(manual_pools_and_flatten_agree_with_autograd) {
  manual::MaxPool2d max2(2), max3(3, {.stride = 2, .padding = 1});
  manual::AvgPool2d avg2(2), avg3(3, {.stride = 2, .padding = 1});
  manual::Flatten rows;
  agrees(max2, {2, 3, 6, 7}, {}, [](const Tensor& x, const Weights&) { return max_pool2d(x, {2}); });
  agrees(max3, {2, 3, 6, 7}, {}, [](const Tensor& x, const Weights&) { return max_pool2d(x, {3}, {2}, {1}); });
  agrees(avg2, {2, 3, 6, 7}, {}, [](const Tensor& x, const Weights&) { return avg_pool2d(x, {2}); });
  agrees(avg3, {2, 3, 6, 7}, {}, [](const Tensor& x, const Weights&) { return avg_pool2d(x, {3}, {2}, {1}); });
  agrees(rows, {2, 3, 4}, {}, [](const Tensor& x, const Weights&) { return flatten(x, 1); });
}

TEST(manual_norms_agree_with_autograd) {
  manual::BatchNorm batch(1e-3);
  manual::LayerNorm layer;
  const Reference by_batch = [](const Tensor& x, const Weights& w) {
    return batch_norm(x, {}, {}, w[0], w[1], true, 0.1, 1e-3);
  };
  const Reference by_layer = [](const Tensor& x, const Weights& w) { return layer_norm(x, {x.size(-1)}, w[0], w[1]); };
  for (const Shape& shape : {Shape{7, 3}, Shape{4, 3, 5}, Shape{2, 3, 4, 5}}) {
    agrees(batch, shape, {"gamma", "beta"}, by_batch);
    agrees(layer, shape, {"gamma", "beta"}, by_layer);
  }
}

TEST(manual_batch_norm_predicts_by_running_statistics) {
  manual::BatchNorm batch(1e-5, 0.3);
  manual_seed(6);
  batch.initialize({5, 3}, DType::Float64);
  const auto module = make_ref<nn::BatchNorm1d>(3, 1e-5, 0.3, true, true, DType::Float64);
  const Tensor x = randn({5, 3}, DType::Float64) * 2 + 1;
  batch.set_buffer("x", x);
  for (int i = 0; i < 3; ++i) {
    batch.forward();
    (*module)(x);
  }
  same("runningMean", batch.running_mean, module->running_mean);
  same("runningVariance", batch.running_variance, module->running_var);
  batch.set_training(false);
  module->eval();
  const Tensor given = leaf(x), dy = randn({5, 3}, DType::Float64), y = (*module)(given);
  backward(y, dy);
  batch.set_buffer("dy", dy);
  batch.forward();
  batch.backward();
  same("y", batch.y, y);
  same("dx", batch.dx, grad_of(given));
  same("dgamma", batch.dgamma, grad_of(module->weight));
}

TEST(manual_dropout_agrees_with_autograd) {
  manual::Dropout drop(0.4);
  agrees(drop, {5, 7}, {}, [](const Tensor& x, const Weights&) { return dropout(x, 0.4); });
  drop.set_training(false);
  agrees(drop, {5, 7}, {}, [](const Tensor& x, const Weights&) { return x * 1.0; });
}

TEST(manual_attention_agrees_with_autograd) {
  for (const bool causal : {false, true}) {
    const auto attend = [causal](const Tensor& q, const Tensor& k, const Tensor& v) {
      return scaled_dot_product_attention(q, k, v, {}, 0, causal);
    };
    manual::SingleHeadAttention single(4, causal);
    const std::vector<std::string> names = {"query.W", "query.b", "key.W", "key.b", "value.W", "value.b"};
    agrees(single, {2, 5, 6}, names, [&](const Tensor& x, const Weights& w) {
      return attend(linear(x, w[0], w[1]), linear(x, w[2], w[3]), linear(x, w[4], w[5]));
    });
    manual::MultiHeadAttention multi(3, causal);
    std::vector<std::string> all = names;
    all.insert(all.end(), {"out.W", "out.b"});
    agrees(multi, {2, 5, 6}, all, [&](const Tensor& x, const Weights& w) {
      const auto heads = [](const Tensor& t) { return transpose(reshape(t, {2, 5, 3, 2}), 1, 2); };
      const Tensor mixed =
          attend(heads(linear(x, w[0], w[1])), heads(linear(x, w[2], w[3])), heads(linear(x, w[4], w[5])));
      return linear(reshape(transpose(mixed, 1, 2), {2, 5, 6}), w[6], w[7]);
    });
  }
}

TEST(manual_residual_agrees_with_autograd) {
  manual::Residual residual(make_ref<manual::Dense>(4, Activation::Tanh));
  agrees(residual, {3, 4}, {"inner.W", "inner.b"},
         [](const Tensor& x, const Weights& w) { return x + tanh(linear(x, w[0], w[1])); });
  const auto inner = make_ref<manual::Network>();
  inner->add(make_ref<manual::LayerNorm>());
  inner->add(make_ref<manual::Dense>(8, Activation::Relu));
  inner->add(make_ref<manual::Dense>(4));
  manual::Residual block(inner);
  agrees(block, {2, 3, 4}, {"inner.1.W", "inner.1.b", "inner.2.W", "inner.2.b"}, [](const Tensor& x, const Weights& w) {
    return x + linear(relu(linear(layer_norm(x, {4}), w[0], w[1])), w[2], w[3]);
  });
}

TEST(manual_embedding_and_positions_agree_with_autograd) {
  manual::Embedding table(5, 3);
  agrees(table, {2, 7}, {"W"}, [](const Tensor& x, const Weights& w) { return embedding(x, w[0]); });
  manual::PositionalEncoding positions;
  agrees(positions, {2, 7, 5}, {},
         [](const Tensor& x, const Weights&) { return nn::SinusoidalPositionalEncoding(5, 7, x.dtype()).forward(x); });
}

TEST(manual_recurrent_cells_agree_with_autograd) {
  const std::vector<std::string> names = {"Wx", "Wh", "b", "h0", "c0"};
  // Step by step over [N, T, C]; one step for [N, C].
  const auto run = [](const Tensor& x, const std::function<Tensor(const Tensor&)>& cell) {
    if (x.rank() == 2) return cell(x);
    std::vector<Tensor> steps;
    for (std::int64_t t = 0; t < x.size(1); ++t) steps.push_back(cell(select(x, 1, t)));
    return stack(steps, 1);
  };
  for (const Shape& shape : {Shape{3, 4}, Shape{3, 5, 4}, Shape{1, 1, 1}}) {
    for (const Activation f : {Activation::Tanh, Activation::Relu, Activation::Sigmoid}) {
      manual::RNNCell rnn(6, f);
      agrees(rnn, shape, {names.begin(), names.begin() + 4}, [&](const Tensor& x, const Weights& w) {
        Tensor h = w[3];
        return run(x, [&](const Tensor& x_t) { return h = activated(f, linear(x_t, w[0], w[2]) + linear(h, w[1])); });
      });
    }
    manual::LSTMCell lstm(6);
    agrees(lstm, shape, names, [&](const Tensor& x, const Weights& w) {
      Tensor h = w[3], c = w[4];
      return run(x, [&](const Tensor& x_t) {
        const Tensor z = linear(x_t, w[0], w[2]) + linear(h, w[1]);
        const auto part = [&](std::int64_t k) { return narrow(z, 1, 6 * k, 6); };
        c = sigmoid(part(1)) * c + sigmoid(part(0)) * tanh(part(2));
        return h = sigmoid(part(3)) * tanh(c);
      });
    });
  }
}

TEST(manual_losses_agree_with_autograd) {
  for (const DType dtype : {DType::Float64, DType::Float32}) {
    manual_seed(9);
    const auto agree = [&](manual::Loss& loss, const Tensor& scores, const Tensor& target, const Tensor& expected) {
      loss.initialize(scores.shape(), dtype);
      loss.set_buffer("x", scores);
      if (target.dtype() == DType::Int32) loss.set_target(zeros_like(target));  // of which nothing may stay
      loss.set_target(target);
      loss.forward();
      loss.backward();
      backward(expected);
      same("loss", loss.y, reshape(expected, {1}));
      same("dx", loss.dx, grad_of(scores));
    };
    manual::MSE mse;
    manual::SoftmaxCrossEntropy entropy;
    const Tensor a = leaf(randn({4, 3}, dtype)), t = randn({4, 3}, dtype);
    agree(mse, a, t, mse_loss(a, t));
    const Tensor b = leaf(randn({6, 5}, dtype) * 30), classes = randint(0, 5, {6});
    agree(entropy, b, classes, cross_entropy(b, classes));
    const Tensor c = leaf(randn({6, 5}, dtype)), shares = softmax(randn({6, 5}, dtype), 1);
    agree(entropy, c, shares, cross_entropy(c, shares));
    const Tensor d = leaf(randn({2, 3, 5}, dtype)), steps = randint(0, 5, {2, 3});
    agree(entropy, d, steps, cross_entropy(transpose(d, 1, 2), steps));
    same("p", entropy.p, softmax(d, -1));
  }
}

TEST(manual_layers_refuse_what_does_not_fit) {
  using namespace manual;
  CHECK_THROWS(Dense(0), FluxionError, "Dense: units must be at least 1, it is 0");
  CHECK_THROWS(Dense(4).initialize({3}), ShapeError, "Dense: the input must be [N, …, features], it is [3]");
  CHECK_THROWS(Dense(4).initialize({0, 3}), ShapeError,
               "Dense: every size of the input must be at least 1, it is [0, 3]");
  CHECK_THROWS(Dense(4).initialize({2, 3}, DType::Int32), DTypeError,
               "Dense: layers compute in float32 or float64, not in int32");
  CHECK_THROWS(Dense(4).forward(), FluxionError, "forward and backward need their buffers: call initialize() first");
  CHECK_THROWS(Dense(4).buffer("W"), FluxionError, "Dense: there are no buffers yet: call initialize() first");
  Dense dense(4);
  dense.initialize({2, 3});
  CHECK_THROWS(dense.buffer("w"), FluxionError,
               "Dense: there is no buffer 'w'; there are x, y, dy, dx, W, dW, b, db, z, dz");
  CHECK_THROWS(dense.set_buffer("x", zeros({3, 2})), ShapeError, "Dense: x must be [2, 3], it is [3, 2]");
  CHECK_THROWS(Conv2d(2, 3).initialize({1, 1, 2, 5}), ShapeError,
               "Conv2d: a window of 3 does not fit into the input [1, 1, 2, 5] with padding 0");
  CHECK_THROWS(Conv2d(2, 3).initialize({4, 4}), ShapeError, "Conv2d: the input must be [N, C, H, W], it is [4, 4]");
  CHECK_THROWS(Conv2d(2, 3, {.stride = 0}), FluxionError, "Conv2d: stride must be at least 1, it is 0");
  CHECK_THROWS(Conv2d(2, std::int64_t{1} << 32), FluxionError, "Conv2d: kernel is too large: 4294967296");
  CHECK_THROWS(MaxPool2d(2, {.padding = 2}), ShapeError, "MaxPool2d: padding (2) may be at most half the kernel (2)");
  CHECK_THROWS(AvgPool2d(3).initialize({1}), ShapeError, "AvgPool2d: the input must be [N, C, H, W], it is [1]");
  CHECK_THROWS(BatchNorm().initialize({1, 3}), ShapeError,
               "BatchNorm: needs more than one value per channel, the input is [1, 3]");
  CHECK_THROWS(BatchNorm().initialize({3}), ShapeError,
               "BatchNorm: the input must be [N, C], [N, C, L] or [N, C, H, W], it is [3]");
  CHECK_THROWS(BatchNorm(1e-5, 2), FluxionError, "BatchNorm: momentum must lie in [0, 1], it is 2");
  CHECK_THROWS(LayerNorm(-1), FluxionError, "LayerNorm: eps must not be negative, it is -1");
  CHECK_THROWS(LayerNorm().initialize({3}), ShapeError, "LayerNorm: the input must be [N, …, features], it is [3]");
  CHECK_THROWS(Dropout(1), FluxionError, "Dropout: p must lie in [0, 1), it is 1");
  CHECK_THROWS(MultiHeadAttention(2).initialize({1, 4, 3}), ShapeError,
               "MultiHeadAttention: the input's width (3) must be a multiple of heads (2): [1, 4, 3]");
  CHECK_THROWS(SingleHeadAttention(2).initialize({4, 3}), ShapeError,
               "SingleHeadAttention: the input must be [N, T, E], it is [4, 3]");
  CHECK_THROWS(RNNCell(2).initialize({3}), ShapeError,
               "RNNCell: the input must be [N, inputs] or [N, T, inputs], it is [3]");
  CHECK_THROWS(PositionalEncoding().initialize({3, 2}), ShapeError,
               "PositionalEncoding: the input must be [N, T, E], it is [3, 2]");
  CHECK_THROWS(Residual(make_ref<Dense>(3)).initialize({2, 4}), ShapeError,
               "Residual: Dense makes [2, 3] of [2, 4]; x + f(x) needs one shape");
  CHECK_THROWS(Residual(make_ref<Embedding>(3, 2)), DTypeError,
               "Residual: Embedding takes indices, to which nothing can be added");
  Embedding table(3, 2);
  table.initialize({2});
  CHECK_THROWS(table.set_buffer("x", zeros({2})), DTypeError,
               "Embedding: x must be int32, it is float32; convert it with to('int32')");
  table.set_buffer("x", Tensor::from(std::vector<std::int32_t>{0, 3}, {2}));
  CHECK_THROWS(table.forward(), IndexError, "Embedding: index 3 is out of range for 3 rows");
  SoftmaxCrossEntropy entropy;
  entropy.initialize({2, 3});
  const auto classes = [](std::int32_t a, std::int32_t b) {
    return Tensor::from(std::vector<std::int32_t>{a, b}, {2});
  };
  CHECK_THROWS(entropy.set_target(classes(0, 3)), IndexError,
               "SoftmaxCrossEntropy: class 3 is out of range for 3 classes");
  CHECK_THROWS(entropy.set_target(zeros({2})), DTypeError,
               "SoftmaxCrossEntropy: classes must be int32, the target is float32; convert it with to('int32')");
  CHECK_THROWS(entropy.set_target(zeros({3})), ShapeError,
               "SoftmaxCrossEntropy: the target must be classes [2] or probabilities [2, 3], it is [3]");
  CHECK_THROWS(entropy.set_target(ones({2, 3})), FluxionError,
               "SoftmaxCrossEntropy: probabilities add up to 1, those in row 0 of the target to 3");
  MSE mse;
  mse.initialize({2, 3});
  CHECK_THROWS(mse.set_target(zeros({2})), ShapeError, "MSE: the target must be [2, 3] as the prediction, it is [2]");
  CHECK_THROWS(MSE().initialize({2}), ShapeError, "MSE: the prediction must be [N, …, values], it is [2]");
}
