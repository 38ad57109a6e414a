#include "fluxion/transforms/functional.h"

#include "fluxion/autograd/autograd.h"
#include "fluxion/ops/ops.h"

namespace fluxion {
namespace {

// A call of f whose inputs can be differentiated by.
struct Call {
  std::vector<Tensor> inputs;
  Tensor out;

  Call(const char* name, const TensorFunction& f, const std::vector<Tensor>& given, bool keep_history, bool scalar) {
    if (given.empty()) throw FluxionError(str(name, ": no inputs are given"));
    for (const Tensor& t : given) {
      if (!is_floating(t.dtype()))
        throw DTypeError(str(name, ": only float tensors have derivatives, an input is ", t.dtype()));
      inputs.push_back(keep_history && requires_grad(t) ? view(t, t.shape()) : t.detach());
      if (!requires_grad(inputs.back())) set_requires_grad(inputs.back(), true);
    }
    out = f(inputs);
    if (!is_floating(out.dtype())) throw DTypeError(str(name, ": the function's result is ", out.dtype()));
    if (scalar && out.numel() != 1)
      throw ShapeError(str(name, ": the function must give a scalar, it gave ", out.shape()));
  }
};

void check_vectors(const char* name, const std::vector<Tensor>& v, const std::vector<Tensor>& like) {
  if (v.size() != like.size())
    throw FluxionError(str(name, ": ", v.size(), " vectors for ", like.size(), " tensors"));
  for (std::size_t i = 0; i < v.size(); ++i)
    if (!(v[i].shape() == like[i].shape()))
      throw ShapeError(str(name, ": a vector of shape ", v[i].shape(), " for a tensor of ", like[i].shape()));
}

// v where it is given, a one for a scalar.
std::vector<Tensor> vectors_for(const char* name, const std::vector<Tensor>& v, const std::vector<Tensor>& like) {
  if (v.empty() && like.size() == 1 && like[0].numel() == 1) return {ones_like(like[0])};
  check_vectors(name, v, like);
  return v;
}

// Gradients, zeros where there are none.
std::vector<Tensor> gradients(const std::vector<Tensor>& of, const std::vector<Tensor>& by,
                              const std::vector<Tensor>& v, bool create_graph) {
  std::vector<Tensor> from, with;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (!requires_grad(of[i])) continue;
    from.push_back(of[i]);
    with.push_back(v[i]);
  }
  std::vector<Tensor> out(by.size());
  if (!from.empty()) out = grad(from, by, with, {.retain_graph = true, .create_graph = create_graph}, true);
  for (std::size_t i = 0; i < out.size(); ++i)
    if (!out[i].defined()) out[i] = zeros_like(by[i]);
  return out;
}

// d out / d input, a gradient for each element of the result.
std::vector<Tensor> rows_of(const Tensor& out, const std::vector<Tensor>& inputs, bool create_graph) {
  std::vector<std::vector<Tensor>> rows(inputs.size());
  const Tensor basis = eye(out.numel(), {}, out.dtype());
  for (std::int64_t i = 0; i < out.numel(); ++i) {
    const std::vector<Tensor> row = gradients({out}, inputs, {reshape(select(basis, 0, i), out.shape())}, create_graph);
    for (std::size_t k = 0; k < row.size(); ++k) rows[k].push_back(row[k]);
  }
  std::vector<Tensor> result;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    Shape shape = out.shape();
    for (const std::int64_t size : inputs[k].shape()) shape.push_back(size);
    result.push_back(rows[k].empty() ? zeros(shape, inputs[k].dtype()) : reshape(stack(rows[k]), shape));
  }
  return result;
}

std::vector<Tensor> given(std::vector<Tensor> list, bool create_graph) {
  if (!create_graph)
    for (Tensor& t : list) t = t.detach();
  return list;
}

std::vector<Tensor> with_result(const Tensor& out, std::vector<Tensor> list, bool create_graph) {
  list.insert(list.begin(), out);
  return given(std::move(list), create_graph);
}

}  // namespace

std::vector<Tensor> jacobian(const TensorFunction& f, const std::vector<Tensor>& inputs, bool create_graph) {
  const GradMode on(true);
  const Call call("jacobian", f, inputs, create_graph, false);
  return given(rows_of(call.out, call.inputs, create_graph), create_graph);
}

std::vector<Tensor> hessian(const TensorFunction& f, const std::vector<Tensor>& inputs, bool create_graph) {
  const GradMode on(true);
  const Call call("hessian", f, inputs, create_graph, true);
  std::vector<Tensor> out;
  for (const Tensor& slope : gradients({call.out}, call.inputs, {ones_like(call.out)}, true))
    for (Tensor& part : rows_of(slope, call.inputs, create_graph)) out.push_back(std::move(part));
  return given(std::move(out), create_graph);
}

std::vector<Tensor> vjp(const TensorFunction& f, const std::vector<Tensor>& inputs, const std::vector<Tensor>& v,
                        bool create_graph) {
  const GradMode on(true);
  const Call call("vjp", f, inputs, create_graph, false);
  const std::vector<Tensor> vectors = vectors_for("vjp", v, {call.out});
  return with_result(call.out, gradients({call.out}, call.inputs, vectors, create_graph), create_graph);
}

// vᵀ·J is linear in v: its own derivative by v, times another vector, is J·v.
std::vector<Tensor> jvp(const TensorFunction& f, const std::vector<Tensor>& inputs, const std::vector<Tensor>& v,
                        bool create_graph) {
  const GradMode on(true);
  const Call call("jvp", f, inputs, create_graph, false);
  const std::vector<Tensor> vectors = vectors_for("jvp", v, call.inputs);
  const Tensor dual = zeros_like(call.out);
  set_requires_grad(dual, true);
  const std::vector<Tensor> slopes = gradients({call.out}, call.inputs, {dual}, true);
  return with_result(call.out, gradients(slopes, {dual}, vectors, create_graph), create_graph);
}

std::vector<Tensor> hvp(const TensorFunction& f, const std::vector<Tensor>& inputs, const std::vector<Tensor>& v,
                        bool create_graph) {
  const GradMode on(true);
  const Call call("hvp", f, inputs, create_graph, true);
  const std::vector<Tensor> vectors = vectors_for("hvp", v, call.inputs);
  const std::vector<Tensor> slopes = gradients({call.out}, call.inputs, {ones_like(call.out)}, true);
  return with_result(call.out, gradients(slopes, call.inputs, vectors, create_graph), create_graph);
}

}  // namespace fluxion
