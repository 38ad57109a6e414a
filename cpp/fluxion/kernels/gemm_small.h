#pragma once
// Products so small that packing, blocks and threads would take longer than they do.

#include "fluxion/kernels/gemm_core.h"

namespace fluxion::kernels::cpu {

// The primitive Gemm in float32 for one small matrix; false, and nothing done, for others. Sums run over k in order, as
// those of `multiply`.
bool multiply_small(const View* views, const GemmParams& params);

}  // namespace fluxion::kernels::cpu
