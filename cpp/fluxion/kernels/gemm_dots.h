#pragma once
// Products whose operands are both contiguous in k, without packing: a register tile of dot products along k.

#include "fluxion/kernels/gemm_core.h"

namespace fluxion::kernels::cpu {

// A register tile of sums along k: two rows of one operand by six of the other. As the tile of gemm_micro.h
// it holds 12 accumulators.
inline constexpr int kDotRows = 2;
inline constexpr int kDotCols = 6;

// Whether `multiply_dots` takes this product, and is the faster way: few rows or columns, which would not repay
// packing the other operand. For float32, the type of training: in float64 the tiles' code would weigh more than they
// win.
bool prefers_dots(const Product<float>& product);
void multiply_dots(const Product<float>& product);

}  // namespace fluxion::kernels::cpu
