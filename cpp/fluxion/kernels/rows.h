#pragma once
// Loops over dense rows of floats, for the kernels that work row by row. Sums are made in double.

#include <limits>

#include "fluxion/kernels/kernels.h"
#include "fluxion/kernels/simd_math.h"

namespace fluxion::kernels::rows {

// The lanes of x in double, added in pairs.
inline simd::F64x2 widened(simd::F32x4 x) { return simd::widen_low(x) + simd::widen_high(x); }
inline simd::F64x2 widened(simd::F64x2 x) { return x; }

// Calls f(i, count) for whole vectors of T and for the rest: elements [i, i + count).
template <class T, class F>
inline void for_vectors(Index n, F&& f) {
  constexpr Index lanes = simd::Simd<T>::lanes;
  Index i = 0;
  for (; i + lanes <= n; i += lanes) f(i, static_cast<int>(lanes));
  if (i < n) f(i, static_cast<int>(n - i));
}

// The same with one copy of a long f.
template <class T, class F>
inline void for_vectors_compact(Index n, F&& f) {
  constexpr Index lanes = simd::Simd<T>::lanes;
  for (Index i = 0; i < n; i += lanes) f(i, static_cast<int>(n - i < lanes ? n - i : lanes));
}

// Lanes of the vector at i of n elements.
template <class V>
int count_at(Index i, Index n) {
  return static_cast<int>(n - i < V::lanes ? n - i : V::lanes);
}

template <class T>
simd::Simd<T> load(const T* x, int count, T rest = T(0)) {
  using V = simd::Simd<T>;
  return count == V::lanes ? V::load(x) : V::load_partial(x, count, rest);
}
template <class T>
void store(simd::Simd<T> v, T* y, int count) {
  if (count == simd::Simd<T>::lanes)
    v.store(y);
  else
    v.store_partial(y, count);
}

// The largest element that is a number.
template <class T>
T largest(const T* x, Index n, T so_far) {
  using V = simd::Simd<T>;
  V a = V::splat(so_far), b = a;
  Index i = 0;
  for (; i + 2 * V::lanes <= n; i += 2 * V::lanes) {
    a = simd::pmax(a, V::load(x + i));
    b = simd::pmax(b, V::load(x + i + V::lanes));
  }
  a = simd::pmax(a, b);
  for (; i < n; i += V::lanes) a = simd::pmax(a, load(x + i, count_at<V>(i, n), so_far));
  return simd::max_lane(a);
}

// y = exp(x − shift), unless y is null; the sum of it. No element is above the shift.
template <class T>
double exponentials(T* y, const T* x, Index n, T shift) {
  using V = simd::Simd<T>;
  constexpr int unrolled = 4;
  constexpr Index block = 16 * unrolled * V::lanes;  // that a sum is made of in T
  const V s = V::splat(shift);
  simd::F64x2 total = simd::F64x2::zero();
  for (Index i = 0; i < n;) {
    V sum = V::zero();
    const Index end = n - i < block ? n : i + block;
    for (; i + unrolled * V::lanes <= end; i += unrolled * V::lanes) {
      V e[unrolled];
      for (int k = 0; k < unrolled; ++k) e[k] = simd::exp_flushed(V::load(x + i + k * V::lanes) - s);
      if (y != nullptr)
        for (int k = 0; k < unrolled; ++k) e[k].store(y + i + k * V::lanes);
      sum += (e[0] + e[1]) + (e[2] + e[3]);
    }
    for (; i < end; i += V::lanes) {
      const int count = count_at<V>(i, end);
      const V e = simd::exp_flushed(load(x + i, count, -std::numeric_limits<T>::infinity()) - s);
      if (y != nullptr) store(e, y + i, count);
      sum += e;
    }
    total += widened(sum);
  }
  return simd::sum(total);
}

// Sums term(i, count), a vector of T, over the row; terms beyond the end must be zero.
template <class T, class F>
double sum_of(Index n, F&& term) {
  simd::F64x2 even = simd::F64x2::zero(), odd = simd::F64x2::zero();
  constexpr Index lanes = simd::Simd<T>::lanes;
  Index i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    even += widened(term(i, static_cast<int>(lanes)));
    odd += widened(term(i + lanes, static_cast<int>(lanes)));
  }
  for (; i < n; i += lanes) even += widened(term(i, static_cast<int>(n - i < lanes ? n - i : lanes)));
  return simd::sum(even + odd);
}

template <class T>
double sum(const T* a, Index n) {
  return sum_of<T>(n, [&](Index i, int count) { return load(a + i, count); });
}

template <class T>
double dot(const T* a, const T* b, Index n) {
  return sum_of<T>(n, [&](Index i, int count) { return load(a + i, count) * load(b + i, count); });
}

}  // namespace fluxion::kernels::rows
