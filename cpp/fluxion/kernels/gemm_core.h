#pragma once
// The one matrix product below Gemm, Conv2d and their gradients.

#include <cstdint>

#include "fluxion/kernels/kernels.h"

namespace fluxion::kernels {

// Gemm and convolution calls made so far: all of them run through the register tile of gemm_micro.h or its
// companions for vectors and windows.
std::uint64_t gemm_core_calls();

namespace cpu {

// out[i][j] (+)= Σ_k a[i][k] · b[k][j] + column_bias[j] + row_bias[i], then the epilogue. Operands are
// strided; rows of out are contiguous.
template <class T>
struct Product {
  Index m = 0, n = 0, k = 0;
  const T* a = nullptr;
  Index a_m = 0, a_k = 0;
  const T* b = nullptr;
  Index b_k = 0, b_n = 0;
  T* out = nullptr;
  Index out_m = 0;
  const T* column_bias = nullptr;  // contiguous, or null
  const T* row_bias = nullptr;
  bool accumulate = false;
  Epilogue epilogue = Epilogue::None;
};

// For float and double. Sums run over k in order, in blocks of at most kDepth; neither the number of threads
// nor the blocking of m and n changes a bit of the result.
template <class T>
void multiply(const Product<T>& product);

// Applies an activation to `rows` rows of `cols` values, by the backend's own elementwise primitive: a fused
// activation gives the bits of a separate one.
template <class T>
void apply_epilogue(Epilogue epilogue, T* out, Index rows, Index cols, Index row_step);

namespace detail {
extern std::uint64_t gemm_core_calls;

// Working memory of the calling thread, kept between calls: kScratchBytes, 64-byte aligned, of which products
// pack into the first kPackBytes. Null when memory has run out; the callers then make do with smaller blocks.
inline constexpr Index kScratchBytes = 512 * 1024;
inline constexpr Index kPackBytes = 384 * 1024;
void* scratch();
}  // namespace detail

inline constexpr Index kDepth = 256;

constexpr Index ceil_div(Index a, Index b) { return (a + b - 1) / b; }

}  // namespace cpu

}  // namespace fluxion::kernels
