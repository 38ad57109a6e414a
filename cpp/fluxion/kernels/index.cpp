// Reading and adding by index. Adding goes through the indices in order, on one thread: the same cell may be hit
// many times, and its sum must not depend on threads.

#include <algorithm>

#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"

namespace fluxion::kernels::cpu {

namespace {

std::int32_t index_at(const char* p) { return load_bits<std::int32_t>(p); }

Index bytes_of_stride(const View& v, int dim) {
  return v.rank == 0 ? 0 : static_cast<Index>(v.strides[dim]) * static_cast<Index>(size_of(v.dtype));
}

// `v` with another shape, and standing still along `dim`. The strides need a home.
struct StillAlong {
  std::int64_t strides[kMaxRank];
  View view;

  StillAlong(const View& v, int dim, const std::int64_t* shape) : view{v.data, v.dtype, v.rank, shape, strides} {
    for (int d = 0; d < v.rank; ++d) strides[d] = d == dim ? 0 : v.strides[d];
  }
};

template <class T>
void gather_row(char* out, Index out_step, const char* index, Index index_step, const char* in, Index in_step,
                Index along, Index n) {
  for (Index i = 0; i < n; ++i) {
    store_bits<T>(out, load_bits<T>(in + index_at(index) * along));
    out += out_step;
    index += index_step;
    in += in_step;
  }
}

template <class T>
void add_to(char* cell, const char* value) {
  T& x = *reinterpret_cast<T*>(cell);
  const T v = *reinterpret_cast<const T*>(value);
  if constexpr (std::is_same_v<T, bool>)
    x = x || v;
  else if constexpr (std::is_floating_point_v<T>)
    x += v;
  else
    x = static_cast<T>(static_cast<std::uint32_t>(x) + static_cast<std::uint32_t>(v));
}

template <class T>
void add_row(char* out, Index out_step, const char* src, Index src_step, Index n) {
  if (out_step == static_cast<Index>(sizeof(T)) && src_step == out_step) {
    FLUXION_IVDEP
    for (Index i = 0; i < n; ++i)
      add_to<T>(out + i * static_cast<Index>(sizeof(T)), src + i * static_cast<Index>(sizeof(T)));
    return;
  }
  for (Index i = 0; i < n; ++i, out += out_step, src += src_step) add_to<T>(out, src);
}

}  // namespace

void gather(const View* views, const void* params) {
  const View &out = views[0], &in = views[1], &index = views[2];
  const int dim = static_cast<const IndexParams*>(params)->dim;
  const StillAlong source(in, dim, out.shape);
  const View walked[3] = {out, source.view, index};
  const Space space(walked, 3);
  const Index along = bytes_of_stride(in, dim);
  const std::size_t size = size_of(out.dtype);
  const auto row = size == 1   ? gather_row<std::uint8_t>
                   : size == 4 ? gather_row<std::uint32_t>
                               : gather_row<std::uint64_t>;
  Index step[3] = {};
  for (int k = 0; k < 3 && space.rank > 0 && space.total > 0; ++k) step[k] = space.stride[k][0];
  parallel_for(space.total, kCheapGrain, [&](Index begin, Index end) {
    for_each_row(space, begin, end, [&](const Cursor& cursor, Index n) {
      row(out.as<char>() + cursor.offset[0], step[0], index.as<char>() + cursor.offset[2], step[2],
          in.as<char>() + cursor.offset[1], step[1], along, n);
    });
  });
}

void scatter_add(const View* views, const void* params) {
  const View &out = views[0], &index = views[1], &src = views[2];
  const auto& p = *static_cast<const IndexParams*>(params);
  const int dim = p.dim;
  const bool assign = p.assign;
  const StillAlong target(out, dim, index.shape);
  const View walked[3] = {index, target.view, {src.data, src.dtype, src.rank, index.shape, src.strides}};
  const Space space(walked, 3);
  const Index along = bytes_of_stride(out, dim);
  dispatch(out.dtype, [&]<class T> {
    for_each_row(space, 0, space.total, [&](const Cursor& cursor, Index n) {
      const char* at = index.as<char>() + cursor.offset[0];
      char* to = out.as<char>() + cursor.offset[1];
      const char* from = src.as<char>() + cursor.offset[2];
      for (Index i = 0; i < n; ++i) {
        char* cell = to + index_at(at) * along;
        if (assign)
          store_bits<T>(cell, load_bits<T>(from));
        else
          add_to<T>(cell, from);
        if (space.rank == 0) return;
        at += space.stride[0][0];
        to += space.stride[1][0];
        from += space.stride[2][0];
      }
    });
  });
}

// For each index, one slice across `dim`; the slices' other dimensions are walked as one space.
void index_select(const View* views, const void* params) {
  const View &out = views[0], &in = views[1], &index = views[2];
  const int dim = static_cast<const IndexParams*>(params)->dim;
  const Lanes slices(views, 2, dim);
  const Index count = element_count(index), slice = slices.space.total;
  if (slice == 0) return;
  const Index index_step = bytes_of_stride(index, 0);
  const Index grain = std::max<Index>(1, kCheapGrain / slice);
  const Index out_step = slices.space.rank == 0 ? 0 : slices.space.stride[0][0];
  const Index in_step = slices.space.rank == 0 ? 0 : slices.space.stride[1][0];
  const Index size = static_cast<Index>(size_of(out.dtype));
  const bool dense = slices.space.rank == 1 && out_step == size && in_step == size;
  parallel_for(count, grain, [&](Index begin, Index end) {
    for (Index i = begin; i < end; ++i) {
      char* to = out.as<char>() + i * slices.step[0];
      const char* from = in.as<char>() + index_at(index.as<char>() + i * index_step) * slices.step[1];
      if (dense) {
        copy_bytes(to, from, slice * size);
        continue;
      }
      for_each_row(slices.space, 0, slice, [&](const Cursor& cursor, Index n) {
        convert_row(to + cursor.offset[0], out.dtype, out_step, from + cursor.offset[1], out.dtype, in_step, n);
      });
    }
  });
}

void index_add(const View* views, const void* params) {
  const View &out = views[0], &index = views[1], &src = views[2];
  const int dim = static_cast<const IndexParams*>(params)->dim;
  // Sizes are taken from src: `out` may be longer along `dim` only.
  const View walked[2] = {src, out};
  const Lanes slices(walked, 2, dim);
  const Index count = element_count(index), slice = slices.space.total;
  const Index index_step = bytes_of_stride(index, 0);
  const Index src_step = slices.space.rank == 0 || slice == 0 ? 0 : slices.space.stride[0][0];
  const Index out_step = slices.space.rank == 0 || slice == 0 ? 0 : slices.space.stride[1][0];
  dispatch(out.dtype, [&]<class T> {
    for (Index i = 0; i < count; ++i) {
      const char* from = src.as<char>() + i * slices.step[0];
      char* to = out.as<char>() + index_at(index.as<char>() + i * index_step) * slices.step[1];
      if (slices.space.rank == 1) {
        add_row<T>(to, out_step, from, src_step, slice);
        continue;
      }
      for_each_row(slices.space, 0, slice, [&](const Cursor& cursor, Index n) {
        add_row<T>(to + cursor.offset[1], out_step, from + cursor.offset[0], src_step, n);
      });
    }
  });
}

}  // namespace fluxion::kernels::cpu
