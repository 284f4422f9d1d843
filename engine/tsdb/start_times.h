#pragma once  // engine/tsdb/start_times.h
// When the counter behind each float of a series began to count, for those that say so
// (https://opentelemetry.io/docs/specs/otel/metrics/data-model/#resets-and-gaps). A counter keeps
// its start for as long as its process runs, so only the changes are stored.
#include <cstdint>
#include <span>
#include <vector>

namespace promenade::tsdb {

class StartTimes {
 public:
  // The start that the sample at `time_ms` came with; 0 when it came with none. In order of time.
  void append(int64_t time_ms, int64_t start_ms);
  // Appends the start of the sample at each of `times_ms`, which ascend, to `out`.
  void read(std::span<const int64_t> times_ms, std::vector<int64_t>& out) const;
  // Forgets what no sample at or after `before_ms` needs.
  void truncate(int64_t before_ms);

 private:
  struct Change {
    int64_t first_ms;  // Of the first sample with this start.
    int64_t start_ms;
  };
  std::vector<Change> changes_;
};

}  // namespace promenade::tsdb
