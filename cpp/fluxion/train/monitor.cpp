#include "fluxion/train/monitor.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "fluxion/ops/ops.h"

namespace fluxion::train {
namespace {

static_assert(std::endian::native == std::endian::little, "frames are little-endian");

constexpr std::int64_t kMostValues = 1 << 16;

template <class T>
void put(std::vector<std::byte>& out, T value) {
  const auto bytes = std::bit_cast<std::array<std::byte, sizeof(T)>>(value);
  out.insert(out.end(), bytes.begin(), bytes.end());
}

double dead_share(const Tensor& t) { return mean(to_dtype(all(eq(t.detach(), 0.0), Shape{0}), DType::Float32)).item(); }

}  // namespace

FrameEntry describe(const std::string& name, FrameEntry::Role role, const Tensor& t, std::size_t bins) {
  const NoGrad off;
  FrameEntry e{.name = name, .role = role, .shape = t.shape()};
  const Tensor flat = reshape(t.detach(), {t.numel()});
  const std::int64_t stride = std::max<std::int64_t>(1, (flat.numel() + kMostValues - 1) / kMostValues);
  std::vector<double> values;
  for (std::int64_t i = 0; i < flat.numel(); i += stride) values.push_back(flat.at(i));
  double low = std::numeric_limits<double>::infinity(), high = -low, total = 0, squares = 0;
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    low = std::min(low, v);
    high = std::max(high, v);
    total += v;
    squares += v * v;
  }
  if (low > high) low = high = 0;
  e.counts.resize(bins);
  const double scale = high > low ? static_cast<double>(bins) / (high - low) : 0;
  for (const double v : values)
    if (std::isfinite(v)) ++e.counts[std::min(bins - 1, static_cast<std::size_t>((v - low) * scale))];
  const double n = std::max<double>(1, static_cast<double>(values.size())), average = total / n;
  e.mean = static_cast<float>(average);
  e.deviation = static_cast<float>(std::sqrt(std::max(0.0, squares / n - average * average)));
  e.low = static_cast<float>(low);
  e.high = static_cast<float>(high);
  e.norm = flat.numel() > 0 ? static_cast<float>(norm(flat).item()) : 0;
  const bool units = role == FrameEntry::Role::Activation && t.rank() > 1 && t.size(0) > 0;
  e.dead = units ? static_cast<float>(dead_share(t)) : std::numeric_limits<float>::quiet_NaN();
  return e;
}

std::vector<std::byte> encode_frame(const BatchInfo& batch, const std::vector<FrameEntry>& entries) {
  std::vector<std::byte> out;
  for (const char c : {'F', 'X', 'M', 'N'}) put(out, c);
  put(out, std::uint8_t{1});
  put(out, std::uint8_t{1});
  put(out, static_cast<std::uint16_t>(entries.size()));
  for (const std::int64_t v : {std::int64_t{0}, batch.step, batch.epoch, batch.batch, batch.batches})
    put(out, static_cast<std::uint32_t>(v));
  put(out, batch.loss);
  put(out, batch.lr);
  for (const FrameEntry& e : entries) {
    put(out, static_cast<std::uint16_t>(e.name.size()));
    for (const char c : e.name) put(out, c);
    put(out, static_cast<std::uint8_t>(e.role));
    put(out, static_cast<std::uint8_t>(e.shape.size()));
    for (const std::int64_t size : e.shape) put(out, static_cast<std::uint32_t>(size));
    for (const float v : {e.norm, e.mean, e.deviation, e.dead, e.low, e.high}) put(out, v);
    put(out, static_cast<std::uint16_t>(e.counts.size()));
    for (const std::uint32_t c : e.counts) put(out, c);
  }
  const auto size = std::bit_cast<std::array<std::byte, 4>>(static_cast<std::uint32_t>(out.size()));
  std::copy(size.begin(), size.end(), out.begin() + 8);
  return out;
}

Monitor::Monitor(Ref<nn::Module> module, Sink sink, std::int64_t every, std::size_t bins)
    : module_(std::move(module)), sink_(std::move(sink)), every_(every), bins_(bins) {
  if (every < 1) throw FluxionError(str("Monitor: every must be at least 1, it is ", every));
  if (bins < 1 || bins > 1024) throw FluxionError(str("Monitor: bins must lie in [1, 1024], they are ", bins));
  watch();
}

Monitor::~Monitor() { unhook(); }

void Monitor::watch() {
  for (const auto& [name, m] : module_->named_modules()) {
    if (!m->named_children().empty()) continue;
    const auto see = [this, path = name](nn::Module&, const Tensor&, const Tensor& output) {
      if (module_->training()) activations_.push_back(describe(path, FrameEntry::Role::Activation, output, bins_));
      return Tensor();
    };
    hooks_.emplace_back(m, m->register_forward_hook(see));
  }
}

void Monitor::unhook() {
  for (const auto& [m, id] : hooks_) m->remove_hook(id);
  hooks_.clear();
}

void Monitor::batch_end(const BatchInfo& batch) {
  if (!hooks_.empty()) {
    unhook();
    std::vector<FrameEntry> entries;
    for (const auto& [name, p] : module_->named_parameters()) {
      entries.push_back(describe(name, FrameEntry::Role::Weight, p, bins_));
      if (const Tensor g = grad_of(p); g.defined())
        entries.push_back(describe(name, FrameEntry::Role::Gradient, g, bins_));
    }
    for (FrameEntry& e : activations_) entries.push_back(std::move(e));
    activations_.clear();
    sink_(encode_frame(batch, entries));
  }
  if ((batch.step + 1) % every_ == 0) watch();
}

}  // namespace fluxion::train
