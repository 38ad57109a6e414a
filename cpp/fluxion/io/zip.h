#pragma once
// Zip archives, as .npz files and PyTorch's are.
// Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace fluxion::io {

constexpr std::uint64_t kUnpackLimit = 1ULL << 30;

struct ZipMember {
  std::string name;
  std::span<const std::byte> packed;  // where it lies in the archive
  std::uint64_t size;                 // unpacked
  std::uint32_t crc;
  bool deflated;
};

// The members, in the order of the archive's directory; nothing is unpacked yet. ParseError, opening with `source`,
// where the archive is damaged, members overlap or share a name, one is encrypted or neither stored nor deflated, or
// all of them unpacked are more than `limit` bytes.
std::vector<ZipMember> read_zip(std::span<const std::byte> archive, const std::string& source,
                                std::uint64_t limit = kUnpackLimit);

// Its bytes, their check sum compared.
std::vector<std::byte> unpack(const ZipMember& member, const std::string& source);

// An archive with these members stored as they are. FluxionError beyond 4 GB.
std::vector<std::byte> write_zip(const std::vector<std::pair<std::string, std::vector<std::byte>>>& members);

}  // namespace fluxion::io
