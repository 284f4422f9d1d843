// engine/tsdb/start_times.cc
// A run of samples with one start is one entry.
#include "tsdb/start_times.h"

#include <algorithm>

namespace promenade::tsdb {

void StartTimes::append(int64_t time_ms, int64_t start_ms) {
  const int64_t present_ms = changes_.empty() ? 0 : changes_.back().start_ms;
  if (start_ms != present_ms) changes_.push_back({time_ms, start_ms});
}

void StartTimes::read(std::span<const int64_t> times_ms, std::vector<int64_t>& out) const {
  auto next = changes_.begin();
  int64_t start_ms = 0;
  for (const int64_t time_ms : times_ms) {
    for (; next != changes_.end() && next->first_ms <= time_ms; ++next) start_ms = next->start_ms;
    out.push_back(start_ms);
  }
}

void StartTimes::truncate(int64_t before_ms) {
  const auto is_old = [&](const Change& change) { return change.first_ms <= before_ms; };
  const auto first_new = std::partition_point(changes_.begin(), changes_.end(), is_old);
  // The newest of the old ones is still in force.
  if (first_new != changes_.begin()) changes_.erase(changes_.begin(), first_new - 1);
}

}  // namespace promenade::tsdb
