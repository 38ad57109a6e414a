#pragma once
// Whole files, for native programs. In a browser bytes come and go through JavaScript.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace fluxion::io {

// FluxionError when the file cannot be read or written.
std::vector<std::byte> read_file(const std::string& path);
void write_file(const std::string& path, std::span<const std::byte> bytes);

}  // namespace fluxion::io
