#include "fluxion/io/idx.h"

#include <bit>

#include "fluxion/io/inflate.h"

namespace fluxion::io {
namespace {

[[noreturn]] void fail(const char* kind, std::size_t at, const std::string& why) {
  throw ParseError(str(kind, " file: byte ", at, ": ", why));
}

// A number of `bytes` bytes, the lowest first (gzip) or last (IDX).
std::uint64_t number_at(std::span<const std::byte> file, std::size_t at, std::size_t bytes, bool lowest_first) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i)
    value = value << 8 | static_cast<std::uint64_t>(file[lowest_first ? at + bytes - 1 - i : at + i]);
  return value;
}

bool is_gzip(std::span<const std::byte> file) {
  return file.size() > 1 && file[0] == std::byte{0x1F} && file[1] == std::byte{0x8B};
}

template <class T, class Raw, class To = T>
Tensor values_of(std::span<const std::byte> file, std::size_t at, const Shape& shape) {
  std::vector<To> out;
  for (; at < file.size(); at += sizeof(T))
    out.push_back(static_cast<To>(std::bit_cast<T>(static_cast<Raw>(number_at(file, at, sizeof(T), false)))));
  return Tensor::from(out, shape);
}

}  // namespace

std::vector<std::byte> gunzip(std::span<const std::byte> file, std::uint64_t limit) {
  if (!is_gzip(file)) fail("gzip", 0, "the magic number is not 1f 8b");
  if (file.size() < 18) fail("gzip", file.size(), "the file is cut short");
  if (file[2] != std::byte{8}) fail("gzip", 2, "not compressed by deflate");
  const auto flags = static_cast<unsigned>(file[3]);
  std::size_t at = 10;
  const std::size_t end = file.size() - 8;
  if ((flags & 4) != 0) at += 2 + number_at(file, at, 2, true);
  for (const unsigned text : {8U, 16U})  // a name, a comment, each ended by 0
    if ((flags & text) != 0) {
      while (at < end && file[at] != std::byte{0}) ++at;
      ++at;
    }
  if ((flags & 2) != 0) at += 2;
  if (at >= end) fail("gzip", file.size(), "the header is cut short");
  const std::uint64_t size = number_at(file, end + 4, 4, true);
  if (size > limit) fail("gzip", end + 4, str("unpacks to ", size, " bytes, more than the limit of ", limit));
  std::vector<std::byte> out = inflate(file.subspan(at, end - at), size, "gzip file");
  if (crc32(out) != number_at(file, end, 4, true)) fail("gzip", end, "the check sum differs");
  return out;
}

Tensor load_idx(std::span<const std::byte> file, std::uint64_t limit) {
  std::vector<std::byte> unpacked;
  if (is_gzip(file)) {
    unpacked = gunzip(file, limit);
    file = unpacked;
  }
  if (file.size() < 4) fail("IDX", file.size(), "the file is cut short");
  if (number_at(file, 0, 2, false) != 0) fail("IDX", 0, "the magic number does not begin with 0 0");
  const auto type = static_cast<unsigned>(file[2]), rank = static_cast<unsigned>(file[3]);
  const std::size_t bytes = type == 8 || type == 9 ? 1 : type == 11 ? 2 : type == 12 || type == 13 ? 4 : 8;
  if (type < 8 || type > 14 || type == 10) fail("IDX", 2, str("no type has the number ", type));
  if (rank > static_cast<unsigned>(kMaxRank)) fail("IDX", 3, str("rank ", rank));
  const std::size_t start = 4 + 4 * rank;
  if (file.size() < start) fail("IDX", file.size(), "the sizes are cut short");
  Shape shape;
  std::uint64_t left = file.size() - start, count = 1;
  for (unsigned i = 0; i < rank; ++i) {
    shape.push_back(static_cast<std::int64_t>(number_at(file, 4 + 4 * i, 4, false)));
    const auto size = static_cast<std::uint64_t>(shape.back());
    if (size != 0 && count > left / size) fail("IDX", 4 + 4 * i, str("sizes ", shape, " are more than the file holds"));
    count *= size;
  }
  if (count * bytes != left)
    fail("IDX", start, str(left, " bytes of values for the sizes ", shape, " of ", bytes, " bytes each"));
  switch (type) {
    case 8: return Tensor::from_bytes(file.data() + start, shape, DType::UInt8);
    case 9: return values_of<std::int8_t, std::uint8_t, std::int32_t>(file, start, shape);
    case 11: return values_of<std::int16_t, std::uint16_t, std::int32_t>(file, start, shape);
    case 12: return values_of<std::int32_t, std::uint32_t>(file, start, shape);
    case 13: return values_of<float, std::uint32_t>(file, start, shape);
    default: return values_of<double, std::uint64_t>(file, start, shape);
  }
}

}  // namespace fluxion::io
