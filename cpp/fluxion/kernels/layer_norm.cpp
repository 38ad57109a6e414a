// Layer normalisation of contiguous rows and its gradient. Means and variances are made in double, in two passes.

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

constexpr Index kColumns = 128;  // accumulators of the gradients of gamma and beta

template <class T>
struct Moments {
  T mean, rstd;
};

template <class T>
Moments<T> moments(const T* x, Index n, double eps) {
  const double mean = rows::sum(x, n) / static_cast<double>(n);
  const T rounded = static_cast<T>(mean);
  const auto m = simd::Simd<T>::splat(rounded);
  const double squares = rows::sum_of<T>(n, [&](Index i, int count) {
    const auto d = load(x + i, count, rounded) - m;
    return d * d;
  });
  // Around the rounded mean: what it is off adds (mean − rounded)² to the variance.
  const double off = mean - static_cast<double>(rounded);
  const double variance = std::max(squares / static_cast<double>(n) - off * off, 0.0);
  return {rounded, static_cast<T>(1.0 / std::sqrt(variance + eps))};
}

template <class T>
void forward(const View* views, double eps) {
  const View& in = views[3];
  const Index row_count = static_cast<Index>(in.shape[0]), n = static_cast<Index>(in.shape[1]);
  const T* gamma = views[4].as<T>();
  const T* beta = views[5].as<T>();
  parallel_for(row_count, std::max<Index>(1, kCheapGrain / std::max<Index>(1, n)), [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r) {
      const T* x = in.as<T>() + r * n;
      T* y = views[0].as<T>() + r * n;
      const auto [mean, rstd] = moments(x, n, eps);
      views[1].as<T>()[r] = mean;
      views[2].as<T>()[r] = rstd;
      const auto m = simd::Simd<T>::splat(mean), s = simd::Simd<T>::splat(rstd);
      for_vectors<T>(n, [&](Index i, int count) {
        auto v = (load(x + i, count) - m) * s;
        if (gamma != nullptr) v *= load(gamma + i, count);
        if (beta != nullptr) v += load(beta + i, count);
        store(v, y + i, count);
      });
    }
  });
}

// With g = dy·gamma and the normalised x̂: dx = rstd·(g − mean(g) − x̂·mean(g·x̂)).
template <class T>
void gradient_row(T* dx, const T* dy, const T* x, const T* gamma, T mean, T rstd, Index n) {
  using V = simd::Simd<T>;
  const V m = V::splat(mean), s = V::splat(rstd);
  const auto scaled = [&](Index i, int count) {
    const V g = load(dy + i, count);
    return gamma == nullptr ? g : g * load(gamma + i, count);
  };
  const auto normalised = [&](Index i, int count) { return (load(x + i, count, mean) - m) * s; };
  const double sum_g = rows::sum_of<T>(n, scaled);
  const double sum_gx = rows::sum_of<T>(n, [&](Index i, int count) { return scaled(i, count) * normalised(i, count); });
  const V mean_g = V::splat(static_cast<T>(sum_g / static_cast<double>(n)));
  const V mean_gx = V::splat(static_cast<T>(sum_gx / static_cast<double>(n)));
  for_vectors<T>(n, [&](Index i, int count) {
    store(s * (scaled(i, count) - mean_g - normalised(i, count) * mean_gx), dx + i, count);
  });
}

template <class T>
void backward(const View* views) {
  const View &dx = views[0], &dgamma = views[1], &dbeta = views[2], &dy = views[3], &in = views[4];
  const T* mean = views[5].as<T>();
  const T* rstd = views[6].as<T>();
  const T* gamma = views[7].as<T>();
  const Index row_count = static_cast<Index>(in.shape[0]), n = static_cast<Index>(in.shape[1]);
  parallel_for(row_count, std::max<Index>(1, kCheapGrain / std::max<Index>(1, n)), [&](Index begin, Index end) {
    for (Index r = begin; r < end; ++r)
      gradient_row(dx.as<T>() + r * n, dy.as<T>() + r * n, in.as<T>() + r * n, gamma, mean[r], rstd[r], n);
  });
  if (dgamma.data == nullptr && dbeta.data == nullptr) return;
  const Index blocks = (n + kColumns - 1) / kColumns;
  parallel_for(blocks, row_count * kColumns > kCheapGrain ? 1 : blocks, [&](Index first, Index last) {
    double gamma_sums[kColumns], beta_sums[kColumns];
    for (Index b = first; b < last; ++b) {
      const Index begin = b * kColumns, count = std::min(kColumns, n - begin);
      std::fill_n(gamma_sums, count, 0.0);
      std::fill_n(beta_sums, count, 0.0);
      for (Index r = 0; r < row_count; ++r) {
        const T* g = dy.as<T>() + r * n + begin;
        const T* x = in.as<T>() + r * n + begin;
        const T m = mean[r], s = rstd[r];
        FLUXION_IVDEP
        for (Index j = 0; j < count; ++j) {
          const T normalised = (x[j] - m) * s;
          gamma_sums[j] += static_cast<double>(g[j] * normalised);
          beta_sums[j] += static_cast<double>(g[j]);
        }
      }
      for (Index j = 0; j < count; ++j) {
        if (dgamma.data != nullptr) dgamma.as<T>()[begin + j] = static_cast<T>(gamma_sums[j]);
        if (dbeta.data != nullptr) dbeta.as<T>()[begin + j] = static_cast<T>(beta_sums[j]);
      }
    }
  });
}

}  // namespace

void layer_norm(const View* views, const void* params) {
  const double eps = static_cast<const NormParams*>(params)->eps;
  dispatch_floating(views[0].dtype, [&]<class T> { forward<T>(views, eps); });
}

void layer_norm_grad(const View* views, const void*) {
  dispatch_floating(views[0].dtype, [&]<class T> { backward<T>(views); });
}

}  // namespace fluxion::kernels::cpu
