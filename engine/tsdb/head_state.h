#pragma once  // engine/tsdb/head_state.h
// What stands behind Head and Appender. Not for other modules.
#include <memory>
#include <vector>

#include "tsdb/head.h"
#include "tsdb/label_index.h"
#include "tsdb/memory_series.h"
#include "tsdb/retirement.h"
#include "tsdb/series_table.h"

namespace promenade::tsdb {

struct Head::Impl {
  HeadOptions options;
  // By number, beginning with first_number; null where truncation dropped a series.
  std::vector<std::unique_ptr<MemorySeries>> series;
  SeriesNumber first_number = 1;
  uint64_t alive_count = 0;
  int64_t newest_ms = INT64_MIN;  // Of all samples ever committed.
  SeriesTable table;
  LabelIndex index;
  bool is_appender_open = false;
  std::string write_fault;  // Why nothing can be stored; "" when all is well.
  uint32_t appender_generation = 0;
  // Shared with the snapshots, which may be closed later than the head.
  std::shared_ptr<Retirement> retirement = std::make_shared<Retirement>();

  // Null when there is no such series (any more).
  MemorySeries* find(SeriesRef ref) const;
  MemorySeries& at(SeriesNumber number) const { return *series[number - first_number]; }
  // 0 when there is none.
  SeriesNumber find(const Labels& labels, uint64_t hash) const;
  SeriesNumber find_or_create(const Labels& labels);
  // Removes the series in `dropped` from the index and the table, and forgets their numbers.
  void forget(const SeriesSet& dropped);
};

}  // namespace promenade::tsdb
