// Stable sort along one dimension. Elements of up to 4 bytes become 64-bit keys, the value's order above the index, so
// that plain integers are sorted. Longer ones, and lanes for which there is no memory, are sorted as indices that look
// their values up. Either way the index breaks ties, which makes the order stable.

#include "fluxion/core/sort.h"

#include <algorithm>
#include <bit>
#include <memory>
#include <new>

#include "fluxion/kernels/entries.h"
#include "fluxion/kernels/loops.h"

namespace fluxion::kernels::cpu {

namespace {

constexpr Index kSmallLane = 256;  // keys that fit on the stack

// Unsigned integers in the order of the values; NaN is the largest, −0 equals 0.
std::uint32_t order_of(float x) {
  if (x != x) return 0xffffffff;
  const std::uint32_t bits = std::bit_cast<std::uint32_t>(x == 0 ? 0.0f : x);
  return (bits >> 31) != 0 ? ~bits : bits | 0x80000000;
}
std::uint32_t order_of(std::int32_t x) { return static_cast<std::uint32_t>(x) ^ 0x80000000; }
std::uint32_t order_of(std::uint8_t x) { return x; }

std::uint64_t key_of(std::uint32_t order, Index at, bool descending) {
  return static_cast<std::uint64_t>(descending ? ~order : order) << 32 | static_cast<std::uint32_t>(at);
}

std::uint32_t order_at(const char* p, DType type) {
  switch (type) {
    case DType::Float32:
      return order_of(*reinterpret_cast<const float*>(p));
    case DType::Int32:
      return order_of(*reinterpret_cast<const std::int32_t*>(p));
    default:
      return order_of(*reinterpret_cast<const std::uint8_t*>(p));
  }
}

struct Strided {
  char* at;
  Index step;
  std::int32_t& operator[](Index i) const { return *reinterpret_cast<std::int32_t*>(at + i * step); }
};

struct Lane {
  char* indices;
  Index index_step;
  const char* in;
  Index in_step;
  DType type;
  Index length;
  bool descending;

  void put_index(Index i, std::uint32_t index) const { store_bits(indices + i * index_step, index); }

  void sort_keys(std::uint64_t* keys) const {
    for (Index i = 0; i < length; ++i) keys[i] = key_of(order_at(in + i * in_step, type), i, descending);
    std::sort(keys, keys + length);
    for (Index i = 0; i < length; ++i) put_index(i, static_cast<std::uint32_t>(keys[i]));
  }

  // Every type of ours fits a double.
  double value_at(std::int32_t index) const {
    double x;
    convert_row(&x, DType::Float64, 0, in + index * in_step, type, 0, 1);
    return x;
  }

  bool comes_before(std::int32_t a, std::int32_t b) const {
    const double x = value_at(a), y = value_at(b);
    const bool less = x < y || (x == x && y != y), greater = y < x || (y == y && x != x);
    if (less != greater) return descending ? greater : less;
    return a < b;
  }

  void sort_indices() const {
    for (Index i = 0; i < length; ++i) put_index(i, static_cast<std::uint32_t>(i));
    heap_sort(Strided{indices, index_step}, length, [&](std::int32_t a, std::int32_t b) { return comes_before(a, b); });
  }
};

}  // namespace

void sort(const View* views, const void* params) {
  const View &values = views[0], &indices = views[1], &in = views[2];
  const auto& p = *static_cast<const SortParams*>(params);
  const Lanes lanes(views, 3, p.dim);
  const Index n = lanes.length;
  if (n == 0) return;
  const bool has_keys = size_of(in.dtype) <= 4;
  parallel_for(lanes.space.total, lanes.grain(kCostlyGrain), [&](Index begin, Index end) {
    std::uint64_t small[kSmallLane];
    std::unique_ptr<std::uint64_t[]> large;
    std::uint64_t* keys = small;
    if (has_keys && n > kSmallLane) {
      large.reset(new (std::nothrow) std::uint64_t[static_cast<std::size_t>(n)]);
      keys = large.get();
    }
    lanes.for_each(begin, end, [&](const Index* offset) {
      const Lane lane{indices.as<char>() + offset[1],
                      lanes.step[1],
                      in.as<char>() + offset[2],
                      lanes.step[2],
                      in.dtype,
                      n,
                      p.descending};
      if (has_keys && keys != nullptr)
        lane.sort_keys(keys);
      else
        lane.sort_indices();
      char* to = values.as<char>() + offset[0];
      for (Index i = 0; i < n; ++i, to += lanes.step[0]) {
        const Index from = load_bits<std::int32_t>(lane.indices + i * lane.index_step);
        convert_row(to, values.dtype, 0, lane.in + from * lane.in_step, in.dtype, 0, 1);
      }
    });
  });
}

}  // namespace fluxion::kernels::cpu
