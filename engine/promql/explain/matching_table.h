#pragma once  // engine/promql/explain/matching_table.h
// Which elements of two vectors met in a binary operator, which did not, and what would help.
#include <vector>

#include "promql/ast.h"
#include "promql/explain.h"
#include "promql/values.h"

namespace promenade::promql {

// The elements of one operand at one instant.
struct MatchSide {
  const std::vector<Row>& rows;
  size_t step;  // Of the rows' columns.
};

// `binary` has two vectors as operands.
MatchingTable matching_table(const Binary& binary, const MatchSide& left, const MatchSide& right,
                             int64_t time_ms, const ExplainOptions& options);

}  // namespace promenade::promql
