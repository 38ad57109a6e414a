#pragma once
// A caching allocator: freed blocks are kept by size class and handed out again, so that a training loop
// allocates nothing fresh after its first step. All blocks are 64-byte aligned.

#include <cstddef>
#include <cstdint>

namespace fluxion {

struct MemoryStats {
  std::int64_t tensors = 0;            // live tensor handles' targets
  std::int64_t bytes = 0;              // in live storages
  std::int64_t peak_bytes = 0;         // highest `bytes` since reset_peak_memory()
  std::int64_t reserved_bytes = 0;     // live and cached, as taken from the system
  std::int64_t pool_hits = 0;          // allocations served from the cache
  std::int64_t fresh_allocations = 0;  // allocations that went to the system
};

// Throws OutOfMemoryError (after giving the cache back and trying once more). 0 bytes give a valid pointer.
void* allocate_bytes(std::uint64_t bytes);
void free_bytes(void* data, std::size_t bytes);  // the size asked for

// Gives cached blocks back to the system.
void release_cache();

const MemoryStats& memory_stats();
void reset_peak_memory();

namespace detail {
MemoryStats& mutable_memory_stats();
}

}  // namespace fluxion
