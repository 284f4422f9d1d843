#pragma once  // engine/grading/empty_result.h
// Why does a query find nothing? The engine can't say: no selector is wrong by itself. Looking at
// the data can: a name that no metric has, a label that no series has, a pattern that would have
// to match the whole value.
#include <string>

#include "base/result.h"
#include "model/queryable.h"
#include "promql/ast.h"

namespace promenade::grading {

struct EmptyReason {
  enum class Kind {
    UnknownMetric,
    UnknownLabel,
    PatternInEqual,   // {handler="*cart*"}: = takes every character literally.
    AnchoredPattern,  // {handler=~"cart"}: a pattern has to match the whole value.
    UnknownValue,
    NoCommonSeries,  // Each condition matches something, but no series meets all.
    ShortWindow,     // [15s] at a scrape interval of 15s.
    FilteredAway,    // The selectors find series; something later drops them.
  };
  Kind kind = Kind::FilteredAway;
  std::string subject;  // The metric or the label that it is about.
  std::string text;     // A sentence or two for the learner.

  // Two queries that find nothing for a reason that names the same thing.
  bool is_same_mistake(const EmptyReason& other) const;
};

// The first reason in the order of the query's text.
Result<EmptyReason> explain_empty(const promql::Expr& expr, const Queryable& store);

}  // namespace promenade::grading
