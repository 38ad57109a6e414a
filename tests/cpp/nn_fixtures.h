#pragma once
// What PyTorch gave for the modules' and optimizers' samples: tests/fixtures/modules.safetensors, made and
// described by modules.py beside it.

#include <string>

#include "fixture_file.h"
#include "fluxion/io/file.h"
#include "fluxion/io/safetensors.h"

namespace fluxion::testing {

inline const StateDict& module_fixtures() {
  static const StateDict tensors = [] {
    return io::load_safetensors(io::read_file(fixture_path("modules.safetensors"))).tensors;
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
