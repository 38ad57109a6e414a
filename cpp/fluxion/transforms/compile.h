#pragma once
// A step (forward, loss, backward, optimizer, schedule) is run once as it is and recorded; from then on it is replayed
// in one go, in memory laid out ahead, with the same numbers. There is one recording for each set of shapes and types
// of the arguments, and a new one when something that it relied on has changed: a mode, a hook, what requires a
// gradient.
//
//   const Ref<Compiled> step = make_ref<Compiled>([&](const std::vector<Tensor>& in) -> std::vector<Tensor> {
//     optimizer->zero_grad();
//     const Tensor loss = mse_loss((*model)(in[0]), in[1]);
//     backward(loss);
//     optimizer->step();
//     return {loss};
//   });
//   (*step)({x, y})[0].item();
//
// What is read on the way (item, toArray) or comes from outside (values made by the host, hooks, optimizers' options)
// cannot be replayed. Such a step runs as it is every time, and `refusal()` says why.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fluxion/core/recorder.h"
#include "fluxion/transforms/program.h"

namespace fluxion {

class Compiled : public RefCounted<Compiled> {
 public:
  // From arguments to results; it may be called with tensors of its own in the arguments' place.
  using Function = std::function<std::vector<Tensor>(const std::vector<Tensor>&)>;

  explicit Compiled(Function step);
  ~Compiled();

  // `key` stands for whatever else the step depends on: another key is another recording. Results are the caller's own,
  // without gradient history.
  std::vector<Tensor> operator()(const std::vector<Tensor>& args, double key = 0);
  // The same, but results are good until the next call only, and are not copied.
  const std::vector<Tensor>& borrow(const std::vector<Tensor>& args, double key = 0);

  // Off: the step runs as it is.
  void set_enabled(bool enabled) { enabled_ = enabled; }
  // Forgets all recordings.
  void reset();

  // Why the last call was not replayed and no later one like it will be; empty when nothing stands in the way.
  const std::string& refusal() const { return refusal_; }
  std::int64_t recordings() const { return recordings_; }
  std::int64_t replays() const { return replays_; }
  // The number of the recording that the last call made or replayed; −1 when it ran as it is.
  int recording() const;
  // Of that recording; null when there is none.
  const Program* program() const;

 private:
  struct Variant;

  bool may_replay() const;
  // The variant whose results are then there; null when the step has to run.
  Variant* replay(const std::vector<Tensor>& args, double key);
  std::vector<Tensor> run(const std::vector<Tensor>& args, double key);
  Variant* find(const std::vector<Tensor>& args, double key);
  std::vector<Tensor> record(const std::vector<Tensor>& args, double key);

  Function step_;
  bool enabled_ = true;
  std::vector<std::unique_ptr<Variant>> variants_;
  Variant* last_ = nullptr;
  std::vector<Tensor> borrowed_;
  std::string refusal_;
  std::int64_t recordings_ = 0, replays_ = 0;
};

}  // namespace fluxion
