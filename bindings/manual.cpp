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
void initialize(int layer, unsigned shape, int dtype) {
  layer_at(layer).initialize(shape_of(shape), dtype_of_index(dtype));
}
unsigned buffer_names(int layer) { return give_text(layer_at(layer).buffer_names()); }
int buffer(int layer, unsigned name) { return hand_out(manual::copy_of(layer_at(layer).buffer(take_text(name)))); }
void set_buffer(int layer, unsigned name, int value) { layer_at(layer).set_buffer(take_text(name), tensor_at(value)); }

// In the order of `actions` in web/manual.ts. The rest takes one number or two, a tensor's or a layer's handle among
// them, and gives one: a single binding weighs less than fourteen.
enum class Action {
  Forward,
  Backward,
  Update,
  SetTraining,
  SetLossTarget,
  Add,
  SetLoss,
  SetInput,
  SetTarget,
  InitializeNetwork,
  Loss,
  Train,
  Predict
};

double act(int handle, int action, double a, double b) {
  const Layer kept = table<Layer>().get(handle);
  manual::Layer& layer = *kept;
  // JavaScript's classes see to it that the layers are what they are taken for.
  const auto network = [&]() -> manual::Network& { return static_cast<manual::Network&>(layer); };
  const int other = static_cast<int>(a);
  const auto loss_at = [](manual::Layer& l) { return static_cast<manual::Loss*>(&l); };
  switch (static_cast<Action>(action)) {
    case Action::Forward:
      layer.forward();
      break;
    case Action::Backward:
      layer.backward();
      break;
    case Action::Update:
      layer.update(a);
      break;
    case Action::SetTraining:
      layer.set_training(a != 0);
      break;
    case Action::SetLossTarget:
      loss_at(layer)->set_target(tensor_at(other));
      break;
    case Action::Add:
      network().add(table<Layer>().get(other));
      break;
    case Action::SetLoss:
      network().set_loss(Ref(loss_at(layer_at(other))));
      break;
    case Action::SetInput:
      network().set_input(tensor_at(other));
      break;
    case Action::SetTarget:
      network().set_target(tensor_at(other));
      break;
    case Action::InitializeNetwork:
      network().initialize();
      break;
    case Action::Loss:
      return network().loss();
    case Action::Train:
      return network().train(a, static_cast<std::int64_t>(b));
    case Action::Predict:
      return hand_out(network().predict(tensor_at(other)));
  }
  return 0;
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_manual) {
  bind<&new_layer>("manualNew");
  bind<&release>("manualRelease");
  bind<&initialize>("manualInitialize");
  bind<&buffer_names>("manualBufferNames");
  bind<&buffer>("manualBuffer");
  bind<&set_buffer>("manualSetBuffer");
  bind<&act>("manualAct");
}

}  // namespace fluxion::bindings
