#pragma once  // engine/base/executor.h
// Where work that needs no order may run: a thread pool natively, inline in the page.
#include <cstddef>
#include <functional>

namespace promenade {

class Executor {
 public:
  virtual ~Executor() = default;

  // How many calls parallel_for can have under way at once; at least 1.
  virtual size_t concurrency() const = 0;

  // Calls work(0) ... work(count - 1), each once, in any order and possibly at the same time, and
  // returns when all have returned. May be called from inside `work`.
  virtual void parallel_for(size_t count, const std::function<void(size_t)>& work) = 0;

  // Calls work() beside the event loop and, when that has returned, done() on the loop. Called on
  // the loop; where there is nothing beside it, both run at once. Any number of calls may be under
  // way: each makes progress, however long the others take.
  virtual void run_beside(std::function<void()> work, std::function<void()> done) {
    work();
    done();
  }
};

// Runs everything at once, in order, on the caller's stack.
class InlineExecutor final : public Executor {
 public:
  size_t concurrency() const override { return 1; }
  void parallel_for(size_t count, const std::function<void(size_t)>& work) override {
    for (size_t i = 0; i < count; ++i) work(i);
  }
};

}  // namespace promenade
