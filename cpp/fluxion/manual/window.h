#pragma once
// Buffers as the kernels see them, and the kernels' primitives under the names that a formula gives them. The
// result comes first: product(z, x, transposed(W), b) is z = x·Wᵀ + b. Nothing here allocates.

#include "fluxion/core/tensor.h"
#include "fluxion/kernels/kernels.h"

namespace fluxion::manual {

// A buffer's memory under some shape. Given a tensor alone it is a matrix: the last dimension is the columns, all
// before it the rows, so that one formula serves [N, C] and [N, T, C].
struct Window {
  Window(const Tensor& t);  // NOLINT: implicit
  Window(const Tensor& t, const Layout& l);
  operator kernels::View() const {
    return {data, dtype, layout.shape.ssize(), layout.shape.data(), layout.strides.data()};
  }

  void* data;
  DType dtype;
  Layout layout;
};

// The buffer under another shape of as many elements.
Window shaped(const Tensor& t, const Shape& shape);
// The last two dimensions exchanged; no copy.
Window transposed(Window w);
// Columns start to start + count.
Window columns(Window w, std::int64_t start, std::int64_t count);
// One time step, [N, C], of a sequence [N, T, C]; all of a buffer [N, C].
Window step(const Tensor& t, std::int64_t time);

// out = a·b + bias, matrix by matrix for windows of three dimensions; accumulate: added to what out holds.
void product(const Window& out, const Window& a, const Window& b, const Tensor& bias = {}, bool accumulate = false);

// Element by element. Operands are broadcast to out; out may be one of them.
void unary(kernels::Unary kind, const Window& out, const Window& a, double p = 0);
void binary(kernels::Binary kind, const Window& out, const Window& a, const Window& b, double p = 0);
inline void add(const Window& out, const Window& a, const Window& b) { binary(kernels::Binary::Add, out, a, b); }
inline void subtract(const Window& out, const Window& a, const Window& b) { binary(kernels::Binary::Sub, out, a, b); }
inline void multiply(const Window& out, const Window& a, const Window& b) { binary(kernels::Binary::Mul, out, a, b); }
inline void scale(const Window& out, const Window& a, double factor) {
  unary(kernels::Unary::MulScalar, out, a, factor);
}
void fill(const Window& out, double value);
void copy(const Window& out, const Window& a);

// Of a tensor that need not be contiguous.
void copy_any(const Window& out, const Tensor& t);

// Over the dimensions in which out has size 1.
void reduce(kernels::Reduce kind, const Window& out, const Window& a);
inline void sum(const Window& out, const Window& a) { reduce(kernels::Reduce::Sum, out, a); }
inline void mean(const Window& out, const Window& a) { reduce(kernels::Reduce::Mean, out, a); }

// Draws of the stream that manual_seed() starts.
void draw(const Tensor& out, kernels::RandomKind kind, double a, double b);

enum class Activation { Linear, Relu, LeakyRelu, Sigmoid, Tanh };

// y = f(z). Linear: z and y may be one buffer.
void activate(Activation f, const Window& y, const Window& z);
// dz = dy·f′(z). The slopes of relu, sigmoid and tanh are read off y.
void activate_backward(Activation f, const Window& dz, const Window& dy, const Window& z, const Window& y);

}  // namespace fluxion::manual
