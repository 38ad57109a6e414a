#pragma once
// One pool for the whole library. Work is split into blocks that are handed out dynamically; how a range
// is cut never depends on the number of threads, so results do not either.

#include <cstddef>
#include <utility>

namespace fluxion {

// Threads that take part in parallel_for, the caller included. 1 where the platform has none.
int thread_count();

// Starts or stops workers so that n threads take part (n >= 1). Called by init; not while kernels run.
void set_thread_count(int n);

namespace detail {
using RangeFn = void (*)(void* context, std::ptrdiff_t begin, std::ptrdiff_t end);
void parallel_for(std::ptrdiff_t count, std::ptrdiff_t grain, RangeFn fn, void* context);
}  // namespace detail

// Calls f(begin, end) over disjoint blocks of `grain` items that cover [0, count). Runs on the caller when
// there is one block, one thread, or when already inside a parallel_for. f must not throw.
template <class F>
void parallel_for(std::ptrdiff_t count, std::ptrdiff_t grain, F&& f) {
  if (count <= 0) return;
  // Not inlined: the body stands in the binary once, whichever way it is called.
  const detail::RangeFn run = [](void* context, std::ptrdiff_t begin, std::ptrdiff_t end) __attribute__((noinline)) {
    (*static_cast<std::remove_reference_t<F>*>(context))(begin, end);
  };
  void* const context = const_cast<void*>(static_cast<const void*>(&f));
  if (count <= grain || thread_count() == 1)
    run(context, 0, count);
  else
    detail::parallel_for(count, grain, run, context);
}

}  // namespace fluxion
