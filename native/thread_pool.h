#pragma once  // native/thread_pool.h
// The engine's Executor on threads of its own. The calling thread takes part, so a call from
// inside a call can't deadlock: at worst it does all of its work alone.
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/executor.h"

namespace promenade::native {

class ThreadPool final : public Executor {
 public:
  // `concurrency` counts the caller; 0 is taken as 1.
  explicit ThreadPool(size_t concurrency);
  // Waits for the threads. No call may be under way.
  ~ThreadPool() override;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  size_t concurrency() const override { return threads_.size() + 1; }
  void parallel_for(size_t count, const std::function<void(size_t)>& work) override;

 private:
  struct Job;
  void run_thread();

  std::mutex mutex_;
  std::condition_variable has_work_;
  std::deque<std::shared_ptr<Job>> queue_;  // A job stands here once for each thread it invites.
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace promenade::native
