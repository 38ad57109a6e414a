#pragma once
// Layers one after the other, and their training by plain gradient descent on one batch.
//
//   manual::NeuralBlock net;
//   net.add_layer(8, manual::Activation::Tanh);
//   net.add_layer(1, manual::Activation::Sigmoid);
//   net.set_loss(manual::LossKind::Mse);
//   net.set_input(x);                               // [4, 2]: the layers' sizes follow from it
//   net.set_target(y);                              // [4, 1]
//   net.initialize();
//   net.train(0.5, 2000);                           // learning rate, epochs; gives the last loss
//   net.predict(x);

#include "fluxion/manual/loss.h"

namespace fluxion::manual {

// Layers are named "0", "1", …, the loss "loss": "0.W", "1.dz", "loss.target". Each layer's y and dy are the next
// one's x and dx, the same memory.
class Network : public Layer {
 public:
  explicit Network(DType dtype = DType::Float32);
  const char* type_name() const override { return "Network"; }
  Shape output_shape(const Shape& input) const override;
  bool takes_indices() const override { return !layers_.empty() && layers_[0]->takes_indices(); }

  // Before initialize(). FluxionError for a layer that is part of a network already.
  void add(Ref<Layer> layer);
  void set_loss(Ref<Loss> loss);
  // The batch to train on, copied in. Before initialize() any shape; afterwards that one.
  void set_input(const Tensor& input);
  void set_target(const Tensor& target);

  // Makes all buffers for the input's shape and draws fresh weights.
  void initialize();
  using Layer::initialize;

  // forward() ends in the loss, backward() begins there, if the network has a loss and a target; without them
  // backward() begins at dy.
  void forward() override;
  void backward() override;
  // The loss of the last forward().
  double loss() const;

  // `epochs` times forward(), backward() and update(lr), on the whole batch. Gives the loss before the last update.
  double train(double lr, std::int64_t epochs);
  // The output for any number of examples, in prediction (no dropout, running statistics). What was set stays set.
  Tensor predict(const Tensor& input);

 private:
  void build() override;
  void check_dtype(const Tensor& input) const;
  void check_initialized(const char* what) const;
  [[noreturn]] void refuse(const char* why) const;

  std::vector<Ref<Layer>> layers_;
  Ref<Loss> loss_;
  DType network_dtype_;
  Tensor input_, target_;  // as set last; the buffers, once there are any
};

enum class LossKind { Mse, CrossEntropy };

// Dense layers, said with as few words as possible.
class NeuralBlock : public Network {
 public:
  using Network::Network;
  const char* type_name() const override { return "NeuralBlock"; }
  void add_layer(std::int64_t units, Activation activation);
  // CrossEntropy is of softmax: the last layer is linear, and predict() gives scores.
  void set_loss(LossKind kind);
};

}  // namespace fluxion::manual
