#pragma once
// Element types into one another, one value or one strided row at a time.

#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#include "fluxion/core/dtype.h"
#include "fluxion/kernels/kernels.h"
#include "fluxion/kernels/simd.h"

// Lets a loop be vectorised whose output may be one of its inputs, element on element, but not otherwise.
#if defined(__clang__)
#define FLUXION_IVDEP _Pragma("clang loop vectorize(assume_safety)")
#else
#define FLUXION_IVDEP _Pragma("GCC ivdep")
#endif

namespace fluxion::kernels {

// Towards zero; saturates, and NaN gives 0.
constexpr std::int32_t to_int32(double x) {
  if (!(x == x)) return 0;
  if (x >= 2147483647.0) return std::numeric_limits<std::int32_t>::max();
  if (x <= -2147483648.0) return std::numeric_limits<std::int32_t>::min();
  return static_cast<std::int32_t>(x);
}

// To bool: != 0. Floats to integers truncate; what does not fit uint8 wraps around.
template <class To, class From>
constexpr To convert(From x) {
  if constexpr (std::is_same_v<To, From>)
    return x;
  else if constexpr (std::is_same_v<To, bool>)
    return x != From(0);
  else if constexpr (std::is_floating_point_v<From> && std::is_same_v<To, std::int32_t>)
    return to_int32(static_cast<double>(x));
  else if constexpr (std::is_floating_point_v<From> && std::is_same_v<To, std::uint8_t>)
    return static_cast<To>(to_int32(static_cast<double>(x)));
  else
    return static_cast<To>(x);
}

// Values of a size alone: memory of any element type may be read and written so.
template <class T>
inline T load_bits(const void* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}
template <class T>
inline void store_bits(void* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

// A short memmove without a call: `to` and `from` are the same or do not overlap.
inline void copy_bytes(void* to, const void* from, Index n) {
  using simd::I32x4;
  constexpr Index block = 16, calls_from = 512;
  if (n >= calls_from) {
    std::memmove(to, from, static_cast<std::size_t>(n));
    return;
  }
  char* out = static_cast<char*>(to);
  const char* in = static_cast<const char*>(from);
  Index i = 0;
  for (; i + block <= n; i += block) store_bits(out + i, load_bits<I32x4::Raw>(in + i));
  for (; i + 4 <= n; i += 4) store_bits(out + i, load_bits<std::uint32_t>(in + i));
  for (; i < n; ++i) out[i] = in[i];
}

// n elements from src to dst; strides in bytes. The rows do not overlap unless they are the same.
void convert_row(void* dst, DType dst_type, Index dst_stride, const void* src, DType src_type, Index src_stride,
                 Index n);

}  // namespace fluxion::kernels
