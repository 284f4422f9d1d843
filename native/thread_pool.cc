// A job is a counter that threads take indices from. Threads that come too late find it used up and
// leave it; shared ownership keeps it alive for them.
#include "native/thread_pool.h"

#include <algorithm>
#include <atomic>

namespace promenade::native {

struct ThreadPool::Job {
  Job(size_t count, const std::function<void(size_t)>& work) : count(count), work(work) {}

  // Works until no index is left.
  void take_part() {
    for (;;) {
      const size_t index = next.fetch_add(1);
      if (index >= count) return;
      work(index);
      if (finished.fetch_add(1) + 1 < count) continue;
      const std::lock_guard lock(mutex);
      all_finished.notify_all();
    }
  }

  void wait() {
    std::unique_lock lock(mutex);
    all_finished.wait(lock, [this] { return finished.load() == count; });
  }

  const size_t count;
  // Lives until wait() returns; nobody calls it afterwards, because no index is left.
  const std::function<void(size_t)>& work;
  std::atomic<size_t> next = 0;
  std::atomic<size_t> finished = 0;
  std::mutex mutex;
  std::condition_variable all_finished;
};

ThreadPool::ThreadPool(size_t concurrency, Post post) : post_(std::move(post)) {
  for (size_t i = 1; i < concurrency; ++i) threads_.emplace_back([this] { run_thread(); });
}

ThreadPool::~ThreadPool() {
  finish();
}

void ThreadPool::finish() {
  {
    const std::lock_guard lock(tasks_mutex_);
    is_finishing_ = true;
  }
  has_task_.notify_all();
  for (std::thread& runner : runners_) runner.join();
  runners_.clear();
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  has_work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

void ThreadPool::run_beside(std::function<void()> work, std::function<void()> done) {
  {
    const std::lock_guard lock(tasks_mutex_);
    tasks_.push_back({std::move(work), std::move(done)});
    if (tasks_.size() > idle_runners_) runners_.emplace_back([this] { run_runner(); });
  }
  has_task_.notify_one();
}

void ThreadPool::run_runner() {
  std::unique_lock lock(tasks_mutex_);
  for (;;) {
    ++idle_runners_;
    has_task_.wait(lock, [this] { return is_finishing_ || !tasks_.empty(); });
    --idle_runners_;
    if (tasks_.empty()) return;
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    lock.unlock();
    task.work();
    task.work = nullptr;
    post_(std::move(task.done));
    lock.lock();
  }
}

void ThreadPool::parallel_for(size_t count, const std::function<void(size_t)>& work) {
  if (count == 0) return;
  const auto job = std::make_shared<Job>(count, work);
  const size_t helpers = std::min(count - 1, threads_.size());
  if (helpers > 0) {
    const std::lock_guard lock(mutex_);
    queue_.insert(queue_.end(), helpers, job);
  }
  for (size_t i = 0; i < helpers; ++i) has_work_.notify_one();
  job->take_part();
  job->wait();
}

void ThreadPool::run_thread() {
  std::unique_lock lock(mutex_);
  for (;;) {
    has_work_.wait(lock, [this] { return is_stopping_ || !queue_.empty(); });
    if (is_stopping_) return;
    const std::shared_ptr<Job> job = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    job->take_part();
    lock.lock();
  }
}

}  // namespace promenade::native
