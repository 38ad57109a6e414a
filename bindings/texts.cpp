// Tokenizers and generation.

#include <memory>

#include "bindings/callbacks.h"
#include "fluxion/io/tokenizer.h"
#include "fluxion/text/bpe.h"
#include "fluxion/text/char_tokenizer.h"
#include "fluxion/text/generate.h"
#include "fluxion/text/vectorizer.h"

namespace fluxion::bindings {
namespace {

using Tokenizer = std::shared_ptr<nlp::CharTokenizer>;

int new_tokenizer(unsigned corpus) {
  return table<Tokenizer>().add(std::make_shared<nlp::CharTokenizer>(take_text(corpus)));
}
void release_tokenizer(int handle) { table<Tokenizer>().release(handle); }
unsigned tokenizer_vocabulary(int handle) { return give_text(table<Tokenizer>().get(handle)->vocabulary()); }
double tokenizer_size(int handle) { return static_cast<double>(table<Tokenizer>().get(handle)->vocab_size()); }
int tokenizer_encode(int handle, unsigned text) {
  return hand_out(table<Tokenizer>().get(handle)->encode(take_text(text)));
}
unsigned tokenizer_decode(int handle, int ids) {
  return give_text(table<Tokenizer>().get(handle)->decode(tensor_at(ids)));
}

using BPE = std::shared_ptr<nlp::BPETokenizer>;
int add_bpe(nlp::BPETokenizer tokenizer) {
  return table<BPE>().add(std::make_shared<nlp::BPETokenizer>(std::move(tokenizer)));
}
const nlp::BPETokenizer& bpe_at(int handle) { return *table<BPE>().get(handle); }
std::string_view text_at(unsigned address, double size) {
  return {reinterpret_cast<const char*>(address), static_cast<std::size_t>(size)};
}

// `specials`: each ended by NUL.
int train_bpe(unsigned corpus, double size, double vocab_size, double min_frequency, unsigned specials) {
  return add_bpe(
      nlp::BPETokenizer::train(text_at(corpus, size), {.vocab_size = static_cast<std::int64_t>(vocab_size),
                                                       .min_frequency = static_cast<std::int64_t>(min_frequency),
                                                       .special_tokens = take_pieces(specials)}));
}
int load_bpe(unsigned json, double size) { return add_bpe(io::load_tokenizer(text_at(json, size))); }
int load_gpt2_bpe(unsigned files, double vocab_size, double size, int given, unsigned specials) {
  const std::string_view both = text_at(files, size);
  const auto vocab = static_cast<std::size_t>(vocab_size);
  return add_bpe(io::load_gpt2_tokenizer(both.substr(0, vocab), both.substr(vocab),
                                         given != 0 ? std::optional(take_pieces(specials)) : std::nullopt));
}
unsigned save_bpe(int handle) { return give_text(io::save_tokenizer(bpe_at(handle))); }
void release_bpe(int handle) { table<BPE>().release(handle); }
double bpe_size(int handle) { return static_cast<double>(bpe_at(handle).vocab_size()); }
int bpe_id(int handle, unsigned token) { return bpe_at(handle).id_of(take_text(token)); }
int bpe_encode(int handle, unsigned text, double size) { return hand_out(bpe_at(handle).encode(text_at(text, size))); }
unsigned bpe_decode(int handle, int ids, int skip_special) {
  return give_text(bpe_at(handle).decode(tensor_at(ids), skip_special != 0));
}

using Vectors = std::shared_ptr<nlp::Vectorizer>;

// Texts cross as one, each ended by NUL.
std::vector<std::string> texts_at(unsigned address, double size) { return pieces_of(text_at(address, size)); }
unsigned give_pieces(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + '\0';
  return give_text(std::move(all));
}
const nlp::Vectorizer& vectorizer_at(int handle) { return *table<Vectors>().get(handle); }
int new_vectorizer(unsigned texts, double size, int unit, double max_tokens, double min_frequency) {
  const nlp::VectorizerOptions options{static_cast<nlp::TextUnit>(unit), static_cast<std::int64_t>(max_tokens),
                                       static_cast<std::int64_t>(min_frequency)};
  return table<Vectors>().add(std::make_shared<nlp::Vectorizer>(texts_at(texts, size), options));
}
void release_vectorizer(int handle) { table<Vectors>().release(handle); }
unsigned vectorizer_tokens(int handle) { return give_pieces(vectorizer_at(handle).tokens()); }
int vectorizer_encode(int handle, unsigned texts, double size, double length) {
  return hand_out(vectorizer_at(handle).encode(texts_at(texts, size), static_cast<std::int64_t>(length)));
}
int vectorizer_counts(int handle, unsigned texts, double size) {
  return hand_out(vectorizer_at(handle).counts(texts_at(texts, size)));
}
unsigned vectorizer_decode(int handle, int ids) { return give_pieces(vectorizer_at(handle).decode(tensor_at(ids))); }

using Generating = std::shared_ptr<nlp::Generation>;

int new_generation(int module, int forward, int ids, double temperature, double top_k, double top_p, double penalty,
                   int seeded, double seed, double context) {
  nlp::GenerateOptions options;
  options.temperature = temperature;
  options.top_k = static_cast<std::int64_t>(top_k);
  options.top_p = top_p;
  options.repetition_penalty = penalty;
  if (seeded != 0) options.seed = static_cast<std::uint64_t>(seed);
  options.context_length = static_cast<std::int64_t>(context);
  // A decoder of ours keeps what it has read, unless hooks or dropout want to see every pass.
  const Ref<nn::Module> model = module == 0 ? Ref<nn::Module>() : table<Ref<nn::Module>>().get(module);
  auto* decoder = model ? model->as_decoder() : nullptr;
  if (decoder != nullptr && !decoder->training() && !decoder->has_hooks())
    return table<Generating>().add(std::make_shared<nlp::Generation>(
        nn::resuming(Ref<nn::Decoder>(decoder), options.context_length), tensor_at(ids), options));
  return table<Generating>().add(
      std::make_shared<nlp::Generation>(forward_of(module, forward), tensor_at(ids), options));
}
int generation_step(int handle) {
  const Generating generation = table<Generating>().get(handle);
  return hand_out(generation->step());
}
int generation_ids(int handle) { return hand_out(table<Generating>().get(handle)->ids()); }
void release_generation(int handle) { table<Generating>().release(handle); }

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_texts) {
  bind<&new_tokenizer>("newTokenizer");
  bind<&release_tokenizer>("releaseTokenizer");
  bind<&tokenizer_vocabulary>("tokenizerVocabulary");
  bind<&tokenizer_size>("tokenizerSize");
  bind<&tokenizer_encode>("tokenizerEncode");
  bind<&tokenizer_decode>("tokenizerDecode");
  bind<&train_bpe>("trainBpe");
  bind<&load_bpe>("loadBpe");
  bind<&load_gpt2_bpe>("loadGpt2Bpe");
  bind<&save_bpe>("saveBpe");
  bind<&release_bpe>("releaseBpe");
  bind<&bpe_size>("bpeSize");
  bind<&bpe_id>("bpeId");
  bind<&bpe_encode>("bpeEncode");
  bind<&bpe_decode>("bpeDecode");
  bind<&new_vectorizer>("newVectorizer");
  bind<&release_vectorizer>("releaseVectorizer");
  bind<&vectorizer_tokens>("vectorizerTokens");
  bind<&vectorizer_encode>("vectorizerEncode");
  bind<&vectorizer_counts>("vectorizerCounts");
  bind<&vectorizer_decode>("vectorizerDecode");
  bind<&new_generation>("newGeneration");
  bind<&generation_step>("generationStep");
  bind<&generation_ids>("generationIds");
  bind<&release_generation>("releaseGeneration");
}

}  // namespace fluxion::bindings
