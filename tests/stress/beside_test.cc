// tests/stress/beside_test.cc
// Queries beside appends, truncation and new series: what the server does all day, without its
// sockets. Small enough to be built under ThreadSanitizer (the tsan preset), which is what it is
// for.
#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>

#include "base/random.h"
#include "native/thread_pool.h"
#include "promql/engine.h"
#include "promql/evaluator/selections.h"
#include "promql/parser/parser.h"
#include "tsdb/head.h"
#include "tsdb/head_snapshot.h"

namespace promenade {
namespace {

constexpr const char* kQueries[] = {
    "sum by (group) (rate(counter_total[5m]))",
    "max_over_time(sum(rate(counter_total[2m]))[10m:1m])",
    "counter_total * on (instance) group_left gauge",
    "topk(3, gauge) or quantile_over_time(0.9, gauge[5m])",
    "count({__name__=~\".+\"})",
    "label_replace(gauge, \"copy\", \"$1\", \"instance\", \"(.*)\") unless counter_total > 1e9",
};
constexpr int64_t kStepMs = 15'000;
constexpr int kSeries = 600;  // More than a shard, so that one query uses several threads.
constexpr int kRounds = 120;

// The event loop: this test's own thread.
class Loop {
 public:
  void post(std::function<void()> callback) {
    const std::lock_guard lock(mutex_);
    callbacks_.push_back(std::move(callback));
  }
  void run_posted() {
    std::unique_lock lock(mutex_);
    while (!callbacks_.empty()) {
      const std::function<void()> callback = std::move(callbacks_.front());
      callbacks_.pop_front();
      lock.unlock();
      callback();
      lock.lock();
    }
  }

 private:
  std::mutex mutex_;
  std::deque<std::function<void()>> callbacks_;
};

struct Running {
  promql::ExprPtr expr;
  promql::QueryRange range;
  std::unique_ptr<tsdb::HeadSnapshot> snapshot;
  Result<promql::QueryResult> result;
};

class BesideTest : public testing::Test {
 protected:
  void scrape(int round) {
    tsdb::Appender appender = head_.appender();
    const int64_t now_ms = round * kStepMs;
    for (int i = 0; i < kSeries; ++i) {
      // Now and then an instance is replaced by a new one.
      const std::string instance = std::to_string(i) + "-" + std::to_string((round + i) / 50);
      const std::string group = std::to_string(i % 7);
      const Labels counter{{"__name__", "counter_total"}, {"group", group}, {"instance", instance}};
      const Labels gauge{{"__name__", "gauge"}, {"instance", instance}};
      appender.append(appender.series(counter), {now_ms}, static_cast<double>(round * (i + 1)));
      appender.append(appender.series(gauge), {now_ms}, random_.uniform());
    }
    appender.commit();
    if (round % 20 == 19) head_.truncate({now_ms - 40 * kStepMs});
  }

  void start_query(int round) {
    const auto running = std::make_shared<Running>();
    const auto& text = kQueries[static_cast<size_t>(round) % std::size(kQueries)];
    running->expr = std::move(*promql::parse(text));
    const Timestamp now{round * kStepMs};
    running->range = {now - Duration::minutes(5), now, Duration::milliseconds(kStepMs)};
    const auto needs = promql::needs_of(*running->expr, running->range, Duration::minutes(5));
    running->snapshot = std::move(*head_.snapshot(needs->selections));
    ++running_count_;
    pool_.run_beside(
        [this, running] {
          promql::EngineOptions options;
          options.is_canceled = [this] { return is_canceled_.load(); };
          running->result = promql::evaluate_range(*running->expr, running->range,
                                                   *running->snapshot, pool_, options);
        },
        [this, running] {
          --running_count_;
          running->snapshot = nullptr;
          if (is_canceled_) return;
          EXPECT_TRUE(running->result) << running->result.error().message;
        });
  }

  Random random_{1};
  tsdb::Head head_;
  Loop loop_;
  std::atomic<bool> is_canceled_ = false;
  int running_count_ = 0;
  native::ThreadPool pool_{
      3, [this](std::function<void()> callback) { loop_.post(std::move(callback)); }};
};

TEST_F(BesideTest, QueriesRunWhileTheHeadChanges) {
  for (int round = 0; round < kRounds; ++round) {
    scrape(round);
    if (running_count_ < 4) start_query(round);
    loop_.run_posted();
  }
  pool_.finish();
  loop_.run_posted();
  EXPECT_EQ(running_count_, 0);
}

TEST_F(BesideTest, CanceledQueriesEnd) {
  for (int round = 0; round < 30; ++round) {
    scrape(round);
    start_query(round);
  }
  is_canceled_ = true;
  pool_.finish();
  loop_.run_posted();
  EXPECT_EQ(running_count_, 0);
}

}  // namespace
}  // namespace promenade
