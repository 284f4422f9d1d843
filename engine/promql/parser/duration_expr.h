#pragma once  // engine/promql/duration_expr.h
// Gives duration expressions their value, once the query's step and range are known
// (https://prometheus.io/docs/prometheus/latest/querying/basics/#duration-expressions).
#include "base/result.h"
#include "base/time.h"
#include "promql/ast.h"

namespace promenade::promql {

// What step() and range() stand for; both 0 in an instant query.
struct DurationContext {
  double step_seconds = 0;
  double range_seconds = 0;
};

enum class DurationSign { Positive, Any };

// Whole milliseconds, fractions cut off. Fails with BadData for a division by zero, a value that is
// no finite duration, and, with DurationSign::Positive, one that is not above zero.
Result<Duration> resolve_duration(const DurationExpr& expr, const DurationContext& context,
                                  DurationSign sign);

}  // namespace promenade::promql
