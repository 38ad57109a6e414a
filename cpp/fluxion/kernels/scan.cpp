// Along one dimension: the place of the largest or smallest element, and running sums and products.

#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"

namespace fluxion::kernels::cpu {

namespace {

// First of ties; the first NaN wins.
template <ArgReduce K, class T>
std::int32_t arg_of(const char* lane, Index step, Index n) {
  T best = *reinterpret_cast<const T*>(lane);
  Index at = 0;
  if (best != best) return 0;
  for (Index i = 1; i < n; ++i) {
    lane += step;
    const T x = *reinterpret_cast<const T*>(lane);
    if (x != x) return static_cast<std::int32_t>(i);
    if (K == ArgReduce::Max ? x > best : x < best) {
      best = x;
      at = i;
    }
  }
  return static_cast<std::int32_t>(at);
}

// Floats are summed in double, integers modulo 2^32.
template <Scan K, class T>
void scan_lane(char* to, Index to_step, const char* from, Index from_step, Index n) {
  using Sum = std::conditional_t<std::is_floating_point_v<T>, double, std::uint32_t>;
  Sum so_far = K == Scan::Sum ? 0 : 1;
  for (Index i = 0; i < n; ++i, to += to_step, from += from_step) {
    const Sum x = static_cast<Sum>(*reinterpret_cast<const T*>(from));
    so_far = K == Scan::Sum ? so_far + x : so_far * x;
    *reinterpret_cast<T*>(to) = static_cast<T>(so_far);
  }
}

}  // namespace

void arg_reduce(const View* views, const void* params) {
  const View &out = views[0], &in = views[1];
  const auto& p = *static_cast<const ArgReduceParams*>(params);
  const Lanes lanes(views, 2, p.dim);
  if (lanes.length == 0) return;
  dispatch(in.dtype, [&]<class T> {
    const auto arg = p.kind == ArgReduce::Max ? arg_of<ArgReduce::Max, T> : arg_of<ArgReduce::Min, T>;
    parallel_for(lanes.space.total, lanes.grain(kCheapGrain), [&](Index begin, Index end) {
      lanes.for_each(begin, end, [&](const Index* offset) {
        *reinterpret_cast<std::int32_t*>(out.as<char>() + offset[0]) =
            arg(in.as<char>() + offset[1], lanes.step[1], lanes.length);
      });
    });
  });
}

void scan(const View* views, const void* params) {
  const View &out = views[0], &in = views[1];
  const auto& p = *static_cast<const ScanParams*>(params);
  const Lanes lanes(views, 2, p.dim);
  dispatch(in.dtype, [&]<class T> {
    const auto run = p.kind == Scan::Sum ? scan_lane<Scan::Sum, T> : scan_lane<Scan::Prod, T>;
    parallel_for(lanes.space.total, lanes.grain(kCheapGrain), [&](Index begin, Index end) {
      lanes.for_each(begin, end, [&](const Index* offset) {
        run(out.as<char>() + offset[0], lanes.step[0], in.as<char>() + offset[1], lanes.step[1], lanes.length);
      });
    });
  });
}

}  // namespace fluxion::kernels::cpu
