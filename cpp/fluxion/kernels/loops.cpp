#include "fluxion/kernels/loops.h"

#include <algorithm>
#include <cstdlib>

namespace fluxion::kernels {

namespace {

constexpr Index kChunk = 256;  // elements of a buffer
// Rows below these lengths are gathered several at a time: where rows lie dense or repeat one value, and
// where they need a buffer anyway.
constexpr Index kShortDirectRow = 6;
constexpr Index kShortRow = 32;

}  // namespace

Space::Space(const View* views, int count) : rank(0), operands(count), total(1) {
  const View& first = views[0];
  int order[kMaxRank];
  int used = 0;
  for (int d = first.rank - 1; d >= 0; --d) {
    total *= static_cast<Index>(first.shape[d]);
    if (first.shape[d] == 1) continue;
    // Insertion by the stride's size keeps the given order among equals.
    int at = used++;
    for (; at > 0 && std::llabs(first.strides[order[at - 1]]) > std::llabs(first.strides[d]); --at)
      order[at] = order[at - 1];
    order[at] = d;
  }
  if (total == 0) return;
  for (int i = 0; i < used; ++i) {
    const int d = order[i];
    const Index size = static_cast<Index>(first.shape[d]);
    Index bytes[kMaxOperands];
    bool joins = rank > 0;
    for (int k = 0; k < count; ++k) {
      bytes[k] = static_cast<Index>(views[k].strides[d]) * static_cast<Index>(size_of(views[k].dtype));
      joins = joins && bytes[k] == stride[k][rank - 1] * shape[rank - 1];
    }
    if (joins) {
      shape[rank - 1] *= size;
      continue;
    }
    shape[rank] = size;
    for (int k = 0; k < count; ++k) stride[k][rank] = bytes[k];
    ++rank;
  }
}

namespace {

// The same memory without one dimension. The new sizes and strides need a home.
struct Slice {
  std::int64_t shape[kMaxRank];
  std::int64_t strides[kMaxRank];

  View without(const View& v, int dim) {
    int rank = 0;
    for (int d = 0; d < v.rank; ++d) {
      if (d == dim) continue;
      shape[rank] = v.shape[d];
      strides[rank++] = v.strides[d];
    }
    return {v.data, v.dtype, rank, shape, strides};
  }
};

Space space_without(const View* views, int count, int dim) {
  Slice slices[kMaxOperands];
  View rest[kMaxOperands];
  for (int k = 0; k < count; ++k) rest[k] = slices[k].without(views[k], dim);
  return Space(rest, count);
}

}  // namespace

Lanes::Lanes(const View* views, int count, int dim) : space(space_without(views, count, dim)) {
  length = views[0].rank == 0 ? 1 : static_cast<Index>(views[count - 1].shape[dim]);
  for (int k = 0; k < count; ++k)
    step[k] = views[k].rank == 0
                  ? 0
                  : static_cast<Index>(views[k].strides[dim]) * static_cast<Index>(size_of(views[k].dtype));
}

Cursor::Cursor(const Space& space, Index position) {
  for (int k = 0; k < space.operands; ++k) offset[k] = 0;
  for (int d = 0; d < space.rank; ++d) {
    index[d] = position % space.shape[d];
    position /= space.shape[d];
    for (int k = 0; k < space.operands; ++k) offset[k] += index[d] * space.stride[k][d];
  }
}

void Cursor::carry(const Space& space) {
  for (int d = 0; d < space.rank && index[d] == space.shape[d]; ++d) {
    for (int k = 0; k < space.operands; ++k) offset[k] -= space.shape[d] * space.stride[k][d];
    index[d] = 0;
    if (d + 1 == space.rank) return;
    ++index[d + 1];
    for (int k = 0; k < space.operands; ++k) offset[k] += space.stride[k][d + 1];
  }
}

namespace {

void run_row(RowFn row, const void* context, void* const* pointers, const DType* types, int count, Index n) {
  const Index left = n % kRowLanes, whole = n - left;
  if (whole > 0) row(context, pointers, whole);
  if (left == 0) return;
  alignas(16) char rest[kMaxOperands][kRowLanes * 8] = {};
  void* places[kMaxOperands];
  for (int k = 0; k < count; ++k) {
    const DType type = types[k];
    const Index size = static_cast<Index>(size_of(type));
    places[k] = rest[k];
    if (k > 0) convert_row(rest[k], type, size, static_cast<const char*>(pointers[k]) + whole * size, type, size, left);
  }
  row(context, places, kRowLanes);
  const Index size = static_cast<Index>(size_of(types[0]));
  convert_row(static_cast<char*>(pointers[0]) + whole * size, types[0], size, rest[0], types[0], size, left);
}

struct Mapping {
  Space space;
  char* data[kMaxOperands];
  DType stored[kMaxOperands];
  DType seen[kMaxOperands];
  RowFn row;
  const void* context;

  Mapping(const View* views, int count, const DType* types, RowFn fn, const void* ctx)
      : space(views, count), row(fn), context(ctx) {
    for (int k = 0; k < count; ++k) {
      data[k] = static_cast<char*>(views[k].data);
      stored[k] = views[k].dtype;
      seen[k] = types[k];
    }
  }

  Index inner_stride(int k) const { return space.rank == 0 ? 0 : space.stride[k][0]; }

  // Rows can be used where they lie.
  bool is_direct(int k) const {
    return stored[k] == seen[k] && (space.rank == 0 || space.stride[k][0] == static_cast<Index>(size_of(stored[k])));
  }
  // All of the operand is one row.
  bool is_linear(int k) const {
    bool linear = is_direct(k);
    for (int d = 1; d < space.rank; ++d)
      linear = linear && space.stride[k][d] == space.stride[k][d - 1] * space.shape[d - 1];
    return linear;
  }

  bool has_short_rows() const {
    if (space.rank <= 1) return false;
    bool gathers = false;
    for (int k = 0; k < space.operands; ++k) gathers = gathers || !(is_direct(k) || (k > 0 && space.stride[k][0] == 0));
    return space.shape[0] < (gathers ? kShortRow : kShortDirectRow);
  }

  void run_long_rows(Index begin, Index end) const;
  void run_short_rows(Index begin, Index end) const;
};

struct alignas(16) Buffer {
  char bytes[kChunk * 8];
};

// One row at a time, in pieces of at most kChunk where an operand needs its buffer.
void Mapping::run_long_rows(Index begin, Index end) const {
  Buffer buffers[kMaxOperands];
  bool direct[kMaxOperands];
  const char* splat_of[kMaxOperands];  // the scalar that the buffer is filled with
  bool buffered = false;
  for (int k = 0; k < space.operands; ++k) {
    direct[k] = is_direct(k);
    splat_of[k] = nullptr;
    buffered = buffered || !direct[k];
  }
  Cursor cursor(space, begin);
  while (begin < end) {
    const Index left = space.rank == 0 ? 1 : space.shape[0] - cursor.index[0];
    Index n = std::min(left, end - begin);
    if (buffered) n = std::min(n, kChunk);
    void* pointers[kMaxOperands];
    for (int k = 0; k < space.operands; ++k) {
      char* place = data[k] + cursor.offset[k];
      pointers[k] = direct[k] ? place : buffers[k].bytes;
      if (direct[k] || k == 0) continue;
      const Index step = inner_stride(k);
      if (step == 0 && splat_of[k] == place) continue;
      // A scalar fills as much as later pieces of this row may want.
      const Index filled = step == 0 ? std::min(left, kChunk) : n;
      convert_row(buffers[k].bytes, seen[k], static_cast<Index>(size_of(seen[k])), place, stored[k], step, filled);
      splat_of[k] = step == 0 && filled == std::min(space.rank == 0 ? 1 : space.shape[0], kChunk) ? place : nullptr;
    }
    run_row(row, context, pointers, seen, space.operands, n);
    if (!direct[0])
      convert_row(data[0] + cursor.offset[0], stored[0], inner_stride(0), buffers[0].bytes, seen[0],
                  static_cast<Index>(size_of(seen[0])), n);
    cursor.advance(space, n);
    begin += n;
  }
}

// Many rows at once, gathered into buffers.
void Mapping::run_short_rows(Index begin, Index end) const {
  Buffer buffers[kMaxOperands];
  bool linear[kMaxOperands];
  for (int k = 0; k < space.operands; ++k) linear[k] = is_linear(k);
  while (begin < end) {
    const Index n = std::min(end - begin, kChunk);
    void* pointers[kMaxOperands];
    for (int k = 0; k < space.operands; ++k) {
      pointers[k] = linear[k] ? data[k] + begin * space.stride[k][0] : buffers[k].bytes;
      if (linear[k] || k == 0) continue;
      char* to = buffers[k].bytes;
      const Index size = static_cast<Index>(size_of(seen[k]));
      for_each_row(space, begin, begin + n, [&](const Cursor& cursor, Index count) {
        convert_row(to, seen[k], size, data[k] + cursor.offset[k], stored[k], inner_stride(k), count);
        to += count * size;
      });
    }
    run_row(row, context, pointers, seen, space.operands, n);
    if (!linear[0]) {
      const char* from = buffers[0].bytes;
      const Index size = static_cast<Index>(size_of(seen[0]));
      for_each_row(space, begin, begin + n, [&](const Cursor& cursor, Index count) {
        convert_row(data[0] + cursor.offset[0], stored[0], inner_stride(0), from, seen[0], size, count);
        from += count * size;
      });
    }
    begin += n;
  }
}

// True if the operand is one value over and over.
bool is_scalar(const View& v) {
  for (int d = 0; d < v.rank; ++d)
    if (v.shape[d] != 1 && v.strides[d] != 0) return false;
  return true;
}

// The common case of dense operands and scalars, without a Space. False if it is another one.
bool map_dense(const View* views, int count, const DType* types, Index grain, RowFn row, const void* context) {
  const View& out = views[0];
  std::int64_t size = 1;
  unsigned loose = 0;  // a bit for each operand that is not dense
  for (int d = out.rank - 1; d >= 0; size *= out.shape[d--])
    for (int k = 0; k < count && out.shape[d] != 1; ++k) loose |= unsigned{views[k].strides[d] != size} << k;
  for (int k = 0; k < count; ++k) loose |= unsigned{views[k].dtype != types[k]} << k;
  const Index total = static_cast<Index>(size);
  if (total == 0) return true;
  const auto place = [&](int k, Index at) {
    return static_cast<char*>(views[k].data) + at * static_cast<Index>(size_of(types[k]));
  };
  if (loose == 0) {
    parallel_for(total, grain, [&](Index begin, Index end) {
      void* pointers[kMaxOperands];
      for (int k = 0; k < count; ++k) pointers[k] = place(k, begin);
      run_row(row, context, pointers, types, count, end - begin);
    });
    return true;
  }
  bool scalar[kMaxOperands];
  for (int k = 0; k < count; ++k) {
    scalar[k] = (loose >> k & 1) != 0;
    if (scalar[k] && (k == 0 || !is_scalar(views[k]))) return false;
  }
  parallel_for(total, grain, [&](Index begin, Index end) {
    Buffer buffers[kMaxOperands];
    for (int k = 0; k < count; ++k)
      if (scalar[k])
        convert_row(buffers[k].bytes, types[k], static_cast<Index>(size_of(types[k])), views[k].data, views[k].dtype, 0,
                    std::min(end - begin, kChunk));
    for (; begin < end; begin += kChunk) {
      void* pointers[kMaxOperands];
      for (int k = 0; k < count; ++k)
        pointers[k] = scalar[k] ? buffers[k].bytes : place(k, begin);
      run_row(row, context, pointers, types, count, std::min(kChunk, end - begin));
    }
  });
  return true;
}

}  // namespace

void map_rows(const View* views, int count, const DType* types, Index grain, RowFn row, const void* context) {
  if (map_dense(views, count, types, grain, row, context)) return;
  const Mapping mapping(views, count, types, row, context);
  if (mapping.space.total == 0) return;
  const bool short_rows = mapping.has_short_rows();
  parallel_for(mapping.space.total, grain, [&](Index begin, Index end) {
    if (short_rows)
      mapping.run_short_rows(begin, end);
    else
      mapping.run_long_rows(begin, end);
  });
}

}  // namespace fluxion::kernels
