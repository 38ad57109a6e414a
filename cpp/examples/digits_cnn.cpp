// A small convolutional net (9,098 weights) on 28×28 digits.
//
//   digits_cnn FILE [EPOCHS [FRAMES]]
//
// FILE holds "FXDG", then the numbers of images, rows and columns (uint32, little-endian), one label byte and
// rows·columns pixel bytes for each image: all labels first, then all pixels. The last fifth of the images is
// held out. What a viewer shows goes to FRAMES, a file or a pipe: `npm run monitor -- frames FRAMES` opens it.

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "fluxion/io/file.h"
#include "fluxion/nn/nn.h"
#include "fluxion/ops/ops.h"
#include "fluxion/optim/optim.h"
#include "fluxion/train/fit.h"
#include "fluxion/train/monitor.h"

using namespace fluxion;

// x float32 [count, 1, rows, columns] in 0 … 1, y int32 [count].
std::pair<Tensor, Tensor> read_digits(const std::string& path) {
  const std::vector<std::byte> file = io::read_file(path);
  std::uint32_t size[3] = {};
  if (file.size() < 16 || std::memcmp(file.data(), "FXDG", 4) != 0)
    throw ParseError(str(path, ": not a file of digits: it does not begin with FXDG"));
  std::memcpy(size, file.data() + 4, sizeof size);
  const std::uint64_t pixels = std::uint64_t{size[1]} * size[2];
  if (size[0] == 0 || pixels == 0 || file.size() - 16 != size[0] * (1 + pixels))
    throw ParseError(
        str(path, ": ", file.size(), " bytes do not hold ", size[0], " images of ", size[1], " by ", size[2]));
  const std::int64_t count = size[0], rows = size[1], columns = size[2];
  const Tensor labels = Tensor::from_bytes(file.data() + 16, {count}, DType::UInt8);
  const Tensor images = Tensor::from_bytes(file.data() + 16 + count, {count, 1, rows, columns}, DType::UInt8);
  return {to_dtype(images, DType::Float32) / 255.0, to_dtype(labels, DType::Int32)};
}

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::printf("usage: %s FILE [EPOCHS [FRAMES]]\nFILE: digits packed by the site's build (npm run build)\n", argv[0]);
    return 2;
  }
  const auto [x, y] = read_digits(argv[1]);

  manual_seed(7);
  const nn::ConvOptions same{.padding_mode = Padding::Same};
  const std::int64_t features = 16 * (x.size(2) / 4) * (x.size(3) / 4);
  const auto model =
      nn::sequential(make_ref<nn::Conv2d>(1, 8, 3, same), make_ref<nn::ReLU>(), make_ref<nn::MaxPool2d>(2),
                     make_ref<nn::Conv2d>(8, 16, 3, same), make_ref<nn::ReLU>(), make_ref<nn::MaxPool2d>(2),
                     make_ref<nn::Flatten>(), make_ref<nn::Linear>(features, 10));
  std::printf("%lld weights\n", static_cast<long long>(model->parameter_count()));

  std::FILE* frames = argc > 3 ? std::fopen(argv[3], "wb") : nullptr;
  if (argc > 3 && frames == nullptr) throw FluxionError(str(argv[3], " cannot be written"));
  std::optional<train::Monitor> monitor;
  if (frames != nullptr)
    monitor.emplace(model, [frames](std::span<const std::byte> bytes) {
      std::fwrite(bytes.data(), 1, bytes.size(), frames);
      std::fflush(frames);
    });

  train::Fit fit(train::model_of(model), make_ref<optim::Adam>(model->parameters(), optim::AdamOptions{.lr = 3e-3}),
                 [](const Tensor& output, const Tensor& target) { return cross_entropy(output, target); }, x, y,
                 {.epochs = argc > 2 ? std::atoi(argv[2]) : 2,
                  .batch_size = 32,
                  .seed = 7,
                  .validation_split = 0.2,
                  .metrics = {make_ref<train::Accuracy>()}},
                 {.batch_end =
                      [&](const train::BatchInfo& b) {
                        if (monitor) monitor->batch_end(b);
                      },
                  .epoch_end =
                      [](const train::EpochInfo& e) {
                        std::printf("epoch %lld  loss %.4f  held-out loss %.4f, %.2f %% right  (%.1f s)\n",
                                    static_cast<long long>(e.epoch + 1), e.loss, *e.val_loss,
                                    100 * e.metrics.back().second, e.seconds);
                      }});
  fit.run();
  if (frames != nullptr) std::fclose(frames);
  return 0;
} catch (const Error& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 1;
}
