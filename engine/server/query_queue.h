#pragma once  // engine/server/query_queue.h
// Lets a limited number of queries run beside the event loop; the others wait in the order they
// came. Those whose client has gone or whose time is up don't wait for their turn. Used on the loop
// only.
#include <cstdint>
#include <deque>
#include <memory>

#include "base/clock.h"
#include "base/executor.h"

namespace promenade::server {

class QueryQueue {
 public:
  struct Limits {
    uint64_t running_max = 20;  // 0 counts as 1.
    // Who comes later had better ask again than be answered too late.
    uint64_t waiting_max = 256;
  };

  class Task {
   public:
    virtual ~Task() = default;  // On the loop.
    // Whether waiting has become pointless.
    virtual bool is_over() const = 0;
    // On the loop, when its turn has come, or when is_over(). False: it has been answered already.
    virtual bool start() = 0;
    virtual void run() = 0;     // Beside the loop, after start().
    virtual void finish() = 0;  // On the loop, after run().
  };

  // Both must outlive the queue, and the executor must have finished what it was given.
  QueryQueue(Executor& executor, Clock& clock, Limits limits);
  ~QueryQueue();
  QueryQueue(const QueryQueue&) = delete;
  QueryQueue& operator=(const QueryQueue&) = delete;

  // Starts the task when there is room, or later. False, and the task is untouched, when too many
  // wait or the queue is closed.
  bool submit(std::shared_ptr<Task> task);

  // Gives up those that wait, which are not answered, and takes no more.
  void close();
  bool is_closed() const { return is_closed_; }

  uint64_t running_max() const { return limits_.running_max; }
  uint64_t running_count() const { return running_count_; }
  size_t waiting_count() const { return waiting_.size(); }

 private:
  bool is_full() const;
  void start_next();
  void start(std::shared_ptr<Task> task);
  void remove_over();
  void look_again_later();

  Executor& executor_;
  Clock& clock_;
  Limits limits_;
  uint64_t running_count_ = 0;
  std::deque<std::shared_ptr<Task>> waiting_;
  bool is_closed_ = false;
  bool is_looking_again_ = false;
  TimerId timer_{};
};

}  // namespace promenade::server
