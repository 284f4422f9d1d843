// engine/grading/script.cc
// Feeding series to a head, and asking it questions.
#include "grading/script.h"

#include <algorithm>
#include <cmath>
#include <variant>

#include "base/executor.h"
#include "grading/answer_limits.h"
#include "model/number_format.h"
#include "model/sample.h"
#include "promql/features.h"
#include "promql/parser/parser.h"

namespace promenade::grading {

SeriesFeed::SeriesFeed(const std::vector<promql::SeriesLine>& series, Duration interval)
    : series_(series), interval_(interval), cursors_(series.size()) {}

void SeriesFeed::append_until(tsdb::Head& head, Timestamp end) {
  tsdb::Appender appender = head.appender();
  for (size_t i = 0; i < series_.size(); ++i) {
    const promql::SeriesLine& series = series_[i];
    for (size_t& at = cursors_[i]; at < series.values.size(); ++at) {
      const Timestamp time = kScriptStart + interval_ * static_cast<int64_t>(at);
      if (time > end) break;
      const promql::SeriesValue& value = series.values[at];
      if (value.omitted) continue;
      const SeriesRef ref = appender.series(series.labels);
      if (value.histogram) {
        appender.append(ref, time, value.histogram);
      } else {
        appender.append(ref, time, value.value);
      }
    }
  }
  appender.commit();
}

Duration SeriesFeed::length() const {
  size_t longest = 0;
  for (const promql::SeriesLine& series : series_)
    longest = std::max(longest, series.values.size());
  return longest == 0 ? Duration{} : interval_ * static_cast<int64_t>(longest - 1);
}

std::string nine_digits(double value) {
  if (std::isfinite(value) && value != 0) {
    const double scale = std::pow(10.0, 8 - std::floor(std::log10(std::fabs(value))));
    const double rounded = std::round(value * scale) / scale;
    if (std::isfinite(rounded)) value = rounded;
  }
  std::string text;
  append_json_value(text, value);
  return text;
}

namespace {

std::string point_text(const promql::Point& point) {
  return point.histogram ? promql::to_histogram_literal(*point.histogram)
                         : nine_digits(point.value);
}

}  // namespace

Result<std::vector<ResultRow>> evaluate_rows(const Queryable& store, std::string_view query,
                                             Timestamp at) {
  auto expr = promql::parse(query, promql::Features::all().parser_options());
  if (!expr) return bad_data(promql::describe_parse_error(query, expr.error()), expr.error().span);
  promql::EngineOptions options;
  options.samples_max = kAnswerSamplesMax;
  TRY(check_subquery_steps(**expr, {at, at}, options.subquery_step_default));
  InlineExecutor executor;
  auto result = TRY(promql::evaluate_instant(**expr, at, store, executor, options));
  std::vector<ResultRow> rows;
  if (const auto* scalar = std::get_if<promql::Scalar>(&result.value)) {
    rows.push_back({"", nine_digits(*scalar)});
  } else if (const auto* text = std::get_if<std::string>(&result.value)) {
    rows.push_back({"", *text});
  } else if (const auto* vector = std::get_if<promql::Vector>(&result.value)) {
    for (const promql::VectorElement& element : *vector) {
      rows.push_back({element.labels.to_string(), point_text(element.point)});
    }
  } else {
    for (const promql::MatrixSeries& series : std::get<promql::Matrix>(result.value)) {
      std::string values;
      for (const promql::Point& point : series.points) {
        values += (values.empty() ? "" : " ") + point_text(point);
      }
      rows.push_back({series.labels.to_string(), std::move(values)});
    }
  }
  std::sort(rows.begin(), rows.end(),
            [](const ResultRow& a, const ResultRow& b) { return a.labels < b.labels; });
  return rows;
}

std::string join_rows(const std::vector<ResultRow>& rows) {
  std::string text;
  for (const ResultRow& row : rows) {
    if (!text.empty()) text += ", ";
    text += row.labels.empty() ? row.value : row.labels + " " + row.value;
  }
  return text;
}

}  // namespace promenade::grading
