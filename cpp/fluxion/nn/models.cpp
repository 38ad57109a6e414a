#include "fluxion/nn/models.h"

#include "fluxion/nn/init.h"
#include "fluxion/nn/rows.h"
#include "fluxion/ops/ops.h"

namespace fluxion::nn {

std::vector<std::string> choice_names(Shortcut) { return {"conv", "pad"}; }
std::vector<std::string> choice_names(RecurrentKind) { return {"rnn", "lstm", "gru"}; }

namespace {

ConvOptions without_bias(std::int64_t stride, std::int64_t padding, DType dtype) {
  return {.stride = {stride}, .padding = {padding}, .bias = false, .dtype = dtype};
}

Ref<BatchNorm2d> batch_normed(std::int64_t channels, DType dtype) {
  return make_ref<BatchNorm2d>(channels, 1e-5, 0.1, true, true, dtype);
}

}  // namespace

BasicBlock::BasicBlock(std::int64_t in_channels, std::int64_t channels, std::int64_t stride, Shortcut shortcut,
                       DType dtype) {
  conv1 = add<Conv2d>("conv1", in_channels, channels, 3, without_bias(stride, 1, dtype));
  register_module("bn1", bn1 = batch_normed(channels, dtype));
  conv2 = add<Conv2d>("conv2", channels, channels, 3, without_bias(1, 1, dtype));
  register_module("bn2", bn2 = batch_normed(channels, dtype));
  if (stride == 1 && in_channels == channels) return;
  if (shortcut == Shortcut::Pad) {
    pads_ = true;
    padding_ = (channels - in_channels) / 2;
    return;
  }
  downsample = add<Sequential>("downsample");
  downsample->append(make_ref<Conv2d>(in_channels, channels, 1, without_bias(stride, 0, dtype)));
  downsample->append(batch_normed(channels, dtype));
}

Tensor BasicBlock::forward(const Tensor& x) {
  const Tensor y = (*bn2)((*conv2)(relu((*bn1)((*conv1)(x)))));
  if (downsample) return relu(y + (*downsample)(x));
  if (!pads_) return relu(y + x);
  return relu(y + pad(slice(slice(x, 2, {}, {}, 2), 3, {}, {}, 2), {0, 0, 0, 0, padding_, padding_}));
}

ResNet::ResNet(const Shape& blocks, std::int64_t base_width, std::int64_t num_classes, std::int64_t in_channels,
               Shortcut shortcut, DType dtype) {
  check_at_least("ResNet", "baseWidth", base_width, 1);
  check_at_least("ResNet", "numClasses", num_classes, 1);
  check_at_least("ResNet", "inChannels", in_channels, 1);
  check_float_dtype("ResNet", dtype);
  if (blocks.empty() || blocks.ssize() > 8)
    throw ShapeError(str("ResNet: blocks must be 1 to 8 numbers, not ", blocks));
  for (const std::int64_t count : blocks) check_at_least("ResNet", "blocks", count, 1);
  conv1_ = add<Conv2d>("conv1", in_channels, base_width, 3, without_bias(1, 1, dtype));
  register_module("bn1", bn1_ = batch_normed(base_width, dtype));
  std::int64_t width = base_width;
  for (int i = 0; i < blocks.ssize(); ++i) {
    const std::int64_t wanted = base_width << i;
    layers_.push_back(add<Sequential>(str("layer", i + 1)));
    for (std::int64_t k = 0; k < blocks[i]; ++k) {
      layers_.back()->append(make_ref<BasicBlock>(width, wanted, k == 0 && i > 0 ? 2 : 1, shortcut, dtype));
      width = wanted;
    }
  }
  fc_ = add<Linear>("fc", width, num_classes, true, dtype);
  for (const auto& [name, weight] : named_parameters())
    if (weight.rank() == 4) init::kaiming_normal_(weight, 0, init::FanMode::FanOut, init::Nonlinearity::Relu);
}

Tensor ResNet::forward(const Tensor& x) {
  Tensor y = relu((*bn1_)((*conv1_)(x)));
  for (const Ref<Sequential>& layer : layers_) y = (*layer)(y);
  return (*fc_)(mean(y, Shape{2, 3}));
}

Ref<Sequential> lenet5(std::int64_t num_classes, std::int64_t in_channels) {
  return sequential(make_ref<Conv2d>(in_channels, 6, 5), make_ref<Tanh>(), make_ref<AvgPool2d>(2),
                    make_ref<Conv2d>(6, 16, 5), make_ref<Tanh>(), make_ref<AvgPool2d>(2), make_ref<Flatten>(),
                    make_ref<Linear>(400, 120), make_ref<Tanh>(), make_ref<Linear>(120, 84), make_ref<Tanh>(),
                    make_ref<Linear>(84, num_classes));
}

Ref<ResNet> resnet18(std::int64_t num_classes, std::int64_t in_channels) {
  return make_ref<ResNet>(Shape{2, 2, 2, 2}, 64, num_classes, in_channels, Shortcut::Conv, DType::Float32);
}

Ref<ResNet> resnet20(std::int64_t num_classes, std::int64_t in_channels, Shortcut shortcut) {
  return make_ref<ResNet>(Shape{3, 3, 3}, 16, num_classes, in_channels, shortcut, DType::Float32);
}

GPTOptions gpt2_options(const std::string& size) {
  GPTOptions o{.vocab_size = 50257, .block_size = 1024, .tie_weights = true};
  const char* names[] = {"gpt2", "gpt2-medium", "gpt2-large", "gpt2-xl"};
  for (std::int64_t i = 0; i < 4; ++i)
    if (size == names[i]) {
      o.n_layer = 12 * (i + 1);
      o.n_head = i == 3 ? 25 : 4 * (i + 3);
      o.n_embd = 64 * o.n_head;
      return o;
    }
  throw FluxionError(str("gpt2: size must be one of gpt2, gpt2-medium, gpt2-large, gpt2-xl, not '", size, "'"));
}

CharRNN::CharRNN(std::int64_t vocab_size, std::int64_t embed_dim, std::int64_t hidden_size, RecurrentKind kind,
                 std::int64_t num_layers, double dropout, DType dtype)
    : has_cell_(kind == RecurrentKind::Lstm), num_layers_(num_layers), hidden_size_(hidden_size), dtype_(dtype) {
  embedding_ = add<Embedding>("embedding", vocab_size, embed_dim, std::nullopt, dtype);
  constexpr std::nullopt_t none = std::nullopt;
  if (kind == RecurrentKind::Rnn)
    rnn_ = make_ref<RNN>(embed_dim, hidden_size, num_layers, RnnNonlinearity::Tanh, true, true, dropout, false, none,
                         dtype);
  else if (kind == RecurrentKind::Lstm)
    rnn_ = make_ref<LSTM>(embed_dim, hidden_size, num_layers, true, true, dropout, false, none, dtype);
  else
    rnn_ = make_ref<GRU>(embed_dim, hidden_size, num_layers, true, true, dropout, false, none, dtype);
  register_module("rnn", rnn_);
  head_ = add<Linear>("head", hidden_size, vocab_size, true, dtype);
}

Tensor CharRNN::forward(const Tensor& ids) {
  if (ids.rank() != 1 && ids.rank() != 2)
    throw ShapeError(str("CharRNN: ids must be [N, T] or [T], they are ", ids.shape()));
  return (*head_)((*rnn_)((*embedding_)(ids)));
}

std::vector<Tensor> CharRNN::make_cache(std::int64_t batch, std::int64_t) {
  std::vector<Tensor> states;
  for (int i = 0; i < (has_cell_ ? 2 : 1); ++i) states.push_back(zeros({num_layers_, batch, hidden_size_}, dtype_));
  return states;
}

Tensor CharRNN::resume(const Tensor& ids, const std::vector<Tensor>& cache, std::int64_t position) {
  if (position == 0)
    for (const Tensor& state : cache) fill_(state, 0);
  const std::optional<Tensor> cell = has_cell_ ? std::optional(cache[1]) : std::nullopt;
  const std::vector<Tensor> after = rnn_->unroll_from((*embedding_)(ids), cache[0], cell);
  for (std::size_t i = 0; i < cache.size(); ++i) copy_(cache[i], after[i + 1]);
  return (*head_)(narrow(after[0], 1, ids.size(1) - 1, 1));
}

VAE::VAE(std::int64_t input_size, std::int64_t hidden_size, std::int64_t latent_size, std::optional<std::int64_t> seed,
         DType dtype)
    : fc1_(add<Linear>("fc1", input_size, hidden_size, true, dtype)),
      fc21_(add<Linear>("fc21", hidden_size, latent_size, true, dtype)),
      fc22_(add<Linear>("fc22", hidden_size, latent_size, true, dtype)),
      fc3_(add<Linear>("fc3", latent_size, hidden_size, true, dtype)),
      fc4_(add<Linear>("fc4", hidden_size, input_size, true, dtype)) {
  if (seed) own_.emplace(static_cast<std::uint64_t>(*seed));
}

std::vector<Tensor> VAE::encode(const Tensor& x) {
  const Tensor hidden = relu((*fc1_)(x));
  return {(*fc21_)(hidden), (*fc22_)(hidden)};
}

Tensor VAE::decoded_logits(const Tensor& z) { return (*fc4_)(relu((*fc3_)(z))); }
Tensor VAE::decode(const Tensor& z) { return sigmoid(decoded_logits(z)); }

Tensor VAE::forward(const Tensor& x) {
  if (x.rank() != 2 || x.size(1) != fc1_->weight.size(1))
    throw ShapeError(str("VAE: the input must be [N, ", fc1_->weight.size(1), "], it is ", x.shape()));
  const std::vector<Tensor> latent = encode(x);
  Tensor z = latent[0];
  if (training()) {
    // Its own stream takes the default one's place for the draw.
    const Generator::State outer = default_generator().state();
    if (own_) default_generator().set_state(own_->state());
    z = z + exp(latent[1] * 0.5) * randn(z.shape(), z.dtype());
    if (own_) {
      own_->set_state(default_generator().state());
      default_generator().set_state(outer);
    }
  }
  return cat({decoded_logits(z), latent[0], latent[1]}, 1);
}

Tensor VAELoss::forward(const Tensor& output, const Tensor& x) {
  const std::int64_t width = x.rank() == 2 ? x.size(1) : 0;
  if (x.rank() != 2 || output.rank() != 2 || output.size(0) != x.size(0) || (output.size(1) - width) % 2 != 0 ||
      output.size(1) - width < 2)
    throw ShapeError(str("VAELoss: needs a VAE's output [N, D + 2·latent] and x [N, D], these are ", output.shape(),
                         " and ", x.shape()));
  const std::int64_t latent = (output.size(1) - width) / 2;
  const Tensor mean_of = narrow(output, 1, width, latent), log_variance = narrow(output, 1, width + latent, latent);
  const Tensor decoded =
      binary_cross_entropy_with_logits(narrow(output, 1, 0, width), x, {}, {}, Reduction::None);
  const Tensor divergence = (square(mean_of) + exp(log_variance) - log_variance - 1.0) * 0.5;
  const Tensor each = sum(decoded, Shape{1}) + sum(divergence, Shape{1});
  return reduction_ == Reduction::None ? each : reduction_ == Reduction::Sum ? sum(each) : mean(each);
}

std::vector<ModuleRow> model_module_rows() {
  using Int = std::int64_t;
  return {
      module<ResNet(Shape, Int, Int, Int, Shortcut, DType)>(
          "ResNet", {"blocks", "*baseWidth=64", "*numClasses=10", "*inChannels=3", "*shortcut=\"conv\"",
                     "*dtype=\"float32\""})
          .doc("A residual network for images of about 32×32, with torchvision's keys: a 3×3 stem without pooling, "
               "groups of blocks, each twice as wide and half as large as the one before, their mean, a linear head. "
               "Where the shape changes, the shortcut is a 1×1 convolution, or every second pixel with channels of "
               "zeros around.")
          .shapes("[N, inChannels, H, W] to [N, numClasses]")
          .init("convolutions N(0, 2/fan out), norms 1 and 0, the head as Linear")
          .errors("ShapeError when a number is below 1")
          .source("https://arxiv.org/abs/1512.03385")
          .example("new nn.ResNet([1, 1], { baseWidth: 4 }).forward(zeros([2, 3, 8, 8])).shape", "[2, 10]")
          .sample("blocks=[1,2] baseWidth=4 numClasses=3 dtype=float64", "[3,3,8,8]", "wide(ResNet, [1, 2], 4, 3)")
          .sample("blocks=[1,1,1] baseWidth=2 numClasses=5 inChannels=1 shortcut=pad dtype=float64", "[2,1,8,8]",
                  "wide(ResNet, [1, 1, 1], 2, 5, 1, shortcut='pad')"),
      module<CharRNN(Int, Int, Int, RecurrentKind, Int, double, DType)>(
          "CharRNN", {"vocabSize", "embedDim", "hiddenSize", "*kind=\"rnn\"", "*numLayers=1", "*dropout=0",
                      "*dtype=\"float32\""})
          .doc("A language model of characters: embedding, recurrent layers of a kind, linear head. text.generate() "
               "keeps its state.")
          .shapes("int32 ids [N, T] or [T] to logits […, T, vocabSize]")
          .init("those of its parts")
          .errors("ShapeError when a size is below 1")
          .source("https://karpathy.github.io/2015/05/21/rnn-effectiveness/")
          .example("new nn.CharRNN(11, 4, 8, { kind: 'lstm' }).forward(zeros([1, 6], { dtype: 'int32' })).shape",
                   "[1, 6, 11]")
          .sample("vocabSize=7 embedDim=3 hiddenSize=4", "[2,5]:i(0,7)", "CharRNN(7, 3, 4, nn.RNN)")
          .sample("vocabSize=5 embedDim=3 hiddenSize=4 kind=lstm numLayers=2", "[2,3]:i(0,5)",
                  "CharRNN(5, 3, 4, nn.LSTM, 2)")
          .sample("vocabSize=5 embedDim=2 hiddenSize=3 kind=gru", "[6]:i(0,5)", "CharRNN(5, 2, 3, nn.GRU)"),
      module<VAE(Int, Int, Int, std::optional<Int>, DType)>(
          "VAE", {"inputSize", "hiddenSize=400", "latentSize=20", "*seed=null", "*dtype=\"float32\""})
          .doc("A variational autoencoder of vectors in [0, 1], with the keys of PyTorch's example. forward(x) gives "
               "the "
               "decoded logits, means and log variances side by side, which VAELoss takes. In training the latent is "
               "drawn, from the stream of `seed` if given; in evaluation it is the mean.")
          .formula("z = μ(x) + e^(ln σ²(x)/2)·ε, ε ~ N(0, 1)")
          .shapes("[N, inputSize] to [N, inputSize + 2·latentSize]")
          .init("as Linear")
          .errors("ShapeError when a size is below 1, or the input is not [N, inputSize]")
          .source("https://arxiv.org/abs/1312.6114")
          .method("encode", &VAE::encode, {"x"}, "Means and log variances of the latent, both [N, latentSize].")
          .method("decode", &VAE::decode, {"z"}, "From latents [N, latentSize] to probabilities [N, inputSize].")
          .example("new nn.VAE(6, 5, 2).forward(zeros([3, 6])).shape", "[3, 10]")
          .sample("inputSize=6 hiddenSize=5 latentSize=3", "[4,6]:d(0,1)", "VAE(6, 5, 3)"),
      module<VAELoss(Reduction)>("VAELoss", {"*reduction=\"mean\""})
          .loss()
          .doc("The negative evidence lower bound of what a VAE gave: binary cross-entropy of the decoded, summed "
               "over a vector, and the divergence of the latent from N(0, 1). Mean over the batch, or the sum.")
          .formula("Σ BCE(x, decoded) + ½·Σ(μ² + σ² − 1 − ln σ²)")
          .shapes("a VAE's output [N, D + 2·latent] and x [N, D]; a scalar, or [N] with reduction 'none'")
          .errors("ShapeError when the shapes are others")
          .source("https://arxiv.org/abs/1312.6114")
          .example("new nn.VAELoss().forward(zeros([1, 3]), zeros([1, 1])).item()", "0.693147")
          .sample("", "[4,8] [4,4]:d(0,1)", "VAELoss()")
          .sample("reduction=sum", "[3,5] [3,1]:d(0,1)", "VAELoss('sum')"),
  };
}

}  // namespace fluxion::nn
