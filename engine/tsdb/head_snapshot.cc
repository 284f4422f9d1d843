// engine/tsdb/head_snapshot.cc
// Taking a snapshot costs the loop about as long as looking each series up: nothing is decoded.
#include "tsdb/head_snapshot.h"

#include <algorithm>

#include "tsdb/head_state.h"

namespace promenade::tsdb {
namespace {

bool is_same(const Matcher& a, const Matcher& b) {
  return a.type() == b.type() && a.name() == b.name() && a.value() == b.value();
}

bool are_same(std::span<const Matcher> a, std::span<const Matcher> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), is_same);
}

// What any selection asks for.
TimeRange whole_range(std::span<const Selection> selections) {
  TimeRange whole{{INT64_MAX}, {INT64_MIN}};
  for (const Selection& selection : selections) {
    whole.start = std::min(whole.start, selection.range.start);
    whole.end = std::max(whole.end, selection.range.end);
  }
  return whole;
}

}  // namespace

HeadSnapshot::~HeadSnapshot() {
  retirement_->close(number_);
}

Result<std::vector<SelectedSeries>> HeadSnapshot::select(std::span<const Matcher> matchers,
                                                         TimeRange range) const {
  for (const Selected& candidate : selections_) {
    const TimeRange foreseen = candidate.selection.range;
    const bool is_foreseen = foreseen.contains(range.start) && foreseen.contains(range.end);
    if (!is_foreseen || !are_same(candidate.selection.matchers, matchers)) continue;
    std::vector<SelectedSeries> selected;
    selected.reserve(candidate.series.size());
    for (const uint32_t index : candidate.series) {
      const Series& series = series_[index];
      if (range.overlaps(series.times)) {
        selected.push_back({static_cast<SeriesRef>(index), series.labels});
      }
    }
    return selected;
  }
  return fail(ErrorCode::Internal, "a selector was not foreseen when the query began");
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
  for (size_t i = series_[index].first_histogram; i < histograms_end; ++i) {
    if (range.contains(Timestamp{histograms_[i].time_ms})) {
      out.histograms.push_back(histograms_[i]);
    }
  }
  return {};
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

void SnapshotBuilder::add_selection(const Selection& selection, std::vector<uint32_t> series) {
  snapshot_->selections_.push_back({selection, std::move(series)});
}

Result<std::unique_ptr<HeadSnapshot>> Head::snapshot(std::span<const Selection> selections) const {
  // Series in the order of their numbers, each once, however many selections it is in.
  std::vector<std::vector<SelectedSeries>> selected;
  std::vector<SeriesRef> refs;
  for (const Selection& selection : selections) {
    selected.push_back(TRY(select(selection.matchers, selection.range)));
    for (const SelectedSeries& series : selected.back()) refs.push_back(series.ref);
  }
  if (selections.size() > 1) {
    std::sort(refs.begin(), refs.end());
    refs.erase(std::unique(refs.begin(), refs.end()), refs.end());
  }

  SnapshotBuilder builder(impl_->retirement);
  const TimeRange range = whole_range(selections);
  for (const SeriesRef ref : refs) impl_->find(ref)->capture(range, builder);
  for (size_t i = 0; i < selections.size(); ++i) {
    std::vector<uint32_t> indices;
    indices.reserve(selected[i].size());
    auto at = refs.begin();
    for (const SelectedSeries& series : selected[i]) {
      at = std::lower_bound(at, refs.end(), series.ref);
      indices.push_back(static_cast<uint32_t>(at - refs.begin()));
    }
    builder.add_selection(selections[i], std::move(indices));
  }
  return builder.finish();
}

}  // namespace promenade::tsdb
