#pragma once  // engine/promql/explain/selector_facts.h
// How far an instant selector had to look back, and why it found nothing.
#include <vector>

#include "promql/evaluator/context.h"
#include "promql/explain.h"
#include "promql/values.h"

namespace promenade::promql {

// `rows` is the selector's value at `time_ms`. Not for smoothed selectors, which do not look back.
Result<SelectorFacts> selector_facts(const EvaluationContext& context,
                                     const VectorSelector& selector, const std::vector<Row>& rows,
                                     int64_t time_ms, const ExplainOptions& options);

}  // namespace promenade::promql
