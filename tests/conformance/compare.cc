// tests/conformance/compare.cc
// The comparison rules of Prometheus's promqltest. Several differences are listed, one a line.
#include "compare.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "base/strings.h"
#include "model/number_format.h"

namespace promenade::conformance {
namespace {

using promql::Point;
using promql::SeriesValue;

bool counts_equal(const std::vector<double>& a, const std::vector<double>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](double x, double y) { return almost_equal(x, y); });
}

bool histograms_equal(FloatHistogram a, FloatHistogram b) {
  a.compact();
  b.compact();
  return a.schema == b.schema && a.custom_values == b.custom_values &&
         a.zero_threshold == b.zero_threshold && a.positive_spans == b.positive_spans &&
         a.negative_spans == b.negative_spans && almost_equal(a.count, b.count) &&
         almost_equal(a.sum, b.sum) && almost_equal(a.zero_count, b.zero_count) &&
         counts_equal(a.positive_buckets, b.positive_buckets) &&
         counts_equal(a.negative_buckets, b.negative_buckets);
}

bool matches(const SeriesValue& expected, double value, const HistogramPtr& histogram) {
  if ((expected.histogram == nullptr) != (histogram == nullptr)) return false;
  if (histogram == nullptr) return almost_equal(expected.value, value);
  if (expected.is_hint_given &&
      expected.histogram->counter_reset_hint != histogram->counter_reset_hint) {
    return false;
  }
  return histograms_equal(*expected.histogram, *histogram);
}

std::string to_text(double value, const HistogramPtr& histogram) {
  if (histogram != nullptr) return promql::to_histogram_literal(*histogram);
  if (is_stale_nan(value)) return "stale";
  std::string out;
  append_go_float(out, value);
  return out;
}

std::string to_text(const std::vector<Point>& points) {
  std::string out;
  for (const Point& point : points) {
    out += fmt::format(" {}@{}ms", to_text(point.value, point.histogram), point.time_ms);
  }
  return out;
}

// The expected points of one series; omitted positions have none.
std::vector<Point> expected_points(const LoadedSeries& series, const TimeGrid& grid) {
  std::vector<Point> points;
  int64_t time_ms = grid.start.ms;
  for (const SeriesValue& value : series.values) {
    if (!value.omitted) points.push_back({time_ms, value.value, value.histogram});
    time_ms += grid.step.ms;
  }
  return points;
}

bool matches(const LoadedSeries& series, const TimeGrid& grid, const std::vector<Point>& points) {
  const auto wanted =
      static_cast<size_t>(std::count_if(series.values.begin(), series.values.end(),
                                        [](const SeriesValue& value) { return !value.omitted; }));
  if (wanted != points.size()) return false;
  size_t next = 0;
  int64_t time_ms = grid.start.ms;
  for (const SeriesValue& value : series.values) {
    if (!value.omitted) {
      const Point& point = points[next++];
      if (point.time_ms != time_ms || !matches(value, point.value, point.histogram)) return false;
    }
    time_ms += grid.step.ms;
  }
  return true;
}

// A series line replaces an earlier one with the same labels, but keeps its place.
std::map<Labels, size_t> index_of(const std::vector<LoadedSeries>& series) {
  std::map<Labels, size_t> result;
  for (size_t i = 0; i < series.size(); ++i) result[series[i].labels] = i;
  return result;
}

// What was expected and not seen.
std::string missing(const std::map<Labels, size_t>& left) {
  std::string difference;
  for (const auto& [labels, unused] : left) {
    difference += fmt::format("expected {} is missing\n", labels.to_string());
  }
  return difference;
}

bool says(const ExpectedText& expected, const std::string& text) {
  switch (expected.kind) {
    case ExpectedText::Kind::Any:
      return true;
    case ExpectedText::Kind::Exact:
      return text == expected.text;
    case ExpectedText::Kind::Regex:
      return re2::RE2::PartialMatch(text, expected.text);
  }
  return false;
}

std::string compare_remarks(std::string_view kind, const ExpectedRemarks& expected,
                            const std::vector<std::string>& texts) {
  if (expected.none && !texts.empty())
    return fmt::format("expected no {}, got {}\n", kind, texts[0]);
  if (expected.present.empty()) return "";
  std::string difference;
  for (const ExpectedText& line : expected.present) {
    const auto matched = [&](const std::string& text) { return says(line, text); };
    if (std::any_of(texts.begin(), texts.end(), matched)) continue;
    difference += fmt::format("expected {} {}, got {}\n", kind, quote(line.text),
                              texts.empty() ? "none" : join(texts, "; "));
  }
  for (const std::string& text : texts) {
    const auto matched = [&](const ExpectedText& line) { return says(line, text); };
    if (std::any_of(expected.present.begin(), expected.present.end(), matched)) continue;
    difference += fmt::format("unexpected {} {}\n", kind, text);
  }
  return difference;
}

}  // namespace

bool almost_equal(double a, double b) {
  constexpr double kTolerance = 1e-6;
  constexpr double kNormalMin = std::numeric_limits<double>::min();
  if (is_stale_nan(a) || is_stale_nan(b)) return is_stale_nan(a) && is_stale_nan(b);
  if (std::isnan(a) && std::isnan(b)) return true;
  if (a == b) return true;
  const double magnitude = std::fabs(a) + std::fabs(b);
  const double difference = std::fabs(a - b);
  if (a == 0 || b == 0 || magnitude < kNormalMin) return difference < kTolerance * kNormalMin;
  return difference / std::min(magnitude, std::numeric_limits<double>::max()) < kTolerance;
}

std::string compare_scalar(const Expectation& expected, double value) {
  if (!expected.scalar) return fmt::format("expected no scalar, got {}\n", to_text(value, nullptr));
  if (almost_equal(*expected.scalar, value)) return "";
  return fmt::format("expected {}, got {}\n", to_text(*expected.scalar, nullptr),
                     to_text(value, nullptr));
}

std::string compare_string(const Expectation& expected, const std::string& value) {
  if (!expected.string) return fmt::format("expected no string, got {}\n", quote(value));
  if (*expected.string == value) return "";
  return fmt::format("expected {}, got {}\n", quote(*expected.string), quote(value));
}

std::string compare_vector(const Expectation& expected, const promql::Vector& vector) {
  if (expected.scalar || expected.string) return "expected another type of result, got a vector\n";
  std::map<Labels, size_t> left = index_of(expected.series);
  std::string difference;
  for (size_t i = 0; i < vector.size(); ++i) {
    const promql::VectorElement& element = vector[i];
    const std::string got = to_text(element.point.value, element.point.histogram);
    const auto at = left.find(element.labels);
    if (at == left.end()) {
      difference += fmt::format("unexpected {} {}\n", element.labels.to_string(), got);
      continue;
    }
    const LoadedSeries& series = expected.series[at->second];
    if (expected.ordered && at->second != i) {
      difference += fmt::format("{} is at position {}, expected {}\n", element.labels.to_string(),
                                i + 1, at->second + 1);
    }
    left.erase(at);
    const bool is_equal = series.values.size() == 1 && !series.values[0].omitted &&
                          matches(series.values[0], element.point.value, element.point.histogram);
    if (is_equal) continue;
    const std::string wanted = series.values.empty()
                                   ? "nothing"
                                   : to_text(series.values[0].value, series.values[0].histogram);
    difference += fmt::format("{}: expected {}, got {}\n", element.labels.to_string(), wanted, got);
  }
  return difference + missing(left);
}

std::string compare_matrix(const Expectation& expected, const TimeGrid& grid,
                           const promql::Matrix& matrix) {
  if (expected.string) return "expected a string, got a matrix\n";
  std::map<Labels, size_t> left = index_of(expected.series);
  std::string difference;
  const Labels* previous = nullptr;
  for (const promql::MatrixSeries& series : matrix) {
    if (previous != nullptr && !(*previous < series.labels)) difference += "result is not sorted\n";
    previous = &series.labels;
    const auto at = left.find(series.labels);
    if (at == left.end()) {
      difference +=
          fmt::format("unexpected {}{}\n", series.labels.to_string(), to_text(series.points));
      continue;
    }
    const LoadedSeries& wanted = expected.series[at->second];
    left.erase(at);
    if (matches(wanted, grid, series.points)) continue;
    difference += fmt::format("{}: expected{}\n got{}\n", series.labels.to_string(),
                              to_text(expected_points(wanted, grid)), to_text(series.points));
  }
  return difference + missing(left);
}

std::string compare_result(const Expectation& expected, const TimeGrid& grid, bool is_range,
                           const promql::QueryResult& result) {
  if (const auto* matrix = std::get_if<promql::Matrix>(&result.value)) {
    if (!is_range && !expected.range_vector) return "expected no range vector, got one\n";
    return compare_matrix(expected, expected.range_vector.value_or(grid), *matrix);
  }
  if (expected.range_vector) return "expected a range vector, got something else\n";
  if (const auto* vector = std::get_if<promql::Vector>(&result.value)) {
    return compare_vector(expected, *vector);
  }
  if (const auto* string = std::get_if<std::string>(&result.value)) {
    return compare_string(expected, *string);
  }
  return compare_scalar(expected, std::get<promql::Scalar>(result.value));
}

std::string compare_annotations(const Expectation& expected, const promql::Annotations& annotations,
                                std::string_view query) {
  std::vector<std::string> warnings;
  for (const auto& entry : annotations.warnings()) {
    warnings.push_back(promql::Annotations::render_warning(entry, query));
  }
  std::vector<std::string> infos;
  for (const auto& entry : annotations.infos()) {
    infos.push_back(promql::Annotations::render_info(entry, query));
  }
  return compare_remarks("warning", expected.warnings, warnings) +
         compare_remarks("info", expected.infos, infos);
}

std::string compare_failure(const Expectation& expected, const std::string& message) {
  if (says(*expected.failure, message)) return "";
  return fmt::format("expected the error {}, got {}\n", quote(expected.failure->text),
                     quote(message));
}

}  // namespace promenade::conformance
