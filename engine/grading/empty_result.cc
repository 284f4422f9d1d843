// engine/grading/empty_result.cc
// Walks the query's selectors and tries each of their conditions alone.
#include "grading/empty_result.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/strings.h"
#include "model/labels.h"
#include "model/matcher.h"

namespace promenade::grading {
namespace {

using Kind = EmptyReason::Kind;

// Two scrapes of a target at the usual interval of the worlds.
constexpr double kWindowSecondsMin = 30;
constexpr size_t kValuesShownMax = 6;

struct Selectors {
  std::vector<const promql::VectorSelector*> all;
  bool has_short_window = false;
};

void collect(const promql::Expr& expr, Selectors& out) {
  if (const auto* selector = expr.as<promql::VectorSelector>()) out.all.push_back(selector);
  if (const auto* matrix = expr.as<promql::MatrixSelector>()) {
    const promql::DurationExpr& range = *matrix->range;
    out.has_short_window |=
        range.kind == promql::DurationExpr::Kind::Literal && range.seconds < kWindowSecondsMin;
  }
  for (const promql::Expr* child : children(expr)) collect(*child, out);
}

Result<bool> finds_something(const Queryable& store, std::span<const Matcher> matchers) {
  return !TRY(store.select(matchers, kAllTime)).empty();
}

std::string code(std::string_view text) {
  std::string marked = "`";
  marked += text;
  marked += '`';
  return marked;
}

std::vector<std::string_view> views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::vector<std::string_view> all = views(candidates);
  for (const std::string_view candidate : all) {
    if (candidate != word && equal_ignoring_case(candidate, word)) {
      return "Upper and lower case count: it is " + code(candidate) + ".";
    }
  }
  const auto near = nearest(word, all);
  return near ? "Did you mean " + code(*near) + "?" : "";
}

std::string list_of(const std::vector<std::string>& values) {
  std::string text;
  for (size_t i = 0; i < values.size() && i < kValuesShownMax; ++i) {
    text += (i == 0 ? "" : ", ") + code(values[i]);
  }
  return values.size() > kValuesShownMax ? text + " and others" : text;
}

// `suggestion`, or the choices where there is none.
std::string or_list(std::string suggestion, std::string_view what,
                    const std::vector<std::string>& choices) {
  if (!suggestion.empty() || choices.empty()) return suggestion;
  return std::string(what) + ": " + list_of(choices) + ".";
}

bool looks_like_pattern(std::string_view value) {
  return value.find_first_of("*|") != std::string_view::npos ||
         value.find(".+") != std::string_view::npos;
}

// Whether the pattern matches a part of some value, though no whole one.
bool matches_inside(const Matcher& matcher, const std::vector<std::string>& values) {
  const auto loose =
      Matcher::create(MatchType::Regex, matcher.name(), ".*(?:" + matcher.value() + ").*");
  return loose && std::any_of(values.begin(), values.end(),
                              [&](const std::string& value) { return loose->matches(value); });
}

EmptyReason unmatched_value(const Matcher& matcher, const std::vector<std::string>& values) {
  const std::string condition = code(matcher.to_string());
  const std::string& label = matcher.name();
  if (matcher.type() == MatchType::Equal && looks_like_pattern(matcher.value())) {
    return {Kind::PatternInEqual, label,
            condition +
                " matches nothing: `=` takes every character as it stands. Patterns need "
                "`=~`, and there `.*` means \"anything\"."};
  }
  if (matcher.type() == MatchType::Regex && matches_inside(matcher, values)) {
    return {Kind::AnchoredPattern, label,
            condition + " matches nothing: a pattern has to match the whole value of " +
                code(label) + ", not a part of it. Say with `.*` where anything may stand."};
  }
  return {Kind::UnknownValue, label,
          "No series has " + condition + ". " +
              or_list(did_you_mean(matcher.value(), values), "Values of " + code(label), values)};
}

// Why this one condition, beside those on the metric name, leaves nothing.
Result<EmptyReason> unmatched_condition(const Matcher& matcher, std::span<const Matcher> on_name,
                                        const Queryable& store) {
  const std::vector<std::string> values =
      TRY(store.label_values(matcher.name(), on_name, kAllTime));
  if (!values.empty()) return unmatched_value(matcher, values);
  const std::vector<std::string> names = TRY(store.label_names(on_name, kAllTime));
  return EmptyReason{Kind::UnknownLabel, matcher.name(),
                     "These series have no label " + code(matcher.name()) + ". " +
                         or_list(did_you_mean(matcher.name(), names), "Their labels", names)};
}

Result<EmptyReason> unknown_metric(const Matcher& on_name, const Queryable& store) {
  const std::vector<std::string> names = TRY(store.label_values(kMetricName, {}, kAllTime));
  if (on_name.type() != MatchType::Equal) return unmatched_value(on_name, names);
  const std::string suggestion = did_you_mean(on_name.value(), names);
  return EmptyReason{Kind::UnknownMetric, on_name.value(),
                     "No metric here is called " + code(on_name.value()) + ". " +
                         (suggestion.empty() ? "The editor completes names: type the first letters."
                                             : suggestion)};
}

// Nothing when the selector finds series.
Result<std::optional<EmptyReason>> explain_selector(const promql::VectorSelector& selector,
                                                    const Queryable& store) {
  if (TRY(finds_something(store, selector.matchers))) return std::nullopt;
  std::vector<Matcher> on_name;
  for (const Matcher& matcher : selector.matchers) {
    if (matcher.name() == kMetricName) on_name.push_back(matcher);
  }
  if (!on_name.empty() && !TRY(finds_something(store, on_name))) {
    return TRY(unknown_metric(on_name.front(), store));
  }
  for (const Matcher& matcher : selector.matchers) {
    if (matcher.name() == kMetricName) continue;
    std::vector<Matcher> alone = on_name;
    alone.push_back(matcher);
    if (!TRY(finds_something(store, alone))) {
      return TRY(unmatched_condition(matcher, on_name, store));
    }
  }
  return EmptyReason{Kind::NoCommonSeries, selector.name,
                     "Each condition in the braces matches some series, but no series meets all of "
                     "them at once."};
}

}  // namespace

bool EmptyReason::is_same_mistake(const EmptyReason& other) const {
  if (kind != other.kind || subject != other.subject) return false;
  return kind != Kind::FilteredAway && kind != Kind::NoCommonSeries;
}

Result<EmptyReason> explain_empty(const promql::Expr& expr, const Queryable& store) {
  Selectors selectors;
  collect(expr, selectors);
  for (const promql::VectorSelector* selector : selectors.all) {
    std::optional<EmptyReason> reason = TRY(explain_selector(*selector, store));
    if (reason) return std::move(*reason);
  }
  if (selectors.has_short_window) {
    return EmptyReason{Kind::ShortWindow, "",
                       "The window in the square brackets is too short: with a scrape every 15s, "
                       "less than 30s may hold a single sample, and a rate needs two."};
  }
  return EmptyReason{Kind::FilteredAway, "",
                     "The selectors do find series, but what comes after them leaves none: look at "
                     "the comparison, or at the labels on both sides of the operator."};
}

}  // namespace promenade::grading
