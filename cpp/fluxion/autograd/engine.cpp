#include <algorithm>

#include "fluxion/autograd/anomaly.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/core/recorder.h"

namespace fluxion {
namespace {

Arithmetic g_arithmetic{};
BackwardPass* g_running = nullptr;
std::int64_t g_next_hook = 1;
const Node* g_node = nullptr;

// A hook may run a pass of its own inside a node.
struct RunningNode {
  explicit RunningNode(const Node* node) : before(std::exchange(g_node, node)) {}
  ~RunningNode() { g_node = before; }
  const Node* before;
};

Tensor run_hooks(const std::vector<HookEntry>& hooks, Tensor g) {
  refuse_recording("a tensor has a hook");
  const std::vector<HookEntry> now = hooks;  // a hook may remove itself
  for (const HookEntry& h : now) {
    Tensor replaced = h.hook(g);
    if (!replaced.defined()) continue;
    if (!(replaced.shape() == g.shape()))
      throw ShapeError(
          str("hook: returned a gradient of shape ", replaced.shape(), " in the place of one of ", g.shape()));
    g = std::move(replaced);
  }
  return g;
}

}  // namespace

const Node* running_node() { return g_node; }

void set_arithmetic(const Arithmetic& a) { g_arithmetic = a; }
const Arithmetic& arithmetic() { return g_arithmetic; }

void set_requires_grad(const Tensor& t, bool value) {
  if (value && !is_floating(t.dtype()))
    throw DTypeError(str("requiresGrad: only float tensors have gradients, this one is ", t.dtype()));
  detail::catch_up(t);
  const AutogradMeta* m = meta_of(t);
  if (m != nullptr && m->grad_fn) {
    if (value) return;
    throw FluxionError("requiresGrad: can be switched off on leaf tensors only; use detach() for a result");
  }
  if (value) t.impl()->base = nullptr;  // a leaf's history is its own
  if (value || m != nullptr) ensure_meta(t).requires_grad = value;
  changed();
}

bool is_leaf(const Tensor& t) {
  detail::catch_up(t);
  const AutogradMeta* m = meta_of(t);
  return m == nullptr || !m->grad_fn;
}

Tensor grad_of(const Tensor& t) {
  const AutogradMeta* m = meta_of(t);
  return m == nullptr ? Tensor() : m->grad;
}

void set_grad(const Tensor& t, Tensor grad) {
  if (grad.defined()) {
    if (!(grad.shape() == t.shape()))
      throw ShapeError(str("grad: a gradient of shape ", grad.shape(), " does not fit a tensor of ", t.shape()));
    if (grad.dtype() != t.dtype())
      throw DTypeError(str("grad: a gradient of ", grad.dtype(), " does not fit a tensor of ", t.dtype()));
  } else if (meta_of(t) == nullptr) {
    return;
  }
  detail::keep_grad(t, grad);
}

// Gradients come and go beside the kernels' calls. A recording that begins with a leaf's gradient as it finds it holds
// only while it finds the same one.
void detail::keep_grad(const Tensor& leaf, const Tensor& grad) {
  ensure_meta(leaf).grad = grad;
  if (Recorder* r = recorder()) [[unlikely]] {
    r->is_first(leaf.impl());
    r->repeat([leaf, grad] { meta_of(leaf)->grad = grad; }, leaf.impl());
  }
}

namespace {
void guard_grad(const Tensor& leaf) {
  Recorder* r = recorder();
  if (r == nullptr || !r->is_first(leaf.impl())) return;
  r->guard([leaf, found = grad_of(leaf)] {
    const Tensor now = grad_of(leaf);
    return found.defined() ? now.same_as(found) : !now.defined();
  }, true);
}
}  // namespace

void retain_grad(const Tensor& t) {
  if (!requires_grad(t)) throw FluxionError("retainGrad: the tensor does not require a gradient");
  AutogradMeta& m = ensure_meta(t);
  if (m.grad_fn) m.grad_fn->retain_grad = true;
}

std::int64_t register_hook(const Tensor& t, GradHook hook) {
  if (!requires_grad(t)) throw FluxionError("registerHook: the tensor does not require a gradient");
  AutogradMeta& m = ensure_meta(t);
  auto& hooks = m.grad_fn ? m.grad_fn->hooks : m.hooks;
  refuse_recording("a hook was registered");
  hooks.push_back({g_next_hook, std::move(hook)});
  changed();
  return g_next_hook++;
}

void remove_hook(const Tensor& t, std::int64_t id) {
  AutogradMeta* m = meta_of(t);
  if (m == nullptr) return;
  auto& hooks = m->grad_fn ? m->grad_fn->hooks : m->hooks;
  std::erase_if(hooks, [id](const HookEntry& h) { return h.id == id; });
  changed();
}

void detail::accumulate_grad(const Tensor& leaf, const Tensor& g, bool create_graph) {
  guard_grad(leaf);
  AutogradMeta& m = ensure_meta(leaf);
  const Tensor hooked = m.hooks.empty() ? g : run_hooks(m.hooks, g);
  if (!m.grad.defined()) {
    // Keep a private contiguous copy, unless nobody else can see this one. (One handle is ours, one the
    // engine's context.)
    const bool ours = hooked.is_contiguous() && hooked.ref()->use_count() <= 2 && hooked.storage().use_count() == 1 &&
                      hooked.storage().bytes() == static_cast<std::size_t>(hooked.numel()) * size_of(hooked.dtype());
    keep_grad(leaf, create_graph ? hooked : ours ? hooked.detach() : g_arithmetic.clone(hooked.detach()));
  } else if (create_graph || requires_grad(m.grad)) {
    keep_grad(leaf, g_arithmetic.add(m.grad, hooked));
  } else {
    g_arithmetic.add_to(m.grad, hooked);
  }
}

BackwardPass::BackwardPass(BackwardOptions options) : options_(options), outer_(g_running) {
  options_.retain_graph = options.retain_graph || options.create_graph;
  if (outer_ != nullptr)
    for (const Ref<Node>& node : outer_->order_) node->slot = -1;
  g_running = this;
}

// Both constructors delegate, so that a refusal half-way still runs the destructor.
BackwardPass::BackwardPass(const std::vector<Tensor>& roots, const std::vector<Tensor>& grads, BackwardOptions options)
    : BackwardPass(options) {
  collect(roots);
  wanted_.assign(order_.size(), 1);
  seed(roots, grads);
}

BackwardPass::BackwardPass(const std::vector<Tensor>& roots, const std::vector<Tensor>& grads, BackwardOptions options,
                           const std::vector<Tensor>& captured)
    : BackwardPass(options) {
  capturing_ = true;
  std::vector<Ref<Node>> targets;
  for (const Tensor& t : captured) {
    targets.push_back(gradient_edge(t));
    if (!targets.back()) throw FluxionError("grad: an input does not require a gradient");
  }
  collect(roots);
  captures_.resize(captured.size());
  wanted_.assign(order_.size(), 0);
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const Node* node = targets[i].get();
    const bool in_pass = node->slot >= 0 && node->slot < static_cast<std::int32_t>(order_.size()) &&
                         order_[static_cast<std::size_t>(node->slot)].get() == node;
    if (!in_pass) continue;
    capture_at_.emplace_back(node, i);
    wanted_[static_cast<std::size_t>(node->slot)] = 1;
  }
  // Only nodes on a path to a captured one need to run; inputs have higher positions than their users.
  for (std::size_t i = order_.size(); i-- > 0;)
    for (const Ref<Node>& input : order_[i]->inputs)
      if (input && wanted_[static_cast<std::size_t>(input->slot)]) wanted_[i] = 1;
  seed(roots, grads);
}

BackwardPass::~BackwardPass() {
  for (const Ref<Node>& node : order_) node->slot = -1;
  if (g_running == this) g_running = outer_;
  // A pass inside another's hook may have walked the same nodes.
  if (outer_ != nullptr) outer_->stamp();
}

void BackwardPass::collect(const std::vector<Tensor>& roots) {
  std::vector<Node*> stack;
  constexpr std::int32_t kSeen = -2;
  const auto visit = [&](const Ref<Node>& node) {
    if (!node || node->slot == kSeen) return;
    node->slot = kSeen;
    order_.push_back(node);
    stack.push_back(node.get());
  };
  for (const Tensor& root : roots) visit(gradient_edge(root));
  while (!stack.empty()) {
    Node* node = stack.back();
    stack.pop_back();
    for (const Ref<Node>& input : node->inputs) visit(input);
  }
  std::sort(order_.begin(), order_.end(),
            [](const Ref<Node>& a, const Ref<Node>& b) { return a->sequence > b->sequence; });
  stamp();
  pending_.resize(order_.size());
  for (const Ref<Node>& node : order_)
    if (node->released)
      throw FluxionError(str("backward: the graph behind '", node->op,
                             "' was freed by an earlier backward; pass retainGraph: true to that one to keep it"));
}

void BackwardPass::stamp() {
  for (std::size_t i = 0; i < order_.size(); ++i) order_[i]->slot = static_cast<std::int32_t>(i);
}

void BackwardPass::seed(const std::vector<Tensor>& roots, const std::vector<Tensor>& grads) {
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const Tensor& root = roots[i];
    Tensor g = i < grads.size() ? grads[i] : Tensor();
    const Ref<Node> edge = gradient_edge(root);
    if (!edge)
      throw FluxionError("backward: the tensor does not require a gradient and was not computed from one that does");
    if (!g.defined()) {
      if (root.numel() != 1)
        throw ShapeError(
            str("backward: a gradient must be given for a result that is not a scalar, this one is ", root.shape()));
      const NoGrad off;
      g = g_arithmetic.ones_like(root);
    } else if (!(g.shape() == root.shape())) {
      throw ShapeError(str("backward: the gradient's shape ", g.shape(), " is not the result's ", root.shape()));
    }
    add_pending(*edge, g);
  }
}

void BackwardPass::add_pending(Node& node, Tensor g) {
  if (!(g.shape() == node.shape) || g.dtype() != node.dtype) g = g_arithmetic.fit(g, node.shape, node.dtype);
  Tensor& sum = pending_[static_cast<std::size_t>(node.slot)];
  if (!sum.defined()) {
    sum = std::move(g);
  } else if (!options_.create_graph && sum.is_sole_owner() && sum.is_contiguous()) {
    g_arithmetic.add_to(sum, g);
  } else {
    sum = g_arithmetic.add(sum, g);
  }
}

Node* BackwardPass::next() {
  while (position_ < order_.size() && (!pending_[position_].defined() || !wanted_[position_])) ++position_;
  return position_ < order_.size() ? order_[position_].get() : nullptr;
}

Tensor BackwardPass::pending(const Node* node) const {
  for (std::size_t i = 0; i < order_.size(); ++i)
    if (order_[i].get() == node) return pending_[i];
  return {};
}

bool BackwardPass::step() {
  if (next() == nullptr) return false;
  const GradMode mode(options_.create_graph);
  Node& node = *order_[position_];
  const RunningNode running(&node);
  Tensor g = std::move(pending_[position_]);
  ++position_;
  if (!node.hooks.empty()) g = run_hooks(node.hooks, std::move(g));
  if (node.retain_grad && node.output != nullptr) {
    const Tensor result{Ref<TensorImpl>(node.output)};
    ensure_meta(result).grad = options_.create_graph ? g : g.detach();
  }
  for (const auto& [target, index] : capture_at_)
    if (target == &node) captures_[index] = g;

  const bool is_sink = node.sequence == 0;
  if (is_sink && capturing_) return true;
  std::vector<Tensor> grads(node.inputs.size());
  {
    Backward ctx(node, std::move(g), options_.create_graph, grads, pending_);
    node.backward(ctx);
    if (detail::g_detecting) [[unlikely]] detail::check_backward(node, ctx.grad(), grads);
  }
  const SmallVec<Ref<Node>, 2> inputs = node.inputs;
  if (!options_.retain_graph) {
    if (detail::g_detecting) [[unlikely]] detail::forget_place(node);
    node.release();
  }
  for (int i = 0; i < inputs.ssize(); ++i) {
    Tensor& give = grads[static_cast<std::size_t>(i)];
    if (inputs[i] && give.defined() && wanted_[static_cast<std::size_t>(inputs[i]->slot)])
      add_pending(*inputs[i], std::move(give));
  }
  return true;
}

void backward(const Tensor& root, const Tensor& grad, BackwardOptions options) {
  BackwardPass pass({root}, {grad}, options);
  pass.run();
}

std::vector<Tensor> grad(const std::vector<Tensor>& outputs, const std::vector<Tensor>& inputs,
                         const std::vector<Tensor>& grad_outputs, BackwardOptions options, bool allow_unused) {
  BackwardPass pass(outputs, grad_outputs, options, inputs);
  pass.run();
  std::vector<Tensor> result = pass.captures();
  if (!allow_unused)
    for (std::size_t i = 0; i < result.size(); ++i)
      if (!result[i].defined())
        throw FluxionError(
            str("grad: the outputs do not depend on input ", i, "; pass allowUnused: true to get null for it"));
  return result;
}

}  // namespace fluxion
