// Cross entropy of logits with class indices, fused: loss = lse − x[target], lse = log Σ exp(x). Kept for the
// gradient is log Σ exp(x − max) without the maximum, which would swallow digits of it where logits are
// large. With label smoothing ε a part ε of the target is spread evenly: loss = (1 − ε)·(lse − x[target]) +
// ε·(lse − mean(x)).

#include <algorithm>
#include <cmath>
#include <limits>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"
#include "fluxion/kernels/rows.h"

namespace fluxion::kernels::cpu {

namespace {

// An element of a vector of any stride.
template <class T>
T& element(const View& v, Index i) {
  return v.as<T>()[i * static_cast<Index>(v.strides[0])];
}

template <class T>
void forward(const View* views, const CrossEntropyParams& p) {
  const View &loss = views[0], &log_sums = views[1], &x = views[2], &target = views[3];
  const Index row_count = static_cast<Index>(x.shape[0]), classes = static_cast<Index>(x.shape[1]);
  parallel_for(row_count, std::max<Index>(1, kCostlyGrain / std::max<Index>(1, classes)), [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) {
      const T* row = x.as<T>() + r * classes;
      const T shift = rows::largest(row, classes, -std::numeric_limits<T>::infinity());
      const double total = rows::exponentials<T>(nullptr, row, classes, shift);
      const double log_sum = std::log(total), whole = static_cast<double>(shift) + log_sum;
      element<T>(log_sums, r) = static_cast<T>(log_sum);
      const std::int32_t t = element<std::int32_t>(target, r);
      if (t == p.ignore_index) {
        element<T>(loss, r) = T(0);
        continue;
      }
      // The shift goes first, so that a large one does not swallow the rest.
      double value = log_sum + (static_cast<double>(shift) - static_cast<double>(row[t]));
      if (p.label_smoothing != 0) {
        const double mean = rows::sum(row, classes) / static_cast<double>(classes);
        value = (1 - p.label_smoothing) * value + p.label_smoothing * (whole - mean);
      }
      element<T>(loss, r) = static_cast<T>(value);
    }
  });
}

// dx = dloss·(softmax(x) − (1 − ε)·[class is target] − ε/C).
template <class T>
void backward(const View* views, const CrossEntropyParams& p) {
  using V = simd::Simd<T>;
  const View &dx = views[0], &dloss = views[1], &x = views[2], &log_sums = views[3], &target = views[4];
  const Index row_count = static_cast<Index>(x.shape[0]), classes = static_cast<Index>(x.shape[1]);
  parallel_for(row_count, std::max<Index>(1, kCostlyGrain / std::max<Index>(1, classes)), [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) {
      const T* from = x.as<T>() + r * classes;
      T* to = dx.as<T>() + r * classes;
      const std::int32_t t = element<std::int32_t>(target, r);
      if (t == p.ignore_index) {
        std::fill_n(to, classes, T(0));
        continue;
      }
      const T incoming = element<T>(dloss, r);
      const T top = rows::largest(from, classes, -std::numeric_limits<T>::infinity());
      const V g = V::splat(incoming), shift = V::splat(top), log_sum = V::splat(element<T>(log_sums, r));
      const V spread = V::splat(static_cast<T>(p.label_smoothing / static_cast<double>(classes)));
      rows::for_vectors_compact<T>(classes, [&](Index i, int count) {
        const V softmax = simd::exp(rows::load(from + i, count) - shift - log_sum);
        rows::store(g * (softmax - spread), to + i, count);
      });
      const double probability = std::exp(static_cast<double>(from[t]) - static_cast<double>(top) -
                                          static_cast<double>(element<T>(log_sums, r)));
      const double kept = 1 - p.label_smoothing + p.label_smoothing / static_cast<double>(classes);
      to[t] = static_cast<T>(static_cast<double>(incoming) * (probability - kept));
    }
  });
}

}  // namespace

void cross_entropy(const View* views, const void* params) {
  const auto& p = *static_cast<const CrossEntropyParams*>(params);
  dispatch_floating(views[0].dtype, [&]<class T> { forward<T>(views, p); });
}

void cross_entropy_grad(const View* views, const void* params) {
  const auto& p = *static_cast<const CrossEntropyParams*>(params);
  dispatch_floating(views[0].dtype, [&]<class T> { backward<T>(views, p); });
}

}  // namespace fluxion::kernels::cpu
