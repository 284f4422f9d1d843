// engine/tsdb/head.cc
// The head: finding series by labels, by matchers and by number. Samples are the business of
// memory_series.cc, batches of appender.cc.
#include "tsdb/head.h"

#include <algorithm>
#include <set>

#include "base/check.h"
#include "tsdb/head_state.h"

namespace promenade::tsdb {

MemorySeries* Head::Impl::find(SeriesRef ref) const {
  const auto number = static_cast<uint64_t>(ref);
  if (number < first_number || number - first_number >= series.size()) return nullptr;
  return series[static_cast<size_t>(number - first_number)].get();
}

SeriesNumber Head::Impl::find(const Labels& labels, uint64_t hash) const {
  return table.find(hash, [&](SeriesNumber number) { return at(number).labels() == labels; });
}

SeriesNumber Head::Impl::find_or_create(const Labels& labels) {
  CHECK(!labels.empty());
  const uint64_t hash = labels.hash();
  if (const SeriesNumber known = find(labels, hash); known != 0) return known;
  // Numbers are not used again: this is the limit on series created in a process's lifetime.
  CHECK(first_number <= UINT32_MAX - 1 - series.size());
  const auto number = static_cast<SeriesNumber>(first_number + series.size());
  series.push_back(std::make_unique<MemorySeries>(labels));
  ++alive_count;
  index.add(number, labels);
  table.insert(hash, number, [&](SeriesNumber other) { return at(other).labels().hash(); });
  return number;
}

void Head::Impl::forget(const SeriesSet& dropped) {
  index.remove(dropped);
  const auto first_alive = std::find_if(series.begin(), series.end(),
                                        [](const auto& pointer) { return pointer != nullptr; });
  first_number += static_cast<SeriesNumber>(first_alive - series.begin());
  series.erase(series.begin(), first_alive);

  table.clear();
  const auto hash_of = [&](SeriesNumber number) { return at(number).labels().hash(); };
  for (size_t i = 0; i < series.size(); ++i) {
    const auto number = static_cast<SeriesNumber>(first_number + i);
    if (series[i] != nullptr) table.insert(hash_of(number), number, hash_of);
  }
}

Head::Head(HeadOptions options) : impl_(std::make_unique<Impl>()) {
  CHECK(options.samples_per_chunk > 0 && options.samples_per_chunk <= kXorChunkSamplesMax / 2);
  CHECK(options.chunk_range.ms > 0);
  impl_->options = options;
}

Head::~Head() = default;

Result<std::vector<SelectedSeries>> Head::select(std::span<const Matcher> matchers,
                                                 TimeRange range) const {
  return select_at_most(UINT64_MAX, matchers, range);
}

Result<std::vector<SelectedSeries>> Head::select_at_most(uint64_t count_max,
                                                         std::span<const Matcher> matchers,
                                                         TimeRange range) const {
  const Postings numbers = impl_->index.select(
      matchers,
      [this](SeriesNumber number) -> const Labels& { return impl_->at(number).labels(); });
  std::vector<SelectedSeries> selected;
  selected.reserve(static_cast<size_t>(std::min<uint64_t>(numbers.size(), count_max)));
  for (const SeriesNumber number : numbers) {
    const MemorySeries& series = impl_->at(number);
    if (!range.overlaps(series.time_range())) continue;
    if (selected.size() == count_max) return too_many_selected(count_max);
    selected.push_back({static_cast<SeriesRef>(number), &series.labels()});
  }
  return selected;
}

Result<void> Head::read(SeriesRef series, TimeRange range, SampleColumns& out) const {
  const MemorySeries* found = impl_->find(series);
  if (found == nullptr) {
    const std::string number = std::to_string(static_cast<uint64_t>(series));
    return fail(ErrorCode::NotFound, "series " + number + " is no longer in the head");
  }
  found->read(range, out);
  return {};
}

Result<std::vector<std::string>> Head::label_names(std::span<const Matcher> matchers,
                                                   TimeRange range) const {
  if (matchers.empty()) return impl_->index.label_names();
  const std::vector<SelectedSeries> selected = TRY(select(matchers, range));
  std::set<std::string_view> names;
  for (const SelectedSeries& series : selected) {
    for (const Label& label : *series.labels) names.insert(label.name);
  }
  return std::vector<std::string>(names.begin(), names.end());
}

Result<std::vector<std::string>> Head::label_values(std::string_view name,
                                                    std::span<const Matcher> matchers,
                                                    TimeRange range) const {
  if (matchers.empty()) return impl_->index.label_values(name);
  const std::vector<SelectedSeries> selected = TRY(select(matchers, range));
  std::set<std::string_view> values;
  for (const SelectedSeries& series : selected) {
    const std::string_view value = series.labels->get(name);
    if (!value.empty()) values.insert(value);
  }
  return std::vector<std::string>(values.begin(), values.end());
}

void Head::set_write_fault(std::string reason) {
  impl_->write_fault = std::move(reason);
}

const std::string& Head::write_fault() const {
  return impl_->write_fault;
}

uint64_t Head::series_count() const {
  return impl_->alive_count;
}

Timestamp Head::min_valid_time() const {
  const int64_t half_ms = impl_->options.chunk_range.ms / 2;
  return {impl_->newest_ms < INT64_MIN + half_ms ? INT64_MIN : impl_->newest_ms - half_ms};
}

void Head::truncate(Timestamp before) {
  if (impl_->alive_count == 0) return;
  const auto count = static_cast<SeriesNumber>(impl_->series.size());
  SeriesSet dropped(impl_->first_number, impl_->first_number + count - 1);
  uint64_t dropped_count = 0;
  for (SeriesNumber i = 0; i < count; ++i) {
    std::unique_ptr<MemorySeries>& series = impl_->series[i];
    if (series == nullptr) continue;
    series->truncate(before, *impl_->retirement);
    const bool is_in_use =
        impl_->is_appender_open && series->appender_generation == impl_->appender_generation;
    if (series->sample_count() > 0 || is_in_use) continue;
    dropped.insert(impl_->first_number + i);
    impl_->retirement->retire(std::move(series));
    series = nullptr;
    ++dropped_count;
  }
  if (dropped_count == 0) return;
  impl_->alive_count -= dropped_count;
  impl_->forget(dropped);
}

}  // namespace promenade::tsdb
