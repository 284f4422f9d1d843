// engine/promql/lint/rules_range.cc
// Ranges and times: too short, resampled without need, in the future; and what has no effect over a
// range.
#include <fmt/format.h>

#include <algorithm>

#include "model/duration.h"
#include "promql/lint/source.h"

namespace promenade::promql::lint_rules_detail {
namespace {

// One failed scrape must not leave a range with fewer than two samples.
constexpr int64_t kScrapesInRange = 4;

void range_too_short(const Site& site, Remarks& remarks) {
  if (!site.expr.as<Call>()) return;
  const Call* call = as_call(site.expr, {"rate", "increase", "irate", "delta", "idelta", "deriv"});
  const auto interval = site.knowledge.scrape_interval();
  if (!call || !interval || interval->ms <= 0) return;
  const auto* matrix = strip_parens(*call->args[0]).as<MatrixSelector>();
  const auto range_ms = matrix ? as_milliseconds(matrix->range) : std::nullopt;
  if (!range_ms || *range_ms >= kScrapesInRange * interval->ms) return;
  const std::string enough = format_duration(*interval * kScrapesInRange);
  const bool is_hopeless = *range_ms <= interval->ms;
  remarks.add(
      matrix->range->span,
      fmt::format("with a scrape every {}, {} holds {}; {}() needs two samples, and with [{}] "
                  "it bears a failed scrape",
                  format_duration(*interval), site.text(matrix->range->span),
                  is_hopeless ? "one sample" : "hardly more than two samples", call->function->name,
                  enough),
      replace(matrix->range->span, enough));
}

// max_over_time(up[1h:1m]): the range itself has every sample.
void subquery_of_selector(const Site& site, Remarks& remarks) {
  const auto* subquery = site.expr.as<Subquery>();
  if (!subquery || !site.parent() || !site.parent()->as<Call>()) return;
  const auto* selector = strip_parens(*subquery->expr).as<VectorSelector>();
  if (!selector || !is_plain(*selector)) return;
  std::optional<TextEdit> edit;
  const bool ends_with_bracket =
      !subquery->shift.offset && subquery->shift.at == TimeShift::At::None;
  if (ends_with_bracket && !subquery->expr->as<Paren>()) {
    edit = replace({subquery->range->span.end, site.expr.span.end - 1}, "");
  }
  remarks.add(site.expr.span,
              "a subquery looks at the metric anew at every step and misses what lies between; the "
              "plain range has every sample",
              std::move(edit));
}

void irate_in_alert(const Site& site, Remarks& remarks) {
  if (site.purpose != LintPurpose::Alert || !site.expr.as<Call>()) return;
  const Call* call = as_call(site.expr, "irate");
  if (!call) return;
  remarks.add(site.expr.span,
              "irate() looks at two samples only, so one calm moment resets the alert; rate() is "
              "steadier",
              replace({site.expr.span.begin, site.expr.span.begin + 5}, "rate"));
}

void offset_into_future(const Site& site, Remarks& remarks) {
  const auto* selector = site.expr.as<VectorSelector>();
  const auto* subquery = site.expr.as<Subquery>();
  const bool is_rule = site.purpose == LintPurpose::Alert || site.purpose == LintPurpose::Recording;
  if (!is_rule || (!selector && !subquery)) return;
  const DurationExprPtr& offset = selector ? selector->shift.offset : subquery->shift.offset;
  const auto offset_ms = as_milliseconds(offset);
  if (!offset_ms || *offset_ms >= 0) return;
  remarks.add(offset->span,
              "a rule is evaluated now, and a negative offset looks into the future, where nothing "
              "is yet");
}

void sort_over_range(const Site& site, Remarks& remarks) {
  if (site.purpose != LintPurpose::Range || !site.ancestors.empty() || !site.expr.as<Call>())
    return;
  const Call* call =
      as_call(site.expr, {"sort", "sort_desc", "sort_by_label", "sort_by_label_desc"});
  if (!call) return;
  remarks.add(site.expr.span,
              fmt::format("over a range, series are ordered by their labels, whatever {}() does",
                          call->function->name),
              replace(site.expr.span, std::string(site.text(*call->args[0]))));
}

void topk_over_range(const Site& site, Remarks& remarks) {
  const auto* aggregate = site.expr.as<Aggregate>();
  if (site.purpose != LintPurpose::Range || !site.ancestors.empty() || !aggregate) return;
  if (aggregate->op != AggregateOp::Topk && aggregate->op != AggregateOp::Bottomk) return;
  // Pinned to one time, the choice is the same at every step.
  const VectorSelector* selector = as_selector(*aggregate->expr);
  if (selector && selector->shift.at != TimeShift::At::None) return;
  remarks.add(site.expr.span,
              fmt::format("{}() chooses anew at every step, so a graph shows more series than it "
                          "keeps, with gaps",
                          to_string(aggregate->op)));
}

// The range of rate(x[5m]), also inside aggregations, when it is a literal.
const DurationExprPtr* rate_range(const Expr& expr) {
  const Expr* inner = &strip_parens(expr);
  while (const auto* aggregate = inner->as<Aggregate>()) inner = &strip_parens(*aggregate->expr);
  const Call* call = as_call(*inner, {"rate", "increase"});
  if (!call) return nullptr;
  const auto* matrix = strip_parens(*call->args[0]).as<MatrixSelector>();
  return matrix ? &matrix->range : nullptr;
}

void mixed_ranges(const Site& site, Remarks& remarks) {
  const auto* binary = site.expr.as<Binary>();
  if (!binary || binary->op != BinaryOp::Div) return;
  const DurationExprPtr* left = rate_range(*binary->left);
  const DurationExprPtr* right = rate_range(*binary->right);
  if (!left || !right) return;
  const auto left_ms = as_milliseconds(*left);
  const auto right_ms = as_milliseconds(*right);
  if (!left_ms || !right_ms || *left_ms == *right_ms) return;
  remarks.add(site.expr.span,
              fmt::format("the two sides are about different times, {} and {}, so the ratio is of "
                          "things that didn't happen together",
                          site.text((*left)->span), site.text((*right)->span)));
}

// increase(x[5m]) / 300
void increase_per_second(const Site& site, Remarks& remarks) {
  const auto* binary = site.expr.as<Binary>();
  if (!binary || binary->op != BinaryOp::Div) return;
  const Call* call = as_call(*binary->left, "increase");
  const auto seconds = as_number(*binary->right);
  if (!call || !seconds) return;
  const auto* matrix = strip_parens(*call->args[0]).as<MatrixSelector>();
  const auto range_ms = matrix ? as_milliseconds(matrix->range) : std::nullopt;
  if (!range_ms || static_cast<double>(*range_ms) != *seconds * 1000) return;
  remarks.add(site.expr.span, "the increase divided by its range in seconds is the rate",
              replace(site.expr.span, fmt::format("rate({})", site.text(*call->args[0]))));
}

constexpr Rule kRules[] = {
    {"range-too-short", LintSeverity::Warning, range_too_short},
    {"subquery-of-selector", LintSeverity::Info, subquery_of_selector},
    {"irate-in-alert", LintSeverity::Warning, irate_in_alert},
    {"offset-into-future", LintSeverity::Warning, offset_into_future},
    {"sort-over-range", LintSeverity::Info, sort_over_range},
    {"topk-over-range", LintSeverity::Info, topk_over_range},
    {"mixed-ranges", LintSeverity::Info, mixed_ranges},
    {"increase-per-second", LintSeverity::Info, increase_per_second},
};

}  // namespace

std::span<const Rule> range_rules() {
  return kRules;
}

}  // namespace promenade::promql::lint_rules_detail
