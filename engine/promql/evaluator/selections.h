#pragma once  // engine/promql/evaluator/selections.h
// What a query will ask of the store, found out from its text alone, so that it can be fetched
// before the query is evaluated somewhere else.
#include <vector>

#include "base/result.h"
#include "model/queryable.h"
#include "promql/ast.h"
#include "promql/engine.h"

namespace promenade::promql {

struct Needs {
  // One for every selector, and one for each info(). Every range contains what the evaluator will
  // select and read there.
  std::vector<Selection> selections;
  // Then the number of the query's steps says little about the work that it is.
  bool has_subquery = false;
};

// Fails as evaluating would, when a duration has no valid value.
Result<Needs> needs_of(const Expr& expr, const QueryRange& query, Duration lookback);

}  // namespace promenade::promql
