// Tokenizer and generation.

#include <memory>

#include "bindings/callbacks.h"
#include "fluxion/text/char_tokenizer.h"
#include "fluxion/text/generate.h"

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

using Generating = std::shared_ptr<nlp::Generation>;

int new_generation(int module, int forward, int ids, double temperature, double top_k, int seeded, double seed,
                   double context) {
  nlp::GenerateOptions options;
  options.temperature = temperature;
  options.top_k = static_cast<std::int64_t>(top_k);
  if (seeded != 0) options.seed = static_cast<std::uint64_t>(seed);
  options.context_length = static_cast<std::int64_t>(context);
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
  bind<&new_generation>("newGeneration");
  bind<&generation_step>("generationStep");
  bind<&generation_ids>("generationIds");
  bind<&release_generation>("releaseGeneration");
}

}  // namespace fluxion::bindings
