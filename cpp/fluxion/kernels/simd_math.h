#pragma once
// float32 maths, four lanes at a time: exact enough to round well (each function states its largest error over
// all floats in units in the last place, as tests/cpp/kernels_math.cpp measures it), right for NaN, infinities,
// denormals and −0 unless said otherwise, and the same in every lane and every tail.
//
// Polynomial coefficients are minimax fits of our own (iterated weighted least squares, then rounded to float),
// from the highest power down.

#include "fluxion/kernels/simd.h"

namespace fluxion::simd {

namespace detail {

// V8 builds a constant vector anew from immediates at every use, which takes several instructions; loading one
// number into all lanes takes one. So constants lie in memory, and the compiler must not see which they are.
template <class T>
inline const T& in_memory(const T& constants) {
  const T* p = &constants;
  __asm__("" : "+r"(p));
  return *p;
}

inline F32x4 all(float x) { return F32x4::splat(x); }

// Horner's scheme: fewest instructions, for loops that have other elements to go on with.
template <std::size_t n>
inline F32x4 horner(F32x4 x, const float (&coefficients)[n]) {
  F32x4 y = all(coefficients[0]);
  for (std::size_t i = 1; i < n; ++i) y = madd(y, x, all(coefficients[i]));
  return y;
}

// Estrin's scheme, neighbours first: sums wait for each other far less than in Horner's.
template <class T, std::size_t n>
inline Simd<T> polynomial(Simd<T> x, const T (&coefficients)[n]) {
  Simd<T> terms[n];
  for (std::size_t i = 0; i < n; ++i) terms[i] = Simd<T>::splat(coefficients[n - 1 - i]);
  for (std::size_t left = n; left > 1; left = (left + 1) / 2, x = x * x) {
    for (std::size_t i = 0; i < left / 2; ++i) terms[i] = madd(terms[2 * i + 1], x, terms[2 * i]);
    if (left % 2 != 0) terms[left / 2] = terms[left - 1];
  }
  return terms[0];
}

struct CommonConstants {
  float one = 1.0f;
  float half = 0.5f;
  float two = 2.0f;
  float infinity = std::numeric_limits<float>::infinity();
  float nan = std::numeric_limits<float>::quiet_NaN();
  // ln 2 in two parts; the first has 10 bits, so that its product with an exponent is exact.
  float ln2_high = 0x1.63p-1f;
  float ln2_low = -0x1.bd0106p-13f;
};
inline constexpr CommonConstants kCommon{};

struct ExpConstants {
  float log2_e = 0x1.715476p+0f;
  // Adding 1.5·2^23 to a small float rounds it to an integer, which then stands in the low bits.
  float round = 0x1.8p+23f;
  // Beyond these bounds exp is 0 or infinity, and expm1 is −1.
  float lowest = -104.0f, lowest_expm1 = -20.0f, highest = 89.0f;
  // The same with the bias of exponents on top: n + 127, shifted to the exponent's place, is 2^n. It is 0 for n = −127,
  // which `flushed` leads to, and infinity for n = 128.
  float biased_round = 0x1.8000fep+23f;
  float flushed = -88.0f;
  // exp(r) = 1 + r + r²·q(r) for |r| <= ln 2 / 2.
  float q[5] = {0x1.6d8222p-10f, 0x1.123fe8p-7f, 0x1.5554bap-5f, 0x1.55548ap-3f, 0x1p-1f};
  float q_expm1[6] = {0x1.9fbc26p-13f, 0x1.6d4668p-10f, 0x1.1111d2p-7f, 0x1.5554eep-5f, 0x1.555554p-3f, 0x1p-1f};
};
inline constexpr ExpConstants kExp{};

struct LogConstants {
  float smallest_normal = 0x1p-126f;
  float to_normal = 0x1p+23f;
  std::int32_t exponent_of_to_normal = 23;
  std::int32_t bits_of_root_half = 0x3f3504f3;
  // log(1 + f) = f − f²/2 + f³·p(f) for sqrt(1/2) <= 1 + f < sqrt(2).
  float p[8] = {-0x1.38b452p-4f, 0x1.056f9ap-3f, -0x1.0d8ed0p-3f, 0x1.22d812p-3f,
                -0x1.547126p-3f, 0x1.99a014p-3f, -0x1.00022ap-2f, 0x1.555554p-2f};
};
inline constexpr LogConstants kLog{};

struct ErfConstants {
  float p[7] = {0x1.4ae4d0p-14f, -0x1.a485ecp-11f, 0x1.5419f6p-8f, -0x1.b7fbb4p-6f,
                0x1.ce2d20p-4f,  -0x1.81273ep-2f,  0x1.06eba8p-3f};
  float q[7] = {-0x1.896f90p-13f, 0x1.83fcf4p-9f, -0x1.66a3d0p-6f, 0x1.a6c822p-4f,
                0x1.46a98ap-1f,   0x1.208e52p+0f, 0x1.50256ap-12f};
  float last = 4.0f;  // erf(4) rounds to 1
};
inline constexpr ErfConstants kErf{};

struct GeluConstants {
  float cube = 0.044715f;
  float scale = -0x1.988454p+0f;  // −2·√(2/π)
  // −log Φ(−a) for a >= 0, to 3e-8 in Φ and in a·Φ; beyond a = 6 it grows on.
  float tail[9] = {0x1.1ebbb0p-20f, -0x1.1d881cp-16f, 0x1.5ae90ep-14f, 0x1.a39f6ep-13f, -0x1.493708p-8f,
                   0x1.2abf36p-5f,  0x1.45e9d8p-2f,   0x1.9884c6p-1f,  0x1.62e42ep-1f};
};
inline constexpr GeluConstants kGelu{};

inline I32x4 sign_of(F32x4 x) { return as_ints(x) & I32x4::splat(std::numeric_limits<std::int32_t>::min()); }

// 2^n for −126 <= n <= 127; `one` is 1.0f, whose bits are the exponent's bias.
inline F32x4 power_of_two(I32x4 n, F32x4 one) { return as_floats(shift_left(n, 23) + as_ints(one)); }

struct Reduced {
  I32x4 n;  // x = n·ln 2 + r, |r| <= ln 2 / 2
  F32x4 r;
};
inline Reduced reduce_by_ln2(F32x4 x, const CommonConstants& c, const ExpConstants& e) {
  const F32x4 round = all(e.round);
  const F32x4 shifted = madd(x, all(e.log2_e), round);
  const F32x4 n = shifted - round;
  const F32x4 r = nmadd(n, all(c.ln2_high), x);
  return {as_ints(shifted) - as_ints(round), nmadd(n, all(c.ln2_low), r)};
}

}  // namespace detail

// Below 1 ulp.
inline F32x4 exp(F32x4 x) {
  using detail::all;
  const auto& c = detail::in_memory(detail::kCommon);
  const auto& e = detail::in_memory(detail::kExp);
  const auto [n, r] = detail::reduce_by_ln2(pmax(pmin(x, all(e.highest)), all(e.lowest)), c, e);
  const F32x4 one = all(c.one);
  const F32x4 y = one + madd(r * r, detail::polynomial(r, e.q), r);
  // In two factors: 2^n itself may be no normal number.
  const I32x4 half = shift_right(n, 1);
  return y * detail::power_of_two(half, one) * detail::power_of_two(n - half, one);
}

// float64 takes the C library's functions.
inline F64x2 exp(F64x2 x) { return {F64x2::Raw{std::exp(x.raw[0]), std::exp(x.raw[1])}}; }

// exp(x) for x <= 89, in half the time: below 1 ulp, but 0 where that would be no normal number, and infinity from
// 2^127.5 on.
inline F32x4 exp_flushed(F32x4 x) {
  using detail::all;
  const auto& c = detail::in_memory(detail::kCommon);
  const auto& e = detail::in_memory(detail::kExp);
  const F32x4 bounded = pmax(x, all(e.flushed)), round = all(e.biased_round);
  const F32x4 shifted = madd(bounded, all(e.log2_e), round);
  const F32x4 n = shifted - round;
  const F32x4 r = nmadd(n, all(c.ln2_low), nmadd(n, all(c.ln2_high), bounded));
  const F32x4 one = all(c.one), q = detail::horner(r, e.q);
  // Where a product is rounded by itself, 1 + r would lose digits.
  const F32x4 y = kFused ? madd(madd(q, r, one), r, one) : one + madd(r * r, q, r);
  return y * as_floats(shift_left(as_ints(shifted), 23));
}
inline F64x2 exp_flushed(F64x2 x) { return exp(x); }

// exp(x) − 1; below 1.5 ulp.
inline F32x4 expm1(F32x4 x) {
  using detail::all;
  const auto& c = detail::in_memory(detail::kCommon);
  const auto& e = detail::in_memory(detail::kExp);
  const auto [n, r] = detail::reduce_by_ln2(pmax(pmin(x, all(e.highest)), all(e.lowest_expm1)), c, e);
  const F32x4 small = madd(r * r, detail::polynomial(r, e.q_expm1), r);
  // With s = 2^(n−1): 2·(s·small + (s − 1/2)), exact for n = 0, without overflow for n = 128.
  const F32x4 half = all(c.half);
  const F32x4 s = detail::power_of_two(n, half);
  const F32x4 y = madd(s, small, s - half);
  return select(x == F32x4::zero(), x, y + y);  // keeps −0
}

// Below 1 ulp; negative numbers give NaN, 0 gives −infinity.
inline F32x4 log(F32x4 x) {
  using detail::all;
  const auto& c = detail::in_memory(detail::kCommon);
  const auto& k = detail::in_memory(detail::kLog);
  const I32x4 denormal = x < all(k.smallest_normal);
  const I32x4 bits = as_ints(select(denormal, x * all(k.to_normal), x));
  // m = scaled / 2^e lies in [sqrt(1/2), sqrt(2)).
  I32x4 e = shift_right(bits - I32x4::splat(k.bits_of_root_half), 23);
  const F32x4 f = as_floats(bits - shift_left(e, 23)) - all(c.one);
  e = e - (denormal & I32x4::splat(k.exponent_of_to_normal));
  const F32x4 exponent = to_float(e);
  const F32x4 s = f * f;
  F32x4 y = f * s * detail::polynomial(f, k.p);
  y = madd(exponent, all(c.ln2_low), y);
  y = nmadd(all(c.half), s, y);
  y = madd(exponent, all(c.ln2_high), f + y);
  y = select(x < all(c.infinity), y, x);  // +infinity and NaN
  y = select(x == F32x4::zero(), -all(c.infinity), y);
  return select(x < F32x4::zero(), all(c.nan), y);
}

// log(1 + x); below 1.5 ulp.
inline F32x4 log1p(F32x4 x) {
  const auto& c = detail::in_memory(detail::kCommon);
  const F32x4 one = detail::all(c.one);
  const F32x4 u = one + x;
  const F32x4 y = log(u);
  // What 1 + x lost, times the derivative at u.
  const F32x4 lost = (x - (u - one)) / u;
  const I32x4 regular = (u > F32x4::zero()) & (u < detail::all(c.infinity));
  return select(x == F32x4::zero(), x, select(regular, y + lost, y));
}

// −t / (2 + t) with t = expm1(−2|x|), and the sign of x; below 2.6 ulp.
inline F32x4 tanh(F32x4 x) {
  using detail::all;
  const auto& c = detail::in_memory(detail::kCommon);
  const auto& e = detail::in_memory(detail::kExp);
  const F32x4 two = all(c.two), round = all(e.biased_round);
  const F32x4 z = pmax(-two * abs(x), all(e.lowest_expm1));
  const F32x4 shifted = madd(z, all(e.log2_e), round);
  const F32x4 n = shifted - round;
  const F32x4 r = nmadd(n, all(c.ln2_low), nmadd(n, all(c.ln2_high), z));
  const F32x4 power = as_floats(shift_left(as_ints(shifted), 23));
  const F32x4 t = madd(power, madd(r * r, detail::horner(r, e.q_expm1), r), power - all(c.one));
  return as_floats(as_ints(abs(t / (t + two))) | detail::sign_of(x));
}

// 1 / (1 + exp(−x)), which for large −x is 0 as soon as exp(−x) is infinite; below 2.5 ulp elsewhere.
inline F32x4 sigmoid(F32x4 x) {
  const F32x4 one = detail::all(detail::in_memory(detail::kCommon).one);
  return one / (one + exp_flushed(pmin(-x, detail::all(detail::in_memory(detail::kExp).highest))));
}

// Below 1: x + x·p(x²). Above: 1 − exp(−q(|x|)), q = −log erfc, with the sign of x. Below 1.4 ulp.
inline F32x4 erf(F32x4 x) {
  const F32x4 one = detail::all(detail::in_memory(detail::kCommon).one);
  const auto& k = detail::in_memory(detail::kErf);
  const F32x4 a = abs(x);
  const F32x4 small = madd(x, detail::polynomial(x * x, k.p), x);
  const F32x4 large = one - exp_flushed(-detail::polynomial(pmin(a, detail::all(k.last)), k.q));
  return select(a < one, small, as_floats(as_ints(large) | detail::sign_of(x)));
}

// Φ(x), the chance that a normal number is below x: of the tails of exp(−q(|x|)) the one or what it leaves of 1.
// Absolute error below 1e-7.
inline F32x4 normal_cdf(F32x4 x) {
  const F32x4 one = detail::all(detail::in_memory(detail::kCommon).one);
  const F32x4 tail = exp_flushed(-detail::horner(abs(x), detail::in_memory(detail::kGelu).tail));
  return select(x < F32x4::zero(), tail, one - tail);
}

// x·Φ(x); absolute error below 2e-7.
inline F32x4 gelu(F32x4 x) { return x * normal_cdf(x); }

// x·sigmoid(x).
inline F32x4 silu(F32x4 x) {
  const F32x4 e = exp_flushed(pmin(-x, detail::all(detail::in_memory(detail::kExp).highest)));
  return x / (detail::all(detail::in_memory(detail::kCommon).one) + e);
}

// x/2·(1 + tanh(z)) with z = √(2/π)·(x + 0.044715·x³), which is x·sigmoid(2z).
inline F32x4 gelu_tanh(F32x4 x) {
  const auto& k = detail::in_memory(detail::kGelu);
  const F32x4 z = detail::all(k.scale) * madd(x * x * x, detail::all(k.cube), x);
  const F32x4 e = exp_flushed(pmin(z, detail::all(detail::in_memory(detail::kExp).highest)));
  return x / (detail::all(detail::in_memory(detail::kCommon).one) + e);
}

// log(1 + exp(x)) without overflow; below 2 ulp.
inline F32x4 softplus(F32x4 x) { return select(x != x, x, pmax(x, F32x4::zero()) + log1p(exp(-abs(x)))); }

namespace detail {

struct SinConstants {
  double round = 0x1.8p+52;  // as in ExpConstants
  double two_over_pi = 0x1.45f306dc9c883p-1;
  // π/2 in two parts, the first of 33 bits, so that its product with n is exact for |x| up to kSinBound.
  double half_pi_high = 0x1.921fb544p+0, half_pi_low = 0x1.0b4611a626331p-34;
  double one = 1.0, half = 0.5;
  // sin(r) = r + r³·sine(r²) and cos(r) = 1 − r²/2 + r⁴·cosine(r²) for |r| <= π/4, to about 2e-10.
  double sine[4] = {0x1.6ca4e25056eb8p-19, -0x1.a00ec3fe7403dp-13, 0x1.111107862a6f3p-7, -0x1.5555554b41dddp-3};
  double cosine[3] = {0x1.99c3cd4bf635bp-16, -0x1.6c0bb55a9b657p-10, 0x1.5555495e04d84p-5};
};
inline constexpr SinConstants kSin{};

// sin(x + quadrant·π/2) of two doubles.
inline F64x2 sin_from_quadrant(F64x2 x, std::int64_t quadrant) {
  const auto& c = in_memory(kSin);
  const F64x2 round = F64x2::splat(c.round);
  const F64x2 shifted = x * F64x2::splat(c.two_over_pi) + round;
  const F64x2 n = shifted - round;
  F64x2 r = nmadd(n, F64x2::splat(c.half_pi_high), x);
  r = nmadd(n, F64x2::splat(c.half_pi_low), r);
  const F64x2 s = r * r;
  const F64x2 sine = madd(r * s, polynomial(s, c.sine), r);
  const F64x2 cosine = madd(s * s, polynomial(s, c.cosine), nmadd(F64x2::splat(c.half), s, F64x2::splat(c.one)));
  const I64x2 k = as_ints(shifted) + I64x2::splat(quadrant);
  const I64x2 odd = I64x2::zero() - (k & I64x2::splat(1));
  const I64x2 sign = shift_left(k & I64x2::splat(2), 62);
  return as_floats(as_ints(select(odd, cosine, sine)) ^ sign);
}

}  // namespace detail

// Where sin and cos below hold: |x| <= 2^19.
inline constexpr float kSinBound = 0x1p+19f;

// Below 0.6 ulp for |x| <= kSinBound.
inline F32x4 sin(F32x4 x) {
  const F32x4 y = narrow(detail::sin_from_quadrant(widen_low(x), 0), detail::sin_from_quadrant(widen_high(x), 0));
  return select(x == F32x4::zero(), x, y);  // keeps −0
}
inline F32x4 cos(F32x4 x) {
  return narrow(detail::sin_from_quadrant(widen_low(x), 1), detail::sin_from_quadrant(widen_high(x), 1));
}

}  // namespace fluxion::simd
