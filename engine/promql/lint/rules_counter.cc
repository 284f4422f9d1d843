// engine/promql/lint/rules_counter.cc
// Counters and gauges: functions meant for the one and used on the other.
#include <fmt/format.h>

#include "promql/lint/source.h"

namespace promenade::promql::lint_rules_detail {
namespace {

constexpr std::string_view kRateRange = "[5m]";

struct Opposite {
  std::string_view function;
  std::string_view instead;
};
constexpr Opposite kForGauges[] = {{"rate", "deriv"}, {"increase", "delta"}, {"irate", ""}};
constexpr Opposite kForCounters[] = {
    {"delta", "increase"}, {"deriv", "rate"}, {"idelta", ""}, {"predict_linear", ""}};

const Opposite* find_opposite(std::span<const Opposite> table, const Expr& expr) {
  for (const Opposite& entry : table) {
    if (expr.as<Call>() && as_call(expr, entry.function)) return &entry;
  }
  return nullptr;
}

// The edit that puts another function's name before the arguments.
std::optional<TextEdit> rename(const Expr& call, const Opposite& opposite) {
  if (opposite.instead.empty()) return std::nullopt;
  const auto length = static_cast<uint32_t>(opposite.function.size());
  return replace({call.span.begin, call.span.begin + length}, std::string(opposite.instead));
}

void rate_of_gauge(const Site& site, Remarks& remarks) {
  const Opposite* opposite = find_opposite(kForGauges, site.expr);
  if (!opposite) return;
  const VectorSelector* selector = as_selector(*site.expr.as<Call>()->args[0]);
  if (!selector || metric_kind(site, *selector) != MetricKind::Gauge) return;
  remarks.add(site.expr.span,
              fmt::format("{} is a gauge, and {}() takes every fall for a restart of a counter; {}",
                          metric_name(*selector), opposite->function,
                          opposite->instead.empty()      ? "deriv() tells how fast a gauge changes"
                          : opposite->instead == "deriv" ? "deriv() tells how fast a gauge changes"
                                                         : "delta() tells by how much it changed"),
              rename(site.expr, *opposite));
}

void delta_of_counter(const Site& site, Remarks& remarks) {
  const Opposite* opposite = find_opposite(kForCounters, site.expr);
  if (!opposite) return;
  const VectorSelector* selector = as_selector(*site.expr.as<Call>()->args[0]);
  if (!selector || metric_kind(site, *selector) != MetricKind::Counter) return;
  remarks.add(
      site.expr.span,
      fmt::format("{} is a counter, and {}() takes its restart from zero for a fall; rate() "
                  "and increase() know about restarts",
                  metric_name(*selector), opposite->function),
      rename(site.expr, *opposite));
}

// rate(sum(x)[5m:]): the sum falls whenever one of its counters starts again.
void sum_before_rate(const Site& site, Remarks& remarks) {
  if (!site.expr.as<Call>()) return;
  const Call* call = as_call(site.expr, {"rate", "increase", "irate"});
  if (!call) return;
  const auto* subquery = strip_parens(*call->args[0]).as<Subquery>();
  if (!subquery) return;
  const auto* aggregate = strip_parens(*subquery->expr).as<Aggregate>();
  if (!aggregate || aggregate->param) return;
  const VectorSelector* selector = strip_parens(*aggregate->expr).as<VectorSelector>();
  if (!selector) return;
  std::optional<TextEdit> edit;
  if (is_plain(*selector) && !subquery->shift.offset && subquery->shift.at == TimeShift::At::None) {
    const Expr& whole = strip_parens(*subquery->expr);
    std::string text(site.text(whole));
    const uint32_t begin = aggregate->expr->span.begin - whole.span.begin;
    const uint32_t length = aggregate->expr->span.end - aggregate->expr->span.begin;
    text.replace(
        begin, length,
        fmt::format("{}({}[{}])", call->function->name, site.text(strip_parens(*aggregate->expr)),
                    site.text(subquery->range->span)));
    edit = replace(site.expr.span, std::move(text));
  }
  remarks.add(site.expr.span,
              fmt::format("when one of the counters restarts, their {} falls, and {}() takes that "
                          "for a restart of all; take the {} of each series first",
                          to_string(aggregate->op), call->function->name, call->function->name),
              std::move(edit));
}

bool is_order(BinaryOp op) {
  return op == BinaryOp::Less || op == BinaryOp::LessEqual || op == BinaryOp::Greater ||
         op == BinaryOp::GreaterEqual;
}

// requests_total > 100
void counter_compared(const Site& site, Remarks& remarks) {
  const auto* binary = site.expr.as<Binary>();
  if (!binary || !is_order(binary->op)) return;
  for (const auto& [side, other] :
       {std::pair{&binary->left, &binary->right}, std::pair{&binary->right, &binary->left}}) {
    const VectorSelector* selector = as_selector(**side);
    const auto limit = as_number(**other);
    if (!selector || !limit || metric_kind(site, *selector) != MetricKind::Counter) continue;
    std::optional<TextEdit> edit;
    if (*limit == 0 && is_plain(*selector)) {
      edit = replace((*side)->span,
                     fmt::format("increase({}{})", site.text(strip_parens(**side)), kRateRange));
    }
    remarks.add(
        site.expr.span,
        fmt::format("the counter {} only grows until its process restarts, so this tells more "
                    "of how long it has run than of what happens; compare its rate() or "
                    "increase()",
                    metric_name(*selector)),
        std::move(edit));
  }
}

bool needs_rate(AggregateOp op) {
  switch (op) {
    case AggregateOp::Sum:
    case AggregateOp::Avg:
    case AggregateOp::Max:
    case AggregateOp::Min:
    case AggregateOp::Stddev:
    case AggregateOp::Stdvar:
    case AggregateOp::Topk:
    case AggregateOp::Bottomk:
    case AggregateOp::Quantile:
      return true;
    default:
      return false;
  }
}

// sum(requests_total)
void counter_aggregated(const Site& site, Remarks& remarks) {
  const auto* aggregate = site.expr.as<Aggregate>();
  if (!aggregate || !needs_rate(aggregate->op)) return;
  const VectorSelector* selector = as_selector(*aggregate->expr);
  if (!selector || metric_kind(site, *selector) != MetricKind::Counter) return;
  // histogram_quantile() of raw buckets has a rule of its own, and rate(sum(x)[5m:]) too.
  if (site.parent() &&
      (as_call(*site.parent(), "histogram_quantile") || site.parent()->as<Subquery>())) {
    return;
  }
  std::optional<TextEdit> edit;
  if (is_plain(*selector)) {
    edit =
        replace(aggregate->expr->span,
                fmt::format("rate({}{})", site.text(strip_parens(*aggregate->expr)), kRateRange));
  }
  remarks.add(aggregate->expr->span,
              fmt::format("{} counts since each process started, so this depends on when that was; "
                          "rate() tells how much happens now",
                          metric_name(*selector)),
              std::move(edit));
}

// avg_over_time(requests_total[5m])
void counter_over_time(const Site& site, Remarks& remarks) {
  if (!site.expr.as<Call>()) return;
  const Call* call =
      as_call(site.expr, {"avg_over_time", "sum_over_time", "stddev_over_time", "stdvar_over_time",
                          "mad_over_time", "quantile_over_time"});
  if (!call) return;
  const VectorSelector* selector = as_selector(*call->args.back());
  if (!selector || metric_kind(site, *selector) != MetricKind::Counter) return;
  remarks.add(
      site.expr.span,
      fmt::format("{} is a counter: its samples keep growing, and {}() of them says nothing "
                  "about what happened; take rate() or increase()",
                  metric_name(*selector), call->function->name));
}

bool same_matchers(const VectorSelector& a, const VectorSelector& b) {
  if (a.matchers.size() != b.matchers.size()) return false;
  for (size_t i = 0; i < a.matchers.size(); ++i) {
    if (a.matchers[i].to_string() != b.matchers[i].to_string()) return false;
  }
  return true;
}

// requests_total - requests_total offset 5m
void difference_by_offset(const Site& site, Remarks& remarks) {
  const auto* binary = site.expr.as<Binary>();
  if (!binary || binary->op != BinaryOp::Sub) return;
  const VectorSelector* now = strip_parens(*binary->left).as<VectorSelector>();
  const VectorSelector* then = strip_parens(*binary->right).as<VectorSelector>();
  if (!now || !then || !same_matchers(*now, *then)) return;
  if (!is_plain(*now) || then->shift.at != TimeShift::At::None) return;
  const auto offset_ms = as_milliseconds(then->shift.offset);
  if (!offset_ms || *offset_ms <= 0 || metric_kind(site, *now) != MetricKind::Counter) return;
  remarks.add(site.expr.span,
              "the difference of a counter to its past is negative after a restart; increase() "
              "knows about restarts",
              replace(site.expr.span,
                      fmt::format("increase({}[{}])", site.text(strip_parens(*binary->left)),
                                  site.text(then->shift.offset->span))));
}

constexpr Rule kRules[] = {
    {"rate-of-gauge", LintSeverity::Warning, rate_of_gauge},
    {"delta-of-counter", LintSeverity::Warning, delta_of_counter},
    {"sum-before-rate", LintSeverity::Warning, sum_before_rate},
    {"counter-compared", LintSeverity::Warning, counter_compared},
    {"counter-aggregated", LintSeverity::Info, counter_aggregated},
    {"counter-over-time", LintSeverity::Warning, counter_over_time},
    {"difference-by-offset", LintSeverity::Warning, difference_by_offset},
};

}  // namespace

std::span<const Rule> counter_rules() {
  return kRules;
}

}  // namespace promenade::promql::lint_rules_detail
