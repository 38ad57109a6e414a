#pragma once
// What each primitive called while a program ran cost: time, arithmetic, memory traffic, and the op that asked for it.

#include <cstdint>
#include <span>
#include <vector>

#include "fluxion/core/tensor.h"
#include "fluxion/kernels/kernels.h"

namespace fluxion::train {

// The work of one call. A multiply-add is 2 FLOP; a function such as exp counts as one. Bytes are those of the memory
// that each operand covers, what is updated in place counted twice; what a cache saves is not known here.
struct Cost {
  double flop = 0, bytes = 0;
};
Cost cost_of(kernels::Prim prim, const kernels::View* views, int view_count, const void* params);

// Sees every primitive from start() to stop(). Times are milliseconds since start().
class Profiler final : public kernels::Observer {
 public:
  // Calls of one op, primitive, kind and, for products, sizes.
  struct Row {
    const char* op;     // "linear"; "" for what no recorded op asked for
    bool gradient;      // of the op: the call is part of its backward
    kernels::Prim prim;
    int kind;           // of kernels::Unary, Binary, Reduce, ArgReduce, Scan or RandomKind; 0 elsewhere
    std::int64_t sizes[4];  // products: batch, m, k, n; convolutions: N, C, O, P·Q; attention: B·H, T, S, D; else 0
    double calls, self;
    double total;       // with the time since the call before: checks, allocation, recording, the program's own work
    Cost cost;
    // Of the last call: where its result is, when it ran.
    const void* result;
    double start, end;
  };
  // Rows go on beyond so many calls.
  static constexpr std::size_t kMaxEvents = 100'000;

  Profiler() = default;
  ~Profiler() override;
  Profiler(const Profiler&) = delete;
  Profiler& operator=(const Profiler&) = delete;

  // FluxionError when this or another profiler runs.
  void start();
  void stop();

  double time() const { return time_; }
  const std::vector<Row>& rows() const { return rows_; }
  // Four numbers a call: row, run of its op, start, end.
  const std::vector<double>& events() const { return events_; }

  void on_call(kernels::Prim prim, const kernels::View* views, int view_count, const void* params,
               std::size_t params_size) override;
  void after_call() override;

 private:
  static void op_done(const char* op, const Tensor& out, std::span<const Tensor* const> inputs);
  // The calls that wait were the op's, but for the first few, which were nobody's.
  void settle(const char* op, bool gradient, std::size_t nobodys = 0);
  double now() const;

  double began_ = 0, time_ = 0, last_end_ = 0;
  int op_calls_ = 0;
  const void* node_ = nullptr;   // whose gradient the waiting calls compute
  const char* node_op_ = "";
  bool recording_ = true;
  std::vector<Row> waiting_;     // of one call each, until it is known which op they are part of
  std::vector<Row> rows_;
  std::vector<double> events_;
  kernels::Observer* before_ = nullptr;
};

}  // namespace fluxion::train
