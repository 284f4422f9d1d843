#pragma once  // engine/promql/histogram_groups.h
// The histograms in an instant vector: native ones, and classic ones put together from series that
// differ in their `le` label only.
#include <string>
#include <unordered_map>
#include <vector>

#include "promql/functions/classic_histograms.h"
#include "promql/values.h"

namespace promenade::promql {

class HistogramGroups {
 public:
  struct Part {
    double upper_bound;
    const Row* row;
  };
  struct ClassicGroup {
    Labels labels;  // Without `le`.
    bool drop_name = false;
    std::vector<Part> parts;  // By upper bound.
    // Steps at which a native histogram has the same labels; empty when there are none.
    std::vector<bool> is_ambiguous;

    // The buckets that are present at a step; none where the group is ambiguous.
    void buckets_at(size_t step, ClassicBuckets& buckets) const;
  };
  struct NativeGroup {
    const Row* row;
    std::vector<bool> is_ambiguous;

    // Null where there is none or it is ambiguous.
    const FloatHistogram* at(size_t step) const {
      const bool usable = is_ambiguous.empty() || !is_ambiguous[step];
      return usable ? row->histograms[step].get() : nullptr;
    }
  };

  // Keeps references to `rows`. Remarks are placed at `span`, and name the metric if
  // `names_metric`.
  HistogramGroups(const std::vector<Row>& rows, SourceSpan span, bool names_metric,
                  Annotations& annotations);

  const std::vector<NativeGroup>& native() const { return native_; }
  const std::vector<ClassicGroup>& classic() const { return classic_; }

 private:
  void add_part(const Row& row);
  // Where both kinds stand for the same thing at a step, neither is used.
  void find_ambiguous(NativeGroup& native);

  SourceSpan span_;
  bool names_metric_;
  Annotations& annotations_;
  std::vector<NativeGroup> native_;
  std::vector<ClassicGroup> classic_;
  std::unordered_map<std::string, size_t> classic_of_labels_;
};

// ` for metric name "x"`, or nothing when there is no name to give.
std::string for_metric_name(std::string_view metric_name);

}  // namespace promenade::promql
