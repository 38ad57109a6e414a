#include "fluxion/core/allocator.h"

#include <bit>
#include <cstdlib>
#include <limits>
#include <vector>

#include "fluxion/core/error.h"

namespace fluxion {
namespace {

constexpr std::size_t kAlignment = 64;
// Classes: eight steps per power of two from 64 bytes up, so a block wastes at most an eighth.
constexpr int kStepBits = 3;
constexpr int kClasses = 64 << kStepBits;
// Above it, rounding up to a class overflows std::size_t, which is 32 bits wide in wasm.
constexpr std::uint64_t kLargest = std::numeric_limits<std::size_t>::max() / 9 * 8;

struct SizeClass {
  int index;
  std::size_t bytes;
};

SizeClass class_of(std::size_t bytes) {
  if (bytes <= kAlignment << kStepBits) {
    const std::size_t units = bytes == 0 ? 1 : (bytes + kAlignment - 1) / kAlignment;
    return {static_cast<int>(units), units * kAlignment};
  }
  const int shift = static_cast<int>(std::bit_width(bytes - 1)) - 1 - kStepBits;
  const std::size_t steps = ((bytes - 1) >> shift) + 1;  // in (2^3, 2^4]
  return {(shift << kStepBits) + static_cast<int>(steps), steps << shift};
}

struct Pool {
  std::vector<void*> free[kClasses];
  MemoryStats stats;
};

Pool& pool() {
  static Pool* p = new Pool;  // outlives every static tensor
  return *p;
}

std::size_t bytes_of_class(int index) {
  constexpr int small = 1 << kStepBits;
  if (index <= small) return static_cast<std::size_t>(index) * kAlignment;
  const int shift = (index - small - 1) >> kStepBits;
  return static_cast<std::size_t>(index - (shift << kStepBits)) << shift;
}

[[noreturn]] void refuse(std::uint64_t bytes) {
  throw OutOfMemoryError(str("out of memory: ", static_cast<double>(bytes) / 1048576, " MiB asked for, ",
                             static_cast<double>(pool().stats.bytes) / 1048576, " MiB in live tensors"));
}

}  // namespace

void* allocate_bytes(std::uint64_t bytes) {
  Pool& p = pool();
  if (bytes > kLargest) refuse(bytes);
  const SizeClass c = class_of(static_cast<std::size_t>(bytes));
  void* data = nullptr;
  auto& list = p.free[c.index];
  if (!list.empty()) {
    data = list.back();
    list.pop_back();
    ++p.stats.pool_hits;
  } else {
    data = std::aligned_alloc(kAlignment, c.bytes);
    if (data == nullptr) {
      release_cache();
      data = std::aligned_alloc(kAlignment, c.bytes);
    }
    if (data == nullptr) refuse(bytes);
    ++p.stats.fresh_allocations;
    p.stats.reserved_bytes += static_cast<std::int64_t>(c.bytes);
  }
  p.stats.bytes += static_cast<std::int64_t>(bytes);
  if (p.stats.bytes > p.stats.peak_bytes) p.stats.peak_bytes = p.stats.bytes;
  return data;
}

void free_bytes(void* data, std::size_t bytes) {
  Pool& p = pool();
  p.free[class_of(bytes).index].push_back(data);
  p.stats.bytes -= static_cast<std::int64_t>(bytes);
}

void release_cache() {
  Pool& p = pool();
  for (int i = 0; i < kClasses; ++i) {
    for (void* data : p.free[i]) {
      std::free(data);
      p.stats.reserved_bytes -= static_cast<std::int64_t>(bytes_of_class(i));
    }
    p.free[i].clear();
    p.free[i].shrink_to_fit();
  }
}

const MemoryStats& memory_stats() { return pool().stats; }

void reset_peak_memory() { pool().stats.peak_bytes = pool().stats.bytes; }

MemoryStats& detail::mutable_memory_stats() { return pool().stats; }

}  // namespace fluxion
