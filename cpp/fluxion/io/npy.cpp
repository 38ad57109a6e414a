#include "fluxion/io/npy.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "fluxion/io/values.h"
#include "fluxion/ops/launch.h"
#include "fluxion/ops/view.h"

namespace fluxion::io {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kAlign = 64;

// NumPy's names of types, and safetensors'. One byte has no order.
constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {"<f8", "F64"}, {"<f4", "F32"}, {"<i4", "I32"}, {"|u1", "U8"}, {"|b1", "BOOL"}, {"<f2", "F16"}, {"<i8", "I64"}};

std::string_view descr_of(DType d) {
  const auto it = std::find_if(std::begin(kTypes), std::end(kTypes),
                               [&](const auto& type) { return file_type(type.second)->dtype == d; });
  return it->first;
}

// The header: a Python dict of three members, as NumPy writes it.
class Header {
 public:
  Header(std::string_view text, const std::string& source, std::size_t first_byte)
      : text_(text), source_(source), first_byte_(first_byte) {
    bool has[3] = {};
    want("{");
    while (!take("}")) {
      const std::string_view key = quoted();
      const int member = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : -1;
      if (member < 0 || has[member]) fail(str(member < 0 ? "unknown key '" : "twice the key '", key, "'"));
      has[member] = true;
      want(":");
      if (member == 0) read_type();
      if (member == 1) turned = take("True") || (want("False"), false);
      if (member == 2) read_shape();
      if (!take(",")) {
        want("}");
        break;
      }
    }
    if (!has[0] || !has[1] || !has[2]) fail("descr, fortran_order and shape are needed");
    if (skip_spaces(); at_ < text_.size()) fail("something follows the header");
  }

  const FileType* type = nullptr;
  Shape shape;
  bool turned = false;  // column-major

  [[noreturn]] void fail(std::string_view why) const {
    throw ParseError(str(source_, ": at byte ", first_byte_ + at_, ": ", why));
  }

 private:
  void skip_spaces() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  bool take(std::string_view word) {
    skip_spaces();
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }
  void want(std::string_view word) {
    if (!take(word)) fail(str("'", word, "' is needed"));
  }
  std::string_view quoted() {
    const char quote = take("\"") ? '"' : (want("'"), '\'');
    const std::size_t start = at_, end = text_.find(quote, at_);
    if (end == std::string_view::npos) fail("a text without an end");
    at_ = end + 1;
    return text_.substr(start, end - start);
  }
  void read_type() {
    if (skip_spaces(); text_.substr(at_, 1) == "[") fail("records (structured types) cannot be read");
    const std::size_t start = at_;
    const std::string_view name = quoted();
    for (const auto& [theirs, ours] : kTypes)
      if (name == theirs) type = file_type(ours);
    if (type != nullptr) return;
    at_ = start;
    fail(str("the type '", name, "' cannot be read; <f8, <f4, <f2, <i8, <i4, |u1 and |b1 can"));
  }
  void read_shape() {
    want("(");
    while (!take(")")) {
      skip_spaces();
      std::int64_t size = -1;
      const char* begin = text_.data() + at_;
      const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), size);
      if (error != std::errc() || size < 0) fail("a size is needed, 0 or more");
      if (shape.ssize() == kMaxRank) fail(str("more than ", kMaxRank, " dimensions"));
      at_ += static_cast<std::size_t>(end - begin);
      shape.push_back(size);
      if (!take(",")) {
        want(")");
        break;
      }
    }
  }

  std::string_view text_;
  const std::string& source_;
  std::size_t first_byte_, at_ = 0;
};

Tensor read_npy(std::span<const std::byte> file, const std::string& source) {
  const auto fail = [&](std::string_view why) { throw ParseError(str(source, ": ", why)); };
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  if (text.size() < 10 || !text.starts_with(kMagic)) fail("an .npy file starts with \\x93NUMPY, this one does not");
  const int version = static_cast<unsigned char>(text[6]);
  if (version < 1 || version > 3) fail(str("version ", version, " cannot be read; 1 to 3 can"));
  const std::size_t length_bytes = version == 1 ? 2 : 4, start = 8 + length_bytes;
  std::uint32_t length = 0;
  if (text.size() >= start) std::memcpy(&length, text.data() + 8, length_bytes);
  if (text.size() < start || length > text.size() - start)
    fail(str("the header's length is ", length, ", but only ", text.size() - std::min(start, text.size()),
             " bytes follow"));
  const Header header(text.substr(start, length), source, start);
  const std::span<const std::byte> data = file.subspan(start + length);
  if (byte_count(header.shape, *header.type) != data.size())
    fail(str(data.size(), " bytes of data do not hold ", header.type->name, " ", header.shape));
  if (!header.turned || header.shape.size() < 2) return read_values(data.data(), header.shape, *header.type, source);
  Shape turned(header.shape);
  std::reverse(turned.begin(), turned.end());
  Shape back;
  for (std::int64_t d = turned.ssize(); d-- > 0;) back.push_back(d);
  return contiguous_raw(permute(read_values(data.data(), turned, *header.type, source), back));
}

}  // namespace

std::vector<std::byte> save_npy(const Tensor& array) {
  std::string shape;
  for (const std::int64_t size : array.shape()) shape += str(size, ", ");
  if (array.rank() > 1) shape.resize(shape.size() - 2);
  std::string header =
      str("{'descr': '", descr_of(array.dtype()), "', 'fortran_order': False, 'shape': (", shape, "), }");
  // The data start at a multiple of 64.
  const std::size_t start = (10 + header.size() + 1 + kAlign - 1) / kAlign * kAlign;
  header.resize(start - 11, ' ');
  header += '\n';
  const Tensor values = contiguous_raw(array);
  const std::size_t bytes = static_cast<std::size_t>(values.numel()) * size_of(values.dtype());
  std::vector<std::byte> out(start + bytes);
  std::memcpy(out.data(), kMagic.data(), kMagic.size());
  out[6] = std::byte{1};
  out[8] = static_cast<std::byte>(header.size() & 255);
  out[9] = static_cast<std::byte>(header.size() >> 8);
  std::memcpy(out.data() + 10, header.data(), header.size());
  if (bytes > 0) std::memcpy(out.data() + start, values.raw(), bytes);
  return out;
}

Tensor load_npy(std::span<const std::byte> file) { return read_npy(file, "npy"); }

std::vector<std::byte> save_npz(const StateDict& arrays) {
  std::vector<std::pair<std::string, std::vector<std::byte>>> members;
  for (const auto& [name, array] : arrays) {
    const std::string file = name + ".npy";
    if (std::any_of(members.begin(), members.end(), [&](const auto& m) { return m.first == file; }))
      throw FluxionError(str("saveNpz: the name '", name, "' is given twice"));
    members.emplace_back(file, save_npy(array));
  }
  return write_zip(members);
}

StateDict load_npz(std::span<const std::byte> file, std::uint64_t limit) {
  StateDict out;
  for (const ZipMember& member : read_zip(file, "npz", limit)) {
    if (!member.name.ends_with(".npy")) throw ParseError(str("npz: member '", member.name, "' is not an .npy file"));
    out.add(member.name.substr(0, member.name.size() - 4),
            read_npy(unpack(member, "npz"), str("npz: member '", member.name, "'")));
  }
  return out;
}

}  // namespace fluxion::io
