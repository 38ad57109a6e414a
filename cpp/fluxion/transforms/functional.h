#pragma once
// Derivatives of a function of tensors as a whole, as torch.autograd.functional has them. The function gives one
// tensor; inputs that it does not depend on have derivatives of zeros. With create_graph the results can be
// differentiated themselves; otherwise they are detached.

#include <functional>
#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion {

using TensorFunction = std::function<Tensor(const std::vector<Tensor>&)>;

// d f / d input for each input, of shape [...result, ...input].
std::vector<Tensor> jacobian(const TensorFunction& f, const std::vector<Tensor>& inputs, bool create_graph = false);
// d² f / d inputᵢ d inputⱼ of a scalar f, row by row (i, then j), of shape [...inputᵢ, ...inputⱼ].
std::vector<Tensor> hessian(const TensorFunction& f, const std::vector<Tensor>& inputs, bool create_graph = false);

// The result first, then the products. `v` may be empty where a scalar makes it 1.
// vᵀ·J for each input; v has the result's shape.
std::vector<Tensor> vjp(const TensorFunction& f, const std::vector<Tensor>& inputs, const std::vector<Tensor>& v,
                        bool create_graph = false);
// J·v, one tensor of the result's shape; v has one tensor for each input, of its shape.
std::vector<Tensor> jvp(const TensorFunction& f, const std::vector<Tensor>& inputs, const std::vector<Tensor>& v,
                        bool create_graph = false);
// H·v of a scalar f for each input; v as for jvp.
std::vector<Tensor> hvp(const TensorFunction& f, const std::vector<Tensor>& inputs, const std::vector<Tensor>& v,
                        bool create_graph = false);

}  // namespace fluxion
