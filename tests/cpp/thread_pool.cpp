#include "fluxion/core/thread_pool.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <thread>
#include <vector>

#include "check.h"

namespace fluxion {
namespace {

// The pool at a size, and at one thread again afterwards.
struct Threads {
  explicit Threads(int n) { set_thread_count(n); }
  ~Threads() { set_thread_count(1); }
};

TEST(thread_pool_visits_every_item_once) {
  for (const int threads : {1, 2, 3, 5}) {
    const Threads pool(threads);
    for (const std::ptrdiff_t count : {0, 1, 2, 7, 64, 1000}) {
      for (const std::ptrdiff_t grain : {1, 3, 64, 5000}) {
        std::vector<std::atomic<int>> visits(static_cast<std::size_t>(count));
        parallel_for(count, grain, [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
          for (std::ptrdiff_t i = begin; i < end; ++i) ++visits[static_cast<std::size_t>(i)];
        });
        if (!CHECK(std::all_of(visits.begin(), visits.end(), [](const auto& v) { return v == 1; }))) return;
      }
    }
  }
}

TEST(thread_pool_blocks_follow_the_grain) {
  const Threads pool(3);
  if (thread_count() == 1) return;
  std::atomic<int> wrong{0}, blocks{0};
  parallel_for(103, 10, [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
    ++blocks;
    if (begin % 10 != 0 || end != std::min<std::ptrdiff_t>(begin + 10, 103)) ++wrong;
  });
  CHECK_EQ(wrong.load(), 0);
  CHECK_EQ(blocks.load(), 11);
}

TEST(thread_pool_runs_nested_calls_inline) {
  const Threads pool(3);
  std::atomic<int> sum{0}, moved{0};
  parallel_for(16, 1, [&](std::ptrdiff_t begin, std::ptrdiff_t end) {
    for (std::ptrdiff_t i = begin; i < end; ++i) {
      const auto self = std::this_thread::get_id();
      parallel_for(16, 1, [&](std::ptrdiff_t b, std::ptrdiff_t e) {
        if (std::this_thread::get_id() != self) ++moved;
        sum += static_cast<int>(e - b);
      });
    }
  });
  CHECK_EQ(sum.load(), 256);
  if (thread_count() > 1) CHECK_EQ(moved.load(), 0);
}

// Many short jobs, with workers that come late, are asleep, or still hold a block.
TEST(thread_pool_survives_many_short_jobs) {
  const Threads pool(4);
  std::ptrdiff_t total = 0;
  for (int job = 0; job < 20'000; ++job) {
    std::atomic<std::ptrdiff_t> sum{0};
    parallel_for(5, 1, [&](std::ptrdiff_t begin, std::ptrdiff_t end) { sum += end - begin; });
    total += sum;
  }
  CHECK_EQ(total, 100'000);
}

TEST(thread_pool_grows_and_shrinks) {
  for (const int threads : {2, 4, 1, 3, 2, 1}) {
    set_thread_count(threads);
    CHECK(thread_count() == threads || thread_count() == 1);
    std::atomic<int> sum{0};
    parallel_for(50, 1, [&](std::ptrdiff_t begin, std::ptrdiff_t end) { sum += static_cast<int>(end - begin); });
    CHECK_EQ(sum.load(), 50);
  }
  set_thread_count(0);
  CHECK_EQ(thread_count(), 1);
}

#if !defined(__EMSCRIPTEN__)
TEST(thread_pool_shares_work) {
  const Threads pool(2);
  std::atomic<int> others{0};
  const auto caller = std::this_thread::get_id();
  parallel_for(40, 1, [&](std::ptrdiff_t, std::ptrdiff_t) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (std::this_thread::get_id() != caller) ++others;
  });
  CHECK(others > 5 && others < 35);
}

TEST(thread_pool_sleeps_when_idle) {
  const Threads pool(4);
  parallel_for(8, 1, [](std::ptrdiff_t, std::ptrdiff_t) {});
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const std::clock_t before = std::clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 20);
}
#endif

}  // namespace
}  // namespace fluxion
