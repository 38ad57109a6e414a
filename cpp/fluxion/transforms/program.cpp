#include "fluxion/transforms/program.h"

#include <algorithm>

#include "fluxion/core/sort.h"

namespace fluxion {
namespace {

using kernels::Prim;
using kernels::View;
using kernels::is_one;

constexpr std::size_t kAlignment = 64;

bool is_call(const Step& s) { return s.prim != Prim::Count; }

bool is_dense(const View& v) {
  std::int64_t step = 1;
  for (int d = v.rank - 1; d >= 0; --d) {
    if (v.shape[d] != 1 && v.strides[d] != step) return false;
    step *= v.shape[d];
  }
  return true;
}

kernels::Index count_of(const View& v) {
  kernels::Index n = 1;
  for (int d = 0; d < v.rank; ++d) n *= static_cast<kernels::Index>(v.shape[d]);
  return n;
}

kernels::Epilogue epilogue_of(kernels::Unary kind) {
  using kernels::Epilogue;
  using kernels::Unary;
  switch (kind) {
    case Unary::Relu:
      return Epilogue::Relu;
    case Unary::Tanh:
      return Epilogue::Tanh;
    case Unary::Sigmoid:
      return Epilogue::Sigmoid;
    case Unary::Gelu:
      return Epilogue::Gelu;
    case Unary::GeluTanh:
      return Epilogue::GeluTanh;
    case Unary::Silu:
      return Epilogue::Silu;
    default:
      return Epilogue::None;
  }
}

}  // namespace

// The optimizers' primitives change more than their first operands.
bool Tape::writes(const Step& step, int v) const {
  if (!is_call(step)) return false;
  if (step.prim == Prim::SgdStep) return v % kernels::kSgdViews != 1;
  if (step.prim == Prim::AdamStep) return v % kernels::kAdamViews != 1;
  return v < kernels::output_count(step.prim);
}

Buffer* Program::buffer(const Step& step, int v) {
  const int b = t_.buffers[static_cast<std::size_t>(step.view + v)];
  return b < 0 ? nullptr : &t_.memory[static_cast<std::size_t>(b)];
}

Buffer* Program::planned(const Step& step, int v) {
  Buffer* b = buffer(step, v);
  return b == nullptr || b->kept ? nullptr : b;
}

bool Program::is_whole(const Step& step, int v) {
  const View& seen = view(step, v);
  const Buffer* b = buffer(step, v);
  std::size_t bytes = size_of(seen.dtype);
  for (int d = 0; d < seen.rank; ++d) bytes *= static_cast<std::size_t>(seen.shape[d]);
  return b != nullptr && seen.data == b->begin && bytes == b->bytes && is_dense(seen);
}

Program::Program(Tape tape) : t_(std::move(tape)) {
  for (std::size_t v = 0; v < t_.views.size(); ++v) {
    t_.views[v].shape = t_.sizes.data() + t_.sizes_at[v];
    t_.views[v].strides = t_.views[v].shape + t_.views[v].rank;
  }
  drop_unused();
  fold_constants();
  fuse_epilogues();
  find_chains();
  plan_lives();
  plan_places();
  for (std::size_t i = 0; i < t_.steps.size();) {
    Step& first = t_.steps[i];
    const auto end = i + static_cast<std::size_t>(first.chain);
    if (first.chain == 1) {
      ++i;
      continue;
    }
    first.action = static_cast<int>(chained_.size());
    for (; i < end; ++i) {
      const Step& s = t_.steps[i];
      const auto at = static_cast<std::size_t>(s.view);
      chained_.push_back({s.prim, &t_.views[at], &slots_[at], s.views, &t_.params[static_cast<std::size_t>(s.params)],
                          static_cast<std::size_t>(s.params_size)});
    }
  }
}

void Program::run_call(const Step& s) const {
  kernels::run_call(s.prim, &t_.views[static_cast<std::size_t>(s.view)], s.views,
                    &t_.params[static_cast<std::size_t>(s.params)], static_cast<std::size_t>(s.params_size));
}

void Program::run() const {
  const Step* const end = t_.steps.data() + t_.steps.size();
  for (const Step* at = t_.steps.data(); at != end; at += at->chain) {
    const Step& s = *at;
    if (s.chain > 1)
      kernels::run_chain(&chained_[static_cast<std::size_t>(s.action)], s.chain,
                         count_of(t_.views[static_cast<std::size_t>(s.view)]));
    else if (is_call(s)) [[likely]]
      run_call(s);
    else if (s.check != nullptr)
      s.check(&t_.views[static_cast<std::size_t>(s.view)], &t_.params[static_cast<std::size_t>(s.params)]);
    else
      t_.actions[static_cast<std::size_t>(s.action)]();
  }
  for (const int b : changed_) t_.memory[static_cast<std::size_t>(b)].kept->bump_version();
}

// Backwards: a call counts if something kept, or something that a later call that counts reads, is written by it.
void Program::drop_unused() {
  for (Buffer& b : t_.memory) b.used = static_cast<bool>(b.kept);
  std::vector<Step> used;
  for (std::size_t i = t_.steps.size(); i-- > 0;) {
    const Step& s = t_.steps[i];
    // Draws move the random stream on, whether or not anybody looks at them.
    bool counts = !is_call(s) || s.prim == Prim::Random;
    for (int v = 0; v < s.views; ++v)
      if (const Buffer* b = buffer(s, v); b != nullptr && b->used && t_.writes(s, v)) counts = true;
    if (!counts) continue;
    for (int v = 0; v < s.views; ++v)
      if (Buffer* b = buffer(s, v)) b->used = true;
    used.push_back(s);
  }
  std::reverse(used.begin(), used.end());
  t_.steps = std::move(used);
}

// Small values that follow from nothing, such as the 1 that a backward pass begins with, are computed once.
void Program::fold_constants() {
  constexpr std::size_t kMostBytes = 4096;
  std::vector<int> writers(t_.memory.size());
  const auto writers_of = [&](const Buffer* b) -> int& {
    return writers[static_cast<std::size_t>(b - t_.memory.data())];
  };
  for (Buffer& b : t_.memory) b.constant = false;
  for (const Step& s : t_.steps)
    for (int v = 0; v < s.views; ++v)
      if (const Buffer* b = buffer(s, v); b != nullptr && t_.writes(s, v)) ++writers_of(b);
  std::vector<Step> left;
  for (const Step& s : t_.steps) {
    bool folds = is_call(s) && s.prim != Prim::Random;
    for (int v = 0; v < s.views; ++v) {
      const Buffer* b = buffer(s, v);
      if (b == nullptr) continue;
      folds = folds && (t_.writes(s, v) ? !b->kept && writers_of(b) == 1 && b->bytes <= kMostBytes : b->constant);
    }
    if (!folds) {
      left.push_back(s);
      continue;
    }
    for (int v = 0; v < s.views; ++v) {
      Buffer* b = buffer(s, v);
      if (b == nullptr) continue;
      if (!b->kept) b->kept = make_ref<Storage>(b->bytes);
      b->constant = true;
      move_to(s, v, static_cast<std::byte*>(b->kept->data()));
    }
    run_call(s);
  }
  t_.steps = std::move(left);
}

void Program::move_to(const Step& step, int v, std::byte* base) {
  View& seen = view(step, v);
  seen.data = base + (static_cast<std::byte*>(seen.data) - buffer(step, v)->begin);
}

// A product whose result only an activation sees makes that at once.
void Program::fuse_epilogues() {
  std::vector<Step> left;
  for (const Step& s : t_.steps)
    if (s.prim != Prim::Unary || left.empty() || !fuse(left.back(), s)) left.push_back(s);
  t_.steps = std::move(left);
}

bool Program::fuse(Step& product, const Step& activation) {
  const bool is_gemm = product.prim == Prim::Gemm;
  if (!is_gemm && product.prim != Prim::Conv2d) return false;
  const kernels::Epilogue epilogue = epilogue_of(static_cast<const kernels::UnaryParams*>(params(activation))->kind);
  const Buffer* from = planned(product, 0);
  if (epilogue == kernels::Epilogue::None || from == nullptr || buffer(activation, 1) != from ||
      kernels::reads_outputs(product.prim, params(product)) || !is_whole(product, 0) || !is_whole(activation, 1) ||
      !is_dense(view(activation, 0)))
    return false;
  int touches = 0;
  for (const Step& s : t_.steps)
    for (int v = 0; v < s.views; ++v) touches += buffer(s, v) == from;
  if (touches != 2) return false;
  for (int v = 1; v < product.views; ++v)
    if (buffer(product, v) != nullptr && buffer(product, v) == buffer(activation, 0)) return false;
  (is_gemm ? static_cast<kernels::GemmParams*>(params(product))->epilogue
           : static_cast<kernels::ConvParams*>(params(product))->epilogue) = epilogue;
  view(product, 0).data = view(activation, 0).data;
  t_.buffers[static_cast<std::size_t>(product.view)] = t_.buffers[static_cast<std::size_t>(activation.view)];
  return true;
}

// Elementwise calls in a row over the same elements, where these are too many for the innermost cache, run piece by
// piece; what only they see never reaches memory.
void Program::find_chains() {
  slots_.assign(t_.views.size(), -1);
  for (std::size_t begin = 0; begin < t_.steps.size();) {
    std::size_t end = begin;
    while (end < t_.steps.size() && joins(begin, end)) ++end;
    if (end - begin > 1) {
      t_.steps[begin].chain = static_cast<int>(end - begin);
      keep_inside(begin, end);
    }
    begin = std::max(end, begin + 1);
  }
}

// Whether a step may follow those from `begin` on in a chain.
bool Program::joins(std::size_t begin, std::size_t at) {
  const Step& s = t_.steps[at];
  if (s.prim != Prim::Unary && s.prim != Prim::Binary) return false;
  const kernels::Index n = count_of(view(t_.steps[begin], 0));
  if (n < 2 * kernels::kChainPiece || count_of(view(s, 0)) != n || !is_dense(view(s, 0)) || buffer(s, 0) == nullptr)
    return false;
  for (int v = 0; v < s.views; ++v)
    if (!is_one(view(s, v)) && !is_dense(view(s, v))) return false;
  // What is written is seen in one way only.
  for (std::size_t i = begin; i <= at; ++i) {
    for (int v = 0; v < t_.steps[i].views; ++v) {
      const View& seen = view(t_.steps[i], v);
      for (int w = 0; w < s.views; ++w) {
        const View& other = view(s, w);
        if ((v != 0 && w != 0) || buffer(t_.steps[i], v) != buffer(s, w)) continue;
        if (seen.data != other.data || seen.dtype != other.dtype || is_one(seen) || is_one(other)) return false;
      }
    }
  }
  return true;
}

// Buffers that nothing outside the chain touches get a slot while there are slots.
void Program::keep_inside(std::size_t begin, std::size_t end) {
  std::vector<int> touches(t_.memory.size());
  const auto touched = [&](const Buffer* b) -> int& { return touches[static_cast<std::size_t>(b - t_.memory.data())]; };
  for (const Step& s : t_.steps)
    for (int v = 0; v < s.views; ++v)
      if (const Buffer* b = buffer(s, v)) ++touched(b);
  std::size_t free_from[kernels::kChainSlots] = {};
  for (std::size_t i = begin; i < end; ++i) {
    const Buffer* result = planned(t_.steps[i], 0);
    if (result == nullptr || !is_whole(t_.steps[i], 0)) continue;
    int inside = 0;
    std::size_t last = i;
    for (std::size_t k = i; k < end; ++k)
      for (int v = 0; v < t_.steps[k].views; ++v)
        if (buffer(t_.steps[k], v) == result) {
          ++inside;
          last = k;
        }
    int slot = 0;
    while (slot < kernels::kChainSlots && free_from[slot] > i) ++slot;
    if (inside != touched(result) || slot == kernels::kChainSlots) continue;
    free_from[slot] = last + 1;
    const int number = static_cast<int>(result - t_.memory.data());
    for (std::size_t k = i; k <= last; ++k) {
      for (int v = 0; v < t_.steps[k].views; ++v) {
        const auto at = static_cast<std::size_t>(t_.steps[k].view + v);
        if (t_.buffers[at] != number) continue;
        t_.buffers[at] = -1;
        slots_[at] = static_cast<std::int8_t>(slot);
      }
    }
  }
}

// From when to when each buffer is in use. An elementwise result takes the place of an operand that ends with it.
void Program::plan_lives() {
  const int n = static_cast<int>(t_.steps.size());
  for (int i = 0; i < n; ++i) {
    const Step& s = t_.steps[static_cast<std::size_t>(i)];
    for (int v = 0; v < s.views; ++v) {
      Buffer* b = planned(s, v);
      if (b == nullptr) continue;
      if (b->first < 0) b->first = i;
      b->last = i;
      b->place = static_cast<int>(b - t_.memory.data());
    }
  }
  for (int i = 0; i < n; ++i) {
    const Step& s = t_.steps[static_cast<std::size_t>(i)];
    if (s.prim != Prim::Unary && s.prim != Prim::Binary) continue;
    Buffer* result = planned(s, 0);
    if (result == nullptr || result->first != i || !is_whole(s, 0)) continue;
    for (int v = 1; v < s.views; ++v) {
      const Buffer* operand = planned(s, v);
      if (operand == nullptr || operand == result) continue;
      Buffer& place = t_.memory[static_cast<std::size_t>(operand->place)];
      bool fits = place.last == i && operand->bytes == result->bytes && view(s, v).dtype == view(s, 0).dtype;
      // Nor may the call look at the place in another way.
      for (int w = 1; w < s.views && fits; ++w) {
        const Buffer* other = planned(s, w);
        fits = other == nullptr || other->place != operand->place || is_whole(s, w);
      }
      if (!fits) continue;
      result->place = operand->place;
      place.last = result->last;
      break;
    }
  }
}

// Buffers that are not in use at the same time share their place: the largest are placed first, each as low as those
// that it lives beside let it.
void Program::plan_places() {
  std::vector<int> order, placed;
  for (int b = 0; b < static_cast<int>(t_.memory.size()); ++b) {
    const Buffer& buffer = t_.memory[static_cast<std::size_t>(b)];
    if (buffer.first < 0) continue;
    unplanned_ += buffer.bytes;
    if (buffer.place == b) order.push_back(b);
  }
  const auto at = [&](int b) -> Buffer& { return t_.memory[static_cast<std::size_t>(b)]; };
  heap_sort(order.data(), order.size(), [&](int a, int b) {
    return at(a).bytes != at(b).bytes ? at(a).bytes > at(b).bytes : a < b;
  });
  const auto room = [](const Buffer& b) { return (b.bytes + kAlignment) / kAlignment * kAlignment; };
  for (const int b : order) {
    Buffer& mine = at(b);
    std::size_t next = 0;  // where in `placed`, which is ordered by offset
    for (std::size_t i = 0; i < placed.size(); ++i) {
      const Buffer& p = at(placed[i]);
      if (p.last < mine.first || mine.last < p.first) continue;
      if (p.offset >= mine.offset + room(mine)) break;
      mine.offset = std::max(mine.offset, p.offset + room(p));
    }
    while (next < placed.size() && at(placed[next]).offset < mine.offset) ++next;
    placed.insert(placed.begin() + static_cast<std::ptrdiff_t>(next), b);
    planned_ = std::max(planned_, mine.offset + room(mine));
  }

  arena_ = make_ref<Storage>(planned_);
  for (Buffer& b : t_.memory) b.written = false;
  for (const Step& s : t_.steps) {
    for (int v = 0; v < s.views; ++v) {
      Buffer* b = buffer(s, v);
      if (b == nullptr) continue;
      if (b->kept && t_.writes(s, v) && !b->written) {
        b->written = true;
        changed_.push_back(static_cast<int>(b - t_.memory.data()));
      }
      move_to(s, v, b->kept ? static_cast<std::byte*>(b->kept->data())
                            : static_cast<std::byte*>(arena_->data()) + at(b->place).offset);
    }
  }
}

}  // namespace fluxion
