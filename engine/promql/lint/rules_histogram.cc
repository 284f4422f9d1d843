// engine/promql/lint/rules_histogram.cc
// Quantiles: of histograms that lost their buckets, out of range, and averaged.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "model/number_format.h"
#include "promql/lint/source.h"

namespace promenade::promql::lint_rules_detail {
namespace {

bool is_bucket_metric(std::string_view name) {
  constexpr std::string_view kSuffix = "_bucket";
  return name.size() > kSuffix.size() && name.substr(name.size() - kSuffix.size()) == kSuffix;
}

// Whether the expression reads the buckets of a classic histogram.
bool reads_buckets(const Expr& expr) {
  if (const auto* selector = expr.as<VectorSelector>())
    return is_bucket_metric(metric_name(*selector));
  const std::vector<const Expr*> operands = children(expr);
  return std::any_of(operands.begin(), operands.end(),
                     [](const Expr* operand) { return reads_buckets(*operand); });
}

// The vector that histogram_quantile() and its relatives work on; null for other expressions.
const Expr* histogram_argument(const Expr& expr) {
  const auto* call = expr.as<Call>();
  if (!call) return nullptr;
  if (call->function->name == "histogram_quantile") return call->args[1].get();
  if (call->function->name == "histogram_fraction") return call->args[2].get();
  if (call->function->name == "histogram_quantiles") return call->args[0].get();
  return nullptr;
}

// The grouping with `le` in it.
std::optional<TextEdit> keep_le(const Site& site, const Expr& node) {
  const auto& aggregate = *node.as<Aggregate>();
  const auto list = grouping_text(site.query, node);
  if (!list) {
    const auto name_length = static_cast<uint32_t>(to_string(aggregate.op).size());
    return insert(node.span.begin + name_length, " by (le) ");
  }
  std::vector<std::string> labels;
  for (size_t i = 0; i < list->labels.size(); ++i) {
    if (aggregate.grouping[i] != "le") labels.emplace_back(site.text(list->labels[i]));
  }
  if (!aggregate.without) labels.push_back("le");
  return replace(list->all, "(" + join(labels, ", ") + ")");
}

void quantile_without_le(const Site& site, Remarks& remarks) {
  const Expr* argument = histogram_argument(site.expr);
  if (!argument) return;
  const Expr& inner = strip_parens(*argument);
  const auto* aggregate = inner.as<Aggregate>();
  if (!aggregate || aggregate->param || !reads_buckets(inner)) return;
  if (contains(aggregate->grouping, "le") != aggregate->without) return;
  remarks.add(inner.span,
              fmt::format("the buckets of a histogram are told apart by le, and this {} drops it; "
                          "keep le",
                          to_string(aggregate->op)),
              keep_le(site, inner));
}

// histogram_quantile(0.9, x_bucket), histogram_quantile(0.9, sum by (le) (x_bucket))
void quantile_since_start(const Site& site, Remarks& remarks) {
  const Expr* argument = histogram_argument(site.expr);
  if (!argument) return;
  const Expr* inner = &strip_parens(*argument);
  if (const auto* aggregate = inner->as<Aggregate>()) inner = &strip_parens(*aggregate->expr);
  const auto* selector = inner->as<VectorSelector>();
  if (!selector || !is_bucket_metric(metric_name(*selector))) return;
  std::optional<TextEdit> edit;
  if (is_plain(*selector)) {
    edit = replace(inner->span, fmt::format("rate({}[5m])", site.text(*inner)));
  }
  remarks.add(inner->span,
              "the buckets count since each process started, so this hardly moves any more; rate() "
              "tells about the last minutes",
              std::move(edit));
}

// The expression for the quantile, as a number between 0 and 1.
const Expr* quantile_argument(const Expr& expr) {
  if (const auto* aggregate = expr.as<Aggregate>()) {
    return aggregate->op == AggregateOp::Quantile ? aggregate->param.get() : nullptr;
  }
  const auto* call = expr.as<Call>();
  if (!call) return nullptr;
  const std::string_view name = call->function->name;
  return name == "histogram_quantile" || name == "quantile_over_time" ? call->args[0].get()
                                                                      : nullptr;
}

void quantile_out_of_range(const Site& site, Remarks& remarks) {
  const Expr* argument = quantile_argument(site.expr);
  if (!argument) return;
  const auto quantile = as_number(*argument);
  if (!quantile || !(*quantile < 0 || *quantile > 1)) return;
  std::optional<TextEdit> edit;
  if (*quantile > 1 && *quantile <= 100) {
    std::string share;
    append_decimal(share, std::round(*quantile * 1e6) / 1e8);
    edit = replace(argument->span, std::move(share));
  }
  remarks.add(argument->span,
              fmt::format("a quantile lies between 0 and 1, so this is always {}; 95 % is 0.95",
                          *quantile > 1 ? "+Inf" : "-Inf"),
              std::move(edit));
}

// The quantile of many can't be had from the quantiles of each.
void average_of_quantiles(const Site& site, Remarks& remarks) {
  const auto* aggregate = site.expr.as<Aggregate>();
  if (!aggregate || (aggregate->op != AggregateOp::Avg && aggregate->op != AggregateOp::Sum))
    return;
  const Expr& inner = strip_parens(*aggregate->expr);
  if (as_call(inner, "histogram_quantile")) {
    remarks.add(site.expr.span,
                "quantiles can't be averaged or summed; aggregate the buckets first: "
                "histogram_quantile(0.95, sum by (le) (rate(...[5m])))");
    return;
  }
  const auto* selector = inner.as<VectorSelector>();
  if (!selector) return;
  for (const Matcher& matcher : selector->matchers) {
    if (matcher.name() != "quantile" || matcher.type() != MatchType::Equal) continue;
    remarks.add(
        site.expr.span,
        "the quantiles of a summary can't be averaged or summed over instances; max() is the "
        "worst of them, and a histogram can be aggregated");
  }
}

// The division of two vectors that the expression is, or null.
const Binary* as_ratio(const Expr& expr) {
  const auto* binary = strip_parens(expr).as<Binary>();
  return binary && binary->op == BinaryOp::Div && binary->matching ? binary : nullptr;
}

bool is_counted(const Expr& expr) {
  return as_call(expr, {"rate", "increase", "irate"}) != nullptr;
}

// avg(rate(errors) / rate(requests))
void average_of_ratios(const Site& site, Remarks& remarks) {
  const auto* aggregate = site.expr.as<Aggregate>();
  if (!aggregate || aggregate->op != AggregateOp::Avg) return;
  const Binary* division = as_ratio(*aggregate->expr);
  if (!division || !is_counted(*division->left) || !is_counted(*division->right)) return;
  const VectorMatching& matching = *division->matching;
  const bool is_plain =
      !matching.on && matching.labels.empty() && !matching.fill_left && !matching.fill_right;
  std::optional<TextEdit> edit;
  const auto list = grouping_text(site.query, site.expr);
  if (is_plain && !aggregate->without) {
    const std::string head =
        list ? fmt::format("sum by {} ", site.text(list->all)) : std::string("sum");
    edit =
        replace(site.expr.span, fmt::format("{0}({1}) / {0}({2})", head, site.text(*division->left),
                                            site.text(*division->right)));
    if (site.parent()) edit->replacement = "(" + edit->replacement + ")";
  }
  remarks.add(site.expr.span,
              "the average of ratios gives a quiet series as much weight as a busy one; divide the "
              "sums",
              std::move(edit));
}

constexpr Rule kRules[] = {
    {"quantile-without-le", LintSeverity::Warning, quantile_without_le},
    {"quantile-since-start", LintSeverity::Warning, quantile_since_start},
    {"quantile-out-of-range", LintSeverity::Warning, quantile_out_of_range},
    {"average-of-quantiles", LintSeverity::Warning, average_of_quantiles},
    {"average-of-ratios", LintSeverity::Info, average_of_ratios},
};

}  // namespace

std::span<const Rule> histogram_rules() {
  return kRules;
}

}  // namespace promenade::promql::lint_rules_detail
