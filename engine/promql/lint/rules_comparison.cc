// engine/promql/lint/rules_comparison.cc
// Comparisons that can't hold, that don't filter, or that depend on rounding. What values an
// expression can have is worked out as an interval.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/number_format.h"
#include "promql/lint/source.h"

namespace promenade::promql::lint_rules_detail {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

struct Interval {
  double low = -kInfinity;
  double high = kInfinity;
};

struct FunctionInterval {
  std::string_view name;
  Interval values;
};
constexpr FunctionInterval kFunctions[] = {
    {"absent", {1, 1}},
    {"absent_over_time", {1, 1}},
    {"present_over_time", {1, 1}},
    {"count_over_time", {1, kInfinity}},
    {"rate", {0, kInfinity}},
    {"increase", {0, kInfinity}},
    {"irate", {0, kInfinity}},
    {"changes", {0, kInfinity}},
    {"resets", {0, kInfinity}},
    {"abs", {0, kInfinity}},
    {"sqrt", {0, kInfinity}},
    {"exp", {0, kInfinity}},
    {"stddev_over_time", {0, kInfinity}},
    {"stdvar_over_time", {0, kInfinity}},
    {"sgn", {-1, 1}},
    {"hour", {0, 23}},
    {"minute", {0, 59}},
    {"month", {1, 12}},
    {"day_of_week", {0, 6}},
    {"day_of_month", {1, 31}},
    {"day_of_year", {1, 366}},
    {"days_in_month", {28, 31}},
};

Interval values_of(const Expr& expr);

Interval values_of_call(const Call& call) {
  for (const FunctionInterval& entry : kFunctions) {
    if (entry.name == call.function->name) return entry.values;
  }
  for (const std::string_view name :
       {"max_over_time", "min_over_time", "avg_over_time", "last_over_time", "first_over_time",
        "sort", "sort_desc", "label_replace", "label_join"}) {
    if (call.function->name == name) return values_of(*call.args[0]);
  }
  return {};
}

Interval values_of_aggregate(const Aggregate& aggregate) {
  switch (aggregate.op) {
    case AggregateOp::Count:
    case AggregateOp::CountValues:
      return {1, kInfinity};
    case AggregateOp::Group:
      return {1, 1};
    case AggregateOp::Stddev:
    case AggregateOp::Stdvar:
      return {0, kInfinity};
    case AggregateOp::Sum:
      return {values_of(*aggregate.expr).low >= 0 ? 0 : -kInfinity, kInfinity};
    case AggregateOp::Quantile:
      return {};
    default:
      return values_of(*aggregate.expr);
  }
}

Interval values_of(const Expr& expr) {
  const Expr& inner = strip_parens(expr);
  if (const auto number = as_number(inner)) return {*number, *number};
  if (const auto* call = inner.as<Call>()) return values_of_call(*call);
  if (const auto* aggregate = inner.as<Aggregate>()) return values_of_aggregate(*aggregate);
  if (const VectorSelector* selector = as_selector(inner)) {
    return metric_name(*selector) == "up" ? Interval{0, 1} : Interval{};
  }
  if (const auto* binary = inner.as<Binary>(); binary && is_comparison(binary->op)) {
    if (binary->return_bool) return {0, 1};
    if (binary->left->type == ValueType::Vector) return values_of(*binary->left);
  }
  return {};
}

// No value of the interval satisfies `value OP limit`.
bool is_never(const Interval& values, BinaryOp op, double limit) {
  switch (op) {
    case BinaryOp::Equal:
      return limit < values.low || limit > values.high;
    case BinaryOp::NotEqual:
      return values.low == limit && values.high == limit;
    case BinaryOp::Less:
      return values.low >= limit;
    case BinaryOp::LessEqual:
      return values.low > limit;
    case BinaryOp::Greater:
      return values.high <= limit;
    case BinaryOp::GreaterEqual:
      return values.high < limit;
    default:
      return false;
  }
}

std::string number(double value) {
  std::string text;
  append_decimal(text, value);
  return text;
}

std::string description(const Interval& values) {
  if (values.low == values.high) return "always " + number(values.low);
  if (values.high == kInfinity) return "never below " + number(values.low);
  if (values.low == -kInfinity) return "never above " + number(values.high);
  return fmt::format("always between {} and {}", number(values.low), number(values.high));
}

// A comparison of a vector with a number, whichever way round.
struct Comparison {
  const Binary* binary;
  const Expr* vector;
  BinaryOp op;  // As if the vector stood on the left.
  double limit;
};
std::optional<Comparison> as_comparison(const Expr& expr) {
  const auto* binary = strip_parens(expr).as<Binary>();
  if (!binary || !is_comparison(binary->op)) return std::nullopt;
  if (const auto limit = as_number(*binary->right)) {
    return Comparison{binary, binary->left.get(), binary->op, *limit};
  }
  if (const auto limit = as_number(*binary->left)) {
    return Comparison{binary, binary->right.get(), mirrored(binary->op), *limit};
  }
  return std::nullopt;
}

// What finds out that nothing is there, in the place of a count that is compared with 0.
std::string absence_test(const Site& site, const Expr& counted) {
  const Expr& inner = strip_parens(counted);
  if (const auto* aggregate = inner.as<Aggregate>();
      aggregate && aggregate->op == AggregateOp::Count && aggregate->grouping.empty() &&
      !aggregate->without) {
    return fmt::format("absent({})", site.text(*aggregate->expr));
  }
  if (const Call* call = as_call(inner, "count_over_time")) {
    return fmt::format("absent_over_time({})", site.text(*call->args[0]));
  }
  return "";
}

void never_true(const Site& site, Remarks& remarks) {
  if (!site.expr.as<Binary>()) return;
  const auto comparison = as_comparison(site.expr);
  if (!comparison || comparison->vector->type != ValueType::Vector) return;
  const auto& [binary, vector, op, limit] = *comparison;
  const std::string_view result = binary->return_bool ? "this is always 0" : "this finds nothing";
  if (std::isnan(limit) && op != BinaryOp::NotEqual) {
    remarks.add(
        site.expr.span,
        fmt::format("nothing compares with NaN, not even NaN, so {}; x != x finds NaN", result));
    return;
  }
  const Interval values = values_of(*vector);
  if (std::isnan(limit) || !is_never(values, op, limit)) return;
  std::string message =
      fmt::format("{} is {}, so {}", site.text(*vector).substr(0, 60), description(values), result);
  std::optional<TextEdit> edit;
  if (const std::string test = absence_test(site, *vector);
      !test.empty() && limit <= 1 && op != BinaryOp::NotEqual && !binary->return_bool) {
    message += "; what isn't there isn't counted, and absent() tells that nothing is";
    edit = replace(site.expr.span, test);
  }
  remarks.add(site.expr.span, std::move(message), std::move(edit));
}

// Whether the value is the result of arithmetic that rounds.
bool is_rounded(const Expr& expr) {
  const Expr& inner = strip_parens(expr);
  if (const auto* binary = inner.as<Binary>()) return binary->op == BinaryOp::Div;
  if (as_call(inner,
              {"rate", "irate", "increase", "deriv", "avg_over_time", "stddev_over_time",
               "histogram_quantile", "quantile_over_time", "histogram_avg", "predict_linear"})) {
    return true;
  }
  const auto* aggregate = inner.as<Aggregate>();
  if (!aggregate) return false;
  return aggregate->op == AggregateOp::Avg || aggregate->op == AggregateOp::Stddev ||
         (aggregate->op == AggregateOp::Sum && is_rounded(*aggregate->expr));
}

void equality_of_fractions(const Site& site, Remarks& remarks) {
  const auto* binary = site.expr.as<Binary>();
  if (!binary || (binary->op != BinaryOp::Equal && binary->op != BinaryOp::NotEqual)) return;
  for (const auto& [side, other] :
       {std::pair{&binary->left, &binary->right}, std::pair{&binary->right, &binary->left}}) {
    const auto number = as_number(**other);
    // Nothing at all, and all of it, come out exactly.
    const bool is_exact = number && (*number == 0 || *number == 1 || !std::isfinite(*number));
    if (!is_rounded(**side) || is_exact) continue;
    remarks.add(site.expr.span,
                fmt::format("{} is rounded somewhere, so whether it equals another number is luck; "
                            "compare with < or >, or round() it first",
                            site.text(**side).substr(0, 60)));
    return;
  }
}

// sum(up == 0), avg(up == 1): what passes the filter is the number it is compared with.
void aggregate_of_equal(const Site& site, Remarks& remarks) {
  const auto* aggregate = site.expr.as<Aggregate>();
  if (!aggregate) return;
  const auto comparison = as_comparison(*aggregate->expr);
  if (!comparison || comparison->op != BinaryOp::Equal || comparison->binary->return_bool) return;
  const bool is_sum_of_zeros = aggregate->op == AggregateOp::Sum && comparison->limit == 0;
  const bool is_selection = aggregate->op == AggregateOp::Avg ||
                            aggregate->op == AggregateOp::Min || aggregate->op == AggregateOp::Max;
  if (!is_sum_of_zeros && !is_selection) return;
  const std::string_view op = to_string(aggregate->op);
  const SourceSpan name{site.expr.span.begin,
                        site.expr.span.begin + static_cast<uint32_t>(op.size())};
  remarks.add(site.expr.span,
              fmt::format("only elements that are {0} pass the comparison, so their {1} is {0} as "
                          "well; count() tells how many there are, and == bool makes a share of 0s "
                          "and 1s",
                          number(comparison->limit), op),
              is_sum_of_zeros ? std::optional(replace(name, "count")) : std::nullopt);
}

// The edit that takes bool out.
std::optional<TextEdit> without_bool(const Site& site, const Binary& binary) {
  const auto word = bool_text(site.query, binary);
  if (!word) return std::nullopt;
  return replace({binary.op_span.end, word->end}, "");
}

// count(up == bool 0) counts the zeros as well.
void count_of_bool(const Site& site, Remarks& remarks) {
  const auto* aggregate = site.expr.as<Aggregate>();
  if (!aggregate || aggregate->op != AggregateOp::Count) return;
  const auto* binary = strip_parens(*aggregate->expr).as<Binary>();
  if (!binary || !binary->return_bool) return;
  remarks.add(site.expr.span,
              "bool keeps every element, as 0 or 1, and count() counts both; leave bool out",
              without_bool(site, *binary));
}

// An alert fires for every element, whatever its value.
void bool_in_alert(const Site& site, Remarks& remarks) {
  const auto* binary = site.expr.as<Binary>();
  if (site.purpose != LintPurpose::Alert || !binary || !binary->return_bool) return;
  if (site.expr.type != ValueType::Vector) return;  // Two numbers can't be compared without bool.
  for (const Expr* ancestor : site.ancestors) {
    const auto* above = ancestor->as<Binary>();
    if (!above || !is_set_operator(above->op)) return;
  }
  remarks.add(site.expr.span,
              "an alert fires for every element of the result, also for one that is 0, and bool "
              "keeps them all; leave bool out",
              without_bool(site, *binary));
}

// An alert without any comparison fires as long as the metric is there.
void alert_without_condition(const Site& site, Remarks& remarks) {
  if (site.purpose != LintPurpose::Alert || !site.ancestors.empty()) return;
  const bool is_plain = site.expr.as<VectorSelector>() != nullptr;
  const Call* call = site.expr.as<Call>();
  const bool is_rate = call && as_call(site.expr, {"rate", "increase", "irate"});
  // ALERTS and recorded conditions may be meant so; a colon in the name tells of a recording.
  if (is_plain && metric_name(*as_selector(site.expr)).find(':') != std::string_view::npos) return;
  if (!is_plain && !is_rate) return;
  remarks.add(site.expr.span,
              "nothing is compared here, so the alert fires as long as there is any value, 0 "
              "included; add a condition such as > 0");
}

constexpr Rule kRules[] = {
    {"never-true", LintSeverity::Warning, never_true},
    {"equality-of-fractions", LintSeverity::Warning, equality_of_fractions},
    {"aggregate-of-equal", LintSeverity::Warning, aggregate_of_equal},
    {"count-of-bool", LintSeverity::Warning, count_of_bool},
    {"bool-in-alert", LintSeverity::Warning, bool_in_alert},
    {"alert-without-condition", LintSeverity::Warning, alert_without_condition},
};

}  // namespace

std::span<const Rule> comparison_rules() {
  return kRules;
}

}  // namespace promenade::promql::lint_rules_detail
