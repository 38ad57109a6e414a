// Safetensors, from and to bytes that JavaScript holds.

#include <cstring>

#include "bindings/objects.h"
#include "fluxion/io/safetensors.h"

namespace fluxion::bindings {
namespace {

// What the last call read or wrote, until the next one.
std::vector<std::byte>& written() {
  static auto* bytes = new std::vector<std::byte>;
  return *bytes;
}
io::Safetensors& loaded() {
  static auto* file = new io::Safetensors;
  return *file;
}

// Metadata crosses as one text: key, value, key, value, each ended by NUL.
unsigned save(unsigned names, unsigned tensors, unsigned metadata) {
  io::Metadata pairs;
  const std::vector<std::string> parts = take_pieces(metadata);
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) pairs.emplace_back(parts[i], parts[i + 1]);
  written() = io::save_safetensors(state_of(names, tensors), pairs);
  return give_list(
      {static_cast<double>(reinterpret_cast<std::uintptr_t>(written().data())), static_cast<double>(written().size())});
}
void release_saved() { std::vector<std::byte>().swap(written()); }

unsigned load(unsigned address, double size) {
  const auto* bytes = reinterpret_cast<const std::byte*>(address);
  loaded() = io::load_safetensors({bytes, static_cast<std::size_t>(size)});
  return give_values(loaded().tensors);
}
// Names of the tensors last loaded, each ended by NUL; and the metadata, key and value in turn.
unsigned loaded_names() { return give_names(std::exchange(loaded().tensors, {})); }
unsigned loaded_metadata() {
  std::string text;
  for (const auto& [key, value] : loaded().metadata) text += key + '\0' + value + '\0';
  return give_text(std::move(text));
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_files) {
  bind<&save>("saveSafetensors");
  bind<&release_saved>("releaseSaved");
  bind<&load>("loadSafetensors");
  bind<&loaded_names>("loadedNames");
  bind<&loaded_metadata>("loadedMetadata");
}

}  // namespace fluxion::bindings
