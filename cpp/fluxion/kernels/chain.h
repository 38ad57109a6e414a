#pragma once
// Elementwise calls that follow each other over the same elements, a piece of all of them at a time: what passes from
// one to the next is still in the cache.

#include "fluxion/kernels/kernels.h"

namespace fluxion::kernels {

// The elements of a piece, and the buffers for what only the calls of a chain see.
inline constexpr Index kChainPiece = 2048;
inline constexpr int kChainSlots = 4;

// One of the calls. Each operand is dense in memory, or one element for all; one with a slot (others: −1) lives in a
// buffer of the chain's own, and its data are not looked at.
struct ChainCall {
  Prim prim;
  const View* views;
  const std::int8_t* slots;
  int view_count;
  const void* params;
  std::size_t params_size;
};

// One element for all.
inline bool is_one(const View& v) {
  for (int d = 0; d < v.rank; ++d)
    if (v.shape[d] != 1 && v.strides[d] != 0) return false;
  return true;
}

// Unary and Binary calls over `elements` elements each: the bits of one call after the other. No call may write where
// another one reads a different element.
void run_chain(const ChainCall* calls, int count, Index elements);

namespace cpu {
void elementwise_chain(const ChainCall* calls, int count, Index elements);
}

}  // namespace fluxion::kernels
