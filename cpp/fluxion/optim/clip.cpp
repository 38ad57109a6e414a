#include "fluxion/optim/clip.h"

#include <algorithm>
#include <cmath>

#include "fluxion/autograd/autograd.h"
#include "fluxion/core/recorder.h"
#include "fluxion/ops/binary.h"
#include "fluxion/ops/creation.h"
#include "fluxion/ops/reduce.h"
#include "fluxion/ops/unary.h"

namespace fluxion::optim {

namespace {

double clip_norm(const std::vector<Tensor>& params, double max_norm, double norm_type, bool error_if_nonfinite) {
  const NoGrad off;
  double total = 0;
  for (const Tensor& p : params) {
    const Tensor g = grad_of(p);
    if (!g.defined() || g.numel() == 0) continue;
    const double one = norm(g, norm_type).item();
    if (std::isnan(one))
      total = one;
    else if (std::isinf(norm_type))
      total = std::max(total, one);
    else
      total += std::pow(one, norm_type);
  }
  if (!std::isinf(norm_type)) total = std::pow(total, 1 / norm_type);
  if (error_if_nonfinite && !std::isfinite(total))
    throw FluxionError(str("clipGradNorm: the norm of the gradients is ", total, "; nothing was clipped"));
  const double scale = max_norm / (total + 1e-6);
  if (scale >= 1) return total;
  for (const Tensor& p : params)
    if (const Tensor g = grad_of(p); g.defined()) copy_(g, mul(g, scale));
  return total;
}

}  // namespace

double clip_grad_norm(const std::vector<Tensor>& params, double max_norm, double norm_type, bool error_if_nonfinite) {
  if (!(max_norm >= 0)) throw FluxionError(str("clipGradNorm: maxNorm must not be negative, it is ", max_norm));
  if (!(norm_type > 0)) throw FluxionError(str("clipGradNorm: normType must be positive, it is ", norm_type));
  // The scale depends on the gradients' values.
  return perform([=] { return clip_norm(params, max_norm, norm_type, error_if_nonfinite); });
}

void clip_grad_value(const std::vector<Tensor>& params, double clip_value) {
  if (!(clip_value >= 0)) throw FluxionError(str("clipGradValue: clipValue must not be negative, it is ", clip_value));
  const NoGrad off;
  for (const Tensor& p : params)
    if (const Tensor g = grad_of(p); g.defined()) copy_(g, clamp(g, -clip_value, clip_value));
}

}  // namespace fluxion::optim
