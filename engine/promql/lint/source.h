#pragma once  // engine/promql/lint/source.h
// Looks at expressions as rules do: what metric is meant, whether it is a counter, where in the
// text the parts are that the tree has no places for. Internal to engine/promql/lint.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "promql/functions/functions.h"
#include "promql/lint/rules.h"

namespace promenade::promql::lint_rules_detail {

// The call, when it is one of a function with this name; else null. Parentheses are looked through.
const Call* as_call(const Expr& expr, std::string_view name);
const Call* as_call(const Expr& expr, std::initializer_list<std::string_view> names);
// The number, with the sign before it; nothing for other expressions.
std::optional<double> as_number(const Expr& expr);
// The selector that a vector or range selector consists of; null for other expressions.
const VectorSelector* as_selector(const Expr& expr);
// Whether a range may be written behind it: it has no offset, @, anchored or smoothed.
bool is_plain(const VectorSelector& selector);
// The value of the string that the expression is, or null.
const std::string* as_string(const Expr& expr);
// Milliseconds of a literal duration.
std::optional<int64_t> as_milliseconds(const DurationExprPtr& duration);

// "" when it is chosen by a pattern.
std::string_view metric_name(const VectorSelector& selector);

enum class MetricKind { Unknown, Counter, Gauge };
// By the metric's type where it is known, else by a name that leaves no doubt.
MetricKind metric_kind(const Site& site, const VectorSelector& selector);

// Where the parts of the matchers stand, in the order of VectorSelector::matchers (without the one
// that a bare name makes). A metric name in quotes has no operator.
struct MatcherText {
  SourceSpan all;
  SourceSpan name;
  SourceSpan op;
  SourceSpan value;
};
std::vector<MatcherText> matcher_texts(std::string_view query, const Expr& selector);

// The labels of by (...) or without (...), parenthesis included; nothing when there is no such
// list.
struct LabelListText {
  SourceSpan all;  // From the opening parenthesis to the closing one.
  std::vector<SourceSpan> labels;
};
std::optional<LabelListText> grouping_text(std::string_view query, const Expr& aggregate);

// The word bool behind a comparison; nothing without one.
std::optional<SourceSpan> bool_text(std::string_view query, const Binary& binary);

// A label as it has to be written: in quotes when it isn't a plain name.
std::string written_label(std::string_view label);

TextEdit replace(SourceSpan span, std::string text);
TextEdit insert(uint32_t at, std::string text);

bool contains(const std::vector<std::string>& texts, std::string_view text);

}  // namespace promenade::promql::lint_rules_detail
