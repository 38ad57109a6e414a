#include "fluxion/io/safetensors.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <optional>
#include <unordered_set>

#include "fluxion/core/sort.h"
#include "fluxion/io/json.h"
#include "fluxion/io/values.h"
#include "fluxion/ops/launch.h"

namespace fluxion::io {
namespace {

static_assert(std::endian::native == std::endian::little, "the format is little-endian");

constexpr const char* kSource = "safetensors";
constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kMaxHeader = 100'000'000;  // the format's own limit

std::string_view file_type_of(DType d) {
  switch (d) {
    case DType::Float64:
      return "F64";
    case DType::Float32:
      return "F32";
    case DType::Int32:
      return "I32";
    case DType::UInt8:
      return "U8";
    default:
      return "BOOL";
  }
}

struct Entry {
  std::string name;
  const FileType* type = nullptr;
  Shape shape;
  std::uint64_t begin = 0, end = 0;  // 64 bits on wasm too, so that no size wraps round
};

[[noreturn]] void refuse(const Entry& e, const std::string& why) {
  throw ParseError(str(kSource, ": tensor '", e.name, "': ", why));
}

Entry read_entry(JsonReader& json, const std::string& name) {
  Entry e;
  e.name = name;
  bool has_dtype = false, has_shape = false, has_offsets = false;
  json.object([&](const std::string& key) {
    if (key == "dtype") {
      has_dtype = true;
      const std::string type = json.string();
      e.type = file_type(type);
      if (e.type == nullptr)
        refuse(e, str("dtype '", type, "' cannot be read; F64, F32, F16, BF16, I64, I32, U8 and BOOL can"));
    } else if (key == "shape") {
      has_shape = true;
      json.array([&] {
        if (e.shape.ssize() == kMaxRank) refuse(e, str("more than ", kMaxRank, " dimensions"));
        const std::int64_t size = json.integer();
        if (size < 0) refuse(e, str("negative size ", size));
        e.shape.push_back(size);
      });
    } else if (key == "data_offsets") {
      has_offsets = true;
      std::vector<std::int64_t> offsets;
      json.array([&] {
        if (offsets.size() == 2) refuse(e, "data_offsets has more than two numbers");
        offsets.push_back(json.integer());
      });
      if (offsets.size() != 2 || offsets[0] < 0 || offsets[1] < offsets[0])
        refuse(e, "data_offsets must be two numbers, the second not below the first");
      e.begin = static_cast<std::uint64_t>(offsets[0]);
      e.end = static_cast<std::uint64_t>(offsets[1]);
    } else {
      refuse(e, str("unknown field '", key, "'"));
    }
  });
  if (!has_dtype || !has_shape || !has_offsets) refuse(e, "dtype, shape and data_offsets are needed");
  return e;
}

void check_extents(const std::vector<Entry>& entries, std::size_t data_bytes) {
  std::vector<const Entry*> by_place;
  for (const Entry& e : entries) {
    if (e.end > data_bytes)
      refuse(e, str("data_offsets [", e.begin, ", ", e.end, "] reach beyond the ", data_bytes, " bytes of data"));
    if (byte_count(e.shape, *e.type) != e.end - e.begin)
      refuse(e, str("data_offsets [", e.begin, ", ", e.end, "] do not hold ", e.type->name, " ", e.shape));
    by_place.push_back(&e);
  }
  heap_sort(by_place, [](const Entry* a, const Entry* b) {
    return a->begin != b->begin ? a->begin < b->begin : a->end < b->end;
  });
  std::uint64_t at = 0;
  for (const Entry* e : by_place) {
    if (e->begin != at)
      refuse(*e, str(e->begin < at ? "overlaps" : "leaves a hole before", " byte ", std::max(at, e->begin),
                     " of the data"));
    at = e->end;
  }
  if (at != data_bytes) throw ParseError(str(kSource, ": ", data_bytes - at, " bytes follow the last tensor"));
}

}  // namespace

std::vector<std::byte> save_safetensors(const StateDict& tensors, const Metadata& metadata) {
  std::unordered_set<std::string_view> names;
  for (const auto& [name, tensor] : tensors)
    if (name == "__metadata__" || !names.insert(name).second)
      throw FluxionError(
          str("saveSafetensors: the name '", name, "' is ", name == "__metadata__" ? "reserved" : "given twice"));
  const auto bytes_of = [](const Tensor& t) { return static_cast<std::size_t>(t.numel()) * size_of(t.dtype()); };
  // Wide elements come first, so that each tensor is aligned.
  std::vector<std::size_t> places(names.size());
  std::size_t data_bytes = 0;
  for (std::size_t width = sizeof(double); width > 0; width /= 2) {
    std::size_t* place = places.data();
    for (const auto& [name, tensor] : tensors) {
      if (size_of(tensor.dtype()) == width) {
        *place = data_bytes;
        data_bytes += bytes_of(tensor);
      }
      ++place;
    }
  }

  std::string header = "{";
  if (!metadata.empty()) {
    header += "\"__metadata__\":{";
    for (std::size_t i = 0; i < metadata.size(); ++i)
      header += str(i > 0 ? "," : "", json_quoted(metadata[i].first), ":", json_quoted(metadata[i].second));
    header += "}";
  }
  const std::size_t* place = places.data();
  for (const auto& [name, t] : tensors) {
    header += str(header.size() > 1 ? "," : "", json_quoted(name), ":{\"dtype\":\"", file_type_of(t.dtype()),
                  "\",\"shape\":", t.shape(), ",\"data_offsets\":[", *place, ",", *place + bytes_of(t), "]}");
    ++place;
  }
  header += "}";
  while (header.size() % kLengthBytes != 0) header += ' ';

  std::vector<std::byte> file(kLengthBytes + header.size() + data_bytes);
  const std::uint64_t length = header.size();
  std::memcpy(file.data(), &length, kLengthBytes);
  std::memcpy(file.data() + kLengthBytes, header.data(), header.size());
  place = places.data();
  for (const auto& [name, tensor] : tensors) {
    const Tensor dense = contiguous_raw(tensor);
    if (dense.numel() > 0)
      std::memcpy(file.data() + kLengthBytes + header.size() + *place, dense.raw(), bytes_of(dense));
    ++place;
  }
  return file;
}

Safetensors load_safetensors(std::span<const std::byte> file) {
  if (file.size() < kLengthBytes)
    throw ParseError(str(kSource, ": the file has ", file.size(), " bytes; the header's length alone takes 8"));
  std::uint64_t length = 0;
  std::memcpy(&length, file.data(), kLengthBytes);
  if (length > file.size() - kLengthBytes)
    throw ParseError(
        str(kSource, ": the header's length is ", length, ", but only ", file.size() - kLengthBytes, " bytes follow"));
  if (length > kMaxHeader)
    throw ParseError(str(kSource, ": a header of ", length, " bytes is over the limit of ", kMaxHeader));
  const auto header_bytes = static_cast<std::size_t>(length);
  const std::string header(reinterpret_cast<const char*>(file.data()) + kLengthBytes, header_bytes);

  Safetensors out;
  std::vector<Entry> entries;
  JsonReader json(header, str(kSource, " header"), kLengthBytes);
  if (json.peek() != JsonReader::Kind::Object) json.fail("the header must be an object");
  json.object([&](const std::string& name) {
    if (name == "__metadata__")
      json.object([&](const std::string& key) { out.metadata.emplace_back(key, json.string()); });
    else
      entries.push_back(read_entry(json, name));
  });
  json.end();
  const std::span<const std::byte> data = file.subspan(kLengthBytes + header_bytes);
  check_extents(entries, data.size());
  for (const Entry& e : entries)
    out.tensors.add(e.name,
                    read_values(data.data() + e.begin, e.shape, *e.type, str(kSource, ": tensor '", e.name, "'")));
  return out;
}

}  // namespace fluxion::io
