// engine/grading/difference.cc
// Looks for the most telling difference first: nothing at all, the name, the set of series, the
// values, the order.
#include "grading/difference.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "model/number_format.h"

namespace promenade::grading {
namespace {

using promql::MatrixSeries;
using SeriesList = std::vector<MatrixSeries>;

std::string plural(size_t count, std::string_view singular, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? singular : many);
}
std::string series_count(size_t count) {
  return plural(count, "series", "series");
}

std::string code(std::string_view text) {
  std::string marked = "`";
  marked += text;
  marked += '`';
  return marked;
}

// Six digits are enough to see a difference.
std::string number(double value) {
  if (std::isfinite(value) && value != 0) {
    const double scale = std::pow(10.0, 5 - std::floor(std::log10(std::fabs(value))));
    const double rounded = std::round(value * scale) / scale;
    if (std::isfinite(rounded)) value = rounded;
  }
  std::string text;
  append_json_value(text, value);
  return text;
}

std::set<std::string> label_names(const SeriesList& series) {
  std::set<std::string> names;
  for (const MatrixSeries& one : series) {
    for (const Label& label : one.labels) names.emplace(label.name);
  }
  return names;
}

std::string name_list(const std::set<std::string>& names) {
  if (names.empty()) return "no label";
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + code(name);
  return text;
}

// Those of `from` whose label set is not in `others`; both sorted by labels.
SeriesList without(const SeriesList& from, const SeriesList& others) {
  SeriesList rest;
  std::set_difference(
      from.begin(), from.end(), others.begin(), others.end(), std::back_inserter(rest),
      [](const MatrixSeries& a, const MatrixSeries& b) { return a.labels < b.labels; });
  return rest;
}

bool has_names(const SeriesList& series) {
  return std::any_of(series.begin(), series.end(),
                     [](const MatrixSeries& one) { return one.labels.has(kMetricName); });
}

bool differs_in_name_only(const Outcome& expected, const Outcome& found) {
  return same_outcome(expected, found, ComparisonRules{false, true});
}

std::string describe_name(const SeriesList& expected) {
  return has_names(expected)
             ? "The values are right, but your result has lost the metric's name: something in the "
               "query computes with the series, and plain series are asked for."
             : "The values are right, but your result still carries the metric's name, which a "
               "computed value should not.";
}

std::string describe_labels(const SeriesList& expected, const SeriesList& found) {
  std::string text =
      series_count(expected.size()) + " expected, " + std::to_string(found.size()) + " found.";
  const auto wanted = label_names(expected);
  const auto present = label_names(found);
  if (wanted != present) {
    return text + " The expected ones carry " + name_list(wanted) + "; yours carry " +
           name_list(present) + ".";
  }
  const SeriesList missing = without(expected, found);
  const SeriesList extra = without(found, expected);
  if (!extra.empty()) {
    text += " Too many by " + std::to_string(extra.size()) + ", for example " +
            code(extra.front().labels.to_string()) + ".";
  }
  if (!missing.empty()) {
    text += " Missing: " + std::to_string(missing.size()) + ", for example " +
            code(missing.front().labels.to_string()) + ".";
  }
  return text;
}

std::string describe_point(const MatrixSeries& expected, const MatrixSeries& found) {
  const size_t both = std::min(expected.points.size(), found.points.size());
  size_t at = 0;
  while (at < both && same_point(expected.points[at], found.points[at])) ++at;
  const std::string series = code(expected.labels.to_string());
  if (at == both || expected.points[at].time_ms != found.points[at].time_ms) {
    return series + " should have " + plural(expected.points.size(), "point", "points") +
           " over time and has " + std::to_string(found.points.size()) + ".";
  }
  if (expected.points[at].histogram || found.points[at].histogram) {
    return "the histogram of " + series + " is another one.";
  }
  return series + " should be " + number(expected.points[at].value) + " and is " +
         number(found.points[at].value) + ".";
}

// The same label sets on both sides, so the lists run in step.
std::string describe_values(const SeriesList& expected, const SeriesList& found) {
  size_t different = 0;
  size_t example = 0;
  for (size_t i = 0; i < expected.size(); ++i) {
    if (same_points(expected[i], found[i])) continue;
    if (different++ == 0) example = i;
  }
  if (different == 0) return "The right series with the right values, but in another order.";
  const std::string which = different == expected.size()
                                ? "The series are right, but their values are not"
                                : "The series are right, but " + std::to_string(different) +
                                      " of " + std::to_string(expected.size()) +
                                      " have other values";
  return which + ": " + describe_point(expected[example], found[example]);
}

bool same_labels(const SeriesList& a, const SeriesList& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const MatrixSeries& x, const MatrixSeries& y) { return x.labels == y.labels; });
}

std::string_view explain_type(promql::ValueType type) {
  switch (type) {
    case promql::ValueType::Scalar:
      return "a single number without labels";
    case promql::ValueType::Vector:
      return "one value for each series";
    case promql::ValueType::Matrix:
      return "a list of samples for each series";
    case promql::ValueType::String:
      return "a piece of text";
    case promql::ValueType::None:
      break;
  }
  return "nothing";
}

}  // namespace

std::string describe_difference(const Outcome& expected, const Outcome& found,
                                const ComparisonRules& rules) {
  const ComparisonRules unordered{false, rules.ignore_metric_name};
  const SeriesList wanted = normalized(expected, unordered);
  const SeriesList present = normalized(found, unordered);
  if (present.empty() && !wanted.empty()) {
    return series_count(wanted.size()) + " expected, none found. Expected is, for example, " +
           code(wanted.front().labels.to_string()) + ".";
  }
  if (wanted.empty() && !present.empty()) {
    return "At that moment nothing is the right answer, but yours finds " +
           series_count(present.size()) + ", for example " +
           code(present.front().labels.to_string()) + ". No series is not the same as 0.";
  }
  if (same_labels(wanted, present)) return describe_values(wanted, present);
  if (differs_in_name_only(expected, found)) return describe_name(wanted);
  return describe_labels(wanted, present);
}

std::string describe_type_difference(promql::ValueType expected, promql::ValueType found) {
  const auto phrase = [](promql::ValueType type) {
    const std::string_view name = promql::document_name(type);
    const std::string article = name.substr(0, 1) == "i" ? "an " : "a ";
    return article + std::string(name) + " (" + std::string(explain_type(type)) + ")";
  };
  return "Your query gives " + phrase(found) + "; wanted is " + phrase(expected) + ".";
}

}  // namespace promenade::grading
