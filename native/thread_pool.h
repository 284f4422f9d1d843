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
  // How something is made to run on the event loop, from any thread.
  using Post = std::function<void(std::function<void()>)>;

  // `concurrency` counts the caller of parallel_for(); 0 is taken as 1. Without `post`,
  // run_beside() may not be called.
  explicit ThreadPool(size_t concurrency, Post post = nullptr);
  // As finish().
  ~ThreadPool() override;
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  size_t concurrency() const override { return threads_.size() + 1; }
  void parallel_for(size_t count, const std::function<void(size_t)>& work) override;
  // Each call has a thread of its own, which is kept for later ones, so that the operating system
  // shares the processors out between a long call and short ones.
  void run_beside(std::function<void()> work, std::function<void()> done) override;

  // Waits until everything that was given to run_beside() has run and been posted, and ends the
  // threads. No parallel_for() but theirs may be under way, and nothing may be given any more.
  void finish();

 private:
  struct Job;
  struct Task {
    std::function<void()> work;
    std::function<void()> done;
  };
  void run_thread();
  void run_runner();

  std::mutex mutex_;
  std::condition_variable has_work_;
  std::deque<std::shared_ptr<Job>> queue_;  // A job stands here once for each thread it invites.
  bool is_stopping_ = false;
  std::vector<std::thread> threads_;

  Post post_;
  std::mutex tasks_mutex_;
  std::condition_variable has_task_;
  std::deque<Task> tasks_;
  size_t idle_runners_ = 0;
  bool is_finishing_ = false;
  std::vector<std::thread> runners_;
};

}  // namespace promenade::native
