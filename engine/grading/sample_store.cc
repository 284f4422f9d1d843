// engine/grading/sample_store.cc
// No index: a search over a handful of series is a loop.
#include "grading/sample_store.h"

#include <algorithm>
#include <set>

namespace promenade::grading {

Result<std::vector<SelectedSeries>> SampleStore::select(std::span<const Matcher> matchers,
                                                        TimeRange) const {
  std::vector<SelectedSeries> found;
  for (size_t i = 0; i < series_.size(); ++i) {
    const bool matches = std::all_of(matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
      return matcher.matches(series_[i].labels.get(matcher.name()));
    });
    if (matches) found.push_back({static_cast<SeriesRef>(i), &series_[i].labels});
  }
  return found;
}

Result<void> SampleStore::read(SeriesRef ref, TimeRange range, SampleColumns& out) const {
  for (const auto& [time_ms, value] : series_[static_cast<size_t>(ref)].samples) {
    if (!range.contains(Timestamp{time_ms})) continue;
    out.times_ms.push_back(time_ms);
    out.values.push_back(value);
  }
  return {};
}

Result<std::vector<StoredSeries>> copy_selected(const SampleSource& source,
                                                std::span<const std::vector<Matcher>> selectors,
                                                TimeRange range) {
  std::vector<StoredSeries> copies;
  std::set<SeriesRef> seen;
  for (const std::vector<Matcher>& matchers : selectors) {
    for (const SelectedSeries& selected : TRY(source.select(matchers, range))) {
      if (!seen.insert(selected.ref).second) continue;
      SampleColumns columns;
      TRY(source.read(selected.ref, range, columns));
      if (columns.times_ms.empty()) continue;
      StoredSeries& copy = copies.emplace_back(StoredSeries{*selected.labels, {}});
      for (size_t i = 0; i < columns.times_ms.size(); ++i) {
        copy.samples.emplace_back(columns.times_ms[i], columns.values[i]);
      }
    }
  }
  return copies;
}

}  // namespace promenade::grading
