// engine/tsdb/head_snapshot.cc
// Taking a snapshot costs the loop about as long as looking each series up: nothing is decoded.
#include "tsdb/head_snapshot.h"

#include <algorithm>

#include "tsdb/head_state.h"

namespace promenade::tsdb {
namespace {

// In order and apart from each other, as one: x and x offset 30d don't need the month between them.
void join_overlapping(std::vector<TimeRange>& ranges) {
  std::sort(ranges.begin(), ranges.end(),
            [](TimeRange a, TimeRange b) { return a.start < b.start; });
  size_t joined = 0;
  for (size_t i = 1; i < ranges.size(); ++i) {
    if (ranges[i].start <= ranges[joined].end) {
      ranges[joined].end = std::max(ranges[joined].end, ranges[i].end);
    } else {
      ranges[++joined] = ranges[i];
    }
  }
  ranges.resize(std::min(ranges.size(), joined + 1));
}

// The selections with the same matchers.
struct SameMatchers {
  std::span<const Matcher> matchers;
  std::vector<TimeRange> ranges;  // In order and apart from each other.

  TimeRange hull() const { return {ranges.front().start, ranges.back().end}; }
};

// By selection_key(). A query may have thousands of selectors, and all of them may be the same.
std::map<std::string, SameMatchers> by_matchers(std::span<const Selection> selections) {
  std::map<std::string, SameMatchers> distinct;
  for (const Selection& selection : selections) {
    SameMatchers& same = distinct[selection_key(selection.matchers)];
    same.matchers = selection.matchers;
    same.ranges.push_back(selection.range);
  }
  for (auto& [key, same] : distinct) join_overlapping(same.ranges);
  return distinct;
}

// A series and one of the distinct selections that it is in.
struct Wanted {
  SeriesNumber series;
  uint32_t selection;

  friend bool operator<(const Wanted& a, const Wanted& b) {
    return a.series != b.series ? a.series < b.series : a.selection < b.selection;
  }
};

}  // namespace

HeadSnapshot::~HeadSnapshot() {
  retirement_->close(number_);
}

Result<std::vector<SelectedSeries>> HeadSnapshot::select(std::span<const Matcher> matchers,
                                                         TimeRange range) const {
  const auto found = selections_.find(selection_key(matchers));
  const auto is_foreseen = [range](TimeRange foreseen) {
    return foreseen.contains(range.start) && foreseen.contains(range.end);
  };
  if (found == selections_.end() ||
      std::none_of(found->second.ranges.begin(), found->second.ranges.end(), is_foreseen)) {
    return fail(ErrorCode::Internal, "a selector was not foreseen when the query began");
  }
  std::vector<SelectedSeries> selected;
  selected.reserve(found->second.series.size());
  for (const uint32_t index : found->second.series) {
    const Series& series = series_[index];
    if (range.overlaps(series.times)) {
      selected.push_back({static_cast<SeriesRef>(index), series.labels});
    }
  }
  return selected;
}

Result<void> HeadSnapshot::read(SeriesRef series, TimeRange range, SampleColumns& out) const {
  const auto index = static_cast<size_t>(series);
  const bool is_last = index + 1 == series_.size();
  const size_t chunks_end = is_last ? chunks_.size() : series_[index + 1].first_chunk;
  const size_t first = out.times_ms.size();
  for (size_t i = series_[index].first_chunk; i < chunks_end; ++i) {
    read_chunk(chunks_[i].bytes, chunks_[i].times, range, out);
  }
  if (series_[index].start_times != 0) {
    out.start_times_ms.resize(first);
    start_times_[series_[index].start_times - 1].read(
        std::span<const int64_t>(out.times_ms).subspan(first), out.start_times_ms);
  }
  const size_t histograms_end = is_last ? histograms_.size() : series_[index + 1].first_histogram;
  const size_t histograms_begin = series_[index].first_histogram;
  const auto histograms = samples_in(
      std::span(histograms_).subspan(histograms_begin, histograms_end - histograms_begin), range);
  out.histograms.insert(out.histograms.end(), histograms.begin(), histograms.end());
  return {};
}

uint64_t HeadSnapshot::sample_estimate() const {
  constexpr uint64_t kHistogramWeight = 100;
  return byte_count_ + histograms_.size() * kHistogramWeight;
}

SnapshotBuilder::SnapshotBuilder(std::shared_ptr<Retirement> retirement)
    : snapshot_(new HeadSnapshot(std::move(retirement))) {}

void SnapshotBuilder::add_series(const Labels& labels, TimeRange times) {
  snapshot_->series_.push_back({&labels, times, static_cast<uint32_t>(snapshot_->chunks_.size()),
                                static_cast<uint32_t>(snapshot_->histograms_.size()), 0});
}

void SnapshotBuilder::add_sealed(std::span<const uint8_t> bytes, TimeRange times) {
  snapshot_->chunks_.push_back({bytes, times});
  snapshot_->byte_count_ += bytes.size();
}

void SnapshotBuilder::add_open(std::span<const uint8_t> bytes, TimeRange times) {
  constexpr size_t kBlockSize = 1 << 16;
  if (block_left_ < bytes.size()) {
    block_left_ = std::max(kBlockSize, bytes.size());
    snapshot_->copies_.emplace_back(new uint8_t[block_left_]);
    block_at_ = snapshot_->copies_.back().get();
  }
  std::copy(bytes.begin(), bytes.end(), block_at_);
  add_sealed({block_at_, bytes.size()}, times);
  block_at_ += bytes.size();
  block_left_ -= bytes.size();
}

void SnapshotBuilder::add_start_times(const StartTimes& start_times) {
  snapshot_->start_times_.push_back(start_times);
  snapshot_->series_.back().start_times = static_cast<uint32_t>(snapshot_->start_times_.size());
}

void SnapshotBuilder::add_histogram(const HistogramSample& sample) {
  snapshot_->histograms_.push_back(sample);
}

void SnapshotBuilder::add_selection(std::string key, std::vector<TimeRange> ranges,
                                    std::vector<uint32_t> series) {
  snapshot_->selections_.emplace(std::move(key),
                                 HeadSnapshot::Selected{std::move(ranges), std::move(series)});
}

Result<std::unique_ptr<HeadSnapshot>> Head::snapshot(std::span<const Selection> selections,
                                                     const SnapshotLimits& limits) const {
  auto distinct = by_matchers(selections);
  std::vector<SameMatchers*> numbered;
  std::vector<Wanted> wanted;
  uint64_t left = limits.selected_max;
  for (auto& [key, same] : distinct) {
    if (limits.check) TRY(limits.check());
    const uint64_t range_count = same.ranges.size();
    const auto selected = TRY(select_at_most(left / range_count, same.matchers, same.hull()));
    left -= selected.size() * range_count;
    for (const SelectedSeries& series : selected) {
      wanted.push_back(
          {static_cast<SeriesNumber>(series.ref), static_cast<uint32_t>(numbered.size())});
    }
    numbered.push_back(&same);
  }
  // Series in the order of their numbers, each once, however many selections it is in. A single
  // selection is in that order.
  if (distinct.size() > 1) std::sort(wanted.begin(), wanted.end());

  SnapshotBuilder builder(impl_->retirement);
  std::vector<std::vector<uint32_t>> indices(numbered.size());
  std::vector<TimeRange> ranges;
  uint32_t index = 0;
  for (size_t i = 0; i < wanted.size(); ++index) {
    const SeriesNumber series = wanted[i].series;
    ranges.clear();
    for (; i < wanted.size() && wanted[i].series == series; ++i) {
      const std::vector<TimeRange>& of_selection = numbered[wanted[i].selection]->ranges;
      ranges.insert(ranges.end(), of_selection.begin(), of_selection.end());
      indices[wanted[i].selection].push_back(index);
    }
    join_overlapping(ranges);
    impl_->at(series).capture(ranges, builder);
  }
  size_t number = 0;
  for (auto& [key, same] : distinct) {
    builder.add_selection(key, std::move(same.ranges), std::move(indices[number++]));
  }
  return builder.finish();
}

}  // namespace promenade::tsdb
