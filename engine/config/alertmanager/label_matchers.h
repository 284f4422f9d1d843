#pragma once  // engine/config/alertmanager/label_matchers.h
// Matchers as Alertmanager writes them (https://prometheus.io/docs/alerting/latest/configuration/
// #label-matchers): `{service=~"mysql|pg", team!=""}`. There are two grammars: the one of today, in
// which names and values may be any text, and the classic one, which is more forgiving about
// quotes. By default a text that is valid in the classic grammar alone is read by it. Regular
// expressions are those of PromQL, whose '.' also matches a line end; Alertmanager's does not.
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/matcher.h"

namespace promenade::config {

enum class MatcherGrammar { Fallback, Utf8, Classic };

// One or several matchers, separated by commas, with or without braces around them. An empty text
// is no matcher. Fails with BadData; the span is within `text`.
Result<std::vector<Matcher>> parse_label_matchers(
    std::string_view text, MatcherGrammar grammar = MatcherGrammar::Fallback);

// name="value"; a name is quoted where it has to be.
std::string label_matcher_text(const Matcher& matcher);
// {a="b",c=~"d"}, in the order given.
std::string label_matchers_text(const std::vector<Matcher>& matchers);

// By name, then value, then operator: the order in a route's key.
void sort_label_matchers(std::vector<Matcher>& matchers);

}  // namespace promenade::config
