// engine/tsdb/appender.cc
// A batch of samples. Each is staged in its series when appended, which settles the order rules,
// and waits here until commit() writes them to the chunks in the same order.
#include <algorithm>

#include "base/check.h"
#include "tsdb/head_state.h"

namespace promenade::tsdb {
namespace {

struct PendingFloat {
  MemorySeries* series;
  int64_t time_ms;
  double value;
};

struct PendingStart {
  MemorySeries* series;
  int64_t time_ms;
  int64_t start_ms;
};

struct PendingHistogram {
  MemorySeries* series;
  HistogramSample sample;
};

}  // namespace

struct Appender::Impl {
  Head::Impl* head;
  std::vector<PendingFloat> floats;
  std::vector<PendingStart> starts;
  std::vector<PendingHistogram> histograms;

  MemorySeries& use(SeriesRef ref) {
    MemorySeries* series = head->find(ref);
    CHECK(series != nullptr);
    series->appender_generation = head->appender_generation;
    return *series;
  }

  void note_start(MemorySeries& series, int64_t time_ms, int64_t start_ms) {
    if (series.takes_start_time(start_ms)) starts.push_back({&series, time_ms, start_ms});
  }

  void clear() {
    floats.clear();
    starts.clear();
    histograms.clear();
  }
};

Appender Head::appender() {
  CHECK(!impl_->is_appender_open);
  impl_->is_appender_open = true;
  ++impl_->appender_generation;
  auto impl = std::make_unique<Appender::Impl>();
  impl->head = impl_.get();
  return Appender(std::move(impl));
}

Appender::Appender(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Appender::Appender(Appender&&) noexcept = default;

Appender::~Appender() {
  if (impl_ == nullptr) return;
  rollback();
  impl_->head->is_appender_open = false;
}

SeriesRef Appender::series(const Labels& labels) {
  const auto ref = static_cast<SeriesRef>(impl_->head->find_or_create(labels));
  impl_->use(ref);
  return ref;
}

std::optional<SeriesRef> Appender::find(const Labels& labels) const {
  const SeriesNumber number = impl_->head->find(labels, labels.hash());
  if (number == 0) return std::nullopt;
  return static_cast<SeriesRef>(number);
}

bool Appender::is_alive(SeriesRef series) const {
  return impl_->head->find(series) != nullptr;
}

AppendOutcome Appender::append(SeriesRef ref, Timestamp at, double value, Timestamp start) {
  MemorySeries& series = impl_->use(ref);
  if (const auto settled = series.stage(at.ms, value)) return *settled;
  impl_->floats.push_back({&series, at.ms, value});
  impl_->note_start(series, at.ms, start.ms);
  return AppendOutcome::Appended;
}

AppendOutcome Appender::append(SeriesRef ref, Timestamp at, HistogramPtr histogram,
                               Timestamp start) {
  CHECK(histogram != nullptr);
  MemorySeries& series = impl_->use(ref);
  if (const auto settled = series.stage(at.ms, histogram, impl_->head->options)) return *settled;
  impl_->histograms.push_back({&series, {at.ms, std::move(histogram), start.ms}});
  return AppendOutcome::Appended;
}

bool Appender::commit() {
  if (!impl_->head->write_fault.empty()) {
    rollback();
    return false;
  }
  for (const PendingStart& pending : impl_->starts) {
    pending.series->commit_start_time(pending.time_ms, pending.start_ms);
  }
  int64_t& newest_ms = impl_->head->newest_ms;
  for (const PendingFloat& pending : impl_->floats) {
    pending.series->commit(pending.time_ms, pending.value, impl_->head->options);
    newest_ms = std::max(newest_ms, pending.time_ms);
  }
  for (PendingHistogram& pending : impl_->histograms) {
    newest_ms = std::max(newest_ms, pending.sample.time_ms);
    pending.series->commit(std::move(pending.sample));
  }
  impl_->clear();
  return true;
}

void Appender::rollback() {
  for (const PendingFloat& pending : impl_->floats) pending.series->unstage();
  for (const PendingHistogram& pending : impl_->histograms) pending.series->unstage();
  impl_->clear();
}

}  // namespace promenade::tsdb
