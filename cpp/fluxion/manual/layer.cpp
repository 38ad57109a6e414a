#include "fluxion/manual/layer.h"

#include <cmath>
#include <limits>

namespace fluxion::manual {

void Layer::initialize(const Shape& input, DType dtype) {
  if (!is_floating(dtype)) throw DTypeError(str(type_name(), ": layers compute in float32 or float64, not in ", dtype));
  if (adopted_) throw FluxionError(str(type_name(), ": it is part of another layer, which makes its buffers"));
  for (const std::int64_t size : input)
    if (size < 1) throw ShapeError(str(type_name(), ": every size of the input must be at least 1, it is ", input));
  output_shape(input);
  const auto zeros = [&](DType d) {
    const Tensor t = Tensor::empty(input, d);
    fill(t, 0);
    return t;
  };
  if (takes_indices()) return connect(zeros(DType::Int32), {}, dtype);
  connect(zeros(dtype), zeros(dtype), dtype);
}

void Layer::connect(Tensor input, Tensor input_gradient, DType dtype, Tensor output, Tensor output_gradient) {
  const Shape shape = output_shape(input.shape());
  buffers_.clear();
  parameters_.clear();
  dtype_ = dtype;
  x = named("x", std::move(input));
  y = output.defined() ? named("y", std::move(output)) : make("y", shape);
  dy = output_gradient.defined() ? named("dy", std::move(output_gradient)) : make("dy", shape);
  dx = std::move(input_gradient);
  if (dx.defined()) named("dx", dx);
  build();
}

void Layer::update(double lr) {
  for (const Parameter& p : parameters_)
    kernels::launch(kernels::Prim::SgdStep, {Window(p.value), Window(p.gradient), {}}, kernels::SgdParams{lr});
  for (const auto& [name, child] : children_) child->update(lr);
}

void Layer::set_training(bool on) {
  training_ = on;
  for (const auto& [name, child] : children_) child->set_training(on);
}

void Layer::collect(const std::string& prefix, std::vector<NamedBuffer>& out) const {
  for (const auto& [name, tensor] : buffers_) out.emplace_back(prefix + name, tensor);
  for (const auto& [name, child] : children_) child->collect(prefix + name + ".", out);
}

std::vector<NamedBuffer> Layer::buffers() const {
  std::vector<NamedBuffer> out;
  collect("", out);
  return out;
}

Tensor Layer::buffer(std::string_view name) const {
  std::string names;
  for (const auto& [key, tensor] : buffers()) {
    if (key == name) return tensor;
    names += (names.empty() ? "" : ", ") + key;
  }
  if (names.empty()) throw FluxionError(str(type_name(), ": there are no buffers yet: call initialize() first"));
  throw FluxionError(str(type_name(), ": there is no buffer '", name, "'; there are ", names));
}

void Layer::set_buffer(std::string_view name, const Tensor& value) {
  copy_checked(type_name(), name, buffer(name), value);
}

Tensor Layer::named(std::string name, Tensor t) {
  buffers_.emplace_back(std::move(name), t);
  return t;
}

Tensor Layer::make(std::string name, const Shape& shape) { return make(std::move(name), shape, dtype_); }

Tensor Layer::make(std::string name, const Shape& shape, DType dtype) {
  const Tensor t = named(std::move(name), Tensor::empty(shape, dtype));
  fill(t, 0);
  return t;
}

void Layer::make_parameter(const std::string& name, Tensor& value, Tensor& gradient, const Shape& shape) {
  value = make(name, shape);
  gradient = make("d" + name, shape);
  parameters_.push_back({value, gradient});
}

void Layer::draw_weights(const Tensor& t, std::int64_t fan_in) {
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  draw(t, kernels::RandomKind::Uniform, -bound, bound);
}

void Layer::adopt(std::string name, Ref<Layer> child) {
  if (child->adopted_ || child.get() == this)
    throw FluxionError(str(type_name(), ": this ", child->type_name(),
                           " already has its place; its buffers serve one place only, make another layer"));
  child->adopted_ = true;
  children_.emplace_back(std::move(name), std::move(child));
}

void ActivatedLayer::make_activation() {
  const bool linear = f_ == Activation::Linear;
  z = linear ? named("z", y) : make("z", y.shape());
  dz = linear ? named("dz", dy) : make("dz", y.shape());
}

Tensor copy_of(const Tensor& t) {
  Tensor out = Tensor::empty(t.shape(), t.dtype());
  copy_any(shaped(out, out.shape()), t);
  return out;
}

void copy_checked(const char* type, std::string_view what, const Tensor& into, const Tensor& value) {
  if (!(value.shape() == into.shape()))
    throw ShapeError(str(type, ": ", what, " must be ", into.shape(), ", it is ", value.shape()));
  if (is_floating(value.dtype()) && !is_floating(into.dtype()))
    throw DTypeError(
        str(type, ": ", what, " must be ", into.dtype(), ", it is ", value.dtype(), "; convert it with to('int32')"));
  copy_any(shaped(into, into.shape()), value);
}

void check_at_least(const char* type, const char* argument, std::int64_t value, std::int64_t least) {
  if (value < least) throw FluxionError(str(type, ": ", argument, " must be at least ", least, ", it is ", value));
  if (value > std::numeric_limits<std::int32_t>::max())
    throw FluxionError(str(type, ": ", argument, " is too large: ", value));
}

}  // namespace fluxion::manual
