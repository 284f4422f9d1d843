#pragma once  // engine/promql/printer_parts.h
// The parts of an expression that the one-line and the many-line printer share. Internal to
// engine/promql.
#include <string>

#include "promql/ast.h"

namespace promenade::promql {

// "sum", "sum by (job) ": all before the parenthesis.
std::string aggregate_head(const Aggregate& aggregate);
// "== bool on (job) group_left (team)".
std::string binary_operator_text(const Binary& binary);
// "[5m:1m] @ 10.000 offset 1m".
std::string subquery_suffix(const Subquery& subquery);

}  // namespace promenade::promql
