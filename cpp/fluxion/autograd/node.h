#pragma once
// One recorded operation of the dynamic tape. Nodes point at the nodes of their inputs; nothing points
// forward, so dropping the last result drops the graph. Graphs may be very deep: they are freed by a loop,
// never by recursion.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "fluxion/core/free_list.h"
#include "fluxion/core/tensor.h"

namespace fluxion {

class Backward;
class Node;

// Called with a gradient; what it returns replaces the gradient, an undefined tensor leaves it.
using GradHook = std::function<Tensor(const Tensor&)>;

struct HookEntry {
  std::int64_t id;
  GradHook hook;
};

class Node {
 public:
  Node(const char* op_name, const Tensor& out);
  virtual ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  // Computes the inputs' gradients from the result's, through ctx.give().
  virtual void backward(Backward& ctx) = 0;
  // Drops the saved values and the edges; the node cannot run again.
  virtual void release();

  void ref() { ++count_; }
  void unref();

  const char* op;
  std::uint64_t sequence;              // later nodes have higher numbers: a topological order for free
  SmallVec<Ref<Node>, 2> inputs;       // null where an input needs no gradient
  Shape shape;                         // of the result; gradients are brought to it
  DType dtype;
  TensorImpl* output = nullptr;        // the result while somebody holds it (not owned)
  Tensor kept_value;                   // the result, when graph values are kept
  std::vector<HookEntry> hooks;
  bool retain_grad = false;
  bool released = false;
  std::int32_t slot = -1;              // position in the running backward pass

 private:
  int count_ = 0;
};

struct AutogradMeta : TensorMeta {
  explicit AutogradMeta(const TensorImpl* tensor) : owner(tensor) {}
  ~AutogradMeta() override;
  const TensorImpl* owner;
  bool requires_grad = false;  // set by the user, on leaves
  Tensor grad;
  Ref<Node> grad_fn;            // null on leaves
  Node* accumulator = nullptr;  // a leaf's gradient sink while some graph holds it (not owned)
  std::vector<HookEntry> hooks;
};

AutogradMeta* meta_of(const Tensor& t);           // null when there is none
AutogradMeta& ensure_meta(const Tensor& t);
// The node that receives t's gradient: its own, or a leaf's sink; null when t needs no gradient.
Ref<Node> gradient_edge(const Tensor& t);

// Makes `out`, which shares x's memory, follow what in-place ops do to x. Without recording, it only remembers that it
// does not.
void follow(const Tensor& out, const Tensor& x);

// A tensor kept for the backward formula. get() fails when the values were changed in place meanwhile.
class Saved {
 public:
  Saved() = default;
  explicit Saved(const Tensor& t);
  // Saves an op's own result, without a cycle through its node.
  static Saved result(const Tensor& out) {
    Saved s(out.detach());
    s.is_result_ = true;
    return s;
  }
  Tensor get(const Backward& ctx) const;
  bool defined() const { return tensor_.defined(); }

 private:
  Tensor tensor_;
  std::uint32_t version_ = 0;
  bool is_result_ = false;
};

// What a backward formula sees.
class Backward {
 public:
  // `sums` holds what has come together so far for each node of the pass, by slot.
  Backward(Node& node, Tensor grad, bool create_graph, std::span<Tensor> out, std::span<Tensor> sums = {})
      : node_(node), grad_(std::move(grad)), create_graph_(create_graph), out_(out), sums_(sums) {}

  const Tensor& grad() const { return grad_; }
  // Whether input i wants a gradient at all.
  bool needs(int i) const { return static_cast<bool>(node_.inputs[i]); }
  // Gradient of input i. Broadcast dimensions and dtype are reduced to the input's by the engine.
  // A gradient that its input does not broadcast to is an error that names the op.
  void give(int i, Tensor g);
  // What has come together so far for input i, to be added to in place; null when there is none that is nobody else's.
  // The parts of a tensor add into it without a zero-filled whole for each.
  const Tensor* sum_of(int i) const;
  // True when this gradient must itself be differentiable: then formulas use ops, not fused kernels.
  bool create_graph() const { return create_graph_; }
  Node& node() const { return node_; }

 private:
  Node& node_;
  Tensor grad_;
  bool create_graph_;
  std::span<Tensor> out_, sums_;
};

bool grad_enabled();

// Switches recording off (or on) for a scope.
class GradMode {
 public:
  explicit GradMode(bool enabled);
  ~GradMode();
  GradMode(const GradMode&) = delete;
  GradMode& operator=(const GradMode&) = delete;

 private:
  bool before_;
};
struct NoGrad : GradMode {
  NoGrad() : GradMode(false) {}
};

// While set, every node keeps its result for graph(): more memory, for lessons and debugging.
void set_keep_graph_values(bool keep);

// Live nodes, for tests that nothing leaks.
std::int64_t live_nodes();

bool requires_grad(const Tensor& t);

namespace detail {

template <class F>
class FnNode final : public Node {
 public:
  FnNode(const char* op_name, const Tensor& out, F f) : Node(op_name, out), f_(std::move(f)) {}
  void backward(Backward& ctx) override { (*f_)(ctx); }
  void release() override {
    f_.reset();
    Node::release();
  }

 private:
  std::optional<F> f_;
};

void attach(const Tensor& out, Ref<Node> node);
void renew(const Tensor& view);
// A view of a tensor that an in-place op gave another history takes its own from there.
inline void catch_up(const Tensor& t) {
  const TensorImpl* impl = t.impl();
  if (impl->base && impl->base->history != impl->history) [[unlikely]] renew(t);
}

}  // namespace detail

// Whether an op on these inputs has to be recorded.
template <class... T>
bool wants_grad(const T&... inputs) {
  return grad_enabled() && (... || (inputs.defined() && requires_grad(inputs)));
}

namespace detail {
// Hears of each op that is recorded, when its result is there; null for nobody.
extern void (*g_op_listener)(const char* op, const Tensor& out, std::span<const Tensor* const> inputs);
// Whether op(inputs) → out goes on the tape: recording is on, the result is a float and an input requires a gradient.
bool is_recorded(const char* op, const Tensor& out, std::span<const Tensor* const> inputs);
// Ties a new node to its inputs and its result.
void link(const Tensor& out, Ref<Node> node, std::span<const Tensor* const> inputs);
}  // namespace detail

// Makes `out` the result of op(inputs) on the tape, with `backward(Backward&)` as its gradient formula.
// Returns out unchanged when recording is off or no input requires a gradient. Integer results record nothing.
template <class F>
Tensor record(const char* op, Tensor out, std::span<const Tensor* const> inputs, F&& backward) {
  if (!detail::is_recorded(op, out, inputs)) return out;
  detail::link(out, Ref<Node>(new detail::FnNode<std::decay_t<F>>(op, out, std::forward<F>(backward))), inputs);
  return out;
}

template <class F>
Tensor record(const char* op, Tensor out, std::initializer_list<const Tensor*> inputs, F&& backward) {
  return record(op, std::move(out), std::span(inputs.begin(), inputs.size()), std::forward<F>(backward));
}

template <class F>
Tensor record(const char* op, Tensor out, const std::vector<Tensor>& inputs, F&& backward) {
  std::vector<const Tensor*> list;
  for (const Tensor& t : inputs) list.push_back(&t);
  return record(op, std::move(out), std::span<const Tensor* const>(list), std::forward<F>(backward));
}

}  // namespace fluxion
