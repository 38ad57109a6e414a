// Byte-pair encoding: pre-splitting, training and encoding against the plainest way to do each, and files.

#include <map>

#include "check.h"
#include "fluxion/core/random.h"
#include "fluxion/core/utf8.h"
#include "fluxion/io/tokenizer.h"
#include "fluxion/ops/ops.h"
#include "fluxion/text/bpe.h"
#include "fluxion/text/presplit.h"

using namespace fluxion;
using nlp::BPETokenizer;

namespace {

std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = nlp::piece_end(text, at);
    out.push_back(text.substr(at, end - at));
    at = end;
  }
  return out;
}

using Words = std::vector<std::string>;

// Words of few letters, so that pairs overlap and tie often.
std::string random_text(std::uint64_t seed, std::size_t length) {
  Generator g(seed);
  const Words parts = {"a", "a", "a", "b", "ab", "c", " ", " ", "é", "日", "\n", "1", "'s", "🙂", "!"};
  std::string out;
  while (out.size() < length) out += parts[g.next_u32() % parts.size()];
  return out;
}

// Counts every pair anew for every merge.
std::vector<nlp::Merge> plain_training(const std::string& corpus, std::int64_t vocab, std::int64_t least,
                                       const BPETokenizer& bytes) {
  std::map<std::string, std::int64_t> counts;
  for (const std::string& piece : pieces_of(corpus)) ++counts[piece];
  std::vector<std::pair<std::vector<std::int32_t>, std::int64_t>> words;
  for (const auto& [piece, count] : counts) {
    std::vector<std::int32_t> ids;
    for (const char c : piece) ids.push_back(bytes.id_of(std::string(1, c)));
    words.emplace_back(ids, count);
  }
  std::vector<std::string> tokens = bytes.tokens();
  std::vector<nlp::Merge> merges;
  while (static_cast<std::int64_t>(tokens.size()) < vocab) {
    std::map<std::pair<std::int32_t, std::int32_t>, std::int64_t> pairs;
    for (const auto& [ids, count] : words)
      for (std::size_t i = 0; i + 1 < ids.size(); ++i) pairs[{ids[i], ids[i + 1]}] += count;
    auto best = pairs.end();
    for (auto it = pairs.begin(); it != pairs.end(); ++it)
      if (best == pairs.end() || it->second > best->second) best = it;
    if (best == pairs.end() || best->second < least) break;
    const auto [left, right] = best->first;
    const std::string token = tokens[static_cast<std::size_t>(left)] + tokens[static_cast<std::size_t>(right)];
    const auto known = std::find(tokens.begin(), tokens.end(), token);
    const auto result = static_cast<std::int32_t>(known - tokens.begin());
    if (known == tokens.end()) tokens.push_back(token);
    merges.push_back({left, right, result});
    for (auto& [ids, count] : words) {
      std::vector<std::int32_t> out;
      for (std::size_t i = 0; i < ids.size(); ++i)
        if (i + 1 < ids.size() && ids[i] == left && ids[i + 1] == right)
          out.push_back(result), ++i;
        else
          out.push_back(ids[i]);
      ids = out;
    }
  }
  return merges;
}

// Takes the earliest merge that applies, leftmost first, until none does.
std::vector<std::int32_t> plain_encoding(const BPETokenizer& tokenizer, const std::string& text) {
  std::vector<std::int32_t> out;
  for (const std::string& piece : pieces_of(text)) {
    std::vector<std::int32_t> ids;
    for (const char c : piece) ids.push_back(tokenizer.id_of(std::string(1, c)));
    for (;;) {
      std::size_t rank = tokenizer.merges().size(), at = 0;
      for (std::size_t i = 0; i + 1 < ids.size(); ++i)
        for (std::size_t r = 0; r < rank; ++r)
          if (tokenizer.merges()[r].left == ids[i] && tokenizer.merges()[r].right == ids[i + 1]) {
            rank = r;
            at = i;
          }
      if (rank == tokenizer.merges().size()) break;
      ids[at] = tokenizer.merges()[rank].result;
      ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(at) + 1);
    }
    out.insert(out.end(), ids.begin(), ids.end());
  }
  return out;
}

std::vector<std::array<std::int32_t, 3>> triples(const std::vector<nlp::Merge>& merges) {
  std::vector<std::array<std::int32_t, 3>> out;
  for (const auto& m : merges) out.push_back({m.left, m.right, m.result});
  return out;
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (CHECK(at != std::string::npos)) text.replace(at, from.size(), to);
}

}  // namespace

TEST(text_presplit_follows_gpt2) {
  CHECK_EQ(pieces_of("Hello world's 42nd  day, it's we'll'd"),
           (Words{"Hello", " world", "'s", " 42", "nd", " ", " day", ",", " it", "'s", " we", "'ll", "'d"}));
  CHECK_EQ(pieces_of("a \n\n b\t c  "), (Words{"a", " \n\n", " b", "\t", " c", "  "}));
  CHECK_EQ(pieces_of("x\n y"), (Words{"x", "\n", " y"}));
  CHECK_EQ(pieces_of("'street 's"), (Words{"'s", "treet", " '", "s"}));
  CHECK_EQ(pieces_of("日本語 über ½x²  🙂!? "),
           (Words{"日本語", " über", " ½", "x", "²", " ", " 🙂!?", " "}));
  CHECK_EQ(pieces_of("a\u00A0\u3000b\u0085"), (Words{"a", "\u00A0", "\u3000", "b", "\u0085"}));
  CHECK_EQ(pieces_of(" "), (Words{" "}));
}

TEST(text_bpe_trains_as_the_plain_way_does) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const std::string corpus = random_text(seed, 3000);
    const BPETokenizer bytes = BPETokenizer::train("", {.vocab_size = 256});
    const BPETokenizer got = BPETokenizer::train(corpus, {.vocab_size = 400, .min_frequency = 3});
    CHECK(got.merges().size() > 50);
    if (!CHECK_EQ(triples(got.merges()), triples(plain_training(corpus, 400, 3, bytes)))) return;
    const std::string other = random_text(seed + 100, 500);
    if (!CHECK_EQ(got.encode(other).to_vector<int>(), plain_encoding(got, other))) return;
    CHECK_EQ(got.decode(got.encode(other)), other);
  }
}

TEST(text_bpe_numbers_its_tokens_as_huggingface_does) {
  const BPETokenizer t =
      BPETokenizer::train("low low low lower lowest<|end|>aaaa", {.vocab_size = 262, .special_tokens = {"<|end|>"}});
  CHECK_EQ(t.id_of("<|end|>"), 0);
  CHECK_EQ(t.id_of("!"), 1);
  CHECK_EQ(t.id_of("~"), 94);
  CHECK_EQ(t.id_of(std::string(1, '\0')), 189);
  CHECK_EQ(t.id_of(" "), 221);
  CHECK_EQ(t.id_of("lo"), 257);
  CHECK_EQ(t.id_of("low"), 258);
  CHECK_EQ(t.id_of(" low"), 259);
  CHECK_EQ(t.id_of("nothing"), -1);
  CHECK_EQ(t.vocab_size(), 262);
  CHECK_EQ(t.encode("low<|end|> low").to_vector<int>(), (std::vector<int>{258, 0, 259}));
  CHECK_EQ(t.decode(t.encode("low<|end|> low")), "low<|end|> low");
  CHECK_EQ(t.decode(t.encode("low<|end|> low"), true), "low low");
  CHECK_EQ(t.encode("").shape(), Shape{0});
}

TEST(text_bpe_takes_the_longest_special_token) {
  const BPETokenizer t = BPETokenizer::train("ab", {.vocab_size = 300, .special_tokens = {"<a>", "<a><b>", "Ġab"}});
  CHECK_EQ(t.encode("<a><b><a>").to_vector<int>(), (std::vector<int>{1, 0}));
  CHECK_EQ(t.encode("Ġab<a").size(0), 3);
}

TEST(text_bpe_long_pieces_are_not_quadratic) {
  // One piece of so many letters: the plain way would take an hour.
  std::string text;
  Generator g(3);
  while (text.size() < 300000) text += static_cast<char>('a' + g.next_u32() % 3);
  const BPETokenizer t = BPETokenizer::train(text, {.vocab_size = 1000});
  CHECK_EQ(t.vocab_size(), 1000);
  CHECK_EQ(t.decode(t.encode(text)), text);
  CHECK(t.encode(text).numel() < 75000);
  CHECK_EQ(t.decode(t.encode(std::string(300000, 'a'))), std::string(300000, 'a'));
}

TEST(text_bpe_refuses_nonsense) {
  CHECK_THROWS(BPETokenizer::train("a", {.vocab_size = 256, .special_tokens = {"<s>"}}), FluxionError,
               "BPETokenizer.train: vocabSize must be 257 at least (256 bytes and 1 special tokens), it is 256");
  CHECK_THROWS(BPETokenizer::train("a", {.vocab_size = 256, .min_frequency = 0}), FluxionError,
               "BPETokenizer.train: minFrequency must be 1 or more, it is 0");
  CHECK_THROWS(BPETokenizer::train("a", {.vocab_size = 300, .special_tokens = {"é"}}), FluxionError,
               "BPETokenizer.train: a special token needs more than the one character 'é'");
  CHECK_THROWS(BPETokenizer::train("a", {.vocab_size = 300, .special_tokens = {"<s>", "<s>"}}), FluxionError,
               "BPETokenizer.train: the special token '<s>' is given twice");
  CHECK_THROWS(BPETokenizer::train("ab\xFF", {.vocab_size = 300}), ParseError,
               "BPETokenizer.train: byte 2 is not valid UTF-8");
  const BPETokenizer t = BPETokenizer::train("a", {.vocab_size = 256});
  CHECK_THROWS(t.encode("ab\xC3"), ParseError, "BPETokenizer.encode: byte 3 is not valid UTF-8");
  CHECK_THROWS(t.decode(full({1}, 256, DType::Int32)), IndexError, "BPETokenizer.decode");
  CHECK_THROWS(t.decode(ones({1})), DTypeError, "BPETokenizer.decode: indices must be int32");
  CHECK_THROWS(BPETokenizer({"a"}, {}), FluxionError, "no token is the byte 0; a byte-level vocabulary has all 256");
  CHECK_THROWS(BPETokenizer(t.tokens(), {{0, 1, 2}}), FluxionError,
               "BPETokenizer: merge 0 of tokens 0 and 1 does not give token 2");
}

TEST(io_tokenizer_round_trip) {
  const std::string corpus = random_text(9, 5000);
  const BPETokenizer t =
      BPETokenizer::train(corpus, {.vocab_size = 400, .special_tokens = {"<|a b|>", "<\"ü\"\n>", "日本"}});
  const std::string text = corpus + "<|a b|>" + corpus + "<\"ü\"\n>日本";
  const BPETokenizer back = io::load_tokenizer(io::save_tokenizer(t));
  CHECK_EQ(back.tokens(), t.tokens());
  CHECK_EQ(back.encode(text).to_vector<int>(), t.encode(text).to_vector<int>());
  CHECK_EQ(io::save_tokenizer(back), io::save_tokenizer(t));
}

TEST(io_tokenizer_special_tokens_strip_spaces) {
  std::string json = io::save_tokenizer(BPETokenizer::train("", {.vocab_size = 258, .special_tokens = {"<l>", "<r>"}}));
  replace(json, "\"lstrip\":false,\"rstrip\":false", "\"lstrip\":true,\"rstrip\":false");
  replace(json, "\"lstrip\":false,\"rstrip\":false", "\"lstrip\":false,\"rstrip\":true");
  replace(json, "\"add_prefix_space\":false", "\"add_prefix_space\":true");
  const BPETokenizer t = io::load_tokenizer(json);
  CHECK_EQ(t.decode(t.encode("a \u3000<l> b <r>\n c")), " a<l> b <r> c");
  CHECK_EQ(io::load_tokenizer(io::save_tokenizer(t)).decode(t.encode("a <l>")), " a<l>");
}

TEST(io_tokenizer_reads_gpt2s_files) {
  const BPETokenizer t =
      BPETokenizer::train("low low low lower", {.vocab_size = 300, .special_tokens = {"<|endoftext|>"}});
  std::string vocab = "{", merges = "#version: 0.2\r\n";
  for (std::size_t id = 0; id < t.tokens().size(); ++id) {
    const std::string name = nlp::in_byte_alphabet(t.tokens()[id]);
    vocab += str(id == 0 ? "" : ",", "\"", name == "\"" || name == "\\" ? "\\" : "", name, "\":", id);
  }
  vocab += "}";
  for (const nlp::Merge& m : t.merges())
    merges += nlp::in_byte_alphabet(t.tokens()[static_cast<std::size_t>(m.left)]) + " " +
              nlp::in_byte_alphabet(t.tokens()[static_cast<std::size_t>(m.right)]) + "\r\n";
  const BPETokenizer read = io::load_gpt2_tokenizer(vocab, merges);
  const std::string text = "low lower slow<|endoftext|>\n";
  CHECK_EQ(read.encode(text).to_vector<int>(), t.encode(text).to_vector<int>());
  CHECK(io::load_gpt2_tokenizer(vocab, merges, Words{}).encode(text).numel() > t.encode(text).numel());
  CHECK_THROWS(io::load_gpt2_tokenizer(vocab, merges, Words{"<s>"}), ParseError,
               "vocab.json: the vocabulary does not have the special token '<s>'");
  CHECK_THROWS(io::load_gpt2_tokenizer(vocab, "#version\nl o w\n"), ParseError,
               "merges.txt: line 2 needs two tokens with one space between");
  CHECK_THROWS(io::load_gpt2_tokenizer(vocab, "w l\n"), ParseError,
               "vocab.json and merges.txt: the vocabulary does not have 'wl' of a merge");
  CHECK_THROWS(io::load_gpt2_tokenizer(vocab, "l o\nl o\n"), ParseError, "merge 1 is merge 0 again");
  CHECK_THROWS(io::load_gpt2_tokenizer("{\"a\":0}", ""), ParseError, "no token is the byte 0");
}

TEST(io_tokenizer_refuses_what_it_does_not_do) {
  const std::string good =
      io::save_tokenizer(BPETokenizer::train("aa aa", {.vocab_size = 258, .special_tokens = {"<s>"}}));
  const auto refused = [&](const std::string& from, const std::string& to, const std::string& text) {
    std::string json = good;
    replace(json, from, to);
    CHECK_THROWS(io::load_tokenizer(json), ParseError, text);
  };
  refused("\"BPE\"", "\"Unigram\"", "a model of type 'Unigram'; only BPE is supported");
  refused("\"normalizer\":null", "\"normalizer\":{\"type\":\"NFC\"}", "'normalizer' is not supported");
  refused("\"ignore_merges\":false", "\"ignore_merges\":true", "'ignore_merges' is not supported");
  refused("\"dropout\":null", "\"dropout\":0.1", "'dropout' is not supported");
  refused("\"pre_tokenizer\":{\"type\":\"ByteLevel\"", "\"pre_tokenizer\":{\"type\":\"Metaspace\"",
          "a pre-tokenizer of type 'Metaspace'; only ByteLevel is supported");
  refused("\"use_regex\":true", "\"use_regex\":false", "without GPT-2's regular expression");
  refused("\"pre_tokenizer\"", "\"pre\"", "tokenizer.json: a ByteLevel pre_tokenizer is needed");
  refused("\"single_word\":false", "\"single_word\":true", "'single_word' is not supported");
  refused("\"<s>\":0", "\"<s>\":1", "has another id in the vocabulary");
  refused("\"!\":1", "\"!\":2", "two tokens have the id 2");
  refused("\"!\":1", "\"!\":2000000000", "the id 2000000000 of '!' is beyond twice the number of tokens, 258");
  refused("\"!\":1", "\"!\":-1", "an id must be 0 or more and fit 32 bits, it is -1");
  refused("\"!\":1", "\"日\":1", "the token '日' is not written in bytes");
  refused("\"!\":1,", "", "no token is the byte 33");
  refused("[\"a\",\"a\"]", "[\"a\"]", "a merge needs two tokens");
  refused("[\"a\",\"a\"]", "\"a  a\"", "a merge needs two tokens with one space between");
  refused("[\"a\",\"a\"]", "\"a b\"", "the vocabulary does not have 'ab' of a merge");
  refused("[\"a\",\"a\"]", "\"a a\",\"a a\"", "merge 1 is merge 0 again");
  for (std::size_t size = 0; size + 2 < good.size(); ++size)
    CHECK_THROWS(io::load_tokenizer(good.substr(0, size)), ParseError, "tokenizer.json: at byte ");
}
