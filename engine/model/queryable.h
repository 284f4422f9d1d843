#pragma once  // engine/model/queryable.h
// What the evaluator (SampleSource) and the API (Queryable) see of a store. All methods are safe to
// call from several threads at once between two appends.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "model/sample.h"

namespace promenade {

enum class SeriesRef : uint64_t {};

struct SelectedSeries {
  SeriesRef ref;
  const Labels* labels;  // Owned by the store; valid until the next append.
};

// What one selector of a query asks for.
struct Selection {
  std::vector<Matcher> matchers;
  TimeRange range;
};

class SampleSource {
 public:
  virtual ~SampleSource() = default;

  // The series that satisfy all matchers and may have samples in `range`, in storage order
  // (the order in which they were created). No matchers means every series.
  virtual Result<std::vector<SelectedSeries>> select(std::span<const Matcher> matchers,
                                                     TimeRange range) const = 0;

  // Appends the samples of one selected series within `range` to `out`, oldest first. `out` is
  // not cleared, so a caller can re-use its capacity.
  virtual Result<void> read(SeriesRef series, TimeRange range, SampleColumns& out) const = 0;

  // About how many samples there are to read for the query at hand, a histogram counting for many;
  // 0 when nobody knows. What is not worth sharing out among threads is told by it.
  virtual uint64_t sample_estimate() const { return 0; }
};

inline tl::unexpected<Error> too_many_selected(uint64_t count_max) {
  return fail(ErrorCode::Limit, "more than " + std::to_string(count_max) + " series are selected");
}

class Queryable : public SampleSource {
 public:
  // As select(), but fails with Limit when there are more than `count_max`.
  virtual Result<std::vector<SelectedSeries>> select_at_most(uint64_t count_max,
                                                             std::span<const Matcher> matchers,
                                                             TimeRange range) const {
    auto selected = select(matchers, range);
    if (selected && selected->size() > count_max) return too_many_selected(count_max);
    return selected;
  }

  // Sorted and unique. The range is a hint: names of series just outside it may appear.
  virtual Result<std::vector<std::string>> label_names(std::span<const Matcher> matchers,
                                                       TimeRange range) const = 0;
  virtual Result<std::vector<std::string>> label_values(std::string_view name,
                                                        std::span<const Matcher> matchers,
                                                        TimeRange range) const = 0;
};

}  // namespace promenade
