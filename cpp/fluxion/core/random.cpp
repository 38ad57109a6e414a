#include "fluxion/core/random.h"

#include <bit>
#include <cmath>
#include <initializer_list>
#include <numbers>
#include <utility>

#include "fluxion/core/recorder.h"

namespace fluxion {

namespace {

// mt19937 (Matsumoto and Nishimura, 1998).
constexpr std::size_t kWords = 624;
constexpr std::size_t kMiddle = 397;
constexpr std::uint32_t kUpperMask = 0x80000000, kLowerMask = 0x7fffffff, kMatrix = 0x9908b0df;

std::uint32_t twist(std::uint32_t a, std::uint32_t b) {
  return (((a & kUpperMask) | (b & kLowerMask)) >> 1) ^ ((b & 1) != 0 ? kMatrix : 0);
}

// Where torch switches from pairs of normals to blocks of 16.
constexpr std::ptrdiff_t kNormalBlock = 16;

double shifted(double normal, double mean, double std) { return normal * std + mean; }

// a·b + c, rounded once.
float fused(float a, float b, float c) {
  return static_cast<float>(static_cast<double>(a) * static_cast<double>(b) + static_cast<double>(c));
}
float shifted(float normal, float mean, float std) { return fused(normal, std, mean); }

float polynomial(std::initializer_list<float> coefficients, float x) {
  float y = 0;
  for (const float c : coefficients) y = fused(y, x, c);
  return y;
}

// torch draws blocks of float normals with the functions of the Cephes library, fused where its compiler fuses them.
// The same polynomials in the same order give the same bits.
struct SinCos {
  float sin, cos;
};

// 0 ≤ x: x less the nearest even multiple of π/4, in three steps, then one of two polynomials.
SinCos cephes_sin_cos(float x) {
  const int octant = (static_cast<int>(x * 1.27323954473516f) + 1) & ~1;
  const float n = static_cast<float>(octant);
  for (const float part : {0.78515625f, 2.4187564849853515625e-4f, 3.77489497744594108e-8f}) x = fused(n, -part, x);
  const float z = x * x;
  const float c = 1 + fused(polynomial({2.443315711809948e-5f, -1.388731625493765e-3f, 4.166664568298827e-2f}, z) * z,
                            z, -(z * 0.5f));
  const float s = fused(polynomial({-1.9515295891e-4f, 8.3321608736e-3f, -1.6666654611e-1f}, z) * z, x, x);
  const bool swapped = (octant & 2) != 0;
  const float sin = swapped ? c : s, cos = swapped ? s : c;
  return {(octant & 4) != 0 ? -sin : sin, ((octant + 2) & 4) != 0 ? -cos : cos};
}

// x > 0 and no subnormal.
float cephes_log(float x) {
  int exponent;
  float m = std::frexp(x, &exponent);  // from 1/2 to 1
  if (m < 0.707106781186547524f) {
    m += m;
    --exponent;
  }
  m -= 1;
  const float e = static_cast<float>(exponent), z = m * m;
  const float y =
      polynomial({7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                  -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f},
                 m) *
      m;
  return fused(e, 0.693359375f, m + fused(z, -0.5f, fused(y, z, e * -2.12194440e-4f)));
}

float log_of(float x) { return cephes_log(x); }
double log_of(double x) { return std::log(x); }
SinCos sin_cos_of(float x) { return cephes_sin_cos(x); }
std::pair<double, double> sin_cos_of(double x) { return {std::sin(x), std::cos(x)}; }

// 8 uniforms and 8 more become 16 normals (Box–Muller).
template <class T>
void box_muller_block(T* x, T mean, T std) {
  constexpr std::ptrdiff_t half = kNormalBlock / 2;
  for (std::ptrdiff_t j = 0; j < half; ++j) {
    const T radius = std::sqrt(T(-2) * log_of(T(1) - x[j]));
    const auto [sin, cos] = sin_cos_of(static_cast<T>(2 * std::numbers::pi) * x[j + half]);
    x[j] = shifted(radius * cos, mean, std);
    x[j + half] = shifted(radius * sin, mean, std);
  }
}

}  // namespace

void Generator::set_state(const State& s) {
  refuse_recording("a random stream was set");
  state_ = s;
  seed_ = s.seed;
}

void Generator::set_seed(std::uint64_t seed) {
  refuse_recording("a random stream was seeded");
  seed_ = seed;
  state_ = State{};
  state_.seed = seed;
  state_.words[0] = static_cast<std::uint32_t>(seed);
  for (std::uint32_t i = 1; i < kWords; ++i) {
    const std::uint32_t last = state_.words[i - 1];
    state_.words[i] = 1812433253u * (last ^ (last >> 30)) + i;
  }
}

void Generator::refill() {
  auto& w = state_.words;
  std::size_t i = 0;
  for (; i < kWords - kMiddle; ++i) w[i] = w[i + kMiddle] ^ twist(w[i], w[i + 1]);
  for (; i < kWords - 1; ++i) w[i] = w[i + kMiddle - kWords] ^ twist(w[i], w[i + 1]);
  w[i] = w[kMiddle - 1] ^ twist(w[i], w[0]);
  state_.left = kWords;
  state_.next = 0;
}

std::uint32_t Generator::next_u32() {
  if (--state_.left == 0) refill();
  std::uint32_t y = state_.words[state_.next++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680;
  y ^= (y << 15) & 0xefc60000;
  return y ^ (y >> 18);
}

std::uint64_t Generator::next_u64() {
  const std::uint64_t high = next_u32();
  return high << 32 | next_u32();
}

float Generator::uniform_float(double a, double b) {
  const float low = static_cast<float>(a), span = static_cast<float>(b) - low;
  const double x = static_cast<double>(next_u32() & 0xffffff) * 0x1p-24;
  return static_cast<float>(x * static_cast<double>(span) + static_cast<double>(low));
}

double Generator::uniform_double(double a, double b) {
  // The low 53 bits of next_u64(), as two exact halves: converting 64-bit integers is slow.
  const double high = static_cast<double>(next_u32() & 0x1fffff) * 0x1p-21;
  const double x = high + static_cast<double>(next_u32()) * 0x1p-53;
  return a == 0 && b == 1 ? x : std::fma(x, b - a, a);  // torch's own is fused
}

void Generator::fill_uniform(float* out, std::ptrdiff_t n, double a, double b) {
  for (std::ptrdiff_t i = 0; i < n; ++i) out[i] = uniform_float(a, b);
}

void Generator::fill_uniform(double* out, std::ptrdiff_t n, double a, double b) {
  for (std::ptrdiff_t i = 0; i < n; ++i) out[i] = uniform_double(a, b);
}

// One normal of a pair, the other one is kept for the next call; torch keeps it as a double for floats too.
double Generator::next_normal(double mean, double std) {
  if (std::exchange(state_.has_normal, false)) return state_.normal * std + mean;
  const double angle = 2 * std::numbers::pi * uniform_double();
  const double radius = std::sqrt(-2 * std::log1p(-uniform_double()));
  state_.normal = radius * std::sin(angle);
  state_.has_normal = true;
  return radius * std::cos(angle) * std + mean;
}

template <class T>
void Generator::fill_normal_of(T* out, std::ptrdiff_t n, double mean, double std) {
  if (n < kNormalBlock) {
    for (std::ptrdiff_t i = 0; i < n; ++i) out[i] = static_cast<T>(next_normal(mean, std));
    return;
  }
  fill_uniform(out, n, 0, 1);
  for (std::ptrdiff_t i = 0; i + kNormalBlock <= n; i += kNormalBlock)
    box_muller_block(out + i, static_cast<T>(mean), static_cast<T>(std));
  if (n % kNormalBlock == 0) return;
  // The last 16 values are drawn anew.
  T* last = out + n - kNormalBlock;
  fill_uniform(last, kNormalBlock, 0, 1);
  box_muller_block(last, static_cast<T>(mean), static_cast<T>(std));
}

void Generator::fill_normal(float* out, std::ptrdiff_t n, double mean, double std) {
  fill_normal_of(out, n, mean, std);
}

void Generator::fill_normal(double* out, std::ptrdiff_t n, double mean, double std) {
  fill_normal_of(out, n, mean, std);
}

// 1 with probability p, else 0, from the sign of x − p: choosing between two floats is a branch in wasm engines, and
// this one could not be predicted.
template <class T, class Bits>
void Generator::fill_bernoulli_of(T* out, std::ptrdiff_t n, double p) {
  constexpr Bits one = std::bit_cast<Bits>(T(1));
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const std::uint64_t below = std::bit_cast<std::uint64_t>(uniform_double() - p) >> 63;
    out[i] = std::bit_cast<T>(one * static_cast<Bits>(below));
  }
}

void Generator::fill_bernoulli(float* out, std::ptrdiff_t n, double p) {
  fill_bernoulli_of<float, std::uint32_t>(out, n, p);
}

void Generator::fill_bernoulli(double* out, std::ptrdiff_t n, double p) {
  fill_bernoulli_of<double, std::uint64_t>(out, n, p);
}

void Generator::fill_randint(std::int32_t* out, std::ptrdiff_t n, std::int64_t low, std::int64_t high) {
  const std::uint64_t range = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (range == 0) return;
  const bool wide = range >= std::uint64_t{1} << 32;
  for (std::ptrdiff_t i = 0; i < n; ++i) {
    const std::uint64_t draw = wide ? next_u64() : next_u32();
    out[i] = static_cast<std::int32_t>(static_cast<std::int64_t>(draw % range) + low);
  }
}

void Generator::fill_randperm(std::int32_t* out, std::ptrdiff_t n) {
  for (std::ptrdiff_t i = 0; i < n; ++i) out[i] = static_cast<std::int32_t>(i);
  for (std::ptrdiff_t i = 0; i + 1 < n; ++i)
    std::swap(out[i], out[i + static_cast<std::ptrdiff_t>(next_u32() % static_cast<std::uint64_t>(n - i))]);
}

Generator& default_generator() {
  static Generator generator;
  return generator;
}

}  // namespace fluxion
