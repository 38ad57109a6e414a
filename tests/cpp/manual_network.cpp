// Networks of hand-written layers: training, beside autograd's where there is one, and without a single allocation.

#include "check.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/data/toy.h"
#include "fluxion/manual/manual.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/optim/optim.h"

using namespace fluxion;
using manual::Activation;

namespace {

// XOR's four answers of a trained block that are right.
int right_answers(const Tensor& answers) {
  int right = 0;
  for (int i = 0; i < 4; ++i) {
    const bool expected = i == 1 || i == 2;
    const bool said = answers.size(1) == 1 ? answers.at(i) > 0.5 : answers.at(2 * i + 1) > answers.at(2 * i);
    right += said == expected;
  }
  return right;
}

// What a step may not change.
auto allocations() { return memory_stats().fresh_allocations + memory_stats().pool_hits; }

}  // namespace

TEST(manual_neural_block_learns_xor) {
  const auto [x, y] = data::xor_problem();
  for (const Activation f : {Activation::Tanh, Activation::Sigmoid, Activation::Relu, Activation::LeakyRelu}) {
    manual_seed(1);
    manual::NeuralBlock net;
    net.add_layer(16, f);
    net.add_layer(1, f == Activation::Sigmoid ? f : Activation::Linear);
    net.set_loss(manual::LossKind::Mse);
    net.set_input(x);
    net.set_target(y);
    net.initialize();
    const double loss = net.train(f == Activation::Sigmoid ? 4 : 0.1, 5000);
    CHECK(loss < 0.01);
    CHECK_EQ(right_answers(net.predict(x)), 4);
  }
}

TEST(manual_neural_block_learns_xor_as_two_classes) {
  const auto [x, y] = data::xor_problem();
  manual_seed(1);
  manual::NeuralBlock net;
  net.set_input(x);
  net.add_layer(8, Activation::Tanh);
  net.add_layer(2, Activation::Linear);
  net.set_loss(manual::LossKind::CrossEntropy);
  net.set_target(to_dtype(reshape(y, {4}), DType::Int32));
  net.initialize();
  CHECK(net.train(0.5, 2000) < 0.05);
  CHECK_EQ(right_answers(net.predict(x)), 4);
}

TEST(manual_neural_block_starts_and_learns_as_modules_do) {
  const auto [x, y] = data::xor_problem();
  manual_seed(7);
  manual::NeuralBlock net;
  net.add_layer(8, Activation::Tanh);
  net.add_layer(1, Activation::Sigmoid);
  net.set_loss(manual::LossKind::Mse);
  net.set_input(x);
  net.set_target(y);
  net.initialize();
  manual_seed(7);
  const auto hidden = make_ref<nn::Linear>(2, 8), out = make_ref<nn::Linear>(8, 1);
  const auto model = nn::sequential(hidden, make_ref<nn::Tanh>(), out, make_ref<nn::Sigmoid>());
  optim::SGD sgd(model->parameters(), {.lr = 0.5});
  for (int step = 0; step < 50; ++step) {
    const Tensor loss = mse_loss((*model)(x), y);
    model->zero_grad();
    backward(loss);
    sgd.step();
    if (!CHECK_CLOSE(net.train(0.5, 1), loss.item(), 1e-6, 0)) return;
  }
}

TEST(manual_cnn_trains_as_autograd_does) {
  const DType dtype = DType::Float64;
  manual_seed(3);
  const Tensor images = randn({6, 1, 8, 8}, dtype), classes = randint(0, 4, {6});
  manual::Network net(dtype);
  net.add(make_ref<manual::Conv2d>(3, 3, manual::Conv2dOptions{.padding = 1}));
  net.add(make_ref<manual::BatchNorm>());
  net.add(make_ref<manual::Conv2d>(4, 3, manual::Conv2dOptions{.activation = Activation::Relu}));
  net.add(make_ref<manual::MaxPool2d>(2));
  net.add(make_ref<manual::Flatten>());
  net.add(make_ref<manual::Dense>(4));
  net.set_loss(make_ref<manual::SoftmaxCrossEntropy>());
  net.set_input(images);
  net.set_target(classes);
  net.initialize();

  const char* names[] = {"0.W", "0.b", "1.gamma", "1.beta", "2.W", "2.b", "5.W", "5.b"};
  std::vector<Tensor> weights;
  for (const char* name : names) {
    weights.push_back(clone(net.buffer(name)));
    set_requires_grad(weights.back(), true);
  }
  optim::SGD sgd(weights, {.lr = 0.1});
  double first = 0, last = 0;
  for (int step = 0; step < 30; ++step) {
    Tensor h = conv2d(images, weights[0], weights[1], {1}, {1});
    h = relu(conv2d(batch_norm(h, {}, {}, weights[2], weights[3], true), weights[4], weights[5]));
    const Tensor loss = cross_entropy(linear(flatten(max_pool2d(h, {2}), 1), weights[6], weights[7]), classes);
    sgd.zero_grad();
    backward(loss);
    net.forward();
    net.backward();
    bool held = CHECK_CLOSE(net.loss(), loss.item(), 1e-10, 0);
    for (std::size_t i = 0; i < weights.size(); ++i) {
      std::string gradient = names[i];
      gradient.insert(2, "d");
      held &=
          CHECK_CLOSE(net.buffer(gradient).to_vector<double>(), grad_of(weights[i]).to_vector<double>(), 1e-9, 1e-12);
    }
    if (!held) return;
    net.update(0.1);
    sgd.step();
    if (step == 0) first = net.loss();
    last = net.loss();
  }
  CHECK(last < first / 3);
}

TEST(manual_training_allocates_nothing) {
  manual_seed(2);
  const auto inner = make_ref<manual::Network>();
  inner->add(make_ref<manual::LayerNorm>());
  inner->add(make_ref<manual::MultiHeadAttention>(2, true));
  const auto deep = make_ref<manual::Network>();
  deep->add(make_ref<manual::Embedding>(5, 8));
  deep->add(make_ref<manual::PositionalEncoding>());
  deep->add(make_ref<manual::Residual>(inner));
  deep->add(make_ref<manual::SingleHeadAttention>(8));
  deep->add(make_ref<manual::RNNCell>(8));
  deep->add(make_ref<manual::LSTMCell>(8));
  deep->add(make_ref<manual::Dropout>(0.1));
  deep->add(make_ref<manual::Dense>(5));
  deep->set_loss(make_ref<manual::SoftmaxCrossEntropy>());
  const Tensor ids = randint(0, 5, {4, 6}), next = randint(0, 5, {4, 6});
  deep->set_input(ids);
  deep->set_target(next);
  deep->initialize();

  const auto images = make_ref<manual::Network>();
  images->add(make_ref<manual::Conv2d>(3, 3, manual::Conv2dOptions{.activation = Activation::LeakyRelu}));
  images->add(make_ref<manual::BatchNorm>());
  images->add(make_ref<manual::MaxPool2d>(2));
  images->add(make_ref<manual::AvgPool2d>(2));
  images->add(make_ref<manual::Flatten>());
  images->add(make_ref<manual::Dense>(2, Activation::Sigmoid));
  images->set_loss(make_ref<manual::MSE>());
  const Tensor pictures = randn({3, 1, 10, 10}), wanted = rand({3, 2});
  images->set_input(pictures);
  images->set_target(wanted);
  images->initialize();

  for (const auto& net : {deep, images}) {
    const Tensor& x = net == deep ? ids : pictures;
    const Tensor& y = net == deep ? next : wanted;
    const auto before = allocations(), fresh = memory_stats().fresh_allocations, bytes = memory_stats().bytes;
    const double first = net->train(0.01, 1);
    for (int step = 0; step < 100; ++step) {
      net->set_input(x);
      net->set_target(y);
      net->train(0.05, 1);
    }
    CHECK_EQ(memory_stats().fresh_allocations, fresh);
    CHECK_EQ(memory_stats().bytes, bytes);
    CHECK_EQ(allocations(), before);
    CHECK(net->loss() < first);
  }
}

TEST(manual_predict_takes_any_number_and_changes_nothing) {
  manual_seed(8);
  const auto net = make_ref<manual::Network>();
  net->add(make_ref<manual::Dense>(4, Activation::Tanh));
  net->add(make_ref<manual::BatchNorm>());
  net->add(make_ref<manual::Dropout>(0.5));
  net->add(make_ref<manual::Dense>(2));
  const Tensor x = randn({4, 3});
  net->set_input(x);
  net->initialize();
  net->forward();
  const Tensor many = randn({11, 3});
  const Tensor all = net->predict(many);
  CHECK_EQ(all.shape(), (Shape{11, 2}));
  for (const std::int64_t i : {0, 5, 10})
    CHECK_EQ(net->predict(narrow(many, 0, i, 1)).to_vector<float>(), narrow(all, 0, i, 1).to_vector<float>());
  CHECK_EQ(net->predict(narrow(many, 0, 0, 0)).shape(), (Shape{0, 2}));
  CHECK_EQ(net->x.to_vector<float>(), x.to_vector<float>());
  CHECK(net->training());
}

TEST(manual_network_refuses_what_does_not_fit) {
  using namespace manual;
  NeuralBlock net;
  CHECK_THROWS(Network(DType::Int32), DTypeError, "Network: layers compute in float32 or float64, not in int32");
  CHECK_THROWS(net.train(0.1, 1), FluxionError, "NeuralBlock: train needs the buffers; call initialize() first");
  CHECK_THROWS(net.predict(zeros({1, 2})), FluxionError, "NeuralBlock: predict needs the buffers; call initialize()");
  CHECK_THROWS(net.forward(), FluxionError, "NeuralBlock: forward needs the buffers; call initialize() first");
  CHECK_THROWS(net.set_target(zeros({4, 1})), FluxionError,
               "NeuralBlock: there is no loss for this target; call setLoss() first");
  CHECK_THROWS(net.initialize(), FluxionError,
               "NeuralBlock: the size of the input is not known yet; call setInput() first");
  net.set_input(zeros({4, 2}));
  CHECK_THROWS(net.initialize(), FluxionError, "NeuralBlock: there is no layer yet; add one first");
  net.add_layer(3, Activation::Relu);
  net.set_loss(LossKind::Mse);
  CHECK_THROWS(net.set_loss(LossKind::Mse), FluxionError, "NeuralBlock: the loss is set already, to MSE");
  net.set_target(zeros({4, 2}));
  CHECK_THROWS(net.initialize(), ShapeError, "MSE: the target must be [4, 3] as the prediction, it is [4, 2]");
  CHECK(!net.x.defined());
  net.set_target(zeros({4, 3}));
  net.initialize();
  CHECK_THROWS(net.add_layer(3, Activation::Relu), FluxionError,
               "NeuralBlock: layers must be added before initialize()");
  CHECK_THROWS(net.set_input(zeros({3, 2})), ShapeError, "NeuralBlock: the input must be [4, 2], it is [3, 2]");
  CHECK_THROWS(net.set_target(zeros({4, 1})), ShapeError,
               "MSE: the target must be [4, 3] as the prediction, it is [4, 1]");
  CHECK_THROWS(net.train(0.1, 0), FluxionError, "NeuralBlock: epochs must be at least 1, it is 0");
  CHECK_THROWS(net.predict(zeros({4, 3})), ShapeError,
               "NeuralBlock: the input must be like [4, 2], for any number of examples, it is [4, 3]");

  Network plain;
  const auto layer = make_ref<Dense>(2);
  plain.add(layer);
  CHECK_THROWS(plain.add(layer), FluxionError,
               "Network: this Dense already has its place; its buffers serve one place only, make another layer");
  CHECK_THROWS(plain.add(make_ref<Embedding>(3, 2)), DTypeError,
               "Network: Embedding takes indices, so it must be the first layer");
  plain.set_input(zeros({4, 2}));
  plain.initialize();
  CHECK_THROWS(layer->initialize({4, 2}), FluxionError, "Dense: it is part of another layer, which makes its buffers");
  CHECK_THROWS(plain.train(0.1, 1), FluxionError, "Network: train needs a loss; call setLoss() before initialize()");
  Network words;
  words.add(make_ref<Embedding>(3, 2));
  words.set_loss(make_ref<SoftmaxCrossEntropy>());
  words.set_input(zeros({4}));
  CHECK_THROWS(words.initialize(), DTypeError,
               "Network: the input must be int32, it is float32; convert it with to('int32')");
  words.set_input(zeros({4}, DType::Int32));
  words.initialize();
  CHECK_THROWS(words.train(0.1, 1), FluxionError, "Network: train needs a target; call setTarget() first");
  CHECK_THROWS(words.predict(full({2}, 3, DType::Int32)), IndexError, "Embedding: index 3 is out of range for 3 rows");
  CHECK(words.training());
}
