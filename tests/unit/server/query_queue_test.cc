// tests/unit/server/query_queue_test.cc
// How many queries run at once, and in which order the others follow.
#include "server/query_queue.h"

#include <gtest/gtest.h>

#include <string>

namespace promenade::server {
namespace {

// Runs nothing until it is told to.
class ManualExecutor final : public Executor {
 public:
  size_t concurrency() const override { return 1; }
  void parallel_for(size_t count, const std::function<void(size_t)>& work) override {
    for (size_t i = 0; i < count; ++i) work(i);
  }
  void run_beside(std::function<void()> work, std::function<void()> done) override {
    given.emplace_back(std::move(work), std::move(done));
  }
  void run_next() {
    const auto [work, done] = std::move(given.front());
    given.pop_front();
    work();
    done();
  }
  std::deque<std::pair<std::function<void()>, std::function<void()>>> given;
};

TEST(QueryQueue, RunsSoManyAtOnceAndTheRestInOrder) {
  ManualExecutor executor;
  QueryQueue queue(executor, 2);
  std::string events;
  for (const char name : {'a', 'b', 'c', 'd'}) {
    queue.submit([&events, name] { events += name; }, [&events] { events += '.'; });
  }
  EXPECT_EQ(executor.given.size(), 2u);
  EXPECT_EQ(queue.running_count(), 2u);
  EXPECT_EQ(queue.waiting_count(), 2u);
  while (!executor.given.empty()) executor.run_next();
  EXPECT_EQ(events, "a.b.c.d.");
  EXPECT_EQ(queue.running_count(), 0u);
}

TEST(QueryQueue, ForgetsThoseThatWait) {
  ManualExecutor executor;
  QueryQueue queue(executor, 1);
  std::string events;
  for (const char name : {'a', 'b'}) {
    queue.submit([&events, name] { events += name; }, [] {});
  }
  queue.drop_waiting();
  while (!executor.given.empty()) executor.run_next();
  EXPECT_EQ(events, "a");
}

TEST(QueryQueue, ALimitOfNoneIsOne) {
  ManualExecutor executor;
  QueryQueue queue(executor, 0);
  queue.submit([] {}, [] {});
  EXPECT_EQ(executor.given.size(), 1u);
}

}  // namespace
}  // namespace promenade::server
