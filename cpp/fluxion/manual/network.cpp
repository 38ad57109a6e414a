#include "fluxion/manual/network.h"

#include <algorithm>

#include "fluxion/manual/dense.h"

namespace fluxion::manual {

Network::Network(DType dtype) : network_dtype_(dtype) {
  if (!is_floating(dtype)) throw DTypeError(str("Network: layers compute in float32 or float64, not in ", dtype));
}

void Network::add(Ref<Layer> layer) {
  if (x.defined()) refuse("layers must be added before initialize()");
  if (!layers_.empty() && layer->takes_indices())
    throw DTypeError(str(type_name(), ": ", layer->type_name(), " takes indices, so it must be the first layer"));
  adopt(nullptr, layer, layers_.size());
  layers_.push_back(std::move(layer));
}

void Network::set_loss(Ref<Loss> loss) {
  if (x.defined()) refuse("the loss must be set before initialize()");
  if (loss_) throw FluxionError(str(type_name(), ": the loss is set already, to ", loss_->type_name()));
  adopt("loss", loss);
  loss_ = std::move(loss);
}

Shape Network::output_shape(const Shape& input) const {
  if (layers_.empty()) refuse("there is no layer yet; add one first");
  Shape shape = input;
  for (const auto& layer : layers_) shape = layer->output_shape(shape);
  return shape;
}

void Network::set_input(const Tensor& input) {
  if (x.defined()) return copy_checked(type_name(), "the input", x, input);
  input_ = copy_of(input);
}

void Network::set_target(const Tensor& target) {
  if (!loss_) refuse("there is no loss for this target; call setLoss() first");
  if (!x.defined()) {
    target_ = copy_of(target);
    return;
  }
  loss_->set_target(target);
  target_ = loss_->target;
}

void Network::check_dtype(const Tensor& input) const {
  if (takes_indices() && is_floating(input.dtype()))
    throw DTypeError(
        str(type_name(), ": the input must be int32, it is ", input.dtype(), "; convert it with to('int32')"));
}

void Network::initialize() {
  if (!input_.defined()) refuse("the size of the input is not known yet; call setInput() first");
  const Tensor input = input_, target = target_;
  const Shape result = output_shape(input.shape());
  check_dtype(input);
  if (target.defined()) loss_->check_target(target, result);
  Layer::initialize(input.shape(), network_dtype_);
  set_input(input);
  if (target.defined()) set_target(target);
}

void Network::build() {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const bool last = i + 1 == layers_.size();
    const Tensor before = i == 0 ? x : layers_[i - 1]->y, gradient = i == 0 ? dx : layers_[i - 1]->dy;
    layers_[i]->connect(before, gradient, dtype(), last ? y : Tensor(), last ? dy : Tensor());
  }
  if (loss_) loss_->connect(y, dy, dtype());
  input_ = x;
  target_ = {};
}

void Network::refuse(const char* why) const { throw FluxionError(str(type_name(), ": ", why)); }

void Network::check_initialized(const char* what) const {
  if (!x.defined()) throw FluxionError(str(type_name(), ": ", what, " needs the buffers; call initialize() first"));
}

void Network::forward() {
  check_initialized("forward");
  for (const auto& layer : layers_) layer->forward();
  if (target_.defined()) loss_->forward();
}

void Network::backward() {
  check_initialized("backward");
  if (target_.defined()) loss_->backward();
  for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer) (*layer)->backward();
}

double Network::loss() const {
  check_initialized("loss");
  if (!loss_) refuse("there is no loss; call setLoss() before initialize()");
  return loss_->value();
}

double Network::train(double lr, std::int64_t epochs) {
  check_initialized("train");
  if (!loss_) refuse("train needs a loss; call setLoss() before initialize()");
  if (!target_.defined()) refuse("train needs a target; call setTarget() first");
  check_at_least(type_name(), "epochs", epochs, 1);
  for (std::int64_t epoch = 0; epoch < epochs; ++epoch) {
    forward();
    backward();
    update(lr);
  }
  return loss();
}

Tensor Network::predict(const Tensor& input) {
  check_initialized("predict");
  Shape shape = x.shape(), result = y.shape();
  if (input.rank() > 0) shape[0] = input.size(0);
  if (!(input.shape() == shape))
    throw ShapeError(str(type_name(), ": the input must be like ", x.shape(), ", for any number of examples, it is ",
                         input.shape()));
  check_dtype(input);
  result[0] = shape[0];
  const Tensor out = Tensor::empty(result, dtype()), given = copy_of(input);

  // Whatever happens, the batch set for training is there again afterwards.
  struct Kept {
    Network& network;
    Tensor input = copy_of(network.x);
    bool training = network.training();
    ~Kept() {
      network.set_training(training);
      copy(network.x, input);
    }
  };
  const Kept kept{*this};
  set_training(false);
  const auto rows = [](const Tensor& t, std::int64_t from, std::int64_t count) {
    const std::int64_t width = t.numel() / std::max<std::int64_t>(t.size(0), 1);
    Window w(t, {count, width});
    w.skip(from * width);
    return w;
  };
  // As many at a time as the buffers hold; after the last ones stand some of before.
  for (std::int64_t from = 0; from < shape[0]; from += x.size(0)) {
    const std::int64_t count = std::min(x.size(0), shape[0] - from);
    copy(rows(x, 0, count), rows(given, from, count));
    for (const auto& layer : layers_) layer->forward();
    copy(rows(out, from, count), rows(y, 0, count));
  }
  return out;
}

void NeuralBlock::add_layer(std::int64_t units, Activation activation) { add(make_ref<Dense>(units, activation)); }

void NeuralBlock::set_loss(LossKind kind) {
  if (kind == LossKind::Mse) return Network::set_loss(make_ref<MSE>());
  Network::set_loss(make_ref<SoftmaxCrossEntropy>());
}

}  // namespace fluxion::manual
