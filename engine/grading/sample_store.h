#pragma once  // engine/grading/sample_store.h
// A few series in plain vectors, from which any part can be taken away: what counterexamples are
// searched in. Floats only.
#include <cstdint>
#include <utility>
#include <vector>

#include "model/queryable.h"

namespace promenade::grading {

struct StoredSeries {
  Labels labels;
  std::vector<std::pair<int64_t, double>> samples;  // In time order; stale markers are among them.
};

class SampleStore final : public SampleSource {
 public:
  explicit SampleStore(std::vector<StoredSeries> series) : series_(std::move(series)) {}

  const std::vector<StoredSeries>& series() const { return series_; }
  std::vector<StoredSeries>& series() { return series_; }

  // SampleSource. Refs are indices.
  Result<std::vector<SelectedSeries>> select(std::span<const Matcher> matchers,
                                             TimeRange range) const override;
  Result<void> read(SeriesRef series, TimeRange range, SampleColumns& out) const override;

 private:
  std::vector<StoredSeries> series_;
};

// What the selectors of these queries find in `source` within `range`, each series once.
Result<std::vector<StoredSeries>> copy_selected(const SampleSource& source,
                                                std::span<const std::vector<Matcher>> selectors,
                                                TimeRange range);

}  // namespace promenade::grading
