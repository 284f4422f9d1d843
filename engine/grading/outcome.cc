// engine/grading/outcome.cc
// Comparison is by label set, then by time, then by value with a tolerance.
#include "grading/outcome.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <variant>

#include "model/histogram.h"

namespace promenade::grading {
namespace {

bool same_value(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) && std::isnan(b);
  // The tolerance of an infinity would be infinite, too.
  if (std::isinf(a) || std::isinf(b)) return a == b;
  return std::fabs(a - b) <= kRelativeTolerance * std::max(std::fabs(a), std::fabs(b));
}

std::vector<promql::MatrixSeries> series_of(promql::Vector&& vector) {
  std::vector<promql::MatrixSeries> series;
  series.reserve(vector.size());
  for (promql::VectorElement& element : vector) {
    series.push_back({std::move(element.labels), {std::move(element.point)}});
  }
  return series;
}

bool comes_first(const promql::MatrixSeries& a, const promql::MatrixSeries& b) {
  if (!(a.labels == b.labels)) return a.labels < b.labels;
  // Only without names can labels be equal; any fixed order will do.
  const auto first_value = [](const promql::MatrixSeries& series) {
    return series.points.empty() ? 0.0 : series.points.front().value;
  };
  const double x = first_value(a);
  const double y = first_value(b);
  // NaN comes last: as a value equal to all others it would leave std::sort without an order.
  if (std::isnan(x) || std::isnan(y)) return !std::isnan(x) && std::isnan(y);
  return x < y;
}

}  // namespace

Outcome make_outcome(Result<promql::QueryResult> result) {
  Outcome outcome;
  if (!result) {
    outcome.error = std::move(result).error();
    return outcome;
  }
  outcome.samples_read = result->statistics.samples_read;
  auto& value = result->value;
  if (auto* scalar = std::get_if<promql::Scalar>(&value)) {
    outcome.series.push_back({Labels(), {{result->time.ms, *scalar, nullptr}}});
  } else if (auto* text = std::get_if<std::string>(&value)) {
    outcome.text = std::move(*text);
  } else if (auto* vector = std::get_if<promql::Vector>(&value)) {
    outcome.series = series_of(std::move(*vector));
  } else {
    outcome.series = std::move(std::get<promql::Matrix>(value));
  }
  return outcome;
}

std::vector<promql::MatrixSeries> normalized(const Outcome& outcome, const ComparisonRules& rules) {
  std::vector<promql::MatrixSeries> series = outcome.series;
  if (rules.ignore_metric_name) {
    for (promql::MatrixSeries& one : series) one.labels = one.labels.without_name();
  }
  if (!rules.ordered) std::sort(series.begin(), series.end(), comes_first);
  return series;
}

bool same_point(const promql::Point& a, const promql::Point& b) {
  if (a.time_ms != b.time_ms) return false;
  if ((a.histogram == nullptr) != (b.histogram == nullptr)) return false;
  if (a.histogram != nullptr) return a.histogram->equals(*b.histogram);
  return same_value(a.value, b.value);
}

bool same_points(const promql::MatrixSeries& a, const promql::MatrixSeries& b) {
  return std::equal(a.points.begin(), a.points.end(), b.points.begin(), b.points.end(), same_point);
}

bool same_outcome(const Outcome& a, const Outcome& b, const ComparisonRules& rules) {
  if (a.error || b.error) return a.error && b.error;
  if (a.text != b.text || a.series.size() != b.series.size()) return false;
  const auto left = normalized(a, rules);
  const auto right = normalized(b, rules);
  return std::equal(left.begin(), left.end(), right.begin(),
                    [](const promql::MatrixSeries& x, const promql::MatrixSeries& y) {
                      return x.labels == y.labels && same_points(x, y);
                    });
}

std::optional<Timestamp> first_different_time(const Outcome& a, const Outcome& b,
                                              const ComparisonRules& rules) {
  std::map<Labels, std::pair<const promql::MatrixSeries*, const promql::MatrixSeries*>> pairs;
  const auto left = normalized(a, rules);
  const auto right = normalized(b, rules);
  for (const promql::MatrixSeries& series : left) pairs[series.labels].first = &series;
  for (const promql::MatrixSeries& series : right) pairs[series.labels].second = &series;
  std::optional<int64_t> first;
  const auto note = [&first](int64_t time_ms) {
    first = std::min(first.value_or(time_ms), time_ms);
  };
  static const promql::MatrixSeries kNone;
  for (const auto& [labels, pair] : pairs) {
    const auto& x = (pair.first == nullptr ? kNone : *pair.first).points;
    const auto& y = (pair.second == nullptr ? kNone : *pair.second).points;
    size_t at = 0;
    while (at < x.size() && at < y.size() && same_point(x[at], y[at])) ++at;
    if (at < x.size()) note(x[at].time_ms);
    if (at < y.size()) note(y[at].time_ms);
  }
  if (!first) return std::nullopt;
  return Timestamp{*first};
}

}  // namespace promenade::grading
