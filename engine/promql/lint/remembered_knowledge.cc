// engine/promql/lint/remembered_knowledge.cc
// Rules ask for the series of a selector, for those of its metric's name alone, and for those that
// have a value which one of its matchers compares with.
#include <array>

#include "promql/lint.h"
#include "promql/lint/source.h"

namespace promenade::promql {

RememberedKnowledge::RememberedKnowledge(const Expr& expr, const LintKnowledge& source,
                                         StoreKnowledge::TypeOf type_of)
    : metric_names_(source.metric_names()),
      scrape_interval_(source.scrape_interval()),
      type_of_(std::move(type_of)) {
  remember(expr, source);
}

void RememberedKnowledge::remember(const Expr& expr, const LintKnowledge& source) {
  if (const auto* selector = expr.as<VectorSelector>()) {
    remember(selector->matchers, source);
    const std::string_view name = lint_rules_detail::metric_name(*selector);
    if (!name.empty()) {
      remember(std::array{Matcher::equal(std::string(kMetricName), std::string(name))}, source);
    }
    for (const Matcher& matcher : selector->matchers) {
      remember(std::array{Matcher::equal(matcher.name(), matcher.value())}, source);
    }
  }
  for (const Expr* child : children(expr)) remember(*child, source);
}

void RememberedKnowledge::remember(std::span<const Matcher> matchers, const LintKnowledge& source) {
  if (series_.size() >= kSelectionsMax) return;
  const auto [entry, is_new] = series_.try_emplace(selection_key(matchers));
  if (is_new) entry->second = source.series(matchers);
}

std::optional<MetricType> RememberedKnowledge::metric_type(std::string_view family) const {
  return type_of_ ? type_of_(family) : std::nullopt;
}

std::optional<std::vector<const Labels*>> RememberedKnowledge::series(
    std::span<const Matcher> matchers) const {
  const auto found = series_.find(selection_key(matchers));
  return found == series_.end() ? std::nullopt : found->second;
}

}  // namespace promenade::promql
