#pragma once
// NumPy's files: .npy, one array, and .npz, a zip archive of them.
// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html

#include <cstddef>
#include <span>
#include <vector>

#include "fluxion/io/zip.h"
#include "fluxion/nn/state_dict.h"

namespace fluxion::io {

// Version 1.0, little-endian, row-major: f8, f4, i4, u1 or b1.
std::vector<std::byte> save_npy(const Tensor& array);
// f8, f4, f2, i8, i4, u1 and b1, little-endian, row- or column-major; f2 becomes float32, i8 becomes int32 where every
// value fits. A file that is damaged or of another type is a ParseError that names the place.
Tensor load_npy(std::span<const std::byte> file);

// numpy.savez: each tensor as a member <name>.npy, stored.
std::vector<std::byte> save_npz(const StateDict& arrays);
// Also what numpy.savez_compressed writes. `limit`: the most bytes all arrays may unpack to.
StateDict load_npz(std::span<const std::byte> file, std::uint64_t limit = kUnpackLimit);

}  // namespace fluxion::io
