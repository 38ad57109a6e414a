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
  const bool indices = takes_indices();
  const Tensor in = Tensor::empty(input, indices ? DType::Int32 : dtype);
  const Tensor gradient = indices ? Tensor() : Tensor::empty(input, dtype);
  fill(in, 0);
  if (!indices) fill(gradient, 0);
  connect(in, gradient, dtype);
}

void Layer::connect(const Tensor& input, const Tensor& input_gradient, DType dtype, const Tensor& output,
                    const Tensor& output_gradient) {
  const Shape shape = output_shape(input.shape());
  buffers_.clear();
  parameters_.clear();
  dtype_ = dtype;
  share(x, "x", input);
  output.defined() ? share(y, "y", output) : make(y, "y", shape);
  output_gradient.defined() ? share(dy, "dy", output_gradient) : make(dy, "dy", shape);
  dx = input_gradient;
  if (dx.defined()) share(dx, "dx", input_gradient);
  build();
}

void Layer::update(double lr) {
  for (const Parameter& p : parameters_)
    kernels::launch(kernels::Prim::SgdStep, {Window(p.value), Window(p.gradient), {}}, kernels::SgdParams{lr});
  for (const Child& child : children_) child.layer->update(lr);
}

void Layer::set_training(bool on) {
  training_ = on;
  for (const Child& child : children_) child.layer->set_training(on);
}

std::string Layer::name_of(const Child& child) { return child.name != nullptr ? child.name : str(child.number); }

void Layer::collect(const std::string& prefix, std::string& names) const {
  for (const Buffer& b : buffers_) {
    if (!names.empty()) names += ", ";
    names += prefix;
    names += b.name;
  }
  for (const Child& child : children_) child.layer->collect(prefix + name_of(child) + ".", names);
}

std::string Layer::buffer_names() const {
  std::string names;
  collect("", names);
  return names;
}

Tensor Layer::find(std::string_view name) const {
  for (const Buffer& b : buffers_)
    if (name == b.name) return b.tensor;
  const std::size_t dot = name.find('.');
  if (dot != name.npos)
    for (const Child& child : children_)
      if (name.substr(0, dot) == name_of(child)) return child.layer->find(name.substr(dot + 1));
  return {};
}

Tensor Layer::buffer(std::string_view name) const {
  Tensor t = find(name);
  if (t.defined()) return t;
  const std::string names = buffer_names();
  throw FluxionError(names.empty() ? str(type_name(), ": there are no buffers yet: call initialize() first")
                                   : str(type_name(), ": there is no buffer '", name, "'; there are ", names));
}

void Layer::set_buffer(std::string_view name, const Tensor& value) {
  copy_checked(type_name(), name, buffer(name), value);
}

void Layer::share(Tensor& field, const char* name, const Tensor& t) {
  field = t;
  buffers_.push_back({name, t});
}

void Layer::make(Tensor& field, const char* name, const Shape& shape, DType dtype) {
  share(field, name, Tensor::empty(shape, dtype));
  fill(field, 0);
}

void Layer::make(Tensor& field, const char* name, const Shape& shape) { make(field, name, shape, dtype_); }
void Layer::make(Tensor& field, const char* name, Sizes sizes) { make(field, name, Shape(sizes), dtype_); }

void Layer::make_indices(Tensor& field, const char* name, const Shape& shape) {
  make(field, name, shape, DType::Int32);
}

void Layer::make_parameter(Tensor& value, const char* name, Tensor& gradient, const char* gradient_name, Sizes sizes) {
  make(value, name, sizes);
  make(gradient, gradient_name, sizes);
  parameters_.push_back({value, gradient});
}

void Layer::draw_weights(const Tensor& t, std::int64_t fan_in) {
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  draw(t, kernels::RandomKind::Uniform, -bound, bound);
}

void Layer::adopt(const char* name, const Ref<Layer>& child, std::size_t number) {
  if (child->adopted_ || child.get() == this)
    throw FluxionError(str(type_name(), ": this ", child->type_name(),
                           " already has its place; its buffers serve one place only, make another layer"));
  child->adopted_ = true;
  children_.push_back({name, number, child});
}

void ActivatedLayer::make_activation() {
  if (f_ == Activation::Linear) {
    share(z, "z", y);
    share(dz, "dz", dy);
  } else {
    make(z, "z", y.shape());
    make(dz, "dz", y.shape());
  }
}

Tensor copy_of(const Tensor& t) {
  Tensor out = Tensor::empty(t.shape(), t.dtype());
  copy_any(out, t);
  return out;
}

void copy_checked(const char* type, std::string_view what, const Tensor& into, const Tensor& value) {
  if (!(value.shape() == into.shape()))
    throw ShapeError(str(type, ": ", what, " must be ", into.shape(), ", it is ", value.shape()));
  if (is_floating(value.dtype()) && !is_floating(into.dtype()))
    throw DTypeError(
        str(type, ": ", what, " must be ", into.dtype(), ", it is ", value.dtype(), "; convert it with to('int32')"));
  copy_any(into, value);
}

void check_input(bool fits, const char* type, const char* wanted, const Shape& input) {
  if (!fits) throw ShapeError(str(type, ": the input must be ", wanted, ", it is ", input));
}

void check_at_least(const char* type, const char* argument, std::int64_t value, std::int64_t least) {
  if (value < least) throw FluxionError(str(type, ": ", argument, " must be at least ", least, ", it is ", value));
  if (value > std::numeric_limits<std::int32_t>::max())
    throw FluxionError(str(type, ": ", argument, " is too large: ", value));
}

}  // namespace fluxion::manual
