// Functions of two inputs of one type, element by element; rarer float32 kinds are computed in float64.

#include <array>
#include <cmath>
#include <numbers>
#include <utility>

#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"
#include "fluxion/kernels/rows.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr bool gives_bool(Binary k) { return k >= Binary::Eq && k <= Binary::LogicalXor; }

constexpr double kGeluTanhScale = 0.79788456080286535588;  // √(2/π)
constexpr double kGeluTanhCube = 0.044715;

// ---- vectors --------------------------------------------------------------------------------------------

// Kinds that are a few instructions on lanes of any type.
constexpr bool is_simple(Binary k) {
  switch (k) {
    case Binary::Add:
    case Binary::Sub:
    case Binary::Mul:
    case Binary::Maximum:
    case Binary::Minimum:
      return true;
    default:
      return false;
  }
}

// Kinds of floats that need nothing but arithmetic.
constexpr bool is_arithmetic(Binary k) {
  switch (k) {
    case Binary::Div:
    case Binary::ReluGrad:
    case Binary::TanhGrad:
    case Binary::SigmoidGrad:
    case Binary::LeakyReluGrad:
    case Binary::SqrtGrad:
      return true;
    default:
      return false;
  }
}

// Kinds with a float32 formula on simd_math.h.
constexpr bool has_float_maths(Binary k) {
  return k == Binary::GeluGrad || k == Binary::GeluTanhGrad || k == Binary::SiluGrad;
}

template <Binary K, class V>
V simple(V a, V b) {
  if constexpr (K == Binary::Add) {
    return a + b;
  } else if constexpr (K == Binary::Sub) {
    return a - b;
  } else if constexpr (K == Binary::Mul) {
    return a * b;
  } else if constexpr (K == Binary::Maximum) {
    return simd::max(a, b);
  } else {
    static_assert(K == Binary::Minimum);
    return simd::min(a, b);
  }
}

template <Binary K, class V>
V arithmetic(V a, V b, V p) {
  using T = typename V::Scalar;
  const V zero = V::zero(), one = V::splat(T(1));
  if constexpr (K == Binary::Div) {
    return a / b;
  } else if constexpr (K == Binary::ReluGrad) {
    return simd::select(b <= zero, zero, a);
  } else if constexpr (K == Binary::TanhGrad) {
    return a * (one - b * b);
  } else if constexpr (K == Binary::SigmoidGrad) {
    return a * ((one - b) * b);
  } else if constexpr (K == Binary::LeakyReluGrad) {
    return simd::select(b > zero, a, a * p);
  } else {
    static_assert(K == Binary::SqrtGrad);
    return a / (b + b);
  }
}

template <Binary K>
simd::F32x4 float_maths(simd::F32x4 a, simd::F32x4 x) {
  using V = simd::F32x4;
  [[maybe_unused]] const V half = V::splat(0.5f);
  const V one = V::splat(1.0f);
  if constexpr (K == Binary::GeluGrad) {
    // Φ(x) + x·φ(x)
    const V pdf = V::splat(0.3989422804f) * simd::exp_flushed(-half * x * x);
    return a * simd::madd(x, pdf, simd::normal_cdf(x));
  } else if constexpr (K == Binary::GeluTanhGrad) {
    // s + x·s·(1 − s)·dz/dx with s = sigmoid(z), z = 2·√(2/π)·(x + 0.044715·x³); s and 1 − s both without
    // cancellation.
    const V scale = V::splat(static_cast<float>(2 * kGeluTanhScale)), square = x * x;
    const V z = scale * x * simd::madd(square, V::splat(static_cast<float>(kGeluTanhCube)), one);
    const V slope = scale * simd::madd(square, V::splat(static_cast<float>(3 * kGeluTanhCube)), one);
    const V e = simd::exp_flushed(-simd::abs(z));
    const V larger = one / (one + e), smaller = e * larger;
    const V s = simd::select(z < V::zero(), smaller, larger);
    // Where `smaller` is 0, x·slope may be infinite.
    const V curved = simd::select(smaller == V::zero(), smaller, x * slope * smaller * larger);
    return a * (s + curved);
  } else {
    static_assert(K == Binary::SiluGrad);
    const V s = simd::sigmoid(x);
    return a * s * (one + x * (one - s));
  }
}

template <Binary K, class T>
simd::Simd<T> lanes_of(simd::Simd<T> a, simd::Simd<T> b, [[maybe_unused]] simd::Simd<T> p) {
  if constexpr (is_simple(K))
    return simple<K>(a, b);
  else if constexpr (is_arithmetic(K))
    return arithmetic<K>(a, b, p);
  else
    return float_maths<K>(a, b);
}

// Rows have whole vectors.
template <Binary K, class T>
void vector_row(const void* context, void* const* pointers, Index n) {
  using V = simd::Simd<T>;
  T* y = static_cast<T*>(pointers[0]);
  const T* a = static_cast<const T*>(pointers[1]);
  const T* b = static_cast<const T*>(pointers[2]);
  const V p = V::splat(convert<T>(static_cast<const BinaryParams*>(context)->p));
  for (Index i = 0; i < n; i += V::lanes) lanes_of<K, T>(V::load(a + i), V::load(b + i), p).store(y + i);
}

// ---- one by one -----------------------------------------------------------------------------------------

template <Binary K, class T>
bool compare(T a, T b) {
  switch (K) {
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
    // Without the shortcuts of && and ||, so that the loop has no branches.
    case Binary::LogicalAnd:
      return ((a != T(0)) & (b != T(0))) != 0;
    case Binary::LogicalOr:
      return ((a != T(0)) | (b != T(0))) != 0;
    default:
      return (a != T(0)) != (b != T(0));
  }
}

template <Binary K, class T>
void bool_row(const void*, void* const* pointers, Index n) {
  std::uint8_t* y = static_cast<std::uint8_t*>(pointers[0]);
  const T* a = static_cast<const T*>(pointers[1]);
  const T* b = static_cast<const T*>(pointers[2]);
  FLUXION_IVDEP
  for (Index i = 0; i < n; ++i) y[i] = compare<K>(a[i], b[i]);
}

// The quotient rounded down as Python and torch do it: exact where a − mod is a multiple of b.
double floor_divide(double a, double b) {
  if (b == 0) return a / b;
  double mod = std::fmod(a, b);
  double quotient = (a - mod) / b;
  if (mod != 0 && (b < 0) != (mod < 0)) quotient -= 1;
  if (quotient == 0) return std::copysign(0.0, a / b);
  const double floored = std::floor(quotient);
  return quotient - floored > 0.5 ? floored + 1 : floored;
}

double remainder(double a, double b) {
  const double mod = std::fmod(a, b);
  return mod != 0 && (b < 0) != (mod < 0) ? mod + b : mod;
}

template <Binary K>
double real(double a, double b) {
  switch (K) {
    case Binary::FloorDiv:
      return floor_divide(a, b);
    case Binary::Pow:
      return std::pow(a, b);
    case Binary::Fmod:
      return std::fmod(a, b);
    case Binary::Remainder:
      return remainder(a, b);
    case Binary::Atan2:
      return std::atan2(a, b);
    case Binary::GeluGrad: {
      const double cdf = 0.5 * (1.0 + std::erf(b * (1.0 / std::numbers::sqrt2)));
      const double pdf = std::exp(-0.5 * b * b) / std::sqrt(2.0 * std::numbers::pi);
      return a * (cdf + b * pdf);
    }
    case Binary::GeluTanhGrad: {
      const double t = std::tanh(kGeluTanhScale * b * (1.0 + kGeluTanhCube * b * b));
      const double inner = kGeluTanhScale * (1.0 + 3 * kGeluTanhCube * b * b);
      return 0.5 * a * (1.0 + t + b * (1.0 - t * t) * inner);
    }
    case Binary::SiluGrad: {
      const double s = 1.0 / (1.0 + std::exp(-b));
      return a * s * (1.0 + b * (1.0 - s));
    }
    default:
      return a;
  }
}

template <Binary K>
void real_row(const void*, void* const* pointers, Index n) {
  double* y = static_cast<double*>(pointers[0]);
  const double* a = static_cast<const double*>(pointers[1]);
  const double* b = static_cast<const double*>(pointers[2]);
  for (Index i = 0; i < n; ++i) y[i] = real<K>(a[i], b[i]);
}

// Modulo 2^32; a negative exponent leaves ±1 of ±1 and 0 of the rest, as in torch.
std::int32_t power(std::int32_t base, std::int32_t exponent) {
  if (exponent < 0) {
    if (base == 1) return 1;
    if (base == -1) return exponent % 2 == 0 ? 1 : -1;
    return 0;
  }
  std::uint32_t result = 1, square = static_cast<std::uint32_t>(base);
  for (; exponent > 0; exponent /= 2, square *= square)
    if (exponent % 2 != 0) result *= square;
  return static_cast<std::int32_t>(result);
}

constexpr bool is_integer_kind(Binary k) {
  return k == Binary::FloorDiv || k == Binary::Pow || k == Binary::Fmod || k == Binary::Remainder;
}

// A division by zero, which torch refuses, gives 0 here. In 64 bits the smallest int by −1 does no harm.
template <Binary K>
std::int32_t integer(std::int32_t left, std::int32_t right) {
  if (K == Binary::Pow) return power(left, right);
  if (right == 0) return 0;
  const std::int64_t a = left, b = right;
  const std::int64_t mod = a % b;
  const bool adjust = mod != 0 && (b < 0) != (mod < 0);
  std::int64_t result = mod;
  if (K == Binary::FloorDiv) result = a / b - (adjust ? 1 : 0);
  if (K == Binary::Remainder && adjust) result += b;
  return static_cast<std::int32_t>(result);
}

template <Binary K>
void integer_row(const void*, void* const* pointers, Index n) {
  std::int32_t* y = static_cast<std::int32_t*>(pointers[0]);
  const std::int32_t* a = static_cast<const std::int32_t*>(pointers[1]);
  const std::int32_t* b = static_cast<const std::int32_t*>(pointers[2]);
  for (Index i = 0; i < n; ++i) y[i] = integer<K>(a[i], b[i]);
}

// ---- the tables -----------------------------------------------------------------------------------------

// No row: the type takes the row of float64.
template <Binary K, class T>
constexpr RowFn row_for() {
  if constexpr (gives_bool(K))
    return bool_row<K, T>;
  else if constexpr (is_simple(K))
    return vector_row<K, T>;
  else if constexpr (is_integer_kind(K) && std::is_same_v<T, std::int32_t>)
    return integer_row<K>;
  else if constexpr (!std::is_floating_point_v<T>)
    return nullptr;
  else if constexpr (is_arithmetic(K))
    return vector_row<K, T>;
  else if constexpr (std::is_same_v<T, double>)
    return real_row<K>;
  else if constexpr (has_float_maths(K))
    return vector_row<K, T>;
  else
    return nullptr;
}

constexpr int kKinds = static_cast<int>(Binary::Count);

template <class T, int... K>
constexpr std::array<RowFn, kKinds> table_for(std::integer_sequence<int, K...>) {
  return {row_for<static_cast<Binary>(K), T>()...};
}

constexpr auto kFloatRows = table_for<float>(std::make_integer_sequence<int, kKinds>{});
constexpr auto kDoubleRows = table_for<double>(std::make_integer_sequence<int, kKinds>{});
constexpr auto kIntRows = table_for<std::int32_t>(std::make_integer_sequence<int, kKinds>{});

}  // namespace

void binary(const View* views, const void* params) {
  const auto& given = *static_cast<const BinaryParams*>(params);
  const auto k = static_cast<std::size_t>(given.kind);

  // bool and uint8 are computed as int32.
  const DType in = views[1].dtype;
  DType type = is_floating(in) ? in : DType::Int32;
  RowFn row = type == DType::Float32 ? kFloatRows[k] : type == DType::Int32 ? kIntRows[k] : nullptr;
  if (row == nullptr) {
    row = kDoubleRows[k];
    type = DType::Float64;
  }
  const DType types[3] = {gives_bool(given.kind) ? DType::Bool : type, type, type};
  const bool cheap = is_simple(given.kind) || is_arithmetic(given.kind) || gives_bool(given.kind);
  map_rows(views, 3, types, cheap ? kCheapGrain : kCostlyGrain, row, &given);
}

}  // namespace fluxion::kernels::cpu
