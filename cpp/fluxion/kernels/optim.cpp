// One step of SGD and of Adam over all parameters, in torch's order of operations (its single-tensor implementation):
// every number is rounded to the parameters' type before use, every line of torch's is one line here.

#include <algorithm>
#include <cmath>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"
#include "fluxion/kernels/rows.h"

namespace fluxion::kernels::cpu {

namespace {

using rows::for_vectors;
using rows::load;
using rows::store;

constexpr Index kPiece = 256;
constexpr Index kGrain = 16384;

// Calls f(views of a tensor, begin, end) until all elements of all tensors, each of so many views, were named once.
template <class F>
void for_tensors(const View* views, int each, int count, F&& f) {
  const View* const last = views + each * count;
  const auto size = [](const View& v) {
    Index n = 1;
    for (int d = 0; d < v.rank; ++d) n *= static_cast<Index>(v.shape[d]);
    return n;
  };
  Index total = 0;
  for (const View* v = views; v != last; v += each) total += size(*v);
  parallel_for(total, kGrain, [&](Index begin, Index end) {
    for (const View* v = views; v != last && end > 0; v += each) {
      const Index n = size(*v);
      if (begin < n) f(v, std::max<Index>(begin, 0), std::min(end, n));
      begin -= n;
      end -= n;
    }
  });
}

// Calls f(at, gradient, count) for the elements [begin, end): the gradient dense, whatever its strides are.
template <class T, class F>
void for_pieces(const View& parameter, const View& gradient, Index begin, Index end, F&& f) {
  Index n = 0;
  if (is_contiguous(gradient, n)) {
    f(begin, gradient.as<T>() + begin, end - begin);
    return;
  }
  // Row-major order of the parameter, which is contiguous.
  const View views[2] = {parameter, gradient};
  const Space space(views, 2);
  alignas(16) T piece[kPiece];
  for (Index at = begin; at < end; at += kPiece) {
    const Index count = std::min(kPiece, end - at);
    char* to = reinterpret_cast<char*>(piece);
    for_each_row(space, at, at + count, [&](const Cursor& cursor, Index n_row) {
      const Index step = space.rank == 0 ? 0 : space.stride[1][0];
      convert_row(to, gradient.dtype, sizeof(T), gradient.as<char>() + cursor.offset[1], gradient.dtype, step, n_row);
      to += n_row * static_cast<Index>(sizeof(T));
    });
    f(at, static_cast<const T*>(piece), count);
  }
}

template <class T>
void sgd(const View* views, const SgdParams& s, Index begin, Index end) {
  using V = simd::Simd<T>;
  T* parameter = views[0].as<T>();
  T* buffer = views[2].as<T>();
  const V rate = V::splat(static_cast<T>(-s.lr)), decay = V::splat(static_cast<T>(s.weight_decay));
  const V momentum = V::splat(static_cast<T>(s.momentum)), fresh = V::splat(static_cast<T>(1 - s.dampening));
  // By value: what is stored might otherwise change the numbers, for all that the compiler knows.
  const bool maximize = s.maximize, decays = s.weight_decay != 0, first = s.first, nesterov = s.nesterov;
  for_pieces<T>(views[0], views[1], begin, end, [=](Index at, const T* gradient, Index n) {
    for_vectors<T>(n, [=](Index i, int count) {
      const V p = load(parameter + at + i, count);
      V g = load(gradient + i, count);
      if (maximize) g = -g;
      if (decays) g = simd::madd(p, decay, g);
      if (buffer != nullptr) {
        const V b = first ? g : simd::madd(g, fresh, load(buffer + at + i, count) * momentum);
        store(b, buffer + at + i, count);
        g = nesterov ? simd::madd(b, momentum, g) : b;
      }
      store(simd::madd(g, rate, p), parameter + at + i, count);
    });
  });
}

template <class T>
void adam(const View* views, const AdamParams& a, double correction1, double correction2, Index begin, Index end) {
  using V = simd::Simd<T>;
  const auto number = [](double x) { return V::splat(static_cast<T>(x)); };
  T* parameter = views[0].as<T>();
  T* first = views[2].as<T>();
  T* second = views[3].as<T>();
  T* largest = views[4].as<T>();
  const V decay = number(a.weight_decay), shrink = number(1 - a.lr * a.weight_decay);
  const V beta1 = number(a.beta1), fresh1 = number(1 - a.beta1);
  const V beta2 = number(a.beta2), fresh2 = number(1 - a.beta2);
  const V root = number(std::sqrt(correction2)), eps = number(a.eps), rate = number(-(a.lr / correction1));
  const bool maximize = a.maximize, decoupled = a.decoupled, decays = a.weight_decay != 0, amsgrad = a.amsgrad;
  for_pieces<T>(views[0], views[1], begin, end, [=](Index at, const T* gradient, Index n) {
    for_vectors<T>(n, [=](Index i, int count) {
      const Index k = at + i;
      V p = load(parameter + k, count);
      V g = load(gradient + i, count);
      if (maximize) g = -g;
      if (decoupled)
        p = p * shrink;
      else if (decays)
        g = simd::madd(p, decay, g);
      const V m = simd::madd(g, fresh1, load(first + k, count) * beta1);
      const V v = simd::madd(fresh2 * g, g, load(second + k, count) * beta2);
      store(m, first + k, count);
      store(v, second + k, count);
      V scale = v;
      if (amsgrad) {
        scale = simd::max(load(largest + k, count), v);
        store(scale, largest + k, count);
      }
      const V denominator = simd::sqrt(scale) / root + eps;
      store(p + rate * m / denominator, parameter + k, count);
    });
  });
}

}  // namespace

void sgd_step(const View* views, const void* params) {
  const auto& p = *static_cast<const SgdParams*>(params);
  for_tensors(views, kSgdViews, p.count, [&](const View* v, Index begin, Index end) {
    dispatch_floating(v->dtype, [&]<class T> { sgd<T>(v, p, begin, end); });
  });
}

void adam_step(const View* views, const void* params) {
  const auto& p = *static_cast<const AdamParams*>(params);
  const double step = static_cast<double>(p.step);
  const double correction1 = 1 - std::pow(p.beta1, step), correction2 = 1 - std::pow(p.beta2, step);
  for_tensors(views, kAdamViews, p.count, [&](const View* v, Index begin, Index end) {
    dispatch_floating(v->dtype, [&]<class T> { adam<T>(v, p, correction1, correction2, begin, end); });
  });
}

}  // namespace fluxion::kernels::cpu
