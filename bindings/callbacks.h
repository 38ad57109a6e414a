#pragma once
// JavaScript functions of tensors as C++ functions. Handles given to JavaScript are its to release; the handle that it
// gives back is ours.

#include "bindings/boundary.h"
#include "bindings/objects.h"

namespace fluxion::bindings {

// The tensor on a handle that was handed over; undefined for 0.
inline Tensor taken(double handle) {
  if (handle == 0) return {};
  const Tensor t = tensor_at(static_cast<int>(handle));
  table<Tensor>().release(static_cast<int>(handle));
  return t;
}

struct UnaryCallback {
  explicit UnaryCallback(int id) : call(id) {}
  Tensor operator()(const Tensor& x) const { return taken(call(hand_out(x))); }
  Callback call;
};

struct BinaryCallback {
  explicit BinaryCallback(int id) : call(id) {}
  Tensor operator()(const Tensor& a, const Tensor& b) const {
    const int first = hand_out(a);
    return taken(call(first, hand_out(b)));
  }
  Callback call;
};

// Counts the backward passes under way: their hooks must not pull one from under another.
class RunningPass {
 public:
  RunningPass() { ++count_; }
  ~RunningPass() { --count_; }
  RunningPass(const RunningPass&) = delete;
  RunningPass& operator=(const RunningPass&) = delete;
  static int count() { return count_; }

 private:
  static inline int count_ = 0;
};

// A model is a C++ module, or a JavaScript function when `module` is 0.
inline std::function<Tensor(const Tensor&)> forward_of(int module, int callback) {
  if (module == 0) return UnaryCallback(callback);
  return [m = table<Ref<nn::Module>>().get(module)](const Tensor& x) { return (*m)(x); };
}

}  // namespace fluxion::bindings
