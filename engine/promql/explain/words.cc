// engine/promql/explain/words.cc
// Words for the values that queries hold.
#include "promql/explain/words.h"

#include <algorithm>
#include <cmath>

#include "base/strings.h"
#include "model/duration.h"
#include "model/number_format.h"
#include "promql/evaluator/preparation.h"
#include "promql/functions/calendar.h"
#include "promql/parser/duration_expr.h"
#include "promql/parser/printer.h"

namespace promenade::promql {
namespace {

// A selector's code that is longer than this would hide the sentence around it.
constexpr size_t kSelectorCodeMax = 60;

struct Unit {
  std::string_view symbol;
  std::string_view word;
};
constexpr Unit kUnits[] = {{"y", "year"},   {"w", "week"},   {"d", "day"},         {"h", "hour"},
                           {"m", "minute"}, {"s", "second"}, {"ms", "millisecond"}};

std::string_view unit_word(std::string_view symbol) {
  return std::find_if(std::begin(kUnits), std::end(kUnits),
                      [&](const Unit& unit) { return unit.symbol == symbol; })
      ->word;
}

bool is_digit(char character) {
  return character >= '0' && character <= '9';
}

// "2021-01-01 00:00:00 UTC", with milliseconds where there are any.
std::string instant_words(Timestamp at) {
  int64_t seconds = at.ms / 1000;
  int64_t ms = at.ms % 1000;
  if (ms < 0) {
    ms += 1000;
    --seconds;
  }
  std::string text = CalendarTime::of(seconds).to_rfc3339();
  text.pop_back();
  std::replace(text.begin(), text.end(), 'T', ' ');
  if (ms != 0) text += "." + std::to_string(1000 + ms).substr(1);
  return text + " UTC";
}

std::string pinned_instant(const TimeShift& shift) {
  switch (shift.at) {
    case TimeShift::At::Time:
      return instant_words(shift.at_time);
    case TimeShift::At::Start:
      return "the query's start";
    case TimeShift::At::End:
      return "the query's end";
    case TimeShift::At::None:
      break;
  }
  return "";
}

const Matcher* name_matcher(const VectorSelector& selector) {
  for (const Matcher& matcher : selector.matchers) {
    if (matcher.name() == kMetricName && matcher.type() == MatchType::Equal) return &matcher;
  }
  return nullptr;
}

std::string alternatives(const Matcher& matcher, std::string_view last) {
  std::vector<std::string> values;
  for (const std::string& literal : matcher.literals()) values.push_back(quoted_code(literal));
  return list(values, last);
}

// "`job` is `"a"`".
std::string condition(const Matcher& matcher) {
  const std::string label = label_words(matcher.name());
  const auto& literals = matcher.literals();
  const bool is_choice =
      !literals.empty() && std::find(literals.begin(), literals.end(), "") == literals.end();
  switch (matcher.type()) {
    case MatchType::Equal:
      if (matcher.value().empty()) return label + " is missing";
      return concat({label, " is ", quoted_code(matcher.value())});
    case MatchType::NotEqual:
      if (matcher.value().empty()) return label + " is present";
      return concat({label, " is not ", quoted_code(matcher.value())});
    case MatchType::Regex:
      if (is_choice) return concat({label, " is ", alternatives(matcher, " or ")});
      return concat({label, " as a whole matches ", code(matcher.value())});
    case MatchType::NotRegex:
      break;
  }
  if (is_choice) {
    return concat(
        {label, literals.size() > 1 ? " is neither " : " is not ", alternatives(matcher, " nor ")});
  }
  return concat({label, " as a whole does not match ", code(matcher.value())});
}

}  // namespace

std::string concat(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text += part;
  return text;
}

std::string code(std::string_view text) {
  return concat({"`", text, "`"});
}

std::string quoted_code(std::string_view text) {
  return code(quote(text));
}

std::string capitalised(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() -= 'a' - 'A';
  return text;
}

std::string list(const std::vector<std::string>& items, std::string_view last) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? last : ", ";
    text += items[i];
  }
  return text;
}

std::string name_list(const std::vector<std::string>& names) {
  std::vector<std::string> words;
  for (const std::string& name : names) words.push_back(label_words(name));
  return list(words);
}

std::string label_words(std::string_view name) {
  return name == kMetricName ? "metric name" : code(name);
}

std::string duration_words(Duration duration) {
  const std::string text = format_duration(duration);
  std::string words;
  for (size_t i = 0; i < text.size();) {
    size_t unit = i;
    while (is_digit(text[unit])) ++unit;
    size_t end = unit;
    while (end < text.size() && !is_digit(text[end])) ++end;
    const std::string count = text.substr(i, unit - i);
    if (i > 0) words += " ";
    words +=
        concat({count, " ", unit_word(text.substr(unit, end - unit)), count == "1" ? "" : "s"});
    i = end;
  }
  return words;
}

std::string decimal_words(double value) {
  std::string text;
  append_json_value(text, value);
  return text;
}

std::string percentile_words(double quantile) {
  if (!(quantile >= 0 && quantile <= 1)) return "quantile " + decimal_words(quantile);
  if (quantile == 0.5) return "median";
  // 0.29 is meant to be the 29th, though 0.29 * 100 is a little less.
  const double percent = std::round(quantile * 1e12) / 1e10;
  std::string_view ending = "th";
  const double last_two = std::fmod(percent, 100);
  if (last_two < 11 || last_two > 13) {
    const double last = std::fmod(percent, 10);
    ending = last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th";
  }
  return concat({decimal_words(percent), ending, " percentile"});
}

std::string TimeWords::length(const DurationExpr& expr) const {
  if (expr.kind == DurationExpr::Kind::Literal) {
    const auto duration = resolve_duration(expr, {}, DurationSign::Any);
    if (duration) return duration_words({std::abs(duration->ms)});
  }
  const std::string written = code(to_string(expr));
  if (!preparation_) return written;
  const int64_t ms = preparation_->duration_ms(expr);
  return ms < 0 ? written : concat({duration_words({ms}), " (", written, ")"});
}

std::string TimeWords::period(const DurationExpr& expr) const {
  std::string words = length(expr);
  const bool is_single_unit = words.rfind("1 ", 0) == 0 && words.find(' ', 2) == std::string::npos;
  return is_single_unit ? words.substr(2) : words;
}

std::string TimeWords::moment(const TimeShift& shift) const {
  const std::string pinned = pinned_instant(shift);
  if (!shift.offset) return pinned;
  const bool is_literal = shift.offset->kind == DurationExpr::Kind::Literal;
  if (is_literal && shift.offset->seconds == 0) return pinned;
  const std::string distance = length(*shift.offset);
  const bool is_ahead = is_literal && shift.offset->seconds < 0;
  if (pinned.empty()) return distance + (is_ahead ? " after the evaluation time" : " ago");
  return concat({distance, is_ahead ? " after " : " before ", pinned});
}

std::string TimeWords::as_of(const TimeShift& shift) const {
  const std::string words = moment(shift);
  const bool is_instant = shift.at != TimeShift::At::None && words == pinned_instant(shift);
  return is_instant ? "at " + words : words;
}

std::string TimeWords::window(const DurationExpr& range, const TimeShift& shift) const {
  const std::string words = moment(shift);
  if (words.empty()) return "the last " + period(range);
  return concat({"the ", period(range), " up to ", words});
}

std::string selector_code(const VectorSelector& selector) {
  Expr bare;
  bare.node = VectorSelector{selector.name, selector.matchers, {}, RangeEdges::Default};
  std::string text = to_string(bare);
  if (text.size() > kSelectorCodeMax) text = selector.name + "{…}";
  return code(text);
}

std::string selected_series_words(const VectorSelector& selector) {
  const Matcher* name = name_matcher(selector);
  std::vector<std::string> conditions;
  for (const Matcher& matcher : selector.matchers) {
    if (&matcher != name) conditions.push_back(condition(matcher));
  }
  std::string words = "each series";
  if (name) words += " of " + code(name->value());
  for (size_t i = 0; i < conditions.size(); ++i) {
    const bool is_last = i + 1 == conditions.size();
    words += concat({i == 0 ? " whose " : is_last ? " and whose " : ", whose ", conditions[i]});
  }
  return words;
}

}  // namespace promenade::promql
