#include "check.h"
#include "fluxion/autograd/graph.h"
#include "fluxion/ops/ops.h"

using namespace fluxion;
using Floats = std::vector<double>;

namespace {

Tensor leaf(const std::vector<float>& values, const Shape& shape) {
  const Tensor t = Tensor::from(values, shape);
  set_requires_grad(t, true);
  return t;
}

Floats values(const Tensor& t) { return t.to_vector<double>(); }
Floats grad_values(const Tensor& t) { return values(grad_of(t)); }

}  // namespace

TEST(backward_reaches_leaves_through_a_product) {
  const Tensor a = leaf({1, 2, 3}, {3}), b = leaf({4, 5, 6}, {3});
  backward(sum(a * b));
  CHECK_EQ(grad_values(a), (Floats{4, 5, 6}));
  CHECK_EQ(grad_values(b), (Floats{1, 2, 3}));
}

TEST(gradients_of_several_uses_are_added) {
  const Tensor x = leaf({3}, {1});
  backward(sum(x * x + x * 2 + x));
  CHECK_EQ(grad_values(x), (Floats{9}));
}

TEST(gradients_accumulate_over_backward_calls) {
  const Tensor x = leaf({1, 2}, {2});
  for (int i = 0; i < 3; ++i) backward(sum(x * x));
  CHECK_EQ(grad_values(x), (Floats{6, 12}));
}

TEST(a_stored_gradient_is_private) {
  // add hands one gradient to both inputs; the two must not share it.
  const Tensor a = leaf({1, 2}, {2}), b = leaf({1, 2}, {2});
  backward(sum(a + b));
  backward(sum(a * 3));
  CHECK_EQ(grad_values(a), (Floats{4, 4}));
  CHECK_EQ(grad_values(b), (Floats{1, 1}));
}

TEST(broadcast_dimensions_are_summed_in_the_gradient) {
  const Tensor column = leaf({1, 2}, {2, 1}), row = leaf({1, 2, 3}, {3});
  backward(sum(column * row));
  CHECK_EQ(grad_values(column), (Floats{6, 6}));
  CHECK_EQ(grad_values(row), (Floats{3, 3, 3}));
  CHECK_EQ(grad_of(column).shape() == (Shape{2, 1}), true);
}

TEST(gradients_take_the_inputs_dtype) {
  const Tensor x = leaf({1, 2}, {2});
  const Tensor y = Tensor::from(std::vector<double>{3, 4}, {2});
  const Tensor product = x * y;
  CHECK(product.dtype() == DType::Float64);
  backward(sum(product));
  CHECK(grad_of(x).dtype() == DType::Float32);
  CHECK_EQ(grad_values(x), (Floats{3, 4}));
}

TEST(the_graph_is_freed_by_backward) {
  const std::int64_t before = live_nodes();
  const Tensor x = leaf({1, 2}, {2});
  const Tensor y = sum(exp(x) * x);
  CHECK(live_nodes() > before);
  backward(y);
  CHECK_EQ(live_nodes() - before, 1);  // y's own, emptied
  CHECK_THROWS(backward(y), FluxionError, "was freed by an earlier backward; pass retainGraph: true");
  CHECK_EQ(grad_values(x).size(), 2u);
}

TEST(a_retained_graph_runs_again) {
  const Tensor x = leaf({3}, {1});
  const Tensor y = sum(x * x);
  backward(y, {}, {.retain_graph = true});
  backward(y);
  CHECK_EQ(grad_values(x), (Floats{12}));
}

TEST(a_refused_backward_changes_nothing) {
  const Tensor x = leaf({1, 2}, {2});
  const Tensor y = x * 2;
  CHECK_THROWS(backward(y), ShapeError, "a gradient must be given for a result that is not a scalar, this one is [2]");
  CHECK(!grad_of(x).defined());
  CHECK_THROWS(backward(y, ones({3})), ShapeError, "the gradient's shape [3] is not the result's [2]");
  backward(y, ones({2}));
  CHECK_EQ(grad_values(x), (Floats{2, 2}));
  CHECK_THROWS(backward(Tensor::from(std::vector<float>{1}, {})), FluxionError, "does not require a gradient");
}

TEST(integer_tensors_have_no_gradient) {
  const Tensor x = Tensor::from(std::vector<std::int32_t>{1, 2}, {2});
  CHECK_THROWS(set_requires_grad(x, true), DTypeError, "only float tensors have gradients, this one is int32");
}

TEST(no_grad_and_detach_stop_recording) {
  const Tensor x = leaf({1, 2}, {2});
  {
    const NoGrad off;
    CHECK(!requires_grad(x * 2));
  }
  CHECK(requires_grad(x * 2));
  CHECK(!requires_grad(x.detach() * 2));
  backward(sum(x * x.detach()));
  CHECK_EQ(grad_values(x), (Floats{1, 2}));
}

TEST(a_saved_value_changed_in_place_is_noticed) {
  const Tensor x = leaf({1, 2}, {2}), w = leaf({3, 4}, {2});
  const Tensor y = sum(x * w);
  {
    const NoGrad off;
    fill_(w, 0);
  }
  CHECK_THROWS(backward(y), FluxionError,
               "a value that mul saved for its gradient, of shape [2], was changed in place");
}

TEST(hooks_see_and_replace_gradients) {
  const Tensor x = leaf({1, 2}, {2});
  Floats seen;
  const Tensor y = x * 3;
  const auto id = register_hook(y, [&](const Tensor& g) {
    seen = values(g);
    return g * 10;
  });
  register_hook(x, [](const Tensor& g) { return g + 1; });
  backward(sum(y));
  CHECK_EQ(seen, (Floats{1, 1}));
  CHECK_EQ(grad_values(x), (Floats{31, 31}));
  remove_hook(y, id);
}

TEST(a_hook_may_run_a_backward_of_its_own) {
  const Tensor x = leaf({2}, {1}), z = leaf({5}, {1});
  const Tensor y = x * x;
  register_hook(y, [&](const Tensor&) {
    const GradMode on(true);
    backward(sum(z * z * x.detach()));
    return Tensor();
  });
  backward(sum(y));
  CHECK_EQ(grad_values(x), (Floats{4}));
  CHECK_EQ(grad_values(z), (Floats{20}));
}

TEST(retained_gradients_of_results) {
  const Tensor x = leaf({1, 2}, {2});
  const Tensor y = x * 3;
  retain_grad(y);
  backward(sum(y * y));
  CHECK_EQ(grad_values(y), (Floats{6, 12}));
}

TEST(grad_returns_and_leaves_leaves_alone) {
  const Tensor x = leaf({1, 2}, {2}), unused = leaf({1}, {1});
  const Tensor y = x * x;
  const std::vector<Tensor> g = grad({sum(y * x)}, {x, y}, {}, {.retain_graph = true});
  CHECK_EQ(values(g[0]), (Floats{3, 12}));
  CHECK_EQ(values(g[1]), (Floats{1, 2}));
  CHECK(!grad_of(x).defined());
  CHECK_THROWS(grad({sum(x * x)}, {unused}), FluxionError, "do not depend on input 0");
  CHECK(!grad({sum(x * x)}, {unused}, {}, {}, true)[0].defined());
}

TEST(gradients_of_gradients) {
  const Tensor x = leaf({2, 3}, {2});
  const Tensor first = grad({sum(x * x * x)}, {x}, {}, {.create_graph = true})[0];
  CHECK_EQ(values(first), (Floats{12, 27}));
  const Tensor second = grad({sum(first)}, {x}, {}, {.create_graph = true})[0];
  CHECK_EQ(values(second), (Floats{12, 18}));
  backward(sum(second));
  CHECK_EQ(grad_values(x), (Floats{6, 6}));
}

TEST(second_derivatives_go_through_saved_results) {
  const Tensor x = leaf({0.5F}, {1});
  const Tensor first = grad({sum(tanh(x))}, {x}, {}, {.create_graph = true})[0];
  const Tensor second = grad({sum(first)}, {x})[0];
  const double t = std::tanh(0.5);
  CHECK_CLOSE(values(second), (Floats{-2 * t * (1 - t * t)}), 1e-6, 1e-6);
}

TEST(a_graph_of_100000_ops_is_walked_and_freed) {
  const std::int64_t before = live_nodes();
  const Tensor x = leaf({1}, {1});
  {
    Tensor y = x;
    for (int i = 0; i < 100000; ++i) y = y + 1;
    backward(y, ones({1}));
    CHECK_EQ(grad_values(x), (Floats{1}));
  }
  CHECK_EQ(live_nodes(), before);
  {
    Tensor y = x;
    for (int i = 0; i < 100000; ++i) y = y * x;  // never walked: freed by its destructor alone
  }
  CHECK_EQ(live_nodes(), before);
}

TEST(the_graph_as_data) {
  const Tensor x = leaf({3}, {}), w = leaf({2}, {});
  const Tensor y = x * w;
  const Tensor z = tanh(y);
  const std::vector<GraphNode> g = graph(z);
  CHECK_EQ(g.size(), 4u);
  CHECK_EQ(std::string(g[0].node->op), std::string("tanh"));
  CHECK_EQ(std::string(g[1].node->op), std::string("mul"));
  CHECK_EQ(g[0].inputs, (std::vector<int>{1}));
  CHECK_EQ(g[1].value.item(), 6.0);
  const std::vector<Tensor> local = local_gradients(*g[1].node);
  CHECK_EQ(local[0].item(), 2.0);
  CHECK_EQ(local[1].item(), 3.0);
  backward(z);
  CHECK_CLOSE(grad_of(w).item(), 3 * (1 - std::tanh(6.0) * std::tanh(6.0)), 1e-3, 1e-6);
}

TEST(backward_one_node_at_a_time) {
  const Tensor x = leaf({3}, {}), w = leaf({2}, {});
  const Tensor z = (x * w) * x;
  BackwardPass pass({z}, {}, {});
  std::vector<std::string> order;
  while (Node* node = pass.next()) {
    order.emplace_back(node->op);
    pass.step();
  }
  CHECK_EQ(order.size(), 4u);
  CHECK_EQ(order[0], std::string("mul"));
  CHECK_EQ(grad_of(x).item(), 12.0);
  CHECK_EQ(grad_of(w).item(), 9.0);
}

TEST(values_in_the_graph_can_be_kept) {
  set_keep_graph_values(true);
  const Tensor x = leaf({3}, {});
  const Tensor y = exp(x * 0) + 1;  // the intermediate results are dropped
  set_keep_graph_values(false);
  const std::vector<GraphNode> g = graph(y);
  CHECK_EQ(g[1].value.item(), 1.0);
}

TEST(a_training_loop_allocates_nothing_fresh) {
  const Tensor w = leaf({0.1F, 0.2F, 0.3F, 0.4F}, {2, 2});
  const Tensor x = Tensor::from(std::vector<float>{1, 2, 3, 4}, {2, 2});
  MemoryStats after_two;
  for (int i = 0; i < 50; ++i) {
    if (i == 2) after_two = memory_stats();
    set_grad(w, {});
    backward(mean(square(tanh(w * x + w) - x)));
    const NoGrad off;
    copy_(w, w - grad_of(w) * 0.01);
  }
  CHECK_EQ(memory_stats().fresh_allocations, after_two.fresh_allocations);
  CHECK_EQ(memory_stats().reserved_bytes, after_two.reserved_bytes);
  CHECK_EQ(memory_stats().tensors, after_two.tensors);
}
