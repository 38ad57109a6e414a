#pragma once
// 128-bit vectors for kernels: wasm SIMD, relaxed wasm SIMD and a native twin behind one facade. It stands
// on the compilers' vector extensions; only what those cannot say is written per target. The three give the
// same bits, with one exception: madd and nmadd round once instead of twice under relaxed SIMD (native
// builds pass -ffp-contract=off to agree with plain wasm SIMD).

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#if defined(__wasm_simd128__)
#include <wasm_simd128.h>
#endif

namespace fluxion::simd {

#if defined(__wasm_relaxed_simd__)
inline constexpr bool kFused = true;  // madd rounds once
#else
inline constexpr bool kFused = false;
#endif

namespace detail {
using RawF32 = float __attribute__((vector_size(16)));
using RawF64 = double __attribute__((vector_size(16)));
using RawI32 = std::int32_t __attribute__((vector_size(16)));
using RawI64 = std::int64_t __attribute__((vector_size(16)));
using RawU32 = std::uint32_t __attribute__((vector_size(16)));
using RawU64 = std::uint64_t __attribute__((vector_size(16)));

template <class T>
struct Traits;
template <>
struct Traits<float> {
  using Raw = RawF32;
  using Bits = RawI32;
  using Int = std::int32_t;
};
template <>
struct Traits<double> {
  using Raw = RawF64;
  using Bits = RawI64;
  using Int = std::int64_t;
};
template <>
struct Traits<std::int32_t> {
  using Raw = RawI32;
  using Bits = RawI32;
  using Wrapping = RawU32;
  using Int = std::int32_t;
};
template <>
struct Traits<std::int64_t> {
  using Raw = RawI64;
  using Bits = RawI64;
  using Wrapping = RawU64;
  using Int = std::int64_t;
};
}  // namespace detail

// Lanes of float, double, int32 or int64. A comparison gives a mask: integer lanes of the same width, all
// ones where it holds.
template <class T>
struct Simd {
  using Scalar = T;
  using Raw = typename detail::Traits<T>::Raw;
  using Bits = typename detail::Traits<T>::Bits;
  using Ints = Simd<typename detail::Traits<T>::Int>;  // the masks' and bit patterns' type
  static constexpr int lanes = 16 / static_cast<int>(sizeof(T));

  Raw raw;

  // No alignment is asked for.
  static Simd load(const T* p) {
    Simd r;
    std::memcpy(&r.raw, p, sizeof r.raw);
    return r;
  }
  void store(T* p) const { std::memcpy(p, &raw, sizeof raw); }

  // The first n lanes (0 <= n <= lanes) from memory, `rest` in the others. (Lane by lane: a copy of a
  // variable size is a call.)
  static Simd load_partial(const T* p, int n, T rest = T{}) {
    Simd r = splat(rest);
    if (n > 0) r.raw[0] = p[0];
    if (n > 1) r.raw[1] = p[1];
    if constexpr (lanes == 4) {
      if (n > 2) r.raw[2] = p[2];
      if (n > 3) r.raw[3] = p[3];
    }
    return r;
  }
  void store_partial(T* p, int n) const {
    if (n > 0) p[0] = raw[0];
    if (n > 1) p[1] = raw[1];
    if constexpr (lanes == 4) {
      if (n > 2) p[2] = raw[2];
      if (n > 3) p[3] = raw[3];
    }
  }

  static Simd splat(T x) {
    if constexpr (lanes == 4)
      return {Raw{x, x, x, x}};
    else
      return {Raw{x, x}};
  }
  static Simd zero() { return {Raw{}}; }

  T operator[](int lane) const { return raw[lane]; }
  template <int lane>
  Simd splat_lane() const {
    if constexpr (lanes == 4)
      return {__builtin_shufflevector(raw, raw, lane, lane, lane, lane)};
    else
      return {__builtin_shufflevector(raw, raw, lane, lane)};
  }
};

using F32x4 = Simd<float>;
using F64x2 = Simd<double>;
using I32x4 = Simd<std::int32_t>;
using I64x2 = Simd<std::int64_t>;

namespace detail {
template <class T>
inline constexpr bool is_float = std::is_floating_point_v<T>;

// Integer lanes wrap around: the sum is made on unsigned ones.
template <class T>
auto wrapping(Simd<T> x) {
  return __builtin_bit_cast(typename Traits<T>::Wrapping, x.raw);
}
template <class T, class W>
Simd<T> from_wrapping(W w) {
  return {__builtin_bit_cast(typename Simd<T>::Raw, w)};
}
}  // namespace detail

// ---- arithmetic -----------------------------------------------------------------------------------------

template <class T>
inline Simd<T> operator+(Simd<T> a, Simd<T> b) {
  if constexpr (detail::is_float<T>)
    return {a.raw + b.raw};
  else
    return detail::from_wrapping<T>(detail::wrapping(a) + detail::wrapping(b));
}
template <class T>
inline Simd<T> operator-(Simd<T> a, Simd<T> b) {
  if constexpr (detail::is_float<T>)
    return {a.raw - b.raw};
  else
    return detail::from_wrapping<T>(detail::wrapping(a) - detail::wrapping(b));
}
template <class T>
inline Simd<T> operator*(Simd<T> a, Simd<T> b) {
  if constexpr (detail::is_float<T>)
    return {a.raw * b.raw};
  else
    return detail::from_wrapping<T>(detail::wrapping(a) * detail::wrapping(b));
}
template <class T>
inline Simd<T> operator/(Simd<T> a, Simd<T> b) {
  static_assert(detail::is_float<T>);
  return {a.raw / b.raw};
}
template <class T>
inline Simd<T> operator-(Simd<T> a) {
  if constexpr (detail::is_float<T>)
    return {-a.raw};
  else
    return Simd<T>::zero() - a;
}
template <class T>
inline Simd<T>& operator+=(Simd<T>& a, Simd<T> b) {
  return a = a + b;
}
template <class T>
inline Simd<T>& operator-=(Simd<T>& a, Simd<T> b) {
  return a = a - b;
}
template <class T>
inline Simd<T>& operator*=(Simd<T>& a, Simd<T> b) {
  return a = a * b;
}

// ---- bits, masks, comparisons ---------------------------------------------------------------------------

// The lanes' bit patterns as integers, and back.
template <class T>
inline typename Simd<T>::Ints as_ints(Simd<T> x) {
  return {__builtin_bit_cast(typename Simd<T>::Bits, x.raw)};
}
inline F32x4 as_floats(I32x4 x) { return {__builtin_bit_cast(detail::RawF32, x.raw)}; }
inline F64x2 as_floats(I64x2 x) { return {__builtin_bit_cast(detail::RawF64, x.raw)}; }

template <class T>
inline Simd<T> operator&(Simd<T> a, Simd<T> b) {
  static_assert(!detail::is_float<T>);
  return {a.raw & b.raw};
}
template <class T>
inline Simd<T> operator|(Simd<T> a, Simd<T> b) {
  static_assert(!detail::is_float<T>);
  return {a.raw | b.raw};
}
template <class T>
inline Simd<T> operator^(Simd<T> a, Simd<T> b) {
  static_assert(!detail::is_float<T>);
  return {a.raw ^ b.raw};
}
template <class T>
inline Simd<T> operator~(Simd<T> a) {
  static_assert(!detail::is_float<T>);
  return {~a.raw};
}

// Shifts of integer lanes by the same count; to the right with the sign, or with zeros.
template <class T>
inline Simd<T> shift_left(Simd<T> a, int count) {
  return detail::from_wrapping<T>(detail::wrapping(a) << count);
}
template <class T>
inline Simd<T> shift_right(Simd<T> a, int count) {
  return {a.raw >> count};
}
template <class T>
inline Simd<T> shift_right_unsigned(Simd<T> a, int count) {
  return detail::from_wrapping<T>(detail::wrapping(a) >> count);
}

template <class T>
inline typename Simd<T>::Ints operator==(Simd<T> a, Simd<T> b) {
  return {__builtin_bit_cast(typename Simd<T>::Bits, a.raw == b.raw)};
}
template <class T>
inline typename Simd<T>::Ints operator!=(Simd<T> a, Simd<T> b) {
  return {__builtin_bit_cast(typename Simd<T>::Bits, a.raw != b.raw)};
}
template <class T>
inline typename Simd<T>::Ints operator<(Simd<T> a, Simd<T> b) {
  return {__builtin_bit_cast(typename Simd<T>::Bits, a.raw < b.raw)};
}
template <class T>
inline typename Simd<T>::Ints operator<=(Simd<T> a, Simd<T> b) {
  return {__builtin_bit_cast(typename Simd<T>::Bits, a.raw <= b.raw)};
}
template <class T>
inline typename Simd<T>::Ints operator>(Simd<T> a, Simd<T> b) {
  return {__builtin_bit_cast(typename Simd<T>::Bits, a.raw > b.raw)};
}
template <class T>
inline typename Simd<T>::Ints operator>=(Simd<T> a, Simd<T> b) {
  return {__builtin_bit_cast(typename Simd<T>::Bits, a.raw >= b.raw)};
}

// a where the mask is set, b elsewhere.
template <class T>
inline Simd<T> select(typename Simd<T>::Ints mask, Simd<T> a, Simd<T> b) {
#if defined(__wasm_simd128__)
  return {__builtin_bit_cast(typename Simd<T>::Raw,
                             wasm_v128_bitselect(__builtin_bit_cast(v128_t, a.raw), __builtin_bit_cast(v128_t, b.raw),
                                                 __builtin_bit_cast(v128_t, mask.raw)))};
#else
  using Raw = typename Simd<T>::Raw;
  return {__builtin_bit_cast(Raw, (as_ints(a).raw & mask.raw) | (as_ints(b).raw & ~mask.raw))};
#endif
}

template <class T>
inline bool any(Simd<T> mask) {
#if defined(__wasm_simd128__)
  return wasm_v128_any_true(__builtin_bit_cast(v128_t, mask.raw));
#else
  const auto halves = __builtin_bit_cast(detail::RawI64, mask.raw);
  return (halves[0] | halves[1]) != 0;
#endif
}
template <class T>
inline bool all(Simd<T> mask) {
  return !any(~mask);
}

// ---- functions of float lanes ---------------------------------------------------------------------------

template <class T>
inline Simd<T> abs(Simd<T> x) {
  using Int = typename detail::Traits<T>::Int;
  return as_floats(as_ints(x) & Simd<Int>::splat(std::numeric_limits<Int>::max()));  // the sign bit away
}

#if defined(__wasm_simd128__)
#define FLUXION_SIMD_UNARY(name)                                                                       \
  inline F32x4 name(F32x4 x) {                                                                         \
    return {__builtin_bit_cast(detail::RawF32, wasm_f32x4_##name(__builtin_bit_cast(v128_t, x.raw)))}; \
  }                                                                                                    \
  inline F64x2 name(F64x2 x) {                                                                         \
    return {__builtin_bit_cast(detail::RawF64, wasm_f64x2_##name(__builtin_bit_cast(v128_t, x.raw)))}; \
  }
FLUXION_SIMD_UNARY(sqrt)
FLUXION_SIMD_UNARY(floor)
FLUXION_SIMD_UNARY(ceil)
FLUXION_SIMD_UNARY(trunc)
FLUXION_SIMD_UNARY(nearest)
#undef FLUXION_SIMD_UNARY
#else
namespace detail {
template <class T, class F>
inline Simd<T> each_lane(Simd<T> x, F f) {
  for (int i = 0; i < Simd<T>::lanes; ++i) x.raw[i] = f(x.raw[i]);
  return x;
}
}  // namespace detail
template <class T>
inline Simd<T> sqrt(Simd<T> x) {
  return detail::each_lane(x, [](T v) { return std::sqrt(v); });
}
template <class T>
inline Simd<T> floor(Simd<T> x) {
  return detail::each_lane(x, [](T v) { return std::floor(v); });
}
template <class T>
inline Simd<T> ceil(Simd<T> x) {
  return detail::each_lane(x, [](T v) { return std::ceil(v); });
}
template <class T>
inline Simd<T> trunc(Simd<T> x) {
  return detail::each_lane(x, [](T v) { return std::trunc(v); });
}
// Half to even.
template <class T>
inline Simd<T> nearest(Simd<T> x) {
  return detail::each_lane(x, [](T v) { return std::nearbyint(v); });
}
#endif

// The cheap minimum and maximum (one x86 instruction): b < a ? b : a and a < b ? b : a, so a NaN in a stays
// and a NaN in b gives a.
inline F32x4 pmin(F32x4 a, F32x4 b) {
#if defined(__wasm_simd128__)
  return {__builtin_bit_cast(detail::RawF32,
                             wasm_f32x4_pmin(__builtin_bit_cast(v128_t, a.raw), __builtin_bit_cast(v128_t, b.raw)))};
#else
  return select(b < a, b, a);
#endif
}
inline F64x2 pmin(F64x2 a, F64x2 b) {
#if defined(__wasm_simd128__)
  return {__builtin_bit_cast(detail::RawF64,
                             wasm_f64x2_pmin(__builtin_bit_cast(v128_t, a.raw), __builtin_bit_cast(v128_t, b.raw)))};
#else
  return select(b < a, b, a);
#endif
}
inline F32x4 pmax(F32x4 a, F32x4 b) {
#if defined(__wasm_simd128__)
  return {__builtin_bit_cast(detail::RawF32,
                             wasm_f32x4_pmax(__builtin_bit_cast(v128_t, a.raw), __builtin_bit_cast(v128_t, b.raw)))};
#else
  return select(a < b, b, a);
#endif
}
inline F64x2 pmax(F64x2 a, F64x2 b) {
#if defined(__wasm_simd128__)
  return {__builtin_bit_cast(detail::RawF64,
                             wasm_f64x2_pmax(__builtin_bit_cast(v128_t, a.raw), __builtin_bit_cast(v128_t, b.raw)))};
#else
  return select(a < b, b, a);
#endif
}

// NaN in either operand wins. Of zeros of both signs either may come out. Integer lanes too.
template <class T>
inline Simd<T> min(Simd<T> a, Simd<T> b) {
  if constexpr (detail::is_float<T>)
    return select(b != b, b, pmin(a, b));
  else
    return select(b < a, b, a);
}
template <class T>
inline Simd<T> max(Simd<T> a, Simd<T> b) {
  if constexpr (detail::is_float<T>)
    return select(b != b, b, pmax(a, b));
  else
    return select(a < b, b, a);
}

// a·b + c and c − a·b.
inline F32x4 madd(F32x4 a, F32x4 b, F32x4 c) {
#if defined(__wasm_relaxed_simd__)
  return {__builtin_bit_cast(
      detail::RawF32, wasm_f32x4_relaxed_madd(__builtin_bit_cast(v128_t, a.raw), __builtin_bit_cast(v128_t, b.raw),
                                              __builtin_bit_cast(v128_t, c.raw)))};
#else
  return a * b + c;
#endif
}
inline F64x2 madd(F64x2 a, F64x2 b, F64x2 c) {
#if defined(__wasm_relaxed_simd__)
  return {__builtin_bit_cast(
      detail::RawF64, wasm_f64x2_relaxed_madd(__builtin_bit_cast(v128_t, a.raw), __builtin_bit_cast(v128_t, b.raw),
                                              __builtin_bit_cast(v128_t, c.raw)))};
#else
  return a * b + c;
#endif
}
inline F32x4 nmadd(F32x4 a, F32x4 b, F32x4 c) {
#if defined(__wasm_relaxed_simd__)
  return {__builtin_bit_cast(
      detail::RawF32, wasm_f32x4_relaxed_nmadd(__builtin_bit_cast(v128_t, a.raw), __builtin_bit_cast(v128_t, b.raw),
                                               __builtin_bit_cast(v128_t, c.raw)))};
#else
  return c - a * b;
#endif
}
inline F64x2 nmadd(F64x2 a, F64x2 b, F64x2 c) {
#if defined(__wasm_relaxed_simd__)
  return {__builtin_bit_cast(
      detail::RawF64, wasm_f64x2_relaxed_nmadd(__builtin_bit_cast(v128_t, a.raw), __builtin_bit_cast(v128_t, b.raw),
                                               __builtin_bit_cast(v128_t, c.raw)))};
#else
  return c - a * b;
#endif
}

// ---- conversions ----------------------------------------------------------------------------------------

inline F32x4 to_float(I32x4 x) { return {__builtin_convertvector(x.raw, detail::RawF32)}; }

// Towards zero; out of range saturates and NaN gives 0.
inline I32x4 to_int(F32x4 x) {
#if defined(__wasm_simd128__)
  return {__builtin_bit_cast(detail::RawI32, wasm_i32x4_trunc_sat_f32x4(__builtin_bit_cast(v128_t, x.raw)))};
#else
  I32x4 r;
  for (int i = 0; i < 4; ++i) {
    const float v = x.raw[i];
    if (!(v == v))
      r.raw[i] = 0;
    else if (v >= 0x1p31f)
      r.raw[i] = INT32_MAX;
    else if (v < -0x1p31f)
      r.raw[i] = INT32_MIN;
    else
      r.raw[i] = static_cast<std::int32_t>(v);
  }
  return r;
#endif
}

// Between four floats and two pairs of doubles.
inline F64x2 widen_low(F32x4 x) { return {detail::RawF64{x.raw[0], x.raw[1]}}; }
inline F64x2 widen_high(F32x4 x) { return {detail::RawF64{x.raw[2], x.raw[3]}}; }
inline F32x4 narrow(F64x2 low, F64x2 high) {
  return {detail::RawF32{static_cast<float>(low.raw[0]), static_cast<float>(low.raw[1]),
                         static_cast<float>(high.raw[0]), static_cast<float>(high.raw[1])}};
}

// ---- across lanes ---------------------------------------------------------------------------------------

// In a fixed order: (x0 + x2) + (x1 + x3).
inline float sum(F32x4 x) { return (x.raw[0] + x.raw[2]) + (x.raw[1] + x.raw[3]); }
inline double sum(F64x2 x) { return x.raw[0] + x.raw[1]; }
inline std::int32_t sum(I32x4 x) {
  const auto w = detail::wrapping(x);
  return static_cast<std::int32_t>(w[0] + w[1] + w[2] + w[3]);
}

// Largest and smallest lane; NaN wins.
template <class T>
inline T max_lane(Simd<T> x) {
  if constexpr (Simd<T>::lanes == 4) x = max(x, Simd<T>{__builtin_shufflevector(x.raw, x.raw, 2, 3, 0, 1)});
  const T a = x[0], b = x[1];
  return a > b || a != a ? a : b;
}
template <class T>
inline T min_lane(Simd<T> x) {
  if constexpr (Simd<T>::lanes == 4) x = min(x, Simd<T>{__builtin_shufflevector(x.raw, x.raw, 2, 3, 0, 1)});
  const T a = x[0], b = x[1];
  return a < b || a != a ? a : b;
}

// The lanes at even and at odd places of a and b, end to end.
template <class T>
inline Simd<T> even_lanes(Simd<T> a, Simd<T> b) {
  if constexpr (Simd<T>::lanes == 4)
    return {__builtin_shufflevector(a.raw, b.raw, 0, 2, 4, 6)};
  else
    return {__builtin_shufflevector(a.raw, b.raw, 0, 2)};
}
template <class T>
inline Simd<T> odd_lanes(Simd<T> a, Simd<T> b) {
  if constexpr (Simd<T>::lanes == 4)
    return {__builtin_shufflevector(a.raw, b.raw, 1, 3, 5, 7)};
  else
    return {__builtin_shufflevector(a.raw, b.raw, 1, 3)};
}

// The lanes of a and b in turns: of their lower halves, and of their upper ones.
inline F32x4 zip_low(F32x4 a, F32x4 b) { return {__builtin_shufflevector(a.raw, b.raw, 0, 4, 1, 5)}; }
inline F32x4 zip_high(F32x4 a, F32x4 b) { return {__builtin_shufflevector(a.raw, b.raw, 2, 6, 3, 7)}; }

// Rows become columns.
inline void transpose(F32x4 (&r)[4]) {
  const F32x4 a = zip_low(r[0], r[1]), b = zip_high(r[0], r[1]);
  const F32x4 c = zip_low(r[2], r[3]), d = zip_high(r[2], r[3]);
  r[0].raw = __builtin_shufflevector(a.raw, c.raw, 0, 1, 4, 5);
  r[1].raw = __builtin_shufflevector(a.raw, c.raw, 2, 3, 6, 7);
  r[2].raw = __builtin_shufflevector(b.raw, d.raw, 0, 1, 4, 5);
  r[3].raw = __builtin_shufflevector(b.raw, d.raw, 2, 3, 6, 7);
}
inline void transpose(F64x2 (&r)[2]) {
  const auto a = __builtin_shufflevector(r[0].raw, r[1].raw, 0, 2);
  r[1].raw = __builtin_shufflevector(r[0].raw, r[1].raw, 1, 3);
  r[0].raw = a;
}

}  // namespace fluxion::simd
