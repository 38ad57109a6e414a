#pragma once
// State dicts as torch.save writes them: a zip archive with a pickle and the bytes of each storage. The pickle is read,
// never run.

#include <cstddef>
#include <span>

#include "fluxion/io/zip.h"
#include "fluxion/nn/state_dict.h"

namespace fluxion::io {

// The tensors of a dict, those of dicts within it as outer.inner; numbers, texts and lists beside them are left out.
// Types as with safetensors. Each tensor is a copy of its own. ParseError names the place, and the global where the
// pickle asks for another than tensors and ordered dicts need. `limit`: the most bytes that all members, and all
// tensors, may take.
StateDict load_torch(std::span<const std::byte> file, std::uint64_t limit = kUnpackLimit);

}  // namespace fluxion::io
