// Reductions. Every accumulator is a double, whatever the type: sums of float32 are then exact to about the
// last place in any order, integers are exact up to 2^53 (what does not fit the result's type saturates), and
// maxima lose nothing. float64 sums are pairwise.
//
// Long reductions are cut into segments by their length alone, so that results do not depend on threads.

#include <algorithm>
#include <cmath>
#include <limits>

#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"
#include "fluxion/kernels/simd.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr Index kSegment = 32768;  // elements of a row that are reduced in one piece
constexpr Index kMaxSegments = 256;
constexpr Index kPairwise = 512;      // elements below which a sum is not halved
constexpr Index kColumns = 128;       // accumulators of a column reduction
constexpr Index kColumnSegments = 8;  // pieces of a long column reduction
constexpr Index kLongColumn = 4096;
constexpr Index kGathered = 256;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

constexpr bool is_sum(Reduce k) { return k == Reduce::Sum || k == Reduce::SumSquares; }

// ---- contiguous rows ------------------------------------------------------------------------------------

template <Reduce K>
double combine(double a, double b) {
  if constexpr (is_sum(K)) {
    return a + b;
  } else if constexpr (K == Reduce::Prod) {
    return a * b;
  } else if constexpr (K == Reduce::Max) {
    return a > b || a != a ? a : b;
  } else {
    static_assert(K == Reduce::Min);
    return a < b || a != a ? a : b;
  }
}

template <Reduce K>
simd::F64x2 combine(simd::F64x2 a, simd::F64x2 x) {
  if constexpr (K == Reduce::SumSquares)
    return simd::madd(x, x, a);
  else if constexpr (K == Reduce::Sum)
    return a + x;
  else
    return a * x;
}

template <class T>
simd::F64x2 load_pair(const T* x) {
  return {simd::F64x2::Raw{static_cast<double>(x[0]), static_cast<double>(x[1])}};
}
inline simd::F64x2 load_pair(const double* x) { return simd::F64x2::load(x); }

// Sums and products: eight lanes, folded in a fixed order.
template <Reduce K, class T>
double fold_lanes(const T* x, Index n) {
  const double start = K == Reduce::Prod ? 1 : 0;
  simd::F64x2 lanes[4];
  for (auto& lane : lanes) lane = simd::F64x2::splat(start);
  Index i = 0;
  for (; i + 8 <= n; i += 8)
    for (int k = 0; k < 4; ++k) lanes[k] = combine<K>(lanes[k], load_pair(x + i + 2 * k));
  constexpr Reduce fold = K == Reduce::SumSquares ? Reduce::Sum : K;
  const simd::F64x2 folded = combine<fold>(combine<fold>(lanes[0], lanes[1]), combine<fold>(lanes[2], lanes[3]));
  double result = combine<K>(folded[0], folded[1]);
  for (; i < n; ++i) {
    const double v = static_cast<double>(x[i]);
    result = combine<K>(result, K == Reduce::SumSquares ? v * v : v);
  }
  return result;
}

template <Reduce K, class T>
double sum_pairwise(const T* x, Index n) {
  if (n <= kPairwise) return fold_lanes<K>(x, n);
  const Index half = (n / 2 + kPairwise - 1) / kPairwise * kPairwise;
  return sum_pairwise<K>(x, half) + sum_pairwise<K>(x + half, n - half);
}

template <Reduce K, class V>
V extreme(V a, V b) {
  if constexpr (K == Reduce::Max)
    return simd::max(a, b);
  else
    return simd::min(a, b);
}

// The row is not empty.
template <Reduce K, class T>
double extreme_of(const T* x, Index n) {
  using V = simd::Simd<T>;
  V a = V::splat(x[0]), b = a;
  Index i = 0;
  for (; i + 2 * V::lanes <= n; i += 2 * V::lanes) {
    a = extreme<K>(a, V::load(x + i));
    b = extreme<K>(b, V::load(x + i + V::lanes));
  }
  for (; i < n; i += V::lanes)
    a = extreme<K>(a, V::load_partial(x + i, static_cast<int>(std::min<Index>(V::lanes, n - i)), x[0]));
  a = extreme<K>(a, b);
  return static_cast<double>(K == Reduce::Max ? simd::max_lane(a) : simd::min_lane(a));
}

template <Reduce K, class T>
double reduce_row(const void* row, Index n) {
  const T* x = static_cast<const T*>(row);
  if constexpr (is_sum(K))
    return sum_pairwise<K>(x, n);
  else if constexpr (K == Reduce::Prod)
    return fold_lanes<K>(x, n);
  else
    return extreme_of<K>(x, n);
}

// accumulators[j] takes in row[j].
template <Reduce K, class T>
void add_row(double* accumulators, const void* row, Index n) {
  const T* x = static_cast<const T*>(row);
  FLUXION_IVDEP
  for (Index j = 0; j < n; ++j) {
    const double v = static_cast<double>(x[j]);
    accumulators[j] = combine<K>(accumulators[j], K == Reduce::SumSquares ? v * v : v);
  }
}

// ---- one reduction --------------------------------------------------------------------------------------

struct Reducer {
  double start;
  double (*combine)(double, double);
  double (*row)(const void*, Index);
  void (*add_row)(double*, const void*, Index);
};

template <Reduce K>
Reducer reducer_for(DType type, double start) {
  if (type == DType::Float32) return {start, combine<K>, reduce_row<K, float>, add_row<K, float>};
  if (type == DType::Float64) return {start, combine<K>, reduce_row<K, double>, add_row<K, double>};
  return {start, combine<K>, reduce_row<K, std::int32_t>, add_row<K, std::int32_t>};
}

Reducer reducer_for(Reduce kind, DType type) {
  switch (kind) {
    case Reduce::Sum:
    case Reduce::Mean:
      return reducer_for<Reduce::Sum>(type, 0);
    case Reduce::Prod:
      return reducer_for<Reduce::Prod>(type, 1);
    case Reduce::Max:
      return reducer_for<Reduce::Max>(type, -kInfinity);
    case Reduce::Min:
      return reducer_for<Reduce::Min>(type, kInfinity);
    case Reduce::Any:
      return reducer_for<Reduce::Max>(type, 0);
    case Reduce::All:
      return reducer_for<Reduce::Min>(type, 1);
    default:
      return reducer_for<Reduce::SumSquares>(type, 0);
  }
}

// bool and uint8 are reduced as int32.
DType computed_type(DType d) { return is_floating(d) ? d : DType::Int32; }

struct Job {
  Reducer reducer;
  DType type;    // that the rows are seen as
  DType stored;  // of the input
  DType result;
  double divisor;  // of Mean, otherwise 1

  void store(void* to, double value) const {
    value /= divisor;
    if (result == DType::Float32)
      *static_cast<float*>(to) = static_cast<float>(value);
    else
      convert_row(to, result, 0, &value, DType::Float64, 0, 1);
  }

  // n elements, `step` bytes apart.
  double strided_row(const char* x, Index step, Index n) const {
    if (stored == type && step == static_cast<Index>(size_of(type))) return reducer.row(x, n);
    alignas(16) char gathered[kGathered * 8];
    double result_so_far = reducer.start;
    for (; n > 0; n -= kGathered, x += kGathered * step) {
      const Index count = std::min(n, kGathered);
      convert_row(gathered, type, static_cast<Index>(size_of(type)), x, stored, step, count);
      result_so_far = reducer.combine(result_so_far, reducer.row(gathered, count));
    }
    return result_so_far;
  }

  // Positions [begin, end) of the reduced dimensions, from `base` on.
  double positions(const char* base, const Space& reduced, Index begin, Index end) const {
    if (reduced.rank <= 1) {
      const Index step = reduced.rank == 0 ? 0 : reduced.stride[0][0];
      return strided_row(base + begin * step, step, end - begin);
    }
    double so_far = reducer.start;
    for_each_row(reduced, begin, end, [&](const Cursor& cursor, Index n) {
      so_far = reducer.combine(so_far, strided_row(base + cursor.offset[0], reduced.stride[0][0], n));
    });
    return so_far;
  }

  // All of them, in segments where they are many.
  double all(const char* base, const Space& reduced) const {
    const Index total = reduced.total;
    if (total == 0) return reducer.start;
    if (total <= 2 * kSegment) return positions(base, reduced, 0, total);
    const Index length = std::max(kSegment, (total + kMaxSegments - 1) / kMaxSegments);
    const Index count = (total + length - 1) / length;
    double partial[kMaxSegments];
    parallel_for(count, 1, [&](Index begin, Index end) {
      for (Index s = begin; s < end; ++s)
        partial[s] = positions(base, reduced, s * length, std::min(total, (s + 1) * length));
    });
    double so_far = partial[0];
    for (Index s = 1; s < count; ++s) so_far = reducer.combine(so_far, partial[s]);
    return so_far;
  }

  // A run of n <= kColumns outputs whose inputs lie side by side; rows are added to all of them at once.
  void columns(const char* base, const Space& reduced, Index n, double* sums) const {
    const Index pieces = reduced.total >= kLongColumn ? kColumnSegments : 1;
    double partial[kColumnSegments][kColumns];
    parallel_for(pieces, 1, [&](Index first, Index last) {
      for (Index s = first; s < last; ++s) {
        std::fill_n(partial[s], n, reducer.start);
        const Index begin = reduced.total * s / pieces, end = reduced.total * (s + 1) / pieces;
        for_each_row(reduced, begin, end, [&](const Cursor& cursor, Index count) {
          const char* row = base + cursor.offset[0];
          const Index step = reduced.rank == 0 ? 0 : reduced.stride[0][0];
          for (Index i = 0; i < count; ++i, row += step) reducer.add_row(partial[s], row, n);
        });
      }
    });
    for (Index j = 0; j < n; ++j) {
      sums[j] = partial[0][j];
      for (Index s = 1; s < pieces; ++s) sums[j] = reducer.combine(sums[j], partial[s][j]);
    }
  }
};

// The dimensions of `v` that are reduced (or not): sizes and strides of the input, strides of the output.
struct Part {
  int rank = 0;
  std::int64_t shape[kMaxRank];
  std::int64_t in_strides[kMaxRank];
  std::int64_t out_strides[kMaxRank];

  void add(const View& out, const View& in, int d) {
    shape[rank] = in.shape[d];
    in_strides[rank] = in.strides[d];
    out_strides[rank++] = out.strides[d];
  }
};

// Few dense elements, to one or over their first dimensions: the same sums in the same order as below, without a walk
// through strides. False if it is another case.
bool reduce_small(const View& out, const View& in, Reduce kind) {
  Index n = 0, columns = 0;
  const DType type = in.dtype;
  if (computed_type(type) != type || !is_contiguous(in, n) || !is_contiguous(out, columns)) return false;
  if (n == 0 || n > kCheapGrain || columns > kColumns) return false;
  int d = 0;
  for (Index left = n; left > columns; ++d) {
    if (out.shape[d] != 1) return false;
    left /= static_cast<Index>(in.shape[d]);
  }
  const Index rows = n / columns;
  if (columns > 1 && rows >= kLongColumn) return false;
  const Job job{reducer_for(kind, type), type, type, out.dtype, kind == Reduce::Mean ? static_cast<double>(rows) : 1};
  if (columns == 1) {
    job.store(out.data, job.reducer.row(in.data, n));
    return true;
  }
  const Index size = static_cast<Index>(size_of(type)), step = static_cast<Index>(size_of(out.dtype));
  double sums[kColumns];
  std::fill_n(sums, columns, job.reducer.start);
  for (Index r = 0; r < rows; ++r) job.reducer.add_row(sums, in.as<char>() + r * columns * size, columns);
  for (Index j = 0; j < columns; ++j) job.store(out.as<char>() + j * step, sums[j]);
  return true;
}

}  // namespace

void reduce(const View* views, const void* params) {
  const View &out = views[0], &in = views[1];
  const Reduce kind = static_cast<const ReduceParams*>(params)->kind;
  const DType type = computed_type(in.dtype);

  if (reduce_small(out, in, kind)) return;

  Part kept_part, reduced_part;
  double reduced_count = 1;
  for (int d = 0; d < in.rank; ++d) {
    const bool is_reduced = out.shape[d] == 1 && in.shape[d] != 1;
    (is_reduced ? reduced_part : kept_part).add(out, in, d);
    if (is_reduced) reduced_count *= static_cast<double>(in.shape[d]);
  }
  const Job job{reducer_for(kind, type), type, in.dtype, out.dtype, kind == Reduce::Mean ? reduced_count : 1};
  const View kept_views[2] = {{out.data, out.dtype, kept_part.rank, kept_part.shape, kept_part.out_strides},
                              {in.data, in.dtype, kept_part.rank, kept_part.shape, kept_part.in_strides}};
  const View reduced_view{in.data, in.dtype, reduced_part.rank, reduced_part.shape, reduced_part.in_strides};
  const Space kept(kept_views, 2), reduced(&reduced_view, 1);
  if (kept.total == 0) return;

  const Index size = static_cast<Index>(size_of(in.dtype));
  const Index out_step = kept.rank == 0 ? 0 : kept.stride[0][0];
  const Index in_step = kept.rank == 0 ? 0 : kept.stride[1][0];
  const Index grain = std::max<Index>(1, kCheapGrain / std::max<Index>(1, reduced.total));
  const bool rows_are_dense = reduced.rank > 0 && reduced.total > 0 && reduced.stride[0][0] == size;
  const bool by_columns = !rows_are_dense && in.dtype == type && kept.rank > 0 && in_step == size && kept.shape[0] > 1;

  if (by_columns) {
    parallel_for(kept.total, std::max(grain, kColumns), [&](Index begin, Index end) {
      double sums[kColumns];
      for_each_row(kept, begin, end, [&](const Cursor& cursor, Index n) {
        for (Index at = 0; at < n; at += kColumns) {
          const Index count = std::min(kColumns, n - at);
          job.columns(in.as<char>() + cursor.offset[1] + at * in_step, reduced, count, sums);
          for (Index j = 0; j < count; ++j) job.store(out.as<char>() + cursor.offset[0] + (at + j) * out_step, sums[j]);
        }
      });
    });
    return;
  }
  parallel_for(kept.total, grain, [&](Index begin, Index end) {
    for_each_row(kept, begin, end, [&](const Cursor& cursor, Index n) {
      for (Index i = 0; i < n; ++i)
        job.store(out.as<char>() + cursor.offset[0] + i * out_step,
                  job.all(in.as<char>() + cursor.offset[1] + i * in_step, reduced));
    });
  });
}

}  // namespace fluxion::kernels::cpu
