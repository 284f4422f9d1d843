// Every index once, from any number of callers, also from inside itself.
#include "native/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
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

// A loop for what a pool posts: run() goes on until `count` callbacks have run.
class TestLoop {
 public:
  ThreadPool::Post post() {
    return [this](std::function<void()> callback) {
      const std::lock_guard lock(mutex_);
      callbacks_.push_back(std::move(callback));
      posted_.notify_one();
    };
  }
  void run(size_t count) {
    for (size_t i = 0; i < count; ++i) {
      std::unique_lock lock(mutex_);
      posted_.wait(lock, [this] { return !callbacks_.empty(); });
      const std::function<void()> callback = std::move(callbacks_.front());
      callbacks_.pop_front();
      lock.unlock();
      callback();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable posted_;
  std::deque<std::function<void()>> callbacks_;
};

TEST(ThreadPool, WorksBesideTheLoopAndIsDoneOnIt) {
  TestLoop loop;
  ThreadPool pool(2, loop.post());
  const auto loop_thread = std::this_thread::get_id();
  std::thread::id worked_on;
  std::thread::id done_on;
  pool.run_beside([&] { worked_on = std::this_thread::get_id(); },
                  [&] { done_on = std::this_thread::get_id(); });
  loop.run(1);
  EXPECT_NE(worked_on, loop_thread);
  EXPECT_EQ(done_on, loop_thread);
}

TEST(ThreadPool, AShortCallDoesNotWaitForALongOne) {
  TestLoop loop;
  ThreadPool pool(1, loop.post());
  std::atomic<bool> is_short_done = false;
  int done = 0;
  pool.run_beside(
      [&] {
        while (!is_short_done) std::this_thread::yield();
      },
      [&] { ++done; });
  pool.run_beside([] {}, [&] { is_short_done = true; });
  loop.run(2);
  EXPECT_EQ(done, 1);
}

TEST(ThreadPool, FinishesWhatItWasGiven) {
  TestLoop loop;
  ThreadPool pool(2, loop.post());
  std::atomic<int> calls = 0;
  for (int i = 0; i < 20; ++i) {
    pool.run_beside([&] { pool.parallel_for(10, [&](size_t) { ++calls; }); }, [] {});
  }
  pool.finish();
  EXPECT_EQ(calls.load(), 200);
  loop.run(20);
}

}  // namespace
}  // namespace promenade::native
