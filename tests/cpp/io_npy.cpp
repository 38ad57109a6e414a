// NumPy's files and the zip archives around them: NumPy's own, round trips, and files that are damaged or mean harm.

#include <cstring>

#include "check.h"
#include "fixture_file.h"
#include "fluxion/io/file.h"
#include "fluxion/io/inflate.h"
#include "fluxion/io/npy.h"
#include "fluxion/ops/ops.h"

using namespace fluxion;

namespace {

using Bytes = std::vector<std::byte>;

Bytes fixture(const std::string& name) { return io::read_file(fixture_path("files/" + name)); }

Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

Bytes npy(std::string header, const std::string& data) {
  std::string out = "\x93NUMPY\1";
  out += '\0';
  out += static_cast<char>(header.size());
  out += '\0';
  return bytes_of(out + header + data);
}
std::string header(const std::string& type, const std::string& shape) {
  return "{'descr': '" + type + "', 'fortran_order': False, 'shape': " + shape + "}";
}
void refused(const Bytes& file, const std::string& text) { CHECK_THROWS(io::load_npy(file), ParseError, text); }

// The archive with `size` bytes at `at` replaced by a number.
Bytes with(Bytes file, std::size_t at, std::uint32_t value, std::size_t size = 4) {
  std::memcpy(file.data() + at, &value, size);
  return file;
}
std::size_t find(const Bytes& file, std::string_view what, std::size_t from = 0) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const std::size_t at = text.find(what, from);
  CHECK(at != std::string_view::npos);
  return at;
}

}  // namespace

TEST(io_npz_reads_what_numpy_writes) {
  for (const char* name : {"stored.npz", "deflated.npz"}) {
    const StateDict got = io::load_npz(fixture(name));
    CHECK_CLOSE(got.at("f8").to_vector<double>(), (std::vector<double>{0.1, -0.0, NAN, INFINITY}), 0, 0);
    CHECK(got.at("f8").dtype() == DType::Float64);
    CHECK_CLOSE(got.at("f4").to_vector<double>(), (reshape(arange(0, 24), {2, 3, 4}) / 8).to_vector<double>(), 0, 0);
    CHECK_EQ(got.at("f4").shape(), (Shape{2, 3, 4}));
    CHECK_CLOSE(got.at("f2").to_vector<double>(), (std::vector<double>{1, -2, INFINITY, 0x1p-24}), 0, 0);
    CHECK_EQ(got.at("i8").to_vector<int>(), (std::vector<int>{1, -2, 2147483647, -2147483647 - 1}));
    CHECK(got.at("i8").dtype() == DType::Int32);
    CHECK_EQ(got.at("i4").to_vector<int>(), (std::vector<int>{7, -2147483647 - 1}));
    CHECK_EQ(got.at("u1").to_vector<int>(), (std::vector<int>{0, 255}));
    CHECK(got.at("b1").dtype() == DType::Bool);
    CHECK_EQ(got.at("b1").to_vector<int>(), (std::vector<int>{1, 0, 1}));
    CHECK_EQ(got.at("column").to_vector<int>(), (std::vector<int>{0, 1, 2, 3, 4, 5}));
    CHECK_EQ(got.at("column").shape(), (Shape{2, 3}));
    CHECK_EQ(got.at("scalar").shape(), Shape{});
    CHECK_EQ(got.at("scalar").item(), 2.5);
    CHECK_EQ(got.at("empty").shape(), (Shape{0, 3}));
    CHECK_EQ(got.at("a b/ü").item(), 1);
    if (const Tensor* run = got.find("long")) {
      CHECK_EQ(run->numel(), 40000);
      bool same = true;
      const std::vector<int> values = run->to_vector<int>();
      for (std::size_t i = 0; i < values.size(); ++i) same = same && values[i] == static_cast<int>(i % 251);
      CHECK(same);
    }
  }
  CHECK_EQ(io::load_npz(fixture("deflated.npz")).size(), 14);
  CHECK_EQ(io::load_npy(fixture("column.npy")).to_vector<int>(), (std::vector<int>{0, 1, 2, 3, 4, 5}));
}

TEST(io_npy_round_trip) {
  StateDict state;
  state.add("flag", Tensor::from(std::vector<bool>{true, false}, {2, 1}));
  state.add("wide", Tensor::from(std::vector<double>{1.5, NAN}, {2}));
  state.add("scalar", full({}, 7));
  state.add("empty", zeros({0, 3}));
  state.add("turned", transpose(reshape(arange(0, 6), {2, 3}), 0, 1));
  state.add("bytes", Tensor::from(std::vector<std::uint8_t>{255, 0}, {2}));
  const StateDict back = io::load_npz(io::save_npz(state));
  if (!CHECK_EQ(back.size(), state.size())) return;
  auto it = back.begin();
  for (const auto& [name, tensor] : state) {
    CHECK_EQ(it->first, name);
    CHECK_EQ(it->second.shape(), tensor.shape());
    CHECK(it->second.dtype() == tensor.dtype());
    CHECK_CLOSE((it++)->second.to_vector<double>(), tensor.to_vector<double>(), 0, 0);
    CHECK_EQ(io::save_npy(tensor).size() % 64, static_cast<std::size_t>(tensor.numel()) * size_of(tensor.dtype()));
  }
  // NumPy's own bytes.
  const Tensor ones_of = reshape(arange(0, 6), {2, 3});
  const Bytes ours = io::save_npy(ones_of);
  const std::string_view text(reinterpret_cast<const char*>(ours.data()), ours.size());
  CHECK(text.starts_with(std::string_view("\x93NUMPY\1\0v\0{'descr': '<", 20)));
  CHECK(text.find(", 'fortran_order': False, 'shape': (2, 3), }") != std::string_view::npos);
  CHECK_EQ(io::load_npz(io::save_npz({})).size(), 0);
  CHECK_THROWS(io::save_npz({{"a", ones({1})}, {"a", ones({1})}}), FluxionError, "the name 'a' is given twice");
}

TEST(io_npy_refuses_damage) {
  refused({}, "npy: an .npy file starts with \\x93NUMPY, this one does not");
  refused(npy(header("<f4", "(2,)"), "1234567"), "npy: 7 bytes of data do not hold F32 [2]");
  refused(npy(header("<f4", "(2,)"), "123456789"), "npy: 9 bytes of data do not hold F32 [2]");
  refused(npy(header("<f4", "(4294967296, 4294967296, 4294967296)"), ""), "0 bytes of data do not hold F32");
  refused(npy(header("<f4", "(-1,)"), ""), "a size is needed, 0 or more");
  refused(npy(header("<f4", "(99999999999999999999,)"), ""), "a size is needed, 0 or more");
  refused(npy(header(">f4", "(1,)"), "1234"), "npy: at byte 20: the type '>f4' cannot be read; <f8, <f4");
  refused(npy(header("|O", "(1,)"), "1234"), "the type '|O' cannot be read");
  refused(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", ""), "records (structured types)");
  refused(npy("{'descr': '<f4', 'shape': (1,)}", "1234"), "descr, fortran_order and shape are needed");
  refused(npy("{'descr': '<f4', 'descr': '<f4'}", ""), "twice the key 'descr'");
  refused(npy("{'other': 1}", ""), "unknown key 'other'");
  refused(npy(header("<f4", "(1,)") + "x", "1234"), "something follows the header");
  refused(npy(header("<i8", "(1,)"), "12345678"), "npy: the I64 value 4050765991979987505 at position 0 does not fit");
  refused(npy(header("|b1", "(1,)"), "\2"), "npy: the BOOL at position 0 is 2");
  std::string deep = "(";
  for (int i = 0; i < 70; ++i) deep += "1,";
  refused(npy(header("<f4", deep + ")"), "1234"), "more than 64 dimensions");
  const Bytes good = fixture("column.npy");
  for (std::size_t size = 0; size < good.size(); ++size)
    refused({good.begin(), good.begin() + static_cast<long>(size)}, "npy: ");
}

TEST(io_zip_refuses_damage_and_harm) {
  const auto refused_zip = [](const Bytes& file, const std::string& text, std::uint64_t limit = io::kUnpackLimit) {
    CHECK_THROWS(io::load_npz(file, limit), ParseError, text);
  };
  const Bytes good = fixture("deflated.npz");
  for (std::size_t size = 0; size < good.size(); size += size < good.size() - 100 ? 97 : 1)
    refused_zip({good.begin(), good.begin() + static_cast<long>(size)}, "npz: at byte ");
  refused_zip(good, "the archive unpacks to more than the limit of 1000 bytes", 1000);

  const std::size_t end = good.size() - 22, entry = find(good, "PK\1\2"), second = find(good, "PK\1\2", entry + 1);
  refused_zip(with(good, end + 16, 0x7FFFFFFF), "the directory reaches beyond the file");
  refused_zip(with(good, end + 10, 0xFFFF, 2), "in several parts or of more than 4 GB");
  refused_zip(with(with(good, end + 10, 15, 2), end + 8, 15, 2), "a directory entry is needed");
  refused_zip(with(good, entry + 8, 1, 2), "member 'f8.npy': is encrypted");
  refused_zip(with(good, entry + 10, 12, 2), "compressed by method 12; stored and deflated can be read");
  refused_zip(with(good, entry + 20, 0x7FFFFFFF), "member 'f8.npy': reaches into the directory");
  refused_zip(with(good, entry + 42, 1), "its header is not at byte 1");
  refused_zip(with(good, second + 42, 0), "two members overlap");
  refused_zip(with(good, entry + 16, 0), "npz: member 'f8.npy': the check sum differs");
  // A bomb: more is announced than deflate can make of so little.
  refused_zip(with(good, entry + 24, 900000000), "900000000 bytes cannot come from ");
  refused_zip(with(good, entry + 24, 161), "holds 160 bytes, 161 were announced");
  refused_zip(with(good, entry + 24, 100), "holds more than the 100 bytes announced");
  Bytes twice = io::save_npz({{"a", ones({1})}, {"b", ones({1})}});
  for (std::size_t at = 0; at + 5 < twice.size(); ++at)
    if (std::memcmp(twice.data() + at, "b.npy", 5) == 0) twice[at] = std::byte{'a'};
  refused_zip(twice, "member 'a.npy': the name is there twice");
  refused_zip(io::write_zip({{"a.txt", {}}}), "npz: member 'a.txt' is not an .npy file");
}

TEST(io_inflate_survives_any_damage) {
  // Every byte of a deflated member in turn set to others: an error or other bytes, never a crash.
  const Bytes file = fixture("deflated.npz");
  int refusals = 0, tried = 0;
  for (const io::ZipMember& member : io::read_zip(file, "npz")) {
    if (!member.deflated) continue;
    CHECK_EQ(io::inflate(member.packed, member.size, "x").size(), member.size);
    const std::size_t step = std::max<std::size_t>(1, member.packed.size() / 100);
    for (std::size_t at = 0; at < member.packed.size(); at += step)
      for (const int flip : {1, 6, 128, 255}) {
        Bytes damaged(member.packed.begin(), member.packed.end());
        damaged[at] ^= static_cast<std::byte>(flip);
        ++tried;
        try {
          io::inflate(damaged, member.size, "x");
        } catch (const ParseError&) {
          ++refusals;
        }
      }
  }
  CHECK(tried > 1000);
  CHECK(refusals > tried / 4);
  const auto refused_stream = [](std::initializer_list<int> values, const char* text) {
    Bytes stream;
    for (const int v : values) stream.push_back(static_cast<std::byte>(v));
    CHECK_THROWS(io::inflate(stream, 4, "x"), ParseError, text);
  };
  refused_stream({7}, "x: the compressed data, byte 1: a block of unknown type");
  refused_stream({1, 4, 0, 0, 0}, "a stored block's length is damaged");
  refused_stream({1, 4, 0, 0xFB, 0xFF, 1}, "ends early");
  refused_stream({3, 2}, "goes back beyond its start");  // a copy before anything was written
  refused_stream({1, 4, 0, 0xFB, 0xFF, 1, 2, 3, 4, 5}, "bytes follow its end");
  CHECK_EQ(io::crc32(bytes_of("123456789")), 0xCBF43926U);
}
