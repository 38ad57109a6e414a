#include "fluxion/core/thread_pool.h"

#if defined(__EMSCRIPTEN__) && !defined(__EMSCRIPTEN_PTHREADS__)

namespace fluxion {

int thread_count() { return 1; }
void set_thread_count(int) {}

namespace detail {
void parallel_for(std::ptrdiff_t count, std::ptrdiff_t, RangeFn fn, void* context) { fn(context, 0, count); }
}  // namespace detail

}  // namespace fluxion

#else

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <system_error>
#include <thread>
#include <vector>

#if defined(__EMSCRIPTEN__)
#include <emscripten/threading.h>

#include <limits>
#endif

namespace fluxion {

namespace {

// How often an idle worker looks for new work before it sleeps: some 20 µs, which bridges the gap between two
// kernels of one training step.
#if defined(__EMSCRIPTEN__)
constexpr int kSpins = 8000;
#else
constexpr int kSpins = 500;
#endif
constexpr int kMostWorkers = 255;

void pause_briefly() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#endif
}

// A word to sleep on. (libc++'s std::atomic::wait polls under Emscripten.)
struct Signal {
  std::atomic<std::uint32_t> value{0};
  std::atomic<int> sleeping{0};

  // Wakes up to `count` sleepers. A waiter counts itself before it compares the value, a caller changes the
  // value before it looks for sleepers: one of them sees the other.
  void raise(int count) {
    value.fetch_add(1);
    if (sleeping.load() == 0) return;
#if defined(__EMSCRIPTEN__)
    emscripten_futex_wake(&value, count);
#else
    if (count == 1)
      value.notify_one();
    else
      value.notify_all();
#endif
  }

  void sleep_while(std::uint32_t seen) {
    sleeping.fetch_add(1);
#if defined(__EMSCRIPTEN__)
    emscripten_futex_wait(&value, seen, std::numeric_limits<double>::infinity());
#else
    value.wait(seen);
#endif
    sleeping.fetch_sub(1);
  }
};

// The one job that runs. `gate` is open while workers may enter, and counts those inside; the caller closes
// it when no block is left and returns when it reads zero, so the fields never change under a worker.
struct Pool {
  static constexpr std::uint32_t kOpen = 1u << 31;

  alignas(64) Signal signal;
  alignas(64) std::atomic<std::uint32_t> gate{0};
  alignas(64) std::atomic<std::ptrdiff_t> next{0};  // block to hand out
  alignas(64) std::atomic<int> wanted{0};           // workers with a number below this go on living
  std::atomic_flag busy;                            // a caller is inside

  detail::RangeFn fn = nullptr;
  void* context = nullptr;
  std::ptrdiff_t count = 0, grain = 1;

  std::vector<std::thread> workers;

  ~Pool() { resize(0); }

  void take_blocks() {
    const std::ptrdiff_t blocks = (count + grain - 1) / grain;
    for (;;) {
      const std::ptrdiff_t block = next.fetch_add(1, std::memory_order_relaxed);
      if (block >= blocks) return;
      const std::ptrdiff_t begin = block * grain;
      fn(context, begin, std::min(count, begin + grain));
    }
  }

  bool enter() {
    std::uint32_t now = gate.load(std::memory_order_relaxed);
    while ((now & kOpen) != 0)
      if (gate.compare_exchange_weak(now, now + 1, std::memory_order_acquire)) return true;
    return false;
  }

  void work(int number);
  void resize(int n);
};

Pool pool;
thread_local bool inside = false;  // a parallel_for: what it calls runs inline

void Pool::work(int number) {
  inside = true;
  std::uint32_t seen = signal.value.load(std::memory_order_acquire);
  while (number < wanted.load(std::memory_order_acquire)) {
    if (enter()) {
      take_blocks();
      gate.fetch_sub(1, std::memory_order_release);
    }
    for (int i = 0; i < kSpins && signal.value.load(std::memory_order_acquire) == seen; ++i) pause_briefly();
    if (signal.value.load(std::memory_order_acquire) == seen) signal.sleep_while(seen);
    seen = signal.value.load(std::memory_order_acquire);
  }
}

void Pool::resize(int n) {
  wanted.store(n, std::memory_order_release);
  signal.raise(kMostWorkers);
  while (static_cast<int>(workers.size()) > n) {
    workers.back().join();
    workers.pop_back();
  }
  try {
    while (static_cast<int>(workers.size()) < n) {
      const int number = static_cast<int>(workers.size());
      workers.emplace_back([this, number] { work(number); });
    }
  } catch (const std::system_error&) {
    // The platform gives no more threads: those that run will do.
  }
}

}  // namespace

int thread_count() { return static_cast<int>(pool.workers.size()) + 1; }

void set_thread_count(int n) { pool.resize(std::clamp(n - 1, 0, kMostWorkers)); }

namespace detail {

void parallel_for(std::ptrdiff_t count, std::ptrdiff_t grain, RangeFn fn, void* context) {
  if (inside || pool.workers.empty() || pool.busy.test_and_set(std::memory_order_acquire)) {
    fn(context, 0, count);
    return;
  }
  pool.fn = fn;
  pool.context = context;
  pool.count = count;
  pool.grain = std::max<std::ptrdiff_t>(grain, 1);
  pool.next.store(0, std::memory_order_relaxed);
  pool.gate.store(Pool::kOpen, std::memory_order_release);
  const std::ptrdiff_t helpers = (count - 1) / pool.grain;
  pool.signal.raise(static_cast<int>(std::min<std::ptrdiff_t>(helpers, kMostWorkers)));
  inside = true;
  pool.take_blocks();
  inside = false;
  // The others finish the block they hold. Spinning, because a page's main thread may not sleep.
  pool.gate.fetch_and(~Pool::kOpen, std::memory_order_acq_rel);
  for (int i = 0; pool.gate.load(std::memory_order_acquire) != 0; ++i) {
    if (i < kSpins)
      pause_briefly();
    else
      std::this_thread::yield();
  }
  pool.busy.clear(std::memory_order_release);
}

}  // namespace detail

}  // namespace fluxion

#endif
