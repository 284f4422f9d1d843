#pragma once  // engine/tsdb/head.h
// The mutable, in-memory part of the store: label index and Gorilla-compressed chunks of every
// series. One writer (the event loop); readers may run beside each other between two commits.
// Nouns and rules follow Prometheus's tsdb/head.go.
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/labels.h"
#include "model/queryable.h"

namespace promenade::tsdb {

struct HeadOptions {
  // How many samples a chunk should hold. Its end is predicted from the first quarter; a chunk with
  // twice as many is sealed in any case.
  uint32_t samples_per_chunk = 120;
  // No chunk crosses a multiple of this.
  Duration chunk_range = Duration::hours(2);
};

enum class AppendOutcome {
  Appended,
  OutOfOrder,          // Older than the series' newest sample.
  DuplicateTimestamp,  // Same timestamp, other value. (Same value: Appended, and nothing changes.)
};

struct LabelCount {
  std::string name;
  uint64_t value;
};
// /api/v1/status/tsdb.
struct HeadStatistics {
  uint64_t series_count = 0;
  uint64_t label_pair_count = 0;
  uint64_t chunk_count = 0;
  uint64_t sample_count = 0;
  TimeRange time_range;  // start > end when empty.
  std::vector<LabelCount> series_by_metric_name;
  std::vector<LabelCount> values_by_label_name;
  std::vector<LabelCount> memory_by_label_name;
  std::vector<LabelCount> series_by_label_pair;  // "job=x".
};

// What taking a snapshot may cost. Selections with the same matchers are made once.
struct SnapshotLimits {
  // How many series may be selected. One counts for every selection that it is in, and there for
  // every time range that is apart from the others: 12 bytes of the snapshot or of making it.
  uint64_t selected_max = UINT64_MAX;
  // Called before each selection; an error ends the work and is returned. Null: never.
  std::function<Result<void>()> check;
};

class Appender;
class HeadSnapshot;

class Head final : public Queryable {
 public:
  explicit Head(HeadOptions options = {});
  ~Head() override;

  // One batch of appends. At most one at a time; the Head must outlive it.
  Appender appender();

  // Queryable.
  Result<std::vector<SelectedSeries>> select(std::span<const Matcher> matchers,
                                             TimeRange range) const override;
  Result<std::vector<SelectedSeries>> select_at_most(uint64_t count_max,
                                                     std::span<const Matcher> matchers,
                                                     TimeRange range) const override;
  Result<void> read(SeriesRef series, TimeRange range, SampleColumns& out) const override;
  Result<std::vector<std::string>> label_names(std::span<const Matcher> matchers,
                                               TimeRange range) const override;
  Result<std::vector<std::string>> label_values(std::string_view name,
                                                std::span<const Matcher> matchers,
                                                TimeRange range) const override;

  // What the selections need, for reading beside later appends (tsdb/head_snapshot.h). May outlive
  // the head, but is of no use then. Fails with Limit when `limits` don't allow it.
  Result<std::unique_ptr<HeadSnapshot>> snapshot(std::span<const Selection> selections,
                                                 const SnapshotLimits& limits = {}) const;

  uint64_t series_count() const;
  // Prometheus's minimum valid time: half a chunk range before the newest sample. Appenders of
  // samples with times of their own refuse those before it as out of bounds. INT64_MIN when there
  // has been no sample.
  Timestamp min_valid_time() const;
  // The `limit` largest of each list, descending.
  HeadStatistics statistics(size_t limit) const;
  // Forgets samples older than `before` a chunk at a time, and series that have none left and are
  // not referenced by an open appender.
  void truncate(Timestamp before);

  // From now on commits fail, as with a disk that is full; "" ends that. Reading goes on.
  void set_write_fault(std::string reason);
  const std::string& write_fault() const;

 private:
  friend class Appender;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Collects samples and publishes them together: readers see none of them before commit(), and
// rollback() (or destruction) forgets them. Order rules are checked when appending, against
// what is committed and what is pending.
class Appender {
 public:
  Appender(Appender&&) noexcept;
  ~Appender();

  // The series with these labels, created if it is new. Refs stay valid until truncate() drops the
  // series, so a caller may cache them. `labels` must not be empty.
  SeriesRef series(const Labels& labels);
  // The same, if it is there already.
  std::optional<SeriesRef> find(const Labels& labels) const;
  // False when truncate() dropped it; get a new ref with series() then.
  bool is_alive(SeriesRef series) const;
  // `start` is when the counter began to count whose value this is; the epoch says that nobody
  // knows.
  AppendOutcome append(SeriesRef series, Timestamp at, double value, Timestamp start = {});
  // A counter's histogram is read back with the reset hint Unknown or NotReset, whatever it came
  // with: see histogram_chunks.h.
  AppendOutcome append(SeriesRef series, Timestamp at, HistogramPtr histogram,
                       Timestamp start = {});
  // False, and everything is rolled back, while the head has a write fault.
  bool commit();
  void rollback();

 private:
  friend class Head;
  struct Impl;
  explicit Appender(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace promenade::tsdb
