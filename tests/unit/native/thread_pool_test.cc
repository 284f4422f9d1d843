// Every index once, from any number of callers, also from inside itself.
#include "native/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>
#include <thread>

namespace promenade::native {
namespace {

TEST(ThreadPool, CallsEveryIndexOnce) {
  for (const size_t concurrency : {0, 1, 2, 8}) {
    ThreadPool pool(concurrency);
    std::vector<std::atomic<int>> calls(1000);
    pool.parallel_for(calls.size(), [&](size_t i) { ++calls[i]; });
    for (const auto& count : calls) ASSERT_EQ(count.load(), 1);
  }
}

TEST(ThreadPool, CountsItsCaller) {
  EXPECT_EQ(ThreadPool(0).concurrency(), 1u);
  EXPECT_EQ(ThreadPool(3).concurrency(), 3u);
}

TEST(ThreadPool, NothingToDoIsDoneAtOnce) {
  ThreadPool(2).parallel_for(0, [](size_t) { FAIL(); });
}

TEST(ThreadPool, CanBeCalledFromInside) {
  ThreadPool pool(3);
  std::atomic<int> sum = 0;
  pool.parallel_for(20, [&](size_t) { pool.parallel_for(20, [&](size_t) { ++sum; }); });
  EXPECT_EQ(sum.load(), 400);
}

TEST(ThreadPool, CanBeSharedByCallers) {
  ThreadPool pool(2);
  std::atomic<int> sum = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      for (int round = 0; round < 100; ++round) pool.parallel_for(5, [&](size_t) { ++sum; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(sum.load(), 2000);
}

// All indices wait for each other, so this ends only if they run at the same time.
TEST(ThreadPool, RunsAsManyAtOnceAsItSays) {
  ThreadPool pool(4);
  std::atomic<size_t> arrived = 0;
  pool.parallel_for(4, [&](size_t) {
    ++arrived;
    while (arrived.load() < 4) std::this_thread::yield();
  });
  EXPECT_EQ(arrived.load(), 4u);
}

}  // namespace
}  // namespace promenade::native
