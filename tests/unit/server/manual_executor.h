#pragma once  // tests/unit/server/manual_executor.h
#include <deque>
#include <functional>
#include <utility>

#include "base/executor.h"

namespace promenade::server {

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

}  // namespace promenade::server
