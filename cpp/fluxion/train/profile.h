#pragma once
// What each primitive called while a program ran cost: time, arithmetic, memory traffic, and the op that asked for it.

#include <cstdint>
#include <span>
#include <string>
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
    int op;             // in ops(): "linear", "linearBackward"; 0 is "", for what no recorded op asked for
    kernels::Prim prim;
    int kind;           // of kernels::Unary, Binary, Reduce, ArgReduce, Scan or RandomKind; 0 elsewhere
    std::int64_t sizes[4];  // products: batch, m, k, n; convolutions: N, C, O, P·Q; attention: B·H, T, S, D; else 0
    double calls = 0, self = 0;
    double total = 0;   // with the time since the call before: checks, allocation, recording, the program's own work
    Cost cost = {};
  };
  struct Event {
    int row, op_call;  // calls of one run of an op share their op_call
    double start, end;
  };
  // Rows go on beyond it.
  static constexpr std::size_t kMaxEvents = 100'000;

  Profiler() = default;
  ~Profiler() override;
  Profiler(const Profiler&) = delete;
  Profiler& operator=(const Profiler&) = delete;

  // FluxionError when this or another profiler runs.
  void start();
  void stop();

  double time() const { return time_; }
  const std::vector<std::string>& ops() const { return ops_; }
  const std::vector<Row>& rows() const { return rows_; }
  const std::vector<Event>& events() const { return events_; }

  void on_call(kernels::Prim prim, const kernels::View* views, int view_count, const void* params,
               std::size_t params_size) override;
  void after_call() override;

 private:
  struct Call {
    Row row;
    const void* result;
    double start, end;
  };
  static void op_done(const char* op, const Tensor& out, std::span<const Tensor* const> inputs);
  void settle(const char* op, bool gradient = false) { settle(op, gradient, waiting_.size()); }
  void settle(const char* op, bool gradient, std::size_t count);
  double now() const;

  double began_ = 0, time_ = 0, last_end_ = 0;
  int op_calls_ = 0;
  const void* node_ = nullptr;   // whose gradient the waiting calls compute
  const char* node_op_ = "";
  bool recording_ = true;
  std::vector<Call> waiting_;    // until it is known which op they are part of
  std::vector<std::string> ops_ = {""};
  std::vector<Row> rows_;
  std::vector<Event> events_;
  kernels::Observer* before_ = nullptr;
};

}  // namespace fluxion::train
