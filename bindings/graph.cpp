// The recorded graph for lessons and debugging: its nodes with values, gradients and local derivatives, and backward
// node by node.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>

#include "bindings/callbacks.h"
#include "fluxion/autograd/graph.h"

namespace fluxion::bindings {
namespace {

// A node's name on the JavaScript side: its address, good while something holds the graph.
unsigned id_of(const Node* node) { return static_cast<unsigned>(reinterpret_cast<std::uintptr_t>(node)); }

std::string number(double v) {
  if (!std::isfinite(v)) return "null";
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.17g", v);
  return buffer;
}

// d result / d input, where both are scalars and the graph still stands.
std::vector<std::string> local_derivatives(const GraphNode& g) {
  std::vector<std::string> out(g.inputs.size(), "null");
  if (g.node->released || numel(g.node->shape) != 1) return out;
  const std::vector<Tensor> grads = local_gradients(*g.node);
  for (std::size_t i = 0; i < grads.size(); ++i)
    if (grads[i].defined() && grads[i].numel() == 1) out[i] = number(grads[i].item());
  return out;
}

// The graph last asked for, every node after its inputs.
std::vector<GraphNode>& listed() {
  static auto* nodes = new std::vector<GraphNode>;
  return *nodes;
}

// [{"id", "op", "leaf", "released", "shape", "dtype", "inputs": [{"node", "derivative"}]}]; an input that needs no
// gradient is null, "node" is a position in the list.
unsigned graph_text(int handle) {
  std::vector<GraphNode> nodes = graph(tensor_at(handle));
  if (nodes.empty())
    throw FluxionError("graph: nothing was recorded: the tensor was not computed from one that requires a gradient");
  std::reverse(nodes.begin(), nodes.end());
  const int last = static_cast<int>(nodes.size()) - 1;
  std::string out = "[";
  for (const GraphNode& g : nodes) {
    if (out.size() > 1) out += ",";
    out += str("{\"id\":", id_of(g.node.get()), ",\"op\":\"", g.node->op, "\",\"leaf\":", g.node->sequence == 0,
               ",\"released\":", g.node->released, ",\"shape\":", g.node->shape, ",\"dtype\":\"", g.node->dtype,
               "\",\"inputs\":[");
    const std::vector<std::string> derivatives = local_derivatives(g);
    for (std::size_t i = 0; i < g.inputs.size(); ++i) {
      if (i > 0) out += ",";
      if (g.inputs[i] < 0) out += "null";
      else out += str("{\"node\":", last - g.inputs[i], ",\"derivative\":", derivatives[i], "}");
    }
    out += "]}";
  }
  listed() = std::move(nodes);
  return give_text(out + "]");
}

// Value and gradient of each node of the graph last asked for, 0 where there is none.
unsigned graph_tensors() {
  std::vector<Tensor> out;
  for (const GraphNode& g : listed()) {
    out.push_back(g.value);
    out.push_back(g.grad);
  }
  listed().clear();
  return give_tensors(out);
}

void keep_values(int keep) { set_keep_graph_values(keep != 0); }

// The one pass that JavaScript takes node by node; a new one ends it.
std::unique_ptr<BackwardPass>& pass() {
  static auto* p = new std::unique_ptr<BackwardPass>;
  return *p;
}
void refuse_inside_a_pass() {
  if (RunningPass::count() > 0)
    throw FluxionError("backwardSteps: a hook cannot begin, end or go on with a pass while one runs");
}
BackwardPass& running() {
  refuse_inside_a_pass();
  if (!pass()) throw FluxionError("backwardSteps: this pass has ended, or another one was begun");
  return *pass();
}

void steps_begin(int root, int gradient, int retain) {
  refuse_inside_a_pass();
  const Tensor from = tensor_at(root);
  const Tensor seed = gradient == 0 ? Tensor() : tensor_at(gradient);
  pass().reset();
  pass() = std::make_unique<BackwardPass>(std::vector<Tensor>{from}, std::vector<Tensor>{seed},
                                          BackwardOptions{retain != 0, false});
}
double steps_next() {
  const Node* node = running().next();
  return node == nullptr ? 0 : id_of(node);
}
int steps_take() {
  BackwardPass& p = running();
  const RunningPass one;
  return p.step();
}
int steps_pending(unsigned id) {
  return hand_out(running().pending(reinterpret_cast<const Node*>(static_cast<std::uintptr_t>(id))));
}
void steps_end() {
  refuse_inside_a_pass();
  pass().reset();
}

}  // namespace

EMSCRIPTEN_BINDINGS(fluxion_graph) {
  bind<&graph_text>("graphText");
  bind<&graph_tensors>("graphTensors");
  bind<&keep_values>("keepGraphValues");
  bind<&steps_begin>("stepsBegin");
  bind<&steps_next>("stepsNext");
  bind<&steps_take>("stepsTake");
  bind<&steps_pending>("stepsPending");
  bind<&steps_end>("stepsEnd");
}

}  // namespace fluxion::bindings
