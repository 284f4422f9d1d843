// engine/tsdb/memory_series.cc
// Staging, cutting chunks, reading and truncating one series.
#include "tsdb/memory_series.h"

#include <algorithm>
#include <cmath>

#include "base/bits.h"
#include "base/check.h"
#include "model/histogram.h"
#include "tsdb/head_snapshot.h"
#include "tsdb/histogram_chunks.h"

namespace promenade::tsdb {
namespace {

// Prometheus keeps a chunk within 1 KiB; one more sample takes at most 19 bytes.
constexpr size_t kOpenChunkBytesMax = 1024 - 19;
// When a quarter of the wished-for samples is there, the chunk's end is predicted.
constexpr uint32_t kPredictionRatio = 4;

int64_t end_of_aligned_range(int64_t time_ms, Duration range) {
  const int64_t start_ms = time_ms / range.ms * range.ms;
  return start_ms > INT64_MAX - range.ms ? INT64_MAX : start_ms + range.ms;
}

// Where the chunk should end so that the rest of [start, end) divides into chunks of equal length,
// judged by the rate so far (tsdb/head_append.go, computeChunkEndTime).
int64_t predicted_end(int64_t start_ms, int64_t newest_ms, int64_t end_ms) {
  const auto remaining = static_cast<double>(end_ms - start_ms);
  const double chunks =
      remaining / (static_cast<double>(newest_ms - start_ms + 1) * kPredictionRatio);
  if (chunks <= 1) return end_ms;
  return static_cast<int64_t>(static_cast<double>(start_ms) + remaining / std::floor(chunks));
}

bool same_bits(double a, double b) {
  return bit_cast<uint64_t>(a) == bit_cast<uint64_t>(b);
}

// Takes the samples outside of `range` away from what was appended after `first`.
void trim(SampleColumns& out, size_t first_time, size_t first_value, TimeRange range) {
  const auto begin = out.times_ms.begin() + static_cast<std::ptrdiff_t>(first_time);
  const auto low = std::lower_bound(begin, out.times_ms.end(), range.start.ms);
  const auto high = std::upper_bound(low, out.times_ms.end(), range.end.ms);
  const auto values = out.values.begin() + static_cast<std::ptrdiff_t>(first_value);
  out.values.erase(values + (high - begin), out.values.end());
  out.values.erase(values, values + (low - begin));
  out.times_ms.erase(high, out.times_ms.end());
  out.times_ms.erase(begin, low);
}

}  // namespace

std::span<const HistogramSample> samples_in(std::span<const HistogramSample> samples,
                                            TimeRange range) {
  const auto begin = std::partition_point(
      samples.begin(), samples.end(),
      [&](const HistogramSample& sample) { return sample.time_ms < range.start.ms; });
  const auto end = std::partition_point(begin, samples.end(), [&](const HistogramSample& sample) {
    return sample.time_ms <= range.end.ms;
  });
  return samples.subspan(static_cast<size_t>(begin - samples.begin()),
                         static_cast<size_t>(std::max(begin, end) - begin));
}

void read_chunk(std::span<const uint8_t> bytes, TimeRange chunk, TimeRange range,
                SampleColumns& out) {
  if (!range.overlaps(chunk)) return;
  const size_t first_time = out.times_ms.size();
  const size_t first_value = out.values.size();
  CHECK(decode_xor_chunk(bytes, out));
  const bool is_inside = range.contains(chunk.start) && range.contains(chunk.end);
  if (!is_inside) trim(out, first_time, first_value, range);
}

std::optional<AppendOutcome> MemorySeries::stage(int64_t time_ms, double value) {
  const bool newest_is_histogram = histograms_ != nullptr && histograms_->newest != nullptr;
  if (newest_time_ms_ != kNever && time_ms <= newest_time_ms_) {
    if (time_ms < newest_time_ms_) return AppendOutcome::OutOfOrder;
    const bool is_same = !newest_is_histogram && same_bits(value, newest_value_);
    return is_same ? AppendOutcome::Appended : AppendOutcome::DuplicateTimestamp;
  }
  newest_time_ms_ = time_ms;
  newest_value_ = value;
  if (newest_is_histogram) histograms_->newest = nullptr;
  return std::nullopt;
}

std::optional<AppendOutcome> MemorySeries::stage(int64_t time_ms, HistogramPtr& histogram,
                                                 const HeadOptions& options) {
  HistogramColumn& column = histogram_column();
  if (newest_time_ms_ != kNever && time_ms <= newest_time_ms_) {
    if (time_ms < newest_time_ms_) return AppendOutcome::OutOfOrder;
    const bool is_same = column.newest != nullptr && column.newest->equals(*histogram);
    return is_same ? AppendOutcome::Appended : AppendOutcome::DuplicateTimestamp;
  }
  const bool is_in_new_range =
      newest_time_ms_ != kNever &&
      time_ms >= end_of_aligned_range(newest_time_ms_, options.chunk_range);
  histogram = as_read_back(std::move(histogram), is_in_new_range ? nullptr : column.newest.get());
  newest_time_ms_ = time_ms;
  column.newest = histogram;
  return std::nullopt;
}

void MemorySeries::commit(int64_t time_ms, double value, const HeadOptions& options) {
  if (open_.count() > 0 && is_full(time_ms, options)) seal();
  if (open_.count() == 0) {
    open_min_time_ms_ = time_ms;
    open_end_ms_ = end_of_aligned_range(time_ms, options.chunk_range);
  }
  open_.append(time_ms, value);
}

void MemorySeries::commit(HistogramSample sample) {
  histogram_column().samples.push_back(std::move(sample));
}

void MemorySeries::unstage() {
  newest_time_ms_ = kNever;
  if (open_.count() > 0) {
    newest_time_ms_ = open_.last_time_ms();
    newest_value_ = open_.last_value();
  }
  if (histograms_ == nullptr) return;
  histograms_->newest = nullptr;
  const std::vector<HistogramSample>& samples = histograms_->samples;
  if (!samples.empty() && samples.back().time_ms > newest_time_ms_) {
    newest_time_ms_ = samples.back().time_ms;
    histograms_->newest = samples.back().histogram;
  }
}

MemorySeries::HistogramColumn& MemorySeries::histogram_column() {
  if (histograms_ == nullptr) histograms_ = std::make_unique<HistogramColumn>();
  return *histograms_;
}

bool MemorySeries::is_full(int64_t next_time_ms, const HeadOptions& options) {
  if (open_.bytes().size() > kOpenChunkBytesMax) return true;
  if (open_.count() == options.samples_per_chunk / kPredictionRatio) {
    open_end_ms_ = predicted_end(open_min_time_ms_, open_.last_time_ms(), open_end_ms_);
  }
  // Twice as many as wished for: samples come faster than when the end was predicted.
  return next_time_ms >= open_end_ms_ || open_.count() >= options.samples_per_chunk * 2;
}

void MemorySeries::seal() {
  const std::span<const uint8_t> bytes = open_.bytes();
  std::unique_ptr<uint8_t[]> copy(new uint8_t[bytes.size()]);
  std::copy(bytes.begin(), bytes.end(), copy.get());
  sealed_.push_back({open_min_time_ms_, open_.last_time_ms(), std::move(copy),
                     static_cast<uint32_t>(bytes.size()), open_.count()});
  open_.clear();
}

void MemorySeries::read(TimeRange range, SampleColumns& out) const {
  const size_t first = out.times_ms.size();
  read_floats(range, out);
  if (start_times_ != nullptr) {
    out.start_times_ms.resize(first);
    start_times_->read(std::span<const int64_t>(out.times_ms).subspan(first), out.start_times_ms);
  }
  if (histograms_ != nullptr) read_histograms(range, out);
}

// Calls visit(bytes, times) for the sealed chunks that overlap `range`, in order.
template <typename Visit>
void MemorySeries::visit_sealed(TimeRange range, const Visit& visit) const {
  const auto ends_before = [&](const SealedChunk& chunk) {
    return chunk.max_time_ms < range.start.ms;
  };
  for (auto chunk = std::partition_point(sealed_.begin(), sealed_.end(), ends_before);
       chunk != sealed_.end() && chunk->min_time_ms <= range.end.ms; ++chunk) {
    visit(std::span<const uint8_t>(chunk->bytes.get(), chunk->size),
          TimeRange{{chunk->min_time_ms}, {chunk->max_time_ms}});
  }
}

void MemorySeries::capture(std::span<const TimeRange> ranges, SnapshotBuilder& builder) const {
  builder.add_series(labels_, time_range());
  const TimeRange open{{open_min_time_ms_}, {open_.last_time_ms()}};
  bool has_open = false;
  int64_t captured_ms =
      INT64_MIN;  // The end of the last chunk, which the next range may touch, too.
  for (const TimeRange range : ranges) {
    visit_sealed(range, [&](std::span<const uint8_t> bytes, TimeRange times) {
      if (times.start.ms <= captured_ms) return;
      builder.add_sealed(bytes, times);
      captured_ms = times.end.ms;
    });
    has_open |= open_.count() > 0 && range.overlaps(open);
  }
  if (has_open) builder.add_open(open_.bytes(), open);
  if (start_times_ != nullptr) builder.add_start_times(*start_times_);
  if (histograms_ == nullptr) return;
  for (const TimeRange range : ranges) {
    for (const HistogramSample& sample : histograms_in(range)) builder.add_histogram(sample);
  }
}

void MemorySeries::read_floats(TimeRange range, SampleColumns& out) const {
  visit_sealed(range, [&](std::span<const uint8_t> bytes, TimeRange times) {
    read_chunk(bytes, times, range, out);
  });
  const TimeRange open{{open_min_time_ms_}, {open_.last_time_ms()}};
  if (open_.count() == 0 || !range.overlaps(open)) return;
  const size_t first_time = out.times_ms.size();
  const size_t first_value = out.values.size();
  open_.read_from(range.start.ms, out);
  const bool is_inside = range.contains(open.start) && range.contains(open.end);
  if (!is_inside) trim(out, first_time, first_value, range);
}

std::span<const HistogramSample> MemorySeries::histograms_in(TimeRange range) const {
  return samples_in(histograms_->samples, range);
}

void MemorySeries::read_histograms(TimeRange range, SampleColumns& out) const {
  const std::span<const HistogramSample> samples = histograms_in(range);
  out.histograms.insert(out.histograms.end(), samples.begin(), samples.end());
}

TimeRange MemorySeries::time_range() const {
  TimeRange range{{INT64_MAX}, {INT64_MIN}};
  const auto widen = [&](int64_t min_ms, int64_t max_ms) {
    range.start.ms = std::min(range.start.ms, min_ms);
    range.end.ms = std::max(range.end.ms, max_ms);
  };
  if (!sealed_.empty()) widen(sealed_.front().min_time_ms, sealed_.back().max_time_ms);
  if (open_.count() > 0) widen(open_min_time_ms_, open_.last_time_ms());
  if (histograms_ != nullptr && !histograms_->samples.empty()) {
    widen(histograms_->samples.front().time_ms, histograms_->samples.back().time_ms);
  }
  return range;
}

uint64_t MemorySeries::sample_count() const {
  uint64_t count = open_.count();
  for (const SealedChunk& chunk : sealed_) count += chunk.count;
  if (histograms_ != nullptr) count += histograms_->samples.size();
  return count;
}

void MemorySeries::truncate(Timestamp before, Retirement& retirement) {
  const auto is_kept = [&](const SealedChunk& chunk) { return chunk.max_time_ms >= before.ms; };
  const auto first_kept = std::find_if(sealed_.begin(), sealed_.end(), is_kept);
  for (auto chunk = sealed_.begin(); chunk != first_kept; ++chunk) {
    retirement.retire(std::move(chunk->bytes));
  }
  sealed_.erase(sealed_.begin(), first_kept);
  if (open_.count() > 0 && open_.last_time_ms() < before.ms) open_ = {};
  if (start_times_ != nullptr) {
    start_times_->truncate(sealed_.empty() ? open_min_time_ms_ : sealed_.front().min_time_ms);
  }
  if (histograms_ == nullptr) return;
  std::vector<HistogramSample>& samples = histograms_->samples;
  const auto is_old = [&](const HistogramSample& sample) { return sample.time_ms < before.ms; };
  samples.erase(samples.begin(), std::partition_point(samples.begin(), samples.end(), is_old));
}

}  // namespace promenade::tsdb
