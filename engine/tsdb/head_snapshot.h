#pragma once  // engine/tsdb/head_snapshot.h
// The head as it was at one moment, as far as one query needs it, for reading on other threads
// while the event loop goes on appending. Sealed chunks never change, so they are referred to; of
// each chunk that still grows, the bytes so far are copied. What the head drops meanwhile stays
// until the snapshot is closed. Taken and destroyed on the event loop.
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "model/queryable.h"
#include "tsdb/retirement.h"
#include "tsdb/start_times.h"

namespace promenade::tsdb {

class HeadSnapshot final : public SampleSource {
 public:
  ~HeadSnapshot() override;
  HeadSnapshot(const HeadSnapshot&) = delete;
  HeadSnapshot& operator=(const HeadSnapshot&) = delete;

  // Of one of the selections that the snapshot was taken for, or of a part of its range. Other
  // matchers are an Internal error.
  Result<std::vector<SelectedSeries>> select(std::span<const Matcher> matchers,
                                             TimeRange range) const override;
  Result<void> read(SeriesRef series, TimeRange range, SampleColumns& out) const override;

  uint64_t sample_estimate() const override;

  // The series of all selections together, and the encoded size of their chunks: about as many
  // bytes as samples.
  size_t series_count() const { return series_.size(); }
  uint64_t byte_count() const { return byte_count_; }

 private:
  friend class SnapshotBuilder;

  struct Chunk {
    std::span<const uint8_t> bytes;
    TimeRange times;
  };
  struct Series {
    const Labels* labels;
    TimeRange times;  // Of all its samples.
    // Its chunks and histograms begin here and end where the next series' begin.
    uint32_t first_chunk;
    uint32_t first_histogram;
    uint32_t start_times;  // One more than their index; 0 when there are none.
  };
  struct Selected {
    std::vector<TimeRange> ranges;  // In order of time, apart from each other.
    std::vector<uint32_t> series;   // Indices.
  };

  explicit HeadSnapshot(std::shared_ptr<Retirement> retirement)
      : retirement_(std::move(retirement)), number_(retirement_->open()) {}

  std::shared_ptr<Retirement> retirement_;
  uint64_t number_;
  std::map<std::string, Selected> selections_;  // By selection_key().
  std::vector<Series> series_;
  std::vector<Chunk> chunks_;
  std::vector<HistogramSample> histograms_;
  std::vector<StartTimes> start_times_;
  std::vector<std::unique_ptr<uint8_t[]>> copies_;  // Of open chunks, many in one block.
  uint64_t byte_count_ = 0;
};

// Fills a snapshot, a series at a time.
class SnapshotBuilder {
 public:
  explicit SnapshotBuilder(std::shared_ptr<Retirement> retirement);

  void add_series(const Labels& labels, TimeRange times);
  // Of the series added last, in order of time.
  void add_sealed(std::span<const uint8_t> bytes, TimeRange times);
  void add_open(std::span<const uint8_t> bytes, TimeRange times);
  void add_start_times(const StartTimes& start_times);
  void add_histogram(const HistogramSample& sample);
  // `key` is the selection_key() of the matchers; `ranges` are in order and apart from each other;
  // `series` are indices of added series.
  void add_selection(std::string key, std::vector<TimeRange> ranges, std::vector<uint32_t> series);

  std::unique_ptr<HeadSnapshot> finish() { return std::move(snapshot_); }

 private:
  std::unique_ptr<HeadSnapshot> snapshot_;
  uint8_t* block_at_ = nullptr;
  size_t block_left_ = 0;
};

}  // namespace promenade::tsdb
