#pragma once  // engine/promql/evaluator/known_values.h
// Values of subexpressions that were computed already: explain() evaluates a query node by node,
// and every node's operands are known by then.
#include <unordered_map>
#include <utility>

#include "promql/ast.h"
#include "promql/values.h"

namespace promenade::promql {

class KnownValues {
 public:
  // Null unless it is known over just these steps. Valid until the next change.
  const Value* find(const Expr& expr, const StepGrid& grid) const {
    const auto found = values_.find(&expr);
    if (found == values_.end()) return nullptr;
    const StepGrid& known = found->second.first;
    const bool is_same = known.start_ms == grid.start_ms && known.count == grid.count &&
                         (grid.count == 1 || known.step_ms == grid.step_ms);
    return is_same ? &found->second.second : nullptr;
  }
  void add(const Expr& expr, const StepGrid& grid, Value value) {
    values_.insert_or_assign(&expr, std::pair{grid, std::move(value)});
  }
  void remove(const Expr& expr) { values_.erase(&expr); }

 private:
  std::unordered_map<const Expr*, std::pair<StepGrid, Value>> values_;
};

}  // namespace promenade::promql
