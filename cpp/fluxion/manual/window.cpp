#include "fluxion/manual/window.h"

#include <utility>

#include "fluxion/core/random.h"

namespace fluxion::manual {

using kernels::Binary;
using kernels::Prim;
using kernels::Unary;
using kernels::View;

namespace {

constexpr double kLeakySlope = 0.01;

Layout packed(const Shape& shape) { return {shape, contiguous_strides(shape), 0}; }

Layout as_matrix(const Tensor& t) {
  if (!t.defined()) throw FluxionError("forward and backward need their buffers: call initialize() first");
  const std::int64_t width = t.rank() == 0 ? 1 : t.size(-1);
  return packed({t.numel() / width, width});
}

Window stretched(const Window& w, const Shape& shape) {
  Window out = w;
  out.layout = expanded("manual", w.layout, shape);
  return out;
}

// Gemm's operands have three dimensions.
Window batched(const Window& w) {
  Window out = w;
  if (w.layout.shape.ssize() == 3) return out;
  out.layout.shape = {1, w.layout.shape[0], w.layout.shape[1]};
  out.layout.strides = {0, w.layout.strides[0], w.layout.strides[1]};
  return out;
}

}  // namespace

Window::Window(const Tensor& t) : Window(t, as_matrix(t)) {}

Window::Window(const Tensor& t, const Layout& l)
    : data(static_cast<std::byte*>(t.raw()) + l.offset * static_cast<std::int64_t>(size_of(t.dtype()))),
      dtype(t.dtype()),
      layout(l) {}

Window shaped(const Tensor& t, const Shape& shape) { return {t, packed(shape)}; }

Window transposed(Window w) {
  const int last = w.layout.shape.ssize() - 1;
  std::swap(w.layout.shape[last - 1], w.layout.shape[last]);
  std::swap(w.layout.strides[last - 1], w.layout.strides[last]);
  return w;
}

Window columns(Window w, std::int64_t start, std::int64_t count) {
  w.layout.shape.back() = count;
  w.data =
      static_cast<std::byte*>(w.data) + start * w.layout.strides.back() * static_cast<std::int64_t>(size_of(w.dtype));
  return w;
}

Window step(const Tensor& t, std::int64_t time) {
  if (t.rank() == 2) return t;
  const std::int64_t length = t.size(1), width = t.size(2);
  return {t, {{t.size(0), width}, {length * width, 1}, time * width}};
}

void product(const Window& out, const Window& a, const Window& b, const Tensor& bias, bool accumulate) {
  const Window o = batched(out), l = batched(a), r = batched(b);
  const View each_row =
      bias.defined() ? View{bias.raw(), bias.dtype(), 1, bias.shape().data(), bias.strides().data()} : View{};
  kernels::launch(Prim::Gemm, {o, l, r, each_row}, kernels::GemmParams{accumulate});
}

void unary(Unary kind, const Window& out, const Window& a, double p) {
  kernels::launch(Prim::Unary, {out, stretched(a, out.layout.shape)}, kernels::UnaryParams{kind, p});
}

void binary(Binary kind, const Window& out, const Window& a, const Window& b, double p) {
  const Shape& shape = out.layout.shape;
  kernels::launch(Prim::Binary, {out, stretched(a, shape), stretched(b, shape)}, kernels::BinaryParams{kind, p});
}

void fill(const Window& out, double value) { kernels::launch(Prim::Fill, {out}, kernels::FillParams{value}); }

void copy(const Window& out, const Window& a) { kernels::launch(Prim::Copy, {out, a}, kernels::NoParams{}); }

void copy_any(const Window& out, const Tensor& t) { copy(out, Window(t, {t.shape(), t.strides(), 0})); }

void reduce(kernels::Reduce kind, const Window& out, const Window& a) {
  kernels::launch(Prim::Reduce, {out, a}, kernels::ReduceParams{kind});
}

void draw(const Tensor& out, kernels::RandomKind kind, double a, double b) {
  kernels::launch(Prim::Random, {Window(out), View{&default_generator()}}, kernels::RandomParams{kind, a, b});
}

void activate(Activation f, const Window& y, const Window& z) {
  switch (f) {
    case Activation::Linear:
      if (y.data != z.data) copy(y, z);
      break;
    case Activation::Relu:
      unary(Unary::Relu, y, z);
      break;
    case Activation::LeakyRelu:
      unary(Unary::LeakyRelu, y, z, kLeakySlope);
      break;
    case Activation::Sigmoid:
      unary(Unary::Sigmoid, y, z);
      break;
    case Activation::Tanh:
      unary(Unary::Tanh, y, z);
      break;
  }
}

void activate_backward(Activation f, const Window& dz, const Window& dy, const Window& z, const Window& y) {
  switch (f) {
    case Activation::Linear:
      if (dz.data != dy.data) copy(dz, dy);
      break;
    case Activation::Relu:  // dy where y > 0
      binary(Binary::ReluGrad, dz, dy, y);
      break;
    case Activation::LeakyRelu:  // dy where z > 0, a hundredth of it elsewhere
      binary(Binary::LeakyReluGrad, dz, dy, z, kLeakySlope);
      break;
    case Activation::Sigmoid:  // dy·y·(1 − y)
      binary(Binary::SigmoidGrad, dz, dy, y);
      break;
    case Activation::Tanh:  // dy·(1 − y²)
      binary(Binary::TanhGrad, dz, dy, y);
      break;
  }
}

}  // namespace fluxion::manual
