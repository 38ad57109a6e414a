#pragma once
// Drawing tokens from a language model.

#include <cstdint>
#include <functional>
#include <optional>

#include "fluxion/core/random.h"
#include "fluxion/core/tensor.h"

namespace fluxion::nlp {

struct SampleOptions {
  double temperature = 1;  // below 1 sharper, above 1 flatter; 0 takes the likeliest
  std::int64_t top_k = 0;  // only the k likeliest; 0: all
  double top_p = 1;        // of those the fewest likeliest whose probabilities sum to p (Holtzman et al. 2019); 1: all
};

// Draws one index from each row of logits [..., V], with probabilities softmax(logits / temperature): int32
// [...]. One uniform number is drawn for each row, none at temperature 0. FluxionError when no logit is
// finite, or one is NaN.
Tensor sample_logits(const Tensor& logits, const SampleOptions& options, Generator& generator);

// ids [N, T] to logits [N, T, V].
using LanguageModel = std::function<Tensor(const Tensor&)>;

// The same for a model that keeps what it has read: ids [N, t] that follow those it was given before, unless it begins
// anew, to the logits of the last, [N, 1, V].
using ResumingModel = std::function<Tensor(const Tensor& ids, bool anew)>;

struct GenerateOptions : SampleOptions {
  std::optional<std::uint64_t> seed = {};  // without one the default generator draws
  std::int64_t context_length = 0;         // the model sees at most so many of the last tokens; 0: all
  // Logits of tokens that the row has already are divided by it where positive, else multiplied (Keskar et al. 2019);
  // 1: none.
  double repetition_penalty = 1;
};

// Generation in steps, so that a page can show each token as it comes. The model should be in evaluation
// mode.
class Generation {
 public:
  // ids: int32 [N, T] or [T], T at least 1.
  Generation(LanguageModel model, const Tensor& ids, const GenerateOptions& options)
      : Generation([model = std::move(model)](const Tensor& all, bool) { return model(all); }, ids, options, false) {}
  // Reads each token once, as long as the sequence fits context_length; beyond it every place moves, and each token is
  // drawn from the whole window.
  Generation(ResumingModel model, const Tensor& ids, const GenerateOptions& options, bool resumes = true);
  // Draws the next token of every row, int32 [N] ([] when ids have no batch), and appends it.
  Tensor step();
  // The prompt and all tokens so far, in the shape of the prompt.
  Tensor ids() const;

 private:
  ResumingModel model_;
  GenerateOptions options_;
  Generator own_;
  Tensor ids_;  // [N, T]
  bool batched_, resumes_;
  std::int64_t read_ = 0;  // so many tokens the model has kept
};

// The prompt followed by max_new_tokens drawn one after the other.
Tensor generate(const LanguageModel& model, const Tensor& ids, std::int64_t max_new_tokens,
                const GenerateOptions& options = {});
Tensor generate(const ResumingModel& model, const Tensor& ids, std::int64_t max_new_tokens,
                const GenerateOptions& options = {});

}  // namespace fluxion::nlp
