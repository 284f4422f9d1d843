#pragma once  // engine/promql/explain/words.h
// The small change of English sentences about queries: lengths of time, instants, matchers, lists.
// Names, values and code stand in backticks.
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "promql/ast.h"

namespace promenade::promql {

class Preparation;

std::string concat(std::initializer_list<std::string_view> parts);
std::string code(std::string_view text);         // `text`
std::string quoted_code(std::string_view text);  // `"text"`
std::string capitalised(std::string text);       // The first letter; other things stay.
std::string list(const std::vector<std::string>& items, std::string_view last = " and ");
std::string name_list(const std::vector<std::string>& names);  // `a`, `b` and `c`
// A label in a sentence: `job`, or "metric name" for __name__.
std::string label_words(std::string_view name);

std::string duration_words(Duration duration);  // "1 hour 30 minutes".
std::string decimal_words(double value);
// "95th percentile", "median"; "quantile 1.5" for a number that is no share.
std::string percentile_words(double quantile);

// Lengths and instants as the query has them. `preparation` knows the value of duration expressions
// and may be null: then they are shown as code.
class TimeWords {
 public:
  explicit TimeWords(const Preparation* preparation) : preparation_(preparation) {}

  std::string length(const DurationExpr& expr) const;  // "5 minutes".
  std::string period(const DurationExpr& expr) const;  // The same, but "hour" for "1 hour".
  // Where offset and @ point: "5 minutes ago", "2021-01-01 00:00:00 UTC"; "" for nowhere else.
  std::string moment(const TimeShift& shift) const;
  // The same as an adverb: "5 minutes ago", "at 2021-01-01 00:00:00 UTC".
  std::string as_of(const TimeShift& shift) const;
  // "the last 5 minutes", "the 5 minutes up to 1 hour ago".
  std::string window(const DurationExpr& range, const TimeShift& shift) const;

 private:
  const Preparation* preparation_;
};

// `http_requests_total{code=~"5.."}`, without range, offset and @; cut short when it is long.
std::string selector_code(const VectorSelector& selector);
// "each series of `up` whose `job` is `"a"`": its matchers in words.
std::string selected_series_words(const VectorSelector& selector);

}  // namespace promenade::promql
