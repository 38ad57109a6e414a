#include "fluxion/autograd/graph.h"

#include <unordered_map>

#include "fluxion/core/sort.h"

namespace fluxion {

std::vector<GraphNode> graph(const Tensor& t) {
  std::vector<GraphNode> nodes;
  std::unordered_map<const Node*, int> position;
  const auto visit = [&](const Ref<Node>& node) {
    if (!node || !position.emplace(node.get(), 0).second) return;
    nodes.push_back({node, {}, {}, {}});
  };
  visit(gradient_edge(t));
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const SmallVec<Ref<Node>, 2> inputs = nodes[i].node->inputs;
    for (const Ref<Node>& input : inputs) visit(input);
  }
  heap_sort(nodes, [](const GraphNode& a, const GraphNode& b) { return a.node->sequence > b.node->sequence; });
  for (std::size_t i = 0; i < nodes.size(); ++i) position[nodes[i].node.get()] = static_cast<int>(i);
  for (GraphNode& g : nodes) {
    for (const Ref<Node>& input : g.node->inputs) g.inputs.push_back(input ? position[input.get()] : -1);
    g.value = g.node->kept_value;
    if (g.node->output == nullptr) continue;
    const Tensor output{Ref<TensorImpl>(g.node->output)};
    g.value = output.detach();
    g.grad = grad_of(output);
  }
  return nodes;
}

std::vector<Tensor> local_gradients(Node& node) {
  if (node.released)
    throw FluxionError(str("graph: '", node.op, "' was freed by a backward; pass retainGraph: true to keep it"));
  if (node.inputs.empty()) return {};
  const GradMode mode(false);
  std::vector<Tensor> grads(node.inputs.size());
  const Tensor ones = arithmetic().ones_like(Tensor::empty(node.shape, node.dtype));
  Backward ctx(node, ones, false, grads);
  node.backward(ctx);
  for (int i = 0; i < node.inputs.ssize(); ++i) {
    Tensor& g = grads[static_cast<std::size_t>(i)];
    const Ref<Node>& input = node.inputs[i];
    if (g.defined() && (!(g.shape() == input->shape) || g.dtype() != input->dtype))
      g = arithmetic().fit(g, input->shape, input->dtype);
  }
  return grads;
}

}  // namespace fluxion
