// Files from and to bytes that JavaScript holds.

#include <utility>

#include "bindings/objects.h"
#include "fluxion/io/npy.h"
#include "fluxion/io/safetensors.h"
#include "fluxion/io/torch_state.h"

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

unsigned give_written(std::vector<std::byte> bytes) {
  written() = std::move(bytes);
  return give_list(
      {static_cast<double>(reinterpret_cast<std::uintptr_t>(written().data())), static_cast<double>(written().size())});
}
std::span<const std::byte> file_at(unsigned address, double size) {
  return {reinterpret_cast<const std::byte*>(address), static_cast<std::size_t>(size)};
}
unsigned give_loaded(io::Safetensors file) {
  loaded() = std::move(file);
  return give_values(loaded().tensors);
}

// Metadata crosses as one text: key, value, key, value, each ended by NUL.
unsigned save(unsigned names, unsigned tensors, unsigned metadata) {
  io::Metadata pairs;
  const std::vector<std::string> parts = take_pieces(metadata);
  for (std::size_t i = 0; i + 1 < parts.size(); i += 2) pairs.emplace_back(parts[i], parts[i + 1]);
  return give_written(io::save_safetensors(state_of(names, tensors), pairs));
}
unsigned save_npz(unsigned names, unsigned tensors) { return give_written(io::save_npz(state_of(names, tensors))); }
unsigned save_npy(int tensor) { return give_written(io::save_npy(tensor_at(tensor))); }
void release_saved() { std::vector<std::byte>().swap(written()); }

unsigned load(unsigned address, double size) { return give_loaded(io::load_safetensors(file_at(address, size))); }
unsigned load_npz(unsigned address, double size, double limit) {
  return give_loaded({io::load_npz(file_at(address, size), static_cast<std::uint64_t>(limit)), {}});
}
unsigned load_torch(unsigned address, double size, double limit) {
  return give_loaded({io::load_torch(file_at(address, size), static_cast<std::uint64_t>(limit)), {}});
}
int load_npy(unsigned address, double size) { return hand_out(io::load_npy(file_at(address, size))); }
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
  bind<&save_npy>("saveNpy");
  bind<&save_npz>("saveNpz");
  bind<&load_npy>("loadNpy");
  bind<&load_npz>("loadNpz");
  bind<&load_torch>("loadTorch");
  bind<&loaded_names>("loadedNames");
  bind<&loaded_metadata>("loadedMetadata");
}

}  // namespace fluxion::bindings
