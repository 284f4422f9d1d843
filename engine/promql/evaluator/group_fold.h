#pragma once  // engine/promql/group_fold.h
// The running state of one group of an aggregation, a column of it: rows are added one after the
// other and then forgotten. sum, avg, count, group, min, max, stddev and stdvar work this way.
#include <cstddef>
#include <memory>

#include "promql/annotations.h"
#include "promql/ast.h"
#include "promql/values.h"

namespace promenade::promql {

class GroupFold {
 public:
  virtual ~GroupFold() = default;

  // Of a row without histograms only the values are looked at.
  virtual void add(const Row& row, Annotations& annotations) = 0;
  // Adds what another fold of the same group, over later rows, has seen.
  virtual void merge(GroupFold& later, Annotations& annotations) = 0;
  // Writes the result column; `out.values` arrives with one absent() a step.
  virtual void finish(Row& out, Annotations& annotations) = 0;
};

bool is_foldable(AggregateOp op);
// `span` is what annotations point at: the aggregated expression. `op` is foldable.
std::unique_ptr<GroupFold> make_fold(AggregateOp op, size_t step_count, SourceSpan span);

}  // namespace promenade::promql
