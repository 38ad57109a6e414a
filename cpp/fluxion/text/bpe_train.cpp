// Training: the counts of pairs are kept up to date merge by merge, so that the whole costs O(n log n).

#include <algorithm>
#include <queue>

#include "fluxion/core/utf8.h"
#include "fluxion/text/bpe.h"
#include "fluxion/text/presplit.h"

namespace fluxion::nlp {
namespace {

struct Pair {
  std::int32_t left, right;
  std::int64_t count = 0;            // occurrences in the corpus
  std::vector<std::int32_t> places;  // of its left half; some may be stale
};

// The most frequent first, then the smaller ids.
struct Candidate {
  std::int64_t count;
  std::int32_t left, right, pair;
  bool operator<(const Candidate& other) const {
    if (count != other.count) return count < other.count;
    return left != other.left ? left > other.left : right > other.right;
  }
};

class Trainer {
 public:
  // One more word of the corpus, its bytes as ids; it is there `count` times.
  void add_word(const std::vector<std::int32_t>& ids, std::int64_t count) {
    const auto first = static_cast<std::int32_t>(symbols_.size());
    const auto word = static_cast<std::int32_t>(counts_.size());
    const auto size = static_cast<std::int32_t>(ids.size());
    counts_.push_back(count);
    for (std::int32_t i = 0; i < size; ++i) {
      const std::int32_t at = first + i;
      symbols_.push_back({ids[static_cast<std::size_t>(i)], i > 0 ? at - 1 : -1, i + 1 < size ? at + 1 : -1, word});
      if (i > 0) change(at - 1, count);
    }
  }

  void start() {
    risen_.clear();
    for (std::size_t i = 0; i < pairs_.size(); ++i) offer(static_cast<std::int32_t>(i));
  }

  // The next pair to merge; −1 when none is left.
  std::int32_t best() {
    while (!queue_.empty()) {
      const Candidate top = queue_.top();
      queue_.pop();
      if (pairs_[static_cast<std::size_t>(top.pair)].count == top.count) return top.pair;
      offer(top.pair);
    }
    return -1;
  }

  const Pair& pair(std::int32_t index) const { return pairs_[static_cast<std::size_t>(index)]; }

  void merge(std::int32_t index, std::int32_t result) {
    Pair& merged = pairs_[static_cast<std::size_t>(index)];
    const auto [left, right] = std::pair(merged.left, merged.right);
    std::vector<std::int32_t> places = std::exchange(merged.places, {});
    std::sort(places.begin(), places.end());  // a run of equal symbols merges from the left
    risen_.clear();
    for (const std::int32_t at : places) {
      Symbol& a = symbol(at);
      if (a.id != left || a.next < 0 || symbol(a.next).id != right) continue;
      Symbol& b = symbol(a.next);
      const std::int64_t count = counts_[static_cast<std::size_t>(a.word)];
      if (a.previous >= 0) pair_at(a.previous).count -= count;
      if (b.next >= 0) pair_at(a.next).count -= count;
      b.id = -1;
      a.id = result;
      a.next = b.next;
      if (a.previous >= 0) change(a.previous, count);
      if (a.next >= 0) {
        symbol(a.next).previous = at;
        change(at, count);
      }
    }
    drop(index);
    for (const std::int32_t i : risen_) offer(i);
  }

  // Never merge this pair.
  void drop(std::int32_t index) { pairs_[static_cast<std::size_t>(index)].count = 0; }

 private:
  struct Symbol {
    std::int32_t id, previous, next, word;
  };
  Symbol& symbol(std::int32_t i) { return symbols_[static_cast<std::size_t>(i)]; }

  Pair& pair_at(std::int32_t place) {
    const std::int32_t left = symbol(place).id, right = symbol(symbol(place).next).id;
    std::int32_t& index = index_.at(left, right);
    if (index < 0) {
      index = static_cast<std::int32_t>(pairs_.size());
      pairs_.push_back({left, right, 0, {}});
    }
    return pairs_[static_cast<std::size_t>(index)];
  }
  // The pair at this place is there `count` times more.
  void change(std::int32_t place, std::int64_t count) {
    Pair& pair = pair_at(place);
    pair.count += count;
    pair.places.push_back(place);
    risen_.push_back(static_cast<std::int32_t>(&pair - pairs_.data()));
  }
  void offer(std::int32_t index) {
    const Pair& p = pair(index);
    if (p.count > 0) queue_.push({p.count, p.left, p.right, index});
  }

  std::vector<Symbol> symbols_;
  std::vector<std::int64_t> counts_;  // of each word
  std::vector<Pair> pairs_;
  std::vector<std::int32_t> risen_;
  PairMap index_;  // of a pair in pairs_
  std::priority_queue<Candidate> queue_;
};

}  // namespace

BPETokenizer BPETokenizer::train(std::string_view corpus, const BPETrainOptions& options) {
  const char* op = "BPETokenizer.train";
  check_utf8(corpus, op);
  if (corpus.size() > 0x7FFFFFFF) throw FluxionError(str(op, ": a corpus of more than 2^31 bytes"));
  const auto least = static_cast<std::int64_t>(256 + options.special_tokens.size());
  if (options.vocab_size < least || options.vocab_size > 0x7FFFFFFF)
    throw FluxionError(str(op, ": vocabSize must be ", least, " at least (256 bytes and ",
                           options.special_tokens.size(), " special tokens), it is ", options.vocab_size));
  if (options.min_frequency < 1)
    throw FluxionError(str(op, ": minFrequency must be 1 or more, it is ", options.min_frequency));

  std::vector<std::string> tokens;
  std::vector<SpecialToken> specials;
  Vocabulary ids;  // special tokens as they are, the others in the alphabet of files, where both must differ
  const auto id_of = [&](const std::string& key) {
    return ids.emplace(key, static_cast<std::int32_t>(tokens.size())).first->second;
  };
  for (const std::string& text : options.special_tokens) {
    const std::vector<char32_t> characters = decode_utf8(text, op);
    if (characters.empty() || (characters.size() == 1 && byte_of(characters[0]) >= 0))
      throw FluxionError(str(op, ": a special token needs more than the one character '", text, "'"));
    const auto id = static_cast<std::int32_t>(tokens.size());
    if (id_of(text) != id) throw FluxionError(str(op, ": the special token '", text, "' is given twice"));
    specials.push_back({text, id});
    tokens.push_back(text);
  }
  // Bytes in the order of their characters, as in GPT-2's vocabulary.
  std::array<std::int32_t, 256> byte_ids{};
  std::array<int, 256> bytes{};
  for (int b = 0; b < 256; ++b) bytes[static_cast<std::size_t>(b)] = b;
  std::sort(bytes.begin(), bytes.end(), [](int a, int b) {
    return byte_alphabet()[static_cast<std::size_t>(a)] < byte_alphabet()[static_cast<std::size_t>(b)];
  });
  for (const int b : bytes) {
    const std::string token(1, static_cast<char>(b));
    byte_ids[static_cast<std::size_t>(b)] = id_of(in_byte_alphabet(token));
    tokens.push_back(token);
  }

  std::vector<std::string_view> words;
  each_part(corpus, specials, [&](std::string_view part, int special) {
    for (std::size_t at = 0; special < 0 && at < part.size();) {
      const std::size_t end = piece_end(part, at);
      words.push_back(part.substr(at, end - at));
      at = end;
    }
  });
  std::sort(words.begin(), words.end());
  Trainer trainer;
  for (auto it = words.begin(); it != words.end();) {
    const auto next = std::upper_bound(it, words.end(), *it);
    std::vector<std::int32_t> symbols;
    for (const char c : *it) symbols.push_back(byte_ids[static_cast<unsigned char>(c)]);
    trainer.add_word(symbols, next - it);
    it = next;
  }

  trainer.start();
  std::vector<Merge> merges;
  while (static_cast<std::int64_t>(tokens.size()) < options.vocab_size) {
    const std::int32_t index = trainer.best();
    if (index < 0 || trainer.pair(index).count < options.min_frequency) break;
    const auto [left, right] = std::pair(trainer.pair(index).left, trainer.pair(index).right);
    std::string token = tokens[static_cast<std::size_t>(left)] + tokens[static_cast<std::size_t>(right)];
    const std::int32_t result = id_of(in_byte_alphabet(token));
    if (result < static_cast<std::int32_t>(specials.size())) {
      trainer.drop(index);
      continue;
    }
    // Two pairs may give the same bytes: one token.
    if (result == static_cast<std::int32_t>(tokens.size())) tokens.push_back(std::move(token));
    merges.push_back({left, right, result});
    trainer.merge(index, result);
  }
  return BPETokenizer(std::move(tokens), std::move(merges), std::move(specials));
}

}  // namespace fluxion::nlp
