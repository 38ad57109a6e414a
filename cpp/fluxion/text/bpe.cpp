#include "fluxion/text/bpe.h"

#include <algorithm>
#include <queue>

#include "fluxion/core/utf8.h"
#include "fluxion/ops/launch.h"
#include "fluxion/text/presplit.h"

namespace fluxion::nlp {
namespace {

std::string_view without_spaces(std::string_view text, bool left, bool right) {
  // Both ends step by characters; from the right over the continuation bytes.
  char32_t code = 0;
  for (std::size_t at = 0; left && !text.empty(); at = 0) {
    next_utf8(text, at, code);
    if (kind_of(code) != CharKind::Space) break;
    text.remove_prefix(at);
  }
  while (right && !text.empty()) {
    std::size_t start = text.size() - 1;
    while (start > 0 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    std::size_t at = start;
    next_utf8(text, at, code);
    if (kind_of(code) != CharKind::Space) break;
    text.remove_suffix(text.size() - start);
  }
  return text;
}

// Merges one piece after the other; the memory stays.
class Merger {
 public:
  Merger(const std::array<std::int32_t, 256>& byte_ids, const PairMap& ranks, const std::vector<Merge>& merges)
      : byte_ids_(byte_ids), ranks_(ranks), merges_(merges) {}

  void encode(std::string_view piece, std::vector<std::int32_t>& out) {
    const auto n = static_cast<std::int32_t>(piece.size());
    symbols_.resize(piece.size());
    for (std::int32_t i = 0; i < n; ++i)
      symbols_[static_cast<std::size_t>(i)] = {
          byte_ids_[static_cast<unsigned char>(piece[static_cast<std::size_t>(i)])], i - 1, i + 1 < n ? i + 1 : -1};
    for (std::int32_t i = 0; i + 1 < n; ++i) offer(i);
    while (!queue_.empty()) {
      const auto rank = static_cast<std::int32_t>(queue_.top() >> 32);
      const auto at = static_cast<std::int32_t>(queue_.top() & 0xFFFFFFFF);
      queue_.pop();
      Symbol& left = symbol(at);
      // Merges since may have taken either half.
      if (left.id < 0 || left.next < 0 || rank_at(at) != rank) continue;
      Symbol& right = symbol(left.next);
      left.id = merges_[static_cast<std::size_t>(rank)].result;
      left.next = right.next;
      right.id = -1;
      if (left.next >= 0) {
        symbol(left.next).previous = at;
        offer(at);
      }
      if (left.previous >= 0) offer(left.previous);
    }
    for (std::int32_t i = 0; i >= 0; i = symbol(i).next) out.push_back(symbol(i).id);
  }

 private:
  struct Symbol {
    std::int32_t id, previous, next;
  };
  Symbol& symbol(std::int32_t i) { return symbols_[static_cast<std::size_t>(i)]; }
  std::int32_t rank_at(std::int32_t i) { return ranks_.find(symbol(i).id, symbol(symbol(i).next).id); }
  void offer(std::int32_t i) {
    if (const std::int32_t rank = rank_at(i); rank >= 0)
      queue_.push(static_cast<std::uint64_t>(rank) << 32 | static_cast<std::uint32_t>(i));
  }

  const std::array<std::int32_t, 256>& byte_ids_;
  const PairMap& ranks_;
  const std::vector<Merge>& merges_;
  std::vector<Symbol> symbols_;
  // The lowest rank first, then the leftmost: rank << 32 | place.
  std::priority_queue<std::uint64_t, std::vector<std::uint64_t>, std::greater<>> queue_;
};

}  // namespace

std::int32_t& PairMap::at(std::int32_t a, std::int32_t b) {
  if (2 * (count_ + 1) > slots_.size()) {
    const std::vector<Slot> old =
        std::exchange(slots_, std::vector<Slot>(std::max<std::size_t>(64, 2 * slots_.size())));
    for (const Slot& slot : old)
      if (slot.key != kFree) slots_[place(slot.key)] = slot;
  }
  Slot& slot = slots_[place(key_of(a, b))];
  if (slot.key == kFree) {
    slot.key = key_of(a, b);
    ++count_;
  }
  return slot.value;
}

const std::array<char32_t, 256>& byte_alphabet() {
  static const auto alphabet = [] {
    std::array<char32_t, 256> out{};
    char32_t next = 256;
    for (char32_t b = 0; b < 256; ++b) out[b] = (b > 32 && b < 127) || (b > 160 && b != 173) ? b : next++;
    return out;
  }();
  return alphabet;
}

int byte_of(char32_t character) {
  const auto& alphabet = byte_alphabet();
  const auto it = std::find(alphabet.begin(), alphabet.end(), character);
  return it == alphabet.end() ? -1 : static_cast<int>(it - alphabet.begin());
}

std::string in_byte_alphabet(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) append_utf8(out, byte_alphabet()[static_cast<unsigned char>(c)]);
  return out;
}

void each_part(std::string_view text, const std::vector<SpecialToken>& specials,
               const std::function<void(std::string_view part, int special)>& use) {
  std::array<bool, 256> starts{};
  for (const SpecialToken& s : specials) starts[static_cast<unsigned char>(s.text[0])] = true;
  std::size_t from = 0;
  bool strip = false;
  const auto part = [&](std::size_t end, bool strip_right) {
    const std::string_view between = without_spaces(text.substr(from, end - from), strip, strip_right);
    if (!between.empty()) use(between, -1);
  };
  for (std::size_t at = 0; at < text.size();) {
    const SpecialToken* found = nullptr;
    if (starts[static_cast<unsigned char>(text[at])])
      for (const SpecialToken& s : specials)
        if ((!found || s.text.size() > found->text.size()) && text.substr(at, s.text.size()) == s.text) found = &s;
    if (!found) {
      ++at;
      continue;
    }
    part(at, found->strip_left);
    use(found->text, static_cast<int>(found - specials.data()));
    from = at += found->text.size();
    strip = found->strip_right;
  }
  part(text.size(), false);
}

BPETokenizer::BPETokenizer(std::vector<std::string> tokens, std::vector<Merge> merges,
                           std::vector<SpecialToken> specials, bool add_prefix_space)
    : tokens_(std::move(tokens)),
      merges_(std::move(merges)),
      specials_(std::move(specials)),
      add_prefix_space_(add_prefix_space) {
  const auto is_id = [&](std::int32_t id) { return id >= 0 && id < vocab_size(); };
  const auto token = [&](std::int32_t id) -> const std::string& { return tokens_[static_cast<std::size_t>(id)]; };
  for (const SpecialToken& s : specials_)
    if (s.text.empty() || !is_id(s.id) || token(s.id) != s.text)
      throw FluxionError(str("BPETokenizer: token ", s.id, " is not the special token '", s.text, "'"));
  byte_ids_.fill(-1);
  for (std::int32_t id = 0; id < vocab_size(); ++id) {
    if (token(id).size() == 1 && !is_special(id)) byte_ids_[static_cast<unsigned char>(token(id)[0])] = id;
  }
  for (int byte = 0; byte < 256; ++byte)
    if (byte_ids_[static_cast<std::size_t>(byte)] < 0)
      throw FluxionError(str("BPETokenizer: no token is the byte ", byte, "; a byte-level vocabulary has all 256"));
  for (std::size_t rank = 0; rank < merges_.size(); ++rank) {
    const Merge& m = merges_[rank];
    if (!is_id(m.left) || !is_id(m.right) || !is_id(m.result) || token(m.result) != token(m.left) + token(m.right))
      throw FluxionError(str("BPETokenizer: merge ", rank, " of tokens ", m.left, " and ", m.right,
                             " does not give token ", m.result));
    std::int32_t& known = ranks_.at(m.left, m.right);
    if (known >= 0) throw FluxionError(str("BPETokenizer: merge ", rank, " is merge ", known, " again"));
    known = static_cast<std::int32_t>(rank);
  }
}

bool BPETokenizer::is_special(std::int32_t id) const {
  return std::any_of(specials_.begin(), specials_.end(), [&](const SpecialToken& s) { return s.id == id; });
}

std::int32_t BPETokenizer::id_of(std::string_view token) const {
  const auto it = std::find(tokens_.begin(), tokens_.end(), token);
  return it == tokens_.end() || token.empty() ? -1 : static_cast<std::int32_t>(it - tokens_.begin());
}

Tensor BPETokenizer::encode(std::string_view text) const {
  check_utf8(text, "BPETokenizer.encode");
  std::vector<std::int32_t> ids;
  Merger merger(byte_ids_, ranks_, merges_);
  each_part(text, specials_, [&](std::string_view part, int special) {
    if (special >= 0) return ids.push_back(specials_[static_cast<std::size_t>(special)].id);
    std::string prefixed;
    if (add_prefix_space_ && part[0] != ' ') part = prefixed.append(" ").append(part);
    for (std::size_t at = 0; at < part.size();) {
      const std::size_t end = piece_end(part, at);
      merger.encode(part.substr(at, end - at), ids);
      at = end;
    }
  });
  return Tensor::from(ids, {static_cast<std::int64_t>(ids.size())});
}

std::string BPETokenizer::decode(const Tensor& ids, bool skip_special_tokens) const {
  check_index_dtype("BPETokenizer.decode", ids);
  check_indices("BPETokenizer.decode", ids, vocab_size());
  std::string out;
  for (const std::int32_t id : ids.to_vector<std::int32_t>()) {
    const std::string& token = tokens_[static_cast<std::size_t>(id)];
    if (token.empty()) throw IndexError(str("BPETokenizer.decode: no token has the id ", id));
    if (!skip_special_tokens || !is_special(id)) out += token;
  }
  return out;
}

}  // namespace fluxion::nlp
