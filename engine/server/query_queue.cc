// Nothing tells the queue that a waiting query is over, so it looks at them now and then. Starting
// and answering a query may bring the next one, which is why no member is being changed meanwhile.
#include "server/query_queue.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace promenade::server {
namespace {

constexpr Duration kLookEvery = Duration::milliseconds(200);

}  // namespace

QueryQueue::QueryQueue(Executor& executor, Clock& clock, Limits limits)
    : executor_(executor), clock_(clock), limits_(limits) {
  limits_.running_max = std::max<uint64_t>(limits_.running_max, 1);
}

QueryQueue::~QueryQueue() {
  if (is_looking_again_) clock_.cancel(timer_);
}

bool QueryQueue::submit(std::shared_ptr<Task> task) {
  if (is_full()) remove_over();
  if (is_closed_ || is_full()) return false;
  waiting_.push_back(std::move(task));
  start_next();
  look_again_later();
  return true;
}

void QueryQueue::close() {
  is_closed_ = true;
  waiting_.clear();
}

bool QueryQueue::is_full() const {
  return running_count_ >= limits_.running_max && waiting_.size() >= limits_.waiting_max;
}

void QueryQueue::start_next() {
  while (!waiting_.empty() && running_count_ < limits_.running_max) {
    const auto task = std::move(waiting_.front());
    waiting_.pop_front();
    start(task);
  }
}

void QueryQueue::start(std::shared_ptr<Task> task) {
  if (!task->start()) return;
  ++running_count_;
  executor_.run_beside([task] { task->run(); },
                       [this, task] {
                         --running_count_;
                         task->finish();
                         start_next();
                       });
}

void QueryQueue::remove_over() {
  const auto first_over = std::stable_partition(waiting_.begin(), waiting_.end(),
                                                [](const auto& task) { return !task->is_over(); });
  const std::vector<std::shared_ptr<Task>> over(first_over, waiting_.end());
  waiting_.erase(first_over, waiting_.end());
  for (const auto& task : over) start(task);
}

void QueryQueue::look_again_later() {
  if (is_looking_again_ || waiting_.empty()) return;
  is_looking_again_ = true;
  timer_ = clock_.call_at(clock_.now() + kLookEvery, [this] {
    is_looking_again_ = false;
    remove_over();
    look_again_later();
  });
}

}  // namespace promenade::server
