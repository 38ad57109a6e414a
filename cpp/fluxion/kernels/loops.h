#pragma once
// How elementwise kernels walk over strided operands: the common iteration space, and a driver that feeds
// contiguous rows to a kernel whatever the operands' strides and types.

#include <cstdint>

#include "fluxion/core/thread_pool.h"
#include "fluxion/kernels/convert.h"
#include "fluxion/kernels/kernels.h"

namespace fluxion::kernels {

// Elements that one task of a parallel loop should have at least, for cheap and for costly elements.
inline constexpr Index kCheapGrain = 32768;
inline constexpr Index kCostlyGrain = 4096;

inline constexpr int kMaxOperands = 4;

inline Index element_count(const View& v) {
  Index n = 1;
  for (int d = 0; d < v.rank; ++d) n *= static_cast<Index>(v.shape[d]);
  return n;
}

// True if the elements lie one behind the other in row-major order; n becomes their number.
inline bool is_contiguous(const View& v, Index& n) {
  std::int64_t expected = 1;
  bool dense = true;
  for (int d = v.rank - 1; d >= 0; --d) {
    const std::int64_t size = v.shape[d];
    if (size != 1 && v.strides[d] != expected) dense = false;
    expected *= size;
  }
  n = static_cast<Index>(expected);
  return dense || n == 0;
}

// The shape that several operands are walked in: dimensions of size 1 dropped, ordered by the first operand's
// strides (0 is the innermost), and joined where all operands allow it. Strides are in bytes.
struct Space {
  int rank;
  int operands;
  Index total;
  Index shape[kMaxRank];
  Index stride[kMaxOperands][kMaxRank];

  Space(const View* views, int count);
};

// A place in a Space: the index along each dimension, and each operand's offset in bytes.
struct Cursor {
  Index index[kMaxRank];
  Index offset[kMaxOperands];

  Cursor(const Space& space, Index position);

  // Steps over the `n` elements of the innermost dimension that were just done.
  void advance(const Space& space, Index n) {
    if (space.rank == 0) return;
    index[0] += n;
    for (int k = 0; k < space.operands; ++k) offset[k] += n * space.stride[k][0];
    if (index[0] == space.shape[0]) carry(space);
  }

 private:
  void carry(const Space& space);
};

// Calls f(cursor, n) for pieces of rows of the innermost dimension that cover positions [begin, end).
template <class F>
void for_each_row(const Space& space, Index begin, Index end, F&& f) {
  if (begin >= end) return;
  Cursor cursor(space, begin);
  while (begin < end) {
    const Index left = space.rank == 0 ? 1 : space.shape[0] - cursor.index[0];
    const Index n = left < end - begin ? left : end - begin;
    f(static_cast<const Cursor&>(cursor), n);
    cursor.advance(space, n);
    begin += n;
  }
}

// The lanes along one dimension: `space` walks over the other dimensions, and a lane has `length` elements,
// step[k] bytes apart in operand k. The length is the last operand's.
struct Lanes {
  Space space;
  Index length;
  Index step[kMaxOperands];

  Lanes(const View* views, int count, int dim);

  // Calls f(offsets) for lanes [begin, end): where each operand's lane starts, in bytes.
  template <class F>
  void for_each(Index begin, Index end, F&& f) const {
    for_each_row(space, begin, end, [&](const Cursor& cursor, Index n) {
      Index offset[kMaxOperands];
      for (int k = 0; k < space.operands; ++k) offset[k] = cursor.offset[k];
      for (Index i = 0; i < n; ++i) {
        f(static_cast<const Index*>(offset));
        if (space.rank == 0) return;
        for (int k = 0; k < space.operands; ++k) offset[k] += space.stride[k][0];
      }
    });
  }

  // The number of lanes that make up about `elements` elements.
  Index grain(Index elements) const { return length >= elements ? 1 : elements / (length > 0 ? length : 1); }
};

// A kernel on contiguous rows: pointers[0] is the output. n is a multiple of kRowLanes: what is left of whole vectors
// passes through buffers, so that no kernel has a second loop for it.
inline constexpr Index kRowLanes = 4;
using RowFn = void (*)(const void* context, void* const* pointers, Index n);

// Runs `row` over all elements of views[0 .. count). Operand k is seen by `row` as types[k]: rows that are
// strided, broadcast or of another type pass through small buffers.
void map_rows(const View* views, int count, const DType* types, Index grain, RowFn row, const void* context);

}  // namespace fluxion::kernels
