#include "fluxion/io/zip.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>

#include "fluxion/core/error.h"
#include "fluxion/core/sort.h"
#include "fluxion/io/inflate.h"

namespace fluxion::io {
namespace {

constexpr std::size_t kLocal = 30, kEntry = 46, kEnd = 22;  // bytes of the records without names
constexpr std::uint32_t kLocalMark = 0x04034B50, kEntryMark = 0x02014B50, kEndMark = 0x06054B50;

std::uint32_t number(std::span<const std::byte> bytes, std::size_t at, int size) {
  std::uint32_t out = 0;
  for (int i = 0; i < size; ++i) out |= static_cast<std::uint32_t>(bytes[at + static_cast<std::size_t>(i)]) << 8 * i;
  return out;
}

void append(std::vector<std::byte>& out, std::uint64_t value, int size) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<std::byte>(value >> 8 * i & 255));
}

void append(std::vector<std::byte>& out, std::span<const std::byte> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace

std::vector<ZipMember> read_zip(std::span<const std::byte> archive, const std::string& source, std::uint64_t limit) {
  const auto fail = [&](std::size_t at, const std::string& why) {
    throw ParseError(str(source, ": at byte ", at, ": ", why));
  };
  // The end record is the last thing in the file but for a comment of at most 65535 bytes.
  std::size_t end = archive.size();
  for (std::size_t back = kEnd; end == archive.size() && back <= std::min(archive.size(), kEnd + 65535); ++back) {
    const std::size_t at = archive.size() - back;
    if (number(archive, at, 4) == kEndMark && number(archive, at + 20, 2) == back - kEnd) end = at;
  }
  if (end == archive.size()) fail(end, "no zip archive ends here");
  const std::size_t count = number(archive, end + 10, 2);
  const std::size_t bytes = number(archive, end + 12, 4), first = number(archive, end + 16, 4);
  if (number(archive, end + 4, 4) != 0 || number(archive, end + 8, 2) != count || count == 0xFFFF ||
      first == 0xFFFFFFFF)
    fail(end, "an archive in several parts or of more than 4 GB");
  if (first > end || bytes > end - first) fail(end, "the directory reaches beyond the file");

  std::vector<ZipMember> members;
  std::vector<std::uint64_t> extents;  // first byte << 32 | last + 1
  std::unordered_set<std::string> names;
  std::uint64_t total = 0;
  std::size_t at = first;
  for (std::size_t i = 0; i < count; ++i) {
    if (first + bytes - at < kEntry || number(archive, at, 4) != kEntryMark) fail(at, "a directory entry is needed");
    const std::uint32_t flags = number(archive, at + 8, 2), method = number(archive, at + 10, 2);
    const std::uint32_t packed = number(archive, at + 20, 4), size = number(archive, at + 24, 4);
    const std::size_t name_bytes = number(archive, at + 28, 2), local = number(archive, at + 42, 4);
    const std::size_t entry = kEntry + name_bytes + number(archive, at + 30, 2) + number(archive, at + 32, 2);
    if (first + bytes - at < entry) fail(at, "a directory entry is cut short");
    std::string name(reinterpret_cast<const char*>(archive.data()) + at + kEntry, name_bytes);
    const auto refuse = [&](std::string_view why) { fail(at, str("member '", name, "': ", why)); };
    if (!names.insert(name).second) refuse("the name is there twice");
    if ((flags & 1) != 0) refuse("is encrypted");
    if (method != 0 && method != 8) refuse(str("compressed by method ", method, "; stored and deflated can be read"));
    if (method == 0 && packed != size) refuse("stored, but with two sizes");
    total += size;
    if (total > limit) refuse(str("the archive unpacks to more than the limit of ", limit, " bytes"));
    if (local > first || first - local < kLocal || number(archive, local, 4) != kLocalMark)
      refuse(str("its header is not at byte ", local));
    const std::size_t header = kLocal + number(archive, local + 26, 2) + number(archive, local + 28, 2);
    if (first - local < header || first - local - header < packed) refuse("reaches into the directory");
    extents.push_back(std::uint64_t{local} << 32 | (local + header + packed));
    members.push_back(
        {std::move(name), archive.subspan(local + header, packed), size, number(archive, at + 16, 4), method == 8});
    at += entry;
  }
  if (at != first + bytes) fail(at, "something follows the directory's last entry");
  heap_sort(extents);
  for (std::size_t i = 1; i < extents.size(); ++i)
    if (extents[i] >> 32 < (extents[i - 1] & 0xFFFFFFFF))
      fail(static_cast<std::size_t>(extents[i] >> 32), "two members overlap");
  return members;
}

std::vector<std::byte> unpack(const ZipMember& member, const std::string& source) {
  const std::string place = str(source, ": member '", member.name, "'");
  std::vector<std::byte> out = member.deflated ? inflate(member.packed, member.size, place)
                                               : std::vector<std::byte>(member.packed.begin(), member.packed.end());
  if (crc32(out) != member.crc) throw ParseError(str(place, ": the check sum differs"));
  return out;
}

std::vector<std::byte> write_zip(const std::vector<std::pair<std::string, std::vector<std::byte>>>& members) {
  std::vector<std::byte> out, directory;
  for (const auto& [name, bytes] : members) {
    const std::uint64_t start = out.size();
    // Version 2.0, UTF-8 names, stored, 1 January 1980.
    std::vector<std::byte> shared;
    append(shared, 20, 2);
    append(shared, 0x800, 2);
    append(shared, 0, 4);
    append(shared, 0x21, 2);
    append(shared, crc32(bytes), 4);
    append(shared, bytes.size(), 4);
    append(shared, bytes.size(), 4);
    append(shared, name.size(), 2);
    append(shared, 0, 2);
    const std::span<const std::byte> letters = std::as_bytes(std::span(name));
    append(out, kLocalMark, 4);
    append(out, shared);
    append(out, letters);
    append(out, bytes);
    append(directory, kEntryMark, 4);
    append(directory, 20, 2);
    append(directory, shared);
    append(directory, 0, 2);  // no comment, first disk, no attributes
    append(directory, 0, 8);
    append(directory, start, 4);
    append(directory, letters);
    if (out.size() + directory.size() >= 0xFFFFFFFF || name.size() > 0xFFFF || members.size() >= 0xFFFF)
      throw FluxionError("saveNpz: more than a zip archive of 4 GB holds");
  }
  const std::uint64_t first = out.size();
  append(out, directory);
  append(out, kEndMark, 4);
  append(out, 0, 4);
  append(out, members.size(), 2);
  append(out, members.size(), 2);
  append(out, directory.size(), 4);
  append(out, first, 4);
  append(out, 0, 2);
  return out;
}

}  // namespace fluxion::io
