// Softmax and log softmax along one dimension, and their gradients. A lane is worked on in blocks: the whole lane
// where it is dense, otherwise pieces that pass through small buffers. Sums are made in double.

#include <algorithm>
#include <cmath>
#include <limits>

#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"
#include "fluxion/kernels/rows.h"

namespace fluxion::kernels::cpu {

namespace {

using rows::for_vectors;
using rows::load;
using rows::store;

constexpr Index kBlock = 256;

// ---- blocks ---------------------------------------------------------------------------------------------

template <class T>
void multiply(T* y, Index n, T factor) {
  const auto f = simd::Simd<T>::splat(factor);
  for_vectors<T>(n, [&](Index i, int count) { store(load(y + i, count) * f, y + i, count); });
}

template <class T>
void subtract(T* y, const T* x, Index n, T first, T second) {
  const auto a = simd::Simd<T>::splat(first), b = simd::Simd<T>::splat(second);
  for_vectors<T>(n, [&](Index i, int count) { store(load(x + i, count) - a - b, y + i, count); });
}

// softmax: dx = y·(dy − total); log softmax: dx = dy − exp(y)·total.
template <class T>
void gradient(T* dx, const T* dy, const T* y, Index n, T total, bool log) {
  using V = simd::Simd<T>;
  const V s = V::splat(total);
  rows::for_vectors_compact<T>(n, [&](Index i, int count) {
    const V g = load(dy + i, count), v = load(y + i, count);
    store(log ? g - simd::exp_flushed(v) * s : v * (g - s), dx + i, count);
  });
}

// ---- lanes ----------------------------------------------------------------------------------------------

// One lane, in blocks: f(block, offset in elements, count).
template <class T>
struct Lane {
  char* data;
  Index step;

  bool dense() const { return step == static_cast<Index>(sizeof(T)); }

  // The elements from `at` on, in place or copied to the buffer.
  T* read(Index at, Index n, T* buffer) const {
    char* from = data + at * step;
    if (dense()) return reinterpret_cast<T*>(from);
    convert_row(buffer, dtype_of<T>::value, sizeof(T), from, dtype_of<T>::value, step, n);
    return buffer;
  }
  T* place(Index at, T* buffer) const { return dense() ? reinterpret_cast<T*>(data + at * step) : buffer; }
  void write(Index at, Index n, const T* buffer) const {
    if (!dense()) convert_row(data + at * step, dtype_of<T>::value, step, buffer, dtype_of<T>::value, sizeof(T), n);
  }
};

template <class F>
void for_blocks(Index n, bool dense, F&& f) {
  if (dense) {
    f(Index{0}, n);
    return;
  }
  for (Index at = 0; at < n; at += kBlock) f(at, std::min(kBlock, n - at));
}

template <class T>
void softmax_lane(const Lane<T>& out, const Lane<T>& in, Index n, bool log) {
  alignas(16) T in_buffer[kBlock];
  alignas(16) T out_buffer[kBlock];
  const bool dense = out.dense() && in.dense();
  T shift = -std::numeric_limits<T>::infinity();
  for_blocks(n, dense,
             [&](Index at, Index count) { shift = rows::largest(in.read(at, count, in_buffer), count, shift); });
  double total = 0;
  for_blocks(n, dense, [&](Index at, Index count) {
    T* to = log ? nullptr : out.place(at, out_buffer);
    total += rows::exponentials(to, in.read(at, count, in_buffer), count, shift);
    if (!log) out.write(at, count, out_buffer);
  });
  const T log_total = log ? static_cast<T>(std::log(total)) : T(0);
  for_blocks(n, dense, [&](Index at, Index count) {
    if (log) {
      subtract(out.place(at, out_buffer), in.read(at, count, in_buffer), count, shift, log_total);
      out.write(at, count, out_buffer);
    } else {
      T* values = out.read(at, count, out_buffer);
      multiply(values, count, static_cast<T>(1 / total));
      out.write(at, count, out_buffer);
    }
  });
}

template <class T>
void gradient_lane(const Lane<T>& dx, const Lane<T>& dy, const Lane<T>& y, Index n, bool log) {
  alignas(16) T dy_buffer[kBlock];
  alignas(16) T y_buffer[kBlock];
  alignas(16) T dx_buffer[kBlock];
  const bool dense = dx.dense() && dy.dense() && y.dense();
  double total = 0;
  for_blocks(n, dense, [&](Index at, Index count) {
    const T* g = dy.read(at, count, dy_buffer);
    total += log ? rows::sum(g, count) : rows::dot(g, y.read(at, count, y_buffer), count);
  });
  for_blocks(n, dense, [&](Index at, Index count) {
    gradient(dx.place(at, dx_buffer), dy.read(at, count, dy_buffer), y.read(at, count, y_buffer), count,
             static_cast<T>(total), log);
    dx.write(at, count, dx_buffer);
  });
}

}  // namespace

void softmax(const View* views, const void* params) {
  const auto& p = *static_cast<const SoftmaxParams*>(params);
  const Lanes lanes(views, 2, p.dim);
  dispatch_floating(views[0].dtype, [&]<class T> {
    parallel_for(lanes.space.total, lanes.grain(kCostlyGrain), [&](Index begin, Index end) {
      lanes.for_each(begin, end, [&](const Index* offset) {
        softmax_lane(Lane<T>{views[0].as<char>() + offset[0], lanes.step[0]},
                     Lane<T>{views[1].as<char>() + offset[1], lanes.step[1]}, lanes.length, p.log);
      });
    });
  });
}

void softmax_grad(const View* views, const void* params) {
  const auto& p = *static_cast<const SoftmaxParams*>(params);
  const Lanes lanes(views, 3, p.dim);
  dispatch_floating(views[0].dtype, [&]<class T> {
    parallel_for(lanes.space.total, lanes.grain(kCostlyGrain), [&](Index begin, Index end) {
      lanes.for_each(begin, end, [&](const Index* offset) {
        gradient_lane(Lane<T>{views[0].as<char>() + offset[0], lanes.step[0]},
                      Lane<T>{views[1].as<char>() + offset[1], lanes.step[1]},
                      Lane<T>{views[2].as<char>() + offset[2], lanes.step[2]}, lanes.length, p.log);
      });
    });
  });
}

}  // namespace fluxion::kernels::cpu
