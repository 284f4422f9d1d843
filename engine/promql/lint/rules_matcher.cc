// engine/promql/lint/rules_matcher.cc
// Selectors: matchers that do nothing, contradict each other, or name what isn't there.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/strings.h"
#include "promql/lint/source.h"

namespace promenade::promql::lint_rules_detail {
namespace {

bool is_regex(const Matcher& matcher) {
  return matcher.type() == MatchType::Regex || matcher.type() == MatchType::NotRegex;
}

// Calls visit(matcher, text) for every matcher in the braces of a selector.
template <typename Visit>
void for_each_matcher(const Site& site, const Visit& visit) {
  const auto* selector = site.expr.as<VectorSelector>();
  if (!selector || selector->matchers.empty()) return;
  const std::vector<MatcherText> texts = matcher_texts(site.query, site.expr);
  for (size_t i = 0; i < texts.size() && i < selector->matchers.size(); ++i) {
    if (texts[i].op.end > 0) visit(selector->matchers[i], texts[i]);
  }
}

bool is_pattern(std::string_view text) {
  return Matcher::create(MatchType::Regex, "x", std::string(text)).has_value();
}

SourceSpan operator_and_value(const MatcherText& text) {
  return {text.op.begin, text.value.end};
}

void regex_is_literal(const Site& site, Remarks& remarks) {
  for_each_matcher(site, [&](const Matcher& matcher, const MatcherText& text) {
    if (!is_regex(matcher) || matcher.literals().size() != 1) return;
    const std::string_view op = matcher.type() == MatchType::Regex ? "=" : "!=";
    remarks.add(
        text.all,
        fmt::format("the pattern has no special characters, so {} says the same more plainly "
                    "and needs no regular expression",
                    op),
        replace(operator_and_value(text),
                fmt::format("{}{}", op, quote(matcher.literals().front()))));
  });
}

void regex_is_anchored(const Site& site, Remarks& remarks) {
  for_each_matcher(site, [&](const Matcher& matcher, const MatcherText& text) {
    if (!is_regex(matcher)) return;
    std::string_view pattern = matcher.value();
    // ^a|b$ means something else than a|b.
    if (pattern.find('|') != std::string_view::npos) return;
    if (!pattern.empty() && pattern.front() == '^') pattern.remove_prefix(1);
    if (pattern.size() > 1 && pattern.back() == '$' && pattern[pattern.size() - 2] != '\\') {
      pattern.remove_suffix(1);
    }
    if (pattern.size() == matcher.value().size() || !is_pattern(pattern)) return;
    remarks.add(text.all, "patterns always match the whole value; ^ and $ can be left out",
                replace(text.value, quote(pattern)));
  });
}

// The edit that takes a matcher out, with one comma.
TextEdit remove_matcher(const std::vector<MatcherText>& texts, size_t index) {
  SourceSpan span = texts[index].all;
  if (index + 1 < texts.size()) {
    span.end = texts[index + 1].all.begin;
  } else if (index > 0) {
    span.begin = texts[index - 1].all.end;
  }
  return replace(span, "");
}

void matcher_without_effect(const Site& site, Remarks& remarks) {
  const auto* selector = site.expr.as<VectorSelector>();
  if (!selector) return;
  const std::vector<MatcherText> texts = matcher_texts(site.query, site.expr);
  for (size_t i = 0; i < texts.size() && i < selector->matchers.size(); ++i) {
    const Matcher& matcher = selector->matchers[i];
    if (matcher.type() == MatchType::Regex && matcher.value() == ".*") {
      remarks.add(
          texts[i].all,
          ".* matches everything, also a missing label, so this matcher does nothing; .+ asks "
          "for the label to be there",
          remove_matcher(texts, i));
    }
  }
}

// Two matchers for one label, of which one fixes the value.
void contradicting_matchers(const Site& site, Remarks& remarks) {
  const auto* selector = site.expr.as<VectorSelector>();
  if (!selector) return;
  for (const Matcher& fixed : selector->matchers) {
    if (fixed.type() != MatchType::Equal) continue;
    for (const Matcher& other : selector->matchers) {
      if (other.name() != fixed.name() || other.matches(fixed.value())) continue;
      remarks.add(site.expr.span,
                  fmt::format("{} and {} can't both hold, so nothing is selected; for one value or "
                              "another write {}=~\"a|b\"",
                              fixed.to_string(), other.to_string(), fixed.name()));
      return;
    }
  }
  for (const Matcher& matcher : selector->matchers) {
    if (matcher.type() != MatchType::NotRegex || matcher.value() != ".*") continue;
    remarks.add(site.expr.span, "!~\".*\" excludes every value, so nothing is selected");
    return;
  }
}

bool looks_like_pattern(std::string_view value) {
  return value.find(".*") != std::string_view::npos || value.find(".+") != std::string_view::npos ||
         value.find('|') != std::string_view::npos;
}

void equality_with_pattern(const Site& site, Remarks& remarks) {
  for_each_matcher(site, [&](const Matcher& matcher, const MatcherText& text) {
    const bool compares_letters =
        matcher.type() == MatchType::Equal || matcher.type() == MatchType::NotEqual;
    if (!compares_letters || !looks_like_pattern(matcher.value())) return;
    if (!is_pattern(matcher.value())) return;
    // A pattern for nothing, too, as in "a|", is hardly meant, and may leave a selector of
    // everything.
    const auto pattern = Matcher::create(MatchType::Regex, matcher.name(), matcher.value());
    if (!pattern || pattern->matches("")) return;
    const auto known =
        site.knowledge.series(std::array{Matcher::equal(matcher.name(), matcher.value())});
    if (known && !known->empty()) return;
    const std::string_view op = matcher.type() == MatchType::Equal ? "=~" : "!~";
    remarks.add(text.all,
                fmt::format("{} compares letter by letter; a pattern is matched with {}",
                            to_string(matcher.type()), op),
                replace(text.op, std::string(op)));
  });
}

void selects_everything(const Site& site, Remarks& remarks) {
  const auto* selector = site.expr.as<VectorSelector>();
  if (!selector || !selector->name.empty()) return;
  for (const Matcher& matcher : selector->matchers) {
    if (matcher.name() != kMetricName || matcher.value() != ".+") return;
  }
  remarks.add(site.expr.span,
              "this selects every series there is, which is slow and much; name a metric or a job");
}

bool is_inside_absent(const Site& site) {
  return std::any_of(site.ancestors.begin(), site.ancestors.end(), [](const Expr* ancestor) {
    return as_call(*ancestor, {"absent", "absent_over_time"}) != nullptr;
  });
}

std::optional<std::string> nearest_of(std::string_view word, const std::vector<std::string>& all) {
  const std::vector<std::string_view> views(all.begin(), all.end());
  const auto near = nearest(word, views);
  return near ? std::optional<std::string>(*near) : std::nullopt;
}

// The bytes of the metric's name before the braces; nothing when it stands inside.
std::optional<SourceSpan> bare_name(const Site& site, const VectorSelector& selector) {
  if (selector.name.empty()) return std::nullopt;
  const uint32_t begin = site.expr.span.begin;
  return SourceSpan{begin, begin + static_cast<uint32_t>(selector.name.size())};
}

void unknown_metric(const Site& site, Remarks& remarks) {
  const auto* selector = site.expr.as<VectorSelector>();
  if (!selector || is_inside_absent(site)) return;
  const std::string_view name = metric_name(*selector);
  const std::vector<std::string> names = site.knowledge.metric_names();
  const bool is_made_by_rules = name == "ALERTS" || name == "ALERTS_FOR_STATE";
  if (name.empty() || names.empty() || is_made_by_rules || contains(names, name)) return;
  const std::string bucket = std::string(name) + "_bucket";
  std::optional<std::string> meant = contains(names, bucket) ? bucket : nearest_of(name, names);
  std::string message = fmt::format("at present, no series is called {}", name);
  std::optional<TextEdit> edit;
  if (meant) {
    message += fmt::format("; did you mean {}?", *meant);
    const auto span = bare_name(site, *selector);
    if (span && is_legacy_metric_name(*meant)) edit = replace(*span, *meant);
  }
  remarks.add(bare_name(site, *selector).value_or(site.expr.span), std::move(message),
              std::move(edit));
}

// The series with the selector's name; none when that is not known.
std::vector<const Labels*> series_of_metric(const Site& site, const VectorSelector& selector) {
  const std::string_view name = metric_name(selector);
  if (name.empty()) return {};
  const auto series = site.knowledge.series(
      std::array{Matcher::equal(std::string(kMetricName), std::string(name))});
  return series ? *series : std::vector<const Labels*>();
}

std::vector<std::string> label_names_of(const std::vector<const Labels*>& series) {
  std::vector<std::string> names;
  for (const Labels* labels : series) {
    for (const Label& label : *labels) {
      if (!contains(names, label.name)) names.emplace_back(label.name);
    }
  }
  return names;
}

std::vector<std::string> values_of(const std::vector<const Labels*>& series,
                                   std::string_view name) {
  std::vector<std::string> values;
  for (const Labels* labels : series) {
    const std::string_view value = labels->get(name);
    if (!value.empty() && !contains(values, value)) values.emplace_back(value);
  }
  return values;
}

void unknown_label(const Site& site, Remarks& remarks) {
  const auto* selector = site.expr.as<VectorSelector>();
  if (!selector || is_inside_absent(site)) return;
  const std::vector<const Labels*> series = series_of_metric(site, *selector);
  if (series.empty()) return;
  const std::vector<std::string> names = label_names_of(series);
  for_each_matcher(site, [&](const Matcher& matcher, const MatcherText& text) {
    if (contains(names, matcher.name())) return;
    std::string message = fmt::format(
        "no series of {} has the label {}, so {}", metric_name(*selector), quote(matcher.name()),
        matcher.matches_empty() ? "this matcher does nothing" : "nothing is selected");
    std::optional<TextEdit> edit;
    if (const auto near = nearest_of(matcher.name(), names)) {
      message += fmt::format("; did you mean {}?", *near);
      edit = replace(text.name, written_label(*near));
    }
    remarks.add(text.all, std::move(message), std::move(edit));
  });
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789.") == std::string_view::npos;
}

void unknown_value(const Site& site, Remarks& remarks) {
  const auto* selector = site.expr.as<VectorSelector>();
  if (!selector || is_inside_absent(site)) return;
  const std::vector<const Labels*> series = series_of_metric(site, *selector);
  for_each_matcher(site, [&](const Matcher& matcher, const MatcherText& text) {
    if (matcher.type() != MatchType::Equal || matcher.value().empty()) return;
    const std::vector<std::string> values = values_of(series, matcher.name());
    if (values.empty() || contains(values, matcher.value())) return;
    std::string message = fmt::format("at present, no series of {} has {}", metric_name(*selector),
                                      matcher.to_string());
    std::optional<TextEdit> edit;
    const auto near = nearest_of(matcher.value(), values);
    // A code that isn't there yet is no misspelling of one that is.
    if (near && !is_number(matcher.value())) {
      message += fmt::format("; did you mean {}?", quote(*near));
      edit = replace(text.value, quote(*near));
    }
    remarks.add(text.all, std::move(message), std::move(edit));
  });
}

constexpr Rule kRules[] = {
    {"regex-is-literal", LintSeverity::Info, regex_is_literal},
    {"regex-is-anchored", LintSeverity::Info, regex_is_anchored},
    {"matcher-without-effect", LintSeverity::Info, matcher_without_effect},
    {"contradicting-matchers", LintSeverity::Warning, contradicting_matchers},
    {"equality-with-pattern", LintSeverity::Warning, equality_with_pattern},
    {"selects-everything", LintSeverity::Info, selects_everything},
    {"unknown-metric", LintSeverity::Warning, unknown_metric},
    {"unknown-label", LintSeverity::Warning, unknown_label},
    {"unknown-value", LintSeverity::Info, unknown_value},
};

}  // namespace

std::span<const Rule> matcher_rules() {
  return kRules;
}

}  // namespace promenade::promql::lint_rules_detail
