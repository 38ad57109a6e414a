#pragma once
// The recorded graph as data, for lessons and debugging.

#include <vector>

#include "fluxion/autograd/autograd.h"

namespace fluxion {

struct GraphNode {
  Ref<Node> node;
  Tensor value;             // undefined when nobody holds it and values are not kept (set_keep_graph_values)
  Tensor grad;              // .grad, where there is one
  std::vector<int> inputs;  // positions in the list; −1 for an input that needs no gradient
};

// Every node that t depends on, t's own first, each before its inputs. Empty when t was not recorded.
std::vector<GraphNode> graph(const Tensor& t);

// What a node hands to its inputs for a gradient of ones: for scalars, the local derivative on each edge. Leaves
// the graph as it is. Undefined where an input needs no gradient; FluxionError when the graph was freed.
std::vector<Tensor> local_gradients(Node& node);

}  // namespace fluxion
