#include "fluxion/transforms/program.h"

#include <algorithm>
#include <cstring>

namespace fluxion {
namespace {

using kernels::Prim;
using kernels::View;

constexpr std::size_t kAlignment = 64;

bool is_call(const Step& s) { return s.prim != Prim::Count; }


// The same values in the same places: an elementwise result may be made where its operand was.
bool is_elementwise(const Step& s) { return s.prim == Prim::Unary || s.prim == Prim::Binary; }

bool is_dense(const View& v) {
  std::int64_t step = 1;
  for (int d = v.rank - 1; d >= 0; --d) {
    if (v.shape[d] != 1 && v.strides[d] != step) return false;
    step *= v.shape[d];
  }
  return true;
}
std::int64_t count_of(const View& v) {
  std::int64_t n = 1;
  for (int d = 0; d < v.rank; ++d) n *= v.shape[d];
  return n;
}
bool is_whole(const View& v, const Buffer& b) {
  return v.data == b.begin && is_dense(v) && static_cast<std::size_t>(count_of(v)) * size_of(v.dtype) == b.bytes;
}

kernels::Epilogue epilogue_of(kernels::Unary kind) {
  using kernels::Epilogue;
  using kernels::Unary;
  switch (kind) {
    case Unary::Relu: return Epilogue::Relu;
    case Unary::Tanh: return Epilogue::Tanh;
    case Unary::Sigmoid: return Epilogue::Sigmoid;
    case Unary::Gelu: return Epilogue::Gelu;
    case Unary::GeluTanh: return Epilogue::GeluTanh;
    case Unary::Silu: return Epilogue::Silu;
    default: return Epilogue::None;
  }
}

// When a buffer is first and last in use.
struct Life {
  std::size_t first = SIZE_MAX, last = 0;
};

}  // namespace

// The optimizers' primitives change more than their first operands.
bool writes(const Step& step, std::size_t view) {
  if (!is_call(step)) return false;
  if (step.prim == Prim::SgdStep || step.prim == Prim::AdamStep) return view != 1;
  return static_cast<int>(view) < kernels::output_count(step.prim);
}

Program::Program(std::vector<Step> steps, std::vector<Buffer> buffers, std::vector<std::unique_ptr<Shape>> sizes)
    : steps_(std::move(steps)), buffers_(std::move(buffers)), sizes_(std::move(sizes)) {
  drop_unused();
  fold_constants();
  fuse_epilogues();
  plan();
}

void Program::run() const {
  for (const Step& s : steps_) {
    if (is_call(s)) [[likely]]
      kernels::run_call(s.prim, s.views.data(), static_cast<int>(s.views.size()), s.params.data(), s.params.size());
    else if (s.check != nullptr)
      s.check(s.views.data(), s.params.data());
    else
      s.action();
  }
  for (const Ref<Storage>& storage : written_) storage->bump_version();
}

// Backwards: a call counts if something kept, or something that a later call that counts reads, is written by it.
void Program::drop_unused() {
  std::vector<char> wanted(buffers_.size());
  for (std::size_t b = 0; b < buffers_.size(); ++b) wanted[b] = static_cast<bool>(buffers_[b].kept);
  std::vector<Step> used;
  for (std::size_t i = steps_.size(); i-- > 0;) {
    Step& s = steps_[i];
    bool counts = !is_call(s);
    for (std::size_t v = 0; v < s.views.size(); ++v)
      counts = counts || (writes(s, v) && s.buffers[v] >= 0 && wanted[static_cast<std::size_t>(s.buffers[v])]);
    // Draws move the random stream on, whether or not anybody looks at them.
    if (!counts && s.prim != Prim::Random) continue;
    for (const int b : s.buffers)
      if (b >= 0) wanted[static_cast<std::size_t>(b)] = 1;
    used.push_back(std::move(s));
  }
  std::reverse(used.begin(), used.end());
  steps_ = std::move(used);
}

// Small values that follow from nothing, such as the 1 that a backward pass begins with, are computed once.
void Program::fold_constants() {
  constexpr std::size_t kMostBytes = 4096;
  std::vector<int> writers(buffers_.size());
  std::vector<char> constant(buffers_.size());
  for (const Step& s : steps_)
    for (std::size_t v = 0; v < s.views.size(); ++v)
      if (s.buffers[v] >= 0 && writes(s, v)) ++writers[static_cast<std::size_t>(s.buffers[v])];
  std::erase_if(steps_, [&](Step& s) {
    if (!is_call(s) || s.prim == Prim::Random) return false;
    for (std::size_t v = 0; v < s.views.size(); ++v) {
      if (s.buffers[v] < 0) continue;
      const auto b = static_cast<std::size_t>(s.buffers[v]);
      const Buffer& buffer = buffers_[b];
      if (writes(s, v) ? buffer.kept || writers[b] > 1 || buffer.bytes > kMostBytes : !constant[b]) return false;
    }
    for (std::size_t v = 0; v < s.views.size(); ++v) {
      if (s.buffers[v] < 0) continue;
      const auto b = static_cast<std::size_t>(s.buffers[v]);
      Buffer& buffer = buffers_[b];
      if (!buffer.kept) buffer.kept = make_ref<Storage>(buffer.bytes);
      constant[b] = 1;
      s.views[v].data =
          static_cast<std::byte*>(buffer.kept->data()) + (static_cast<std::byte*>(s.views[v].data) - buffer.begin);
    }
    kernels::run_call(s.prim, s.views.data(), static_cast<int>(s.views.size()), s.params.data(), s.params.size());
    return true;
  });
}

// A product whose result only an activation sees makes that at once.
void Program::fuse_epilogues() {
  // How often each buffer is touched by calls.
  std::vector<int> touches(buffers_.size());
  for (const Step& s : steps_)
    for (const int b : s.buffers)
      if (b >= 0) ++touches[static_cast<std::size_t>(b)];
  std::vector<Step> fused;
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    Step& s = steps_[i];
    if (s.prim != Prim::Unary || fused.empty()) {
      fused.push_back(std::move(s));
      continue;
    }
    kernels::UnaryParams unary;
    std::memcpy(&unary, s.params.data(), sizeof unary);
    const kernels::Epilogue epilogue = epilogue_of(unary.kind);
    Step& product = fused.back();
    const int from = s.buffers[1], to = s.buffers[0];
    const bool follows = epilogue != kernels::Epilogue::None && (product.prim == Prim::Gemm || product.prim == Prim::Conv2d) &&
                         from >= 0 && to >= 0 && product.buffers[0] == from;
    const auto at = [&](int b) -> const Buffer& { return buffers_[static_cast<std::size_t>(b)]; };
    if (!follows || kernels::reads_outputs(product.prim, product.params.data()) || at(from).kept ||
        touches[static_cast<std::size_t>(from)] != 2 || !is_whole(product.views[0], at(from)) ||
        !is_whole(s.views[1], at(from)) || !is_dense(s.views[0]) ||
        std::find(product.buffers.begin() + 1, product.buffers.end(), to) != product.buffers.end()) {
      fused.push_back(std::move(s));
      continue;
    }
    const auto set = [&]<class P>(P params) {
      std::memcpy(&params, product.params.data(), sizeof params);
      params.epilogue = epilogue;
      std::memcpy(product.params.data(), &params, sizeof params);
    };
    if (product.prim == Prim::Gemm)
      set(kernels::GemmParams{});
    else
      set(kernels::ConvParams{});
    product.views[0].data = s.views[0].data;
    product.buffers[0] = to;
  }
  steps_ = std::move(fused);
}

// Buffers that are not in use at the same time share their place: the largest are placed first, each as low as those
// that it lives beside let it. An elementwise result takes the place of an operand that ends with it.
void Program::plan() {
  const std::size_t n = buffers_.size();
  std::vector<Life> lives(n);
  std::vector<int> place_of(n);
  for (std::size_t b = 0; b < n; ++b) place_of[b] = static_cast<int>(b);
  const auto is_planned = [&](int b) { return b >= 0 && !buffers_[static_cast<std::size_t>(b)].kept; };
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    for (const int b : steps_[i].buffers) {
      if (!is_planned(b)) continue;
      Life& life = lives[static_cast<std::size_t>(b)];
      life.first = std::min(life.first, i);
      life.last = std::max(life.last, i);
    }
  }
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const Step& s = steps_[i];
    const int to = s.buffers.empty() ? -1 : s.buffers[0];
    if (!is_elementwise(s) || !is_planned(to) || lives[static_cast<std::size_t>(to)].first != i) continue;
    const Buffer& result = buffers_[static_cast<std::size_t>(to)];
    for (std::size_t v = 1; v < s.views.size(); ++v) {
      const int from = s.buffers[v];
      if (!is_planned(from) || from == to) continue;
      const int place = place_of[static_cast<std::size_t>(from)];
      Life& life = lives[static_cast<std::size_t>(place)];
      const Buffer& operand = buffers_[static_cast<std::size_t>(from)];
      if (life.last != i || operand.bytes != result.bytes || s.views[v].dtype != s.views[0].dtype ||
          !is_whole(s.views[v], operand) || !is_whole(s.views[0], result))
        continue;
      // Nor may the same call look at the place in another way.
      bool alone = true;
      for (std::size_t w = 1; w < s.views.size(); ++w)
        alone = alone && (s.buffers[w] < 0 || place_of[static_cast<std::size_t>(s.buffers[w])] != place ||
                          (s.buffers[w] == from && is_whole(s.views[w], operand)));
      if (!alone) continue;
      place_of[static_cast<std::size_t>(to)] = place;
      life.last = lives[static_cast<std::size_t>(to)].last;
      break;
    }
  }

  std::vector<std::size_t> order;
  for (std::size_t b = 0; b < n; ++b)
    if (lives[b].first != SIZE_MAX) {
      unplanned_ += buffers_[b].bytes;
      if (place_of[b] == static_cast<int>(b)) order.push_back(b);
    }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return buffers_[a].bytes > buffers_[b].bytes; });
  struct Placed {
    std::size_t offset, end;
    Life life;
  };
  std::vector<Placed> placed;  // by offset
  std::vector<std::size_t> offsets(n);
  for (const std::size_t b : order) {
    const std::size_t bytes = (std::max<std::size_t>(buffers_[b].bytes, 1) + kAlignment - 1) / kAlignment * kAlignment;
    std::size_t offset = 0;
    for (const Placed& p : placed) {
      if (p.life.last < lives[b].first || lives[b].last < p.life.first) continue;
      if (p.offset >= offset + bytes) break;
      offset = std::max(offset, p.end);
    }
    offsets[b] = offset;
    planned_ = std::max(planned_, offset + bytes);
    const Placed mine{offset, offset + bytes, lives[b]};
    placed.insert(std::upper_bound(placed.begin(), placed.end(), mine,
                                   [](const Placed& x, const Placed& y) { return x.offset < y.offset; }),
                  mine);
  }

  arena_ = make_ref<Storage>(planned_);
  std::vector<char> is_written(n);
  for (Step& s : steps_) {
    for (std::size_t v = 0; v < s.views.size(); ++v) {
      const int b = s.buffers[v];
      if (b < 0) continue;
      const Buffer& buffer = buffers_[static_cast<std::size_t>(b)];
      std::byte* base = buffer.kept ? static_cast<std::byte*>(buffer.kept->data())
                                    : static_cast<std::byte*>(arena_->data()) +
                                          offsets[static_cast<std::size_t>(place_of[static_cast<std::size_t>(b)])];
      s.views[v].data = base + (static_cast<std::byte*>(s.views[v].data) - buffer.begin);
      if (buffer.kept && writes(s, v) && !std::exchange(is_written[static_cast<std::size_t>(b)], 1))
        written_.push_back(buffer.kept);
    }
  }
}

}  // namespace fluxion
