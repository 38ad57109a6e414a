// Functions of one input, element by element. One template per kind on vectors where the target has the
// instructions; the rarer functions of float32 are computed in float64 and rounded.

#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"
#include "fluxion/kernels/rows.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr bool gives_bool(Unary k) { return k >= Unary::IsNan && k <= Unary::LogicalNot; }
constexpr bool takes_integers(Unary k) { return k < Unary::Exp; }

constexpr double kSeluAlpha = 1.6732632423543772848170429916717;
constexpr double kSeluScale = 1.0507009873554804934193349852946;

// ---- vectors --------------------------------------------------------------------------------------------

// Kinds that are a few instructions on lanes of any type.
constexpr bool is_simple(Unary k) { return takes_integers(k) && !gives_bool(k); }

// Kinds of floats that need nothing but arithmetic.
constexpr bool is_arithmetic(Unary k) {
  switch (k) {
    case Unary::Sqrt:
    case Unary::Rsqrt:
    case Unary::Reciprocal:
    case Unary::LeakyRelu:
    case Unary::Relu6:
    case Unary::Hardtanh:
    case Unary::Hardsigmoid:
    case Unary::Hardswish:
      return true;
    default:
      return false;
  }
}

// Kinds with a float32 function in simd_math.h.
constexpr bool has_float_maths(Unary k) {
  switch (k) {
    case Unary::Exp:
    case Unary::Expm1:
    case Unary::Log:
    case Unary::Log1p:
    case Unary::Sin:
    case Unary::Cos:
    case Unary::Tanh:
    case Unary::Sigmoid:
    case Unary::LogSigmoid:
    case Unary::Erf:
    case Unary::Gelu:
    case Unary::GeluTanh:
    case Unary::Silu:
    case Unary::Mish:
    case Unary::Softplus:
    case Unary::Elu:
    case Unary::Selu:
      return true;
    default:
      return false;
  }
}

template <Unary K, class T>
simd::Simd<T> simple(simd::Simd<T> x, simd::Simd<T> p, simd::Simd<T> q) {
  using V = simd::Simd<T>;
  const V zero = V::zero();
  if constexpr (K == Unary::Neg) {
    return -x;
  } else if constexpr (K == Unary::Abs) {
    if constexpr (std::is_floating_point_v<T>)
      return simd::abs(x);
    else
      return simd::select(x < zero, -x, x);
  } else if constexpr (K == Unary::Sign) {
    const V one = V::splat(T(1));
    return simd::select(x > zero, one, simd::select(x < zero, -one, zero));
  } else if constexpr (K == Unary::Square) {
    return x * x;
  } else if constexpr (K == Unary::Relu) {
    return simd::select(x < zero, zero, x);
  } else if constexpr (K == Unary::Clamp) {
    return simd::min(simd::max(x, p), q);
  } else if constexpr (K == Unary::AddScalar) {
    return x + p;
  } else if constexpr (K == Unary::MulScalar) {
    return x * p;
  } else if constexpr (K == Unary::RSubScalar) {
    return p - x;
  } else if constexpr (!std::is_floating_point_v<T>) {
    return x;  // rounding an integer
  } else if constexpr (K == Unary::Floor) {
    return simd::floor(x);
  } else if constexpr (K == Unary::Ceil) {
    return simd::ceil(x);
  } else if constexpr (K == Unary::Round) {
    return simd::nearest(x);
  } else {
    static_assert(K == Unary::Trunc);
    return simd::trunc(x);
  }
}

template <class V>
V clamp_between(V x, double low, double high) {
  using T = typename V::Scalar;
  return simd::pmin(simd::pmax(x, V::splat(static_cast<T>(low))), V::splat(static_cast<T>(high)));
}

template <Unary K, class V>
V arithmetic(V x, V p, V q) {
  using T = typename V::Scalar;
  const V one = V::splat(T(1)), three = V::splat(T(3)), six = V::splat(T(6));
  if constexpr (K == Unary::Sqrt) {
    return simd::sqrt(x);
  } else if constexpr (K == Unary::Rsqrt) {
    return one / simd::sqrt(x);
  } else if constexpr (K == Unary::Reciprocal) {
    return one / x;
  } else if constexpr (K == Unary::LeakyRelu) {
    return simd::select(x < V::zero(), p * x, x);
  } else if constexpr (K == Unary::Relu6) {
    return clamp_between(x, 0, 6);
  } else if constexpr (K == Unary::Hardtanh) {
    return simd::min(simd::max(x, p), q);
  } else if constexpr (K == Unary::Hardsigmoid) {
    return clamp_between(x + three, 0, 6) / six;
  } else {
    static_assert(K == Unary::Hardswish);
    return x * clamp_between(x + three, 0, 6) / six;
  }
}

template <Unary K>
simd::F32x4 float_maths(simd::F32x4 x, simd::F32x4 p, simd::F32x4 q) {
  using V = simd::F32x4;
  const V zero = V::zero();
  if constexpr (K == Unary::Exp) {
    return simd::exp(x);
  } else if constexpr (K == Unary::Expm1) {
    return simd::expm1(x);
  } else if constexpr (K == Unary::Log) {
    return simd::log(x);
  } else if constexpr (K == Unary::Log1p) {
    return simd::log1p(x);
  } else if constexpr (K == Unary::Sin) {
    return simd::sin(x);
  } else if constexpr (K == Unary::Cos) {
    return simd::cos(x);
  } else if constexpr (K == Unary::Tanh) {
    return simd::tanh(x);
  } else if constexpr (K == Unary::Sigmoid) {
    return simd::sigmoid(x);
  } else if constexpr (K == Unary::LogSigmoid) {
    return -simd::softplus(-x);
  } else if constexpr (K == Unary::Erf) {
    return simd::erf(x);
  } else if constexpr (K == Unary::Gelu) {
    return simd::gelu(x);
  } else if constexpr (K == Unary::GeluTanh) {
    return simd::gelu_tanh(x);
  } else if constexpr (K == Unary::Silu) {
    return simd::silu(x);
  } else if constexpr (K == Unary::Mish) {
    return x * simd::tanh(simd::softplus(x));
  } else if constexpr (K == Unary::Softplus) {
    const V z = p * x;
    return simd::select(z > q, x, simd::softplus(z) / p);
  } else if constexpr (K == Unary::Elu) {
    return simd::select(x > zero, x, p * simd::expm1(x));
  } else {
    static_assert(K == Unary::Selu);
    const V scale = V::splat(static_cast<float>(kSeluScale));
    const V negative = V::splat(static_cast<float>(kSeluScale * kSeluAlpha));
    return simd::select(x > zero, scale * x, negative * simd::expm1(x));
  }
}

template <Unary K, class T>
simd::Simd<T> lanes_of(simd::Simd<T> x, simd::Simd<T> p, simd::Simd<T> q) {
  if constexpr (is_simple(K))
    return simple<K>(x, p, q);
  else if constexpr (is_arithmetic(K))
    return arithmetic<K>(x, p, q);
  else
    return float_maths<K>(x, p, q);
}

// Rows have whole vectors. p and q are rounded to T here.
template <Unary K, class T>
void vector_row(const void* context, void* const* pointers, Index n) {
  using V = simd::Simd<T>;
  const auto& given = *static_cast<const UnaryParams*>(context);
  T* y = static_cast<T*>(pointers[0]);
  const T* x = static_cast<const T*>(pointers[1]);
  const V p = V::splat(convert<T>(given.p)), q = V::splat(convert<T>(given.q));
  for (Index i = 0; i < n; i += V::lanes) lanes_of<K, T>(V::load(x + i), p, q).store(y + i);
}

// Beyond the bound of the vector functions the C library reduces the argument.
template <Unary K>
void sine_row(const void* context, void* const* pointers, Index n) {
  float* y = static_cast<float*>(pointers[0]);
  float* x = static_cast<float*>(pointers[1]);
  constexpr Index kBlock = 256;
  for (Index begin = 0; begin < n; begin += kBlock) {
    const Index count = n - begin < kBlock ? n - begin : kBlock;
    bool large = false;
    for (Index i = begin; i < begin + count; ++i) large |= std::fabs(x[i]) > simd::kSinBound;
    if (!large) {
      void* const block[2] = {y + begin, x + begin};
      vector_row<K, float>(context, block, count);
      continue;
    }
    for (Index i = begin; i < begin + count; ++i) {
      const double v = static_cast<double>(x[i]);
      y[i] = static_cast<float>(K == Unary::Sin ? std::sin(v) : std::cos(v));
    }
  }
}

// ---- one by one -----------------------------------------------------------------------------------------

template <Unary K, class T>
void bool_row(const void*, void* const* pointers, Index n) {
  std::uint8_t* y = static_cast<std::uint8_t*>(pointers[0]);
  const T* x = static_cast<const T*>(pointers[1]);
  FLUXION_IVDEP
  for (Index i = 0; i < n; ++i) {
    if constexpr (K == Unary::LogicalNot) {
      y[i] = x[i] == T(0);
    } else if constexpr (!std::is_floating_point_v<T>) {
      y[i] = K == Unary::IsFinite;
    } else if constexpr (K == Unary::IsNan) {
      y[i] = x[i] != x[i];
    } else {
      const T size = x[i] < 0 ? -x[i] : x[i];
      y[i] = K == Unary::IsInf ? size == std::numeric_limits<T>::infinity() : size < std::numeric_limits<T>::infinity();
    }
  }
}

double softplus(double x) { return std::fmax(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); }

template <Unary K>
double real(double x, double p, double q) {
  switch (K) {
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
      return 1.0 / (1.0 + std::exp(-x));
    case Unary::LogSigmoid:
      return x != x ? x : -softplus(-x);
    case Unary::Erf:
      return std::erf(x);
    case Unary::Erfc:
      return std::erfc(x);
    case Unary::Gelu:
      return x * (0.5 * (1.0 + std::erf(x * (1.0 / std::numbers::sqrt2))));
    case Unary::GeluTanh: {
      const double inner = std::sqrt(2.0 / std::numbers::pi) * (x + 0.044715 * x * x * x);
      return 0.5 * x * (1.0 + std::tanh(inner));
    }
    case Unary::Silu:
      return x / (1.0 + std::exp(-x));
    case Unary::Mish:
      return x != x ? x : x * std::tanh(softplus(x));
    case Unary::Softplus:
      return x != x || p * x > q ? x : softplus(p * x) / p;
    case Unary::Elu:
      return x > 0 ? x : p * std::expm1(x);
    case Unary::Selu:
      return x > 0 ? kSeluScale * x : kSeluScale * kSeluAlpha * std::expm1(x);
    case Unary::PowScalar:
      return p == 3 ? x * x * x : std::pow(x, p);
    default:
      return x;
  }
}

template <Unary K>
void real_row(const void* context, void* const* pointers, Index n) {
  const auto& given = *static_cast<const UnaryParams*>(context);
  double* y = static_cast<double*>(pointers[0]);
  const double* x = static_cast<const double*>(pointers[1]);
  for (Index i = 0; i < n; ++i) y[i] = real<K>(x[i], given.p, given.q);
}

// ---- the tables -----------------------------------------------------------------------------------------

// No row: float32 takes the row of float64.
template <Unary K, class T>
constexpr RowFn row_for() {
  if constexpr (gives_bool(K))
    return bool_row<K, T>;
  else if constexpr (is_simple(K))
    return vector_row<K, T>;
  else if constexpr (!std::is_floating_point_v<T>)
    return nullptr;
  else if constexpr (is_arithmetic(K))
    return vector_row<K, T>;
  else if constexpr (std::is_same_v<T, double>)
    return real_row<K>;
  else if constexpr (K == Unary::Sin || K == Unary::Cos)
    return sine_row<K>;
  else if constexpr (has_float_maths(K))
    return vector_row<K, T>;
  else
    return nullptr;
}

constexpr int kKinds = static_cast<int>(Unary::Count);

template <class T, int... K>
constexpr std::array<RowFn, kKinds> table_for(std::integer_sequence<int, K...>) {
  return {row_for<static_cast<Unary>(K), T>()...};
}

constexpr auto kFloatRows = table_for<float>(std::make_integer_sequence<int, kKinds>{});
constexpr auto kDoubleRows = table_for<double>(std::make_integer_sequence<int, kKinds>{});
constexpr auto kIntRows = table_for<std::int32_t>(std::make_integer_sequence<int, kKinds>{});

// Powers that torch too computes another way: x^(1/2) of −infinity is NaN, for example.
Unary simpler_power(double exponent) {
  if (exponent == 2) return Unary::Square;
  if (exponent == 0.5) return Unary::Sqrt;
  if (exponent == -0.5) return Unary::Rsqrt;
  if (exponent == -1) return Unary::Reciprocal;
  return Unary::PowScalar;
}

}  // namespace

void unary(const View* views, const void* params) {
  const auto& given = *static_cast<const UnaryParams*>(params);
  const Unary kind = given.kind == Unary::PowScalar ? simpler_power(given.p) : given.kind;
  const auto k = static_cast<std::size_t>(kind);

  // bool and uint8 are computed as int32.
  const DType in = views[1].dtype;
  DType type = is_floating(in) ? in : DType::Int32;
  RowFn row = type == DType::Float32 ? kFloatRows[k] : type == DType::Int32 ? kIntRows[k] : nullptr;
  if (row == nullptr) {
    row = kDoubleRows[k];
    type = DType::Float64;
  }
  const DType types[2] = {gives_bool(kind) ? DType::Bool : type, type};
  const bool cheap = is_simple(kind) || is_arithmetic(kind) || gives_bool(kind);
  map_rows(views, 2, types, cheap ? kCheapGrain : kCostlyGrain, row, &given);
}

}  // namespace fluxion::kernels::cpu
