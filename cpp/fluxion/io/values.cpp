#include "fluxion/io/values.h"

#include <bit>
#include <cstring>
#include <limits>

namespace fluxion::io {
namespace {

static_assert(std::endian::native == std::endian::little, "the formats are little-endian");

constexpr FileType kTypes[] = {
    {"F64", 8, DType::Float64}, {"F32", 4, DType::Float32}, {"F16", 2, DType::Float32}, {"BF16", 2, DType::Float32},
    {"I64", 8, DType::Int32},   {"I32", 4, DType::Int32},   {"U8", 1, DType::UInt8},    {"BOOL", 1, DType::Bool},
};

// IEEE half to float: exponent rebiased from 15 to 127, subnormals scaled by 2^-24.
float half_to_float(std::uint16_t h) {
  const std::uint32_t sign = static_cast<std::uint32_t>(h & 0x8000) << 16, exponent = h >> 10 & 0x1F;
  const std::uint32_t fraction = h & 0x3FF;
  if (exponent == 0) {
    const float value = static_cast<float>(fraction) * 0x1p-24F;
    return sign != 0 ? -value : value;
  }
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7F800000U | fraction << 13);
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
}

template <class From, class To, class F>
void convert(const std::byte* from, Tensor& to, F&& f) {
  To* out = to.data<To>();
  for (std::int64_t i = 0; i < to.numel(); ++i) {
    From value;
    std::memcpy(&value, from + static_cast<std::size_t>(i) * sizeof(From), sizeof(From));
    out[i] = f(value, i);
  }
}

}  // namespace

const FileType* file_type(std::string_view name) {
  for (const FileType& type : kTypes)
    if (type.name == name) return &type;
  return nullptr;
}

std::optional<std::uint64_t> byte_count(const Shape& shape, const FileType& type) {
  std::uint64_t bytes = type.bytes;
  for (const std::int64_t size : shape)
    if (size == 0) return 0;
  for (const std::int64_t size : shape) {
    const auto s = static_cast<std::uint64_t>(size);
    if (bytes > std::numeric_limits<std::uint64_t>::max() / s) return std::nullopt;
    bytes *= s;
  }
  return bytes;
}

Tensor read_values(const std::byte* from, const Shape& shape, const FileType& type, const std::string& place) {
  Tensor out = Tensor::empty(shape, type.dtype);
  if (out.numel() == 0) return out;
  if (type.name == "F16") {
    convert<std::uint16_t, float>(from, out, [](std::uint16_t h, std::int64_t) { return half_to_float(h); });
  } else if (type.name == "BF16") {
    convert<std::uint16_t, float>(from, out, [](std::uint16_t h, std::int64_t) {
      return std::bit_cast<float>(static_cast<std::uint32_t>(h) << 16);
    });
  } else if (type.name == "I64") {
    convert<std::int64_t, std::int32_t>(from, out, [&](std::int64_t v, std::int64_t i) {
      if (v < std::numeric_limits<std::int32_t>::min() || v > std::numeric_limits<std::int32_t>::max())
        throw ParseError(str(place, ": the I64 value ", v, " at position ", i, " does not fit int32"));
      return static_cast<std::int32_t>(v);
    });
  } else if (type.name == "BOOL") {
    convert<std::uint8_t, bool>(from, out, [&](std::uint8_t v, std::int64_t i) {
      if (v > 1) throw ParseError(str(place, ": the BOOL at position ", i, " is ", int{v}));
      return v != 0;
    });
  } else {
    std::memcpy(out.raw(), from, static_cast<std::size_t>(out.numel()) * type.bytes);
  }
  return out;
}

}  // namespace fluxion::io
