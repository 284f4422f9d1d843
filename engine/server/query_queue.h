#pragma once  // engine/server/query_queue.h
// Lets a limited number of queries run beside the event loop; the others wait in the order they
// came. Used on the loop only.
#include <cstdint>
#include <deque>
#include <functional>
#include <utility>

#include "base/executor.h"

namespace promenade::server {

class QueryQueue {
 public:
  QueryQueue(Executor& executor, uint64_t running_max)
      : executor_(executor), running_max_(running_max == 0 ? 1 : running_max) {}

  // Runs work() beside the loop when there is room, and then done() on the loop.
  void submit(std::function<void()> work, std::function<void()> done) {
    waiting_.emplace_back(std::move(work), std::move(done));
    start();
  }

  // Gives up those that have not begun; their done() is never called.
  void drop_waiting() { waiting_.clear(); }

  uint64_t running_count() const { return running_count_; }
  size_t waiting_count() const { return waiting_.size(); }

 private:
  void start() {
    while (!waiting_.empty() && running_count_ < running_max_) {
      auto [work, done] = std::move(waiting_.front());
      waiting_.pop_front();
      ++running_count_;
      executor_.run_beside(std::move(work), [this, done = std::move(done)] {
        --running_count_;
        done();
        start();
      });
    }
  }

  Executor& executor_;
  uint64_t running_max_;
  uint64_t running_count_ = 0;
  std::deque<std::pair<std::function<void()>, std::function<void()>>> waiting_;
};

}  // namespace promenade::server
