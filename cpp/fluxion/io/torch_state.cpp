#include "fluxion/io/torch_state.h"

#include <algorithm>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "fluxion/core/utf8.h"
#include "fluxion/io/inflate.h"
#include "fluxion/io/values.h"

namespace fluxion::io {
namespace {

enum class Kind : std::uint8_t { None, Bool, Int, Float, Text, Tuple, List, Dict, Global, Storage, Tensor };

// What an opcode makes. Containers hold places in the reader's list of values, a dict keys and values in turn.
struct Value {
  Kind kind;
  std::int64_t number = 0;  // Bool, Int; of a Storage its elements, of a Tensor its place among the tensors
  std::string text;         // Text, Global; of a Storage its key
  std::vector<std::size_t> items;
  const FileType* type = nullptr;  // of a Storage
};

constexpr std::pair<std::string_view, std::string_view> kStorages[] = {
    {"torch DoubleStorage", "F64"},    {"torch FloatStorage", "F32"}, {"torch HalfStorage", "F16"},
    {"torch BFloat16Storage", "BF16"}, {"torch LongStorage", "I64"},  {"torch IntStorage", "I32"},
    {"torch ByteStorage", "U8"},       {"torch BoolStorage", "BOOL"},
};
constexpr std::string_view kDict = "collections OrderedDict", kTensor = "torch._utils _rebuild_tensor_v2",
                           kParameter = "torch._utils _rebuild_parameter";

const FileType* storage_type(std::string_view global) {
  for (const auto& [theirs, ours] : kStorages)
    if (theirs == global) return file_type(ours);
  return nullptr;
}

class Unpickler {
 public:
  Unpickler(std::span<const std::byte> pickle, const std::vector<ZipMember>& members, const std::string& folder,
            std::uint64_t limit)
      : pickle_(reinterpret_cast<const char*>(pickle.data()), pickle.size()),
        members_(members),
        folder_(folder),
        left_(limit) {}

  StateDict run() {
    for (;;) {
      opcode_ = at_;
      const unsigned char code = static_cast<unsigned char>(take(1)[0]);
      if (code == '.') break;
      step(code);
    }
    const std::size_t top = pop();
    if (values_[top].kind != Kind::Dict) fail("the file holds no dict");
    StateDict out;
    collect(top, "", 0, out);
    return out;
  }

 private:
  [[noreturn]] void fail(std::string_view why) const {
    throw ParseError(str("torch file: data.pkl, byte ", opcode_, ": ", why));
  }

  std::string_view take(std::size_t n) {
    if (pickle_.size() - at_ < n) fail("the pickle ends early");
    at_ += n;
    return pickle_.substr(at_ - n, n);
  }
  // Little-endian, without a sign.
  std::uint64_t number(std::size_t n) {
    std::uint64_t out = 0;
    std::memcpy(&out, take(n).data(), n);
    return out;
  }
  std::string_view line() {
    const std::size_t end = pickle_.find('\n', at_);
    if (end == std::string_view::npos) fail("the pickle ends early");
    const std::string_view out = pickle_.substr(at_, end - at_);
    at_ = end + 1;
    return out;
  }

  Value& push(Kind kind, std::int64_t n = 0) {
    stack_.push_back(values_.size());
    return values_.emplace_back(Value{kind, n, {}, {}, nullptr});
  }
  std::size_t top() const {
    if (stack_.empty() || (!marks_.empty() && marks_.back() == stack_.size())) fail("a value is missing");
    return stack_.back();
  }
  std::size_t pop() {
    const std::size_t out = top();
    stack_.pop_back();
    return out;
  }
  std::vector<std::size_t> pop_to_mark() {
    if (marks_.empty()) fail("a mark is missing");
    const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<std::size_t> out(from, stack_.end());
    stack_.erase(from, stack_.end());
    marks_.pop_back();
    return out;
  }
  void push_tuple(std::size_t n) {
    std::vector<std::size_t> items(n);
    for (std::size_t i = n; i-- > 0;) items[i] = pop();
    push(Kind::Tuple).items = std::move(items);
  }
  void add_items(Kind kind, const std::vector<std::size_t>& items) {
    Value& into = values_[top()];
    if (into.kind != kind || (kind == Kind::Dict && items.size() % 2 != 0)) fail("items for what is no such container");
    into.items.insert(into.items.end(), items.begin(), items.end());
  }

  void remember(std::uint64_t key) {
    if (key >= pickle_.size()) fail("a memo number beyond the pickle's size");
    if (key >= memo_.size()) memo_.resize(static_cast<std::size_t>(key) + 1, kNothing);
    memo_[static_cast<std::size_t>(key)] = top();
  }
  void recall(std::uint64_t key) {
    if (key >= memo_.size() || memo_[static_cast<std::size_t>(key)] == kNothing) fail("a memo that was not made");
    stack_.push_back(memo_[static_cast<std::size_t>(key)]);
  }

  void step(unsigned char code) {
    switch (code) {
      case 0x80:  // PROTO
        if (number(1) > 3) fail("pickle protocol 2 or 3 is needed");
        return;
      case '(':
        return marks_.push_back(stack_.size());
      case ')':
        return push_tuple(0);
      case 0x85:
      case 0x86:
      case 0x87:
        return push_tuple(code - 0x84U);
      case 't': {
        std::vector<std::size_t> items = pop_to_mark();
        push(Kind::Tuple).items = std::move(items);
        return;
      }
      case ']':
        push(Kind::List);
        return;
      case '}':
        push(Kind::Dict);
        return;
      case 'a': {
        const std::size_t item = pop();
        return add_items(Kind::List, {item});
      }
      case 'e':
        return add_items(Kind::List, pop_to_mark());
      case 's': {
        const std::size_t value = pop(), key = pop();
        return add_items(Kind::Dict, {key, value});
      }
      case 'u':
        return add_items(Kind::Dict, pop_to_mark());
      case 'q':
        return remember(number(1));
      case 'r':
        return remember(number(4));
      case 'h':
        return recall(number(1));
      case 'j':
        return recall(number(4));
      case 'N':
        push(Kind::None);
        return;
      case 0x88:
      case 0x89:
        push(Kind::Bool, code == 0x88 ? 1 : 0);
        return;
      case 'K':
        push(Kind::Int, static_cast<std::int64_t>(number(1)));
        return;
      case 'M':
        push(Kind::Int, static_cast<std::int64_t>(number(2)));
        return;
      case 'J':
        push(Kind::Int, static_cast<std::int32_t>(number(4)));
        return;
      case 0x8A: {  // LONG1: so many bytes, two's complement
        const std::uint64_t bytes = number(1);
        if (bytes > 8) fail("an integer of more than 64 bits");
        const std::uint64_t value = number(static_cast<std::size_t>(bytes));
        const auto unused = static_cast<int>(64 - 8 * bytes);
        push(Kind::Int, bytes == 0 ? 0 : static_cast<std::int64_t>(value << unused) >> unused);
        return;
      }
      case 'G':
        take(8);
        push(Kind::Float);
        return;
      case 'X': {
        const std::string_view text = take(static_cast<std::size_t>(number(4)));
        check_utf8(text, "torch file: a text");
        push(Kind::Text).text = text;
        return;
      }
      case 'c': {
        std::string name(line());
        name.append(" ").append(line());
        if (name != kDict && name != kTensor && name != kParameter && storage_type(name) == nullptr)
          fail(str("the global '", name, "' is not needed for tensors; nothing of it is run"));
        push(Kind::Global).text = std::move(name);
        return;
      }
      case 'Q':
        return open_storage();
      case 'R':
        return reduce();
      case 'b':  // attributes of a dict: the modules' versions
        pop();
        if (values_[top()].kind != Kind::Dict) fail("a state for what is no dict");
        return;
      default:
        fail(str("the opcode ", int{code}, " is not needed for tensors"));
    }
  }

  const Value& item(const Value& of, std::size_t i, Kind kind) const {
    if (i >= of.items.size() || values_[of.items[i]].kind != kind) fail("an argument is missing or of another kind");
    return values_[of.items[i]];
  }

  // ('storage', type, key, place, elements)
  void open_storage() {
    const Value id = values_[pop()];
    if (id.kind != Kind::Tuple || item(id, 0, Kind::Text).text != "storage") fail("a reference to what is no storage");
    const Value& key = item(id, 2, Kind::Text);
    const FileType* type = storage_type(item(id, 1, Kind::Global).text);
    const std::int64_t count = item(id, 4, Kind::Int).number;
    if (type == nullptr) fail("a storage without a type");
    const ZipMember* member = find(key.text);
    if (member == nullptr) fail(str("the member '", folder_, "data/", key.text, "' is missing"));
    if (member->deflated || count < 0 || byte_count({count}, *type) != member->size)
      fail(str("the member '", member->name, "' does not hold ", count, " ", type->name));
    Value& storage = push(Kind::Storage, count);
    storage.text = member->name;
    storage.type = type;
  }
  const ZipMember* find(const std::string& key) const {
    const std::string name = folder_ + "data/" + key;
    for (const ZipMember& m : members_)
      if (m.name == name) return &m;
    return nullptr;
  }

  void reduce() {
    const std::size_t place = pop();
    const Value args = values_[place];
    const Value function = values_[pop()];
    if (function.kind != Kind::Global || args.kind != Kind::Tuple) fail("a call of what is no function");
    if (function.text == kDict) {
      if (!args.items.empty()) fail("an ordered dict made of something");
      push(Kind::Dict);
    } else if (function.text == kParameter) {
      item(args, 0, Kind::Tensor);
      stack_.push_back(args.items[0]);
    } else if (function.text == kTensor) {
      const Tensor made = rebuild(args);
      push(Kind::Tensor, static_cast<std::int64_t>(tensors_.size()));
      tensors_.push_back(made);
    } else {
      fail(str("a call of '", function.text, "'"));
    }
  }

  // (storage, offset, sizes, strides, …)
  Tensor rebuild(const Value& args) {
    const Value& storage = item(args, 0, Kind::Storage);
    const Value &sizes = item(args, 2, Kind::Tuple), &strides = item(args, 3, Kind::Tuple);
    const std::int64_t count = storage.number, offset = item(args, 1, Kind::Int).number;
    const std::size_t rank = sizes.items.size();
    if (strides.items.size() != rank || rank > kMaxRank) fail("a tensor's sizes and strides do not fit");
    Shape shape, steps;
    bool fits = offset >= 0 && offset <= count, empty = false;
    for (std::size_t d = 0; d < rank; ++d) {
      shape.push_back(item(sizes, d, Kind::Int).number);
      steps.push_back(item(strides, d, Kind::Int).number);
      fits = fits && shape.back() >= 0 && steps.back() >= 0;
      empty = empty || shape.back() == 0;
    }
    std::int64_t last = offset, numel = empty ? 0 : 1;
    for (std::size_t d = 0; d < rank && fits && !empty; ++d) {
      // Neither product passes the storage's size, so that none wraps round.
      fits = shape[d] <= count / numel && (shape[d] == 1 || steps[d] <= count / (shape[d] - 1));
      if (!fits) break;
      last += (shape[d] - 1) * steps[d];
      numel *= shape[d];
    }
    if (!fits || (!empty && last >= count)) fail(str("a tensor reaches beyond its storage of ", count, " elements"));
    const std::size_t bytes = storage.type->bytes;
    if (static_cast<std::uint64_t>(numel) * bytes > left_) fail("the tensors take more than the limit");
    left_ -= static_cast<std::uint64_t>(numel) * bytes;
    const ZipMember& member =
        *std::find_if(members_.begin(), members_.end(), [&](const ZipMember& m) { return m.name == storage.text; });
    // Gathered in row-major order, element by element.
    std::vector<std::byte> values(static_cast<std::size_t>(numel) * bytes);
    Shape index(rank, 0);
    std::int64_t from = offset;
    for (std::int64_t i = 0; i < numel; ++i) {
      std::memcpy(values.data() + static_cast<std::size_t>(i) * bytes,
                  member.packed.data() + static_cast<std::size_t>(from) * bytes, bytes);
      for (std::size_t d = rank; d-- > 0;) {
        from += steps[d];
        if (++index[d] < shape[d]) break;
        from -= steps[d] * shape[d];
        index[d] = 0;
      }
    }
    return read_values(values.data(), shape, *storage.type, str("torch file: member '", member.name, "'"));
  }

  void collect(std::size_t dict, const std::string& prefix, int depth, StateDict& out) {
    constexpr int kMaxDepth = 16;
    if (depth > kMaxDepth) fail(str("dicts are nested more than ", kMaxDepth, " deep"));
    // Each dict once: one that holds itself or is shared would come again and again.
    const std::vector<std::size_t> items = std::exchange(values_[dict].items, {});
    for (std::size_t i = 0; i < items.size(); i += 2) {
      const Value &key = values_[items[i]], &value = values_[items[i + 1]];
      if (value.kind != Kind::Tensor && value.kind != Kind::Dict) continue;
      if (key.kind != Kind::Text && key.kind != Kind::Int) fail("a dict's key must be a text or an integer");
      const std::string name = key.kind == Kind::Text ? prefix + key.text : str(prefix, key.number);
      if (value.kind == Kind::Dict) {
        collect(items[i + 1], name + ".", depth + 1, out);
        continue;
      }
      if (!names_.emplace(name).second) fail(str("the name '", name, "' is there twice"));
      out.add(name, tensors_[static_cast<std::size_t>(value.number)]);
    }
  }

  static constexpr std::size_t kNothing = ~std::size_t{0};

  std::string_view pickle_;
  const std::vector<ZipMember>& members_;
  const std::string& folder_;
  std::uint64_t left_;  // bytes that tensors may still take
  std::size_t at_ = 0, opcode_ = 0;
  std::vector<Value> values_;
  std::vector<Tensor> tensors_;
  std::vector<std::size_t> stack_, marks_, memo_;
  std::unordered_set<std::string> names_;
};

}  // namespace

StateDict load_torch(std::span<const std::byte> file, std::uint64_t limit) {
  constexpr std::string_view kPickle = "data.pkl";
  if (file.size() < 4 || std::memcmp(file.data(), "PK", 2) != 0)
    throw ParseError("torch file: at byte 0: no zip archive; torch.save writes one since PyTorch 1.6");
  const std::vector<ZipMember> members = read_zip(file, "torch file", limit);
  const ZipMember* pickle = nullptr;
  for (const ZipMember& m : members) {
    if (m.name.ends_with("/" + std::string(kPickle))) pickle = &m;
    if (crc32(m.packed) != m.crc && !m.deflated)
      throw ParseError(str("torch file: member '", m.name, "': the check sum differs"));
    if (m.name.ends_with("/byteorder") && m.size == 3)
      throw ParseError("torch file: saved big-endian, which cannot be read");
  }
  if (pickle == nullptr) throw ParseError("torch file: the archive has no data.pkl");
  const std::string folder = pickle->name.substr(0, pickle->name.size() - kPickle.size());
  const std::vector<std::byte> bytes = unpack(*pickle, "torch file");
  return Unpickler(bytes, members, folder, limit).run();
}

}  // namespace fluxion::io
