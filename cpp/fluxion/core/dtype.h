#pragma once
// Element types and PyTorch's promotion rules (int32 stands where PyTorch has int64).

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fluxion {

enum class DType : std::uint8_t { Bool, UInt8, Int32, Float32, Float64 };

inline constexpr int kDTypeCount = 5;

constexpr std::size_t size_of(DType d) {
  constexpr std::size_t sizes[kDTypeCount] = {1, 1, 4, 4, 8};
  return sizes[static_cast<int>(d)];
}

constexpr std::string_view name_of(DType d) {
  constexpr std::string_view names[kDTypeCount] = {"bool", "uint8", "int32", "float32", "float64"};
  return names[static_cast<int>(d)];
}

constexpr bool is_floating(DType d) { return d >= DType::Float32; }

// The smallest of our types that holds both: bool < uint8 < int32 < float32 < float64.
constexpr DType promote(DType a, DType b) { return a > b ? a : b; }

template <class T>
struct dtype_of;
template <>
struct dtype_of<bool> {
  static constexpr DType value = DType::Bool;
};
template <>
struct dtype_of<std::uint8_t> {
  static constexpr DType value = DType::UInt8;
};
template <>
struct dtype_of<std::int32_t> {
  static constexpr DType value = DType::Int32;
};
template <>
struct dtype_of<float> {
  static constexpr DType value = DType::Float32;
};
template <>
struct dtype_of<double> {
  static constexpr DType value = DType::Float64;
};

// Calls f.template operator()<T>() with the C++ type of d.
template <class F>
decltype(auto) dispatch(DType d, F&& f) {
  switch (d) {
    case DType::Bool: return f.template operator()<bool>();
    case DType::UInt8: return f.template operator()<std::uint8_t>();
    case DType::Int32: return f.template operator()<std::int32_t>();
    case DType::Float32: return f.template operator()<float>();
    default: return f.template operator()<double>();
  }
}

template <class F>
decltype(auto) dispatch_floating(DType d, F&& f) {
  if (d == DType::Float64) return f.template operator()<double>();
  return f.template operator()<float>();
}

}  // namespace fluxion
