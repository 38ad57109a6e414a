// Layers and networks of hand-written backpropagation.

#include "fluxion/manual/manual.h"

#include "bindings/boundary.h"

namespace fluxion::bindings {
namespace {

using Layer = Ref<manual::Layer>;

// In the order of `kinds` in web/manual.ts.
enum class Kind {
  Dense,
  Conv2d,
  MaxPool2d,
  AvgPool2d,
  Flatten,
  BatchNorm,
  LayerNorm,
  Dropout,
  SingleHeadAttention,
  MultiHeadAttention,
  Residual,
  Embedding,
  PositionalEncoding,
  RNNCell,
  LSTMCell,
  MSE,
  SoftmaxCrossEntropy,
  Network,
  NeuralBlock
};

Layer layer_of(Kind kind, const ListView& arguments) {
  const auto number = [&](std::size_t i) { return arguments[i]; };
  const auto whole = [&](std::size_t i) { return static_cast<std::int64_t>(arguments[i]); };
  const auto activation = [&](std::size_t i) { return static_cast<manual::Activation>(whole(i)); };
  switch (kind) {
    case Kind::Dense:
      return make_ref<manual::Dense>(whole(0), activation(1));
    case Kind::Conv2d:
      return make_ref<manual::Conv2d>(whole(0), whole(1), manual::Conv2dOptions{whole(2), whole(3), activation(4)});
    case Kind::MaxPool2d:
      return make_ref<manual::MaxPool2d>(whole(0), manual::PoolOptions{whole(1), whole(2)});
    case Kind::AvgPool2d:
      return make_ref<manual::AvgPool2d>(whole(0), manual::PoolOptions{whole(1), whole(2)});
    case Kind::Flatten:
      return make_ref<manual::Flatten>();
    case Kind::BatchNorm:
      return make_ref<manual::BatchNorm>(number(0), number(1));
    case Kind::LayerNorm:
      return make_ref<manual::LayerNorm>(number(0));
    case Kind::Dropout:
      return make_ref<manual::Dropout>(number(0));
    case Kind::SingleHeadAttention:
      return make_ref<manual::SingleHeadAttention>(whole(0), whole(1) != 0);
    case Kind::MultiHeadAttention:
      return make_ref<manual::MultiHeadAttention>(whole(0), whole(1) != 0);
    case Kind::Residual:
      return make_ref<manual::Residual>(table<Layer>().get(static_cast<int>(number(0))));
    case Kind::Embedding:
      return make_ref<manual::Embedding>(whole(0), whole(1));
    case Kind::PositionalEncoding:
      return make_ref<manual::PositionalEncoding>();
    case Kind::RNNCell:
      return make_ref<manual::RNNCell>(whole(0), activation(1));
    case Kind::LSTMCell:
      return make_ref<manual::LSTMCell>(whole(0));
    case Kind::MSE:
      return make_ref<manual::MSE>();
    case Kind::SoftmaxCrossEntropy:
      return make_ref<manual::SoftmaxCrossEntropy>();
    case Kind::Network:
      return make_ref<manual::Network>(dtype_of_index(static_cast<int>(number(0))));
    case Kind::NeuralBlock:
      return make_ref<manual::NeuralBlock>(dtype_of_index(static_cast<int>(number(0))));
  }
  return {};
}

int new_layer(int kind, unsigned arguments) {
  return table<Layer>().add(layer_of(static_cast<Kind>(kind), take_list(arguments)));
}
void release(int layer) { table<Layer>().release(layer); }

manual::Layer& layer_at(int handle) { return *table<Layer>().get(handle); }
// JavaScript's classes see to it that these are what they are taken for.
manual::Network& network_at(int handle) { return static_cast<manual::Network&>(layer_at(handle)); }
Ref<manual::Loss> loss_at(int handle) { return Ref(static_cast<manual::Loss*>(&layer_at(handle))); }

void initialize(int layer, unsigned shape, int dtype) {
  layer_at(layer).initialize(shape_of(shape), dtype_of_index(dtype));
}
void forward(int layer) { layer_at(layer).forward(); }
void backward(int layer) { layer_at(layer).backward(); }
void update(int layer, double lr) { layer_at(layer).update(lr); }
void set_training(int layer, int on) { layer_at(layer).set_training(on != 0); }

unsigned buffer_names(int layer) {
  std::string names;
  for (const auto& [name, tensor] : layer_at(layer).buffers()) names += name + '\n';
  return give_text(std::move(names));
}
int buffer(int layer, unsigned name) { return hand_out(manual::copy_of(layer_at(layer).buffer(take_text(name)))); }
void set_buffer(int layer, unsigned name, int value) { layer_at(layer).set_buffer(take_text(name), tensor_at(value)); }

void loss_target(int loss, int target) { loss_at(loss)->set_target(tensor_at(target)); }

void add(int network, int layer) { network_at(network).add(table<Layer>().get(layer)); }
void set_loss(int network, int loss) { network_at(network).set_loss(loss_at(loss)); }
void set_input(int network, int input) { network_at(network).set_input(tensor_at(input)); }
void set_target(int network, int target) { network_at(network).set_target(tensor_at(target)); }
void initialize_network(int network) { network_at(network).initialize(); }
double loss(int network) { return network_at(network).loss(); }
double train(int network, double lr, double epochs) {
  return network_at(network).train(lr, static_cast<std::int64_t>(epochs));
}
int predict(int network, int input) { return hand_out(network_at(network).predict(tensor_at(input))); }

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_manual) {
  bind<&new_layer>("manualNew");
  bind<&release>("manualRelease");
  bind<&initialize>("manualInitialize");
  bind<&forward>("manualForward");
  bind<&backward>("manualBackward");
  bind<&update>("manualUpdate");
  bind<&set_training>("manualSetTraining");
  bind<&buffer_names>("manualBufferNames");
  bind<&buffer>("manualBuffer");
  bind<&set_buffer>("manualSetBuffer");
  bind<&loss_target>("manualLossTarget");
  bind<&add>("manualAdd");
  bind<&set_loss>("manualSetLoss");
  bind<&set_input>("manualSetInput");
  bind<&set_target>("manualSetTarget");
  bind<&initialize_network>("manualInitializeNetwork");
  bind<&loss>("manualLoss");
  bind<&train>("manualTrain");
  bind<&predict>("manualPredict");
}

}  // namespace fluxion::bindings
