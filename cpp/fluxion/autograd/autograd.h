#pragma once
// Reverse-mode differentiation over the recorded tape.

#include <vector>

#include "fluxion/autograd/node.h"

namespace fluxion {

// The few tensor operations the engine needs; handed in by the ops floor, so that gradients of gradients
// are recorded by the same ops that users call.
struct Arithmetic {
  Tensor (*add)(const Tensor& a, const Tensor& b);
  void (*add_to)(const Tensor& into, const Tensor& value);  // in place, unrecorded
  Tensor (*fit)(const Tensor& g, const Shape& shape, DType dtype);  // sums broadcast dimensions, converts
  Tensor (*clone)(const Tensor& t);  // contiguous
  Tensor (*ones_like)(const Tensor& t);
  std::int64_t (*first_not_finite)(const Tensor& t);  // row-major place of the first NaN or infinity; −1 when none
  void (*renew_view)(const Tensor& view, const Tensor& base);  // records `view` as what it shows of `base`
};
void set_arithmetic(const Arithmetic& a);
const Arithmetic& arithmetic();

// Leaves only; FluxionError on a computed tensor, DTypeError on integer types.
void set_requires_grad(const Tensor& t, bool value);
bool is_leaf(const Tensor& t);
Tensor grad_of(const Tensor& t);  // undefined when there is none
void set_grad(const Tensor& t, Tensor grad);
// Keeps the gradient of a computed tensor in its .grad.
void retain_grad(const Tensor& t);

// Runs when t's gradient is complete, before it is used. Returns an id for remove_hook.
std::int64_t register_hook(const Tensor& t, GradHook hook);
void remove_hook(const Tensor& t, std::int64_t id);

struct BackwardOptions {
  bool retain_graph = false;
  bool create_graph = false;  // implies retain_graph
};

// Adds d root / d leaf to the .grad of every leaf that requires it. A root that is not a scalar needs `grad`
// of its shape. The graph is freed as it is walked, unless retained; a second call on it is refused.
void backward(const Tensor& root, const Tensor& grad = {}, BackwardOptions options = {});

// d outputs / d inputs, without touching any .grad. An input that outputs do not depend on gives an undefined
// tensor when allow_unused, FluxionError otherwise.
std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                         const std::vector<Tensor>& grad_outputs = {}, BackwardOptions options = {},
                         bool allow_unused = false);

// A backward pass that can be taken node by node. Also the engine behind backward() and grad().
class BackwardPass {
 public:
  BackwardPass(const std::vector<Tensor>& roots, const std::vector<Tensor>& grads, BackwardOptions options);
  // The same, but gradients go to `captured` instead of leaves' .grad.
  BackwardPass(const std::vector<Tensor>& roots, const std::vector<Tensor>& grads, BackwardOptions options,
               const std::vector<Tensor>& captured);
  ~BackwardPass();
  BackwardPass(const BackwardPass&) = delete;
  BackwardPass& operator=(const BackwardPass&) = delete;

  // Runs the next node that has a gradient; false when there is none left.
  bool step();
  void run() {
    while (step()) {
    }
  }
  // The node that step() would run; null at the end.
  Node* next();
  // The gradient gathered so far for a node of this pass; undefined when none.
  Tensor pending(const Node* node) const;
  const std::vector<Tensor>& captures() const { return captures_; }

 private:
  explicit BackwardPass(BackwardOptions options);
  void collect(const std::vector<Tensor>& roots);
  void seed(const std::vector<Tensor>& roots, const std::vector<Tensor>& grads);
  void stamp();
  void add_pending(Node& node, Tensor g);

  BackwardOptions options_;
  bool capturing_ = false;
  std::vector<Ref<Node>> order_;  // by descending sequence: every node before its inputs
  std::vector<Tensor> pending_;
  std::vector<char> wanted_;
  std::vector<std::pair<const Node*, std::size_t>> capture_at_;
  std::vector<Tensor> captures_;
  std::size_t position_ = 0;
  BackwardPass* outer_ = nullptr;
};

// The node whose gradient is being computed, or handed on; null outside backward passes.
const Node* running_node();

namespace detail {
void accumulate_grad(const Tensor& leaf, const Tensor& g, bool create_graph);
void keep_grad(const Tensor& leaf, const Tensor& grad);
}

}  // namespace fluxion
