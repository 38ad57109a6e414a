// The float32 functions of simd_math.h over the whole range of floats, in units in the last place.

#include <bit>
#include <cmath>
#include <limits>

#include "check.h"
#include "fluxion/kernels/simd_math.h"

namespace fluxion::testing {
namespace {

using simd::F32x4;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

double unit_in_last_place(float x) {
  if (std::fabs(x) < 0x1p-126f) return 0x1p-149;
  return std::ldexp(1.0, std::ilogb(x) - 23);
}

// The largest error of f over every 1009th float within the bound, if no value is wrong altogether.
template <class F, class G>
void check_ulps(const char* name, F f, G exact, double allowed, float bound = kInfinity) {
  constexpr std::uint64_t step = 1009;
  double worst = 0;
  float worst_at = 0;
  for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += 4 * step) {
    float x[4], y[4];
    for (int k = 0; k < 4; ++k) {
      x[k] = std::bit_cast<float>(static_cast<std::uint32_t>(bits + static_cast<std::uint64_t>(k) * step));
      if (std::fabs(x[k]) > bound) x[k] = 1.0f;
    }
    f(F32x4::load(x)).store(y);
    for (int k = 0; k < 4; ++k) {
      const double want = exact(static_cast<double>(x[k]));
      const float want_float = static_cast<float>(want);
      if (std::isnan(want) || std::isinf(want_float) || std::isnan(y[k]) || std::isinf(y[k])) {
        const bool same = (std::isnan(want) && std::isnan(y[k])) || y[k] == want_float;
        if (!check(same, name)) return;
        continue;
      }
      if (!check(std::signbit(y[k]) == std::signbit(want_float) || want_float == 0, name)) return;
      const double error = std::fabs(static_cast<double>(y[k]) - want) / unit_in_last_place(want_float);
      if (error > worst) {
        worst = error;
        worst_at = x[k];
      }
    }
  }
  if (worst > allowed)
    check_close(worst, 0, 0, allowed, (std::string("error of ") + name + " at " + show(worst_at)).c_str());
}

template <class F>
float one(F f, float x) {
  return f(F32x4::splat(x))[2];
}

#define FUNCTION(name) [](F32x4 x) { return simd::name(x); }

TEST(simd_math_accuracy) {
  check_ulps(
      "exp", FUNCTION(exp), [](double x) { return std::exp(x); }, 1.0);
  check_ulps(
      "exp_flushed", FUNCTION(exp_flushed), [](double x) { return std::exp(x); }, 1.0, 87.0f);
  check_ulps(
      "expm1", FUNCTION(expm1), [](double x) { return std::expm1(x); }, 1.5);
  check_ulps(
      "log", FUNCTION(log), [](double x) { return std::log(x); }, 1.0);
  check_ulps(
      "log1p", FUNCTION(log1p), [](double x) { return std::log1p(x); }, 1.5);
  check_ulps(
      "tanh", FUNCTION(tanh), [](double x) { return std::tanh(x); }, 2.6);
  check_ulps(
      "sigmoid", FUNCTION(sigmoid), [](double x) { return 1 / (1 + std::exp(-x)); }, 2.5, 88.0f);
  check_ulps(
      "erf", FUNCTION(erf), [](double x) { return std::erf(x); }, 1.4);
  check_ulps(
      "softplus", FUNCTION(softplus),
      [](double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }, 2.0);
  check_ulps(
      "sin", FUNCTION(sin), [](double x) { return std::sin(x); }, 0.6, simd::kSinBound);
  check_ulps(
      "cos", FUNCTION(cos), [](double x) { return std::cos(x); }, 0.6, simd::kSinBound);
}

// The distribution function errs absolutely: its tail is exp of a polynomial.
TEST(simd_math_normal_cdf) {
  double worst = 0;
  for (float at = -14.0f; at < 14.0f; at += 0x1p-10f) {
    const double want = 0.5 * std::erfc(-static_cast<double>(at) / std::sqrt(2.0));
    worst = std::fmax(worst, std::fabs(static_cast<double>(one(FUNCTION(normal_cdf), at)) - want));
  }
  CHECK(worst < 1e-7);
  CHECK_EQ(one(FUNCTION(normal_cdf), kInfinity), 1.0f);
  CHECK_EQ(one(FUNCTION(normal_cdf), -kInfinity), 0.0f);
  CHECK_EQ(one(FUNCTION(normal_cdf), -1e30f), 0.0f);
  CHECK(std::isnan(one(FUNCTION(normal_cdf), kNan)));
  CHECK_EQ(one(FUNCTION(gelu), kInfinity), kInfinity);
}

TEST(simd_math_special_values) {
  CHECK_EQ(one(FUNCTION(exp), -kInfinity), 0.0f);
  CHECK_EQ(one(FUNCTION(exp), kInfinity), kInfinity);
  CHECK(std::isnan(one(FUNCTION(exp), kNan)));
  CHECK_EQ(one(FUNCTION(exp), -103.0f), 0x1p-149f);
  CHECK_EQ(one(FUNCTION(exp), 88.72284f), std::exp(88.72284f));
  CHECK_EQ(one(FUNCTION(exp), 88.73f), kInfinity);
  CHECK_EQ(one(FUNCTION(exp_flushed), 0.0f), 1.0f);
  CHECK_EQ(one(FUNCTION(exp_flushed), -88.5f), 0.0f);
  CHECK_EQ(one(FUNCTION(exp_flushed), -kInfinity), 0.0f);
  CHECK_EQ(one(FUNCTION(exp_flushed), 89.0f), kInfinity);
  CHECK(std::isnan(one(FUNCTION(exp_flushed), kNan)));
  CHECK(std::signbit(one(FUNCTION(expm1), -0.0f)));
  CHECK_EQ(one(FUNCTION(expm1), -kInfinity), -1.0f);
  CHECK_EQ(one(FUNCTION(expm1), kInfinity), kInfinity);
  CHECK_EQ(one(FUNCTION(log), 0.0f), -kInfinity);
  CHECK_EQ(one(FUNCTION(log), -0.0f), -kInfinity);
  CHECK_EQ(one(FUNCTION(log), kInfinity), kInfinity);
  CHECK(std::isnan(one(FUNCTION(log), -1e-45f)));
  CHECK(std::isnan(one(FUNCTION(log), -kInfinity)));
  CHECK(std::isnan(one(FUNCTION(log), kNan)));
  CHECK_EQ(one(FUNCTION(log), 1.0f), 0.0f);
  CHECK_EQ(one(FUNCTION(log1p), -1.0f), -kInfinity);
  CHECK_EQ(one(FUNCTION(log1p), kInfinity), kInfinity);
  CHECK(std::isnan(one(FUNCTION(log1p), -1.5f)));
  CHECK(std::signbit(one(FUNCTION(log1p), -0.0f)));
  CHECK_EQ(one(FUNCTION(tanh), -kInfinity), -1.0f);
  CHECK_EQ(one(FUNCTION(tanh), kInfinity), 1.0f);
  CHECK(std::signbit(one(FUNCTION(tanh), -0.0f)));
  CHECK(std::isnan(one(FUNCTION(tanh), kNan)));
  CHECK_EQ(one(FUNCTION(sigmoid), -kInfinity), 0.0f);
  CHECK_EQ(one(FUNCTION(sigmoid), kInfinity), 1.0f);
  CHECK_EQ(one(FUNCTION(erf), -kInfinity), -1.0f);
  CHECK(std::isnan(one(FUNCTION(erf), kNan)));
  CHECK_EQ(one(FUNCTION(softplus), -kInfinity), 0.0f);
  CHECK_EQ(one(FUNCTION(softplus), kInfinity), kInfinity);
  CHECK(std::isnan(one(FUNCTION(softplus), kNan)));
  CHECK(std::signbit(one(FUNCTION(sin), -0.0f)));
  CHECK(std::isnan(one(FUNCTION(cos), kNan)));
}

}  // namespace
}  // namespace fluxion::testing
