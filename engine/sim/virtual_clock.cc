// Timers in a map by due time and order of setting; running one may add and remove others.
#include "sim/virtual_clock.h"

#include <algorithm>

namespace promenade::sim {

TimerId VirtualClock::call_at(Timestamp when, std::function<void()> callback) {
  const uint64_t id = ++last_id_;
  // A time in the past is due now: timers set for the same instant then still run in order.
  const int64_t due = std::max(when, now_).ms;
  timers_.emplace(std::pair(due, id), std::move(callback));
  due_by_id_.emplace(id, due);
  return TimerId{id};
}

void VirtualClock::cancel(TimerId id) {
  const auto found = due_by_id_.find(static_cast<uint64_t>(id));
  if (found == due_by_id_.end()) return;
  timers_.erase({found->second, found->first});
  due_by_id_.erase(found);
}

void VirtualClock::run_until(Timestamp until) {
  while (!timers_.empty() && timers_.begin()->first.first <= until.ms) {
    const auto first = timers_.begin();
    now_ = std::max(now_, Timestamp{first->first.first});
    // Out of the maps before it runs, for it may set and cancel timers itself.
    const std::function<void()> callback = std::move(first->second);
    due_by_id_.erase(first->first.second);
    timers_.erase(first);
    callback();
  }
  now_ = std::max(now_, until);
}

Timestamp VirtualClock::next_due(Timestamp fallback) const {
  return timers_.empty() ? fallback : Timestamp{timers_.begin()->first.first};
}

}  // namespace promenade::sim
