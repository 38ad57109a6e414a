// The safetensors format: round trips, files from elsewhere, files that are damaged or mean harm.

#include <cstring>

#include "check.h"
#include "fluxion/io/file.h"
#include "fluxion/io/json.h"
#include "fluxion/io/safetensors.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"

using namespace fluxion;

namespace {

std::vector<std::byte> file_of(const std::string& header, const std::string& data = "") {
  const std::uint64_t length = header.size();
  std::vector<std::byte> out(8 + header.size() + data.size());
  std::memcpy(out.data(), &length, 8);
  std::memcpy(out.data() + 8, header.data(), header.size());
  if (!data.empty()) std::memcpy(out.data() + 8 + header.size(), data.data(), data.size());
  return out;
}

template <class T>
std::string bytes_of(std::vector<T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)};
}

// A header with one tensor "t".
std::string one(const std::string& type, const std::string& shape, std::size_t begin, std::size_t end) {
  return str("{\"t\":{\"dtype\":\"", type, "\",\"shape\":", shape, ",\"data_offsets\":[", begin, ",", end,
             "]}}");
}

Tensor read_one(const std::string& type, const std::string& shape, const std::string& data) {
  return io::load_safetensors(file_of(one(type, shape, 0, data.size()), data)).tensors.at("t");
}

void refused(const std::vector<std::byte>& file, const std::string& text) {
  CHECK_THROWS(io::load_safetensors(file), ParseError, text);
}

void refused(const std::string& header, const std::string& text, const std::string& data = "") {
  refused(file_of(header, data), text);
}

}  // namespace

TEST(io_safetensors_round_trip) {
  StateDict state;
  state.add("flag", Tensor::from(std::vector<bool>{true, false, true}, {3}));
  state.add("wide", Tensor::from(std::vector<double>{1.5, -0.0, NAN}, {3, 1}));
  state.add("scalar \"q\" \\ ü\n", full({}, 7));
  state.add("empty", zeros({0, 3}));
  state.add("turned", transpose(reshape(arange(0, 6), {2, 3}), 0, 1));
  state.add("bytes", Tensor::from(std::vector<std::uint8_t>{255, 0}, {2}));
  const std::vector<std::byte> file = io::save_safetensors(state, {{"format", "pt"}, {"by", "a \"test\""}});
  const io::Safetensors back = io::load_safetensors(file);
  CHECK_EQ(back.metadata, (io::Metadata{{"format", "pt"}, {"by", "a \"test\""}}));
  if (!CHECK_EQ(back.tensors.size(), state.size())) return;
  auto it = back.tensors.begin();
  for (const auto& [name, tensor] : state) {
    CHECK_EQ(it->first, name);
    CHECK_EQ(it->second.shape(), tensor.shape());
    CHECK(it->second.dtype() == tensor.dtype());
    CHECK_CLOSE(it->second.to_vector<double>(), tensor.to_vector<double>(), 0, 0);
    ++it;
  }
  CHECK(std::signbit(back.tensors.at("wide").at(1)));
  CHECK_EQ(back.tensors.at("turned").to_vector<int>(), (std::vector<int>{0, 3, 1, 4, 2, 5}));
  CHECK_EQ(io::load_safetensors(io::save_safetensors({})).tensors.size(), 0);
  CHECK_THROWS(io::save_safetensors({{"a", ones({1})}, {"a", ones({1})}}), FluxionError,
               "the name 'a' is given twice");
  CHECK_THROWS(io::save_safetensors({{"__metadata__", ones({1})}}), FluxionError,
               "the name '__metadata__' is reserved");
}

TEST(io_safetensors_bytes_are_the_formats_own) {
  const std::vector<std::byte> file =
      io::save_safetensors({{"b", ones({1}, DType::UInt8)}, {"a", ones({2})}});
  const std::string header =
      "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[8,9]},\"a\":{\"dtype\":\"F32\",\"shape\":[2],"
      "\"data_offsets\":[0,8]}}";
  const std::string padded = header + std::string((8 - header.size() % 8) % 8, ' ');
  CHECK(file == file_of(padded, bytes_of<float>({1, 1}) + '\1'));
}

TEST(io_safetensors_other_types) {
  CHECK_EQ(read_one("F64", "[2]", bytes_of<double>({1, 2})).to_vector<double>(), (std::vector<double>{1, 2}));
  CHECK(read_one("F64", "[1]", bytes_of<double>({1})).dtype() == DType::Float64);
  CHECK_EQ(read_one("I32", "[]", bytes_of<std::int32_t>({-5})).item(), -5);
  const Tensor half = read_one(
      "F16", "[9]",
      bytes_of<std::uint16_t>({0x3C00, 0xC000, 0x0001, 0x03FF, 0x7BFF, 0x7C00, 0xFC00, 0x8000, 0x0400}));
  CHECK_EQ(half.to_vector<double>(),
           (std::vector<double>{1, -2, std::ldexp(1, -24), std::ldexp(1023, -24), 65504, INFINITY, -INFINITY,
                                -0.0, std::ldexp(1, -14)}));
  CHECK(std::signbit(half.at(7)));
  CHECK(std::isnan(read_one("F16", "[1]", bytes_of<std::uint16_t>({0x7E00})).item()));
  CHECK_EQ(read_one("BF16", "[3]", bytes_of<std::uint16_t>({0x3F80, 0xC040, 0x7F80})).to_vector<double>(),
           (std::vector<double>{1, -3, INFINITY}));
  const Tensor whole = read_one("I64", "[3]", bytes_of<std::int64_t>({7, -2147483648LL, 2147483647}));
  CHECK(whole.dtype() == DType::Int32);
  CHECK_EQ(whole.to_vector<double>(), (std::vector<double>{7, -2147483648.0, 2147483647}));
  refused(file_of(one("I64", "[2]", 0, 16), bytes_of<std::int64_t>({0, 2147483648LL})),
          "safetensors: tensor 't': the I64 value 2147483648 at position 1 does not fit int32");
  refused(file_of(one("BOOL", "[2]", 0, 2), "\1\2"), "tensor 't': the BOOL at position 1 is 2");
  refused(one("I16", "[0]", 0, 0), "tensor 't': dtype 'I16' cannot be read; F64, F32");
  // Fields in another order, spaces, an empty tensor, no alignment.
  const Tensor odd =
      io::load_safetensors(file_of(" { \"a\" : {\"shape\":[1 ],\"data_offsets\":[ 0,1],\"dtype\":\"U8\"} ,\n"
                                   "\"e\":{\"dtype\":\"F64\",\"shape\":[0],\"data_offsets\":[1,1]},"
                                   "\"t\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[1,5]}} ",
                                   "\1" + bytes_of<float>({2.5F})))
          .tensors.at("t");
  CHECK_EQ(odd.item(), 2.5);
}

TEST(io_safetensors_refuses_broken_headers) {
  refused(std::vector<std::byte>(5), "safetensors: the file has 5 bytes; the header's length alone takes 8");
  std::vector<std::byte> huge(16);
  std::memset(huge.data(), 0xFF, 8);
  refused(huge, "the header's length is 18446744073709551615, but only 8 bytes follow");
  refused("", "safetensors header: at byte 8: a value is needed");
  refused("[]", "safetensors header: at byte 8: the header must be an object");
  refused("{", "at byte 9: the text ends where '\"' is needed");
  refused("{}x", "at byte 10: something follows the value");
  refused("{\"t\":3}", "at byte 13: '{' is needed");
  refused("{\"t\":{\"dtype\":\"F32\",\"shape\":[]}}", "tensor 't': dtype, shape and data_offsets are needed");
  refused("{\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4],\"more\":1}}",
          "tensor 't': unknown field 'more'");
  refused("{\"a\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[0,0]},\"a\":{}}",
          "at byte 62: the key 'a' is there twice");
  refused("{\"t\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", "the key 'dtype' is there twice");
  refused("{\"__metadata__\":{\"a\":1}}", "at byte 29: '\"' is needed");
  refused("{\"t\":{\"dtype\":4}}", "'\"' is needed");
  refused(one("F32", "[1.5]", 0, 4), "a whole number is needed, at most 2^53 in size");
  refused(one("F32", "[1e300]", 0, 4), "a whole number is needed");
  refused(one("F32", "[-1]", 0, 4), "tensor 't': negative size -1");
  refused(one("F32", "[" + std::string(200, '1') + "]", 0, 4), "a whole number is needed");
  std::string ranks = "1";
  for (int i = 0; i < 64; ++i) ranks += ",1";
  refused(one("F32", "[" + ranks + "]", 0, 4), "tensor 't': more than 64 dimensions");
  refused("{\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0]}}",
          "data_offsets must be two numbers");
  refused("{\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4,8]}}",
          "data_offsets has more than two numbers");
  refused("{\"t\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[-4,0]}}",
          "data_offsets must be two numbers, the second not below");
  refused(one("F32", "[]", 8, 4), "data_offsets must be two numbers, the second not below the first");
  std::string deep = "{\"t\":";
  for (int i = 0; i < 100000; ++i) deep += "[";
  refused(deep, "'{' is needed");
}

TEST(io_safetensors_refuses_wrong_extents) {
  refused(one("F32", "[2]", 0, 8), "tensor 't': data_offsets [0, 8] reach beyond the 4 bytes of data",
          "1234");
  refused(one("F32", "[2]", 0, 4), "tensor 't': data_offsets [0, 4] do not hold F32 [2]", "1234");
  refused(one("F32", "[4294967296,4294967296]", 0, 0),
          "data_offsets [0, 0] do not hold F32 [4294967296, 4294967296]");
  refused(one("F32", "[9007199254740992,0]", 0, 4), "data_offsets [0, 4] do not hold", "1234");
  refused(one("U8", "[4]", 1, 5), "tensor 't': leaves a hole before byte 1 of the data", "12345");
  refused(one("U8", "[4]", 0, 4), "safetensors: 1 bytes follow the last tensor", "12345");
  const auto two = [](int b, int e) {
    return str(
        "{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"U8\",\"shape\":[",
        e - b, "],\"data_offsets\":[", b, ",", e, "]}}");
  };
  refused(two(2, 6), "tensor 'b': overlaps byte 4 of the data", "123456");
  refused(two(0, 4), "overlaps byte 4 of the data", "1234");
  CHECK_EQ(io::load_safetensors(file_of(two(4, 6), "123456")).tensors.size(), 2);
}

// Whatever is done to a file, it is read or refused; nothing is allocated beyond its size.
TEST(io_safetensors_survives_any_damage) {
  manual_seed(1);
  const auto model = nn::sequential(make_ref<nn::Linear>(3, 2), make_ref<nn::BatchNorm1d>(2));
  const std::vector<std::byte> good = io::save_safetensors(model->state_dict(), {{"a", "b"}});
  const std::int64_t tensors = memory_stats().tensors, bytes = memory_stats().bytes;
  reset_peak_memory();
  int refusals = 0;
  const auto attempt = [&](const std::vector<std::byte>& file) {
    try {
      io::load_safetensors(file);
    } catch (const ParseError&) {
      ++refusals;
    }
  };
  for (std::size_t cut = 0; cut < good.size(); ++cut)
    attempt({good.begin(), good.begin() + static_cast<std::ptrdiff_t>(cut)});
  CHECK_EQ(refusals, static_cast<int>(good.size()));
  Generator g(2);
  for (int i = 0; i < 20000; ++i) {
    std::vector<std::byte> bad = good;
    for (std::uint32_t n = 1 + g.next_u32() % 3; n > 0; --n) {
      const std::uint32_t place = g.next_u32() % (i % 2 == 0 ? static_cast<std::uint32_t>(bad.size()) : 400);
      bad[place] = static_cast<std::byte>(g.next_u32() % 4 == 0 ? "0123456789[]{},:\"-"[g.next_u32() % 18]
                                                                : static_cast<char>(g.next_u32()));
    }
    attempt(bad);
  }
  CHECK(refusals > 10000);
  CHECK_EQ(memory_stats().tensors, tensors);
  CHECK(memory_stats().peak_bytes - bytes < 4096);
}

TEST(io_json_reader) {
  io::JsonReader json("{\"a\\u00e9\\ud83d\\udc33\\n\": [1, -2.5e3, true, null, \"x\"], \"b\": {\"c\": []}}",
                      "test");
  std::string keys;
  json.object([&](const std::string& key) {
    keys += key + ";";
    if (key == "b") return json.skip();
    int i = 0;
    json.array([&] {
      switch (i++) {
        case 0:
          CHECK_EQ(json.integer(), 1);
          break;
        case 1:
          CHECK_EQ(json.number(), -2500);
          break;
        case 2:
          CHECK(json.boolean());
          break;
        case 3:
          json.null();
          break;
        default:
          CHECK_EQ(json.string(), "x");
      }
    });
  });
  json.end();
  CHECK_EQ(keys, "aé🐳\n;b;");
  const auto refuses = [](const std::string& text, const char* why) {
    CHECK_THROWS(io::JsonReader(text, "test").skip(), ParseError, why);
  };
  refuses("", "test: at byte 0: a value is needed");
  refuses("[1,]", "at byte 3: a value is needed");
  refuses("[1 2]", "at byte 3: ',' is needed");
  refuses("{1:2}", "at byte 1: '\"' is needed");
  refuses("tru", "'true' is needed");
  refuses("-", "a number is needed");
  refuses("1.e5", "a number is needed");
  refuses("\"a", "the text ends within a string");
  refuses("\"\n\"", "a control character within a string");
  refuses("\"\xff\"", "at byte 1: a byte that is not valid UTF-8");
  refuses("\"a\xc3\"", "at byte 3: a byte that is not valid UTF-8");
  refuses("\"\\x\"", "unknown escape");
  refuses("\"\\ud83dx\"", "half of a surrogate pair");
  refuses("\"\\udc33\"", "half of a surrogate pair");
  refuses("\"\\u12g4\"", "four hexadecimal digits");
  CHECK_THROWS(io::JsonReader("1e999", "test").number(), ParseError, "at byte 0: a number that is too large");
  CHECK_EQ(io::JsonReader("-9007199254740992", "test").integer(), -9007199254740992);
  CHECK_THROWS(io::JsonReader("9007199254740993", "test").integer(), ParseError, "at byte 0: a whole number is needed");
  refuses(std::string(1000, '['), "nested more than 64 deep");
  CHECK_EQ(io::json_quoted("a\"\\\n\x01ü"), "\"a\\\"\\\\\\u000a\\u0001ü\"");
}

TEST(io_files_name_what_is_missing) {
  CHECK_THROWS(io::read_file("/no/such/file"), FluxionError, "readFile: /no/such/file cannot be opened");
  CHECK_THROWS(io::write_file("/no/such/file", {}), FluxionError,
               "writeFile: /no/such/file cannot be written");
}
