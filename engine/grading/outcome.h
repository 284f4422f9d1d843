#pragma once  // engine/grading/outcome.h
// What a query gives at one probe, in a form that two queries can be compared in.
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "promql/engine.h"

namespace promenade::grading {

// Values count as equal when they differ by less than this part of the larger: the order in
// which a sum is added up may show in the last digits.
inline constexpr double kRelativeTolerance = 1e-9;

struct Outcome {
  // Set when evaluating failed; everything else is then empty.
  std::optional<Error> error;
  // One point for each series of an instant vector; a scalar is one series without labels.
  std::vector<promql::MatrixSeries> series;
  std::string text;  // Of a string.
  uint64_t samples_read = 0;
};

struct ComparisonRules {
  bool ordered = false;
  bool ignore_metric_name = false;
};

Outcome make_outcome(Result<promql::QueryResult> result);

// The series in an order that does not depend on the query's, without names if the rules say so.
std::vector<promql::MatrixSeries> normalized(const Outcome& outcome, const ComparisonRules& rules);

// NaN equals NaN; a float never equals a histogram.
bool same_point(const promql::Point& a, const promql::Point& b);
bool same_points(const promql::MatrixSeries& a, const promql::MatrixSeries& b);
// Two failures are the same outcome. Nothing is not the same as zero.
bool same_outcome(const Outcome& a, const Outcome& b, const ComparisonRules& rules);
// Of two ranges: the first time at which one has a point that the other has not.
std::optional<Timestamp> first_different_time(const Outcome& a, const Outcome& b,
                                              const ComparisonRules& rules);

}  // namespace promenade::grading
