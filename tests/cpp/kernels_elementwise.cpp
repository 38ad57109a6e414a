// Every unary and binary kind: values against plain formulas and against PyTorch's, on every type and layout.

#include <cmath>
#include <numbers>
#include <vector>

#include "check.h"
#include "fluxion/core/error.h"
#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/kernels.h"
#include "golden.h"
#include "kernels_arrays.h"

namespace fluxion::testing {
namespace {

using kernels::Binary;
using kernels::BinaryParams;
using kernels::launch;
using kernels::Prim;
using kernels::Unary;
using kernels::UnaryParams;

constexpr int kUnaryKinds = static_cast<int>(Unary::Count);
constexpr int kBinaryKinds = static_cast<int>(Binary::Count);

bool gives_bool(Unary k) { return k >= Unary::IsNan && k <= Unary::LogicalNot; }
bool gives_bool(Binary k) { return k >= Binary::Eq && k <= Binary::LogicalXor; }

// For failures' texts: the kind's number in kernels.h.
std::string name_of(Unary k) { return str("unary ", static_cast<int>(k)); }
std::string name_of(Binary k) { return str("binary ", static_cast<int>(k)); }

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }
double normal_cdf(double x) { return std::erfc(-x / std::numbers::sqrt2) / 2; }
double log1p_exp(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
double cubic(double x) { return std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x); }

// A kind that this file has no formula for is held against its own float64 value, which its op's samples hold against
// PyTorch's.
double held_against_float64(Unary k, double x, double p, double q) {
  Array in(DType::Float64, {1}), out(DType::Float64, {1});
  in.set(0, x);
  launch(Prim::Unary, {out.view(), in.view()}, UnaryParams{k, p, q});
  return out.get(0);
}

double reference(Unary k, double x, double p, double q) {
  switch (k) {
    case Unary::Neg:
      return -x;
    case Unary::Abs:
      return std::fabs(x);
    case Unary::Sign:
      return x > 0 ? 1 : x < 0 ? -1 : 0;
    case Unary::Square:
      return x * x;
    case Unary::Relu:
      return std::fmax(x, 0);
    case Unary::Clamp:
    case Unary::Hardtanh:
      return std::fmin(std::fmax(x, p), q);
    case Unary::AddScalar:
      return x + p;
    case Unary::MulScalar:
      return x * p;
    case Unary::RSubScalar:
      return p - x;
    case Unary::Floor:
      return std::floor(x);
    case Unary::Ceil:
      return std::ceil(x);
    case Unary::Round:
      return std::nearbyint(x);
    case Unary::Trunc:
      return std::trunc(x);
    case Unary::IsNan:
      return std::isnan(x);
    case Unary::IsInf:
      return std::isinf(x);
    case Unary::IsFinite:
      return std::isfinite(x);
    case Unary::LogicalNot:
      return x == 0;
    case Unary::Exp:
      return std::exp(x);
    case Unary::Exp2:
      return std::exp2(x);
    case Unary::Expm1:
      return std::expm1(x);
    case Unary::Log:
      return std::log(x);
    case Unary::Log2:
      return std::log2(x);
    case Unary::Log10:
      return std::log10(x);
    case Unary::Log1p:
      return std::log1p(x);
    case Unary::Sqrt:
      return std::sqrt(x);
    case Unary::Rsqrt:
      return 1 / std::sqrt(x);
    case Unary::Reciprocal:
      return 1 / x;
    case Unary::Sin:
      return std::sin(x);
    case Unary::Cos:
      return std::cos(x);
    case Unary::Tan:
      return std::tan(x);
    case Unary::Asin:
      return std::asin(x);
    case Unary::Acos:
      return std::acos(x);
    case Unary::Atan:
      return std::atan(x);
    case Unary::Sinh:
      return std::sinh(x);
    case Unary::Cosh:
      return std::cosh(x);
    case Unary::Tanh:
      return std::tanh(x);
    case Unary::Asinh:
      return std::asinh(x);
    case Unary::Acosh:
      return std::acosh(x);
    case Unary::Atanh:
      return std::atanh(x);
    case Unary::Sigmoid:
      return sigmoid(x);
    case Unary::LogSigmoid:
      return -log1p_exp(-x);
    case Unary::Erf:
      return std::erf(x);
    case Unary::Erfc:
      return std::erfc(x);
    case Unary::Gelu:
      return x * normal_cdf(x);
    case Unary::GeluTanh:
      return x / 2 * (1 + std::tanh(cubic(x)));
    case Unary::Silu:
      return x * sigmoid(x);
    case Unary::Mish:
      return x * std::tanh(log1p_exp(x));
    case Unary::Softplus:
      return p * x > q ? x : log1p_exp(p * x) / p;
    case Unary::LeakyRelu:
      return x < 0 ? p * x : x;
    case Unary::Elu:
      return x > 0 ? x : p * std::expm1(x);
    case Unary::Selu:
      return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * std::expm1(x));
    case Unary::Relu6:
      return std::fmin(std::fmax(x, 0), 6);
    case Unary::Hardsigmoid:
      return std::fmin(std::fmax(x + 3, 0), 6) / 6;
    case Unary::Hardswish:
      return x * std::fmin(std::fmax(x + 3, 0), 6) / 6;
    case Unary::PowScalar:
      return std::pow(x, p);
    default:
      return held_against_float64(k, x, p, q);
  }
}

double floored(double a, double b) { return std::floor(a / b); }

double reference(Binary k, double a, double b, double p) {
  switch (k) {
    case Binary::Add:
      return a + b;
    case Binary::Sub:
      return a - b;
    case Binary::Mul:
      return a * b;
    case Binary::Div:
      return a / b;
    case Binary::FloorDiv:
      return floored(a, b);
    case Binary::Maximum:
      return std::fmax(a, b);
    case Binary::Minimum:
      return std::fmin(a, b);
    case Binary::Pow:
      return std::pow(a, b);
    case Binary::Fmod:
      return std::fmod(a, b);
    case Binary::Remainder:
      return a - b * floored(a, b);
    case Binary::Atan2:
      return std::atan2(a, b);
    case Binary::Eq:
      return a == b;
    case Binary::Ne:
      return a != b;
    case Binary::Lt:
      return a < b;
    case Binary::Le:
      return a <= b;
    case Binary::Gt:
      return a > b;
    case Binary::Ge:
      return a >= b;
    case Binary::LogicalAnd:
      return a != 0 && b != 0;
    case Binary::LogicalOr:
      return a != 0 || b != 0;
    case Binary::LogicalXor:
      return (a != 0) != (b != 0);
    case Binary::ReluGrad:
      return b > 0 ? a : 0;
    case Binary::TanhGrad:
      return a * (1 - b * b);
    case Binary::SigmoidGrad:
      return a * b * (1 - b);
    case Binary::GeluGrad:
      return a * (normal_cdf(b) + b * std::exp(-b * b / 2) / std::sqrt(2 * std::numbers::pi));
    case Binary::GeluTanhGrad: {
      const double t = std::tanh(cubic(b));
      const double slope = std::sqrt(2 / std::numbers::pi) * (1 + 3 * 0.044715 * b * b);
      return a * ((1 + t) / 2 + b / 2 * (1 - t * t) * slope);
    }
    case Binary::SiluGrad:
      return a * sigmoid(b) * (1 + b * (1 - sigmoid(b)));
    case Binary::LeakyReluGrad:
      return b > 0 ? a : a * p;
    case Binary::SqrtGrad:
      return a / (2 * b);
    case Binary::Count:
      break;
  }
  return 0;
}

UnaryParams params_of(Unary k) {
  switch (k) {
    case Unary::Clamp:
      return {k, -1, 2};
    case Unary::AddScalar:
    case Unary::MulScalar:
    case Unary::RSubScalar:
      return {k, 3, 0};
    case Unary::Softplus:
      return {k, 2, 4};
    case Unary::LeakyRelu:
      return {k, 0.25, 0};
    case Unary::Elu:
      return {k, 0.5, 0};
    case Unary::Hardtanh:
      return {k, -2, 1.25};
    case Unary::PowScalar:
      return {k, 1.75, 0};
    default:
      return {k, 0, 0};
  }
}

// Inputs within a function's domain.
void domain_of(Unary k, double& low, double& high) {
  low = -5;
  high = 5;
  if (k >= Unary::Log && k <= Unary::Reciprocal) low = 0.01;
  if (k == Unary::PowScalar) low = 0.01;
  if (k == Unary::Asin || k == Unary::Acos || k == Unary::Atanh) low = -0.99, high = 0.99;
  if (k == Unary::Acosh) low = 1.01;
}

double rtol_of(DType d) { return d == DType::Float32 ? 4e-7 : d == DType::Float64 ? 1e-14 : 0; }
double atol_of(DType d) { return d == DType::Float32 ? 3e-7 : d == DType::Float64 ? 1e-15 : 0; }

DType result_of(Unary k, DType d) { return gives_bool(k) ? DType::Bool : d; }
DType result_of(Binary k, DType d) { return gives_bool(k) ? DType::Bool : d; }

std::vector<double> expected_of(const UnaryParams& p, const Array& x) {
  std::vector<double> all;
  for (const double v : x.values()) all.push_back(rounded(result_of(p.kind, x.dtype), reference(p.kind, v, p.p, p.q)));
  return all;
}

std::vector<double> expected_of(const BinaryParams& p, const Array& a, const Array& b) {
  std::vector<double> all;
  for (std::int64_t i = 0; i < a.size(); ++i)
    all.push_back(rounded(result_of(p.kind, a.dtype), reference(p.kind, a.get(i), b.get(i), p.p)));
  return all;
}

std::string name(const std::string& what, const Array& a) {
  return what + " " + show(a.shape) + " " + std::string(name_of(a.dtype));
}

// Integers take the kinds before Exp; bool none that torch refuses.
bool takes(Unary k, DType d) {
  if (is_floating(d)) return true;
  if (d == DType::Bool) return k == Unary::LogicalNot;
  return k < Unary::Exp;
}

bool takes(Binary k, DType d) {
  if (is_floating(d)) return true;
  if (k == Binary::Div || k == Binary::Atan2 || k >= Binary::ReluGrad) return false;
  if (d != DType::Bool) return true;
  return k == Binary::Add || k == Binary::Mul || k == Binary::Maximum || k == Binary::Minimum || gives_bool(k);
}

TEST(unary_kinds_every_type) {
  for (int i = 0; i < kUnaryKinds; ++i) {
    const UnaryParams p = params_of(static_cast<Unary>(i));
    double low, high;
    domain_of(p.kind, low, high);
    for (const DType d : kAllTypes)
      for (const std::int64_t n : kAwkward) {
        if (!takes(p.kind, d)) continue;
        Array x(d, {n});
        x.randomize(static_cast<std::uint64_t>(i) + 1, low, high);
        if (d == DType::Int32) x.set(0, -2147483648.0);
        if (d == DType::UInt8) x.set(0, 255);
        Array out(result_of(p.kind, d), {n});
        launch(Prim::Unary, {out.view(), x.view()}, p);
        std::vector<double> expected = expected_of(p, x);
        // The smallest int wraps around where the reference leaves the range.
        if (d == DType::Int32) expected[0] = out.get(0);
        check_values(out, expected, rtol_of(d), atol_of(d), name(name_of(p.kind), x));
      }
  }
}

// Beyond a bound the vector functions hand a piece of a row to the C library.
TEST(unary_sines_of_large_arguments) {
  for (const std::int64_t n : kAwkward)
    for (const Unary k : {Unary::Sin, Unary::Cos})
      for (const std::int64_t at : {std::int64_t{0}, n / 2, n - 1}) {
        Array x(DType::Float32, {n}), out(DType::Float32, {n});
        x.randomize(1, -50, 50);
        x.set(at, at % 2 == 0 ? 1e9 : -3e20);
        launch(Prim::Unary, {out.view(), x.view()}, UnaryParams{k});
        check_values(out, expected_of(UnaryParams{k}, x), rtol_of(x.dtype), atol_of(x.dtype), name(name_of(k), x));
      }
}

TEST(unary_wraps_the_smallest_int) {
  Array x(DType::Int32, {5}), out(DType::Int32, {5});
  for (int i = 0; i < 5; ++i) x.set(i, -2147483648.0);
  launch(Prim::Unary, {out.view(), x.view()}, UnaryParams{Unary::Neg});
  CHECK_EQ(out.get(0), -2147483648.0);
  launch(Prim::Unary, {out.view(), x.view()}, UnaryParams{Unary::Abs});
  CHECK_EQ(out.get(4), -2147483648.0);
  launch(Prim::Unary, {out.view(), x.view()}, UnaryParams{Unary::AddScalar, -1});
  CHECK_EQ(out.get(1), 2147483647.0);
  launch(Prim::Unary, {out.view(), x.view()}, UnaryParams{Unary::Clamp, -7, std::numeric_limits<double>::infinity()});
  CHECK_EQ(out.get(1), -7);
}

// One kind of each way through the loops: vectors, sines, doubles, bools.
TEST(unary_layouts) {
  for (const Unary k : {Unary::Exp, Unary::Sin, Unary::Atan, Unary::Neg, Unary::IsFinite, Unary::LogicalNot})
    for (const DType d : kAllTypes) {
      if (!takes(k, d)) continue;
      for (const Shape& shape : kShapes)
        for (const Layout from : kLayouts)
          for (const Layout to : kWritable) {
            const UnaryParams p = params_of(k);
            Array x(d, shape, from), out(result_of(k, d), shape, to);
            x.randomize(7);
            launch(Prim::Unary, {out.view(), x.view()}, p);
            check_values(out, expected_of(p, x), rtol_of(d), atol_of(d), name(name_of(k), x) + show(from) + show(to));
          }
    }
}

TEST(unary_in_place) {
  for (const Layout layout : kWritable)
    for (const Shape& shape : kShapes) {
      Array x(DType::Float32, shape, layout);
      x.randomize(3);
      const std::vector<double> expected = expected_of({Unary::Tanh}, x);
      launch(Prim::Unary, {x.view(), x.view()}, UnaryParams{Unary::Tanh});
      check_values(x, expected, 4e-7, 1e-7, name("tanh in place", x));
    }
}

TEST(unary_special_values_as_torch) {
  for (const auto& c : golden::kUnaryCases)
    for (const DType d : kFloats) {
      const std::int64_t n = std::size(golden::kSpecial);
      Array x(d, {n}), out(result_of(c.kind, d), {n});
      x.assign({std::begin(golden::kSpecial), std::end(golden::kSpecial)});
      launch(Prim::Unary, {out.view(), x.view()}, UnaryParams{c.kind, c.p, c.q});
      std::vector<double> expected;
      for (const double v : c.expected) expected.push_back(rounded(out.dtype, v));
      check_values(out, expected, rtol_of(d), d == DType::Float32 ? 1e-6 : 1e-15, name(name_of(c.kind), x));
    }
}

TEST(binary_kinds_every_type) {
  for (int i = 0; i < kBinaryKinds; ++i) {
    const BinaryParams p{static_cast<Binary>(i), 0.25};
    for (const DType d : kAllTypes)
      for (const std::int64_t n : kAwkward) {
        if (!takes(p.kind, d)) continue;
        Array a(d, {n}), b(d, {n}), out(result_of(p.kind, d), {n});
        const bool positive = p.kind == Binary::Pow;
        a.randomize(11, positive ? 0.1 : -3);
        b.randomize(12, positive && d != DType::Float32 && d != DType::Float64 ? 0 : -3);
        if (p.kind == Binary::SqrtGrad) b.randomize(12, 0.1);
        if (p.kind >= Binary::Div && p.kind <= Binary::Remainder && !is_floating(d))
          for (int j = 0; j < n; ++j)
            if (b.get(j) == 0) b.set(j, 3);
        if (p.kind == Binary::Pow && !is_floating(d)) {
          a.randomize(11, -0.7, 0.7);
          b.randomize(12, 0, 1.2);
          for (int j = 0; j < n && d == DType::UInt8; ++j) {
            a.set(j, static_cast<double>(j % 3));
            b.set(j, static_cast<double>(j % 5));
          }
        }
        // Ties for the comparisons.
        if (gives_bool(p.kind))
          for (int j = 0; j < n; j += 3) b.set(j, a.get(j));
        launch(Prim::Binary, {out.view(), a.view(), b.view()}, p);
        check_values(out, expected_of(p, a, b), rtol_of(d), p.kind == Binary::Remainder ? 1e-6 : atol_of(d),
                     name(name_of(p.kind), a));
      }
  }
}

TEST(binary_layouts) {
  for (const Binary k : {Binary::Sub, Binary::Atan2, Binary::Lt, Binary::SiluGrad, Binary::Maximum})
    for (const DType d : {DType::UInt8, DType::Int32, DType::Float32, DType::Float64}) {
      if (!takes(k, d)) continue;
      for (const Shape& shape : kShapes)
        for (const Layout left : kLayouts)
          for (const Layout right : kLayouts) {
            const BinaryParams p{k};
            const Layout to = kWritable[(static_cast<std::size_t>(left) + static_cast<std::size_t>(right)) % 4];
            Array a(d, shape, left), b(d, shape, right), out(result_of(k, d), shape, to);
            a.randomize(1);
            b.randomize(2);
            launch(Prim::Binary, {out.view(), a.view(), b.view()}, p);
            check_values(out, expected_of(p, a, b), rtol_of(d), atol_of(d),
                         name(name_of(k), a) + show(left) + show(right));
          }
    }
}

TEST(binary_in_place) {
  for (const Layout layout : kWritable) {
    Array a(DType::Float32, {17, 33}, layout), b(DType::Float32, {17, 33}, Layout::LastRepeated);
    a.randomize(1);
    b.randomize(2);
    const std::vector<double> expected = expected_of(BinaryParams{Binary::Mul}, a, b);
    launch(Prim::Binary, {a.view(), a.view(), b.view()}, BinaryParams{Binary::Mul});
    check_values(a, expected, 1e-7, 0, name("mul in place", a));
  }
}

TEST(binary_special_values_as_torch) {
  constexpr std::int64_t n = std::size(golden::kPair);
  for (const auto& c : golden::kBinaryCases)
    for (const DType d : kFloats) {
      Array a(d, {n, n}), b(d, {n, n}), out(result_of(c.kind, d), {n, n});
      for (std::int64_t i = 0; i < n * n; ++i) {
        a.set(i, golden::kPair[i / n]);
        b.set(i, golden::kPair[i % n]);
      }
      launch(Prim::Binary, {out.view(), a.view(), b.view()}, BinaryParams{c.kind});
      check_values(out, {std::begin(c.expected), std::end(c.expected)}, rtol_of(d), atol_of(d),
                   name(name_of(c.kind), a));
    }
}

TEST(integer_division_corner_cases) {
  const double a[] = {7, -7, 7, -7, 5, -2147483648.0, 0};
  const double b[] = {2, 2, -2, -2, 0, -1, 5};
  const double floor_div[] = {3, -4, -4, 3, 0, -2147483648.0, 0};
  const double modulo[] = {1, 1, -1, -1, 0, 0, 0};
  const double c_modulo[] = {1, -1, 1, -1, 0, 0, 0};
  Array x(DType::Int32, {7}), y(DType::Int32, {7}), out(DType::Int32, {7});
  x.assign({std::begin(a), std::end(a)});
  y.assign({std::begin(b), std::end(b)});
  launch(Prim::Binary, {out.view(), x.view(), y.view()}, BinaryParams{Binary::FloorDiv});
  CHECK_EQ(out.values(), std::vector<double>(std::begin(floor_div), std::end(floor_div)));
  launch(Prim::Binary, {out.view(), x.view(), y.view()}, BinaryParams{Binary::Remainder});
  CHECK_EQ(out.values(), std::vector<double>(std::begin(modulo), std::end(modulo)));
  launch(Prim::Binary, {out.view(), x.view(), y.view()}, BinaryParams{Binary::Fmod});
  CHECK_EQ(out.values(), std::vector<double>(std::begin(c_modulo), std::end(c_modulo)));
}

TEST(elementwise_over_threads) {
  const int before = thread_count();
  for (const int threads : {1, 3}) {
    set_thread_count(threads);
    for (const Layout layout : {Layout::Dense, Layout::Gaps, Layout::LastRepeated}) {
      Array a(DType::Float32, {301, 411}, layout), b(DType::Float32, {301, 411}, Layout::FirstRepeated);
      Array out(DType::Float32, {301, 411}), mask(DType::Bool, {301, 411}, Layout::Transposed);
      a.randomize(1);
      b.randomize(2);
      launch(Prim::Binary, {out.view(), a.view(), b.view()}, BinaryParams{Binary::Add});
      check_values(out, expected_of(BinaryParams{Binary::Add}, a, b), 1e-7, 0, name("add", a));
      launch(Prim::Binary, {mask.view(), a.view(), b.view()}, BinaryParams{Binary::Ge});
      check_values(mask, expected_of(BinaryParams{Binary::Ge}, a, b), 0, 0, name("ge", a));
    }
  }
  set_thread_count(before);
}

}  // namespace
}  // namespace fluxion::testing
