// A small decoder that learns to sort letters, or, given a text file, to write like it.
//
//   tiny_transformer             sorts 8 letters of a–h
//   tiny_transformer FILE        trains on the text and shows a sample

#include <cstdio>
#include <string>

#include "fluxion/data/toy.h"
#include "fluxion/io/file.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/optim/optim.h"
#include "fluxion/text/char_tokenizer.h"
#include "fluxion/text/generate.h"
#include "fluxion/train/fit.h"

using namespace fluxion;

// Every position predicts its next token: logits [N, T, V] against ids [N, T].
Tensor next_token_loss(const Tensor& logits, const Tensor& ids) {
  return cross_entropy(flatten(logits, 0, 1), flatten(ids));
}

void print_epoch(const train::EpochInfo& e) {
  std::printf("epoch %lld  loss %.4f", static_cast<long long>(e.epoch + 1), e.loss);
  if (e.val_loss) std::printf("  held-out loss %.4f", *e.val_loss);
  std::printf("  (%.1f s)\n", e.seconds);
}

int sort_letters() {
  constexpr std::int64_t kLetters = 8, kLength = 8;
  manual_seed(1);
  const auto model = make_ref<nn::GPT>(
      nn::GPTOptions{.vocab_size = kLetters + 1, .n_layer = 2, .n_head = 4, .n_embd = 48, .block_size = 2 * kLength});
  std::printf("%lld weights\n", static_cast<long long>(model->parameter_count()));

  const auto [x, y] = data::sorting(20000, kLength, kLetters, 1);
  train::Fit fit(train::model_of(model), make_ref<optim::AdamW>(model->parameters(), optim::AdamWOptions{.lr = 3e-3}),
                 next_token_loss, x, y, {.epochs = 3, .batch_size = 64, .seed = 1}, {.epoch_end = print_epoch});
  fit.run();

  const auto [unseen, sorted] = data::sorting(1000, kLength, kLetters, 2);
  const Tensor prompts = narrow(unseen, 1, 0, kLength + 1);
  const Tensor written = nlp::generate([&](const Tensor& ids) { return (*model)(ids); }, prompts, kLength,
                                       nlp::GenerateOptions{{.temperature = 0}});
  const Tensor answers = narrow(written, 1, kLength + 1, kLength), wanted = narrow(sorted, 1, kLength, kLength);
  const double right = sum(all(eq(answers, wanted), Shape{1})).item();
  std::printf("%.1f %% of 1,000 unseen sequences wholly right\n", right / 10);
  return right >= 990 ? 0 : 1;
}

int learn_text(const std::string& path) {
  constexpr std::int64_t kContext = 48;
  const std::vector<std::byte> bytes = io::read_file(path);
  const std::string corpus(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const nlp::CharTokenizer tokenizer(corpus);
  const Tensor ids = tokenizer.encode(corpus);
  const std::int64_t split = ids.size(0) * 9 / 10;

  manual_seed(1);
  const auto model = make_ref<nn::GPT>(nn::GPTOptions{
      .vocab_size = tokenizer.vocab_size(), .n_layer = 2, .n_head = 4, .n_embd = 48, .block_size = kContext});
  std::printf("%lld characters of %lld kinds, %lld weights\n", static_cast<long long>(ids.size(0)),
              static_cast<long long>(tokenizer.vocab_size()), static_cast<long long>(model->parameter_count()));

  const auto [x, y] = data::text_windows(narrow(ids, 0, 0, split), kContext);
  const auto [val_x, val_y] = data::text_windows(narrow(ids, 0, split, ids.size(0) - split), kContext, 8 * kContext);
  train::Fit fit(
      train::model_of(model), make_ref<optim::AdamW>(model->parameters(), optim::AdamWOptions{.lr = 3e-3}),
      next_token_loss, x, y,
      {.epochs = 10, .batch_size = 12, .seed = 1, .steps_per_epoch = 100, .validation_x = val_x, .validation_y = val_y},
      {.epoch_end = print_epoch});
  fit.run();

  const Tensor sample = nlp::generate([&](const Tensor& context) { return (*model)(context); }, narrow(ids, 0, 0, 1),
                                      300, {{.temperature = 0.8, .top_k = 20}, 1, kContext});
  std::printf("%s\n", tokenizer.decode(sample).c_str());
  return 0;
}

int main(int argc, char** argv) try {
  return argc > 1 ? learn_text(argv[1]) : sort_letters();
} catch (const Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
