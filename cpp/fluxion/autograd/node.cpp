#include "fluxion/autograd/node.h"

#include "fluxion/autograd/anomaly.h"
#include "fluxion/autograd/autograd.h"
#include "fluxion/core/recorder.h"

namespace fluxion {
namespace {

bool g_grad_enabled = true;
bool g_keep_values = false;
std::uint64_t g_sequence = 0;
std::int64_t g_live_nodes = 0;

// Nodes whose count fell to zero while another was being destroyed wait here.
std::vector<Node*> g_dying;
bool g_draining = false;

// A leaf's end of the tape: adds the gradient to the tensor's .grad.
class LeafNode final : public Node {
 public:
  explicit LeafNode(const Tensor& leaf) : Node("leaf", leaf), leaf_(leaf.ref()) {
    sequence = 0;  // after every recorded op
    output = leaf_.get();
  }
  ~LeafNode() override {
    if (leaf_->meta) static_cast<AutogradMeta*>(leaf_->meta.get())->accumulator = nullptr;
  }
  void backward(Backward& ctx) override {
    const Tensor leaf(leaf_);
    detail::accumulate_grad(leaf, ctx.grad(), ctx.create_graph());
  }
  void release() override {}  // holds no saved values; may serve several graphs

 private:
  Ref<TensorImpl> leaf_;
};

}  // namespace

Node::Node(const char* op_name, const Tensor& out)
    : op(op_name), sequence(++g_sequence), shape(out.shape()), dtype(out.dtype()) {
  ++g_live_nodes;
}

Node::~Node() { --g_live_nodes; }

void Node::release() {
  inputs.clear();
  kept_value = Tensor();
  released = true;
}

void Node::unref() {
  if (--count_ > 0) return;
  g_dying.push_back(this);
  if (g_draining) return;
  g_draining = true;
  while (!g_dying.empty()) {
    Node* node = g_dying.back();
    g_dying.pop_back();
    delete node;
  }
  g_draining = false;
}

AutogradMeta::~AutogradMeta() {
  if (grad_fn && grad_fn->output == owner) grad_fn->output = nullptr;
}

AutogradMeta* meta_of(const Tensor& t) { return static_cast<AutogradMeta*>(t.impl()->meta.get()); }

AutogradMeta& ensure_meta(const Tensor& t) {
  if (!t.impl()->meta) t.impl()->meta = std::make_unique<AutogradMeta>(t.impl());
  return *meta_of(t);
}

void follow(const Tensor& out, const Tensor& x) {
  if (!grad_enabled()) {
    out.impl()->untracked = true;
    return;
  }
  const TensorImpl* of = x.impl();
  out.impl()->untracked = of->untracked;
  out.impl()->base = of->base ? of->base : x.ref();
  out.impl()->history = out.impl()->base->history;
}

void detail::renew(const Tensor& view) {
  view.impl()->history = view.impl()->base->history;
  arithmetic().renew_view(view, Tensor(view.impl()->base));
}

// A recording holds while the leaves that it found want gradients as they did, and have no hooks.
static void guard_leaf(Recorder& r, const Tensor& t) {
  if (!is_leaf(t) || !r.is_outside(t.storage())) return;
  if (!r.is_first(&t.impl()->layout)) return;  // the tensor itself is the key of its gradient: see guard_grad
  const AutogradMeta* meta = meta_of(t);
  r.guard(
      [leaf = t, wanted = meta != nullptr && meta->requires_grad, hooked = meta != nullptr && !meta->hooks.empty()] {
        const AutogradMeta* m = meta_of(leaf);
        if (m == nullptr) return !wanted;
        return m->requires_grad == wanted && !m->grad_fn && !m->hooks.empty() == hooked;
      },
      false);
}

bool requires_grad(const Tensor& t) {
  detail::catch_up(t);
  if (Recorder* r = recorder()) [[unlikely]] guard_leaf(*r, t);
  const AutogradMeta* m = meta_of(t);
  return m != nullptr && (m->requires_grad || m->grad_fn);
}

Ref<Node> gradient_edge(const Tensor& t) {
  detail::catch_up(t);
  AutogradMeta* m = meta_of(t);
  if (m == nullptr) return nullptr;
  if (m->grad_fn) return m->grad_fn;
  if (!m->requires_grad) return nullptr;
  if (m->accumulator != nullptr) return Ref<Node>(m->accumulator);
  Ref<Node> sink(new LeafNode(t));
  m->accumulator = sink.get();
  return sink;
}

void Backward::give(int i, Tensor g) {
  if (!needs(i)) return;
  const Shape& wanted = node_.inputs[i]->shape;
  if (g.defined() && !broadcasts_to(wanted, g.shape()))
    throw ShapeError(str(node_.op, ": backward gave a gradient of shape ", g.shape(), " for input ", i, " of shape ",
                         wanted));
  out_[static_cast<std::size_t>(i)] = std::move(g);
}

const Tensor* Backward::sum_of(int i) const {
  if (create_graph_ || sums_.empty() || !needs(i)) return nullptr;
  const Tensor& sum = sums_[static_cast<std::size_t>(node_.inputs[i]->slot)];
  return sum.defined() && sum.is_sole_owner() && sum.is_contiguous() ? &sum : nullptr;
}

Saved::Saved(const Tensor& t) : tensor_(t), version_(t.defined() ? t.storage().version() : 0) {
  if (!t.defined() || !t.impl()->base) return;
  // A base may later depend on what this node computes: the node must not hold it.
  tensor_ = t.detach();
  if (Ref<Node> edge = gradient_edge(t)) ensure_meta(tensor_).grad_fn = std::move(edge);
}

Tensor Saved::get(const Backward& ctx) const {
  if (!tensor_.defined()) return tensor_;
  if (tensor_.storage().version() != version_)
    throw FluxionError(str("backward: a value that ", ctx.node().op, " saved for its gradient, of shape ",
                           tensor_.shape(), ", was changed in place after it was used"));
  if (!is_result_ || !ctx.create_graph()) return tensor_;
  const Tensor alias = tensor_.detach();
  ensure_meta(alias).grad_fn = Ref<Node>(&ctx.node());
  return alias;
}

bool grad_enabled() { return g_grad_enabled; }

GradMode::GradMode(bool enabled) : before_(g_grad_enabled) { g_grad_enabled = enabled; }
GradMode::~GradMode() { g_grad_enabled = before_; }

void set_keep_graph_values(bool keep) { g_keep_values = keep; }

std::int64_t live_nodes() { return g_live_nodes; }

void (*detail::g_op_listener)(const char*, const Tensor&, std::span<const Tensor* const>) = nullptr;

bool detail::is_recorded(const char* op, const Tensor& out, std::span<const Tensor* const> inputs) {
  if (!g_grad_enabled || !is_floating(out.dtype())) return false;
  bool any = false;
  for (const Tensor* t : inputs) any = any || (t->defined() && requires_grad(*t));
  if (any && g_op_listener != nullptr) [[unlikely]] g_op_listener(op, out, inputs);
  if (any && g_detecting) [[unlikely]] check_forward(op, out, inputs, g_sequence + 1);
  return any;
}

void detail::link(const Tensor& out, Ref<Node> node, std::span<const Tensor* const> inputs) {
  for (const Tensor* t : inputs) node->inputs.push_back(t->defined() ? gradient_edge(*t) : Ref<Node>());
  attach(out, std::move(node));
}

void detail::attach(const Tensor& out, Ref<Node> node) {
  if (g_keep_values) node->kept_value = out.detach();
  node->output = out.impl();
  Ref<Node>& mine = ensure_meta(out).grad_fn;
  if (mine && mine->output == out.impl()) mine->output = nullptr;  // it was changed in place since
  mine = std::move(node);
}

}  // namespace fluxion
