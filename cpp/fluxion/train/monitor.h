#pragma once
// Watches a training from outside: a binary frame about every n-th step, to a file, a pipe, or a function. The format
// stands in web/training/frames.ts, which reads what this writes.
//
//   train::Monitor monitor(model, [](std::span<const std::byte> bytes) { std::fwrite(bytes.data(), 1, bytes.size(),
//   file); }); train::Fit fit(…, {.batch_end = [&](const train::BatchInfo& b) { monitor.batch_end(b); }});

#include <cstddef>
#include <functional>
#include <span>

#include "fluxion/train/fit.h"

namespace fluxion::train {

struct FrameEntry {
  enum class Role { Weight, Gradient, Activation };
  std::string name;
  Role role = Role::Weight;
  Shape shape = {};
  float norm = 0, mean = 0, deviation = 0;
  float dead = 0;  // the share of units that gave 0 for every example; NaN where it means nothing
  float low = 0, high = 0;
  std::vector<std::uint32_t> counts = {};
};

// Over at most 65,536 values, evenly chosen; the norm is of all.
FrameEntry describe(const std::string& name, FrameEntry::Role role, const Tensor& t, std::size_t bins);
std::vector<std::byte> encode_frame(const BatchInfo& batch, const std::vector<FrameEntry>& entries);

class Monitor {
 public:
  using Sink = std::function<void(std::span<const std::byte>)>;
  // The module must be the one that is trained; it is hooked for the batches that are told.
  Monitor(Ref<nn::Module> module, Sink sink, std::int64_t every = 10, std::size_t bins = 32);
  ~Monitor();
  Monitor(const Monitor&) = delete;
  Monitor& operator=(const Monitor&) = delete;

  // To be called at the end of each batch.
  void batch_end(const BatchInfo& batch);

 private:
  void watch();
  void unhook();

  Ref<nn::Module> module_;
  Sink sink_;
  std::int64_t every_;
  std::size_t bins_;
  std::vector<std::pair<Ref<nn::Module>, std::int64_t>> hooks_;
  std::vector<FrameEntry> activations_;
};

}  // namespace fluxion::train
