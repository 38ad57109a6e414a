#pragma once
// Gradients kept within bounds, in place. Parameters without a gradient are passed over.

#include <vector>

#include "fluxion/core/tensor.h"

namespace fluxion::optim {

// Scales all gradients by max_norm/(total + 1e-6) where their total norm, of the list of norms, is above max_norm.
// Returns the total before. norm_type: 2, 1, infinity, ... Source: torch.nn.utils.clip_grad_norm_.
double clip_grad_norm(const std::vector<Tensor>& params, double max_norm, double norm_type = 2,
                      bool error_if_nonfinite = false);

// Puts every value of the gradients within [-clip_value, clip_value]. Source: torch.nn.utils.clip_grad_value_.
void clip_grad_value(const std::vector<Tensor>& params, double clip_value);

}  // namespace fluxion::optim
