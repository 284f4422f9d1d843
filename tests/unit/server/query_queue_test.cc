// tests/unit/server/query_queue_test.cc
// How many queries run at once, in which order the others follow, and which don't wait.
#include "server/query_queue.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "manual_executor.h"

namespace promenade::server {
namespace {

class ManualClock final : public Clock {
 public:
  Timestamp now() const override { return now_; }
  int64_t monotonic_ns() const override { return 0; }
  TimerId call_at(Timestamp when, std::function<void()> callback) override {
    timers_.emplace(++last_, std::pair(when, std::move(callback)));
    return TimerId{last_};
  }
  void cancel(TimerId id) override { timers_.erase(static_cast<uint64_t>(id)); }

  void advance(Duration by) {
    now_ = now_ + by;
    const auto all = std::move(timers_);
    timers_.clear();
    for (const auto& [id, timer] : all) {
      if (timer.first <= now_) {
        timer.second();
      } else {
        timers_.emplace(id, timer);
      }
    }
  }
  size_t timer_count() const { return timers_.size(); }

 private:
  Timestamp now_{};
  uint64_t last_ = 0;
  std::map<uint64_t, std::pair<Timestamp, std::function<void()>>> timers_;
};

class QueryQueueTest : public testing::Test {
 protected:
  // Writes down what happens to it: "a" ran, "." finished, "!" found to be over.
  struct NamedTask final : QueryQueue::Task {
    NamedTask(std::string& events, char name) : events(events), name(name) {}
    bool is_over() const override { return over; }
    bool start() override {
      if (over) events += '!';
      return !over;
    }
    void run() override { events += name; }
    void finish() override { events += '.'; }

    std::string& events;
    char name;
    bool over = false;
  };

  std::shared_ptr<NamedTask> task(char name) { return std::make_shared<NamedTask>(events_, name); }
  void run_all() {
    while (!executor_.given.empty()) executor_.run_next();
  }

  ManualExecutor executor_;
  ManualClock clock_;
  std::string events_;
};

TEST_F(QueryQueueTest, RunsSoManyAtOnceAndTheRestInOrder) {
  QueryQueue queue(executor_, clock_, {.running_max = 2});
  for (const char name : {'a', 'b', 'c', 'd'}) EXPECT_TRUE(queue.submit(task(name)));
  EXPECT_EQ(executor_.given.size(), 2u);
  EXPECT_EQ(queue.running_count(), 2u);
  EXPECT_EQ(queue.waiting_count(), 2u);
  run_all();
  EXPECT_EQ(events_, "a.b.c.d.");
  EXPECT_EQ(queue.running_count(), 0u);
}

TEST_F(QueryQueueTest, ALimitOfNoneIsOne) {
  QueryQueue queue(executor_, clock_, {.running_max = 0});
  EXPECT_TRUE(queue.submit(task('a')));
  EXPECT_EQ(executor_.given.size(), 1u);
  run_all();
}

TEST_F(QueryQueueTest, AnswersSoonWhatIsOverWhileItWaits) {
  QueryQueue queue(executor_, clock_, {.running_max = 1});
  const auto b = task('b');
  const auto c = task('c');
  for (const auto& each : {task('a'), b, c, task('d')}) EXPECT_TRUE(queue.submit(each));
  b->over = c->over = true;
  clock_.advance(Duration::seconds(1));
  EXPECT_EQ(events_, "!!");
  EXPECT_EQ(queue.waiting_count(), 1u);
  run_all();
  EXPECT_EQ(events_, "!!a.d.");
  clock_.advance(Duration::seconds(1));
  EXPECT_EQ(clock_.timer_count(), 0u);
}

TEST_F(QueryQueueTest, RefusesMoreThanMayWait) {
  QueryQueue queue(executor_, clock_, {.running_max = 1, .waiting_max = 2});
  const auto c = task('c');
  for (const auto& each : {task('a'), task('b'), c}) EXPECT_TRUE(queue.submit(each));
  EXPECT_EQ(queue.waiting_count(), 2u);
  EXPECT_FALSE(queue.submit(task('d')));
  // One that is over makes room.
  c->over = true;
  EXPECT_TRUE(queue.submit(task('e')));
  EXPECT_EQ(events_, "!");
  run_all();
  EXPECT_EQ(events_, "!a.b.e.");
}

TEST_F(QueryQueueTest, RunsThoughNoneMayWait) {
  QueryQueue queue(executor_, clock_, {.running_max = 1, .waiting_max = 0});
  EXPECT_TRUE(queue.submit(task('a')));
  EXPECT_FALSE(queue.submit(task('b')));
  run_all();
  EXPECT_TRUE(queue.submit(task('c')));
  run_all();
  EXPECT_EQ(events_, "a.c.");
}

TEST_F(QueryQueueTest, ClosedForgetsThoseThatWaitAndTakesNoMore) {
  QueryQueue queue(executor_, clock_, {.running_max = 1});
  for (const char name : {'a', 'b'}) EXPECT_TRUE(queue.submit(task(name)));
  queue.close();
  EXPECT_FALSE(queue.submit(task('c')));
  run_all();
  EXPECT_EQ(events_, "a.");
  EXPECT_FALSE(queue.submit(task('d')));
  EXPECT_TRUE(executor_.given.empty());
}

}  // namespace
}  // namespace promenade::server
