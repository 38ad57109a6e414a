#include "fluxion/io/file.h"

#include <fstream>

#include "fluxion/core/error.h"

namespace fluxion::io {

std::vector<std::byte> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) throw FluxionError(str("readFile: ", path, " cannot be opened"));
  const std::streamoff size = in.tellg();
  std::vector<std::byte> bytes(static_cast<std::size_t>(size < 0 ? 0 : size));
  in.seekg(0);
  if (size < 0 || !in.read(reinterpret_cast<char*>(bytes.data()), size))
    throw FluxionError(str("readFile: ", path, " cannot be read"));
  return bytes;
}

void write_file(const std::string& path, std::span<const std::byte> bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) throw FluxionError(str("writeFile: ", path, " cannot be written"));
}

}  // namespace fluxion::io
