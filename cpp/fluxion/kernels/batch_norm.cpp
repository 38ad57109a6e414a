// Batch normalisation of x [N, C, L] over N and L, and its gradient. Where a channel's values lie together
// (L > 1) channels are worked on one by one, otherwise 128 columns at a time. Statistics are made in double.

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

constexpr Index kColumns = 128;

struct Layout {
  Index batch, channels, length;

  explicit Layout(const View& x)
      : batch(static_cast<Index>(x.shape[0])),
        channels(static_cast<Index>(x.shape[1])),
        length(static_cast<Index>(x.shape[2])) {}

  Index block() const { return length > 1 ? 1 : kColumns; }
  double count() const { return static_cast<double>(batch) * static_cast<double>(length); }
};

// Calls f(begin, end) for blocks of channels, in parallel.
template <class F>
void for_channel_blocks(const Layout& layout, F&& f) {
  const Index block = layout.block();
  const Index blocks = (layout.channels + block - 1) / block;
  const Index cost = std::max<Index>(1, layout.batch * layout.length * block);
  parallel_for(blocks, std::max<Index>(1, kCheapGrain / cost), [&](Index first, Index last) {
    for (Index b = first; b < last; ++b) f(b * block, std::min(layout.channels, (b + 1) * block));
  });
}

// sums[c − begin] = Σ term over the channels of one block. `row(channel, at, i, count)` gives the terms of a row of
// one channel as a vector, zero beyond the end; `single(channel, at)` those of one element.
template <class T, class Row, class Single>
void channel_sums(const Layout& layout, Index begin, Index end, double* sums, Row&& row, Single&& single) {
  std::fill_n(sums, end - begin, 0.0);
  for (Index n = 0; n < layout.batch; ++n) {
    if (layout.length > 1) {
      const Index at = (n * layout.channels + begin) * layout.length;
      sums[0] += rows::sum_of<T>(layout.length, [&](Index i, int count) { return row(begin, at, i, count); });
      continue;
    }
    const Index at = n * layout.channels;
    FLUXION_IVDEP
    for (Index c = begin; c < end; ++c) sums[c - begin] += static_cast<double>(single(c, at + c));
  }
}

// y = a[c]·x + b[c], with z where there is a third term: y = a[c]·x + b[c] + d[c]·z.
template <class T>
void apply(const Layout& layout, Index begin, Index end, T* y, const T* x, const T* z, const T* a, const T* b,
           const T* d) {
  for (Index n = 0; n < layout.batch; ++n) {
    if (layout.length == 1) {
      const Index at = n * layout.channels;
      FLUXION_IVDEP
      for (Index c = begin; c < end; ++c) {
        const Index k = c - begin;
        y[at + c] = z == nullptr ? a[k] * x[at + c] + b[k] : a[k] * x[at + c] + b[k] + d[k] * z[at + c];
      }
      continue;
    }
    using V = simd::Simd<T>;
    const Index at = (n * layout.channels + begin) * layout.length;
    const V va = V::splat(a[0]), vb = V::splat(b[0]);
    const V vd = z == nullptr ? V::zero() : V::splat(d[0]);
    for_vectors<T>(layout.length, [&](Index i, int count) {
      V v = va * load(x + at + i, count) + vb;
      if (z != nullptr) v += vd * load(z + at + i, count);
      store(v, y + at + i, count);
    });
  }
}

template <class T>
void forward(const View* views, double eps) {
  using V = simd::Simd<T>;
  const Layout layout(views[3]);
  const T* x = views[3].as<T>();
  T* means = views[1].as<T>();
  T* variances = views[2].as<T>();
  const T* gamma = views[4].as<T>();
  const T* beta = views[5].as<T>();
  for_channel_blocks(layout, [&](Index begin, Index end) {
    double sums[kColumns];
    double exact[kColumns];
    T scale[kColumns], shift[kColumns];
    channel_sums<T>(
        layout, begin, end, sums, [&](Index, Index at, Index i, int count) { return load(x + at + i, count); },
        [&](Index, Index at) { return x[at]; });
    for (Index c = begin; c < end; ++c) {
      exact[c - begin] = sums[c - begin] / layout.count();
      means[c] = static_cast<T>(exact[c - begin]);
    }
    channel_sums<T>(
        layout, begin, end, sums,
        [&](Index c, Index at, Index i, int count) {
          const V d = load(x + at + i, count, means[c]) - V::splat(means[c]);
          return d * d;
        },
        [&](Index c, Index at) { return (x[at] - means[c]) * (x[at] - means[c]); });
    for (Index c = begin; c < end; ++c) {
      const Index k = c - begin;
      // Around the rounded mean: what it is off adds (exact − rounded)² to the variance.
      const double off = exact[k] - static_cast<double>(means[c]);
      const double variance = std::max(sums[k] / layout.count() - off * off, 0.0);
      variances[c] = static_cast<T>(variance);
      const double factor = (gamma == nullptr ? 1.0 : static_cast<double>(gamma[c])) / std::sqrt(variance + eps);
      scale[k] = static_cast<T>(factor);
      shift[k] = static_cast<T>((beta == nullptr ? 0.0 : static_cast<double>(beta[c])) - exact[k] * factor);
    }
    apply<T>(layout, begin, end, views[0].as<T>(), x, nullptr, scale, shift, nullptr);
  });
}

// With the normalised x̂ and M values per channel: dbeta = Σ dy, dgamma = Σ dy·x̂ and
// dx = gamma·rstd·(dy − dbeta/M − x̂·dgamma/M), which is linear in dy and x.
template <class T>
void backward(const View* views, double eps) {
  using V = simd::Simd<T>;
  const Layout layout(views[4]);
  const T* dy = views[3].as<T>();
  const T* x = views[4].as<T>();
  const T* means = views[5].as<T>();
  const T* variances = views[6].as<T>();
  const T* gamma = views[7].as<T>();
  for_channel_blocks(layout, [&](Index begin, Index end) {
    double dy_sums[kColumns], products[kColumns];
    T scale[kColumns], shift[kColumns], of_x[kColumns];
    channel_sums<T>(
        layout, begin, end, dy_sums, [&](Index, Index at, Index i, int count) { return load(dy + at + i, count); },
        [&](Index, Index at) { return dy[at]; });
    channel_sums<T>(
        layout, begin, end, products,
        [&](Index c, Index at, Index i, int count) {
          return load(dy + at + i, count) * (load(x + at + i, count) - V::splat(means[c]));
        },
        [&](Index c, Index at) { return dy[at] * (x[at] - means[c]); });
    for (Index c = begin; c < end; ++c) {
      const Index k = c - begin;
      const double rstd = 1.0 / std::sqrt(static_cast<double>(variances[c]) + eps);
      const double dgamma = products[k] * rstd;
      if (views[1].data != nullptr) views[1].as<T>()[c] = static_cast<T>(dgamma);
      if (views[2].data != nullptr) views[2].as<T>()[c] = static_cast<T>(dy_sums[k]);
      const double factor = rstd * (gamma == nullptr ? 1.0 : static_cast<double>(gamma[c]));
      const double slope = -factor * rstd * dgamma / layout.count();
      scale[k] = static_cast<T>(factor);
      of_x[k] = static_cast<T>(slope);
      shift[k] = static_cast<T>(-factor * dy_sums[k] / layout.count() - slope * static_cast<double>(means[c]));
    }
    apply<T>(layout, begin, end, views[0].as<T>(), dy, x, scale, shift, of_x);
  });
}

}  // namespace

void batch_norm(const View* views, const void* params) {
  const double eps = static_cast<const NormParams*>(params)->eps;
  dispatch_floating(views[0].dtype, [&]<class T> { forward<T>(views, eps); });
}

void batch_norm_grad(const View* views, const void* params) {
  const double eps = static_cast<const NormParams*>(params)->eps;
  dispatch_floating(views[0].dtype, [&]<class T> { backward<T>(views, eps); });
}

}  // namespace fluxion::kernels::cpu
