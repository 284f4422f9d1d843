// engine/tsdb/head_statistics.cc
// The figures of /api/v1/status/tsdb (Prometheus: tsdb/index/postings.go, Stats). They are counted
// when asked for, so that appending pays nothing for them.
#include <algorithm>

#include "tsdb/head_state.h"

namespace promenade::tsdb {
namespace {

// The `limit` largest; equal counts by name, so that the answer doesn't depend on hashing.
void keep_largest(std::vector<LabelCount>& counts, size_t limit) {
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(std::min(limit, counts.size()));
  std::partial_sort(counts.begin(), middle, counts.end(),
                    [](const LabelCount& a, const LabelCount& b) {
                      return a.value != b.value ? a.value > b.value : a.name < b.name;
                    });
  counts.erase(middle, counts.end());
}

void count_samples(const std::vector<std::unique_ptr<MemorySeries>>& all,
                   HeadStatistics& statistics) {
  statistics.time_range = {{INT64_MAX}, {INT64_MIN}};
  for (const std::unique_ptr<MemorySeries>& series : all) {
    if (series == nullptr) continue;
    statistics.sample_count += series->sample_count();
    statistics.chunk_count += series->chunk_count();
    const TimeRange range = series->time_range();
    statistics.time_range.start = std::min(statistics.time_range.start, range.start);
    statistics.time_range.end = std::max(statistics.time_range.end, range.end);
  }
}

void count_values(const LabelIndex& index, const std::string& name, HeadStatistics& statistics) {
  uint64_t value_count = 0;
  uint64_t byte_count = 0;
  index.visit_values(name, [&](std::string_view value, const Postings& series) {
    ++value_count;
    byte_count += static_cast<uint64_t>(value.size()) * series.size();
    if (name == kMetricName) {
      statistics.series_by_metric_name.push_back({std::string(value), series.size()});
    }
    statistics.series_by_label_pair.push_back({name + '=' + std::string(value), series.size()});
  });
  statistics.label_pair_count += value_count;
  statistics.values_by_label_name.push_back({name, value_count});
  statistics.memory_by_label_name.push_back({name, byte_count});
}

}  // namespace

HeadStatistics Head::statistics(size_t limit) const {
  HeadStatistics statistics;
  statistics.series_count = impl_->alive_count;
  count_samples(impl_->series, statistics);
  for (const std::string& name : impl_->index.label_names()) {
    count_values(impl_->index, name, statistics);
  }
  keep_largest(statistics.series_by_metric_name, limit);
  keep_largest(statistics.values_by_label_name, limit);
  keep_largest(statistics.memory_by_label_name, limit);
  keep_largest(statistics.series_by_label_pair, limit);
  return statistics;
}

}  // namespace promenade::tsdb
