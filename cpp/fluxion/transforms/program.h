#pragma once
// A computation as it was recorded: calls of primitives on buffers that were laid out ahead, and between them what only
// the host can do (an optimizer's step, a gradient's coming and going). Replaying it is one loop.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "fluxion/core/tensor.h"
#include "fluxion/kernels/chain.h"

namespace fluxion {

// A block of memory that a recording saw.
struct Buffer {
  std::byte* begin;
  std::size_t bytes;
  Storage* storage;             // null once it ended
  bool outside;                 // there before the recording, or none of its business
  bool constant = false;        // the host wrote its values
  bool used = false;            // by a recorded call
  bool written = false;
  Ref<Storage> kept = {};       // what outlives the computation; null for the rest, whose place is planned
  int first = -1, last = -1;    // the steps that it lives from and to
  int place = -1;               // the buffer whose place it takes, itself for most
  std::size_t offset = 0;       // of that place
};

// One step of it: a primitive's call, a check of values, or an action.
struct Step {
  kernels::Prim prim = kernels::Prim::Count;  // Count: no call
  kernels::Entry check = nullptr;
  int action = -1;
  int view = 0, views = 0;  // in the tape's lists
  int params = 0, params_size = 0;
  int chain = 1;  // so many steps from this one on run together, piece by piece
};

// What a recording gathers, in the order of the computation. Steps point into shared lists.
struct Tape {
  std::vector<Step> steps;
  std::vector<std::function<void()>> actions;
  std::vector<kernels::View> views;   // data: the address while it was recorded
  std::vector<int> buffers;           // of each view; -1 where it is absent or no tensor's
  std::vector<int> sizes_at;          // of each view: its shape in `sizes`, then its strides
  std::vector<std::int64_t> sizes;
  std::vector<double> params;         // as bytes
  std::vector<Buffer> memory;

  // Whether a step writes through its view number v.
  bool writes(const Step& step, int v) const;
};

class Program {
 public:
  explicit Program(Tape tape);
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void run() const;

  std::size_t call_count() const { return t_.steps.size(); }
  // Bytes that replays work in, and how many there would be without planning.
  std::size_t planned_bytes() const { return planned_; }
  std::size_t unplanned_bytes() const { return unplanned_; }

 private:
  Buffer* buffer(const Step& step, int v);
  // The buffer when it is one to be planned.
  Buffer* planned(const Step& step, int v);
  kernels::View& view(const Step& step, int v) { return t_.views[static_cast<std::size_t>(step.view + v)]; }
  void* params(const Step& step) { return &t_.params[static_cast<std::size_t>(step.params)]; }
  bool is_whole(const Step& step, int v);
  void run_call(const Step& step) const;
  void move_to(const Step& step, int v, std::byte* base);

  void drop_unused();
  void fold_constants();
  void fuse_epilogues();
  void find_chains();
  bool joins(std::size_t begin, std::size_t at);
  void keep_inside(std::size_t begin, std::size_t end);
  bool fuse(Step& product, const Step& activation);
  void plan_lives();
  void plan_places();

  Tape t_;
  std::vector<std::int8_t> slots_;            // of each view: its buffer within a chain, or −1
  std::vector<kernels::ChainCall> chained_;   // the steps of all chains; a step's `action` is the first of its chain
  Ref<Storage> arena_;
  std::vector<int> changed_;  // kept buffers that a replay writes: they get another version
  std::size_t planned_ = 0, unplanned_ = 0;
};

}  // namespace fluxion
