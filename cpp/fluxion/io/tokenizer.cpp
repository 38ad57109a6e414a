#include "fluxion/io/tokenizer.h"

#include <algorithm>

#include "fluxion/core/error.h"
#include "fluxion/core/utf8.h"
#include "fluxion/io/json.h"

namespace fluxion::io {
namespace {

using nlp::Merge;
using nlp::SpecialToken;
using nlp::Vocabulary;

// What the files hold, in the order in which it comes.
struct Parts {
  Vocabulary vocabulary;
  std::vector<std::pair<std::string, std::string>> merges;
  std::vector<SpecialToken> specials;
  bool add_prefix_space = false;
};

std::int32_t read_id(JsonReader& reader) {
  const std::int64_t id = reader.integer();
  if (id < 0 || id > 0x7FFFFFFF) reader.fail(str("an id must be 0 or more and fit 32 bits, it is ", id));
  return static_cast<std::int32_t>(id);
}

void read_vocabulary(JsonReader& reader, Vocabulary& into) {
  reader.object([&](const std::string& token) { into.emplace(token, read_id(reader)); });
}

// A member that must be false, null or empty, for anything else would change the ids.
void must_be_off(JsonReader& reader, const std::string& name) {
  using Kind = JsonReader::Kind;
  const Kind kind = reader.peek();
  if (kind == Kind::Null) return reader.null();
  if ((kind == Kind::Boolean && !reader.boolean()) || (kind == Kind::String && reader.string().empty())) return;
  reader.fail(str("'", name, "' is not supported"));
}

void split_merge(JsonReader& reader, Parts& into) {
  if (reader.peek() == JsonReader::Kind::Array) {
    std::vector<std::string> pair;
    reader.array([&] { pair.push_back(reader.string()); });
    if (pair.size() != 2) reader.fail("a merge needs two tokens");
    into.merges.emplace_back(std::move(pair[0]), std::move(pair[1]));
    return;
  }
  const std::string text = reader.string();
  const std::size_t space = text.find(' ');
  if (space == std::string::npos || text.find(' ', space + 1) != std::string::npos)
    reader.fail("a merge needs two tokens with one space between");
  into.merges.emplace_back(text.substr(0, space), text.substr(space + 1));
}

void read_model(JsonReader& reader, Parts& into) {
  reader.object([&](const std::string& key) {
    if (key == "type") {
      if (const std::string type = reader.string(); type != "BPE")
        reader.fail(str("a model of type '", type, "'; only BPE is supported"));
    } else if (key == "vocab") {
      read_vocabulary(reader, into.vocabulary);
    } else if (key == "merges") {
      reader.array([&] { split_merge(reader, into); });
    } else if (key == "dropout" || key == "continuing_subword_prefix" || key == "end_of_word_suffix" ||
               key == "byte_fallback" || key == "ignore_merges") {
      must_be_off(reader, key);
    } else {
      reader.skip();  // unk_token, fuse_unk: no byte is unknown
    }
  });
}

void read_pre_tokenizer(JsonReader& reader, Parts& into) {
  reader.object([&](const std::string& key) {
    if (key == "type") {
      if (const std::string type = reader.string(); type != "ByteLevel")
        reader.fail(str("a pre-tokenizer of type '", type, "'; only ByteLevel is supported"));
    } else if (key == "add_prefix_space") {
      into.add_prefix_space = reader.boolean();
    } else if (key == "use_regex") {
      if (!reader.boolean()) reader.fail("a pre-tokenizer without GPT-2's regular expression is not supported");
    } else {
      reader.skip();
    }
  });
}

void read_added_token(JsonReader& reader, Parts& into) {
  SpecialToken token{.text = "", .id = -1};
  reader.object([&](const std::string& key) {
    if (key == "id")
      token.id = read_id(reader);
    else if (key == "content")
      token.text = reader.string();
    else if (key == "lstrip")
      token.strip_left = reader.boolean();
    else if (key == "rstrip")
      token.strip_right = reader.boolean();
    else if (key == "single_word")
      must_be_off(reader, key);
    else
      reader.skip();
  });
  if (token.id < 0 || token.text.empty()) reader.fail("an added token needs an id and a content");
  into.specials.push_back(std::move(token));
}

nlp::BPETokenizer assemble(Parts parts, const char* source) {
  const auto fail = [&](const std::string& why) { throw ParseError(str(source, ": ", why)); };
  Vocabulary& vocabulary = parts.vocabulary;
  Vocabulary special;
  for (const SpecialToken& s : parts.specials) {
    if (!special.emplace(s.text, s.id).second) fail(str("the added token '", s.text, "' is there twice"));
    if (vocabulary.emplace(s.text, s.id).first->second != s.id)
      fail(str("the added token '", s.text, "' has another id in the vocabulary"));
  }

  // Memory for what is there, not for what an id claims.
  std::vector<std::string> tokens(2 * vocabulary.size());
  std::size_t size = 0;
  for (const auto& [text, id] : vocabulary) {
    const auto at = static_cast<std::size_t>(id);
    if (at >= tokens.size())
      fail(str("the id ", id, " of '", text, "' is beyond twice the number of tokens, ", vocabulary.size()));
    if (text.empty()) fail(str("token ", id, " is empty"));
    if (!tokens[at].empty()) fail(str("two tokens have the id ", id));
    size = std::max(size, at + 1);
    if (special.count(text) != 0) {
      tokens[at] = text;
      continue;
    }
    for (const char32_t c : decode_utf8(text, source)) {
      const int byte = nlp::byte_of(c);
      if (byte < 0) fail(str("the token '", text, "' is not written in bytes; only byte-level models are supported"));
      tokens[at] += static_cast<char>(byte);
    }
  }
  tokens.resize(size);

  const auto id_of = [&](const std::string& token) {
    const auto it = vocabulary.find(token);
    if (it == vocabulary.end()) fail(str("the vocabulary does not have '", token, "' of a merge"));
    return it->second;
  };
  std::vector<Merge> merges;
  for (const auto& [left, right] : parts.merges) merges.push_back({id_of(left), id_of(right), id_of(left + right)});
  try {
    return nlp::BPETokenizer(std::move(tokens), std::move(merges), std::move(parts.specials), parts.add_prefix_space);
  } catch (const FluxionError& e) {
    throw ParseError(str(source, ": ", e.what()));
  }
}

}  // namespace

nlp::BPETokenizer load_tokenizer(std::string_view json) {
  constexpr const char* kSource = "tokenizer.json";
  JsonReader reader(json, kSource);
  Parts parts;
  bool byte_level = false;
  reader.object([&](const std::string& key) {
    if (key == "model") {
      read_model(reader, parts);
    } else if (key == "pre_tokenizer" && reader.peek() == JsonReader::Kind::Object) {
      read_pre_tokenizer(reader, parts);
      byte_level = true;
    } else if (key == "added_tokens") {
      reader.array([&] { read_added_token(reader, parts); });
    } else if (key == "normalizer") {
      must_be_off(reader, key);
    } else {
      reader.skip();
    }
  });
  reader.end();
  if (!byte_level) throw ParseError(str(kSource, ": a ByteLevel pre_tokenizer is needed"));
  return assemble(std::move(parts), kSource);
}

nlp::BPETokenizer load_gpt2_tokenizer(std::string_view vocab_json, std::string_view merges,
                                      const std::optional<std::vector<std::string>>& special_tokens) {
  Parts parts;
  JsonReader reader(vocab_json, "vocab.json");
  read_vocabulary(reader, parts.vocabulary);
  reader.end();
  for (const std::string& text : special_tokens.value_or(std::vector<std::string>{"<|endoftext|>"})) {
    const auto it = parts.vocabulary.find(text);
    if (it != parts.vocabulary.end())
      parts.specials.push_back({text, it->second});
    else if (special_tokens)
      throw ParseError(str("vocab.json: the vocabulary does not have the special token '", text, "'"));
  }
  check_utf8(merges, "merges.txt");
  std::int64_t number = 1;
  for (std::size_t at = 0; at < merges.size(); ++number) {
    const std::size_t end = std::min(merges.find('\n', at), merges.size());
    std::string_view line = merges.substr(at, end - at);
    at = end + 1;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (number == 1 && line.starts_with("#version"))) continue;
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
      throw ParseError(str("merges.txt: line ", number, " needs two tokens with one space between"));
    parts.merges.emplace_back(line.substr(0, space), line.substr(space + 1));
  }
  return assemble(std::move(parts), "vocab.json and merges.txt");
}

std::string save_tokenizer(const nlp::BPETokenizer& tokenizer) {
  std::string added, vocabulary, merges;
  std::vector<std::string> names;
  for (const std::string& bytes : tokenizer.tokens()) names.push_back(nlp::in_byte_alphabet(bytes));
  const auto truth = [](bool b) { return b ? "true" : "false"; };
  for (const SpecialToken& s : tokenizer.special_tokens()) {
    names[static_cast<std::size_t>(s.id)] = s.text;
    added += str(added.empty() ? "" : ",", "\n{\"id\":", s.id, ",\"content\":", json_quoted(s.text),
                 ",\"single_word\":false,\"lstrip\":", truth(s.strip_left), ",\"rstrip\":", truth(s.strip_right),
                 ",\"normalized\":false,\"special\":true}");
  }
  for (std::size_t id = 0; id < names.size(); ++id)
    if (!names[id].empty()) vocabulary += str(vocabulary.empty() ? "" : ",", "\n", json_quoted(names[id]), ":", id);
  for (const Merge& m : tokenizer.merges())
    merges += str(merges.empty() ? "" : ",", "\n[", json_quoted(names[static_cast<std::size_t>(m.left)]), ",",
                  json_quoted(names[static_cast<std::size_t>(m.right)]), "]");
  const std::string byte_level =
      str("{\"type\":\"ByteLevel\",\"add_prefix_space\":", truth(tokenizer.add_prefix_space()),
          ",\"trim_offsets\":true,\"use_regex\":true}");
  return str("{\"version\":\"1.0\",\"truncation\":null,\"padding\":null,\"added_tokens\":[", added,
             "],\n\"normalizer\":null,\n\"pre_tokenizer\":", byte_level,
             ",\n\"post_processor\":null,\n\"decoder\":", byte_level,
             ",\n\"model\":{\"type\":\"BPE\",\"dropout\":null,\"unk_token\":null,\"continuing_subword_prefix\":null,"
             "\"end_of_word_suffix\":null,\"fuse_unk\":false,\"byte_fallback\":false,\"ignore_merges\":false,"
             "\"vocab\":{",
             vocabulary, "},\n\"merges\":[", merges, "]}}\n");
}

}  // namespace fluxion::io
