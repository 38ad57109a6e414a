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

// Broadcast as numpy does: dimensions of size 1 repeat, and so do those that are missing in front.
Window stretched(const Window& w, const Window& to) {
  Window out = to;
  out.data = w.data;
  out.dtype = w.dtype;
  for (int d = to.rank - 1, from = w.rank - 1; d >= 0; --d, --from)
    out.strides[d] = from >= 0 && w.shape[from] == to.shape[d] ? w.strides[from] : 0;
  return out;
}

// Gemm's operands have three dimensions.
Window batched(const Window& w) {
  if (w.rank == 3) return w;
  Window out = w;
  out.rank = 3;
  for (int d = 2; d > 0; --d) {
    out.shape[d] = w.shape[d - 1];
    out.strides[d] = w.strides[d - 1];
  }
  out.shape[0] = 1;
  out.strides[0] = 0;
  return out;
}

View view_of(const Tensor& t) { return {t.raw(), t.dtype(), t.rank(), t.shape().data(), t.strides().data()}; }

}  // namespace

Window::Window(const Tensor& t, Sizes sizes) : rank(static_cast<int>(sizes.size())) {
  if (!t.defined()) throw FluxionError("forward and backward need their buffers: call initialize() first");
  data = t.raw();
  dtype = t.dtype();
  std::int64_t stride = 1;
  for (int d = rank - 1; d >= 0; --d) {
    shape[d] = sizes.begin()[d];
    strides[d] = stride;
    stride *= shape[d];
  }
}

Window::Window(const Tensor& t) : Window(t, {1, 1}) {
  if (t.rank() > 0) shape[1] = strides[0] = t.size(-1);
  if (shape[1] > 0) shape[0] = t.numel() / shape[1];
}

void Window::skip(std::int64_t elements) {
  data = static_cast<std::byte*>(data) + elements * static_cast<std::int64_t>(size_of(dtype));
}

Window images(const Tensor& t) { return {t, {t.size(0), t.size(1), t.size(2), t.size(3)}}; }

Window transposed(Window w) {
  std::swap(w.shape[w.rank - 2], w.shape[w.rank - 1]);
  std::swap(w.strides[w.rank - 2], w.strides[w.rank - 1]);
  return w;
}

Window columns(Window w, std::int64_t start, std::int64_t count) {
  w.shape[w.rank - 1] = count;
  w.skip(start * w.strides[w.rank - 1]);
  return w;
}

Window step(const Tensor& t, std::int64_t time) {
  Window w = t;
  if (t.rank() == 2) return w;
  w.skip(time * t.size(2));
  w.shape[0] = t.size(0);
  w.strides[0] = t.size(1) * t.size(2);
  return w;
}

void product(const Window& out, const Window& a, const Window& b, const Tensor& bias, bool accumulate) {
  const Window o = batched(out), l = batched(a), r = batched(b);
  kernels::launch(Prim::Gemm, {o, l, r, bias.defined() ? view_of(bias) : View{}}, kernels::GemmParams{accumulate});
}

void unary(Unary kind, const Window& out, const Window& a, double p) {
  const Window from = stretched(a, out);
  kernels::launch(Prim::Unary, {out, from}, kernels::UnaryParams{kind, p});
}

void binary(Binary kind, const Window& out, const Window& a, const Window& b, double p) {
  const Window left = stretched(a, out), right = stretched(b, out);
  kernels::launch(Prim::Binary, {out, left, right}, kernels::BinaryParams{kind, p});
}

void add(const Window& out, const Window& a, const Window& b) { binary(Binary::Add, out, a, b); }
void subtract(const Window& out, const Window& a, const Window& b) { binary(Binary::Sub, out, a, b); }
void multiply(const Window& out, const Window& a, const Window& b) { binary(Binary::Mul, out, a, b); }
void scale(const Window& out, const Window& a, double factor) { unary(Unary::MulScalar, out, a, factor); }

void fill(const Window& out, double value) { kernels::launch(Prim::Fill, {out}, kernels::FillParams{value}); }

void copy(const Window& out, const Window& a) { kernels::launch(Prim::Copy, {out, a}, kernels::NoParams{}); }

void copy_any(const Tensor& out, const Tensor& t) {
  kernels::launch(Prim::Copy, {view_of(out), view_of(t)}, kernels::NoParams{});
}

void reduce(kernels::Reduce kind, const Window& out, const Window& a) {
  kernels::launch(Prim::Reduce, {out, a}, kernels::ReduceParams{kind});
}

void sum(const Window& out, const Window& a) { reduce(kernels::Reduce::Sum, out, a); }
void mean(const Window& out, const Window& a) { reduce(kernels::Reduce::Mean, out, a); }

void softmax(const Window& y, const Window& x, bool log) {
  kernels::launch(Prim::Softmax, {y, x}, kernels::SoftmaxParams{x.rank - 1, log});
}

void softmax_backward(const Window& dx, const Window& dy, const Window& y) {
  kernels::launch(Prim::SoftmaxGrad, {dx, dy, y}, kernels::SoftmaxParams{y.rank - 1});
}

void draw(const Tensor& out, kernels::RandomKind kind, double a, double b) {
  const Window to = out;
  kernels::launch(Prim::Random, {to, View{&default_generator()}}, kernels::RandomParams{kind, a, b});
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
