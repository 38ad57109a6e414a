#pragma once
// The numbers of tensors as files hold them: little-endian, row-major, without gaps.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fluxion/core/tensor.h"

namespace fluxion::io {

struct FileType {
  std::string_view name;  // safetensors' name: F32
  std::size_t bytes;
  DType dtype;  // what it is read as
};

// F64, F32, F16, BF16, I64, I32, U8 or BOOL; null for another name.
const FileType* file_type(std::string_view name);

// The bytes of a shape without negative sizes, or nothing when they are more than any file has.
std::optional<std::uint64_t> byte_count(const Shape& shape, const FileType& type);

// F16 and BF16 become float32; I64 becomes int32. ParseError, opening with `place`, where an I64 does not fit or a BOOL
// is neither 0 nor 1.
Tensor read_values(const std::byte* from, const Shape& shape, const FileType& type, const std::string& place);

}  // namespace fluxion::io
