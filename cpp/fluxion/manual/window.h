#pragma once
// Buffers as the kernels see them, and the kernels' primitives under the names that a formula gives them. The
// result comes first: product(z, x, transposed(W), b) is z = x·Wᵀ + b. Nothing here allocates.

#include "fluxion/core/tensor.h"
#include "fluxion/kernels/kernels.h"

namespace fluxion::manual {

using Sizes = std::initializer_list<std::int64_t>;

// A buffer's memory under some shape. Given a tensor alone it is a matrix: the last dimension is the columns, all
// before it the rows, so that one formula serves [N, C] and [N, T, C].
struct Window {
  Window(const Tensor& t);               // NOLINT: implicit
  Window(const Tensor& t, Sizes sizes);  // contiguous, of as many elements
  operator kernels::View() const { return {data, dtype, rank, shape, strides}; }
  // Moves the first element.
  void skip(std::int64_t elements);

  void* data;
  DType dtype;
  int rank;
  std::int64_t shape[4], strides[4];  // plain arrays: a window is a value that costs nothing to make
};

// One of the tensor's own four dimensions.
Window images(const Tensor& t);
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
void add(const Window& out, const Window& a, const Window& b);
void subtract(const Window& out, const Window& a, const Window& b);
void multiply(const Window& out, const Window& a, const Window& b);
void scale(const Window& out, const Window& a, double factor);
void fill(const Window& out, double value);
void copy(const Window& out, const Window& a);
// From any layout and dtype to a contiguous tensor of the same shape.
void copy_any(const Tensor& out, const Tensor& t);

// Over the dimensions in which out has size 1.
void reduce(kernels::Reduce kind, const Window& out, const Window& a);
void sum(const Window& out, const Window& a);
void mean(const Window& out, const Window& a);

// Along the last dimension: softmax or its logarithm, and dx from dy and the softmax y.
void softmax(const Window& y, const Window& x, bool log = false);
void softmax_backward(const Window& dx, const Window& dy, const Window& y);

// Draws of the stream that manual_seed() starts.
void draw(const Tensor& out, kernels::RandomKind kind, double a, double b);

enum class Activation { Linear, Relu, LeakyRelu, Sigmoid, Tanh };

// y = f(z). Linear: z and y may be one buffer.
void activate(Activation f, const Window& y, const Window& z);
// dz = dy·f′(z). The slopes of relu, sigmoid and tanh are read off y.
void activate_backward(Activation f, const Window& dz, const Window& dy, const Window& z, const Window& y);

}  // namespace fluxion::manual
