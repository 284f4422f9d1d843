// engine/promql/lint/rules_aggregation.cc
// Aggregations and limits that keep nothing, and absent() of what can't tell.
#include <fmt/format.h>

#include "promql/lint/source.h"

namespace promenade::promql::lint_rules_detail {
namespace {

// absent(sum(up{job="api"})): the sum is missing exactly when the metric is, but has no labels.
void absent_of_aggregate(const Site& site, Remarks& remarks) {
  if (!site.expr.as<Call>()) return;
  const Call* call = as_call(site.expr, "absent");
  if (!call) return;
  const auto* aggregate = strip_parens(*call->args[0]).as<Aggregate>();
  if (!aggregate || aggregate->param || !as_selector(*aggregate->expr)) return;
  remarks.add(
      call->args[0]->span,
      fmt::format("absent() takes the labels of its result from a selector; a {} has none to "
                  "take, and is absent exactly when the metric is",
                  to_string(aggregate->op)),
      replace(call->args[0]->span, std::string(site.text(*aggregate->expr))));
}

void limits_exchanged(const Site& site, Remarks& remarks) {
  if (!site.expr.as<Call>()) return;
  const Call* call = as_call(site.expr, "clamp");
  if (!call) return;
  const auto low = as_number(*call->args[1]);
  const auto high = as_number(*call->args[2]);
  if (!low || !high || !(*low > *high)) return;
  const SourceSpan both{call->args[1]->span.begin, call->args[2]->span.end};
  remarks.add(
      both, "the lower limit is above the upper one, so the result is empty",
      replace(both, fmt::format("{}, {}", site.text(*call->args[2]), site.text(*call->args[1]))));
}

void keeps_nothing(const Site& site, Remarks& remarks) {
  const auto* aggregate = site.expr.as<Aggregate>();
  if (!aggregate) return;
  const bool counts = aggregate->op == AggregateOp::Topk || aggregate->op == AggregateOp::Bottomk ||
                      aggregate->op == AggregateOp::Limitk;
  if (!counts) return;
  const auto count = as_number(*aggregate->param);
  if (!count || !(*count < 1)) return;
  remarks.add(aggregate->param->span,
              fmt::format("{}() keeps that many elements, and fewer than one is none",
                          to_string(aggregate->op)));
}

constexpr Rule kRules[] = {
    {"absent-of-aggregate", LintSeverity::Info, absent_of_aggregate},
    {"limits-exchanged", LintSeverity::Warning, limits_exchanged},
    {"keeps-nothing", LintSeverity::Warning, keeps_nothing},
};

}  // namespace

std::span<const Rule> aggregation_rules() {
  return kRules;
}

}  // namespace promenade::promql::lint_rules_detail
