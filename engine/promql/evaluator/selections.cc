// One walk over the tree with the span of the steps that each node is evaluated at. Ranges are a
// look-back wider than need be at both ends, which costs nothing and covers all kinds of windows.
#include "promql/evaluator/selections.h"

#include "promql/evaluator/preparation.h"
#include "promql/functions/functions.h"
#include "promql/functions/special_calls.h"

namespace promenade::promql {
namespace {

class SelectionVisitor {
 public:
  SelectionVisitor(const Preparation& preparation, Duration lookback)
      : preparation_(preparation), lookback_ms_(lookback.ms) {}

  Result<void> visit(const Expr& expr, TimeRange steps) {
    return std::visit([&](const auto& node) { return visit_node(node, steps); }, expr.node);
  }

  Needs needs;

 private:
  Result<void> visit_node(const NumberLiteral&, TimeRange) { return {}; }
  Result<void> visit_node(const StringLiteral&, TimeRange) { return {}; }

  Result<void> visit_node(const VectorSelector& selector, TimeRange steps) {
    add(selector, steps, 0);
    return {};
  }

  Result<void> visit_node(const MatrixSelector& matrix, TimeRange steps) {
    add(*matrix.selector->as<VectorSelector>(), steps, preparation_.duration_ms(*matrix.range));
    return {};
  }

  Result<void> visit_node(const Subquery& subquery, TimeRange steps) {
    needs.has_subquery = true;
    return visit(*subquery.expr,
                 looked_at(subquery.shift, steps, preparation_.duration_ms(*subquery.range)));
  }

  Result<void> visit_node(const Call& call, TimeRange steps) {
    if (call.function->name == "info") {
      needs.selections.push_back({TRY(info_matchers(call)), kAllTime});
      return visit(*call.args.front(), steps);
    }
    for (const ExprPtr& argument : call.args) TRY(visit(*argument, steps));
    return {};
  }

  Result<void> visit_node(const Aggregate& aggregate, TimeRange steps) {
    if (aggregate.param) TRY(visit(*aggregate.param, steps));
    return visit(*aggregate.expr, steps);
  }

  Result<void> visit_node(const Binary& binary, TimeRange steps) {
    TRY(visit(*binary.left, steps));
    return visit(*binary.right, steps);
  }

  Result<void> visit_node(const Unary& unary, TimeRange steps) { return visit(*unary.expr, steps); }
  Result<void> visit_node(const Paren& paren, TimeRange steps) { return visit(*paren.expr, steps); }

  void add(const VectorSelector& selector, TimeRange steps, int64_t range_ms) {
    TimeRange range = looked_at(selector.shift, steps, range_ms + lookback_ms_);
    range.end.ms += lookback_ms_;
    needs.selections.push_back({selector.matchers, range});
  }

  // All windows of `length_ms` that end at one of the steps, shifted.
  TimeRange looked_at(const TimeShift& shift, TimeRange steps, int64_t length_ms) const {
    const ResolvedShift resolved = preparation_.shift(shift);
    return {{resolved.reference_ms(steps.start.ms) - length_ms},
            {resolved.reference_ms(steps.end.ms)}};
  }

  const Preparation& preparation_;
  int64_t lookback_ms_;
};

}  // namespace

Result<Needs> needs_of(const Expr& expr, const QueryRange& query, Duration lookback) {
  const Preparation preparation = TRY(Preparation::create(expr, query));
  SelectionVisitor visitor(preparation, lookback);
  TRY(visitor.visit(expr, TimeRange{query.start, query.end}));
  return std::move(visitor.needs);
}

}  // namespace promenade::promql
