// Characters to ids and back, and drawing from a model.

#include "check.h"
#include "fluxion/nn/transformer.h"
#include "fluxion/ops/ops.h"
#include "fluxion/text/char_tokenizer.h"
#include "fluxion/text/generate.h"
#include "fluxion/text/vectorizer.h"

using namespace fluxion;

TEST(text_char_tokenizer_sorts_its_characters) {
  const nlp::CharTokenizer tokens("hello, wörld 🐳\n");
  CHECK_EQ(tokens.vocabulary(), "\n ,dehlorwö🐳");
  CHECK_EQ(tokens.vocab_size(), 12);
  const Tensor ids = tokens.encode("wörld🐳");
  CHECK_EQ(ids.to_vector<int>(), (std::vector<int>{9, 10, 8, 6, 3, 11}));
  CHECK(ids.dtype() == DType::Int32);
  CHECK_EQ(tokens.decode(ids), "wörld🐳");
  CHECK_EQ(tokens.decode(reshape(ids, {2, 3})), "wörld🐳");
  CHECK_EQ(tokens.encode("").shape(), Shape{0});
  CHECK_EQ(nlp::CharTokenizer(tokens.vocabulary()).encode("ö").item(), 10);
  CHECK_THROWS(tokens.encode("hellö x"), IndexError,
               "the character 'x' at position 6 is not in the vocabulary of 12");
  CHECK_THROWS(tokens.decode(full({1}, 12, DType::Int32)), IndexError, "index 12");
  CHECK_THROWS(tokens.decode(ones({1})), DTypeError, "indices must be int32");
}

TEST(text_utf8_is_strict) {
  using namespace std::string_literals;
  CHECK_EQ(nlp::CharTokenizer("\x7F\u0080\u07FF\u0800\uFFFF\U00010000\U0010FFFF").vocab_size(), 7);
  const auto refused = [](const std::string& bytes, const char* where) {
    CHECK_THROWS(nlp::CharTokenizer(bytes), ParseError, where);
  };
  refused("ab\x80", "CharTokenizer: byte 2 is not valid UTF-8");  // a continuation without a lead
  refused("ab\xC3", "byte 3");                                    // the end within a character
  refused("\xC3(", "byte 1");
  refused("\xC0\xAF", "byte 0");          // overlong
  refused("\xE0\x80\xAF", "byte 0");      // overlong
  refused("\xED\xA0\x80", "byte 0");      // a surrogate
  refused("\xF4\x90\x80\x80", "byte 0");  // beyond U+10FFFF
  refused("\xFF", "byte 0");
  CHECK_EQ(nlp::CharTokenizer("a\0b"s).vocab_size(), 3);
}

TEST(text_sampling_follows_the_probabilities) {
  Generator g(1);
  const Tensor logits = log(Tensor::from(std::vector<float>{0.1F, 0.2F, 0.7F, 0}, {4}));
  const auto shares = [&](const nlp::SampleOptions& options) {
    std::vector<double> out(4);
    for (int i = 0; i < 4000; ++i)
      out[static_cast<std::size_t>(nlp::sample_logits(logits, options, g).item())] += 1.0 / 4000;
    return out;
  };
  CHECK_CLOSE(shares({}), (std::vector<double>{0.1, 0.2, 0.7, 0}), 0, 0.03);
  // p² / Σp² at temperature ½; p⁰ among the possible at a great one.
  CHECK_CLOSE(shares({.temperature = 0.5}), (std::vector<double>{0.01 / 0.54, 0.04 / 0.54, 0.49 / 0.54, 0}),
              0, 0.03);
  CHECK_CLOSE(shares({.temperature = 1e6}), (std::vector<double>{1.0 / 3, 1.0 / 3, 1.0 / 3, 0}), 0, 0.03);
  CHECK_CLOSE(shares({.top_k = 2}), (std::vector<double>{0, 2.0 / 9, 7.0 / 9, 0}), 0, 0.03);
  CHECK_EQ(shares({.top_k = 1})[2], shares({.temperature = 0})[2]);
  CHECK_CLOSE(shares({.temperature = 0})[2], 1, 1e-9, 0);

  const Tensor rows = Tensor::from(std::vector<double>{0, 9, 0, 8, 0, 0}, {1, 2, 3});
  const Tensor drawn = nlp::sample_logits(rows, {.temperature = 0}, g);
  CHECK_EQ(drawn.shape(), (Shape{1, 2}));
  CHECK_EQ(drawn.to_vector<int>(), (std::vector<int>{1, 0}));
  CHECK_EQ(nlp::sample_logits(transpose(rows, 1, 2), {.temperature = 0}, g).to_vector<int>(),
           (std::vector<int>{1, 0, 0}));
}

TEST(text_sampling_top_p_keeps_the_fewest_likeliest) {
  Generator g(1);
  const Tensor logits = log(Tensor::from(std::vector<double>{0.15, 0.4, 0.15, 0.3, 0}, {5}));
  const auto drawn = [&](const nlp::SampleOptions& options) {
    std::vector<int> out(5);
    for (int i = 0; i < 2000; ++i) ++out[static_cast<std::size_t>(nlp::sample_logits(logits, options, g).item())];
    return out;
  };
  const auto kept = [&](const nlp::SampleOptions& options) {
    std::vector<bool> out;
    for (const int count : drawn(options)) out.push_back(count > 0);
    return out;
  };
  CHECK_EQ(kept({.top_p = 0.1}), (std::vector<bool>{false, true, false, false, false}));
  CHECK_EQ(kept({.top_p = 0.39}), (std::vector<bool>{false, true, false, false, false}));
  CHECK_EQ(kept({.top_p = 0.41}), (std::vector<bool>{false, true, false, true, false}));
  CHECK_EQ(kept({.top_p = 0.75}), (std::vector<bool>{true, true, false, true, false}));  // of two equals the first
  CHECK_EQ(kept({.top_p = 0.9}), (std::vector<bool>{true, true, true, true, false}));
  // After top-k and temperature: of 4/7 and 3/7 one is enough; at temperature ½ the first has 0.16 / 0.295.
  CHECK_EQ(kept({.top_k = 2, .top_p = 0.5}), (std::vector<bool>{false, true, false, false, false}));
  CHECK_EQ(kept({.temperature = 0.5, .top_p = 0.54}), (std::vector<bool>{false, true, false, false, false}));
  CHECK_EQ(kept({.temperature = 0.5, .top_p = 0.55}), (std::vector<bool>{false, true, false, true, false}));
  CHECK_CLOSE(drawn({.top_p = 0.41})[1], 2000 * 4.0 / 7, 0, 90);
}

TEST(text_sampling_refuses_nonsense) {
  Generator g(1);
  CHECK_THROWS(nlp::sample_logits(ones({2}), {.temperature = -1}, g), FluxionError,
               "temperature must not be negative, it is -1");
  CHECK_THROWS(nlp::sample_logits(ones({2}), {.temperature = NAN}, g), FluxionError,
               "temperature must not be negative");
  CHECK_THROWS(nlp::sample_logits(ones({2}), {.top_k = -1}, g), FluxionError,
               "topK must not be negative, it is -1");
  CHECK_THROWS(nlp::sample_logits(ones({2}), {.top_p = 0}, g), FluxionError,
               "sampleLogits: topP must be above 0 and at most 1, it is 0");
  CHECK_THROWS(nlp::sample_logits(ones({2}), {.top_p = 1.5}, g), FluxionError, "topP must be above 0 and at most 1");
  CHECK_THROWS(nlp::sample_logits(full({2}, NAN), {}, g), FluxionError, "the logits are not finite");
  CHECK_THROWS(nlp::sample_logits(full({2}, -INFINITY), {}, g), FluxionError, "the logits are not finite");
  CHECK_THROWS(nlp::sample_logits(ones({}), {}, g), ShapeError, "needs logits of [..., V], these are []");
  CHECK_THROWS(nlp::sample_logits(ones({2}, DType::Int32), {}, g), DTypeError, "sampleLogits");
}

// A model whose next token is the last one plus one, as long as it sees at least `needed` tokens.
static nlp::LanguageModel counting(std::int64_t vocab, std::int64_t* longest) {
  return [=](const Tensor& ids) {
    *longest = std::max(*longest, ids.size(1));
    return to_dtype(one_hot(where(lt(ids, static_cast<double>(vocab - 1)), ids + 1, zeros_like(ids)), vocab),
                    DType::Float32) *
           50;
  };
}

TEST(text_generate_appends_tokens) {
  std::int64_t longest = 0;
  const Tensor prompt = Tensor::from(std::vector<std::int32_t>{3, 4}, {2});
  CHECK_EQ(nlp::generate(counting(7, &longest), prompt, 5).to_vector<int>(),
           (std::vector<int>{3, 4, 5, 6, 0, 1, 2}));
  CHECK_EQ(longest, 6);
  longest = 0;
  const Tensor both = Tensor::from(std::vector<std::int32_t>{3, 4, 0, 1}, {2, 2});
  const Tensor out = nlp::generate(counting(7, &longest), both, 2, {{.temperature = 0}, {}, 1});
  CHECK_EQ(out.shape(), (Shape{2, 4}));
  CHECK_EQ(out.to_vector<int>(), (std::vector<int>{3, 4, 5, 6, 0, 1, 2, 3}));
  CHECK_EQ(longest, 1);
  CHECK_EQ(nlp::generate(counting(7, &longest), prompt, 0).to_vector<int>(), (std::vector<int>{3, 4}));

  nlp::Generation steps(counting(7, &longest), prompt, {});
  CHECK_EQ(steps.step().item(), 5);
  CHECK_EQ(steps.step().shape(), Shape{});
  CHECK_EQ(steps.ids().to_vector<int>(), (std::vector<int>{3, 4, 5, 6}));
}

TEST(text_generate_penalizes_repetition) {
  // Always the same logits: the likeliest not had yet follows, until the penalty has been had by all.
  const nlp::LanguageModel model = [](const Tensor& ids) {
    return expand(Tensor::from(std::vector<double>{4, 3, 2, -1}, {4}), {ids.size(0), ids.size(1), 4});
  };
  const Tensor prompt = Tensor::from(std::vector<std::int32_t>{0, 0, 3, 1}, {2, 2});
  nlp::GenerateOptions options;
  options.temperature = 0;
  CHECK_EQ(nlp::generate(model, prompt, 2, options).to_vector<int>(), (std::vector<int>{0, 0, 0, 0, 3, 1, 0, 0}));
  // 4/3 < 3 once, however often the token was there; then 1 < 4/3 and −1·3.
  options.repetition_penalty = 3;
  CHECK_EQ(nlp::generate(model, prompt, 3, options).to_vector<int>(), (std::vector<int>{0, 0, 1, 2, 0, 3, 1, 0, 2, 0}));
  options.repetition_penalty = 0;
  CHECK_THROWS(nlp::generate(model, prompt, 1, options), FluxionError,
               "generate: repetitionPenalty must be above 0, it is 0");
  const nlp::LanguageModel nothing = [](const Tensor& ids) { return zeros({ids.size(0), ids.size(1), 0}); };
  CHECK_THROWS(nlp::generate(nothing, prompt, 1), ShapeError, "generate: the model gave logits of no token, [2, 2, 0]");
}

TEST(text_generate_is_repeatable) {
  manual_seed(3);
  const auto gpt = make_ref<nn::GPT>(
      nn::GPTOptions{.vocab_size = 20, .n_layer = 1, .n_head = 2, .n_embd = 8, .block_size = 4});
  const nlp::LanguageModel model = [&](const Tensor& ids) { return (*gpt)(ids); };
  const Tensor prompt = zeros({1, 1}, DType::Int32);
  const auto drawn = [&](std::optional<std::uint64_t> seed) {
    return nlp::generate(model, prompt, 12, {{}, seed, 4}).to_vector<int>();
  };
  CHECK_EQ(drawn(1), drawn(1));
  CHECK(drawn(1) != drawn(2));
  CHECK(drawn({}) != drawn({}));
  const std::int64_t nodes = live_nodes();
  drawn(1);
  CHECK_EQ(live_nodes(), nodes);
  CHECK_THROWS(nlp::generate(model, prompt, 8), ShapeError,
               "GPT: a sequence of 5 is longer than the block size 4");
  CHECK_THROWS(nlp::generate(model, zeros({1, 0}, DType::Int32), 1), ShapeError,
               "needs a prompt of [N, T] or [T] with one token at least");
  CHECK_THROWS(nlp::generate(model, zeros({2}), 1), DTypeError, "generate: indices must be int32");
  CHECK_THROWS(nlp::generate(model, prompt, -1), FluxionError, "maxNewTokens must not be negative, it is -1");
  CHECK_THROWS(nlp::generate(
                   [](const Tensor&) {
                     return zeros({2, 2});
                   },
                   prompt, 1),
               ShapeError, "the model must give logits of [1, 1, V], these are [2, 2]");
}

TEST(text_vectorizer_counts_and_pads_words) {
  const std::vector<std::string> texts = {"the cat, the dog; the end.", "a dog isn't\u3000a Cat!", ""};
  const nlp::Vectorizer words(texts);
  // the ×3, a ×2, dog ×2, then once each in the order of bytes.
  CHECK_EQ(words.tokens(),
           (std::vector<std::string>{"", "\uFFFD", "the", "a", "dog", "Cat", "cat", "end", "isn't"}));
  const Tensor ids = words.encode(texts);
  CHECK(ids.dtype() == DType::Int32);
  CHECK_EQ(ids.shape(), (Shape{3, 6}));
  CHECK_EQ(ids.to_vector<int>(), (std::vector<int>{2, 6, 2, 4, 2, 7, 3, 4, 8, 3, 5, 0, 0, 0, 0, 0, 0, 0}));
  CHECK_EQ(words.encode({"the bird", "the cat the dog"}, 3).to_vector<int>(), (std::vector<int>{2, 1, 0, 2, 6, 2}));
  const Tensor counts = words.counts({"the bird the bee", ""});
  CHECK(counts.dtype() == DType::Float32);
  CHECK_EQ(counts.shape(), (Shape{2, 9}));
  CHECK_EQ(counts.to_vector<int>(), (std::vector<int>{0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
  CHECK_EQ(words.decode(ids), (std::vector<std::string>{"the cat the dog the end", "a dog isn't a Cat", ""}));
  CHECK_EQ(words.decode(words.encode({"the bird"})), (std::vector<std::string>{"the \uFFFD"}));
  CHECK_EQ(words.encode({}).shape(), (Shape{0, 0}));

  const nlp::Vectorizer few(texts, {.max_tokens = 4});
  CHECK_EQ(few.tokens(), (std::vector<std::string>{"", "\uFFFD", "the", "a"}));
  CHECK_EQ(nlp::Vectorizer(texts, {.min_frequency = 2}).vocab_size(), 5);
  CHECK_EQ(nlp::Vectorizer({}).vocab_size(), 2);
}

TEST(text_vectorizer_takes_characters) {
  const nlp::Vectorizer chars({"böb 🙂"}, {.unit = nlp::TextUnit::Char});
  CHECK_EQ(chars.tokens(), (std::vector<std::string>{"", "\uFFFD", "b", " ", "ö", "🙂"}));
  const Tensor ids = chars.encode({"ö🙂?", "b"});
  CHECK_EQ(ids.to_vector<int>(), (std::vector<int>{4, 5, 1, 2, 0, 0}));
  CHECK_EQ(chars.decode(select(ids, 0, 0)), (std::vector<std::string>{"ö🙂\uFFFD"}));
}

TEST(text_vectorizer_refuses_nonsense) {
  CHECK_THROWS(nlp::Vectorizer({}, {.max_tokens = 1}), FluxionError,
               "Vectorizer: maxTokens must be 2 (padding and unknown) at least, or 0 for all, it is 1");
  CHECK_THROWS(nlp::Vectorizer({}, {.min_frequency = 0}), FluxionError,
               "Vectorizer: minFrequency must be 1 or more, it is 0");
  CHECK_THROWS(nlp::Vectorizer({"\xFF"}), ParseError, "Vectorizer: byte 0 is not valid UTF-8");
  const nlp::Vectorizer words({"a b"});
  CHECK_THROWS(words.encode({"a"}, -1), FluxionError, "Vectorizer.encode: length must not be negative, it is -1");
  CHECK_THROWS(words.decode(full({1}, 4, DType::Int32)), IndexError, "Vectorizer.decode: index 4");
  CHECK_THROWS(words.decode(zeros({}, DType::Int32)), ShapeError,
               "Vectorizer.decode: needs ids of [N, length] or [length], these are []");
}
