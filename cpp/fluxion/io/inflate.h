#pragma once
// Deflate's inverse (RFC 1951), and the check sum of zip files.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fluxion::io {

// The `size` bytes that a deflate stream holds. ParseError, opening with `source`, where it is damaged or holds more or
// fewer. Deflate makes at most 1032 bytes of one: a larger size is refused before anything is allocated.
std::vector<std::byte> inflate(std::span<const std::byte> stream, std::uint64_t size, const std::string& source);

// CRC-32 of ISO 3309, polynomial 0xEDB88320.
std::uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace fluxion::io
