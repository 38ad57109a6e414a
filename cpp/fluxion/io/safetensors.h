#pragma once
// The safetensors format: 8 bytes of header length, a JSON header, the tensors' bytes. Little-endian.
// Source: https://huggingface.co/docs/safetensors

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fluxion/nn/state_dict.h"

namespace fluxion::io {

using Metadata = std::vector<std::pair<std::string, std::string>>;

struct Safetensors {
  StateDict tensors;  // in the header's order
  Metadata metadata;
};

// Tensors keep their order in the header; their bytes lie in order of falling element size, so that each is
// aligned. FluxionError when a name is given twice or is "__metadata__".
std::vector<std::byte> save_safetensors(const StateDict& tensors, const Metadata& metadata = {});

// F64, F32, I32, U8 and BOOL as they are; F16 and BF16 become float32; I64 becomes int32 where every value
// fits. A file that is damaged or means harm is a ParseError that names the place: lengths and offsets are
// checked against the file's own size before anything is allocated.
Safetensors load_safetensors(std::span<const std::byte> file);

}  // namespace fluxion::io
