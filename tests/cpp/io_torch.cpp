// State dicts of torch.save: PyTorch's own files, and files that are damaged or mean harm.

#include <cstring>

#include "check.h"
#include "fixture_file.h"
#include "fluxion/io/file.h"
#include "fluxion/io/inflate.h"
#include "fluxion/io/torch_state.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"

using namespace fluxion;
using namespace std::string_literals;

namespace {

using Bytes = std::vector<std::byte>;

Bytes fixture(const std::string& name) { return io::read_file(fixture_path("files/" + name)); }

Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

// An archive with this pickle and one storage of floats 1, 2, 3 …, key 0.
Bytes file_of(const std::string& pickle, int count = 4) {
  std::vector<float> values;
  for (int i = 1; i <= count; ++i) values.push_back(static_cast<float>(i));
  const auto data = std::as_bytes(std::span(values));
  return io::write_zip({{"a/data.pkl", bytes_of(pickle)}, {"a/data/0", {data.begin(), data.end()}}});
}
std::string text(const std::string& value) { return "X"s + static_cast<char>(value.size()) + "\0\0\0"s + value; }
std::string byte(int value) { return "K"s + static_cast<char>(value); }
std::string storage(const std::string& type, const std::string& key, int count) {
  return "(" + text("storage") + "ctorch\n" + type + "\n" + text(key) + text("cpu") + byte(count) + "tQ";
}
// A tensor of this storage, the sizes and strides given as opcodes of tuples.
std::string tensor(const std::string& of, const std::string& offset, const std::string& sizes,
                   const std::string& strides) {
  return "ctorch._utils\n_rebuild_tensor_v2\n(" + of + offset + sizes + strides +
         "\x89"
         "ccollections\nOrderedDict\n)RtR";
}
std::string dict(const std::string& items) { return "\x80\2}(" + items + "u."; }

void refused(const Bytes& file, const std::string& why, std::uint64_t limit = io::kUnpackLimit) {
  CHECK_THROWS(io::load_torch(file, limit), ParseError, why);
}
void refused(const std::string& pickle, const std::string& why) { refused(file_of(pickle), why); }

}  // namespace

TEST(io_torch_reads_a_models_state) {
  const StateDict got = io::load_torch(fixture("model.pt"));
  std::vector<std::string> names;
  for (const auto& [name, t] : got) names.push_back(name);
  CHECK_EQ(names, (std::vector<std::string>{"0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean",
                                            "1.running_var", "1.num_batches_tracked"}));
  manual_seed(3);
  const auto linear = make_ref<nn::Linear>(2, 3);
  CHECK_CLOSE(got.at("0.weight").to_vector<double>(), linear->state_dict().at("weight").to_vector<double>(), 0, 0);
  CHECK_CLOSE(got.at("0.bias").to_vector<double>(), linear->state_dict().at("bias").to_vector<double>(), 0, 0);
  CHECK_EQ(got.at("1.running_var").to_vector<int>(), (std::vector<int>{1, 1, 1}));
  CHECK_EQ(got.at("1.num_batches_tracked").shape(), Shape{});
}

TEST(io_torch_reads_a_checkpoint) {
  const StateDict got = io::load_torch(fixture("checkpoint.pt"));
  CHECK_EQ(got.size(), 14);
  CHECK_EQ(got.at("model.turned").shape(), (Shape{4, 3}));
  CHECK_EQ(got.at("model.turned").to_vector<int>(), (std::vector<int>{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}));
  CHECK_EQ(got.at("model.part").to_vector<int>(), (std::vector<int>{5, 6, 9, 10}));
  CHECK_EQ(got.at("model.spread").to_vector<int>(), (std::vector<int>{5}));
  CHECK_CLOSE(got.at("model.half").to_vector<double>(), (std::vector<double>{1, -2, 0x1p-24}), 0, 0);
  CHECK_CLOSE(got.at("model.bfloat").to_vector<double>(), (std::vector<double>{1, -2.5}), 0, 0);
  CHECK_CLOSE(got.at("model.wide").to_vector<double>(), (std::vector<double>{0.1, NAN}), 0, 0);
  CHECK(got.at("model.wide").dtype() == DType::Float64);
  CHECK_EQ(got.at("model.long").to_vector<int>(), (std::vector<int>{2147483647, -2147483647 - 1}));
  CHECK_EQ(got.at("model.int").item(), 7);
  CHECK_EQ(got.at("model.bytes").to_vector<int>(), (std::vector<int>{0, 255}));
  CHECK(got.at("model.flags").dtype() == DType::Bool);
  CHECK_EQ(got.at("model.scalar").item(), 2.5);
  CHECK_EQ(got.at("model.empty").shape(), (Shape{0, 3}));
  CHECK_EQ(got.at("model.parameter").to_vector<int>(), (std::vector<int>{1, 1}));
  CHECK_EQ(got.at("optimizer.state.0.step").item(), 4);
}

TEST(io_torch_runs_nothing) {
  refused(fixture("hostile.pt"), "the global 'posix system' is not needed for tensors; nothing of it is run");
  refused("\x80\2cbuiltins\neval\n.", "torch file: data.pkl, byte 2: the global 'builtins eval'");
  refused("\x80\2ctorch\nload\n.", "the global 'torch load'");
  refused("\x80\2(S'x'\no.", "data.pkl, byte 3: the opcode 83 is not needed for tensors");
  refused("\x80\2\x8c\1a\x8c\1b\x93.", "the opcode 140 is not needed for tensors");  // STACK_GLOBAL
  refused("\x80\2ctorch\nFloatStorage\n)R.", "a call of 'torch FloatStorage'");
  refused("\x80\2ccollections\nOrderedDict\n(]tR.", "an ordered dict made of something");
  refused("\x80\2})R.", "a call of what is no function");
  refused("\x80\2N}b.", "a state for what is no dict");
}

TEST(io_torch_refuses_damage) {
  const std::string one = "\x85", four = storage("FloatStorage", "0", 4), zero = byte(0);
  const std::string good = dict(text("w") + tensor(four, zero, byte(4) + one, byte(1) + one));
  CHECK_EQ(io::load_torch(file_of(good)).at("w").to_vector<int>(), (std::vector<int>{1, 2, 3, 4}));
  for (std::size_t size = 0; size < good.size(); ++size) refused(good.substr(0, size), "torch file: data.pkl, byte ");
  const Bytes file = fixture("checkpoint.pt");
  for (std::size_t size = 0; size < file.size(); size += 13)
    refused(Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)), "torch file: ");

  const auto of = [&](const std::string& t) { return dict(text("w") + t); };
  const std::string beyond = "a tensor reaches beyond its storage of 4 elements";
  refused(of(tensor(four, byte(1), byte(4) + one, byte(1) + one)), beyond);
  refused(of(tensor(four, zero, byte(3) + one, byte(2) + one)), beyond);
  refused(of(tensor(four, zero, byte(5) + one, zero + one)), beyond);  // more elements than the storage has
  refused(of(tensor(four, zero, "J\xff\xff\xff\xff" + one, byte(1) + one)), beyond);
  refused(of(tensor(four, "J\xff\xff\xff\xff", byte(1) + one, byte(1) + one)), beyond);
  refused(of(tensor(four, "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f", byte(1) + one, byte(1) + one)), beyond);
  refused(of(tensor(four, zero, byte(2) + one, "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f" + one)), beyond);
  refused(of(tensor(four, zero, byte(4) + one, ")")), "a tensor's sizes and strides do not fit");
  refused(of(tensor("N", zero, ")", ")")), "an argument is missing or of another kind");
  refused(of(tensor(storage("FloatStorage", "0", 5), zero, ")", ")")), "'a/data/0' does not hold 5 F32");
  refused(of(tensor(storage("DoubleStorage", "0", 4), zero, ")", ")")), "'a/data/0' does not hold 4 F64");
  refused(of(tensor(storage("FloatStorage", "1", 4), zero, ")", ")")), "the member 'a/data/1' is missing");
  refused(of(tensor(storage("ComplexFloatStorage", "0", 4), zero, ")", ")")), "the global 'torch ComplexFloatStorage'");
  const std::string scalar = tensor(four, zero, ")", ")");
  refused(dict(text("w") + scalar + text("w") + scalar), "the name 'w' is there twice");
  refused(dict("N" + scalar), "a dict's key must be a text or an integer");
  refused(dict(text("w")), "items for what is no such container");
  refused("\x80\2].", "the file holds no dict");
  refused("\x80\2.", "a value is missing");
  refused("\x80\2(0.", "the opcode 48");
  refused("\x80\2t.", "a mark is missing");
  refused("\x80\2h\1.", "a memo that was not made");
  refused("\x80\2}r\xff\xff\xff\x7f.", "a memo number beyond the pickle's size");
  refused("\x80\4}.", "pickle protocol 2 or 3 is needed");
  refused("\x80\2X\xff\xff\xff\xff.", "the pickle ends early");
  refused("\x80\2\x8a\x09" + std::string(9, 'a') + ".", "an integer of more than 64 bits");
  // A dict that holds itself comes once; one within another within another is refused somewhere.
  CHECK_EQ(io::load_torch(file_of("\x80\2}q\1" + text("a") + "h\1s.")).size(), 0);
  std::string deep;
  for (int i = 0; i < 20; ++i) deep += "}" + text("a");
  refused("\x80\2" + deep + "N" + std::string(20, 's') + ".", "dicts are nested more than 16 deep");
  refused(bytes_of("\x80\2\x8a\x0al\xfc\x9c"), "torch file: at byte 0: no zip archive; torch.save writes one since");
  refused(io::write_zip({{"a/b", {}}}), "torch file: the archive has no data.pkl");
  // Many tensors of one storage: each is a copy, and the copies count.
  std::string many;
  const std::string large = storage("FloatStorage", "0", 250);
  for (int i = 0; i < 100; ++i)
    many += text("w" + std::to_string(i)) + tensor(large, zero, byte(250) + one, byte(1) + one);
  CHECK_EQ(io::load_torch(file_of(dict(many), 250), 100000).size(), 100);
  refused(file_of(dict(many), 250), "the tensors take more than the limit", 99999);
  refused(file_of(dict(many), 250), "the archive unpacks to more than the limit of 1000 bytes", 1000);
}

TEST(io_torch_survives_any_damage) {
  // Every byte of the pickle in turn set to others: an error or other tensors, never a crash.
  const Bytes file = fixture("checkpoint.pt");
  std::vector<std::pair<std::string, Bytes>> members;
  for (const io::ZipMember& m : io::read_zip(file, "x")) members.emplace_back(m.name, io::unpack(m, "x"));
  int refusals = 0, tried = 0;
  Bytes& pickled = members[0].second;
  if (!CHECK(members[0].first.ends_with("data.pkl"))) return;
  for (std::size_t at = 0; at < pickled.size(); ++at)
    for (const int flip : {1, 2, 64, 255}) {
      pickled[at] ^= static_cast<std::byte>(flip);
      ++tried;
      try {
        io::load_torch(io::write_zip(members));
      } catch (const ParseError&) {
        ++refusals;
      }
      pickled[at] ^= static_cast<std::byte>(flip);
    }
  CHECK(tried > 4000);
  CHECK(refusals > tried / 3);
}
