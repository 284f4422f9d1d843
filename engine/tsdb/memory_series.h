#pragma once  // engine/tsdb/memory_series.h
// One series of the head: its labels, its sealed chunks, the chunk that grows, and the newest
// sample beside them. Chunks are cut where Prometheus cuts them (tsdb/head_append.go,
// appendPreprocessor), so that what goes to disk has the same boundaries. Histogram samples are
// kept as they are read back (histogram_chunks.h), not encoded.
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/time.h"
#include "model/labels.h"
#include "model/sample.h"
#include "tsdb/head.h"
#include "tsdb/retirement.h"
#include "tsdb/start_times.h"
#include "tsdb/xor_chunk.h"

namespace promenade::tsdb {

class SnapshotBuilder;

// Appends the samples of an encoded chunk that lie in `range` to `out`; `chunk` is from its first
// sample to its last.
void read_chunk(std::span<const uint8_t> bytes, TimeRange chunk, TimeRange range,
                SampleColumns& out);

// Those of `samples`, which are in order of time, that lie in `range`.
std::span<const HistogramSample> samples_in(std::span<const HistogramSample> samples,
                                            TimeRange range);

class MemorySeries {
 public:
  explicit MemorySeries(Labels labels) : labels_(std::move(labels)) {}

  const Labels& labels() const { return labels_; }

  // Whether a sample may follow the newest one. If it may, it becomes the newest and nothing is
  // returned: commit() or unstage() must follow. Otherwise the append is settled with the outcome.
  std::optional<AppendOutcome> stage(int64_t time_ms, double value);
  // As above. `histogram` is given the reset hint that it will be read back with.
  std::optional<AppendOutcome> stage(int64_t time_ms, HistogramPtr& histogram,
                                     const HeadOptions& options);
  // Makes a staged sample readable. In the order of staging.
  void commit(int64_t time_ms, double value, const HeadOptions& options);
  void commit(HistogramSample sample);
  // Whether the start time of a float, 0 for none, is to be committed as well: from the first one
  // of the series that has any.
  bool takes_start_time(int64_t start_ms) {
    if (start_ms != 0 && start_times_ == nullptr) start_times_ = std::make_unique<StartTimes>();
    return start_times_ != nullptr;
  }
  void commit_start_time(int64_t time_ms, int64_t start_ms) {
    start_times_->append(time_ms, start_ms);
  }
  // Forgets all that was staged and not committed.
  void unstage();

  // Appends the committed samples in `range` to `out`.
  void read(TimeRange range, SampleColumns& out) const;
  // Gives a snapshot what reading in any of the ranges takes, which are in order and don't overlap.
  void capture(std::span<const TimeRange> ranges, SnapshotBuilder& builder) const;
  // From the oldest to the newest committed sample; start > end when there is none.
  TimeRange time_range() const;
  uint64_t sample_count() const;
  uint64_t chunk_count() const { return sealed_.size() + (open_.count() > 0 ? 1 : 0); }

  // Drops chunks (and histograms) that end before `before`. Open snapshots may go on reading them.
  void truncate(Timestamp before, Retirement& retirement);

  // The last appender that was given this series, so that truncation spares it while it is open.
  uint32_t appender_generation = 0;

 private:
  struct SealedChunk {
    int64_t min_time_ms;
    int64_t max_time_ms;
    std::unique_ptr<uint8_t[]> bytes;
    uint32_t size;
    uint32_t count;
  };
  struct HistogramColumn {
    std::vector<HistogramSample> samples;
    HistogramPtr newest;  // Set when the newest sample, staged or committed, is a histogram.
  };

  HistogramColumn& histogram_column();
  bool is_full(int64_t next_time_ms, const HeadOptions& options);
  void seal();
  template <typename Visit>
  void visit_sealed(TimeRange range, const Visit& visit) const;
  // Those in `range`.
  std::span<const HistogramSample> histograms_in(TimeRange range) const;
  void read_floats(TimeRange range, SampleColumns& out) const;
  void read_histograms(TimeRange range, SampleColumns& out) const;

  static constexpr int64_t kNever = INT64_MIN;

  Labels labels_;
  std::vector<SealedChunk> sealed_;
  XorChunkWriter open_;
  int64_t open_min_time_ms_ = 0;
  int64_t open_end_ms_ = 0;  // The chunk takes no sample at or after this.
  int64_t newest_time_ms_ = kNever;
  double newest_value_ = 0;
  std::unique_ptr<HistogramColumn> histograms_;  // Most series have none.
  std::unique_ptr<StartTimes> start_times_;      // Of floats; most series have none.
};

}  // namespace promenade::tsdb
