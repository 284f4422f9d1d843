#pragma once  // engine/sim/virtual_clock.h
// A clock that only moves when told to, and runs the timers it passes in order of their times.
#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "base/clock.h"

namespace promenade::sim {

class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Timestamp start) : now_(start) {}

  Timestamp now() const override { return now_; }
  int64_t monotonic_ns() const override { return now_.ms * 1'000'000; }
  TimerId call_at(Timestamp when, std::function<void()> callback) override;
  void cancel(TimerId id) override;

  // Runs every timer due up to and including `until`, including those that timers set meanwhile,
  // each with now() at its own time; then now() is `until`.
  void run_until(Timestamp until);
  // When the next timer is due; `fallback` when there is none.
  Timestamp next_due(Timestamp fallback) const;

 private:
  // Due time, then order of setting.
  std::map<std::pair<int64_t, uint64_t>, std::function<void()>> timers_;
  std::map<uint64_t, int64_t> due_by_id_;
  Timestamp now_;
  uint64_t last_id_ = 0;
};

}  // namespace promenade::sim
