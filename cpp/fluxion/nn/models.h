#pragma once
// Whole models, and the parts that they alone need.

#include "fluxion/core/random.h"
#include "fluxion/nn/activation.h"
#include "fluxion/nn/conv.h"
#include "fluxion/nn/decoder.h"
#include "fluxion/nn/embedding.h"
#include "fluxion/nn/loss.h"
#include "fluxion/nn/norm.h"
#include "fluxion/nn/pool.h"
#include "fluxion/nn/recurrent.h"
#include "fluxion/nn/transformer.h"

namespace fluxion::nn {

// How a residual block of another shape passes its input on: by a 1×1 convolution, or by every second pixel with
// channels of zeros around (He et al. 2015, options B and A).
enum class Shortcut { Conv, Pad };
std::vector<std::string> choice_names(Shortcut);

// relu(bn2(conv2(relu(bn1(conv1(x))))) + shortcut(x)). Keys as torchvision's: conv1, bn1, conv2, bn2, downsample.
class BasicBlock final : public Module {
 public:
  BasicBlock(std::int64_t in_channels, std::int64_t channels, std::int64_t stride, Shortcut shortcut, DType dtype);
  const char* type_name() const override { return "BasicBlock"; }
  Tensor forward(const Tensor& x) override;

  Ref<Conv2d> conv1, conv2;
  Ref<BatchNorm2d> bn1, bn2;
  Ref<Sequential> downsample;  // with Shortcut::Conv, where the shape changes

 private:
  std::int64_t padding_ = 0;  // with Shortcut::Pad: channels of zeros on either side
  bool pads_ = false;
};

// A residual network for images of about 32×32: a 3×3 stem without pooling, blocks of doubling width and halving size,
// their mean, a linear head. Keys as torchvision's: conv1, bn1, layer1.0.conv1 …, fc. Convolutions start as N(0, 2/fan
// out), as there.
class ResNet final : public Module {
 public:
  ResNet(const Shape& blocks, std::int64_t base_width, std::int64_t num_classes, std::int64_t in_channels,
         Shortcut shortcut, DType dtype);
  const char* type_name() const override { return "ResNet"; }
  Tensor forward(const Tensor& x) override;

 private:
  Ref<Conv2d> conv1_;
  Ref<BatchNorm2d> bn1_;
  std::vector<Ref<Sequential>> layers_;
  Ref<Linear> fc_;
};

// LeCun et al. 1998's network for 32×32 images of one channel, 61,706 weights for ten classes. Keys 0.weight …
Ref<Sequential> lenet5(std::int64_t num_classes = 10, std::int64_t in_channels = 1);
// 11,173,962 weights for ten classes.
Ref<ResNet> resnet18(std::int64_t num_classes = 10, std::int64_t in_channels = 3);
// 269,722 weights for ten classes, or 272,474 with convolutions as shortcuts.
Ref<ResNet> resnet20(std::int64_t num_classes = 10, std::int64_t in_channels = 3, Shortcut shortcut = Shortcut::Pad);
// GPT-2's shapes: "gpt2" (124M), "gpt2-medium" (355M), "gpt2-large" (774M), "gpt2-xl" (1.5B), tied heads.
GPTOptions gpt2_options(const std::string& size);

enum class RecurrentKind { Rnn, Lstm, Gru };
std::vector<std::string> choice_names(RecurrentKind);

// A language model of characters: embedding, recurrent layers, linear head. int32 ids [N, T] to logits [N, T, V]. Keys
// embedding, rnn, head. In generation it keeps its state.
class CharRNN final : public Decoder {
 public:
  CharRNN(std::int64_t vocab_size, std::int64_t embed_dim, std::int64_t hidden_size, RecurrentKind kind,
          std::int64_t num_layers, double dropout, DType dtype);
  const char* type_name() const override { return "CharRNN"; }
  Tensor forward(const Tensor& ids) override;
  std::vector<Tensor> make_cache(std::int64_t batch, std::int64_t length) override;
  Tensor resume(const Tensor& ids, const std::vector<Tensor>& cache, std::int64_t position) override;
  std::int64_t max_length() const override { return 0; }

 private:
  bool has_cell_;
  std::int64_t num_layers_, hidden_size_;
  DType dtype_;
  Ref<Embedding> embedding_;
  Ref<RecurrentStack> rnn_;
  Ref<Linear> head_;
};

// A variational autoencoder (Kingma and Welling 2013) of vectors in [0, 1]. Keys as in PyTorch's example: fc1, fc21
// (mean), fc22 (logarithm of the variance), fc3, fc4. forward(x [N, D]) gives [N, D + 2·latent]: the decoded logits,
// means and log variances side by side, which VAELoss takes. In training the latent is drawn, from `seed` on if given,
// else from the default stream; in evaluation it is the mean.
class VAE final : public Module {
 public:
  VAE(std::int64_t input_size, std::int64_t hidden_size, std::int64_t latent_size, std::optional<std::int64_t> seed,
      DType dtype);
  const char* type_name() const override { return "VAE"; }
  Tensor forward(const Tensor& x) override;
  // [mean, log variance] [N, latent]; and from a latent to the probabilities [N, D].
  std::vector<Tensor> encode(const Tensor& x);
  Tensor decode(const Tensor& z);

 private:
  Tensor decoded_logits(const Tensor& z);

  Ref<Linear> fc1_, fc21_, fc22_, fc3_, fc4_;
  std::optional<Generator> own_;
};

// The negative evidence lower bound of what a VAE gave for x: binary cross-entropy of the decoded, summed over a
// vector, and ½·Σ(μ² + σ² − 1 − ln σ²). Mean over the batch, or the sum.
class VAELoss final : public Loss {
 public:
  explicit VAELoss(Reduction reduction = Reduction::Mean) : Loss(reduction) {}
  const char* type_name() const override { return "VAELoss"; }
  using Loss::forward;
  Tensor forward(const Tensor& output, const Tensor& x) override;
};

}  // namespace fluxion::nn
