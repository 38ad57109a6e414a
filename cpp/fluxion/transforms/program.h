#pragma once
// A computation as it was recorded: calls of primitives on buffers that were laid out ahead, and between them what only
// the host can do (an optimizer's step, a gradient's coming and going). Replaying it is one loop.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "fluxion/core/tensor.h"
#include "fluxion/kernels/kernels.h"

namespace fluxion {

// What a recording gathers, in the order of the computation.
struct Step {
  kernels::Prim prim = kernels::Prim::Count;  // Count: a check of values, or an action
  kernels::Entry check = nullptr;
  std::function<void()> action = {};
  std::vector<int> buffers = {};          // of each view; -1 where it is absent or no tensor's
  std::vector<kernels::View> views = {};  // data: the address while it was recorded; shape and strides: own copies
  std::vector<std::byte> params = {};
};

// Whether a step writes through a view.
bool writes(const Step& step, std::size_t view);

// A block of memory that a recording saw.
struct Buffer {
  std::byte* begin = nullptr;
  std::size_t bytes = 0;
  // What outlives the computation: what was there before, results, constants. Null for the rest, whose place is planned.
  Ref<Storage> kept = {};
};

class Program {
 public:
  Program(std::vector<Step> steps, std::vector<Buffer> buffers, std::vector<std::unique_ptr<Shape>> sizes);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void run() const;

  std::size_t call_count() const { return steps_.size(); }
  // Bytes that replays work in, and how many there would be without planning.
  std::size_t planned_bytes() const { return planned_; }
  std::size_t unplanned_bytes() const { return unplanned_; }

 private:
  void drop_unused();
  void fold_constants();
  void fuse_epilogues();
  void plan();

  std::vector<Step> steps_;
  std::vector<Buffer> buffers_;
  std::vector<std::unique_ptr<Shape>> sizes_;  // what the views' shapes and strides point to
  std::vector<Ref<Storage>> written_;          // kept buffers that a replay changes: they change their version
  Ref<Storage> arena_;
  std::size_t planned_ = 0, unplanned_ = 0;
};

}  // namespace fluxion
