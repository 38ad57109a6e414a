#pragma once
// IDX files, as those of MNIST and its family: a magic number, sizes, values; big-endian, gzipped or not.
// Source: http://yann.lecun.com/exdb/mnist/

#include <cstddef>
#include <span>
#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion::io {

// uint8, int8 and int16 (both as int32), int32, float32 or float64. ParseError names what is wrong and where. A gzipped
// file is unpacked first; `limit` is the most bytes that it may unpack to.
Tensor load_idx(std::span<const std::byte> file, std::uint64_t limit = std::uint64_t{1} << 30);

// What a gzip file of one member holds (RFC 1952).
std::vector<std::byte> gunzip(std::span<const std::byte> file, std::uint64_t limit = std::uint64_t{1} << 30);

}  // namespace fluxion::io
