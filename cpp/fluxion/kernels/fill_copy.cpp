// Primitives that move values without computing: fill, arange, copy, where, tri.

#include <algorithm>

#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr Index kTile = 32;  // side of the blocks of a transposing copy: 32 rows of 32 floats fill 4 KB

void store_scalar(void* to, DType type, double value) { convert_row(to, type, 0, &value, DType::Float64, 0, 1); }

// Copies in the order of `space` (operand 0 from operand 1).
void copy_space(const Space& space, const View& out, const View& in) {
  parallel_for(space.total, kCheapGrain, [&](Index begin, Index end) {
    const Index to_stride = space.rank == 0 ? 0 : space.stride[0][0];
    const Index from_stride = space.rank == 0 ? 0 : space.stride[1][0];
    for_each_row(space, begin, end, [&](const Cursor& cursor, Index n) {
      convert_row(out.as<char>() + cursor.offset[0], out.dtype, to_stride, in.as<char>() + cursor.offset[1], in.dtype,
                  from_stride, n);
    });
  });
}

template <class T>
void copy_tile(char* to, Index to_row, const char* from, Index from_column, Index rows, Index columns) {
  for (Index r = 0; r < rows; ++r, to += to_row, from += sizeof(T)) {
    const char* source = from;
    for (Index c = 0; c < columns; ++c, source += from_column)
      store_bits<T>(to + c * static_cast<Index>(sizeof(T)), load_bits<T>(source));
  }
}

// Dimension 0 is dense in the output and dimension 1 in the input: tiles keep both within the cache.
void copy_transposed(const Space& space, const View& out, const View& in) {
  const Index size = static_cast<Index>(size_of(out.dtype));
  const Index columns = space.shape[0], rows = space.shape[1];
  const Index to_row = space.stride[0][1], from_column = space.stride[1][0];
  const Index planes = space.total / (rows * columns);
  const Index row_tiles = (rows + kTile - 1) / kTile;
  const Index tiles_per_task = std::max<Index>(1, kCheapGrain / (kTile * columns));
  parallel_for(planes * row_tiles, tiles_per_task, [&](Index begin, Index end) {
    for (Index tile = begin; tile < end; ++tile) {
      const Index row = tile % row_tiles * kTile;
      const Index height = std::min(kTile, rows - row);
      const Cursor cursor(space, (tile / row_tiles * rows + row) * columns);
      char* to = out.as<char>() + cursor.offset[0];
      const char* from = in.as<char>() + cursor.offset[1];
      for (Index column = 0; column < columns; column += kTile) {
        const Index width = std::min(kTile, columns - column);
        char* tile_to = to + column * size;
        const char* tile_from = from + column * from_column;
        if (size == 4)
          copy_tile<std::uint32_t>(tile_to, to_row, tile_from, from_column, height, width);
        else
          copy_tile<std::uint64_t>(tile_to, to_row, tile_from, from_column, height, width);
      }
    }
  });
}

bool is_transposed(const Space& space, Index size) {
  return space.rank >= 2 && size >= 4 && space.stride[0][0] == size && space.stride[1][1] == size &&
         space.shape[0] >= 8 && space.shape[1] >= 8;
}

void copy_view(const View& out, const View& in) {
  const Index size = static_cast<Index>(size_of(out.dtype));
  Index n = 0;
  if (out.dtype == in.dtype && is_contiguous(out, n) && is_contiguous(in, n)) {
    parallel_for(n, kCheapGrain, [&](Index begin, Index end) {
      copy_bytes(out.as<char>() + begin * size, in.as<char>() + begin * size, (end - begin) * size);
    });
    return;
  }
  const View views[2] = {out, in};
  const Space space(views, 2);
  if (space.total == 0) return;
  if (out.dtype == in.dtype && is_transposed(space, size))
    copy_transposed(space, out, in);
  else
    copy_space(space, out, in);
}

template <class T>
void where_row(const void*, void* const* pointers, Index n) {
  char* out = static_cast<char*>(pointers[0]);
  const std::uint8_t* condition = static_cast<const std::uint8_t*>(pointers[1]);
  const char* a = static_cast<const char*>(pointers[2]);
  const char* b = static_cast<const char*>(pointers[3]);
  constexpr Index size = sizeof(T);
  FLUXION_IVDEP
  for (Index i = 0; i < n; ++i) {
    const T left = load_bits<T>(a + i * size), right = load_bits<T>(b + i * size);
    store_bits<T>(out + i * size, condition[i] != 0 ? left : right);
  }
}

}  // namespace

void fill(const View* views, const void* params) {
  const View& out = views[0];
  const double value = static_cast<const FillParams*>(params)->value;
  alignas(8) char scalar[8];
  store_scalar(scalar, out.dtype, value);
  const Index size = static_cast<Index>(size_of(out.dtype));
  Index n = 0;
  if (is_contiguous(out, n)) {
    parallel_for(n, kCheapGrain, [&](Index begin, Index end) {
      convert_row(out.as<char>() + begin * size, out.dtype, size, scalar, out.dtype, 0, end - begin);
    });
    return;
  }
  const std::int64_t zeros[kMaxRank] = {};
  copy_view(out, View{scalar, out.dtype, out.rank, out.shape, zeros});
}

void arange(const View* views, const void* params) {
  const View& out = views[0];
  const auto& p = *static_cast<const ArangeParams*>(params);
  dispatch(out.dtype, [&]<class T> {
    T* y = out.as<T>();
    const Index n = static_cast<Index>(out.shape[0]), stride = static_cast<Index>(out.strides[0]);
    for (Index i = 0; i < n; ++i) y[i * stride] = convert<T>(p.start + p.step * static_cast<double>(i));
  });
}

void copy(const View* views, const void*) { copy_view(views[0], views[1]); }

void where(const View* views, const void*) {
  const DType type = views[0].dtype;
  const DType types[4] = {type, DType::Bool, type, type};
  const std::size_t size = size_of(type);
  const RowFn row = size == 1   ? where_row<std::uint8_t>
                    : size == 4 ? where_row<std::uint32_t>
                                : where_row<std::uint64_t>;
  map_rows(views, 4, types, kCheapGrain, row, nullptr);
}

// Row by row of the last two dimensions: one part is copied, the other one zero.
void tri(const View* views, const void* params) {
  const View &out = views[0], &in = views[1];
  const auto& p = *static_cast<const TriParams*>(params);
  const int last = out.rank - 1;
  const Index rows = static_cast<Index>(out.shape[last - 1]), columns = static_cast<Index>(out.shape[last]);
  Index planes = 1;
  for (int d = 0; d < last - 1; ++d) planes *= static_cast<Index>(out.shape[d]);
  if (planes * rows * columns == 0) return;

  const Index size = static_cast<Index>(size_of(out.dtype));
  const Index to_step = static_cast<Index>(out.strides[last]) * size;
  const Index from_step = static_cast<Index>(in.strides[last]) * size;
  const Index grain = std::max<Index>(1, kCheapGrain / columns);
  parallel_for(planes * rows, grain, [&](Index begin, Index end) {
    const double zero = 0;
    for (Index r = begin; r < end; ++r) {
      Index to = 0, from = 0, rest = r;
      for (int d = last - 1; d >= 0; --d) {
        const Index index = rest % static_cast<Index>(out.shape[d]);
        rest /= static_cast<Index>(out.shape[d]);
        to += index * static_cast<Index>(out.strides[d]);
        from += index * static_cast<Index>(in.strides[d]);
      }
      char* y = out.as<char>() + to * size;
      const char* x = in.as<char>() + from * size;
      // Columns up to i + diagonal are the lower triangle; the upper one begins at i + diagonal.
      const std::int64_t edge = static_cast<std::int64_t>(r % rows) + p.diagonal + (p.upper ? 0 : 1);
      const Index split = static_cast<Index>(std::clamp<std::int64_t>(edge, 0, columns));
      const Index kept = p.upper ? columns - split : split, first = p.upper ? split : 0;
      const Index cleared = columns - kept, clear_from = p.upper ? 0 : split;
      convert_row(y + first * to_step, out.dtype, to_step, x + first * from_step, in.dtype, from_step, kept);
      convert_row(y + clear_from * to_step, out.dtype, to_step, &zero, DType::Float64, 0, cleared);
    }
  });
}

}  // namespace fluxion::kernels::cpu
