#pragma once
// What PyTorch gave for the modules' and optimizers' samples: tests/fixtures/modules.safetensors, made and
// described by modules.py beside it.

#include <cstdlib>
#include <string>

#include "fluxion/io/file.h"
#include "fluxion/io/safetensors.h"

namespace fluxion::testing {

inline const StateDict& module_fixtures() {
  static const StateDict tensors = [] {
    const char* folder = std::getenv("FLUXION_FIXTURES");
    const std::string here = __FILE__;
    const std::string path =
        folder != nullptr ? folder : here.substr(0, here.find_last_of('/')) + "/../fixtures";
    return io::load_safetensors(io::read_file(path + "/modules.safetensors")).tensors;
  }();
  return tensors;
}

// Those whose names begin with prefix, without it.
inline StateDict fixtures_below(const std::string& prefix) {
  StateDict out;
  for (const auto& [name, tensor] : module_fixtures())
    if (name.starts_with(prefix)) out.add(name.substr(prefix.size()), tensor);
  return out;
}

}  // namespace fluxion::testing
